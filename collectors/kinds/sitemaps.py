"""Sitemaps: the articles that an outlet lists for search engines, back to its beginning.

Contract: "Sitemaps XML format" (sitemaps.org/protocol) and Google's "News sitemap" and "Image sitemap"
pages. Relied on: a urlset of url/loc with optional lastmod (W3C datetime) or a sitemapindex of sitemap/loc,
at most 50,000 entries and 50 MB each, gzipped or not; a text file of one URL a line; robots.txt lines
"Sitemap: URL"; news:publication_date and news:title of articles of the last two days; other extensions
(images, hreflang alternates) name no further article. `lastmod` is never before publication: a page last
changed before the window was not published within it.

Many sitemaps are not well-formed: a bare & or <, an element left open, a prefix not declared. So no XML
parser reads them: an entry lasts until the next one, a field until the next tag that counts, and a DTD is
passed over.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape, unescape
from html.entities import html5
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from collectors.collector import Candidate, CollectError, Context, Rejected, Window, is_web
from collectors.settings import Source
from collectors.shared.api import scrub
from collectors.shared.options import Options
from collectors.shared.timestamps import parse_iso, plausible
from collectors.shared.unpack import gunzip
from pressgauge.languages import language_code

if TYPE_CHECKING:
    from collectors.web.fetch import Response

MAX_BYTES = 50 * 1024 * 1024
MAX_ENTRIES = 50_000
_KEPT_FILES = 5_000
_MOST_TAGS = 5_000_000
_MOST_ENTRIES = 1_000_000
_LONGEST = 4_096
"""Characters of a field; what is longer was not closed, or is hostile."""
_NEVER = datetime.min.replace(tzinfo=UTC)
_OVER = timedelta(days=2)
"""After the midnight (UTC) that a day begins with, it is over everywhere."""
_ROOTS = ("urlset", "sitemapindex")
_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?([\w.-]{1,40})")
_END = re.compile(
    r"</(?:[\w.-]{1,40}:)?(?:urlset|sitemapindex)\s*>|<(?:[\w.-]{1,40}:)?(?:urlset|sitemapindex)[^<>]*/>"
)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[<>]*(?:\[.*?\]\s*)?>\s*", re.S | re.I)
_ASIDE = re.compile(r"<\?[^<>]*>|<!--.*?(?:-->|(\Z))|<!\[CDATA\[(.*?)(?:\]\]>|(\Z))", re.S)
_TAG = re.compile(
    r"<(/?)((?:[\w.-]{1,40}:)?)(url|sitemap|loc|lastmod|news|publication_date|title|language|name)"
    r"(?:\s[^<>]*)?/?>",
    re.I,
)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|([A-Za-z]\w{1,31}));")
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
        indexes: dict[str, bool] = context.cursor.get("indexes") or {}
        known = dict(indexes)
        roots, unusable, guessed = await self._roots(source, context)
        for url in unusable:
            yield Rejected(url, "bad_url")
        todo: list[tuple[str, int, str | None]] = [(url, 1, None) for url in reversed(roots)]
        visited: set[str] = set()
        read = readable = 0
        problem: CollectError | None = None
        while todo:
            url, depth, lastmod = todo.pop()
            if url in visited:
                yield Rejected(url, "repeated_sitemap")
                continue
            visited.add(url)
            if lastmod and done.get(url) == [lastmod, asked_from]:
                readable += 1
                continue
            if depth > deepest or read >= most:
                yield Rejected(url, "over_limit")
                continue
            read += 1
            asked = datetime.now(UTC)
            try:
                entries = await self._read(source, context, window, url, indexes)
            except CollectError as error:
                problem = error
                if not (guessed and url in roots):
                    yield Rejected(url, error.reason)
                continue
            readable += 1
            if guessed and url in roots:
                todo.clear()
            children: list[Entry] = []
            for entry in entries[:MAX_ENTRIES]:
                if not entry.index:
                    if any(part in entry.url for part in include or ("",)) and not any(
                        part in entry.url for part in exclude
                    ):
                        yield _judged(entry, window)
                elif _before(entry.lastmod, window):
                    yield Rejected(entry.url, "outside_window")
                else:
                    children.append(entry)
            for entry in entries[MAX_ENTRIES:]:
                yield Rejected(entry.url, "over_limit")
            # Newest first, so that a limit leaves the oldest; the undated after them, as listed.
            children.sort(key=lambda child: parse_iso(child.lastmod)[0] or _NEVER, reverse=True)
            todo += [(child.url, depth + 1, child.lastmod) for child in reversed(children)]
            if lastmod and _final(lastmod, asked):
                done[url] = [lastmod, asked_from]
                context.cursor.set("sitemaps", dict(list(done.items())[-_KEPT_FILES:]))
        if indexes != known:
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
        from collectors.web.fetch import FetchError

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
            return [urljoin(source.url, guess) for guess in _GUESSES], [], True
        named: dict[str, None] = {}
        unusable: list[str] = []
        for line in response.body.decode("utf-8-sig", "replace").splitlines():
            name, _, value = line.partition(":")
            value = re.split(r"\s#", value, maxsplit=1)[0].strip()
            if name.strip().lower() == "sitemap" and value:
                try:
                    named[urljoin(source.url, value)] = None
                except ValueError:
                    unusable.append(value[:500])
        if named:
            return list(named), unusable, False
        return [urljoin(source.url, guess) for guess in _GUESSES], unusable, True

    @staticmethod
    async def _read(
        source: Source, context: Context, window: Window, url: str, indexes: dict[str, bool]
    ) -> list[Entry]:
        """The entries at `url`, none when it is unchanged; `indexes` learns whether it is an index."""
        from collectors.web.fetch import FetchError

        async def fetch(conditional: bool) -> Response:
            return await context.fetch(
                url,
                source=source,
                accept="application/xml, text/xml, text/plain;q=0.5",
                conditional=conditional,
                max_bytes=MAX_BYTES,
            )

        try:
            # Unchanged since the last refresh says nothing about another window, nor, of an index, about
            # the sitemaps that it names.
            response = await fetch(window == Window() and not indexes.get(url))
            if response.not_modified and url not in indexes:
                response = await fetch(False)
        except FetchError as error:
            raise CollectError(error.reason, scrub(f"{url}: {error.detail}")) from None
        if response.not_modified:
            return []
        entries = await asyncio.to_thread(parse, response.body, url, response.charset)
        indexes[url] = any(entry.index for entry in entries)
        return entries


def parse(body: bytes, url: str, charset: str | None = None) -> list[Entry]:
    """The entries of a sitemap or sitemap index (XML or text, gzipped or not), in order, with absolute URLs.

    `charset` is the one that the HTTP header declared. Raises CollectError: 'not_a_sitemap', 'truncated',
    'too_large' or 'bad_gzip'. The entities of a DTD are not resolved.
    """
    from collectors.extraction.charset import decode

    text = decode(gunzip(body, MAX_BYTES), charset).lstrip("\ufeff \t\r\n")
    if not text.startswith("<"):
        return _parse_text(text, url)
    if text.count("<") > _MOST_TAGS:
        raise CollectError("too_large", scrub(f"{url} holds more than {_MOST_TAGS:,} tags."))
    text = _ASIDE.sub(_plainly, text).lstrip()
    if doctype := _DOCTYPE.match(text):
        text = text[doctype.end() :]
    root = _ROOT.match(text)
    if root is None or root[1].lower() not in _ROOTS:
        raise CollectError("not_a_sitemap", scrub(f"{url} holds {repr(root[1]) if root else 'nothing'}."))
    if not _END.search(text, max(len(text) - 64 * 1024, 0)):
        # Its last address may be half an address.
        raise CollectError("truncated", scrub(f"{url} is cut short."))
    entries = list(islice(_entries(text, url), _MOST_ENTRIES))
    if len(entries) == _MOST_ENTRIES:
        raise CollectError("too_large", scrub(f"{url} holds {_MOST_ENTRIES:,} entries or more."))
    return entries


def _parse_text(text: str, url: str) -> list[Entry]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or not all(map(is_web, lines)):
        raise CollectError("not_a_sitemap", scrub(f"{url} is neither a sitemap nor a list of URLs."))
    return [Entry(line) for line in lines]


def _plainly(aside: re.Match[str]) -> str:
    """Nothing of a comment or instruction, and a CDATA section as escaped text; one left open was none."""
    unclosed_comment, section, unclosed_section = aside.groups()
    if unclosed_comment is not None:
        return aside[0].removeprefix("<!--")
    if section is None:
        return ""
    if unclosed_section is not None:
        return section.replace("<![CDATA[", "")
    before, _, section = section.rpartition("<![CDATA[")
    return before.replace("<![CDATA[", "") + escape(section, quote=False)


def _entries(text: str, base: str) -> Iterator[Entry]:
    """By its prefix, the entry's or its `news` element's, a field is told from those of images and videos."""
    kind = own = field = ""
    news: str | None = None
    said: dict[str, str] = {}
    start = 0
    for tag in _TAG.finditer(text):
        closing, prefix, name = tag[1], tag[2], tag[3].lower()
        structure = name in ("url", "sitemap", "news")
        if not structure and prefix != (own if name in ("loc", "lastmod") else news):
            continue
        if field:
            said.setdefault(field, text[start : tag.start()] if tag.start() - start <= _LONGEST else "")
            field = ""
        if name in ("url", "sitemap"):
            if kind or said:
                yield _entry(kind or name, said, base)
            kind, own, news, said = "" if closing else name, prefix, None, {}
        elif name == "news":
            news = prefix
        elif not closing:
            field, start = name, tag.end()
    if kind or said:
        yield _entry(kind, said, base)


def _entry(kind: str, said: dict[str, str], base: str) -> Entry:
    def value(name: str) -> str | None:
        return _resolved(said.get(name, "").partition("<")[0]).strip() or None

    if not said:
        return Entry("", index=kind == "sitemap")
    address = value("loc") or ""
    if address and not is_web(address):
        with contextlib.suppress(ValueError):
            address = urljoin(base, address)
    return Entry(
        address,
        index=kind == "sitemap",
        lastmod=value("lastmod"),
        published=value("publication_date"),
        title=_resolved(said.get("title", "")).strip() or None,
        language=value("language"),
        outlet=value("name"),
    )


def _resolved(text: str) -> str:
    """With the characters that numbers and HTML's names stand for; a bare & is itself."""
    if "&" not in text:
        return text
    return _REFERENCE.sub(lambda one: html5.get(f"{one[1]};", one[0]) if one[1] else unescape(one[0]), text)


def _final(lastmod: str, read: datetime) -> bool:
    """Whether a sitemap that was read then cannot have changed since and still say so."""
    moment, precision = parse_iso(lastmod)
    return moment is not None and (precision == "second" or moment <= read - _OVER)


def _before(lastmod: str | None, window: Window) -> bool:
    """Was it last changed on a day before the window opens? An unknown date was not."""
    moment: datetime | None = parse_iso(lastmod)[0]
    return bool(moment and window.since and moment.date() < window.since.date())


def _judged(entry: Entry, window: Window) -> Candidate | Rejected:
    from collectors.extraction.feed_parser import plain

    if not is_web(entry.url):
        return Rejected(entry.url, "no_url")
    published, precision = _published(entry.published)
    if not window.contains(published) or (published is None and _before(entry.lastmod, window)):
        return Rejected(entry.url, "outside_window")
    return Candidate(
        entry.url,
        title=plain(entry.title),
        published=published,
        published_precision=precision,
        language=language_code(entry.language),
    )


def _published(said: str | None) -> tuple[datetime | None, str | None]:
    """The date and its precision."""
    moment, precision = parse_iso(said)
    if moment is None or not plausible(moment):
        return None, None
    return moment, precision
