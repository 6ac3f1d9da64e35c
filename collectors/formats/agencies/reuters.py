"""Reuters' research collections: Reuters-21578 (SGML of 1997, and as XML) and RCV1 (2000)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from collectors.formats.agencies.closing import without_closing
from collectors.formats.record import Item, Notice, Record, cut_short
from collectors.formats.syntax.content import Content
from collectors.formats.syntax.markup import every, text_of, value
from collectors.formats.syntax.xmlstream import elements
from collectors.formats.values.bylines import persons
from collectors.formats.values.dates import read_date
from collectors.formats.values.languages import language_code
from collectors.formats.values.paragraphs import blocks, tidy, unwrap, width_of

_START = re.compile(r"<REUTERS\b[^<>]{0,400}>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_REFERENCE = re.compile(r"&#(\d{1,3});")
_NEWID = re.compile(r'NEWID="(\d{1,8})"')


def recognise_21578(content: Content) -> bool:
    return _START.search(content.text_head) is not None and "<DATE>" in content.text_head


def read_21578(content: Content) -> Iterator[Item]:
    for number, piece in enumerate(content.pieces(_START, overlap=500)):
        if not _START.match(piece):
            continue
        if "</REUTERS>" not in piece:
            yield cut_short(content.name)
            continue
        record = _of_sgml(piece)
        if record.empty:
            yield Notice("empty_document", f"document {number} of {content.name} has no text", counts=True)
        else:
            yield record


def _of_sgml(piece: str) -> Record:
    record = Record(database="reuters21578", outlet="Reuters", language="en")
    number = _NEWID.search(piece)
    record.document = number[1] if number else None
    record.title = tidy(_element(piece, "TITLE")) or None
    record.set_date(read_date(_element(piece, "DATE")))
    record.authors = persons(_element(piece, "AUTHOR").strip(" ,"))
    body = _element(piece, "BODY")
    if not body and "<TITLE>" not in piece:
        body = _element(piece, "TEXT")
    dateline = tidy(_element(piece, "DATELINE"))
    lines = (f"{dateline} {body}" if dateline and body.strip() else body).split("\n")
    width = width_of(lines)
    record.text = (
        "\n".join(
            without_closing(
                [
                    line
                    for block in blocks(lines)
                    for line in unwrap(["     " + block[0].strip(), *block[1:]], width)
                ]
            )
        )
        or None
    )
    return record.note(dateline=dateline.strip(" -"))


def _element(piece: str, name: str) -> str:
    start = re.search(rf"<{name}\b[^<>]{{0,100}}>", piece)
    if start is None:
        return ""
    end = piece.find(f"</{name}>", start.end())
    text = _REFERENCE.sub(
        lambda one: "" if int(one[1]) < 32 else one[0], piece[start.end() : end if end > 0 else None]
    )
    return _CONTROL.sub("", unescape(re.sub(r"<[^<>]{1,100}>", "", text)))


def recognise_rcv1(content: Content) -> bool:
    return re.search(r"<newsitem\s[^<>]{0,300}itemid=", content.text_head) is not None


def read_rcv1(content: Content) -> Iterator[Item]:
    for item in elements(content, "newsitem"):
        record = Record(
            database="rcv1",
            document=item.get("itemid"),
            title=value(item, "headline") or value(item, "title"),
        )
        record.outlet = next(
            (dc.get("value") for dc in every(item, "dc") if dc.get("element") == "dc.source"), "Reuters"
        )
        record.language = language_code(item.get("{http://www.w3.org/XML/1998/namespace}lang"))
        record.set_date(read_date(item.get("date"))).note(dateline=value(item, "dateline"))
        record.authors = persons(value(item, "byline"))
        paragraphs = [
            text for part in every(item, "text")[:1] for p in every(part, "p") if (text := text_of(p))
        ]
        record.text = "\n".join(without_closing(paragraphs)) or None
        yield record
