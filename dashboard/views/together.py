"""Together: which topics are reported in the same articles, against what chance would give."""

from __future__ import annotations

from typing import Any

import pandas as pd
import panel as pn

from dashboard.chart import Chart
from dashboard.markup import Markup
from dashboard.state import State
from dashboard.view import Selection
from pressgauge import analysis, figures

_WHOLE_FIELD = "ai"


class Together:
    """Co-mention of all topics but the whole field, as heat map and network; a cell opens its articles."""

    title = "Together"

    def __init__(self, state: State) -> None:
        self._state = state
        self._matrix = Chart(self._clicked, filename="pressgauge-together")
        self._network = Chart(self._clicked, filename="pressgauge-network")
        note = '<p class="quiet">Click a cell to read the articles that hold both topics.</p>'
        self.panel = pn.Column(
            self._matrix, Markup(note), self._network, sizing_mode="stretch_width", margin=(12, 12)
        )

    def update(self) -> None:
        state = self._state
        snapshot = state.loaded.snapshot
        topics = [topic for topic in snapshot.topics if topic.name != _WHOLE_FIELD]
        membership = pd.DataFrame({topic.label: snapshot.membership[topic.name] for topic in topics})
        table = analysis.comentions(snapshot.articles, membership, unit=state.view.unit, keep=state.keep())
        colors = {topic.label: state.color(topic) for topic in topics}
        self._matrix.show(figures.comentions(table, dark=state.dark), "Topics reported together, as a table")
        self._network.show(
            figures.network(table, dark=state.dark, colors=colors), "Topics reported together, as a network"
        )

    def _clicked(self, event: dict[str, Any]) -> None:
        keys = {topic.label: topic.name for topic in self._state.loaded.snapshot.topics}
        of = event.get("customdata")
        if event.get("kind") == "click" and isinstance(of, dict) and of.get("series") in keys:
            selection = Selection(keys[of["series"]], also=keys.get(of.get("with")))
            self._state.go(tab="articles", selection=selection)
