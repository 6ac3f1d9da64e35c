"""What a visitor does with the dashboard, done in Chromium."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from dashboard.views.registry import GROUPS, VIEWS
from tests.browser.live import live
from tests.browser.plots import count, drawn, lines, redrawn
from tests.browser.tabs import open_view
from tests.browser.visit import DESKTOP, PHONE, Visit


def test_an_empty_dataset_opens_the_demo_and_says_so_in_every_view(visit: Visit) -> None:
    page = visit()
    for tab in VIEWS:
        open_view(page, tab)
        expect(page.get_by_text("Demo data (synthetic)").first).to_be_visible()
        expect(page.get_by_role("button", name="Collect real coverage")).to_be_visible()


def test_the_first_thing_read_is_a_sentence_with_numbers_dates_and_denominators(visit: Visit) -> None:
    page = visit()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(
        re.compile(
            r"Of [\d,]+ articles on Artificial intelligence in the 30 days to \d+ \w{3} \d{4}, "
            r"\d+% \(±[\d.]+\) mention Open-source AI, up from \d+%; "
            r"the rise began on \d+ \w{3} \d{4} with “.+”; "
            r"\d+% \(±[\d.]+\) mention Proprietary AI"
        )
    )


def test_what_is_not_about_the_field_counts_when_asked_for(visit: Visit) -> None:
    page = visit("tab=articles")
    narrow = count(page)
    page.get_by_role("switch", name="Also what does not mention Artificial intelligence").click()
    expect(page.get_by_role("button", name="Remove the filter everything collected")).to_be_visible()
    expect(page.locator("[data-count]")).not_to_have_attribute("data-count", str(narrow))
    assert count(page) > narrow


def total(chart: Locator) -> float:
    return sum(map(sum, lines(chart).values()))


def test_a_filter_acts_on_volume_outlets_and_terms(visit: Visit) -> None:
    page = visit("tab=volume")
    before: dict[str, float] = {}
    for tab in ("volume", "outlets", "terms"):
        open_view(page, tab)
        before[tab] = total(drawn(page))
    box = page.get_by_label("Only articles that match")
    box.fill("deepseek")
    redrawn(page, lambda: box.press("Enter"))
    expect(page.get_by_text("matches deepseek")).to_be_visible()
    for tab in ("terms", "outlets", "volume"):
        open_view(page, tab)
        after, limit = total(drawn(page)), time.monotonic() + 15
        while after == before[tab] and time.monotonic() < limit:  # it shows its last picture until redrawn
            page.wait_for_timeout(100)
            after = total(drawn(page))
        assert 0 < after < before[tab]


def test_any_query_becomes_a_line_and_a_wrong_one_is_explained(visit: Visit) -> None:
    page = visit("tab=terms")
    drawn(page)
    box = page.get_by_label("Add a line for any query")
    box.fill('"open weights" AND (')
    box.press("Enter")
    expect(page.get_by_text("Not a query:")).to_be_visible()
    page.wait_for_timeout(500)  # what the server says of the box arrives: it would replace what is typed now
    box.fill("deepseek")  # a topic's name as well
    chart = redrawn(page, lambda: box.press("Enter"))
    expect(page.get_by_role("button", name="Keep as topic")).to_be_visible()
    expect(page).to_have_url(re.compile("terms=%22deepseek%22"))
    assert '"deepseek"' in lines(chart)


def test_undo_the_back_button_and_a_copied_link_bring_a_view_back(visit: Visit) -> None:
    page = visit("tab=volume")
    drawn(page)
    page.get_by_role("button", name="Month").click()
    expect(page).to_have_url(re.compile("freq=M"))
    page.get_by_role("button", name="Copy link to this view").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    page.get_by_role("button", name="↶ Undo").click()
    expect(page).not_to_have_url(re.compile("freq=M"))
    page.go_back()
    expect(page).to_have_url(re.compile("freq=M"))
    expect(page.get_by_role("button", name="Month")).to_have_attribute("aria-pressed", "true")
    page.goto(link)
    live(page)
    expect(page.get_by_role("button", name="Month")).to_have_attribute("aria-pressed", "true")


def test_a_chip_takes_its_filter_away(visit: Visit) -> None:
    page = visit("tab=articles&since=2025-01-20&share=1")
    limited = count(page)
    page.get_by_role("button", name="Remove the filter since 20 Jan 2025").click()
    expect(page).not_to_have_url(re.compile("since"))
    expect(page.get_by_role("button", name="Remove the filter shares, not numbers")).to_be_visible()
    expect(page.locator("[data-count]")).not_to_have_attribute("data-count", str(limited))
    assert count(page) > limited


@pytest.mark.parametrize("tab", ["overview", "volume", "outlets", "articles", "events", "together"])
def test_a_view_without_articles_says_what_to_do(visit: Visit, tab: str) -> None:
    page = visit(f"tab={tab}&query=zzzzzz")
    expect(page.get_by_text(re.compile("Remove a filter|under these filters")).first).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_serious_violation_in_any_view(page: Page, demo: str, theme: str) -> None:
    page.goto(f"{demo}?theme={theme}")
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if theme == "dark":  # which differs in its colours
        options["runOnly"] = ["color-contrast"]
    severe = {}
    for tab in VIEWS:
        open_view(page, tab)
        page.wait_for_timeout(500)
        for found in Axe().run(page, options=options).response["violations"]:
            if found["impact"] in ("serious", "critical"):
                severe[tab, found["id"]] = [node["html"][:160] for node in found["nodes"]][:3]
    assert severe == {}


def test_a_keyboard_reaches_the_groups_their_views_and_a_number(page: Page, demo: str) -> None:
    page.goto(demo)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("tab", name="Overview").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Volume")).to_have_attribute("aria-selected", "true")
    page.get_by_role("table").get_by_role("button").first.focus()
    page.keyboard.press("Enter")
    assert count(page) > 0
    page.get_by_role("tab", name="Articles").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Data")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tab", name="Sources")).to_be_visible()
    page.keyboard.press("Tab")  # one stop for each row of tabs, then what they open
    expect(page.get_by_role("tab", name="Sources")).to_be_focused()


def test_a_group_opens_at_the_view_that_was_last_open_in_it(page: Page, demo: str) -> None:
    page.goto(f"{demo}?tab=events")
    for group, name in (("Words", "terms"), ("Coverage", "events"), ("Voices", "voices")):
        page.get_by_role("tab", name=group, exact=True).click()
        expect(page).to_have_url(f"{demo}?tab={name}")
        expect(page).to_have_title(f"{VIEWS[name].title} · Pressgauge")


def test_the_address_of_a_view_opens_it_and_its_group_and_says_which(page: Page, demo: str) -> None:
    page.goto(f"{demo}?tab=contexts")
    expect_open(page, "contexts")


@pytest.mark.parametrize("name", ["volume", "voices"])
def test_going_back_to_a_view_opens_it_and_its_group_and_says_which(visit: Visit, name: str) -> None:
    expect_open(visit(f"tab={name}"), name)


def expect_open(page: Page, name: str) -> None:
    """A view and its group are open, and title, tabs and panels say which."""
    title = VIEWS[name].title
    group = next(title for title, views in GROUPS.items() if name in views)
    expect(page).to_have_title(f"{title} · Pressgauge")
    opened = [title] if len(GROUPS[group]) == 1 else [group, title]
    expect(page.get_by_role("tab", selected=True)).to_have_text(opened)
    for tab in opened:
        expect(page.get_by_role("tabpanel", name=tab, exact=True)).to_be_visible()
    names = ["Views", f"Views of {group}"][: len(opened)]
    for number, each in enumerate(names):
        expect(page.get_by_role("tablist").nth(number)).to_have_accessible_name(each)


def test_between_a_phone_and_a_desk_the_title_the_note_and_the_labels_of_a_chart_have_room(
    visit: Visit,
) -> None:
    page = visit("tab=volume&query=model+OR+open", size={"width": 1000, "height": 900})
    edge, texts, labels = drawn(page).evaluate(
        """(e) => {
          const edges = ({left, right, top, bottom}) => [left, right, top, bottom]
          const box = (n) => edges(n.getBoundingClientRect())
          const of = (kind) => [...e.querySelectorAll(".annotation")]
            .filter((n) => kind.test(e.layout.annotations[n.dataset.index].name)).map(box)
          return [e.getBoundingClientRect().right, [box(e.querySelector(".gtitle")), ...of(/^note/)],
            of(/^(event|burst):/)] }"""
    )
    assert len(texts) == 2
    assert all(right <= edge for _, right, _, _ in texts)
    assert len(labels) > 5
    for one, other in combinations(labels, 2):
        beside = one[1] <= other[0] or other[1] <= one[0]
        below = one[3] <= other[2] + 2 or other[3] <= one[2] + 2  # rows whose margins touch
        assert beside or below, (one, other)


def test_filters_stand_beside_the_page_where_there_is_room_and_out_of_its_way_where_there_is_none(
    page: Page, demo: str
) -> None:
    page.set_viewport_size(PHONE)  # narrow, but no phone by its name
    page.goto(demo)
    filters = page.get_by_label("Only articles that match")
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    expect(filters).not_to_be_visible()
    page.get_by_role("button", name="Open drawer").click()
    expect(filters).to_be_in_viewport()
    page.set_viewport_size(DESKTOP)
    page.reload()
    expect(live(page).get_by_label("Only articles that match")).to_be_in_viewport()
    page.set_viewport_size(PHONE)
    expect(filters).not_to_be_visible()


def test_a_read_only_page_offers_no_refresh_and_no_topic_edits(
    page: Page, serve: Callable[..., Any], settings: Path
) -> None:
    page.goto(f"{serve('--read-only').url}?tab=terms&terms=gemini")
    drawn(page)
    expect(page.get_by_text("Keep as topic")).to_have_count(0)
    expect(page.get_by_text("Topic editor")).to_have_count(0)
    expect(page.get_by_text("Collect real coverage")).to_have_count(0)
    open_view(page, "sources")
    expect(page.get_by_text("No refresh since this server started.")).to_be_visible()
    expect(page.get_by_role("button", name="Refresh now")).to_have_count(0)
