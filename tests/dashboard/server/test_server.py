"""Who may talk to the server, and for how long: each guard, and what happens when it is taken away."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import re
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import panel as pn
import panel_material_ui as pmui
import pytest
from aiohttp import ClientError, ClientSession, WSMsgType
from bokeh.core.types import ID
from bokeh.util.token import generate_jwt_token

from dashboard.server import connections, server

UPGRADE = {
    "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}  # fmt: skip
guarded = pytest.mark.parametrize("guard", [True, False], ids=["with_the_guard", "without_the_guard"])


@pytest.fixture
def serve(served: Callable[[Callable[[], Any]], Any]) -> Iterator[Callable[[], str]]:
    """Serve an empty page by a thread of this process -> its address."""
    with contextlib.ExitStack() as open_servers:
        yield lambda: open_servers.enter_context(served(pn.Column))[0]


def without(monkeypatch: pytest.MonkeyPatch, **settings: object) -> None:
    """Start Panel's server with other settings than ours."""
    start = server.get_server
    monkeypatch.setattr(server, "get_server", lambda *what, **how: start(*what, **how | settings))


def asked(url: str, **headers: str) -> http.client.HTTPResponse:
    """The answer, its body still to be read."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    connection.request("GET", f"{parts.path}?{parts.query}", headers=headers)
    return connection.getresponse()


def status(url: str, **headers: str) -> int:
    return asked(url, **headers).status


@guarded
def test_u03_without_the_look_at_the_host_a_rebound_name_is_answered(
    serve: Callable[[], str], monkeypatch: pytest.MonkeyPatch, guard: bool
) -> None:
    if not guard:
        monkeypatch.setattr(server._ForeignHost, "match", lambda self, request: None)
    assert status(serve(), Host="evil.example") == (421 if guard else 200)


@guarded
def test_u03_without_the_list_of_origins_any_site_may_open_the_websocket(
    serve: Callable[[], str], monkeypatch: pytest.MonkeyPatch, guard: bool
) -> None:
    if not guard:
        without(monkeypatch, websocket_origin=["*"])
    url = serve()
    [token] = re.findall(r'"token": ?"([^"]+)"', page_at(url))
    ours = {**UPGRADE, "Sec-WebSocket-Protocol": f"bokeh, {token}"}
    assert status(f"{url}ws", Origin="https://evil.example", **ours) == (403 if guard else 101)


@guarded
def test_u03_without_the_headers_any_site_may_frame_the_app_and_it_may_load_from_anywhere(
    serve: Callable[[], str], monkeypatch: pytest.MonkeyPatch, guard: bool
) -> None:
    if not guard:
        monkeypatch.setattr(server, "_HEADERS", {})
    headers = urllib.request.urlopen(serve(), timeout=20).headers
    assert ("Content-Security-Policy" in headers) is guard
    assert ("X-Frame-Options" in headers) is guard


@guarded
def test_u04_without_the_limit_pages_are_opened_without_end(
    serve: Callable[[], str], monkeypatch: pytest.MonkeyPatch, guard: bool
) -> None:
    monkeypatch.setattr(connections, "MAX_SESSIONS", 1)
    if not guard:
        monkeypatch.setattr(connections.Places, "refusal", lambda self, address: None)
    url = serve()
    assert [status(url) for _ in range(4)] == ([200, 503, 503, 503] if guard else [200] * 4)


@guarded
def test_u04_without_their_end_pages_whose_visitor_never_came_keep_their_place(
    serve: Callable[[], str], monkeypatch: pytest.MonkeyPatch, guard: bool
) -> None:
    monkeypatch.setattr(connections, "MAX_SESSIONS", 1)
    monkeypatch.setattr(server, "CHECK_SESSIONS_MS", 100)
    monkeypatch.setattr(server, "UNUSED_SESSION_MS", 200 if guard else 600_000)
    url, until = serve(), time.monotonic() + (20 if guard else 2)
    assert status(url) == 200
    while (answer := status(url)) == 503 and time.monotonic() < until:
        time.sleep(0.1)
    assert answer == (200 if guard else 503)


@guarded
async def test_u04_without_the_limit_a_websocket_takes_messages_of_any_size(
    serve: Callable[[], str], monkeypatch: pytest.MonkeyPatch, guard: bool
) -> None:
    if not guard:
        without(monkeypatch, websocket_max_message_size=2**30)
    url = serve()
    async with ClientSession() as client, asyncio.timeout(30):
        async with client.get(url) as page:
            [token] = re.findall(r'"token": ?"([^"]+)"', (await page.text()).replace("&quot;", '"'))
        async with client.ws_connect(f"{url}ws", protocols=("bokeh", token)) as opened:
            await opened.receive()  # the acknowledgement: what comes before it ends the connection
            asked = {"msgid": "1", "msgtype": "SERVER-INFO-REQ", "more": "x" * 3 * 2**20}
            with contextlib.suppress(ConnectionError, ClientError):
                for part in (asked, {}, {}):
                    await opened.send_str(json.dumps(part))
            answered = False
            while not answered and (message := await opened.receive()).type is WSMsgType.TEXT:
                answered = "SERVER-INFO-REPLY" in message.data
    assert answered is not guard


@guarded
def test_u04_without_the_signature_anybody_opens_sessions_by_tokens_made_by_hand(
    serve: Callable[[], str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, guard: bool
) -> None:
    if not guard:
        without(monkeypatch, sign_sessions=False)
    url = serve()
    for token in (generate_jwt_token(ID("by-hand")), "not.a.token", "e30.x", ""):
        answer = status(f"{url}ws", **UPGRADE, **{"Sec-WebSocket-Protocol": f"bokeh, {token}"})
        assert answer == (101 if not guard and token.startswith("eyJ") else 403)
    assert "Traceback" not in caplog.text


def page_at(url: str) -> str:
    answer = asked(url)
    assert answer.headers.get_content_type() == "text/html"
    return answer.read().decode()


def test_the_scripts_of_a_page_are_named_before_its_session_is_made(
    served: Callable[[Callable[[], Any]], Any],
) -> None:
    made: list[float] = []

    def page() -> pn.Column:
        time.sleep(0.5)
        made.append(time.monotonic())
        return pn.Column()

    with served(page) as (url, _):
        whole = page_at(url)
        answer = asked(url)
        head, named = answer.read1().decode(), time.monotonic()
        rest = answer.read().decode()
    assert "panel.min.js" in head and "docs_json" not in head
    assert named < made[1]
    token = re.compile(r'"token": ?"[^"]+"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|p[0-9]{4,}')
    assert token.sub("", head + rest) == token.sub("", whole)


def test_a_browser_loads_the_modules_of_a_page_itself_and_before_its_session_is_made(
    served: Callable[[Callable[[], Any]], Any],
) -> None:
    with served(lambda: pmui.Column(pmui.Switch())) as (url, _):
        page_at(url)
        scripts = asked(url).read1().decode().partition("<body")[2]
    assert "es-module-shims" not in scripts and "esms-options" not in scripts
    assert scripts.index("window.importShim =") < scripts.index("<script ")
    ahead = re.search(
        r'<link rel="modulepreload" href="([^"]+/panel-material-ui\.bundle\.js\?\w+)">', scripts
    )
    assert ahead is not None
    assert scripts.index(f'at of ["{ahead[1]}"]) importShim(at)') > scripts.index("panel.min.js")


def test_dark_and_light_pages_have_heads_of_their_own(serve: Callable[[], str]) -> None:
    url = serve()
    pages = {}
    for dark in (False, True, False, True):
        kept = pages.setdefault(dark, [])
        kept.append(page_at(f"{url}?theme=dark" if dark else url).partition("<body")[0])
    assert pages[False][0] == pages[False][1] != pages[True][0] == pages[True][1]


def test_a_page_that_cannot_be_opened_is_whole_below_a_head_of_another(
    served: Callable[[Callable[[], Any]], Any],
) -> None:
    rest = iter([pn.Column(), None])

    def page() -> Any:
        return next(rest) or 1 / 0

    with served(page) as (url, _):
        first, broken = (page_at(url) for _ in range(2))
    assert first.partition("<body")[0] == broken.partition("<body")[0]
    assert broken.count("<head>") == 1
    assert broken.rstrip().endswith("</html>")
