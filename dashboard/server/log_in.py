"""Log-ins: a random name for each in a cookie, everything else here, so that each can be ended at once.

Panel's own log-in takes the name of a users file that is missing for the password of everybody, bears any
number of attempts, and keeps all that it knows in cookies, which nobody can take back: only its walk to a
provider (OAuth) is used, and what it would put into cookies stays out of them.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import panel as pn
from bokeh.server.auth_provider import AuthProvider
from jinja2 import Environment, FileSystemLoader
from tornado.httputil import HTTPServerRequest
from tornado.web import HTTPError, RequestHandler

from dashboard.server.attempts import Attempts
from dashboard.server.users import Password, Users, same
from pressgauge.errors import ConfigError, one_line

log = logging.getLogger("pressgauge.log_in")
LIFE_S = 7 * 86_400
IDLE_S = 86_400
"""A log-in ends so long after it was made, and so long after it was last used."""
MOST_BY_USER = 50
FORM = "log_in.html"
ASSETS = Path(__file__).parent.parent / "assets"


@dataclass(slots=True)
class LogIn:
    """A visitor who is logged in; `proof` is the password it was made with, None for a provider's."""

    user: str
    proof: str | None
    made_at: float
    used_at: float


class LogIns:
    """All log-ins of a server, by the digest of the name in the visitor's cookie."""

    def __init__(
        self,
        users: Password | Users | None,
        *,
        port: int,
        allow_list: Collection[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`users` is None when a provider says who somebody is; then `allow_list` names who may come, as a
        user or "@domain", empty for everybody."""
        self.users, self.allow_list = users, frozenset(allow_list)
        self.attempts = Attempts(clock)
        self._port, self._clock = port, clock
        self._open: dict[str, LogIn] = {}

    def open(self, handler: RequestHandler, user: str, proof: str | None = None) -> None:
        """Log a visitor in, and out whoever it was before. Raises HTTPError for one who may not come."""
        if self.users is None and not (user.strip() and self._may_come(user)):
            log.warning("log-in refused: %s is not among the users who may come", _printable(user))
            raise HTTPError(403, reason="This user may not come here")
        self.close(handler.request)
        name, now = secrets.token_urlsafe(32), self._clock()
        mine = [key for key, each in self._open.items() if each.user == user]
        for key in mine[: max(0, len(mine) + 1 - MOST_BY_USER)]:
            del self._open[key]
        self._open[_digest(name)] = LogIn(user, proof, now, now)
        handler.set_cookie(self._cookie(handler.request), name, max_age=LIFE_S)
        log.info("log-in of %s from %s", _printable(user), handler.settings["address"](handler.request))

    def close(self, request: HTTPServerRequest) -> None:
        """Log a visitor out: the cookie is worth nothing any more, wherever a copy of it is."""
        self._open.pop(self._key(request), None)

    def user(self, request: HTTPServerRequest) -> str | None:
        """The name of the visitor who sends a request; None where nobody is logged in."""
        key, now = self._key(request), self._clock()
        each = self._open.get(key)
        if each is None:
            return None
        if now - each.made_at > LIFE_S or now - each.used_at > IDLE_S:
            del self._open[key]
            return None
        if self.users is not None:
            try:
                password = self.users.password(each.user)
            except ConfigError:
                return None
            if password is None or each.proof is None or not same(each.proof, password):
                del self._open[key]
                return None
        each.used_at = now
        return each.user

    def proven(self, request: HTTPServerRequest) -> str | None:
        """Who asks, by a name that is theirs alone: with one password for everybody a name proves nothing."""
        return None if isinstance(self.users, Password) else self.user(request)

    def _may_come(self, user: str) -> bool:
        domain = "@" + user.rpartition("@")[2].lower()
        return not self.allow_list or user in self.allow_list or ("@" in user and domain in self.allow_list)

    def _cookie(self, request: HTTPServerRequest) -> str:
        # Cookies know no ports: two servers of one machine must not log each other's visitors out.
        name = f"pressgauge_{self._port}"
        return f"__Host-{name}" if over_tls(request) else name

    def _key(self, request: HTTPServerRequest) -> str:
        cookie = request.cookies.get(self._cookie(request))
        return _digest(cookie.value) if cookie is not None else ""


def visitor(log_ins: LogIns | None) -> str | None:
    """Who opens the page that is being made, by a name that was proven."""
    context: Any = pn.state.curdoc.session_context if pn.state.curdoc is not None else None
    if log_ins is None or context is None:
        return None
    # Bokeh (3.9) shows a session only the cookies that scripts may see, which are none; the request has them
    return log_ins.proven(context.request._request)


class Cookies(RequestHandler):
    """A handler whose cookies no script can read, no other site sends, and no connection in clear gets to see
    where the visitor came by TLS."""

    def set_cookie(self, name: str, value: str | bytes, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"httponly": True, "samesite": "Lax", "secure": over_tls(self.request)}
        super().set_cookie(name, value, *args, **kwargs)

    def own_path(self, target: str) -> str:
        """Where the visitor wanted to go, if that is a path of ours; else where our paths begin."""
        root = f"{self.settings['prefix']}/"
        plain = target.isprintable() and "\\" not in target and not target.startswith("//")
        return target if plain and target.startswith(root) else root


class _Form(Cookies):
    """The form of a password."""

    @property
    def _log_ins(self) -> LogIns:
        return self.settings["log_ins"]

    def get(self) -> None:
        self._show()

    def post(self) -> None:
        log_ins = self._log_ins
        user = self.get_body_argument("username", "")
        password = self.get_body_argument("password", "", strip=False)
        if self.request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            self._show(403, "This form was sent by another site. Log in here.")
        elif wait := log_ins.attempts.wait(self.settings["address"](self.request), user):
            self.set_header("Retry-After", str(wait))
            self._show(429, f"Too many log-ins failed. Try again in {-(-wait // 60)} min.")
        else:
            self._check(user, password)

    def _check(self, user: str, attempt: str) -> None:
        log_ins, address = self._log_ins, self.settings["address"](self.request)
        assert log_ins.users is not None
        try:
            password, exists = log_ins.users.password(user), log_ins.users.knows(user)
        except ConfigError as error:
            log.error("no log-in is possible: %s", one_line(str(error)))
            self._show(503, "No log-in is possible now. The server's log says why.")
            return
        # A user who does not exist takes as long as one who does.
        if same(attempt, password or secrets.token_urlsafe()) and password is not None:
            log_ins.attempts.succeeded(address, user)
            log_ins.open(self, user, password)
            self.redirect(self.own_path(self.get_argument("next", "")))
            return
        log_ins.attempts.record_failure(address, user)
        # A name that nobody has may be a password that slipped into the wrong field.
        name = _printable(user) if exists else "a user"
        waits = "; the next has to wait" if log_ins.attempts.wait(address, user) else ""
        log.warning("log-in failed: %s from %s%s", name, one_line(address), waits)
        self._show(401, "Invalid username or password!")

    def _show(self, status: int = 200, message: str = "") -> None:
        self.set_status(status)
        self.set_header("Cache-Control", "no-store")
        target = self.own_path(self.get_argument("next", ""))
        self.write(template().render(login_endpoint="/login", errormessage=message, next=target))


class LogOut(Cookies):
    def get(self) -> None:
        self.settings["log_ins"].close(self.request)
        for name in self.request.cookies:
            if name.removeprefix("__Host-").startswith(("pressgauge_", "panel-oauth-")):
                self.clear_cookie(name, secure=over_tls(self.request))
        self.settings["close_strangers"]()
        self.set_header("Cache-Control", "no-store")
        self.set_header("Clear-Site-Data", '"cache"')
        self.write(template().render(LOGIN_ENDPOINT="/login"))


class Form(AuthProvider):
    """The page that asks a visitor for name and password."""

    get_user = property(lambda self: user_of)
    login_url = property(lambda self: "/login")
    logout_url = property(lambda self: "/logout")
    login_handler = property(lambda self: _Form)
    logout_handler = property(lambda self: LogOut)


def over_tls(request: HTTPServerRequest) -> bool:
    """Whether the visitor came by TLS, as the proxy that ended it says. A visitor who lies harms himself."""
    scheme = request.headers.get("X-Forwarded-Proto", request.protocol)
    return scheme.rpartition(",")[2].strip().lower() == "https"


def user_of(handler: RequestHandler) -> str | None:
    return handler.settings["log_ins"].user(handler.request)


def template() -> Any:
    return Environment(loader=FileSystemLoader(ASSETS), autoescape=True).get_template(FORM)


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def _printable(user: str) -> str:
    return repr(one_line(user)[:80])
