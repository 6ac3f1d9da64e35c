"""CSV and its kin, with the columns of any service: GDELT, Media Cloud, Pocket, Instapaper, one's own."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from collectors.formats.record import Item
from collectors.formats.syntax.content import HEAD, Content
from collectors.formats.tables.columns import Row
from collectors.formats.tables.rows import is_of_articles, records
from pressgauge.store.export import live

_QUOTED_CELL = re.compile(r'"[^"]*"')
_BEFORE = 12
"""Lines among which the names of the columns are looked for."""
_MAX_FIELD = 16 * 1024 * 1024


def recognise(content: Content) -> bool:
    head = content.text_head
    if not head or head.lstrip()[:1] in "<{[" or "\n" not in head.strip():
        return False
    return _preamble(content) is not None


def _preamble(content: Content) -> int | None:
    """How many lines stand before the names of the columns: a title, when it was exported; None where no line
    names the columns of a table of articles."""
    head = content.text_head
    lines = (head if len(content.head) < HEAD else head.rpartition("\n")[0]).split("\n")
    for before, line in enumerate(lines[:_BEFORE]):
        delimiter = _delimiter(line)
        if delimiter is None or (before and line.count(delimiter) < 2):
            continue
        try:
            sample = list(csv.DictReader(io.StringIO("\n".join(lines[before:])), delimiter=delimiter))[:20]
        except csv.Error:
            continue
        whole = [row for row in sample if None not in row and None not in row.values()]
        if len(whole) * 2 > len(sample) > 0 and is_of_articles(whole):
            return before
    return None


def read(content: Content) -> Iterator[Item]:
    yield from records(_rows(content), content.name)


def _rows(content: Content) -> Iterator[Row | None]:
    csv.field_size_limit(_MAX_FIELD)
    before = _preamble(content) or 0
    header = content.text_head.split("\n", before + 1)[before]
    delimiter = _delimiter(header) or ","
    rows = csv.DictReader(islice(_lines(content), before, None), delimiter=delimiter)
    ours = {"canonical_url", "story"} <= set(header.replace('"', "").strip().split(","))
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield None
            continue
        if any(row.pop(None, ()) or ()):
            yield None
        else:
            yield {name: live(value) if ours else value for name, value in row.items()}


def _lines(content: Content) -> Iterator[str]:
    rest = ""
    for chunk in content.chunks():
        *lines, rest = (rest + chunk).split("\n")
        yield from (line.replace("\0", "") + "\n" for line in lines)
    if rest:
        yield rest


def _delimiter(header: str) -> str | None:
    names = _QUOTED_CELL.sub("", header)
    best = max(",;\t|", key=names.count)
    return best if best in names else None
