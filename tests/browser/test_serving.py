"""The app as others meet it: below a path, behind a log-in, while somebody refreshes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from aiohttp import web
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.browser.plots import click_point, count, drawn, lines
from tests.loopback import Loopback


def test_below_a_path_every_request_link_and_file_stays_below_it(
    page: Page, serve: Callable[..., Any]
) -> None:
    server = serve("--base-url", "press/")
    url = server.url
    assert f"http://localhost:{server.port}/press/ " in server.log.read_text()
    outside: list[str] = []

    def note(request: Request) -> None:
        if not urlsplit(request.url).path.startswith("/press/") and request.url.startswith("http"):
            outside.append(request.url)

    page.on("request", note)
    page.goto(f"{url}?tab=volume")
    chart = drawn(page)
    values = lines(chart)["Open-source AI"]
    number, _ = click_point(page, chart, "Open-source AI", values.index(max(values)))
    assert count(page) == number > 0
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("Articles .CSV")).click()
    assert download.value.path().read_bytes().startswith(b'\xef\xbb\xbf"id",')
    page.get_by_role("button", name="Copy link to this view").click()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    assert link.startswith(f"{url}?")
    page.goto(link)
    assert count(page) == number
    page.get_by_role("link", name="Pressgauge").click()
    expect(page).to_have_url(url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert outside == []


class Provider(Loopback):
    """An OAuth 2 provider (RFC 6749, 4.1) that knows one app and one visitor, Ada."""

    KEY, SECRET, CODE, TOKEN = "the-app", "its-secret", "a-code-for-ada", "a-token-for-ada"

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []
        self.handle("/authorize", self._authorize)
        self.handle("/token", self._token)
        self.handle("/user", self._user)
        self.page("/favicon.ico", b"")
        self._redirect_uri = ""

    def _authorize(self, request: web.Request) -> web.Response:
        asked = request.query
        if (
            asked.get("client_id") != self.KEY
            or asked.get("response_type") != "code"
            or not asked.get("state")
        ):
            return self._refuse("authorize")
        self._redirect_uri = asked["redirect_uri"]
        back = f"{self._redirect_uri}?{urlencode({'code': self.CODE, 'state': asked['state']})}"
        return web.Response(text=f'<a href="{back}">Log in as Ada</a>', content_type="text/html")

    async def _token(self, request: web.Request) -> web.Response:
        said = await request.post()
        expected = {
            "grant_type": "authorization_code",
            "code": self.CODE,
            "client_id": self.KEY,
            "client_secret": self.SECRET,
            "redirect_uri": self._redirect_uri,
        }
        if any(said.get(name) != value for name, value in expected.items()):
            return self._refuse("token")
        return web.json_response({"access_token": self.TOKEN, "token_type": "Bearer", "expires_in": 3600})

    def _user(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.TOKEN}":
            return self._refuse("user")
        return web.json_response({"email": "ada@example.org"})

    def _refuse(self, what: str) -> web.Response:
        self.refused.append(what)
        return web.Response(status=400, text=f"not a valid request: {what}")


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    with Provider() as running:
        for name, path in (("AUTHORIZE", "/authorize"), ("TOKEN", "/token"), ("USER", "/user")):
            monkeypatch.setenv(f"PANEL_OAUTH_{name}_URL", running.url(path))
        yield running


@pytest.mark.parametrize("prefix", ["", "/press"])
def test_a_visitor_logs_in_through_oauth_and_then_reads_the_app(
    context: BrowserContext, page: Page, serve: Callable[..., Any], provider: Provider, prefix: str
) -> None:
    login = ("--oauth-provider", "generic", "--oauth-key", provider.KEY, "--oauth-secret", provider.SECRET)
    below = ("--base-url", prefix, "--oauth-redirect-uri", "{url}") if prefix else ()
    url = serve(*login, *below).url
    page.goto(f"{url}?tab=articles")
    expect(page).to_have_url(re.compile(f"^{provider.url('/authorize')}"))
    page.get_by_role("link", name="Log in as Ada").click()
    assert count(page) > 0
    assert page.url.startswith(url)
    assert provider.refused == []
    assert [len(provider.asked(path)) for path in ("/authorize", "/token", "/user")] == [1, 1, 1]
    page.goto(f"{url}?tab=articles&query=deepseek")
    assert count(page) > 0
    context.clear_cookies()
    page.goto(url)
    expect(page).to_have_url(re.compile(f"^{provider.url('/authorize')}"))


def test_a_log_in_that_the_provider_refuses_says_so_and_can_be_tried_again(
    page: Page, serve: Callable[..., Any], provider: Provider, faults: list[str]
) -> None:
    login = ("--oauth-provider", "generic", "--oauth-key", provider.KEY, "--oauth-secret", "not-its-secret")
    page.goto(serve(*login).url)
    page.get_by_role("link", name="Log in as Ada").click()
    expect(page.get_by_role("alert")).to_contain_text("The log-in failed")
    assert provider.refused == ["token"]
    assert [fault for fault in faults if "401" not in fault] == []
    faults.clear()
    page.get_by_role("link", name="Try again").click()
    expect(page).to_have_url(re.compile(f"^{provider.url('/authorize')}"))


@pytest.mark.parametrize("prefix", ["", "/press"])
def test_a_visitor_logs_in_with_a_password_and_out_again(
    page: Page, serve: Callable[..., Any], prefix: str, faults: list[str]
) -> None:
    below = ("--base-url", prefix) if prefix else ()
    url = serve("--basic-auth", "open sesame", *below).url
    page.goto(f"{url}?tab=articles")
    for password in ("wrong", "open sesame"):
        page.get_by_label("User name").fill("Ada")
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Log in").click()
        if password == "wrong":
            expect(page.get_by_role("alert")).to_contain_text("Invalid username or password")
            assert [fault for fault in faults if "401" not in fault] == []
            faults.clear()
    expect(page.get_by_role("tab", name="Articles")).to_have_attribute("aria-selected", "true")
    assert page.url.startswith(f"{url}?tab=articles")
    page.goto(f"{url}logout")
    page.get_by_role("link", name="Log in").click()
    expect(page.get_by_label("Password")).to_be_visible()
