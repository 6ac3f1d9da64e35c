"""Events: what happened, in everybody's words; and how one of them spread, and who did not report it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import panel as pn

from dashboard.components import formats, safe
from dashboard.components.bells import Bell, Bells, of_event
from dashboard.components.charts.chart import Chart
from dashboard.components.chips import UNRESTRICTED
from dashboard.components.markup import Markup, button, dot, table
from dashboard.downloads.citation import caption, with_provenance
from dashboard.session.session import Series
from dashboard.session.state import State
from dashboard.session.view import Selection
from pressgauge import analysis, figures
from pressgauge.event_report import EventReport, report

_MAX_EVENTS = 40
_HEADLINES = 30
_SILENT = 15
_WORDS = 5


def event_list(state: State, limit: int, *, linked: bool = True, action: str = "event") -> str:
    """The events that most outlets reported, as a table; when `linked`, a headline sends `action` and the
    number of articles opens them (action 'articles'). Those of a single article only where there are no
    others."""
    top = analysis.events(state.loaded.snapshot.articles, state.membership, keep=state.keep(), limit=limit)
    if top.empty:
        return '<p class="quiet">No event about the compared topics is left under these filters.</p>'
    if (several := top["articles"] > 1).any():
        top = top[several]
    lines = {series.label: series for series in state.series}
    rows = []
    event: Any
    for event in top.itertuples():
        title, number = safe.text(event.title) or "(no title)", formats.count(event.articles)
        of_each = [
            _of_line(lines[label], n, int(event.event) if linked else None)
            for label, n in zip(event.series, event.series_articles, strict=True)
        ]
        if linked:
            title = button(title, action, int(event.event))
            number = button(number, "articles", int(event.event), title=f"Read {number} articles")
        first = safe.text(formats.first_seen(event.first_outlet, event.first))
        outlets = formats.count(event.outlets)
        countries = formats.count(event.countries) if event.countries else "unknown"
        rows.append((title, first, outlets, countries, " ".join(of_each), number))
    head = ("Event", "First seen", "Outlets", "Countries", "Of each line", "Articles")
    return table(head, rows, numbers=(2, 3, 5))


def counted(state: State, limit: int) -> str:
    """How many events the articles of the compared lines tell of, and which of them are listed."""
    sizes = analysis.event_sizes(state.loaded.snapshot.articles, state.membership, keep=state.keep())
    if sizes.empty:
        return ""
    several = int((sizes > 1).sum())
    of = replace(state.scope, unit="articles").quantity(int(sizes.sum()))
    sentence = (
        f"{formats.quantity(len(sizes), 'event')} in {of} of the compared lines: "
        f"{formats.count(several)} of several articles, {formats.count(len(sizes) - several)} of one."
    )
    if (several or len(sizes)) > limit:
        sentence += f" Listed are the {limit} that most outlets reported."
    elif 0 < several < len(sizes):
        sentence += " Listed are those of several."
    return f'<p class="quiet">{safe.text(sentence)}</p>'


def _of_line(series: Series, n: int, event: int | None) -> str:
    """How many articles of an event a compared line has; given its number, a button that opens them."""
    number = f"{dot(series.color)}{formats.count(n)}"
    sentence = f"{series.label}: {formats.quantity(n, 'article')}"
    if event is None:
        return f'<span title="{safe.text(sentence)}">{number}</span>'
    return button(number, "line", [event, series.key], title=f"Read {sentence}")


class Events:
    """The largest events under the filters, and one of them looked at closely."""

    title = "Events"

    def __init__(self, state: State) -> None:
        self._state = state
        self._head = Markup(on_go=self._go)
        self._chart = Chart(None, self._table, filename="pressgauge-event", visible=False)
        self._details, self._list = Markup(on_go=self._go), Markup(on_go=self._go)
        self._bells = Bells(state, self._bell_offers)
        self.panel = pn.Column(
            self._head,
            self._chart,
            self._bells.panel,
            self._details,
            self._list,
            sizing_mode="stretch_width",
            margin=(12, 12),
        )

    def update(self) -> None:
        state = self._state
        self._list.html = state.memo(
            "events", lambda: event_list(state, _MAX_EVENTS) + counted(state, _MAX_EVENTS)
        )
        self._draw()

    def _draw(self) -> None:
        report = self._report()
        self._chart.visible = report is not None
        self._details.html = (
            "" if report is None else f"{_headlines(report)}{_silent(report)}<h2>All events</h2>"
        )
        self._bells.update()
        if report is None:
            self._head.html = (
                '<p class="quiet">Articles that tell of one thing that happened, each in its own words. '
                "Click a headline for how it spread, the headlines side by side, and who did not "
                "report it.</p>"
            )
            return
        self._head.html = _closely(self._state, report)
        figure_json = figures.spread.json(report.spread, dark=self._state.dark)
        about = caption(self._state, of=_scope_of(report), lines=[])
        self._chart.show(figure_json, "How the event spread", about)

    def _bell_offers(self) -> list[Bell]:
        number = self._state.view.event
        exists = number is not None and (self._state.loaded.snapshot.articles["event"] == number).any()
        return [of_event(number)] if number is not None and exists else []

    def _report(self) -> EventReport | None:
        """The open event, of all articles that were collected; None when there is none, or no more."""
        articles = self._state.loaded.snapshot.articles
        number = self._state.view.event
        if number is None or not (articles["event"] == number).any():
            return None
        member = np.asarray(self._state.membership.to_numpy(dtype=bool).any(axis=1))
        return report(articles, number, member=member)

    def _table(self) -> pd.DataFrame:
        report = self._report()
        if report is None:
            return pd.DataFrame()
        return with_provenance(self._state, report.spread, of=_scope_of(report), lines=[])

    def _go(self, action: str, value: Any) -> None:
        if action in ("event", "close"):
            self._state.go(event=value if isinstance(value, int) else None)
        else:
            open_articles(self._state, action, value)


def open_articles(state: State, action: str, value: Any) -> None:
    """Open the articles of an event: those of any compared line, of one, all under the filters, or all."""
    if action == "articles" and isinstance(value, int):
        state.go(tab="articles", selection=Selection(event=value, compared=True))
    elif action == "line" and isinstance(value, list) and [type(part) for part in value] == [int, str]:
        state.go(tab="articles", selection=Selection(event=value[0], series=value[1]))
    elif action == "all" and isinstance(value, int):
        state.go(tab="articles", selection=Selection(event=value))
    elif action == "unfiltered" and isinstance(value, int):
        # `everything` is a filter of its own kind: what is outside the field counts, too.
        state.go(**UNRESTRICTED | {"everything": True}, tab="articles", selection=Selection(event=value))


def _scope_of(report: EventReport) -> str:
    """What the spread counts, for a picture or a file."""
    headline = report.headline or "(no title)"
    return f"Counted: all collected articles of the event “{headline}”, whatever the filters."


def _closely(state: State, report: EventReport) -> str:
    """One event: its headline, how large it is, and when it began."""
    articles = report.articles
    outlets = formats.quantity(report.outlets, "outlet")
    countries = int(articles["country"].nunique())
    where = f"in {formats.quantity(countries, 'country')}" if countries else "of unknown country"
    first = articles.iloc[0]
    began = f"First: {safe.text(first['outlet'])}, {_moment(first['published'])}. "
    if undated := int(articles["published"].isna().sum()):
        began += f"{formats.quantity(undated, 'article')} without a known date, in no hour of the chart. "
    return (
        f"<h2>{safe.text(report.headline) or '(no title)'}</h2>"
        f"<p>{_sizes(state, report)} of {outlets} {where}. {began}{button('Close', 'close')}</p>"
        f"{_sides(state, report)}"
    )


def _moment(published: Any) -> str:
    """The day, and the time of day where it is known: what is dated by the day stands at its midnight."""
    timed = not pd.isna(published) and published != published.normalize()
    return formats.day(published) + (f", {published:%H:%M} UTC" if timed else "")


def _headlines(report: EventReport) -> str:
    """The headlines side by side, each with the words that few others have."""
    rows = []
    each: Any
    for each in report.articles.head(_HEADLINES).itertuples():
        words = safe.text(", ".join(each.words[:_WORDS]))
        role = ' <span class="quiet">copy</span>' if each.role == "copy" else ""
        headline = f"{safe.link(each.url, each.title or '(no title)')}{role}"
        rows.append((_moment(each.published), safe.text(each.outlet), headline, words))
    more = len(report.articles) - len(rows)
    rest = f'<p class="quiet">{formats.quantity(more, "later article")} not listed.</p>' if more > 0 else ""
    return table(("When", "Outlet", "Headline", "Words of its own"), rows) + rest


def _sizes(state: State, report: EventReport) -> str:
    """How many articles tell of an event in all and how many the filters let through, each with its list."""
    whole, in_view = len(report.articles), len(state.rows(Selection(event=report.event)))
    number = button(formats.quantity(in_view, "article"), "all", report.event)
    if in_view == whole:
        return number
    every = button(formats.quantity(whole, "article"), "unfiltered", report.event, title="Clear the filters")
    return f"{number} under the filters; whatever the filters, {every}"


def _sides(state: State, report: EventReport) -> str:
    """How many of the event's articles under the filters each compared line has, and how many none has."""
    rows = state.rows(Selection(event=report.event))
    lines = [(series, int(state.member(series.key)[rows].sum())) for series in state.series]
    none = int((~state.membership.to_numpy(dtype=bool)[rows].any(axis=1)).sum())
    parts = [
        f"{safe.text(series.label)} {_of_line(series, n, report.event) if n else 0}" for series, n in lines
    ]
    return f"<p>Of each line: {', '.join(parts)}; of none: {formats.count(none)}.</p>"


def _silent(report: EventReport) -> str:
    if report.unreported.empty:
        return (
            '<p class="quiet">No outlet is missing that usually reports events of this size on the '
            "compared topics.</p>"
        )
    rows = [
        (safe.text(each.outlet), f"{each.expected:.1f}", f"{each.reported:,} of {each.comparable:,}")
        for each in report.unreported.head(_SILENT).itertuples()
    ]
    more = len(report.unreported) - len(rows)
    rest = f" {formats.quantity(more, 'outlet')} not listed." if more else ""
    return (
        "<h2>Who did not report it</h2>"
        + table(("Outlet", "Articles expected", "Events of this size it reported"), rows, numbers=(1, 2))
        + '<p class="quiet">As far as they were collected: outlets that reported at least half of the events '
        "of the compared topics that at least half as many outlets reported, of three or more within 180 "
        f"days.{rest}</p>"
    )
