"""Where a table begins: the row that names its columns, below titles, dates of export and merged cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from collectors.formats.tables.names import are_of_articles, guess

ROWS = 25
"""Rows among which the names are looked for."""
_LONGEST = 80
"""Characters of the longest name; a longer cell is a text."""


def header(rows: Sequence[Sequence[Any]]) -> tuple[int, list[str]] | None:
    """(number of the row that names the columns of a table of articles, their names), or None.

    Where a second row of names stands below one whose cells span several columns, the second counts, and a
    name that says nothing there goes with the one above it.
    """
    for number, row in enumerate(rows[:ROWS]):
        names = _names(row)
        columns = guess(filter(None, names))
        if not are_of_articles(columns.keys()):
            continue
        if number + 1 < len(rows):
            below = _joined(names, _names(rows[number + 1]))
            more = guess(filter(None, below))
            if len(more) > len(columns) and are_of_articles(more.keys()):
                return number + 1, below
        return number, names
    return None


def _names(row: Sequence[Any]) -> list[str]:
    return [" ".join(cell.split()) if isinstance(cell, str) and len(cell) <= _LONGEST else "" for cell in row]


def _joined(above: list[str], below: list[str]) -> list[str]:
    spans, last = [], ""
    for name in above:
        last = name or last
        spans.append(last)
    spans += [last] * (len(below) - len(spans))
    known = guess(filter(None, below)).values()
    return [
        name if name in known else f"{span} {name}".strip() for span, name in zip(spans, below, strict=False)
    ]
