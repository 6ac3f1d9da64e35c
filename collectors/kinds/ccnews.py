"""Common Crawl CC-NEWS: the pages of news sites as crawled since August 2016, in WARC files, local or by URL.

Contract: commoncrawl.org/news-crawl and ISO 28500 (WARC). Relied on: BASE/YYYY/MM/warc.paths.gz lists the
files of a month, one path a line, relative to the host; names are CC-NEWS-YYYYMMDDhhmmss-NNNNN.warc.gz,
about 1 GB each; `response` records hold WARC-Target-URI, WARC-Date (the capture) and the HTTP answer.

A file of 1 GB holds some 40,000 pages; reading it costs minutes, so records are judged by host and date
before their content is read, and by a cheap search for bytes before it is parsed. A capture tells when a
page was read; when it was published, the page itself has to say.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from collectors.candidate import Candidate, Rejected, Window
from collectors.collector import Context
from collectors.errors import CollectError
from collectors.shared import api
from collectors.shared.options import Options
from collectors.shared.outlets import with_outlet
from collectors.shared.records import local_path
from collectors.shared.threads import in_thread
from collectors.shared.timestamps import parse_stamp
from collectors.shared.unpack import gunzip
from collectors.shared.warc import Damage, address_of, whole_records
from collectors.source import Source
from pressgauge.urls import is_web

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

    from collectors.web.fetch import Fetcher

_MAX_PAGE = 10 * 1024 * 1024
_MAX_WARC = 4 * 1024 * 1024 * 1024
_MAX_LISTING = 16 * 1024 * 1024
_ALL = 1_000_000
_LATE = timedelta(days=2)
"""CC-NEWS follows feeds: a page is captured within about two days of its publication."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records are read: of hosts at or below `domains`, captured since `since`, with any of `terms`.

    An empty filter lets all by. `terms`, lower-case, are sought in the page's bytes without the case of A
    to Z.
    """

    domains: tuple[str, ...] = ()
    terms: tuple[bytes, ...] = ()
    since: datetime | None = None

    def wants(self, record: WarcRecord) -> bool:
        """Decided on the record's head alone."""
        try:
            host = urlsplit(address_of(record)).hostname or ""
        except ValueError:
            return False
        if self.domains and not any(host == name or host.endswith(f".{name}") for name in self.domains):
            return False
        captured = record.record_date
        return not (self.since and captured and captured.astimezone(UTC) < self.since)


ArchiveReader = Callable[["Archive"], AsyncIterator[Candidate | Rejected]]


@dataclass(frozen=True, slots=True)
class Archive:
    """One WARC file, at a path or by URL, and what is wanted of it.

    `key` names that question: another size, date or filter has another.
    """

    key: str
    address: str
    source: Source
    page_filter: Filter


class CcNews:
    kind = "ccnews"
    summary = "pages of news sites as Common Crawl captured them since 2016, from WARC files, local or by URL"
    limits = "1 GB a file and several hundred files a month; words are sought as bytes, before parsing"
    key: str | None = None
    takes_path = True

    async def collect(
        self, source: Source, window: Window, context: Context
    ) -> AsyncIterator[Candidate | Rejected]:
        options = Options(source, "domains", "terms", "max_files")
        page_filter = Filter(
            tuple(domain.lower() for domain in options.words("domains")),
            tuple(term.lower().encode() for term in options.words("terms")),
            window.since,
        )
        remote = is_web(source.url)
        most = options.whole("max_files", 1 if remote and not context.cluster else _ALL, 1, _ALL)
        if remote and not page_filter.domains:
            raise CollectError("bad_option", f"source '{source.name}': it needs `domains` to search.")
        if remote:
            files, unlisted = await self._files(source, window, context)
        else:
            files, unlisted = _local(local_path(source.url)), []
        for missing in unlisted:
            yield missing
        archives = [Archive(key_of(file, source, page_filter), file, source, page_filter) for file in files]
        unread = [archive for archive in archives if not context.cursor.get(archive.key)]
        async with _reading(unread[:most], context) as read_archive:
            for archive in unread[:most]:
                whole = True
                try:
                    async for item in read_archive(archive):
                        whole = whole and not (isinstance(item, Rejected) and item.reason == "bad_warc")
                        yield with_outlet(item, source)
                except CollectError as error:
                    if error.reason == "cluster_lost":
                        raise
                    yield Rejected(archive.address, error.reason)
                    continue
                if whole:
                    context.cursor.set(archive.key, True)
        for archive in unread[most:]:
            yield Rejected(archive.address, "over_limit")

    @staticmethod
    async def _files(source: Source, window: Window, context: Context) -> tuple[list[str], list[Rejected]]:
        """The files whose captures can fall into the window, oldest first, and the months without a list."""
        if source.url.endswith((".warc", ".warc.gz")):
            return [source.url], []
        now = datetime.now(UTC)
        until = min(window.until or now, now) + _LATE
        since = window.since or now - _LATE
        files: set[str] = set()
        unlisted: list[Rejected] = []
        month = since.replace(day=1)
        while month < min(until, now):
            listing = urljoin(source.url, f"{month:%Y/%m}/warc.paths.gz")
            month = (month + timedelta(days=32)).replace(day=1)
            try:
                response = await api.get(context, source, listing, accept="*/*", max_bytes=_MAX_LISTING)
                paths = gunzip(response.body, _MAX_LISTING).decode("utf-8", "replace").split()
            except CollectError as error:
                # The list of a month appears with its first file.
                unlisted.append(Rejected(listing, error.reason))
                continue
            for path in paths:
                stamp = parse_stamp(path.rsplit("/", 1)[-1].removeprefix("CC-NEWS-")[:14])
                if stamp and since <= stamp < until:
                    files.add(urljoin(source.url, f"/{path.lstrip('/')}"))
        if unlisted and not files:
            raise CollectError(unlisted[0].reason, f"{unlisted[0].url} could not be read.")
        return sorted(files), unlisted


