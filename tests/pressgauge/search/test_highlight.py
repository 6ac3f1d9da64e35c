"""Where in a text a query is met."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressgauge.search.highlight import matches, spans


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ('"open source"', "An Open-Source model, open and free", ["Open-Source"]),
        ("open* NOT meta", "opens meta OpenAI", ["opens", "OpenAI"]),
        ("cased:Meta OR ai", "meta Meta AI", ["Meta", "AI"]),
        ("cafe", "Le Cafe\N{COMBINING ACUTE ACCENT} et le café", ["Cafe\N{COMBINING ACUTE ACCENT}", "café"]),
        ("开源", "OpenAI开源模型", ["开源"]),
        ('"open model"~2', "a model that is open", ["model", "open"]),
        ('"open so"*', "open source, open road", ["open source"]),
        ("title:open outlet:times published:2025", "open times 2025", []),
        ("*", "anything", []),
        ('"open source" source', "open source", ["open source"]),
        ("κυβερνηση", "Η ΚΥΒΕΡΝΗΣΗ, η κυβέρνηση", ["ΚΥΒΕΡΝΗΣΗ", "κυβέρνηση"]),
        ("हिंदी", "हिन्दी में", ["हिन्दी"]),
        ("gesamtkonzept", "Das Gesamt\u00adkonzept.", ["Gesamt\u00adkonzept"]),
        ("rock", "\ud800 👩‍🚀 rock", ["rock"]),
    ],
)
def test_the_words_that_a_query_looks_for_are_marked(query: str, text: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in spans(query, text)] == marked


def test_a_title_is_marked_by_what_is_asked_of_titles() -> None:
    assert spans("title:open text:closed", "open closed", field="title") == [(0, 4)]


def test_a_sentence_matches_by_itself() -> None:
    sentences = ["Open source wins.", "Meta is open source.", "", "Nothing \ud800."]
    assert matches('"open source" NOT meta', sentences).tolist() == [True, False, False, False]


@given(st.lists(st.sampled_from(["open", "source", "Source", "closed", "é", "开"]), max_size=8).map(" ".join))
def test_a_text_is_marked_exactly_when_it_matches(text: str) -> None:
    for query in ("open", '"open source"', "cased:Source", "so*", "开"):
        assert bool(spans(query, text)) == matches(query, [text])[0]
