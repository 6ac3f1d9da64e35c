"""The topic editor: what a query would label, before it is saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn
import panel_material_ui as pmui

from dashboard.components import formats, safe
from dashboard.components.markup import Markup
from dashboard.session.session import explain
from dashboard.session.state import State
from dashboard.session.store import Store, topic_name
from dashboard.views.words.contexts import first_contexts
from pressgauge.errors import PressgaugeError, QueryError
from pressgauge.filters import behind
from pressgauge.search.highlight import spans
from pressgauge.settings.topics import Topic

_NEW = "(a new topic)"
_SAMPLES = 6
_SIDES = {"Neither": None, "Open": "open", "Proprietary": "proprietary"}


class Editor:
    """A topic's label, side and query, with the count and samples of its matches as they are typed."""

    def __init__(self, state: State, store: Store, on_save: Callable[[str | None], None]) -> None:
        self._state, self._store, self._on_save = state, store, on_save
        self._which = pmui.Select(label="Topic", options={_NEW: ""}, width=230, margin=(8, 10))
        self._label = pmui.TextInput(label="Label", width=230, margin=(8, 10))
        self._side = pmui.RadioButtonGroup(label="Side", options=_SIDES, size="small", margin=(8, 10))
        self._query = pmui.TextAreaInput(
            label="Query", rows=3, max_rows=10, sizing_mode="stretch_width", margin=(8, 10)
        )
        self._save = pmui.Button(label="Save topic", variant="contained", disabled=True, margin=(8, 10))
        self._delete = pmui.Button(label="Delete topic", variant="outlined", visible=False, margin=(8, 10))
        self._delete.on_click(self._forget)
        self._topic: Topic | None = None
        self._result = Markup(margin=(4, 12))
        self._which.param.watch(self._on_choice, "value")
        self._query.param.watch(self._on_input, "value_input")
        self._label.param.watch(self._on_input, "value_input")
        self._save.on_click(self._keep)
        self.panel = pmui.Accordion(
            (
                "Topic editor",
                pn.Column(
                    pn.FlexBox(self._which, self._label, self._side),
                    self._query,
                    pn.FlexBox(self._save, self._delete),
                    self._result,
                    sizing_mode="stretch_width",
                ),
            ),
            sizing_mode="stretch_width",
            margin=(6, 12),
        )

    def update(self) -> None:
        """List the topics that there are."""
        topics = self._state.loaded.snapshot.topics
        options = {_NEW: "", **{safe.plain(topic.label): topic.name for topic in topics}}
        if options != self._which.options:
            self._which.options = options

    def _on_choice(self, *_: Any) -> None:
        topics = {topic.name: topic for topic in self._state.loaded.snapshot.topics}
        topic = self._topic = topics.get(self._which.value)
        self._delete.visible = topic is not None
        label, query, side = (topic.label, topic.query, topic.side) if topic else ("", "", None)
        self._label.param.update(value=label, value_input=label)
        self._side.value = side
        self._query.param.update(value=query.strip(), value_input=query.strip())
        self._on_input()

    def _on_input(self, *_: Any) -> None:
        """Count what the query matches in the whole dataset and show the latest of it."""
        query = (self._query.value_input or "").strip()
        self._save.disabled = True
        if not query:
            self._result.html = '<p class="quiet">Type a query to see what it matches.</p>'
            return
        try:
            mask = self._state.loaded.mask(query)
        except QueryError as error:
            self._result.html = f'<p role="status">Not a query yet: {safe.text(explain(error))}</p>'
            return
        self._save.disabled = not self._text(self._label)
        articles = self._state.loaded.snapshot.articles
        rows = behind(articles, mask, keep=self._state.keep())[:_SAMPLES]
        total = formats.quantity(int(mask.sum()), "article")
        hint = "" if self._text(self._label) else " Give it a label to save it."
        contexts = first_contexts(self._state, query, rows)
        samples = "".join(self._sample(query, articles.iloc[row], contexts.get(int(row), "")) for row in rows)
        self._result.html = (
            f'<p role="status"><b>{total}</b> of {formats.count(len(articles))} match.{hint} '
            f"The latest under the filters:</p><ul>{samples}</ul>"
        )

    def _sample(self, query: str, article: Any, context: str) -> str:
        title = article["title"] if isinstance(article["title"], str) else "(no title)"
        title_html = safe.highlight(title, spans(query, title, "title"))
        where = f"{safe.text(article['outlet'])}, {formats.day(article['published'])}"
        return f'<li>{title_html} <span class="quiet">{where}</span><br>{context}</li>'

    @staticmethod
    def _text(box: Any) -> str:
        return " ".join((box.value_input or box.value or "").split())

    def _keep(self, _: Any) -> None:
        label, query = self._text(self._label), (self._query.value_input or "").strip()
        topics = {topic.name: topic for topic in self._state.loaded.snapshot.topics}
        previous = self._topic
        name = previous.name if previous else topic_name(label, topics)
        topic = Topic(name, label, self._side.value, query, previous.color if previous else None)
        try:
            self._store.save_topic(topic, previous)
        except (PressgaugeError, OSError) as error:
            self._result.html = f'<p role="alert">The topic was not saved: {safe.text(error)}</p>'
            return
        self._on_save(name)
        self._which.value, self._topic = name, topic
        self._result.html = (
            f'<p role="status">Saved as {safe.text(label)}: all articles are labelled with it.</p>'
        )

    def _forget(self, _: Any) -> None:
        """Delete the chosen topic: its query can still be drawn as a line."""
        if (topic := self._topic) is None:
            return
        try:
            self._store.delete_topic(topic)
        except (PressgaugeError, OSError) as error:
            self._result.html = f'<p role="alert">The topic was not deleted: {safe.text(error)}</p>'
            return
        self._on_save(None)
        self._which.value = ""
        self._result.html = f'<p role="status">Deleted: {safe.text(topic.label)}.</p>'
