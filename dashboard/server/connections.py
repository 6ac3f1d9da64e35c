"""How much one visitor, and all together, may hold of the server before anybody has logged in."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import math
import resource
import time
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from panel.io.server import Server
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.iostream import IOStream

from dashboard.server.attempts import network_of

log = logging.getLogger("pressgauge.server")
MAX_CONNECTIONS = 2_000
MAX_CONNECTIONS_BY_ADDRESS = 400
"""A page that is open holds one, a page that is loading six."""
MAX_SESSIONS = 250
"""Open pages, those included that were asked for and never opened: more would take more than a gigabyte."""
MAX_SESSIONS_BY_ADDRESS = 60
LIMITS: dict[str, Any] = {
    "max_body_size": 64 * 1024,  # the form of a log-in is all that is ever sent
    "max_header_size": 64 * 1024,
    "max_buffer_size": 4 * 1024 * 1024,
    "idle_connection_timeout": 30.0,  # the time of a request's headers, too
    "body_timeout": 30.0,
}
HTTP_LIFE_S = 600.0
"""After which a connection that is no websocket ends, also in the midst of an answer that nobody reads."""
_RESERVED = 256
"""Descriptors that are kept for files, processes and look-ups."""
_PAUSE_S = 1.0
PAUSE_SHARE = 0.1
"""Of the time that a page took: so long the next one waits, for whoever is answered in a moment."""
OPENING_S = 60.0
"""Within which a websocket that is answered has to open the page that it holds a place for."""
_EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_AT_ONCE = 128


class Once:
    """A log that says a thing at once and then at most once a minute, with how often it happened."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: dict[str, float] = {}
        self._since: Counter[str] = Counter()

    def say(self, what: str) -> None:
        now = self._clock()
        self._since[what] += 1
        if now - self._last.get(what, -60.0) >= 60.0:
            log.warning("%s (%d times)", what, self._since[what])
            self._last[what] = now
            del self._since[what]


class Door:
    """Accepts the connections of a server, as many as it may hold, and pauses where the machine has no more.

    Tornado's own loop (6.6.1) comes again at once when it has no descriptor left, with a traceback each time.
    """

    def __init__(self, http: HTTPServer, *, proxies: frozenset[str] = frozenset()) -> None:
        """`proxies` are addresses, each of which speaks for many visitors."""
        self._http, self._proxies, self._once = http, proxies, Once()
        self._most = min(MAX_CONNECTIONS, descriptors() - _RESERVED)
        self._open_streams: list[tuple[IOStream, str, float]] = []
        self._by_address: Counter[str] = Counter()
        handle = http.handle_stream

        def count_stream(stream: IOStream, address: Any) -> Any:
            self._open_streams.append((stream, network_of(address[0]), time.monotonic()))
            self._by_address[self._open_streams[-1][1]] += 1
            return handle(stream, address)

        http.handle_stream = count_stream  # type: ignore[method-assign]
        for number, listening in http._sockets.items():
            http._handlers.pop(number)()
            http._handlers[number] = self._watch(listening)

    def watch(self) -> None:
        """Look after connections that last too long, on the running loop."""
        PeriodicCallback(self._end_the_old, 10_000).start()

    def _watch(self, listening: Any) -> Callable[[], None]:
        """Accept what comes to a socket -> what ends that."""
        loop, is_over = IOLoop.current(), False

        def accept(number: Any, events: Any) -> None:
            for _ in range(_AT_ONCE):
                if is_over:
                    return
                try:
                    connection, address = listening.accept()
                except (BlockingIOError, InterruptedError):
                    return
                except ConnectionAbortedError:
                    continue
                except OSError as error:
                    if error.errno not in _EXHAUSTED:
                        raise
                    self._once.say(f"no connection can be accepted: {error.strerror}")
                    loop.remove_handler(listening)
                    loop.call_later(_PAUSE_S, resume)
                    return
                self._admit(connection, address)

        def resume() -> None:
            if not is_over:
                loop.add_handler(listening, accept, IOLoop.READ)

        def end() -> None:
            nonlocal is_over
            is_over = True
            loop.remove_handler(listening)

        loop.add_handler(listening, accept, IOLoop.READ)
        return end

    def _admit(self, connection: Any, address: Any) -> None:
        network = network_of(address[0])
        if self._refusal(network):
            self._forget_the_closed()
        if refusal := self._refusal(network):
            self._once.say(refusal)
            connection.close()
            return
        self._http._handle_connection(connection, address)

    def _refusal(self, network: str) -> str | None:
        if len(self._open_streams) >= self._most:
            return f"a connection was refused: {self._most} are open"
        if self._by_address[network] >= MAX_CONNECTIONS_BY_ADDRESS and network not in self._proxies:
            return f"a connection was refused: {network} has {MAX_CONNECTIONS_BY_ADDRESS} open"
        return None

    def _forget_the_closed(self) -> None:
        self._open_streams = [connection for connection in self._open_streams if not connection[0].closed()]
        self._by_address = Counter(network for _, network, _ in self._open_streams)

    def _end_the_old(self) -> None:
        self._forget_the_closed()
        plain = {connection.stream for connection in self._http._connections}
        for stream, _, since in self._open_streams:
            if stream in plain and time.monotonic() - since > HTTP_LIFE_S:
                stream.close()


