"""Co-mention: which companies and topics appear in the same articles, more often than chance would have
it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from pressgauge.analysis.periods import Freq, Groups, Periods, Unit, changes, counted_once, kept_rows

_AT_ONCE = 1_000_000


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
    a series is empty), npmi (pmi / -log2(together/collected), in [-1, 1], Bouma 2009), chance (bool, whether
    independence explains the number: it gives as few, and as many, in more than 2.5 % of cases, Fisher's
    exact test; none together says nothing where .2 are expected, and of a hundred pairs some five pass by
    chance), unit. With unit "stories" a story is in a series when any kept article of it is, with "events" an
    event.
    """
    code = np.zeros(len(articles), dtype=np.int8)
    groups = Groups(code, 1, kept_rows(articles, keep), counted_once(articles, unit))
    table = _pair_table(*_pair_counts(groups, membership)[0], membership.columns)
    return _with_chance(table).assign(unit=unit)


def comentions_over_time(
    articles: pd.DataFrame,
    membership: pd.DataFrame,
    *,
    freq: Freq = "M",
    tz: str = "UTC",
    unit: Unit = "articles",
    keep: np.ndarray | None = None,
) -> pd.DataFrame:
    """`comentions` in each period: its columns after period, until (datetime64[us, tz], the midnights its
    first and last day begin), partial (bool, the kept articles do not span it) and freq; periods without
    articles have zeros."""
    periods = Periods(articles, freq=freq, tz=tz, keep=keep)
    groups = Groups(periods.code, len(periods), kept_rows(articles, keep), counted_once(articles, unit))
    empty = _pair_table(_count_pairs(np.empty((membership.shape[1], 0), dtype=bool)), 0, membership.columns)
    tables = [_pair_table(*each, membership.columns) for each in _pair_counts(groups, membership)]
    table = _with_chance(pd.concat(tables, ignore_index=True) if tables else empty.iloc[:0])
    size = len(empty)
    table.insert(0, "period", periods.stamps().repeat(size))
    table.insert(1, "until", periods.stamps(ends=True).repeat(size))
    table.insert(2, "partial", periods.partial.repeat(size))
    table.insert(3, "freq", freq)
    return table.assign(unit=unit)


def _pair_counts(groups: Groups, membership: pd.DataFrame) -> list[tuple[np.ndarray, int]]:
    """For each code the counts of every pair of series (int64, square), and of all articles or stories."""
    rows, code = groups.rows, groups.code
    if groups.pair is None:
        order = np.argsort(code, kind="stable")
        rows, code = rows[order], code[order]
    shape = membership.shape[1], len(rows)
    member = np.array([membership[name].to_numpy(dtype=bool)[rows] for name in membership]).reshape(shape)
    if groups.pair is not None and len(rows):
        first = np.flatnonzero(changes(groups.pair))
        member, code = np.logical_or.reduceat(member, first, axis=1), code[first]
    bounds = np.searchsorted(code, np.arange(groups.size + 1))
    return [(_count_pairs(member[:, start:end]), int(end - start)) for start, end in pairwise(bounds)]


def _count_pairs(member: np.ndarray) -> np.ndarray:
    """Counts of every pair (int64). float32 products are exact up to 2**24, so that a block stays below
    it."""
    total = np.zeros((len(member), len(member)), dtype=np.int64)
    for at in range(0, member.shape[1], _AT_ONCE):
        block = member[:, at : at + _AT_ONCE].astype(np.float32)
        total += (block @ block.T).astype(np.int64)
    return total


def _pair_table(together: np.ndarray, collected: int, names: pd.Index) -> pd.DataFrame:
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


def _with_chance(table: pd.DataFrame) -> pd.DataFrame:
    """Pairs with the column `chance`, at once for all of them."""
    from scipy.stats import hypergeom  # a server starts without scipy

    together, *margins = (table[name].to_numpy() for name in ("together", "collected", "n_first", "n_second"))
    least = np.minimum(hypergeom.cdf(together, *margins), hypergeom.sf(together - 1, *margins))
    return table.assign(chance=(table["expected"] > 0) & (least > 0.025))
