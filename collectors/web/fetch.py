"""The one HTTP client: polite to its hosts, and safe from them. No other module opens a socket to the web.

Every connection is vetted on the address it really uses (`ip_guard`), every redirect is followed here, hop by
hop, every body is decoded here (`decompress`) within a limit, and everything ends at a deadline.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import re
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Self, TypeVar
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver

import pressgauge
from collectors.errors import FetchError
from collectors.retries import LONGEST_PAUSE
from collectors.source import Source
from collectors.state import State
from collectors.web import robots
from collectors.web.decompress import ACCEPT_ENCODING, Body, DecodeError
from collectors.web.ip_guard import LOCAL_KINDS, refusal
from collectors.web.politeness import (
    CONCURRENCY,
    DELAY,
    LOCAL_CONCURRENCY,
    PATIENCE,
    SHED,
    PausedError,
    Politeness,
    jittered,
    retry_after,
)
from collectors.web.robots import Robots
from pressgauge.errors import PressgaugeError
from pressgauge.unicode import valid_text

T = TypeVar("T")
AGENT = "Pressgauge"
"""The product token that a robots.txt addresses us by."""
MAX_BYTES = 10 * 1024 * 1024
DEADLINE = 30.0
"""Seconds of network time for one call: connecting, sending, redirects and receiving together."""
STREAM_DEADLINE = 2 * 3600.0
MAX_HOPS = 10
MAX_CONNECTIONS = 200
RETRIES = 2
PAUSE = 0.5
"""Seconds before the first retry, twice as many before the next."""
_STALL = 60.0
_RETRY = ("reset", "truncated", "connect", "http_500", "http_502", "http_503", "http_504")
_NO_ROBOTS = ("too_many_redirects", "bad_redirect", "content_encoding", "bad_answer")
"""A robots.txt that cannot be had in these ways is unavailable (RFC 9309 2.3.1.2 and 2.3.1.3)."""
_PARTS = (206, 226)
"""Parts and differences (RFC 9110 15.3.7, RFC 3229), which are never asked for: no whole answer."""
_BLOCKED = "refused address"
_MAX_URL = 8_000
_REFUSAL = 64 * 1024
"""Bytes read of the answer with which a service refuses."""
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.I)


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, read whole and decoded; `url` is the last of its redirects, header names are lower case.

    `charset` is the one that Content-Type names, unchecked. `not_modified` is a 304: the body is empty.
    `moved` is where the address asked for has moved for good (301, 308), None when it has not.
    """

    url: str
    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)
    charset: str | None = None
    not_modified: bool = False
    moved: str | None = None


class BlockedAddressError(PressgaugeError, OSError):
    """The connection would go to an address that is not public."""


@dataclass(slots=True)
class _Budget:
    """Network time left to one call, in seconds; waiting for a turn does not count."""

    seconds_left: float

    @asynccontextmanager
    async def spend(self) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        start = loop.time()
        try:
            async with asyncio.timeout(max(self.seconds_left, 0.0)):
                yield
        finally:
            self.seconds_left -= loop.time() - start


@dataclass(frozen=True, slots=True)
class _Ask:
    """How one call asks, on every hop of its redirects."""

    source: Source
    accept: str
    conditional: bool
    max_bytes: int
    headers: Mapping[str, str]
    robots: bool
    budget: _Budget
    ready: Callable[[], Awaitable[object]] | None = None


