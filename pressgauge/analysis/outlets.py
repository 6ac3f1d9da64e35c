"""Outlets: who publishes how much, on which side, and who comes first."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from pressgauge.analysis.intervals import Z95, wilson
from pressgauge.analysis.periods import Groups, Unit, counted_once, kept_rows, long


def outlets(
    articles: pd.DataFrame,
    membership: pd.DataFrame,
    *,
    unit: Unit = "articles",
    keep: np.ndarray | None = None,
    by: Literal["outlet", "country", "language", "domain", "source"] = "outlet",
) -> pd.DataFrame:
    """Count each series by outlet, or by another column such as the country.

    One row a series and outlet that has kept articles, the largest outlet first: the column of `by`
    (category), series (category), n (int64), collected (int64, all kept articles of the outlet), share
    (float64 n/collected) with its 95 % interval low, high (Wilson 1927), voice (float64, share of voice:
    n/all n of the series, NaN without any), unit. With unit "stories" a story counts once an outlet, with
    "events" an event. An article without the value (an unknown country) is in no row.
    """
    names = articles[by].cat.categories
    code, story = articles[by].cat.codes.to_numpy(), counted_once(articles, unit)
    groups = Groups(code, len(names), kept_rows(articles, keep), story)
    n, collected = groups.count([membership[name].to_numpy(dtype=bool) for name in membership])
    counts = dict(zip(map(str, membership), n, strict=True))
    return outlets_of(by, names, counts, collected, unit)


def outlets_of(
    by: str, names: pd.Index, counts: dict[str, np.ndarray], collected: np.ndarray, unit: Unit
) -> pd.DataFrame:
    """`outlets`' table of what was counted by outlet (of `names`), each series and all."""
    order = np.argsort(-collected, kind="stable")
    order = order[collected[order] > 0]
    series, n = long({name: n_of_series[order] for name, n_of_series in counts.items()}, len(order))
    of = np.tile(collected[order], len(counts))
    total = np.repeat([float(n_of_series.sum()) for n_of_series in counts.values()], len(order))
    low, high = wilson(n, of)
    return pd.DataFrame(
        {
            by: pd.Categorical.from_codes(np.tile(np.arange(len(order)), len(counts)), names[order]),
            "series": series,
            "n": n,
            "collected": of,
            "share": n / of,
            "low": low,
            "high": high,
            "voice": n / np.where(total > 0, total, np.nan),
            "unit": unit,
        },
        copy=False,
    )


def concentration(table: pd.DataFrame) -> pd.DataFrame:
    """How concentrated each series of an `outlets` table is: series (category), outlets (int64 with at least
    one), hhi (float64, Herfindahl-Hirschman index: sum of squared shares of voice, from 1/outlets to 1, NaN
    without articles), effective (float64, 1/hhi: as many outlets of equal size would be as concentrated;
    Laakso and Taagepera 1979).
    """
    rows = [
        (name, int((group["n"] > 0).sum()), float((group["voice"] ** 2).sum(min_count=1)))
        for name, group in table.groupby("series", observed=False, sort=False)
    ]
    result = pd.DataFrame(rows, columns=["series", "outlets", "hhi"])
    result["series"] = pd.Categorical(result["series"], categories=table["series"].cat.categories)
    return result.assign(effective=1 / result["hhi"])


