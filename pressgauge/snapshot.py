"""One dataset version in memory: what every chart, filter and topic is counted from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from pressgauge.bitmaps import bits
from pressgauge.bitmaps.index import BitmapIndex, Rows
from pressgauge.schema import NO_DAY
from pressgauge.search import prominence
from pressgauge.search.index import Index
from pressgauge.search.numbers import Numbers
from pressgauge.settings.topics import Topic


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A dataset version, loaded once and shared by all its readers; nothing in it changes.

    `articles` has the METADATA columns, `event` (int64, see `Dataset.events`) and `day` (int32, days since
    1970-01-01 UTC of `published`, NO_DAY where unknown); `membership` has one bool column for each topic, by
    name. Both have the same RangeIndex. `index` is of that version.
    """

    version: int
    articles: pd.DataFrame
    topics: tuple[Topic, ...]
    membership: pd.DataFrame
    index: Index
    _order: np.ndarray = field(repr=False)  # the rows (int32) in the order of their ids
    _ids: np.ndarray = field(repr=False)  # the ids in order
    bitmaps: BitmapIndex = field(default=None, repr=False)  # type: ignore[assignment]  # made of the articles
    _numbers: Numbers = field(default=None, repr=False)  # type: ignore[assignment]  # made of the index

    def __post_init__(self) -> None:
        if self.bitmaps is None or self.bitmaps.articles is not self.articles:
            object.__setattr__(self, "bitmaps", BitmapIndex(self.articles))
            object.__setattr__(self, "_numbers", Numbers(self.index, self._rows_of))

    def mask(self, query: str, *, about: bool = False) -> np.ndarray:
        """Which articles match, or are `about` the query (`pressgauge.search.prominence`): a bool array over
        the rows. Raises QueryError."""
        return self.matches(query, about=about).mask

    def matches(self, query: str, *, about: bool = False) -> Rows:
        """The articles of `mask` as a set of bitmaps. Raises QueryError."""
        if about:
            return self.bitmaps.found(self.rows(prominence.about(self.index, query)))
        return self.bitmaps.found(self._numbers.matching(query))

    def learn(self, most: int) -> None:
        """Learn in which rows so many more of the articles are that a query may find."""
        self._numbers.learn(most)

    def _rows_of(self, ids: np.ndarray) -> np.ndarray:
        order = np.argsort(ids)  # in order, many are looked up several times faster
        rows = np.empty(len(ids), dtype=np.int32)
        rows[order] = self.rows(ids[order])
        return rows

    def having(self, ids: np.ndarray) -> np.ndarray:
        """The articles with these ids, all of which are here: a bool array over the rows."""
        return bits.mask(self.rows(ids), len(self._ids))

    def rows(self, ids: np.ndarray) -> np.ndarray:
        """The row numbers of the articles with these ids, all of which are here, in their order."""
        return self._order[np.searchsorted(self._ids, ids)]

    def has(self, ids: np.ndarray) -> np.ndarray:
        """Which of these ids are those of articles that are here: a bool array."""
        at = np.searchsorted(self._ids, ids)
        is_here = at < len(self._ids)
        is_here[is_here] = self._ids[at[is_here]] == ids[is_here]
        return is_here

    def has_all(self, ids: np.ndarray) -> bool:
        """Whether the articles with these ids are all here."""
        return bool(self.has(np.sort(ids)).all())  # in order, many are looked up several times faster

    def with_topics(self, topics: Sequence[Topic], masks: Mapping[str, np.ndarray] | None = None) -> Snapshot:
        """The same articles under other topics; those it has already are not asked again, nor those whose
        bool array is in `masks`, by query.

        Raises QueryError when a topic's query cannot be read.
        """
        name_of = {topic.query: topic.name for topic in self.topics}
        columns = {
            topic.name: self.membership[name_of[topic.query]].to_numpy()
            if topic.query in name_of
            else masks[topic.query]
            if masks is not None and topic.query in masks
            else self.mask(topic.query)
            for topic in topics
        }
        membership = pd.DataFrame(columns, index=self.articles.index, dtype=bool, copy=False)
        return replace(self, topics=tuple(topics), membership=membership)


def take(articles: pd.DataFrame, index: Index, topics: Sequence[Topic] = ()) -> Snapshot:
    """A snapshot of `articles` (the METADATA columns and event) and the index of the same version.

    Raises QueryError when a topic's query cannot be read.
    """
    return of_columns(*in_order(articles), index).with_topics(topics)


def in_order(articles: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """The articles with `day` and a RangeIndex, their rows (int32) in the order of their ids, and the ids
    (int64) in it."""
    articles = articles.reset_index(drop=True)
    articles["day"] = _days_since_1970(articles["published"])
    ids = articles["id"].to_numpy()
    order = np.argsort(ids).astype(np.int32)
    return articles, order, ids[order]


def of_columns(articles: pd.DataFrame, order: np.ndarray, ids: np.ndarray, index: Index) -> Snapshot:
    """A snapshot, without topics, of what `in_order` gives."""
    nothing = pd.DataFrame(index=articles.index)
    return Snapshot(index.version, articles, (), nothing, index, order, ids)


def _days_since_1970(published: pd.Series) -> np.ndarray:
    days = published.dt.tz_convert(None).to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(days), NO_DAY, days.astype(np.int64)).astype(np.int32)
