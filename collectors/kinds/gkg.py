"""GDELT GKG 2.0 in bulk: one zipped table of the world's press every 15 minutes, since February 2015.

Contract: "GDELT GKG Codebook V2.1" and "GDELT 2.0: Our Global World in Realtime" (blog.gdeltproject.org).
Relied on: files named YYYYMMDDhhmmss.gkg.csv.zip (and .translation.gkg.csv.zip for the articles that GDELT
translated), a zip of one tab-separated file without header, 27 columns, of which 1 is the time of the
batch, 3 the outlet's domain, 4 the article's URL, 7 the themes joined by ";" and 26 an XML fragment with
PAGE_TITLE and PAGE_PRECISEPUBTIMESTAMP (YYYYMMDDhhmmss, the page's own claim); lastupdate.txt, and for the
translated lastupdate-translation.txt, which is behind it, lists "size md5 url" of the newest files, on the
full quarter of an hour. The whole listing, masterfilelist.txt, exceeds
100 MB, so names are computed from the clock. A file that is not there (a few never are) or that
the server fails on is recorded, and asked for again by later refreshes, after longer and longer pauses.
`data.gdeltproject.org` is not throttled as the APIs are.
"""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

from collectors.candidate import Candidate, Rejected, Window
from collectors.collector import Context
from collectors.errors import CollectError
from collectors.reasons import reason_of
from collectors.shared import api
from collectors.shared.backfill import Backfill, floored, slices
from collectors.shared.options import Options
from collectors.shared.threads import in_thread
from collectors.shared.timestamps import parse_stamp, stamp
from collectors.shared.unpack import unzip_lines
from collectors.source import Source
from pressgauge.urls import is_web

_QUARTER = timedelta(minutes=15)
_LATE = timedelta(days=1)
"""A file that is younger and not there may still come."""
_STOPS = ("http_429", "host_paused")
_MOST_FAILING = 5
"""Files in a row that the server fails on, after which it is left alone."""
_COLUMNS = 27
_ZIPPED = 64 * 1024 * 1024
_UNZIPPED = 512 * 1024 * 1024
_TITLE = re.compile(r"<PAGE_TITLE>([^<]{0,1000})</PAGE_TITLE>")
_PUBLISHED = re.compile(r"<PAGE_PRECISEPUBTIMESTAMP>(\d{14})</PAGE_PRECISEPUBTIMESTAMP>")


class Gkg:
    kind = "gkg"
    summary = "articles of the world's press by theme, domain or words, from GDELT's bulk files"
    limits = "words are sought in title and URL only; downloads 5 MB for each 15 minutes of the window"
    key: str | None = None
    takes_path = False

    async def collect(
        self, source: Source, window: Window, context: Context
    ) -> AsyncIterator[Candidate | Rejected]:
        options = Options(source, "themes", "domains", "terms", "translated")
        themes, domains = frozenset(options.words("themes")), options.words("domains")
        terms = tuple(term.casefold() for term in options.words("terms"))
        if not (themes or domains or terms):
            raise CollectError(
                "bad_option", f"source '{source.name}': it needs `themes`, `domains` or `terms`."
            )
        suffix = ".translation.gkg.csv.zip" if options.flag("translated") else ".gkg.csv.zip"
        listing = "lastupdate-translation.txt" if options.flag("translated") else "lastupdate.txt"
        newest = await self._newest(source, context, listing, suffix)
        backfill = Backfill(
            context.cursor, f"gkg:{suffix}:{sorted(themes)}:{sorted(domains)}:{sorted(terms)}"
        )
        todo = backfill.todo(window, newest + _QUARTER, default=_QUARTER, overlap=timedelta(0))
        now = datetime.now(UTC)
        waiting = backfill.waiting(now)
        requested: set[datetime] = set()
        failing = 0
        for since, until in [*backfill.due_stretches(now), *slices(floored(todo, _floor), _QUARTER)]:
            if since in requested:
                continue
            requested.add(since)
            address = urljoin(source.url, stamp(since) + suffix)
            if since in waiting:
                yield Rejected(address, waiting[since])
                continue
            try:
                response = await api.get(context, source, address, accept="*/*", max_bytes=_ZIPPED)
                async for item in in_thread(_matching(response.body, themes, domains, terms)):
                    yield item
            except CollectError as error:
                late = error.reason == "http_404" and newest - since < _LATE
                passing = late or reason_of(error.reason).passes
                failing = failing + 1 if passing and not late else 0
                if failing == _MOST_FAILING or error.reason in _STOPS or _on_the_way(error.reason):
                    raise  # what follows would fail, too; the next refresh goes on here
                yield Rejected(address, error.reason)
                if passing and backfill.leave(since, until, now, error.reason):
                    continue
            else:
                failing = 0
            backfill.finish(since, until)

    @staticmethod
    async def _newest(source: Source, context: Context, listing: str, suffix: str) -> datetime:
        """The batch that the service announces as its newest: a later file does not exist yet."""
        response = await api.get(context, source, urljoin(source.url, listing), accept="text/plain")
        for line in response.body.decode("utf-8", "replace").splitlines()[:20]:
            name = line.split()[-1].rsplit("/", 1)[-1] if line.split() else ""
            if name.endswith(suffix) and (moment := parse_stamp(name.split(".", 1)[0])):
                return moment
        raise CollectError("schema_changed", f"{source.url}{listing} names no GKG file.")


def _on_the_way(reason: str) -> bool:
    return reason_of(reason).fault == "network"


def _floor(moment: datetime) -> datetime:
    moment = moment.astimezone(UTC)
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)


def _matching(
    body: bytes, themes: frozenset[str], domains: tuple[str, ...], terms: tuple[str, ...]
) -> Iterator[Candidate | Rejected]:
    """The rows of a file of one of `domains` with one of `themes` or `terms`; an empty filter lets all by."""
    for line in unzip_lines(body, _UNZIPPED):
        row = line.decode("utf-8", "replace").split("\t")
        if len(row) != _COLUMNS:
            yield Rejected("", "bad_row")
            continue
        domain, url, extras = row[3].lower(), row[4], row[26]
        if domains and not any(domain == name or domain.endswith(f".{name}") for name in domains):
            continue
        title = html.unescape(match[1]).strip() if (match := _TITLE.search(extras)) else None
        if (themes or terms) and themes.isdisjoint(row[7].split(";")):
            sought = f"{title or ''}\n{url}".casefold()
            if not any(term in sought for term in terms):
                continue
        if not is_web(url):
            yield Rejected(url, "no_url")
            continue
        stated_moment = parse_stamp(match[1]) if (match := _PUBLISHED.search(extras)) else None
        batch = parse_stamp(row[1])
        published = stated_moment if stated_moment and batch and stated_moment <= batch + _QUARTER else None
        yield Candidate(
            url,
            title=title or None,
            published=published,
            published_precision="second" if published else None,
            outlet=domain or None,
            domain=domain or None,
        )
