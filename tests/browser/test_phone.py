"""What fits a phone, done in Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.views.registry import VIEWS
from tests.browser.plots import drawn
from tests.browser.tabs import open_view
from tests.browser.visit import PHONE, Visit

_MOBILE = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
)


@pytest.fixture(scope="session")
def phone_visit(browser: Browser, demo: str, visits: Callable[..., Visit]) -> Iterator[Visit]:
    context = browser.new_context(viewport=PHONE, user_agent=_MOBILE, has_touch=True)
    yield visits(demo, within=context, size=PHONE)
    context.close()


@pytest.fixture
def phone(phone_visit: Visit, watched: Callable[[Visit], Visit]) -> Page:
    """The overview, on a phone."""
    return watched(phone_visit)()


def beyond_the_left(page: Page) -> list[str]:
    """The buttons that begin where nobody can scroll to."""
    begins_outside = "all => all.filter((e) => e.getBoundingClientRect().left < 0).map((e) => e.textContent)"
    return page.locator("main button:visible").evaluate_all(begins_outside)


def test_a_phone_shows_the_sentence_and_a_chart_as_wide_as_itself(phone: Page) -> None:
    page = phone
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    box = drawn(page).bounding_box()
    assert box is not None
    assert box["width"] > 330
    assert box["height"] > 220
    for tab in VIEWS:
        open_view(page, tab)
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], tab
        for door in page.get_by_role("tab").all():
            place = door.bounding_box()
            assert place is not None
            assert place["x"] >= 0 and place["x"] + place["width"] <= PHONE["width"], door.inner_text()
    open_view(page, "volume")
    expect(page.get_by_text("Show table").first).to_be_visible()
    assert beyond_the_left(page) == []


def test_on_a_phone_no_burst_s_number_lies_on_another(phone: Page) -> None:
    labels = drawn(phone).locator("g.annotation", has_text="×")
    boxes = [box for label in labels.all() if (box := label.bounding_box())]
    assert len(boxes) > 2
    for one, other in combinations(boxes, 2):
        apart = abs(one["x"] - other["x"]) >= min(one["width"], other["width"])
        assert apart or abs(one["y"] - other["y"]) >= min(one["height"], other["height"])


def test_on_a_phone_the_key_figures_leave_no_gap(phone: Page) -> None:
    cards = phone.locator(".card")
    expect(cards).to_have_count(3)
    rows: dict[int, float] = {}
    for card in cards.all():
        box = card.bounding_box()
        assert box is not None
        rows[round(box["y"])] = rows.get(round(box["y"]), 0) + box["width"]
    assert len(rows) == 2
    assert min(rows.values()) > 0.9 * max(rows.values()) > 300


@pytest.mark.parametrize(("tab", "head"), [("volume", "Largest event"), ("outlets", "More than the others")])
def test_on_a_phone_a_row_of_a_table_is_a_paragraph_that_says_its_heads(
    phone: Page, tab: str, head: str
) -> None:
    open_view(phone, tab)
    row = phone.get_by_role("table").locator("tbody tr").first
    lead = row.locator("td").first.bounding_box()
    assert lead is not None
    assert lead["width"] > 300
    said = row.locator("td").evaluate_all(
        "(cells) => cells.map((e) => getComputedStyle(e, '::before').content)"
    )
    assert said[0] == "none"
    assert any(head in each for each in said[1:])


def test_on_a_phone_a_heat_map_is_scrolled_and_keeps_its_numbers(phone: Page) -> None:
    open_view(phone, "together")
    chart = drawn(phone)
    assert chart.evaluate("(e) => e.scrollWidth > 1.5 * e.clientWidth")
    expect(phone.get_by_text("scroll the chart sideways").first).to_be_visible()
    label = chart.locator(".heatmap-label text").first
    expect(label).to_have_text(re.compile(r"[\d,]+"))
    box = label.bounding_box()
    assert box is not None
    assert box["height"] > 9


def test_on_a_phone_the_title_of_an_axis_is_in_lines_that_fit(phone: Page) -> None:
    open_view(phone, "outlets")
    title = phone.locator(".xtitle", has_text="Proprietary AI").first
    expect(title).to_contain_text("than the outlets here")
    box = title.bounding_box()
    assert box is not None
    assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
    expect(phone.get_by_text("scroll the chart sideways").locator("visible=true")).to_have_count(0)


def test_on_a_phone_the_words_before_a_match_say_so_as_those_after_it_do(phone: Page) -> None:
    open_view(phone, "contexts")
    row = phone.locator(".kwic tbody tr").first
    expect(row).to_be_visible()
    said = row.locator("td").evaluate_all(
        "(cells) => cells.map((e) => getComputedStyle(e, '::before').content)"
    )
    assert [each.strip('" ') for each in said[:3]] == ["Before", "Match", "After"]
