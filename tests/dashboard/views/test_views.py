"""Views draw whatever a link asks for."""

from __future__ import annotations

import pytest
from plotly.offline import get_plotlyjs_version

from dashboard.components.chart import LIBRARY
from dashboard.session.session import State
from dashboard.session.view import Selection, View
from dashboard.views.registry import IN_A_NOTEBOOK, VIEWS


@pytest.mark.parametrize("view", IN_A_NOTEBOOK)
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"query": "nothingmatches"},
        {"terms": ("law",)},
        {"topics": ("vanished",)},
        {"outlets": ("Nobody",), "unit": "stories", "share": True},
        {"selection": Selection(series="AND (", outlet="<b>", word="<i>")},
    ],
    ids=str,
)
def test_a_view_draws_with_many_articles_and_with_none(view: str, changes: dict, state: State) -> None:
    state.go(**changes)
    VIEWS[view](state).update()


def test_what_cannot_be_read_as_a_query_is_in_no_article(state: State) -> None:
    assert len(state.rows(Selection(series="AND ("))) == 0


def test_a_box_in_time_holds_the_articles_of_any_compared_line(state: State) -> None:
    assert sorted(state.rows(Selection(compared=True))) == [0, 1, 2, 3, 5, 6]


def test_a_word_is_counted_in_articles_whatever_the_unit(state: State) -> None:
    state.go(unit="stories")
    selection = Selection(series="open_side", word="weight")
    assert state.unit_of(selection) == "articles"
    assert sorted(state.rows(selection)) == [0, 1, 3]


def test_figures_are_drawn_by_the_plotly_js_whose_schema_they_are_checked_against() -> None:
    assert f"v{get_plotlyjs_version()}\n" in LIBRARY.read_text(encoding="utf-8")[:200]


def test_an_event_is_told_closely_and_leads_to_all_of_its_articles(state: State) -> None:
    view = VIEWS["events"](state)
    view.update()
    event = int(state.loaded.snapshot.articles["event"].value_counts().index[0])
    size = int((state.loaded.snapshot.articles["event"] == event).sum())
    view._go("event", event)
    view.update()
    assert View.from_query(state.view.to_query()).event == event
    assert "Words of its own" in view._head.html
    assert f"{size} article" in view._head.html
    assert view._spread.visible
    view._go("close", None)
    view.update()
    assert not view._spread.visible
    view._go("all", event)
    assert state.view.selection == Selection(event=event)
    assert len(state.rows(state.view.selection)) == size
