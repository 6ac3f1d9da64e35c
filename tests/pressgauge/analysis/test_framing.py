"""Framing reads the seed article as a person does, and says so by its sentences."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pressgauge.analysis.framing import Framing, calls, framing, sentences

LABELS = Path(__file__).parents[2] / "data" / "framing.jsonl"


def read(title: str | None, text: str | None, language: str = "en") -> Framing:
    return framing(pd.DataFrame({"id": [7], "title": [title], "text": [text], "language": [language]}))


@pytest.fixture(scope="module")
def seed(shared) -> Framing:
    title, text = (shared / "seed" / "article.txt").read_text(encoding="utf-8").split("\n", 1)
    return read(title, text)


def quoted(found: Framing, company: str, call: str) -> str:
    evidence = found.evidence
    return " ".join(evidence.loc[(evidence["company"] == company) & (evidence["call"] == call), "sentence"])


def test_the_seed_article_mentions_five_companies(seed):
    assert set(seed.companies["company"]) == {"OpenAI", "Meta", "DeepSeek", "Mistral", "Google"}


def test_the_seed_article_says_openai_is_closed_and_moves_toward_open(seed):
    openai = seed.companies.set_index("company").loc["OpenAI"]
    assert (openai["called"], openai["toward"]) == ("closed", "open")
    assert "closed off from the public" in quoted(seed, "OpenAI", "closed")
    assert "kept its models proprietary" in quoted(seed, "OpenAI", "closed")
    assert "may soon take a more open approach" in quoted(seed, "OpenAI", "toward open")


@pytest.mark.parametrize("company", ["DeepSeek", "Meta", "Mistral"])
def test_the_seed_article_says_the_others_are_open(seed, company):
    assert seed.companies.set_index("company").loc[company, "called"] == "open"
    assert "embraced open-source models" in quoted(seed, company, "open")


def test_the_seed_article_says_nothing_of_google_and_its_page_furniture_nothing_at_all(seed):
    assert seed.companies.set_index("company").loc["Google", "called"] == "unclear"
    assert (
        not seed.evidence["sentence"].str.contains("Akismet|Unauthorized|Required fields|Leave a Reply").any()
    )


def test_every_call_quotes_a_sentence_of_the_article(seed, shared):
    text = " ".join((shared / "seed" / "article.txt").read_text(encoding="utf-8").split())
    assert len(seed.evidence)
    assert all(" ".join(sentence.split()) in text for sentence in seed.evidence["sentence"])


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Meta open-sourced its model.", {("Meta", "open")}),
        ("Meta did not open-source its model.", {("Meta", "closed")}),
        ("Mistral is more open than Google.", {("Mistral", "open"), ("Google", "closed")}),
        ("Unlike Google, Mistral publishes its weights.", {("Mistral", "open"), ("Google", "closed")}),
        ("Google might open-source its model.", {("Google", "toward open")}),
        ("Google welcomed guests in Berlin.", set()),
        ("Experts praised Meta.", {("Meta", "praised")}),
        ("Meta was praised.", {("Meta", "praised")}),
        ("Unions accused Meta of neglect.", {("Meta", "criticised")}),
        ("The metadata is proprietary.", set()),
    ],
)
def test_rules_of_negation_comparison_and_mood(sentence, expected):
    assert {call[:2] for call in calls(sentence)} == expected


def test_contradicting_sentences_are_mixed_and_silence_is_unclear():
    both = read(None, "Meta open-sourced Llama.\nMeta keeps its new model proprietary.")
    assert both.companies["called"].tolist() == ["mixed"]
    assert both.articles["lean"].tolist() == ["mixed"] and both.articles["score"].tolist() == [0.0]
    nothing = read("Meta opens an office", None)
    assert nothing.companies["called"].tolist() == ["unclear"]
    assert nothing.articles["lean"].tolist() == ["unclear"] and np.isnan(nothing.articles["score"][0])


def test_other_languages_are_unknown_rather_than_guessed():
    found = read("Meta lobt OpenAI", "OpenAI ist nicht open source.", language="de")
    assert found.companies["company"].tolist() == ["Meta", "OpenAI"] or set(found.companies["company"]) == {
        "Meta",
        "OpenAI",
    }
    assert found.companies["called"].isna().all() and found.articles["lean"].isna().all()
    assert np.isnan(found.articles["tone"][0]) and found.evidence.empty


def test_headings_and_furniture_are_no_sentences():
    assert sentences("A new chapter\nIt rained.\nShare this\nFacebook", "Title") == ["Title", "It rained."]


def test_the_labelled_sentences_are_many_and_read_as_well_as_reported():
    records = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    assert len(records) >= 60
    made = [{call[:2] for call in calls(record["sentence"])} for record in records]
    wanted = [{tuple(call) for call in record["calls"]} for record in records]
    right = sum(len(a & b) for a, b in zip(made, wanted, strict=True))
    assert right / sum(map(len, made)) >= 0.9
    assert right / sum(map(len, wanted)) >= 0.7
