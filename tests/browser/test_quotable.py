"""What a reader quotes, prints or reaches without a mouse, in Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

import pressgauge
from tests.browser.plots import count, drawn
from tests.browser.visit import PHONE, Visit

SMALL = {"width": 1366, "height": 768}
WINDOW = re.compile(r"Of ([\d,]+) .* in the (\d+) days (?:to|from .* to) (\d+ \w+ \d+)")


@pytest.mark.parametrize(
    ("address", "query", "since", "until"),
    [
        ("", "", None, None),
        ("query=deepseek", "deepseek", None, None),
        ("query=deepseek&since=2025-01-20&until=2025-03-31", "deepseek", "2025-01-20", "2025-03-31"),
        ("since=2025-01-27&until=2025-02-14", "", "2025-01-27", "2025-02-14"),
    ],
)
def test_the_sentence_on_the_page_is_a_naive_count(
    visit: Visit, press: Path, address: str, query: str, since: str | None, until: str | None
) -> None:
    page = visit(address)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(WINDOW)
    said = heading.inner_text().replace("\n", " ")
    snapshot = pressgauge.open(press).snapshot()
    days = snapshot.articles["published"].dt.date
    last = min(date.fromisoformat(until) if until else date.max, days.max())
    first = max(last - timedelta(days=29), date.fromisoformat(since) if since else date.min)
    rows = snapshot.membership["ai"] & (days >= first) & (days <= last)
    if query:
        rows &= snapshot.mask(query)
    n, length, end = re.search(WINDOW, said).groups()  # type: ignore[union-attr]
    assert (int(n.replace(",", "")), int(length)) == (rows.sum(), (last - first).days + 1)
    assert end == f"{last.day} {last:%b %Y}"
    assert ("that match “deepseek”" in said) == bool(query)
    before = first - (last - first) - timedelta(days=1)
    assert ("not in this view" in said) == (since is not None and before < date.fromisoformat(since))


def test_axe_finds_no_serious_violation_while_any_menu_is_open(visit: Visit) -> None:
    page = visit("tab=volume")
    drawn(page)
    severe = {}
    for label in ("Compare topics", "Outlets", "Countries", "Languages", "Choose date"):
        menu = page.get_by_label(label).first
        menu.click()
        page.wait_for_timeout(700)
        for found in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]:
            if found["impact"] in ("serious", "critical"):
                severe[label, found["id"]] = [node["html"][:160] for node in found["nodes"]][:3]
        page.keyboard.press("Escape")
        page.mouse.click(800, 130)
        page.wait_for_timeout(300)
    assert severe == {}


def test_without_a_mouse_a_filter_is_set_and_a_point_opens_the_articles_that_it_tells(
    page: Page, demo: str
) -> None:
    page.goto(f"{demo}?tab=volume")
    drawn(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.get_by_label("Only articles that match").focus()
    page.keyboard.type("deepseek")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("query=deepseek"))
    expect(page.locator(".gtitle").first).to_contain_text("that match “deepseek”")
    page.locator(".plot").first.focus()
    told = page.locator(".said").first
    for _ in range(60):
        page.keyboard.press("ArrowRight")
        if re.search(r": [1-9]\d* of", told.inner_text()):
            break
    n = int(re.search(r": ([\d,]+) of", told.inner_text())[1])  # type: ignore[index]
    page.keyboard.press("Enter")
    assert count(page) == n > 0


@pytest.mark.parametrize("size", [SMALL, PHONE], ids=["laptop", "phone"])
def test_the_last_article_of_a_list_opens_where_the_visitor_looks(visit: Visit, size: Any) -> None:
    page = visit("tab=articles", size=size)
    page.locator("button.headline").last.click()
    expect(page.locator("aside h2")).to_be_in_viewport()
    page.get_by_role("button", name="✕ Close").click()
    expect(page.locator("aside h2")).to_have_count(0)


def test_on_paper_the_page_is_as_long_as_it_is_and_has_no_controls(visit: Visit) -> None:
    page = visit("tab=volume")
    drawn(page)
    expect(page.get_by_text("Measured on")).to_be_visible()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator("header").first).to_be_hidden()
    expect(page.get_by_role("tab", name="Volume")).to_be_hidden()
    frame, inside = page.locator("main").bounding_box(), page.get_by_text("Measured on").bounding_box()
    assert frame is not None and inside is not None
    assert inside["y"] + inside["height"] <= frame["y"] + frame["height"]
    source = page.locator(".paper")
    expect(source).to_contain_text("Counted: articles on Artificial intelligence, all dates.")
    expect(source).to_contain_text("dataset version")
    expect(source).to_be_visible()
    expect(page.get_by_role("button", name="By outlet")).to_be_hidden()
    page.emulate_media(media="screen")
    expect(source).to_be_hidden()


def test_a_page_without_its_server_says_so_and_comes_back_with_it(
    page: Page, serve: Callable[..., Any], faults: list[str]
) -> None:
    server = serve()
    page.goto(f"{server.url}?tab=articles&query=deepseek")
    n = count(page)
    server.stop()
    lost = page.get_by_role("alert").filter(has_text="The connection to the server is lost")
    expect(lost).to_be_visible()
    server.start()
    expect(lost).to_be_hidden(timeout=60_000)
    expect(page).to_have_url(f"{server.url}?tab=articles&query=deepseek")
    assert count(page) == n
    faults.clear()


def test_a_country_opens_the_articles_that_its_row_counts(visit: Visit) -> None:
    page = visit("tab=outlets&by=country")
    row = page.get_by_role("table").locator("tbody tr").first
    expect(row.locator("td").first).to_have_text(re.compile("^[A-Z][a-z]+"))
    number = row.locator("td button").nth(1)
    n = int(number.inner_text().split()[0].replace(",", ""))
    number.click()
    assert count(page) == n
