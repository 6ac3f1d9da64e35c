"""Articles found by their numbers are those found by their ids, whatever was asked before."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import tantivy
from hypothesis import given, settings
from hypothesis import strategies as st

from pressgauge.search.index import Index, schema, with_analyzers, write, writer
from pressgauge.search.numbers import Numbers
from tests.examples import examples

WORDS = ("open", "source", "model")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
QUERIES = st.sampled_from(
    ["open", "source", "model", "open source", '"open source"', "open OR model", "NOT open", "atleast2:open",
     "open AND atleast2:source", "nowhere", "*"]
)  # fmt: skip


def index_of(batches: list[list[str]], removed: set[int]) -> Index:
    """Articles with ids 1009, 1018, ... in a commit, and so a segment, a batch; `removed` (their places) are
    deleted by a last one."""
    index, first = with_analyzers(tantivy.Index(schema())), 0
    ids = 1_000 + 9 * np.arange(1, sum(map(len, batches)) + 1)
    for texts in batches:
        with writer(index, len(texts)) as writing:
            here = ids[first : first + len(texts)]
            write(writing, [pd.DataFrame({"id": here, "text": texts})], [], (1, 0))
        first += len(texts)
    with writer(index, 1) as writing:
        write(writing, [], ids[sorted(removed)], (2, 0))
    return Index(index)


@given(st.data())
@settings(max_examples=examples(30), deadline=None)
def test_articles_have_the_numbers_of_their_ids_in_any_order_of_questions(data: st.DataObject) -> None:
    batches = data.draw(st.lists(st.lists(TEXTS, min_size=1, max_size=12), min_size=1, max_size=4))
    total = sum(map(len, batches))
    removed = data.draw(st.sets(st.integers(0, total - 1), max_size=3))
    index = index_of(batches, removed)
    numbers = Numbers(index, lambda ids: (ids - 1_009) // 9)
    for query in data.draw(st.lists(QUERIES, min_size=1, max_size=8)):
        numbers.learn(data.draw(st.integers(1, 9)))
        expected = (index.ids(query) - 1_009) // 9
        assert sorted(numbers.matching(query).tolist()) == sorted(expected.tolist()), query


def test_an_article_is_looked_up_once() -> None:
    asked: list[int] = []

    def number_of(ids: np.ndarray) -> np.ndarray:
        asked.extend(ids.tolist())
        return ids

    numbers = Numbers(index_of([["open source", "open"], ["source model"]], set()), number_of)
    for query in ("open", "source", "open OR source", "open"):
        numbers.matching(query)
    assert sorted(asked) == [1_009, 1_018, 1_027]


def test_what_was_learnt_is_not_looked_up_for_a_query() -> None:
    asked: list[int] = []

    def number_of(ids: np.ndarray) -> np.ndarray:
        asked.extend(ids.tolist())
        return ids

    numbers = Numbers(index_of([["open source", "open"], ["source model"]], set()), number_of)
    for _ in range(4):
        numbers.learn(2)
    assert sorted(asked) == [1_009, 1_018, 1_027]
    assert sorted(numbers.matching("open OR source").tolist()) == [1_009, 1_018, 1_027]
    assert len(asked) == 3


def test_to_know_that_all_is_learnt_the_articles_are_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []
    index = index_of([["open source", "open"], ["source model"]], set())
    numbers = Numbers(index, lambda ids: ids)
    count = Index.count
    monkeypatch.setattr(Index, "count", lambda self, query: counted.append(query) or count(self, query))
    for _ in range(4):
        numbers.learn(2)
    assert counted == ["*"]
