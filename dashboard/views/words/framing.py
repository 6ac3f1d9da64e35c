"""Framing: which companies the articles call open or closed, praise or criticise, sentence by sentence."""

from __future__ import annotations

import asyncio
from typing import Any

import pandas as pd
import panel as pn
import panel_material_ui as pmui

from dashboard.components import formats, safe
from dashboard.components.markup import Markup, button, table
from dashboard.session.state import State
from dashboard.session.view import Selection
from dashboard.views.article import is_row
from pressgauge.analysis.framing import CALLS, framing

_MOST = 400
_MAX_SENTENCES = 60


class FramingTable:
    """Reads the latest compared articles when asked to (a few milliseconds each, in a thread); each count
    opens the very sentences it counts."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._for: Any = None
        self._evidence = pd.DataFrame()
        self._size = 0
        self._open: tuple[str, str] | None = None
        self._ask = pmui.Button(label="Read how companies are framed", variant="outlined", margin=(6, 0))
        self._ask.on_click(self._begin)
        self._result = Markup(on_go=self._go)
        self.panel = pn.Column(
            Markup("<h2>Framing</h2>", margin=(18, 0, 4, 0)),
            self._ask,
            self._result,
            sizing_mode="stretch_width",
        )

    def update(self) -> None:
        """What was read for other filters no longer holds."""
        now = (self._state.view.filters, self._state.series, self._state.loaded)
        if now != self._for:
            self._for, self._open = now, None
            self._ask.visible = True
            self._result.html = (
                f'<p class="quiet">Reads the latest {formats.count(_MOST)} English articles of the compared '
                "lines for sentences that call a company open or closed, praise or criticise it.</p>"
            )

    async def _begin(self, _: Any) -> None:
        state, request = self._state, self._for
        articles = state.loaded.snapshot.articles
        rows = state.rows(Selection(compared=True))
        rows = rows[(articles["language"].iloc[rows] == "en").to_numpy()][:_MOST]
        self._ask.visible = False
        self._result.html = f'<p role="status">Reading {formats.quantity(len(rows), "article")} …</p>'
        evidence = await asyncio.to_thread(self._sentences, rows)
        if request == self._for:
            self._evidence, self._size = evidence, len(rows)
            self._draw()

    def _sentences(self, rows: Any) -> pd.DataFrame:
        """The evidence of the articles, with where each was published."""
        loaded = self._state.loaded
        articles = loaded.snapshot.articles.iloc[rows].assign(row=rows)
        texts = loaded.dataset.read(articles["id"].tolist(), columns=["id", "title", "text", "language"])
        evidence = framing(texts).evidence
        evidence = evidence.drop_duplicates(
            ["id", "company", "call", "sentence"]
        )  # two cues are one sentence
        return evidence.merge(articles[["id", "row", "outlet", "published"]], on="id")

    def _draw(self) -> None:
        if self._evidence.empty:
            self._result.html = (
                f'<p role="status">No such sentence in {formats.quantity(self._size, "article")}. Widen the '
                "filters, or compare other lines.</p>"
            )
            return
        counts = self._evidence.groupby(["company", "call"]).size().unstack(fill_value=0)
        counts = counts.reindex(columns=list(CALLS), fill_value=0)
        order = counts.sum(axis=1).sort_values(ascending=False, kind="stable").index
        rows = [
            (
                safe.text(company),
                *(
                    button(formats.count(int(n)), "call", [company, call])
                    if n
                    else '<span class="quiet">0</span>'
                    for call, n in counts.loc[company].items()
                ),
            )
            for company in order
        ]
        head = ("Company", *(call.capitalize() for call in CALLS))
        lead = (
            f'<p class="quiet" role="status">Sentences of {formats.quantity(self._size, "article")}, found '
            "by rules and a word list: read them before you quote the numbers.</p>"
        )
        self._result.html = lead + table(head, rows, numbers=range(1, len(head))) + self._sentences_of()

    def _sentences_of(self) -> str:
        if self._open is None:
            return ""
        company, call = self._open
        of = self._evidence[(self._evidence["company"] == company) & (self._evidence["call"] == call)]
        items = "".join(self._one(sentence) for sentence in of.head(_MAX_SENTENCES).itertuples())
        more = (
            f"<p class='quiet'>{formats.count(len(of) - _MAX_SENTENCES)} more.</p>"
            if len(of) > _MAX_SENTENCES
            else ""
        )
        title = f"{safe.text(company)}, {safe.text(call)}: {formats.quantity(len(of), 'sentence')}"
        return f'<h3 data-sentences="{len(of)}">{title}</h3><ul>{items}</ul>{more}'

    def _one(self, row: Any) -> str:
        at = row.sentence.find(row.cue)
        sentence = safe.highlight(row.sentence, [(at, at + len(row.cue))] if at >= 0 else [])
        label = f"{safe.text(row.outlet)}, {formats.day(row.published)}"
        return f"<li>{sentence} {button(label, 'article', int(row.row), classes='quiet')}</li>"

    def _go(self, action: str, value: Any) -> None:
        if action == "call":
            self._open = (str(value[0]), str(value[1]))
            self._draw()
        elif action == "article" and is_row(value, self._state):
            story = int(self._state.loaded.snapshot.articles["story"].iloc[value])
            self._state.go(tab="articles", selection=Selection(story=story))
