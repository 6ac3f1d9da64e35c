"""Whether two texts are copies of one another, decided by their whole texts.

The measures are resemblance and containment of shingles (Broder, "On the resemblance and containment of
documents", 1997). What publishers print into many articles is not taken for a copied text: a standing
passage, the notices at the end, a template filled in with other figures, a round-up that holds a short item.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np

from pressgauge.stories.minhash import shingles

MOST = 0.5
"""The resemblance (Jaccard) from which two texts are copies, whatever their length."""
RESEMBLANCE, PASSAGE = 0.2, 50
"""Less is enough in long texts: RESEMBLANCE beyond PASSAGE shared shingles, a standing
paragraph's."""
EXCERPT, STOCK = 0.8, 10
"""Share of the smaller text that makes it an excerpt of the larger, beyond STOCK shingles of phrases."""
BEGINNING = 60
"""An excerpt has STOCK of the larger text's first BEGINNING shingles: articles are cut from the end, and so a
round-up does not tie its items together."""
REST, DIFFERENT = 20, 0.1
"""Where both texts have REST shingles beside a common head and tail, these must resemble by DIFFERENT."""
FIGURES, KEPT_SHARE = 4, 0.5
"""A copy keeps this share of the figures; with FIGURES and other ones it is a filled-in template."""

_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")


def alike(shared: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Whether two texts may be copies (bool), by their numbers of shared and of own distinct shingles."""
    union = first + second - shared
    return (
        (shared >= MOST * union)
        | (shared - PASSAGE >= RESEMBLANCE * union)
        | (shared - STOCK >= EXCERPT * np.minimum(first, second))
    )


def compare(texts: Sequence[object], first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The exact resemblance (Jaccard, float64) of pairs of texts, given by number, and whether they are
    copies (bool).

    A loop over the pairs, since many short sorts are three times as fast as a long one.
    """
    runs = [hashes[a:b] for hashes, at in shingles(texts) for a, b in pairwise(at.tolist())]
    sets = [_distinct_values(run) for run in runs]
    size = np.array([len(each) for each in sets], np.int64)
    shared = np.zeros(len(first), np.int64)
    for pair, (one, other) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        both = np.concatenate((sets[one], sets[other]))
        both.sort()
        shared[pair] = np.count_nonzero(both[1:] == both[:-1])
    one, other = size[first], size[second]
    resemblance = shared / np.maximum(one + other - shared, 1)
    same = alike(shared, one, other) & (shared > 0)
    figures = cache(lambda at: frozenset(_FIGURE.findall(str(texts[at]))))
    for pair in np.flatnonzero(same & (resemblance < 1)).tolist():
        small, large = sorted((int(first[pair]), int(second[pair])), key=lambda each: size[each])
        if shared[pair] - STOCK >= EXCERPT * min(size[small], size[large]):
            same[pair] = resemblance[pair] >= MOST or _begins_in(runs[large], runs[small])
        else:
            same[pair] = not _only_furniture(runs[small], runs[large], int(shared[pair]))
        same[pair] = same[pair] and not _filled_in(figures(small), figures(large))
    return resemblance, same


def _distinct_values(hashes: np.ndarray) -> np.ndarray:
    values = np.sort(hashes)
    return values[np.append(values[1:] != values[:-1], True)] if len(values) else values


def _begins_in(larger: np.ndarray, smaller: np.ndarray) -> bool:
    return bool(np.isin(larger[:BEGINNING], smaller).sum() >= STOCK)


def _only_furniture(first: np.ndarray, second: np.ndarray, shared: int) -> bool:
    """Whether a common head of at most BEGINNING shingles and a common tail are all that two texts share,
    although both have more to say."""
    head = min(BEGINNING, _common_start(first, second))
    tail = _common_start(first[::-1], second[::-1])
    if shared - head - tail >= DIFFERENT * (len(first) + len(second)):
        return False  # without a look: the rests share that at least
    one, other = (_distinct_values(text[head : max(len(text) - tail, head)]) for text in (first, second))
    both = int(np.isin(one, other, assume_unique=True).sum())
    few = both < DIFFERENT * (len(one) + len(other) - both)
    return bool(few and min(len(one), len(other)) >= REST)


def _common_start(first: np.ndarray, second: np.ndarray) -> int:
    """How many shingles two texts begin with alike."""
    least = min(len(first), len(second))
    other = np.flatnonzero(first[:least] != second[:least])
    return int(other[0]) if len(other) else least


def _filled_in(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether two texts say the same of other figures, as reports written by a template do."""
    fewer = min(len(first), len(second))
    return fewer >= FIGURES and len(first & second) < KEPT_SHARE * fewer
