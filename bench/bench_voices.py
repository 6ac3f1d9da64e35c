"""Reading who speaks, beside what a refresh of the same articles costs anyway: storing and indexing them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.timing import line
from collectors.demo.press import press
from pressgauge.analysis import speakers
from pressgauge.store.dataset import Dataset

_READ = 3_000
_WORDS = 600


def rows(articles: int) -> Iterator[dict[str, str]]:
    """Of the demo press, in four languages, whatever `articles` says; in seconds of CPU."""
    frame = press().frame().head(_READ)
    length = frame["text"].str.split().str.len().sum() / _WORDS
    with TemporaryDirectory() as folder:
        dataset = Dataset(Path(folder))
        stored = _cost(lambda: dataset.append(frame)) + _cost(dataset.index)
        read = _cost(dataset.read_voices)
        again = _cost(dataset.read_voices)
        loaded = _cost(dataset.voices)
        snapshot, found = dataset.snapshot([]), dataset.voices()
        ranked = _cost(lambda: speakers(snapshot.articles, found.quotations))
    note = f"{length / read:,.0f} articles of {_WORDS} words a second; theirs: store and index the same"
    yield line(f"read who speaks in {_READ:,} articles, s", read, stored, note)
    yield line("again, nothing changed, s", again, None, "")
    yield line("load and name everybody, s", loaded, None, f"{len(found.quotations):,} quotations")
    yield line("rank the speakers, s", ranked, None, "goal 0.1")


def _cost(work: object) -> float:
    start = time.process_time()
    work()  # type: ignore[operator]
    return time.process_time() - start
