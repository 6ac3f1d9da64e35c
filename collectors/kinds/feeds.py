"""RSS, RDF, Atom and JSON feeds: the newest articles, as an outlet announces them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from collectors.candidate import Candidate, Rejected, Window
from collectors.collector import Context
from collectors.errors import CollectError, scrub
from collectors.shared.feed_entries import entries, parse
from collectors.shared.options import Options
from collectors.source import Source

if TYPE_CHECKING:
    from collectors.web.fetch import Response

_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.8, text/html;q=0.5, */*;q=0.1"
)
_MAX_ANNOUNCED = 3
_FEED = "feed"
"""The cursor's key of the address that was a feed when it was last read."""


class Feeds:
    kind = "feed"
    summary = "the newest articles of an outlet: RSS 0.9x to 2.0, RDF, Atom, JSON Feed"
    limits = "only what the feed lists today, the newest 2,000; no back-fill"
    key: str | None = None
    takes_path = False

    async def collect(
        self, source: Source, window: Window, context: Context
    ) -> AsyncIterator[Candidate | Rejected]:
        Options(source)
        feed = await _fetch_feed(source.url, source, window, context)
        if feed is None:
            return
        for item in entries(feed, source, window):
            yield item


async def _fetch_feed(url: str, source: Source, window: Window, context: Context) -> dict[str, Any] | None:
    """The feed at `url`, or the one that the page there announces; None when it is unchanged."""
    response = await _fetch(url, source, window, context)
    if response.not_modified:
        return None
    page = await parse(response, context.workers)
    if page["kind"] == "html":
        addresses = [feed for feed in page["feeds"] if feed not in (url, response.url)]
        failure = None
        for feed in addresses[:_MAX_ANNOUNCED]:
            try:
                answer = await _fetch(feed, source, window, context)
                if answer.not_modified:
                    return None
                other = await parse(answer, context.workers)
            except CollectError as error:
                failure = error
                continue
            if other["kind"] == "feed":
                context.cursor.set(_FEED, feed)
                return other
        if failure:
            raise failure
    if page["kind"] != "feed":
        raise CollectError("not_a_feed", scrub(_instead(response, page["kind"])))
    context.cursor.set(_FEED, url)
    return page


async def _fetch(url: str, source: Source, window: Window, context: Context) -> Response:
    feed_url = context.cursor.get(_FEED)
    # Unchanged since the last refresh says nothing about another window, nor a page about the feed behind it.
    conditional = window == Window() and feed_url in (None, url)
    response = await context.fetch(url, source=source, accept=_ACCEPT, conditional=conditional)
    if response.not_modified and feed_url != url:
        response = await context.fetch(url, source=source, accept=_ACCEPT, conditional=False)
    return response


def _instead(response: Response, kind: str) -> str:
    """What came instead of a feed, for a person."""
    if not response.body.strip():
        return f"{response.url} answered with an empty body."
    what = "a web page (a login or consent page, or the feed has moved)" if kind == "html" else "no feed"
    return f"{response.url} answered with {what}: {response.headers.get('content-type', 'no content type')}."
