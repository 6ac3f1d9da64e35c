"""The items of a file in batches, as a worker of the sandbox hands them out.

A call names where to begin; the worker keeps the file open at the end of the last batch, so that the next
call goes on there; one that has taken its place reads up to there again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from collectors.formats.reading import items
from collectors.formats.record import Item, Record, dump
from collectors.formats.syntax.content import Content
from collectors.shared.excerpts import own_text
from pressgauge.urls import domain_of

SECONDS = 1.0
"""After which a batch ends, so that no worker is long without an answer."""
SIGNS = 2_000_000
"""Characters of text after which it does: all of it goes through a pipe as one line."""
_LONGEST = 2_000_000
"""Characters of the longest text that is kept."""
_open: dict[tuple[str, int], Iterator[tuple[str, Item]]] = {}


def read_batch(_: bytes, *, path: str, name: str, start: int, is_press: bool = False) -> dict[str, Any]:
    """The items of a file from the number `start` on, and whether they are the last; `is_press` as for
    `Content`.

    Values of JSON: `items` (each `record.dump`'s, with the `format` that gave it) and `done`.
    """
    waiting = _open.pop((path, start), None)
    _open.clear()
    if waiting is None:
        waiting = islice(_of(path, name, is_press), start, None)
    batch: list[dict[str, Any]] = []
    signs, end = 0, time.monotonic() + SECONDS
    for format_name, item in waiting:
        if isinstance(item, Record) and item.text:
            _bound(item)
        batch.append(dump(item) | {"format": format_name})
        signs += len(item.text or "") if isinstance(item, Record) else 0
        if signs > SIGNS or time.monotonic() > end:
            _open[path, start + len(batch)] = waiting
            return {"items": batch, "done": False}
    return {"items": batch, "done": True}


def _bound(record: Record) -> None:
    """Cut a text that is too long, and take from an excerpt what its publishing system added."""
    text = record.text or ""
    if len(text) > _LONGEST:
        record.text, record.partial = text[:_LONGEST], record.partial or "excerpt"
    elif record.partial == "excerpt":
        record.text = own_text(text, record.title, (record.outlet, record.domain, domain_of(record.url)))
        record.partial = "excerpt" if record.text else "title_only"


def _of(path: str, name: str, is_press: bool) -> Iterator[tuple[str, Item]]:
    with Path(path).open("rb") as stream:
        yield from items(Content(stream, name, is_press=is_press))
