"""Outlets: who publishes how much about each side."""

from __future__ import annotations

from typing import Any

import pandas as pd
import panel as pn
import plotly.graph_objects as go

from dashboard import markup, safe, words
from dashboard.chart import Chart
from dashboard.markup import Markup, button, dot
from dashboard.state import State
from dashboard.view import Selection
from pressgauge import analysis, figures

_ROWS = 60


def table(state: State) -> pd.DataFrame:
    """The outlets measure on this session's view. Its own filter is ignored, or a click would leave one
    bar."""
    view = state.view
    keep = state.keep() if len(view.outlets) > 1 else state.keep("outlets")
    return analysis.outlets(state.loaded.snapshot.articles, state.membership, unit=view.unit, keep=keep)


def figure(state: State) -> go.Figure:
    return figures.outlets(table(state), share=state.view.share, dark=state.dark, colors=state.colors)


def lean(state: State) -> dict[str, str]:
    """The side that each outlet leans to, of the first two; where its 95 % interval is clear of average."""
    if len(state.series) < 2:
        return {}
    sides = state.series[:2]
    articles, unit = state.loaded.snapshot.articles, state.view.unit
    first, second = (side.label for side in sides)
    leans = analysis.lean(
        articles, state.membership, sides=(first, second), unit=unit, keep=state.keep("outlets")
    )
    towards = {"low": sides[0], "high": sides[1]}
    clear = {"low": leans[leans["low"] > 0], "high": leans[leans["high"] < 0]}
    return {
        outlet: dot(towards[end].color) + safe.text(towards[end].label)
        for end, rows in clear.items()
        for outlet in rows["outlet"]
    }


class OutletsChart:
    """The outlets with most coverage of the compared series; a click opens the articles behind the bar."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.chart = Chart(self._clicked, filename="pressgauge-outlets")

    def update(self) -> None:
        self.chart.show(figure(self._state), "Coverage by outlet")

    def _clicked(self, event: dict[str, Any]) -> None:
        keys = {series.label: series.key for series in self._state.series}
        of = event.get("customdata")
        if event.get("kind") == "click" and isinstance(of, dict) and of.get("series") in keys:
            self._state.go(tab="articles", selection=Selection(keys[of["series"]], outlet=of["outlet"]))


class Outlets:
    """The outlet chart above the numbers of every outlet."""

    title = "Outlets"

    def __init__(self, state: State) -> None:
        self._state = state
        self._outlets = OutletsChart(state)
        self._numbers = Markup(on_go=self._go)
        self.panel = pn.Column(
            self._outlets.chart, self._numbers, sizing_mode="stretch_width", margin=(12, 12)
        )

    def update(self) -> None:
        self._outlets.update()
        state = self._state
        wide = table(state).pivot(index="outlet", columns="series", values=["n", "share", "collected"])
        order = wide["n"].sum(axis="columns").sort_values(ascending=False, kind="stable").index
        names = (dot(series.color) + safe.text(series.label) for series in state.series)
        leans = lean(state)
        head = ["Outlet", *names, "All collected", *(["Leans to"] if leans else [])]
        rows = [self._row(wide.loc[outlet], outlet, leans) for outlet in order[:_ROWS]]
        more = f'<p class="quiet">{words.count(len(order) - _ROWS)} more with less.</p>'
        self._numbers.html = markup.table(head, rows, numbers=range(1, len(state.series) + 2))
        if len(order) > _ROWS:
            self._numbers.html += more

    def _row(self, numbers: pd.Series, outlet: str, leans: dict[str, str]) -> list[str]:
        cells = [button(safe.text(outlet), "only", outlet, title=f"Show only {outlet}")]
        for series in self._state.series:
            share = f'<span class="quiet">{words.percent(numbers["share", series.label])}</span>'
            label = f"{words.count(int(numbers['n', series.label]))} {share}"
            cells.append(button(label, "open", [series.key, outlet]))
        cells.append(words.count(int(numbers["collected"].iloc[0])))
        return [*cells, leans.get(outlet, '<span class="quiet">neither clearly</span>')] if leans else cells

    def _go(self, action: str, value: Any) -> None:
        if action == "open":
            self._state.go(tab="articles", selection=Selection(series=value[0], outlet=value[1]))
        elif action == "only":
            self._state.go(outlets=(value,), tab="volume")
