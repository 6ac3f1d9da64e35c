"""The dataset on disk beside what a user would do in pandas with one Parquet file, in the same run."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd

import pressgauge
from bench import torture_storage
from bench.corpus import make
from bench.timing import line, once
from pressgauge.analysis.volume import volume
from pressgauge.schema import METADATA
from pressgauge.settings.topics import Topic
from pressgauge.store.dataset import Dataset

_GIVEN = ("url", "outlet", "country", "language", "title", "authors", "published", "text", "source")
_BATCH = 100_000
_TOPIC = [Topic("open_source", "Open source", None, '"open source"')]
_PLAIN = 200_000
"""Articles up to which the whole goes through pandas; beyond, a tenth of it does, and its time is scaled."""


def rows(n: int) -> list[dict[str, str]]:
    """Lines of the bench's table: measure, ours, theirs, ratio, note."""
    frame = make(n + 3_200)[list(_GIVEN)]
    stored, more = frame[:n], frame[n:]
    newest = _in_newest_month(more, frame["published"].max())
    with tempfile.TemporaryDirectory() as folder:
        dataset = pressgauge.open(Path(folder) / "coverage")
        table = [line("append all in batches of 100,000", once(lambda: _fill(dataset, stored))[0], None, "")]
        building, _ = once(dataset.index)
        table.append(line("index of all", building, None, ""))
        theirs = _plain_append(stored, newest[:1_000], Path(folder))
        cold, _ = once(lambda: dataset.append(newest[:1_000]))
        warm, _ = once(lambda: dataset.append(newest[1_000:2_000]))
        note = "theirs: read_parquet + concat + drop_duplicates + to_parquet; stories included in ours"
        table += [
            line("append 1,000 to the newest month, first of a process", cold, theirs, note),
            line("append 1,000 to the newest month", warm, theirs, "goal 150 ms at 1M"),
            line("index update of 2,000", once(dataset.index)[0], None, "goal 500 ms for 1,000 at 1M"),
            line("append 1,000 over all months", once(lambda: dataset.append(more[:1_000]))[0], theirs, note),
            line("index update of 1,000", once(dataset.index)[0], None, "goal 500 ms at 1M"),
        ]
        table += _reading(dataset)
        edited = newest[:100].assign(title="Edited")
        table.append(
            line("update of 100 in the newest month", once(lambda: dataset.append(edited))[0], None, "")
        )
        edited = stored.sample(100, random_state=1).assign(title="Edited")
        note = "goal 1 s at 1M; what is outdated is marked where more than 20,000 rows would be rewritten"
        table.append(
            line("update of 100 over all months", once(lambda: dataset.append(edited))[0], None, note)
        )
        table.append(line("index update of 200 edited", once(dataset.index)[0], None, ""))
        killed = torture_storage.kills(200, 1, Path(folder) / "killed")
    harm = f"{killed.lost} lost, {killed.doubled} doubled, {killed.unreadable} unreadable"
    where = f"{killed.appending} in an append, {killed.indexing} in an index update"
    table.append(
        {
            "measure": "kill -9 x 200",
            "ours": harm,
            "theirs": "",
            "ratio": "",
            "note": f"{where}; goal 0, 0, 0",
        }
    )
    return table


def _reading(dataset: Dataset) -> list[dict[str, str]]:
    def to_first_chart() -> pd.DataFrame:
        snapshot = pressgauge.open(dataset.path).snapshot(_TOPIC)
        return volume(snapshot.articles, snapshot.membership)

    opening, _ = once(to_first_chart)
    loading, metadata = once(lambda: pressgauge.open(dataset.path).load(METADATA))
    size = metadata.memory_usage(deep=True).sum() / len(metadata)
    ids = metadata["id"].sample(50, random_state=1)
    dataset.read(ids[:1])
    reading, _ = once(lambda: dataset.read(ids))
    return [
        line("open to first chart table", opening, None, "goal 2 s at 1M; index checked, one topic"),
        line("load the metadata", loading, None, "a new Dataset in a warm process"),
        {
            "measure": "memory an article, without text",
            "ours": f"{size:.0f} B",
            "theirs": "",
            "ratio": "",
            "note": "goal 200 B",
        },
        line("read 50 articles by id, text included", reading, None, ""),
    ]


def _in_newest_month(more: pd.DataFrame, newest: pd.Timestamp) -> pd.DataFrame:
    """The same articles, dated within the newest month."""
    start = newest.normalize().replace(day=1)
    shift = pd.to_timedelta(range(len(more)), unit="min")
    changed = more.assign(published=(start + shift).as_unit("us"), url=more["url"] + "-new")
    return changed.reset_index(drop=True)


def _fill(dataset: Dataset, stored: pd.DataFrame) -> None:
    for at in range(0, len(stored), _BATCH):
        dataset.append(stored[at : at + _BATCH])


def _plain_append(stored: pd.DataFrame, more: pd.DataFrame, folder: Path) -> float:
    share = 1 if len(stored) <= _PLAIN else 10
    path = folder / "articles.parquet"
    stored[: len(stored) // share].to_parquet(path)

    def append() -> None:
        both = pd.concat([pd.read_parquet(path), more])
        both.drop_duplicates("url", keep="last").to_parquet(path)

    spent, _ = once(append)
    path.unlink()
    return spent * share
