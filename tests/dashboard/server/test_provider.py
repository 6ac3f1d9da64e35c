"""Log-ins at a provider, a real HTTP server on loopback, through a reverse proxy below a path."""

from __future__ import annotations

import base64
import importlib.util
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import panel as pn
import pytest
from aiohttp import ClientSession, web
from panel import auth

from dashboard.server.log_in import LogIns
from dashboard.server.provider import provider
from tests.dashboard.server.test_log_in import HOSTILE, Visitor
from tests.loopback import Loopback

PREFIX = "/press"
ADA = {"email": "ada@press.example", "name": "Ada"}


@dataclass
class Desk:
    """A provider, the app below a path, and the proxy in front of it."""

    web: Loopback
    url: str
    log_ins: LogIns

    @property
    def users(self) -> list[str]:
        """Who is logged in."""
        return [each.user for each in self.log_ins._open.values()]

    def says(self, token: Any, user: Any = ADA, status: int = 200) -> None:
        """What the provider answers when it is asked for a token, and for the user of the token."""
        for path, answer in (("/token", token), ("/user", user)):
            body = answer if isinstance(answer, str) else json.dumps(answer)
            self.web.page(path, body, "application/json", status=status)

    def visitor(self, **headers: str) -> Visitor:
        return Visitor(self.url, **headers)

    def walk(self, visitor: Visitor, *, wanted: str = "", **changed: str) -> Any:
        """Go to the provider and come back with its code, but for what is changed of it."""
        there = visitor.ask(f"login?next={quote(wanted)}" if wanted else "login")
        assert there.status == 302
        asked = parse_qs(urlsplit(there.headers["Location"]).query)
        assert there.headers["Location"].startswith(self.web.url("/authorize"))
        assert asked["redirect_uri"] == [f"{self.url}login"]
        return visitor.ask(f"login?{urlencode({'code': 'good', 'state': asked['state'][0], **changed})}")


