"""What may be joined with what is new: everything else can be left as it was."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from pressgauge.events.linkage import agglomerate
from pressgauge.events.revision import reach
from tests.examples import examples


def groups(rows: np.ndarray, some: np.ndarray, threshold: float) -> set[frozenset[int]]:
    products = sparse.coo_array(rows[some] @ rows[some].T)
    group, _ = agglomerate(products, np.ones(len(some)), threshold)
    return {frozenset(some[group == number].tolist()) for number in set(group.tolist())}


@settings(max_examples=examples(40))
@given(st.integers(0, 10_000), st.integers(2, 40), st.floats(0.1, 0.6))
def test_what_is_reached_and_what_is_not_fall_into_the_same_groups_apart(
    seed: int, size: int, threshold: float
) -> None:
    random = np.random.default_rng(seed)
    vectors = random.random((size, 60)) * (random.random((size, 60)) < 0.08) + np.eye(size, 60) * 0.01
    rows = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    start = np.arange(size) < 2
    is_reached = reach(sparse.csr_array(rows), np.arange(size), start, threshold)
    apart = [groups(rows, np.flatnonzero(part), threshold) for part in (is_reached, ~is_reached)]
    assert is_reached[start].all()
    assert groups(rows, np.arange(size), threshold) == apart[0] | apart[1]


def test_what_was_joined_is_reached_together_and_the_rest_is_not() -> None:
    rows = sparse.csr_array(np.array([[1.0, 0, 0], [0.6, 0.8, 0], [0, 1.0, 0], [0, 0, 1.0]]))
    start = np.array([True, False, False, False])
    assert reach(rows, np.array([0, 1, 2, 3]), start, 0.7).tolist() == [True, False, False, False]
    assert reach(rows, np.array([0, 1, 2, 3]), start, 0.5).tolist() == [True, True, True, False]
    assert reach(rows, np.array([0, 1, 1, 2]), start, 0.5).tolist() == [True, True, True, False]
    assert reach(rows, np.array([0, 1, 2, 1]), start, 0.7).tolist() == [True, False, False, False]
