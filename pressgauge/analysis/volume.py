"""Volume: how much is published over time, raw and as a share of everything collected."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from pressgauge.analysis.intervals import wilson
from pressgauge.analysis.periods import (
    Calendar,
    Freq,
    Groups,
    Periods,
    Unit,
    counted_once,
    kept_rows,
    local_days,
    long,
    midnights,
)
from pressgauge.schema import NO_DAY

COLUMNS = (
    "period", "series", "n", "collected", "share", "low", "high", "partial", "gap", "until", "undated",
    "unit", "freq",
)  # fmt: skip
_CELLS = 50_000_000
"""Outlets times days that are counted in one table, which is then smaller than half a gigabyte."""

_PRESENCE = (
    "outlet", "n", "first", "last", "silence", "starts", "stops", "gap", "gap_since",
    "gap_until", "throughout",
)  # fmt: skip
_RHYTHM = 5
"""Days with articles from which an outlet's usual distance between two of them is told."""
_UNUSUAL = 5
"""How many such distances a silence lasts that is not the outlet's way."""


def volume(
    articles: pd.DataFrame,
    membership: pd.DataFrame,
    *,
    freq: Freq = "W",
    unit: Unit = "articles",
    tz: str = "UTC",
    keep: np.ndarray | None = None,
    balanced: bool = False,
) -> pd.DataFrame:
    """Count the kept articles of each series in each period, and their share of all that was collected in it.

    One row a series and period, missing periods as zeros: period (datetime64[us, tz], its first midnight),
    series (category), n (int64), collected (int64, all kept articles of the period), share (float64
    n/collected, NaN without any), low, high (95 % interval of share, Wilson 1927), partial (bool, the kept
    articles do not span the period), gap (bool, not one article was collected in the period, kept or not),
    undated (int64, kept articles of the series without a date, in no
    period), unit, freq. Periods are days, ISO weeks, months or years of the time zone `tz`. With unit
    "stories" a story counts once in a period, with "events" an event. `balanced=True` counts only outlets
    present throughout (see `presence`), so that a new source does not look like a new interest.
    """
    rows = kept_rows(articles, keep)
    if balanced:
        rows = rows & _is_steady(articles, rows, tz)
    periods = Periods(articles, freq=freq, tz=tz, keep=rows)
    story = counted_once(articles, unit)
    members = {str(name): membership[name].to_numpy(dtype=bool) for name in membership}
    dated = Groups(periods.code, len(periods), rows, story)
    unknown = Groups(np.zeros(len(articles), dtype=np.int8), 1, rows & (periods.day == NO_DAY), story)
    n, collected = dated.count(list(members.values()))
    undated = unknown.count(list(members.values()))[0][:, 0].tolist()
    counts = dict(zip(members, n, strict=True))
    return volume_of(periods, counts, collected, undated, unit)


def volume_of(
    calendar: Calendar, counts: dict[str, np.ndarray], collected: np.ndarray, undated: list[int], unit: Unit
) -> pd.DataFrame:
    """`volume`'s table of what was counted: by period for each series and for all, and without a date for
    each series."""
    of = volume_columns(calendar, counts, collected, undated, unit)
    moments = {name: midnights(of[name], calendar.tz) for name in ("period", "until")}
    return pd.DataFrame({**of, **moments}, copy=False)


def volume_columns(
    calendar: Calendar, counts: dict[str, np.ndarray], collected: np.ndarray, undated: list[int], unit: Unit
) -> dict[str, Any]:
    """The columns of `volume_of` by name, which a chart is drawn of sooner than of a table: arrays, `period`
    and `until` as local days (datetime64[D]), `unit` and `freq` as the one value of all rows."""
    size, times = len(calendar), len(counts)
    series, n = long(counts, size)
    of = np.tile(collected, times)
    low, high = wilson(n, of)
    return {
        "period": np.tile(calendar.starts, times),
        "series": series,
        "n": n,
        "collected": of,
        "share": n / np.where(of > 0, of, np.nan),
        "low": low,
        "high": high,
        "partial": np.tile(calendar.partial, times),
        "gap": np.tile(calendar.empty, times),
        "until": np.tile(calendar.ends, times),
        "undated": np.repeat(np.array(undated, dtype=np.int64), size),
        "unit": unit,
        "freq": calendar.freq,
    }


def volume_by(
    articles: pd.DataFrame,
    membership: pd.DataFrame,
    *,
    by: Literal["outlet", "country", "language", "domain", "source"] = "outlet",
    limit: int = 12,
    freq: Freq = "W",
    unit: Unit = "articles",
    tz: str = "UTC",
    keep: np.ndarray | None = None,
) -> pd.DataFrame:
    """`volume` of the articles of each outlet (or country ...) by itself, for the `limit` of them with most
    articles of any series: its table, with the column of `by` (category, in that order) in front.

    Shares are of what that outlet published. An outlet has no row before its first and after its last period.
    """
    rows = kept_rows(articles, keep)
    code, names = articles[by].cat.codes.to_numpy(), articles[by].cat.categories
    is_counted = rows & membership.to_numpy(dtype=bool).any(axis=1) & (code >= 0)
    n = np.bincount(code[is_counted], minlength=len(names))
    order = np.argsort(-n, kind="stable")
    largest = order[n[order] > 0][:limit]
    tables = [
        volume(articles, membership, freq=freq, unit=unit, tz=tz, keep=rows & (code == number))
        for number in largest.tolist()
    ]
    size = [len(table) for table in tables]
    table = pd.concat(tables, ignore_index=True) if tables else volume(articles.iloc[:0], membership.iloc[:0])
    group_code = np.repeat(np.arange(len(largest)), size).astype(np.int64)
    table.insert(0, by, pd.Series(pd.Categorical.from_codes(group_code, names[largest])))
    return table


