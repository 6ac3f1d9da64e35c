"""Every answer of the index equals a naive reading of the articles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tantivy
from hypothesis import given, settings
from hypothesis import strategies as st

from pressgauge.errors import QueryError
from pressgauge.search.index import in_memory, schema, with_analyzers, write, writer
from tests.examples import examples

Article = dict[str, object]
Says = Callable[[Article], bool]


def frame(*texts: str, **columns: object) -> pd.DataFrame:
    return pd.DataFrame({"id": range(1, len(texts) + 1), "text": texts, **columns})


def found(query: str, *texts: str, **columns: object) -> list[int]:
    """Which of the texts match, counted from 1."""
    return sorted(in_memory(frame(*texts, **columns)).ids(query).tolist())


# The reference: words are runs of letters and digits without their accents, or single Chinese characters.
def words(text: str, *, cased: bool = False) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.findall(r"[一-鿿]|[^\W_一-鿿]+", plain if cased else plain.lower())


def in_a_row(phrase: list[str], text: list[str], last: Callable[[str, str], bool] = str.__eq__) -> bool:
    return any(
        text[at : at + len(phrase) - 1] == phrase[:-1] and last(text[at + len(phrase) - 1], phrase[-1])
        for at in range(len(text) - len(phrase) + 1)
    )


def near(first: str, second: str, distance: int, text: list[str]) -> bool:
    return any(
        text[i] == first and text[j] == second and abs(j - 1 - i) <= distance
        for i in range(len(text))
        for j in range(len(text))
    )


VOCABULARY = (
    "open",
    "Open",
    "source",
    "sources",
    "meta",
    "Meta",
    "metadata",
    "café",
    "Cafe",
    "AI",
    "ai",
    "开",
    "源",
    "型",
)
WORD = st.sampled_from(VOCABULARY)
TEXT = st.lists(st.tuples(WORD, st.sampled_from((" ", "-", ", ", ".\n"))), max_size=7).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)
DAY = st.integers(1, 28).map(lambda day: pd.Timestamp(2025, 1, day, 23, 59, 59, 999_999, tz="UTC"))
ARTICLES = st.lists(
    st.fixed_dictionaries(
        {
            "title": st.none() | TEXT,
            "text": st.none() | TEXT,
            "outlet": st.sampled_from(("The Guardian", "Le Monde", "Guardian Weekly")),
            "language": st.sampled_from(("en", "fr")),
            "published": st.none() | DAY,
        }
    ),
    min_size=1,
    max_size=6,
)


def anywhere(article: Article, says: Callable[[list[str]], bool], *, cased: bool = False) -> bool:
    return any(says(words(str(article[part] or ""), cased=cased)) for part in ("title", "text"))


def simple() -> st.SearchStrategy[tuple[str, Says]]:
    """A query of one condition, and the same condition in Python."""
    phrases = st.lists(WORD, min_size=1, max_size=3)
    return st.one_of(
        phrases.map(
            lambda phrase: (
                f'"{" ".join(phrase)}"',
                partial(anywhere, says=lambda text: in_a_row(words(" ".join(phrase)), text)),
            )
        ),
        phrases.map(
            lambda phrase: (
                f'"{" ".join(phrase)}"*',
                partial(anywhere, says=lambda text: in_a_row(words(" ".join(phrase)), text, str.startswith)),
            )
        ),
        phrases.map(
            lambda phrase: (
                f'cased:"{"-".join(phrase)}"',
                partial(
                    anywhere,
                    cased=True,
                    says=lambda text: in_a_row(words("-".join(phrase), cased=True), text),
                ),
            )
        ),
        st.tuples(
            st.sampled_from(("open", "meta", "café")),
            st.sampled_from(("source", "ai", "源")),
            st.integers(0, 4),
        ).map(
            lambda given: (
                f'"{given[0]} {given[1]}"~{given[2]}',
                partial(anywhere, says=lambda text: near(words(given[0])[0], given[1], given[2], text)),
            )
        ),
        WORD.map(
            lambda word: (
                f"title:{word}",
                lambda article: words(word)[0] in words(str(article["title"] or "")),
            )
        ),
        st.sampled_from(("guardian", '"the guardian"', "MONDE")).map(
            lambda name: (
                f"outlet:{name}",
                lambda article: in_a_row(words(name), words(str(article["outlet"]))),
            )
        ),
        st.sampled_from(("en", "FR", "e")).map(
            lambda code: (f"language:{code}", lambda article: article["language"] == code.lower())
        ),
        st.tuples(st.integers(1, 28), st.integers(1, 28))
        .map(sorted)
        .map(
            lambda days: (
                f"published:[2025-01-{days[0]:02} TO 2025-01-{days[1]:02}]",
                lambda article: (
                    article["published"] is not None and days[0] <= article["published"].day <= days[1]
                ),
            )
        ),
    )


def combined(parts: st.SearchStrategy[tuple[str, Says]]) -> st.SearchStrategy[tuple[str, Says]]:
    pairs = st.tuples(parts, parts)
    return st.one_of(
        pairs.map(lambda p: (f"({p[0][0]}) AND ({p[1][0]})", lambda a: p[0][1](a) and p[1][1](a))),
        pairs.map(lambda p: (f"({p[0][0]}) ({p[1][0]})", lambda a: p[0][1](a) and p[1][1](a))),
        pairs.map(lambda p: (f"({p[0][0]}) OR ({p[1][0]})", lambda a: p[0][1](a) or p[1][1](a))),
        pairs.map(lambda p: (f"({p[0][0]}) NOT ({p[1][0]})", lambda a: p[0][1](a) and not p[1][1](a))),
        pairs.map(lambda p: (f"({p[0][0]}) OR NOT ({p[1][0]})", lambda a: p[0][1](a) or not p[1][1](a))),
        parts.map(lambda p: (f"NOT ({p[0]})", lambda a: not p[1](a))),
    )


QUERIES = st.recursive(simple(), combined, max_leaves=6)


@pytest.mark.slow
@settings(max_examples=examples(80))
@given(ARTICLES, st.lists(QUERIES, min_size=1, max_size=12))
def test_every_query_finds_what_a_naive_reading_finds(
    articles: list[Article], queries: list[tuple[str, Says]]
) -> None:
    published = pd.Series([article["published"] for article in articles], dtype="datetime64[us, UTC]")
    index = in_memory(pd.DataFrame(articles).assign(id=range(len(articles)), published=published))
    for query, says in queries:
        expected = [number for number, article in enumerate(articles) if says(article)]
        assert sorted(index.ids(query).tolist()) == expected, query
        assert index.count(query) == len(expected)


def test_open_source_is_one_phrase_however_it_is_written() -> None:
    texts = ("open-source AI", "Open Source", "OPEN  source", "open\nsource", "open and source", "opensource")
    assert found('"open source"', *texts) == found("open-source", *texts) == [1, 2, 3, 4]


def test_meta_does_not_match_metadata_and_cased_meta_not_meta() -> None:
    texts = ("metadata", "Meta’s model", "a meta study", "META")
    assert found("meta", *texts) == [2, 3, 4]
    assert found("cased:Meta", *texts) == [2]


def test_accents_fold_however_they_are_encoded() -> None:
    composed, decomposed = "Café", "Cafe\N{COMBINING ACUTE ACCENT}"
    assert (
        found("cafe", composed, decomposed, "Cafe")
        == found(decomposed, composed, decomposed, "Cafe")
        == [1, 2, 3]
    )


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("开源", "OpenAI发布开源模型"),
        ("OpenAI", "OpenAI发布开源模型"),
        ("オープンソース", "オープンソースのAIモデル"),
        ("AI", "オープンソースのAIモデル"),
        ("오픈소스", "오픈소스는 무료다"),
        ("อิน", "อินเทอร์เน็ต"),
        ("открытый", "Открытый исходный код"),
    ],
)
def test_scripts_without_spaces_are_searched_inside_words(query: str, text: str) -> None:
    assert found(query, text, "something else") == [1]


def test_characters_of_a_chinese_word_must_stand_together() -> None:
    assert found("开源", "开放源码", "源开", "开 a1 源") == []


def test_a_prefix_counts_every_word_it_begins() -> None:
    texts = [f"open so{letter}{other}" for letter in "abcdefghij" for other in "abcdefghij"]
    assert len(found('"open so"*', *texts)) == len(found("so*", *texts)) == 100


def test_not_alone_is_everything_else() -> None:
    assert found("NOT meta", "Meta", "openai", "") == [2, 3]


def test_an_author_is_found_by_name() -> None:
    authors = [["Jane Doe", "Émile Zola"], []]
    assert found('author:"emile zola"', "", "", authors=authors) == [1]
    assert found('author:"doe emile"~0', "", "", authors=authors) == []


def test_a_domain_is_the_whole_domain() -> None:
    assert found("domain:guardian.com", "", "", domain=["guardian.com", "guardian.com.au"]) == [1]


def test_the_prefix_of_a_domain_is_no_pattern() -> None:
    domains = ["guardian.com", "guardianxcom.com", "[a-z]+.org"]
    assert found("domain:guardian.c*", "", "", "", domain=domains) == [1]
    assert found('domain:"[a-z]"*', "", "", "", domain=domains) == [3]


def test_an_unknown_date_is_in_no_range_and_in_every_exclusion() -> None:
    published = pd.Series([pd.NaT, pd.Timestamp("2025-01-20T12:00", tz="UTC")]).dt.as_unit("us")
    assert found("published:[* TO *]", "", "", published=published) == [2]
    assert found("NOT published:2025", "", "", published=published) == [1]


def test_a_day_ends_with_its_last_microsecond() -> None:
    moments = pd.to_datetime(["2025-01-20T23:59:59.999999Z", "2025-01-21T00:00:00.000000Z"]).as_unit("us")
    assert found("published:2025-01-20", "", "", published=moments) == [1]


def test_few_articles_are_asked_alone() -> None:
    texts = ["open source", "open source source source", "closed source", "open"]
    index = in_memory(pd.DataFrame({"id": [-5, 2, 3, 9], "text": texts}))
    few = np.array([9, 2, -5], dtype=np.int64)
    for query in ("open", '"open source"', "open NOT source", "atleast3:source", "*", "gone"):
        expected = sorted(set(index.ids(query).tolist()) & {*few.tolist()})
        assert index.ids_among(query, few).tolist() == expected, query
    assert index.ids_among("open", few[:0]).tolist() == []


def test_the_whole_range_of_ids_is_kept() -> None:
    ids = [-(2**63), -1, 0, 2**63 - 1]
    index = in_memory(pd.DataFrame({"id": ids, "text": ["open"] * 4}))
    assert sorted(index.ids("open").tolist()) == ids


def test_P13_hostile_text_is_indexed_with_the_rest() -> None:
    texts = (
        "\ud800 lone",
        "nul \0 byte",
        "bidi \u202e override",
        "word " * 300_000,
        "x" * 100_000 + " after",
    )
    index = in_memory(pd.DataFrame({"id": range(5), "text": pd.Series(texts, dtype=object)}))
    assert len(index) == 5
    assert [index.count(word) for word in ("lone", "byte", "override", "word", "after")] == [1] * 5


def test_an_empty_index_answers() -> None:
    index = in_memory(pd.DataFrame({"id": pd.Series(dtype="int64")}))
    assert (len(index), index.ids("NOT meta").tolist(), index.count("*")) == (0, [], 0)


@pytest.mark.parametrize("text", [np.nan, 7, 1.5, None, True], ids=str)
def test_a_column_of_text_without_texts_is_indexed_with_the_rest(text: object) -> None:
    index = in_memory(pd.DataFrame({"id": [1, 2], "title": "Open source", "text": [text] * 2}))
    assert (index.count("source"), index.count("text:*"), len(index)) == (2, 0, 2)
    empty = in_memory(pd.DataFrame({"id": pd.Series(dtype="int64"), "text": pd.Series(dtype="float64")}))
    assert len(empty) == 0


def test_a_prefix_with_too_many_words_is_an_explained_error() -> None:
    texts = " ".join(f"a1 zz{number}" for number in range(40_000))
    with pytest.raises(QueryError, match="refuses"):
        in_memory(frame(texts)).ids('"a1 zz"*')


def test_u06_without_the_escaping_a_word_is_a_pattern_to_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    domains = {"domain": ["a.example", "abexample"]}
    assert found("domain:a.ex*", "x", "y", **domains) == [1]
    monkeypatch.setattr("pressgauge.search.index._PATTERN", frozenset())
    assert found("domain:a.ex*", "x", "y", **domains) == [1, 2]


def test_an_open_range_holds_its_moment_and_all_after_it() -> None:
    published = pd.to_datetime(["2024-03-05", "2023-12-31", None], utc=True)
    dated = {"published": published}
    assert found("published:[2024 TO *]", "a1", "a2", "a3", **dated) == [1]
    assert found("published:[2024-03-05T00:00 TO *]", "a1", "a2", "a3", **dated) == [1]
    assert found("published:[* TO 2023]", "a1", "a2", "a3", **dated) == [2]
    assert found("published:*", "a1", "a2", "a3", **dated) == found(
        "published:[* TO *]", "a1", "a2", "a3", **dated
    )
    assert found("NOT published:*", "a1", "a2", "a3", **dated) == [3]


def test_a_star_for_a_field_finds_the_articles_that_have_it() -> None:
    given = {"authors": [["Ada Hollis"], []], "language": ["en", None], "outlet": ["The Post", "The Post"]}
    for field, expected in (("author", [1]), ("language", [1]), ("outlet", [1, 2]), ("country", [])):
        assert found(f"{field}:*", "a1", "a2", **given) == expected
        assert found(f"NOT {field}:*", "a1", "a2", **given) == [one for one in (1, 2) if one not in expected]


def test_a_date_long_ago_is_found_by_its_year() -> None:
    published = pd.to_datetime(["1785-01-01T10:00", "1969-12-31T12:00"], utc=True).as_unit("us")
    assert found("published:1785", "a1", "a2", published=published) == [1]
    assert found("published:[1900 TO 1969]", "a1", "a2", published=published) == [2]


def test_s02_after_a_write_that_failed_the_index_is_written_again_although_its_error_is_still_held(
    tmp_path: Path,
) -> None:
    index = with_analyzers(tantivy.Index(schema(), str(tmp_path)))
    with pytest.raises(OSError, match="no room") as held, writer(index, 1) as writing:
        write(writing, [frame("lost")], [], (1, 1))
        raise OSError("no room")
    with writer(index, 1) as writing:
        write(writing, [frame("kept", "also")], [], (2, 2))
    assert held.value.__traceback__ is not None  # whose frames hold the first writer
    index.reload()
    assert index.searcher().num_docs == 3, "two articles and the state, nothing of what was lost"