def lean(
    articles: pd.DataFrame,
    membership: pd.DataFrame,
    *,
    sides: tuple[str, str] = ("open_source_ai", "proprietary_ai"),
    unit: Unit = "articles",
    keep: np.ndarray | None = None,
    prior: float = 10.0,
) -> pd.DataFrame:
    """The lean of each outlet: log-odds of its coverage of the first side against the second, less that of
    all outlets.

    One row an outlet with coverage of either side, the strongest lean to the first side first: outlet
    (category), n_first, n_second (int64), lean (float64, natural log-odds ratio against all outlets together,
    0 is the average), low, high (95 %), raw (float64, unshrunk, infinite where one side has no article),
    unit. An article on both sides counts for both. `prior` is the weight, in articles, of an informative
    Dirichlet prior with the odds of all outlets (Monroe, Colaresi and Quinn 2008, eq. 15 and 20, with two
    categories): it draws an outlet with few articles to the average.
    """
    code, names = articles["outlet"].cat.codes.to_numpy(), articles["outlet"].cat.categories
    groups = Groups(code, len(names), kept_rows(articles, keep), counted_once(articles, unit))
    n = groups.count([membership[side].to_numpy(dtype=bool) for side in sides])[0].astype(float)
    return lean_of(names, n, prior).assign(unit=unit)


def lean_of(names: pd.Index, n: np.ndarray, prior: float) -> pd.DataFrame:
    """`lean`'s table, but for `unit`, of what was counted: a row a side, by outlet of `names` (float64)."""
    total = n.sum(axis=1)
    codes = np.flatnonzero(n.sum(axis=0))
    n = n[:, codes]
    weight = prior * (total + 0.5) / (total.sum() + 1)
    shrunk = n + weight[:, None]
    value = np.log(shrunk[0] / shrunk[1]) - np.log(weight[0] / weight[1])
    half = Z95 * np.sqrt(1 / shrunk[0] + 1 / shrunk[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        raw = np.log(n[0] / n[1]) - np.log(total[0] / total[1])
    table = pd.DataFrame(
        {
            "outlet": pd.Categorical.from_codes(codes, names),
            "n_first": n[0].astype(np.int64),
            "n_second": n[1].astype(np.int64),
            "lean": value,
            "low": value - half,
            "high": value + half,
            "raw": raw,
        }
    )
    return table.sort_values("lean", ascending=False, kind="stable", ignore_index=True)


def firsts(
    articles: pd.DataFrame, membership: pd.DataFrame, *, keep: np.ndarray | None = None
) -> pd.DataFrame:
    """Who was first on a story: one row a series and outlet that carried a shared story.

    outlet, series (category), stories (int64, stories of the series it carried that at least two outlets
    did), first (int64, on how many of them no outlet was earlier; a tie counts for each), rate (float64
    first/stories). A story with an undated copy is left out, since that copy may be the first, and so is one
    dated only by the day.
    """
    published = articles["published"].to_numpy("datetime64[us]").astype(np.int64)
    unsure = articles["published"].isna().to_numpy()
    if "published_precision" in articles:
        unsure = unsure | (articles["published_precision"] == "day").to_numpy(dtype=bool)
    frame = pd.DataFrame(
        {
            "story": articles["story"].to_numpy(),
            "outlet": articles["outlet"].cat.codes.to_numpy(),
            "at": published,
            "unsure": unsure,
        }
    )
    tables = []
    for name in membership:
        series_rows = frame[kept_rows(articles, keep) & membership[name].to_numpy(dtype=bool)]
        stories = series_rows.groupby("story")
        is_shared = (stories["outlet"].transform("nunique") > 1) & ~stories["unsure"].transform("any")
        pairs = series_rows[is_shared].groupby(["story", "outlet"], as_index=False)["at"].min()
        pairs["first"] = pairs["at"] == pairs.groupby("story")["at"].transform("min")
        tables.append(
            pairs.groupby("outlet")["first"]
            .agg(["size", "sum"])
            .astype(np.int64)
            .reset_index()
            .assign(series=name)
        )
    table = (
        pd.concat(tables, ignore_index=True)
        if tables
        else pd.DataFrame(columns=["outlet", "size", "sum", "series"])
    )
    return pd.DataFrame(
        {
            "outlet": pd.Categorical.from_codes(
                table["outlet"].astype(int), articles["outlet"].cat.categories
            ),
            "series": pd.Categorical(table["series"], categories=list(membership)),
            "stories": table["size"].astype(np.int64),
            "first": table["sum"].astype(np.int64),
            "rate": table["sum"] / table["size"],
        }
    )
