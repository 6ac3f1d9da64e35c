"""A refresh of honest sources alone, and again among bombs, drips and silences; what does it cost them?

The honest and the hostile web are processes of their own: the collector's memory is its own, and a server of
bombs does not slow down its honest neighbour.
"""

from __future__ import annotations

import asyncio
import gzip
import multiprocessing
import re
import resource
import socket
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import brotli
import zstandard
from aiohttp.abc import AbstractResolver, ResolveResult

from collectors.errors import FetchError
from collectors.source import Source
from collectors.state import State
from collectors.web.fetch import DEADLINE, Fetcher
from tests.collectors.newsroom import FIRST, article_page
from tests.loopback import Loopback, Raw

NAME = "network"
BOMBS = 50
PAGES = 40
"""Of each honest host; the bombs fall on the first of them."""
SOURCES = 1_000
HOSTILE = 100
STORIES = 10
"""Of each honest source."""
_SPAWN = multiprocessing.get_context("spawn")
_ZEROS = b"\0" * (1 << 24)
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"


def run(budget_seconds: float, seed: int) -> list[dict[str, Any]]:
    del seed  # nothing here is drawn at random
    started = time.monotonic()
    rows = _bombs()
    left = budget_seconds - (time.monotonic() - started)
    # A source costs about 0.1 s, and it is collected three times.
    return rows + _crowd(max(100, min(SOURCES, int(left / 0.3) // 100 * 100)))


# 50 bombs at once


def _bombs() -> list[dict[str, Any]]:
    with _Web(_serve_pages) as pages, _Web(_serve_bombs) as thrown:
        alone, among = _beside(lambda bombs: _in_a_process(_fetch_all, pages, thrown, bombs), 0, BOMBS)
    ratio = among["seconds"] / alone["seconds"]
    return [
        {
            "figure": f"{BOMBS} bombs of 1 GiB at once",
            "wanted": "collector under 200 MB",
            "got": f"{among['memory']:.0f} MB at most, {alone['memory']:.0f} MB without bombs",
            "events": ", ".join(f"{reason} {n}" for reason, n in sorted(among["refused"].items())),
            "note": "gzip, deflate, br, zstd, and gzip twice",
        },
        {
            "figure": "honest sources beside the bombs",
            "wanted": "at most 1.1 times as long",
            "got": f"{ratio:.2f} times",
            "events": f"{among['read']} pages of 20 hosts read, {alone['read']} without bombs",
            "note": f"{alone['seconds']:.1f} s without, {among['seconds']:.1f} s with, of a core "
            f"{alone['cpu']:.1f} s and {among['cpu']:.1f} s; hosts answer in 0.3 s",
        },
    ]


def _fetch_all(pages: int, thrown: int, bombs: int) -> dict[str, Any]:
    """Some pages of each of 20 hosts, with so many bombs at once beside them."""

    def source(name: str) -> Source:
        return Source(name=name, kind="feed", url="x", outlet=name, local=True, concurrency=1)

    async def honest(fetch: Fetcher, host: int) -> int:
        for _ in range(PAGES):
            await fetch(f"http://127.0.0.{host}:{pages}/page", source=source(str(host)), robots=False)
        return PAGES

    async def bomb(fetch: Fetcher, number: int) -> str:
        try:
            url = f"http://127.0.0.{1 + number}:{thrown}/bomb{number % 5}"
            await fetch(url, source=source(f"bomb {number}"), robots=False)
        except FetchError as error:
            return error.reason
        return "read whole"

    async def all_of_it() -> dict[str, Any]:
        async with Fetcher() as fetch:
            started = time.monotonic()
            thrown = asyncio.gather(*(bomb(fetch, number) for number in range(bombs)))
            read = sum(await asyncio.gather(*(honest(fetch, host) for host in range(1, 21))))
            seconds = time.monotonic() - started
            return {"seconds": seconds, "read": read, "refused": Counter(await thrown)}

    done = asyncio.run(all_of_it())
    return done | {"memory": _peak(), "cpu": time.process_time()}


def _peak() -> float:
    """The most memory (MB) that this process had; unlike getrusage's, it does not begin with the parent's."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024


def _serve_pages(web: Loopback) -> int:
    async def page(_: Any) -> Any:
        from aiohttp import web as aio

        await asyncio.sleep(0.3)
        return aio.Response(text="news")

    web.handle("/page", page)
    return web.port


def _serve_bombs(web: Loopback) -> int:
    for number, (coding, data) in enumerate(_packed()):
        web.page(f"/bomb{number}", data, headers={"Content-Encoding": coding})
    return web.port


def _packed() -> list[tuple[str, bytes]]:
    """1 GiB of zeros in each coding."""
    br, zstd = brotli.Compressor(quality=1), zstandard.ZstdCompressor().compressobj()
    streams = {wbits: zlib.compressobj(1, wbits=wbits) for wbits in (31, 15)}
    made: dict[str, list[bytes]] = {"gzip": [], "deflate": [], "br": [], "zstd": []}
    for _ in range(64):
        made["gzip"].append(streams[31].compress(_ZEROS))
        made["deflate"].append(streams[15].compress(_ZEROS))
        made["br"].append(br.process(_ZEROS))
        made["zstd"].append(zstd.compress(_ZEROS))
    made["gzip"].append(streams[31].flush())
    made["deflate"].append(streams[15].flush())
    made["br"].append(br.finish())
    made["zstd"].append(zstd.flush())
    whole = {coding: b"".join(pieces) for coding, pieces in made.items()}
    return [*whole.items(), ("gzip, gzip", gzip.compress(whole["gzip"]))]


# 1,000 sources, 100 of them hostile


def _crowd(sources: int) -> list[dict[str, Any]]:
    hostile = sources * HOSTILE // SOURCES
    with _Web(serve_honest) as port, _Web(serve_hostile) as ports:
        # A smaller crowd is collected sooner: the deadline, at which a drip ends, is shortened alike.
        deadline = DEADLINE * sources / SOURCES
        alone, among = _beside(
            lambda beside: _in_a_process(refresh_among, port, ports, sources - hostile, beside, deadline),
            0,
            hostile,
        )
    recorded = Counter(among["errors"])
    return [
        {
            "figure": f"{SOURCES:,} sources, {HOSTILE} of them hostile",
            "wanted": "at most 1.2 times the honest ones alone; every hostile one recorded",
            "got": f"{among['seconds'] / alone['seconds']:.2f} times by the clock, "
            f"{among['cpu'] / alone['cpu']:.2f} times in CPU; {recorded.total()} of {hostile} recorded",
            "events": ", ".join(f"{reason} {n}" for reason, n in recorded.most_common()),
            "note": f"{sources:,} sources were run, a whole refresh each time: {alone['seconds']:.0f} s and "
            f"{among['seconds']:.0f} s, {alone['cpu']:.1f} s and {among['cpu']:.1f} s of CPU; "
            f"{alone['stored']} and {among['stored']} articles stored; "
            f"deadline {deadline:.0f} s, at which a shorter refresh ends",
        }
    ]


class _EveryName(AbstractResolver):
    """Each source is a host of its own name; all of them are on loopback."""

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[ResolveResult]:
        await asyncio.sleep(0)
        return [
            ResolveResult(hostname=host, host="127.0.0.1", port=port, proto=0, flags=0, family=socket.AF_INET)
        ]

    async def close(self) -> None:
        await asyncio.sleep(0)


def refresh_among(
    port: int, ports: list[int], honest: int, hostile: int, deadline: float = DEADLINE
) -> dict[str, Any]:
    """Refresh so many honest and hostile sources: seconds, seconds of CPU of this process and its parsers,
    articles stored, reasons of the hostile ones."""
    import pressgauge
    from collectors.refresh.refresh import refresh

    def fetcher(state: State) -> Fetcher:
        return Fetcher(state, resolver=_EveryName(), deadline=deadline)

    def source(name: str, port: int) -> Source:
        url = f"http://{name}.example:{port}/feed"
        return Source(name=name, kind="feed", url=url, outlet=name, local=True)

    sources = [source(f"honest{number}", port) for number in range(honest)]
    sources += [source(f"hostile{number}", ports[number % len(ports)]) for number in range(hostile)]
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        report = asyncio.run(refresh(pressgauge.open(folder), sources, fetcher=fetcher))
        seconds = time.monotonic() - started
    errors = [str(one.error).partition(":")[0] for one in report.sources if one.source.startswith("hostile")]
    return {
        "seconds": seconds,
        "cpu": sum(
            sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        ),
        "stored": report.stored,
        "errors": [error for error in errors if error != "None"],
    }


def serve_honest(web: Loopback) -> int:
    """Put up a web on which every host has a feed of STORIES articles -> its port."""
    from aiohttp import web as aio

    paths = [f"/2025/01/27/story-{number}.html" for number in range(STORIES)]

    def feed(request: aio.Request) -> aio.Response:
        items = (
            f"<item><title>Story</title><link>http://{request.host}{path}</link></item>" for path in paths
        )
        body = f"<rss version='2.0'><channel>{''.join(items)}</channel></rss>"
        return aio.Response(text=body, content_type="application/rss+xml")

    def story(request: aio.Request) -> aio.Response:
        page = article_page(paths.index(request.path), FIRST, seed=request.host)
        return aio.Response(text=page, content_type="text/html")

    web.handle("/feed", feed)
    for path in paths:
        web.handle(path, story)
    return web.port


def serve_hostile(web: Loopback) -> list[int]:
    """Put up ten kinds of hostile webs -> their ports."""
    hostile: list[Raw] = [
        _drips,
        _drips_headers,
        _silent,
        _endless,
        _cut,
        _bomb,
        _loops,
        _log_in,
        _shouts,
        _hangs_up,
    ]
    return [int(web.raw(answer).rsplit(":", 1)[1].strip("/")) for answer in hostile]


Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter


async def _say(writer: Writer, *parts: bytes) -> None:
    for part in parts:
        writer.write(part)
        await writer.drain()


async def _drips(reader: Reader, writer: Writer) -> None:
    await _say(writer, _HEAD + b"Content-Length: 100000\r\n\r\n")
    while True:
        await _say(writer, b"x")
        await asyncio.sleep(1)


async def _drips_headers(reader: Reader, writer: Writer) -> None:
    await _say(writer, _HEAD)
    while True:
        await _say(writer, b"X-Drip: drop\r\n")
        await asyncio.sleep(1)


async def _silent(reader: Reader, writer: Writer) -> None:
    await asyncio.sleep(600)


async def _endless(reader: Reader, writer: Writer) -> None:
    await _say(writer, _HEAD + b"\r\n")
    while True:
        await _say(writer, b"x" * 65_536)


async def _cut(reader: Reader, writer: Writer) -> None:
    await _say(writer, _HEAD + b"Content-Length: 100000\r\n\r\n<rss")


_PACKED = gzip.compress(b"\0" * 100_000_000)


async def _bomb(reader: Reader, writer: Writer) -> None:
    length = str(len(_PACKED)).encode()
    await _say(writer, _HEAD + b"Content-Encoding: gzip\r\nContent-Length: " + length + b"\r\n\r\n", _PACKED)


async def _loops(reader: Reader, writer: Writer) -> None:
    await _say(
        writer, b"HTTP/1.1 302 Found\r\nLocation: /feed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )


async def _log_in(reader: Reader, writer: Writer) -> None:
    asked = await reader.readline()
    if b"robots" in asked:
        await _say(writer, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    else:
        await _say(writer, _HEAD + b"Connection: close\r\n\r\n<html><body>Please log in</body></html>")


async def _shouts(reader: Reader, writer: Writer) -> None:
    await _say(writer, _HEAD, *(b"X-%d: %s\r\n" % (n, b"y" * 1_000) for n in range(5_000)))


async def _hangs_up(reader: Reader, writer: Writer) -> None:
    await reader.readline()
    writer.transport.abort()


def _beside(
    work: Callable[[int], dict[str, Any]], without: int, with_: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Without, with, and without again, so that what else the machine does weighs on both alike."""
    before, among, after = work(without), work(with_), work(without)
    mean = {name: (before[name] + after[name]) / 2 for name in ("seconds", "cpu")}
    return before | mean, among


# Processes


class _Web:
    """`with _Web(serve) as ports`: a web in a process of its own."""

    def __init__(self, serve: Callable[[Loopback], Any]) -> None:
        ours, theirs = _SPAWN.Pipe()
        self._ours = ours
        self._process = _SPAWN.Process(target=_serve, args=(serve, theirs), daemon=True)

    def __enter__(self) -> Any:
        self._process.start()
        return self._ours.recv()

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()


def _serve(serve: Callable[[Loopback], Any], pipe: Connection) -> None:
    with Loopback(BOMBS) as web:
        pipe.send(serve(web))
        time.sleep(24 * 3600)


def _in_a_process(work: Callable[..., dict[str, Any]], *arguments: Any) -> dict[str, Any]:
    """What `work` gives in a fresh process, whose peak of memory is nobody else's."""
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_report, args=(theirs, work, arguments))
    process.start()
    theirs.close()
    done: dict[str, Any] = ours.recv()
    process.join()
    return done


def _report(pipe: Connection, work: Callable[..., dict[str, Any]], arguments: tuple[Any, ...]) -> None:
    pipe.send(work(*arguments))
