"""Articles in the order of their days, into which others are put."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pressgauge.events.rows import Rows, shuffled, with_firsts, with_fresh, without
from tests.examples import examples


def rows(ids: np.ndarray, day: np.ndarray, story: np.ndarray) -> Rows:
    no, one = np.zeros(len(ids), bool), np.ones(len(ids))
    return Rows(ids, day, story, no, no, ids, ~no, ids, one)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=12), st.integers(0, 12))
@settings(max_examples=examples(80))
def test_articles_put_in_stand_by_day_and_shuffled_id_and_the_first_of_each_story_is_marked(
    articles: list[tuple[int, int]], before: int
) -> None:
    day, story = np.array(articles, np.int64).reshape(-1, 2).T
    ids = np.random.default_rng(len(articles)).permutation(len(day)).astype(np.int64)
    every = rows(ids, day, story)
    nothing = rows(ids[:0], day[:0], story[:0])
    old = with_fresh(nothing, Rows(*(column[:before] for column in every)))
    found = with_firsts(with_fresh(old, Rows(*(column[before:] for column in every))), story)
    order = np.lexsort((shuffled(ids), day))
    assert found.id.tolist() == ids[order].tolist()
    assert found.day.tolist() == day[order].tolist()
    stories = story[order].tolist()
    assert found.is_first.tolist() == [each not in stories[:at] for at, each in enumerate(stories)]


def test_rows_that_are_taken_out_leave_the_others_in_order() -> None:
    every = rows(np.array([4, 7, 9]), np.array([1, 1, 2]), np.array([4, 4, 9]))
    assert without(every, np.array([False, True, False])).id.tolist() == [4, 9]
