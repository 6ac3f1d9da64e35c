"""Bytes -> a parsed page within bounds, or the reason why it is none."""

from __future__ import annotations

import re
from dataclasses import dataclass

import lxml.html
from lxml import etree

from collectors.extraction.charset import decode
from pressgauge.errors import PressgaugeError

MAX_BYTES = 10_000_000
MAX_ELEMENTS = 20_000
"""Beyond it only the linear-time reader (resiliparse) is used; the largest of 940 real pages has 10,106."""
MAX_DEPTH = 500
MAX_ATTRIBUTES = 100

_BINARY = (
    b"\x89PNG",
    b"%PDF",
    b"PK\x03\x04",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
    b"RIFF",
    b"\x7fELF",
    b"BZh",
    b"\x28\xb5\x2f\xfd",
    b"ID3",
    b"OggS",
    b"Rar!",
    b"7z\xbc\xaf",
)
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_TAG = re.compile(
    r"<\s{0,3}(?:!doctype\s+html|html|head|body|article|div|p|title|meta|h1|section|span|main|table)[\s>/]",
    re.I,
)
_LONG_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9:-]{0,30})\s[^<>]{5000,}")
_ARCHIVED = re.compile(r"https?://web\.archive\.org/web/\d{4,14}[a-z_]*/(?=https?://)")
_DEEPER = etree.XPath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")")
_OVERLOADED = etree.XPath("//*[count(@*) > $limit]")
_COUNT = etree.XPath("count(//*)")


class RefusedPageError(PressgaugeError):
    """The page holds no article that could be read; `reason` is a word the ledger counts."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Page:
    """A page parsed once. `tree` must not be changed: readers that change it work on a copy. `url` is the
    page's own address, without that of an archive around it.
    """

    url: str
    html: str
    tree: lxml.html.HtmlElement
    elements: int

    @property
    def large(self) -> bool:
        return self.elements > MAX_ELEMENTS


def without_floods(text: str) -> str:
    """Markup in which a long tag of more than MAX_ATTRIBUTES has none: parsers are quadratic in them."""
    return _LONG_TAG.sub(lambda tag: f"<{tag[1]}" if tag[0].count("=") > MAX_ATTRIBUTES else tag[0], text)


def parse(html: bytes, url: str, charset: str | None = None) -> Page:
    """Decode, by the `charset` that the HTTP header declares too, and parse.

    Raises RefusedPageError('not_html' | 'too_large' | 'too_deep').
    """
    if not html.strip(b" \t\r\n\x00") or html.startswith(_BINARY):
        raise RefusedPageError("not_html")
    if len(html) > MAX_BYTES:
        raise RefusedPageError("too_large")
    text = _INVALID.sub("", decode(html, charset))
    if not _TAG.search(text[:100_000]):
        raise RefusedPageError("not_html")
    text = without_floods(text)
    # libxml2 silently drops what is nested deeper than 256 levels, or 2,048 with huge_tree.
    parser = lxml.html.HTMLParser(
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        no_network=True,
        encoding="utf-8",
        default_doctype=False,
    )
    try:
        tree = lxml.html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise RefusedPageError("not_html") from error
    if _DEEPER(tree):
        raise RefusedPageError("too_deep")
    # Attribute look-ups in the extraction libraries are quadratic in the attributes of one tag.
    for element in _OVERLOADED(tree, limit=MAX_ATTRIBUTES):
        element.attrib.clear()
    return Page(_ARCHIVED.sub("", url, count=1), text, tree, int(_COUNT(tree)))
