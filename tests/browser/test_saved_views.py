"""A view is saved, listed on the start page, renamed, opened, gone; a day of the chart becomes an event."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.plots import click_point, drawn
from tests.browser.visit import Visit


def test_a_view_is_saved_listed_renamed_opened_and_deleted(own: Visit, own_folder: Path) -> None:
    page = own("tab=volume&terms=deepseek&freq=M")
    drawn(page)
    page.get_by_label("Save this view as").fill("DeepSeek by month")
    page.get_by_role("button", name="Save view").click()
    expect(page.get_by_text("Saved: DeepSeek by month")).to_be_visible()
    page = own()
    listed = page.get_by_role("heading", name="Saved views")
    expect(listed).to_be_visible()
    page.get_by_role("button", name="Rename DeepSeek by month").click()
    page.get_by_label("New name").fill("DeepSeek, monthly")
    page.get_by_role("button", name="Rename", exact=True).last.click()
    page.get_by_role("button", name="Open DeepSeek, monthly").click()
    expect(page).to_have_url(re.compile("tab=volume&terms=deepseek&freq=M"))
    saved = json.loads((own_folder / "coverage" / "views.json").read_text())
    assert [view["name"] for view in saved] == ["DeepSeek, monthly"]
    page.go_back()
    page.get_by_role("button", name="Delete DeepSeek, monthly").click()
    page.get_by_role("button", name="Delete DeepSeek, monthly for good").click()
    expect(listed).to_be_hidden()


def test_a_day_of_the_chart_is_named_and_marked_on_it(own: Visit, own_folder: Path) -> None:
    (own_folder / "events.toml").write_text("# mine\n")
    page = own("tab=volume&freq=D&since=2025-01-20&until=2025-02-10&topics=open_source_ai")
    click_point(page, drawn(page), "Open-source AI", 8)
    page.get_by_role("button", name="Add an event of this day").click()
    page.get_by_label("What happened?").fill("Shares fall")
    page.get_by_role("button", name="Save event").click()
    page.get_by_role("button", name="Show it on the chart").click()
    expect(page.locator(".annotation-text", has_text="Shares fall").first).to_be_visible()
    text = (own_folder / "events.toml").read_text()
    assert text.startswith("# mine\n") and "2025-01-28" in text and "Shares fall" in text
