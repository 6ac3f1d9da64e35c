"""A refresh beside a loop over newspaper3k: the same pages, the same loopback server, the same run.

The server is a process of its own and answers each request after 50 ms, on 40 addresses (127.0.0.1 to
127.0.0.40), each an outlet with a sitemap. What is asked of one host at once is what a `local` source allows:
8 connections without spacing. On the public web a host has one connection and 5 s between starts, which no
loop could be compared with. What is read and stored has the weight of a page of the web, mostly scripts; what
is only fetched has not, for it is the server that would take the time.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from urllib.request import urlopen

HOSTS = 40
DELAY = 0.05
PAGES = 2_000
WEIGHT = 150_000  # bytes of scripts in a page
_SAMPLE = 60  # pages of the slow loop, which is linear: its time is scaled up
_SYLLABLES = ("ba", "cor", "del", "fi", "gra", "ho", "lin", "mo", "nes", "pra", "ru", "sti", "ta", "ven")
_WORDS = tuple("".join(syllables) for syllables in product(_SYLLABLES, repeat=3))
_SENTENCE = "The {} of the {} said that it was in the {} and that they have been with its {} from the {}."


def rows(n: int) -> list[dict[str, str]]:
    """Lines of the bench's table: measure, ours, theirs, ratio, note; memory is of n / 5 pages."""
    many = max(PAGES, n // 5)
    with _server(many) as port:
        pages = [f"http://{host}:{port}/{number}" for number in range(PAGES // HOSTS) for host in _hosts()]
        fetching = asyncio.run(_fetch_all(pages))
        most = json.load(urlopen(f"http://127.0.0.1:{port}/most-at-once"))
        downloading = _newspaper(pages, parse=False) * PAGES / _SAMPLE
        reading = _newspaper([f"{page}/heavy" for page in pages], parse=True) * PAGES / _SAMPLE
        few = _refresh(port, PAGES)
        lines = [
            _line(
                f"{PAGES:,} pages of {HOSTS} hosts fetched",
                fetching,
                downloading,
                f"goal 50x; never more than {most} connections to a host",
            ),
            _line(
                f"{PAGES:,} pages of {WEIGHT // 1000} kB, from sitemap to dataset and index",
                few["seconds"],
                reading,
                "reading takes the time, and grows with the cores; theirs: download and parse only",
            ),
            _memory(PAGES, few),
        ]
        if many > PAGES:
            lines.append(_memory(many, _refresh(port, many)))
    return lines


def _hosts() -> list[str]:
    return [f"127.0.0.{n}" for n in range(1, HOSTS + 1)]


async def _fetch_all(urls: list[str]) -> float:
    """Seconds that our fetcher takes for all of them, robots.txt included."""
    from collectors.source import Source
    from collectors.web.fetch import Fetcher

    source = Source(name="bench", kind="feed", url=urls[0], outlet="bench", local=True)
    async with Fetcher() as fetch:
        start = time.perf_counter()
        answers = await asyncio.gather(*(fetch(url, source=source, conditional=False) for url in urls))
        taken = time.perf_counter() - start
    assert all(len(answer.body) > 1_000 for answer in answers)
    return taken


def _newspaper(urls: list[str], parse: bool) -> float:
    """Seconds that newspaper3k takes for the first of them, one after another."""
    from collectors.extraction.newspaper import configuration, newspaper

    start = time.perf_counter()
    for url in urls[:_SAMPLE]:
        article = newspaper.Article(url, config=configuration())
        article.download()
        if parse:
            article.parse()
            assert article.text
    return time.perf_counter() - start


def _refresh(port: int, pages: int) -> dict[str, float]:
    """A refresh of `pages` pages in a process of its own: its seconds, and its peak memory in MB."""
    command = [sys.executable, "-m", "bench.bench_refresh", "refresh", str(port), str(pages)]
    said = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: dict[str, float] = json.loads(said.stdout)
    assert found["stored"] == pages
    return found


def _refresh_here(port: int, pages: int) -> None:
    from collectors.refresh.allocators import keep_little

    keep_little()  # as the command does
    import pressgauge
    from collectors.refresh.refresh import refresh_now
    from collectors.sandbox.garbage import collect_garbage_seldom
    from collectors.source import Source

    collect_garbage_seldom()  # as the command does

    sources = [
        Source(
            name=host,
            kind="sitemap",
            outlet=host,
            local=True,
            url=f"http://{host}:{port}/{pages}/sitemap.xml",
        )
        for host in _hosts()
    ]
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        report = refresh_now(pressgauge.open(folder), sources, bar=False)
        taken = time.perf_counter() - start
    # Not getrusage, whose maximum begins with that of the process which started this one.
    peak = int(re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[0]) / 1024
    print(json.dumps({"seconds": taken, "stored": report.stored, "peak": peak}))


@contextmanager
def _server(pages: int) -> Iterator[int]:
    command = [sys.executable, "-m", "bench.bench_refresh", "serve", str(pages)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    try:
        yield int(server.stdout.readline())
    finally:
        server.terminate()
        server.wait()


async def _serve(pages: int) -> None:
    from aiohttp import web

    now, most = dict.fromkeys(_hosts(), 0), dict.fromkeys(_hosts(), 0)

    async def answer(request: web.Request) -> web.Response:
        host = request.host.partition(":")[0]
        path = request.path.strip("/")
        if path == "most-at-once":
            return web.json_response(max(most.values()))
        now[host] += 1
        most[host] = max(most[host], now[host])
        try:
            await asyncio.sleep(DELAY)
        finally:
            now[host] -= 1
        number, _, rest = path.partition("/")
        if rest in ("", "heavy") and number.isdigit():
            page = _page(host, int(number), WEIGHT if rest else 0)
            return web.Response(text=page, content_type="text/html")
        if path.endswith("/sitemap.xml"):
            count = int(path.split("/")[0]) // HOSTS
            entries = "".join(f"<url><loc>{request.url.origin()}/{n}/heavy</loc></url>" for n in range(count))
            return web.Response(text=f"<urlset>{entries}</urlset>", content_type="application/xml")
        return web.Response(status=404)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = 0
    for host in _hosts():
        await web.TCPSite(runner, host, port, backlog=1024).start()
        port = runner.addresses[0][1]
    print(port, flush=True)
    await asyncio.Event().wait()


def _page(host: str, number: int, weight: int) -> str:
    """An article of 600 words below so many bytes of scripts; no two are alike."""
    draw = random.Random(f"{host}/{number}")
    title = f"Report {number} of {host} on models"
    sentences = [_SENTENCE.format(*draw.choices(_WORDS, k=5)) for _ in range(30)]
    texts = [" ".join(sentences[n : n + 3]) for n in range(0, 30, 3)]
    script = "run();" * (weight // 6)
    menu = "".join(f'<li><a href="/section/{n}">Section {n}</a></li>' for n in range(20))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="article:published_time" content="2025-01-{1 + number % 28:02}T08:00:00Z">'
        f'<meta name="author" content="Ada Marsh"><script>{script}</script></head>'
        f"<body><nav><ul>{menu}</ul></nav><article>"
        f"<h1>{title}</h1>{''.join(f'<p>{text}</p>' for text in texts)}</article></body></html>"
    )


def _line(measure: str, ours: float, theirs: float, note: str) -> dict[str, str]:
    return {
        "measure": measure,
        "ours": f"{ours:.2f} s",
        "theirs": f"{theirs:.1f} s",
        "ratio": f"{theirs / ours:,.0f}x",
        "note": note,
    }


def _memory(pages: int, found: dict[str, float]) -> dict[str, str]:
    note = f"goal 300 MB at 20,000 pages; the refresh's own process, {pages / found['seconds']:.0f} pages/s"
    return {
        "measure": f"memory at its most, {pages:,} pages of {WEIGHT // 1000} kB",
        "ours": f"{found['peak']:.0f} MB",
        "theirs": "",
        "ratio": "",
        "note": note,
    }


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        asyncio.run(_serve(int(sys.argv[2])))
    else:
        _refresh_here(int(sys.argv[2]), int(sys.argv[3]))
