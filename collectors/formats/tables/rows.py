"""The rows of a table as records, with what speaks against its being one of articles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from collectors.formats.record import Item, Notice, Record
from collectors.formats.tables.columns import Layout, Row, kind_of, layout_of, record_of, text_of
from collectors.formats.tables.other_works import other_work

SAMPLE = 200
_PLACES = ("url", "domain", "outlet", "published", "text", "authors")
_TOTAL = re.compile(
    r"(?:grand )?(?:totals?|totale?n?|totaal|sum(?:me)?|gesamt|insgesamt|suma|count|anzahl|average|mean"
    r"|moyenne|durchschnitt|итого|всего|合計|合计|总计|총계|합계)\b[\s:=\d.,]*(?:articles?|artikel)?$",
    re.IGNORECASE,
)


def records(
    rows: Iterable[Row | None],
    name: str,
    *,
    columns: dict[str, str] | None = None,
    date_format: str = "",
    is_press: bool = False,
) -> Iterator[Item]:
    """A record a row; None is a row that could not be read. `is_press` says for certain that they are
    articles of the press, where a table of anything could look the same."""
    waiting = iter(rows)
    sample = list(islice(waiting, SAMPLE))
    layout = layout_of([row for row in sample if row], columns, date_format)
    if not layout.is_of_articles:
        names = ", ".join(dict.fromkeys(str(key) for row in sample[:50] if row for key in row))
        yield Notice(
            "no_column",
            f"{name} is a table, but no columns are known for headline or text and outlet, date or address; "
            f"it has {names[:400] or 'none'}",
        )
        return
    if layout.objection and not is_press:
        yield Notice(
            "not_press",
            f"{name} is a table, but no rows of it are articles: {layout.objection}. Give it a column "
            "'outlet' or 'url', or import it with --outlet NAME",
        )
        return
    undated, example = 0, ""
    for number, row in enumerate(chain(sample, waiting), 1):
        if row is None:
            yield Notice("bad_row", f"row {number} of {name} cannot be read", counts=True)
            continue
        if kind := kind_of(row, layout):
            yield other_work(kind, name)
            continue
        record = record_of(row, layout)
        cell = str(row.get(layout.columns.get("published", ""), "") or "").strip()
        if cell and record.published is None:
            undated, example = undated + 1, example or cell[:60]
        if (record.title is None and record.text is None and record.url is None) or _is_sum(row, layout):
            if any(str(value).strip() for value in row.values() if value is not None):
                yield Notice("empty_row", f"row {number} of {name} names no article", counts=True)
            continue
        yield record
    if undated:
        yield Notice("unknown_dates", f"{undated:,} dates of {name} are unknown, such as {example!r}")


def _is_sum(row: Row, layout: Layout) -> bool:
    """Whether a row is a total, a heading between rows or a note below them: what should say where and when
    is empty in all of it."""
    places = [row.get(layout.columns[field]) for field in _PLACES if field in layout.columns]
    if len(places) < 2 or any(text_of(cell) for cell in places):
        return False
    filled = [cell for cell in row.values() if text_of(cell)]
    title = text_of(row.get(layout.columns.get("title", ""))) or ""
    return len(filled) == 1 < len(row) - 1 or _TOTAL.match(title) is not None


def is_of_articles(rows: list[Row]) -> bool:
    """Whether the columns of some rows look like those of articles."""
    return layout_of(rows).is_of_articles


__all__ = ["SAMPLE", "Layout", "Record", "is_of_articles", "records"]
