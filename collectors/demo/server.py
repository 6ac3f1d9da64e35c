"""Serves the demo press on loopback: a real web of outlets, each at an address of its own."""

from __future__ import annotations

import hashlib
import ipaddress
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Self

import tomlkit
from aiohttp import web

from collectors.demo import lists, pages
from collectors.demo.press import Piece, Press, source_name
from collectors.demo.world import Outlet
from collectors.source import Source

_HTML = "text/html; charset=utf-8"
_XML = "application/xml; charset=utf-8"
_FIRST = ipaddress.IPv4Address("127.0.0.2")
_MOST_LISTED = 30
_KINDS = {"feed": "/feed", "sitemap": "/sitemap.xml", "homepage": "/"}


@dataclass(slots=True)
class _Site:
    """One outlet as it is served: its pieces by path, the newest first."""

    outlet: Outlet
    base: str
    pieces: dict[str, Piece] = field(default_factory=dict)

    def newest(self) -> list[Piece]:
        return list(self.pieces.values())[:_MOST_LISTED]


class PressServer:
    """`async with PressServer(press()) as server`: the press over HTTP until the block ends.

    Each outlet has its own loopback address (127.0.0.2 and up; elsewhere than on Linux only 127.0.0.1 is
    there, and outlets differ by port) with /robots.txt, /feed in the outlet's format, /sitemap.xml with a
    compressed sitemap a month, /news-sitemap.xml, a home page and its article pages, all with ETag and
    Last-Modified. The feed and the home page list the newest 30 articles. An unused port is taken.
    """

    def __init__(self, press: Press, *, port: int = 0) -> None:
        self.press = press
        self._port = port
        self._sites: dict[tuple[str, int], _Site] = {}
        self._by_outlet: dict[str, _Site] = {}

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        try:
            await self._listen()
        except OSError:
            await self._runner.cleanup()
            raise
        for piece in sorted(self.press.pieces, key=lambda piece: piece.published, reverse=True):
            self._by_outlet[piece.outlet.name].pieces[piece.path] = piece
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def base(self, outlet: Outlet) -> str:
        """Scheme, address and port of an outlet."""
        return self._by_outlet[outlet.name].base

    def url(self, piece: Piece) -> str:
        return self.base(piece.outlet) + piece.path

    def sources(self, kind: str = "feed") -> list[Source]:
        """A source for each outlet, of kind feed, sitemap or homepage; they may read loopback addresses."""
        return [
            Source(
                name=source_name(outlet),
                kind=kind,
                url=self.base(outlet) + _KINDS[kind],
                outlet=outlet.name,
                country=outlet.country,
                language=outlet.language,
                local=True,
                concurrency=4,
                delay=0.0,
            )
            for outlet in self.press.outlets
        ]

    def write_sources(self, path: Path, kind: str = "feed") -> None:
        """Write the sources of this press into a `sources.toml`, which is made with its folder."""
        tables = tomlkit.aot()
        for source in self.sources(kind):
            keys = ("name", "kind", "url", "outlet", "country", "language", "local", "concurrency", "delay")
            tables.append(tomlkit.item({key: getattr(source, key) for key in keys}))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(tomlkit.dumps({"source": tables}), encoding="utf-8")

    async def _listen(self) -> None:
        port = self._port
        for number, outlet in enumerate(self.press.outlets):
            host = str(_FIRST + number) if sys.platform == "linux" else "127.0.0.1"
            listening = web.TCPSite(self._runner, host, port)
            await listening.start()
            # The first free port serves all addresses, where there is more than one.
            address = self._runner.addresses[-1]
            port = address[1] if sys.platform == "linux" else 0
            site = _Site(outlet, f"http://{host}:{address[1]}")
            self._sites[host, address[1]] = self._by_outlet[outlet.name] = site

    async def _answer(self, request: web.Request) -> web.Response:
        transport = request.transport
        if transport is None:
            raise web.HTTPServiceUnavailable
        site = self._sites[transport.get_extra_info("sockname")[:2]]
        answer = self._make(site, request.path_qs)
        if answer is None:
            raise web.HTTPNotFound(text="<h1>404</h1>", content_type="text/html")
        body, kind, modified = answer
        headers = {
            "Content-Type": kind,
            "ETag": f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"',
            "Last-Modified": format_datetime(modified.astimezone(UTC), usegmt=True),
        }
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, headers=headers)

    def _make(self, site: _Site, path: str) -> tuple[bytes, str, datetime] | None:
        outlet, base, newest = site.outlet, site.base, site.newest()
        latest = newest[0].published if newest else datetime(2023, 9, 1, tzinfo=UTC)
        if piece := site.pieces.get(path):
            others = [other for other in newest[:5] if other is not piece]
            return *pages.render(piece, base, others), piece.published
        months = _months(site)
        routes: dict[str, Any] = {
            "/": lambda: (pages.home(outlet, base, newest), _HTML),
            "/robots.txt": lambda: (lists.robots(base), "text/plain"),
            "/feed": lambda: (lists.feed(outlet, base, newest), lists.FEED_TYPES[outlet.feed]),
            "/sitemap.xml": lambda: (lists.sitemap_index(base, months), _XML),
            "/news-sitemap.xml": lambda: (lists.news_sitemap(outlet, base, newest), _XML),
        }
        for month, pieces in months.items():
            routes[f"/sitemap-{month}.xml.gz"] = lambda pieces=pieces: (
                lists.sitemap(base, pieces),
                "application/gzip",
            )
        return (*routes[path](), latest) if path in routes else None


def _months(site: _Site) -> dict[str, list[Piece]]:
    """The pieces by the month in which they appeared, 2025-01 and so on."""
    months = defaultdict(list)
    for piece in site.pieces.values():
        months[f"{piece.published:%Y-%m}"].append(piece)
    return dict(months)
