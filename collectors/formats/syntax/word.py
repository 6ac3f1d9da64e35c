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
_CHUNK = 512 * 1024
_MOST = 8 * 1024 * 1024 * 1024
_TEXT = re.compile(r"<w:t(?: [^<>]*)?>([^<]*)</w:t>|<w:(tab|br|cr)(?: [^<>]*)?/>")
_RUNS = re.compile(r"<w:t(?: [^<>]*)?>([^<]*)</w:t>")
_BOOKMARK = re.compile(r'<w:bookmarkStart [^<>]*w:name="([^"]*)"')
_HYPERLINK = re.compile(r'<w:hyperlink [^<>]*r:id="([^"]*)"')
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
                rest = ""
                pending = b""
                while data := stream.read(_CHUNK):
                    pending += data
                    end = pending.rfind(b">") + 1
                    rest += pending[:end].decode("utf-8", "replace")
                    pending = pending[end:]
                    *whole, rest = rest.split("</w:p>")
                    if "<!" in rest[:200] and "<!DOCTYPE" in rest[:200]:
                        raise ContentError("entities", f"{content.name} declares a document type.")
                    for one in whole:
                        yield _paragraph(one)
                    if len(rest) > 32 * _CHUNK:
                        raise ContentError("too_large", f"{content.name} has an endless paragraph.")
        except (BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError) as error:
            raise ContentError("bad_zip", f"{content.name} is damaged: {error}") from error


def _paragraph(xml: str) -> Paragraph:
    if "<w:tab" in xml or "<w:br" in xml or "<w:cr" in xml:
        text = "".join([run or _SPACES.get(space, "") for run, space in _TEXT.findall(xml)])
    else:
        text = "".join(_RUNS.findall(xml))
    return Paragraph(
        unescape(text) if "&" in text else text,
        tuple(_BOOKMARK.findall(xml)) if "<w:bookmarkStart " in xml else (),
        tuple(_HYPERLINK.findall(xml)) if "<w:hyperlink " in xml else (),
    )


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
