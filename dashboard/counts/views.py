"""The views of a page made of counts: volume, outlets, and the articles behind a number of theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import panel as pn

from dashboard.components import formats, safe
from dashboard.components.charts.chart import Chart
from dashboard.components.chips import describe
from dashboard.components.markup import Markup, button, dot, table
from dashboard.counts.session import CountedSession
from dashboard.session.scope import asks
from dashboard.session.view import Selection
from pressgauge import figures
from pressgauge.errors import PressgaugeError
from pressgauge.scale.shards import articles_of
from pressgauge.schema import NO_DAY
from pressgauge.settings.events import concerning
from pressgauge.settings.topics import query_of

MOST = 100
"""Articles that are shown of a number: the newest."""
_FIRST = '<p class="quiet">A month that has no index yet gets one first.</p>'
_COLUMNS = ("published", "outlet", "title", "url")


class _ChartView:
    """A chart whose points and bars open the articles behind them, below a sentence."""

    name: str

    def __init__(self, session: CountedSession, make_table: Callable[[], pd.DataFrame]) -> None:
        self._session = session
        self._lead = Markup()
        self._chart = Chart(
            self._on_click, lambda: with_source(session, make_table()), filename=f"pressgauge-{self.name}"
        )
        self.panel = pn.Column(self._lead, self._chart, sizing_mode="stretch_width", margin=(12, 12))

    def _show(self, table: pd.DataFrame, figure: str, description: str) -> None:
        what, lead = dataset_sentence(self._session), _sentence(self._session, table)
        self._lead.html = f'<h1>{lead}</h1><p class="quiet">{safe.text(what)}</p>'
        synthetic = "Demo data (synthetic). " if self._session.loaded.synthetic else ""
        source = (synthetic + self._session.scope.sentence, *queries(self._session), what)
        self._chart.show(figure, description, "\n".join(source))

    def _on_click(self, event: dict[str, Any]) -> None:
        keys = {series.label: series.key for series in self._session.series}
        of = event.get("customdata")
        if event.get("kind") == "click" and isinstance(of, dict) and of.get("series") in keys:
            since, until = (
                date.fromisoformat(of[side]) if side in of else None for side in ("since", "until")
            )
            selection = Selection(keys[of["series"]], since, until, outlet=of.get("outlet"))
            self._session.go(tab="articles", selection=selection)


class Volume(_ChartView):
    """The volume of the compared topics, with the events that concern them."""

    title, name = "Volume", "volume"

    def __init__(self, session: CountedSession) -> None:
        super().__init__(session, session.volume)

    def update(self) -> None:
        session = self._session
        figure = figures.volume.json(
            session.volume(),
            share=session.view.share,
            base=session.scope.base,
            events=concerning(session.loaded.events, [series.key for series in session.series]),
            dark=session.dark,
            colors=session.colors,
        )
        self._show(session.volume(), figure, "Articles that mention the compared topics over time")


class Outlets(_ChartView):
    """The outlets with most articles on the compared topics."""

    title, name = "Outlets", "outlets"

    def __init__(self, session: CountedSession) -> None:
        super().__init__(session, session.outlets)

    def update(self) -> None:
        session = self._session
        figure = figures.outlets.json(
            session.outlets(),
            share=session.view.share,
            base=session.scope.base,
            dark=session.dark,
            colors=session.colors,
        )
        self._show(session.outlets(), figure, "Articles that mention the compared topics by outlet")


class Articles:
    """The newest articles behind the number that was clicked, read from the months it comes from."""

    title = "Articles"

    def __init__(self, session: CountedSession) -> None:
        self._session = session
        self._request: tuple[Any, ...] = ()
        self._markup = Markup(on_go=self._go)
        self.panel = pn.Column(self._markup, sizing_mode="stretch_width", margin=(12, 12))

    def update(self) -> None:
        session, selection = self._session, self._session.view.selection
        self._request = ()
        if selection is None:
            self._markup.html = (
                "<p>Click a point of the volume or a bar of the outlets to read the articles behind it.</p>"
            )
            return
        months = session.months(selection)
        n = sum(months.values())
        close = button("✕", "unselect", title="Back to the chart")
        head = (
            f'<div class="bar"><h2 data-count="{n}">{formats.quantity(n, "article")}</h2>'
            f'<span class="chip">{safe.text(describe(session, selection))}{close}</span></div>'
        )
        self._markup.html = head if n else f"{head}<p>Nothing was counted there, under these filters.</p>"
        if n:
            self._request = selection, months, head
            pn.state.onload(self._read_months)

    async def _read_months(self) -> None:
        """Read month after month until there is enough to show, in a thread: a month that has no index yet
        gets one."""
        request = selection, months, head = self._request
        session, articles = self._session, pd.DataFrame(columns=list(_COLUMNS))
        dataset, filters, query = session.loaded.dataset, session.filters(selection), session.query(selection)
        notes = ""
        for month, n in months.items():
            self._markup.html = f'{head}<p role="status">Reading {month} …</p>{_list(articles)}{_FIRST}'
            try:
                more = await asyncio.to_thread(articles_of, dataset, month, filters, query, _COLUMNS)
            except PressgaugeError as error:
                more, problem = None, str(error)
            if self._request is not request:
                return
            if more is None:
                notes += f'<p class="notice" role="alert">{safe.text(problem)}</p>'
                break
            if len(more) != n:
                notes += (
                    f'<p class="notice" role="alert">{month} changed since it was counted: '
                    f"{formats.quantity(n, 'article')} then, {formats.count(len(more))} now.</p>"
                )
            articles = more if articles.empty else pd.concat([articles, more])
            if len(articles) >= MOST:
                break
        latest, n = articles.head(MOST), sum(months.values())
        if n > len(latest):
            notes += f'<p class="quiet">The newest {formats.count(len(latest))} of {formats.count(n)}.</p>'
        self._markup.html = f"{head}{notes}{_list(latest)}"

    def _go(self, action: str, value: Any) -> None:
        if action == "unselect" and (selection := self._session.view.selection) is not None:
            self._session.go(tab="volume" if selection.outlet is None else "outlets", selection=None)


def queries(session: CountedSession) -> list[str]:
    """What each compared line asks of an article, as "Label: query"."""
    return [asks(each.label, query_of(session.topics, each.key)) for each in session.series]


def with_source(session: CountedSession, table: pd.DataFrame) -> pd.DataFrame:
    """A table as it is saved in a file: with columns that say what was counted, and in which dataset."""
    return table.assign(
        counted=session.scope.sentence, lines="; ".join(queries(session)), dataset=dataset_sentence(session)
    )


def _list(articles: pd.DataFrame) -> str:
    rows = [
        (formats.day(each.published), safe.text(each.outlet), safe.link(each.url, each.title))
        for each in articles.head(MOST).fillna({"title": "(no title)"}).itertuples()
    ]
    return table(("Published", "Outlet", "Title"), rows, numbers=(0,), classes="list") if rows else ""


def _sentence(session: CountedSession, table: pd.DataFrame) -> str:
    """What a chart counts, with its dates and denominator."""
    if not session.series:
        return "Nothing is compared: choose topics in the sidebar."
    if table.empty:
        return "No article is left under these filters. Remove a filter above, or undo."
    parts = []
    for series in session.series:
        of = table[table["series"] == series.label]
        n, base = int(of["n"].sum()), int(of["collected"].sum())
        share = f'<span style="white-space:nowrap">{dot(series.color)}{formats.percent(n / base)}</span>'
        parts.append(f"{share} mention {safe.text(series.label)} ({formats.count(n)})")
    days = f", {formats.span(*session.days)}" if session.days else ""
    return f"Of {formats.quantity(base, 'article')}{days}: {', '.join(parts)}"


def dataset_sentence(session: CountedSession) -> str:
    """What is counted, as plain text."""
    totals, table = session.loaded.counts, session.table
    n, of = int(table["articles"].sum()), session.loaded.articles
    undated = int(table.loc[table["day"] == NO_DAY, "articles"].sum())
    articles = (
        formats.quantity(n, "article")
        if n == of
        else f"{formats.count(n)} of {formats.quantity(of, 'article')}"
    )
    version = f"version {totals.version} of the dataset" if totals.version >= 0 else "a part of the dataset"
    return (
        f"{articles}, {formats.count(undated)} without a date, counted by day in UTC from {version} on "
        f"{formats.day(totals.at)} at {totals.at:%H:%M} UTC."
    )
