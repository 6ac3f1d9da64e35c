"""Outlets: who publishes how much about each side."""

from __future__ import annotations

from typing import Any

import pandas as pd
import panel as pn

from dashboard.components import formats, markup, safe
from dashboard.components.chart import Chart
from dashboard.components.markup import Markup, button, dot
from dashboard.downloads.citation import caption, rule
from dashboard.session.session import State
from dashboard.session.view import Selection
from pressgauge import analysis, figures

_ROWS = 60


def keep(state: State) -> Any:
    """The rows that count here. An outlet's own filter is ignored, or a click would leave one bar."""
    return state.keep() if len(state.view.outlets) > 1 else state.keep("outlets")


def table(state: State) -> pd.DataFrame:
    """The outlets measure on this session's view."""
    articles = state.loaded.snapshot.articles
    return state.remembered(
        "outlets",
        lambda: analysis.outlets(articles, state.membership, unit=state.view.unit, keep=keep(state)),
    )


def figure(state: State) -> str:
    return figures.outlets.json(table(state), share=state.view.share, dark=state.dark, colors=state.colors)


def lean_table(state: State) -> pd.DataFrame:
    """Which of the first two compared lines each outlet writes more about; without two lines it is empty."""
    if len(state.series) < 2:
        return pd.DataFrame()
    first, second = (side.label for side in state.series[:2])
    articles, unit = state.loaded.snapshot.articles, state.view.unit
    return state.remembered(
        "lean",
        lambda: analysis.lean(articles, state.membership, sides=(first, second), unit=unit, keep=keep(state)),
    )


def lean_figure(state: State, limit: int = 40) -> str:
    first, second = state.series[:2]
    return figures.lean.json(
        lean_table(state),
        sides=(first.label, second.label),
        dark=state.dark,
        colors=(first.color, second.color),
        limit=limit,
    )


def _leans(state: State) -> dict[str, str]:
    """The side that each outlet leans to, where its 95 % interval is clear of the average."""
    leans = lean_table(state)
    if leans.empty:
        return {}
    clear = {0: leans[leans["low"] > 0], 1: leans[leans["high"] < 0]}
    return {
        outlet: dot(state.series[side].color) + safe.text(state.series[side].label)
        for side, rows in clear.items()
        for outlet in rows["outlet"]
    }


class OutletsChart:
    """The outlets with most coverage of the compared series; a click opens the articles behind the bar."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.chart = Chart(self._clicked, lambda: table(state), filename="pressgauge-outlets")

    def update(self) -> None:
        drawn = self._state.remembered("outlets drawn", lambda: figure(self._state))
        self.chart.show(drawn, "Coverage by outlet", caption(self._state))

    def _clicked(self, event: dict[str, Any]) -> None:
        keys = {series.label: series.key for series in self._state.series}
        of = event.get("customdata")
        if event.get("kind") == "click" and isinstance(of, dict) and of.get("series") in keys:
            self._state.go(tab="articles", selection=Selection(keys[of["series"]], outlet=of["outlet"]))


class LeanChart:
    """Which side each outlet writes more about; a click opens its articles on either."""

    def __init__(self, state: State, limit: int = 40) -> None:
        self._state, self._limit = state, limit
        self.chart = Chart(self._clicked, lambda: lean_table(state), filename="pressgauge-lean")

    def update(self) -> None:
        self.chart.visible = len(self._state.series) > 1
        if self.chart.visible:
            drawn = self._state.remembered(
                f"{self._limit} leans", lambda: lean_figure(self._state, self._limit)
            )
            self.chart.show(drawn, "Lean of each outlet", caption(self._state))

    def _clicked(self, event: dict[str, Any]) -> None:
        of = event.get("customdata")
        if event.get("kind") == "click" and isinstance(of, dict) and isinstance(of.get("outlet"), str):
            self._state.go(tab="articles", selection=Selection(outlet=of["outlet"], compared=True))


class Outlets:
    """Counts and lean of the outlets above the numbers of every one."""

    title = "Outlets"

    def __init__(self, state: State) -> None:
        self._state = state
        self._outlets, self._lean = OutletsChart(state), LeanChart(state)
        self._spread, self._numbers = Markup(on_go=self._go), Markup(on_go=self._go)
        self.panel = pn.Column(
            self._outlets.chart,
            self._spread,
            self._lean.chart,
            self._numbers,
            sizing_mode="stretch_width",
            margin=(12, 12),
        )

    def update(self) -> None:
        self._outlets.update()
        self._lean.update()
        state = self._state
        self._spread.html = f'<p class="quiet">{rule(state)}</p>{self._concentration()}'
        if table(state).empty:
            nothing = "No article is left under these filters. Remove a filter above, or undo."
            self._numbers.html = f"<p>{nothing}</p>"
            return
        wide = table(state).pivot(index="outlet", columns="series", values=["n", "share", "collected"])
        order = wide["n"].sum(axis="columns").sort_values(ascending=False, kind="stable").index
        names = (dot(series.color) + safe.text(series.label) for series in state.series)
        leans = _leans(state)
        head = ["Outlet", *names, "All", *(["Leans to"] if leans else [])]
        rows = [self._row(wide.loc[outlet], outlet, leans) for outlet in order[:_ROWS]]
        self._numbers.html = markup.table(head, rows, numbers=range(1, len(state.series) + 2))
        if len(order) > _ROWS:
            self._numbers.html += f'<p class="quiet">{formats.count(len(order) - _ROWS)} more with less.</p>'

    def _concentration(self) -> str:
        """How far the coverage of each line is in few hands (Herfindahl-Hirschman index)."""
        if len(self._state.view.outlets) == 1:
            return ""
        spread = analysis.concentration(table(self._state)).set_index("series")
        unit = "story" if self._state.view.unit == "stories" else "article"
        said = []
        for series in self._state.series:
            if series.label not in spread.index:
                continue
            of = spread.loc[series.label]
            n = len(self._state.rows(Selection(series.key)))
            if not n:
                continue
            opened = button(f"{dot(series.color)}{safe.text(series.label)}", "all", series.key)
            writers = formats.counted(int(of["outlets"]), "outlet")
            said.append(
                f"<p>{opened}: {formats.counted(n, unit)} of {writers}, "
                f"as unevenly as if {of['effective']:.1f} wrote alike "
                f'<span class="quiet">(HHI {of["hhi"]:.3f})</span></p>'
            )
        return "".join(said)

    def _row(self, numbers: pd.Series, outlet: str, leans: dict[str, str]) -> list[str]:
        cells = [button(safe.text(outlet), "only", outlet, title=f"Show only {outlet}")]
        for series in self._state.series:
            share = f'<span class="quiet">{formats.percent(numbers["share", series.label])}</span>'
            label = f"{formats.count(int(numbers['n', series.label]))} {share}"
            cells.append(button(label, "open", [series.key, outlet]))
        cells.append(button(formats.count(int(numbers["collected"].iloc[0])), "open", [None, outlet]))
        return [*cells, leans.get(outlet, '<span class="quiet">neither clearly</span>')] if leans else cells

    def _go(self, action: str, value: Any) -> None:
        if action == "open":
            self._state.go(tab="articles", selection=Selection(series=value[0], outlet=value[1]))
        elif action == "all":
            self._state.go(tab="articles", selection=Selection(series=value))
        elif action == "only":
            self._state.go(outlets=(value,), tab="volume")
