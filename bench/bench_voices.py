"""Reading who speaks, beside what a refresh of the same articles costs anyway: storing and indexing them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import gold
from bench.timing import line
from collectors.demo.press import press
from collectors.extraction.article import Article
from collectors.extraction.extract import extract
from pressgauge.analysis import speakers
from pressgauge.store.dataset import Dataset
from pressgauge.voices.speakers import voices

_READ = 3_000
_WORDS = 600
_EVERY = 45
"""Of so many real pages one is read."""


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
    yield from _beside_pages()
    yield line("load and name everybody, s", loaded, None, f"{len(found.quotations):,} quotations")
    yield line("rank the speakers, s", ranked, None, "goal 0.1")


def _beside_pages() -> Iterator[dict[str, str]]:
    """Beside reading the pages, most of what a refresh costs; of real ones, where they are."""
    if not gold.SHARED.exists():
        return
    records = gold.every_record()[::_EVERY]
    pages = [(gold.html(record), record["url"]) for record in records]
    articles: list[Article] = []
    reading = _cost(lambda: articles.extend(extract(page, url) for page, url in pages))
    speaking = _cost(lambda: [voices(article.text, article.language) for article in articles if article.text])
    note = f"theirs: read the pages; {speaking / reading:.0%} on top of it, goal 15 %"
    yield line(f"who speaks in {len(pages)} real pages, s", speaking, reading, note)


def _cost(work: object) -> float:
    start = time.process_time()
    work()  # type: ignore[operator]
    return time.process_time() - start
