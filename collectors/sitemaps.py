"""Sitemaps: the articles that an outlet lists for search engines, back to its beginning.

Contract: "Sitemaps XML format" (sitemaps.org/protocol) and Google's "News sitemap" and "Image sitemap"
pages. Relied on: a urlset of url/loc with optional lastmod (W3C datetime) or a sitemapindex of sitemap/loc,
at most 50,000 entries and 50 MB each, gzipped or not; a text file of one URL a line; robots.txt lines
"Sitemap: URL"; news:publication_date and news:title of articles of the last two days; other extensions
(images, hreflang alternates) name no further article. `lastmod` is never before publication: a page last
changed before the window was not published within it.
"""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from lxml import etree

from collectors.collector import Candidate, CollectError, Context, Rejected, Window
from collectors.dates import parse_iso
from collectors.options import Options
from collectors.sources import Source
from collectors.unpack import gunzip

MAX_BYTES = 50 * 1024 * 1024
MAX_ENTRIES = 50_000
_KEPT_FILES = 5_000
_END = re.compile(rb"</(?:[\w.-]+:)?(?:urlset|sitemapindex)\s*>|<(?:[\w.-]+:)?(?:urlset|sitemapindex)[^>]*/>")
_GUESSES = ("/sitemap_index.xml", "/sitemap.xml", "/news-sitemap.xml")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a sitemap; `index` when it is another sitemap."""

    url: str
    index: bool = False
    lastmod: str | None = None
    published: str | None = None
    title: str | None = None
    language: str | None = None
    outlet: str | None = None


class Sitemaps:
    kind = "sitemap"
    summary = "an outlet's sitemaps, found through robots.txt or given; back-fills as far as the outlet lists"
    limits = "titles and dates of the last two days only (news sitemaps); other pages are dated when read"
    key: str | None = None

    async def collect(
        self, source: Source, window: Window, context: Context
    ) -> AsyncIterator[Candidate | Rejected]:
        options = Options(source, "include", "exclude", "max_files", "max_depth")
        include, exclude = options.words("include"), options.words("exclude")
        most, deepest = options.whole("max_files", 50, 1, 1_000), options.whole("max_depth", 3, 1, 5)
        asked_from = window.since.isoformat() if window.since else ""
        done: dict[str, list[str]] = context.cursor.get("sitemaps") or {}
        roots, guessed = await self._roots(source, context)
        todo: list[tuple[str, int, str | None]] = [(url, 1, None) for url in reversed(roots)]
        visited: set[str] = set()
        readable = 0
        problem: CollectError | None = None
        while todo:
            url, depth, lastmod = todo.pop()
            if url in visited:
                yield Rejected(url, "repeated_sitemap")
                continue
            if depth > deepest or len(visited) >= most:
                yield Rejected(url, "over_limit")
                continue
            visited.add(url)
            if lastmod and done.get(url) == [lastmod, asked_from]:
                readable += 1
                continue
            try:
                entries = await self._read(source, context, window, url)
            except CollectError as error:
                problem = error
                if not (guessed and url in roots):
                    yield Rejected(url, error.reason)
                continue
            readable += 1
            if guessed and url in roots:
                todo.clear()
            for entry in entries[:MAX_ENTRIES]:
                if not entry.index:
                    if any(part in entry.url for part in include or ("",)) and not any(
                        part in entry.url for part in exclude
                    ):
                        yield _judged(entry, window)
                elif _before(entry.lastmod, window):
                    yield Rejected(entry.url, "outside_window")
                else:
                    todo.append((entry.url, depth + 1, entry.lastmod))
            for entry in entries[MAX_ENTRIES:]:
                yield Rejected(entry.url, "over_limit")
            if lastmod:
                done[url] = [lastmod, asked_from]
                context.cursor.set("sitemaps", dict(list(done.items())[-_KEPT_FILES:]))
        if problem and not readable:
            raise problem

    @staticmethod
    async def _roots(source: Source, context: Context) -> tuple[list[str], bool]:
        """The URL if it is a sitemap's; for a site's what its robots.txt names, else (True) a few guesses."""
        parts = urlsplit(source.url)
        if parts.path.strip("/"):
            return [source.url], False
        from collectors.fetch import FetchError

        try:
            response = await context.fetch(
                urljoin(source.url, "/robots.txt"),
                source=source,
                accept="text/plain",
                conditional=False,
                max_bytes=512 * 1024,
                robots=False,
            )
        except FetchError:
            # If the site is down, the guesses fail too and say so.
            return [urljoin(source.url, guess) for guess in _GUESSES], True
        named = [
            urljoin(source.url, value.strip())
            for line in response.body.decode("utf-8", "replace").splitlines()
            for name, _, value in [line.partition(":")]
            if name.strip().lower() == "sitemap" and value.strip()
        ]
        if named:
            return list(dict.fromkeys(named)), False
        return [urljoin(source.url, guess) for guess in _GUESSES], True

    @staticmethod
    async def _read(source: Source, context: Context, window: Window, url: str) -> list[Entry]:
        from collectors.fetch import FetchError

        try:
            response = await context.fetch(
                url,
                source=source,
                accept="application/xml, text/xml, text/plain;q=0.5",
                # Unchanged since the last refresh says nothing about another window.
                conditional=window == Window(),
                max_bytes=MAX_BYTES,
            )
        except FetchError as error:
            raise CollectError(error.reason, f"{url}: {error.detail}") from error
        return [] if response.not_modified else await asyncio.to_thread(parse, response.body, url)


def parse(body: bytes, url: str) -> list[Entry]:
    """The entries of a sitemap or sitemap index (XML or text, gzipped or not), in order, with absolute URLs.

    Raises CollectError: 'not_a_sitemap', 'truncated', 'too_large' or 'bad_gzip'. Entities are not resolved.
    """
    body = gunzip(body, MAX_BYTES).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not body.startswith(b"<"):
        return _parse_text(body, url)
    entries: list[Entry] = []
    root = None
    try:
        for event, element in etree.iterparse(
            io.BytesIO(body),
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            recover=True,
            huge_tree=False,
        ):
            if root is None:
                root = element
                if _name(root) not in ("urlset", "sitemapindex"):
                    break
            elif event == "end" and element.getparent() is root:
                if entry := _entry(element, url):
                    entries.append(entry)
                # A read entry is let go: 50 MB of XML would be 300 MB of tree.
                element.clear()
                while element.getprevious() is not None:
                    del root[0]
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CollectError("not_a_sitemap", f"{url}: {error}") from error
    if root is None or _name(root) not in ("urlset", "sitemapindex"):
        raise CollectError("not_a_sitemap", f"{url} holds {'nothing' if root is None else _name(root)!r}.")
    if not _END.search(body[-64 * 1024 :]):
        # Its last address may be half an address.
        raise CollectError("truncated", f"{url} is cut short.")
    return entries


def _parse_text(body: bytes, url: str) -> list[Entry]:
    lines = [line.strip() for line in body.decode("utf-8", "replace").splitlines() if line.strip()]
    if not lines or not all(line.startswith(("http://", "https://")) for line in lines):
        raise CollectError("not_a_sitemap", f"{url} is neither a sitemap nor a list of URLs.")
    return [Entry(line) for line in lines]


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def _entry(element: etree._Element, base: str) -> Entry | None:
    if (kind := _name(element)) not in ("url", "sitemap"):
        return None
    own = {_name(child): (child.text or "").strip() for child in element}
    news = next((child for child in element if _name(child) == "news"), None)
    said = {_name(child): (child.text or "").strip() for child in news.iter()} if news is not None else {}
    try:
        address = urljoin(base, own.get("loc", "")) if own.get("loc") else ""
    except ValueError:
        address = own["loc"]
    return Entry(
        address,
        index=kind == "sitemap",
        lastmod=own.get("lastmod") or None,
        published=said.get("publication_date") or None,
        title=said.get("title") or None,
        language=said.get("language") or None,
        outlet=said.get("name") or None,
    )


def _before(lastmod: str | None, window: Window) -> bool:
    """Was it last changed on a day before the window opens? An unknown date was not."""
    moment: datetime | None = parse_iso(lastmod)[0]
    return bool(moment and window.since and moment.date() < window.since.date())


def _judged(entry: Entry, window: Window) -> Candidate | Rejected:
    if not entry.url.startswith(("http://", "https://")):
        return Rejected(entry.url, "no_url")
    published, precision = parse_iso(entry.published)
    if not window.contains(published) or (published is None and _before(entry.lastmod, window)):
        return Rejected(entry.url, "outside_window")
    language = (entry.language or "")[:2].lower()
    return Candidate(
        entry.url,
        title=entry.title,
        published=published,
        published_precision=precision,
        language=language if language.isalpha() and len(language) == 2 else None,
    )
