"""Interval estimates of proportions."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

Z95 = 1.959963984540054
"""The standard normal quantile of a two-sided 95 % interval."""

LEAST = 30
"""Of fewer articles or stories a share is not told."""
WIDEST = 0.30
"""A share whose 95 % interval is as wide as this is not told."""


def is_reportable(n: ArrayLike, total: ArrayLike) -> np.ndarray:
    """Whether the shares n/total may be told (bool array): there are at least 30, and their 95 % interval is
    narrower than 30 percentage points.

    These are the first two standards of the National Center for Health Statistics (Parker and others 2017,
    Vital and Health Statistics 2:175), with Wilson's interval in place of Clopper and Pearson's. Their third,
    on relative width, is left out, for the interval stands beside every share that is told.

    >>> is_reportable([4, 120], [5, 400]).tolist()
    [False, True]
    """
    low, high = wilson(n, total)
    return (np.asarray(total) >= LEAST) & (np.nan_to_num(high - low, nan=1.0) < WIDEST)


def wilson(n: ArrayLike, total: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper end of the 95 % score interval of n/total (Wilson 1927); NaN where total is 0.

    Both arguments broadcast. Unlike the normal approximation it stays in [0, 1] and has width where n is 0.

    >>> low, high = wilson([15], [148])
    >>> float(low[0].round(4)), float(high[0].round(4))
    (0.0624, 0.1605)
    """
    n, total = np.broadcast_arrays(np.asarray(n, dtype=float), np.asarray(total, dtype=float))
    total = np.where(total > 0, total, np.nan)
    p = n / total
    centre = (p + Z95**2 / (2 * total)) / (1 + Z95**2 / total)
    half = Z95 / (1 + Z95**2 / total) * np.sqrt(p * (1 - p) / total + Z95**2 / (4 * total**2))
    return np.clip(centre - half, 0.0, p), np.clip(centre + half, p, 1.0)


def difference(
    n_first: ArrayLike,
    total_first: ArrayLike,
    n_second: ArrayLike,
    total_second: ArrayLike,
    shared: ArrayLike = 0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The difference of two shares, second less first, with the ends of its 95 % interval (Newcombe 1998,
    method 10: Wilson's intervals of both, squared and added); NaN where a total is 0.

    `shared` is how many articles are in both totals: their shares then vary together, which makes the
    interval narrower (Zou and Donner 2008, with the correlation of two means that have so many values in
    common).

    >>> change, low, high = difference([56], [70], [48], [80])
    >>> [round(float(each[0]), 4) for each in (change, low, high)]
    [-0.2, -0.3339, -0.0524]
    """
    first, second = (
        np.asarray(n, dtype=float) / np.where(np.asarray(total) > 0, total, np.nan)
        for n, total in ((n_first, total_first), (n_second, total_second))
    )
    (low_first, high_first), (low_second, high_second) = (
        wilson(n_first, total_first),
        wilson(n_second, total_second),
    )
    both = np.sqrt(np.asarray(total_first, dtype=float) * np.asarray(total_second, dtype=float))
    together = np.clip(np.asarray(shared) / np.where(both > 0, both, np.nan), 0.0, 1.0)

    def side(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        return np.sqrt(np.maximum(one**2 + other**2 - 2 * together * one * other, 0.0))

    change = second - first
    low = change - side(second - low_second, high_first - first)
    return change, low, change + side(high_second - second, first - low_first)
