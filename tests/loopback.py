"""A real web on loopback for tests: ordinary answers from aiohttp, hostile ones from bare sockets.

with Loopback() as web:
    web.page("/feed", FEED, "application/rss+xml")
    web.url("/feed")                    # http://127.0.0.1:PORT/feed
    web.raw(drip)                       # the URL of a server that is one coroutine (reader, writer)
    web.asked("/feed")                  # the requests that really arrived
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import inspect
import threading
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from aiohttp import web

T = TypeVar("T")
Handler = Callable[[web.Request], web.StreamResponse | Awaitable[web.StreamResponse]]
Raw = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that arrived: for which host, when (seconds, monotonic), with which headers."""

    path: str
    host: str
    at: float
    headers: Mapping[str, str] = field(repr=False)


class Loopback:
    """A server in a thread of its own on one port of 127.0.0.1, and of 127.0.0.2 ... when `hosts` is more.

    A path that nothing was put under answers 404; a path under a host (`host="127.0.0.2"`) comes before the
    same path for all hosts. `delay` (seconds) is slept before each answer.
    """

    def __init__(self, hosts: int = 1, *, delay: float = 0.0) -> None:
        self.hosts = [f"127.0.0.{n}" for n in range(1, hosts + 1)]
        self.delay = delay
        self.port = 0
        self.requests: list[Asked] = []
        self.most_at_once: dict[str, int] = {}
        self._now: dict[str, int] = {}
        self._handlers: dict[tuple[str | None, str], Handler] = {}
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def handle(self, path: str, handler: Handler, *, host: str | None = None) -> str:
        """Answer `path` by a function or coroutine function of the aiohttp request -> the URL."""
        self._handlers[host, path] = handler
        return self.url(path, host or "127.0.0.1")

    def page(
        self,
        path: str,
        body: bytes | str,
        content_type: str = "text/html; charset=utf-8",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        host: str | None = None,
    ) -> str:
        """Answer `path` with these bytes as they are -> the URL."""
        content = body.encode() if isinstance(body, str) else body
        said = {"Content-Type": content_type, **(headers or {})}
        return self.handle(path, lambda _: web.Response(body=content, status=status, headers=said), host=host)

    def redirect(self, path: str, to: str, status: int = 302, *, host: str | None = None) -> str:
        return self.page(path, b"", status=status, headers={"Location": to}, host=host)

    def raw(self, answer: Raw, host: str = "127.0.0.1") -> str:
        """A server that is one coroutine (reader, writer) -> its URL, ending in "/"."""

        async def start() -> int:
            async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                task = asyncio.current_task()
                assert task
                self._tasks.add(task)
                self.requests.append(Asked("raw", host, self._loop.time(), {}))
                with contextlib.suppress(
                    ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError
                ):
                    await answer(reader, writer)
                writer.close()
                self._tasks.discard(task)

            server = await asyncio.start_server(connected, host, 0)
            self._servers.append(server)
            port: int = server.sockets[0].getsockname()[1]
            return port

        return f"http://{host}:{self._run(start())}/"

    def asked(self, path: str) -> list[Asked]:
        return [request for request in self.requests if request.path == path]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        host = request.host.partition(":")[0]
        self.requests.append(Asked(request.path, host, self._loop.time(), dict(request.headers)))
        self._now[host] = self._now.get(host, 0) + 1
        self.most_at_once[host] = max(self.most_at_once.get(host, 0), self._now[host])
        try:
            if self.delay:
                await asyncio.sleep(self.delay)
            handler = self._handlers.get((host, request.path)) or self._handlers.get((None, request.path))
            if handler is None:
                return web.Response(status=404, text="not here")
            answer = handler(request)
            return await answer if inspect.isawaitable(answer) else answer
        finally:
            self._now[host] -= 1

    async def _start(self) -> None:
        """Listen at one port of all hosts."""
        while True:
            app = web.Application()
            app.router.add_route("*", "/{path:.*}", self._answer)
            self._runner = web.AppRunner(
                app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1
            )
            await self._runner.setup()
            try:
                for host in self.hosts:
                    await web.TCPSite(self._runner, host, self.port).start()
                    self.port = self._runner.addresses[0][1]
                return
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
                # The port that was free at the first host is another test's at this one.
                await self._runner.cleanup()
                self.port = 0

    async def _stop(self) -> None:
        for server in self._servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._runner.cleanup()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)
