"""Voices: who is quoted and named, how often over time, with whom, and in which words."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import panel as pn

from dashboard.components import formats, safe
from dashboard.components.bells import Bell, Bells, of_speaker
from dashboard.components.charts.chart import Chart
from dashboard.components.markup import Markup, button, dot, table
from dashboard.downloads.citation import caption, with_provenance
from dashboard.session.state import State
from dashboard.session.view import Selection
from pressgauge import analysis, figures
from pressgauge.palette import color_of
from pressgauge.search.tokens import words
from pressgauge.voices.tables import Tables

_MAX_ROWS = 30
_QUOTES = 40
_WITH = 8
_TRAVELLED = 12
_PHRASE = 10
"""Words of a quotation by which its article is found again."""
_KINDS = {"": "Everybody", "person": "People", "organisation": "Organisations"}


def ranking(state: State, tables: Tables, *, named: bool) -> pd.DataFrame:
    """Who is quoted, or named, most on this session's view: in the articles that count."""
    articles, keep, unit = state.loaded.snapshot.articles, state.keep(), state.view.unit
    if named:
        return state.memo(
            "named", lambda: analysis.named_entities(articles, tables.names, keep=keep, unit=unit)
        )
    return state.memo(
        "speakers", lambda: analysis.speakers(articles, tables.quotations, keep=keep, unit=unit)
    )


