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


def told(n: ArrayLike, total: ArrayLike) -> np.ndarray:
    """Whether the shares n/total may be told (bool array): there are at least 30, and their 95 % interval is
    narrower than 30 percentage points.

    These are the first two standards of the National Center for Health Statistics (Parker and others 2017,
    Vital and Health Statistics 2:175), with Wilson's interval in place of Clopper and Pearson's. Their third,
    on relative width, is left out, for the interval stands beside every share that is told.

    >>> told([4, 120], [5, 400]).tolist()
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
