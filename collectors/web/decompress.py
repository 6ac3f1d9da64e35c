"""Undoing a Content-Encoding piece by piece, never beyond a limit on the decoded size.

Libraries decode what arrives in one call, and a megabyte becomes a gigabyte before anyone looks. Here every
call yields a bounded piece. Codings: RFC 9110 section 8.4.1 (gzip, deflate), RFC 7932 (br), RFC 9659 (zstd).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli
import zstandard

from pressgauge.errors import PressgaugeError

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
_PIECE = 1 << 20
_MAX_MEMBERS = 1_000
_ZSTD_WINDOW = 8 << 20
"""Bytes; RFC 9659 lets an HTTP client refuse larger windows."""
_ZSTD_FEED = 256
"""Bytes; a block of 4 bytes may stand for 128 KB, and this library has no limit on its output."""


class DecodeError(PressgaugeError):
    """The body cannot be decoded; `reason` is 'too_large', 'content_encoding' or 'truncated'."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(f"{reason}: {detail}")


class _Codec(Protocol):
    @property
    def complete(self) -> bool: ...

    def pieces(self, data: bytes) -> Iterator[bytes]: ...


class Body:
    """Collects a body as it arrives: `feed` each chunk, then `finish`.

    `coding` is the Content-Encoding header; `limit` bounds the decoded size. Raises DecodeError
    'content_encoding' for an unknown coding, and for a chain of codings: no honest server compresses twice.
    """

    def __init__(self, coding: str, limit: int) -> None:
        names = [
            name
            for name in (part.strip().lower() for part in coding.split(","))
            if name not in ("", "identity")
        ]
        if len(names) > 1 or any(name not in _CODECS for name in names):
            raise DecodeError("content_encoding", f"Content-Encoding: {coding[:80]}")
        self._codec = _CODECS[names[0]]() if names else None
        self._limit = limit
        self._size = 0
        self._has_data = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The decoded pieces of a chunk, each at most 1 MB beyond the limit."""
        self._has_data = True
        try:
            for piece in self._codec.pieces(chunk) if self._codec else (chunk,):
                self._size += len(piece)
                if self._size > self._limit:
                    raise DecodeError("too_large", f"more than {self._limit:,} bytes")
                if piece:
                    yield piece
        except (zlib.error, brotli.error, zstandard.ZstdError) as error:
            raise DecodeError("content_encoding", f"the compressed body is damaged: {error}") from error

    def finish(self) -> None:
        """Raises DecodeError('truncated') when the compressed data did not come to its end."""
        # An empty body is an empty body, whatever its header says.
        if self._codec and self._has_data and not self._codec.complete:
            raise DecodeError("truncated", "the compressed body is cut short")


class _Gzip:
    """Any number of members (RFC 1952 2.2); padding of zeros after the last is let pass."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)
        self._members = 1

    @property
    def complete(self) -> bool:
        return self._member.eof

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._member.eof:
                data = data.lstrip(b"\0")
                if not data:
                    return
                self._members += 1
                if self._members > _MAX_MEMBERS:
                    raise DecodeError("too_large", f"more than {_MAX_MEMBERS:,} gzip members")
                self._member = zlib.decompressobj(wbits=31)
            yield self._member.decompress(data, _PIECE)
            data = self._member.unconsumed_tail or self._member.unused_data


class _Deflate:
    """The zlib format, as RFC 9110 says, or the bare deflate that some servers send instead."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj()
        self._first = True

    @property
    def complete(self) -> bool:
        return self._stream.eof

    def pieces(self, data: bytes) -> Iterator[bytes]:
        if self._first:
            self._first = False
            # RFC 1950 2.2: the first byte names method 8, and both together are a multiple of 31.
            if data[0] & 15 != 8 or (len(data) > 1 and int.from_bytes(data[:2], "big") % 31):
                self._stream = zlib.decompressobj(wbits=-15)
        while data and not self._stream.eof:
            yield self._stream.decompress(data, _PIECE)
            data = self._stream.unconsumed_tail


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    @property
    def complete(self) -> bool:
        return bool(self._stream.is_finished())

    def pieces(self, data: bytes) -> Iterator[bytes]:
        if self._stream.is_finished():
            return
        yield self._stream.process(data, output_buffer_limit=_PIECE)
        while not self._stream.can_accept_more_data() and not self._stream.is_finished():
            yield self._stream.process(b"", output_buffer_limit=_PIECE)


class _Zstd:
    """Any number of frames (RFC 8878 3)."""

    def __init__(self) -> None:
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
        self._stream = self._decompressor.decompressobj()
        self._frames = 1

    @property
    def complete(self) -> bool:
        return bool(self._stream.eof)

    def pieces(self, data: bytes) -> Iterator[bytes]:
        for start in range(0, len(data), _ZSTD_FEED):
            rest = data[start : start + _ZSTD_FEED]
            while rest:
                if self._stream.eof:
                    self._frames += 1
                    if self._frames > _MAX_MEMBERS:
                        raise DecodeError("too_large", f"more than {_MAX_MEMBERS:,} zstd frames")
                    self._stream = self._decompressor.decompressobj()
                yield self._stream.decompress(rest)
                rest = self._stream.unused_data


_CODECS: dict[str, type[_Codec]] = {
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "deflate": _Deflate,
    "br": _Brotli,
    "zstd": _Zstd,
}
