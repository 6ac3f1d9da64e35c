"""A service on loopback for each test, written from the documentation of the one it stands for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from collectors.candidate import Candidate, Rejected, Window
from collectors.collector import Context
from collectors.cursor import Cursor
from collectors.kinds.registry import COLLECTORS
from collectors.sandbox.pool import Workers
from collectors.source import Source
from collectors.web.fetch import Fetcher

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Service:
    """A server with one handler; `requests` is what it was asked, in order."""

    url: str = ""
    requests: list[web.Request] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        """What was asked for in order, robots.txt apart."""
        return [request.path for request in self.requests if request.path != "/robots.txt"]

    def asked(self, name: str) -> list[str]:
        return [request.query.get(name, "") for request in self.requests]


@pytest.fixture
async def serve() -> AsyncIterator[Callable[[Handler], Awaitable[Service]]]:
    """`service = await serve(handler)`; `service.url` ends in "/"."""
    runners: list[web.AppRunner] = []

    async def start(handler: Handler) -> Service:
        service = Service()

        async def counted(request: web.Request) -> web.StreamResponse:
            service.requests.append(request)
            return await handler(request)

        app = web.Application()
        app.router.add_route("GET", "/{path:.*}", counted)
        runner = web.AppRunner(app, handler_cancellation=True)
        await runner.setup()
        runners.append(runner)
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        service.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        return service

    yield start
    for runner in runners:
        await runner.cleanup()


@dataclass
class Collected:
    """What a collector yielded, in order."""

    found: list[Candidate | Rejected] = field(default_factory=list)

    @property
    def candidates(self) -> list[Candidate]:
        return [item for item in self.found if isinstance(item, Candidate)]

    @property
    def urls(self) -> list[str]:
        return [candidate.url for candidate in self.candidates]

    @property
    def rejected(self) -> list[tuple[str, str]]:
        return [(item.url, item.reason) for item in self.found if isinstance(item, Rejected)]

    @property
    def reasons(self) -> list[str]:
        return [reason for _, reason in self.rejected]


@pytest.fixture
async def collect(tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[Collected]]]:
    """`await collect(kind, url, window, environ={...}, **options)`, with one cursor for the whole test.

    `stop_after=n` abandons the collector after its n-th item, as a killed refresh does; `fetch` is another
    fetcher, which knows of no pause.
    """
    cursor = Cursor()
    workers: Workers | None = None
    async with Fetcher() as usual, AsyncExitStack() as stack:

        async def run(
            kind: str,
            url: str,
            window: Window | None = None,
            *,
            environ: dict[str, str] | None = None,
            stop_after: int | None = None,
            fetch: Fetcher = usual,
            **options: Any,
        ) -> Collected:
            nonlocal workers
            if kind in ("feed", "sitemap", "homepage") and workers is None:
                workers = await stack.enter_async_context(Workers(1, parsers=("feed", "sitemap", "links")))
            source = Source(
                name="the source",
                kind=kind,
                url=url,
                outlet="The Outlet",
                local=True,
                delay=0.0,
                options=options,
            )
            context = Context(fetch, cursor, environ=environ or {}, reference=tmp_path, workers=workers)
            collected = Collected()
            items = COLLECTORS[kind].collect(source, window or Window(), context)
            async for item in items:
                collected.found.append(item)
                if len(collected.found) == stop_after:
                    await items.aclose()
            return collected

        yield run
