"""The web server of the app: who may talk to it, and what every answer says to the browser."""

from __future__ import annotations

import contextlib
import json
import logging
import re
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bokeh.server.auth_provider import AuthProvider
from bokeh.server.session import ServerSession
from bokeh.server.views.metadata_handler import MetadataHandler
from bokeh.util.token import check_token_signature, get_session_id, get_token_payload
from panel.io.server import AutoloadJsHandler, DocHandler, Server, WSHandler, get_server
from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.ioloop import PeriodicCallback
from tornado.routing import Matcher, PathMatches, Rule
from tornado.web import Finish, OutputTransform, RequestHandler, StaticFileHandler

from dashboard.components import safe
from dashboard.server import embeds, feed
from dashboard.server.attempts import client_address
from dashboard.server.compression import CompressedFiles
from dashboard.server.connections import LIMITS, OPENING_S, PAUSE_SHARE, Door, Places, Turns
from dashboard.server.drawings import Drawings
from dashboard.server.head_start import HeadStart
from dashboard.server.log_in import LogIns
from dashboard.session.store import Store

log = logging.getLogger(__name__)

PREFERS = "Sec-Ch-Prefers-Color-Scheme"
"""The header in which a browser that can says whether dark pages are preferred, once it was asked to."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_HEADERS = {
    "Accept-CH": PREFERS,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    # Panel's page needs inline scripts and evaluates component modules from blobs; no other host is asked.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self' ws: wss: blob: data:; worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
}
_FRAMING = frozenset({"X-Frame-Options", "Content-Security-Policy"})
UNUSED_SESSION_MS = 15_000
CHECK_SESSIONS_MS = 5_000
_BODY = "<body"
_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
_FILE = re.compile(r'(?:src|href)="[^"]*/([^"/?]+)')
_SHIM = re.compile(r"<script\b[^>]*\bes(?:ms-options|-module-shims)\b[^>]*>[^<]*</script>")
# es-module-shims reads each module, of which Material UI is 1.4 MB, by a parser of its own before the browser
# reads it. Ours import nothing by a bare name, so that browsers need no help with them.
_LOADER = (
    "<script>window.importShim = Object.assign((at) => import(new URL(at, document.baseURI)), "
    "{addImportMap() {}})</script>"
)
LOGGED_OUT = 4401
"""The code with which a websocket is closed when the log-in that opened it has ended."""
CHECK_LOG_INS_MS = 5_000
Preview = Callable[[str, bool, bool], str | None]
"""Of a query string, whether the visitor prefers dark pages, and whether only what is known is asked for: the
markup to be shown until the page is there; None where it is not known."""


class _Headers(OutputTransform):
    """Adds the protective headers to every answer, the files of Panel included."""

    def __init__(self, request: HTTPServerRequest) -> None:
        self._request = request

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        # A page that says itself who may frame it is a chart for other people's pages.
        own = _FRAMING if "Content-Security-Policy" in headers else frozenset()
        for name, value in _HEADERS.items():
            if name not in own:
                headers[name] = value
        return status_code, headers, chunk


class _ForeignHost(Matcher):
    """Matches a request that names a host this server does not answer for (DNS rebinding)."""

    def __init__(self, hosts: Collection[str]) -> None:
        self._hosts = hosts

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        return None if request.host_name in self._hosts or request.host in self._hosts else {}


class _Page(DocHandler):
    """A page of which the head, a picture of what it will show and the scripts are sent before its session is
    made: the visitor reads the picture meanwhile, and the browser the scripts."""

    _sent = False
    _is_gone = False
    _modules: Sequence[str] = ()
    """The addresses of the modules that draw what is on the page."""

    def on_connection_close(self) -> None:
        self._is_gone = True
        super().on_connection_close()

    async def prepare(self) -> None:
        await super().prepare()
        _name_host(self.request)
        if refusal := self.settings["places"].refusal(self.settings["address"](self.request)):
            _refuse(self, refusal)
        elif not self._finished and (before := self.settings["before"]) is not None:
            await before()

    @property
    def _like(self) -> tuple[str, str]:
        """What the head depends on."""
        theme, prefers = self.get_query_argument("theme", ""), self.request.headers.get(PREFERS, "")
        return theme if theme in ("light", "dark") else "", "dark" if prefers == "dark" else ""

    async def get_session(self) -> ServerSession:  # type: ignore[override]
        places, address = self.settings["places"], self.settings["address"](self.request)
        with places.opening(f"opening {id(self)}", address):
            self._send_head(known=True)
            if not self._sent and self._like in self.settings["heads"]:
                async with self._turn(address):
                    self._send_head()
            if self._sent:
                files = _FILE.findall(self.settings["heads"][self._like][1])
                await self.settings["head_start"].wait(address, files)
            async with self._turn(address):
                session: ServerSession = await super().get_session()  # type: ignore[misc]
        models: Iterable[Any] = session.document.models
        self._modules = sorted({each.esm for each in models if getattr(each, "bundle", "") == "url"})
        places.take(session.id, address)
        return session

    @contextlib.asynccontextmanager
    async def _turn(self, address: str) -> AsyncIterator[None]:
        """Wait for the turn of the visitor, which is none's who has gone."""
        async with self.settings["turns"].turn(address):
            if self._is_gone:
                raise Finish
            yield

    def _send_head(self, *, known: bool = False) -> None:
        """Send what comes before the page, unless it is sent; a picture that is not `known` takes a moment to
        make, and so has a turn."""
        head = self.settings["heads"].get(self._like)
        if self._sent or head is None or (picture := self._preview(known=known)) is None:
            return
        self._sent = True
        self.set_header("Content-Type", "text/html")
        start, scripts = head
        super().write(f"{self._discoverable(start)}{picture}{scripts}")
        self.flush()  # not awaited: a visitor who has gone is no error

    def write(self, chunk: Any) -> None:
        if isinstance(chunk, str) and self.get_status() == 200:
            head, body, rest = chunk.partition(_BODY)
            attributes, end, content = rest.partition(">")
            if self._sent:
                chunk = content
            elif end:
                start = _SCRIPT.sub("", head) + body + attributes + end
                scripts = _with_modules("".join(_SCRIPT.findall(_SHIM.sub("", head))), self._modules)
                self.settings["heads"][self._like] = start, scripts
                chunk = f"{self._discoverable(start)}{self._preview()}{scripts}{content}"
        super().write(chunk)

    def _discoverable(self, start: str) -> str:
        """The head with where the page's oEmbed is, if charts may stand in other pages."""
        if not self.settings["embeds"]:
            return start
        link = embeds.discovery(self.request, self.settings["prefix"])
        return start.replace("</head>", f"{link}</head>", 1)

    def _preview(self, *, known: bool = False) -> str | None:
        """What is shown until the page is there, nothing where it cannot be made; None where only what is
        `known` is asked for, and it is not."""
        make: Preview | None = self.settings["preview"]
        try:
            dark = self.request.headers.get(PREFERS, "") == "dark"
            return make(self.request.query, dark, known) if make is not None else ""
        except Exception:
            log.exception("the picture of a page could not be made")
            return ""


