"""Japanese newspapers' own databases: Kikuzo (Asahi Shimbun) and Yomidasu (Yomiuri Shimbun), print views."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from collectors.formats.record import Item, Notice, Record
from collectors.formats.syntax.content import Content
from collectors.formats.syntax.markup import has_class, lines_of, parse_html, text_of
from collectors.formats.values.dates import read_date

_KIKUZO_TOTAL = re.compile(r"総件数\D{0,80}?(\d{1,7})", re.DOTALL)
_ROW = re.compile(r"""<table[^<>]{0,80}class=["']?topic-list""", re.IGNORECASE)
_CONTENTS = re.compile(r"""<table[^<>]{0,80}class=["']?contentsTable""", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]{0,200}>")


def recognise_kikuzo(content: Content) -> bool:
    head = content.text_head
    return "topic-list" in head and ("聞蔵" in head or "topic-detail" in head or "detail001" in head)


def read_kikuzo(content: Content) -> Iterator[Item]:
    count = total = 0
    for piece in content.pieces(_ROW):
        if not _ROW.match(piece):
            match = _KIKUZO_TOTAL.search(_TAGS.sub("", piece))
            total = int(match[1]) if match else 0
            continue
        tree = parse_html(piece)
        cells = [text_of(cell) for cell in tree.iter("td") if has_class(cell, "topic-list")]
        title = next((one for one in tree.iter("span") if has_class(one, "font002")), None)
        body = next((one for one in tree.iter("div", "span") if has_class(one, "detail001")), None)
        record = Record(database="kikuzo", outlet="朝日新聞", language="ja", country="JP")
        record.title = text_of(title) or None
        record.text = "\n".join(lines_of(body)) or None if body is not None else None
        if len(cells) >= 5:
            record.set_date(read_date(cells[1])).note(edition=cells[2], section=cells[3], page=cells[4])
        if record.empty:
            yield Notice("empty_document", f"row {count + 1} of {content.name} has no text", counts=True)
            continue
        count += 1
        yield record
    if total > count:
        yield Notice(
            "count_differs",
            f"the search behind {content.name} found {total:,} articles, the file holds {count:,}",
        )


def recognise_yomidasu(content: Content) -> bool:
    head = content.text_head
    return "contentsTable" in head and ("ヨミダス" in head or "yomiuri" in head.lower())


def read_yomidasu(content: Content) -> Iterator[Item]:
    count = 0
    for piece in content.pieces(_CONTENTS):
        if not _CONTENTS.match(piece):
            continue
        record = _yomidasu(parse_html(piece))
        if record.empty:
            yield Notice("empty_document", f"row {count + 1} of {content.name} has no text", counts=True)
            continue
        count += 1
        yield record
    if not count:
        yield Notice("no_articles", f"{content.name} is a page of Yomidasu without an article")


def _yomidasu(tree: etree._Element) -> Record:
    record = Record(database="yomidasu", outlet="読売新聞", language="ja", country="JP")
    table = next(tree.iter("table"), None)
    cells = [text_of(cell) for cell in table.iter("th", "td")] if table is not None else []
    date = next((n for n, cell in enumerate(cells[:4]) if read_date(cell)[0]), None)
    if date is not None and len(cells) > date + 1:
        record.set_date(read_date(cells[date]))
        record.title = cells[date + 1] or None
        rest = cells[date + 2 :]
        page = next((cell for cell in rest if cell.endswith(("頁", "ページ"))), None)
        edition = rest[0] if rest and rest[0].endswith("刊") else None
        record.note(
            edition=edition,
            section=rest[1] if len(rest) > 1 and edition else None,
            page=page.rstrip("頁ペジー") if page else None,
        )
    record.text = (
        "\n".join(line for one in tree.iter("p") if has_class(one, "mb10") for line in lines_of(one)) or None
    )
    return record
