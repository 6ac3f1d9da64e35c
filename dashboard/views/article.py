"""One article: what is known of it, its text with what put it into the compared lines, its copies."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboard.components import formats, safe
from dashboard.components.markup import button, dot
from dashboard.session.session import State
from dashboard.session.view import Selection
from pressgauge.search.highlight import matches, spans
from pressgauge.search.sentences import sentences

_COPIES = 8
_DATED = {
    "meta": "date read from the page's metadata",
    "json-ld": "date read from the page's structured data",
    "opengraph": "date read from the page's metadata",
    "feed": "date read from the outlet's feed",
    "sitemap": "date read from the outlet's sitemap",
    "time": "date read from the page's text",
    "text": "date read from the page's text",
    "url": "date read from the address",
}
"""Where a date was read, in words."""


def article(state: State, row: int) -> str:
    """The article of a row as markup. Actions: 'close', 'story' (all of its story), 'article' (a copy)."""
    known = state.loaded.snapshot.articles.iloc[row]
    read = state.loaded.dataset.read([int(known["id"])], columns=["url", "text", "authors"]).iloc[0]
    topics = [topic for topic in state.loaded.snapshot.topics if state.mentions(topic.name)[row]]
    named = " ".join(
        f'<span class="chip">{dot(state.color(topic))}{safe.text(topic.label)}</span>' for topic in topics
    )
    authors = ", ".join(read["authors"]) if read["authors"] is not None and len(read["authors"]) else ""
    by = f" · {safe.text(authors)}" if authors else ""
    usable = safe.web_url(read["url"]) is not None
    original = (
        safe.link(read["url"], "Read the original ↗") if usable else "Its address is not a web address."
    )
    return (
        f'<div class="row end">{button("✕ Close", "close", classes="quiet")}</div>'
        f"<h2>{safe.link(read['url'], known['title'] or '(no title)')}</h2>"
        f'<p class="quiet">{safe.text(known["outlet"])}{by} · {dated(known)}</p>'
        f'<div class="row topics">{named}</div>'
        f"<p>{original}</p>"
        f"{_copies(state, row, int(known['story']))}"
        f'<div class="body">{marked_text(read["text"], known["language"], state.queries_met(row))}</div>'
    )


def dated(article: pd.Series) -> str:
    """The publication date and where it was read."""
    if pd.isna(article["published"]):
        return "no date found on the page"
    moment = article["published"]
    exact = f"{moment:%H:%M} UTC" if article["published_precision"] == "second" else ""
    source = article["published_from"]
    read = _DATED.get(source, f"date read from {source}") if isinstance(source, str) else "dated as given"
    return safe.text(f"{formats.day(moment)} {exact}".strip() + f", {read}")


def _copies(state: State, row: int, story: int) -> str:
    """The other articles of the same story, the earliest first: syndicated copies and rewritten ones."""
    rows = state.rows(Selection(story=story))[::-1]
    others = rows[rows != row]
    if not len(others):
        return ""
    articles = state.loaded.snapshot.articles
    said = "".join(
        f"<li>{button(safe.text(each.outlet), 'article', int(at))} "
        f'<span class="quiet">{formats.day(each.published)}</span></li>'
        for at, each in zip(others[:_COPIES], articles.iloc[others[:_COPIES]].itertuples(), strict=True)
    )
    total = button(f"All {formats.counted(len(rows), 'article')} of this story", "story", story)
    return f'<h3>Also published by</h3><ul class="copies">{said}</ul><p class="quiet">{total}</p>'


def marked_text(text: object, language: object, queries: tuple[str, ...]) -> str:
    """The paragraphs, with the sentences tinted that meet a query by themselves and its words marked."""
    if not isinstance(text, str):
        return '<p class="quiet">The text of this article could not be obtained.</p>'
    written = language if isinstance(language, str) else None
    paragraphs = [sentences(line, written) for line in text.split("\n") if line.strip()]
    every = [sentence for paragraph in paragraphs for sentence in paragraph]
    met = np.zeros(len(every), dtype=bool)
    for query in queries:
        met |= matches(query, every)
    hits = iter(met)

    def shown(sentence: str) -> str:
        marked = safe.highlight(sentence, [span for query in queries for span in spans(query, sentence)])
        return f'<span class="hit">{marked}</span>' if next(hits) else marked

    return "".join(f"<p>{' '.join(map(shown, paragraph))}</p>" for paragraph in paragraphs)
