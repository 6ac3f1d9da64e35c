"""Asking every source once, to learn which fail and why, and what their sites announce instead."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from collectors.candidate import Candidate, Rejected, Window
from collectors.collector import Context
from collectors.cursor import Cursor
from collectors.discovery.site import find_site
from collectors.errors import CollectError
from collectors.kinds.registry import COLLECTORS
from collectors.reasons import reason_of
from collectors.sandbox.pool import Workers
from collectors.source import Source
from collectors.web.fetch import Fetcher
from pressgauge.errors import PressgaugeError

_AT_ONCE = 16
_PATIENCE = 120.0
"""Seconds that a source gets to name its first articles."""
_ENOUGH = 50
"""Entries taken of a source, to learn how new they are."""
_STALE = timedelta(days=60)
_LISTS = ("feed", "sitemap", "homepage")
"""The kinds of one site, which may announce another address."""


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """What a source answered: `articles` of the first 50 entries can be collected, the newest of `newest`
    (None: undated). `reason` is a word of `collectors.reasons`, or None when it gave something; `detail` is
    what is to be known, in a sentence. `proposed` are addresses that its site offers instead."""

    source: str
    kind: str
    url: str
    articles: int = 0
    newest: datetime | None = None
    reason: str | None = None
    detail: str = ""
    proposed: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        newest = self.newest.isoformat() if self.newest else None
        return asdict(self) | {"newest": newest, "proposed": list(self.proposed)}


async def check_sources(
    sources: Sequence[Source], *, environ: Mapping[str, str] | None = None
) -> AsyncIterator[SourceCheck]:
    """What each source answers, as it answers: they are asked side by side, and no article is fetched.

    Nothing is kept: no cursor, no back-off. Keys of services are read from `environ`, else the environment.
    """
    lists = ("feed", "sitemap", "links")
    async with Fetcher() as fetch, Workers(1, parsers=lists) as workers:
        room = asyncio.Semaphore(_AT_ONCE)
        keys = dict(os.environ if environ is None else environ)

        async def one(source: Source) -> SourceCheck:
            async with room:
                return await _Check(source, fetch, workers, keys).run()

        tasks = [asyncio.create_task(one(source)) for source in sources]
        try:
            for task in asyncio.as_completed(tasks):
                yield await task
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


class _Check:
    def __init__(self, source: Source, fetch: Fetcher, workers: Workers, environ: dict[str, str]) -> None:
        self._source, self._fetch, self._workers, self._environ = source, fetch, workers, environ
        self._articles = 0
        self._newest: datetime | None = None
        self._refusal: str | None = None

    async def run(self) -> SourceCheck:
        reason, detail = await self._ask()
        if reason is None and self._newest and datetime.now(UTC) - self._newest > _STALE:
            detail = f"its newest article is of {self._newest:%Y-%m-%d}"
        proposed: tuple[str, ...] = ()
        if (reason or detail) and self._source.kind in _LISTS and reason_of(reason or "").fault != "settings":
            proposed = await self._proposed()
        source = self._source
        return SourceCheck(
            source.name, source.kind, source.url, self._articles, self._newest, reason, detail, proposed
        )

    async def _ask(self) -> tuple[str | None, str]:
        """Why it gave nothing, as a reason and a sentence; (None, "") when it gave something."""
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._take()
        except TimeoutError:
            if not self._articles:
                return "timeout", f"it named no article in {_PATIENCE:.0f} seconds."
        except CollectError as error:
            if not self._articles:
                return error.reason, error.detail
        except Exception as error:  # noqa: BLE001 - a collector's fault is that source's, the others go on
            return "bug", f"{type(error).__name__}: {error}"[:300]
        if self._articles:
            return None, ""
        if self._refusal and self._refusal != "outside_window":
            return self._refusal, "none of its entries is an article that could be collected."
        return ("no_entries", "it answers, with no entry.") if self._source.kind in _LISTS else (None, "")

    async def _take(self) -> None:
        context = Context(self._fetch, Cursor(), self._workers, _ENOUGH, self._environ)
        collected: Any = COLLECTORS[self._source.kind].collect(self._source, Window(), context)
        async with aclosing(collected) as items:
            async for item in items:
                if isinstance(item, Rejected):
                    self._refusal = item.reason
                    continue
                self._see(item)
                if self._articles == _ENOUGH or self._source.kind not in _LISTS:
                    return

    def _see(self, candidate: Candidate) -> None:
        self._articles += 1
        if candidate.published and (self._newest is None or candidate.published > self._newest):
            self._newest = candidate.published

    async def _proposed(self) -> tuple[str, ...]:
        """What the site offers beside the address that fails, best first."""
        source = self._source
        parts = urlsplit(source.url)
        address = f"{parts.scheme}://{parts.netloc}/"
        if source.domain and not source.local:
            address = f"https://{source.domain}/"
        try:
            async with asyncio.timeout(_PATIENCE):
                site = await find_site(
                    address, self._fetch, self._workers, local=source.local, sample_count=0
                )
        except (PressgaugeError, TimeoutError):
            return ()
        return tuple(offer.url for offer in site.offers if offer.entries and offer.url != source.url)[:3]
