"""Agglomeration against a naive one that computes everything from the vectors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from pressgauge.events.linkage import FAINT, agglomerate
from tests.examples import examples


def grouped(vectors: np.ndarray, threshold: float) -> tuple[list[int], list[float]]:
    products = sparse.coo_array(vectors @ vectors.T)
    group, squares = agglomerate(products, (vectors**2).sum(axis=1), threshold)
    return group.tolist(), squares.tolist()


def naive(vectors: np.ndarray, threshold: float) -> list[set[int]]:
    """The two groups with the most similar sums are joined, until none are similar enough."""
    groups = [{number} for number in range(len(vectors))]
    while True:
        best, pair = threshold, None
        for one in range(len(groups)):
            for other in range(one + 1, len(groups)):
                cosine = similarity(vectors, groups[one], groups[other])
                if cosine >= best:
                    best, pair = cosine, (one, other)
        if pair is None:
            return groups
        groups[pair[0]] |= groups.pop(pair[1])


def similarity(vectors: np.ndarray, one: set[int], other: set[int]) -> float:
    lengths = np.linalg.norm(vectors, axis=1)
    inner = sum(
        product
        for a in one
        for b in other
        if (product := float(vectors[a] @ vectors[b])) >= FAINT * lengths[a] * lengths[b]
    )
    return inner / (length(vectors, one) * length(vectors, other))


def length(vectors: np.ndarray, group: set[int]) -> float:
    lengths = np.linalg.norm(vectors, axis=1)
    total = 0.0
    for a in group:
        for b in group:
            product = float(vectors[a] @ vectors[b])
            total += product if a == b or product >= FAINT * lengths[a] * lengths[b] else 0.0
    return float(np.sqrt(total))


@settings(max_examples=examples(40))
@given(st.integers(0, 10_000), st.integers(2, 14), st.floats(0.1, 0.8))
def test_the_groups_are_those_of_the_definition(seed: int, size: int, threshold: float) -> None:
    random = np.random.default_rng(seed)
    vectors = random.random((size, 8)) * (random.random((size, 8)) < 0.4) + np.eye(size, 8) * 0.01 + 1e-6
    group, _ = grouped(vectors, threshold)
    expected = naive(vectors, threshold)
    assert sorted(sorted(each) for each in expected) == sorted(
        np.flatnonzero(np.array(group) == number).tolist() for number in set(group)
    )


def test_groups_are_numbered_by_their_first_vectors_and_know_their_squares() -> None:
    vectors = np.array([[1.0, 0, 0], [0, 1, 0], [1, 0.1, 0], [0, 0, 1]])
    group, squares = grouped(vectors, 0.5)
    assert group == [0, 1, 0, 2]
    assert squares == pytest.approx([2**2 + 0.1**2, 1, 1])


def test_vectors_with_nothing_in_common_stay_alone() -> None:
    assert grouped(np.eye(3), 0.1)[0] == [0, 1, 2]
    assert grouped(np.zeros((0, 3)), 0.1) == ([], [])
