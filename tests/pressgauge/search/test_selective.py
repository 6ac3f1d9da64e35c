"""What of a query is looked for: not what most of the coverage that it is asked of has anyway."""

from __future__ import annotations

import pandas as pd
import pytest

from pressgauge.search.highlight import asked_words, spans
from pressgauge.search.index import Index, in_memory
from pressgauge.search.selective import selective

TEXTS = [
    *["open source AI model"] * 2,
    *["chatbot AI news"] * 3,
    *["AI model of Llama"] * 2,
    *["open source database"] * 13,
]


@pytest.fixture(scope="module")
def index() -> Index:
    return in_memory(pd.DataFrame({"id": range(len(TEXTS)), "text": TEXTS}))


@pytest.mark.parametrize(
    ("query", "within", "words"),
    [
        ('"open source" AND (AI OR LLM)', "AI", ("open", "source")),
        ('chatbot OR ("open source" AND (AI OR LLM))', "AI", ("chatbot", "open", "source")),
        ('"open source" AND (AI OR LLM)', "", ("ai", "llm")),
        ('"open source" AND AI NOT llama', "AI", ("open", "source")),
        ("AI AND news", "AI AND news", ("ai", "news")),
        ('"open source" AND model', "AI", ("open", "source")),
        ("AI", "AI", ("ai",)),
        ("AI AND outlet:post", "AI", ("ai",)),
        ("*", "AI", ()),
    ],
)
def test_a_part_that_half_the_articles_within_have_is_not_looked_for(
    index: Index, query: str, within: str, words: tuple[str, ...]
) -> None:
    assert asked_words(selective(query, index, within)) == words


def test_every_article_that_a_query_finds_shows_what_it_was_found_by(index: Index) -> None:
    node = selective('"open source" AND (AI OR LLM)', index, "AI")
    found = index.ids('"open source" AND (AI OR LLM)')
    assert [spans(node, TEXTS[row]) for row in found] == [[(0, 11)], [(0, 11)]]
