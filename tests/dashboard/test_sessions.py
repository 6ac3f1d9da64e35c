"""Sessions end: a server that is asked for pages for a year does not grow."""

from __future__ import annotations

import asyncio
import gc
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import panel_material_ui as pmui
import pytest
from bokeh.client import pull_session
from tornado.ioloop import IOLoop

from dashboard import server
from dashboard.app import App
from dashboard.refresh_job import RefreshJob
from dashboard.serving import open_page
from dashboard.store import Store


@pytest.fixture
def url(store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """The app, served by a thread of this process; pages without a visitor end after a second."""
    monkeypatch.setattr(server, "UNUSED_SESSION_MS", 500)
    monkeypatch.setattr(server, "CHECK_SESSIONS_MS", 200)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    loops: list[IOLoop] = []
    listening = threading.Event()
    job = RefreshJob(tmp_path)

    def run() -> None:
        asyncio.set_event_loop(asyncio.new_event_loop())
        running = server.start(
            lambda: open_page(store, job, read_only=False), address="127.0.0.1", port=port, origins=()
        )
        running.start()
        loops.append(running.io_loop)
        running.io_loop.add_callback(listening.set)
        running.io_loop.start()
        running.stop()

    thread = threading.Thread(target=run)
    thread.start()
    assert listening.wait(30)
    yield f"http://127.0.0.1:{port}/"
    loops[0].add_callback(loops[0].stop)
    thread.join(20)


def living() -> int:
    gc.collect()
    return sum(isinstance(each, (App, pmui.Page)) for each in gc.get_objects())


def test_u04_pages_whose_visitor_never_came_are_released(url: str) -> None:
    for _ in range(12):
        urllib.request.urlopen(url, timeout=20).read()
    assert living() > 0
    deadline = time.monotonic() + 20
    while living() and time.monotonic() < deadline:
        time.sleep(0.3)
    assert living() == 0


def test_a_page_that_its_visitor_closed_is_released(url: str) -> None:
    visit = pull_session(url=url)
    assert living() > 0
    visit.close()
    deadline = time.monotonic() + 30
    while living() and time.monotonic() < deadline:
        time.sleep(0.3)
    assert living() == 0


def test_u04_no_more_pages_are_opened_than_the_machine_should_hold(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "MAX_SESSIONS", 1)
    assert urllib.request.urlopen(url, timeout=20).status == 200
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(url, timeout=20)
    assert refused.value.code == 503
    assert refused.value.headers["Retry-After"] == "15"
    assert b"pages are open" in refused.value.read()
    assert urllib.request.urlopen(f"{url}health", timeout=20).status == 200