class _Files(CompressedFiles):
    """Files that are sent compressed, and told of."""

    def on_finish(self) -> None:
        self.settings["head_start"].sent(self.settings["address"](self.request), self.request.path)
        super().on_finish()


class _Socket(WSHandler):
    """The websocket of an open page; the application knows all of them."""

    async def prepare(self) -> None:
        """Refuse, with an answer and no traceback, what opens no page of ours: a token that we did not make,
        or one that is too old."""
        await super().prepare()
        if self._finished:
            return
        _name_host(self.request)
        page = self._page(self.request.headers.get("Sec-WebSocket-Protocol", ""))
        if page is None:
            self.set_status(403)
            self.finish()
            return
        places, address = self.settings["places"], self.settings["address"](self.request)
        if places.has(page):
            return
        # The page has ended since, unused: to open it again takes a place as any other.
        if refusal := places.refusal(address):
            _refuse(self, refusal)
        else:
            places.take(page, address, within=OPENING_S)

    def _page(self, protocols: str) -> str | None:
        """The page of these subprotocols, if they are Bokeh's and a good token of this server."""
        names = [name.strip() for name in protocols.split(",")]
        if len(names) != 2 or names[0] != "bokeh":
            return None
        application: Any = self.application
        try:
            if not check_token_signature(names[1], application.secret_key, application.sign_sessions):
                return None
            good = time.time() < get_token_payload(names[1])["session_expiry"]
            return get_session_id(names[1]) if good else None
        except (ValueError, KeyError, TypeError, RecursionError):
            return None

    def check_origin(self, origin: str) -> bool:
        # Bokeh (3.9.2) takes an IPv6 address for a name with too many ports.
        return (
            "[" in origin and urlsplit(origin).netloc in self.settings["origins"]
        ) or super().check_origin(origin)

    def open(self, *args: Any, **kwargs: Any) -> Any:
        self.settings["sockets"].add(self)
        return super().open(*args, **kwargs)

    async def _async_open(self, token: str) -> None:
        places, address, page = (
            self.settings["places"],
            self.settings["address"](self.request),
            get_session_id(token),
        )
        if places.has(page):
            await super()._async_open(token)
            return
        with places.opening(page, address):
            async with self.settings["turns"].turn(address):
                if self.ws_connection is not None:  # else the visitor has left
                    await super()._async_open(token)

    def on_close(self) -> None:
        self.settings["sockets"].discard(self)
        super().on_close()


