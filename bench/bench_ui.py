"""The dashboard in Chromium, beside a plain Panel + pandas app of the same charts, in the same run."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
from playwright.sync_api import Browser, Page, sync_playwright

import pressgauge
from bench.corpus import make
from bench.visitors import Visitor, crowd

_TRIES = 7
_SESSIONS = 20
_UPDATES = 10
_EVERY = 0.5
_FILTER = "Only articles that match"
# Resolves when a plot of the page, in whatever shadow tree, draws again, to the ms since Enter was pressed;
# after 30 s to as many: a page that is not drawn by then counts as that slow.
_REDRAWN = """() => new Promise((done) => {
  const plots = []
  const walk = (root) => root.querySelectorAll("*").forEach((e) => {
    if (e.shadowRoot) walk(e.shadowRoot)
    if (e.classList.contains("js-plotly-plot") && e.offsetParent) plots.push(e)
  })
  walk(document)
  window.started = null
  document.addEventListener("keydown", (e) => { if (e.key === "Enter") window.started = performance.now() },
    {capture: true, once: true})
  window.redrawn = new Promise((ok) => {
    setTimeout(() => ok(30000), 30000)
    const seen = () => window.started && ok(performance.now() - window.started)
    plots.forEach((p) => p.on("plotly_afterplot", seen))
    new MutationObserver(() => { if (window.started && !plots[0].isConnected) seen() })
      .observe(document.body, {childList: true, subtree: true})
  })
  done(plots.length)
})"""


def rows(n: int) -> list[dict[str, str]]:
    """Lines of the bench's table: measure, ours, theirs, ratio, note. Without Chromium one line says so."""
    if shutil.which("chromium") is None:
        return [
            _line("dashboard", "", "", "", "NOT MEASURED: Chromium is not installed (apt install chromium)")
        ]
    articles = make(n)
    words = _words(articles)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours, theirs = _ours(articles, folder), _theirs(articles, folder)
        measured = [_measured(command, folder, words) for command in (ours, theirs)]
    lines = []
    for measure, goal in _GOALS.items():
        one, other = (each[measure] for each in measured)
        unit = "MB" if "memory" in measure else "ms"
        lines.append(_line(f"{measure}, {n:,} articles", f"{one:,.1f} {unit}", f"{other:,.1f} {unit}",
                           f"{other / one:.1f}x" if one > 0 else "", goal))  # fmt: skip
    return lines


_GOALS = {
    "server ready": "goal 2,000 ms; the dataset is opened, theirs is one Parquet file",
    "first thing to read, cold cache": "goal a quarter of the first chart; sentence, figures and a picture",
    "first chart, cold cache": "goal 3,000 ms",
    "filter to redraw, median": "goal 150 ms at 200,000 and 250 ms at 1M; theirs searches titles only",
    "20 sessions at 2 updates a second, p95": "goal 500 ms, of the server; 7 words, so that views are shared",
    "the same, all words different, p95": "40 other charts a second, of one process",
    "memory of a session": "goal 5 MB",
}


def _ours(articles: pd.DataFrame, folder: Path) -> list[str]:
    root = Path(__file__).resolve().parent.parent
    for settings in ("topics.toml", "events.toml", "sources.toml"):
        shutil.copy(root / "data" / settings, folder)
    dataset = pressgauge.open(folder / "coverage")
    dataset.append(articles.drop(columns=["id", "canonical_url", "story"]))
    dataset.snapshot([])
    return [sys.executable, "-m", "dashboard.cli", "serve", "--no-browser", "--port"]


def _theirs(articles: pd.DataFrame, folder: Path) -> list[str]:
    text = articles["text"]
    frame = articles[["outlet", "title", "published"]].assign(
        outlet=articles["outlet"].astype("str"),
        open=text.str.contains("open source", regex=False),
        closed=text.str.contains("closed model", regex=False),
    )
    frame.to_parquet(folder / "frame.parquet")
    return [sys.executable, "-m", "bench.plain_app", str(folder / "frame.parquet")]


