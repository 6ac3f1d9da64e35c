"""What a word is: the same for the index, which reads texts with their words set apart, and for a query."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressgauge.search.tokens import OF_SPACED, normal, places, spaced, words

COMMON = [(0, 0x530), (0x2000, 0x2150), (0x2190, 0x2460), (0x2500, 0x2C00), (0x1F300, 0x1FB00)]


def read_spaced(texts: list[str], analyzer: str) -> list[tuple[str, ...]]:
    return [tuple(OF_SPACED[analyzer].analyze(text)) for text in spaced([normal(text) for text in texts])]


@pytest.mark.parametrize("analyzer", ["folded", "cased"])
@pytest.mark.parametrize(("first", "after"), COMMON)
def test_every_common_character_is_or_parts_a_word_in_the_index_as_in_a_query(
    first: int, after: int, analyzer: str
):
    texts = [f"a{chr(point)}b {chr(point)}" for point in range(first, after)]
    assert read_spaced(texts, analyzer) == [words(text, analyzer) for text in texts]


@given(st.text(max_size=80), st.sampled_from(["folded", "cased"]))
def test_the_index_reads_the_words_of_any_text_that_a_query_does(text: str, analyzer: str):
    assert read_spaced([text], analyzer) == [words(text, analyzer)]


@given(
    st.lists(st.sampled_from(["open-source", "naïve", "Ⓐ", "발표", "发布", "e\u0301", "½", "\ud800", "🚀"]))
)
def test_words_of_many_scripts_in_one_text_stay_apart(parts: list[str]):
    text = "".join(parts)
    assert read_spaced([text], "folded") == [words(text, "folded")]


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("Η ΚΥΒΕΡΝΗΣΗ ΤΗΣ ΧΏΡΑΣ", "η κυβέρνηση της χώρας"),
        ("ΌΣΟ ΤΟ ΔΥΝΑΤΌΝ, ΐ", "οσο το δυνατον ι"),
        ("İstanbul ISTANBUL", "istanbul istanbul"),
        ("हिन्दी सम्बन्ध अङ्क पञ्च खण्ड", "हिंदी संबंध अंक पंच खंड"),
        ("क़ानून ज़रूरी न्\u200dयायालय", "कानून जरूरी न्यायालय"),
        ("Новый партнёр в замо\u0301к", "новый партнер в замок"),
        ("الذَّكاء الاصطناعيّ", "الذكاء الاصطناعي"),
        ("أحمد إلى مدرسة", "احمد الي مدرسه"),
        ("هوش مصنوعی کتاب", "هوش مصنوعي كتاب"),
        ("שָׁלוֹם", "שלום"),
        ("क़ानून", "कानून"),
        (
            "Gesamt\u00adkonzept Gesamt\u200bkonzept Gesamt\u2060kon\ufeffzept",
            " ".join(["gesamtkonzept"] * 3),
        ),
        ("Łódź Đà Nẵng", "lodz da nang"),
    ],
)
def test_a_word_is_the_same_however_its_script_writes_its_letters(written: str, searched: str) -> None:
    assert words(written, "folded") == words(searched, "folded")
    assert [place.word for place in places(written, "folded")] == list(words(searched, "folded"))


@pytest.mark.parametrize(("one", "other"), [("мой", "мои"), ("їжак", "іжак"), ("मैं", "में")])
def test_letters_of_their_own_stay_different(one: str, other: str) -> None:
    assert words(one, "folded") != words(other, "folded")
