"""Bytes -> a parsed page within bounds, or the reason why it is none."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import lxml.html
from lxml import etree

from collectors.extraction.page.charset import decode
from collectors.extraction.page.outline import DECLARING, Outline, outline, root_of
from pressgauge.errors import PressgaugeError

MAX_BYTES = 10_000_000
MAX_ELEMENTS = 20_000
"""Beyond it only the linear-time reader (resiliparse) is used; the largest of 940 real pages has 10,106."""
MAX_DEPTH = 500
MAX_ATTRIBUTES = 100

_SENTENCE = 40
_ARTICLE = 300
"""Characters of a block that may be a sentence, and of all of them that may be an article. Of 25 real pages
that libxml2 takes for several, those that end early have up to 238 before, the others 1,009 and more."""

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
_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\r"})
_NONCHARACTERS = dict.fromkeys(map(ord, "\ufffe\uffff"))
"""With the controls, what XML holds none of, and lxml refuses."""
_SOMETHING = re.compile(rb"[^ \t\r\n\x00]")
_LONG = 5000
_TAG = re.compile(
    r"<\s{0,3}(?:!doctype\s+html|html|head|body|article|div|p|title|meta|h1|section|span|main|table)[\s>/]",
    re.I,
)
_LONG_TAG = re.compile(rf"<([A-Za-z][A-Za-z0-9:-]{{0,30}})\s[^<>]{{{_LONG - 100},}}")
_ARCHIVED = re.compile(r"https?://web\.archive\.org/web/\d{4,14}[a-z_]*/(https?)?:?/*")
_DEEPER = etree.XPath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")")
_OVERLOADED = etree.XPath(f"//*[@*[{MAX_ATTRIBUTES + 1}]]")
_ONE_CLASS = etree.ElementDefaultClassLookup(element=lxml.html.HtmlElement)
_COUNT = etree.XPath("count(//*)")


class RefusedPageError(PressgaugeError):
    """The page holds no article that could be read; `reason` is a word the ledger counts."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Page:
    """A page parsed once. `tree` must not be changed: readers that change it work on a `copy`. `url` is the
    page's own address, without that of an archive around it; `markup` is what was parsed, in UTF-8.
    """

    url: str
    markup: bytes
    tree: lxml.html.HtmlElement

    @cached_property
    def large(self) -> bool:
        return _COUNT(self.tree) > MAX_ELEMENTS

    def copy(self) -> lxml.html.HtmlElement:
        """A copy of the tree within the bounds of what a library may be given."""
        tree = deepcopy(self.tree)
        # Attribute look-ups in the libraries are quadratic in the attributes of one tag.
        for element in _OVERLOADED(tree):
            element.attrib.clear()
        return tree

    @cached_property
    def html(self) -> str:
        return self.markup.decode("utf-8", "replace")

    @cached_property
    def outline(self) -> Outline:
        """Its blocks of text, walked once."""
        return outline(self.tree)

    @cached_property
    def comments(self) -> list[str]:
        """The comments of the markup, which `tree` is without, in order: the markup is parsed once more."""
        root = lxml.html.document_fromstring(self.markup, parser=_parser(remove_comments=False))
        before = reversed([*root.itersiblings(etree.Comment, preceding=True)])
        # An XPath of comments would be quadratic in them.
        nodes = chain(before, root.iter(etree.Comment), root.itersiblings(etree.Comment))
        return [node.text or "" for node in nodes]

    @cached_property
    def declarations(self) -> list[lxml.html.HtmlElement]:
        """The elements in which a page speaks about itself, wherever they stand, in order."""
        root = root_of(self.tree)
        before, behind = reversed([*root.itersiblings(preceding=True)]), root.itersiblings()
        heads, rest = (
            [each for sibling in siblings for each in sibling.iter(*DECLARING)]
            for siblings in (before, behind)
        )
        return [*heads, *self.outline.declarations, *rest]

    @cached_property
    def language(self) -> str | None:
        """The declared language tag of the page, as it is written."""
        return self.tree.get("lang") or self.tree.get("xml:lang")


