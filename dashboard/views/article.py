"""One article: what is known of it, its text with what put it into the compared lines, its copies."""

from __future__ import annotations

from typing import TypeGuard

import pandas as pd

from dashboard.components import formats, safe
from dashboard.components.article_text import marked_text
from dashboard.components.markup import button, dot
from dashboard.session.state import State
from dashboard.session.view import Selection
from pressgauge.filters import DOUBTFUL

_COPIES = 8
_PARTS = ("title", "authors", "published", "text")
_LABELS = {"title": "Title", "authors": "Byline", "published": "Date", "text": "Text"}
_PLACES = {
    "json-ld": "the page's structured data",
    "meta": "the page's metadata",
    "microdata": "the page's structured data",
    "opengraph": "the page's metadata",
    "title": "the page's title",
    "h1": "the page's main heading",
    "h2": "a heading of the page",
    "byline": "the byline on the page",
    "line": "the line below the headline",
    "organization": "the organisation that the page declares",
    "feed": "the outlet's feed",
    "sitemap": "the outlet's sitemap",
    "time": "the page's text",
    "printed": "the page's text",
    "text": "the page's text",
    "url": "the address",
    "data": "the data that the page is drawn from",
    "script": "the data that the page is drawn from",
    "blocks": "the page's paragraphs",
    "trafilatura": "the page, by Trafilatura",
    "trafilatura-precision": "the page, by Trafilatura",
    "newspaper3k": "the page, by Newspaper3k",
    "resiliparse": "the page, by Resiliparse",
    "demo": "the demo press",
}
"""Where a part of an article was read, in words."""


def is_row(value: object, state: State) -> TypeGuard[int]:
    """Whether what a page sent is the row number of an article."""
    return isinstance(value, int) and 0 <= value < len(state.loaded.snapshot.articles)


def article(state: State, row: int) -> str:
    """The article of a row as markup. Actions: 'close', 'story' (all of its story), 'article' (a copy)."""
    entry = state.loaded.snapshot.articles.iloc[row]
    columns = ["url", "text", "authors", "reader_version", *(f"{part}_confidence" for part in _PARTS)]
    texts = state.loaded.dataset.read([int(entry["id"])], columns=columns).iloc[0]
    topics = [topic for topic in state.loaded.snapshot.topics if state.mentions(topic.name)[row]]
    topic_links = " ".join(
        f'<span class="chip">{dot(state.color(topic))}{safe.text(topic.label)}</span>' for topic in topics
    )
    authors = ", ".join(texts["authors"]) if texts["authors"] is not None and len(texts["authors"]) else ""
    by = f" · {safe.text(authors)}" if authors else ""
    usable = safe.web_url(texts["url"]) is not None
    original = (
        safe.link(texts["url"], "Read the original ↗") if usable else "Its address is not a web address."
    )
    text = marked_text(texts["text"], entry["language"], state.matching_queries(row))
    return (
        f'<div class="row end">{button("✕ Close", "close", classes="quiet")}</div>'
        f"<h2>{safe.link(texts['url'], entry['title'] or '(no title)')}</h2>"
        f'<p class="quiet">{safe.text(entry["outlet"])}{by} · {date_line(entry)}</p>'
        f'<div class="row topics">{topic_links}</div>'
        f"<p>{original}</p>"
        f"{_copies(state, row, int(entry['story']))}"
        f"{reader_details(entry, texts)}"
        f'<div class="body">{text}</div>'
    )


def date_line(article: pd.Series) -> str:
    """The publication date and where it was read."""
    if pd.isna(article["published"]):
        return "no date found on the page"
    moment = article["published"]
    exact = f"{moment:%H:%M} UTC" if article["published_precision"] == "second" else ""
    source = article["published_from"]
    origin = f"date read from {_place(source)}" if isinstance(source, str) else "dated as given"
    return safe.text(f"{formats.day(moment)} {exact}".strip() + f", {origin}")


def reader_details(entry: pd.Series, texts: pd.Series) -> str:
    """Where title, byline, date and text were read, how sure that is and which version of the reader read
    them, folded; nothing where none of it is known. Doubtful parts are told before it is opened.
    """
    lines, doubtful = [], []
    for part in _PARTS:
        source, confidence = entry[f"{part}_from"], texts[f"{part}_confidence"]
        if not isinstance(source, str):
            continue
        share = "" if pd.isna(confidence) else f", {int(confidence)} % sure"
        lines.append(f"<li>{_LABELS[part]}: from {safe.text(_place(source))}{share}</li>")
        if not pd.isna(confidence) and confidence < DOUBTFUL:
            doubtful.append(_LABELS[part].lower())
    if not lines:
        return ""
    if not pd.isna(texts["reader_version"]):
        lines.append(f"<li>By version {int(texts['reader_version'])} of the page reader</li>")
    doubt = f": {' and '.join(doubtful)} uncertain" if doubtful else ""
    return f"<details><summary>How this was read{doubt}</summary><ul>{''.join(lines)}</ul></details>"


def _place(source: str) -> str:
    return _PLACES.get(source, source)


def _copies(state: State, row: int, story: int) -> str:
    """The other articles of the same story, the earliest first: syndicated copies and rewritten ones."""
    rows = state.rows(Selection(story=story))[::-1]
    others = rows[rows != row]
    if not len(others):
        return ""
    articles = state.loaded.snapshot.articles
    items = "".join(
        f"<li>{button(safe.text(each.outlet), 'article', int(at))} "
        f'<span class="quiet">{formats.day(each.published)}</span></li>'
        for at, each in zip(others[:_COPIES], articles.iloc[others[:_COPIES]].itertuples(), strict=True)
    )
    total = button(f"All {formats.quantity(len(rows), 'article')} of this story", "story", story)
    return f'<h3>Also published by</h3><ul class="copies">{items}</ul><p class="quiet">{total}</p>'
