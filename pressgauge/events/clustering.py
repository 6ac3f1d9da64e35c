"""The events of a whole dataset, brought from one of its states to the next without doing all of it anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from pressgauge.events.names import no_history, rename
from pressgauge.events.revision import Gone, Revision
from pressgauge.events.rows import Rows, is_among, with_firsts, with_fresh, without
from pressgauge.events.timeline import NO_JOINS, THRESHOLD, UNDATED, Timeline, follow, timeline
from pressgauge.events.timeline import weights as weigh
from pressgauge.events.vectors import Vectors, join, vectors
from pressgauge.events.weights import Weights
from pressgauge.languages import language_code
from pressgauge.store.memory import give_back

COLUMNS = ("id", "title", "text", "language", "published", "story")
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

    `day` counts from 1970 in UTC, by publication, and is UNDATED where that is unknown. Copies of a text
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
    """The day of publication of each article, int64 since 1970, UNDATED where that is unknown."""
    stamps = pd.DatetimeIndex(frame["published"]).as_unit("s")
    return np.where(stamps.isna(), UNDATED, stamps.asi8 // 86_400)


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
    is_removed = is_among(clusters.id, np.union1d(removed_ids, fresh["id"].to_numpy()))
    if names is None:
        names = Names(clusters.id[is_removed], clusters.event[is_removed])
    rows = _rows_after(clusters, is_removed, fresh, names)
    words, changed_months = _words_by_month(clusters, is_removed, fresh, fresh_words)
    del fresh_words
    give_back()  # what reading texts took
    clustering = _cluster_days(
        replace(clusters, words=words, changed_months=changed_months), rows, is_removed, threshold
    )
    line = clustering.line
    some = _changed_events(
        rows, clusters.line.joins, line, fresh["story"].to_numpy(), clusters.event[is_removed]
    )
    event, history = _rename_rows(rows, some, line, at)
    return replace(
        clustering,
        id=rows.id,
        day=rows.day,
        story=rows.story,
        event=event,
        is_first=rows.is_first,
        history=pd.concat([clusters.history, history], ignore_index=True),
    )


def _read_frames(frames: Iterable[pd.DataFrame]) -> tuple[pd.DataFrame, Vectors]:
    """The id, day and story (int64) of articles, and their words."""
    none = pd.DataFrame({"id": [], "day": [], "story": []}, dtype="int64"), join([])
    # by map, which lets go of a frame before it asks for the next: they hold texts
    parts, words = zip(none, *map(_read_frame, frames), strict=True)
    return pd.concat(parts, ignore_index=True), join(words)


def _read_frame(frame: pd.DataFrame) -> tuple[pd.DataFrame, Vectors]:
    """The same of some of them.

    An undated article has no words, so that nothing is like it: by words alone, all that was ever written of
    one company becomes one event.
    """
    columns = {"id": frame["id"].to_numpy(), "day": days(frame), "story": frame["story"].to_numpy()}
    is_dated = frame["published"].notna()
    title, text = frame["title"].where(is_dated), frame["text"].where(is_dated)
    words = vectors(title, text, frame["language"].map(language_code, na_action="ignore"))
    return pd.DataFrame(columns, dtype="int64"), words


def _rows_after(clusters: Clustering, is_removed: np.ndarray, fresh: pd.DataFrame, names: Names) -> Rows:
    """All articles in order, without those that are removed and with the `fresh` ones."""
    is_first, fresh_ids = clusters.is_first, fresh["id"].to_numpy()
    began, square = clusters.id.copy(), np.ones(len(clusters.id))
    began[is_first], square[is_first] = clusters.line.began, clusters.line.square
    were = np.ones(len(clusters.id), bool)
    old = Rows(
        clusters.id, clusters.day, clusters.story, is_first, is_first, clusters.event, were, began, square
    )
    number, is_known = names.of(fresh_ids)
    no = np.zeros(len(fresh_ids), bool)
    day, story = fresh["day"].to_numpy(), fresh["story"].to_numpy()
    new = Rows(fresh_ids, day, story, no, no, number, is_known, fresh_ids, np.ones(len(fresh_ids)))
    rows = with_fresh(without(old, is_removed), new)
    return with_firsts(rows, np.union1d(clusters.story[is_removed], story))


def _changed_events(
    rows: Rows, joins: np.ndarray, line: Timeline, fresh_stories: np.ndarray, left: np.ndarray
) -> np.ndarray:
    """The rows of all events that are not what they were, or may not be (int64, ascending).

    `joins` are those of the timeline before, `left` the numbers of the events that articles were taken from.
    An event is the same where its first articles began in the same events as before, and no join on the way
    from there is another one.
    """
    firsts = np.flatnonzero(rows.is_first)
    is_changed = ~rows.was_first[firsts] | (rows.began[firsts] != line.began)
    starts = np.concatenate([line.began[is_changed], _changed_joins(joins, line.joins)])
    changed = np.unique(follow(starts, line.joins))
    joined = line.joins[:, 1]
    names = np.concatenate([changed, joined[is_among(follow(joined, line.joins), changed)]])
    stories = np.concatenate([rows.story[firsts[is_among(line.began, names)]], fresh_stories])
    is_touched = is_among(rows.story, np.unique(stories))
    numbers = np.unique(np.concatenate([rows.event[is_touched & rows.is_known], left]))
    return np.flatnonzero(is_touched | (rows.is_known & is_among(rows.event, numbers)))


def _changed_joins(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """The old names in the joins that only one of two timelines has; a name is joined once at most."""
    at = pd.Index(before[:, 1]).get_indexer(after[:, 1])
    is_same = at >= 0
    is_same[is_same] = before[at[is_same], 2] == after[is_same, 2]
    is_gone = np.ones(len(before), bool)
    is_gone[at[is_same]] = False
    return np.concatenate([before[is_gone, 1], after[~is_same, 1]])


def _rename_rows(
    rows: Rows, some: np.ndarray, line: Timeline, at: pd.Timestamp
) -> tuple[np.ndarray, pd.DataFrame]:
    """The number of the event of each article, after the events of some rows were named anew, and the history
    of what changed."""
    first = np.cumsum(rows.is_first)[some[rows.is_first[some]]] - 1  # of the timeline's rows
    story, _ = pd.factorize(rows.story[some])  # numbered by the stories' first articles, as `first` is
    label = follow(line.began[first], line.joins)[story]
    numbers = rows.event[rows.is_known]
    event = rows.event.copy()
    event[some], history = rename(
        label, rows.event[some], rows.is_known[some], rows.id[some], at, taken=numbers
    )
    return event, history


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


def _cluster_days(clusters: Clustering, rows: Rows, is_removed: np.ndarray, threshold: float) -> Clustering:
    """The events after articles changed: `is_removed` (bool) marks those that were taken out."""
    firsts = without(rows, ~rows.is_first)
    weights, size = clusters.weights, len(firsts.id)

    def words(some: np.ndarray) -> Vectors:
        return clusters.words.of(firsts.id[some], firsts.day[some])

    if weights is None or size <= SMALL or size > GROWTH * clusters.weighed_size:
        vectors = words(np.arange(size))
        weights = weigh(vectors, firsts.id, firsts.day)
        line = timeline(vectors, weights, firsts.id, firsts.day, threshold=threshold)
        return replace(clusters, line=line, weights=weights, weighed_size=size)
    was, stays = clusters.id[clusters.is_first], rows.id[rows.was_first & rows.is_first]
    is_gone = is_removed[clusters.is_first] | ~is_among(was, stays)
    gone = Gone(clusters.day[clusters.is_first][is_gone], clusters.line.began[is_gone])
    revision = Revision(firsts, clusters.line.joins, gone, weights, words, threshold)
    return replace(clusters, line=revision.timeline())
