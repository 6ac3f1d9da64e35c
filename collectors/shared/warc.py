"""The records of a WARC file that are whole, and where it is damaged.

fastwarc (2.0.1) ends without a word at a record that is cut short or says a wrong length, as if it were the
last, and gives what is left of that record as if it were all of it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord, WarcRecordType

T = TypeVar("T")
_PART = 1 << 20
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.IGNORECASE)
_LONGEST_HEADER = 64 * 1024
_GZIP = b"\x1f\x8b\x08"


@dataclass(frozen=True, slots=True)
class Damage:
    """Where a file is damaged, in bytes, what fastwarc said of it ("" for nothing), and the address of the
    record that is not whole; None where it is not known."""

    position: int
    problem: str
    address: str | None

    def __str__(self) -> str:
        record = f", in the record of {self.address}" if self.address else ""
        return f"damaged at byte {self.position:,}{record}{self.problem and ': '}{self.problem}"


def address_of(record: WarcRecord) -> str:
    """WARC/1.0 wrote addresses in angle brackets, and some writers still do."""
    return str(record.headers.get("WARC-Target-URI") or "").strip("<>")


def whole_records(
    stream: IO[bytes],
    parse: Callable[[WarcRecord], T],
    *,
    types: WarcRecordType,
    wants: Callable[[WarcRecord], bool] = lambda _: True,
    decode: Literal["content", "transfer"] = "transfer",
) -> Iterator[T | Damage]:
    """What `parse` makes of each whole record of `types` that `wants` lets by on its head alone, and each
    damage in its place, behind which reading goes on with the next record that begins as it should.

    `stream` must be seekable, and is read by nobody else meanwhile.
    """
    from fastwarc.warc import ArchiveIterator

    begin: int | None = 0
    while begin is not None:
        last, number, problem = begin, 0, ""
        last_item: tuple[int, str, T] | None = None
        """What the record before gave: whether it was whole is known only when another one begins."""

        def judged(record: WarcRecord) -> bool:
            nonlocal last, number
            last, number = max(last, record.stream_pos), number + 1
            return wants(record)

        stream.seek(begin)
        try:
            for record in ArchiveIterator(
                stream, record_types=types, parse_http=True, func_filter=judged, auto_decode=decode
            ):
                if last_item is not None:
                    yield last_item[2]
                last_item = number, address_of(record), parse(record)
        except (OSError, ValueError, EOFError) as error:
            problem = str(error)
        # In a gzip member of many records fastwarc tells no position of theirs.
        damaged_at = damage(stream, last if _begins(stream, last) else begin)
        if damaged_at is None and problem:
            damaged_at = last
        last_is_lost = (
            last_item is not None and last_item[0] == number and damaged_at is not None and damaged_at <= last
        )
        if last_item is not None and not last_is_lost:
            yield last_item[2]
        if damaged_at is None:
            return
        yield Damage(damaged_at, problem, last_item[1] if last_item is not None and last_is_lost else None)
        begin = next_record(stream, damaged_at)


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
    offset, overlap = position + 1, b""
    stream.seek(offset)
    while part := stream.read(_PART):
        window = overlap + part
        at = window.find(mark)
        while at >= 0:
            place = offset - len(overlap) + at
            if mark != _GZIP:
                return place + 4
            if _starts_record(stream, place):
                return place
            at = window.find(mark, at + 1)
        offset += len(part)
        overlap = window[-len(mark) + 1 :]
        stream.seek(offset)
    return None


def _begins(stream: IO[bytes], position: int) -> bool:
    """Whether a record, packed or not, begins there."""
    stream.seek(position)
    return stream.read(5) == b"WARC/" or _starts_record(stream, position)


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
    size = length = 0
    whole: int | None = None
    try:
        while not unpacking.eof:
            if not (part := stream.read(_PART)):
                return None
            length += len(part)
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
    return position + length - len(unpacking.unused_data)


def _whole(head: bytes) -> int | None:
    """The length of a record, header and content, by what its header says."""
    end = head.find(b"\r\n\r\n")
    length = _LENGTH.search(head[: end + 2]) if head.startswith(b"WARC/") and end > 0 else None
    return end + 4 + int(length[1]) if length else None
