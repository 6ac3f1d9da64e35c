"""Which blocks of a page are its article's text: two forests of decision trees, learnt from judged pages.

The first forest judges each block by its own look, its neighbours and the elements around it; the second
again, knowing what the first one said of them. `bench/train_blocks.py` learns them. The idea of learning from
shallow features is that of Kohlschütter et al. (WSDM 2010) and of Peters and Lecocq, "Content extraction
using diverse feature sets" (WWW 2013).
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from collectors.extraction.page.outline import Outline
from collectors.extraction.trees.features import Layout, features, matrix, surroundings
from collectors.extraction.trees.forest import Forest

MODEL = Path(__file__).parent / "blocks.npz"


@cache
def forests() -> tuple[Forest, Forest]:
    with np.load(MODEL, allow_pickle=False) as arrays:
        return Forest.of(arrays, "first"), Forest.of(arrays, "second")


def chances(outline: Outline, titles: Collection[str], declared_text: str = "") -> NDArray[np.float32]:
    """For each block the probability that it is text of the article; the arguments are those of
    `features`.
    """
    if not outline.blocks:
        return np.zeros(0, dtype=np.float32)
    first, second = forests()
    layout = Layout.of(outline)
    columns = features(layout, titles, declared_text)
    again = surroundings(layout, first.chances(matrix(columns)))
    return second.chances(matrix(columns | again))
