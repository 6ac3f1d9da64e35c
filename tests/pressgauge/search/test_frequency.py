"""How often words occur, as the engine's scores tell it, equals counting them."""

from __future__ import annotations

import random

import pandas as pd
import pytest
import tantivy

from pressgauge.search.frequency import kept_length
from pressgauge.search.index import Index, in_memory, schema, with_analyzers, write, writer
from pressgauge.search.nodes import Words
from pressgauge.search.query import parse
from pressgauge.search.tokens import opening, words

VOCABULARY = ["open", "source", "sourced", "Meta", "meta", "ai", "x", "café", "模"]


def articles(seed: int = 1) -> pd.DataFrame:
    rng = random.Random(seed)
    texts = [" ".join(rng.choices(VOCABULARY, k=rng.choice([1, 3, 30, 60, 300, 3_000]))) for _ in range(120)]
    titles = [" ".join(rng.choices(VOCABULARY, k=5)) for _ in texts]
    return pd.DataFrame({"id": range(len(texts)), "title": titles, "text": texts})


@pytest.fixture(scope="module")
def known() -> tuple[pd.DataFrame, Index]:
    """Articles in an index of several segments, one of them with a deleted article."""
    frame = articles()
    index = with_analyzers(tantivy.Index(schema()))
    for start in range(0, len(frame), 40):
        with writer(index, 40) as writing:
            write(writing, [frame[start : start + 40]], [0] if start else [], (start, 0))
    return frame[1:], Index(index)


def occurrences(phrase: tuple[str, ...], text: str, *, cased: bool = False) -> int:
    """The naive count; a last word that ends in a star begins so."""
    read = words(text, "cased" if cased else "folded")
    return sum(
        all(
            read[at + number].startswith(word[:-1]) if word.endswith("*") else read[at + number] == word
            for number, word in enumerate(phrase)
        )
        for at in range(len(read) - len(phrase) + 1)
    )


@pytest.mark.parametrize(
    ("asked", "phrases", "cased"),
    [
        ("open", [("open",)], False),
        ('"open source"', [("open", "source")], False),
        ("sourc*", [("sourc*",)], False),
        ('"open sour"*', [("open", "sour*")], False),
        ("(cased:Meta)", [("Meta",)], True),
        ("cafe", [("cafe",)], False),
        ("模", [("模",)], False),
        ('(open OR ("meta ai" OR x))', [("open",), ("meta", "ai"), ("x",)], False),
    ],
)
def test_at_least_finds_exactly_the_articles_that_have_as_many(
    known: tuple[pd.DataFrame, Index], asked: str, phrases: list[tuple[str, ...]], cased: bool
) -> None:
    frame, index = known
    counted = {
        row.id: sum(
            occurrences(phrase, part, cased=cased) for phrase in phrases for part in (row.title, row.text)
        )
        for row in frame.itertuples()
    }
    for least in (1, 2, 3, 7, 40, 300):
        expected = sorted(identity for identity, times in counted.items() if times >= least)
        assert index.ids(f"atleast{least}:{asked}").tolist() == expected, least
        assert index.count(f"atleast{least}:{asked}") == len(expected)


def test_at_least_is_a_part_of_a_query_like_any_other(known: tuple[pd.DataFrame, Index]) -> None:
    _, index = known
    often, rare = set(index.ids("atleast20:open").tolist()), set(index.ids("meta").tolist())
    assert set(index.ids("meta NOT atleast20:open").tolist()) == rare - often
    assert (
        set(index.ids("NOT meta OR atleast20:open").tolist()) == (set(index.ids("*").tolist()) - rare) | often
    )


def test_the_number_of_words_is_told_with_the_times(known: tuple[pd.DataFrame, Index]) -> None:
    frame, index = known
    asked = parse("text:open")
    assert isinstance(asked, Words)
    found = index.occurrences(asked)
    lengths = dict(zip(frame["id"], frame["text"].str.split().str.len(), strict=True))
    assert found.words.tolist() == [lengths[identity] for identity in found.ids]


def test_the_opening_is_a_field_of_its_own() -> None:
    text = " ".join(["first", *["word"] * 70, "last"])
    index = in_memory(pd.DataFrame({"id": [1], "text": [text]}))
    assert (index.count("lead:first"), index.count("lead:last"), index.count("text:last")) == (1, 0, 1)


@pytest.mark.parametrize("field", ["lead", "lead_cased"])
@pytest.mark.parametrize(
    "phrase", [("meta",), ("open", "source"), ("source", "open"), ("sourc*",), ("open", "sour*")]
)
def test_an_opening_is_searched_and_counted_as_such_where_it_is_all_of_the_text_too(
    known: tuple[pd.DataFrame, Index], field: str, phrase: tuple[str, ...]
) -> None:
    frame, index = known
    prefix, counted = phrase[-1].endswith("*"), {}
    for identity, text in zip(frame["id"], frame["text"], strict=True):
        read = words(text, "cased")
        start = " ".join(read[: opening(len(read))])
        if times := occurrences(phrase, start, cased=field == "lead_cased"):
            counted[identity] = times
    asked = Words((field,), (*phrase[:-1], phrase[-1].removesuffix("*")), prefix=prefix)
    assert index.ids(asked).tolist() == list(counted)
    found = index.occurrences(asked)
    assert dict(zip(found.ids.tolist(), found.times.tolist(), strict=True)) == counted


@pytest.mark.parametrize("length", [1, 59, 60, 61, 600, 601])
def test_each_word_of_an_opening_is_found_in_it_and_none_behind(length: int) -> None:
    text = " ".join(f"w{number}" for number in range(length))
    index = in_memory(pd.DataFrame({"id": [1], "text": [text]}))
    assert [index.count(f"lead:w{number}") for number in range(length)] == [
        int(number < opening(length)) for number in range(length)
    ]
    assert index.count("NOT lead:w0") == 0


def test_lengths_are_kept_to_three_bits_after_the_first() -> None:
    assert kept_length(pd.Series([0, 23, 39, 41, 55, 59, 399, 459]).to_numpy()).tolist() == [
        0, 23, 39, 40, 54, 56, 376, 440,
    ]  # fmt: skip
