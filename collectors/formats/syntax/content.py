"""One file, opened for the readers of formats: its beginning, its text in any encoding, its parts."""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import cached_property
from typing import IO, cast

from collectors.errors import CollectError
from collectors.extraction.page.charset import BOMS, STRAYS_AS_WINDOWS, declared_charset, guesses

HEAD = 64 * 1024
"""Bytes by which a format is recognised."""
WHOLE = 192 * 1024 * 1024
"""The most that is read at once, of formats that have no parts."""
PIECE = 16 * 1024 * 1024
"""Characters of the longest part: one article is shorter."""
_CHUNK = 1024 * 1024
_SAMPLE = 200_000
_RATIO = 500
"""How much a file may be packed: text packs by 20, a bomb by 1,000."""

_ZIPPED = {
    b"word/": "Word file",
    b"xl/wor": "Excel file",
    b"opendocument.text": "OpenDocument text",
    b"opendocument.spreadsheet": "OpenDocument spreadsheet",
}
"""What a zip file is by what its beginning names, where its directory at the end is lost."""


class ContentError(CollectError):
    """A file cannot be read as what it is."""


class Content:
    """A file by its stream, which must be seekable, and its name.

    `encoding` is that of its text where it is known; `is_press` says for certain that what it holds is of the
    press, where a table of anything could look the same.
    """

    def __init__(self, stream: IO[bytes], name: str, *, encoding: str = "", is_press: bool = False) -> None:
        self.stream, self.name, self.is_press = stream, name, is_press
        self._encoding = encoding
        stream.seek(0)
        self.raw_head = stream.read(HEAD)

    @cached_property
    def size(self) -> int:
        return self.stream.seek(0, io.SEEK_END)

    @property
    def is_zip(self) -> bool:
        return self.raw_head.startswith((b"PK\x03\x04", b"PK\x05\x06"))

    @property
    def is_gzip(self) -> bool:
        return self.raw_head.startswith(b"\x1f\x8b")

    @cached_property
    def head(self) -> bytes:
        """The first bytes, unpacked if the file is gzip."""
        if not self.is_gzip:
            return self.raw_head
        head, stream = b"", self._raw()
        with contextlib.suppress(ContentError):
            while len(head) < HEAD and (part := stream.read(HEAD - len(head))):
                head += part
        return head

    @cached_property
    def text_head(self) -> str:
        """The first characters; empty for what is binary."""
        if self.is_zip or (b"\0" in self.head[:1024] and self._encoding_by_bom() is None):
            return ""
        text = self.head.decode(self.encoding, "replace").lstrip("\ufeff")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def start(self) -> str:
        """The first characters without leading blanks, in lower case."""
        return self.text_head[:4096].lstrip().lower()

    @cached_property
    def members(self) -> list[str]:
        """The names in a zip file; none where it is not one."""
        if not self.is_zip:
            return []
        with self.zip() as archive:
            return archive.namelist()

    def zip(self) -> contextlib.AbstractContextManager[zipfile.ZipFile]:
        """The archive, whose directory is read once. Raises ContentError."""
        return contextlib.nullcontext(self._archive)

    @cached_property
    def _archive(self) -> zipfile.ZipFile:
        self.stream.seek(0)
        try:
            return zipfile.ZipFile(self.stream)
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            what = next((label for mark, label in _ZIPPED.items() if mark in self.raw_head), "zip file")
            raise ContentError("bad_zip", f"{self.name} is a damaged or incomplete {what}") from error

    def open(self) -> IO[bytes]:
        """The bytes from the beginning, unpacked if the file is gzip. To read on where that is damaged raises
        ContentError."""
        raw = self._raw()
        return cast("IO[bytes]", io.BufferedReader(raw)) if isinstance(raw, _Gzip) else raw

    def _raw(self) -> _Gzip | IO[bytes]:
        """As `open`, but a read may give less than was asked for: what stands before a damage can be had."""
        self.stream.seek(0)
        return _Gzip(self.stream, self.name) if self.is_gzip else self.stream

    def data(self) -> bytes:
        """All bytes. Raises ContentError beyond WHOLE."""
        stream, data = (
            self.open(),
            bytearray(),
        )  # a piece at a time: a read takes the memory of what it may find
        for piece in iter(lambda: stream.read(_CHUNK), b""):
            data += piece
            if len(data) > WHOLE:
                raise ContentError("too_large", f"{self.name} has more than {WHOLE >> 20} MB in one part.")
        return bytes(data)

    def text(self) -> str:
        """All text. Raises ContentError beyond WHOLE."""
        text = self.data().decode(self.encoding, STRAYS_AS_WINDOWS if self._mixed else "replace")
        return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")

    def chunks(self) -> Iterator[str]:
        """The text, a megabyte at a time; ContentError where it is damaged, after what comes before."""
        codec = codecs.getincrementaldecoder(self.encoding)(STRAYS_AS_WINDOWS if self._mixed else "replace")
        lines = io.IncrementalNewlineDecoder(codec, translate=True)
        stream = self._raw()
        first = True
        for data in iter(lambda: stream.read(_CHUNK), b""):
            if chunk := lines.decode(data):
                yield chunk.lstrip("\ufeff") if first else chunk
                first = False
        if chunk := lines.decode(b"", final=True):
            yield chunk

    def pieces(self, boundary: re.Pattern[str], *, overlap: int = 200) -> Iterator[str]:
        """The text cut before each match of `boundary`; the first piece is what stands before the first.

        `overlap` is how long a match can be: a chunk's end is looked at again with the next one.
        """
        rest = ""
        for chunk in self.chunks():
            rest += chunk
            safe = len(rest) - overlap
            starts = [match.start() for match in boundary.finditer(rest) if match.start() <= safe]
            at = 0
            for start in starts:
                if start > at or (start == 0 and at == 0):
                    if start:
                        yield rest[at:start]
                    at = start
            rest = rest[at:]
            if len(rest) > PIECE:
                raise ContentError("too_large", f"{self.name} has an article of more than {PIECE:,} signs.")
        starts = [match.start() for match in boundary.finditer(rest) if match.start()]
        for start, end in zip([0, *starts], [*starts, len(rest)], strict=True):
            yield rest[start:end]

    def _is_utf8(self) -> bool:
        """Whether all bytes are UTF-8, as most files' are; a sign that is cut at the end counts as whole."""
        decoder = codecs.getincrementaldecoder("utf-8")("strict")
        stream = self._raw()
        with contextlib.suppress(ContentError):  # what stands before the damage is read
            while chunk := stream.read(_CHUNK):
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    return False
        return True

    @property
    def is_cut(self) -> bool:
        """Whether a page, or a document in RTF, lacks its end: it was not saved or copied as a whole."""
        if self.is_gzip or self.is_zip:
            return False
        self.stream.seek(max(0, self.size - HEAD))
        tail = self.stream.read(HEAD).replace(b"\0", b"")
        if self.head.lstrip()[:5] == b"{\\rtf":
            return not tail.rstrip(b" \r\n\t\x1a").endswith(b"}")
        return _OPENED.search(self.text_head) is not None and _CLOSED.search(tail) is None

    # Encoding

    @cached_property
    def encoding(self) -> str:
        """By its mark, by all its bytes if they are UTF-8, as declared, else as the bytes look."""
        return self._encoding or self._codec[0]

    @property
    def _mixed(self) -> bool:
        return not self._encoding and self._codec[1]

    def _encoding_by_bom(self) -> str | None:
        return next((name for mark, name in BOMS if self.head.startswith(mark)), None)

    @cached_property
    def _codec(self) -> tuple[str, bool]:
        """(codec, whether the text is UTF-8 with stray bytes of another)."""
        if name := self._encoding_by_bom():
            return name, False
        if self.head[:512].count(0) > len(self.head[:512]) // 4:
            odd = self.head[1:512:2].count(0) > self.head[:512:2].count(0)
            return ("utf-16-le" if odd else "utf-16-be"), False
        if self._is_utf8():
            return "utf-8", False
        size = valid = wide = 0
        sample = b""
        decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        stream = self._raw()
        with contextlib.suppress(ContentError):  # what stands before the damage is read
            while chunk := stream.read(_CHUNK):
                if chunk.isascii():
                    continue
                text = decoder.decode(chunk)
                size, valid = size + len(chunk), valid + len(text.encode())
                wide += len(text) - len(text.encode("ascii", "ignore"))
                if len(sample) < _SAMPLE:
                    sample += chunk[: _SAMPLE - len(sample)]
        if (size - valid) * 20 < wide:
            return "utf-8", True
        name = declared_charset(self.head)
        if name and name != "utf-8":
            return name, False
        return next(iter(guesses(sample)), "cp1252"), False


_OPENED, _CLOSED = re.compile(r"<html\b", re.IGNORECASE), re.compile(rb"</(?:html|body)\s*>", re.IGNORECASE)


class _Gzip(io.RawIOBase):
    """The bytes of a gzip file up to where it is damaged; to read on there raises ContentError."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream, self._name = gzip.GzipFile(fileobj=stream, mode="rb"), name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._stream.read1(len(buffer))
        except (OSError, EOFError, ValueError, zlib.error) as error:
            raise ContentError("bad_gzip", f"{self._name} is a damaged gzip file: {error}.") from error
        buffer[: len(data)] = data
        return len(data)