class Voices:
    """For a speaker who is clicked the course of time, whom they are quoted with and the quotations; the
    ranking; how outlets source; and which quotations travel."""

    title = "Voices"

    def __init__(self, state: State) -> None:
        self._state = state
        self._kind = ""
        self._list = Markup(on_go=self._go)
        self._chart = Chart(
            self._on_click,
            lambda: with_provenance(state, self._volume(), of=state.scope.sentence, lines=self._line()),
            filename="pressgauge-voices",
        )
        self._chart.visible = False
        self._detail = Markup(on_go=self._go)
        self._bells = Bells(state, self._bell_offers)
        self._below = Markup(on_go=self._go)
        self.panel = pn.Column(
            self._chart,
            self._bells.panel,
            self._detail,
            self._list,
            self._below,
            sizing_mode="stretch_width",
            margin=(12, 12),
        )

    def update(self) -> None:
        state, tables = self._state, self._state.loaded.voice_tables
        if tables is None:
            problem = state.loaded.voices.problem
            message = safe.text(problem) if problem else "Reading who speaks in the articles …"
            self._list.html = f'<p role="status">{message}</p>'
            self._detail.html = self._below.html = self._bells.panel.html = ""
            self._chart.visible = False
            return
        self._list.html = self._choice() + self._ranking(tables)
        self._draw_speaker(tables)
        self._below.html = self._sourcing(tables) + self._travelling(tables)

    # The ranking

    def _choice(self) -> str:
        """What the list is of."""
        what = {False: "Most quoted", True: "Most named"}
        first = "".join(
            f"<b>{label}</b> "
            if named == self._state.view.named
            else button(label, "named", named, classes="quiet")
            for named, label in what.items()
        )
        second = "".join(
            f"<b>{label}</b> " if kind == self._kind else button(label, "kind", kind, classes="quiet")
            for kind, label in _KINDS.items()
        )
        return f'<div class="row">{first}</div><div class="row">{second}</div>'

    def _ranking(self, tables: Tables) -> str:
        state = self._state
        ranked = ranking(state, tables, named=self._state.view.named)
        if self._kind:
            ranked = ranked[ranked["kind"] == self._kind]
        if ranked.empty:
            return "<p>Nobody is left under these filters. Remove a filter above, or undo.</p>"
        unit, base = state.view.unit, int(ranked["collected"].iloc[0])
        verb = "name" if self._state.view.named else "quote"
        top = ranked.head(_MAX_ROWS)
        sides = self._by_side(tables, top["speaker"].tolist())
        times = "Times" if self._state.view.named else "Quotations"
        head = (
            "Speaker", "Role", unit.capitalize(), "Share of voice", times, "Outlets",
            *(dot(each.color) + safe.text(each.label) for each in state.series),
        )  # fmt: skip
        rows = [
            (
                button(safe.text(each.speaker), "speaker", each.speaker),
                f'<span class="quiet">{safe.text(each.role) if isinstance(each.role, str) else ""}</span>',
                button(formats.count(each.n), "articles", each.speaker),
                f"{formats.percent(each.share)} "
                f'<span class="quiet">({formats.percent(each.low)} to {formats.percent(each.high)})</span>',
                formats.count(each.times if self._state.view.named else each.quotations),
                formats.count(each.outlets),
                *(
                    button(formats.count(n), "side", [each.speaker, series.key]) if n else "0"
                    for n, series in zip(side, state.series, strict=True)
                ),
            )
            for each, side in zip(top.itertuples(), sides, strict=True)
        ]
        lead = (
            f'<p class="quiet">Share of the {formats.count(base)} {unit} that {verb} anybody by name, '
            "with 95 % intervals. Found by rules: read the quotations before you quote the numbers.</p>"
        )
        more = (
            f'<p class="quiet">{formats.count(len(ranked) - _MAX_ROWS)} more.</p>'
            if len(ranked) > _MAX_ROWS
            else ""
        )
        current_row = (
            top["speaker"].tolist().index(self._state.view.speaker)
            if self._state.view.speaker in set(top["speaker"])
            else None
        )
        return lead + table(head, rows, numbers=range(2, len(head)), current_row=current_row) + more

    def _by_side(self, tables: Tables, speakers: list[str]) -> list[list[int]]:
        """How many articles or stories of each compared line quote, or name, each speaker."""
        state = self._state
        rows = tables.names if self._state.view.named else tables.quotations
        counts = []
        for series in state.series:
            keep = state.keep() & state.membership[series.label].to_numpy()
            ranked = ranking_of(state, rows, keep, named=self._state.view.named)
            counts.append([int(ranked.get(speaker, 0)) for speaker in speakers])
        return [list(each) for each in zip(*counts, strict=True)] or [[] for _ in speakers]

    # One speaker

    def _bell_offers(self) -> list[Bell]:
        speaker = self._state.view.speaker
        return [of_speaker(speaker)] if len(self._state.loaded.voices.ids(speaker)) else []

    def _volume(self) -> pd.DataFrame:
        state, tables = self._state, self._state.loaded.voice_tables
        assert tables is not None
        articles = state.loaded.snapshot.articles
        ids = state.loaded.voices.ids(self._state.view.speaker, named=self._state.view.named)
        member = pd.DataFrame(
            {self._state.view.speaker: articles["id"].isin(ids).to_numpy()}, index=articles.index
        )
        return analysis.volume(
            articles, member, freq=state.view.freq, unit=state.view.unit, keep=state.keep()
        )

    def _line(self) -> list[str]:
        """What the line of a speaker counts."""
        view = self._state.view
        return [f"{view.unit.capitalize()} that {'name' if view.named else 'quote'} {view.speaker}"]

    def _draw_speaker(self, tables: Tables) -> None:
        state, speaker = self._state, self._state.view.speaker
        self._bells.update()
        exists = bool(speaker) and len(state.loaded.voices.ids(speaker, named=True)) > 0
        self._chart.visible = exists
        if not exists:
            self._detail.html = ""
            return
        figure_json = figures.volume.json(
            self._volume(),
            share=state.view.share,
            base=state.scope.base,
            dark=state.dark,
            colors={speaker: color_of(speaker, dark=state.dark)},
        )
        (line,) = self._line()
        about = caption(state, of=state.scope.sentence, lines=[line])
        self._chart.show(figure_json, f"{line} over time", about)
        filters = button(f"Filter by {safe.text(speaker)}", "filter", speaker, classes="act")
        line = button("Compare as a line", "line", speaker, classes="act")
        close = button("✕ Close", "speaker", "", classes="quiet")
        self._detail.html = (
            f"<h2>{safe.text(speaker)}</h2>"
            f'<div class="row">{filters}{line}{close}</div>'
            f"{self._together(tables)}{self._quotations(tables)}"
        )

    def _together(self, tables: Tables) -> str:
        """Who is quoted in the same articles."""
        state = self._state
        articles = state.loaded.snapshot.articles
        mine = articles["id"].isin(state.loaded.voices.ids(self._state.view.speaker)).to_numpy()
        others = ranking_of(state, tables.quotations, state.keep() & mine)
        others = others[others.index != self._state.view.speaker].head(_WITH)
        if others.empty:
            return ""
        names = ", ".join(
            f"{button(safe.text(name), 'speaker', name)} ({formats.count(int(n))})"
            for name, n in others.items()
        )
        return f"<p>Quoted in the same {state.view.unit}: {names}</p>"

    def _quotations(self, tables: Tables) -> str:
        """The latest quotations, each of which opens its article."""
        state = self._state
        articles = state.loaded.snapshot.articles
        rows = tables.quotations[(tables.quotations["name"] == self._state.view.speaker).to_numpy()]
        at = pd.Index(articles["id"]).get_indexer(rows["id"])
        in_view = (at >= 0) & state.keep()[at]
        rows, at = rows[in_view], at[in_view]
        days = articles["day"].to_numpy()[at]
        order = np.lexsort((rows["start"].to_numpy(), -days))
        latest = order[:_QUOTES]
        origins = articles.iloc[at[latest]]
        texts = state.loaded.dataset.read(origins["id"].unique().tolist(), ["id", "text"]).set_index("id")[
            "text"
        ]
        items = []
        for quote, article in zip(rows.iloc[latest].itertuples(), origins.itertuples(), strict=True):
            text = texts[quote.id][quote.start : quote.end]
            phrase = " ".join(quote.words.split()[:_PHRASE])
            where = f"{safe.text(article.outlet)}, {formats.day(article.published)}"
            items.append(
                f"<li>{safe.text(text)} "
                f"{button(where, 'quote', [int(quote.id), phrase], classes='quiet')}</li>"
            )
        head = f'<h3 data-quotations="{len(order)}">{formats.quantity(len(order), "quotation")}</h3>'
        return f'{head}<ul class="quotations">{"".join(items)}</ul>{_more(len(order) - _QUOTES)}'

    # All of them

    def _sourcing(self, tables: Tables) -> str:
        state = self._state
        articles, keep, unit = state.loaded.snapshot.articles, state.keep(), state.view.unit
        sourcing = state.memo(
            "sourcing", lambda: analysis.sourcing(articles, tables.quotations, keep=keep, unit=unit)
        ).head(_WITH + 4)
        if sourcing.empty:
            return ""
        rows = [
            (
                safe.text(each.outlet),
                formats.count(each.n),
                _share(each.share, each.low, each.high),
                _share(each.unnamed, each.unnamed_low, each.unnamed_high),
                _share(each.unintroduced, each.unintroduced_low, each.unintroduced_high),
            )
            for each in sourcing.itertuples()
        ]
        head = ("Outlet", f"{unit.capitalize()} with quotations", "Single source", "Unnamed", "Unintroduced")
        lead = (
            f'<h2>How outlets source</h2><p class="quiet">{unit.capitalize()} whose quotations are all of '
            "one source; quotations of sources without a name, and of people whom the article had not yet "
            "named.</p>"
        )
        return lead + table(head, rows, numbers=range(1, 5))

    def _travelling(self, tables: Tables) -> str:
        state = self._state
        articles, keep, unit = state.loaded.snapshot.articles, state.keep(), state.view.unit
        phrases = state.memo(
            "travelling", lambda: analysis.travelling(articles, tables.quotations, keep=keep)
        ).head(_TRAVELLED)
        if phrases.empty:
            return ""
        rows = []
        for each in phrases.itertuples():
            phrase = " ".join(each.words.split()[:_PHRASE])
            speaker = each.speaker if isinstance(each.speaker, str) else ""
            first = safe.text(formats.first_seen(each.first_outlet, each.first))
            open_button = button(safe.text(each.words[:160]), "quote", [int(each.id), phrase])
            rows.append(
                (
                    open_button,
                    safe.text(speaker),
                    first,
                    formats.count(each.outlets),
                    formats.count(getattr(each, unit)),
                )
            )
        head = ("Words", "Speaker", "First seen", "Outlets", unit.capitalize())
        return "<h2>Quotations that travel</h2>" + table(head, rows, numbers=(3, 4))

    # What is clicked

    def _go(self, action: str, value: Any) -> None:
        state = self._state
        if action == "named" and isinstance(value, bool):
            state.go(named=value)
            return
        if action == "kind" and value in _KINDS:
            self._kind = value
        elif action == "speaker" and isinstance(value, str):
            state.go(speaker=value)
            return
        elif action == "articles" and isinstance(value, str):
            state.go(tab="articles", selection=Selection(speaker=value, named=self._state.view.named))
            return
        elif action == "side" and _texts(value, 2):
            state.go(
                tab="articles", selection=Selection(value[1], speaker=value[0], named=self._state.view.named)
            )
            return
        elif action == "quote" and isinstance(value, list) and len(value) == 2 and isinstance(value[1], str):
            article = value[0] if isinstance(value[0], int) else None
            state.go(tab="articles", selection=Selection(f'quote:"{value[1]}"', article=article))
            return
        elif action == "filter" and isinstance(value, str):
            query = f"({state.view.query}) {_query_for(value)}" if state.view.query else _query_for(value)
            state.go(query=query)
            return
        elif action == "line" and isinstance(value, str):
            names = state.view.topics or tuple(each.key for each in state.series if each.topic)
            state.go(tab="volume", topics=names, terms=(*state.view.terms, _query_for(value)))
            return
        self.update()

    def _on_click(self, event: dict[str, Any]) -> None:
        of = event.get("customdata")
        if event.get("kind") == "click" and isinstance(of, dict) and "since" in of and "until" in of:
            days = date.fromisoformat(of["since"]), date.fromisoformat(of["until"])
            selection = Selection(None, *days, speaker=self._state.view.speaker, named=self._state.view.named)
            self._state.go(tab="articles", selection=selection)


def ranking_of(state: State, rows: pd.DataFrame, keep: np.ndarray, *, named: bool = False) -> pd.Series:
    """How many articles or stories each name is in, of those that `keep` lets through, by name."""
    measure = analysis.named_entities if named else analysis.speakers
    counts = measure(state.loaded.snapshot.articles, rows, keep=keep, unit=state.view.unit)
    return counts.set_index("speaker")["n"]


def _share(share: float, low: float, high: float) -> str:
    """A share with its interval; nothing where it is a share of nothing."""
    if pd.isna(share):
        return ""
    between = f"({formats.percent(low)} to {formats.percent(high)})"
    return f'{formats.percent(share)} <span class="quiet">{between}</span>'


def _more(number: int) -> str:
    return f'<p class="quiet">{formats.count(number)} more.</p>' if number > 0 else ""


def _query_for(speaker: str) -> str:
    """The query for a speaker, of letters and digits only."""
    return f'speaker:"{" ".join(words(speaker, "folded"))}"'


def _texts(value: Any, count: int) -> bool:
    return isinstance(value, list) and len(value) == count and all(isinstance(each, str) for each in value)
