"""Log-ins: who is let in, for how long, how often one may try, and what Panel's own log-in does instead."""

from __future__ import annotations

import http.client
import json
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode, urlsplit

import panel as pn
import pytest
from aiohttp import ClientSession, WSServerHandshakeError
from panel.auth import BasicLoginHandler
from panel.io.state import state

from dashboard.server import attempts, log_in, server
from dashboard.server.attempts import Attempts, client_address, network_of
from dashboard.server.log_in import Form, LogIns
from dashboard.server.users import Password, Users, users_of
from pressgauge.errors import ConfigError, PressgaugeError

ADA, BOB = {"ada": "correct horse"}, {"bob": "battery staple"}


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def users(tmp_path: Path) -> Path:
    file = tmp_path / "users.json"
    file.write_text(json.dumps(ADA | BOB))
    return file


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def url(
    served: Callable[..., Any], users: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A server that asks for the users of the file."""
    monkeypatch.setattr(server, "CHECK_LOG_INS_MS", 50)
    log_ins = LogIns(Users(users), port=1, clock=clock)
    with served(pn.Column, log_in=Form(), log_ins=log_ins, proxies=["127.0.0.1"]) as (address, _):
        yield address


class Visitor:
    """A browser's cookies, and the few requests that a log-in takes."""

    def __init__(self, url: str, **headers: str) -> None:
        self.url, self.headers, self.cookies = url, headers, {}
        self.set: list[str] = []

    def ask(self, path: str, form: dict[str, str] | None = None, **headers: str) -> http.client.HTTPResponse:
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=20)
        sent = {**self.headers, **headers}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode(form) if form is not None else None
        connection.request("POST" if body is not None else "GET", parts.path + path, body, sent)
        answer = connection.getresponse()
        self.set = answer.headers.get_all("Set-Cookie", [])
        for cookie in self.set:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
            if not self.cookies[name]:
                del self.cookies[name]
        return answer

    def log_in(self, user: str, password: str, **more: str) -> int:
        return self.ask("login", {"username": user, "password": password, **more}).status

    @property
    def is_in(self) -> bool:
        return self.ask("").status == 200


def test_a_user_of_the_file_logs_in_and_out_and_nobody_else_does(url: str) -> None:
    ada = Visitor(url)
    assert ada.ask("").status == 302
    assert [ada.log_in("ada", "battery staple"), ada.log_in("eve", "correct horse")] == [401, 401]
    assert not ada.is_in
    assert ada.log_in("ada", "correct horse") == 302
    assert ada.is_in
    kept = dict(ada.cookies)
    assert "You are logged out" in ada.ask("logout").read().decode()
    ada.cookies = kept
    assert not ada.is_in, "a copy of the cookie is worth nothing after the log-out"


@pytest.mark.parametrize(
    ("users_or_password", "known"), [(Users, "ada"), (lambda _: Password("correct horse"), None)]
)
def test_a_page_knows_who_has_logged_in_under_a_name_of_their_own(
    served: Callable[..., Any], users: Path, users_or_password: Callable[[Path], Any], known: str | None
) -> None:
    log_ins, seen = LogIns(users_or_password(users), port=1), []

    def page() -> pn.Column:
        seen.append(log_in.visitor(log_ins))
        return pn.Column()

    with served(page, log_in=Form(), log_ins=log_ins) as (address, _):
        ada = Visitor(address)
        ada.log_in("ada", "correct horse")
        assert ada.is_in
    assert seen == [known]


@pytest.mark.parametrize(
    "broken", ["missing", "{", "[]", "{}", '{"ada": "short"}', '{"ada": 12345678}', "\xff"]
)
def test_u09_a_users_file_that_cannot_be_used_starts_no_server(tmp_path: Path, broken: str) -> None:
    file = tmp_path / "users.json"
    if broken != "missing":
        file.write_bytes(broken.encode("latin-1"))
    with pytest.raises(ConfigError, match=re.escape(str(file))):
        users_of(str(file))


