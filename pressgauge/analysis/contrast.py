"""Contrast: two sets of articles side by side, such as two periods, outlets or topics, and their difference.

`first` and `second` are bool arrays over the rows of `articles`. They may overlap where they are no periods:
an article on both topics counts on both sides. A `change` is always the second side less the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from pressgauge.analysis.intervals import difference, wilson
from pressgauge.analysis.periods import Groups, Unit, counted_once, kept_rows, local_days, midnights
from pressgauge.analysis.volume import changes_of_collection, presence
from pressgauge.errors import ArgumentError
from pressgauge.schema import EPOCH, NO_DAY

Comparability = Literal["all", "steady", "changed"]
_LEAST_CHANGE = 0.1
"""The part of a side's articles whose outlets may come or go before only the steady ones are compared."""
_POINTS = 62
"""Points of a line, at most: longer sides are counted by 7 or by 28 days."""
_STEPS = (1, 7, 28, 91, 364)


@dataclass(frozen=True, slots=True, eq=False)
class Steadiness:
    """Whether the same outlets were collected on both sides.

    "all": yes, or nearly (not more than a tenth of either side's articles is of outlets that came, went or
    were silent on one side). "steady": no, so that what is compared are `rows`, the articles of the `outlets`
    outlets that were collected throughout both. "changed": no outlet was, and `rows` is None. `moved` are the
    outlets that start, stop or pause, those with most articles first: outlet (category), n (int64), starts,
    stops, gap (bool).
    """

    comparison: Comparability
    rows: np.ndarray | None
    outlets: int
    moved: pd.DataFrame


def contrast(
    articles: pd.DataFrame,
    membership: pd.DataFrame,
    first: np.ndarray,
    second: np.ndarray,
    *,
    unit: Unit = "articles",
    keep: np.ndarray | None = None,
) -> pd.DataFrame:
    """How much of each of two sets of articles is of a series: one row a series.

    series (category), n_first, collected_first (int64, all kept articles of the side), share_first
    (float64), n_second, collected_second, share_second, change (share_second - share_first) with its 95 %
    interval low, high (`intervals.difference`: Newcombe 1998, method 10), unit.
    """
    counts, totals, n_shared = _count_sides(articles, membership, first, second, unit, keep)
    table = _difference_table(counts[0], totals[0], counts[1], totals[1], n_shared)
    names = pd.Categorical(list(membership), categories=list(membership))
    table.insert(0, "series", pd.Series(names))
    return table.assign(unit=unit)


def compare(
    articles: pd.DataFrame,
    membership: pd.DataFrame,
    first: tuple[date, date],
    second: tuple[date, date],
    *,
    unit: Unit = "articles",
    tz: str = "UTC",
    keep: np.ndarray | None = None,
) -> pd.DataFrame:
    """`contrast` of two spans of days, both ends included.

    Raises ArgumentError when they share a day.
    """
    day = local_days(articles, tz)
    before, after = (np.isin(day, days_of(*span)) for span in (first, second))
    if max(first[0], second[0]) <= min(first[1], second[1]):
        raise ArgumentError("the two spans overlap; expected two that share no day")
    return contrast(articles, membership, before, after, unit=unit, keep=keep)


def contrast_by(
    articles: pd.DataFrame,
    first: np.ndarray,
    second: np.ndarray,
    *,
    by: Literal["outlet", "country", "language", "domain", "source"] = "outlet",
    unit: Unit = "articles",
    keep: np.ndarray | None = None,
) -> pd.DataFrame:
    """Whose articles each of two sets holds: one row an outlet (or country ...) of either, the largest first.

    The column of `by` (category), then those of `contrast`, where collected is all kept articles of the side
    and share the outlet's part of them. With unit "stories" a story counts once an outlet and once in
    collected.
    """
    code, names = articles[by].cat.codes.to_numpy(), articles[by].cat.categories
    story, rows = counted_once(articles, unit), kept_rows(articles, keep)
    counts = [Groups(code, len(names), rows & np.asarray(side), story).count()[1] for side in (first, second)]
    _, totals, n_shared = _count_sides(
        articles, pd.DataFrame(index=articles.index), first, second, unit, keep
    )
    table = _difference_table(counts[0], totals[0], counts[1], totals[1], n_shared)
    table.insert(0, by, pd.Series(pd.Categorical.from_codes(np.arange(len(names)), names)))
    both = table["n_first"] + table["n_second"]
    order = np.argsort(-both.to_numpy(), kind="stable")
    return table.iloc[order[both.to_numpy()[order] > 0]].reset_index(drop=True).assign(unit=unit)