class Fetcher:
    """`async with Fetcher() as fetch: response = await fetch(url, source=source)`.

    `state` keeps validators and pauses between refreshes. `resolver` answers DNS in place of the system.
    """

    def __init__(
        self,
        state: State | None = None,
        *,
        deadline: float = DEADLINE,
        resolver: AbstractResolver | None = None,
        contact: str | None = None,
    ) -> None:
        self._state = state or State()
        self._deadline = deadline
        self._resolver = resolver
        self._agent = user_agent(contact)
        self._politeness = Politeness()
        self._robots: dict[str, tuple[float, asyncio.Task[Robots] | None]] = {}
        self._sessions: dict[bool, aiohttp.ClientSession] = {}
        self._connections = asyncio.Semaphore(MAX_CONNECTIONS)
        self._askers: dict[tuple[str, str], dict[str, str]] = {}
        self.answers: dict[int, dict[str, str]] = {}
        """The hosts that gave the same whole answer, by its digest: they should be one. Each was asked by
        another source, which is the value: what one source links to says nothing about the network."""

    async def __aenter__(self) -> Self:
        for host, seconds in self._state.pauses().items():
            self._politeness.pause(host, seconds)
        for local in (False, True):
            self._sessions[local] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0, socket_factory=_vetting(local), resolver=self._resolver, ttl_dns_cache=300
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
                timeout=aiohttp.ClientTimeout(total=None, sock_read=_STALL),
                max_field_size=16 * 1024,
                headers={"User-Agent": self._agent, "Accept-Encoding": ACCEPT_ENCODING},
            )
        return self

    async def __aexit__(self, *_: object) -> None:
        tasks = [task for _, task in self._robots.values() if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for session in self._sessions.values():
            await session.close()

    async def __call__(
        self,
        url: str,
        *,
        source: Source,
        accept: str = "*/*",
        conditional: bool = True,
        max_bytes: int = MAX_BYTES,
        headers: Mapping[str, str] | None = None,
        robots: bool = True,
        ready: Callable[[], Awaitable[object]] | None = None,
    ) -> Response:
        """GET `url` under the limits of `source`. Raises FetchError; the answer's status is 2xx or 304.

        `conditional` sends what was kept of the URL and may answer `not_modified`; `headers` go to the host
        asked for only; `robots=False` is for services that are offered to programs, whose refusals are read;
        `ready` is waited for before each request, when its host may be asked.
        """
        budget = _Budget(self._deadline)
        ask = _Ask(source, accept, conditional, max_bytes, headers or {}, robots, budget, ready)
        response = await self._again(lambda: self._whole(url, ask), ask.budget)
        if conditional and response.status == 200:
            etag, modified = response.headers.get("etag"), response.headers.get("last-modified")
            if etag or modified:
                self._state.stage_validators(source.name, response.url, etag, modified)
        return response

    async def post(self, url: str, body: bytes, *, headers: Mapping[str, str], local: bool = False) -> None:
        """POST `body`, tried again where that may help; what is answered beyond the status is not read.

        The address is vetted as that of a page; `local` lets it be loopback or private. A redirect is not
        followed: what was meant for one address is told no other. Raises FetchError.
        """
        budget = _Budget(self._deadline)

        async def attempt() -> None:
            _host(url)
            session = self._sessions[local]
            try:
                async with (
                    self._connections,
                    budget.spend(),
                    session.post(url, data=body, headers=headers, allow_redirects=False) as answer,
                ):
                    self._judge(answer, url)
            except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
                raise _as_fetch_error(error, url) from error

        await self._again(attempt, budget)

    async def stream(
        self, url: str, *, source: Source, max_bytes: int, accept: str = "*/*", robots: bool = True
    ) -> AsyncIterator[bytes]:
        """The decoded body of an archive too large for memory, in pieces. Raises FetchError, also midway."""
        ask = _Ask(source, accept, False, max_bytes, {}, robots, _Budget(STREAM_DEADLINE))
        async with self._open(url, ask) as (_, pieces):
            async for piece in pieces:
                yield piece

    async def _again(self, attempt: Callable[[], Awaitable[T]], budget: _Budget) -> T:
        """What `attempt` gives, tried again where that may help and time is left."""
        for attempts in range(RETRIES + 1):
            try:
                return await attempt()
            except FetchError as error:
                # A host that says when to come back is believed: its pause is waited for in its next turn.
                if attempts == RETRIES or not _may_pass(error) or budget.seconds_left < 1:
                    raise
                await asyncio.sleep(jittered(PAUSE * 2**attempts))
        raise AssertionError("unreachable")

    async def _whole(self, url: str, ask: _Ask) -> Response:
        async with self._open(url, ask) as (answer, pieces):
            response = replace(answer, body=b"".join([piece async for piece in pieces]))
        if response.body:
            host, name = _host(url), ask.source.name
            # Most answers come once: those of one host and source share what is kept of them.
            alone = self._askers.setdefault((host, name), {host: name})
            hosts = self.answers.setdefault(digest := digest_of(response.body), alone)
            if host not in hosts and name not in hosts.values():
                self.answers[digest] = hosts | alone
        return response

    @asynccontextmanager
    async def _open(self, url: str, ask: _Ask) -> AsyncIterator[tuple[Response, AsyncIterator[bytes]]]:
        """The answer at the end of the redirects, its body still to come in pieces."""
        origin, moved, for_good = _origin(url), None, True
        for _ in range(MAX_HOPS + 1):
            if ask.robots and not (await self.rules(url, ask.source)).allows(url, AGENT):
                raise FetchError("robots", url, f"the robots.txt of {_host(url)} does not allow it")
            headers = {"Accept": ask.accept, **(ask.headers if _origin(url) == origin else {})}
            if ask.conditional:
                headers |= self._conditions(url)
            async with self._request(url, ask, headers) as answer:
                answer_headers = {name.lower(): valid_text(value) for name, value in answer.headers.items()}
                if answer.status in (301, 302, 303, 307, 308) and "location" in answer_headers:
                    url = _next(url, answer_headers["location"])
                    for_good = for_good and answer.status in (301, 308)
                    moved = url if for_good else moved
                    continue
                unchanged = answer.status == 304 and (
                    "If-None-Match" in headers or "If-Modified-Since" in headers
                )
                if not unchanged:
                    try:
                        self._judge(answer, url)
                    except FetchError as error:
                        if not ask.robots:
                            error.answer = await _beginning(answer)
                        raise
                charset = _CHARSET.search(answer_headers.get("content-type", ""))
                declared_charset = charset[1] if charset else None
                head = Response(url, answer.status, answer_headers, b"", declared_charset, unchanged, moved)
                yield head, _pieces(answer, Body(answer_headers.get("content-encoding", ""), ask.max_bytes))
                return
        raise FetchError("too_many_redirects", url, f"more than {MAX_HOPS} redirects")

    @asynccontextmanager
    async def _request(
        self, url: str, ask: _Ask, headers: Mapping[str, str]
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """One request in its turn, its errors named."""
        host = _host(url)
        concurrency, delay = limits(ask.source)
        session = self._sessions[ask.source.local]
        try:
            async with (
                self._politeness.turn(host, concurrency, delay, ask.ready),
                self._connections,
                ask.budget.spend(),
                session.get(url, headers=headers, allow_redirects=False) as answer,
            ):
                yield answer
        except PausedError as error:
            detail = f"{host} asked to be left alone for {error}"
            raise FetchError("host_paused", url, detail, error.seconds) from None
        except DecodeError as error:
            raise FetchError(error.reason, url, error.detail) from None
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise _as_fetch_error(error, url) from error

    def _judge(self, answer: aiohttp.ClientResponse, url: str) -> None:
        """Raises FetchError for a status that brings no page; a shed request pauses its host."""
        status = answer.status
        if 200 <= status < 300 and status not in _PARTS:
            return
        host, wait = _host(url), None
        if status in (429, 503):
            wait = retry_after(answer.headers.get("Retry-After"), datetime.now(UTC))
            if wait is None and status == 429:
                wait = SHED
            if wait:
                wait = min(jittered(wait), LONGEST_PAUSE)
                self._politeness.pause(host, wait)
                self._state.keep_pause(host, wait)
        raise FetchError(
            f"http_{status}", url, f"{host} answered {status} {answer.reason or ''}".strip(), wait
        )

    def _conditions(self, url: str) -> dict[str, str]:
        etag, modified = self._state.validators(url)
        headers = {"If-None-Match": etag, "If-Modified-Since": modified}
        return {name: value for name, value in headers.items() if value}

    async def rules(self, url: str, source: Source) -> Robots:
        """The origin's robots.txt, asked for once however many want it. Raises FetchError if it is down."""
        origin, now = _origin(url), asyncio.get_running_loop().time()
        until, reading = self._robots.get(origin, (0.0, None))
        if reading is None or now >= until:
            # A task of its own: whoever asked first may give up, the others still wait for it.
            reading = asyncio.create_task(self._read_rules(origin, source))
            self._robots[origin] = (now + robots.LIFETIME, reading)
        try:
            return await asyncio.shield(reading)
        except FetchError as error:
            self._robots[origin] = (now + robots.LIFETIME_UNREACHABLE, reading)
            raise FetchError(error.reason, url, error.detail, error.retry_after) from None

    async def _read_rules(self, origin: str, source: Source) -> Robots:
        ask = _Ask(source, "text/plain", False, 4 * robots.MAX_BYTES, {}, False, _Budget(self._deadline))
        try:
            body = await self._again(lambda: self._start_of(f"{origin}/robots.txt", ask), ask.budget)
        except FetchError as error:
            if error.reason in _NO_ROBOTS or error.reason.startswith("http_4"):
                return robots.ALLOW_ALL
            if error.reason.startswith("http_5"):
                return robots.DISALLOW_ALL
            raise
        rules = await asyncio.to_thread(robots.read_robots, body)
        self._politeness.host(_host(origin)).crawl_delay = rules.crawl_delay(AGENT)
        return rules

    async def _start_of(self, url: str, ask: _Ask) -> bytes:
        body = b""
        async with self._open(url, ask) as (_, pieces):
            async for piece in pieces:
                body += piece
                if len(body) > robots.MAX_BYTES:
                    break
        return body


async def _beginning(answer: aiohttp.ClientResponse) -> bytes:
    """What a service says with its refusal; nothing where that cannot be read."""
    body = b""
    with contextlib.suppress(aiohttp.ClientError, DecodeError):
        async for piece in _pieces(answer, Body(answer.headers.get("Content-Encoding", ""), _REFUSAL)):
            body += piece
    return body


async def _pieces(answer: aiohttp.ClientResponse, body: Body) -> AsyncIterator[bytes]:
    async for chunk in answer.content.iter_any():
        for piece in body.feed(chunk):
            yield piece
    body.finish()


def _vetting(local: bool) -> Callable[[Any], socket.socket]:
    """Makes the socket of a connection only after its address, the one that is used, has been vetted."""

    def make(info: tuple[int, int, int, str, tuple[Any, ...]]) -> socket.socket:
        family, kind, protocol, _, address = info
        if reason := refusal(address[0], local=local):
            way = "; only `local = true` in the settings allows it" if reason in LOCAL_KINDS else ""
            raise BlockedAddressError(errno.EPERM, f"{_BLOCKED} {address[0]} ({reason}){way}")
        return socket.socket(family, kind, protocol)

    return make


def digest_of(body: bytes) -> int:
    """A number of 64 bits that tells one body from another, in this process only.

    Python's own hash is keyed anew by each process, so that nobody can make two bodies alike, takes a fifth
    of the time of a cryptographic one, and is kept with the bytes.
    """
    return hash(body)


def limits(source: Source) -> tuple[int, float]:
    """(connections at once, seconds between starts) to each host of a source."""
    usual = (LOCAL_CONCURRENCY, 0.0) if source.local else (CONCURRENCY, DELAY)
    concurrency = usual[0] if source.concurrency is None else source.concurrency
    return concurrency, usual[1] if source.delay is None else source.delay


@lru_cache(1_024)
def _host(url: str) -> str:
    """The host of a URL that may be asked for. Raises FetchError('bad_url')."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and (parts.port is None or parts.port > 0)
        if (
            sound
            and parts.hostname
            and not {"@", " "} & set(parts.netloc)
            and len(url) <= _MAX_URL
            and url.isprintable()
        ):
            return parts.hostname
    except ValueError:
        pass
    raise FetchError("bad_url", url[:200], "not an address of the web that can be asked for")


@lru_cache(1_024)
def _origin(url: str) -> str:
    parts = urlsplit(url) if _host(url) else None
    assert parts
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _next(url: str, location: str) -> str:
    """Where a redirect leads. Raises FetchError('bad_redirect') unless that is an address of the web."""
    try:
        target = urljoin(url, location.strip()).partition("#")[0]
        _host(target)
    except (ValueError, FetchError):
        raise FetchError("bad_redirect", url, f"it redirects to {location[:100]!r}") from None
    return target


def _may_pass(error: FetchError) -> bool:
    """Whether asking again soon may help."""
    if error.retry_after is not None:
        return error.retry_after <= PATIENCE and error.reason != "host_paused"
    return error.reason in _RETRY


def _as_fetch_error(error: Exception, url: str) -> FetchError:
    """A foreign error as a reason of the ledger."""
    match error:
        case TimeoutError():
            return FetchError("timeout", url, "no complete answer in time")
        case aiohttp.ClientConnectorDNSError():
            return FetchError("dns", url, f"the name {_host(url)} cannot be resolved")
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return FetchError("tls", url, f"no trusted connection to {_host(url)}: {error}")
        case aiohttp.ClientConnectorError() if _BLOCKED in str(error.os_error):
            return FetchError("blocked_address", url, f"{_host(url)}: {error.os_error.strerror}")
        case aiohttp.ClientConnectorError() if error.os_error.errno in (
            errno.ENETUNREACH,
            errno.EHOSTUNREACH,
        ):
            return FetchError("unreachable", url, f"no way to {_host(url)}: {error.os_error.strerror}")
        case aiohttp.ClientConnectorError():
            return FetchError("connect", url, f"{_host(url)} does not accept connections: {error.os_error}")
        case aiohttp.ClientPayloadError():
            return FetchError("truncated", url, "the answer is cut short")
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            return FetchError("bad_url", url, "not an address of the web that can be asked for")
        case aiohttp.ClientResponseError():
            return FetchError("bad_answer", url, f"no HTTP that can be read: {error.message}")
        case aiohttp.ClientConnectionError() | OSError():
            return FetchError("reset", url, f"{_host(url)} closed the connection")
        case _:
            return FetchError("bad_answer", url, f"{type(error).__name__}: {error}")


def user_agent(contact: str | None = None) -> str:
    """Who we are and how to reach whoever runs this: `contact`, else $PRESSGAUGE_CONTACT."""
    contact = contact or os.environ.get("PRESSGAUGE_CONTACT", "")
    reach = f"; {contact}" if contact.isascii() and contact.isprintable() and contact else ""
    return f"{AGENT}/{pressgauge.__version__} (research on press coverage{reach})"
