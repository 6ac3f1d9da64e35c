"""How often a host may be asked: connections at once, seconds between starts, and pauses it asks for."""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from collectors.retries import LONGEST_PAUSE
from pressgauge.errors import PressgaugeError

CONCURRENCY = 1
"""Connections to one host of the public web."""
DELAY = 5.0
"""Seconds between the starts of two requests to one host of the public web."""
LOCAL_CONCURRENCY = 8
"""Connections to one host of a `local` source, which also has no delay."""
SHED = 30.0
"""Seconds a host is left alone after a 429 without a usable Retry-After."""
PATIENCE = 60.0
"""Seconds that a request waits for the end of a pause; beyond it the request fails at once."""
_LONGEST_CRAWL_DELAY = 30.0


class PausedError(PressgaugeError):
    """The host asked to be left alone for longer than anyone waits: `seconds` are left."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"{seconds:,.0f} s")


@dataclass(slots=True)
class Host:
    """What is known of one host; times are monotonic seconds, so that no clock change matters."""

    active: int = 0
    next_start: float = 0.0
    paused_until: float = 0.0
    crawl_delay: float = 0.0
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    line: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by the one request that is next: a change concerns it alone, and need not wake all that wait.

    There is one line for all sources of a host, so that each gets its turn in the order of asking: while the
    first is of a source that asks one at a time, and so waits until no other request runs, those behind it
    wait as well, whatever their own concurrency.
    """


class Politeness:
    """The hosts of one fetcher."""

    def __init__(self) -> None:
        self._hosts: defaultdict[str, Host] = defaultdict(Host)

    def host(self, name: str) -> Host:
        return self._hosts[name.lower().rstrip(".")]

    @asynccontextmanager
    async def turn(
        self, name: str, concurrency: int, delay: float, ready: Callable[[], Awaitable[object]] | None = None
    ) -> AsyncIterator[None]:
        """Wait until the host may be asked, and count as a connection to it until the end of the block.

        Whoever has something else to wait for then does it in `ready`: the delay is counted from its end.
        Raises PausedError.
        """
        host = self.host(name)
        async with host.line:
            now = await self._when_free(host, concurrency)
            host.active += 1
            delay = max(delay, min(host.crawl_delay, _LONGEST_CRAWL_DELAY))
            host.next_start = now + delay
        try:
            if ready:
                await ready()
                host.next_start = time.monotonic() + delay
            yield
        finally:
            host.active -= 1
            host.changed.set()

    @staticmethod
    async def _when_free(host: Host, concurrency: int) -> float:
        """The monotonic time at which the host may be asked, which is now. Raises PausedError."""
        while True:
            host.changed.clear()
            now = time.monotonic()
            if host.paused_until - now > PATIENCE:
                raise PausedError(host.paused_until - now)
            wait = max(host.next_start, host.paused_until) - now
            if host.active < concurrency and wait <= 0:
                return now
            timeout = wait if host.active < concurrency else None
            try:
                async with asyncio.timeout(timeout):
                    await host.changed.wait()
            except TimeoutError:
                continue

    def pause(self, name: str, seconds: float) -> None:
        """Leave a host alone for so long, from now; a longer pause already begun stays."""
        host = self.host(name)
        host.paused_until = max(host.paused_until, time.monotonic() + min(seconds, LONGEST_PAUSE))
        host.changed.set()


def retry_after(value: str | None, now: datetime) -> float | None:
    """Retry-After (RFC 9110 10.2.3: seconds or a date) -> seconds from `now`, at most 24 h; None if unusable.

    A date without a zone is read as UTC; one in the past, and a negative number, are 0.

    >>> retry_after("120", datetime(2025, 1, 20, tzinfo=UTC))
    120.0
    """
    text = (value or "").strip()
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdigit():
        return max(0.0, min(float(text[:20]), LONGEST_PAUSE))
    try:
        moment = parsedate_to_datetime(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (moment - now).total_seconds()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return max(0.0, min(seconds, LONGEST_PAUSE)) if math.isfinite(seconds) else None


def jittered(seconds: float) -> float:
    """Up to half as much again, so that what failed together is not tried again together."""
    return seconds * (1 + random.random() / 2)  # noqa: S311 - spreads load, hides nothing
