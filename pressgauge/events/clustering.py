"""The events of a whole dataset, brought from one of its states to the next without doing all of it anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from pressgauge.events.names import no_history, rename
from pressgauge.events.timeline import (
    NO_JOINS,
    OPEN,
    THRESHOLD,
    Timeline,
    advance,
    follow,
    runs,
    shuffled,
    timeline,
)
from pressgauge.events.timeline import weights as weigh
from pressgauge.events.vectors import Vectors, join, vectors
from pressgauge.events.weights import Weights
from pressgauge.languages import language_code

COLUMNS = ("id", "title", "text", "language", "published", "collected", "story")
"""What is read of an article."""
SMALL = 2_000
"""Up to so many articles the weights of words follow every change."""
GROWTH = 1.25
"""Beyond, they are taken anew, and all events with them, when the articles have become so many times more."""


class Names(NamedTuple):
    """The number of the event of some articles: `ids` and `event` (int64)."""

    ids: np.ndarray
    event: np.ndarray

    def of(self, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The event of each of these articles, 0 where that is not known, and whether it is (bool)."""
        at = pd.Index(self.ids).get_indexer(ids)
        is_known = at >= 0
        return np.where(is_known, np.append(self.event, 0)[at], 0), is_known


@dataclass(frozen=True)
class Words:
    """The vectors of articles by month: `months` has ids (int64) and vectors of each, read when asked for."""

    months: dict[int, tuple[np.ndarray, Vectors]] = field(default_factory=dict)
    load: Callable[[int], tuple[np.ndarray, Vectors]] | None = None

    def month(self, name: int) -> tuple[np.ndarray, Vectors]:
        if name not in self.months:
            if self.load is None:
                return np.zeros(0, np.int64), join([])
            self.months[name] = self.load(name)
        return self.months[name]

    def of(self, ids: np.ndarray, day: np.ndarray) -> Vectors:
        """The vectors of articles of these days, in this order."""
        months = month_of(day)
        parts, places = [], np.zeros(len(ids), np.int64)
        before = 0
        for name in np.unique(months).tolist():
            month_ids, words = self.month(name)
            rows = np.flatnonzero(months == name)
            places[rows] = before + pd.Index(month_ids).get_indexer(ids[rows])
            before += len(month_ids)
            parts.append(words)
        return join(parts).take(places)


@dataclass(frozen=True)
class Clustering:
    """Articles in the order of their days, one a row, with the event of each (int64 throughout).

    `day` counts from 1970 in UTC, by publication, or where that is unknown by collection. Copies of a text
    stand for one: `is_first` (bool) marks the first of each `story`, and only these have `began` and `square`
    of a Timeline, one a story in the same order. `changed_months` are those whose words differ from before.
    """

    id: np.ndarray
    day: np.ndarray
    story: np.ndarray
    event: np.ndarray
    is_first: np.ndarray
    line: Timeline
    weights: Weights | None
    weighed_size: int
    words: Words
    history: pd.DataFrame
    changed_months: frozenset[int] = frozenset()


def empty() -> Clustering:
    """What is known of no articles."""
    none = np.zeros(0, np.int64)
    line = Timeline(none, np.zeros(0), NO_JOINS)
    return Clustering(none, none, none, none, np.zeros(0, bool), line, None, 0, Words(), no_history())


