"""A compressed body is decoded in bounded pieces, whatever it pretends to be."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.web.decompress import Body, DecodeError
from tests.examples import examples

LIMIT = 10_000_000
PAGE = b"<html><p>The bridge stays open.</p></html>" * 400


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


COMPRESS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", raw_deflate),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstandard.compress),
    "identity": ("identity", bytes),
    "none": ("", bytes),
    "padded": (" gzip , identity", gzip.compress),
}


def decoded(coding: str, data: bytes, size: int = 65_536, limit: int = LIMIT) -> bytes:
    body = Body(coding, limit)
    pieces = [piece for at in range(0, len(data), size) for piece in body.feed(data[at : at + size])]
    body.finish()
    return b"".join(pieces)


def reason(coding: str, data: bytes, **how: int) -> str:
    with pytest.raises(DecodeError) as caught:
        decoded(coding, data, **how)
    return caught.value.reason


@pytest.mark.parametrize("size", [1, 7, 1_000, 1_000_000])
@pytest.mark.parametrize("name", COMPRESS)
def test_every_coding_is_undone_however_it_arrives(name: str, size: int) -> None:
    coding, compress = COMPRESS[name]
    assert decoded(coding, compress(PAGE), size) == PAGE


def bomb(name: str) -> bytes:
    """1 GiB of zeros, compressed; the checksum at its end, to which nobody comes, is that of a part."""
    zeros = b"\0" * (1 << 24)
    match name:
        case "br":
            stream = brotli.Compressor(quality=3)
            return b"".join(stream.process(zeros) for _ in range(64)) + stream.finish()
        case "zstd":
            frame = zstandard.ZstdCompressor().compressobj()
            return b"".join(frame.compress(zeros) for _ in range(64)) + frame.flush()
    deflate = zlib.compressobj(9, wbits={"gzip": 31, "deflate": 15, "bare deflate": -15}[name])
    first, again = (deflate.compress(zeros) + deflate.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return first + 63 * again + deflate.flush()  # a full flush begins anew: each further part is the same


@pytest.mark.parametrize("name", ["gzip", "deflate", "bare deflate", "br", "zstd"])
def test_n01_a_gigabyte_in_a_megabyte_is_refused_with_little_memory(name: str) -> None:
    data = bomb(name)
    tracemalloc.start()
    try:
        body = Body(COMPRESS[name][0], LIMIT)
        with pytest.raises(DecodeError, match="too_large"):
            for at in range(0, len(data), 65_536):
                for _ in body.feed(data[at : at + 65_536]):
                    pass
        assert tracemalloc.get_traced_memory()[1] < 24 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("times", range(2, 11))
def test_n02_a_chain_of_codings_is_refused_before_a_byte_is_decoded(times: int) -> None:
    data = PAGE
    for _ in range(times):
        data = gzip.compress(data)
    assert reason(", ".join(["gzip"] * times), data) == "content_encoding"
    assert reason("br, gzip", data) == "content_encoding"


@pytest.mark.parametrize("coding", ["compress", "exi", "gzip2", "\x00", "x" * 10_000])
def test_an_unknown_coding_is_refused(coding: str) -> None:
    assert reason(coding, PAGE) == "content_encoding"


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
def test_n03_all_members_are_read_and_none_is_silently_left_out(compress: Callable[[bytes], bytes]) -> None:
    coding = "gzip" if compress is gzip.compress else "zstd"
    data = compress(b"first ") + compress(b"") + compress(b"second")
    for size in (1, 20, 10_000):
        assert decoded(coding, data, size) == b"first second"


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
def test_n03_200_000_empty_members_are_refused(compress: Callable[[bytes], bytes]) -> None:
    coding = "gzip" if compress is gzip.compress else "zstd"
    assert reason(coding, compress(b"") * 200_000) == "too_large"


@pytest.mark.parametrize("name", ["gzip", "deflate", "bare deflate", "br", "zstd"])
def test_n19_compressed_data_cut_short_is_truncated_and_not_a_shorter_page(name: str) -> None:
    coding, compress = COMPRESS[name]
    whole = compress(bytes(range(256)) * 64)
    assert reason(coding, whole[: len(whole) - 9]) in ("truncated", "content_encoding")


def test_zeros_after_a_gzip_body_are_padding_and_other_bytes_are_damage() -> None:
    assert decoded("gzip", gzip.compress(PAGE) + b"\0" * 100) == PAGE
    assert reason("gzip", gzip.compress(PAGE) + b"trailing") == "content_encoding"


def test_an_empty_body_is_empty_in_every_coding() -> None:
    for coding, _ in COMPRESS.values():
        assert decoded(coding, b"") == b""


def test_n05_a_plain_body_is_refused_at_the_limit() -> None:
    assert reason("", b"x" * 101, limit=100) == "too_large"
    assert decoded("", b"x" * 100, limit=100) == b"x" * 100


@settings(max_examples=examples(150))
@given(st.sampled_from(sorted(COMPRESS)), st.binary(max_size=400), st.integers(1, 50), st.binary(max_size=30))
def test_p09_no_bytes_break_the_decoder(name: str, data: bytes, size: int, junk: bytes) -> None:
    coding, compress = COMPRESS[name]
    whole = compress(data)
    for hostile in (data, whole[: len(whole) // 2] + junk, junk + whole, whole + junk):
        try:
            assert len(decoded(coding, hostile, size, limit=1_000)) <= 1_000
        except DecodeError as error:
            assert error.reason in ("too_large", "content_encoding", "truncated")
