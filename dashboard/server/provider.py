"""Log-ins at a provider (OAuth): Panel's walk to it and back, and our own log-in (`log_in`) at its end.

Which page a visitor is led to, whose code he comes with, and what an address or a provider's answer may say
in our name is checked here and not left to Panel (1.9.4), with a test each.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
from typing import Any

import panel as pn
from panel import auth
from panel.auth import AUTH_PROVIDERS, OAuthProvider
from tornado.web import HTTPError, RequestHandler

from dashboard.server.log_in import ASSETS, FORM, Cookies, LogOut, template, user_of
from pressgauge.errors import one_line

log = logging.getLogger("pressgauge.log_in")
PROVIDERS = sorted(set(AUTH_PROVIDERS) - {"password", "pam", "auth_code"})
"""Where a visitor logs in at the provider; the others of Panel take the password themselves, at any speed."""
_PANELS = frozenset({"user", "id_token", "access_token", "refresh_token", "oauth_expiry", "is_guest"})
"""Cookies of Panel's log-in that we do without."""
_STATE = re.compile(r"[\w=-]{0,4000}", re.ASCII)
_WORDS = {
    401: "the provider did not confirm it",
    403: "this user may not come here",
    502: "the provider did not answer as agreed",
}


def _json_of(answer: Any) -> Any:
    """A provider's answer, as it is. Panel (1.9.4) makes a double quote of each apostrophe in it: who is
    o'brien@press.example at the provider would come back as somebody whom no list allows."""
    return json.loads(answer.body)


auth.decode_response_body = _json_of


class Provider(OAuthProvider):
    """Lets Panel's handler walk a visitor to a provider, and opens a log-in when a name comes back."""

    def __init__(self, name: str) -> None:
        self._handler = AUTH_PROVIDERS[name]
        form = str(ASSETS / FORM)
        super().__init__(login_template=form, logout_template=form, error_template=form)

    @property
    def get_user(self) -> Any:
        return user_of

    @property
    def get_user_async(self) -> Any:
        return None

    @property
    def login_handler(self) -> type[RequestHandler]:
        own = {"_login_template": self._login_template, "_login_endpoint": self._login_endpoint}
        return type("_AtProvider", (_AtProvider, self._handler), own)

    @property
    def logout_handler(self) -> type[RequestHandler]:
        return LogOut


class _AtProvider(Cookies):
    """Panel's handler of a provider, with our log-in for its cookies."""

    async def get(self) -> None:
        if (problem := self.get_argument("error", None)) is not None:
            raise HTTPError(401, "the provider says %s", one_line(problem)[:200])
        if not _STATE.fullmatch(self.get_argument("state", "")):
            raise HTTPError(401, "no state of ours came back")
        walk: Any = super()
        try:
            await walk.get()
        except HTTPError as error:
            if error.status_code == 400:  # what the provider answered, not what the visitor asked
                raise HTTPError(502, error.get_message()) from error
            raise
        except Exception as error:
            raise HTTPError(502, "%s: %s", type(error).__name__, one_line(str(error))[:200]) from error

    def get_argument(self, name: str, *args: Any, **kwargs: Any) -> Any:
        value = super().get_argument(name, *args, **kwargs)
        return self.own_path(value) if name == "next" and isinstance(value, str) else value

    def get_state_cookie(self) -> str:
        """What the provider was given to bring back; what nobody can bring where it was given nothing."""
        walk: Any = super()
        return walk.get_state_cookie() or secrets.token_urlsafe()

    def set_signed_cookie(self, name: str, value: str | bytes, *args: Any, **kwargs: Any) -> None:
        if name == "user":
            user = value.decode() if isinstance(value, bytes) else str(value)
            self.settings["log_ins"].open(self, user)
        elif name not in _PANELS:
            super().set_signed_cookie(name, value, *args, **kwargs)

    set_secure_cookie = set_signed_cookie

    def log_exception(self, *_: Any) -> None:
        """Tell nothing here: `write_error` tells it, on one line."""

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        why = kwargs.get("exc_info", (None, None, None))[1]
        log.warning("log-in at the provider failed: %s", one_line(str(why or status_code))[:300])
        self.set_status(status_code)
        self.set_header("Cache-Control", "no-store")
        error = _WORDS.get(status_code, "something was not as agreed")
        self.write(template().render(error_type="failed", error=error))


def provider(name: str, key: str, secret: str, redirect_uri: str | None) -> Provider:
    """A log-in at a provider of Panel's, whose settings belong to the process."""
    config: Any = pn.config
    config.oauth_provider, config.oauth_key, config.oauth_secret = name, key, secret
    if redirect_uri:
        config.oauth_redirect_uri = redirect_uri
    return Provider(name)
