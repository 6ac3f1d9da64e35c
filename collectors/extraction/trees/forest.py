"""Gradient-boosted trees, evaluated with numpy: what LightGBM learned, without LightGBM.

Instead of walking down each tree, all nodes are asked at once, and each that sends a row to the right rules
out the leaves on its left: the first leaf that remains is the row's. This is QuickScorer (Lucchese et al.,
SIGIR 2015).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

LEAVES = 16
"""The most leaves of a tree: a bit each in a number."""
_ROWS = 512
"""So many rows at a time, for the memory's sake."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees of up to LEAVES leaves, and as many nodes and values for each: a node whose `feature` is more
    than its `threshold` rules out the leaves of the bits in `left`, and `value` is that of each leaf.
    """

    feature: NDArray[np.intp]
    threshold: NDArray[np.float32]
    left: NDArray[np.uint16]
    value: NDArray[np.float32]

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray], name: str) -> Forest:
        """The forest whose arrays are called NAME_feature, NAME_threshold and so on: nodes that send a row to
        `left` where its `feature` is at most `threshold`, else to `right`; a leaf is its own `left` and is
        worth `value`; `roots` are the trees' first nodes.
        """
        feature, threshold, left, right, value, roots = (
            arrays[f"{name}_{part}"] for part in ("feature", "threshold", "left", "right", "value", "roots")
        )
        shape = len(roots), LEAVES - 1
        features = np.zeros(shape, dtype=np.intp)
        thresholds = np.full(shape, np.inf, dtype=np.float32)
        masks = np.zeros(shape, dtype=np.uint16)
        values = np.zeros((len(roots), LEAVES), dtype=np.float32)

        for tree, root in enumerate(roots.tolist()):
            inner, leaves = 0, 0
            # Each node twice: on the way down, and with its first leaf once its left side is done.
            stack: list[tuple[int, int]] = [(root, -1)]
            while stack:
                node, first = stack.pop()
                if left[node] == node:
                    values[tree, leaves] = value[node]
                    leaves += 1
                elif first < 0:
                    stack += [(int(right[node]), -1), (node, leaves), (int(left[node]), -1)]
                else:
                    features[tree, inner], thresholds[tree, inner] = feature[node], threshold[node]
                    masks[tree, inner] = (1 << leaves) - (1 << first)
                    inner += 1
        return cls(features.reshape(-1), thresholds.reshape(-1, 1), masks.reshape(-1, 1), values.reshape(-1))

    def chances(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """For each row the probability of 'yes', by the trees' sum of log odds."""
        parts = [self._odds(rows[at : at + _ROWS]) for at in range(0, len(rows), _ROWS)]
        odds = np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)
        return (1 / (1 + np.exp(-odds))).astype(np.float32)

    def _odds(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        columns = np.ascontiguousarray(rows.T)
        out = (columns.take(self.feature, axis=0) > self.threshold).astype(np.uint16) * self.left
        out = np.bitwise_or.reduce(out.reshape(-1, LEAVES - 1, len(rows)), axis=1)
        first = LEAVES * np.arange(len(out))[:, None]
        return self.value.take(_lowest_zeros().take(out) + first).sum(axis=0)


@cache
def _lowest_zeros() -> NDArray[np.intp]:
    """For each number of 16 bits which of them is the lowest that is not set."""
    numbers = np.arange(1 << LEAVES)
    lowest = np.zeros(len(numbers), dtype=np.intp)
    for bit in range(LEAVES - 1, -1, -1):
        lowest[numbers >> bit & 1 == 0] = bit
    return lowest
