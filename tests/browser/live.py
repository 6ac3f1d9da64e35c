"""Waiting for the live page, which takes the place of what is sent before it and says the same."""

from __future__ import annotations

from playwright.sync_api import Page


def live(page: Page) -> Page:
    page.wait_for_selector("#preview", state="detached")
    return page