def without_floods(text: str) -> str:
    """Markup in which a long tag of more than MAX_ATTRIBUTES has none: parsers are quadratic in them."""
    parts, done = [], 0
    at = text.find("<")
    while at >= 0:
        # The last tag that begins within reach; where none does, this one must end there.
        following = text.rfind("<", at + 1, at + _LONG)
        if following < 0:
            tag = None if ">" in text[at : at + _LONG] else _LONG_TAG.match(text, at)
            if tag and tag[0].count("=") > MAX_ATTRIBUTES:
                parts += [text[done:at], f"<{tag[1]}"]
                done = tag.end()
            following = text.find("<", at + _LONG)
        at = following
    return "".join((*parts, text[done:])) if parts else text


def _parser(*, remove_comments: bool) -> lxml.html.HTMLParser:
    # libxml2 silently drops what is nested deeper than 256 levels, or 2,048 with huge_tree.
    parser = lxml.html.HTMLParser(
        huge_tree=True,
        remove_comments=remove_comments,
        remove_pis=True,
        no_network=True,
        encoding="utf-8",
        default_doctype=False,
        collect_ids=False,
    )
    # All elements are of one class: lxml.html's own choice of a class asks Python for each of them.
    parser.set_element_class_lookup(_ONE_CLASS)
    return parser


def parse(html: bytes, url: str, charset: str | None = None) -> Page:
    """Decode, by the `charset` that the HTTP header declares too, and parse.

    Raises RefusedPageError('not_html' | 'too_large' | 'too_deep' | 'parser_memory').
    """
    if not _SOMETHING.search(html) or html.startswith(_BINARY):
        raise RefusedPageError("not_html")
    if len(html) > MAX_BYTES:
        raise RefusedPageError("too_large")
    text = decode(html, charset)
    if not _TAG.search(text[:100_000]):
        raise RefusedPageError("not_html")
    text = without_floods(text)
    if "\ufffe" in text or "\uffff" in text:
        text = text.translate(_NONCHARACTERS)
    markup = text.encode("utf-8", "replace").translate(None, _CONTROLS)
    try:
        tree = lxml.html.document_fromstring(markup, parser=_parser(remove_comments=True))
    except (etree.LxmlError, ValueError) as error:
        is_memory = getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY
        raise RefusedPageError("parser_memory" if is_memory else "not_html") from error
    _join(tree)
    if _DEEPER(tree):  # libxml2 has left out what is deeper than it goes
        raise RefusedPageError("too_deep")
    return Page(_ARCHIVED.sub(lambda archive: f"{archive[1] or 'http'}://", url, count=1), markup, tree)


def _join(tree: lxml.html.HtmlElement) -> None:
    """Make one page of what libxml2 parsed as several, as browsers do: an early `</html>` begins another
    root, and an element in the head that is none of HTML's takes the body in.

    What follows an article is another page, such as an advertisement's, or scripts, and is left out; a notice
    on cookies has no heading as an article has, and less to read than the article that follows it.
    """
    body = tree.find("body")
    if body is None and (body := next(tree.iter("body"), None)) is not None:
        tree.append(body)
    following = [*tree.itersiblings("html")]
    prose = _prose(tree) if following else 0
    for root in following:
        more = _prose(root)
        if prose >= _ARTICLE and (prose >= more or next(tree.iter("h1", "article"), None) is not None):
            break
        prose += more
        for child in [*root]:
            if body is None:
                tree.append(child)
                body = child if child.tag == "body" else None
            else:
                child.tag = "div"
                body.append(child)


def _prose(tree: lxml.html.HtmlElement) -> int:
    """The characters of sentences in a root, outside of links: of menus next to none."""
    lengths = (len(block.text) - block.link_length for block in outline(tree).blocks)
    return sum(length for length in lengths if length >= _SENTENCE)
