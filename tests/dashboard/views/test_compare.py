"""Compare: two sides from a click, a list or a link; every number opens the articles it counts."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import pandas as pd
import pytest

from dashboard.components.chips import describe
from dashboard.components.sides import Choice, against_buttons, hold_against
from dashboard.session.state import State
from dashboard.session.view import Selection, View
from dashboard.views.compare import Compare
from pressgauge.search.index import in_memory
from pressgauge.snapshot import take

JANUARY = Selection(since=date(2025, 1, 20), until=date(2025, 1, 26))
AFTER = Selection(since=date(2025, 1, 27), until=date(2025, 2, 4))


def opened(html: str) -> list[tuple[int, dict[str, Any]]]:
    """The numbers of a page, each with what its button carries."""
    found = re.findall(r'data-go="([^"]*)"[^>]*>([\d,]+)</button>', html)
    made = [(int(n.replace(",", "")), json.loads(unescape(go))) for go, n in found]
    return [(n, value) for n, (action, value) in made if action == "open"]


def volume(view: Compare) -> list[tuple[int, dict[str, Any]]]:
    """The numbers of the table of volume."""
    return [(n, v) for n, v in opened(view._below.html) if {"outlet", "word", "speaker"}.isdisjoint(v)]


@pytest.mark.parametrize(
    "sides",
    [
        (JANUARY, AFTER),
        (None, JANUARY),
        (JANUARY, None),
        (Selection(outlet="Wired"), Selection(outlet="BBC")),
        (None, Selection(country="FR")),
        (Selection(series="rules"), Selection(series="chatgpt")),
        (Selection(speaker="Ada"), Selection(word="law")),
    ],
    ids=str,
)
@pytest.mark.parametrize("unit", ["articles", "stories"])
def test_every_number_opens_the_articles_that_it_counts(state: State, sides: Any, unit: str) -> None:
    state.go(first=sides[0], second=sides[1], unit=unit)
    view = Compare(state)
    view.update()
    for number, value in opened(view._below.html):
        view._go("open", value)
        assert (state.view.tab, len(state.list_rows())) == ("articles", number), value
        assert View.from_query(state.view.to_query()) == state.view


def test_a_number_is_that_of_its_side_and_line(state: State) -> None:
    state.go(first=JANUARY, second=AFTER, everything=True)
    view = Compare(state)
    view.update()
    found = {(v["side"], v.get("series")): n for n, v in volume(view)}
    assert (found[0, None], found[1, None]) == (3, 4)
    assert (found[0, "open_side"], found[1, "open_side"]) == (2, 1)
    assert (found[0, "closed_side"], found[1, "closed_side"]) == (2, 1)


def test_everything_else_of_a_period_has_no_undated_article(state: State) -> None:
    state.go(first=None, second=AFTER, everything=True)
    assert state.sides is not None
    assert (state.sides.first.sum(), state.sides.second.sum()) == (3, 4)


def test_the_period_before_is_found_outside_the_days_of_the_filter(state: State) -> None:
    state.go(since=AFTER.since, until=AFTER.until, everything=True, selection=AFTER)
    hold_against(state, AFTER, "before")
    assert state.view.first == Selection(since=date(2025, 1, 18), until=date(2025, 1, 26))
    assert state.sides is not None and state.sides.first.sum() == 3


def test_an_outlet_is_held_against_the_others_under_the_filters(state: State) -> None:
    state.go(countries=("US",), everything=True)
    hold_against(state, Selection(outlet="BBC", compared=True), "rest")
    assert (state.view.first, state.view.second) == (None, Selection(outlet="BBC"))
    assert state.sides is not None and state.sides.first.sum() == 4


def test_of_a_point_of_a_line_its_period_is_compared(state: State) -> None:
    clicked = replace(JANUARY, series="open_side")
    assert "7 days before" in against_buttons(clicked)
    hold_against(state, clicked, "rest")
    assert state.view.second == JANUARY


@pytest.mark.parametrize("selection", [Selection(compared=True), Selection(article=3), Selection(side=1)])
def test_what_is_no_side_offers_no_comparison(state: State, selection: Selection) -> None:
    assert against_buttons(selection) == ""


def test_a_point_of_the_chart_opens_its_articles(state: State) -> None:
    state.go(first=JANUARY, second=AFTER)
    view = Compare(state)
    view.update()
    lines = json.loads(view._chart.figure)["data"]
    points = [point for line in lines for point in line.get("customdata", [])]
    point = next(p for p in points if p["series"] == "Open-source AI" and p["since"] == "2025-01-28")
    view._on_click({"kind": "click", "customdata": point})
    assert len(state.list_rows()) == 1
    assert describe(state, state.view.selection) == (
        "27 Jan 2025 to 4 Feb 2025 · Open-source AI · 28 Jan 2025"
    )


def test_sides_can_be_swapped_and_ended(state: State) -> None:
    state.go(first=JANUARY, second=AFTER)
    view = Compare(state)
    view._go("swap", None)
    assert (state.view.first, state.view.second) == (AFTER, JANUARY)
    view._go("end", None)
    view.update()
    assert state.sides is None and not view._chart.visible and "The latest four weeks" in view._head.html
    view._go("suggested", 0)
    assert state.view.second == Selection(since=date(2025, 1, 8), until=date(2025, 2, 4))


def test_outlets_that_start_or_stop_between_the_sides_are_named_and_left_out_of_volume(state: State) -> None:
    days = {"Post": range(40), "Echo<b>": range(20)}
    rows = [(name, day) for name, of in days.items() for day in of]
    published = pd.Timestamp("2025-01-01", tz="UTC") + pd.to_timedelta(
        pd.Series([day for _, day in rows]), unit="D"
    )
    articles = pd.DataFrame({
        "id": range(60), "outlet": pd.Categorical([name for name, _ in rows]),
        "country": pd.Categorical(["US"] * 60), "language": pd.Categorical(["en"] * 60),
        "title": ["open weights"] * 60, "text": ["open weights"] * 60, "story": range(60),
        "published": published.astype("datetime64[us, UTC]"),
        "published_precision": pd.Categorical(["day"] * 60), "published_from": pd.Categorical(["feed"] * 60),
        "collected": pd.to_datetime(["2026-01-01"] * 60, utc=True).as_unit("us"),
        "partial": pd.Categorical([None] * 60), "published_confidence": pd.array([99] * 60, dtype="Int32"),
    })  # fmt: skip
    snapshot = take(articles, in_memory(articles, version=4), state.loaded.snapshot.topics)
    state = State(
        loaded=replace(state.loaded, snapshot=snapshot, _members={}, _views={}, _lines={}, _selective={})
    )
    first = Selection(since=date(2025, 1, 1), until=date(2025, 1, 20))
    state.go(first=first, second=Selection(since=date(2025, 1, 21), until=date(2025, 2, 9)), everything=True)
    view = Compare(state)
    view.update()
    assert "Stopped being collected in these days: Echo&lt;b&gt;." in view._head.html
    assert "volume compares the 1 outlet collected throughout both" in view._head.html
    numbers = {(v["side"], v.get("series")): (n, v) for n, v in volume(view)}
    assert numbers[0, "open_side"][0] == 20
    view._go("open", numbers[0, "open_side"][1])
    assert len(state.list_rows()) == 20


def test_choosing_two_values_or_dates_compares_them(state: State) -> None:
    choice = Choice(state)
    choice._kind.value = "outlet"
    choice._values.value = ["BBC"]
    assert (state.view.first, state.view.second) == (None, Selection(outlet="BBC"))
    choice._values.value = ["BBC", "Wired"]
    assert (state.view.first, state.view.second) == (Selection(outlet="BBC"), Selection(outlet="Wired"))
    choice._kind.value = "days"
    for widget, day in zip(choice._dates, (20, 22, 23, 25), strict=True):
        widget.value = date(2025, 1, day)
    assert state.view.second == Selection(since=date(2025, 1, 23), until=date(2025, 1, 25))


def test_choosing_an_event_compares_the_days_before_and_after_it(state: State) -> None:
    events = pd.DataFrame(
        {
            "date": pd.to_datetime(["2025-01-27"], utc=True),
            "label": ["<b>Fall"],
            "topics": [()],
            "url": [None],
        }
    )
    state.loaded = replace(state.loaded, events=events, _views={})
    choice = Choice(state)
    choice._kind.value = "event"
    choice._around.value = 7
    choice._event.value = 0
    assert (state.view.first, state.view.second) == (
        JANUARY,
        Selection(since=date(2025, 1, 27), until=date(2025, 2, 2)),
    )


def test_a_link_shows_in_the_widgets_what_it_compares(state: State) -> None:
    state.go(first=None, second=Selection(country="FR"))
    choice = Choice(state)
    choice.update()
    assert (choice._kind.value, choice._values.value, choice._values.visible) == ("country", ["FR"], True)
    assert (state.view.first, state.view.second) == (None, Selection(country="FR"))


def test_hostile_names_are_shown_as_they_are_written(state: State) -> None:
    state.go(first=Selection(outlet="<img src=x>"), second=Selection(series="AND (<b>"))
    view = Compare(state)
    view.update()
    assert "<img" not in view._head.html + view._below.html and "&lt;img" in view._head.html


@pytest.mark.parametrize(
    "value", [None, 3, {}, {"side": 2}, {"side": 0, "outlet": 7}, {"side": True, "word": []}]
)
def test_what_no_button_sends_opens_nothing(state: State, value: Any) -> None:
    state.go(first=JANUARY, second=AFTER)
    Compare(state)._go("open", value)
    assert state.view.selection is None


@pytest.mark.parametrize("text", ['{"side": 0}', '{"article": 3, "steady": true}', "{}", "[]", "{"])
def test_a_side_that_selects_nothing_or_itself_is_none(text: str) -> None:
    from urllib.parse import urlencode

    assert View.from_query(urlencode({"first": text})).first is None
