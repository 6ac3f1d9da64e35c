"""A timeline brought up to date: the days on which something changed are gone through again, and those after
them, each in the neighbourhood of what is new there, until all is as it was before.

Whatever else was told on a day stays as it is, since it cannot have come together with anything that changed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from pressgauge.events.rows import Rows, is_among, runs
from pressgauge.events.timeline import NO_JOINS, OPEN, Timeline, advance, alike, day_units, follow
from pressgauge.events.vectors import Vectors, join
from pressgauge.events.weights import Weights

if TYPE_CHECKING:
    from scipy import sparse


class Gone(NamedTuple):
    """Articles that are in a timeline no more: the `day` of each and where it `began` (int64)."""

    day: np.ndarray
    began: np.ndarray


class Revision:
    """The timeline of `rows`, of which those with `was_first` were in one before, with these `joins`.

    `words` gives the vectors of some rows by their numbers.
    """

    def __init__(
        self,
        rows: Rows,
        joins: np.ndarray,
        gone: Gone,
        weights: Weights,
        words: Callable[[np.ndarray], Vectors],
        threshold: float,
    ) -> None:
        self._rows, self._joins, self._gone = rows, joins, gone
        self._weights, self._words, self._threshold = weights, words, threshold
        self._began, self._square = rows.began.copy(), rows.square.copy()
        self._weighed_days: dict[int, tuple[np.ndarray, Vectors]] = {}
        self._dirty = np.unique(np.concatenate([rows.day[~rows.was_first], gone.day]))
        # the days whose joins are found anew; a day that lost all of its articles has none
        self._joins_of = dict.fromkeys(self._dirty.tolist(), NO_JOINS)

    def timeline(self) -> Timeline:
        days, dirty = runs(self._rows.day), self._dirty
        first = np.array([self._rows.day[begin] for begin, _ in days], np.int64)
        at = int(np.searchsorted(first, dirty[0])) if len(dirty) else len(days)
        while at < len(days):
            if self._go_through(*days[at]):
                at += 1
                continue
            later = dirty[dirty > first[at]]
            at = int(np.searchsorted(first, later[0])) if len(later) else len(days)
        is_kept = ~np.isin(self._joins[:, 0], list(self._joins_of))
        joins = np.concatenate([self._joins[is_kept], *self._joins_of.values()])
        joins = joins[np.argsort(joins[:, 0], kind="stable")]
        return Timeline(self._began, self._square, joins)

    def _go_through(self, begin: int, end: int) -> bool:
        """Put the articles of a day into events again; False where all of that day is as it was."""
        rows, today = self._rows, int(self._rows.day[begin])
        at = np.arange(np.searchsorted(rows.day, today - OPEN), end)
        is_fresh = at >= begin
        then, joins_then = self._joins_between(today - OPEN, today), self._joins_between(today, today + 1)
        old_name = np.where(is_fresh, rows.id[at], follow(rows.began[at], then))
        old_group = np.where(is_fresh, rows.began[at], follow(old_name, joins_then))
        now = np.concatenate([then[~np.isin(then[:, 0], list(self._joins_of))], *self._new_joins(today)])
        name = np.where(is_fresh, rows.id[at], follow(self._began[at], now))

        is_changed = ~rows.was_first[at] | (name != old_name)
        is_changed |= ~is_fresh & ~np.isclose(self._square[at], rows.square[at])
        is_changed, is_loose = self._loose(today, is_changed, name, old_name, old_group)
        if not is_changed:
            return False
        unit = np.where(is_loose, name, old_group)
        is_open = self._neighbourhood(at, np.where(is_fresh, 1.0, self._square[at]), name, unit, is_loose)
        joins = [joins_then[is_among(joins_then[:, 2], old_group[~is_open])]]
        some = np.flatnonzero(is_open)
        if is_fresh[some].any():
            value, words = _taken(*self._weighed(at), some)
            square = np.where(is_fresh, 1.0, self._square[at])[some]
            own = int(np.searchsorted(at[some], begin))
            result = advance(value, words, rows.day[at[some]], name[some], square, own, self._threshold)
            own_rows = at[some[own:]]
            self._began[own_rows], self._square[own_rows] = result.label[own:], result.square
            joins.append(result.joins)
        self._joins_of[today] = np.concatenate(joins)
        return True

    def _joins_between(self, first: int, end: int) -> np.ndarray:
        """The joins of before, of these days."""
        return self._joins[slice(*np.searchsorted(self._joins[:, 0], [first, end]))]

    def _new_joins(self, today: int) -> list[np.ndarray]:
        """The joins that were found anew, of the days that an open event can have gone through."""
        return [self._joins_of[day] for day in range(today - OPEN, today) if day in self._joins_of]

    def _loose(
        self,
        today: int,
        is_changed: np.ndarray,
        name: np.ndarray,
        old_name: np.ndarray,
        old_group: np.ndarray,
    ) -> tuple[bool, np.ndarray]:
        """Whether anything was other before, and the rows (bool) of what was, or was joined with it."""
        gone = (self._gone.day >= today - OPEN) & (self._gone.day <= today)
        day, began = self._gone.day[gone], self._gone.began[gone]
        began = np.where(day < today, follow(began, self._joins_between(today - OPEN, today)), began)
        began = follow(began, self._joins_between(today, today + 1))
        loose = np.unique(np.concatenate([name[is_changed], old_name[is_changed]]))
        is_loose = is_among(name, loose) | is_among(old_name, loose)
        groups = np.unique(np.concatenate([old_group[is_loose], began]))
        return len(loose) + len(began) > 0, is_loose | is_among(old_group, groups)

    def _neighbourhood(
        self, at: np.ndarray, square: np.ndarray, name: np.ndarray, unit: np.ndarray, is_loose: np.ndarray
    ) -> np.ndarray:
        """Which rows (bool) may come together with loose ones today: all others are told of as before."""
        units = day_units(*self._weighed(at), self._rows.day[at], name, square)
        first = np.unique(units.owner, return_index=True)[1]
        return reach(units.rows, pd.factorize(unit[first])[0], is_loose[first], self._threshold)[units.owner]

    def _weighed(self, at: np.ndarray) -> tuple[np.ndarray, Vectors]:
        """The weights and words of some days' rows, which the next day asks for again."""
        days = self._rows.day[at]
        known = {day: each for day, each in self._weighed_days.items() if day >= days[0]}
        for begin, end in runs(days):
            if (day := int(days[begin])) not in known:
                words = self._words(at[begin:end])
                known[day] = self._weights.of(words, days[begin:end]), words
        self._weighed_days = known
        parts = [known[day] for day in sorted(known)]
        return np.concatenate([value for value, _ in parts]), join([words for _, words in parts])


