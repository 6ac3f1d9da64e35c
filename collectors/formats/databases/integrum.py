"""Integrum (Russia): the HTML report, a list and then a table of ^-fields and a <pre> for each article."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from collectors.formats.record import Item, Notice, Record
from collectors.formats.syntax.content import Content
from collectors.formats.syntax.markup import parse_html, text_of
from collectors.formats.values.bylines import persons
from collectors.formats.values.dates import read_date
from collectors.formats.values.outlets import set_outlet
from collectors.formats.values.paragraphs import blocks, tidy, unwrap, width_of

_START = re.compile(r"""<a name=["']?\d{1,6}["']?>\s{0,5}</a>\s{0,20}<table""", re.IGNORECASE)
_FIELD = re.compile(r"\^([А-ЯA-Z]{2}):")
_LIST_LINK = re.compile(r"""<a href=["']?#\d{1,6}["']?>""", re.IGNORECASE)


def recognise(content: Content) -> bool:
    return "^ИС:" in content.text_head or (
        _LIST_LINK.search(content.text_head) is not None and "<h3>Report " in content.text_head
    )


def read(content: Content) -> Iterator[Item]:
    count = list_count = 0
    for piece in content.pieces(_START):
        if not _START.match(piece):
            list_count = len(_LIST_LINK.findall(piece))
            continue
        record = _record(parse_html(piece))
        if record.empty:
            yield Notice("empty_document", f"record {count + 1} of {content.name} has no text", counts=True)
            continue
        count += 1
        yield record
    if list_count and list_count != count:
        yield Notice("count_differs", f"{content.name} lists {list_count:,} records and holds {count:,}")


def _record(tree: etree._Element) -> Record:
    table = next(tree.iter("table"), None)
    parts = _FIELD.split("".join(table.itertext())) if table is not None else []
    fields = {name: tidy(text) for name, text in zip(parts[1::2], parts[2::2], strict=False)}
    record = Record(database="integrum", language="ru")
    record.title = fields.get("ЗГ") or text_of(next(tree.iter("h3"), None)) or None
    set_outlet(record, fields.get("ИС"))
    record.set_date(read_date(fields.get("ДТ")))
    record.authors = tuple(
        name
        for one in fields.get("АВ", "").split(",")
        if one.strip()
        for name in (persons(one) or (one.strip(),))
    )
    text = next(tree.iter("pre"), None)
    if text is not None:
        lines = "".join(text.itertext()).split("\n")
        width = width_of(lines)
        record.text = "\n".join(line for block in blocks(lines) for line in unwrap(block, width)) or None
    return record.note(section=fields.get("РБ"), issue=fields.get("НР"), page=fields.get("СТ"))
