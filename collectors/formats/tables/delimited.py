"""CSV and its kin, with the columns of any service: GDELT, Media Cloud, Pocket, Instapaper, one's own."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from collectors.formats.record import Item, Record
from collectors.formats.syntax.content import HEAD, Content
from collectors.formats.tables.columns import Row
from collectors.formats.tables.header import ROWS, header
from collectors.formats.tables.press_databases import of_service
from collectors.formats.tables.rows import records
from collectors.shared.records import swallowed_rows
from pressgauge.store.export import live

_QUOTED_CELL = re.compile(r'"[^"]*"')
_SAMPLE = 60
"""Rows that show whether it is a table of articles."""
_MAX_FIELD = 16 * 1024 * 1024


def recognise(content: Content) -> bool:
    head = content.text_head
    if not head or head.lstrip()[:1] in "<{[" or "\n" not in head.strip():
        return False
    return _start(content) is not None


def _start(content: Content) -> tuple[int, str, list[str]] | None:
    """(rows before the first of an article, delimiter, names of the columns); None where no row names the
    columns of a table of articles."""
    head = content.text_head
    whole = head if len(content.head) < HEAD else head.rpartition("\n")[0]
    for delimiter in _delimiters(head):
        try:
            rows = list(csv.reader(io.StringIO(whole), delimiter=delimiter))[:_SAMPLE]
        except csv.Error:
            continue
        start = header([row if len(row) > 2 or not number else [] for number, row in enumerate(rows)])
        if start is None:
            continue
        at, names = start
        sample = [row for row in rows[at + 1 :] if any(cell.strip() for cell in row)]
        if 2 * sum(len(row) == len(names) for row in sample) >= len(sample) > 0:
            return at + 1, delimiter, names
    return None


def _delimiters(head: str) -> list[str]:
    """What may part the cells, the most frequent of the first lines first."""
    lines = [_QUOTED_CELL.sub("", line) for line in head.split("\n", ROWS)[:ROWS]]
    counts = {sign: max(line.count(sign) for line in lines) for sign in ",;\t|"}
    return sorted((sign for sign, n in counts.items() if n), key=lambda sign: -counts[sign])


def read(content: Content) -> Iterator[Item]:
    start = _start(content) or (0, ",", [])
    for item in records(_rows(content, *start), content.name, is_press=content.is_press):
        yield of_service(item, start[2]) if isinstance(item, Record) else item


def _rows(content: Content, before: int, delimiter: str, names: list[str]) -> Iterator[Row | None]:
    csv.field_size_limit(_MAX_FIELD)
    rows = csv.reader(_lines(content), delimiter=delimiter)
    ours = {"canonical_url", "story"} <= set(names)
    number, is_even, cut = 0, True, not _ends_with_a_line(content)
    last: list[str] | None = None
    while True:
        try:
            row = next(rows, None)
        except csv.Error:
            number += 1
            if number > before:
                yield None
            continue
        if row is None:
            break
        number += 1
        if number <= before or not row:
            continue
        if last is not None:
            is_even = is_even and len(last) == len(names)
            yield from _whole_rows(names, last, ours, delimiter)
        last = row
    if last is not None:  # a line that is cut short names other things than it did
        is_cut = cut and is_even and len(last) < len(names)
        yield from (None,) if is_cut else _whole_rows(names, last, ours, delimiter)


def _whole_rows(names: list[str], cells: list[str], ours: bool, delimiter: str) -> Iterator[Row | None]:
    """The row; None and the rows within it where a quote was left open in it."""
    swallowed = swallowed_rows(cells, len(names), delimiter)
    yield None if swallowed else _row(names, cells, ours)
    for inside in swallowed:
        yield _row(names, inside, ours)


def _row(names: list[str], cells: list[str], ours: bool) -> Row | None:
    if any(cells[len(names) :]):
        return None
    return {name: live(cell) if ours else cell for name, cell in zip(names, cells, strict=False) if name}


def _ends_with_a_line(content: Content) -> bool:
    """Whether the last line is complete; a gzip file says itself where it is cut."""
    if content.is_gzip:
        return True
    content.stream.seek(max(0, content.size - 2))
    return b"\n" in content.stream.read(2) or content.raw_head[-1:] == b"\r"


def _lines(content: Content) -> Iterator[str]:
    rest = ""
    for chunk in content.chunks():
        *lines, rest = (rest + chunk).split("\n")
        yield from (line.replace("\0", "") + "\n" for line in lines)
    if rest:
        yield rest
