"""Contexts: every occurrence of what a compared line looks for, with the words around it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import panel as pn

from dashboard.components import formats, safe
from dashboard.components.markup import Markup, button, dot, table
from dashboard.session.session import State
from dashboard.session.view import Selection
from dashboard.views.article import article
from pressgauge.search import kwic

PAGE = 25
"""Articles a page: so many texts are read."""
_WIDTH = 70
_COMMONEST = 8
_SORTS = {"": "as published", "left": "by the word before", "right": "by the word after"}


def first_contexts(state: State, query: str, rows: np.ndarray) -> dict[int, str]:
    """The first context of a query in the text of each of these articles, as markup by row number; articles
    that have it in their title only are left out. Reads the texts."""
    articles = state.loaded.snapshot.articles.iloc[rows][["id", "outlet", "published"]]
    texts = state.loaded.dataset.read(articles["id"].tolist(), ["text"])["text"].to_numpy()
    read = articles.assign(text=texts, title=None)
    contexts = kwic.in_texts(query, read, _WIDTH).drop_duplicates("id").set_index("id")
    return {
        int(row): _in_line(contexts.loc[identity])
        for row, identity in zip(rows, articles["id"], strict=True)
        if identity in contexts.index
    }


def _in_line(context: pd.Series) -> str:
    left, match, right = (safe.text(context[part]) for part in ("left", "match", "right"))
    return f'<span class="quiet">… {left}<mark>{match}</mark>{right} …</span>'


class Contexts:
    """A page of contexts of one line, the newest articles first, with its commonest neighbours."""

    title = "Contexts"

    def __init__(self, state: State) -> None:
        self._state = state
        self._series, self._sort, self._page = "", "", 0
        self._neighbour: tuple[str, str] | None = None
        self._open: int | None = None
        self._shown: tuple[Any, ...] = ()
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
        shown = (view.filters, view.everything, view.about, self._series, state.series, state.loaded)
        if shown != self._shown:
            self._shown, self._page = shown, 0
            self._rows = state.rows(Selection(series=self._series)) if keys else self._rows[:0]
            self._read()
        self._draw()

    def _read(self) -> None:
        """Read the texts of the page, and nothing else."""
        self._open, self._neighbour = None, None
        rows = self._rows[self._page * PAGE : (self._page + 1) * PAGE]
        articles = self._state.loaded.snapshot.articles.iloc[rows][["id", "outlet", "published", "title"]]
        texts = self._state.loaded.dataset.read(articles["id"].tolist(), ["text"])
        read = articles.assign(text=texts["text"].to_numpy(), row=rows)
        query = self._state.query_of(self._series) if self._series else ""
        contexts = kwic.in_texts(query, read, _WIDTH)
        self._contexts = contexts.merge(read[["id", "row"]], on="id", how="left")

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
        split = "split" if panel else "split closed"
        self._markup.html = (
            f'{self._bar(len(contexts))}<div class="{split}">'
            f"<div>{self._table(contexts)}{self._pager()}</div>{panel}</div>"
        )

    def _bar(self, shown: int) -> str:
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
        first = self._page * PAGE
        last = min(first + PAGE, len(self._rows))
        said = (
            f"{formats.counted(shown, 'context')} in articles {formats.count(first + 1)} to "
            f"{formats.count(last)} of {formats.count(len(self._rows))}, the newest first."
        )
        return (
            f'<div class="row">{lines}<span class="quiet">sorted</span>{sorts}</div>'
            f'<p class="quiet" role="status">{said}</p>{self._neighbours("left")}{self._neighbours("right")}'
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

    def _pager(self) -> str:
        pages = -(-len(self._rows) // PAGE)
        if pages < 2:
            return ""
        before = button("← Newer", "page", self._page - 1) if self._page else ""
        after = button("Older →", "page", self._page + 1) if self._page + 1 < pages else ""
        where = f'<span class="quiet">page {formats.count(self._page + 1)} of {formats.count(pages)}</span>'
        return f'<div class="row pager">{before}{where}{after}</div>'

    def _go(self, action: str, value: Any) -> None:
        state = self._state
        if action == "series" and value in [series.key for series in state.series]:
            self._series = value
            self.update()
            return
        if action == "sort" and value in _SORTS:
            self._sort = value
        elif action == "page" and isinstance(value, int) and 0 <= value * PAGE < len(self._rows):
            self._page = value
            self._read()
        elif action == "neighbour" and isinstance(value, list) and len(value) == 2:
            chosen = tuple(map(str, value))
            self._neighbour = None if chosen == self._neighbour else chosen  # type: ignore[assignment]
        elif (
            action == "article"
            and isinstance(value, int)
            and 0 <= value < len(state.loaded.snapshot.articles)
        ):
            self._open = value
        elif action == "close":
            self._open = None
        elif action == "story" and isinstance(value, int):
            state.go(tab="articles", selection=Selection(story=value))
            return
        self._draw()
