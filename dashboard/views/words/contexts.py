"""Contexts: every occurrence of what a compared line looks for, with the words around it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import panel as pn

from dashboard.components import formats, safe
from dashboard.components.markup import Markup, button, dot, pager, table
from dashboard.session.state import State
from dashboard.session.view import Selection
from dashboard.views.article import article, is_row
from pressgauge.search import kwic

PAGE = 25
"""Articles a page in the order of publication: so many texts are read."""
MAX_SORTED = 400
"""Articles whose contexts are sorted together: so many texts are read at once."""
LINES = 50
"""Contexts a page of those that are sorted."""
_WIDTH = 70
_COMMONEST = 8
_SORTS = {"": "as published", "left": "by the word before", "right": "by the word after"}


def first_contexts(state: State, query: str, rows: np.ndarray) -> dict[int, str]:
    """The first context of a query in the text of each of these articles, as markup by row number; articles
    that have it in their title only are left out. Reads the texts."""
    articles = state.loaded.snapshot.articles[["id", "outlet", "published"]].iloc[rows]
    texts = state.loaded.dataset.read(articles["id"].tolist(), ["text"])["text"].to_numpy()
    full = articles.assign(text=texts, title=None)
    contexts = kwic.in_texts(state.looked_for(query), full, _WIDTH).drop_duplicates("id").set_index("id")
    return {
        int(row): _in_line(contexts.loc[identity])
        for row, identity in zip(rows, articles["id"], strict=True)
        if identity in contexts.index
    }


def _in_line(context: pd.Series) -> str:
    left, match, right = (safe.text(context[part]) for part in ("left", "match", "right"))
    return f'<span class="quiet">… {left}<mark>{match}</mark>{right} …</span>'


class Contexts:
    """The contexts of one line, with their commonest neighbours: of a page of articles, the newest first, or
    sorted, of as many articles as are sorted together."""

    title = "Contexts"

    def __init__(self, state: State) -> None:
        self._state = state
        self._series, self._sort, self._page = "", "", 0
        self._neighbour: tuple[str, str] | None = None
        self._open: int | None = None
        self._drawn_state: tuple[Any, ...] = ()
        self._rows = np.empty(0, dtype=np.int64)
        self._contexts = pd.DataFrame()
        self._markup = Markup(on_go=self._go)
        self.panel = pn.Column(self._markup, sizing_mode="stretch_width", margin=(12, 12))

    def update(self) -> None:
        """Start on the first page again when other articles are meant."""
        view, state = self._state.view, self._state
        keys = [series.key for series in state.series]
        if self._series not in keys:
            self._series = keys[0] if keys else ""
        now = (view.filters, view.everything, view.about, self._series, state.series, state.loaded)
        if now != self._drawn_state:
            self._drawn_state, self._page = now, 0
            self._rows = state.rows(Selection(series=self._series)) if keys else self._rows[:0]
            self._read_contexts()
        self._draw()

    @property
    def _read_from(self) -> tuple[int, int]:
        """The first of the articles that are read, and the one behind the last."""
        first, most = (0, MAX_SORTED) if self._sort else (self._page * PAGE, PAGE)
        return first, min(first + most, len(self._rows))

    def _read_contexts(self) -> None:
        """Read the texts of the page, or of what is sorted together, and nothing else."""
        self._open, self._neighbour = None, None
        first, last = self._read_from
        rows = self._rows[first:last]
        columns = ["id", "outlet", "published", "title"]
        articles = self._state.loaded.snapshot.articles[columns].iloc[rows]
        texts = self._state.loaded.dataset.read(articles["id"].tolist(), ["text"])
        full = articles.assign(text=texts["text"].to_numpy(), row=rows)
        query = self._state.query_of(self._series) if self._series else ""
        contexts = kwic.in_texts(self._state.looked_for(query), full, _WIDTH)
        self._contexts = contexts.merge(full[["id", "row"]], on="id", how="left")

    def _draw(self) -> None:
        if not len(self._rows):
            self._markup.html = (
                "<p>No article is left under these filters. Remove a filter above, or undo.</p>"
            )
            return
        contexts = self._contexts
        if self._sort:
            contexts = kwic.by_neighbour(contexts, self._sort)  # type: ignore[arg-type]
        if self._neighbour is not None:
            side, word = self._neighbour
            contexts = contexts[kwic.beside(contexts, side) == word]  # type: ignore[arg-type]
        panel = "" if self._open is None else f"<aside>{article(self._state, self._open)}</aside>"
        layout = "split" if panel else "split closed"
        self._markup.html = (
            f'{self._bar(len(contexts))}<div class="{layout}">'
            f"<div>{self._table(self._on_page(contexts))}{self._pager(len(contexts))}</div>{panel}</div>"
        )

    def _on_page(self, contexts: pd.DataFrame) -> pd.DataFrame:
        return contexts.iloc[self._page * LINES : (self._page + 1) * LINES] if self._sort else contexts

    def _bar(self, n: int) -> str:
        lines = "".join(
            button(
                dot(series.color) + safe.text(series.label),
                "series",
                series.key,
                classes="chip on" if series.key == self._series else "chip",
            )
            for series in self._state.series
        )
        sorts = "".join(
            button(label, "sort", sort, classes="chip on" if sort == self._sort else "chip")
            for sort, label in _SORTS.items()
        )
        (first, last), of = self._read_from, len(self._rows)
        where = f"articles {formats.count(first + 1)} to {formats.count(last)} of {formats.count(of)}"
        if self._sort:
            newest = f"the newest {formats.count(last)} of {formats.count(of)} articles, older ones left out"
            where = newest if last < of else f"all {formats.quantity(of, 'article')}"
        order = f"sorted {_SORTS[self._sort]}" if self._sort else "the newest first"
        lead = f"{formats.quantity(n, 'context')} in {where}, {order}."
        return (
            f'<div class="row">{lines}<span class="quiet">sorted</span>{sorts}</div>'
            f'<p class="quiet" role="status">{lead}</p>{self._neighbours("left")}{self._neighbours("right")}'
        )

    def _neighbours(self, side: kwic.Side) -> str:
        counts = kwic.neighbours(self._contexts, side).head(_COMMONEST)
        if counts.empty:
            return ""
        where = "before" if side == "left" else "after"
        words = "".join(
            button(
                f"{safe.text(each.context)} {formats.count(each.n)}",
                "neighbour",
                [side, each.context],
                classes="chip on" if self._neighbour == (side, each.context) else "chip",
            )
            for each in counts.itertuples()
        )
        return f'<div class="row topics"><span class="quiet">commonest {where}</span>{words}</div>'

    def _table(self, contexts: pd.DataFrame) -> str:
        rows = [
            (
                f'<span class="left">{safe.text(each.left)}</span>',
                button(f"<mark>{safe.text(each.match)}</mark>", "article", each.row),
                safe.text(each.right),
                safe.text(each.outlet),
                formats.day(each.published),
            )
            for each in contexts.itertuples()
        ]
        head = ("Before", "Match", "After", "Outlet", "Published")
        return table(head, rows, numbers=(0, 4), classes="kwic")

    def _pages(self, contexts: int) -> int:
        return -(-contexts // LINES) if self._sort else -(-len(self._rows) // PAGE)

    def _pager(self, contexts: int) -> str:
        back, on = ("← Previous", "Next →") if self._sort else ("← Newer", "Older →")
        return pager(self._page, self._pages(contexts), back, on)

    def _go(self, action: str, value: Any) -> None:
        state = self._state
        if action == "series" and value in [series.key for series in state.series]:
            self._series = value
            self.update()
            return
        if action == "sort" and value in _SORTS:
            again = bool(value) != bool(self._sort)
            self._sort, self._page = value, 0
            if again:
                self._read_contexts()
        elif action == "page" and isinstance(value, int) and 0 <= value < self._pages(len(self._contexts)):
            self._page = value
            if self._sort:
                self._open = None
            else:
                self._read_contexts()
        elif action == "neighbour" and isinstance(value, list) and len(value) == 2:
            neighbour = tuple(map(str, value))
            self._neighbour = None if neighbour == self._neighbour else neighbour  # type: ignore[assignment]
            self._page = 0 if self._sort else self._page
        elif action == "article" and is_row(value, state):
            self._open = value
        elif action == "close":
            self._open = None
        elif action == "story" and isinstance(value, int):
            state.go(tab="articles", selection=Selection(story=value))
            return
        self._draw()
