"""What a stranger may hold of the server before any log-in, and what happens when a bound is taken away."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import resource
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import panel as pn
import pytest
from aiohttp import ClientSession, WSServerHandshakeError

from dashboard.server import connections, server
from dashboard.server.connections import Once, Places, Turns
from dashboard.server.head_start import HeadStart
from tests.dashboard.server.jumping import jumping
from tests.waiting import until, wait_for

ROOT = Path(__file__).parents[3]


@pytest.fixture
def serve(served: Callable[..., Any]) -> Iterator[Callable[..., str]]:
    """Serve an empty page by a thread of this process -> its address."""
    with contextlib.ExitStack() as open_servers:
        yield lambda **options: open_servers.enter_context(served(pn.Column, **options))[0]


def connected(url: str, sent: bytes = b"") -> socket.socket:
    parts = urlsplit(url)
    made = socket.create_connection((parts.hostname, parts.port), timeout=20)
    made.sendall(sent)
    return made


def ended(connection: socket.socket) -> bool:
    """Whether the server ends it within the time of the connection, whatever it says before."""
    with contextlib.suppress(ConnectionError):
        while connection.recv(65536):
            pass
    return True


def asked(url: str, path: str = "health", **headers: str) -> int:
    """The status of an answer on a connection of its own, 0 for none."""
    lines = "".join(
        f"{name}: {value}\r\n" for name, value in {"Host": urlsplit(url).netloc, **headers}.items()
    )
    with connected(url, f"GET /{path} HTTP/1.1\r\nConnection: close\r\n{lines}\r\n".encode()) as connection:
        try:
            return int(connection.recv(65536).split()[1])
        except (IndexError, ConnectionError):
            return 0


def tokens_in(page: str) -> list[str]:
    return re.findall(r'"token": ?"([^"]+)"', page.replace("&quot;", '"'))


@pytest.mark.parametrize("bound", ["MAX_CONNECTIONS", "MAX_CONNECTIONS_BY_ADDRESS"])
def test_u13_no_more_connections_are_held_than_the_bound_and_it_is_told_once(
    serve: Callable[..., str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, bound: str
) -> None:
    monkeypatch.setattr(connections, bound, 5)
    url = serve()
    held = [connected(url) for _ in range(5)]
    assert [asked(url) for _ in range(20)] == [0] * 20
    assert len([record for record in caplog.records if "refused" in record.getMessage()]) == 1
    for connection in held:
        connection.close()
    until = time.monotonic() + 20
    while asked(url) != 200:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_proxy_of_ours_may_hold_more_than_one_visitor(
    serve: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MAX_CONNECTIONS_BY_ADDRESS", 3)
    url = serve(proxies=["127.0.0.1"])
    held = [connected(url) for _ in range(6)]
    assert asked(url) == 200
    assert len(held) == 6


@pytest.mark.parametrize(
    ("sent", "limit"),
    [
        (b"", "idle_connection_timeout"),
        (b"GET / HTTP/1.1\r\nHost: ", "idle_connection_timeout"),
        (b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000\r\n\r\nusername", "body_timeout"),
    ],
    ids=["nothing", "half of the headers", "half of a body"],
)
def test_u14_who_sends_nothing_or_half_is_not_waited_for(
    serve: Callable[..., str], monkeypatch: pytest.MonkeyPatch, sent: bytes, limit: str
) -> None:
    monkeypatch.setitem(connections.LIMITS, limit, 0.3)
    assert ended(connected(serve(), sent))


def test_u14_without_the_limits_half_a_request_is_waited_for(
    serve: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "LIMITS", {})
    waiting = connected(serve(), b"GET / HTTP/1.1\r\nHost: ")
    waiting.settimeout(2)
    with pytest.raises(TimeoutError):
        ended(waiting)


@pytest.mark.parametrize("form", ["length", "chunks"])
def test_u14_a_body_that_no_log_in_has_is_refused_before_it_is_read(
    serve: Callable[..., str], form: str
) -> None:
    url = serve()
    head = b"POST /login HTTP/1.1\r\nHost: localhost\r\n"
    head += b"Content-Length: 95000000\r\n\r\n" if form == "length" else b"Transfer-Encoding: chunked\r\n\r\n"
    connection = connected(url, head)
    if form == "chunks":
        with contextlib.suppress(ConnectionError):
            for _ in range(1000):
                connection.sendall(b"10000\r\n" + bytes(0x10000) + b"\r\n")
            pytest.fail("64 MB were taken")
    assert ended(connection)


def test_u04_pages_are_bounded_by_address_and_those_of_others_are_opened(
    serve: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MAX_SESSIONS_BY_ADDRESS", 2)
    url = serve(proxies=["127.0.0.1"])
    one, other = {"X-Forwarded-For": "203.0.113.1"}, {"X-Forwarded-For": "203.0.113.2"}
    assert [asked(url, "", **one) for _ in range(4)] == [200, 200, 503, 503]
    assert asked(url, "", **other) == 200


async def test_u04_the_websocket_of_a_page_that_has_ended_takes_a_place_or_is_refused(
    serve: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MAX_SESSIONS", 1)
    monkeypatch.setattr(server, "UNUSED_SESSION_MS", 200)
    monkeypatch.setattr(server, "CHECK_SESSIONS_MS", 50)
    url, tokens = serve(), []
    async with ClientSession() as client, asyncio.timeout(60):
        while len(tokens) < 2:
            async with client.get(url) as page:
                if page.status == 200:
                    tokens += tokens_in(await page.text())
            await asyncio.sleep(0.05)
        await asyncio.sleep(1)
        first = await client.ws_connect(f"{url}ws", protocols=("bokeh", tokens[0]))
        assert "ACK" in (await first.receive()).data
        with pytest.raises(WSServerHandshakeError, match="503"):
            await client.ws_connect(f"{url}ws", protocols=("bokeh", tokens[1]))


@pytest.mark.parametrize("path", ["autoload.js?bokeh-autoload-element=x", "metadata"])
def test_no_page_is_opened_past_the_limits(serve: Callable[..., str], path: str) -> None:
    assert asked(serve(), path) == 404


def test_a_place_that_came_to_nothing_is_free_again() -> None:
    now = [0.0]
    empty: Any = SimpleNamespace(_tornado=SimpleNamespace(applications={}))
    places = Places(empty, lambda: now[0])
    for n in range(connections.MAX_SESSIONS_BY_ADDRESS):
        assert places.refusal("203.0.113.1") is None
        places.take(f"page {n}", "203.0.113.1", within=connections.OPENING_S)
    assert places.refusal("203.0.113.1") is not None
    now[0] = connections.OPENING_S
    assert places.refusal("203.0.113.1") is None


def test_a_page_that_waits_for_its_turn_holds_its_place_however_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "MAX_SESSIONS", 1)
    now = [0.0]
    empty: Any = SimpleNamespace(_tornado=SimpleNamespace(applications={}))
    places = Places(empty, lambda: now[0])
    with places.opening("page", "203.0.113.1"):
        now[0] = 100 * connections.OPENING_S
        assert places.refusal("203.0.113.2") is not None
    assert places.refusal("203.0.113.2") is None


def test_what_happens_a_thousand_times_is_one_line_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    once = Once(lambda: now[0])
    for _ in range(1000):
        once.say("refused")
    now[0] = 61.0
    once.say("refused")
    assert [record.getMessage() for record in caplog.records] == ["refused (1 times)", "refused (1000 times)"]


PROGRAM = """
import panel, resource, sys
from dashboard.server import connections, server
connections.descriptors = lambda: 10_000
connections.MAX_CONNECTIONS_BY_ADDRESS = 10_000
if sys.argv[2] == "without":
    server.Door.__init__ = lambda self, http, proxies: None
    server.Door.watch = lambda self: None
