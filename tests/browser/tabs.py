"""The way to a view: its group's tab, then its own."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from dashboard.views.registry import GROUPS, VIEWS


def open_view(page: Page, name: str) -> None:
    """Open a view as a visitor does; returns once its tab says that it is open."""
    group = next(title for title, views in GROUPS.items() if name in views)
    ways = (VIEWS[name].title,) if len(GROUPS[group]) == 1 else (group, VIEWS[name].title)
    for title in ways:
        tab = page.get_by_role("tab", name=title, exact=True)
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
