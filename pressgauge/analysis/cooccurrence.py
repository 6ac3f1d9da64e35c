"""Co-mention: which companies and topics appear in the same articles, more often than chance would have
it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pressgauge.analysis.periods import Freq, Periods, Unit, kept, stories_of

_ROWS_AT_ONCE = 1_000_000


def comentions(
    articles: pd.DataFrame,
    membership: pd.DataFrame,
    *,
    unit: Unit = "articles",
    keep: np.ndarray | None = None,
) -> pd.DataFrame:
    """Each pair of series: how many kept articles are in both, against what independence would give.

    One row a pair, in the order of the columns: first, second (category), n_first, n_second, together,
    collected (int64), expected (float64, n_first * n_second / collected), pmi (float64, log2 of
    together/expected, pointwise mutual information, Church and Hanks 1990; -inf when never together, NaN when
    a series is empty), npmi (pmi / -log2(together/collected), in [-1, 1], Bouma 2009), unit. With unit
    "stories" a story is in a series when any kept article of it is.
    """
    rows = kept(articles, keep)
    story = stories_of(articles, unit)
    member = membership.to_numpy(dtype=bool)[rows]
    if story is not None:
        member = _by_group(member, pd.factorize(story[rows])[0])
    return _pairs(_together(member), len(member), membership.columns).assign(unit=unit)


def comentions_over_time(
    articles: pd.DataFrame,
    membership: pd.DataFrame,
    *,
    freq: Freq = "M",
    tz: str = "UTC",
    unit: Unit = "articles",
    keep: np.ndarray | None = None,
) -> pd.DataFrame:
    """`comentions` in each period: its columns after period (datetime64[us, tz]); periods without articles
    have zeros."""
    periods = Periods(articles, freq=freq, tz=tz, keep=keep)
    made = [
        comentions(articles, membership, unit=unit, keep=periods.code == at).assign(period=stamp)
        for at, stamp in enumerate(periods.stamps())
    ]
    if not made:
        empty = comentions(articles, membership, unit=unit, keep=periods.code >= 0)
        return empty.iloc[:0].assign(period=periods.stamps())
    table = pd.concat(made, ignore_index=True)
    table.insert(0, "period", table.pop("period"))
    return table


def _together(member: np.ndarray) -> np.ndarray:
    """Counts of every pair (int64). float32 products are exact up to 2**24, so that a block stays below
    it."""
    total = np.zeros((member.shape[1], member.shape[1]), dtype=np.int64)
    for at in range(0, len(member), _ROWS_AT_ONCE):
        block = member[at : at + _ROWS_AT_ONCE].astype(np.float32)
        total += (block.T @ block).astype(np.int64)
    return total


def _by_group(member: np.ndarray, group: np.ndarray) -> np.ndarray:
    size = int(group.max(initial=-1)) + 1
    return (
        np.stack(
            [np.bincount(group[column], minlength=size) > 0 for column in member.T]
            or [np.empty(size, dtype=bool)][:0],
            axis=1,
        )
        if member.shape[1]
        else np.empty((size, 0), dtype=bool)
    )


def _pairs(together: np.ndarray, collected: int, names: pd.Index) -> pd.DataFrame:
    first, second = np.triu_indices(len(names), k=1)
    n = np.diag(together)
    both = together[first, second]
    expected = n[first] * n[second] / (collected or np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        pmi = np.log2(both / expected)
        npmi = np.where(
            both == 0, np.where(expected > 0, -1.0, np.nan), pmi / -np.log2(both / (collected or np.nan))
        )
        npmi = np.where((both == collected) & (both > 0), 1.0, npmi)
    return pd.DataFrame(
        {
            "first": pd.Categorical.from_codes(first, names),
            "second": pd.Categorical.from_codes(second, names),
            "n_first": n[first],
            "n_second": n[second],
            "together": both,
            "collected": collected,
            "expected": expected,
            "pmi": pmi,
            "npmi": npmi,
        }
    )
