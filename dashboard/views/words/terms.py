"""Terms: any query becomes a line beside the topics, and the words that tell two lines apart."""

from __future__ import annotations

from functools import partial
from typing import Any

import panel as pn
import panel_material_ui as pmui

from dashboard.components import formats, safe
from dashboard.components.markup import Markup, button, dot
from dashboard.session.session import explain
from dashboard.session.state import State
from dashboard.session.view import MAX_SERIES, SINGULAR, Selection
from dashboard.views.volume import VolumeChart, open_undated, undated
from dashboard.views.words.distinctive import WordsChart
from dashboard.views.words.editor import Editor
from pressgauge.coverage.queries import as_query
from pressgauge.errors import PressgaugeError, QueryError

_HELP = (
    "Any query becomes a line: a word, a phrase in quotes, <code>open*</code>, <code>AND OR NOT</code>, "
    '<code>"open model"~3</code>, <code>cased:Meta</code>.'
)


class Terms:
    """A query box, the compared lines as chips, their trend, their words, and the topic editor."""

    title = "Terms"

    def __init__(self, state: State) -> None:
        self._state = state
        self._box = pmui.TextInput(
            label="Add a line for any query",
            placeholder='"open weights" OR "open-source model"',
            sizing_mode="stretch_width",
            margin=(14, 10, 4, 10),
        )
        self._box.param.watch(self._entered, "enter_pressed")
        self._add = pmui.Button(label="Add line", variant="contained", margin=(18, 10, 4, 0), width=110)
        self._add.on_click(self._entered)
        self._preview = Markup(f'<p class="quiet">{_HELP}</p>', margin=(0, 12))
        self._lines = Markup(on_go=self._go, margin=(6, 12))
        self._trend, self._words = VolumeChart(state), WordsChart(state)
        self._note = Markup(on_go=partial(open_undated, state), margin=(0, 12))
        self._editor = None if state.read_only else Editor(state, state.store, self._on_save)
        self.panel = pn.Column(
            pn.Row(self._box, self._add, sizing_mode="stretch_width"),
            self._preview,
            self._lines,
            self._trend.chart,
            self._note,
            *([self._editor.panel] if self._editor else []),
            self._words.chart,
            self._words.note,
            sizing_mode="stretch_width",
        )

    def update(self) -> None:
        self._trend.update()
        self._words.update()
        if self._editor is not None:
            self._editor.update()
        self._lines.html = (
            f'<div class="row">{"".join(self._chip(series) for series in self._state.series)}</div>'
        )
        self._note.html = f'<p class="quiet">{undated(self._state)}</p>'

    def _chip(self, series: Any) -> str:
        n = len(self._state.rows(Selection(series=series.key)))
        label = f"{dot(series.color)}{safe.text(series.label)} {formats.count(n)}"
        unit = SINGULAR[self._state.view.unit]
        open_button = button(
            label, "open", series.key, title=f"Read {formats.quantity(n, unit)}: {series.label}"
        )
        keep = ""
        if not series.topic and not self._state.read_only:
            keep = button("Keep as topic", "keep", series.key, classes="quiet")
        remove_button = button("✕", "drop", series.key, title=f"Remove the line {series.label}")
        return f'<span class="chip">{open_button}{keep}{remove_button}</span>'

    def _entered(self, *_: Any) -> None:
        query = (self._box.value_input or self._box.value or "").strip()
        if not query:
            return
        query = as_query(query, [topic.name for topic in self._state.topics])
        if len(self._state.series) >= MAX_SERIES:
            self._say(f"{MAX_SERIES} lines are drawn already: remove one first.")
            return
        try:
            n = int(self._state.loaded.mask(query).sum())
        except QueryError as error:
            self._say(f"Not a query: {explain(error)}")
            return
        self._say(f"{query}: {formats.quantity(n, 'article')} in the whole dataset.")
        self._box.param.update(value="", value_input="")
        topics = tuple(series.key for series in self._state.series if series.topic)
        self._state.go(topics=topics, terms=(*(t for t in self._state.view.terms if t != query), query))

    def _say(self, message: str) -> None:
        self._preview.html = f'<p class="quiet" role="status">{safe.text(message)}</p>'

    def _go(self, action: str, value: Any) -> None:
        state = self._state
        if action == "open":
            state.go(tab="articles", selection=Selection(series=value))
        elif action == "drop":
            topics = tuple(series.key for series in state.series if series.topic and series.key != value)
            state.go(topics=topics, terms=tuple(term for term in state.view.terms if term != value))
        elif action == "keep" and not self._state.read_only:
            self._keep(value)

    def _keep(self, query: str) -> None:
        try:
            name = self._state.store.keep_topic(query)
        except (PressgaugeError, OSError) as error:
            self._say(f"The topic was not saved: {error}")
            return
        self._say(f"Saved as the topic {name}.")
        self._on_save(name, instead_of=query)

    def _on_save(self, name: str | None, instead_of: str | None = None) -> None:
        """Draw a saved topic among the lines; None when one was deleted."""
        state = self._state
        if name is None:
            state.loaded = state.store.current
            names = {topic.name for topic in state.topics}
            state.go(topics=tuple(topic for topic in state.view.topics if topic in names))
            return
        topics = tuple(series.key for series in state.series if series.topic and series.key != name)
        terms = tuple(term for term in state.view.terms if term != instead_of)
        state.loaded = self._state.store.current
        if len(topics) + len(terms) < MAX_SERIES:
            state.go(topics=(*topics, name), terms=terms)