def rolling(table: pd.DataFrame, periods: int) -> pd.DataFrame:
    """`volume`'s table with the trailing mean over `periods` periods: n_mean, and share_mean (sum of n over
    sum of collected).

    NaN until so many periods have passed. Dividing sums keeps a thin day from weighing as much as a full one.
    """
    groups = table.groupby("series", observed=True, sort=False)[["n", "collected"]]
    sums = groups.rolling(periods).sum().round().droplevel(0).loc[table.index]  # of whole numbers
    share = sums["n"] / sums["collected"].where(sums["collected"] > 0)
    return table.assign(n_mean=sums["n"] / periods, share_mean=share)


def presence(articles: pd.DataFrame, *, tz: str = "UTC", keep: np.ndarray | None = None) -> pd.DataFrame:
    """When each outlet starts, pauses and stops being collected.

    outlet (category), n (int64), first, last (datetime64[us, tz]), silence (int64, longest run of days
    without an article, counted from the first to the last day of all kept), starts, stops (bool: it joins
    after or leaves before the others), gap (bool: it pauses between), gap_since, gap_until (datetime64[us,
    tz], the first and last day of its longest pause, NaT where it has none that counts), throughout (bool).

    An outlet is there throughout when it is never silent for more than 28 days, or a quarter of a shorter
    span. A longer silence is a start, a stop or a gap where it is not the outlet's way: it has articles on at
    least five days, and at their usual distance the silence would have held five more (were they a Poisson
    process, it would come by chance less than once in a hundred times). Give it everything that was
    collected: an outlet with no article under a filter has not stopped.
    """
    day, outlet = local_days(articles, tz), articles["outlet"].cat.codes.to_numpy()
    rows = kept_rows(articles, keep) & (day > NO_DAY) & (outlet >= 0)
    outlet, names = outlet[rows].astype(np.int64), articles["outlet"].cat.categories
    if not len(outlet):
        return pd.DataFrame(columns=list(_PRESENCE))
    days = day[rows]
    begin, end = int(days.min()), int(days.max())
    span = end - begin + 1
    keys = outlet * span + days - begin
    # centuries of many outlets are more days than there is memory for
    cells = np.flatnonzero(np.bincount(keys)) if span * len(names) < _CELLS else np.unique(keys)
    owner, at = np.divmod(cells, span)
    codes, start = np.unique(owner, return_index=True)
    stop = np.r_[start[1:], len(owner)] - 1
    pause = np.diff(at, prepend=0) - 1
    pause[start] = 0
    longest = np.lexsort((pause, owner))[stop]  # where the longest pause of each outlet ends
    lead, inner, trail = at[start], pause[longest], span - 1 - at[stop]
    silence = np.maximum(np.maximum(lead, inner), trail)
    limit = min(28, max(1, span // 4))
    days_heard, lasted = stop - start + 1, at[stop] - at[start]
    unusual = _UNUSUAL * lasted / np.maximum(days_heard - 1, 1)
    unusual_inside = _UNUSUAL * (lasted - inner) / np.maximum(days_heard - 2, 1)
    has_rhythm = days_heard >= _RHYTHM
    gap = has_rhythm & (inner > limit) & (inner >= unusual_inside)
    since, until = (
        np.where(gap, days, np.datetime64("NaT", "D"))
        for days in (
            (at[longest] - inner + begin).astype("datetime64[D]"),
            (at[longest] - 1 + begin).astype("datetime64[D]"),
        )
    )
    return pd.DataFrame(
        {
            "outlet": pd.Categorical.from_codes(codes, names),
            "n": np.bincount(outlet, minlength=len(names))[codes],
            "first": midnights((at[start] + begin).astype("datetime64[D]"), tz),
            "last": midnights((at[stop] + begin).astype("datetime64[D]"), tz),
            "silence": silence,
            "starts": has_rhythm & (lead > limit) & (lead >= unusual),
            "stops": has_rhythm & (trail > limit) & (trail >= unusual),
            "gap": gap,
            "gap_since": midnights(since, tz),
            "gap_until": midnights(until, tz),
            "throughout": silence <= limit,
        }
    )  # fmt: skip


def changes_of_collection(presence: pd.DataFrame, outlets: np.ndarray | None = None) -> pd.DataFrame:
    """Of `presence`'s table, the outlets that start, pause or stop, those with most articles first: what
    looks like a rise or a dip of the press and is none.

    `outlets` (bool array, a value a category of the outlets) says which of them matter; all by default.
    """
    has_changed = np.logical_or.reduce(
        [presence[flag].to_numpy(dtype=bool) for flag in ("starts", "stops", "gap")]
    )
    if outlets is not None and has_changed.any():
        has_changed &= outlets[presence["outlet"].cat.codes.to_numpy()]
    return presence[has_changed].sort_values("n", ascending=False, kind="stable", ignore_index=True)


def _is_steady(articles: pd.DataFrame, rows: np.ndarray, tz: str) -> np.ndarray:
    table = presence(articles, tz=tz, keep=rows)
    steady = np.zeros(len(articles["outlet"].cat.categories) + 1, dtype=bool)
    steady[table.loc[table["throughout"].astype(bool), "outlet"].cat.codes] = True
    return steady[articles["outlet"].cat.codes]  # an unknown outlet, -1, is the last
