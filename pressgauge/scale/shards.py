"""One index a month, searched side by side: for more articles than one index should hold.

A month whose files changed is indexed anew, and only that one: this is for archives, where most months rest.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pressgauge.analysis.periods import local_days
from pressgauge.errors import DatasetError
from pressgauge.filters import Filters, let_through
from pressgauge.scale.counts import COUNT_COLUMNS, count
from pressgauge.search.index import Index
from pressgauge.search.sync import NOTHING, Changes, open_index
from pressgauge.settings.topics import Topic

if TYPE_CHECKING:
    from pressgauge.store.dataset import Dataset


@dataclass(frozen=True, slots=True)
class Shards:
    """The indexes of a dataset's months, by month. Each answers for its month as it was when opened."""

    months: dict[str, Index]

    def __len__(self) -> int:
        return sum(len(index) for index in self.months.values())

    def ids(self, query: str, months: Iterable[str] | None = None) -> np.ndarray:
        """Ids (int64, in no order) of the articles that match, of these months or all. Raises QueryError."""
        searched = self.months if months is None else [month for month in months if month in self.months]
        with ThreadPoolExecutor() as pool:
            parts = list(pool.map(lambda month: self.months[month].ids(query), searched))
        return np.concatenate(parts) if parts else np.empty(0, np.int64)

    def count(self, query: str) -> int:
        """How many articles match. Raises QueryError."""
        with ThreadPoolExecutor() as pool:
            return sum(pool.map(lambda index: index.count(query), self.months.values()))


def open_shards(dataset: Dataset, run: Any = map) -> Shards:
    """The shards of the newest version, brought up to date by `refresh_shards`. Raises DatasetError."""
    refresh_shards(dataset, run)
    return Shards({month: open_shard(dataset, month) for month in dataset.months()})


def refresh_shards(dataset: Dataset, run: Any = map) -> None:
    """Bring the shards in `shards` of the dataset's folder up to date; a changed month is rebuilt.

    `run` is `map` or works as it does, see `counts.count_dataset`; workers must then see that folder.
    Raises DatasetError when the dataset cannot be read, or the disk refuses.
    """
    months = dataset.months()
    for old in [each for each in (Path(dataset.path) / "shards").glob("*") if each.name not in months]:
        shutil.rmtree(old)
    list(run(partial(_refresh_shard, dataset=dataset), list(months)))


def open_shard(dataset: Dataset, month: str) -> Index:
    """The shard of one month, built if it is not of the newest version. Raises DatasetError."""
    return open_index(_Month(dataset, month), Path(dataset.path) / "shards" / month)


def count_month(month: str, dataset: Dataset, topics: Sequence[Topic]) -> pd.DataFrame:
    """`counts.count_month` by the month's shard, which is kept: no text is read where it is there.

    Raises QueryError.
    """
    articles, shard = dataset.of_month(month, COUNT_COLUMNS), open_shard(dataset, month)
    members = {topic.name: articles["id"].isin(shard.ids(topic.query)) for topic in topics}
    return count(articles, pd.DataFrame(members, index=articles.index))


def articles_of(
    dataset: Dataset, month: str, filters: Filters, query: str | None, columns: Sequence[str]
) -> pd.DataFrame:
    """The articles of a month that the filters let through and that match `query`, the newest first; the
    `columns` of `Dataset.of_month`. The filters' own query is not asked. Raises QueryError, DatasetError."""
    articles = dataset.of_month(month, list(dict.fromkeys((*COUNT_COLUMNS, "country", *columns))))
    rows = let_through(articles.assign(day=local_days(articles)), filters)
    if query is not None:
        rows &= articles["id"].isin(open_shard(dataset, month).ids(query)).to_numpy()
    return articles[rows].sort_values("published", ascending=False, kind="stable")[list(columns)]


def _refresh_shard(month: str, dataset: Dataset) -> int:
    return len(open_shard(dataset, month))


class _Month:
    """A month as a dataset of its own, whose states have nothing in common."""

    def __init__(self, dataset: Dataset, month: str) -> None:
        self._dataset, self._month = dataset, month

    @property
    def state(self) -> tuple[int, int]:
        return 0, self._dataset.months().get(self._month, 0)

    def changes(self, since: tuple[int, int], until: tuple[int, int], columns: Sequence[str]) -> Changes:
        if since != NOTHING or until != self.state:
            raise DatasetError(f"{self._month} is not what it was")
        articles = self._dataset.of_month(self._month, columns)
        return Changes(np.empty(0, np.int64), len(articles), iter([articles]))
