"""What strangers do to a server before any log-in: connections, bodies, pages and passwords."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import socket
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
from bokeh.core.types import ID
from bokeh.util.token import generate_jwt_token

from bench.served import Served, served

NAME = "server"
ARTICLES = 2_000
_PAGES = 300
_REST = 30
"""Seconds; a page that nobody opens ends after 15."""
_STRANGER = ("--proxy", "192.0.2.1")
"""No proxy is here: loopback is one address as any other."""
_UPGRADE = {
    "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}  # fmt: skip


def run(budget_seconds: float, seed: int) -> list[dict[str, Any]]:
    """All once; the passwords go on for what is left of the budget, at most 30 s."""
    until = time.monotonic() + budget_seconds
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with served(folder, ARTICLES, *_STRANGER) as server:
            _page(server)
            rows += [_idle(server), _exhausted(server), _bodies(server), _tokens(server), _flood(server)]
        (folder / "users.json").write_text('{"ada": "correct horse battery staple"}')
        with served(folder, ARTICLES, *_STRANGER, "--basic-auth", str(folder / "users.json")) as server:
            rows.append(_passwords(server, min(30.0, max(5.0, until - time.monotonic()))))
    return rows


def _idle(server: Served) -> dict[str, Any]:
    """More idle connections than one address may hold."""
    held, before, log = [], server.megabytes(), server.log.stat().st_size
    for _ in range(1_000):
        with contextlib.suppress(OSError):
            held.append(socket.create_connection(("127.0.0.1", server.port), timeout=5))
    used = server.cpu()
    time.sleep(3)
    used = (server.cpu() - used) / 3
    open_now, more = len(server.process.net_connections()), server.megabytes() - before
    grown = server.log.stat().st_size - log
    for connection in held:
        connection.close()
    time.sleep(0.5)
    return {
        "figure": "1,000 idle connections of one address",
        "wanted": "at most 400 held, under a tenth of a core, under 10 kB of log",
        "got": f"{open_now} held, {used:.1%} of a core, {more:+.0f} MB, {grown} B logged",
        "events": f"{len(held)} connected",
        "note": f"the one that listens included; afterwards it answers in {_ms(server)}",
    }


def _exhausted(server: Served) -> dict[str, Any]:
    """Connections for which the system has no descriptor: the server's limit is lowered while it runs."""
    free, wanting, log = 5, 50, server.log.stat().st_size
    limits = server.process.rlimit(psutil.RLIMIT_NOFILE)
    server.process.rlimit(psutil.RLIMIT_NOFILE, (server.process.num_fds() + free, limits[1]))
    held = [socket.create_connection(("127.0.0.1", server.port), timeout=5) for _ in range(wanting)]
    used = server.cpu()
    time.sleep(10)
    used = (server.cpu() - used) / 10
    lines = server.log.read_bytes()[log:].count(b"\n")
    server.process.rlimit(psutil.RLIMIT_NOFILE, limits)
    for connection in held:
        connection.close()
    time.sleep(2)  # it rests for a second before it tries again
    return {
        "figure": f"{wanting} connections, {free} descriptors",
        "wanted": "under a tenth of a core, told once a minute",
        "got": f"{used:.1%} of a core, {lines} lines logged in 10 s",
        "events": f"{wanting - free} could not be accepted",
        "note": f"with descriptors again it answers in {_ms(server)}",
    }


def _bodies(server: Served) -> dict[str, Any]:
    """Posts of 95 MB that never end."""
    before, sent, taken = server.megabytes(), 0, []
    for _ in range(12):
        connection = socket.create_connection(("127.0.0.1", server.port), timeout=5)
        taken.append(connection)
        head = f"POST /login HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: 95000000\r\n\r\n"
        with contextlib.suppress(OSError):
            connection.sendall(head.encode())
            for _ in range(94):
                connection.sendall(bytes(1_000_000))
                sent += 1
    after = server.megabytes()
    for connection in taken:
        connection.close()
    return {
        "figure": "12 unfinished posts of 95 MB",
        "wanted": "under 20 MB more",
        "got": f"{after - before:+.0f} MB",
        "events": f"{sent} MB could be sent before the connections were closed",
        "note": "bodies are at most 64 kB",
    }


def _tokens(server: Served) -> dict[str, Any]:
    """Sessions opened by tokens made by hand."""
    before, answers = server.megabytes(), Counter[int]()
    for number in range(136):
        protocol = f"bokeh, {generate_jwt_token(ID(f'by-hand-{number}'))}"
        answers[_asked(server, "/ws", {**_UPGRADE, "Sec-WebSocket-Protocol": protocol})] += 1
    return {
        "figure": "136 sessions by hand-made tokens",
        "wanted": "0 opened, under 10 MB more",
        "got": f"{answers[101]} opened, {server.megabytes() - before:+.0f} MB",
        "events": f"{answers[403]} refused",
        "note": "a token is signed by the server that made it",
    }


def _flood(server: Served) -> dict[str, Any]:
    """Pages asked for without end, none of which is ever opened: twice, to see whether it adds up."""
    before, answers = server.megabytes(), Counter[int]()
    most, kept = [], []
    for _ in range(2):
        most.append(0.0)
        for _ in range(_PAGES):
            answers[_asked(server, "/", {})] += 1
            most[-1] = max(most[-1], server.megabytes() - before)
        time.sleep(_REST)
        _page(server)  # what has had its time is cleared away
        kept.append(server.megabytes() - before)
    return {
        "figure": f"{_PAGES} pages asked for and left, twice",
        "wanted": "what 60 pages of one address hold, about 300 MB; the second time nothing more",
        "got": f"{most[0]:+.0f} MB at most, then {most[1]:+.0f}",
        "events": f"{answers[200]} answered, {2 * _PAGES - answers[200]} refused",
        "note": f"{kept[0]:+.0f} and {kept[1]:+.0f} MB {_REST} s later; then it answers in {_ms(server)}",
    }


def _passwords(server: Served, seconds: float) -> dict[str, Any]:
    """Passwords as fast as they can be tried."""
    answers, until = Counter[int](), time.monotonic() + seconds
    for number in itertools.count():
        form = urlencode({"username": "ada", "password": f"guess {number}"})
        answers[_asked(server, "/login", {"Content-Type": "application/x-www-form-urlencoded"}, form)] += 1
        if time.monotonic() > until:
            break
    lines = server.log.read_text(encoding="utf-8").count("log-in failed")
    return {
        "figure": f"passwords tried for {seconds:.0f} s",
        "wanted": "10 in a quarter of an hour, each told",
        "got": f"{answers[401]} tried, {lines} told",
        "events": f"{sum(answers.values()):,} sent, {answers[429]:,} of them told to wait",
        "note": "by one address",
    }


def _asked(server: Served, path: str, headers: dict[str, str], form: str | None = None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("POST" if form else "GET", path, form, headers)
        answer = connection.getresponse()
        if answer.status != 101:
            answer.read()
        return answer.status
    return 0


def _page(server: Served) -> None:
    """The first page makes what all others share."""
    _asked(server, "/", {})


def _ms(server: Served) -> str:
    took = server.health()
    return "no time: it does not" if took is None else f"{1_000 * took:.0f} ms"
