"""Scripts come compressed to who takes them so, and are the same then."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import panel as pn
import pytest
from aiohttp import ClientSession, WSMsgType
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from dashboard.server.compression import CompressedFiles
from tests.dashboard.conftest import _served

BOKEH = "static/js/bokeh.min.js"
PANEL = "static/extensions/panel/panel.min.js"
PLOTLY = "components/dashboard.components.charts.chart/Chart/__javascript__/vendor/plotly-cartesian.min.js"
GZIP = {"Accept-Encoding": "gzip, deflate"}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with _served(pn.Column) as (address, _):
        yield address


def asked(url: str, path: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    connection.request(method, f"/{path}", headers=headers)
    answer = connection.getresponse()
    return answer, answer.read()


@pytest.mark.parametrize("path", [BOKEH, PANEL, PLOTLY])
def test_a_script_is_a_third_as_large_for_a_browser_that_takes_gzip_and_the_same(url: str, path: str) -> None:
    plain, whole = asked(url, path)
    small, packed = asked(url, path, **GZIP)
    assert (plain.status, plain.headers["Content-Encoding"]) == (200, None)
    assert (small.status, small.headers["Content-Encoding"]) == (200, "gzip")
    assert gzip.decompress(packed) == whole
    assert len(packed) < len(whole) / 2
    assert small.headers["Content-Type"] == plain.headers["Content-Type"]
    # Both are kept apart by whatever keeps answers between us and a browser.
    assert small.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert small.headers["ETag"] != plain.headers["ETag"]


def test_what_a_browser_has_already_is_not_sent_again(url: str) -> None:
    tag = asked(url, BOKEH, **GZIP)[0].headers["ETag"]
    again, body = asked(url, BOKEH, **GZIP, **{"If-None-Match": tag})
    assert (again.status, body) == (304, b"")


def test_a_head_says_how_long_the_compressed_form_is(url: str) -> None:
    _, packed = asked(url, BOKEH, **GZIP)
    head, body = asked(url, BOKEH, "HEAD", **GZIP)
    assert (head.headers["Content-Length"], body) == (str(len(packed)), b"")


@pytest.mark.parametrize("accepted", ["br, deflate", "gzip;q=0, br", "gzip; q=0.000", "identity"])
def test_who_takes_no_gzip_gets_none(url: str, accepted: str) -> None:
    answer, _ = asked(url, BOKEH, **{"Accept-Encoding": accepted})
    assert answer.headers["Content-Encoding"] is None


def test_part_of_a_script_is_of_the_script_as_it_lies(url: str) -> None:
    _, whole = asked(url, BOKEH)
    answer, part = asked(url, BOKEH, **GZIP, Range="bytes=10-19")
    assert (answer.status, answer.headers["Content-Encoding"], part) == (206, None, whole[10:20])


async def test_of_a_script_that_has_changed_under_a_running_server_the_new_one_is_sent(
    tmp_path: Path,
) -> None:
    script = tmp_path / "script.js"
    server = HTTPServer(Application([("/(.*)", CompressedFiles, {"path": tmp_path})]))
    sockets = bind_sockets(0, "127.0.0.1")
    server.add_sockets(sockets)
    given = []
    async with ClientSession() as client:
        for number in (1, 2):
            script.write_text(f"script({number})")
            os.utime(script, (number, number))
            async with client.get(f"http://127.0.0.1:{sockets[0].getsockname()[1]}/script.js") as answer:
                given.append(
                    (answer.headers["Content-Encoding"], await answer.text(), answer.headers["ETag"])
                )
    server.stop()
    assert [given[0][:2], given[1][:2]] == [("gzip", "script(1)"), ("gzip", "script(2)")]
    assert given[0][2] != given[1][2]


def test_a_picture_is_sent_as_it_lies(url: str) -> None:
    answer, _ = asked(url, "static/extensions/panel/images/favicon.ico", **GZIP)
    assert (answer.status, answer.headers["Content-Encoding"]) == (200, None)


def test_what_is_not_there_or_lies_elsewhere_is_refused_as_before(url: str) -> None:
    assert asked(url, "static/js/none.js", **GZIP)[0].status == 404
    assert asked(url, "static/../server.py", **GZIP)[0].status in (403, 404)


async def test_a_websocket_is_compressed_and_takes_no_message_that_is_too_large_unpacked(url: str) -> None:
    async with ClientSession() as client, asyncio.timeout(30):
        async with client.get(url) as page:
            [token] = re.findall(r'"token": ?"([^"]+)"', (await page.text()).replace("&quot;", '"'))
        async with client.ws_connect(f"{url}ws", protocols=("bokeh", token), compress=15) as opened:
            assert opened.compress
            message = {"msgid": "1", "msgtype": "SERVER-INFO-REQ", "more": "x" * 3 * 2**20}
            await opened.send_str(json.dumps(message))  # a few kilobytes on the line
            while (received := await opened.receive()).type is WSMsgType.TEXT:
                assert "SERVER-INFO-REPLY" not in received.data
            assert opened.close_code == 1009  # too big