def _local(path: Path) -> list[str]:
    """A WARC file, or those of a folder. Raises CollectError('no_file')."""
    if not path.exists():
        raise CollectError("no_file", f"{path} does not exist.")
    return sorted(map(str, path.rglob("*.warc*"))) if path.is_dir() else [str(path)]


def key_of(file: str, source: Source, page_filter: Filter) -> str:
    """The name of what is asked of a file: one that has changed, or another filter, is another question."""
    state = None if is_web(file) else Path(file).stat()
    identity = [source.name, file, state and [state.st_size, state.st_mtime_ns], str(page_filter.since)]
    question = json.dumps([*identity, sorted(page_filter.domains), sorted(map(repr, page_filter.terms))])
    return f"warc-{hashlib.blake2b(question.encode(), digest_size=16).hexdigest()}"


@asynccontextmanager
async def _reading(archives: Sequence[Archive], context: Context) -> AsyncIterator[ArchiveReader]:
    """What reads the archives: this process, or the refresh's cluster."""
    if context.cluster is None:
        yield partial(pages, context.fetch)
    else:
        async with context.cluster.reading(archives) as read_archive:
            yield read_archive


async def pages(fetch: Fetcher, archive: Archive) -> AsyncIterator[Candidate | Rejected]:
    """The pages of one archive, first copied here if it is on the web. Raises CollectError."""
    if not is_web(archive.address):
        async for item in _pages_beside(Path(archive.address), archive.page_filter):
            yield item
        return
    with tempfile.TemporaryDirectory(prefix="pressgauge-") as folder:
        file = Path(folder) / "captures.warc.gz"
        with file.open("wb") as copy:
            async for chunk in fetch.stream(
                archive.address, source=archive.source, max_bytes=_MAX_WARC, robots=False
            ):
                await asyncio.to_thread(copy.write, chunk)
        async for item in _pages_beside(file, archive.page_filter):
            yield item


async def _pages_beside(file: Path, page_filter: Filter) -> AsyncIterator[Candidate | Rejected]:
    """`read` beside the event loop; it ends at the next record when nobody waits for it any more."""
    stop = threading.Event()
    try:
        async for item in in_thread(pages_of_file(file, page_filter, stop)):
            yield item
    finally:
        stop.set()


def pages_of_file(
    file: Path, page_filter: Filter, stop: threading.Event | None = None
) -> Iterator[Candidate | Rejected]:
    """The HTML pages of a WARC file that `page_filter` lets by; where it is damaged, Rejected('bad_warc').

    Ends at the next record once `stop` is set: between two wanted ones there may be a gigabyte.
    Raises CollectError('no_file') when the file cannot be opened.
    """
    from fastwarc.warc import WarcRecordType

    try:
        stream = file.open("rb")
    except OSError as error:
        raise CollectError("no_file", f"{file} cannot be read: {error.strerror}.") from error
    halt = stop or threading.Event()
    with stream:
        for item in whole_records(
            stream,
            lambda record: None if halt.is_set() else _page(record, page_filter.terms),
            types=WarcRecordType.response,
            wants=lambda record: halt.is_set() or page_filter.wants(record),
        ):
            if halt.is_set():
                return
            if isinstance(item, Damage):
                yield Rejected(f"{file.name}: {item}"[:300], "bad_warc")
            elif item is not None:
                yield item


def _page(record: WarcRecord, terms: tuple[bytes, ...]) -> Candidate | Rejected | None:
    url = address_of(record)
    status = record.http_headers.status_code if record.http_headers else None
    if status != 200 or "html" not in (record.http_content_type or "text/html"):
        return None
    body = record.reader.read(_MAX_PAGE + 1)
    if len(body) > _MAX_PAGE:
        return Rejected(url, "too_large")
    encoding = (record.http_headers.get("Content-Encoding") or "identity").lower()
    if encoding not in ("identity", "gzip", "x-gzip"):
        return Rejected(url, "content_encoding")
    try:
        body = gunzip(body, _MAX_PAGE)
    except CollectError as error:
        return Rejected(url, error.reason)
    if terms:
        lowered = body.lower()
        if not any(term in lowered for term in terms):
            return None
    return Candidate(url, html=body, charset=record.http_charset) if is_web(url) else Rejected(url, "no_url")
