"""The elements of an XML file one after another, in constant memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import name2codepoint

from lxml import etree

from collectors.formats.syntax.content import PIECE, Content, ContentError

_PROLOGUE = re.compile(
    r"<\?xml\b[^<>]{0,200}\?>|<!DOCTYPE\b[^<>\[\]]{0,2000}(?:\[[^\[\]]{0,8000}\]\s{0,20})?>"
)
"""What stands once before a document, and again where files were joined."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z]{2,8}\d{0,2});")
_BARE_AND, _BARE_LESS = re.compile(r"&(?!#?\w{1,10};)"), re.compile(r"<(?![A-Za-z_/!?])")
_CDATA = "<![CDATA["


def elements(content: Content, *names: str) -> Iterator[etree._Element]:
    """Each element with one of these local names, complete, and freed when the next is asked for.

    The bytes are read in the encoding that they are in, whatever they declare, and files that were joined to
    one are read on. Raises ContentError('entities') for a file that defines entities, and 'bad_xml', after
    what can be read, for one that is not well-formed.
    """
    if "<!ENTITY" in content.text_head.upper():
        raise ContentError("entities", f"{content.name} defines XML entities, which no export needs.")
    parser = etree.XMLPullParser(
        events=("end",),
        tag=[f"{{*}}{name}" for name in names],
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    parser.feed(b"<files>")
    for part in _parts(content):
        parser.feed(part)
        yield from _complete(parser)
    parser.feed(b"</files>")
    parser.close()
    yield from _complete(parser)
    if len(parser.feed_error_log):
        first = parser.feed_error_log[0]
        raise ContentError(
            "bad_xml",
            f"{content.name} is not well-formed XML (line {first.line}: {first.message[:120]}): what can be "
            "read was read, something may be missing.",
        )


def _complete(parser: etree.XMLPullParser) -> Iterator[etree._Element]:
    for _, element in parser.read_events():
        if any(up.tag == element.tag for up in element.iterancestors()):
            continue
        log = parser.feed_error_log
        if len(log) and log[-1].type_name == "ERR_TAG_NOT_FINISHED":
            return  # the end of the file closes it, not its tag
        yield element
        element.clear(keep_tail=False)
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None and parent[0] is not element:
            del parent[0]


def _parts(content: Content) -> Iterator[bytes]:
    """The text as UTF-8, without what no XML may hold and with HTML's names of signs as numbers; cut before a
    tag."""
    rest, has_cdata = "", False
    for chunk in content.chunks():
        rest += chunk
        has_cdata = has_cdata or _CDATA in rest
        end = rest.rfind("<")
        if end > 0:
            yield _plain(rest[:end], has_cdata)
            rest = rest[end:]
        if len(rest) > PIECE:
            raise ContentError("too_large", f"{content.name} has an element of more than {PIECE:,} signs.")
    yield _plain(rest, has_cdata)


def _plain(text: str, has_cdata: bool) -> bytes:
    """A part that is well-formed in spite of its signs; a bare & or < is none in a CDATA section."""
    text = _CONTROL.sub("", _PROLOGUE.sub("", text))
    if "&" in text:
        text = _ENTITY.sub(_number, text)
    if not has_cdata:
        text = _BARE_LESS.sub("&lt;", _BARE_AND.sub("&amp;", text))
    return text.encode("utf-8", "replace")


def _number(match: re.Match[str]) -> str:
    code = name2codepoint.get(match[1])
    return f"&#{code};" if code else match[0]
