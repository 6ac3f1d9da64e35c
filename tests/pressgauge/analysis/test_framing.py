"""Framing reads the seed article as a person does, and says so by its sentences."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressgauge.analysis.framing import CALLS, Framing, calls, framing, sentences
from tests.cost import costs_at_most
from tests.examples import examples

LABELS = Path(__file__).parents[2] / "data" / "framing.jsonl"
REPORT = Path(__file__).parents[3] / "bench" / "FRAMING.md"


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
        ("Mistral AI loses customers to proprietary AI.", set()),
        ("Mistral switched to proprietary AI.", {("Mistral", "closed")}),
        ("the lead Google DeepMind has over open models", set()),
        (
            "OpenAI, unlike Mr. Zuckerberg's Meta, keeps its models closed.",
            {("OpenAI", "closed"), ("Meta", "open")},
        ),
        ("OpenAI met Microsoft behind closed doors.", set()),
        ("DeepSeek is cheaper than proprietary models.", set()),
        ("DeepSeek beats the proprietary models of its rivals.", set()),
        ("Open models threaten OpenAI.", set()),
        ("Anthropic sells access to its proprietary model.", {("Anthropic", "closed")}),
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
    assert set(found.companies["company"]) == {"Meta", "OpenAI"}
    assert found.companies["called"].isna().all() and found.articles["lean"].isna().all()
    assert np.isnan(found.articles["tone"][0]) and found.evidence.empty


def test_headings_and_furniture_are_no_sentences():
    assert sentences("A new chapter\nIt rained.\nShare this\nFacebook", "Title") == ["Title", "It rained."]


@pytest.mark.parametrize("split", ["dev", "test"])
def test_the_labelled_sentences_are_read_as_well_as_reported_and_no_better(split):
    records = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    records = [record for record in records if record["split"] == split]
    assert len(records) >= 40 and len({record["sentence"] for record in records}) == len(records)
    made = [{call[:2] for call in calls(record["sentence"])} for record in records]
    wanted = [{tuple(call) for call in record["calls"]} for record in records]
    right = sum(len(a & b) for a, b in zip(made, wanted, strict=True))
    exact = sum(a == b for a, b in zip(made, wanted, strict=True))
    precision, recall = right / sum(map(len, made)), right / sum(map(len, wanted))
    line = f"| {split} | {len(records)} | {exact / len(records):.0%} | {precision:.0%} | {recall:.0%} |"
    assert line in REPORT.read_text(encoding="utf-8").splitlines(), "run python -m bench.framing"
    assert precision >= 0.8 and recall >= 0.7


WORDS = [
    "OpenAI",
    "Meta",
    "and",
    "not",
    "open",
    "closed",
    "proprietary",
    "than",
    "unlike",
    "praised",
    "may",
    ",",
]


@settings(max_examples=examples(60))
@given(st.lists(st.sampled_from([*WORDS, "<b>", "\u202e", "weights", ".", "\n"]), max_size=60).map(" ".join))
def test_whatever_is_written_scores_are_in_bounds_and_every_call_quotes_the_text(text):
    found = read(None, text)
    score, tone = found.articles.loc[0, ["score", "tone"]]
    assert np.isnan(score) or -1 <= score <= 1
    assert np.isnan(tone) or -1 <= tone <= 1
    flat = " ".join(text.split())
    assert all(" ".join(sentence.split()) in flat for sentence in found.evidence["sentence"])
    assert set(found.evidence["call"]) <= set(CALLS)
    assert np.isnan(score) == found.evidence["call"].isin(["praised", "criticised"]).all()


@pytest.mark.parametrize("word", ["open ", "keeps ", "released ", "more open than Meta ", "not ", "OpenAI, "])
def test_a_hostile_sentence_is_read_in_a_moment(word):
    sentence = ("OpenAI " + word * 100_000)[:500_000] + "."
    assert costs_at_most(5, lambda: read(None, sentence))


@pytest.mark.parametrize(
    ("text", "lean", "score"),
    [
        ("Meta open-sourced Llama.", "open", 1.0),
        ("Google keeps its model proprietary.", "proprietary", -1.0),
        ("Meta open-sourced Llama. Google keeps its model proprietary.", "mixed", 0.0),
        ("OpenAI plans to open-source its tools.", "open", 1.0),
        ("It rained in Oslo.", "unclear", np.nan),
    ],
)
def test_the_score_runs_from_closed_to_open(text, lean, score):
    row = read(None, text).articles.iloc[0]
    assert row["lean"] == lean and row["score"] == pytest.approx(score, nan_ok=True)


def test_tone_is_the_sign_of_the_words():
    assert read(None, "A wonderful success.").articles["tone"][0] > 0.3
    assert read(None, "A horrible failure.").articles["tone"][0] < -0.3


def test_a_sentence_with_two_cues_is_one_sentence():
    found = read(None, "Experts praised and applauded Meta. Unions slammed Meta.")
    row = found.companies.iloc[0]
    assert (row["sentences"], row["praised"], row["criticised"]) == (2, 1, 1)
    both = read(None, "Meta keeps its proprietary model behind a paywall. Meta open-sourced Llama.")
    assert both.articles["score"].tolist() == [0.0]
