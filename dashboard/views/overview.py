"""Overview: the state of the debate in one sentence, a few figures and three charts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import panel as pn

from dashboard.components import formats, safe
from dashboard.components.markup import Markup, button, dot, sparkline
from dashboard.downloads.citation import rule
from dashboard.session.session import Series, State
from dashboard.session.view import Selection
from dashboard.views.distinctive import WordsChart
from dashboard.views.outlets import LeanChart, OutletsChart
from dashboard.views.stories import story_list
from dashboard.views.volume import VolumeChart, bursts, table, why
from pressgauge.analysis.summary import Summary, summarize

_DAYS = 30
_STORIES = 8
_OUTLETS = 15
_WORDS = 8
_SPARK = 26
_BEFORE = timedelta(days=14)
"""A rise that began so long before the latest days is still told with them."""


class Overview:
    """What somebody who has never seen the app reads first."""

    title = "Overview"

    def __init__(self, state: State) -> None:
        self._state = state
        self._head = Markup(on_go=self._go, margin=(14, 12, 6, 12))
        self._volume = VolumeChart(state)
        self._lean, self._outlets = LeanChart(state, _OUTLETS), OutletsChart(state)
        self._words = WordsChart(state, _WORDS)
        self._stories = Markup(on_go=self._go, margin=(6, 12, 40, 12))
        self.panel = pn.Column(
            self._head,
            self._volume.chart,
            self._lean.chart,
            self._outlets.chart,
            self._words.chart,
            self._words.note,
            self._stories,
            sizing_mode="stretch_width",
        )

    def update(self) -> None:
        state = self._state
        self._head.html = state.remembered("head", lambda: _head(state))
        self._volume.update()
        # Lean tells two lines apart; one line, or none, is told by its outlets.
        self._lean.update()
        self._outlets.chart.visible = len(state.series) < 2
        if self._outlets.chart.visible:
            self._outlets.update()
        self._words.update()
        stories = state.remembered("top stories", lambda: story_list(state, _STORIES))
        self._stories.html = f"<h2>Top stories</h2>{stories}"

    def _go(self, action: str, value: Any) -> None:
        if action == "window":
            series, since, until = value
            self._state.go(tab="articles", selection=selection_of(series, since, until))
        elif action == "story" and isinstance(value, int):
            self._state.go(tab="articles", selection=Selection(story=value, compared=True))


def _head(state: State) -> str:
    """The sentence and the key figures."""
    summary = summary_of(state)
    if summary is None:
        return "<h1>No dated article is left under these filters.</h1><p>Remove a filter above, or undo.</p>"
    return f"<h1>{sentence(state, summary)}</h1>{cards(state, summary)}"


def summary_of(state: State) -> Summary | None:
    """The latest days of the view against as many before."""
    articles, unit = state.loaded.snapshot.articles, state.view.unit
    return summarize(articles, state.membership, keep=state.keep(), days=_DAYS, unit=unit)


def selection_of(series: str | None, since: str, until: str) -> Selection:
    """The selection of a window that a button carries as ISO dates."""
    return Selection(series, date.fromisoformat(since), date.fromisoformat(until))


def sentence(state: State, summary: Summary) -> str:
    """The sentence that sums it up, with its dates and denominators; a change is one only beyond chance."""
    said = []
    for series in state.series[:2]:
        numbers = summary.series.loc[series.label]
        was = formats.percent(numbers["share_first"])
        trend = f", about as before ({was})" if summary.collected_before else ""
        if numbers["low"] > 0 or numbers["high"] < 0:
            trend = f", {'up' if numbers['change'] > 0 else 'down'} from {was}"
            if numbers["change"] > 0:
                trend += _rise(state, series, summary)
        margin = f" <span class='quiet'>(±{formats.points(numbers['margin'])})</span>"
        share = formats.percent(numbers["share_second"])
        relation = "about" if state.view.about else "mention"
        said.append(f"<b>{share}</b>{margin} {relation} {safe.text(series.label)}{trend}")
    unit = "story" if state.view.unit == "stories" else "article"
    about = f" on {safe.text(state.field.label)}" if state.field else ""
    return (
        f"Of {formats.counted(summary.collected, unit)}{about} in the {_DAYS} days to "
        f"{formats.day(summary.until)}, {'; '.join(said)}."
    )


def _rise(state: State, series: Series, summary: Summary) -> str:
    """When the rise of a line began and with what: its strongest burst that reaches into the latest days."""
    for _, burst in bursts(state).iterrows():
        start, end = burst["start"].date(), burst["end"].date()
        if burst["series"] == series.label and start >= summary.since - _BEFORE and end >= summary.since:
            found = why(state, burst)
            known = found.events["label"] if len(found.events) else found.stories["title"]
            cause = f" with “{safe.text(known.iloc[0])}”" if len(known) else ""
            return f"; the rise began on {formats.day(start)}{cause}"
    return ""


def cards(state: State, summary: Summary) -> str:
    """The key figures with their change and their latest weeks; each opens the articles it counts."""
    window = [summary.since.isoformat(), summary.until.isoformat()]
    unit = "stories" if state.view.unit == "stories" else "articles"
    volume = table(state)

    def card(series: Series | None, n: int, before: int, label: str, note: str) -> str:
        number = button(
            f"<b>{formats.count(n)}</b>",
            "window",
            [series and series.key, *window],
            title=f"Open {formats.count(n)} {unit}",
        )
        lines = volume[volume["series"] == series.label] if series else volume.drop_duplicates("period")
        latest = lines[~lines["partial"]].tail(_SPARK)["n" if series else "collected"]
        parts = f'<span class="quiet">{label}</span>{number}<span class="quiet">{note}</span>'
        spark = sparkline(latest, series.color if series else "currentColor")
        return f'<div class="card">{parts}<span class="quiet">{_change(n, before)}</span>{spark}</div>'

    everything = f"All {unit}" + (f" on {safe.text(state.field.label)}" if state.field else "")
    made = [
        card(None, summary.collected, summary.collected_before, everything, f"in the latest {_DAYS} days")
    ]
    for series in state.series:
        numbers = summary.series.loc[series.label]
        note = f"{formats.percent(numbers['share_second'])} of all"
        label = dot(series.color) + safe.text(series.label)
        made.append(card(series, int(numbers["n_second"]), int(numbers["n_first"]), label, note))
    undated = ""
    if summary.undated:
        without = formats.counted(summary.undated, "article")
        undated = f'<p class="quiet">{without} without a known date not counted here.</p>'
    said = f'<p class="quiet">{rule(state)}</p>'
    return f'<div class="cards">{"".join(made)}</div>{undated}{said}'


def _change(n: int, before: int) -> str:
    """How a count compares with the days before."""
    if not before:
        return f"none in the {_DAYS} days before"
    arrow = "▲" if n > before else "▼" if n < before else "="
    return f"{arrow} {abs(n - before) / before:.0%} from {formats.count(before)} in the {_DAYS} days before"
