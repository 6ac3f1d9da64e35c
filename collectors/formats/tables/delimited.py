"""CSV and its kin, with the columns of any service: GDELT, Media Cloud, Pocket, Instapaper, one's own."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from collectors.formats.record import Item, Record
from collectors.formats.syntax.content import HEAD, Content
from collectors.formats.tables.columns import Row
from collectors.formats.tables.header import ROWS, header
from collectors.formats.tables.press_databases import of_service
from collectors.formats.tables.rows import records
from pressgauge.store.export import live
from pressgauge.urls import is_web

_QUOTED_CELL = re.compile(r'"[^"]*"')
_SAMPLE = 60
"""Rows that show whether it is a table of articles."""
_MAX_FIELD = 16 * 1024 * 1024
_DAY = re.compile(r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})(?!\w)")


def recognise(content: Content) -> bool:
    head = content.text_head
    if not head or head.lstrip()[:1] in "<{[" or "\n" not in head.strip():
        return False
    return start(content) is not None


def start(content: Content) -> tuple[int, str, list[str]] | None:
    """(rows before the first of an article, delimiter, names of the columns); None where no row names the
    columns of a table of articles."""
    head = content.text_head
    whole = head if len(content.head) < HEAD else head.rpartition("\n")[0]
    for delimiter in _delimiters(head):
        try:
            first = list(csv.reader(io.StringIO(whole), delimiter=delimiter))[:_SAMPLE]
        except csv.Error:
            continue
        place = header([row if len(row) > 2 or not number else [] for number, row in enumerate(first)])
        if place is None:
            continue
        at, names = place
        sample = [row for row in first[at + 1 :] if any(cell.strip() for cell in row)]
        if 2 * sum(len(row) == len(names) for row in sample) >= len(sample) > 0:
            return at + 1, delimiter, names
    return None


def _delimiters(head: str) -> list[str]:
    """What may part the cells, the most frequent of the first lines first."""
    first = [_QUOTED_CELL.sub("", line) for line in head.split("\n", ROWS)[:ROWS]]
    counts = {sign: max(line.count(sign) for line in first) for sign in ",;\t|"}
    return sorted((sign for sign, n in counts.items() if n), key=lambda sign: -counts[sign])


def read(content: Content) -> Iterator[Item]:
    place = start(content) or (0, ",", [])
    for item in records(rows(content, *place), content.name, is_press=content.is_press):
        yield of_service(item, place[2]) if isinstance(item, Record) else item


def rows(content: Content, before: int, delimiter: str, names: list[str]) -> Iterator[Row | None]:
    """The rows of a table that begins as `start` says; None for one that cannot be read."""
    csv.field_size_limit(_MAX_FIELD)
    table = csv.reader(lines(content), delimiter=delimiter)
    ours = {"canonical_url", "story"} <= set(names)
    number, is_even, cut = 0, True, not _ends_with_a_line(content)
    last: list[str] | None = None
    while True:
        try:
            row = next(table, None)
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


def lines(content: Content) -> Iterator[str]:
    """The lines of a text with their ends, without what no table holds."""
    rest = ""
    for chunk in content.chunks():
        *whole, rest = (rest + chunk).split("\n")
        yield from (line.replace("\0", "") + "\n" for line in whole)
    if rest:
        yield rest


def swallowed_rows(cells: Sequence[str], width: int, delimiter: str) -> list[list[str]]:
    """The rows of a table of `width` columns that lie inside one cell of a row, since a quote was left open
    before them: what has an address, a day or a number where the row has one. None where a cell is just a
    text of several lines, nor where the row has nothing of the kind to tell by."""
    inside = [cell for cell in cells if cell.count("\n") > 1]
    kinds = {at: kind for at, cell in enumerate(cells[:width]) if (kind := _kind_of(cell))}
    if not inside or not kinds:
        return []
    rows = [row for cell in inside for row in csv.reader(cell.splitlines()[1:], delimiter=delimiter)]
    whole = [row for row in rows if len(row) == width and _has_kinds(row, kinds)]
    return whole if len(whole) > 1 else []


def _kind_of(cell: str) -> str:
    """Whether a cell is an address, a day or a number: "" for all else."""
    text = cell.strip()
    if is_web(text):
        return "address"
    return "day" if _DAY.match(text) else "number" if text.isdecimal() else ""


def _has_kinds(row: list[str], kinds: dict[int, str]) -> bool:
    """Whether the cells of a row are of these kinds or empty, and not all of them empty."""
    there = [(row[at].strip(), kind) for at, kind in kinds.items()]
    return any(text for text, _ in there) and all(not text or _kind_of(text) == kind for text, kind in there)
