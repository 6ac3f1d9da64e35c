"""The words that tell the first two compared lines apart."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.components import safe
from dashboard.components.charts.chart import Chart
from dashboard.components.formats import count
from dashboard.components.markup import Markup
from dashboard.downloads.citation import caption, rule, with_provenance
from dashboard.session.state import State
from dashboard.session.view import Selection
from dashboard.session.vocabulary import MOST
from pressgauge import analysis, figures
from pressgauge.search.highlight import asked_words

OWN_WORDS = "Without the words that the two queries themselves look for."


def table(state: State) -> pd.DataFrame:
    """The distinctive terms of the first two lines, without the words that their queries look for; empty
    without two lines or while words are being read."""
    vocabulary = state.loaded.words
    if vocabulary is None or vocabulary.terms is None or len(state.series) < 2:
        return pd.DataFrame()
    terms, rows, keep = vocabulary.terms, vocabulary.rows, state.keep()
    first, second = ((keep & state.member(side.key))[rows] for side in state.series[:2])
    queries = [state.query_of(side.key) for side in state.series[:2]]

    def compared() -> pd.DataFrame:
        own = [word for query in queries for word in asked_words(state.looked_for(query))]
        return analysis.distinctive(terms, first, second, without=own)

    return state.memo("words", compared)


def _latest(state: State) -> str:
    """Of which articles words were read, where not of all."""
    some = len(state.loaded.snapshot.articles) > MOST
    return f"Words of the latest {count(MOST)} articles." if some else ""


def _scope_sentence(state: State) -> str:
    return " ".join(filter(None, (state.scope.sentence, _latest(state), OWN_WORDS, rule(state))))


class WordsChart:
    """Distinctive terms as bars; a click opens the articles of that side with the term."""

    def __init__(self, state: State, limit: int = 15) -> None:
        self._state, self._limit = state, limit
        self.chart = Chart(
            self._on_click,
            lambda: with_provenance(state, table(state), of=_scope_sentence(state)),
            filename="pressgauge-words",
        )
        self.note = Markup(margin=(0, 12))

    def update(self) -> None:
        state = self._state
        ready = state.loaded.words is not None
        self.chart.visible = ready and len(state.series) > 1
        self.note.html = f'<p class="quiet">{self._caption(ready)}</p>'
        if self.chart.visible:
            figure_json = state.memo(f"{self._limit} words", self._figure)
            self.chart.show(
                figure_json,
                "Distinctive terms of the first two lines",
                caption(state, of=_scope_sentence(state)),
            )

    def _figure(self) -> str:
        first, second = self._state.series[:2]
        return figures.distinctive.json(
            table(self._state),
            sides=(first.label, second.label),
            base=self._state.scope.base,
            dark=self._state.dark,
            colors=(first.color, second.color),
            limit=self._limit,
        )

    def _caption(self, ready: bool) -> str:
        """What the chart compares, and of which articles."""
        sides = self._state.series[:2]
        only = ""
        if len(self._state.series) > 2:
            names = " and ".join(safe.text(side.label) for side in sides)
            only = f"Of the {len(self._state.series)} lines, the words compare the first two: {names}. "
        return only + self._explanation(ready)

    def _explanation(self, ready: bool) -> str:
        if len(self._state.series) < 2:
            return "Compare two topics or queries to see the words that tell them apart."
        if not ready:
            return "Reading the words of the articles; they appear here in a few seconds."
        return " ".join(filter(None, (_latest(self._state), OWN_WORDS)))

    def _on_click(self, event: dict[str, Any]) -> None:
        of = event.get("customdata")
        if event.get("kind") != "click" or not isinstance(of, dict) or of.get("side") not in (0, 1):
            return
        series = self._state.series[of["side"]]
        self._state.go(tab="articles", selection=Selection(series.key, word=str(of["term"])))
