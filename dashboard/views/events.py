"""Events: what happened, in everybody's words; and how one of them spread, and who did not report it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import panel as pn

from dashboard.components import formats, safe
from dashboard.components.bells import Bell, Bells, of_event
from dashboard.components.charts.chart import Chart
from dashboard.components.chips import UNRESTRICTED
from dashboard.components.markup import Markup, button, dot, table
from dashboard.downloads.citation import caption, counted
from dashboard.session.session import Series
from dashboard.session.state import State
from dashboard.session.view import Selection
from pressgauge import analysis, figures
from pressgauge.event_report import EventReport, report

_SHOWN = 40
_HEADLINES = 30
_SILENT = 15
_WORDS = 5


def event_list(state: State, limit: int, *, linked: bool = True, action: str = "event") -> str:
    """The events that most outlets reported, as a table; when `linked`, a headline sends `action` and the
    number of articles opens them (action 'articles')."""
    top = analysis.events(state.loaded.snapshot.articles, state.membership, keep=state.keep(), limit=limit)
    if top.empty:
        return '<p class="quiet">No event about the compared topics is left under these filters.</p>'
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
        first = f"{safe.text(event.first_outlet)}, {formats.day(event.first)}"
        outlets, countries = formats.count(event.outlets), formats.count(event.countries)
        rows.append((title, first, outlets, countries, " ".join(of_each), number))
    head = ("Event", "First seen", "Outlets", "Countries", "Of each line", "Articles")
    return table(head, rows, numbers=(2, 3, 5))


def _of_line(series: Series, n: int, event: int | None) -> str:
    """How many articles of an event a compared line has; given its number, a button that opens them."""
    shown = f"{dot(series.color)}{formats.count(n)}"
    said = f"{series.label}: {formats.counted(n, 'article')}"
    if event is None:
        return f'<span title="{safe.text(said)}">{shown}</span>'
    return button(shown, "line", [event, series.key], title=f"Read {said}")


class Events:
    """The largest events under the filters, and one of them looked at closely."""

    title = "Events"

    def __init__(self, state: State) -> None:
        self._state = state
        self._head = Markup(on_go=self._go)
        self._spread = Chart(None, self._table, filename="pressgauge-event", visible=False)
        self._told, self._list = Markup(on_go=self._go), Markup(on_go=self._go)
        self._bells = Bells(state, self._offered)
        self.panel = pn.Column(
            self._head,
            self._spread,
            self._bells.panel,
            self._told,
            self._list,
            sizing_mode="stretch_width",
            margin=(12, 12),
        )

    def update(self) -> None:
        state = self._state
        self._list.html = state.remembered("events", lambda: event_list(state, _SHOWN))
        self._draw()

    def _draw(self) -> None:
        found = self._report()
        self._spread.visible = found is not None
        self._told.html = "" if found is None else f"{_headlines(found)}{_silent(found)}<h2>All events</h2>"
        self._bells.update()
        if found is None:
            self._head.html = (
                '<p class="quiet">Articles that tell of one thing that happened, each in its own words. '
                "Click a headline for how it spread, the headlines side by side, and who did not "
                "report it.</p>"
            )
            return
        self._head.html = _closely(self._state, found)
        drawn = figures.spread.json(found.spread, dark=self._state.dark)
        said = caption(self._state, of=_counted(found), lines=[])
        self._spread.show(drawn, "How the event spread", said)

    def _offered(self) -> list[Bell]:
        number = self._state.view.event
        known = number is not None and (self._state.loaded.snapshot.articles["event"] == number).any()
        return [of_event(number)] if number is not None and known else []

    def _report(self) -> EventReport | None:
        """The open event, of all articles that were collected; None when there is none, or no more."""
        articles = self._state.loaded.snapshot.articles
        number = self._state.view.event
        if number is None or not (articles["event"] == number).any():
            return None
        member = np.asarray(self._state.membership.to_numpy(dtype=bool).any(axis=1))
        return report(articles, number, member=member)

    def _table(self) -> pd.DataFrame:
        found = self._report()
        if found is None:
            return pd.DataFrame()
        return counted(self._state, found.spread, of=_counted(found), lines=[])

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


def _counted(found: EventReport) -> str:
    """What the spread counts, for a picture or a file."""
    headline = found.headline or "(no title)"
    return f"Counted: all collected articles of the event “{headline}”, whatever the filters."


def _closely(state: State, found: EventReport) -> str:
    """One event: its headline, how large it is, and when it began."""
    told = found.articles
    outlets = formats.counted(found.outlets, "outlet")
    countries = formats.counted(int(told["country"].nunique()), "country")
    first = told.iloc[0]
    began = f"First: {safe.text(first['outlet'])}, {_moment(first['published'])}. "
    if undated := int(told["published"].isna().sum()):
        began += f"{formats.counted(undated, 'article')} without a known date, in no hour of the chart. "
    return (
        f"<h2>{safe.text(found.headline) or '(no title)'}</h2>"
        f"<p>{_sizes(state, found)} of {outlets} in {countries}. {began}{button('Close', 'close')}</p>"
        f"{_sides(state, found)}"
    )


def _moment(published: Any) -> str:
    """The day, and the time of day where it is known: what is dated by the day stands at its midnight."""
    timed = not pd.isna(published) and published != published.normalize()
    return formats.day(published) + (f", {published:%H:%M} UTC" if timed else "")


def _headlines(found: EventReport) -> str:
    """The headlines side by side, each with the words that few others have."""
    rows = []
    each: Any
    for each in found.articles.head(_HEADLINES).itertuples():
        words = safe.text(", ".join(each.words[:_WORDS]))
        role = ' <span class="quiet">copy</span>' if each.role == "copy" else ""
        headline = f"{safe.link(each.url, each.title or '(no title)')}{role}"
        rows.append((_moment(each.published), safe.text(each.outlet), headline, words))
    more = len(found.articles) - len(rows)
    rest = f'<p class="quiet">{formats.counted(more, "later article")} not listed.</p>' if more > 0 else ""
    return table(("When", "Outlet", "Headline", "Words of its own"), rows) + rest


def _sizes(state: State, found: EventReport) -> str:
    """How many articles tell of an event in all and how many the filters let through, each with its list."""
    whole, shown = len(found.articles), len(state.rows(Selection(event=found.event)))
    number = button(formats.counted(shown, "article"), "all", found.event)
    if shown == whole:
        return number
    every = button(formats.counted(whole, "article"), "unfiltered", found.event, title="Clear the filters")
    return f"{number} under the filters; whatever the filters, {every}"


def _sides(state: State, found: EventReport) -> str:
    """How many of the event's articles under the filters each compared line has, and how many none has."""
    rows = state.rows(Selection(event=found.event))
    lines = [(series, int(state.member(series.key)[rows].sum())) for series in state.series]
    none = int((~state.membership.to_numpy(dtype=bool)[rows].any(axis=1)).sum())
    said = [
        f"{safe.text(series.label)} {_of_line(series, n, found.event) if n else 0}" for series, n in lines
    ]
    return f"<p>Of each line: {', '.join(said)}; of none: {formats.count(none)}.</p>"


def _silent(found: EventReport) -> str:
    if found.unreported.empty:
        return (
            '<p class="quiet">No outlet is missing that usually reports events of this size on the '
            "compared topics.</p>"
        )
    rows = [
        (safe.text(each.outlet), f"{each.expected:.1f}", f"{each.reported:,} of {each.comparable:,}")
        for each in found.unreported.head(_SILENT).itertuples()
    ]
    more = len(found.unreported) - len(rows)
    rest = f" {formats.counted(more, 'outlet')} not listed." if more else ""
    return (
        "<h2>Who did not report it</h2>"
        + table(("Outlet", "Articles expected", "Events of this size it reported"), rows, numbers=(1, 2))
        + '<p class="quiet">As far as they were collected: outlets that had, on average, half an article or '
        "more on the events of the compared topics that at least half as many outlets reported, within 180 "
        f"days.{rest}</p>"
    )
