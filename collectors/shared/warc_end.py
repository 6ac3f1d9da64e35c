"""Where a WARC file is damaged: fastwarc ends without a word at a record that is cut short or says a wrong
length, as if it were the last."""

from __future__ import annotations

import re
import zlib
from typing import IO

_PART = 1 << 20
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.IGNORECASE)
_LONGEST_HEADER = 64 * 1024
_GZIP = b"\x1f\x8b\x08"


def damage(stream: IO[bytes], start: int) -> int | None:
    """The position of the first record, from the one at `start` on, after which no other begins as it should;
    None when all are whole to the end of the file."""
    position = start
    while True:
        stream.seek(position)
        head = stream.read(4)
        if not head.strip():
            return None if not stream.read(1) or not head else position
        end = _gzip_end(stream, position) if head[:3] == _GZIP else _plain_end(stream, position)
        if end is None:
            return position
        position = end


def next_record(stream: IO[bytes], position: int) -> int | None:
    """Where the next record seems to begin behind the damaged one at `position`; None when there is none."""
    stream.seek(position)
    mark = _GZIP if stream.read(3) == _GZIP else b"\r\n\r\nWARC/1."
    offset, kept = position + 1, b""
    stream.seek(offset)
    while part := stream.read(_PART):
        window = kept + part
        found = window.find(mark)
        while found >= 0:
            place = offset - len(kept) + found
            if mark != _GZIP:
                return place + 4
            if _starts_record(stream, place):
                return place
            found = window.find(mark, found + 1)
        offset += len(part)
        kept = window[-len(mark) + 1 :]
        stream.seek(offset)
    return None


def _starts_record(stream: IO[bytes], position: int) -> bool:
    stream.seek(position)
    try:
        return zlib.decompressobj(wbits=31).decompress(stream.read(4096), 5) == b"WARC/"
    except zlib.error:
        return False


def _plain_end(stream: IO[bytes], position: int) -> int | None:
    """The end of an uncompressed record with the two line ends behind it; None when it is not whole."""
    stream.seek(position)
    head = stream.read(_LONGEST_HEADER)
    if (whole := _whole(head)) is None:
        return None
    stream.seek(position + whole)
    return position + whole + 4 if stream.read(4) == b"\r\n\r\n" else None


def _gzip_end(stream: IO[bytes], position: int) -> int | None:
    """The end of a member; None when it is not whole, or its record is not as long as it says. A member may
    hold the records of a whole file."""
    stream.seek(position)
    unpacking = zlib.decompressobj(wbits=31)
    head, behind = b"", b""
    size = read = 0
    whole: int | None = None
    try:
        while not unpacking.eof:
            if not (part := stream.read(_PART)):
                return None
            read += len(part)
            text = unpacking.decompress(part)
            if whole is None:
                head += text
                whole = _whole(head)
                if whole is None and len(head) > _LONGEST_HEADER:
                    return None
                behind = b"" if whole is None else head[whole : whole + 9]
            elif len(behind) < 9 and size + len(text) > whole:
                behind = (behind + text[max(whole - size, 0) :])[:9]
            size += len(text)
    except zlib.error:
        return None
    if whole is None or size < whole or behind not in (b"", b"\r\n\r\n", b"\r\n\r\nWARC/"):
        return None
    return position + read - len(unpacking.unused_data)


def _whole(head: bytes) -> int | None:
    """The length of a record, header and content, by what its header says."""
    end = head.find(b"\r\n\r\n")
    length = _LENGTH.search(head[: end + 2]) if head.startswith(b"WARC/") and end > 0 else None
    return end + 4 + int(length[1]) if length else None
