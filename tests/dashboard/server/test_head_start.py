"""Who comes for the first time has the files of a page before the server is busy making it."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import panel as pn
import pytest

from dashboard.server import head_start
from dashboard.server.head_start import HeadStart
from tests.dashboard.server.test_connections import asked, connected
from tests.waiting import wait_for

FILES = ["chart.js", "page.js"]


async def test_the_first_page_of_an_address_waits_until_the_scripts_were_sent_and_the_next_for_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(head_start, "HEAD_START_S", 60.0)
    start = HeadStart()
    waiting = [
        asyncio.create_task(start.wait(address, FILES)) for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2")
    ]
    await asyncio.sleep(0)
    for path in ("/static/some.css", "/components/chart.js"):
        start.sent("192.0.2.1", path)
    await asyncio.sleep(0)
    assert not any(task.done() for task in waiting)
    start.sent("192.0.2.1", "/static/page.js")
    await asyncio.gather(*waiting[:2])
    await start.wait("192.0.2.1", FILES)
    assert not waiting[2].done()
    waiting[2].cancel()


async def test_a_browser_that_has_the_scripts_waits_once_and_not_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(head_start, "HEAD_START_S", 0.0)
    start = HeadStart()
    await start.wait("192.0.2.1", FILES)
    monkeypatch.setattr(head_start, "HEAD_START_S", 60.0)
    await start.wait("192.0.2.1", FILES)


async def test_of_many_addresses_those_that_came_last_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(head_start, "HEAD_START_S", 0.0)
    monkeypatch.setattr(head_start, "_REMEMBERED", 2)
    start = HeadStart()
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.3"):
        await start.wait(address, FILES)
    monkeypatch.setattr(head_start, "HEAD_START_S", 60.0)
    await start.wait("192.0.2.1", FILES)


def test_a_page_is_made_after_the_scripts_that_its_head_names_were_sent(
    served: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(head_start, "HEAD_START_S", 60.0)
    made: list[int] = []

    def page() -> pn.Column:
        made.append(1)
        return pn.Column()

    with served(page) as (url, _), contextlib.ExitStack() as open_connections:
        assert asked(url, "") == 200  # of which the server learns the head of a page
        request = f"GET / HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\n\r\n".encode()
        first = open_connections.enter_context(connected(url, request))
        head = first.recv(65536).decode()
        assert len(made) == 1
        *files, last = re.findall(r'<script [^>]*src="([^"]+)"', head)
        assert files
        for path in files:
            assert asked(url, path) == 200
        assert len(made) == 1
        assert asked(url, last) == 200
        wait_for(lambda: len(made) == 2)
