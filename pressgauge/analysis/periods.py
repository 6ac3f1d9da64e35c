"""Counting by period and by group on integer codes: what every measure stands on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import pandas as pd

from pressgauge.arguments import check_choice
from pressgauge.schema import NO_DAY

Freq = Literal["D", "W", "M", "Y"]
FREQUENCIES: tuple[Freq, ...] = get_args(Freq)
Unit = Literal["articles", "stories", "events"]
_NUMBERS = 1 << 16
"""What is counted at once, at most: larger tables are slower to fill than to fill twice."""


class Calendar:
    """The consecutive days, ISO weeks, months or years from a first to a last day (int, since 1970-01-01),
    without a gap; none of them without days.

    `starts` and `ends` are the first and last day of each (datetime64[D], local days of `tz`), `bounds` the
    days on which they begin and the one after the last (int64); `partial` whether the days span less than
    the period, or it is not over on the day `complete` (bool); `empty` whether no article at all is of the
    period (bool, false until it is told).
    """

    def __init__(
        self, first: int | None, last: int | None, *, freq: Freq, tz: str, complete: int | None = None
    ) -> None:
        check_choice("freq", freq, FREQUENCIES)
        self.freq, self.tz = freq, tz
        if first is None or last is None:
            self.starts = self.ends = np.array([], dtype="datetime64[D]")
            self.bounds = np.array([], dtype=np.int64)
            self.partial = self.empty = np.array([], dtype=bool)
            return
        numbers = number(np.array([first, last]), freq)
        bounds = _first_days(np.arange(numbers[0], numbers[1] + 2), freq)
        self.starts, self.ends = bounds[:-1], bounds[1:] - np.timedelta64(1, "D")
        self.bounds = bounds.astype(np.int64)
        over = last if complete is None else min(last, complete)
        self.partial = (self.starts < np.datetime64(first, "D")) | (self.ends > np.datetime64(over, "D"))
        self.empty = np.zeros(len(self), dtype=bool)

    def __len__(self) -> int:
        return len(self.starts)

    def stamps(self, *, ends: bool = False) -> pd.DatetimeIndex:
        """The first (or last) days as midnights of the time zone (datetime64[us, tz])."""
        return midnights(self.ends if ends else self.starts, self.tz)


class Periods(Calendar):
    """The calendar of some articles, and which period each is of.

    `code` holds for each article its period's number (int32), -1 for an unknown date or a row that is not
    kept; `day` the local day of each article (int32 days since 1970-01-01, NO_DAY where unknown). A period is
    `empty` when no article is of it, kept or not.
    """

    def __init__(
        self, articles: pd.DataFrame, *, freq: Freq, tz: str = "UTC", keep: np.ndarray | None = None
    ) -> None:
        self.day = local_days(articles, tz)
        is_dated = (self.day > NO_DAY) & kept_rows(articles, keep)
        self.code = np.full(len(articles), -1, dtype=np.int32)
        days = self.day[is_dated]
        if not len(days):
            super().__init__(None, None, freq=freq, tz=tz)
            return
        first, last = int(days.min()), int(days.max())
        super().__init__(first, last, freq=freq, tz=tz, complete=complete_until(articles, tz))
        numbers = number(np.arange(first, last + 1), freq)
        self.code[is_dated] = (numbers - numbers[0])[days - first]
        self.empty = _none_between(self.day, self.bounds)


def midnights(days: np.ndarray, tz: str) -> pd.DatetimeIndex:
    """Days (datetime64[D]) as the moments they begin in a time zone (datetime64[us, tz])."""
    naive = pd.DatetimeIndex(days.astype("datetime64[us]"))
    return naive.tz_localize(tz, ambiguous=np.ones(len(naive), dtype=bool), nonexistent="shift_forward")


def local_days(articles: pd.DataFrame, tz: str = "UTC") -> np.ndarray:
    """The day of each article in a time zone: int32 days since 1970-01-01, `schema.NO_DAY` where unknown.

    Uses the column `day` when the zone is UTC and it is there, else `published`. A date that the page gives
    without a time ("day" in published_precision) is that day everywhere. Raises
    zoneinfo.ZoneInfoNotFoundError.
    """
    if tz == "UTC" and "day" in articles:
        return articles["day"].to_numpy(dtype=np.int32)
    published = articles["published"]
    local = published.dt.tz_convert(tz).dt.tz_localize(None).to_numpy().astype("datetime64[D]")
    if "published_precision" in articles:
        utc = published.dt.tz_localize(None).to_numpy().astype("datetime64[D]")
        local = np.where((articles["published_precision"] == "day").to_numpy(dtype=bool), utc, local)
    return np.where(np.isnat(local), NO_DAY, local.astype(np.int64)).astype(np.int32)


class Groups:
    """Rows (a bool array) by an integer code from 0 to `size` - 1, to be counted many times.

    Rows of a negative code are left out. With `story` (see `counted_once`) a story or event counts once in a
    code: `rows` (row numbers) and `code` are then in order of code and story, and `pair` (int64) numbers
    both.
    """

    def __init__(
        self, code: np.ndarray, size: int, rows: np.ndarray, story: np.ndarray | None = None
    ) -> None:
        self.size, self.total = size, len(rows)
        self.rows = np.flatnonzero(rows & (code >= 0))
        self.code = code[self.rows]
        self.pair: np.ndarray | None = None
        if story is not None:
            number, stories = pd.factorize(story[self.rows])
            pair = self.code.astype(np.int64) * len(stories) + number
            order = np.argsort(pair)
            self.rows, self.code, self.pair = self.rows[order], self.code[order], pair[order]

    def count(self, members: Sequence[np.ndarray] = ()) -> tuple[np.ndarray, np.ndarray]:
        """How many articles or stories have each code (int64): those of each of `members` (bool, all rows),
        one a row, and all."""
        first = None if self.pair is None else np.flatnonzero(changes(self.pair))
        code = (self.code if first is None else self.code[first]).astype(np.intp)
        counts = [np.zeros((0, self.size), dtype=np.int64)]
        # The series that a row is in are the bits of a number, and each number is counted: one pass for all.
        at_once = max(1, min(8, (_NUMBERS // max(self.size, 1)).bit_length() - 1))
        for start in range(0, max(len(members), 1), at_once):
            some = members[start : start + at_once]
            bits = np.zeros(self.total, dtype=np.uint8)
            for bit, member in enumerate(some):
                bits |= member.astype(np.uint8) << bit
            bits = bits[self.rows] if first is None else np.bitwise_or.reduceat(bits[self.rows], first)
            shape = self.size, 1 << len(some)
            table = np.bincount((code << len(some)) | bits, minlength=shape[0] * shape[1]).reshape(shape)
            within = np.arange(shape[1]) >> np.arange(len(some))[:, None] & 1
            counts.append(within @ table.T)
        return np.concatenate(counts), table.sum(axis=1)


def changes(values: np.ndarray) -> np.ndarray:
    """Where a sorted array has another value than just before (bool, True for the first)."""
    return np.r_[np.ones(len(values[:1]), dtype=bool), values[1:] != values[:-1]]


_COLUMNS = {"articles": None, "stories": "story", "events": "event"}


def counted_once(articles: pd.DataFrame, unit: str) -> np.ndarray | None:
    """What is to be counted once, as the number of the story or event of each article; None when each article
    counts."""
    check_choice("unit", unit, tuple(_COLUMNS))
    column = _COLUMNS[unit]
    return None if column is None else articles[column].to_numpy()


def kept_rows(articles: pd.DataFrame, keep: np.ndarray | None) -> np.ndarray:
    """The rows to count as a bool array; None is all."""
    return np.ones(len(articles), dtype=bool) if keep is None else np.asarray(keep, dtype=bool)


def long(counts: dict[str, np.ndarray], size: int) -> tuple[pd.Categorical, np.ndarray]:
    """One row for each series and position, of which there are `size`: the series (in the order given), and n
    (int64)."""
    codes = np.repeat(np.arange(len(counts)), size)
    n = np.concatenate([np.array([], dtype=np.int64), *counts.values()])
    return pd.Categorical.from_codes(codes, pd.Index(list(counts), dtype=object)), n.astype(np.int64)


def _none_between(days: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """Whether no day (int, NO_DAY where unknown) lies between two neighbouring bounds (int64 days): a bool
    each."""
    first, last = int(bounds[0]), int(bounds[-1])
    inside = days[(days >= first) & (days < last)]
    on_day = np.r_[0, np.cumsum(np.bincount(inside - first, minlength=last - first))]
    return np.diff(on_day[bounds - first]) == 0


def number(days: np.ndarray, freq: Freq) -> np.ndarray:
    """The number of the day, ISO week, month or year of each day, counted from that of 1970-01-01 (int64)."""
    if freq == "D":
        return days
    if freq == "W":
        return (days + 3) // 7  # 1970-01-01 was a Thursday
    unit = f"datetime64[{freq}]"
    return days.astype("datetime64[D]").astype(unit).astype(np.int64)


def _first_days(numbers: np.ndarray, freq: Freq) -> np.ndarray:
    if freq in ("M", "Y"):
        return numbers.astype(f"datetime64[{freq}]").astype("datetime64[D]")
    return (numbers if freq == "D" else numbers * 7 - 3).astype("datetime64[D]")


def complete_until(articles: pd.DataFrame, tz: str = "UTC") -> int | None:
    """The last day that can be told to be over when something was published on it: the day before the newest
    article was collected; None where that is unknown."""
    newest = articles["collected"].max() if "collected" in articles else pd.NaT
    if pd.isna(newest):
        return None
    return (newest.tz_convert(tz).tz_localize(None) - pd.Timestamp(0)).days - 1
