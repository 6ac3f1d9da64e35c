"""What a query finds as numbers of one's own, such as rows: each article is looked up once, not by query."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from pressgauge.search.index import Index
from pressgauge.search.nodes import Everything, Node


class Numbers:
    """Numbers (from 0) for the articles of an index: `number_of` gives those of ids (int64).

    The engine knows an article by its place in the index. Which number that is stays the same as long as the
    index is open, and is remembered (four bytes an article) when it was first found, by whatever query.
    """

    def __init__(self, index: Index, number_of: Callable[[np.ndarray], np.ndarray]) -> None:
        self._index, self._number_of = index, number_of
        self._known: dict[int, np.ndarray] = {}  # by segment; -1 of what was not found yet
        self._learnt = 0

    def matching(self, query: str | Node) -> np.ndarray:
        """The numbers (int32, each once, in no order) of the articles that match. Raises QueryError."""
        parts = [self._numbers_of(*part) for part in self._index.documents(query)]
        return np.concatenate([np.empty(0, np.int32), *parts])

    def learn(self, most: int) -> None:
        """Look up so many more of all articles before a query finds them, which a query is quicker for: an
        article takes a microsecond, five times what one takes that is known."""
        if self._learnt < self._articles:
            for part in self._index.documents(Everything(), self._learnt, most):
                self._numbers_of(*part)
            self._learnt += most

    @cached_property
    def _articles(self) -> int:
        """How many articles the index has, which stays as long as it is open: to count a million takes
        milliseconds."""
        return len(self._index)

    def _numbers_of(self, segment: int, documents: np.ndarray, hits: list[Any]) -> np.ndarray:
        """The numbers of some documents of a segment (int32)."""
        known = self._numbers_in(segment, int(documents[-1]) + 1)
        numbers = known[documents]
        if len(new := np.flatnonzero(numbers < 0)):
            ids = self._index.ids_of(hits if len(new) == len(hits) else [hits[at] for at in new.tolist()])
            numbers[new] = known[documents[new]] = self._number_of(ids)
        return numbers

    def _numbers_in(self, segment: int, size: int) -> np.ndarray:
        """What is known of at least so many documents of a segment. Two threads that make it longer at once
        cost what one of them learnt, and no more."""
        known = self._known.get(segment, np.empty(0, np.int32))
        if len(known) < size:
            longer = np.full(max(size, 2 * len(known)), -1, dtype=np.int32)
            longer[: len(known)] = known
            self._known[segment] = known = longer
        return known
