"""Where articles are: looked up as by asking each of all ids whether it is among the few."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pressgauge.store.places import where_among
from tests.examples import examples

some_ids = st.lists(
    st.integers(-(2**63), 2**63 - 1) | st.sampled_from([0, 1, 1 << 16, (1 << 16) + 1, -1, -(1 << 16)])
).map(lambda ids: np.array(ids, np.int64))


@given(some_ids, some_ids)
@settings(max_examples=examples(100))
def test_a_few_ids_are_found_among_many_as_by_comparing_each(few: np.ndarray, ids: np.ndarray) -> None:
    assert where_among(few, ids).tolist() == [
        row for row, each in enumerate(ids) if each in set(few.tolist())
    ]
