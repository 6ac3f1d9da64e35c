"""What an event is called after others have joined it, and it has joined others."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pressgauge.events.timeline import follow
from tests.examples import examples


@given(st.lists(st.integers(0, 30), max_size=30), st.randoms(use_true_random=False))
@settings(max_examples=examples(80))
def test_a_name_is_followed_through_all_joins(days: list[int], random) -> None:  # type: ignore[no-untyped-def]
    names = list(range(len(days) + 1))
    joins, now = [], {name: name for name in names}
    for day in sorted(days):  # each day one of the names that are left joins another
        old, new = random.sample(sorted(set(now.values())), 2)
        joins.append((day, old, new))
        now = {name: new if current == old else current for name, current in now.items()}
    followed = follow(np.array(names), np.array(joins, np.int64).reshape(-1, 3))
    assert dict(zip(names, followed.tolist(), strict=True)) == now
