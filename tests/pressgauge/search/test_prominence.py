"""What an article is about is told from what it mentions, by one rule whose parts are stated."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.about import f1, predictions
from pressgauge.search.index import in_memory
from pressgauge.search.prominence import about, prominence
from pressgauge.search.tokens import opening

ROUND_UPS = Path(__file__).parents[4] / "shared" / "prominence" / "dev.jsonl.gz"


def filler(words: int) -> str:
    return " ".join(f"word{number}" for number in range(words))


def frame(*articles: tuple[str | None, str | None]) -> pd.DataFrame:
    title, text = zip(*articles, strict=True)
    return pd.DataFrame({"id": range(1, len(articles) + 1), "title": title, "text": text}, dtype=object)


def told(query: str, *articles: tuple[str | None, str | None]) -> list[int]:
    """Which of the articles are about the query, counted from 1."""
    return about(in_memory(frame(*articles)), query).tolist()


def test_an_article_is_about_what_its_headline_names() -> None:
    assert told("meta", ("Meta buys it", filler(500)), ("No one buys it", filler(500) + " meta")) == [1]


def test_a_headline_without_text_is_judged_by_itself() -> None:
    assert told("meta", ("Meta buys it", None), ("No one", None), (None, "Meta buys it")) == [1, 3]


def test_the_opening_is_a_tenth_of_the_text_but_60_words_at_least_and_550_at_most() -> None:
    assert [opening(words) for words in (10, 600, 601, 1_000, 5_500, 20_000)] == [60, 60, 61, 100, 550, 550]
    for length, last in ((300, 59), (1_000, 99), (8_000, 549)):
        early, late = (" ".join([filler(at), "meta", filler(length - at - 1)]) for at in (last, last + 1))
        assert told("meta", (None, early), (None, late)) == [1], length


def test_what_is_there_often_for_the_length_is_what_an_article_is_about() -> None:
    def mentions(times: int, length: int) -> tuple[None, str]:
        return None, f"{filler(length - times)} {' '.join(['meta'] * times)}"

    assert told("meta", mentions(2, 300), mentions(3, 300), mentions(3, 450), mentions(3, 451)) == [2, 3]


def test_alternatives_are_counted_together_and_every_part_of_a_conjunction_must_be_often() -> None:
    text = f"{filler(200)} llama meta llama"
    assert told("meta OR llama", (None, text)) == [1]
    assert told("meta AND llama", (None, text)) == []
    assert told("meta AND llama", (None, f"{text} meta llama meta")) == [1]


def test_headline_and_opening_match_together() -> None:
    assert told("gemini google", ("Gemini is here", f"Google says so. {filler(300)}")) == [1]
    assert told('"open source"', ("Open", f"source {filler(300)}")) == []


def test_what_is_under_not_or_in_another_field_is_asked_of_the_whole_article() -> None:
    texts = (("Meta", filler(100) + " llama"), ("Meta", filler(100)))
    assert told("meta NOT llama", *texts) == [2]
    index = in_memory(frame(*texts).assign(outlet=["Wired", "BBC"]))
    assert about(index, "meta outlet:bbc").tolist() == [2]
    assert about(index, "outlet:bbc").tolist() == [2]


def test_case_is_kept_where_the_query_keeps_it() -> None:
    assert told("cased:Meta", ("meta", None), ("Meta", None), (None, "meta Meta")) == [2, 3]


def test_the_parts_of_prominence_are_told_for_each_article() -> None:
    articles = frame(
        ("Llama by Meta", f"{filler(99)} llama {filler(99)} llama"),
        ("Nothing", filler(50)),
        ("Llama", None),
    ).set_axis([7, 8, 9])
    table = prominence("llama", articles, others=["meta", "gemini"])
    assert table.index.tolist() == [7, 8, 9]
    assert table["title"].tolist() == [True, False, True]
    assert table["lead"].tolist() == [False, False, False]
    assert table["times"].tolist() == [2, 0, 0]
    assert table["per_100"].tolist()[:2] == [1.0, 0.0]
    assert table["first"].tolist()[0] == 99 / 200
    assert np.isnan(table["first"].tolist()[1])
    assert table["spread"].tolist()[0] == 2 / 10
    assert table["others"].tolist() == [1, 0, 0]
    assert table["about"].tolist() == [True, False, True]


@pytest.mark.slow
@pytest.mark.skipif(not ROUND_UPS.exists(), reason="the round-ups are not here")
def test_round_ups_are_told_apart_as_their_editor_did() -> None:
    rows, found = predictions(ROUND_UPS, every=3)
    gold = {tag: np.array([tag in tags for tags in rows["companies"]]) for tag in found}
    assert len(found) == 16
    assert np.mean([f1(gold[tag], kinds["mentioned"]) for tag, kinds in found.items()]) < 0.4
    assert np.mean([f1(gold[tag], kinds["about"]) for tag, kinds in found.items()]) >= 0.75
