"""A real server, a real browser, and no excuse: a console error, a page error or a foreign request fails
the test."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from collectors.demo.build import ensure_demo
from tests.browser.live import live

ROOT = Path(__file__).resolve().parents[2]
ARTEFACTS = ROOT / "artefacts"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]  # fmt: skip
DESKTOP = {"width": 1440, "height": 900}
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
            # A loaded machine can be too slow for a browser; what is broken fails three times, and is shown.
            item.add_marker(pytest.mark.flaky(reruns=2))
    # Last: while Playwright is open its loop runs in this thread, and no other test can run one of its own.
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("NO BROWSER TESTS: chromium is not installed (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


class Server:
    """`pressgauge serve` as a child process on a port of its own; an option can hold its address as {url}."""

    def __init__(self, data: Path, *options: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        below = options[options.index("--base-url") + 1].strip("/") + "/" if "--base-url" in options else ""
        self.url = f"http://127.0.0.1:{self.port}/{below}"
        self.log = data / f"server-{self.port}.log"
        self._data, self._options = data, [option.replace("{url}", self.url) for option in options]
        self.start()

    def start(self) -> None:
        """Start it, again after a stop, and wait until it answers."""
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "dashboard.cli", "serve", "--no-browser", "--port",
                str(self.port), *self._options],
                env={**os.environ, "PRESSGAUGE_DATA": str(self._data)}, cwd=ROOT, stdout=log,
                stderr=subprocess.STDOUT,
            )  # fmt: skip
        deadline = time.monotonic() + 180
        while True:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self.url}health", timeout=60).read()
                return
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"the server did not start:\n{self.log.read_text()}")
            time.sleep(0.1)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)


@pytest.fixture(scope="session")
def press(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The demo dataset, built once a run: all workers share it."""
    base = tmp_path_factory.getbasetemp()
    return ensure_demo((base if worker_id == "master" else base.parent) / "demo")


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory, press: Path) -> Callable[[], Path]:
    """Makes data folders with the tracked settings, the demo and no articles: what a fresh clone has."""

    def make() -> Path:
        folder = tmp_path_factory.mktemp("data")
        for name in ("sources.toml", "topics.toml", "events.toml"):
            shutil.copy(ROOT / "data" / name, folder)
        (folder / "demo").symlink_to(press)
        return folder

    return make


@pytest.fixture(scope="session")
def settings(fresh: Callable[[], Path]) -> Path:
    """The data folder that the tests of this worker share: they read it only."""
    return fresh()


@pytest.fixture(scope="session")
def serve(settings: Path) -> Iterator[Callable[..., Server]]:
    """Start servers with the given options of `pressgauge serve`; all are stopped at the end."""
    running: list[Server] = []

    def start(*options: str, data: Path = settings) -> Server:
        running.append(Server(data, *options))
        return running[-1]

    yield start
    for server in running:
        server.stop()


@pytest.fixture(scope="session")
def demo(serve: Callable[..., Server]) -> str:
    """Address of the app on an empty dataset, which opens the demo."""
    return serve().url


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One for all tests of a worker, so that the libraries are fetched once; cookies end with the page."""
    made = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    made.grant_permissions(["clipboard-read", "clipboard-write"])
    yield made
    made.close()


@pytest.fixture(autouse=True)
def faults(context: BrowserContext) -> Iterator[list[str]]:
    """What went wrong on any page of the context; a test that expects a fault clears the list."""
    seen: list[str] = []
    local = {"127.0.0.1", "localhost", None}

    def watch(page: Page) -> None:
        page.on("console", lambda m: seen.append(f"console: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda error: seen.append(f"page: {error}"))
        page.on("dialog", lambda dialog: (seen.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def foreign(request: Request) -> None:
        if urlsplit(request.url).hostname not in local:
            seen.append(f"foreign: {request.url}")

    context.on("page", watch)
    context.on("request", foreign)
    yield seen
    context.remove_listener("page", watch)
    context.remove_listener("request", foreign)
    assert seen == []


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def page(context: BrowserContext, faults: list[str], request: pytest.FixtureRequest) -> Iterator[Page]:
    opened = context.new_page()
    opened.set_default_timeout(40_000)
    go = opened.goto

    def goto(*where: Any, **how: Any) -> Any:
        """Go there and wait for the live page: what stands in its place before says the same."""
        answer = go(*where, **how)
        live(opened)
        return answer

    opened.goto = goto  # type: ignore[method-assign]
    yield opened
    if request.node.stash.get(FAILED, False):  # what it looked like
        ARTEFACTS.mkdir(exist_ok=True)
        name = re.sub(r"\W+", "-", request.node.name)
        opened.screenshot(path=ARTEFACTS / f"{name}.png")
    opened.close()
    context.clear_cookies()
