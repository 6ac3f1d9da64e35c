"""Where sentences end: not after an abbreviation, an initial or an ordinal, whatever the language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressgauge.search.sentences import sentences, spans


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["Mr. Altman met Dr. Li of OpenAI Inc. in Washington.", "It rained."]),
        ("en", ["Sen. Elizabeth Warren (D-Mass.) spoke vs. Rep. Jim Jordan.", "Both left at 5 p.m. Monday."]),
        ("en", ["J. K. Rowling wrote it.", "No. 5 is alive.", "I said no.", "Then it cost $3.5 million."]),
        ("en", ["It is I.", "Really?", '"Go!"', "He left…", "(Twice.)", "2020 was good."]),
        ("de", ["Am 3. Oktober kam Dr. Müller z. B. nach Berlin.", "Das war 2020.", "Danach nicht."]),
        ("fr", ["M. Dupont est là.", "« Oui. »", "Il dit non…", "Bien !", "Mme. Roy aussi."]),
        ("es", ["El Sr. Díaz llegó.", "¿Qué?", "¡No!", "Vale."]),
        ("zh", ["开源模型发布了。", "他说：「很好！」", "结束"]),
        (None, ["Dr. No stayed.", "He left."]),
    ],
)
def test_abbreviations_initials_and_ordinals_end_no_sentence(language: str | None, expected: list[str]):
    between = "" if language == "zh" else " "
    assert sentences(between.join(expected), language) == expected


def test_after_an_abbreviation_that_may_end_one_the_next_word_tells() -> None:
    assert sentences("He works in the U.S. The rest is Inc. magazine. OpenAI Inc. It grew.", "en") == [
        "He works in the U.S.", "The rest is Inc. magazine.", "OpenAI Inc.", "It grew.",
    ]  # fmt: skip


def test_a_line_break_ends_a_sentence_and_blank_ones_are_none() -> None:
    assert sentences("A heading\n\n  One. \n", "en") == ["A heading", "One."]
    assert sentences("", "en") == sentences(" \n ", "en") == []


@given(st.text(alphabet='Aa1 .!?…"”»()\n。Mr', max_size=200), st.sampled_from(["en", "de", "fr", None]))
def test_nothing_but_space_is_lost_between_sentences(text: str, language: str | None) -> None:
    places = list(spans(text, language))
    assert all(start < end for start, end in places)
    kept = "".join(text[start:end] for start, end in places)
    assert "".join(kept.split()) == "".join(text.split())
