"""No host is asked more often, or at more places, than it and we have said."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from collectors.errors import FetchError
from collectors.source import Source
from collectors.web.fetch import Fetcher, limits
from collectors.web.politeness import (
    LONGEST_PAUSE,
    PATIENCE,
    SHED,
    PausedError,
    Politeness,
    jittered,
    retry_after,
)
from collectors.web.robots import MAX_BYTES, read_robots
from tests.cost import costs_at_most
from tests.loopback import Loopback

NOW = datetime(2025, 1, 20, 12, 0, tzinfo=UTC)
DAY = 86_400.0
Local = Callable[..., Source]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 120 ", 120.0),
        ("0", 0.0),
        ("-1", 0.0),
        ("-999999", 0.0),
        ("316800", DAY),  # 88 hours
        ("9" * 400, DAY),
        ("Mon, 20 Jan 2025 12:10:00 GMT", 600.0),
        ("Mon, 20 Jan 2025 13:10:00 +0100", 600.0),
        ("Mon, 20 Jan 2025 12:10:00 -0000", 600.0),
        ("Monday, 20-Jan-25 12:10:00 GMT", 600.0),
        ("Mon Jan 20 12:10:00 2025", 600.0),
        ("Mon, 20 Jan 2025 12:10:00", 600.0),  # no zone: UTC
        ("Sun, 19 Jan 2025 12:00:00 GMT", 0.0),  # past
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Thu, 20 Jan 2028 12:00:00 GMT", DAY),
        ("xyz", None),
        ("", None),
        ("1.5", None),
        ("1e9", None),
        ("١٢٠", None),
        ("inf", None),
        ("nan", None),
        ("Mon, 99 Jan 2025 99:99:99 GMT", None),
        ("Mon, 20 Jan 99999 12:00:00 GMT", None),
        ("--5", None),
        ("\x00", None),
        (None, None),
    ],
)
def test_n16_retry_after_is_understood_or_ignored_and_never_longer_than_a_day(
    value: str | None, seconds: float | None
) -> None:
    assert retry_after(value, NOW) == seconds


def test_n16_jitter_only_ever_lengthens_a_pause() -> None:
    drawn = [jittered(10.0) for _ in range(500)]
    assert min(drawn) >= 10.0 and max(drawn) <= 15.0 and len(set(drawn)) > 400


def test_n21_a_public_host_has_one_connection_5_seconds_between_starts_and_30_after_a_429() -> None:
    public = Source(name="a", kind="feed", url="x", outlet="a")
    assert limits(public) == (1, 5.0)
    assert SHED == 30.0
    assert limits(Source(name="a", kind="feed", url="x", outlet="a", delay=0.0, concurrency=3)) == (3, 0.0)


async def test_n21_200_sources_on_one_host_share_its_one_connection_and_its_spacing(
    web: Loopback,
) -> None:
    web.delay = 0.01
    for n in range(12):
        web.page(f"/{n}", "x")
    async with Fetcher() as fetch:
        await asyncio.gather(
            *(
                fetch(
                    web.url(f"/{n}"),
                    source=Source(
                        name=str(n), kind="feed", url="x", outlet="x", local=True, concurrency=1, delay=0.3
                    ),
                )
                for n in range(12)
            )
        )
    starts = sorted(request.at for request in web.requests)
    assert len(starts) == 13  # robots.txt once
    # The server's clock reads the arrival: the start was earlier, on a busy machine by some hundredths.
    assert min(b - a for a, b in pairwise(starts)) > 0.21
    assert web.most_at_once["127.0.0.1"] == 1


async def test_hosts_do_not_wait_for_each_other(web: Loopback, local: Local) -> None:
    web.page("/", "x")
    source = local(concurrency=1, delay=3.0)
    async with Fetcher() as fetch:
        async with asyncio.timeout(5):
            await asyncio.gather(
                *(fetch(web.url("/", f"127.0.0.{n}"), source=source, robots=False) for n in range(1, 5))
            )
    arrivals = [request.at for request in web.requests]
    assert max(arrivals) - min(arrivals) < 2.0


async def test_concurrency_is_the_number_of_connections_at_once(web: Loopback, local: Local) -> None:
    web.delay = 0.05
    web.page("/", "x")
    async with Fetcher() as fetch:
        await asyncio.gather(*(fetch(web.url("/"), source=local(concurrency=3)) for _ in range(20)))
    assert web.most_at_once["127.0.0.1"] == 3


async def test_n16_a_pause_reaches_those_who_already_wait() -> None:
    politeness = Politeness()
    async with politeness.turn("a.example", 1, 0.0):
        waiting = [asyncio.create_task(politeness.turn("a.example", 1, 0.0).__aenter__()) for _ in range(3)]
        await asyncio.sleep(0.01)
        politeness.pause("A.example.", PATIENCE * 2)
        for each in waiting:
            with pytest.raises(PausedError) as caught:
                await each
            assert PATIENCE < caught.value.seconds <= PATIENCE * 2


async def test_who_waits_for_a_host_has_its_turn_in_order_whoever_gives_up_meanwhile() -> None:
    politeness, order = Politeness(), []

    async def ask(number: int) -> None:
        async with politeness.turn("a.example", 1, 0.0):
            order.append(number)
            await asyncio.sleep(0)

    async with politeness.turn("a.example", 1, 0.0):
        waiting = [asyncio.create_task(ask(number)) for number in range(6)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        waiting[3].cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert order == [1, 2, 4, 5]


async def test_the_delay_is_counted_from_the_end_of_what_a_request_waited_for_in_its_turn() -> None:
    politeness = Politeness()
    async with politeness.turn("a.example", 2, 0.3, lambda: asyncio.sleep(0.4)):
        asked = time.monotonic()
    async with politeness.turn("a.example", 2, 0.3):
        assert time.monotonic() - asked > 0.25


async def test_a_pause_is_never_shortened_and_never_longer_than_a_day() -> None:
    politeness = Politeness()
    politeness.pause("a.example", 10 * LONGEST_PAUSE)
    politeness.pause("a.example", 1.0)
    left = politeness.host("a.example").paused_until - time.monotonic()
    assert LONGEST_PAUSE - 5 < left <= LONGEST_PAUSE == DAY


async def test_robots_txt_is_obeyed_and_asked_for_once(web: Loopback, local: Local) -> None:
    web.page("/robots.txt", "User-agent: *\nDisallow: /private/\nAllow: /private/open\n", "text/plain")
    for path in ("/private/x", "/private/open", "/public"):
        web.page(path, "x")
    async with Fetcher() as fetch:
        with pytest.raises(FetchError, match="robots"):
            await fetch(web.url("/private/x"), source=local())
        for _ in range(3):
            await asyncio.gather(
                fetch(web.url("/public"), source=local()), fetch(web.url("/private/open"), source=local())
            )
        await fetch(web.url("/private/x"), source=local(), robots=False)
    assert len(web.asked("/robots.txt")) == 1
    assert len(web.asked("/private/x")) == 1


async def test_robots_txt_that_names_us_is_meant_for_us(web: Loopback, local: Local) -> None:
    web.page("/robots.txt", "User-agent: *\nAllow: /\n\nUser-agent: pressgauge\nDisallow: /\n", "text/plain")
    async with Fetcher() as fetch:
        with pytest.raises(FetchError, match="robots"):
            await fetch(web.page("/", "x"), source=local())


@pytest.mark.parametrize(
    ("status", "allowed"), [(404, True), (401, True), (403, True), (410, True), (500, False), (503, False)]
)
async def test_n20_without_robots_txt_a_client_error_allows_and_a_server_error_does_not(
    web: Loopback, local: Local, status: int, allowed: bool
) -> None:
    web.page("/robots.txt", "broken", status=status)
    url = web.page("/", "x")
    async with Fetcher() as fetch:
        if allowed:
            assert (await fetch(url, source=local())).body == b"x"
        else:
            with pytest.raises(FetchError, match="robots"):
                await fetch(url, source=local())
            assert web.asked("/") == []


async def test_n20_a_robots_txt_in_a_loop_or_a_web_page_in_its_place_allows(
    web: Loopback, local: Local
) -> None:
    web.redirect("/robots.txt", "/robots.txt")
    web.page("/robots.txt", "<html><body>Disallow: everything</body></html>", host="127.0.0.2")
    web.page("/", "x")
    async with Fetcher() as fetch:
        for host in ("127.0.0.1", "127.0.0.2"):
            assert (await fetch(web.url("/", host), source=local())).body == b"x"


async def test_n20_of_an_endless_robots_txt_the_first_500_kilobytes_count(
    web: Loopback, local: Local
) -> None:
    rules = "User-agent: *\nDisallow: /no\n" + "#" * (2 * MAX_BYTES) + "\nDisallow: /\n"
    web.page("/robots.txt", rules, "text/plain")
    async with Fetcher() as fetch:
        assert (await fetch(web.page("/yes", "x"), source=local())).body == b"x"
        with pytest.raises(FetchError, match="robots"):
            await fetch(web.page("/no", "x"), source=local())


def test_a_line_that_the_limit_cuts_is_no_rule() -> None:
    head = "User-agent: *\nDisallow: /no\n"
    filler = "#" * (MAX_BYTES - len(head) - len("\nDisallow: /")) + "\n"
    rules = read_robots((head + filler + "Disallow: /private\n").encode() * 10)  # 5 MB in all
    assert not rules.allows("https://a.example/no", "Pressgauge")
    assert rules.allows("https://a.example/yes", "Pressgauge")


async def test_n20_robots_txt_is_asked_of_each_host_a_redirect_leads_to(web: Loopback, local: Local) -> None:
    web.page("/robots.txt", "User-agent: *\nDisallow: /\n", "text/plain", host="127.0.0.2")
    web.redirect("/", web.url("/there", "127.0.0.2"), host="127.0.0.1")
    async with Fetcher() as fetch:
        with pytest.raises(FetchError, match="robots"):
            await fetch(web.url("/"), source=local())
    assert web.asked("/there") == []


async def test_n20_a_crawl_delay_is_kept_up_to_half_a_minute(
    web: Loopback, local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collectors.web.politeness._LONGEST_CRAWL_DELAY", 0.4)
    web.page("/robots.txt", "User-agent: *\nCrawl-delay: 1e9\n", "text/plain")
    web.page("/", "x")
    async with Fetcher() as fetch:
        async with asyncio.timeout(20):
            for _ in range(3):
                await fetch(web.url("/"), source=local())
    starts = [request.at for request in web.asked("/")]
    assert min(b - a for a, b in pairwise(starts)) > 0.3


@pytest.mark.parametrize(
    "rules",
    [
        "Disallow: /" + "*a" * 100_000,
        "\n".join(f"Disallow: /*{n}*b*c*d*e$" for n in range(10_000)),
        "\n".join(f"User-agent: bot{n}\nDisallow: /{n}" for n in range(10_000)),
        "Disallow: " + "%" * 400_000,
        "\x00\xff" * 10_000,
        "Crawl-delay: -1\nCrawl-delay: nan\nCrawl-delay: x",
    ],
    ids=["wildcards", "rules", "agents", "percent", "binary", "delays"],
)
def test_n20_hostile_rules_are_read_and_asked_without_harm(rules: str) -> None:
    robots = read_robots(f"User-agent: *\n{rules}\n".encode())
    assert robots.crawl_delay("Pressgauge") >= 0.0
    # A hang is what this is about; the bound is far above the 40 ms that it takes.
    assert costs_at_most(5, lambda: robots.allows("https://a.example/" + "a" * 4_000, "Pressgauge"))


async def test_a_host_whose_robots_txt_cannot_be_had_is_down_and_named_so(local: Local) -> None:
    async with Fetcher(deadline=3) as fetch:
        with pytest.raises(FetchError) as caught:
            await fetch("http://127.0.0.1:1/article", source=local())
    assert (caught.value.reason, caught.value.url) == ("connect", "http://127.0.0.1:1/article")


async def test_n17_a_host_that_was_down_is_asked_again_later(
    web: Loopback, local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collectors.web.robots.LIFETIME_UNREACHABLE", 0.0)
    up = False

    async def down(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if up:
            await reader.readline()
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()

    url = web.raw(down)
    async with Fetcher(deadline=3) as fetch:
        with pytest.raises(FetchError, match="reset"):
            await fetch(url, source=local())
        up = True
        with pytest.raises(FetchError, match="http_404"):
            await fetch(url, source=local())
