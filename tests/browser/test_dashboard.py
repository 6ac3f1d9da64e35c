"""What a visitor does with the dashboard, done in Chromium."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from dashboard.view import TABS

PHONE = {"width": 390, "height": 844}
_MOBILE = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
)


def drawn(page: Page, number: int = 0) -> Locator:
    """A chart of the page, once it is on screen."""
    chart = page.locator(".plot").nth(number)
    expect(chart).to_have_attribute("data-drawn", re.compile(r"\d+"))
    return chart


def lines(chart: Locator) -> dict[str, list[float]]:
    """The numbers that a chart draws, by name of its traces."""
    script = """(e) => Object.fromEntries(e.calcdata
        .filter((c) => c[0].trace.name && c[0].trace.visible === true)
        .map((c) => [c[0].trace.name, c.map((p) => c[0].trace.type === 'bar' ? p.s : p.y)]))"""
    return chart.evaluate(script)


def count(page: Page) -> int:
    """How many articles the Articles view says it holds."""
    heading = page.locator("[data-count]")
    expect(heading).to_be_visible()
    return int(heading.get_attribute("data-count") or -1)


def click_point(page: Page, chart: Locator, trace: str, point: int) -> float:
    """Click a point or bar where it is drawn; the number that it stands for."""
    at = chart.evaluate(
        """(e, [name, i]) => { const t = e.calcdata.find((c) => c[0].trace.name === name)[0].trace
            const xa = e._fullLayout[t.xaxis.replace('x', 'xaxis')], ya = e._fullLayout[t.yaxis.replace('y',
            'yaxis')] const c = e.calcdata.find((c) => c[0].trace.name === name)[i]
            const box = e.getBoundingClientRect()
            const h = t.orientation === 'h'
            const px = t.type === 'bar' ? (h ? xa.c2p(c.s) / 2 : xa.c2p(c.p0 / 2 + c.p1 / 2)) : xa.c2p(c.x)
            const py = t.type === 'bar' ? (h ? ya.c2p(c.p0 / 2 + c.p1 / 2) : ya.c2p(c.s / 2)) : ya.c2p(c.y)
            return [box.left + xa._offset + px, box.top + ya._offset + py, t.type === 'bar' ? c.s : c.y] }""",
        [trace, point],
    )
    page.mouse.move(at[0] - 2, at[1])
    page.mouse.move(at[0], at[1])
    page.wait_for_timeout(150)
    page.mouse.click(at[0], at[1])
    return at[2]


def test_an_empty_dataset_opens_the_demo_and_says_so_in_every_view(page: Page, demo: str) -> None:
    for tab in TABS:
        page.goto(f"{demo}?tab={tab}")
        expect(page.get_by_text("Demo data (synthetic)").first).to_be_visible()
        expect(page.get_by_role("button", name="Collect real coverage")).to_be_visible()


def test_the_first_thing_read_is_a_sentence_with_numbers_dates_and_denominators(
    page: Page, demo: str
) -> None:
    page.goto(demo)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(
        re.compile(
            r"Of [\d,]+ articles in the 30 days to \d+ \w{3} \d{4}, .*\d%.*Open-source.*\d%.*Proprietary"
        )
    )


def test_a_filter_acts_on_volume_outlets_and_terms(page: Page, demo: str) -> None:
    before: dict[str, Any] = {}
    for tab in ("volume", "outlets", "terms"):
        page.goto(f"{demo}?tab={tab}")
        before[tab] = lines(drawn(page))
    page.get_by_label("Only articles that match").fill("deepseek")
    page.get_by_label("Only articles that match").press("Enter")
    expect(page.get_by_text("matches deepseek")).to_be_visible()
    for tab in ("Terms", "Outlets", "Volume"):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        page.wait_for_timeout(300)
        after = lines(drawn(page))
        assert 0 < sum(map(sum, after.values())) < sum(map(sum, before[tab.lower()].values()))


def test_the_count_behind_a_clicked_point_is_the_number_clicked(page: Page, demo: str) -> None:
    page.goto(f"{demo}?tab=volume")
    chart = drawn(page)
    number = click_point(page, chart, "Open-source AI", 40)
    assert count(page) == number


def test_the_count_behind_a_clicked_bar_is_the_number_clicked(page: Page, demo: str) -> None:
    page.goto(f"{demo}?tab=outlets")
    chart = drawn(page)
    number = click_point(page, chart, "Proprietary AI", 3)
    assert count(page) == number


def test_the_count_of_stories_behind_a_clicked_point_is_the_number_clicked(page: Page, demo: str) -> None:
    page.goto(f"{demo}?tab=volume&unit=stories&freq=M")
    number = click_point(page, drawn(page), "Open-source AI", 5)
    assert count(page) == number
    expect(page.locator("[data-count]")).to_contain_text("stories")


def test_an_article_opens_with_its_outlet_date_topics_marked_words_and_link(page: Page, demo: str) -> None:
    page.goto(f"{demo}?tab=articles&selection=" + json.dumps({"series": "open_source_ai"}))
    page.locator("button.headline").first.click()
    article = page.locator("aside")
    expect(article).to_contain_text(re.compile(r"\d+ \w{3} \d{4}.*dated by"))
    expect(article).to_contain_text("Open-source AI")
    expect(article.locator("mark").first).to_be_visible()
    expect(article.get_by_role("link").first).to_have_attribute("rel", re.compile("noopener noreferrer"))


def test_any_query_becomes_a_line_and_a_wrong_one_is_explained(page: Page, demo: str) -> None:
    page.goto(f"{demo}?tab=terms")
    drawn(page)
    box = page.get_by_label("Add a line for any query")
    box.fill('"open weights" AND (')
    box.press("Enter")
    expect(page.get_by_text("Not a query:")).to_be_visible()
    box.fill("llama")
    box.press("Enter")
    expect(page.get_by_role("button", name="Keep as topic")).to_be_visible()
    expect(page).to_have_url(re.compile("terms=llama"))
    page.wait_for_timeout(300)
    assert "llama" in lines(drawn(page))


def test_undo_the_back_button_and_a_copied_link_bring_a_view_back(page: Page, demo: str) -> None:
    page.goto(f"{demo}?tab=volume")
    drawn(page)
    page.get_by_role("button", name="Month").click()
    expect(page).to_have_url(re.compile("freq=M"))
    link = page.url
    page.get_by_role("button", name="↶ Undo").click()
    expect(page).not_to_have_url(re.compile("freq=M"))
    page.go_back()
    expect(page).to_have_url(re.compile("freq=M"))
    expect(page.get_by_role("button", name="Month")).to_have_attribute("aria-pressed", "true")
    page.goto(link)
    expect(page.get_by_role("button", name="Month")).to_have_attribute("aria-pressed", "true")


def test_a_chip_takes_its_filter_away(page: Page, demo: str) -> None:
    page.goto(f"{demo}?tab=articles&since=2025-01-20&share=1")
    limited = count(page)
    page.get_by_role("button", name="Remove the filter since 20 Jan 2025").click()
    expect(page).not_to_have_url(re.compile("since"))
    expect(page.get_by_role("button", name="Remove the filter share of coverage")).to_be_visible()
    assert count(page) > limited


@pytest.mark.parametrize("theme", ["default", "dark"])
@pytest.mark.parametrize("tab", TABS)
def test_axe_finds_no_serious_violation(page: Page, demo: str, tab: str, theme: str) -> None:
    page.goto(f"{demo}?tab={tab}&theme={theme}")
    expect(page.get_by_role("tab", name=tab.capitalize())).to_have_attribute("aria-selected", "true")
    page.wait_for_timeout(700)
    found = Axe().run(page).response["violations"]
    severe = {
        v["id"]: [n["html"][:160] for n in v["nodes"]][:3]
        for v in found
        if v["impact"] in ("serious", "critical")
    }
    assert severe == {}


def test_a_phone_shows_the_sentence_and_a_chart_as_wide_as_itself(browser: Browser, demo: str) -> None:
    context = browser.new_context(viewport=PHONE, user_agent=_MOBILE, has_touch=True)
    page = context.new_page()
    page.goto(demo)
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    box = drawn(page).bounding_box()
    assert box is not None
    assert box["width"] > 330
    assert box["height"] > 220
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()


def test_the_count_behind_a_clicked_pair_of_topics_is_the_number_clicked(page: Page, demo: str) -> None:
    page.goto(f"{demo}?tab=together")
    chart = drawn(page)
    x, y, number = chart.evaluate(
        """(e) => { const t = e.calcdata[0][0].trace, xa = e._fullLayout.xaxis, ya = e._fullLayout.yaxis
            const box = e.getBoundingClientRect(), text = e.data[0].text[0][2]
            return [box.left + xa._offset + xa.c2p(2), box.top + ya._offset + ya.c2p(0), String(text)] }"""
    )
    page.mouse.move(x - 3, y)
    page.mouse.move(x, y)
    page.wait_for_timeout(150)
    page.mouse.click(x, y)
    assert count(page) == int(number.replace(",", ""))


def test_the_count_behind_a_burst_is_the_number_in_its_row(page: Page, demo: str) -> None:
    page.goto(f"{demo}?tab=volume")
    burst = page.get_by_role("table").get_by_role("button").first
    number = re.search(r"([\d,]+) articles", burst.inner_text())
    assert number is not None
    burst.click()
    assert count(page) == int(number[1].replace(",", ""))
