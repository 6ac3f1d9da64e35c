"""Articles that a visitor adds from files: looked at, stored, taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.collectors.formats.exports import nexis_docx, nexis_text


def test_dropped_files_are_looked_at_then_stored_then_taken_back(
    page: Page, serve: Callable[..., Any], fresh: Callable[[], Path]
) -> None:
    site = serve(data=fresh()).url
    page.goto(f"{site}?tab=add")
    expect(page.locator("label.drop")).to_be_visible()
    frames = page.locator(".drop").evaluate_all("all => all.map((e) => getComputedStyle(e).borderTopStyle)")
    assert [style for style in frames if style != "none"] == ["dashed"]
    hostile = nexis_text(["<img src=x onerror=alert(1)> stays"], total=240)
    page.locator("input[type=file]").set_input_files(
        [
            {"name": "a.DOCX", "mimeType": "", "buffer": nexis_docx(["Ferry stays", "Bridge closes"])},
            {"name": "../b.txt", "mimeType": "", "buffer": hostile.encode() + b" " * 1_000_000},
            {"name": "c.bin", "mimeType": "", "buffer": bytes(range(256))},
        ]
    )
    expect(page.get_by_text("3 new articles in these files. Nothing is stored yet.")).to_be_visible(
        timeout=90_000
    )
    expect(page.get_by_text("Nexis DOCX: 2 read, 2 new, 0 known")).to_be_visible()
    expect(page.get_by_role("cell", name="<img src=x onerror=alert(1)> stays; A second line")).to_be_visible()
    expect(page.get_by_text("is numbered up to 240 documents and holds 1")).to_be_visible()
    expect(page.get_by_text("c.bin is a binary file of no format that is known")).to_be_visible()
    page.get_by_role("button", name="Store 3 articles").click()
    expect(page.get_by_text("3 new articles stored.")).to_be_visible(timeout=90_000)
    other = page.context.new_page()
    other.goto(f"{site}?tab=articles&everything=1")
    # the server looks for a new version every few seconds, and takes it in place of the demo
    expect(other.locator("[data-count]")).to_have_attribute("data-count", "3")
    other.close()
    page.get_by_role("button", name="Undo: the version before").click()
    expect(page.get_by_text("Taken back")).to_be_visible(timeout=90_000)
