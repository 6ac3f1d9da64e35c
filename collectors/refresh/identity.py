"""Which article an address is of, and which of them a dataset has."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from collectors.shared.sorted_ids import contains
from pressgauge.filters import only_titles
from pressgauge.schema import article_id
from pressgauge.urls import canonicalize

if TYPE_CHECKING:
    from pressgauge.store.dataset import Dataset


@lru_cache(1024)
def canonical_of(url: str) -> str | None:
    """The canonical form of `url`; None when it is no address of an article."""
    try:
        return canonicalize(url)
    except ValueError:
        return None


@lru_cache(1024)
def identity_of(url: str) -> int | None:
    canonical = canonical_of(url)
    return None if canonical is None else article_id(canonical)


class KnownArticles:
    """What a dataset has, by identity: `ids` (int64, ascending), and of these `title_only`, of which only the
    title is there; and what a refresh has `claimed`, so that no other source brings it as well."""

    def __init__(self) -> None:
        self.ids = np.empty(0, dtype=np.int64)
        self.title_only: frozenset[int] = frozenset()
        self.claims: set[int | None] = set()

    def load(self, dataset: Dataset) -> None:
        articles = dataset.load(columns=["id", "partial"])
        ids = articles["id"].to_numpy(dtype=np.int64)
        self.ids, self.title_only = np.sort(ids), frozenset(ids[only_titles(articles)].tolist())

    def has(self, identity: int) -> bool:
        return contains(self.ids, identity)

    def add(self, identities: list[int]) -> None:
        self.ids = np.sort(np.append(self.ids, identities))

    def claim(self, url: str, identity: int | None) -> bool:
        """Whether an article found at `url` is new under the address that its page gives itself."""
        if identity == identity_of(url):
            return True
        is_known = identity is None or (self.has(identity) and identity not in self.title_only)
        if is_known or identity in self.claims:
            return False
        self.claims.add(identity)
        return True