running = server.start(panel.Column, address="127.0.0.1", port=int(sys.argv[1]), origins=())
running.start()
soft = len(__import__("os").listdir("/proc/self/fd")) + 20
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, soft))
print("ready", flush=True)
running.io_loop.start()
"""


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")
@pytest.mark.parametrize("guard", [True, False], ids=["with_the_door", "without_the_door"])
def test_u13_without_a_descriptor_left_the_server_rests_and_says_so_once(tmp_path: Path, guard: bool) -> None:
    """Tornado 6.6.1 spins and writes tracebacks. When the twin fails, the door may be Tornado's again."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "log"
    with log.open("wb") as written:
        child = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(port), "with" if guard else "without"],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=written,
        )  # fmt: skip
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        held = [connected(f"http://127.0.0.1:{port}") for _ in range(60)]
        before, until = _cpu(child.pid), time.monotonic() + (1.5 if guard else 60)
        used = size = 0.0
        while time.monotonic() < until and (used <= 0.3 or size <= 50_000):
            time.sleep(0.1)
            used, size = _cpu(child.pid) - before, log.stat().st_size
        assert size < 5_000 if guard else size > 50_000
        assert used < 0.3 if guard else used > 0.3
        for connection in held:
            connection.close()
        until = time.monotonic() + 20
        while asked(f"http://127.0.0.1:{port}") != 200:
            assert time.monotonic() < until
            time.sleep(0.1)
    finally:
        child.kill()
        child.wait()
    if guard:
        assert log.read_text().count("no connection can be accepted") == 1


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_the_server_asks_for_the_descriptors_that_it_needs() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(512, before[0]), before[1]))
        assert connections.descriptors() == min(2_256, before[1]) or before[1] < 2_256
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def pages_before_an_answer(served: Callable[..., Any]) -> int:
    """Ten pages are asked for at once, and then whether the server is well -> how many it makes first."""
    made: list[int] = []

    def page() -> pn.Column:
        made.append(1)
        return pn.Column()

    with served(page) as (url, loop), contextlib.ExitStack() as open_connections:
        held = threading.Event()
        loop.add_callback(held.wait)  # so that all are there when it looks
        requests = [
            f"GET /{path} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\n\r\n" for path in ("", "health")
        ]
        for request in [*[requests[0]] * 10, requests[1]]:
            last = open_connections.enter_context(connected(url, request.encode()))
        held.set()
        assert last.recv(65536).split()[1] == b"200"
        return len(made)


