"""A newsroom's screen for as long as the budget allows: 50 open pages, and a refresh every minute beside.

What must stay flat after a while: memory, descriptors, threads, child processes, and the size on disk but for
the new articles. A sixth of the time is the beginning; what it ends at is held against the last sixth.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

import pressgauge
from bench.served import ROOT, Served, served
from bench.visitors import Visitor, crowd
from tests.collectors.newsroom import Outlet
from tests.loopback import Loopback

NAME = "long"
ARTICLES = 5_000
PAGES = 50
_EVERY = 60.0
"""Seconds between two refreshes, and between two questions of a page."""
_NEW = 3
"""Articles that appear in each of them."""
_SAMPLE = 10.0
_FIELD = "Only articles that match"
_WORDS = ("openai", "deepseek", "licence", "model", "court", "open source")
_SOURCE = """[[source]]
name = "The Outlet"
kind = "feed"
url = "{url}"
domain = "127.0.0.1"
local = true
delay = 0.0
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """What the server and the refresh beside it hold at one moment."""

    at: float
    server_mb: float
    refresh_mb: float
    descriptors: int
    threads: int
    children: int
    disk_mb: float


def run(budget_seconds: float, seed: int) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as name, Loopback() as web:
        folder, outlet = Path(name), Outlet(web)
        outlet.publish(_NEW)
        with (
            served(folder, ARTICLES, sources=_SOURCE.format(url=outlet.source.url)) as server,
            _refreshing(folder) as refresh,
        ):
            before = len(pressgauge.open(folder / "coverage"))
            samples, answers, left = asyncio.run(_watch(server, refresh, outlet, folder, budget_seconds))
            stored = len(pressgauge.open(folder / "coverage")) - before
    return _rows(samples, answers, left, stored, outlet, budget_seconds)


@contextlib.contextmanager
def _refreshing(folder: Path) -> Any:
    """`pressgauge refresh --every 1m` on the server's dataset."""
    with (folder / "refresh.log").open("ab") as log:
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "dashboard.cli", "refresh", "--every", "1m", "--progress", "none"],
            stdout=log, stderr=log, cwd=ROOT, env={**os.environ, "PRESSGAUGE_DATA": str(folder)},
        )  # fmt: skip
    try:
        yield psutil.Process(child.pid)
    finally:
        child.terminate()
        child.wait(180)


async def _watch(
    server: Served, refresh: psutil.Process, outlet: Outlet, folder: Path, seconds: float
) -> tuple[list[Sample], list[float], int]:
    """The samples, the ms of the answers that pages got, and how many pages were open to the end."""
    visitors = [await Visitor.arrive(f"{server.url}?tab=volume", _FIELD) for _ in range(PAGES)]
    begun = time.monotonic()
    samples: list[Sample] = []

    async def look() -> None:
        published = begun
        while (now := time.monotonic()) - begun < seconds:
            if now - published >= _EVERY:
                published = now
                outlet.publish(_NEW)
            samples.append(await asyncio.to_thread(_sample, server, refresh, folder, now - begun))
            await asyncio.sleep(_SAMPLE)

    async def ask(visitor: Visitor, number: int) -> list[float] | None:
        try:
            await asyncio.sleep(_EVERY * number / PAGES)
            asked = max(1, int((seconds - _EVERY) / _EVERY))
            return await crowd([visitor], [*_WORDS], asked, _EVERY)
        except ConnectionError:
            return None

    *answered, _ = await asyncio.gather(*(ask(one, n) for n, one in enumerate(visitors)), look())
    for visitor in visitors:
        visitor.leave()
    return (
        samples,
        [ms for took in answered if took for ms in took],
        sum(took is not None for took in answered),
    )


def _sample(server: Served, refresh: psutil.Process, folder: Path, at: float) -> Sample:
    both = (server.process, refresh)
    children = [child for process in both for child in process.children(recursive=True)]
    return Sample(
        at,
        server.megabytes(),
        refresh.memory_info().rss / 2**20,
        sum(process.num_fds() for process in both),
        sum(process.num_threads() for process in both),
        len(children),
        sum(_size(file) for file in folder.rglob("*")) / 2**20,
    )


def _size(file: Path) -> int:
    with contextlib.suppress(OSError):  # a file may go meanwhile
        return file.stat().st_size if file.is_file() else 0
    return 0


def _rows(
    samples: list[Sample], answers: list[float], left: int, stored: int, outlet: Outlet, seconds: float
) -> list[dict[str, Any]]:
    early = [one for one in samples if seconds / 6 <= one.at < seconds / 3]
    late = [one for one in samples if one.at >= seconds * 5 / 6]
    ran = f"{seconds / 60:.0f} minutes, {PAGES} pages; medians of the second and of the last sixth"

    def row(figure: str, name: str, unit: str, wanted: str) -> dict[str, Any]:
        first, last = (statistics.median(getattr(one, name) for one in part) for part in (early, late))
        most = max(getattr(one, name) for one in samples)
        return {
            "figure": figure,
            "wanted": wanted,
            "got": f"{first:,.0f} to {last:,.0f}{unit}",
            "events": f"{len(samples)} looks",
            "note": f"{ran}; {most:,.0f}{unit} at most",
        }

    rows = [
        row("memory of the server", "server_mb", " MB", "flat: at most a tenth more"),
        row("memory of the refresh", "refresh_mb", " MB", "flat: at most a tenth more"),
        row("descriptors of both", "descriptors", "", "flat"),
        row("threads of both", "threads", "", "flat"),
        row("child processes of both", "children", "", "flat: those of a refresh under way"),
        row("size on disk", "disk_mb", " MB", "as the articles"),
    ]
    rows.append(
        {
            "figure": "open pages",
            "wanted": f"{PAGES} to the end, each answered",
            "got": f"{left} to the end; {statistics.median(answers):,.0f} ms, {max(answers):,.0f} ms at most",
            "events": f"{len(answers):,} questions",
            "note": f"{stored} of {len(outlet.paths)} new articles stored meanwhile",
        }
    )
    return rows
