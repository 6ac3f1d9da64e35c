"""Visitors without a browser: sessions that speak Bokeh's websocket protocol, so that what is measured is the
server and not as many browsers on its cores."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

_CHART = 1_500
"""Bytes: what the server sends that is larger holds a chart."""
_PATIENCE = 30.0
_READY = {
    "kind": "MessageSent",
    "msg_type": "bokeh_event",
    "msg_data": {"type": "event", "name": "document_ready", "values": {"type": "map", "entries": []}},
}


class Visitor:
    """One session on the page at `url`, which sets the text field of that label."""

    def __init__(self, socket: WebSocketClientConnection, field: str) -> None:
        self._socket, self._field = socket, field
        self._late: asyncio.Task[None] | None = None

    @classmethod
    async def arrive(cls, url: str, label: str) -> Visitor:
        """Open the page as a browser does: fetch it, pull its document, say that it is drawn."""
        page = await asyncio.to_thread(lambda: urllib.request.urlopen(url).read().decode())
        found = re.search(r'"token":"([^"]+)"', page)
        assert found, f"no Bokeh session on {url}"
        request = HTTPRequest(f"ws{url.split('?')[0].removeprefix('http')}ws")
        socket = await websocket_connect(
            request, subprotocols=["bokeh", found[1]], max_message_size=2**26, ping_interval=None
        )
        visitor = cls(socket, "")
        await visitor._receive()  # the acknowledgement: before it the server takes no message
        await visitor._send("PULL-DOC-REQ", {})
        document = None
        while document is None:
            kind, content, _ = await visitor._receive()
            document = json.loads(content) if kind == "PULL-DOC-REPLY" else None
        visitor._field = next(
            model["id"] for model in _models(document) if label in _labels(model) and "id" in model
        )
        await visitor._send("PATCH-DOC", {"events": [_READY]})
        return visitor

    async def ask(self, text: str) -> float:
        """Fill in the field; the ms until the server has sent a chart, at most those of `_PATIENCE`."""
        start = time.perf_counter()
        if self._late is not None:  # what was not answered in time is still to come
            await self._late
            self._late = None
        change = {"kind": "ModelChanged", "model": {"id": self._field}, "attr": "value", "new": text}
        await self._send("PATCH-DOC", {"events": [change]})
        chart = asyncio.create_task(self._chart())
        done, _ = await asyncio.wait({chart}, timeout=_PATIENCE)
        if not done:
            self._late = chart
            return 1_000 * _PATIENCE
        await chart
        return 1_000 * (time.perf_counter() - start)

    async def _chart(self) -> None:
        """Wait until the server has sent a chart."""
        while (await self._receive())[2] < _CHART:
            pass

    def leave(self) -> None:
        self._socket.close()

    async def _send(self, kind: str, content: dict[str, Any]) -> None:
        for part in ({"msgid": "0", "msgtype": kind}, {}, content):
            await self._socket.write_message(json.dumps(part))

    async def _receive(self) -> tuple[str, str, int]:
        """The kind of the next message, its content, and its bytes, buffers included."""
        header, _, content = [await self._part() for _ in range(3)]
        told = json.loads(header)
        buffers = [await self._part() for _ in range(2 * told.get("num_buffers", 0))]
        return told["msgtype"], str(content), len(content) + sum(map(len, buffers))

    async def _part(self) -> str | bytes:
        if (part := await self._socket.read_message()) is None:
            raise ConnectionError("the server closed the session")
        return part


async def crowd(visitors: list[Visitor], words: list[str], updates: int, every: float) -> list[float]:
    """The ms of `updates` changes by each visitor, one `every` so many seconds, or when the last was answered
    if that is later. Each goes on among the words where the one before ends."""

    async def one(number: int, visitor: Visitor) -> list[float]:
        took = []
        await asyncio.sleep(every * number / len(visitors))
        for word in itertools.islice(itertools.cycle(words), number * updates, (number + 1) * updates):
            took.append(await visitor.ask(word))
            await asyncio.sleep(max(0.0, every - took[-1] / 1_000))
        return took

    each = await asyncio.gather(*(one(number, visitor) for number, visitor in enumerate(visitors)))
    return [ms for took in each for ms in took]


def _models(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _models(inner)


def _labels(model: dict[str, Any]) -> list[Any]:
    attributes = model.get("attributes")
    return [attributes.get(name) for name in ("label", "title")] if isinstance(attributes, dict) else []
