"""Sitemaps: the articles that an outlet lists for search engines, back to its beginning.

Contract: "Sitemaps XML format" (sitemaps.org/protocol) and Google's "News sitemap" and "Image sitemap"
pages. Relied on: a urlset of url/loc with optional lastmod (W3C datetime) or a sitemapindex of sitemap/loc,
at most 50,000 entries and 50 MB each, gzipped or not; a text file of one URL a line; robots.txt lines
"Sitemap: URL"; news:publication_date and news:title of articles of the last two days; other extensions
(images, hreflang alternates) name no further article; a feed (RSS 2.0, Atom), which the protocol allows in a
sitemap's place. `lastmod` is never before publication: a page last changed before the window was not
published within it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from collectors.candidate import Candidate, Rejected, Window
from collectors.collector import Context
from collectors.errors import CollectError, FetchError
from collectors.listings.entry import MAX_BYTES, MAX_ENTRIES, Entry, published
from collectors.shared import feed_entries
from collectors.shared.options import Options
from collectors.shared.timestamps import parse_iso
from collectors.source import Source
from pressgauge.languages import language_code
from pressgauge.urls import is_web

if TYPE_CHECKING:
    from collectors.web.fetch import Response

_KEPT_FILES = 5_000
_NEVER = datetime.min.replace(tzinfo=UTC)
_OVER = timedelta(days=2)
"""After the midnight (UTC) that a day begins with, it is over everywhere."""
_GUESSES = ("/sitemap_index.xml", "/sitemap.xml", "/news-sitemap.xml")


class Sitemaps:
    kind = "sitemap"
    summary = "an outlet's sitemaps, found through robots.txt or given; back-fills as far as the outlet lists"
    limits = "titles and dates of the last two days only (news sitemaps); other pages are dated when read"
    key: str | None = None
    takes_path = False

    async def collect(
        self, source: Source, window: Window, context: Context
    ) -> AsyncIterator[Candidate | Rejected]:
        options = Options(source, "include", "exclude", "max_files", "max_depth")
        include, exclude = options.words("include"), options.words("exclude")
        most, deepest = options.whole("max_files", 50, 1, 1_000), options.whole("max_depth", 3, 1, 5)
        asked_from = window.since.isoformat() if window.since else ""

        def is_selected(address: str) -> bool:
            return any(part in address for part in include or ("",)) and not any(
                part in address for part in exclude
            )

        finished_files: dict[str, list[str]] = context.cursor.get("sitemaps") or {}
        indexes: dict[str, bool] = context.cursor.get("indexes") or {}
        indexes_before = dict(indexes)
        roots, unusable, guessed = await self._roots(source, context)
        for url in unusable:
            yield Rejected(url, "bad_url")
        # When each of those that say no date was read: where there are too many, the next refresh goes on.
        undated: dict[str, str] = context.cursor.get("undated") or {}
        if not guessed:
            roots.sort(key=lambda url: undated.get(url, ""))
        todo: list[tuple[str, int, str | None]] = [(url, 1, None) for url in reversed(roots)]
        visited: set[str] = set()
        count = readable = 0
        problem: CollectError | None = None
        while todo:
            url, depth, lastmod = todo.pop()
            if url in visited:
                yield Rejected(url, "repeated_sitemap")
                continue
            visited.add(url)
            if lastmod and finished_files.get(url) == [lastmod, asked_from]:
                readable += 1
                continue
            if depth > deepest or count >= most:
                yield Rejected(url, "over_limit")
                continue
            count += 1
            start = datetime.now(UTC)
            if not lastmod:
                undated.pop(url, None)
                undated[url] = start.isoformat()
            try:
                entries, feed = await self._fetch_entries(source, context, window, url, indexes)
            except CollectError as error:
                problem = error
                if not (guessed and url in roots):
                    yield Rejected(url, error.reason)
                continue
            readable += 1
            if guessed and url in roots:
                todo.clear()
            if feed:
                for item in feed_entries.entries(feed, source, window):
                    if is_selected(item.url):
                        yield item
            children: list[Entry] = []
            for entry in entries[:MAX_ENTRIES]:
                if not entry.index:
                    if is_selected(entry.url):
                        yield _judged(entry, window)
                elif _before(entry.lastmod, window):
                    yield Rejected(entry.url, "outside_window")
                else:
                    children.append(entry)
            for entry in entries[MAX_ENTRIES:]:
                yield Rejected(entry.url, "over_limit", later=not entry.index and is_web(entry.url))
            # Newest first, so that a limit leaves the oldest; the undated after them, as listed, and before
            # them those that were read already.
            children.sort(key=lambda child: undated.get(child.url, ""))
            children.sort(key=lambda child: parse_iso(child.lastmod)[0] or _NEVER, reverse=True)
            todo += [(child.url, depth + 1, child.lastmod) for child in reversed(children)]
            if lastmod and _is_final(lastmod, start):
                finished_files[url] = [lastmod, asked_from]
                context.cursor.set("sitemaps", dict(list(finished_files.items())[-_KEPT_FILES:]))
        context.cursor.set("undated", dict(list(undated.items())[-_KEPT_FILES:]))
        if indexes != indexes_before:
            context.cursor.set("indexes", dict(list(indexes.items())[-_KEPT_FILES:]))
        if problem and not readable:
            raise problem

    @staticmethod
    async def _roots(source: Source, context: Context) -> tuple[list[str], list[str], bool]:
        """The URL if it is a sitemap's; for a site's what its robots.txt names, and what of that is no
        address, else (True) a few guesses."""
        parts = urlsplit(source.url)
        if parts.path.strip("/"):
            return [source.url], [], False
        try:
            lines = (await context.fetch.rules(source.url, source)).sitemaps
        except FetchError:
            # If the site is down, the guesses fail too and say so.
            lines = ()
        addresses: dict[str, None] = {}
        unusable: list[str] = []
        for value in lines:
            try:
                addresses[urljoin(source.url, value)] = None
            except ValueError:
                unusable.append(value[:500])
        if addresses:
            return list(addresses), unusable, False
        return [urljoin(source.url, guess) for guess in _GUESSES], unusable, True

    @staticmethod
    async def _fetch_entries(
        source: Source, context: Context, window: Window, url: str, indexes: dict[str, bool]
    ) -> tuple[list[Entry], dict[str, Any] | None]:
        """The entries at `url`, or the feed that answers there; none when it is unchanged. `indexes` learns
        whether it is an index."""

        async def fetch(conditional: bool) -> Response:
            return await context.fetch(
                url,
                source=source,
                accept="application/xml, text/xml, text/plain;q=0.5",
                conditional=conditional,
                max_bytes=MAX_BYTES,
            )

        # Unchanged since the last refresh says nothing about another window, nor, of an index, about
        # the sitemaps that it names.
        response = await fetch(window == Window() and not indexes.get(url))
        if response.not_modified and url not in indexes:
            response = await fetch(False)
        if response.not_modified:
            return [], None
        try:
            since, until = (moment and moment.isoformat() for moment in (window.since, window.until))
            rows = await context.workers.run(
                "sitemap", response.body, url=url, charset=response.charset, since=since, until=until
            )
        except CollectError as error:
            if error.reason != "not_a_sitemap":
                raise
            feed = await feed_entries.parse(response, context.workers)
            if feed["kind"] != "feed" or not feed["entries"]:
                raise
            indexes[url] = False
            return [], feed
        entries = [Entry(**values) for values in rows]
        indexes[url] = any(entry.index for entry in entries)
        return entries, None


def _is_final(lastmod: str, start: datetime) -> bool:
    """Whether a sitemap that was read then cannot have changed since and still say so."""
    moment, precision = parse_iso(lastmod)
    return moment is not None and (precision == "second" or moment <= start - _OVER)


def _before(lastmod: str | None, window: Window) -> bool:
    """Was it last changed on a day before the window opens? An unknown date was not."""
    moment: datetime | None = parse_iso(lastmod)[0]
    return bool(moment and window.since and moment.date() < window.since.date())


def _judged(entry: Entry, window: Window) -> Candidate | Rejected:
    if not is_web(entry.url):
        return Rejected(entry.url, "no_url")
    moment, precision = published(entry)
    if not window.contains(moment) or (moment is None and _before(entry.lastmod, window)):
        return Rejected(entry.url, "outside_window")
    return Candidate(
        entry.url,
        title=entry.title,
        published=moment,
        published_precision=precision,
        language=language_code(entry.language),
    )
