"""Volume: how much is published on each side over time."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import panel as pn
import plotly.graph_objects as go

from dashboard import markup, safe, words
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


def bursts(state: State) -> pd.DataFrame:
    """The bursts of the compared series on this session's view, the strongest first."""
    return state.remembered(
        "bursts",
        lambda: analysis.bursts(
            state.loaded.snapshot.articles, state.membership, unit=state.view.unit, keep=state.keep()
        ),
    )


def figure(state: State) -> go.Figure:
    """The volume of the compared series with its bursts and the events that concern them."""
    keys = {series.key for series in state.series}
    events = state.loaded.events
    concerned = [not topics or not keys.isdisjoint(topics) for topics in events["topics"]]
    return figures.volume(
        table(state),
        share=state.view.share,
        events=events[np.array(concerned, dtype=bool)],
        bursts=bursts(state),
        dark=state.dark,
        colors=state.colors,
    )


_BURSTS = 8


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
        """Open the articles of the clicked point or burst, whose series and days the figure tells."""
        keys = {series.label: series.key for series in self._state.series}
        of, name = event.get("customdata"), str(event.get("name"))
        if event.get("kind") == "click" and isinstance(of, dict) and of.get("series") in keys:
            since, until = date.fromisoformat(of["since"]), date.fromisoformat(of["until"])
            self._state.go(tab="articles", selection=Selection(keys[of["series"]], since, until))
        elif event.get("kind") == "annotation" and name.startswith("burst:"):
            open_burst(self._state, int(name.removeprefix("burst:")))


def open_burst(state: State, number: int) -> None:
    """Open the articles behind the burst of that row."""
    burst = bursts(state).iloc[number]
    key = next(series.key for series in state.series if series.label == burst["series"])
    days = burst["start"].date(), burst["end"].date()
    state.go(tab="articles", selection=Selection(key, *days))


class Volume:
    """The volume chart, and each burst with what explains it."""

    title = "Volume"

    def __init__(self, state: State) -> None:
        self._volume = VolumeChart(state)
        self._note = Markup()
        self._bursts = Markup(on_go=self._go)
        self._state = state
        self.panel = pn.Column(
            self._volume.chart, self._note, self._bursts, sizing_mode="stretch_width", margin=(12, 12)
        )

    def update(self) -> None:
        self._volume.update()
        self._note.html = (
            f'<p class="quiet">{undated(self._state)} Click a point or a burst to read what is behind it.</p>'
        )
        found = bursts(self._state)
        rows = [self._row(number, burst) for number, burst in found.head(_BURSTS).iterrows()]
        head = ("Burst", "Times its usual share", "Largest story", "Known event near its start")
        self._bursts.html = f"<h2>Bursts</h2>{markup.table(head, rows, numbers=(1,))}" if rows else ""

    def _row(self, number: int, burst: pd.Series) -> tuple[str, ...]:
        state = self._state
        series = next(each for each in state.series if each.label == burst["series"])
        articles, member = state.loaded.snapshot.articles, state.member(series.key)
        why = analysis.explain(
            {**burst, "series": series.key},
            articles,
            member,
            events=state.loaded.events,
            keep=state.keep(),
            limit=1,
        )
        days = words.span(burst["start"].date(), burst["end"].date())
        n = words.counted(int(burst["n"]), "story" if state.view.unit == "stories" else "article")
        label = f"{markup.dot(series.color)}{safe.text(series.label)}, {days}: {n}"
        story = why.stories["title"].iloc[0] if len(why.stories) else ""
        event = why.events["label"].iloc[0] if len(why.events) else ""
        opened = markup.button(label, "burst", number)
        return opened, f"{burst['ratio']:.1f}", safe.text(story), safe.text(event)

    def _go(self, action: str, value: Any) -> None:
        if action == "burst" and isinstance(value, int) and 0 <= value < len(bursts(self._state)):
            open_burst(self._state, value)


def undated(state: State) -> str:
    """How many articles a time axis cannot show."""
    n = len(
        state.loaded.snapshot.articles.index[
            state.keep("since", "until") & (state.loaded.snapshot.articles["day"] < 0)
        ]
    )
    return f"{words.counted(n, 'article')} without a known date not on the time axis."