def month_of(day: np.ndarray) -> np.ndarray:
    """The month of each day (int64, months since January 1970)."""
    return day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def days(frame: pd.DataFrame) -> np.ndarray:
    """The day of each article, int64 since 1970: of its publication, else of its collection, else 0."""
    moment = frame["published"]
    if "collected" in frame:
        moment = moment.fillna(frame["collected"])
    stamps = pd.DatetimeIndex(moment).as_unit("s")
    return np.where(stamps.isna(), 0, stamps.asi8 // 86_400)


def update(
    clusters: Clustering,
    removed_ids: np.ndarray,
    frames: Iterable[pd.DataFrame],
    at: pd.Timestamp,
    names: Names | None = None,
    *,
    threshold: float = THRESHOLD,
) -> Clustering:
    """The clustering after the articles `removed_ids` were taken out and those of `frames` (COLUMNS) put in.

    `at` is the time for the history. `names` are the events that articles had before, where it is not in
    `clusters`: an event keeps its number.
    """
    fresh, fresh_words = _read_frames(frames)
    is_removed = pd.Index(clusters.id).isin(np.union1d(removed_ids, fresh["id"].to_numpy()))
    if names is None:
        names = Names(clusters.id[is_removed], clusters.event[is_removed])
    rows = _article_rows(clusters, is_removed, fresh, names)
    is_first = ~rows["story"].duplicated().to_numpy()
    turned = rows["day"].to_numpy()[is_first != rows["was_told"].to_numpy()]
    dirty = np.unique(np.concatenate([clusters.day[is_removed], fresh["day"].to_numpy(), turned]))
    words, changed_months = _words_by_month(clusters, is_removed, fresh, fresh_words)
    clustering = _cluster_days(
        replace(clusters, words=words, changed_months=changed_months), rows[is_first], dirty, threshold
    )
    label = clustering.line.events()[pd.factorize(rows["story"])[0]]  # both by the stories' first articles
    ids = rows["id"].to_numpy()
    event, history = rename(label, rows["event"].to_numpy(), rows["known"].to_numpy(), ids, at)
    return replace(
        clustering,
        id=ids,
        day=rows["day"].to_numpy(),
        story=rows["story"].to_numpy(),
        event=event,
        is_first=is_first,
        history=pd.concat([clusters.history, history], ignore_index=True),
    )


def _read_frames(frames: Iterable[pd.DataFrame]) -> tuple[pd.DataFrame, Vectors]:
    """The id, day and story (int64) of articles, and their words."""
    parts, words = [pd.DataFrame({"id": [], "day": [], "story": []}, dtype="int64")], [join([])]
    for frame in frames:
        columns = {"id": frame["id"].to_numpy(), "day": days(frame), "story": frame["story"].to_numpy()}
        parts.append(pd.DataFrame(columns, dtype="int64"))
        words.append(
            vectors(frame["title"], frame["text"], frame["language"].map(language_code, na_action="ignore"))
        )
    return pd.concat(parts, ignore_index=True), join(words)


def _article_rows(
    clusters: Clustering, is_removed: np.ndarray, fresh: pd.DataFrame, names: Names
) -> pd.DataFrame:
    """All articles in order, without those that are removed and with the `fresh` ones: with what was known of
    them, and the number of the event that each was in (where `known`)."""
    stay, ids = np.flatnonzero(~is_removed), fresh["id"].to_numpy()
    is_first = clusters.is_first
    number, is_known = names.of(ids)
    rows = pd.DataFrame(
        {
            "id": np.concatenate([clusters.id[stay], ids]),
            "day": np.concatenate([clusters.day[stay], fresh["day"]]),
            "story": np.concatenate([clusters.story[stay], fresh["story"]]),
            "event": np.concatenate([clusters.event[stay], number]),
            "known": np.concatenate([np.ones(len(stay), bool), is_known]),
            "began": np.concatenate([_spread_values(is_first, clusters.line.began, 0)[stay], ids]),
            "square": np.concatenate(
                [_spread_values(is_first, clusters.line.square, 1)[stay], np.ones(len(ids))]
            ),
            "was_told": np.concatenate([is_first[stay], np.zeros(len(ids), bool)]),
        }
    )
    order = _in_order(rows["id"].to_numpy(), rows["day"].to_numpy(), len(stay))
    return rows.iloc[order].reset_index(drop=True)


def _in_order(ids: np.ndarray, day: np.ndarray, before: int) -> np.ndarray:
    """The order of articles by day and then by `shuffled` id (row numbers), the first `before` of which are
    in that order already: only the days of the others are sorted."""
    order = np.argsort(day, kind="stable")  # linear where most of it lies in order
    touched = np.isin(day[order], np.unique(day[before:]), kind="sort") if before else np.ones(len(day), bool)
    at = np.flatnonzero(touched)
    some = order[at]
    order[at] = some[np.lexsort((shuffled(ids[some]), day[some]))]
    return order


def _spread_values(is_first: np.ndarray, values: np.ndarray, other: float) -> np.ndarray:
    """Values of the rows that are first of a story, among all rows."""
    all_values = np.full(len(is_first), other, values.dtype)
    all_values[is_first] = values
    return all_values


def _words_by_month(
    clusters: Clustering, is_removed: np.ndarray, fresh: pd.DataFrame, fresh_words: Vectors
) -> tuple[Words, frozenset[int]]:
    """The words by month without the rows that left and with those that came, and which months changed."""
    months = dict(clusters.words.months)
    removed_months, fresh_months = month_of(clusters.day[is_removed]), month_of(fresh["day"].to_numpy())
    ids, removed_ids = fresh["id"].to_numpy(), clusters.id[is_removed]
    changed_months = frozenset([*removed_months.tolist(), *fresh_months.tolist()])
    for name in changed_months:
        month_ids, words = clusters.words.month(name)
        stay = np.flatnonzero(~np.isin(month_ids, removed_ids[removed_months == name]))
        new = np.flatnonzero(fresh_months == name)
        months[name] = (
            np.concatenate([month_ids[stay], ids[new]]),
            join([words.take(stay), fresh_words.take(new)]),
        )
    return Words(months, clusters.words.load), changed_months


def _cluster_days(
    clusters: Clustering, rows: pd.DataFrame, dirty: np.ndarray, threshold: float
) -> Clustering:
    """The events after articles of the `dirty` days changed; `rows` are the first of each story, with
    what they were before."""
    ids, day = rows["id"].to_numpy(), rows["day"].to_numpy()
    weights = clusters.weights
    if weights is None or len(ids) <= SMALL or len(ids) > GROWTH * clusters.weighed_size:
        words = clusters.words.of(ids, day)
        weights = weigh(words, ids, day)
        return replace(
            clusters,
            line=timeline(words, weights, ids, day, threshold=threshold),
            weights=weights,
            weighed_size=len(ids),
        )
    return replace(clusters, line=_repeat_days(clusters, weights, rows, dirty, threshold))


def _repeat_days(
    clusters: Clustering, weights: Weights, rows: pd.DataFrame, dirty: np.ndarray, threshold: float
) -> Timeline:
    """The timeline gone through from each dirty day on, until all is as it was before."""
    ids, day = rows["id"].to_numpy(), rows["day"].to_numpy()
    before, were = rows["began"].to_numpy(), rows["square"].to_numpy()
    began, square, joins = before.copy(), were.copy(), clusters.line.joins
    days = runs(day)
    first = np.array([day[begin] for begin, _ in days])
    dirty_days = np.unique(dirty)
    while len(dirty_days):
        at = int(np.searchsorted(first, dirty_days[0]))
        start = int(dirty_days[0])
        earlier, later, new_joins = joins[joins[:, 0] < start], joins[joins[:, 0] >= start], [NO_JOINS]
        oldest = int(np.searchsorted(day, start - OPEN))
        label = began.copy()
        label[oldest:] = follow(began[oldest:], earlier)
        until = None
        for begin, end in days[at:]:
            today = int(day[begin])
            passed = dirty_days[dirty_days < today]
            if until is None and len(passed) and today - int(passed[-1]) > OPEN:
                window = slice(int(np.searchsorted(day, today - OPEN)), begin)
                same = follow(before[window], np.concatenate([earlier, later[later[:, 0] < today]]))
                if np.array_equal(label[window], same) and np.allclose(square[window], were[window]):
                    until = today
                    break
            window = slice(int(np.searchsorted(day, today - OPEN)), end)
            words = clusters.words.of(ids[window], day[window])
            square[begin:end], label[begin:end] = 1.0, ids[begin:end]
            result = advance(
                weights.of(words),
                words,
                day[window],
                label[window],
                square[window],
                begin - window.start,
                threshold,
            )
            label[window] = result.label
            began[begin:end], square[begin:end] = result.label[begin - window.start :], result.square
            new_joins.append(result.joins)
        later_joins = NO_JOINS if until is None else later[later[:, 0] >= until]
        joins = np.concatenate([earlier, *new_joins, later_joins])
        dirty_days = dirty_days[:0] if until is None else dirty_days[dirty_days >= until]
    return Timeline(began, square, joins)
