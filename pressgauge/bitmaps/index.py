"""The orders in which articles are counted, and sets of articles as a bitmap in each of them.

Ordered by day, the articles of a period lie together; ordered by outlet and day, so do those of an outlet in
a period; ordered by period and story, the copies of a story in one. A filter is then a few ranges of rows, a
topic a bitmap, and what is in both is counted 64 articles at a time.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from datetime import date
from functools import partial, reduce
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd

from pressgauge.analysis.periods import FREQUENCIES, Freq, Unit, complete_until, counted_once, number
from pressgauge.bitmaps import bits
from pressgauge.schema import EPOCH, NO_DAY

By = str
"""What rows are grouped by: nothing ("all"), a period (see FREQUENCIES), or a column of categories."""
_REMEMBERED = 64
_FEW = 8
"""Up to one article in so many each is looked up in an order; of more, an array of all is put in order."""
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Order:
    """Rows (int32, their numbers) in the order of their group, and in it of their day, or of their story.

    `groups` are the groups there are, ascending (int64: 0, the number of a period with NO_DAY for the
    undated, or a category's code with -1 for unknown), `starts` the place at which each begins, and at last
    their number (int64). `day` is each row's (int32). `segments` are the rows that count once together; None
    where every article counts.
    """

    by: By
    unit: Unit
    rows: np.ndarray
    day: np.ndarray
    groups: np.ndarray
    starts: np.ndarray
    segments: bits.Segments | None = None

    @property
    def key(self) -> tuple[By, Unit]:
        return self.by, self.unit

    def places(self, days: np.ndarray, groups: np.ndarray) -> np.ndarray:
        """Where in each of these groups (their places in `groups`) the rows of these days or later begin:
        int64, a row a group. Of an order by day only."""
        days = days.astype(np.int32)  # of another type, they would have all rows copied into it
        places_of = [
            start + np.searchsorted(self.day[start:end], days)
            for start, end in zip(self.starts[groups], self.starts[groups + 1], strict=True)
        ]
        return np.array(places_of, dtype=np.int64).reshape(len(groups), len(days))


class BitmapIndex:
    """The articles of a frame that nobody changes, in the orders that were asked for: made once, shared by
    all who count. The frame has `day`, the columns that are grouped or filtered by, and `story` and `event`
    where these are counted."""

    def __init__(self, articles: pd.DataFrame) -> None:
        self.articles, self.size = articles, len(articles)
        self._cache: dict[Hashable, Any] = {}
        self._sets: dict[Hashable, Rows] = {}

    def order(self, by: By = "all", unit: Unit = "articles") -> Order:
        """The rows grouped by `by`; in a group by day, or with unit "stories" or "events" by these."""
        make = self._by_day if unit == "articles" else partial(self._once_each, unit=unit)
        return self._cached((by, unit), lambda: make(by))

    def column(self, name: str, order: Order) -> np.ndarray:
        """The codes of a column of categories in an order."""

        def make() -> np.ndarray:
            return self._codes_of(name)[order.rows]

        return self._cached(("column", name, order.key), make)

    @property
    def complete(self) -> int | None:
        """See `periods.complete_until`."""
        return self._cached("complete", lambda: complete_until(self.articles))

    def rows(self, key: Hashable, make: Callable[[], Rows]) -> Rows:
        """The same set for the same key, so that its bitmaps are made once; of the latest keys only."""
        self._sets[key] = rows = self._sets.pop(key, None) or make()
        if len(self._sets) > _REMEMBERED:
            self._sets.pop(next(iter(self._sets)), None)  # another thread may have done so
        return rows

    def days(self, since: date | None = None, until: date | None = None) -> Rows:
        """The dated articles of these days of UTC (both included, None is open)."""
        return self.rows(("days", since, until), lambda: _Days(self, since, until))

    def values(self, column: str, values: Collection[str]) -> Rows:
        """The articles with one of these values in a column."""
        sought = frozenset(values)
        return self.rows(("values", column, sought), lambda: Values(self, column, sought))

    def mask(self, mask: np.ndarray) -> Mask:
        """The articles of a bool array over the rows of the frame, which nobody changes."""
        return Mask(self, mask)

    def found(self, rows: np.ndarray) -> Rows:
        """The articles in these rows of the frame (integers, each once), which nobody changes."""
        if _FEW * len(rows) <= self.size:
            return _Found(self, rows)
        return self.mask(bits.mask(rows, self.size))

    def places(self, order: Order) -> np.ndarray:
        """Where in an order each row of the frame lies (int32)."""

        def make() -> np.ndarray:
            places = np.empty(self.size, dtype=np.int32)
            places[order.rows] = np.arange(self.size, dtype=np.int32)
            return places

        return self._cached(("places", order.key), make)

    @property
    def all(self) -> Rows:
        """All articles."""
        return self.rows("all", lambda: _All(self))

    @property
    def undated(self) -> Rows:
        """The articles without a known date."""
        return self.rows("undated", lambda: self.all - self.days())

    def categories(self, column: str) -> pd.Index:
        """The values of a column, in the order of their codes."""
        return self._categorical(column).categories

    def _codes_of(self, column: str) -> np.ndarray:
        return self._categorical(column).codes

    def _categorical(self, column: str) -> pd.Categorical:
        return self._cached(("categories", column), lambda: pd.Categorical(self.articles[column]))

    def _by_day(self, by: By) -> Order:
        if by == "all":
            day = self.articles["day"].to_numpy(dtype=np.int32)
            rows = _sorted_rows(day)
            return Order(by, "articles", rows, day[rows], np.zeros(1, np.int64), np.array([0, self.size]))
        daily = self.order()
        code = self._codes_of(by)[daily.rows]
        by_code = _sorted_rows(code)
        groups, starts = _run_starts(code[by_code])
        return Order(by, "articles", daily.rows[by_code], daily.day[by_code], groups, starts)

    def _once_each(self, by: By, unit: Unit) -> Order:
        day = self.articles["day"].to_numpy(dtype=np.int32)
        group = self._groups_of(by, day)
        each, _ = pd.factorize(np.asarray(counted_once(self.articles, unit)))
        rows = np.lexsort((each, group)).astype(np.int32)
        group, each = group[rows], each[rows]
        groups, starts = _run_starts(group)
        last = np.ones(len(rows), dtype=bool)
        last[:-1] = (group[1:] != group[:-1]) | (each[1:] != each[:-1])
        return Order(by, unit, rows, day[rows], groups, starts, bits.Segments(last))

    def _groups_of(self, by: By, day: np.ndarray) -> np.ndarray:
        if by == "all":
            return np.zeros(self.size, dtype=np.int8)
        if by not in FREQUENCIES:
            return self._codes_of(by)
        return np.where(day == NO_DAY, NO_DAY, number(np.where(day == NO_DAY, 0, day), cast(Freq, by)))

    def _cached(self, key: Hashable, make: Callable[[], T]) -> T:
        if key not in self._cache:
            self._cache[key] = make()
        value: T = self._cache[key]
        return value


class Rows(ABC):
    """A set of the articles of an index, whose bitmap in an order is made when it is first asked for."""

    def __init__(self, index: BitmapIndex) -> None:
        self.index = index
        self._words: dict[tuple[By, Unit], np.ndarray] = {}
        self._before: dict[tuple[By, Unit], np.ndarray] = {}

    def words(self, order: Order) -> np.ndarray:
        """The bitmap (`bits`) of the set in an order of its index."""
        if order.key not in self._words:
            self._words[order.key] = self._make_bitmap(order)
        return self._words[order.key]

    def rank(self, order: Order, places: np.ndarray) -> np.ndarray:
        """How many of the set come before each of these places in an order (`bits.rank`)."""
        return bits.rank(self.words(order), self._ranks_in(order), places)

    def select(self, order: Order, numbers: np.ndarray) -> np.ndarray:
        """The places in an order of the members with these numbers, counted from 0 in it (`bits.select`)."""
        return bits.select(self.words(order), self._ranks_in(order), numbers)

    def _ranks_in(self, order: Order) -> np.ndarray:
        if order.key not in self._before:
            self._before[order.key] = bits.ranks(self.words(order))
        return self._before[order.key]

    @property
    def mask(self) -> np.ndarray:
        """The set as a bool array over the rows of the frame."""
        order = self.index.order()
        mask = np.empty(self.index.size, dtype=bool)
        mask[order.rows] = bits.unpack(self.words(order), self.index.size)
        return mask

    @property
    def parts(self) -> tuple[Rows, ...]:
        """Sets of which this one is what they have in common."""
        return (self,)

    def __and__(self, other: Rows) -> Rows:
        return _Combined(np.bitwise_and, (self, other))

    def __or__(self, other: Rows) -> Rows:
        return _Combined(np.bitwise_or, (self, other))

    def __sub__(self, other: Rows) -> Rows:
        return _Combined(_and_not, (self, other))

    def __invert__(self) -> Rows:
        return self.index.all - self

    @abstractmethod
    def _make_bitmap(self, order: Order) -> np.ndarray: ...


def _and_not(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return first & ~second


class _All(Rows):
    def _make_bitmap(self, order: Order) -> np.ndarray:
        return bits.spans(np.array([0]), np.array([self.index.size]), self.index.size)


class Mask(Rows):
    """The articles for which a bool array, in the order of the snapshot, is true."""

    def __init__(self, index: BitmapIndex, mask: np.ndarray) -> None:
        super().__init__(index)
        self._mask = mask

    @property
    def mask(self) -> np.ndarray:
        return self._mask

    def _make_bitmap(self, order: Order) -> np.ndarray:
        return bits.pack(self._mask[order.rows])


class _Found(Rows):
    """Few articles, by their rows: a bool array of all is made for whom it is asked, and not kept."""

    def __init__(self, index: BitmapIndex, rows: np.ndarray) -> None:
        super().__init__(index)
        self._rows = rows

    @property
    def mask(self) -> np.ndarray:
        return bits.mask(self._rows, self.index.size)

    def _make_bitmap(self, order: Order) -> np.ndarray:
        return bits.pack(bits.mask(self.index.places(order)[self._rows], self.index.size))


class _Days(Rows):
    def __init__(self, index: BitmapIndex, since: date | None, until: date | None) -> None:
        super().__init__(index)
        self._since = NO_DAY + 1 if since is None else (since - EPOCH).days
        self._end = None if until is None else (until - EPOCH).days + 1

    def _make_bitmap(self, order: Order) -> np.ndarray:
        if order.segments is not None:
            inside = order.day >= self._since
            if self._end is not None:
                inside &= order.day < self._end
            return bits.pack(inside)
        groups = np.arange(len(order.groups))
        starts = order.places(np.array([self._since]), groups)[:, 0]
        ends = order.starts[1:]
        if self._end is not None:
            ends = np.maximum(starts, order.places(np.array([self._end]), groups)[:, 0])
        return bits.spans(starts, ends, self.index.size)


class Values(Rows):
    """The articles with some values in a column: whole groups of the order by that column."""

    def __init__(self, index: BitmapIndex, column: str, values: frozenset[str]) -> None:
        super().__init__(index)
        self.column = column
        self._is_sought = index.categories(column).isin(list(values))

    def groups(self, order: Order) -> np.ndarray:
        """The places of these values in the groups of the order by their column."""
        return np.flatnonzero(np.append(self._is_sought, False)[order.groups])

    def _make_bitmap(self, order: Order) -> np.ndarray:
        if order.by == self.column:
            groups = self.groups(order)
            return bits.spans(order.starts[groups], order.starts[groups + 1], self.index.size)
        codes = self.index.column(self.column, order)
        return bits.pack(bits.lookup(np.append(self._is_sought, False), codes))  # the last is of -1, unknown


class _Combined(Rows):
    def __init__(self, how: Callable[[np.ndarray, np.ndarray], np.ndarray], parts: tuple[Rows, ...]) -> None:
        super().__init__(parts[0].index)
        self._operator, self._parts = how, parts

    @property
    def parts(self) -> tuple[Rows, ...]:
        if self._operator is not np.bitwise_and:
            return (self,)
        return tuple(part for each in self._parts for part in each.parts)

    def _make_bitmap(self, order: Order) -> np.ndarray:
        return reduce(self._operator, (part.words(order) for part in self._parts))


def _sorted_rows(values: np.ndarray) -> np.ndarray:
    """The rows (int32) in the order of integers, equal ones in theirs: small ones need a pass, not a sort."""
    if not len(values):
        return np.empty(0, np.int32)
    dated = values[values != NO_DAY]
    low = int(dated.min()) if len(dated) else 0
    if len(dated) and int(dated.max()) - low < 2**16 - 1:
        values = np.where(values == NO_DAY, 0, values.astype(np.int64) - low + 1).astype(np.uint16)
    return np.argsort(values, kind="stable").astype(np.int32)


def _run_starts(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different values of a sorted array (int64), and where each begins, and the end (int64)."""
    starts = np.flatnonzero(np.append(True, values[1:] != values[:-1])[: len(values)])
    return values[starts].astype(np.int64), np.append(starts, len(values)).astype(np.int64)
