"""Which theme a page is drawn in, and from when on."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visit import Visit


def expect_theme(page: Page, *, dark: bool) -> None:
    """The page's ground and the ink of its chart are those of the theme."""
    ground, ink = ((22, 27, 32), (228, 231, 235)) if dark else ((255, 255, 255), (31, 41, 51))
    expect(page.locator("main")).to_have_css("background-color", f"rgb{ground}")
    expect(page.locator(".plot .gtitle").first).to_have_css("fill", f"rgb{ink}")


@pytest.mark.parametrize(
    ("system", "address", "dark"),
    [
        ("light", "", False),
        ("dark", "", True),
        ("dark", "&theme=light", False),
        ("light", "&theme=dark", True),
    ],
)
def test_page_and_charts_follow_the_system_unless_the_address_names_a_theme(
    page: Page, demo: str, system: Any, address: str, dark: bool
) -> None:
    page.emulate_media(color_scheme=system)
    page.goto(f"{demo}?tab=volume{address}")
    expect_theme(page, dark=dark)


def test_a_browser_that_has_been_asked_for_its_theme_once_is_sent_a_page_that_is_drawn_once(
    page: Page, demo: str
) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(f"{demo}?tab=volume")
    page.reload()  # Chromium says what it prefers with its request
    expect_theme(page, dark=True)
    expect(page.locator(".plot")).to_have_attribute("data-drawn", "1")


_TAB_COLORS = """
const tab = (root) => {
  for (const each of root.querySelectorAll("*")) {
    if (each.matches("[role=tab][aria-selected=true]")) return each
    const inside = each.shadowRoot && tab(each.shadowRoot)
    if (inside) return inside
  }
}
window.tabColors = new Set()
setInterval(() => {
  const selected = tab(document)
  if (selected) window.tabColors.add(getComputedStyle(selected).color)
}, 20)
"""


def test_a_first_visit_with_a_dark_system_never_draws_the_tabs_of_a_light_page(
    browser: Browser, demo: str
) -> None:
    context = browser.new_context(color_scheme="dark")
    context.add_init_script(_TAB_COLORS)
    page = context.new_page()
    page.goto(f"{demo}?tab=volume")
    expect_theme(page, dark=True)
    expect(page.get_by_role("tab", selected=True).first).to_have_css("color", "rgb(142, 201, 238)")
    assert page.evaluate("[...window.tabColors]") == ["rgb(142, 201, 238)"]
    context.close()


def test_the_toggle_wins_over_the_system_and_going_back_takes_it_back(visit: Visit) -> None:
    page = visit("tab=volume")
    page.emulate_media(color_scheme="dark")
    expect_theme(page, dark=True)
    page.get_by_role("button", name="Toggle theme").click()
    expect_theme(page, dark=False)
    expect(page).to_have_url(re.compile("theme=light"))
    page.go_back()
    expect_theme(page, dark=True)
