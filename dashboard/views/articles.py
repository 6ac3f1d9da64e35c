"""Articles: the ones behind a number, a page at a time, with one of them opened."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import panel as pn

from dashboard.components import formats, safe
from dashboard.components.chips import describe
from dashboard.components.event_form import EventForm
from dashboard.components.markup import Markup, button, dot, pager, table
from dashboard.components.sides import against_buttons, hold_against
from dashboard.session.state import State
from dashboard.session.view import ORDERS, SAMPLES, SEEDS, SINGULAR, Selection
from dashboard.views.article import article, is_row
from pressgauge.search.highlight import spans

PAGE = 25
_LETTERS, _AROUND = 4_000, 90
"""Characters of a text that are looked through for a snippet, and those shown on either side."""


class Articles:
    """A table paged from an array of row numbers: a session holds one page, never the frame."""

    title = "Articles"

    def __init__(self, state: State) -> None:
        self._state = state
        self._page = 0
        self._open: int | None = None
        self._drawn_state: tuple[Any, ...] = ()
        self._rows: Any = ()
        self._markup = Markup(on_go=self._go)
        self._event = EventForm(state)
        self.panel = pn.Column(self._event.panel, self._markup, sizing_mode="stretch_width", margin=(12, 12))

    def update(self) -> None:
        """Start on the first page again when other articles are meant."""
        view = self._state.view
        basis = (view.filters, view.unit, view.everything, view.about, self._state.series)
        now = (view.selection, view.order, view.seed, view.sample, basis, self._state.loaded)
        if now != self._drawn_state:
            if (
                now[:-1] != self._drawn_state[:-1]
            ):  # newer data, an event that was just saved among them, change nothing
                self._event.close()
            self._drawn_state, self._page, self._open = now, 0, None
            self._rows = self._state.list_rows()
            if view.selection is not None and view.selection.article is not None:
                self._open_article(view.selection.article)
        self._draw()

    def _open_article(self, identity: int) -> None:
        """Open one of the articles, on the page of the list that it is on."""
        ids = self._state.loaded.snapshot.articles["id"].to_numpy()[self._rows]
        at = np.flatnonzero(ids == identity)
        if len(at):
            self._open, self._page = int(self._rows[at[0]]), int(at[0]) // PAGE

    def _draw(self) -> None:
        rows = self._rows[self._page * PAGE : (self._page + 1) * PAGE]
        page = self._state.loaded.snapshot.articles.iloc[rows]
        selection = self._state.view.selection
        place = " data-at" if selection is not None and selection.article is not None else ""
        panel = (
            ""
            if self._open is None
            else f"<aside data-opened{place} tabindex=0>{article(self._state, self._open)}</aside>"
        )
        layout = "split" if panel else "split closed"
        self._markup.html = (
            f'{self._bar()}<div class="{layout}"><div>{self._table(page)}{self._pager()}</div>{panel}</div>'
        )

    def _bar(self) -> str:
        selection = self._state.view.selection
        unit = SINGULAR[self._state.unit_of(selection)]
        total = f'<h2 data-count="{len(self._rows)}">{formats.quantity(len(self._rows), unit)}</h2>'
        what = f'<span class="chip">{safe.text(describe(self._state, selection))}'
        if selection is not None:
            what += button("✕", "unselect", title="Show all articles under the filters")
        days = "" if selection is None else against_buttons(selection)
        if selection is not None and (selection.since or selection.until):
            days = button("Limit everything to these days", "days", classes="quiet") + days
        if selection is not None and selection.since and not self._state.read_only:
            days += button("Name as an event", "event", classes="quiet", title="Add an event of this day")
        return f'<div class="bar">{total}{what}</span>{days}{self._orders()}</div>'

    def _orders(self) -> str:
        """Buttons for the order; of a random one also its seed, and how many are listed."""
        view = self._state.view
        whole = len(self._state.rows(view.selection))
        if whole < 2:
            return ""
        buttons = [
            button(label, "order", order, classes="quiet", title=f"Sort: {label}")
            for order, label in ORDERS.items()
            if order != view.order
        ]
        if view.order != "random":
            return "".join(buttons)
        lead = f"random order, seed {view.seed}"
        if view.sample and view.sample < whole:
            lead = f"a random sample of {formats.count(whole)}, seed {view.seed}"
        again = button("Draw again", "seed", view.seed + 1, classes="quiet", title="Another random order")
        sizes = [
            button(
                str(size) if size else "All",
                "sample",
                size,
                classes="quiet",
                title=f"List {size} at random" if size else "List all in random order",
            )
            for size in SAMPLES
            if size != view.sample and size < whole
        ]
        return f'<span class="quiet">{lead}</span>{again}{"".join(sizes)}{"".join(buttons)}'

    def _table(self, page: pd.DataFrame) -> str:
        if page.empty:
            return "<p>No article is left under these filters. Remove a filter above, or undo.</p>"
        numbers = [int(row) for row in self._rows[self._page * PAGE :][: len(page)]]
        rows = [
            (
                formats.day(each.published),
                safe.text(each.outlet),
                button(
                    (safe.text(each.title) or "(no title)") + self._dots(row),
                    "article",
                    row,
                    classes="headline",
                )
                + snippet,
            )
            for row, each, snippet in zip(numbers, page.itertuples(), self._snippets(numbers), strict=True)
        ]
        current_row = numbers.index(self._open) if self._open in numbers else None
        return table(
            ("Published", "Outlet", "Title"), rows, numbers=(0,), current_row=current_row, classes="list"
        )

    def _snippets(self, rows: list[int]) -> list[str]:
        """Where each article's text meets the queries that put it here, with some words around; else how the
        text begins."""
        loaded = self._state.loaded
        if loaded.dataset is None:
            return [""] * len(rows)
        ids = loaded.snapshot.articles["id"].iloc[rows].tolist()
        texts = loaded.dataset.read(ids, columns=["text"])["text"]
        return [
            _snippet(text, self._state.matching_queries(row)) if isinstance(text, str) else ""
            for row, text in zip(rows, texts, strict=True)
        ]

    def _dots(self, row: int) -> str:
        of = [series for series in self._state.series if self._state.member(series.key)[row]]
        return " " + "".join(
            f'<span title="{safe.text(series.label)}">{dot(series.color)}</span>' for series in of
        )

    def _pager(self) -> str:
        back, on = {"newest": ("← Newer", "Older →"), "oldest": ("← Older", "Newer →")}.get(
            self._state.view.order, ("← Previous", "Next →")
        )
        return pager(self._page, -(-len(self._rows) // PAGE), back, on)

    def _go(self, action: str, value: Any) -> None:
        state = self._state
        if action == "page" and isinstance(value, int):
            self._page, self._open = max(0, value), None
        elif action == "article" and is_row(value, state):
            self._open = value
        elif action == "close":
            self._open = None
        elif action == "order" and value in ORDERS:
            state.go(order=value, sample=0)
            return
        elif action == "seed" and value in range(SEEDS):
            state.go(seed=value)
            return
        elif action == "sample" and value in SAMPLES:
            state.go(sample=value)
            return
        elif action == "unselect":
            state.go(selection=None)
            return
        elif action == "days" and (selection := state.view.selection) is not None:
            state.go(tab="volume", since=selection.since, until=selection.until)
            return
        elif action == "story" and isinstance(value, int):
            state.go(selection=Selection(story=value))
            return
        elif action == "event" and state.view.selection is not None and not state.read_only:
            if (day := state.view.selection.since) is not None:
                self._event.open(day)
            return
        elif action == "against" and state.view.selection is not None:
            hold_against(state, state.view.selection, value)
            return
        self._draw()


def _snippet(text: str, queries: tuple[str, ...]) -> str:
    """Some words of a text around the first that a query looks for, which are marked; else how it begins."""
    flat = text[:_LETTERS].replace("\n", " ")
    hits = sorted(span for query in queries for span in spans(query, flat))
    start = max(0, hits[0][0] - _AROUND) if hits else 0
    start = flat.find(" ", start) + 1 if start else 0
    end = min(len(flat), start + 2 * _AROUND)
    part = flat[start:end].rpartition(" ")[0] if end < len(flat) else flat[start:]
    inside = [(a - start, min(b - start, len(part))) for a, b in hits if start <= a < start + len(part)]
    excerpt = ("… " if start else "") + safe.highlight(part, inside) + (" …" if end < len(text) else "")
    return f'<span class="snippet">{excerpt}</span>'
