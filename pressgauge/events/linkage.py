"""Agglomeration: the most alike are joined first, until nothing is alike enough."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from itertools import pairwise
from math import sqrt

import numpy as np
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
    heap = [(-cosine, one, other) for one, other, cosine in grouping.nearest_pairs() if cosine >= threshold]
    heapify(heap)
    while heap:
        bound, one, other = heappop(heap)
        if one not in grouping.members:
            continue
        if other in grouping.members and grouping.cosine(one, other) >= -bound:
            one = grouping.join(one, other)
        other, cosine = grouping.nearest(one)
        if cosine >= threshold:
            heappush(heap, (-cosine, one, other))
    return grouping.result()


class _Grouping:
    """The groups so far, by the number of one of their vectors, and the links between them.

    A pair's cosine only rises when one of the two is joined with a third, and then that one looks for its
    nearest anew: so the greatest cosine of all is always among those last found by some group.
    """

    def __init__(self, products: sparse.coo_array, squares: np.ndarray) -> None:
        length = np.sqrt(squares)
        row, column = products.row.astype(np.int64), products.col.astype(np.int64)
        cosine = products.data / (length[row] * length[column])
        telling = np.flatnonzero((cosine >= FAINT) & (row != column))
        order = telling[np.lexsort((column[telling], -cosine[telling], row[telling]))]
        ends = np.searchsorted(row[order], np.arange(len(squares) + 1)).tolist()
        near, product = column[order].tolist(), products.data[order].tolist()
        self.members = {each: [each] for each in range(len(squares))}
        self._links = [dict(zip(near[a:b], product[a:b], strict=True)) for a, b in pairwise(ends)]
        self._length = length.tolist()

    def nearest_pairs(self) -> list[tuple[int, int, float]]:
        """Each vector that has a neighbour, with the nearest and their cosine."""
        found = []
        for one, near in enumerate(self._links):
            if near:
                other = next(iter(near))
                found.append((one, other, self.cosine(one, other)))
        return found

    def cosine(self, one: int, other: int) -> float:
        return self._links[one][other] / (self._length[one] * self._length[other])

    def nearest(self, one: int) -> tuple[int, float]:
        """The nearest other group and its cosine, the one of lower number among equals; -1 and 0 if none."""
        length = self._length
        near = ((product / length[other], -other) for other, product in self._links[one].items())
        other = -max(near, default=(0.0, 1))[1]
        return (other, self.cosine(one, other)) if other >= 0 else (other, 0.0)

    def join(self, one: int, other: int) -> int:
        """Make two groups one, and say under which number."""
        links, length = self._links, self._length
        if len(links[one]) < len(links[other]):
            one, other = other, one
        product = links[one].pop(other)
        del links[other][one]
        length[one] = sqrt(length[one] ** 2 + length[other] ** 2 + 2 * product)
        near = links[one]
        for each, more in links[other].items():
            total = near[each] = near.get(each, 0.0) + more
            theirs = links[each]
            del theirs[other]
            theirs[one] = total
        links[other] = {}
        self.members[one] += self.members.pop(other)
        return one

    def result(self) -> tuple[np.ndarray, np.ndarray]:
        found = sorted((min(members), members, name) for name, members in self.members.items())
        group = np.empty(len(self._length), np.int64)
        for number, (_, members, _) in enumerate(found):
            group[members] = number
        return group, np.array([self._length[name] ** 2 for _, _, name in found])
