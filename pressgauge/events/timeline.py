"""Events day by day: what is published on one day joins the events that are still open, or begins new ones.

The events are a function of the articles and their days alone, not of the order in which they were collected:
a late article is dealt with by going through the days from its own again, until all is as before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from pressgauge.events.linkage import FAINT, agglomerate
from pressgauge.events.rows import runs, shuffled
from pressgauge.events.vectors import Vectors
from pressgauge.events.weights import Weights, weigh
from pressgauge.store.memory import give_back

if TYPE_CHECKING:  # a server whose events are up to date does without, and is ready sooner
    from scipy import sparse

THRESHOLD = 0.18
"""Cosine of two events' sums from which they are one; measured, see bench/EVENTS.md."""
CAUTIOUS = 0.2
"""The same for the provisional events that tell how rare a word is."""
MEMORY = 0.85
"""What is left of the likeness of two articles for each day between them."""
OPEN = 5
"""Days after its last article that an event can grow: by then MEMORY has left less than half."""
UNDATED = 1_000_000
"""The day of articles whose date is unknown: after all others, so that a dated copy of one goes before it."""
SAMPLE = 20_000
"""Articles that tell how rare a word is."""


class Timeline(NamedTuple):
    """The events of articles in the order of their days, one a row.

    `began` (int64) is the event that each row's article was put into on its day, named by the id of one of
    its first articles; `square` (float64) the square of that event's sum at the end of the day. Events that a
    later day joined are in `joins` (int64): day, old name, new name, in the order of days.
    """

    began: np.ndarray
    square: np.ndarray
    joins: np.ndarray

    def events(self) -> np.ndarray:
        """The event of each article (int64), as of the end of the last day."""
        return follow(self.began, self.joins)


NO_JOINS = np.zeros((0, 3), np.int64)


def weights(vectors: Vectors, ids: np.ndarray, day: np.ndarray) -> Weights:
    """How much each word tells, by the SAMPLE dated articles with the least `shuffled` ids; rows by day."""
    dated_ids = ids[: np.searchsorted(day, UNDATED)]
    some = np.sort(np.argsort(shuffled(dated_ids), kind="stable")[:SAMPLE])
    sample = vectors.take(some) if len(some) < len(vectors) else vectors
    plain = weigh(sample, np.arange(len(some)))
    event = timeline(sample, plain, ids[some], day[some], threshold=CAUTIOUS).events()
    give_back()  # what its days took
    return weigh(sample, pd.factorize(event)[0].astype(np.int64), day[some])


def timeline(
    vectors: Vectors, weights: Weights, ids: np.ndarray, day: np.ndarray, *, threshold: float = THRESHOLD
) -> Timeline:
    """The events of articles (unique `ids`, int64; rows by `day`, int64, and then by `shuffled` id)."""
    began, square, label = ids.copy(), np.ones(len(ids)), ids.copy()
    value = weights.of(vectors, day)
    joins = [NO_JOINS]
    for begin, end in runs(day):
        window = slice(int(np.searchsorted(day, day[begin] - OPEN)), end)
        words = value[vectors.starts[window.start] : vectors.starts[end]], vectors.part(window.start, end)
        result = advance(*words, day[window], label[window], square[window], begin - window.start, threshold)
        label[window] = result.label
        began[begin:end], square[begin:end] = result.label[begin - window.start :], result.square
        joins.append(result.joins)
    return Timeline(began, square, np.concatenate(joins))


class Day(NamedTuple):
    """What a day changed: the event of each row (`label`), the `square` of the event of each row of the day,
    and `joins` as in Timeline."""

    label: np.ndarray
    square: np.ndarray
    joins: np.ndarray


def advance(
    value: np.ndarray,
    vectors: Vectors,
    day: np.ndarray,
    label: np.ndarray,
    square: np.ndarray,
    begin: int,
    threshold: float = THRESHOLD,
) -> Day:
    """Put the articles of one day, rows from `begin` on, into the events of the OPEN days before.

    `label` names the event of each row, a fresh article's by its own id; `square` is that of the event at the
    end of the row's day, and 1 for a fresh one. `value` are the weights of the words in `vectors`.
    """
    today = int(day[-1])
    units = day_units(value, vectors, day, label, square)
    owner, names = units.owner, units.names
    fresh = np.zeros(len(names), bool)
    fresh[owner[begin:]] = True
    group, squares = agglomerate(_inner_products(units, fresh, threshold), units.length**2, threshold)
    # Two old events that no article of the day brought together stay apart: nothing new was told of them.
    # So an event changes only on days on which it has articles.
    has_fresh = np.bincount(group, fresh) > 0
    first = np.unique(group, return_index=True)[1]
    new_label = np.where(has_fresh[group], names[first][group], names)
    old = new_label != names
    old &= ~fresh
    joins = np.stack([np.full(old.sum(), today), names[old], new_label[old]], axis=1)
    return Day(new_label[owner], squares[group[owner[begin:]]], joins)


