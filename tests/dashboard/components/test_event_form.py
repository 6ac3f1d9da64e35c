"""A day of a chart is named, written into events.toml and marked on the chart; a mistake is undone."""

from __future__ import annotations

import json
from datetime import date

import pytest

from dashboard.session.state import Services, State
from dashboard.session.store import Store
from dashboard.session.view import Selection
from dashboard.views.articles import Articles
from dashboard.views.volume import figure
from pressgauge.settings import paths
from pressgauge.settings.events import load_events

DAY = Selection(since=date(2025, 1, 28), until=date(2025, 1, 28), compared=True)


@pytest.fixture
def view(store: Store) -> Articles:
    state = State(loaded=store.current, services=Services(store, None, read_only=False))
    state.go(tab="articles", selection=DAY)
    made = Articles(state)
    made.update()
    return made


def name(view: Articles, label: str, of: str = "all lines") -> None:
    view._go("event", None)
    view._event._of.value = of
    view._event._label.value = view._event._label.value_input = label
    view._event._save()


def test_a_named_day_is_an_event_of_the_file_and_a_mark_on_the_chart(view: Articles) -> None:
    paths.events_file().write_text("# mine\n")
    assert "Name as an event" in view._markup.html
    name(view, "  Panic <b>at</b>  the exchange ")
    events = load_events(paths.events_file())
    assert events[["label", "topics"]].values.tolist() == [["Panic <b>at</b> the exchange", ()]]
    assert events["date"].dt.date.tolist() == [date(2025, 1, 28)]
    assert paths.events_file().read_text().startswith("# mine\n")
    notes = json.loads(figure(view._state))["layout"]["annotations"]
    assert [note["text"] for note in notes if note["name"].startswith("event:")] == [
        "Panic &lt;b&gt;at&lt;/b&gt; the exchange"
    ]
    assert "Saved in events.toml: 28 Jan 2025, Panic &lt;b&gt;" in view._event._message.html
    view.update()  # as the page does when newer data come
    assert view._event.panel.visible


def test_an_event_can_concern_the_compared_topics_only(view: Articles) -> None:
    name(view, "Law", "the compared topics")
    assert load_events(paths.events_file())["topics"].tolist() == [("open_side", "closed_side")]


def test_a_mistake_is_taken_out_again(view: Articles) -> None:
    before = paths.events_file().read_bytes()
    name(view, "Mistaek")
    view._event._go("undo", None)
    assert paths.events_file().read_bytes() == before
    assert len(view._state.loaded.events) == 0


def test_the_same_event_twice_and_one_without_a_name_are_refused(view: Articles) -> None:
    name(view, "Fall")
    name(view, "fall")
    assert "is there already" in view._event._message.html
    name(view, "   ")
    assert "needs a label" in view._event._message.html
    assert len(load_events(paths.events_file())) == 1


def test_other_articles_close_the_form(view: Articles) -> None:
    view._go("event", None)
    view._state.go(selection=None)
    view.update()
    assert not view._event.panel.visible


def test_where_others_only_look_no_day_is_named(store: Store) -> None:
    state = State(loaded=store.current, services=Services(store, None, read_only=True))
    state.go(tab="articles", selection=DAY)
    view = Articles(state)
    view.update()
    before = paths.events_file().read_bytes()
    assert "Name as an event" not in view._markup.html
    name(view, "Law")
    assert paths.events_file().read_bytes() == before
