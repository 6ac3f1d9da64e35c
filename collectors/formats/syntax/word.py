"""The paragraphs of a Word document, read from its XML as it is unpacked: fast, in little memory.

python-docx makes an object of every element and takes 20 times as long; only text, breaks, tabs, bookmarks
and links of `word/document.xml` are wanted here, which WordprocessingML writes in one way.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from zipfile import BadZipFile

from collectors.formats.syntax.content import Content, ContentError

_PART = "word/document.xml"
_FIRST, _CHUNK = 64 * 1024, 512 * 1024
_LONGEST = 16 * 1024 * 1024
"""Characters of the longest paragraph."""
_MOST = 8 * 1024 * 1024 * 1024
_END = "</w:p>"
_TOKEN = re.compile(
    r"<(?:w:(?:t(?: [^<>]*)?>([^<]*)|(tab|br|cr)[ /]"
    r'|bookmarkStart [^<>]*w:name="([^"]*)"|hyperlink [^<>]*r:id="([^"]*)")|(/w:p)>)'
)
_SPACES = {"tab": "\t", "br": "\n", "cr": "\n"}
_RELATION = re.compile(r"<Relationship [^<>]*>")
_ATTRIBUTE = re.compile(r'(Id|Target|TargetMode)="([^"]*)"')


@dataclass(slots=True)
class Paragraph:
    """`text` has \\n where the line breaks; `bookmarks` are names, `links` relation ids."""

    text: str
    bookmarks: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


def is_word(content: Content) -> bool:
    return content.is_zip and _PART in content.members


def paragraphs(content: Content) -> Iterator[Paragraph]:
    """Raises ContentError for a damaged file, and one that unpacks to more than a thousandfold."""
    with content.zip() as archive:
        size = archive.getinfo(_PART).file_size
        if size > _MOST or size > 2_000 * max(content.size, 4096):
            raise ContentError("too_large", f"{content.name} unpacks to {size:,} bytes.")
        try:
            with archive.open(_PART) as stream:
                rest, pending, size = "", b"", _FIRST
                while data := stream.read(size):
                    size = _CHUNK
                    pending += data
                    end = pending.rfind(b">") + 1
                    rest += pending[:end].decode("utf-8", "replace")
                    pending = pending[end:]
                    if "<!DOCTYPE" in rest[:400]:
                        raise ContentError("entities", f"{content.name} declares a document type.")
                    end = rest.rfind(_END) + len(_END)
                    if end >= len(_END):
                        yield from _paragraphs(rest[:end])
                        rest = rest[end:]
                    if len(rest) + len(pending) > _LONGEST:
                        raise ContentError("too_large", f"{content.name} has an endless paragraph.")
        except (BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError) as error:
            raise ContentError("bad_zip", f"{content.name} is damaged: {error}") from error


def _paragraphs(xml: str) -> Iterator[Paragraph]:
    """The paragraphs of whole ones, read in one pass over their tokens."""
    runs: list[str] = []
    bookmarks: list[str] = []
    links: list[str] = []
    for run, space, bookmark, link, end in _TOKEN.findall(xml):
        if run:
            runs.append(run)
        elif end:
            text = "".join(runs)
            yield Paragraph(unescape(text) if "&" in text else text, tuple(bookmarks), tuple(links))
            runs.clear()
            if bookmarks or links:
                bookmarks.clear()
                links.clear()
        elif space:
            runs.append(_SPACES[space])
        elif bookmark:
            bookmarks.append(bookmark)
        elif link:
            links.append(link)


def links(content: Content) -> dict[str, str]:
    """The addresses that the document links to, by relation id."""
    with content.zip() as archive:
        try:
            xml = archive.read("word/_rels/document.xml.rels")[: 64 * 1024 * 1024].decode("utf-8", "replace")
        except (KeyError, BadZipFile, zlib.error, OSError, RuntimeError):
            return {}
    addresses = {}
    for relation in _RELATION.findall(xml):
        values = dict(_ATTRIBUTE.findall(relation))
        if values.get("TargetMode") == "External" and "Id" in values:
            addresses[values["Id"]] = unescape(values.get("Target", ""))
    return addresses