class _Misdirected(RequestHandler):
    def prepare(self) -> None:
        self.set_status(421)
        self.finish(
            "This server does not answer for that host name. Start it with --allow-origin HOST:PORT.\n"
        )


def start(
    page: Callable[[], Any],
    *,
    address: str,
    port: int,
    origins: Collection[str],
    prefix: str = "",
    log_in: AuthProvider | None = None,
    log_ins: LogIns | None = None,
    cookie_secret: str | None = None,
    proxies: Collection[str] = (),
    log: Callable[[RequestHandler], None] | None = None,
    alerts: tuple[Path, str | None] | None = None,
    preview: Preview | None = None,
    before: Callable[[], Awaitable[None]] | None = None,
    charts: Store | None = None,
) -> Server:
    """Listen on `address`:`port` and serve `page` at `prefix`, health at `prefix`/health.

    Only loopback names, `address` itself and `origins` ("host" or "host:port") are answered. `log_in` asks
    visitors who they are and `log_ins` knows who is logged in; without them everybody is served.
    `proxies` are believed about the address for which they ask. Each request is told to `log`.
    `alerts` are the folder of a dataset, whose alerts are then a feed at `prefix`/alerts.atom, and the token
    that the feed wants, None for none. `preview` makes what is shown until the page
    is there, and `before` is awaited ahead of both. The charts of `charts` are at `prefix`/embed, for other
    people's pages, and refused where there are log-ins. Raises OSError when the port is taken.
    """
    here = in_url(address)
    names = {*LOOPBACK, here, *origins, *(origin.rsplit(":", 1)[0] for origin in origins)}
    sockets = {f"{name}:{port}" for name in (*LOOPBACK, here)} | set(origins)
    auth_options: dict[str, Any] = {"auth_provider": log_in} if log_in is not None else {}
    server = get_server(
        {"/": page},
        port=port,
        address=address,
        websocket_origin=sorted(origin for origin in sockets if "[" not in origin),
        prefix=prefix,
        root_path=f"{prefix}/",
        title="Pressgauge",
        liveness="health",
        show=False,
        **auth_options,
        # Signs what a provider gets to carry; log-ins end with the server, so that none is needed beyond it.
        cookie_secret=cookie_secret or secrets.token_urlsafe(32),
        # A session is opened by a token that this server made; none tells a page's scripts who is logged in.
        sign_sessions=True,
        secret_key=secrets.token_bytes(32),
        include_headers=[PREFERS, "User-Agent"],
        include_cookies=[],
        unused_session_lifetime_milliseconds=UNUSED_SESSION_MS,
        check_unused_sessions_milliseconds=CHECK_SESSIONS_MS,
        websocket_max_message_size=2 * 1024 * 1024,
        # Documents and charts are JSON: at the lowest level an eighth is left, for 1.4 and 0.2 ms of CPU.
        websocket_compression_level=1,
        http_server_kwargs=dict(LIMITS),
    )
    proxy_addresses = frozenset(proxies)
    door = Door(server._http, proxies=proxy_addresses)
    server.io_loop.add_callback(door.watch)
    application = server._tornado
    application.add_transform(_Headers)
    application.default_router.rules[:0] = [
        Rule(_ForeignHost(names), _Misdirected),
        *_own_addresses(prefix, names, alerts, charts, private=log_in is not None),
    ]
    application.settings |= {"heads": {}, "preview": preview, "before": before}
    _answer_for_panel(application)
    open_pages: set[_Socket] = set()

    def close_strangers() -> None:
        _close_strangers(open_pages, log_ins)

    application.settings |= {
        "sockets": open_pages,
        "turns": Turns(PAUSE_SHARE),
        "head_start": HeadStart(),
        "prefix": prefix,
        "origins": frozenset(sockets),
        "places": Places(server),
        "address": lambda request: client_address(
            request.remote_ip or "", request.headers.get("X-Forwarded-For", ""), proxy_addresses
        ),
        "log_ins": log_ins,
        "embeds": charts is not None and log_in is None,
        "close_strangers": close_strangers,
    }
    if log_ins is not None:
        server.io_loop.add_callback(PeriodicCallback(close_strangers, CHECK_LOG_INS_MS).start)
    # Only what goes wrong is told, unless somebody wants every request.
    application.settings["log_function"] = log or (lambda handler: None)
    return server


