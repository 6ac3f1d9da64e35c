"""The tables of `pressgauge.analysis`, counted from bitmaps: the same rows, whatever is filtered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pressgauge.analysis.outlets import lean_of, outlets_of
from pressgauge.analysis.periods import Calendar, Freq, Unit, number
from pressgauge.analysis.volume import volume_columns, volume_of
from pressgauge.bitmaps.index import BitmapIndex, Order, Rows, Values
from pressgauge.schema import NO_DAY


class Tally:
    """What there is of some series (sets of an index, by name) in a set that is kept of it.

    `unit` says whether articles count, or stories or events once each. Days are those of UTC.
    """

    def __init__(self, series: Mapping[str, Rows], keep: Rows, unit: Unit = "articles") -> None:
        self.index: BitmapIndex = keep.index
        self.unit, self.kept = unit, keep
        self._series = {name: rows & keep for name, rows in series.items()}

    def total(self, rows: Rows | None = None) -> int:
        """How many articles, stories or events the kept set has in common with `rows`, all by default."""
        order = self.index.order(unit=self.unit)
        return int(self._by_group(self.kept if rows is None else self.kept & rows, order)[0])

    def volume(self, freq: Freq = "W") -> pd.DataFrame:
        """`analysis.volume` of them."""
        return volume_of(*self._counted(freq))

    def volume_columns(self, freq: Freq = "W") -> dict[str, Any]:
        """The columns of `volume`, as `analysis.volume.volume_columns` says."""
        return volume_columns(*self._counted(freq))

    def _counted(self, freq: Freq) -> tuple[Calendar, dict[str, np.ndarray], np.ndarray, list[int], Unit]:
        """What the table of volume is made of."""
        calendar = self._own_calendar(freq)
        (collected, _), *each = self._by_period([self.kept, *self._series.values()], calendar)
        counts = dict(zip(self._series, (n for n, _ in each), strict=True))
        return calendar, counts, collected, [undated for _, undated in each], self.unit

    def outlets(self, by: str = "outlet") -> pd.DataFrame:
        """`analysis.outlets` of them, by outlet or another column of categories."""
        collected, *n = self._by_category(by, [self.kept, *self._series.values()])
        counts = dict(zip(self._series, n, strict=True))
        return outlets_of(by, self.index.categories(by), counts, collected, self.unit)

    def lean(self, sides: tuple[str, str], prior: float = 10.0) -> pd.DataFrame:
        """`analysis.lean` of two of the series."""
        n = np.array(self._by_category("outlet", [self._series[side] for side in sides]), dtype=float)
        return lean_of(self.index.categories("outlet"), n, prior).assign(unit=self.unit)

    def there(self, by: str = "outlet") -> np.ndarray:
        """Which categories of a column have any of the kept articles (bool, in their order)."""
        return self._by_category(by, [self.kept])[0] > 0

    def _by_category(self, by: str, sets: list[Rows]) -> list[np.ndarray]:
        order, size = self.index.order(by, self.unit), len(self.index.categories(by))
        counts = []
        for rows in sets:
            n = np.zeros(size + 1, dtype=np.int64)  # the last is -1, unknown, which is in no row
            n[order.groups] = self._by_group(rows, order)
            counts.append(n[:size])
        return counts

    def _by_group(self, rows: Rows, order: Order) -> np.ndarray:
        words = rows.words(order)
        if order.segments is not None:
            return order.segments.counts(words, order.starts)
        return np.diff(rows.rank(order, order.starts))

    def _by_period(self, sets: list[Rows], calendar: Calendar) -> list[tuple[np.ndarray, int]]:
        """The number in each period of a calendar that spans them, and that of the undated, of each set."""
        if self.unit == "articles":
            order, groups = self._order_by_day()
            places = order.places(np.append(NO_DAY + 1, calendar.bounds), groups)
            starts = np.column_stack([order.starts[groups], places])
            counts = [np.diff(rows.rank(order, starts), axis=1).sum(axis=0) for rows in sets]
            return [(n[2:], int(n[0])) for n in counts]
        order = self.index.order(calendar.freq, self.unit)
        numbers = number(calendar.bounds[:-1], calendar.freq).tolist()
        result = []
        for rows in sets:
            n = dict(zip(order.groups.tolist(), self._by_group(rows, order).tolist(), strict=True))
            result.append((np.array([n.get(each, 0) for each in numbers], np.int64), n.get(NO_DAY, 0)))
        return result

    def _own_calendar(self, freq: Freq) -> Calendar:
        """The periods from the first to the last day of what is kept."""
        order, groups = self._order_by_day()
        dated = order.places(np.array([NO_DAY + 1]), groups)[:, 0]
        first = self.kept.rank(order, dated)
        after = self.kept.rank(order, order.starts[groups + 1])
        some = after > first
        if not some.any():
            return Calendar(None, None, freq=freq, tz="UTC")
        days = [order.day[self.kept.select(order, at)] for at in (first[some], after[some] - 1)]
        calendar = Calendar(
            int(days[0].min()), int(days[1].max()), freq=freq, tz="UTC", complete=self.index.complete
        )
        everything = self.index.order().places(calendar.bounds, np.zeros(1, dtype=np.int64))
        calendar.empty = np.diff(everything[0]) == 0
        return calendar

    def _order_by_day(self) -> tuple[Order, np.ndarray]:
        """Rows by day, and the groups of them that are asked for: those of a few outlets or countries where
        the kept set is of these alone, else all in one."""
        order = self.index.order()
        for part in self.kept.parts:
            if isinstance(part, Values):
                by = self.index.order(part.column)
                groups = part.groups(by)
                if len(groups) <= _FEW:
                    return by, groups
        return order, np.zeros(1, dtype=np.int64)


_FEW = 100
"""Groups up to which each is asked by itself for what it has on some days."""


def tally(index: BitmapIndex, membership: pd.DataFrame, keep: np.ndarray, **options: Any) -> Tally:
    """A tally of bool columns in the rows to keep: what the measures of `analysis` take."""
    series = {str(name): index.mask(membership[name].to_numpy(dtype=bool)) for name in membership}
    return Tally(series, index.mask(keep), **options)