def contrast_speakers(first: pd.DataFrame, second: pd.DataFrame, *, shared: int = 0) -> pd.DataFrame:
    """Who is quoted on each side: of two tables of `speakers` (or `named`), one row a speaker of either, the
    most quoted first.

    speaker (text), then the columns of `contrast`, where collected is the articles of the side that quote
    anybody by name and share the speaker's share of voice. `shared` is how many of these are on both sides.
    """
    sides = [table.set_index("speaker") for table in (first, second)]
    names = sides[0].index.union(sides[1].index, sort=False)
    counts = [side["n"].reindex(names, fill_value=0).to_numpy(dtype=np.int64) for side in sides]
    totals = [int(side["collected"].iloc[0]) if len(side) else 0 for side in sides]
    table = _difference_table(counts[0], totals[0], counts[1], totals[1], shared)
    table.insert(0, "speaker", names.astype("str"))
    both = (table["n_first"] + table["n_second"]).to_numpy()
    unit = next((str(side["unit"].iloc[0]) for side in sides if len(side)), "articles")
    return table.iloc[np.argsort(-both, kind="stable")].reset_index(drop=True).assign(unit=unit)


def pace(
    articles: pd.DataFrame,
    membership: pd.DataFrame,
    first: np.ndarray,
    second: np.ndarray,
    days: tuple[np.ndarray, np.ndarray],
    *,
    unit: Unit = "articles",
    keep: np.ndarray | None = None,
) -> pd.DataFrame:
    """How many articles of each series a day brings on either side, so that sides of other lengths compare.

    `days` are the days of each side (int, since 1970-01-01, sorted), those without an article among them. One
    row a series: series (category), n_first, days_first (int64), daily_first (float64, n/days), n_second,
    days_second, daily_second, change (daily_second - daily_first) with its 95 % interval low, high (Welch
    1947, of the numbers of the days: as if days were independent; NaN where a side has one day only), unit.
    With unit "stories" a story counts once a day.
    """
    names = list(map(str, membership))
    members = [membership[name].to_numpy(dtype=bool) for name in membership]
    story, rows, day = counted_once(articles, unit), kept_rows(articles, keep), local_days(articles)
    counts = []
    for side, of in zip((first, second), days, strict=True):
        at = np.searchsorted(of, day)
        is_on_side = (
            (at < len(of)) & (of[np.minimum(at, max(len(of) - 1, 0))] == day) if len(of) else day < NO_DAY
        )
        code = np.where(is_on_side, at, -1).astype(np.int64)
        counts.append(Groups(code, len(of), rows & np.asarray(side), story).count(members)[0])
    (n_first, mean_first, error_first), (n_second, mean_second, error_second) = map(_daily_mean, counts)
    size = [len(of) for of in days]
    change = mean_second - mean_first
    margin = _welch_margin(error_first, size[0], error_second, size[1])
    return pd.DataFrame(
        {
            "series": pd.Categorical(names, categories=names),
            "n_first": n_first,
            "days_first": size[0],
            "daily_first": mean_first,
            "n_second": n_second,
            "days_second": size[1],
            "daily_second": mean_second,
            "change": change,
            "low": change - margin,
            "high": change + margin,
            "unit": unit,
        }
    )


