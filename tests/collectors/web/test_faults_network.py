"""Each guard of the fetcher has a twin here that takes it away: then the harm really is done.

The guards themselves are held by `test_fetch`, `test_addresses`, `test_decode` and `test_politeness`.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import selectors
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine
from itertools import pairwise
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from collectors.errors import FetchError
from collectors.source import Source
from collectors.state import State
from collectors.web import fetch as fetching
from collectors.web.decompress import Body, DecodeError
from collectors.web.fetch import Fetcher
from collectors.web.politeness import DELAY, SHED, Politeness
from collectors.web.robots import Robots
from tests.collectors.web.test_fetch import (
    accepts_and_says_nothing,
    certificate,
    conditional,
    drips_its_body,
    five_megabytes_of_headers,
    https,
)
from tests.cost import least
from tests.loopback import Loopback, Raw

Local = Callable[..., Source]
MB = 2**20


async def test_n01_without_the_limit_the_whole_bomb_is_in_memory(
    web: Loopback, local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = web.page("/", gzip.compress(b"\0" * 50 * MB), headers={"Content-Encoding": "gzip"})
    async with Fetcher() as fetch:
        with pytest.raises(FetchError, match="too_large"):
            await fetch(url, source=local())
        monkeypatch.setattr(Body, "__init__", unlimited(Body.__init__))
        assert len((await fetch(url, source=local())).body) == 50 * MB


def unlimited(init: Callable[..., None]) -> Callable[..., None]:
    return lambda self, coding, limit: init(self, coding, 2**40)


async def test_n02_without_the_refusal_of_chains_garbage_is_taken_for_the_page(
    web: Loopback, local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    twice = gzip.compress(gzip.compress(b"the page"))
    url = web.page("/", twice, headers={"Content-Encoding": "gzip, gzip"})
    init = Body.__init__
    monkeypatch.setattr(Body, "__init__", lambda self, coding, limit: init(self, "gzip", limit))
    async with Fetcher() as fetch:
        assert (await fetch(url, source=local())).body.startswith(b"\x1f\x8b")


def test_n03_without_the_limit_on_members_a_flood_of_them_takes_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flood = gzip.compress(b"") * 20_000

    def unpack() -> None:
        body = Body("gzip", 10**7)
        with contextlib.suppress(DecodeError):
            for at in range(0, len(flood), 65_536):
                list(body.feed(flood[at : at + 65_536]))

    guarded = least(unpack)
    monkeypatch.setattr("collectors.web.decompress._MAX_MEMBERS", 10**9)
    assert least(unpack) > 3 * guarded


async def test_n05_without_the_limits_on_headers_five_megabytes_of_them_are_taken(
    web: Loopback, local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = web.raw(five_megabytes_of_headers)
    async with Fetcher() as fetch:
        with pytest.raises(FetchError, match="bad_answer"):
            await fetch(url, source=local(), robots=False)
    session = aiohttp.ClientSession
    careless: Callable[..., aiohttp.ClientSession] = lambda **how: session(  # noqa: E731
        **how | {"max_headers": 10**6, "max_field_size": 2**30}
    )
    monkeypatch.setattr(aiohttp, "ClientSession", careless)
    async with Fetcher() as fetch:
        headers = (await fetch(url, source=local(), robots=False)).headers
    assert sum(map(len, headers.values())) > 4_900_000


@pytest.mark.parametrize("answer", [drips_its_body, accepts_and_says_nothing])
async def test_n06_without_the_deadline_a_drip_is_still_running(
    web: Loopback, local: Local, answer: Raw
) -> None:
    url = web.raw(answer)
    async with Fetcher(deadline=3_600) as fetch:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2):
                await fetch(url, source=local(), robots=False)


async def test_n07_without_the_limit_on_hops_the_loop_goes_on(
    web: Loopback, local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.redirect("/a", "/a")
    monkeypatch.setattr(fetching, "MAX_HOPS", 60)
    async with Fetcher() as fetch:
        with pytest.raises(FetchError):
            await fetch(web.url("/a"), source=local())
    assert len(web.asked("/a")) == 61


async def test_n13_with_the_environment_trusted_its_proxy_gets_the_request(
    web: Loopback, local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.page("/", "direct", host="127.0.0.1")
    monkeypatch.setenv("http_proxy", web.url("/", "127.0.0.2"))
    session = aiohttp.ClientSession
    trusting: Callable[..., aiohttp.ClientSession] = lambda **how: session(**how | {"trust_env": True})  # noqa: E731
    monkeypatch.setattr(aiohttp, "ClientSession", trusting)
    async with Fetcher() as fetch:
        with contextlib.suppress(FetchError):
            await fetch("http://127.0.0.1:1/through-a-proxy", source=local(), robots=False)
    assert web.requests, "the proxy on 127.0.0.2 was not asked"


async def test_n15_without_validators_the_whole_feed_is_sent_again(
    web: Loopback, local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.handle("/feed", conditional(b"feed", '"1"', None))
    source, state = local(), State()
    monkeypatch.setattr(Fetcher, "_conditions", lambda self, url: {})
    for _ in range(2):
        async with Fetcher(state) as fetch:
            assert (await fetch(web.url("/feed"), source=source)).body == b"feed"
        state.keep_validators(source.name)


async def test_n16_without_the_pause_a_host_that_sheds_load_is_asked_on(
    web: Loopback, local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.page("/", "no", status=503, headers={"Retry-After": "7200"})
    monkeypatch.setattr(fetching, "retry_after", lambda value, now: None)
    async with Fetcher() as fetch:
        for _ in range(2):
            with pytest.raises(FetchError, match="http_503"):
                await fetch(web.url("/"), source=local(), robots=False)
    assert len(web.asked("/")) > 2


async def test_n19_without_the_look_for_the_end_half_a_page_is_taken_for_the_whole(
    web: Loopback, local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = bytes(range(256)) * 64
    packed = gzip.compress(whole)
    url = web.page("/", packed[: len(packed) // 2], headers={"Content-Encoding": "gzip"})
    async with Fetcher() as fetch:
        with pytest.raises(FetchError, match="truncated"):
            await fetch(url, source=local())
        monkeypatch.setattr(Body, "finish", lambda self: None)
        assert len((await fetch(url, source=local())).body) < len(whole)


async def test_n20_without_robots_the_forbidden_page_is_fetched(
    web: Loopback, local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.page("/robots.txt", "User-agent: *\nDisallow: /\n", "text/plain")
    url = web.page("/private", "x")
    async with Fetcher() as fetch:
        with pytest.raises(FetchError, match="robots"):
            await fetch(url, source=local())
        monkeypatch.setattr(Robots, "allows", lambda self, url, agent: True)
        assert (await fetch(url, source=local())).body == b"x"


async def test_n21_without_turns_a_host_is_asked_for_everything_at_once(
    web: Loopback, local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextlib.asynccontextmanager
    async def at_once(self: Politeness, *_: object) -> AsyncIterator[None]:
        yield

    monkeypatch.setattr(Politeness, "turn", at_once)
    web.delay = 0.2
    web.page("/", "x")
    async with Fetcher() as fetch:
        await asyncio.gather(*(fetch(web.url("/"), source=local(concurrency=1)) for _ in range(10)))
    assert web.most_at_once["127.0.0.1"] > 1


async def test_n22_without_verification_a_self_signed_page_is_read(
    local: Local, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    careless = ssl.create_default_context()
    careless.check_hostname = False
    careless.verify_mode = ssl.CERT_NONE
    monkeypatch.setattr("aiohttp.connector._SSL_CONTEXT_VERIFIED", careless)

    async with https("anyone", certificate(tmp_path, "127.0.0.1")) as url, Fetcher() as fetch:
        assert (await fetch(url, source=local(), robots=False)).body == b"anyone"


# Spacing, at the pace of the public web. Its hours pass at once: the loop's clock jumps to what is next.


class _Hurried(selectors.DefaultSelector):
    """Waits for nothing: time itself moves on by as much as would have been waited."""

    now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0)
        if not ready and timeout:
            self.now += timeout
        return ready


def in_a_hurry(work: Callable[[Callable[[], float]], Coroutine[Any, Any, None]]) -> float:
    """Run it on a loop whose seconds take no time -> how many passed on that loop's clock."""
    selector = _Hurried()
    loop = asyncio.SelectorEventLoop(selector)
    loop.time = lambda: selector.now  # type: ignore[method-assign]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("collectors.web.politeness.time.monotonic", loop.time)
        try:
            loop.run_until_complete(work(loop.time))
        finally:
            loop.close()
    return selector.now


