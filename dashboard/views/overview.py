"""Overview: the state of the debate in one sentence, a few figures and three charts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import panel as pn

from dashboard.components import formats, safe
from dashboard.components.markup import Markup, button, dot, sparkline
from dashboard.components.saved_views import SavedList
from dashboard.downloads.citation import rule
from dashboard.session.session import Series
from dashboard.session.state import State
from dashboard.session.view import Selection
from dashboard.views.events import event_list, open_articles
from dashboard.views.outlets import LeanChart, OutletsChart
from dashboard.views.volume import VolumeChart, bursts, open_undated, table, why
from dashboard.views.words.distinctive import WordsChart
from pressgauge.analysis.intervals import LEAST
from pressgauge.analysis.summary import Summary, summarize

_DAYS = 30
_EVENTS = 8
_OUTLETS = 15
_WORDS = 8
_SPARK = 26
_MAX_NAMES = 5
_BEFORE = timedelta(days=14)
"""A rise that began so long before the latest days is still told with them."""


class Overview:
    """What somebody who has never seen the app reads first."""

    title = "Overview"

    def __init__(self, state: State) -> None:
        self._state = state
        self._head = Markup(on_go=self._go, margin=(14, 12, 6, 12))
        self._saved_list = SavedList(state)
        self._volume = VolumeChart(state)
        self._lean, self._outlets = LeanChart(state, _OUTLETS), OutletsChart(state)
        self._words = WordsChart(state, _WORDS)
        self._events = Markup(on_go=self._go, margin=(6, 12, 40, 12))
        self.panel = pn.Column(
            self._head,
            self._saved_list.panel,
            self._volume.chart,
            self._lean.chart,
            self._outlets.chart,
            self._words.chart,
            self._words.note,
            self._events,
            sizing_mode="stretch_width",
        )

    def update(self) -> None:
        state = self._state
        self._head.html = state.memo("head", lambda: head(state))
        self._saved_list.update()
        self._volume.update()
        # Lean tells two lines apart; one line, or none, is told by its outlets.
        self._lean.update()
        self._outlets.chart.visible = len(state.series) < 2
        if self._outlets.chart.visible:
            self._outlets.update()
        self._words.update()
        events = state.memo("top events", lambda: event_list(state, _EVENTS, action="articles"))
        self._events.html = f"<h2>What happened</h2>{events}"

    def _go(self, action: str, value: Any) -> None:
        if action == "window":
            series, since, until = value
            self._state.go(tab="articles", selection=selection_of(series, since, until))
        elif action == "undated":
            open_undated(self._state, action, value)
        else:
            open_articles(self._state, action, value)


def head(state: State) -> str:
    """The sentence and the key figures."""
    summary = summary_of(state)
    if summary is None:
        return "<h1>No dated article is left under these filters.</h1><p>Remove a filter above, or undo.</p>"
    return f"<h1>{sentence(state, summary)}</h1>{cards(state, summary)}"


def summary_of(state: State) -> Summary | None:
    """The latest days of the view against as many before."""
    articles, view = state.loaded.snapshot.articles, state.view
    return summarize(
        articles,
        state.membership,
        keep=state.keep(),
        since=view.since,
        until=view.until,
        days=_DAYS,
        unit=view.unit,
    )


def selection_of(series: str | None, since: str, until: str) -> Selection:
    """The selection of a window that a button carries as ISO dates."""
    return Selection(series, date.fromisoformat(since), date.fromisoformat(until))


def sentence(state: State, summary: Summary) -> str:
    """The sentence that sums it up, as markup, with its dates and denominators; a change is one only beyond
    chance."""
    base = safe.text(state.scope.quantity(summary.collected))
    if not summary.collected:
        return f"There are {base} {window(summary)}."
    if not state.series:
        return f"Of {base} {window(summary)}, nothing is compared."
    shares = [_share(state, series, summary) for series in state.series]
    return f"Of {base} {window(summary)}, {'; '.join(shares)}.{_why_not(summary)}"


def window(summary: Summary) -> str:
    """The days that are summed up, in words."""
    if summary.days == _DAYS:
        return f"in the {_DAYS} days to {formats.day(summary.until)}"
    if summary.days == 1:
        return f"on {formats.day(summary.until)}"
    return f"in the {summary.days} days from {formats.day(summary.since)} to {formats.day(summary.until)}"


def _share(state: State, series: Series, summary: Summary) -> str:
    """The share of a line in the latest days, and how it compares with the days before."""
    latest: Any = summary.series.loc[series.label]
    label = safe.text(series.label)
    verb = "about" if state.view.about else "mention"
    if not latest["reportable"]:
        n, of = (formats.count(int(latest[name])) for name in ("n", "collected"))
        return f"<b>{n} of {of}</b> <span class='quiet'>(too few to tell a share)</span> {verb} {label}"
    margin = f"<span class='quiet'>(±{formats.points(latest['margin'])})</span>"
    share = f"<b>{formats.percent(latest['share'])}</b> {margin} {verb} {label}"
    if series.label not in summary.change.index:
        return share
    change: Any = summary.change.loc[series.label]
    if not change["reportable"]:
        return f"{share}, too few before to compare"
    was, now = (formats.percent(change[name]) for name in ("share_first", "share_second"))
    steady = summary.comparison == "steady"
    where = f" in the {formats.quantity(summary.steady, 'outlet')} collected throughout" if steady else ""
    if change["low"] <= 0 <= change["high"]:
        return f"{share}, about as before{where} ({f'{now} after ' if steady else ''}{was})"
    way = "up" if change["change"] > 0 else "down"
    trend = f"{way} from {was}" + (f" to {now}{where}" if steady else "")
    return f"{share}, {trend}" + (_rise(state, series, summary) if way == "up" else "")


def _why_not(summary: Summary) -> str:
    """Why nothing is compared, as a sentence; empty where something is."""
    before = _before(summary)
    why = {
        "outside": f"{before.capitalize()} are not in this view.",
        "uncollected": f"{before.capitalize()} were not collected, or not all of them.",
        "changed": f"No outlet was collected throughout these days and {before}: they do not compare.",
    }.get(summary.comparison)
    return f" <span class='quiet'>{why}</span>" if why else ""


def _before(summary: Summary) -> str:
    return f"the {summary.days} days before" if summary.days > 1 else "the day before"


def _rise(state: State, series: Series, summary: Summary) -> str:
    """When the rise of a line began and with what: its strongest burst that reaches into the latest days."""
    for _, burst in bursts(state).iterrows():
        start, end = burst["start"].date(), burst["end"].date()
        if burst["series"] == series.label and start >= summary.since - _BEFORE and end >= summary.since:
            explanation = why(state, burst)
            causes = (
                explanation.events["label"]
                if len(explanation.events)
                else explanation.reported["title"].dropna()
            )
            cause = f" with “{safe.text(causes.iloc[0])}”" if len(causes) else ""
            return f"; the rise began on {formats.day(start)}{cause}"
    return ""


def cards(state: State, summary: Summary) -> str:
    """The key figures with their change and their latest weeks; each opens the articles it counts."""
    span = [summary.since.isoformat(), summary.until.isoformat()]
    unit, volume = state.view.unit, table(state)

    def card(series: Series | None, n: int, label: str, note: str) -> str:
        number = button(
            f"<b>{formats.count(n)}</b>",
            "window",
            [series and series.key, *span],
            title=f"Open {formats.count(n)} {unit}",
        )
        lines = volume[volume["series"] == series.label] if series else volume.drop_duplicates("period")
        latest = lines[~lines["partial"]].tail(_SPARK)["n" if series else "collected"]
        parts = f'<span class="quiet">{label}</span>{number}<span class="quiet">{note}</span>'
        change = _change(summary, series.label if series else "")
        spark = sparkline(latest, series.color if series else "currentColor")
        return f'<div class="card">{parts}<span class="quiet">{change}</span>{spark}</div>'

    base = safe.text(state.scope.base)
    items = [card(None, summary.collected, f"{base[:1].upper()}{base[1:]}", window(summary))]
    for series in state.series:
        latest: Any = summary.series.loc[series.label]
        of = formats.count(int(latest["collected"]))
        note = (
            f"{formats.percent(latest['share'])} of {of}"
            if latest["reportable"]
            else f"of {of}, too few for a share"
        )
        items.append(card(series, int(latest["n"]), dot(series.color) + safe.text(series.label), note))
    return f'<div class="cards">{"".join(items)}</div>{_notes(summary)}<p class="quiet">{rule(state)}</p>'


def _change(summary: Summary, line: str) -> str:
    """How a count compares with the days before."""
    if line not in summary.change.index:
        return {
            "outside": f"{_before(summary)}: not in this view",
            "uncollected": f"{_before(summary)}: not collected",
        }.get(summary.comparison, f"{_before(summary)}: other outlets")
    change: Any = summary.change.loc[line]
    before, n = int(change["n_first"]), int(change["n_second"])
    where = f"{_before(summary)}"
    if summary.comparison == "steady":
        where += f", in the {formats.quantity(summary.steady, 'outlet')} collected throughout"
    if not before:
        return f"none in {where}"
    if min(before, n) < LEAST:
        return f"{formats.count(n)} after {formats.count(before)} in {where}"
    arrow = "▲" if n > before else "▼" if n < before else "="
    both = f"{formats.count(n)} after {formats.count(before)}"
    counts = both if summary.comparison == "steady" else f"from {formats.count(before)}"
    return f"{arrow} {abs(n - before) / before:.0%}{':' if counts is both else ''} {counts} in {where}"


def _notes(summary: Summary) -> str:
    """What the numbers leave out, and which outlets came or went."""
    sentences = []
    for verb, outlets in (("Started", summary.started), ("Stopped", summary.stopped)):
        if outlets:
            names = ", ".join(outlets[:_MAX_NAMES])
            more = (
                f" and {formats.count(len(outlets) - _MAX_NAMES)} more" if len(outlets) > _MAX_NAMES else ""
            )
            sentences.append(f"{verb} in these and {_before(summary)}: {safe.text(names)}{more}.")
    if summary.undated:
        number = button(formats.quantity(summary.undated, "article"), "undated")
        sentences.append(f"{number} without a known date not counted here.")
    return f'<p class="quiet">{" ".join(sentences)}</p>' if sentences else ""
