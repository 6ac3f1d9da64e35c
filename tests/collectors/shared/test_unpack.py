"""Gzip and zip files from the web are unpacked within limits."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.errors import CollectError
from collectors.shared.unpack import gunzip, unzip_lines

LIMIT = 1_000_000


def reason(call) -> str:
    with pytest.raises(CollectError) as caught:
        call()
    return caught.value.reason


def zipped(*files: bytes) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(files):
            archive.writestr(f"{number}.csv", content)
    return body.getvalue()


def test_what_is_not_gzip_is_left_as_it_is():
    assert gunzip(b"<urlset/>", LIMIT) == b"<urlset/>"


def test_n03_two_members_are_read_whole():
    assert gunzip(gzip.compress(b"first ") + gzip.compress(b"second"), LIMIT) == b"first second"


def test_n03_a_flood_of_empty_members_is_refused():
    assert reason(lambda: gunzip(gzip.compress(b"") * 200_000, LIMIT)) == "too_large"


def test_n04_a_gzip_bomb_is_refused_at_the_limit():
    assert reason(lambda: gunzip(gzip.compress(b"\0" * 100_000_000), LIMIT)) == "too_large"


def test_n19_a_gzip_file_cut_short_is_not_taken_for_whole():
    assert reason(lambda: gunzip(gzip.compress(bytes(range(256)) * 99)[:-9], LIMIT)) == "bad_gzip"


def test_the_lines_of_a_zip_file():
    assert list(unzip_lines(zipped(b"one\r\ntwo\n\nlast"), LIMIT)) == [b"one", b"two", b"", b"last"]


def test_n04_a_zip_bomb_is_refused_at_the_limit():
    assert reason(lambda: list(unzip_lines(zipped(b"\0" * 100_000_000), LIMIT))) == "too_large"
    assert reason(lambda: list(unzip_lines(zipped(b"\n" * 100_000_000), LIMIT))) == "too_large"


def test_a_zip_of_two_files_or_none_is_refused():
    assert reason(lambda: list(unzip_lines(zipped(b"a", b"b"), LIMIT))) == "bad_zip"
    assert reason(lambda: list(unzip_lines(zipped(), LIMIT))) == "bad_zip"


@given(st.binary(max_size=400), st.integers(0, 200))
def test_p09_damaged_files_raise_nothing_but_a_collect_error(noise, at):
    whole = gzip.compress(b"some text " * 50)
    for call in (
        lambda: gunzip(whole[:at] + noise + whole[at:], LIMIT),
        lambda: list(unzip_lines(zipped(b"some text\n" * 50)[:at] + noise, LIMIT)),
    ):
        try:
            call()
        except CollectError as error:
            assert error.reason in ("bad_gzip", "bad_zip", "too_large")
