"""Overview: the state of the debate in one sentence, a few figures and two charts."""

from __future__ import annotations

from datetime import date
from typing import Any

import panel as pn

from dashboard import safe, words
from dashboard.markup import Markup, button, dot
from dashboard.state import Series, State
from dashboard.view import Selection
from dashboard.views.outlets import OutletsChart
from dashboard.views.stories import story_list
from dashboard.views.volume import VolumeChart
from pressgauge.analysis.summary import Summary, summarize

_DAYS = 30
_STORIES = 8


class Overview:
    """What somebody who has never seen the app reads first."""

    title = "Overview"

    def __init__(self, state: State) -> None:
        self._state = state
        self._head = Markup(on_go=self._go, margin=(14, 12, 6, 12))
        self._volume = VolumeChart(state)
        self._outlets = OutletsChart(state)
        self._stories = Markup(on_go=self._go, margin=(6, 12, 40, 12))
        self.panel = pn.Column(
            self._head,
            self._volume.chart,
            Markup("<h2>By outlet</h2>", margin=(6, 12)),
            self._outlets.chart,
            self._stories,
            sizing_mode="stretch_width",
        )

    def update(self) -> None:
        state = self._state
        summary = summarize(
            state.loaded.snapshot.articles,
            state.membership,
            keep=state.keep(),
            days=_DAYS,
            unit=state.view.unit,
        )
        if summary is None:
            self._head.html = (
                "<h1>No dated article is left under these filters.</h1><p>Remove a filter above, or undo.</p>"
            )
        else:
            self._head.html = f"<h1>{sentence(state, summary)}</h1>{cards(state, summary)}"
        self._volume.update()
        self._outlets.update()
        self._stories.html = f"<h2>Top stories</h2>{story_list(state, _STORIES)}"

    def _go(self, action: str, value: Any) -> None:
        if action == "window":
            series, since, until = value
            self._state.go(tab="articles", selection=selection_of(series, since, until))
        elif action == "story" and isinstance(value, int):
            self._state.go(tab="articles", selection=Selection(story=value))


def selection_of(series: str | None, since: str, until: str) -> Selection:
    """The selection of a window that a button carries as ISO dates."""
    return Selection(series, date.fromisoformat(since), date.fromisoformat(until))


def sentence(state: State, summary: Summary) -> str:
    """The sentence that sums it up, with its dates and denominators; a change is one only beyond chance."""
    said = []
    for series in state.series[:2]:
        numbers = summary.series.loc[series.label]
        was = words.percent(numbers["share_first"])
        trend = f", about as before ({was})" if summary.collected_before else ""
        if numbers["low"] > 0 or numbers["high"] < 0:
            trend = f", {'up' if numbers['change'] > 0 else 'down'} from {was}"
        margin = f" <span class='quiet'>(±{words.points(numbers['margin'])})</span>"
        share = words.percent(numbers["share_second"])
        said.append(f"<b>{share}</b>{margin} about {safe.text(series.label)}{trend}")
    unit = "story" if state.view.unit == "stories" else "article"
    return (
        f"Of {words.counted(summary.collected, unit)} in the {_DAYS} days to {words.day(summary.until)}, "
        f"{'; '.join(said)}."
    )


def cards(state: State, summary: Summary) -> str:
    """The key figures; each opens the articles it counts."""
    window = [summary.since.isoformat(), summary.until.isoformat()]
    unit = "stories" if state.view.unit == "stories" else "articles"

    def card(series: Series | None, n: int, label: str, note: str) -> str:
        number = button(
            f"<b>{words.count(n)}</b>", "window", [series and series.key, *window], title=f"Open {n} {unit}"
        )
        parts = f'<span class="quiet">{label}</span>{number}<span class="quiet">{note}</span>'
        return f'<div class="card">{parts}</div>'

    made = [
        card(
            None,
            summary.collected,
            f"All {unit}",
            f"{words.count(summary.collected_before)} in the {_DAYS} days before",
        )
    ]
    for series in state.series:
        numbers = summary.series.loc[series.label]
        share, before = words.percent(numbers["share_second"]), words.count(int(numbers["n_first"]))
        note = f"{share} of all · {before} before"
        made.append(card(series, int(numbers["n_second"]), dot(series.color) + safe.text(series.label), note))
    undated = ""
    if summary.undated:
        without = words.counted(summary.undated, "article")
        undated = f'<p class="quiet">{without} without a known date not counted here.</p>'
    return f'<div class="cards">{"".join(made)}</div>{undated}'
