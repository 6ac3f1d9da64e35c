"""Nothing that a press writes runs in a visitor's browser."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import pressgauge
from dashboard.view import TABS

# Each runs `alert` in a page that takes it for markup, in one of the ways that filters are known to miss.
PAYLOADS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "\"><svg onload=alert(1)>",
    "'-alert(1)-'", "<a href='javascript:alert(1)'>x</a>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'>",
    "<details open ontoggle=alert(1)>", "<math><mtext></p><style><img src=x onerror=alert(1)></style>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "</textarea><script>alert(1)</script>",
    "<input autofocus onfocus=alert(1)>", "<video><source onerror=alert(1)>",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}", "<%= alert(1) %>", "&lt;img src=x onerror=alert(1)&gt;",
    "\\u003cimg src=x onerror=alert(1)\\u003e",
    "![x](javascript:alert(1))", "[x](javascript:alert(1))", "`<img src=x onerror=alert(1)>`",
    "<template><img src=x onerror=alert(1)></template>", "<img src=x\u0000onerror=alert(1)>",
    "<\u0000script>alert(1)</script>",
    "<style>@import 'javascript:alert(1)'</style>", "<base href='javascript:/a/-alert(1)//'>",
    "<form action=javascript:alert(1)><button autofocus>", "<object data='javascript:alert(1)'>",
    "<embed src='javascript:alert(1)'>", "</script><script>alert(1)</script>",
    "<!--<img src='--><img src=x onerror=alert(1)>",
)  # fmt: skip
ADDRESSES = (
    "javascript:alert(1)", "JAVASCRIPT:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)",
    " javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:alert(1)",
)  # fmt: skip


@pytest.fixture(scope="session")
def hostile(
    settings: Path, serve: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Address of an app whose every article is an attack, in its title, text, byline, outlet and address."""
    n = len(PAYLOADS)
    day = pd.date_range("2025-01-01", periods=n, tz="UTC")
    frame = pd.DataFrame({
        "url": [f"https://hostile.example/{i}?{ADDRESSES[i % len(ADDRESSES)]}" for i in range(n)],
        "outlet": [f"{payload} Gazette" for payload in PAYLOADS],
        "country": "US",
        "language": "en",
        "title": [f"{payload} open source AI and ChatGPT" for payload in PAYLOADS],
        "text": [f"{payload} open source AI, DeepSeek and ChatGPT\n{payload}" for payload in PAYLOADS],
        "authors": [[payload] for payload in PAYLOADS],
        "published": day,
        "published_from": [f"{payload}" for payload in PAYLOADS],
        "source": "hostile",
    })  # fmt: skip
    path = tmp_path_factory.mktemp("hostile") / "coverage"
    pressgauge.open(path).append(frame)
    yield serve("--data", str(path)).url


@pytest.mark.parametrize("tab", TABS)
def test_u01_no_title_outlet_or_byline_runs_in_any_view(page: Page, hostile: str, tab: str) -> None:
    page.goto(f"{hostile}?tab={tab}")
    expect(page.get_by_role("tab", name=tab.capitalize())).to_have_attribute("aria-selected", "true")
    page.wait_for_timeout(500)
    assert (
        page.locator(".markup :is(script, img, svg, iframe, object, embed, form, video, style, base)").count()
        == 0
    )


def test_u01_u02_an_opened_article_shows_its_attack_as_text(page: Page, hostile: str) -> None:
    page.goto(f"{hostile}?tab=articles")
    for number in range(4):
        page.locator("button.headline").nth(number).click()
        expect(page.locator("aside")).to_contain_text("alert(1)")
    for href in page.locator("a[href]").evaluate_all("all => all.map((a) => a.getAttribute('href'))"):
        assert re.match(r"https?://|/$", href)


def test_u01_u07_hostile_queries_and_addresses_are_data(page: Page, hostile: str) -> None:
    attack = "<img src=x onerror=alert(1)>"
    for query in (
        attack,
        "{{7*7}}",
        "@pd.io.common.os.system('true')",
        "'; drop table articles; --",
        '"' + attack + '"',
    ):
        page.goto(
            f"{hostile}?tab=terms&terms={urllib.request.quote(query)}&query={urllib.request.quote(query)}"
        )
        expect(page.get_by_role("tab", name="Terms")).to_have_attribute("aria-selected", "true")
        page.wait_for_timeout(300)
    selection = urllib.request.quote(json.dumps({"series": attack, "outlet": attack}))
    page.goto(f"{hostile}?tab=articles&outlets={urllib.request.quote(attack)}&selection={selection}")
    expect(page.get_by_text("No article is left").or_(page.get_by_role("alert").first).first).to_be_visible()


def _status(url: str, **headers: str) -> int:
    try:
        return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10).status
    except urllib.error.HTTPError as error:
        return error.code


def test_u03_a_foreign_host_or_origin_is_refused(demo: str) -> None:
    assert _status(demo) == 200
    assert _status(demo, Host="evil.example") == 421
    assert _status(demo, Host="localhost.evil.example") == 421
    upgrade = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }  # fmt: skip
    for origin in ("https://evil.example", "null", "http://localhost.evil.example"):
        assert _status(f"{demo}ws", Origin=origin, **upgrade) == 403


def test_u03_no_page_may_frame_the_app_or_load_from_elsewhere(demo: str) -> None:
    headers = urllib.request.urlopen(demo, timeout=10).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
