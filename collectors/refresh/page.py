"""One page of a refresh: from its address to an article that waits for its commit, or to its outcome."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Self

from collectors.candidate import Candidate, Window
from collectors.errors import FetchError
from collectors.extraction.article import Article
from collectors.outcome import Outcome
from collectors.refresh import rules
from collectors.refresh.commit import Commits, Pending
from collectors.refresh.identity import canonical_of, identity_of
from collectors.refresh.source_progress import SourceProgress
from collectors.refresh.trust import Domains, speaks_for
from collectors.sandbox.pool import Workers
from collectors.source import Source
from collectors.state import State
from collectors.web.fetch import Fetcher, Response, digest_of
from pressgauge.urls import canonicalize, choose_canonical

SOURCE_DELAY = 45.0
"""Seconds that the pages of one source may hold a refresh up, counted beyond those that a page may take:
then what is left of it comes with the next refreshes."""
_PAGE_PATIENCE = 5.0
SOURCE_TIME = 1_800.0
"""Seconds that the pages of one source may take in a refresh of what is new, however well it answers, since
the others wait for its end; a back-fill, which names its time of publication, goes on to its own."""
_PAGE = 80_000
"""Bytes that a page counts for as long as it is not there, and at least."""
_ROOM = 100 * _PAGE
"""Bytes of pages that may be on their way or wait for a reader: they are all in memory."""
_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"


class _Room:
    """Bytes of memory for pages. Who comes first is let in first; a page may take more than there are."""

    def __init__(self, size: int) -> None:
        self._left = size
        self._line = asyncio.Lock()
        self._more = asyncio.Event()

    async def take(self, size: int) -> None:
        async with self._line:
            while self._left < size:
                self._more.clear()
                await self._more.wait()
            self._left -= size

    def give(self, size: int) -> None:
        self._left += size
        self._more.set()


class _PageSlot:
    """Room for one page in memory: taken when its host may be asked, given back at the end of the block."""

    def __init__(self, room: _Room) -> None:
        self._room = room
        self._size = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._room.give(self._size)

    async def take(self) -> None:
        if not self._size:
            await self._room.take(_PAGE)
            self._size = _PAGE

    def hold(self, page: bytes) -> None:
        """Count for what came: a heavy page lets fewer others in."""
        size = max(_PAGE, len(page))
        self._room.give(self._size - size)
        self._size = size


class PageReader:
    """Reads the pages of one refresh: fetches and extracts them, and says which outlet and address they have.

    `window` is the time of publication that is asked for; `sources` are all of the refresh, since an outlet's
    own source labels its articles, whichever source brings them.
    """

    def __init__(
        self,
        fetch: Fetcher,
        workers: Workers,
        state: State,
        commits: Commits,
        sources: Sequence[Source],
        window: Window,
    ) -> None:
        self._fetch, self._workers, self._state = fetch, workers, state
        self._commits, self._articles = commits, commits.articles
        self._domains, self._window = Domains(sources), window
        self._labels: dict[int | None, str] = {}
        self._room = _Room(_ROOM)

    async def read(self, progress: SourceProgress, candidate: Candidate) -> Outcome:
        """Fetch and extract one page; an article is put among the pending."""
        source = progress.source
        before = self._state.outcome(candidate.url) if candidate.article is None else None
        attempts = (before.attempts if before else 0) + 1
        url, html, charset = candidate.url, candidate.html, candidate.charset
        if html is None and candidate.text and not speaks_for(source, url):
            candidate = replace(candidate, text=None)
        article = Article()
        async with _PageSlot(self._room) as place:
            try:
                if html is None and source.fetch:
                    response = await self._page_of(progress, url, place)
                    if not response.body.strip():  # a moment's fault, unlike what is there and no page
                        raise FetchError("no_content", response.url, "the answer is empty")
                    place.hold(response.body)
                    url, html, charset = response.url, response.body, response.charset
            except FetchError as error:
                if not (candidate.text and rules.feed_stands_in(error.reason)):
                    kind = rules.unfetched(error.reason)
                    charged = attempts - (error.reason in ("host_paused", "out_of_time"))  # never asked for
                    return Outcome.of(candidate, source.name, kind, error.reason, charged)
            else:
                article = candidate.article or (
                    Article()
                    if html is None
                    else await self._workers.extract(
                        html,
                        url,
                        charset=charset,
                        hint_title=candidate.title,
                        hint_published=candidate.published,
                    )
                )
                if refusal := rules.refusal_of(article):
                    kind, reason = refusal
                    if not (candidate.text and rules.feed_stands_in(reason)):
                        return Outcome.of(candidate, source.name, kind, reason, attempts)
        canonical = self._canonical(url, article)
        now = datetime.now(UTC)
        row = rules.row(self._domains.with_label(source, candidate), candidate, article, url, canonical, now)
        if html is None and not row["title"]:
            return Outcome(candidate.url, source.name, "rejected", "no_title")
        if not self._window.contains(row["published"]):
            return Outcome(candidate.url, source.name, "rejected", "outside_window")
        identity = identity_of(canonical)
        if not self._articles.claim(candidate.url, identity):
            copy = Outcome.of(candidate, source.name, "duplicate", None, 0)
            return replace(copy, canonical=canonical)
        self._labels[identity] = self._labels[identity_of(candidate.url)] = row["outlet"]
        outcome = Outcome(candidate.url, source.name, "stored", canonical=canonical, label=row["outlet"])
        if html is None and row["partial"] == "title_only":
            waiting = Outcome.of(candidate, source.name, "stored", "title_only", attempts - 1)
            outcome = replace(waiting, canonical=canonical, label=row["outlet"])
        digest = digest_of(html) if html and candidate.html is None else None
        again = outcome
        if digest is not None:
            again = Outcome.of(candidate, source.name, "failed", "captive_portal", attempts - 1)
        own_address = canonical_of(article.canonical_url or "") == canonical_of(url) is not None
        pending = Pending(row, progress.ledger, outcome, again, digest, own_address)
        self._commits.add(pending, is_fetched=candidate.article is None and source.fetch)
        progress.ledger.count("stored")
        return outcome

    async def _page_of(self, progress: SourceProgress, url: str, place: _PageSlot) -> Response:
        """The page at `url`, in its turn; how long it kept others waiting is put down to its source."""

        start = progress.start = progress.start or time.monotonic()
        new_only = self._window == Window()

        def in_time() -> None:
            over = new_only and time.monotonic() - start >= SOURCE_TIME
            if over or progress.delay >= SOURCE_DELAY:
                raise FetchError("out_of_time", url, "its source kept this refresh waiting for too long")

        call_start = turn_start = time.monotonic()

        async def ready() -> None:
            nonlocal turn_start
            in_time()
            await place.take()
            turn_start = time.monotonic()

        in_time()
        timeout = False
        try:
            return await self._fetch(
                url, source=progress.source, accept=_ACCEPT, conditional=False, ready=ready
            )
        except FetchError as error:
            timeout = error.reason == "timeout"
            raise
        finally:
            # A robots.txt that never comes holds up as well, before the page had its turn.
            if turn_start != call_start or timeout:
                progress.delay += max(0.0, time.monotonic() - turn_start - _PAGE_PATIENCE)

    def _canonical(self, url: str, article: Article) -> str:
        """The one address of an article found at `url`: what its page declares, where that is believed."""
        own = canonical_of(url) or canonicalize(url)
        canonical = choose_canonical(url, article.canonical_url) if article.canonical_url else own
        if canonical == own:
            return own
        if not self._commits.site_wide.knows(canonical):
            self._commits.site_wide.learn(canonical, self._state.titles_under(canonical))
        return canonical if self._commits.site_wide.is_believed(canonical, own, article.title or "") else own

    def compare_label(self, source: Source, candidate: Candidate, identity: int) -> None:
        """Note that a source gives a known article to another outlet: the first label stays."""
        label = candidate.outlet or self._domains.with_label(source, candidate).outlet
        first = self._labels.get(identity)
        if first is None and (before := self._state.outcome(candidate.url)):
            first = before.label
        canonical = canonical_of(candidate.url)
        if first is not None and first != label and canonical:
            self._commits.other_labels[canonical, source.name] = label
