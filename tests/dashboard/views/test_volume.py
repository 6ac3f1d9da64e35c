"""The chart over time says which outlets ended, so that nobody takes their silence for that of the press."""

from __future__ import annotations

import json

from dashboard.session.session import State
from dashboard.views.volume import VolumeChart, figure


def test_o01_outlets_that_fell_silent_are_marked_where_they_did(state: State) -> None:
    """The press goes on to 4 February; the BBC was last heard on 28 January, Le Monde a day later."""
    notes = json.loads(figure(state))["layout"]["annotations"]
    marks = {note["name"]: note for note in notes if note["name"].startswith("outlet:")}
    assert {name: note["x"] for name, note in marks.items()} == {
        "outlet:BBC": "2025-01-28",
        "outlet:Le Monde": "2025-01-29",
    }
    assert marks["outlet:BBC"]["text"] == "BBC stops"


def test_the_mark_of_an_outlet_opens_its_articles(state: State) -> None:
    VolumeChart(state)._asked({"kind": "annotation", "name": "outlet:BBC"})
    assert state.view.tab == "articles"
    assert state.view.selection is not None and state.view.selection.outlet == "BBC"
