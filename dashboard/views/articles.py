"""Articles: the ones behind a number, a page at a time, with one of them opened."""

from __future__ import annotations

from typing import Any

import pandas as pd
import panel as pn

from dashboard.components import formats, safe
from dashboard.components.chips import describe
from dashboard.components.markup import Markup, button, dot, table
from dashboard.session.session import State
from dashboard.session.view import Selection
from dashboard.views.article import article

PAGE = 25


class Articles:
    """A table paged from an array of row numbers: a session holds one page, never the frame."""

    title = "Articles"

    def __init__(self, state: State) -> None:
        self._state = state
        self._page = 0
        self._open: int | None = None
        self._shown: tuple[Any, ...] = ()
        self._rows: Any = ()
        self._markup = Markup(on_go=self._go)
        self.panel = pn.Column(self._markup, sizing_mode="stretch_width", margin=(12, 12))

    def update(self) -> None:
        """Start on the first page again when other articles are meant."""
        view = self._state.view
        counted = (view.filters, view.unit, view.everything, self._state.series)
        shown = (view.selection, counted, self._state.loaded)
        if shown != self._shown:
            self._shown, self._page, self._open = shown, 0, None
            self._rows = self._state.rows(view.selection)
        self._draw()

    def _draw(self) -> None:
        rows = self._rows[self._page * PAGE : (self._page + 1) * PAGE]
        page = self._state.loaded.snapshot.articles.iloc[rows]
        panel = "" if self._open is None else f"<aside>{article(self._state, self._open)}</aside>"
        split = "split" if panel else "split closed"
        self._markup.html = (
            f'{self._bar()}<div class="{split}"><div>{self._table(page)}{self._pager()}</div>{panel}</div>'
        )

    def _bar(self) -> str:
        selection = self._state.view.selection
        unit = "story" if self._state.unit_of(selection) == "stories" else "article"
        total = f'<h2 data-count="{len(self._rows)}">{formats.counted(len(self._rows), unit)}</h2>'
        what = f'<span class="chip">{safe.text(describe(self._state, selection))}'
        if selection is not None:
            what += button("✕", "unselect", title="Show all articles under the filters")
        days = ""
        if selection is not None and (selection.since or selection.until):
            days = button("Limit everything to these days", "days", classes="quiet")
        return f'<div class="bar">{total}{what}</span>{days}</div>'

    def _table(self, page: pd.DataFrame) -> str:
        if page.empty:
            return "<p>No article is left under these filters. Remove a filter above, or undo.</p>"
        shown = [int(row) for row in self._rows[self._page * PAGE :][: len(page)]]
        rows = [
            (
                formats.day(each.published),
                safe.text(each.outlet),
                button(
                    (safe.text(each.title) or "(no title)") + self._dots(row),
                    "article",
                    row,
                    classes="headline",
                ),
            )
            for row, each in zip(shown, page.itertuples(), strict=True)
        ]
        marked = shown.index(self._open) if self._open in shown else None
        return table(("Published", "Outlet", "Title"), rows, numbers=(0,), marked=marked, classes="list")

    def _dots(self, row: int) -> str:
        of = [series for series in self._state.series if self._state.member(series.key)[row]]
        return " " + "".join(
            f'<span title="{safe.text(series.label)}">{dot(series.color)}</span>' for series in of
        )

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
        if action == "page" and isinstance(value, int):
            self._page, self._open = max(0, value), None
        elif (
            action == "article"
            and isinstance(value, int)
            and 0 <= value < len(state.loaded.snapshot.articles)
        ):
            self._open = value
        elif action == "close":
            self._open = None
        elif action == "unselect":
            state.go(selection=None)
            return
        elif action == "days" and (selection := state.view.selection) is not None:
            state.go(tab="volume", since=selection.since, until=selection.until)
            return
        elif action == "story" and isinstance(value, int):
            state.go(selection=Selection(story=value))
            return
        self._draw()
