"""Sessions: none waits for another, and they end: a server asked for pages for a year does not grow."""

from __future__ import annotations

import asyncio
import gc
import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import aiohttp
import panel_material_ui as pmui
import pytest
import tomlkit
from tornado.ioloop import IOLoop

from collectors.demo.server import PressServer
from dashboard.counts.session import CountedStore
from dashboard.page import Frame
from dashboard.server import connections, server
from dashboard.server.pages import open_counts, open_page
from dashboard.session.refresh_job import RefreshJob, end_all
from dashboard.session.store import Store
from pressgauge.scale.counts import count_dataset
from tests.waiting import wait_for

pytestmark = pytest.mark.slow

VISITORS = 20
SECONDS = 20
"""In which each of them is answered although all ask at once; the refresh takes longer than all together."""


@dataclass(frozen=True, slots=True)
class Serving:
    url: str
    loop: IOLoop
    job: RefreshJob


@pytest.fixture
def serving(
    store: Store, served: Callable[[Callable[[], Any]], Any], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Serving]:
    """The app, served by a thread of this process; pages without a visitor end after a second."""
    monkeypatch.setattr(server, "UNUSED_SESSION_MS", 500)
    monkeypatch.setattr(server, "CHECK_SESSIONS_MS", 200)
    job = RefreshJob(store.path)
    with served(lambda: open_page(store, job, read_only=False)) as (url, loop):
        yield Serving(url, loop, job)


@pytest.fixture
def url(serving: Serving) -> str:
    return serving.url


class Pages:
    """The pages in memory of this process, without those that other tests have left there."""

    def __init__(self) -> None:
        self._of_others = {id(page): page for page in self._in_memory()}

    @staticmethod
    def _in_memory() -> list[Frame | pmui.Page]:
        gc.collect()
        return [each for each in gc.get_objects() if isinstance(each, (Frame, pmui.Page))]

    def count(self) -> int:
        return sum(id(page) not in self._of_others for page in self._in_memory())

    def wait_for_none(self) -> None:
        wait_for(lambda: self.count() == 0, seconds=120, pause=0.5)


@pytest.fixture
def pages() -> Pages:
    return Pages()


def test_u04_pages_whose_visitor_never_came_are_released(pages: Pages, url: str) -> None:
    for tab in ("overview", "volume", "sources") * 4:
        urllib.request.urlopen(f"{url}?tab={tab}", timeout=20).read()
    assert pages.count() > 0
    pages.wait_for_none()


async def test_a_page_that_its_visitor_closed_is_released(pages: Pages, url: str) -> None:
    async with aiohttp.ClientSession() as client, asyncio.timeout(300):
        await Visitor(client, url).open()
        assert pages.count() > 0
    await asyncio.to_thread(pages.wait_for_none)


