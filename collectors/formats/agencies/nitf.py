"""NITF (IPTC, 1998 to 2012): one news text in XML, alone or in another envelope."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from collectors.formats.agencies.closing import without_closing
from collectors.formats.record import Item, Record
from collectors.formats.syntax.content import Content
from collectors.formats.syntax.markup import every, first, lines_of, text_of, value
from collectors.formats.syntax.xmlstream import elements
from collectors.formats.values.bylines import persons
from collectors.formats.values.dates import read_date
from collectors.formats.values.languages import language_code

_BREAKS = frozenset(
    [
        "p",
        "block",
        "hl2",
        "hl3",
        "hr",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "table",
        "tr",
        "td",
        "th",
        "bq",
        "fn",
        "pre",
        "note",
        "br-never",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    ]
)
_EMBED = re.compile(r"<(?:div|script|iframe|blockquote)\b[^<>]*>|</(?:div|script|iframe)>")
_NOT_TEXT = (
    "media",
    "media-caption",
    "media-metadata",
    "media-reference",
    "nitf-table-metadata",
    "note",
    "script",
    "style",
)


def recognise(content: Content) -> bool:
    return (
        content.start.startswith(("<?xml", "<nitf", "<!doctype", "<!--"))
        and "<nitf" in content.start
        and ("<newsml" not in content.start)
    )


def read(content: Content) -> Iterator[Item]:
    for nitf in elements(content, "nitf"):
        yield record_of(nitf)


def record_of(nitf: etree._Element) -> Record:
    """The record of a <nitf> element."""
    head = first(nitf, "body/body.head")
    record = Record(database="agency")
    headlines = every(nitf, "hl1")
    record.title = (
        (text_of(headlines[0]) if headlines else None)
        or value(nitf, "head/title")
        or value(nitf, "//hedline")
    )
    lines = content_lines(nitf)
    byline = first(head, "byline")
    if byline is not None:
        for title in every(byline, "byttl"):
            title.clear(keep_tail=True)
        people = [text_of(one) for one in every(byline, "person")]
        record.authors = persons(" and ".join(people) if people else text_of(byline))
    record.text = "\n".join(without_closing(lines)) or None
    record.outlet = _outlet(nitf)
    record.set_date(_date(nitf))
    record.language = language_code(
        nitf.get("baselang") or nitf.get("{http://www.w3.org/XML/1998/namespace}lang")
    )
    key, number = first(nitf, "//du-key"), first(nitf, "//doc-id")
    record.document = (key.get("key") if key is not None else None) or (
        number.get("id-string") if number is not None else None
    )
    return record.note(dateline=value(head, "dateline") if head is not None else None, section=_section(nitf))


def content_lines(nitf: etree._Element) -> list[str]:
    """The paragraphs of the body; a <br/> only wraps a line there."""
    content = first(nitf, "//body.content")
    if content is None:
        content = first(nitf, "body")
    if content is None:
        return []
    for name in _NOT_TEXT:
        for one in every(content, name):
            one.clear(keep_tail=True)
    for one in every(content, "br"):
        one.tail = f" {one.tail or ''}"
    return [line for line in lines_of(content, breaks=_BREAKS) if not _EMBED.search(line)]


def _outlet(nitf: etree._Element) -> str | None:
    publication, number = first(nitf, "//pubdata"), first(nitf, "//doc-id")
    rights, holder = first(nitf, "//doc.rights"), first(nitf, "//doc.copyright")
    names = (
        publication.get("name") if publication is not None else None,
        value(nitf, "//distributor/org") or value(nitf, "//distributor"),
        number.get("regsrc") if number is not None else None,
        rights.get("owner") if rights is not None else None,
        holder.get("holder") if holder is not None else None,
    )
    return next((name.strip() for name in names if name and name.strip()), None)


def _date(nitf: etree._Element) -> tuple:
    for path, name in (
        ("//date.issue", "norm"),
        ("//date.release", "norm"),
        ("//story.date", "norm"),
        ("//pubdata", "date.publication"),
    ):
        element = first(nitf, path)
        if element is not None and (moment := read_date(element.get(name)))[0]:
            return moment
    return None, None


def _section(nitf: etree._Element) -> str | None:
    publication = first(nitf, "//pubdata")
    return publication.get("position.section") if publication is not None else None
