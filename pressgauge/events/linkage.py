"""Agglomeration: the most alike are joined first, until nothing is alike enough."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from itertools import islice
from math import sqrt
from operator import truediv
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy import sparse

FAINT = 0.04
"""A cosine below this is taken for 0: it comes of common words, and there are a great many such pairs."""


def agglomerate(
    products: sparse.coo_array, squares: np.ndarray, threshold: float
) -> tuple[np.ndarray, np.ndarray]:
    """Group vectors by the cosine of their sums: the group of each (int64, numbered by the groups' first
    vectors) and each group's square (float64).

    `products` holds the inner products of each two of n vectors (symmetric, n x n; what it lacks is 0, what
    stands twice is the same), `squares` of each with itself. The two groups whose sums have the greatest
    cosine are joined, again and again while that is at least `threshold`: the group-average linkage of
    Cutting et al. (Scatter/Gather, 1992). What it costs grows with the links that are not faint.
    """
    grouping = _Grouping(products, squares)
    del products  # it has what it needs of them
    heap = grouping.nearest_pairs(threshold)
    heapify(heap)
    while heap:
        bound, one, other = heappop(heap)
        if not grouping.exists(one):
            continue
        if grouping.exists(other) and grouping.cosine(one, other) >= -bound:
            one = grouping.join(one, other)
        other, cosine = grouping.nearest(one)
        if cosine >= threshold:
            heappush(heap, (-cosine, one, other))
    return grouping.result()


class _Grouping:
    """The groups so far, by the number of one of their vectors, and the links between them.

    A pair's cosine only rises when one of the two is joined with a third, and then that one looks for its
    nearest anew: so the greatest cosine of all is always among those last found by some group. Most vectors
    are never near a group that is joined, so their links are put into a dictionary only when asked for.
    """

    def __init__(self, products: sparse.coo_array, squares: np.ndarray) -> None:
        length = np.sqrt(squares)
        row, column = (each.astype(np.int64, copy=False) for each in (products.row, products.col))
        cosine = products.data / (length[row] * length[column])
        telling = np.flatnonzero((cosine >= FAINT) & (row != column))
        order = telling[np.argsort(row[telling], kind="stable")]
        self._row, self._near, self._cosine = row[order], column[order], cosine[order]
        self._product = products.data[order]
        self._ends = np.searchsorted(self._row, np.arange(len(squares) + 1))
        self._links: dict[int, dict[int, float]] = {}
        self._members: dict[int, list[int]] = {}
        self._merged_groups: set[int] = set()
        self._length = length.tolist()

    def exists(self, one: int) -> bool:
        """Whether there is a group of this number: it was not merged into another."""
        return one not in self._merged_groups

    def nearest_pairs(self, threshold: float) -> list[tuple[float, int, int]]:
        """Each vector that has a neighbour at least so near: (minus their cosine, it, the nearest)."""
        near = np.flatnonzero(self._cosine >= threshold)
        order = near[np.lexsort((self._near[near], -self._cosine[near], self._row[near]))]
        row = self._row[order]
        first = order[np.flatnonzero(np.r_[True, row[1:] != row[:-1]])] if len(order) else order
        return list(
            zip(
                (-self._cosine[first]).tolist(),
                self._row[first].tolist(),
                self._near[first].tolist(),
                strict=True,
            )
        )

    def cosine(self, one: int, other: int) -> float:
        return self._links_of(one)[other] / (self._length[one] * self._length[other])

    def nearest(self, one: int) -> tuple[int, float]:
        """The nearest other group and its cosine, the one of lower number among equals; -1 and 0 if none."""
        links = self._links_of(one)
        if not links:
            return -1, 0.0
        near = list(map(truediv, links.values(), map(self._length.__getitem__, links)))
        best = max(near)
        if near.count(best) == 1:
            other = next(islice(links, near.index(best), None))
        else:
            other = min(each for each, is_near in zip(links, near, strict=True) if is_near == best)
        return other, self.cosine(one, other)

    def join(self, one: int, other: int) -> int:
        """Merge two groups, and return the number of the group that they are now."""
        if len(self._links_of(one)) < len(self._links_of(other)):
            one, other = other, one
        length, near, links = self._length, self._links_of(one), self._links_of(other)
        product = near.pop(other)
        del links[one]
        length[one] = sqrt(length[one] ** 2 + length[other] ** 2 + 2 * product)
        for each, more in links.items():
            total = near[each] = near.get(each, 0.0) + more
            theirs = self._links_of(each)
            del theirs[other]
            theirs[one] = total
        self._links[other] = {}
        self._members[one] = self._members.get(one, [one]) + self._members.pop(other, [other])
        self._merged_groups.add(other)
        return one

    def result(self) -> tuple[np.ndarray, np.ndarray]:
        first, length = np.arange(len(self._length)), np.array(self._length)
        for name, members in self._members.items():
            first[members] = least = min(members)
            length[least] = self._length[name]
        names, group = np.unique(first, return_inverse=True)
        return group.astype(np.int64), length[names] ** 2

    def _links_of(self, one: int) -> dict[int, float]:
        """A group's links: the product with each other group that it has one with."""
        if one not in self._links:
            at = slice(self._ends[one], self._ends[one + 1])
            self._links[one] = dict(zip(self._near[at].tolist(), self._product[at].tolist(), strict=True))
        return self._links[one]
