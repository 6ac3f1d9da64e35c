"""The web server of the app: who may talk to it, and what every answer says to the browser."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from bokeh.server.session import ServerSession
from panel.io.server import DocHandler, Server, get_server
from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.routing import Matcher, Rule
from tornado.web import OutputTransform, RequestHandler

PREFERS = "Sec-Ch-Prefers-Color-Scheme"
"""The header in which a browser that can says whether dark pages are preferred, once it was asked to."""
LOOPBACK = frozenset({"localhost", "127.0.0.1"})
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
MAX_SESSIONS = 250
"""Open pages, those included that were asked for and never opened: more would take more than a gigabyte."""
UNUSED_SESSION_MS = 15_000
CHECK_SESSIONS_MS = 5_000
_BODY = "<body"
_LOG_IN = str(Path(__file__).parent.parent / "assets" / "log_in.html")
"""The form of a password, and what a failed log-in and a log-out show: Panel's own ask other hosts."""


class _Headers(OutputTransform):
    """Adds the protective headers to every answer, the files of Panel included."""

    def __init__(self, request: HTTPServerRequest) -> None:
        self._request = request

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        for name, value in _HEADERS.items():
            headers[name] = value
        return status_code, headers, chunk


class _ForeignHost(Matcher):
    """Matches a request that names a host this server does not answer for (DNS rebinding)."""

    def __init__(self, hosts: Collection[str]) -> None:
        self._hosts = hosts

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        return None if request.host_name in self._hosts or request.host in self._hosts else {}


class _Full(Matcher):
    """Matches a request for a new page when as many are open as the machine should hold."""

    def __init__(self, server: Server, path: str) -> None:
        self._server, self._path = server, path

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        if request.path.rstrip("/") != self._path or len(self._server.get_sessions()) < MAX_SESSIONS:
            return None
        return {}


class _Page(DocHandler):
    """A page whose head, which names all its scripts and is the same for all, is sent before its session is
    made: the browser reads the scripts meanwhile."""

    _sent = False

    @property
    def _like(self) -> tuple[str, str]:
        """What the head depends on."""
        theme, prefers = self.get_query_argument("theme", ""), self.request.headers.get(PREFERS, "")
        return theme if theme in ("light", "dark") else "", "dark" if prefers == "dark" else ""

    async def get_session(self) -> ServerSession:  # type: ignore[override]
        head = self.settings["heads"].get(self._like)
        if head is not None:
            self._sent = True
            self.set_header("Content-Type", "text/html")
            super().write(head)
            self.flush()  # not awaited: a visitor who has gone is no error
        return await super().get_session()  # type: ignore[misc]

    def write(self, chunk: Any) -> None:
        if isinstance(chunk, str) and self.get_status() == 200:
            head, body, rest = chunk.partition(_BODY)
            if self._sent:
                chunk = body + rest
            elif body:
                self.settings["heads"][self._like] = head
        super().write(chunk)


class _Busy(RequestHandler):
    def prepare(self) -> None:
        self.set_status(503)
        self.set_header("Retry-After", "15")
        self.finish(f"{MAX_SESSIONS} pages are open. Close some, or try again in a few seconds.\n")


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
    login: Mapping[str, Any] | None = None,
    log: Callable[[RequestHandler], None] | None = None,
) -> Server:
    """Listen on `address`:`port` and serve `page` at `prefix`, health at `prefix`/health.

    Only loopback names, `address` itself and `origins` ("host" or "host:port") are answered. `login` are
    Panel's settings of basic authentication or OAuth. Each request is told to `log`. Raises OSError when the
    port is taken.
    """
    names = {*LOOPBACK, address, *origins, *(origin.rsplit(":", 1)[0] for origin in origins)}
    sockets = {f"{name}:{port}" for name in (*LOOPBACK, address)} | set(origins)
    server = get_server(
        {"/": page},
        port=port,
        address=address,
        websocket_origin=sorted(sockets),
        prefix=prefix,
        root_path=f"{prefix}/",
        title="Pressgauge",
        liveness="health",
        show=False,
        **(login or {}),
        login_template=_LOG_IN,
        logout_template=_LOG_IN,
        oauth_error_template=_LOG_IN,
        unused_session_lifetime_milliseconds=UNUSED_SESSION_MS,
        check_unused_sessions_milliseconds=CHECK_SESSIONS_MS,
        websocket_max_message_size=2 * 1024 * 1024,
    )
    application = server._tornado
    application.add_transform(_Headers)
    rules = [Rule(_ForeignHost(names), _Misdirected), Rule(_Full(server, prefix.rstrip("/")), _Busy)]
    application.default_router.rules[:0] = rules
    application.settings["heads"] = {}
    for rule in application.wildcard_router.rules:
        if rule.target is DocHandler:
            rule.target = _Page
    # Only what goes wrong is told, unless somebody wants every request.
    application.settings["log_function"] = log or (lambda handler: None)
    return server
