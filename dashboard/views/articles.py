"""Articles: the ones behind a number, a page at a time, with one of them opened."""

from __future__ import annotations

from typing import Any

import pandas as pd
import panel as pn

from dashboard import safe, words
from dashboard.chips import describe
from dashboard.markup import Markup, button, dot, table
from dashboard.state import State
from dashboard.view import Selection
from pressgauge.highlight import spans

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
        state = self._state
        shown = (state.view.selection, state.view.filters, state.view.unit, state.loaded)
        if shown != self._shown:
            self._shown, self._page, self._open = shown, 0, None
            self._rows = state.rows(state.view.selection)
        self._draw()

    def _draw(self) -> None:
        rows = self._rows[self._page * PAGE : (self._page + 1) * PAGE]
        page = self._state.loaded.snapshot.articles.iloc[rows]
        panel = "" if self._open is None else f"<aside>{self._article(self._open)}</aside>"
        split = "split" if panel else "split closed"
        self._markup.html = (
            f'{self._bar()}<div class="{split}"><div>{self._table(page)}{self._pager()}</div>{panel}</div>'
        )

    def _bar(self) -> str:
        unit = "story" if self._state.view.unit == "stories" else "article"
        total = f'<h2 data-count="{len(self._rows)}">{words.counted(len(self._rows), unit)}</h2>'
        what = f'<span class="chip">{safe.text(describe(self._state, self._state.view.selection))}'
        if self._state.view.selection is not None:
            what += button("✕", "unselect", title="Show all articles under the filters")
        return f'<div class="bar">{total}{what}</span></div>'

    def _table(self, page: pd.DataFrame) -> str:
        if page.empty:
            return "<p>No article is left under these filters. Remove a filter above, or undo.</p>"
        shown = [int(row) for row in self._rows[self._page * PAGE :][: len(page)]]
        rows = [
            (
                words.day(article.published),
                safe.text(article.outlet),
                button(safe.text(article.title) or "(no title)", "article", row, classes="headline")
                + self._dots(row),
            )
            for row, article in zip(shown, page.itertuples(), strict=True)
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
        where = f'<span class="quiet">page {words.count(self._page + 1)} of {words.count(pages)}</span>'
        return f'<div class="row pager">{before}{where}{after}</div>'

    def _article(self, row: int) -> str:
        state = self._state
        known = state.loaded.snapshot.articles.iloc[row]
        read = state.loaded.dataset.read([int(known["id"])], columns=["url", "text", "authors"]).iloc[0]
        topics = [topic for topic in state.loaded.snapshot.topics if state.member(topic.name)[row]]
        named = " ".join(
            f'<span class="chip">{dot(self._state.color(topic))}{safe.text(topic.label)}</span>'
            for topic in topics
        )
        authors = ", ".join(read["authors"]) if read["authors"] is not None and len(read["authors"]) else ""
        by = f" · {safe.text(authors)}" if authors else ""
        copies = state.rows(Selection(story=int(known["story"])))
        usable = safe.web_url(read["url"]) is not None
        original = (
            safe.link(read["url"], "Read the original ↗") if usable else "Its address is not a web address."
        )
        others = ""
        if len(copies) > 1:
            others = button(
                f"{words.counted(len(copies), 'article')} of this story", "story", int(known["story"])
            )
        return (
            f'<div class="row end">{button("✕ Close", "close", classes="quiet")}</div>'
            f"<h2>{safe.link(read['url'], known['title'] or '(no title)')}</h2>"
            f'<p class="quiet">{safe.text(known["outlet"])}{by} · {dated(known)}</p>'
            f'<div class="row topics">{named}</div>{others}'
            f'<div class="body">{self._text(read["text"], row)}</div>'
            f"<p>{original}</p>"
        )

    def _text(self, text: object, row: int) -> str:
        """The paragraphs, with the words marked that put the article into the compared lines."""
        if not isinstance(text, str):
            return '<p class="quiet">The text of this article could not be obtained.</p>'
        queries = self._state.queries_met(row)

        def marked(paragraph: str) -> str:
            return safe.highlight(paragraph, [span for query in queries for span in spans(query, paragraph)])

        return "".join(f"<p>{marked(each)}</p>" for each in text.split("\n") if each.strip())

    def _go(self, action: str, value: Any) -> None:
        if action == "page" and isinstance(value, int):
            self._page, self._open = max(0, value), None
        elif (
            action == "article"
            and isinstance(value, int)
            and 0 <= value < len(self._state.loaded.snapshot.articles)
        ):
            self._open = value
        elif action == "close":
            self._open = None
        elif action == "unselect":
            self._state.go(selection=None)
            return
        elif action == "story" and isinstance(value, int):
            self._state.go(selection=Selection(story=value))
            return
        self._draw()


def dated(article: pd.Series) -> str:
    """The publication date and where it was read."""
    if pd.isna(article["published"]):
        return "no date found on the page"
    moment = article["published"]
    exact = f"{moment:%H:%M} UTC" if article["published_precision"] == "second" else ""
    return safe.text(f"{words.day(moment)} {exact}".strip() + f", dated by {article['published_from']}")