def _words(articles: pd.DataFrame) -> list[str]:
    """The commonest words of the titles: each leaves something to draw, in both apps."""
    words = articles["title"].str.lower().str.split().explode().value_counts()
    return words.index[: _SESSIONS * _UPDATES].tolist()


def _measured(command: list[str], folder: Path, words: list[str]) -> dict[str, float]:
    with _served(command, folder) as (url, ready, process):
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--headless", "--no-sandbox", "--disable-gpu"]
            )
            read, first = _first_chart(browser, url)
            page = _opened(browser, url)
            _redraws(page, words[-2:])  # what runs for the first time is not what a visitor waits for
            median = statistics.median(_redraws(page, words[:_TRIES]))
        memory, shared, different = asyncio.run(_crowd(url, process, words))
    return dict(zip(_GOALS, (ready, read, first, median, shared, different, memory), strict=True))


@contextlib.contextmanager
def _served(command: list[str], folder: Path) -> Iterator[tuple[str, float, psutil.Process]]:
    """A server as a child process: its address, the ms until it answered, itself."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = time.perf_counter()
    server = subprocess.Popen(
        [*command, str(port)], env={**os.environ, "PRESSGAUGE_DATA": str(folder)}, stdout=subprocess.DEVNULL
    )
    try:
        while True:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health").read()
                break
            if server.poll() is not None:
                raise RuntimeError(f"{command} did not start")
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}/", 1_000 * (time.perf_counter() - start), psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait()


def _first_chart(browser: Browser, url: str) -> tuple[float, float]:
    """The ms from the address to what can be read first, and to the chart. The first paint can be read where
    the first part of the answer has a heading, else the chart is the first."""
    page = browser.new_context().new_page()
    start = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_selector("h1, .js-plotly-plot .main-svg", state="attached", timeout=120_000)
    has_heading = page.query_selector("h1") is not None
    page.wait_for_selector(".js-plotly-plot .main-svg", timeout=120_000)
    took = 1_000 * (time.perf_counter() - start)
    painted = page.evaluate("() => performance.getEntriesByName('first-contentful-paint')[0].startTime")
    page.context.close()
    return float(painted) if has_heading else took, took


def _opened(browser: Browser, url: str) -> Page:
    """A page with both charts on it. Ours stands on Volume, where one chart answers."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{url}?tab=volume")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    return page


def _redraws(page: Page, words: list[str]) -> list[float]:
    """The ms from the key that sets a filter to the chart drawn anew, once for each word."""
    took = []
    box = page.get_by_label(_FILTER)
    for word in words:
        page.evaluate(_REDRAWN)
        box.fill(word)
        box.press("Enter")
        took.append(page.evaluate("() => window.redrawn"))
        page.wait_for_timeout(250)
    return took


async def _crowd(url: str, process: psutil.Process, words: list[str]) -> tuple[float, float, float]:
    """MB that a further session takes, and the p95 of the server's answers when all change a filter: to a few
    words, and each to others."""
    visitors = [await Visitor.arrive(f"{url}?tab=volume", _FILTER)]
    # The words of the articles are read for all sessions, in a process that the first visitor begins.
    while any("spawn_main" in " ".join(child.cmdline()) for child in process.children()):  # noqa: ASYNC110
        await asyncio.sleep(0.2)
    before = process.memory_info().rss
    visitors += [await Visitor.arrive(f"{url}?tab=volume", _FILTER) for _ in range(_SESSIONS - 1)]
    memory = (process.memory_info().rss - before) / (_SESSIONS - 1) / 2**20
    shared, different = [
        float(np.percentile(await crowd(visitors, asked, _UPDATES, _EVERY), 95))
        for asked in (words[:_TRIES], words)
    ]
    for visitor in visitors:
        visitor.leave()
    return memory, shared, different


def _line(measure: str, ours: str, theirs: str, ratio: str, note: str) -> dict[str, str]:
    return {"measure": measure, "ours": ours, "theirs": theirs, "ratio": ratio, "note": note}