def test_n21_1000_articles_of_one_host_come_one_by_one_every_5_seconds() -> None:
    starts: list[float] = []
    open_now = most = 0

    async def work(clock: Callable[[], float]) -> None:
        politeness = Politeness()
        slots = asyncio.Semaphore(4)  # as many as a refresh lets wait for one source

        async def one() -> None:
            nonlocal open_now, most
            async with slots, politeness.turn("a.example", 1, DELAY):
                starts.append(clock())
                open_now += 1
                most = max(most, open_now)
                await asyncio.sleep(1.5)
                open_now -= 1

        await asyncio.gather(*(one() for _ in range(1_000)))

    took = in_a_hurry(work)
    assert len(starts) == 1_000
    assert min(b - a for a, b in pairwise(starts)) >= DELAY == 5.0
    assert most == 1
    assert 999 * DELAY <= took < 1_010 * DELAY


def test_n21_after_a_429_the_next_start_is_30_seconds_later() -> None:
    starts: list[float] = []

    async def work(clock: Callable[[], float]) -> None:
        politeness = Politeness()
        for number in range(3):
            async with politeness.turn("a.example", 1, DELAY):
                starts.append(clock())
                if number == 1:
                    politeness.pause("a.example", SHED)

    in_a_hurry(work)
    assert [b - a for a, b in pairwise(starts)] == pytest.approx([DELAY, SHED])