@pytest.mark.parametrize("name", ["users.json", "usres.jsn", "./users", "/etc/press/users"])
def test_u09_the_name_of_a_file_that_is_missing_is_never_a_password(name: str) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        users_of(name)


def test_a_password_is_given_on_the_command_line_too_but_no_short_one() -> None:
    assert isinstance(users_of("open sesame"), Password)
    with pytest.raises(PressgaugeError, match="8 characters"):
        users_of("users")


@pytest.mark.parametrize("change", ["removed", "broken"])
def test_u09_without_a_valid_file_nobody_is_let_in_and_it_is_told(
    url: str, users: Path, caplog: pytest.LogCaptureFixture, change: str
) -> None:
    ada = Visitor(url)
    ada.log_in("ada", "correct horse")
    whole = users.read_bytes()
    users.unlink()
    if change == "broken":
        users.write_text("{")
    stranger = Visitor(url)
    for password in (str(users), "users.json", "correct horse"):
        assert stranger.log_in("ada", password) == 503
    assert not stranger.is_in
    assert not ada.is_in
    assert "no log-in is possible" in caplog.text
    users.write_bytes(whole)
    assert stranger.log_in("ada", "correct horse") == 302
    assert ada.is_in, "a file that is back is the same as before"


class Application:
    """What Panel keeps a server's settings for."""


def test_u09_panels_own_log_in_takes_the_name_of_a_missing_file_for_the_password(tmp_path: Path) -> None:
    """What is mended here (Panel 1.9.4). When this fails, see whether Panel's log-in can be used again."""
    name, application = str(tmp_path / "users.json"), Application()
    state._server_config[application] = {"basic_auth": name}
    assert BasicLoginHandler._validate(SimpleNamespace(application=application), "anybody", name) is True


@pytest.mark.parametrize("change", [{"ada": "another password"}, BOB])
def test_u11_a_user_who_is_removed_or_has_a_new_password_is_logged_out(
    url: str, users: Path, change: dict[str, str]
) -> None:
    ada, bob = Visitor(url), Visitor(url)
    ada.log_in("ada", "correct horse")
    bob.log_in("bob", "battery staple")
    users.write_text(json.dumps(BOB | change))
    assert not ada.is_in
    assert bob.is_in


@pytest.mark.parametrize("end", ["log-out", "removal"])
async def test_u11_an_open_page_is_closed_when_its_log_in_ends(url: str, users: Path, end: str) -> None:
    ada = Visitor(url)
    ada.log_in("ada", "correct horse")
    page = ada.ask("").read().decode().replace("&quot;", '"')
    [token] = re.findall(r'"token": ?"([^"]+)"', page)
    assert not any(value in page for value in ada.cookies.values())
    async with ClientSession(cookies=ada.cookies) as client, ClientSession() as stranger:
        with pytest.raises(WSServerHandshakeError, match="403"):
            await stranger.ws_connect(f"{url}ws", protocols=("bokeh", token))
        async with client.ws_connect(f"{url}ws", protocols=("bokeh", token)) as socket:
            await socket.receive()
            if end == "log-out":
                ada.ask("logout")
            else:
                users.write_text(json.dumps(BOB))  # noqa: ASYNC240 (a small file)
            while not socket.closed:
                await socket.receive(timeout=20)
            assert socket.close_code == server.LOGGED_OUT


