"""Charts in other people's pages: each at an address of its own, and oEmbed 1.0 (https://oembed.com) for
whatever takes a link and wants to show what is behind it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection
from urllib.parse import parse_qs, quote, urlsplit

from tornado.httputil import HTTPServerRequest
from tornado.web import Finish, RequestHandler

from dashboard.components import safe
from dashboard.components.charts.snippet import POLICY, WIDTH, document, height, iframe
from dashboard.server.drawings import Drawing, Drawings, NotYetError
from dashboard.server.log_in import over_tls
from dashboard.session.view import View

EMBED, OEMBED = "embed", "oembed"
_SOON_S = 10
_LONGEST = 20_000
"""Characters of an address."""


def discovery(request: HTTPServerRequest, prefix: str) -> str:
    """The link in the head of a page that says where its oEmbed is."""
    base = _base(request, prefix)
    page = f"{base}/?{request.query}" if request.query else f"{base}/"
    href = f"{base}/{OEMBED}?format=json&url={quote(page, safe='')}"
    return (
        f'<link rel="alternate" type="application/json+oembed" href="{safe.text(href)}" title="Pressgauge">\n'
    )


def _base(request: HTTPServerRequest, prefix: str) -> str:
    return f"{'https' if over_tls(request) else 'http'}://{request.host}{prefix}"


class _Handler(RequestHandler):
    _waiting: asyncio.Task[Drawing | None] | None = None

    def initialize(self, drawings: Drawings, prefix: str, hosts: Collection[str], private: bool) -> None:
        self._drawings, self._prefix, self._hosts, self._private = drawings, prefix, hosts, private

    def prepare(self) -> None:
        self.set_header("Cache-Control", "no-store")
        if self._private:
            self._say(401, "This server asks for a log-in: its charts stand in no other page.")
        elif refusal := self.settings["places"].refusal(self.settings["address"](self.request)):
            self.set_header("Retry-After", str(_SOON_S))
            self._say(503, refusal)

    def on_connection_close(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()

    def _say(self, status: int, why: str) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{why}\n")

    async def _chart(self, query: str, name: str) -> Drawing | None:
        """The chart, once nothing was wrong; what was has been answered. Raises Finish for who has left."""
        address = self.settings["address"](self.request)
        self._waiting = asyncio.create_task(self._drawings.get(query, name, address))
        try:
            chart = await self._waiting
        except asyncio.CancelledError:
            raise Finish from None
        except NotYetError:
            self.set_header("Retry-After", str(_SOON_S))
            self.set_header("Refresh", str(_SOON_S))  # a frame asks again by itself
            self._say(503, "This chart is being made: ask again in a few seconds.")
            return None
        if chart is None:
            self._say(404, "This view has no such chart.")
        return chart


class Embed(_Handler):
    """`GET /embed?VIEW&chart=NAME`: one chart as a page that may stand in any other."""

    async def get(self) -> None:
        # Whoever frames it gets a picture: in a sandbox it has no origin, and nothing of ours in its reach.
        self.set_header(
            "Content-Security-Policy", f"{POLICY}; frame-ancestors *; sandbox allow-scripts allow-popups"
        )
        name = self.get_query_argument("chart", "")
        chart = await self._chart(self.request.query, name)
        if chart is None:
            return
        address = f"{_base(self.request, self._prefix)}/?{View.from_query(self.request.query).to_query()}"
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", f"public, max-age={chart.fresh_s}")
        self.finish(document(chart.figure, chart.description, chart.caption, address=address))


class OEmbed(_Handler):
    """`GET /oembed?url=PAGE&maxwidth=&maxheight=&format=json`: how to show the first chart of a page, or the
    one that `chart` in its address names."""

    async def get(self) -> None:
        if self.get_query_argument("format", "json") != "json":
            self._say(501, "Only format=json is spoken here.")
            return
        try:
            page = urlsplit(self.get_query_argument("url", "")[:_LONGEST])
            widest, highest = (self._pixels(name) for name in ("maxwidth", "maxheight"))
        except ValueError as error:
            self._say(400, f"Not an address, or not a number of pixels: {error}")
            return
        if not page.netloc:
            self._say(400, "Give the address of a page of this server: ?url=...")
            return
        if not self._is_ours(page.scheme, page.netloc, page.hostname or "", page.path):
            self._say(404, "That is no page of this server.")
            return
        name = parse_qs(page.query).get("chart", [""])[-1]
        chart = await self._chart(page.query, name)
        if chart is None:
            return
        width = min(widest or WIDTH, WIDTH)
        high = height(chart.figure, chart.caption, width)
        high = min(high, highest or high)
        base = f"{page.scheme}://{page.netloc}{self._prefix}"
        view = View.from_query(page.query).to_query()
        address = f"{base}/{EMBED}?{view}{'&' if view else ''}chart={quote(chart.name, safe='')}"
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.set_header("Cache-Control", f"public, max-age={chart.fresh_s}")
        answer = {
            "version": "1.0",
            "type": "rich",
            "provider_name": "Pressgauge",
            "provider_url": f"{base}/",
            "title": chart.description,
            "cache_age": chart.fresh_s,
            "width": width,
            "height": high,
            "html": iframe(address, chart.description, width, high),
        }
        self.finish(json.dumps(answer, ensure_ascii=True))

    def _pixels(self, name: str) -> int | None:
        text = self.get_query_argument(name, "")
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 9 and int(text) > 0):
            raise ValueError(f"{name}={text[:20]}")
        return int(text)

    def _is_ours(self, scheme: str, netloc: str, name: str, path: str) -> bool:
        if scheme not in ("http", "https") or "@" in netloc:
            return False
        host = f"[{name}]" if ":" in name else name
        is_host = netloc in self._hosts or host in self._hosts
        return is_host and path in {f"{self._prefix}/", self._prefix, f"{self._prefix}/{EMBED}"}
