"""Lists of bookmarks as HTML: Pocket's ril_export, browsers' Netscape format, Pinboard, Instapaper."""

from __future__ import annotations

from collections.abc import Iterator

from collectors.formats.record import Item, Notice, Record
from collectors.formats.syntax.content import Content
from collectors.formats.syntax.markup import parse_html, text_of
from pressgauge.urls import host_of, is_web


def recognise(content: Content) -> bool:
    head = content.text_head
    return (
        "netscape-bookmark-file" in content.start
        or " time_added=" in head
        or "<title>Pocket Export</title>" in head
        or ("<title>Instapaper: Export</title>" in head)
    )


def read(content: Content) -> Iterator[Item]:
    count = 0
    for link in parse_html(content.text()).iter("a"):
        url = (link.get("href") or "").strip()
        if not is_web(url):
            continue
        title = text_of(link)
        record = Record(title=title if title and not is_web(title) else None, url=url, outlet=host_of(url))
        record.partial = "title_only"
        count += 1
        yield record.note(saved=link.get("time_added") or link.get("add_date"))
    if not count:
        yield Notice("no_articles", f"{content.name} is a list of bookmarks without an address")