def test_u12_the_cookie_is_for_this_site_and_no_script_and_behind_tls_for_tls_only(url: str) -> None:
    ada = Visitor(url)
    ada.log_in("ada", "correct horse")
    [cookie] = ada.set
    assert {"HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={7 * 86_400}"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    name, _, value = cookie.partition(";")[0].partition("=")
    assert (name, len(value)) == ("pressgauge_1", 43)
    behind = Visitor(url, **{"X-Forwarded-Proto": "https"})
    behind.log_in("ada", "correct horse")
    [cookie] = behind.set
    assert cookie.startswith("__Host-pressgauge_1=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Secure"} <= set(cookie.split("; "))
    assert behind.is_in


def test_u11_a_log_in_ends_a_day_after_its_last_use_and_after_a_week(url: str, clock: Clock) -> None:
    ada = Visitor(url)
    ada.log_in("ada", "correct horse")
    clock.now += log_in.IDLE_S + 1
    assert not ada.is_in
    ada.log_in("ada", "correct horse")
    for _ in range(7):
        assert ada.is_in
        clock.now += log_in.IDLE_S - 100
    assert ada.is_in
    clock.now += 1000
    assert not ada.is_in


def test_u11_each_log_in_has_a_name_of_its_own_and_ends_the_one_before(url: str) -> None:
    ada = Visitor(url)
    ada.log_in("ada", "correct horse")
    first = dict(ada.cookies)
    ada.log_in("ada", "correct horse")
    assert ada.cookies != first
    ada.cookies = first
    assert not ada.is_in


def test_u10_log_ins_that_fail_have_to_wait_by_address_and_it_is_told(
    url: str, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "pressgauge.log_in")
    eve = Visitor(url, **{"X-Forwarded-For": "1.1.1.1, 203.0.113.9"})
    tried = [eve.log_in(f"user{n}\nforged", "guess") for n in range(attempts.BY_ADDRESS + 5)]
    assert tried == [401] * attempts.BY_ADDRESS + [429] * 5
    assert len(caplog.records) == attempts.BY_ADDRESS
    assert "203.0.113.9; the next has to wait" in caplog.text
    assert "forged" not in caplog.text
    assert eve.ask("login", {"username": "ada", "password": "correct horse"}).headers["Retry-After"]
    ada = Visitor(url, **{"X-Forwarded-For": "203.0.113.10"})
    assert ada.log_in("ada", "correct horse") == 302, "another address is not charged"
    clock.now += attempts.WINDOW_S + 1
    assert eve.log_in("ada", "correct horse") == 302


def test_u10_a_user_is_not_tried_from_many_addresses_and_not_locked_out_of_the_own(url: str) -> None:
    home = Visitor(url, **{"X-Forwarded-For": "198.51.100.1"})
    assert home.log_in("ada", "correct horse") == 302
    tried = [
        Visitor(url, **{"X-Forwarded-For": f"203.0.113.{n}"}).log_in("ada", "guess")
        for n in range(attempts.BY_USER + 3)
    ]
    assert tried == [401] * attempts.BY_USER + [429] * 3
    assert Visitor(url, **{"X-Forwarded-For": "203.0.113.99"}).log_in("ada", "correct horse") == 429
    assert home.log_in("ada", "correct horse") == 302
    assert Visitor(url, **{"X-Forwarded-For": "203.0.113.99"}).log_in("bob", "battery staple") == 302


def test_u10_without_the_wait_any_number_of_passwords_is_tried(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Attempts, "wait", lambda *given: 0)
    eve = Visitor(url)
    assert [eve.log_in("ada", "guess") for _ in range(40)] == [401] * 40


def test_a_form_of_another_site_logs_nobody_in(url: str) -> None:
    eve = Visitor(url, **{"Sec-Fetch-Site": "cross-site"})
    assert eve.log_in("ada", "correct horse") == 403


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [
        ("/?tab=volume", "/?tab=volume"), ("//evil.example/", "/"), ("https://evil.example/", "/"),
        ("/\\evil.example", "/"), ("javascript:alert(1)", "/"), ("/\r\nSet-Cookie: a=b", "/"), ("", "/"),
    ],
)  # fmt: skip
def test_a_log_in_leads_to_our_own_pages_only(url: str, wanted: str, sent: str) -> None:
    answer = Visitor(url).ask("login", {"username": "ada", "password": "correct horse", "next": wanted})
    assert answer.headers["Location"] == sent