def test_u04_pages_of_counts_are_released_too(
    pages: Pages, store: Store, served: Callable[[Callable[[], Any]], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "UNUSED_SESSION_MS", 500)
    monkeypatch.setattr(server, "CHECK_SESSIONS_MS", 200)
    count_dataset(store.current.dataset, store.current.snapshot.topics)
    counts = CountedStore(store.path)
    with served(lambda: open_counts(counts)) as (url, _):
        for _ in range(6):
            urllib.request.urlopen(url, timeout=20).read()
        assert pages.count() > 0
        pages.wait_for_none()


async def test_a_page_whose_visitor_comes_late_names_no_foreign_host(pages: Pages, url: str) -> None:
    async with aiohttp.ClientSession() as client, asyncio.timeout(300):
        visitor = Visitor(client, url)
        token = await visitor.load()
        await asyncio.to_thread(pages.wait_for_none)
        assert "holoviz.org" not in await visitor.connect(token)


def test_u04_no_more_pages_are_opened_than_the_machine_should_hold(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MAX_SESSIONS", 1)
    assert urllib.request.urlopen(url, timeout=20).status == 200
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(url, timeout=20)
    assert refused.value.code == 503
    assert refused.value.headers["Retry-After"] == "15"
    assert b"pages are open" in refused.value.read()
    assert urllib.request.urlopen(f"{url}health", timeout=20).status == 200


class Visitor:
    """A browser as the server sees it: a page, a websocket, and the few messages that a view takes."""

    def __init__(self, client: aiohttp.ClientSession, url: str) -> None:
        self._client, self._url = client, url

    async def open(self) -> None:
        await self.arrive()
        await self.ready()

    async def arrive(self, query: str = "") -> None:
        await self.connect(await self.load(query))

    async def load(self, query: str = "") -> str:
        """Ask for the page; the token that it brings."""
        async with self._client.get(f"{self._url}?{query}") as page:
            html = (await page.text()).replace("&quot;", '"')
        return json.loads(re.findall(r'"token": ?("[^"]+")', html)[0])

    async def connect(self, token: str) -> str:
        """Open the websocket of a page; what the server says stands on it."""
        self._socket = await self._client.ws_connect(
            f"{self._url.replace('http', 'ws')}ws", protocols=("bokeh", token), max_msg_size=0
        )
        await self._hear("ACK")
        await self._say("PULL-DOC-REQ", {})
        whole = await self._hear("PULL-DOC-REPLY")
        self._address = re.findall(r'"name":"Address\d+","id":"([^"]+)"', whole)[0]
        return whole

    async def ready(self) -> None:
        """Say that the page is drawn: before that, what it is told is lost."""
        ready = {"type": "event", "name": "document_ready", "values": {"type": "map"}}
        await self._patch(kind="MessageSent", msg_type="bokeh_event", msg_data=ready)

    async def hears_nothing(self, seconds: float) -> None:
        """Raises what came from the server within these seconds, as an AssertionError."""
        try:
            raise AssertionError(await asyncio.wait_for(self._socket.receive(), seconds))
        except TimeoutError:
            return

    async def ask(self, query: str) -> float:
        """Go to the view of `query` as the address bar does; the seconds until its picture is there."""
        asked = time.monotonic()
        await self.go(query)
        await self.sees('"attr":"figure"')
        return time.monotonic() - asked

    async def go(self, query: str) -> None:
        await self._patch(kind="ModelChanged", model={"id": self._address}, attr="query", new=query)

    async def sees(self, *told: str) -> None:
        """Wait until the page has been told all of these."""
        missing = set(told)
        while missing:
            content = await self._hear("PATCH-DOC")
            missing -= {each for each in missing if each in content}

    async def _patch(self, **event: Any) -> None:
        await self._say("PATCH-DOC", {"events": [event]})

    async def _say(self, kind: str, content: dict[str, Any]) -> None:
        for part in ({"msgid": uuid4().hex, "msgtype": kind}, {}, content):
            await self._socket.send_str(json.dumps(part))

    async def _hear(self, kind: str) -> str:
        """The content of the next message of a kind; others are passed over."""
        while True:
            header = json.loads(await self._socket.receive_str())
            await self._socket.receive_str()
            content = await self._socket.receive_str()
            for _ in range(2 * header.get("num_buffers", 0)):
                await self._socket.receive()
            if header["msgtype"] == kind:
                return content


async def test_what_is_asked_before_the_page_is_ready_is_shown_when_it_is(url: str) -> None:
    async with aiohttp.ClientSession() as client, asyncio.timeout(300):
        visitor = Visitor(client, url)
        await visitor.arrive()
        await visitor.go("tab=volume&query=deepseek")
        await asyncio.sleep(1)
        await visitor.ready()
        await visitor.sees("matches deepseek", "pressgauge-volume")


async def test_what_a_view_reads_is_kept_until_the_page_is_ready(url: str) -> None:
    async with aiohttp.ClientSession() as client, asyncio.timeout(300):
        visitor = Visitor(client, url)
        await visitor.arrive("tab=sources")
        await visitor.hears_nothing(seconds=2)
        await visitor.ready()
        await visitor.sees("Health of the sources")


async def test_the_articles_of_a_number_are_kept_until_the_page_is_ready(
    store: Store, served: Callable[[Callable[[], Any]], Any]
) -> None:
    count_dataset(store.current.dataset, store.current.snapshot.topics)
    counts = CountedStore(store.path)
    selection = quote('{"series":"open_side","since":"2025-01-20","until":"2025-01-20"}')
    with served(lambda: open_counts(counts)) as (url, _):
        async with aiohttp.ClientSession() as client, asyncio.timeout(300):
            visitor = Visitor(client, url)
            await visitor.arrive(f"tab=articles&selection={selection}")
            await visitor.hears_nothing(seconds=2)
            await visitor.ready()
            await visitor.sees("Open weights for all")


async def test_twenty_visitors_are_answered_while_a_refresh_runs(
    serving: Serving, press_server: PressServer, tmp_path: Path
) -> None:
    press_server.write_sources(tmp_path / "all.toml")
    slow = tomlkit.parse((tmp_path / "all.toml").read_text(encoding="utf-8")).unwrap()["source"][0]
    slow |= {"max_items": 4, "delay": 20.0}
    (tmp_path / "sources.toml").write_text(tomlkit.dumps({"source": [slow]}), encoding="utf-8")
    async with aiohttp.ClientSession() as client, asyncio.timeout(300):
        visitors = [Visitor(client, serving.url) for _ in range(VISITORS)]
        for visitor in visitors:
            await visitor.open()
        serving.loop.add_callback(serving.job.start)
        while not serving.job.running:  # noqa: ASYNC110 (pages poll the job in the same way)
            await asyncio.sleep(0.05)
        answers = asyncio.gather(*(visitor.ask("freq=M") for visitor in visitors))
        health = []
        while not answers.done():
            asked = time.monotonic()
            async with client.get(f"{serving.url}health") as sound:
                assert sound.status == 200
            health.append(time.monotonic() - asked)
            await asyncio.sleep(0.05)
        assert serving.job.status == "running"
        assert max(await answers) < SECONDS
        assert max(health) < SECONDS
    serving.loop.add_callback(end_all)
