"""The entries of a feed as candidates, for every kind of source at whose address a feed may answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from collectors.candidate import Candidate, Rejected, Window
from collectors.sandbox.pool import Workers
from collectors.shared.unpack import gunzip
from collectors.source import Source
from pressgauge.urls import is_web

if TYPE_CHECKING:
    from collectors.web.fetch import Response

_MAX_ENTRIES = 2_000
"""Entries read of one feed, the newest first; most list 10 to 100, an archive some hundreds."""


async def parse(response: Response, workers: Workers) -> dict[str, Any]:
    """An answer as `listings.feed_parser` reads it; `kind` is "feed" where it is one. Raises CollectError."""
    from collectors.web.fetch import MAX_BYTES

    body = await asyncio.to_thread(gunzip, response.body, MAX_BYTES)
    feed: dict[str, Any] = await workers.run(
        "feed", body, url=response.url, limit=_MAX_ENTRIES, charset=response.charset
    )
    return feed


def entries(feed: dict[str, Any], source: Source, window: Window) -> Iterator[Candidate | Rejected]:
    """Each entry of a feed, and what is beyond the most that is read of one."""
    for entry in feed["entries"]:
        yield _judged(entry, source, window)
    for number in range(feed["over"]):
        link = feed["left"][number] if number < len(feed["left"]) else ""
        yield Rejected(link or source.url, "over_limit", later=is_web(link))


def _judged(entry: dict[str, Any], source: Source, window: Window) -> Candidate | Rejected:
    link = entry["link"]
    if link is None:
        return Rejected(f"{source.url}#{entry['id'] or entry['title'] or ''}"[:500], "no_url")
    if not is_web(link):
        return Rejected(link[:500], "bad_url")
    published = datetime.fromisoformat(entry["published"]) if entry["published"] else None
    if not window.contains(published):
        return Rejected(link, "outside_window")
    return Candidate(
        link,
        title=entry["title"],
        published=published,
        published_precision=entry["precision"],
        authors=tuple(entry["authors"]),
        text=entry["text"],
    )