def test_what_is_written_into_the_address_is_not_shown_as_our_own_words(url: str) -> None:
    page = Visitor(url).ask('login?error=Call+0900&next="><script>alert(1)</script>').read().decode()
    assert "0900" not in page
    assert "<script" not in page


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.5", "", "203.0.113.5"),
        ("203.0.113.5", "8.8.8.8", "203.0.113.5"),
        ("127.0.0.1", "8.8.8.8", "8.8.8.8"),
        ("127.0.0.1", "1.2.3.4, 8.8.8.8", "8.8.8.8"),
        ("127.0.0.1", "1.2.3.4, 8.8.8.8, 10.0.0.2", "8.8.8.8"),
        ("127.0.0.1", "not an address", "127.0.0.1"),
        ("::ffff:127.0.0.1", "8.8.8.8", "8.8.8.8"),
    ],
)
def test_only_a_proxy_of_ours_is_believed_about_who_asks(peer: str, forwarded: str, address: str) -> None:
    assert client_address(peer, forwarded, frozenset({"127.0.0.1", "10.0.0.2"})) == address


def test_addresses_of_one_ipv6_network_are_one_visitor() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1") != network_of("2001:db8:0:1::1")
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1")


def test_failures_of_many_strangers_take_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "_MOST", 100)
    kept = Attempts()
    for n in range(1000):
        kept.record_failure(f"10.0.{n // 256}.{n % 256}", f"user{n}")
    assert len(kept._failures) == 100


def test_of_a_providers_users_those_who_may_come_do() -> None:
    log_ins = LogIns(None, port=1, allow_list=["ada", "@press.example"])
    may = {
        user: log_ins._may_come(user) for user in ("ada", "eve", "bob@press.example", "x@press.example.org")
    }
    assert may == {"ada": True, "eve": False, "bob@press.example": True, "x@press.example.org": False}
    assert not LogIns(None, port=1, allow_list=["@press.example"])._may_come("press.example")


HOSTILE = [
    *("", "https, javascript", "\0https", "https\xff\xfe", "a" * 8_000, "<script>alert(1)</script>"),
    *("%0d%0aSet-Cookie: x=1", "unknown", "1.2.3.4:99", "[::1]", "1.2.3.4, , ,", "::ffff:1.2.3.4"),
    *("//evil.example", "evil.example/../..", "localhost@evil.example", ",".join(["1.1.1.1"] * 900)),
]


@pytest.mark.parametrize(
    "name",
    [
        *("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Prefix", "Forwarded"),
        *("X-Script-Name", "X-Original-URL", "Referer", "Authorization", "If-None-Match"),
    ],
)
def test_u17_no_header_of_a_stranger_or_proxy_breaks_an_answer_or_leads_elsewhere(
    url: str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    for value in HOSTILE:
        visitor = Visitor(url, **{name: value})
        log_in = "login?next=//evil.example"
        for path, form in (
            ("", None),
            (log_in, None),
            ("logout", None),
            (log_in, {"username": "ada", **_password(ADA)}),
        ):
            answer = visitor.ask(path, form)
            assert answer.status in (200, 302, 400), (value, answer.status)
            assert "evil" not in answer.headers.get("Location", "")
            assert not any(cookie.startswith("x=") for cookie in answer.headers.get_all("Set-Cookie", []))
            assert b"<script>alert" not in _said(answer)
    assert "Traceback" not in caplog.text


def _said(answer: http.client.HTTPResponse) -> bytes:
    """An answer's body. Tornado refuses a head that it cannot read with a bare status line and closes;
    where the form came in between, nobody has read it, and the system resets the connection.
    """
    try:
        return answer.read()
    except ConnectionResetError:
        assert (answer.status, answer.headers.items()) == (400, [])
        return b""


def _password(users: dict[str, str]) -> dict[str, str]:
    [password] = users.values()
    return {"password": password}
