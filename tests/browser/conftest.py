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
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from tests.browser.live import live
from tests.browser.visit import DESKTOP, Visit, tell_faults

ROOT = Path(__file__).resolve().parents[2]
ARTEFACTS = ROOT / "artefacts"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync", "--process-per-site",
]  # fmt: skip
LONG = (
    "test_counted",
    "test_dashboard",
    "test_lab",
    "test_phone",
    "test_refresh",
    "test_serving",
    "test_themes",
)
"""Files that take a minute and more."""
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
            # A loaded machine can be too slow for a browser; what is broken fails three times, and is shown.
            item.add_marker(pytest.mark.flaky(reruns=2))
    # Last: while Playwright is open its loop runs in this thread, and no other test can run one of its own.
    # A worker takes a file as a whole: the long ones first, so that all end together.
    items.sort(key=lambda item: (bool(item.get_closest_marker("browser")), item.path.stem not in LONG))


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
def press(demo_data: Path) -> Path:
    """The demo dataset, built once a run: all workers share it."""
    return demo_data / "demo"


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


@contextmanager
def _servers(settings: Path) -> Iterator[Callable[..., Server]]:
    """Start servers with the given options of `pressgauge serve`; all are stopped at the end."""
    running: list[Server] = []

    def start(*options: str, data: Path = settings) -> Server:
        running.append(Server(data, *options))
        return running[-1]

    yield start
    for server in running:
        server.stop()


@pytest.fixture(scope="session")
def serve_all(settings: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers that many tests share."""
    with _servers(settings) as start:
        yield start


@pytest.fixture
def serve(settings: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers that end with the test: what they would read ahead for a visitor takes 4 CPU seconds."""
    with _servers(settings) as start:
        yield start


@pytest.fixture(scope="session")
def demo(serve_all: Callable[..., Server]) -> str:
    """Address of the app on an empty dataset, which opens the demo."""
    return serve_all().url


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One for all tests of a worker, so that the libraries are fetched once; cookies end with the page.

    A page that stays open keeps the process in which all pages of loopback run, and with it the libraries as
    V8 has compiled them: a new page takes the browser a fifth less CPU time.
    """
    made = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    made.grant_permissions(["clipboard-read", "clipboard-write"])
    kept = made.new_page()
    kept.route("http://127.0.0.1/", lambda route: route.fulfill(body=""))
    kept.goto("http://127.0.0.1/")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def faults(context: BrowserContext) -> Iterator[list[str]]:
    """What went wrong on any page of the context; a test that expects a fault clears the list."""
    seen: list[str] = []
    local = {"127.0.0.1", "localhost", None}

    def watch(page: Page) -> None:
        tell_faults(page, seen.append)

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
def page(
    context: BrowserContext, faults: list[str], serve: Callable[..., Server], request: pytest.FixtureRequest
) -> Iterator[Page]:
    """A page of the test's own, which closes before the servers of the test end."""
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
    picture_of_failure(opened, request.node)
    opened.close()
    context.clear_cookies()


def picture_of_failure(page: Page, item: pytest.Item) -> bool:
    """What the page looked like, kept if the test failed; whether it did."""
    failed = item.stash.get(FAILED, False)
    if failed:
        ARTEFACTS.mkdir(exist_ok=True)
        name = re.sub(r"\W+", "-", item.name)
        page.screenshot(path=ARTEFACTS / f"{name}.png")
    return failed


@pytest.fixture(scope="session")
def visits(context: BrowserContext) -> Iterator[Callable[..., Visit]]:
    """Makes what shows an app's views on a page that many tests share; each is closed at the end."""
    opened: list[Visit] = []

    def make(url: str, *, within: BrowserContext = context, **options: Any) -> Visit:
        opened.append(Visit(within, url, **options))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


@pytest.fixture
def watched(faults: list[str], request: pytest.FixtureRequest) -> Iterator[Callable[[Visit], Visit]]:
    """Has the faults on a shared page be those of this test; after a failure the next test has a new page."""
    used: list[Visit] = []

    def watch(visit: Visit) -> Visit:
        visit.faults = faults
        used.append(visit)
        return visit

    yield watch
    for each in used:
        if each.page is not None and picture_of_failure(each.page, request.node):
            each.close()


@pytest.fixture(scope="session")
def demo_visit(visits: Callable[..., Visit], demo: str) -> Visit:
    return visits(demo)


@pytest.fixture
def visit(demo_visit: Visit, watched: Callable[[Visit], Visit]) -> Visit:
    """`page = visit("tab=volume")`: a page of the demo, shared by the tests of a worker."""
    return watched(demo_visit)


@pytest.fixture(scope="session")
def own_folder(fresh: Callable[[], Path]) -> Path:
    """A data folder with the demo whose settings tests may add to: each adds its own, and finds others'."""
    return fresh()


@pytest.fixture(scope="session")
def own_visit(visits: Callable[..., Visit], serve_all: Callable[..., Server], own_folder: Path) -> Visit:
    return visits(serve_all(data=own_folder).url)


@pytest.fixture
def own(own_visit: Visit, watched: Callable[[Visit], Visit]) -> Visit:
    """As `visit`, of an app on the `own_folder`."""
    return watched(own_visit)
