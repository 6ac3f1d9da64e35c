"""Whether an identity is among many, kept as a sorted array: a set takes ten times the memory."""

from __future__ import annotations

import numpy as np


def contains(ids: np.ndarray, identity: int) -> bool:
    """Whether a number is among `ids` (int64, in ascending order).

    >>> contains(np.array([2, 5, 9]), 5), contains(np.array([2, 5, 9]), 10)
    (True, False)
    """
    place = int(ids.searchsorted(np.int64(identity)))
    return place < len(ids) and int(ids[place]) == identity