class Places:
    """How many pages are open, in all and by address: each holds some megabytes."""

    def __init__(self, server: Server, clock: Callable[[], float] = time.monotonic) -> None:
        self._contexts = server._tornado.applications.values()
        self._clock, self._once = clock, Once()
        self._pages: dict[str, tuple[str, float]] = {}

    def refusal(self, address: str) -> str | None:
        """Why no further page is opened for this address, as a sentence; None when there is a place."""
        network, now, open_now = network_of(address), self._clock(), self._open()
        self._pages = {
            page: (owner, until)
            for page, (owner, until) in self._pages.items()
            if page in open_now or now < until
        }
        if len(open_now | set(self._pages)) >= MAX_SESSIONS:
            refusal = f"{MAX_SESSIONS} pages are open."
        elif sum(owner == network for owner, _ in self._pages.values()) >= MAX_SESSIONS_BY_ADDRESS:
            refusal = f"{MAX_SESSIONS_BY_ADDRESS} pages are open at your address."
        else:
            return None
        self._once.say(f"a page was refused to {network}: {refusal}")
        return f"{refusal} Close some, or try again in a few seconds.\n"

    def take(self, page: str, address: str, *, within: float = 0.0) -> None:
        """Say whose a page is that is there, or that will be within so many seconds."""
        self._pages[page] = network_of(address), self._clock() + within

    @contextlib.contextmanager
    def opening(self, page: str, address: str) -> Iterator[None]:
        """Hold a place for a page that waits for its turn and is made, however long; what has become no page
        gives it back."""
        self.take(page, address, within=math.inf)
        try:
            yield
        finally:
            self.take(page, address)

    def has(self, page: str) -> bool:
        return page in self._open()

    def _open(self) -> set[str]:
        return {page for context in self._contexts for page in context._sessions}


class Turns:
    """Who makes the next page or chart, which takes the server half a second: one after the other, the
    addresses in turn, with a pause between two in which everybody else is answered.

    Tornado (6.6.1) goes through with all that were asked for at once before it looks for anything else.
    """

    def __init__(self, pause_share: float) -> None:
        """The pause is this share of the time that a turn took."""
        self._pause_share = pause_share
        self._is_taken = False
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @contextlib.asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[None]:
        """Wait for the turn of `address`, and have it."""
        loop = asyncio.get_running_loop()
        if self._is_taken:
            await self._come(network_of(address), loop.create_future())
        self._is_taken, begun = True, loop.time()
        try:
            yield
        finally:
            loop.call_later(self._pause_share * (loop.time() - begun), self._pass_on)

    async def _come(self, network: str, mine: asyncio.Future[None]) -> None:
        self._waiting.setdefault(network, deque()).append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if not mine.cancelled():  # the turn had come
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        while self._waiting:
            network, queue = self._waiting.popitem(last=False)
            while queue:
                next_one = queue.popleft()
                if not next_one.done():  # else it waits no longer
                    next_one.set_result(None)
                    if queue:
                        self._waiting[network] = queue
                    return
        self._is_taken = False


def descriptors() -> int:
    """How many files and connections this process may hold, after asking for as many as the door needs."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    target = MAX_CONNECTIONS + _RESERVED
    if soft < target and (hard == resource.RLIM_INFINITY or hard > soft):
        soft = target if hard == resource.RLIM_INFINITY else min(target, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return soft
