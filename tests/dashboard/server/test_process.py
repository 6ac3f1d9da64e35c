"""`pressgauge serve` as a process of its own: how it starts, on which address, and how it ends."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import psutil
import pytest

import pressgauge
from collectors.demo.server import PressServer
from dashboard.server.server import in_url

ROOT = Path(__file__).parents[3]


class Process:
    """`pressgauge serve` on a port of its own."""

    def __init__(self, data: Path, *options: str, address: str = "127.0.0.1") -> None:
        self.port = free_port(address)
        self.address, self.log = address, data / f"{self.port}.log"
        with self.log.open("w") as log:
            self.child = subprocess.Popen(
                [sys.executable, "-m", "dashboard.cli", "serve", "--no-browser", "--address", address,
                 "--port", str(self.port), *options],
                env={**os.environ, "PRESSGAUGE_DATA": str(data)}, cwd=ROOT, stdout=log, stderr=log,
            )  # fmt: skip
        until = time.monotonic() + 90
        while self.status("/health") != 200:
            assert self.child.poll() is None, self.log.read_text()
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.1)

    def status(self, path: str, **headers: str) -> int:
        connection = http.client.HTTPConnection(self.address, self.port, timeout=60)
        with contextlib.suppress(OSError), contextlib.closing(connection):
            connection.request("GET", path, headers=headers)
            return connection.getresponse().status
        return 0


def free_port(address: str = "127.0.0.1") -> int:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as free:
        free.bind((address, 0))
        return int(free.getsockname()[1])


def ran(code: str, data: Path) -> subprocess.CompletedProcess[str]:
    """A process that ran `code`, which starts a server at the port that is its argument, and has ended."""
    return subprocess.run(
        [sys.executable, "-c", code, str(free_port())],
        env={**os.environ, "PRESSGAUGE_DATA": str(data)},
        cwd=ROOT, timeout=90, capture_output=True, text=True,
    )  # fmt: skip


@pytest.fixture
def data(store: object, tmp_path: Path) -> Path:
    """A data folder whose coverage is the small press of these tests."""
    for file in (ROOT / "data").glob("*.toml"):
        if not (tmp_path / file.name).exists():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


@pytest.fixture
def start(data: Path) -> Iterator[Callable[..., Process]]:
    running: list[Process] = []

    def started(*options: str, address: str = "127.0.0.1") -> Process:
        running.append(Process(data, *options, address=address))
        return running[-1]

    yield started
    for each in running:
        each.child.kill()
        each.child.wait()


def test_u15_sigterm_ends_the_server_with_0_and_the_refresh_with_it(
    start: Callable[..., Process], data: Path, press_server: PressServer
) -> None:
    press_server.write_sources(data / "all.toml")
    sources = (data / "all.toml").read_text().replace("kind =", "delay = 20.0\nmax_items = 4\nkind =", 1)
    (data / "sources.toml").write_text(sources)
    server = start("--refresh-every", "60")
    parent = psutil.Process(server.child.pid)
    until = time.monotonic() + 60
    while not (refresh := [c for c in parent.children() if "refresh" in c.cmdline()]):
        assert time.monotonic() < until
        time.sleep(0.1)
    family = parent.children(recursive=True)
    server.child.send_signal(signal.SIGTERM)
    assert server.child.wait(40) == 0
    assert not refresh[0].is_running()
    psutil.wait_procs(family, 10)
    assert [process for process in family if process.is_running()] == []
    assert "Traceback" not in server.log.read_text()


def test_an_ipv6_address_is_served_and_named_as_a_browser_writes_it(start: Callable[..., Process]) -> None:
    try:
        server = start(address="::1")
    except OSError:
        pytest.skip("NO IPV6: this machine has no ::1")
    assert server.status("/", Host=f"[::1]:{server.port}") == 200
    assert server.status("/", Host="[2001:db8::1]:80") == 421
    upgrade = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Protocol": "bokeh, x",
    }  # fmt: skip
    assert server.status("/ws", **upgrade, Origin=f"http://[::1]:{server.port}") == 403
    assert "Refusing websocket connection" not in server.log.read_text()


def test_an_address_is_in_brackets_in_a_url_when_it_is_ipv6() -> None:
    assert [in_url("::1"), in_url("127.0.0.1"), in_url("press.example")] == [
        "[::1]", "127.0.0.1", "press.example",
    ]  # fmt: skip


@pytest.mark.parametrize("value", ["users.json", "no.such.file"])
def test_u09_a_users_file_that_is_missing_starts_no_server(data: Path, value: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dashboard.cli", "serve", "--no-browser", "--basic-auth", value],
        env={**os.environ, "PRESSGAUGE_DATA": str(data)}, cwd=ROOT, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "the users file cannot be read" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_two_servers_on_one_dataset_say_the_same_also_of_what_comes(
    start: Callable[..., Process], data: Path, announced: Callable[..., pd.DataFrame]
) -> None:
    with ThreadPoolExecutor(2) as both:
        servers = list(both.map(lambda _: start(), range(2)))
    dataset = pressgauge.open(data / "coverage")
    before = {heading(server) for server in servers}
    assert len(before) == 1
    stored = len(dataset)
    dataset.append(announced(start=1_000))
    assert len(dataset) == 2 * stored
    until = time.monotonic() + 60
    while (after := {heading(server) for server in servers}) & before:
        assert time.monotonic() < until, after
        time.sleep(0.1)
    assert len(after) == 1
    for server in servers:
        server.child.send_signal(signal.SIGTERM)
        assert server.child.wait(40) == 0
        assert "Traceback" not in server.log.read_text()
    assert len(pressgauge.open(data / "coverage")) == 2 * stored


def test_a_server_whose_pages_cannot_be_loaded_ends_and_says_why(data: Path) -> None:
    code = (
        "import sys\n"
        "from dashboard.commands.serve import command\n"
        "sys.modules['dashboard.server.pages'] = None\n"
        "command(['--no-browser', '--port', sys.argv[1]])\n"
    )
    done = ran(code, data)
    assert done.returncode == 1
    assert "ModuleNotFoundError: import of dashboard.server.pages halted" in done.stderr


def heading(server: Process) -> str:
    """What a server's page says first, without its markup."""
    with urllib.request.urlopen(f"http://{server.address}:{server.port}/?everything=1", timeout=60) as answer:
        page = answer.read().decode()
    match = re.search(r"<h1\b.*?</h1>", page, re.DOTALL)
    assert match, page[:2_000]
    return re.sub(r"<[^<>]*>", "", match[0])


def test_the_version_that_a_server_began_with_leaves_its_memory_when_a_newer_one_has_come(data: Path) -> None:
    """Parts of a version refer to each other, so that only the search for garbage finds them."""
    code = (
        "import gc, os, signal, sys, weakref\n"
        "from dashboard.commands.serve import command\n"
        "from dashboard.server import serve\n"
        "from dashboard.session.store import Store\n"
        "async def renew(url):\n"
        "    [store] = [each for each in gc.get_objects() if type(each) is Store]\n"
        "    snapshot = store.current.snapshot\n"
        "    parts = [weakref.ref(each) for each in (snapshot.articles, snapshot.bitmaps, snapshot.index)]\n"
        "    del snapshot\n"
        "    store.current = store._load()\n"
        "    gc.collect()\n"
        "    gone = [part() is None for part in parts]\n"
        "    print(gone, file=open(os.environ['PRESSGAUGE_DATA'] + '/said', 'w'))\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "serve._first_visit = renew\n"
        "command(['--no-browser', '--port', sys.argv[1]])\n"
    )
    done = ran(code, data)
    assert done.returncode == 0, done.stderr
    assert (data / "said").read_text() == "[True, True, True]\n"
