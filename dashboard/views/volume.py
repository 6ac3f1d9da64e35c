"""Volume: how much is published on each side over time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import panel as pn
import plotly.graph_objects as go

from dashboard import words
from dashboard.chart import Chart
from dashboard.markup import Markup
from dashboard.state import State
from dashboard.view import Selection
from pressgauge import analysis, figures


def table(state: State) -> pd.DataFrame:
    """The volume measure on this session's view."""
    view = state.view
    articles = state.loaded.snapshot.articles
    return analysis.volume(articles, state.membership, freq=view.freq, unit=view.unit, keep=state.keep())


def figure(state: State) -> go.Figure:
    return figures.volume(
        table(state), share=state.view.share, events=state.loaded.events, dark=state.dark, colors=state.colors
    )


class VolumeChart:
    """The volume of the compared series; a click opens the articles behind the point."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.chart = Chart(self._clicked, filename="pressgauge-volume")

    def update(self) -> None:
        state = self._state
        names = " and ".join(series.label for series in state.series)
        what = "Share of all coverage" if state.view.share else f"Number of {state.view.unit}"
        self.chart.show(figure(state), f"{what} about {names} over time")

    def _clicked(self, event: dict[str, Any]) -> None:
        """Open the articles of the clicked point: its figure says which series and days it stands for."""
        keys = {series.label: series.key for series in self._state.series}
        of = event.get("customdata")
        if event.get("kind") == "click" and isinstance(of, dict) and of.get("series") in keys:
            since, until = date.fromisoformat(of["since"]), date.fromisoformat(of["until"])
            self._state.go(tab="articles", selection=Selection(keys[of["series"]], since, until))


class Volume:
    """The volume chart by itself."""

    title = "Volume"

    def __init__(self, state: State) -> None:
        self._volume = VolumeChart(state)
        self._note = Markup()
        self._state = state
        self.panel = pn.Column(self._volume.chart, self._note, sizing_mode="stretch_width", margin=(12, 12))

    def update(self) -> None:
        self._volume.update()
        self._note.html = (
            f'<p class="quiet">{undated(self._state)} Click a point to read what is behind it.</p>'
        )


def undated(state: State) -> str:
    """How many articles a time axis cannot show."""
    n = len(
        state.loaded.snapshot.articles.index[
            state.keep("since", "until") & (state.loaded.snapshot.articles["day"] < 0)
        ]
    )
    return f"{words.counted(n, 'article')} without a known date not on the time axis."
