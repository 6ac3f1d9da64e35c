"""Views draw whatever a link asks for."""

from __future__ import annotations

import html
import json
import re

import pytest
from plotly.offline import get_plotlyjs_version

from dashboard.components.charts.library import LIBRARY
from dashboard.session.state import State
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
    assert "Words of its own" in view._details.html
    assert f"{size} article" in view._head.html
    assert view._chart.visible
    view._go("close", None)
    view.update()
    assert not view._chart.visible
    view._go("all", event)
    assert state.view.selection == Selection(event=event)
    assert len(state.rows(state.view.selection)) == size


def test_an_event_says_how_many_the_filters_leave_and_how_many_each_line_has(state: State) -> None:
    view = VIEWS["events"](state)
    state.go(event=1, outlets=("Wired",))
    view.update()
    head = re.sub("<[^>]*>", "", view._head.html)
    assert "1 article under the filters; whatever the filters, 2 articles of 2 outlets in 1 country." in head
    assert "Of each line: Open-source AI 1, Proprietary AI 0; of none: 0." in head
    view._go("line", [1, "open_side"])
    assert list(state.rows(state.view.selection)) == [0]
    view._go("unfiltered", 1)
    assert sorted(state.rows(state.view.selection)) == [0, 1]
    view._go("line", ["1", None])
    assert state.view.selection == Selection(event=1), "what no button sends is nothing to act on"


def test_the_list_of_events_has_the_number_of_each_line_and_it_opens_those(state: State) -> None:
    view = VIEWS["events"](state)
    view.update()
    sent = [json.loads(html.unescape(go)) for go in re.findall('data-go="([^"]*)"', view._list.html)]
    numbers = [re.sub("<[^>]*>", "", n) for n in re.findall("<button[^>]*>(.*?)</button>", view._list.html)]
    lines = [(value, int(n)) for (action, value), n in zip(sent, numbers, strict=True) if action == "line"]
    assert ([1, "open_side"], 2) in lines
    assert ([1, "closed_side"], 1) in lines
    for (event, series), n in lines:
        assert len(state.rows(Selection(event=event, series=series))) == n