def follow(names: np.ndarray, joins: np.ndarray) -> np.ndarray:
    """The names of events after the joins, each of which leads from an old name to a new one, a name once."""
    if not len(joins):
        return names.copy()
    order = np.argsort(joins[:, 1])
    old, new = joins[order, 1], joins[order, 2]
    while True:  # each round doubles the way that is gone at once
        further = _places(old, new)
        if (further < 0).all():
            break
        new = np.where(further < 0, new, new[further])
    at = _places(old, names)
    return np.where(at < 0, names, new[at])


def _places(ascending: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Where each value stands among ascending ones, -1 where it does not."""
    at = np.minimum(np.searchsorted(ascending, values), len(ascending) - 1)
    return np.where(ascending[at] == values, at, -1)


class Units(NamedTuple):
    """What may be joined on a day, a row each: the events that are open, and its articles.

    `names` (int64) are theirs, `owner` (int64) is the one of each article. `length` (float64) is that of the
    sum of its words on the day of its last article; `rows` are these sums by that length, after they faded
    for the days since. Words that one row alone has are left out.
    """

    names: np.ndarray
    owner: np.ndarray
    rows: sparse.csr_array
    length: np.ndarray


def day_units(
    value: np.ndarray, vectors: Vectors, day: np.ndarray, label: np.ndarray, square: np.ndarray
) -> Units:
    """The units of the day of the last of these articles; arguments as in `advance`."""
    from scipy import sparse

    owner, names = pd.factorize(label)
    last = np.zeros(len(names), np.int64)
    last[owner] = np.arange(len(label))
    length = np.sqrt(square[last])
    share = (MEMORY ** (day[-1] - day).astype(np.float64) / length[owner]).astype(np.float32)
    column, words = pd.factorize(vectors.keys)
    each = sparse.csr_array((value, column, vectors.starts), shape=(len(vectors), len(words)))
    of = sparse.csr_array((share, (owner, np.arange(len(vectors)))), shape=(len(names), len(vectors)))
    sums = of @ each
    rows = sums[:, np.bincount(sums.indices, minlength=len(words)) > 1]
    return Units(names, owner, rows, length)


def _inner_products(units: Units, fresh: np.ndarray, threshold: float) -> sparse.coo_array:
    """Inner products of each fresh row with all, and of the others that some fresh one is close to with each
    other: what may be joined today. Those of rows that are only faintly alike are left out."""
    from scipy import sparse

    new, old = np.flatnonzero(fresh), np.flatnonzero(~fresh)
    within, across = alike(units.rows, new, new, threshold), alike(units.rows, new, old, threshold)
    near = np.unique(across.column[across.cosine >= threshold])
    parts = [within, across, across.turned(), alike(units.rows, near, near, threshold)]
    row, column = (np.concatenate([part[at] for part in parts]) for at in (0, 1))
    products = np.concatenate([part.cosine for part in parts]) * units.length[row] * units.length[column]
    return sparse.coo_array((products, (row, column)), shape=(len(fresh), len(fresh)))


class Alike(NamedTuple):
    """Pairs of rows by their numbers (int64), and their cosines."""

    row: np.ndarray
    column: np.ndarray
    cosine: np.ndarray

    def turned(self) -> Alike:
        return Alike(self.column, self.row, self.cosine)


def alike(rows: sparse.csr_array, ones: np.ndarray, others: np.ndarray, threshold: float) -> Alike:
    """The pairs of some rows, all of length 1, with others that are more than faintly alike."""
    cosines = rows[ones] @ rows[others].T
    # a common word makes very many pairs a little alike: they go before anything is done with them
    at = np.flatnonzero(cosines.data >= min(FAINT, threshold))
    row = np.repeat(ones, np.diff(np.searchsorted(at, cosines.indptr)))
    return Alike(row, others[cosines.indices[at]], cosines.data[at])