def _taken(value: np.ndarray, words: Vectors, rows: np.ndarray) -> tuple[np.ndarray, Vectors]:
    """The weights and words of some of these rows."""
    is_taken = np.zeros(len(words), bool)
    is_taken[rows] = True
    return value[np.repeat(is_taken, np.diff(words.starts))], words.take(rows)


def reach(rows: sparse.csr_array, group: np.ndarray, start: np.ndarray, threshold: float) -> np.ndarray:
    """Which rows of length 1 (bool) may be joined with those at the `start` (bool), directly or not.

    Rows of one `group` (int64, from 0) were joined with each other and are reached together. The cosine of
    the sums of two sets of vectors that have no negative products is at most the root of the sum of the
    squared cosines of their pairs (Cauchy and Schwarz): where that is below the `threshold`, no part of one
    set can be joined with a part of the other.
    """
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    is_known, is_reached = np.zeros(len(group), bool), start
    ones: list[np.ndarray] = []
    others: list[np.ndarray] = []
    squares: list[np.ndarray] = []
    while len(front := np.flatnonzero(is_reached & ~is_known)):
        pairs = alike(rows, front, np.flatnonzero(~is_known), threshold)
        is_once = ~is_reached[pairs.column] | (pairs.column > pairs.row)
        ones.append(pairs.row[is_once])
        others.append(pairs.column[is_once])
        squares.append(pairs.cosine[is_once].astype(np.float64) ** 2)
        is_known[front] = True
        one, other, square = (np.concatenate(each) for each in (ones, others, squares))
        while True:
            size = int(group.max()) + 1
            between = sparse.coo_array((square, (group[one], group[other])), shape=(size, size)).tocsr()
            between = (between + between.T).tocoo()
            is_near = (between.data >= threshold**2) & (between.row != between.col)
            if not is_near.any():
                break
            near = (between.row[is_near], between.col[is_near])
            links = sparse.coo_array((np.ones(len(near[0])), near), shape=(size, size))
            group = connected_components(links, directed=False)[1][group]
        is_reached = np.isin(group, group[start])
    return is_reached
