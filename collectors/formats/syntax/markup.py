"""HTML and XML of files, parsed without a look at anything outside: lines of text with their breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from lxml import etree

from collectors.formats.values.paragraphs import tidy

_DOCUMENT = re.compile(
    r"<(?:\?xml[^>]{0,200}\?|!doctype[^<>]{0,300}|/?(?:html|body)\b[^<>]{0,4000})>", re.IGNORECASE
)
"""What makes a document of a part of one: a part may begin and end anywhere."""
_TAG = re.compile(
    r"</?(?:p|br|div|span|a|b|i|u|em|strong|small|h[1-6]|ul|ol|li|img|table|tr|td|blockquote"
    r"|section|article|figure|pre|"
    r"font|hr|mark|sup|sub|body|html)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "br",
        "tr",
        "td",
        "th",
        "li",
        "ul",
        "ol",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
        "article",
        "header",
        "footer",
        "blockquote",
        "pre",
        "hr",
        "dd",
        "dt",
        "dl",
    ]
)
_WITHOUT_TEXT = frozenset(
    ("title", "script", "style", "head", "noscript", "template", "form", "button", "select", "textarea")
)


_PARSER = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)


def parse_html(text: str) -> etree._Element:
    """The tree of a page or a part of one; an empty tree for what has no element."""
    tree = etree.fromstring(f"<div>{_DOCUMENT.sub('', text)}</div>", _PARSER)
    return tree if tree is not None else etree.Element("html")


def lines_of(element: etree._Element, *, breaks: frozenset[str] = _BLOCKS) -> list[str]:
    """The text of an element as lines: one a block and one a break, blanks tidied, empty ones left out."""
    if not len(element):
        line = tidy(element.text or "")
        return [line] if line else []
    if not any(len(child) or child.tag in breaks or child.tag in _WITHOUT_TEXT for child in element):
        line = tidy("".join(element.itertext()))  # as most paragraphs are
        return [line] if line else []
    pieces: list[str] = []
    _collect(element, pieces, breaks)
    return [line for line in map(tidy, "".join(pieces).split("\n")) if line]


def _collect(element: etree._Element, pieces: list[str], breaks: frozenset[str]) -> None:
    """Iteratively, for a hostile page may be nested deeply."""
    for event, node in etree.iterwalk(element, events=("start", "end")):
        tag = node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""
        if event == "start":
            if tag in breaks:
                pieces.append("\n")
            if tag not in _WITHOUT_TEXT and tag and node.text:
                pieces.append(node.text.replace("\n", " ").replace("\r", " "))
        else:
            if tag in breaks:
                pieces.append("\n")
            if node is not element and node.tail:
                pieces.append(node.tail.replace("\n", " ").replace("\r", " "))


def text_of(element: etree._Element | None) -> str:
    """The text of an element in one line; empty for none."""
    if element is None:
        return ""
    return tidy("".join(element.itertext()) if len(element) else element.text or "")


def html_lines(text: str | None) -> list[str]:
    """The lines of a text that may be a piece of HTML: it is where it has one of HTML's tags."""
    if not text or not text.strip():
        return []
    if _TAG.search(text):
        return lines_of(parse_html(text))
    return [line for line in map(tidy, unescape(text).split("\n")) if line]


def plain_title(text: str | None) -> str | None:
    """A title without markup and entities."""
    if not text:
        return None
    return " ".join(html_lines(text)) or None


def local(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The children with these local names, whatever namespace they are in."""
    return (child for child in element if local(child) in names)


def first(element: etree._Element | None, path: str) -> etree._Element | None:
    """The first descendant along a path of local names, 'itemMeta/versionCreated'; '//' is any depth."""
    if element is None:
        return None
    deep = "/" if path.startswith("//") else ""
    names = path.removeprefix("//").split("/")
    elements = element.xpath("." + deep + "".join(f"/*[local-name()='{name}']" for name in names))
    return elements[0] if elements else None


def every(element: etree._Element, name: str) -> list[etree._Element]:
    """All descendants with a local name, in order."""
    return list(element.iter("{*}" + name))


def value(element: etree._Element | None, path: str) -> str | None:
    """The text along a path, or None."""
    return text_of(first(element, path)) or None


def has_class(element: etree._Element, *names: str) -> bool:
    """Whether an element has one of these classes."""
    return not set(names).isdisjoint((element.get("class") or "").split())


def by_class(tree: etree._Element, *names: str) -> list[etree._Element]:
    """The elements with one of these classes, in document order."""
    return list(_with_class(tree, names))


def first_by_class(tree: etree._Element, *names: str) -> etree._Element | None:
    """The first element with one of these classes."""
    return next(_with_class(tree, names), None)


def _with_class(tree: etree._Element, names: tuple[str, ...]) -> Iterator[etree._Element]:
    classes = set(names)
    for one in tree.iter(etree.Element):
        if (c := one.get("class")) and not classes.isdisjoint(c.split()):
            yield one
