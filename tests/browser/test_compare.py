"""Days drawn on the chart are compared with those before; the link carries it, and a number opens its
articles."""

from __future__ import annotations

import re
from urllib.parse import quote

from playwright.sync_api import expect

from tests.browser.plots import click_point, count, drag_box, drawn, number_in
from tests.browser.visit import Visit


def test_days_drawn_on_the_chart_are_compared_with_as_many_before(visit: Visit) -> None:
    page = visit("tab=volume&freq=D&since=2025-01-27&until=2025-02-28")
    chart = drawn(page)
    drag_box(page, chart, 0, 13, 120)
    page.get_by_role("button", name="Compare with the 14 days before").click()
    expect(page).to_have_url(re.compile("tab=compare.*first=.*2025-01-13.*second=.*2025-01-27"))
    heading = page.get_by_role("heading", name="13 Jan 2025 to 26 Jan 2025 against 27 Jan 2025 to 9 Feb 2025")
    expect(heading).to_be_visible()
    page.reload()
    expect(heading).to_be_visible()
    drawn(page)
    row = page.locator("tr", has_text="Open-source AI").first
    expect(row).to_contain_text("points")
    number = row.get_by_role("button").nth(0)
    shown = number_in(number.inner_text())
    number.click()
    assert count(page) == shown > 0


def test_a_point_of_the_overlaid_lines_opens_its_articles(visit: Visit) -> None:
    first, second = (
        '{"since":"2025-01-13","until":"2025-01-26"}',
        '{"since":"2025-01-27","until":"2025-02-09"}',
    )
    page = visit(f"tab=compare&first={quote(first)}&second={quote(second)}")
    chart = drawn(page)
    name = "Open-source AI, 27 Jan 2025 to 9 Feb 2025"
    number, _ = click_point(page, chart, name, 2)
    assert count(page) == number > 0
