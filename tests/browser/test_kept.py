"""What a visitor keeps: topics, alerts, views and events, of one app with a folder of its own."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import expect

from pressgauge.settings.alerts import load_alerts
from tests.browser.plots import click_point, drawn
from tests.browser.tabs import open_view
from tests.browser.visit import Visit


def test_a_query_is_kept_as_a_topic_and_a_topic_is_edited(own: Visit, own_folder: Path) -> None:
    page = own("tab=terms&terms=gemini")
    page.get_by_role("button", name="Keep as topic").click()
    expect(page).to_have_url(re.compile("topics=gemini"))
    page.get_by_text("Topic editor").click()
    query, label = page.get_by_label("Query", exact=True), page.get_by_label("Label", exact=True)
    query.fill('"open weights" AND (')
    expect(page.get_by_text("Not a query yet")).to_be_visible()
    save = page.get_by_role("button", name="Save topic")
    expect(save).to_be_disabled()
    query.fill("licence AND llama")
    expect(page.get_by_text(re.compile(r"[\d,]+ articles of [\d,]+ match"))).to_be_visible()
    expect(page.locator("li mark").first).to_be_visible()
    label.fill("Licences of Llama")
    expect(save).to_be_enabled()
    save.click()
    expect(page).to_have_url(re.compile("topics=licences_of_llama"))
    kept = (own_folder / "topics.toml").read_text(encoding="utf-8")
    assert 'label = "Licences of Llama"' in kept
    assert 'query = "licence AND llama"' in kept
    assert 'query = "gemini"' in kept


def test_a_bell_beside_an_event_and_one_beside_a_source_write_alerts(own: Visit, own_folder: Path) -> None:
    page = own("tab=events")
    page.get_by_role("table").get_by_role("button").first.click()
    page.get_by_text("Tell me what happens").click()
    page.get_by_role("button", name="Tell me of new articles of This event").click()
    expect(page.get_by_role("button", name="Stop telling me of new articles of This event")).to_be_attached()
    open_view(page, "sources")
    page.get_by_text("Tell me what happens", exact=True).click()
    page.get_by_role("button", name="Tell me when Any source has fallen silent").click()
    expect(page.get_by_role("button", name="Stop telling me when Any source")).to_be_attached()
    alerts = load_alerts(own_folder / "alerts.toml")
    assert [alert.kind for alert in alerts] == ["articles", "silence"]
    assert alerts[0].event is not None


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
