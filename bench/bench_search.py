"""Search, topics and the arrays under the charts, beside pandas on the same articles in the same run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench import peers
from bench.corpus import PLANTED, make
from bench.timing import best, line, once
from pressgauge.schema import METADATA
from pressgauge.search.sync import Changes, open_index
from pressgauge.settings.topics import Topic
from pressgauge.snapshot import Snapshot, take

_SLOW = 100_000  # rows on which the slow way is timed; it is linear, so its time is scaled up
_TOPICS = [Topic(f"topic{number}", phrase, None, f'"{phrase}"') for number, phrase in enumerate(PLANTED)]


class _Held:
    """What the index asks of a dataset, from a growing frame in memory: the timings are the index alone."""

    def __init__(self, frame: pd.DataFrame, version: int) -> None:
        self.frame, self.state = frame, (version, len(frame))

    def changes(self, since: tuple[int, int], until: tuple[int, int], columns: Any) -> Changes:
        frame = self.frame[list(columns)]
        parts = (frame[at : at + 20_000] for at in range(since[1], until[1], 20_000))
        return Changes(np.empty(0, np.int64), until[1] - since[1], parts)


def rows(n: int) -> list[dict[str, str]]:
    """Lines of the bench's table: measure, ours, theirs, ratio, note."""
    articles = make(n + 1_000)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        building, index = once(lambda: open_index(_Held(articles[:n], 1), path))
        opening, _ = once(lambda: open_index(_Held(articles[:n], 1), path))
        some = articles[: min(n, _SLOW)]
        sqlite_building, count = peers.sqlite(some)
        of_sqlite = sqlite_building * n / len(some)
        metadata = articles.loc[: n - 1, [name for name in METADATA if name in articles]]
        taking, snapshot = once(lambda: take(metadata, index))
        table = [
            line(
                f"index of {n:,} articles from nothing",
                building,
                of_sqlite,
                f"theirs: SQLite FTS5 of {len(some):,}, one thread, title and text without case",
            ),
            line("index: checked and opened", opening, None, "every checksum"),
            line("snapshot of the metadata", taking, None, "goal: open to first chart under 2 s in all"),
            *_phrase(articles[:n], snapshot, count),
            _topics(articles[:n], snapshot),
            _about(snapshot),
        ]
        updating, _ = once(lambda: open_index(_Held(articles, 2), path))
        table.append(line("index: update of 1,000", updating, None, "goal 500 ms at 1M; checksums included"))
    return table


def _phrase(articles: pd.DataFrame, snapshot: Snapshot, count: Callable[[str], int]) -> list[dict[str, str]]:
    outlet = snapshot.articles["outlet"].cat.codes.to_numpy()
    day = snapshot.articles["day"].to_numpy()
    width = int(outlet.max()) + 1

    def ours() -> np.ndarray:
        found = np.flatnonzero(snapshot.mask('"open source"'))
        return np.bincount(day[found].astype(np.int64) * width + outlet[found])

    def theirs() -> pd.Series:
        some = articles[:_SLOW]
        found = some[some["text"].str.contains("open[ -]source", case=False, regex=True)]
        return found.groupby([found["published"].dt.floor("D"), "outlet"], observed=True).size()

    fast, counted = best(ours)
    slow, expected = once(theirs)
    if len(articles) <= _SLOW:
        assert counted.sum() == expected.sum()
    slow *= len(articles) / min(len(articles), _SLOW)
    note = "goal 1,000x, 50 ms at 1M; theirs: str.contains + groupby"
    asked, number = best(lambda: count("open source"))
    if len(articles) <= _SLOW:
        assert number == counted.sum()
    share = len(articles) / min(len(articles), _SLOW)
    other = f"theirs: SQLite FTS5; {peers.duckdb_texts()}"
    return [
        line("phrase to daily counts by outlet", fast, slow, note),
        line("the same beside a full-text index", fast, asked * share, other),
    ]


def _topics(articles: pd.DataFrame, snapshot: Snapshot) -> dict[str, str]:
    some = articles.loc[: _SLOW // 10 - 1, "text"]
    fast, _ = best(lambda: snapshot.with_topics(_TOPICS))
    slow, _ = once(lambda: [some.str.contains(phrase, case=False, regex=False) for phrase in PLANTED])
    return line("20 topics' membership", fast, slow * len(articles) / len(some), "goal 1 s at 1M")


def _about(snapshot: Snapshot) -> dict[str, str]:
    fast, _ = best(lambda: [snapshot.mask(topic.query, about=True) for topic in _TOPICS])
    return line("what is about 20 topics", fast, None, "goal 1 s at 1M; counts words from the index")
