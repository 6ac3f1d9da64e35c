"""The events of a whole dataset, brought from one of its states to the next without doing all of it anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from pressgauge.clusters.names import no_history, rename
from pressgauge.clusters.timeline import NO_JOINS, OPEN, Timeline, advance, follow, runs, shuffled, timeline
from pressgauge.clusters.timeline import weights as weigh
from pressgauge.clusters.vectors import Vectors, join, vectors
from pressgauge.clusters.weights import Weights

COLUMNS = ("id", "title", "text", "language", "published", "collected", "story")
"""What is read of an article."""
SMALL = 2_000
"""Up to so many articles the weights of words follow every change."""
GROWTH = 1.25
"""Beyond, they are taken anew, and all events with them, when the articles have become so many times more."""


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
            there, words = self.month(name)
            rows = np.flatnonzero(months == name)
            places[rows] = before + pd.Index(there).get_indexer(ids[rows])
            before += len(there)
            parts.append(words)
        return join(parts).take(places)


@dataclass(frozen=True)
class Held:
    """Articles in the order of their days, one a row, with the event of each (int64 throughout).

    `day` counts from 1970 in UTC, by publication, or where that is unknown by collection. Copies of a text
    stand for one: `told` (bool) marks the first of each `story`, and only these have `began` and `square` of
    a Timeline, one a story in the same order. `changed` names the months whose words differ from before.
    """

    id: np.ndarray
    day: np.ndarray
    story: np.ndarray
    event: np.ndarray
    told: np.ndarray
    line: Timeline
    weights: Weights | None
    weighed: int
    words: Words
    history: pd.DataFrame
    changed: frozenset[int] = frozenset()


def nothing() -> Held:
    """What is held of no articles."""
    none = np.zeros(0, np.int64)
    line = Timeline(none, np.zeros(0), NO_JOINS)
    return Held(none, none, none, none, np.zeros(0, bool), line, None, 0, Words(), no_history())


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


def update(held: Held, gone: np.ndarray, frames: Iterable[pd.DataFrame], at: pd.Timestamp) -> Held:
    """What is held after articles `gone` (ids) were taken out and those of `frames` (COLUMNS) put in."""
    fresh, words = [pd.DataFrame({"id": [], "day": [], "story": []}, dtype="int64")], [join([])]
    for frame in frames:
        fresh.append(
            pd.DataFrame({"id": frame["id"], "day": days(frame), "story": frame["story"]}, dtype="int64")
        )
        words.append(vectors(frame["title"], frame["text"], frame["language"]))
    come, read = pd.concat(fresh, ignore_index=True), join(words)
    left = np.isin(held.id, np.union1d(gone, come["id"].to_numpy()))
    dirty = np.union1d(held.day[left], come["day"].to_numpy())
    kept = ~left
    rows = pd.DataFrame(
        {
            "id": np.concatenate([held.id[kept], come["id"]]),
            "day": np.concatenate([held.day[kept], come["day"]]),
            "story": np.concatenate([held.story[kept], come["story"]]),
            "event": np.concatenate([held.event[kept], come["id"]]),
            "known": np.arange(kept.sum() + len(come)) < kept.sum(),
            "began": np.concatenate([_spread(held.told, held.line.began, 0)[kept], come["id"]]),
            "square": np.concatenate([_spread(held.told, held.line.square, 1)[kept], np.ones(len(come))]),
            "was": np.concatenate([held.told[kept], np.zeros(len(come), bool)]),
        }
    )
    rows = rows.iloc[np.lexsort((shuffled(rows["id"].to_numpy()), rows["day"]))].reset_index(drop=True)
    told = ~rows["story"].duplicated().to_numpy()
    dirty = np.union1d(dirty, rows["day"][told != rows["was"].to_numpy()].to_numpy())
    kept_words, changed = _words(held, left, come, read)
    made = replace(
        held,
        id=rows["id"].to_numpy(),
        day=rows["day"].to_numpy(),
        story=rows["story"].to_numpy(),
        told=told,
        words=kept_words,
        changed=changed,
    )
    made = _settle(made, rows[told], dirty)
    label = made.line.events()[
        pd.factorize(made.story)[0]
    ]  # both in the order of the stories' first articles
    event, history = rename(label, rows["event"].to_numpy(), rows["known"].to_numpy(), made.id, at)
    return replace(made, event=event, history=pd.concat([held.history, history], ignore_index=True))


def _spread(told: np.ndarray, values: np.ndarray, other: float) -> np.ndarray:
    """Values of the rows that are told, among all rows."""
    spread = np.full(len(told), other, values.dtype)
    spread[told] = values
    return spread


def _words(held: Held, left: np.ndarray, come: pd.DataFrame, read: Vectors) -> tuple[Words, frozenset[int]]:
    """The words by month without the rows that left and with those that came, and which months changed."""
    months = dict(held.words.months)
    leaving, coming = month_of(held.day[left]), month_of(come["day"].to_numpy())
    ids, away = come["id"].to_numpy(), held.id[left]
    changed = frozenset([*leaving.tolist(), *coming.tolist()])
    for name in changed:
        there, words = held.words.month(name)
        stay = np.flatnonzero(~np.isin(there, away[leaving == name]))
        new = np.flatnonzero(coming == name)
        months[name] = np.concatenate([there[stay], ids[new]]), join([words.take(stay), read.take(new)])
    return Words(months, held.words.load), changed


def _settle(held: Held, rows: pd.DataFrame, dirty: np.ndarray) -> Held:
    """The events after articles of the `dirty` days changed; `rows` are those told, with what was found of
    them before."""
    ids, day = rows["id"].to_numpy(), rows["day"].to_numpy()
    weights = held.weights
    if weights is None or len(ids) <= SMALL or len(ids) > GROWTH * held.weighed:
        words = held.words.of(ids, day)
        weights = weigh(words, ids, day)
        return replace(held, line=timeline(words, weights, ids, day), weights=weights, weighed=len(ids))
    return replace(held, line=_again(held, weights, rows, dirty))


def _again(held: Held, weights: Weights, rows: pd.DataFrame, dirty: np.ndarray) -> Timeline:
    """The timeline gone through from each dirty day on, until all is as it was before."""
    ids, day = rows["id"].to_numpy(), rows["day"].to_numpy()
    before, were = rows["began"].to_numpy(), rows["square"].to_numpy()
    began, square, joins = before.copy(), were.copy(), held.line.joins
    days = runs(day)
    first = np.array([day[begin] for begin, _ in days])
    waiting = np.unique(dirty)
    while len(waiting):
        at = int(np.searchsorted(first, waiting[0]))
        start = int(waiting[0])
        earlier, later, made = joins[joins[:, 0] < start], joins[joins[:, 0] >= start], [NO_JOINS]
        oldest = int(np.searchsorted(day, start - OPEN))
        label = began.copy()
        label[oldest:] = follow(began[oldest:], earlier)
        until = None
        for begin, end in days[at:]:
            today = int(day[begin])
            passed = waiting[waiting < today]
            if until is None and len(passed) and today - int(passed[-1]) > OPEN:
                window = slice(int(np.searchsorted(day, today - OPEN)), begin)
                same = follow(before[window], np.concatenate([earlier, later[later[:, 0] < today]]))
                if np.array_equal(label[window], same) and np.allclose(square[window], were[window]):
                    until = today
                    break
            window = slice(int(np.searchsorted(day, today - OPEN)), end)
            words = held.words.of(ids[window], day[window])
            square[begin:end], label[begin:end] = 1.0, ids[begin:end]
            found = advance(
                weights.of(words), words, day[window], label[window], square[window], begin - window.start
            )
            label[window] = found.label
            began[begin:end], square[begin:end] = found.label[begin - window.start :], found.square
            made.append(found.joins)
        rest = NO_JOINS if until is None else later[later[:, 0] >= until]
        joins = np.concatenate([earlier, *made, rest])
        waiting = waiting[:0] if until is None else waiting[waiting >= until]
    return Timeline(began, square, joins)
