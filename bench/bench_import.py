"""A local import beside `append` of the same frame: a JSONL with texts, read by a refresh. CPU seconds.

A refresh reads each row as a candidate, asks its books whether it is known, writes its ledger and stores it;
`append` only stores. What a refresh makes for readers afterwards (search index, events, voices) is counted
on neither side in the first line, and on both in the second. A first refresh and append of a few rows load
the libraries, and are not counted.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pandas as pd

import pressgauge
from bench.corpus import make
from collectors.refresh.refresh import refresh_now
from collectors.source import Source
from pressgauge.store.dataset import Dataset

DERIVED = ("compact", "index", "events", "read_voices")


def rows(n: int) -> list[dict[str, str]]:
    """Lines of the bench's table: measure, ours (a refresh), theirs (`append`), ratio, note."""
    frame = make(n).drop(columns=["id", "canonical_url", "story"])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "articles.jsonl"
        plain = frame.assign(published=frame["published"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
        plain.to_json(file, orient="records", lines=True, force_ascii=False, date_format="iso")
        source = Source(name="import", kind="file", url=str(file), outlet="import")
        with _stored_only():
            _warm_up(folder, plain, frame)
            stored = _cpu(lambda: _refreshed(folder / "stored", source, n))
        append = _cpu(lambda: _appended(folder / "appended", frame))
        derived = _cpu(lambda: _derived(folder / "appended"))
        whole = _cpu(lambda: _refreshed(folder / "whole", source, n))
    return [
        _line(f"import of {n:,} rows, until they are stored", stored, append, "goal 0.5x"),
        _line(f"import of {n:,} rows, with index, events and voices", whole, append + derived, ""),
    ]


def _warm_up(folder: Path, plain: pd.DataFrame, frame: pd.DataFrame) -> None:
    """Load what both ways need for the first time in a process, so that neither pays it for the other."""
    file = folder / "few.jsonl"
    plain.head(50).to_json(file, orient="records", lines=True, force_ascii=False, date_format="iso")
    few = Source(name="few", kind="file", url=str(file), outlet="import")
    _refreshed(folder / "few-stored", few, 50)
    _appended(folder / "few-appended", frame.head(50))


@contextlib.contextmanager
def _stored_only() -> Iterator[None]:
    """Refreshes that leave what is derived to the first reader."""
    with contextlib.ExitStack() as stack:
        for name in DERIVED:
            stack.enter_context(mock.patch.object(Dataset, name, lambda self: None))
        yield


def _refreshed(folder: Path, source: Source, n: int) -> None:
    report = refresh_now(pressgauge.open(folder), [source], bar=False)
    assert report.stored == n


def _appended(folder: Path, frame: pd.DataFrame) -> None:
    pressgauge.open(folder).append(frame)


def _derived(folder: Path) -> None:
    dataset = pressgauge.open(folder)
    for name in DERIVED:
        getattr(dataset, name)()


def _cpu(act: Callable[[], Any]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start


def _line(measure: str, ours: float, theirs: float, note: str) -> dict[str, str]:
    return {
        "measure": measure,
        "ours": f"{ours:.1f} s",
        "theirs": f"{theirs:.1f} s",
        "ratio": f"{theirs / ours:.2f}x",
        "note": f"CPU; {note}" if note else "CPU",
    }