def _own_addresses(
    prefix: str,
    hosts: Collection[str],
    alerts: tuple[Path, str | None] | None,
    charts: Store | None,
    *,
    private: bool,
) -> list[Rule]:
    """What is answered beside the page: the feed of alerts and the charts for other people's pages, where
    there are any; `private` refuses the charts."""
    rules = []
    if alerts is not None:
        feed_options = dict(zip(("folder", "token"), alerts, strict=True))
        rules.append(Rule(PathMatches(f"{prefix}/{re.escape(feed.NAME)}$"), feed.AlertFeed, feed_options))
    if charts is not None:
        embed_options = {"drawings": Drawings(charts), "prefix": prefix, "hosts": hosts, "private": private}
        rules.append(Rule(PathMatches(f"{prefix}/{embeds.EMBED}$"), embeds.Embed, embed_options))
        rules.append(Rule(PathMatches(f"{prefix}/{embeds.OEMBED}$"), embeds.OEmbed, embed_options))
    return rules


def _answer_for_panel(application: Any) -> None:
    """Put our pages, websockets and compressed files in the place of Panel's."""
    ours = {DocHandler: _Page, WSHandler: _Socket}
    # Pages of ours stand in no other page: what would open one there, past the limits, is not answered.
    rules = application.wildcard_router.rules
    rules[:] = [rule for rule in rules if rule.target not in (AutoloadJsHandler, MetadataHandler)]
    for rule in rules:
        files = isinstance(rule.target, type) and issubclass(rule.target, StaticFileHandler)
        if files:
            rule.target = type(rule.target.__name__, (_Files, rule.target), {})
        else:
            rule.target = ours.get(rule.target, rule.target)


def _close_strangers(sockets: set[_Socket], log_ins: LogIns | None) -> None:
    """Close the pages of those who were logged out, or whom the users file no longer names."""
    if log_ins is None:
        return
    for socket in list(sockets):
        if log_ins.user(socket.request) is None:
            socket.close(LOGGED_OUT, "logged out")


def _with_modules(scripts: str, modules: Sequence[str]) -> str:
    """A page's scripts, with the loader of modules ahead of them, and these modules loaded already when the
    page's document, which says that they are needed, comes over the websocket."""
    ahead = "".join(f'<link rel="modulepreload" href="{safe.text(address)}">' for address in modules)
    load = f"<script>for (const at of {json.dumps(modules)}) importShim(at)</script>" if modules else ""
    return f"{_LOADER}{ahead}{scripts}{load}"


def _name_host(request: HTTPServerRequest) -> None:
    """Give Panel (1.9.4), which splits a host at its colon, a name for an IPv6 address: only its own record
    of where the page is takes it from here, and the browser tells it anew."""
    if request.host.startswith("["):
        request.host = "localhost" + request.host.rpartition("]")[2]


def _refuse(handler: RequestHandler, why: str) -> None:
    handler.set_status(503)
    handler.set_header("Retry-After", "15")
    handler.finish(why)


def in_url(address: str) -> str:
    """An address as it stands in a URL: one of IPv6 in brackets."""
    return f"[{address}]" if ":" in address else address
