"""Counting by period and by group on integer codes: what every measure stands on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from pressgauge.schema import NO_DAY

Freq = Literal["D", "W", "M"]
Unit = Literal["articles", "stories", "events"]
_NUMBERS = 1 << 16
"""What is counted at once, at most: larger tables are slower to fill than to fill twice."""


class Periods:
    """The consecutive days, ISO weeks or months of some articles, without a gap.

    `code` holds for each article its period's number (int32), -1 for an unknown date or a row that is not
    kept; `starts` the first day of each period and `ends` its last (datetime64[D], local days of `tz`);
    `day` the local day of each article (int32 days since 1970-01-01, NO_DAY where unknown); `empty` whether
    no article at all, kept or not, is of the period (bool).
    """

    def __init__(
        self, articles: pd.DataFrame, *, freq: Freq, tz: str = "UTC", keep: np.ndarray | None = None
    ) -> None:
        if freq not in ("D", "W", "M"):
            raise ValueError(f'freq is {freq!r}; expected "D", "W" or "M"')
        self.freq, self.tz = freq, tz
        self.day = local_days(articles, tz)
        known = (self.day > NO_DAY) & kept(articles, keep)
        self.code = np.full(len(articles), -1, dtype=np.int32)
        days = self.day[known]
        if not len(days):
            self.starts = self.ends = np.array([], dtype="datetime64[D]")
            self.partial = self.empty = np.array([], dtype=bool)
            return
        first, last = int(days.min()), int(days.max())
        number = _number(np.arange(first, last + 1), freq)
        self.code[known] = (number - number[0])[days - first]
        numbers = np.arange(number[0], number[-1] + 2)
        bounds = _start(numbers, freq)
        self.starts, self.ends = bounds[:-1], bounds[1:] - np.timedelta64(1, "D")
        self.empty = _none_between(self.day, bounds)
        self.partial = (self.starts < np.datetime64(first, "D")) | (
            self.ends > np.datetime64(_complete_until(articles, last, tz), "D")
        )

    def __len__(self) -> int:
        return len(self.starts)

    def stamps(self, *, ends: bool = False) -> pd.DatetimeIndex:
        """The first (or last) days as midnights of the time zone (datetime64[us, tz])."""
        return midnights(self.ends if ends else self.starts, self.tz)


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
            met = np.zeros(self.total, dtype=np.uint8)
            for bit, member in enumerate(some):
                met |= member.astype(np.uint8) << bit
            met = met[self.rows] if first is None else np.bitwise_or.reduceat(met[self.rows], first)
            shape = self.size, 1 << len(some)
            table = np.bincount((code << len(some)) | met, minlength=shape[0] * shape[1]).reshape(shape)
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
    if unit not in _COLUMNS:
        raise ValueError(f'unit is {unit!r}; expected "articles", "stories" or "events"')
    column = _COLUMNS[unit]
    return None if column is None else articles[column].to_numpy()


def kept(articles: pd.DataFrame, keep: np.ndarray | None) -> np.ndarray:
    """The rows to count as a bool array; None is all."""
    return np.ones(len(articles), dtype=bool) if keep is None else np.asarray(keep, dtype=bool)


def tidy(counts: dict[str, np.ndarray], **columns: np.ndarray | pd.Index) -> pd.DataFrame:
    """One row for each series and position: `columns` repeated, then series (category, in the order given)
    and n."""
    names = list(counts)
    size = len(next(iter(columns.values())))
    frame = pd.DataFrame({name: _repeat(values, len(names)) for name, values in columns.items()})
    codes = np.repeat(np.arange(len(names)), size)
    n = np.concatenate([counts[name] for name in names]) if names else np.array([], dtype=np.int64)
    series = pd.Categorical.from_codes(codes, pd.Index(names, dtype=object))
    return frame.assign(series=series, n=n.astype(np.int64))


def _repeat(values: np.ndarray | pd.Index, times: int) -> np.ndarray | pd.Index:
    if isinstance(values, pd.Index):
        return values[np.tile(np.arange(len(values)), times)]
    return np.tile(values, times)


def _none_between(days: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """Whether no day (int, NO_DAY where unknown) lies between two neighbouring bounds (datetime64[D]): a bool
    each."""
    first, last = (int(bound) for bound in bounds[[0, -1]].astype(np.int64))
    inside = days[(days >= first) & (days < last)]
    on_day = np.r_[0, np.cumsum(np.bincount(inside - first, minlength=last - first))]
    return np.diff(on_day[bounds.astype(np.int64) - first]) == 0


def _number(days: np.ndarray, freq: Freq) -> np.ndarray:
    if freq == "D":
        return days
    if freq == "W":
        return (days + 3) // 7  # 1970-01-01 was a Thursday
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _start(numbers: np.ndarray, freq: Freq) -> np.ndarray:
    if freq == "M":
        return numbers.astype("datetime64[M]").astype("datetime64[D]")
    return (numbers if freq == "D" else numbers * 7 - 3).astype("datetime64[D]")


def _complete_until(articles: pd.DataFrame, last: int, tz: str) -> int:
    """The last day that can be told to be over: the last with articles, unless they were collected on that
    very day."""
    if "collected" not in articles:
        return last
    newest = articles["collected"].max()
    if pd.isna(newest):
        return last
    today = (newest.tz_convert(tz).tz_localize(None) - pd.Timestamp(0)).days
    return min(last, today - 1)