@pytest.fixture
def desk(served: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    config: Any = pn.config
    kept = {name: getattr(config, name) for name in ("oauth_provider", "oauth_key", "oauth_secret")}
    kept["oauth_redirect_uri"] = config.oauth_redirect_uri
    with Loopback() as web_:
        for name in ("AUTHORIZE", "TOKEN", "USER"):
            monkeypatch.setenv(f"PANEL_OAUTH_{name}_URL", web_.url(f"/{name.lower()}"))
        public = web_.url(f"{PREFIX}/")
        log_in = provider("generic", "key", "secret", f"{public}login")
        log_ins = LogIns(None, port=1, allow_list=["@press.example"])
        with served(pn.Column, log_in=log_in, log_ins=log_ins, prefix=PREFIX, proxies=["127.0.0.1"]) as (
            behind,
            _,
        ):
            for path in ("", "login", "logout"):
                web_.handle(f"{PREFIX}/{path}", _proxied(behind))
            desk = Desk(web_, public, log_ins)
            desk.says({"access_token": "opaque"})
            yield desk
    for name, value in kept.items():
        setattr(config, name, value)


def _proxied(behind: str) -> Callable[[web.Request], Any]:
    """What a reverse proxy that ends TLS does with a request."""

    async def passed_on(request: web.Request) -> web.Response:
        headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.5", **request.headers}
        async with ClientSession() as session:
            url = behind.rstrip("/") + request.raw_path
            async with session.get(url, headers=headers, allow_redirects=False) as answer:
                body = await answer.read()
        left_out = ("transfer-encoding", "content-encoding", "content-length", "connection")
        kept = [(name, value) for name, value in answer.headers.items() if name.lower() not in left_out]
        passed = web.Response(status=answer.status, body=body)
        for name, value in kept:
            passed.headers.add(name, value)
        return passed

    return passed_on


def test_a_visitor_goes_to_the_provider_and_comes_back_to_the_page_that_was_wanted(desk: Desk) -> None:
    visitor = desk.visitor()
    back = desk.walk(visitor, wanted=f"{PREFIX}/?tab=volume")
    assert (back.status, back.headers["Location"]) == (302, f"{PREFIX}/?tab=volume")
    [cookie] = [each for each in visitor.set if each.startswith("__Host-pressgauge")]
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax"))
    assert visitor.is_in
    assert not any(name in visitor.cookies for name in ("user", "access_token", "id_token"))
    visitor.ask("logout")
    assert not visitor.is_in


def test_a_name_in_a_signed_token_is_enough(desk: Desk) -> None:
    claims = base64.urlsafe_b64encode(json.dumps(ADA).encode()).decode().rstrip("=")
    desk.says({"access_token": "opaque", "id_token": f"e30.{claims}.c2ln"}, "nobody asked for this")
    visitor = desk.visitor()
    assert desk.walk(visitor).status == 302
    assert visitor.is_in


def test_a_name_with_an_apostrophe_comes_back_as_it_is(desk: Desk) -> None:
    desk.says({"access_token": "opaque"}, {"email": "o'brien@press.example", "name": "Zoë O'Brien"})
    visitor = desk.visitor()
    assert desk.walk(visitor).status == 302
    assert visitor.is_in
    assert desk.users == ["o'brien@press.example"]


def test_without_our_reading_panel_makes_another_user_of_a_name_with_an_apostrophe() -> None:
    # Loaded once more, beside the one whose reading is replaced.
    spec = importlib.util.find_spec("panel.auth")
    assert spec is not None and spec.loader is not None
    untouched = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(untouched)
    answer = SimpleNamespace(body=b'{"email": "o\'brien@press.example"}')
    assert untouched.decode_response_body(answer) == {"email": 'o"brien@press.example'}
    assert auth.decode_response_body(answer) == {"email": "o'brien@press.example"}


@pytest.mark.parametrize(
    "wanted", ["///evil.example", "//evil.example", "https://evil.example/", "/\\evil.example"]
)
def test_u17_a_log_in_at_a_provider_leads_to_our_own_pages_only(desk: Desk, wanted: str) -> None:
    back = desk.walk(desk.visitor(), wanted=wanted)
    assert (back.status, back.headers["Location"]) == (302, f"{PREFIX}/")


@pytest.mark.parametrize("state", ["", "e30=", "\r\nX: y", "<script>alert(1)</script>"])
def test_u18_a_code_without_the_state_of_its_visitor_logs_nobody_in(desk: Desk, state: str) -> None:
    stranger = desk.visitor()
    answer = stranger.ask(f"login?{urlencode({'code': 'good', 'state': state})}")
    assert answer.status == 401
    assert not desk.web.asked("/token")
    other = desk.visitor()
    assert desk.walk(other, state=state or "x").status == 401
    assert not (stranger.is_in or other.is_in)


@pytest.mark.parametrize(
    ("token", "user", "status"),
    [
        ("", ADA, 502), ("<html>", ADA, 502), ("[]", ADA, 502), ("null", ADA, 502), ("{", ADA, 502),
        ({"error": "<script>alert(1)</script>\r\nX: y"}, ADA, 401), ({"access_token": None}, "[", 502),
        ({"access_token": "opaque"}, "<script>alert(1)</script>", 502), ({"access_token": "opaque"}, {}, 401),
        ({"access_token": "opaque"}, {"email": ""}, 403), ({"access_token": "opaque"}, {"email": None}, 403),
        ({"access_token": "opaque"}, {"email": "eve@evil.example\r\nX: y"}, 403),
        ({"access_token": "a", "id_token": "not.a.token", "expires_in": "soon"}, ADA, 502),
    ],
)  # fmt: skip
def test_u18_a_provider_that_answers_nonsense_logs_nobody_in(
    desk: Desk, token: Any, user: Any, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    desk.says(token, user)
    visitor = desk.visitor()
    answer = desk.walk(visitor)
    page = answer.read().decode()
    assert answer.status == status
    assert "The log-in failed" in page
    assert "<script" not in page
    assert not visitor.is_in
    assert "X" not in answer.headers
    told = [record.getMessage() for record in caplog.records if record.name == "pressgauge.log_in"]
    assert told
    assert all(line.isprintable() for line in told)
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    "error", ["access_denied", "<script>alert(1)</script>", "a\r\nX: y", "Call 0900", ""]
)
def test_u18_an_error_in_the_address_is_refused_and_not_shown_as_our_own_words(
    desk: Desk, error: str
) -> None:
    answer = desk.visitor().ask(f"login?{urlencode({'error': error, 'error_description': error})}")
    page = answer.read().decode()
    assert answer.status == 401
    assert "<script" not in page
    assert "0900" not in page
    assert "X" not in answer.headers


FORWARDED = (
    *("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Script-Name"),
    *("Forwarded", "Referer", "X-Original-URL", "Authorization"),
)


def test_u17_no_header_leads_the_walk_to_a_provider_elsewhere(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    # No proxy passes other headers on than such.
    for value in (value for value in HOSTILE if value.isprintable() and value.isascii()):
        visitor = desk.visitor(**dict.fromkeys(FORWARDED, value[:900]))
        back = desk.walk(visitor)
        assert (back.status, back.headers["Location"]) == (302, f"{PREFIX}/"), value
        assert visitor.is_in, value
    assert "Traceback" not in caplog.text