def test_u20_ten_pages_that_are_asked_for_at_once_keep_nobody_else_waiting(
    served: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "PAUSE_SHARE", 1000.0)  # no page of the test is so quick that it ends sooner
    assert pages_before_an_answer(served) == 1


def test_u20_without_the_turns_all_ten_are_made_first(
    served: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextlib.asynccontextmanager
    async def at_once(*_: Any) -> Any:
        yield

    async def no_head_start(*_: Any) -> None:
        pass

    monkeypatch.setattr(Turns, "turn", at_once)
    monkeypatch.setattr(HeadStart, "wait", no_head_start)
    assert pages_before_an_answer(served) == 10


class Held(Turns):
    """Turns of which the first is another's, until that is ended."""

    def __init__(self, pause_share: float) -> None:
        super().__init__(pause_share)
        self._is_taken = True

    def end(self) -> None:
        self._pass_on()

    def waiting(self) -> int:
        return sum(map(len, self._waiting.values()))


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> Held:
    """Those of the server that is started next."""
    held = Held(connections.PAUSE_SHARE)
    monkeypatch.setattr(server, "Turns", lambda _: held)
    return held


def test_u20_a_picture_that_is_known_comes_before_the_turn_of_its_page_and_another_one_in_it(
    served: Callable[..., Any], turns: Held
) -> None:
    def picture(query: str, dark: bool, known: bool) -> str | None:
        return None if known and query == "new=1" else "<p>a picture</p>"

    with served(pn.Column, preview=picture) as (url, loop), contextlib.ExitStack() as open_connections:

        def wait(query: str) -> socket.socket:
            request = f"GET /?{query} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\n\r\n"
            waiting, connection = turns.waiting(), connected(url, request.encode())
            open_connections.enter_context(connection)
            wait_for(lambda: turns.waiting() > waiting)
            return connection

        first = wait("known=1")
        assert not select.select([first], [], [], 0)[0]  # no page has told the server its head yet
        loop.add_callback(turns.end)
        assert b"a picture" in first.recv(65536)
        wait_for(lambda: not turns._is_taken)
        turns._is_taken = True
        known, new = wait("known=1"), wait("new=1")
        assert b"a picture" in known.recv(65536)
        assert not select.select([new], [], [], 0)[0]
        loop.add_callback(turns.end)
        assert b"a picture" in new.recv(65536)


def test_u20_no_page_is_made_for_who_has_left_before_its_turn(
    served: Callable[..., Any], turns: Held
) -> None:
    made: list[int] = []

    def page() -> pn.Column:
        made.append(1)
        return pn.Column()

    with served(page) as (url, loop):
        request = f"GET / HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\n\r\n".encode()
        asked_for = [connected(url, request) for _ in range(5)]
        wait_for(lambda: turns.waiting() == 5)
        for connection in asked_for:
            connection.close()
        assert asked(url) == 200  # which comes behind that they have left
        loop.add_callback(turns.end)
        assert asked(url, "") == 200
        assert len(made) == 1


async def test_u20_a_websocket_that_has_left_before_its_turn_has_no_page_made_and_gives_its_place_back(
    served: Callable[..., Any], turns: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "UNUSED_SESSION_MS", 1)
    monkeypatch.setattr(server, "CHECK_SESSIONS_MS", 20)
    monkeypatch.setattr(connections, "MAX_SESSIONS", 1)
    made: list[int] = []
    places: list[Places] = []

    class Known(Places):
        def __init__(self, running: Any) -> None:
            super().__init__(running)
            places.append(self)

    def page() -> pn.Column:
        made.append(1)
        return pn.Column()

    monkeypatch.setattr(server, "Places", Known)
    with served(page) as (url, loop):
        loop.add_callback(turns.end)
        async with ClientSession() as client, asyncio.timeout(60):
            async with client.get(url) as first:
                token = tokens_in(await first.text())[0]
            await until(lambda: not (turns._is_taken or places[0]._open()))
            turns._is_taken = True
            opened = await client.ws_connect(f"{url}ws", protocols=("bokeh", token))
            await until(lambda: turns.waiting() == 1)
            async with client.get(url) as refused:
                assert refused.status == 503
            await opened.close()
            loop.add_callback(turns.end)
            await until(lambda: not turns._is_taken)
            async with client.get(url) as second:
                assert second.status == 200
                await second.read()
            assert len(made) == 2  # none of them for the websocket


async def test_u20_addresses_make_pages_in_turn_however_many_each_asks_for() -> None:
    turns, order = Turns(connections.PAUSE_SHARE), []

    async def page(address: str) -> None:
        async with turns.turn(address):
            order.append(address)
            await asyncio.sleep(0)

    many, one = "192.0.2.1", "198.51.100.1"
    await asyncio.gather(*map(page, [*[many] * 5, one, *[many] * 3, one]))
    assert order == [many, many, one, many, one, *[many] * 5]
    await page(one)
    assert not turns._waiting


@jumping
async def test_u20_the_pause_after_a_page_is_a_share_of_its_time() -> None:
    turns, begun, loop = Turns(0.1), [], asyncio.get_running_loop()

    async def page(seconds: float) -> None:
        async with turns.turn("192.0.2.1"):
            begun.append(loop.time())
            await asyncio.sleep(seconds)

    await asyncio.gather(page(10.0), page(5.0), page(1.0))
    assert begun == [0.0, 11.0, 16.5]


@jumping
async def test_u20_a_page_that_fails_passes_the_turn_on() -> None:
    turns = Turns(connections.PAUSE_SHARE)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            async with turns.turn("192.0.2.1"):
                _ = 1 / 0


@jumping
@pytest.mark.parametrize("after", [0.5, 1.0, 1.1], ids=["waiting", "as a page ends", "as its turn comes"])
async def test_u20_who_is_cancelled_keeps_nobody_from_a_turn(after: float) -> None:
    turns, made, loop = Turns(0.1), [], asyncio.get_running_loop()

    async def page(number: int) -> None:
        async with turns.turn("192.0.2.1"):
            made.append(number)
            await asyncio.sleep(1.0)

    pages = [asyncio.create_task(page(number)) for number in range(4)]
    await asyncio.sleep(0)
    loop.call_at(after, pages[1].cancel)
    loop.call_at(after, pages[2].cancel)
    await asyncio.gather(*pages, return_exceptions=True)
    assert made == [0, 3]
    await page(4)
    assert made == [0, 3, 4]
