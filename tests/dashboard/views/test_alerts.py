"""Bells write alerts.toml, and Sources tells what is broken; where others look in, neither is shown."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from collectors.alerts.outbox import Outbox
from dashboard.components.bells import Bell, Bells, of_event, of_lines, of_sources, of_speaker
from dashboard.session.state import Services, State
from dashboard.session.store import Store
from dashboard.session.view import View
from dashboard.views.registry import VIEWS
from dashboard.views.sources.alerts import Alerts
from pressgauge.alerts.evaluate import AlertMemory
from pressgauge.alerts.notice import Notice
from pressgauge.settings import paths
from pressgauge.settings.alerts import Alert, load_alerts

AT = datetime(2025, 3, 1, tzinfo=UTC)


@pytest.fixture
def state(store: Store) -> State:
    view = View(topics=("open_side",), terms=("<b> law",))
    return State(loaded=store.current, view=view, services=Services(store, None, read_only=False))


def of_state(state: State) -> Bells:
    return Bells(state, lambda: of_lines(state))


def test_a_bell_keeps_its_alert_and_pressed_again_deletes_it(state: State) -> None:
    bells = of_state(state)
    bells.update()
    assert "🔔" not in bells.panel.html and "<b> law" not in bells.panel.html
    bells._go("bell", ["open_side", "burst"])
    bells._go("bell", ["<b> law", "articles"])
    assert load_alerts(paths.alerts_file()) == [
        Alert("burst_open_side", "burst", topic="open_side"),
        Alert("articles_b_law", "articles", query="<b> law"),
    ]
    assert bells.panel.html.count("🔔") == 2
    bells._go("bell", ["open_side", "burst"])
    assert [alert.name for alert in load_alerts(paths.alerts_file())] == ["articles_b_law"]


@pytest.mark.parametrize(
    "value", [None, ["open_side", "silence"], ["nobody", "burst"], [[], {}], ["open_side"]]
)
def test_what_no_bell_sends_writes_nothing(state: State, value: object) -> None:
    of_state(state)._go("bell", value)
    assert not paths.alerts_file().exists()


def test_a_name_that_is_taken_by_another_alert_gets_a_number(state: State) -> None:
    paths.alerts_file().write_text('[[alert]]\nname = "burst_open_side"\nkind = "silence"\n')
    of_state(state)._go("bell", ["open_side", "burst"])
    assert [alert.name for alert in load_alerts(paths.alerts_file())] == [
        "burst_open_side",
        "burst_open_side_2",
    ]


def test_alerts_are_listed_with_what_they_told_and_what_is_broken_and_can_be_deleted(
    state: State, tmp_path: Path
) -> None:
    alert = Alert("new", "articles", query="law", deliver=("feed", "file:x.jsonl"))
    paths.alerts_file().write_text('[[alert]]\nname = "new"\nkind = "articles"\nquery = "law"\n')
    with Outbox(tmp_path) as outbox:
        outbox.keep(alert, AlertMemory("c"), [Notice("new", "k", AT, "1 new <article>", "of 4")], AT)
        [delivery] = outbox.waiting()
        outbox.delivered(delivery, AT, "cannot write x.jsonl")
    alerts = Alerts(state, tmp_path)
    alerts.update()
    shown = alerts.panel.html
    assert "new articles: law" in shown and "1 new &lt;article&gt;" in shown
    assert "The channel file:x.jsonl failed at 2025-03-01 00:00 UTC: cannot write x.jsonl" in shown
    alerts._go("delete", "new")
    assert load_alerts(paths.alerts_file()) == []


def test_where_others_look_in_no_alert_is_shown_and_none_written(store: Store, tmp_path: Path) -> None:
    state = State(loaded=store.current, services=Services(store, None, read_only=True))
    bells, alerts = of_state(state), Alerts(state, tmp_path)
    bells.update()
    alerts.update()
    bells._go("bell", ["open_side", "burst"])
    assert (bells.panel.html, alerts.panel.html, paths.alerts_file().exists()) == ("", "", False)


@pytest.mark.parametrize(
    ("bell", "value", "title", "kept"),
    [
        (of_speaker("Ada <b>"), ["Ada <b>", "articles"], "Tell me of new quotations of Ada &lt;b&gt;",
         Alert("articles_ada_b", "articles", speaker="Ada <b>")),
        (of_event(-7), ["-7", "articles"], "Tell me of new articles of This event",
         Alert("articles_event_7", "articles", event=-7)),
        (of_sources(["Wired"])[1], ["Wired", "silence"], "Tell me when Wired has fallen silent",
         Alert("silence_wired", "silence", source="Wired")),
        (of_sources([])[0], ["", "silence"], "Tell me when Any source has fallen silent",
         Alert("silence_of_any", "silence")),
    ],
    ids=["speaker", "event", "source", "any source"],
)  # fmt: skip
def test_speakers_events_and_sources_have_bells(
    state: State, bell: Bell, value: list[str], title: str, kept: Alert
) -> None:
    bells = Bells(state, lambda: [bell])
    bells.update()
    assert f'title="{title}"' in bells.panel.html
    bells._go("bell", value)
    assert load_alerts(paths.alerts_file()) == [kept]
    assert bells.panel.html.count("🔔") == 1
    assert "<details class=bells open>" in bells.panel.html
    bells._go("bell", value)
    assert load_alerts(paths.alerts_file()) == []


def test_a_bell_stands_beside_the_event_that_is_open_and_beside_none_that_is_not(state: State) -> None:
    view = VIEWS["events"](state)
    view.update()
    shown = [pane.html for pane in view.panel if hasattr(pane, "html")]
    assert not any("Tell me what happens" in html for html in shown)
    state.go(event=int(state.loaded.snapshot.articles["event"].iloc[0]))
    view.update()
    shown = [pane.html for pane in view.panel if hasattr(pane, "html")]
    assert sum("new articles of This event" in html for html in shown) == 1
