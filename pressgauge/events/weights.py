"""How much a word tells: the rarer among events, the more."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from pressgauge.events.vectors import Vectors

COMMON, COMMON_SHARE = 500, 0.1
"""A word that more events use than this number, and than this share of them, tells nothing."""


class Weights(NamedTuple):
    """Among `events` of a sample, how many (float64) use each of `keys` (uint32, ascending)."""

    keys: np.ndarray
    frequencies: np.ndarray
    events: int

    def of(self, vectors: Vectors) -> np.ndarray:
        """The weight of each word of each article (float32), of length 1 over all words of one article.

        Frequency grows by its logarithm, rarity is the logarithm of the inverse share of events (tf-idf,
        Salton and Buckley 1988). A word of the sample's every event weighs nothing.
        """
        code, keys = pd.factorize(vectors.keys)
        at = np.minimum(np.searchsorted(self.keys, keys), max(len(self.keys) - 1, 0))
        frequency = np.zeros(len(keys))
        if len(self.keys):
            frequency = np.where(self.keys[at] == keys, self.frequencies[at], 0.0)
        rarity = np.where(
            frequency > max(COMMON, COMMON_SHARE * self.events),
            0.0,
            np.log((1 + self.events) / (1 + frequency)),
        )
        weight = _FREQUENCY[vectors.counts] * rarity[code]
        owner = np.repeat(np.arange(len(vectors)), np.diff(vectors.starts))
        norm = np.sqrt(np.bincount(owner, weight**2, minlength=len(vectors)))
        return (weight / np.maximum(norm, 1e-12)[owner]).astype(np.float32)


_FREQUENCY = 1 + np.log(np.maximum(np.arange(256) / 2, 1))  # of each count in Vectors


def weigh(vectors: Vectors, event: np.ndarray) -> Weights:
    """The weights of a sample of articles, of which each belongs to an event (int64, from 0).

    An event uses a word as far as its articles do, and wholly where half of them do: else the words of an
    event that many told of would pass for common ones.
    """
    code, keys = pd.factorize(vectors.keys)
    owner = np.repeat(event, np.diff(vectors.starts))
    size = np.bincount(event)
    several = size[owner] > 1  # an article that is alone in its event uses all its words wholly
    frequencies = np.bincount(code[~several], minlength=len(keys)).astype(np.float64)
    pair, number = np.unique(
        (owner[several].astype(np.uint64) << np.uint64(32)) | code[several].astype(np.uint64),
        return_counts=True,
    )
    share = np.minimum(1.0, 2 * number / size[(pair >> np.uint64(32)).astype(np.int64)])
    frequencies += np.bincount((pair & np.uint64(0xFFFFFFFF)).astype(np.int64), share, minlength=len(keys))
    order = np.argsort(keys)
    return Weights(keys[order], frequencies[order], len(size))
