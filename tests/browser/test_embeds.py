"""Charts in other people's pages: framed from the server, and carried along as one element."""

from __future__ import annotations

import html
import json
import re
import urllib.request
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, FrameLocator, expect

from tests.browser.plots import drawn
from tests.browser.test_files import saved
from tests.browser.visit import PHONE, Visit
from tests.loopback import Loopback


def shown(frame: FrameLocator) -> None:
    """The chart stands in the frame with its lines, and below it what it was made from."""
    expect(frame.locator(".chart .scatterlayer .trace").first).to_be_visible()
    expect(frame.locator("figcaption")).to_contain_text("Demo data (synthetic). Counted: articles on")
    expect(frame.locator("figcaption")).to_contain_text(re.compile(r"synthetic demo dataset version \d+"))


def test_a_page_of_another_site_shows_the_chart_that_oembed_gives_for_a_link(
    browser: Browser, demo: str
) -> None:
    link = quote(f"{demo}?tab=volume&query=deepseek", safe="")
    with urllib.request.urlopen(f"{demo}oembed?maxwidth=800&url={link}", timeout=60) as answer:
        given = json.loads(answer.read())
    with Loopback() as web:
        web.page("/post", f"<!doctype html><title>A post</title><main>{given['html']}</main>")
        for size in ({"width": 1000, "height": 900}, PHONE):
            page = browser.new_page(viewport=size)
            faults: list[str] = []
            page.on("pageerror", lambda error, faults=faults: faults.append(str(error)))
            page.goto(web.url("/post").replace("127.0.0.1", "localhost"))
            frame = page.frame_locator("iframe")
            shown(frame)
            expect(frame.locator("figcaption")).to_contain_text("that match “deepseek”")
            fits = "document.documentElement.scrollWidth <= window.innerWidth"
            assert frame.locator("body").evaluate(f"() => {fits}") and page.evaluate(fits)
            expect(frame.get_by_role("link", name="Open in Pressgauge")).to_have_attribute(
                "href", f"{demo}?tab=volume&query=deepseek"
            )
            assert faults == []
            page.close()


def test_a_saved_chart_is_one_element_that_shows_itself_without_a_network(
    visit: Visit, browser: Browser, tmp_path: Path
) -> None:
    page = visit("tab=volume&theme=dark")
    drawn(page)
    made = saved(page, "save as HTML").decode()
    assert re.fullmatch(r'<iframe srcdoc="[^"]*"[^<>]*></iframe>', made)
    file = tmp_path / "post.html"
    file.write_text(f"<!doctype html><meta charset=utf-8><title>A post</title>{made}", encoding="utf-8")
    context = browser.new_context(offline=True)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    post = context.new_page()
    post.goto(file.as_uri())
    frame = post.frame_locator("iframe")
    shown(frame)
    expect(frame.locator("body")).to_have_css("background-color", "rgb(18, 18, 18)")
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:", "about:"))] == []
    context.close()


def test_the_code_that_embeds_a_chart_is_copied(visit: Visit) -> None:
    page = visit("tab=outlets&query=deepseek")
    drawn(page, 1)
    page.get_by_role("button", name=re.compile("copy embed code")).nth(1).click()
    expect(page.get_by_text("Copied")).to_be_visible()
    code = page.evaluate("navigator.clipboard.readText()")
    address = html.unescape(re.search('src="([^"]*)"', code)[1])  # type: ignore[index]
    assert address.startswith(f"{visit.url}embed?tab=outlets&query=deepseek&chart=pressgauge-")
    with urllib.request.urlopen(address, timeout=60) as answer:
        assert b"that match \xe2\x80\x9cdeepseek\xe2\x80\x9d" in answer.read()
