"""A refresh that a visitor starts, from the press served on loopback, and what other visitors see of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from playwright.sync_api import Page, expect

from collectors.demo.server import PressServer
from tests.browser.plots import count, drawn, number_in
from tests.browser.tabs import open_view

OUTLETS = 3


_LINES = """(cells) => cells.map((cell) => {
  const range = document.createRange()
  range.selectNodeContents(cell)
  return range.getClientRects().length
})"""
"""How many lines each cell's text takes."""


def write_outlets(file: Path, press_server: PressServer) -> None:
    """Have the sources be three outlets of the served press, of which the first is slow."""
    press_server.write_sources(file)
    sources = tomlkit.parse(file.read_text(encoding="utf-8"))
    outlets = [
        {**source, "max_items": 4, "delay": 0.0 if n else 20.0}
        for n, source in enumerate(sources["source"].unwrap()[:OUTLETS])  # type: ignore[union-attr]
    ]
    file.write_text(tomlkit.dumps({"source": outlets}), encoding="utf-8")


@pytest.fixture
def site(serve: Callable[..., Any], fresh: Callable[[], Path], press_server: PressServer) -> str:
    """Address of an app with no articles whose sources are three outlets of the served press."""
    data = fresh()
    write_outlets(data / "sources.toml", press_server)
    return serve(data=data).url


@pytest.fixture(scope="module")
def folder(fresh: Callable[[], Path]) -> Path:
    """The data folder of an app that tests share: each writes its own sources, and counts no articles."""
    return fresh()


@pytest.fixture(scope="module")
def app(serve_all: Callable[..., Any], folder: Path) -> str:
    """Address of the app on the `folder`."""
    return serve_all(data=folder).url


def choose(page: Page, number: int) -> None:
    """Pick a source of the list of those to ask."""
    page.get_by_role("combobox", name="Sources (none chosen: all)").click()
    page.get_by_role("option").nth(number).click()
    page.mouse.click(720, 880)
    expect(page.get_by_role("option")).to_have_count(0)


def refreshed(page: Page) -> int:
    """Wait for the end of a refresh; how many articles it says that it brought."""
    expect(page.locator("[data-refresh=done]")).to_be_visible(timeout=90_000)
    return number_in(page.locator("[data-refresh]").inner_text())


def test_a_refresh_shows_progress_and_result_and_others_take_the_new_data_when_they_like(
    page: Page, site: str
) -> None:
    other = page.context.new_page()
    other.goto(f"{site}?tab=articles")
    page.goto(f"{site}?tab=sources")
    choose(page, 1)
    page.get_by_role("button", name="Refresh now").click()
    expect(page.locator("[data-refresh=running]")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Quarantined")).to_be_visible(timeout=90_000)
    assert refreshed(page) == 4
    expect(page.get_by_text("Demo data (synthetic)")).to_have_count(0)
    expect(page.get_by_role("heading", name="Health of the sources")).to_be_visible()
    expect(page.get_by_role("heading", name="Not asked yet")).to_be_visible()
    for table, sources in ((-2, 1), (-1, 2)):  # the health of the one that was asked, and the others
        expect(page.get_by_role("table").nth(table).locator("tbody tr")).to_have_count(sources)
    names = page.locator("table.sources td:first-child")
    assert set(names.evaluate_all(_LINES)) == {1}, "no name is broken where the page has room"

    # The demo gives way to the first real articles by itself; later ones wait to be asked for.
    expect(other.get_by_text("Demo data (synthetic)")).to_have_count(0)
    other.goto(f"{site}?tab=articles&everything=1")
    assert count(other) == 4
    page.bring_to_front()
    page.goto(f"{site}?tab=sources")
    choose(page, 2)
    page.get_by_role("button", name="Refresh now").click()
    expect(other.get_by_text(re.compile("Refreshing|New data has arrived")).first).to_be_visible(
        timeout=60_000
    )
    other.bring_to_front()
    open_view(other, "volume")
    drawn(other)
    refreshed(page)
    show = other.get_by_role("button", name="Show new data")
    expect(show).to_be_visible(timeout=30_000)
    open_view(other, "articles")
    assert count(other) == 4
    show.click()
    expect(other.locator("[data-count]")).to_have_attribute("data-count", "8")
    other.close()


def test_a_refresh_is_cancelled_and_says_so(
    page: Page, app: str, folder: Path, press_server: PressServer
) -> None:
    write_outlets(folder / "sources.toml", press_server)
    page.goto(f"{app}?tab=sources")
    choose(page, 0)
    page.get_by_role("button", name="Refresh now").click()
    expect(page.locator("[data-refresh=running]")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("[data-refresh=cancelled]")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Refresh now")).to_be_enabled()


def test_a_source_is_added_by_pasting_the_address_of_its_site(
    page: Page, app: str, folder: Path, press_server: PressServer
) -> None:
    press_server.write_sources(folder / "sources.toml")
    outlet = press_server.press.outlets[1]
    page.goto(f"{app}?tab=sources")
    page.get_by_label("Add a source: its site, section or feed").fill(press_server.base(outlet))
    page.get_by_role("button", name="Look at it").click()
    add = page.get_by_role("button", name="Add this source")
    expect(add).to_have_count(1, timeout=90_000)  # of its two offers the feed is collected already
    expect(page.get_by_text("It is collected already, by the source")).to_be_visible()
    expect(page.get_by_text("allows the page and its newest articles")).to_be_visible()
    expect(page.get_by_text("What the reader makes of two articles")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("The news sitemap")
    page.get_by_label("Name", exact=True).press("Enter")
    add.click()
    expect(page.get_by_text("Added The news sitemap: the next refresh collects it, too.")).to_be_visible()
    written = tomlkit.parse((folder / "sources.toml").read_text(encoding="utf-8")).unwrap()["source"]
    assert len(written) == len(press_server.press.outlets) + 1
    assert (written[-1]["name"], written[-1]["kind"], written[-1]["local"]) == (
        "The news sitemap",
        "sitemap",
        True,
    )


def test_all_sources_are_asked_by_a_click_and_those_that_fail_stand_first(
    page: Page, app: str, folder: Path, press_server: PressServer
) -> None:
    file = folder / "sources.toml"
    press_server.write_sources(file)
    written = tomlkit.parse(file.read_text(encoding="utf-8")).unwrap()["source"]
    missing = {
        "name": "Gone",
        "kind": "feed",
        "url": f"{press_server.base(press_server.press.outlets[0])}no-feed",
        "local": True,
    }
    file.write_text(tomlkit.dumps({"source": [{**written[0], "delay": 0.0}, missing]}), encoding="utf-8")
    page.goto(f"{app}?tab=sources")
    page.get_by_role("button", name="Check all sources").click()
    expect(page.get_by_text("2 sources asked, 1 failed.")).to_be_visible(timeout=90_000)
    rows = page.get_by_role("table").filter(has_text="Its site offers").locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Gone")
    expect(rows.nth(1)).to_contain_text(str(written[0]["name"]))
    expect(rows.nth(1)).to_contain_text("It answers.")
    expect(page.get_by_role("button", name="Check all sources")).to_be_enabled()
