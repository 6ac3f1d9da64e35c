"""Interval estimates of proportions."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

Z95 = 1.959963984540054
"""The standard normal quantile of a two-sided 95 % interval."""


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
