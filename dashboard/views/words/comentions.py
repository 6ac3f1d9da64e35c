"""Together: which topics are reported in the same articles, and how companies are framed there."""

from __future__ import annotations

from typing import Any

import pandas as pd
import panel as pn

from dashboard.components.charts.chart import Chart
from dashboard.components.markup import Markup
from dashboard.downloads.citation import caption, with_provenance
from dashboard.session.state import State
from dashboard.session.view import Selection
from dashboard.views.words.framing import FramingTable
from pressgauge import analysis, figures
from pressgauge.settings.topics import FIELD


def _topics(state: State) -> list[Any]:
    return [topic for topic in state.loaded.snapshot.topics if topic.name != FIELD]


def table(state: State) -> pd.DataFrame:
    """The co-mentions of all topics but the whole field, on this session's view."""
    snapshot = state.loaded.snapshot
    unit = state.view.unit

    def make() -> pd.DataFrame:
        columns = {topic.label: state.member(topic.name) for topic in _topics(state)}
        membership = pd.DataFrame(columns, index=snapshot.articles.index)
        return analysis.comentions(snapshot.articles, membership, unit=unit, keep=state.keep())

    return state.memo("together", make)


def queries_of(state: State) -> list[str]:
    """What each topic asks of an article, as "Label: query"."""
    return [f"{topic.label}: {' '.join(topic.query.split())}" for topic in _topics(state)]


class Together:
    """Co-mention as heat map and network, each cell and line of which opens its articles; then framing."""

    title = "Together"

    def __init__(self, state: State) -> None:
        self._state = state
        self._note = Markup()
        self._matrix = Chart(
            self._on_click,
            lambda: with_provenance(state, table(state), lines=queries_of(state)),
            filename="pressgauge-together",
        )
        self._network = Chart(
            self._on_click,
            lambda: with_provenance(state, table(state), lines=queries_of(state)),
            filename="pressgauge-network",
        )
        self._framing = FramingTable(state)
        self.panel = pn.Column(
            self._matrix,
            self._note,
            self._network,
            self._framing.panel,
            sizing_mode="stretch_width",
            margin=(12, 12),
        )

    def update(self) -> None:
        state = self._state
        pairs = table(state)
        note = (
            "Click a cell, or the handle in the middle of a line, to read the "
            f"{state.view.unit} that hold both topics."
        )
        if not pairs["together"].any():
            note = "No two topics meet in an article under these filters. Remove a filter above, or undo."
        self._note.html = f'<p class="quiet">{note}</p>'
        colors = {topic.label: state.color(topic) for topic in _topics(state)}
        source = caption(state, lines=queries_of(state))
        matrix = state.memo(
            "matrix", lambda: figures.comentions.json(pairs, base=state.scope.base, dark=state.dark)
        )
        self._matrix.show(matrix, "Topics reported together, as a table", source)
        network = state.memo(
            "network",
            lambda: figures.network.json(pairs, base=state.scope.base, dark=state.dark, colors=colors),
        )
        self._network.show(network, "Topics reported together, as a network", source)
        self._framing.update()

    def _on_click(self, event: dict[str, Any]) -> None:
        keys = {topic.label: topic.name for topic in self._state.loaded.snapshot.topics}
        of = event.get("customdata")
        if event.get("kind") == "click" and isinstance(of, dict) and of.get("series") in keys:
            selection = Selection(keys[of["series"]], also=keys.get(str(of.get("with"))))
            self._state.go(tab="articles", selection=selection)
