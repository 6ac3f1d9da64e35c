"""The rows of a table as records, with what speaks against its being one of articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from collectors.formats.record import Item, Notice, Record
from collectors.formats.tables.columns import Layout, Row, layout_of, record_of

SAMPLE = 200


def records(
    rows: Iterable[Row | None], name: str, *, columns: dict[str, str] | None = None, date_format: str = ""
) -> Iterator[Item]:
    """A record a row; None is a row that could not be read."""
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
    undated, example = 0, ""
    for number, row in enumerate(chain(sample, waiting), 1):
        if row is None:
            yield Notice("bad_row", f"row {number} of {name} cannot be read", counts=True)
            continue
        record = record_of(row, layout)
        cell = str(row.get(layout.columns.get("published", ""), "") or "").strip()
        if cell and record.published is None:
            undated, example = undated + 1, example or cell[:60]
        if record.title is None and record.text is None and record.url is None:
            if any(str(value).strip() for value in row.values() if value is not None):
                yield Notice("empty_row", f"row {number} of {name} names no article", counts=True)
            continue
        yield record
    if undated:
        yield Notice("unknown_dates", f"{undated:,} dates of {name} are unknown, such as {example!r}")


def is_of_articles(rows: list[Row]) -> bool:
    """Whether the columns of some rows look like those of articles."""
    return layout_of(rows).is_of_articles


__all__ = ["SAMPLE", "Layout", "Record", "is_of_articles", "records"]
