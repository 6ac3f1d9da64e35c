"""Gradient-boosted trees, evaluated with numpy: what LightGBM learned, without LightGBM."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees as flat arrays of nodes. A node sends a row to `left` where its `feature` is at most `threshold`,
    else to `right`; a leaf sends it to itself and is worth `value`. `roots` are the trees' first nodes.
    """

    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float32]
    roots: NDArray[np.int32]
    depth: int

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray], name: str) -> Forest:
        """The forest whose arrays are called NAME_feature, NAME_threshold and so on."""
        feature, threshold, left, right, value, roots, depth = (
            arrays[f"{name}_{part}"]
            for part in ("feature", "threshold", "left", "right", "value", "roots", "depth")
        )
        return cls(feature, threshold, left, right, value, roots, int(depth))

    def chances(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """For each row the probability of 'yes', by the trees' sum of log odds."""
        node = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        number = np.arange(len(rows))[:, None] * rows.shape[1]
        flat = np.ascontiguousarray(rows).reshape(-1)
        for _ in range(self.depth):
            goes_left = flat.take(number + self.feature.take(node)) <= self.threshold.take(node)
            node = np.where(goes_left, self.left.take(node), self.right.take(node))
        return 1 / (1 + np.exp(-self.value.take(node).sum(axis=1)))