def aligned(
    articles: pd.DataFrame,
    membership: pd.DataFrame,
    first: np.ndarray,
    second: np.ndarray,
    days: tuple[np.ndarray, np.ndarray],
    *,
    unit: Unit = "articles",
    keep: np.ndarray | None = None,
) -> pd.DataFrame:
    """The course of each series on both sides, by days since the beginning of its side: what two periods have
    in common is seen where their lines lie over each other.

    One row a series, side and point: series (category), side (category "first", "second"), since (int64, days
    since the side's first day), length (int64, days of the point: all of a side have 1, 7, 28, 91 or 364, of
    the last fewer), start, end (datetime64[us, UTC], its first and last day), n, collected (int64), share
    (n/collected) with low, high (95 %, Wilson 1927), daily (float64, n/length), level (bool), unit. A point
    in which nothing was collected at all is left out. A side whose days are not consecutive ("everything
    else") is one level for all points of the other: its mean, `level` True.
    """
    names = list(map(str, membership))
    members = [membership[name].to_numpy(dtype=bool) for name in membership]
    story, rows, day = counted_once(articles, unit), kept_rows(articles, keep), local_days(articles)
    is_span = [bool(len(of)) and int(of[-1] - of[0]) + 1 == len(of) for of in days]
    longest = max([len(of) for of, one in zip(days, is_span, strict=True) if one], default=0)
    step = next((step for step in _STEPS if longest <= step * _POINTS), _STEPS[-1])
    parts = []
    for side, side_rows, of, one in zip(("first", "second"), (first, second), days, is_span, strict=True):
        if not len(of):
            continue
        begin, size = int(of[0]), -(-len(of) // step) if one else 1
        within = (day >= of[0]) & (day <= of[-1]) if one else np.isin(day, of)
        code = np.where(within, (day.astype(np.int64) - begin) // step if one else 0, -1)
        n, collected = Groups(code, size, rows & np.asarray(side_rows), story).count(members)
        start = begin + step * np.arange(size) if one else np.array([begin])
        end = np.minimum(start + step - 1, of[-1]) if one else np.array([of[-1]])
        has_articles = np.bincount(code[code >= 0], minlength=size) > 0
        length = end - start + 1 if one else np.array([len(of)])
        parts.append(
            pd.DataFrame(
                {
                    "series": np.repeat(np.arange(len(names)), size),
                    "side": side,
                    "since": np.tile(start - begin, len(names)),
                    "length": np.tile(length, len(names)),
                    "start": np.tile(start, len(names)),
                    "end": np.tile(end, len(names)),
                    "n": n.ravel(),
                    "collected": np.tile(collected, len(names)),
                    "level": not one,
                }
            )[np.tile(has_articles, len(names))]
        )
    columns = ["series", "side", "since", "length", "start", "end", "n", "collected", "level"]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    table["series"] = pd.Categorical.from_codes(
        table["series"].to_numpy(dtype=np.int64), pd.Index(names, dtype=object)
    )
    table["side"] = pd.Categorical(table["side"], categories=["first", "second"])
    for name in ("start", "end"):
        table[name] = midnights(table[name].to_numpy(dtype=np.int64).astype("datetime64[D]"), "UTC")
    table["share"] = table["n"] / table["collected"].where(table["collected"] > 0)
    table["low"], table["high"] = wilson(table["n"], table["collected"])
    table["daily"] = table["n"] / table["length"]
    order = ["series", "side", "since", "length", "start", "end", "n", "collected", "share", "low", "high"]
    return table[[*order, "daily", "level"]].assign(unit=unit)


def steadiness(articles: pd.DataFrame, keep: np.ndarray, days: tuple[np.ndarray, np.ndarray]) -> Steadiness:
    """Whether the same outlets were collected on the days of two sides (int, since 1970-01-01, sorted), by
    the rule of `presence`, asked of everything that was collected; what lies between the sides is no
    silence. Outlets without any article in `keep` (bool array over the articles) are not spoken of."""
    day = articles["day"].to_numpy()
    old, new = (np.isin(day, of) for of in days)
    every = np.union1d(*days)
    if len(every) and every[-1] - every[0] + 1 != len(every):
        at = np.searchsorted(every, day).clip(max=len(every) - 1)
        moved_up = np.where(old | new, every[0] + at, NO_DAY).astype(np.int32)
        table = presence(articles.assign(day=moved_up), keep=old | new)
    else:
        table = presence(articles, keep=old | new)
    code = articles["outlet"].cat.codes.to_numpy()
    size = len(articles["outlet"].cat.categories) + 1  # an unknown outlet, -1, is the last

    def rows_of(codes: np.ndarray) -> np.ndarray:
        of = np.zeros(size, dtype=bool)
        of[codes] = True
        return np.asarray(of[code])

    is_counted = np.zeros(size, dtype=bool)
    is_counted[code[keep]] = True
    table = table[is_counted[table["outlet"].cat.codes.to_numpy()]]
    changes = changes_of_collection(table)
    has_changed = (
        rows_of(changes["outlet"].cat.codes.to_numpy())
        if len(changes)
        else np.zeros(len(articles), dtype=bool)
    )
    has_changed |= ~(rows_of(code[old]) & rows_of(code[new]))
    changes = changes[["outlet", "n", "starts", "stops", "gap"]]
    parts = [np.mean(has_changed[keep & side]) if (keep & side).any() else 0.0 for side in (old, new)]
    if max(parts) <= _LEAST_CHANGE:
        return Steadiness("all", keep, 0, changes)
    throughout = table.loc[table["throughout"].astype(bool), "outlet"].cat.codes.to_numpy()
    rows = keep & rows_of(throughout)
    if not (rows & old).any() or not (rows & new).any():
        return Steadiness("changed", None, len(throughout), changes)
    return Steadiness("steady", rows, len(throughout), changes)


def days_of(since: date, until: date) -> np.ndarray:
    """The days of a span (int, since 1970-01-01), both ends included."""
    return np.arange((since - EPOCH).days, (until - EPOCH).days + 1)


def _count_sides(
    articles: pd.DataFrame,
    membership: pd.DataFrame,
    first: np.ndarray,
    second: np.ndarray,
    unit: Unit,
    keep: np.ndarray | None,
) -> tuple[list[np.ndarray], list[int], int]:
    """By side what each series counts and what all count, and how many are on both sides."""
    story, rows = counted_once(articles, unit), kept_rows(articles, keep)
    sides = [rows & np.asarray(side, dtype=bool) for side in (first, second)]
    members = [membership[name].to_numpy(dtype=bool) for name in membership]
    one = np.zeros(len(articles), dtype=np.int8)
    counts = [Groups(one, 1, side, story).count(members) for side in sides]
    if story is None:
        n_shared = int(np.count_nonzero(sides[0] & sides[1]))
    else:
        n_shared = len(np.intersect1d(story[sides[0]], story[sides[1]]))
    return [n[: len(members), 0] for n, _ in counts], [int(collected[0]) for _, collected in counts], n_shared


def _difference_table(
    n_first: np.ndarray, collected_first: int, n_second: np.ndarray, collected_second: int, n_shared: int
) -> pd.DataFrame:
    change, low, high = difference(n_first, collected_first, n_second, collected_second, n_shared)
    return pd.DataFrame(
        {
            "n_first": n_first,
            "collected_first": collected_first,
            "share_first": n_first / (collected_first or np.nan),
            "n_second": n_second,
            "collected_second": collected_second,
            "share_second": n_second / (collected_second or np.nan),
            "change": change,
            "low": low,
            "high": high,
        }
    )


def _daily_mean(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of counts by series and day the sum, the mean and the square of its standard error."""
    size = counts.shape[1]
    if size < 2:
        mean = counts.sum(axis=1) / (size or np.nan)
        return counts.sum(axis=1), mean, np.full(len(counts), np.nan)
    return counts.sum(axis=1), counts.mean(axis=1), counts.var(axis=1, ddof=1) / size


def _welch_margin(
    error_first: np.ndarray, size_first: int, error_second: np.ndarray, size_second: int
) -> np.ndarray:
    """Half the 95 % interval of the difference of two means, by the squares of their standard errors."""
    from scipy.special import stdtrit

    both = error_first + error_second
    parts = error_first**2 / max(size_first - 1, 1) + error_second**2 / max(size_second - 1, 1)
    freedom = both**2 / np.where(parts > 0, parts, np.nan)
    margin = stdtrit(freedom, 0.975) * np.sqrt(both)
    return np.where(both == 0, 0.0, margin)
