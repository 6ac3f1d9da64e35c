"""The view: what a link carries."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.session.view import (
    _PARSERS,
    FREQUENCIES,
    GROUPS,
    ORDERS,
    PANELS,
    SAMPLES,
    SCALES,
    SEEDS,
    THEMES,
    UNITS,
    Selection,
    View,
)

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
_DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))
_IDS = st.none() | st.integers(-(2**63), 2**63 - 1)
_NAMES = st.lists(_TEXT, max_size=4).map(tuple)
_OF_SELECTION = {
    "series": st.none() | _TEXT,
    "since": st.none() | _DAYS,
    "until": st.none() | _DAYS,
    "outlet": st.none() | _TEXT,
    "story": _IDS,
    "event": _IDS,
    "country": st.none() | _TEXT,
    "language": st.none() | _TEXT,
    "also": st.none() | _TEXT,
    "word": st.none() | _TEXT,
    "compared": st.booleans(),
    "speaker": st.none() | _TEXT,
    "named": st.booleans(),
    "article": _IDS,
    "undated": st.booleans(),
    "doubtful": st.booleans(),
    "side": st.sampled_from((None, 0, 1)),
    "steady": st.booleans(),
}
_NOT_OF_A_SIDE = {"article": st.none(), "side": st.none(), "steady": st.just(False)}
_SIDES = st.none() | st.builds(Selection, **{**_OF_SELECTION, **_NOT_OF_A_SIDE, "outlet": _TEXT})
_OF_VIEW = {
    "tab": st.sampled_from(("overview", "volume", "events")),
    "since": st.none() | _DAYS,
    "until": st.none() | _DAYS,
    "outlets": _NAMES,
    "countries": _NAMES,
    "languages": _NAMES,
    "query": st.just("") | _TEXT,
    "topics": _NAMES,
    "terms": _NAMES,
    "unit": st.sampled_from(UNITS),
    "share": st.booleans(),
    "freq": st.sampled_from(sorted(FREQUENCIES)),
    "selection": st.none() | st.builds(Selection, **_OF_SELECTION),
    "theme": st.sampled_from(THEMES),
    "corrected": st.booleans(),
    "about": st.booleans(),
    "everything": st.booleans(),
    "by": st.sampled_from(sorted(GROUPS)),
    "with_text": st.booleans(),
    "sure_dates": st.booleans(),
    "order": st.sampled_from(sorted(ORDERS)),
    "seed": st.integers(0, SEEDS - 1),
    "sample": st.sampled_from(SAMPLES),
    "speaker": st.just("") | _TEXT,
    "named": st.booleans(),
    "event": _IDS,
    "panels": st.sampled_from(PANELS),
    "scale": st.sampled_from(SCALES),
    "first": _SIDES,
    "second": _SIDES,
}
_VIEWS = st.builds(View, **_OF_VIEW)


@pytest.mark.parametrize(("kind", "tried"), [(View, _OF_VIEW), (Selection, _OF_SELECTION)])
def test_no_field_is_left_out_of_what_a_link_is_tried_with(kind: type, tried: dict[str, object]) -> None:
    assert [field.name for field in fields(kind) if field.compare] == list(tried)


@given(_VIEWS)
def test_a_link_reopens_the_same_view(view: View) -> None:
    assert View.from_query("?" + view.to_query()) == view


def test_an_address_from_before_a_view_was_renamed_opens_it() -> None:
    assert View.from_query("?tab=stories").tab == "events"


def test_the_untouched_view_has_an_empty_address() -> None:
    assert View().to_query() == ""


def test_an_address_reads_as_words_that_a_person_could_change() -> None:
    view = View(tab="volume", since=date(2025, 1, 20), outlets=("Le Monde", "Wired"), share=True)
    assert view.to_query() == "tab=volume&since=2025-01-20&outlets=Le+Monde&outlets=Wired&share=1"


@given(st.text(max_size=200))
def test_any_address_opens_some_view(query: str) -> None:
    assert View.from_query(query).tab.isidentifier()


def test_u07_parameters_that_cannot_be_read_are_left_out() -> None:
    hostile = "tab=__import__&since=tomorrow&unit=1e9&freq=Q&selection={{7*7}}&theme=x&unknown=1&share=yes"
    view = View.from_query(hostile)
    assert view == View()
    assert view.unread == (
        *("tab=__import__", "since=tomorrow", "unit=1e9", "freq=Q", "selection={{7*7}}", "theme=x"),
    )


def test_u07_an_address_with_a_million_parameters_opens_the_plain_view() -> None:
    assert View.from_query("terms=a&" * 1_000_000) == View()


def test_u07_without_the_rule_for_names_an_address_names_what_it_likes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(_PARSERS, "tab", lambda texts: texts[-1])
    assert View.from_query("tab=__import__").tab == "__import__"


def test_u07_without_the_limit_every_one_of_its_parameters_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.session.view._MOST_PARAMETERS", None)
    assert len(View.from_query("terms=a&" * 10_000).terms) == 10_000


def test_u07_a_selection_of_the_wrong_types_selects_nothing() -> None:
    assert (
        View.from_query('selection={"series":[1],"story":"x","since":7,"outlet":{}}').selection == Selection()
    )
    assert View.from_query("selection=" + "[" * 900).selection is None


@pytest.mark.parametrize("name", ["selection", "first", "second"])
def test_u07_p13_no_lone_surrogate_of_an_address_or_a_page_stays_in_a_view(name: str) -> None:
    """JSON may name one, and a page may send one: no address, page or index can carry it."""
    view = View.from_query(urlencode({name: '{"outlet": "\\ud800"}', "terms": "\u00fc"}))
    assert getattr(view, name) == Selection(outlet="?")
    typed = replace(view, query="caf\u00e9 \ud83d", outlets=("\udfff", "BBC"))
    assert (typed.query, typed.outlets) == ("caf\u00e9 ?", ("?", "BBC"))
    assert View.from_query(typed.to_query()) == typed


def test_u07_a_side_is_a_whole_number() -> None:
    assert View.from_query('selection={"side": 1.0}').selection == Selection()
    assert View.from_query('selection={"side": 1}').selection == Selection(side=1)


def test_a_seed_and_a_sample_come_back_from_an_address_and_a_strange_one_is_left_out() -> None:
    view = View(order="random", seed=42, sample=50)
    assert View.from_query(view.to_query()) == view
    for strange in ("seed=-1", "seed=9999999999999", "seed=x", "sample=51", "sample=²"):
        assert View.from_query(strange) == View()
