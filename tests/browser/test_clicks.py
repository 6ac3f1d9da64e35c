"""Every number opens the articles it counts, and their count is that number."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import quote

from playwright.sync_api import expect

from tests.browser.plots import READ, click_point, count, drag_box, drawn, lines, number_in, press
from tests.browser.tabs import open_view
from tests.browser.visit import Visit


def test_the_count_behind_a_point_is_the_number_clicked(visit: Visit) -> None:
    page = visit("tab=volume")
    chart = drawn(page)
    values = lines(chart)["Open-source AI"]
    number, _ = click_point(page, chart, "Open-source AI", values.index(max(values)))
    assert count(page) == number > 0


def test_counting_stories_the_count_behind_a_point_is_the_number_clicked(visit: Visit) -> None:
    page = visit("tab=volume&unit=stories&freq=M")
    number, _ = click_point(page, drawn(page), "Open-source AI", 5)
    assert count(page) == number > 0
    expect(page.locator("[data-count]")).to_contain_text("stories")


def test_the_count_behind_a_box_in_time_is_what_stands_in_it(visit: Visit) -> None:
    page = visit("tab=volume&topics=deepseek")
    chart = drawn(page)
    expected = sum(lines(chart)["DeepSeek"][70:77])
    drag_box(page, chart, 70, 76, 20)
    assert count(page) == expected > 0
    page.get_by_role("button", name="Limit everything to these days").click()
    expect(page).to_have_url(re.compile("since=.*until="))


def test_the_count_behind_an_event_s_tick_is_that_of_the_week_it_begins(visit: Visit) -> None:
    page = visit("tab=volume&topics=open_source_ai&freq=D")
    chart = drawn(page)
    days, day = chart.evaluate(
        """(e) => { const traces = e.calcdata.map((c) => c[0].trace).filter((t) => t.customdata)
          return [traces[0].x, traces.find((t) => t.name === "events").x[2]] }"""
    )
    week = lines(chart)["Open-source AI"][days.index(day) :][:7]
    _, label = click_point(page, chart, "events", 2)
    assert label
    assert count(page) == sum(week) > 0


def test_the_count_behind_a_burst_is_the_number_in_its_row(visit: Visit) -> None:
    page = visit("tab=volume")
    burst = page.get_by_role("table").get_by_role("button").first
    number = re.search(r"([\d,]+) articles", burst.inner_text())
    assert number is not None
    burst.click()
    assert count(page) == number_in(number[1])


def test_the_count_behind_a_bar_is_the_number_clicked(visit: Visit) -> None:
    page = visit("tab=outlets")
    number, _ = click_point(page, drawn(page), "Proprietary AI", 3)
    assert count(page) == number > 0


def test_the_count_behind_a_cell_of_the_outlets_is_the_number_in_it(visit: Visit) -> None:
    page = visit("tab=outlets")
    for cell in (1, 2, 3):
        button = (
            page.get_by_role("table").locator("tbody tr").nth(2).locator("td").nth(cell).get_by_role("button")
        )
        number = number_in(button.inner_text())
        button.click()
        assert count(page) == number
        open_view(page, "outlets")


def test_the_count_behind_a_concentration_is_the_number_in_its_line(visit: Visit) -> None:
    page = visit("tab=outlets")
    line = page.locator("p", has_text="Herfindahl-Hirschman").first
    number = number_in(line.inner_text().partition(":")[2])
    line.get_by_role("button").click()
    assert count(page) == number


def test_a_dot_of_the_lean_opens_the_outlets_articles_on_either_side(visit: Visit) -> None:
    page = visit("tab=outlets")
    chart = drawn(page, 1)
    _, said = click_point(page, chart, None, 0)
    first, second = (number_in(part) for part in re.findall(r"[\d,]+ on ", said))
    assert max(first, second) <= count(page) <= first + second
    expect(page.locator(".bar .chip")).to_contain_text(html.unescape(said.partition(":")[0]))


def test_the_count_behind_a_word_is_the_number_at_its_bar(visit: Visit) -> None:
    page = visit("tab=terms")
    chart = drawn(page, 1, READ)
    for point in (0, 20):
        _, text = click_point(page, chart, None, point)
        assert count(page) == number_in(text) > 0
        open_view(page, "terms")
        chart = drawn(page, 1)


def test_the_count_behind_a_pair_of_topics_is_the_number_in_its_cell(visit: Visit) -> None:
    page = visit("tab=together")
    x, y, number = drawn(page).evaluate(
        """(e) => { const xa = e._fullLayout.xaxis, ya = e._fullLayout.yaxis, box = e.getBoundingClientRect()
          return [box.left + xa._offset + xa.c2p(2), box.top + ya._offset + ya.c2p(0),
            e.data[0].text[0][2]] }"""
    )
    press(page, x, y)
    assert count(page) == number_in(number) > 0


def test_the_count_behind_a_line_of_the_network_is_the_number_it_tells(visit: Visit) -> None:
    page = visit("tab=together")
    chart = drawn(page, 1)
    _, said = click_point(page, chart, None, 3)
    assert count(page) == number_in(said.rpartition(":")[2]) > 0


def test_the_count_behind_an_event_is_the_number_in_its_row(visit: Visit) -> None:
    page = visit("tab=events")
    row = page.get_by_role("table").locator("tbody tr").nth(1)
    number = number_in(row.locator("td").last.inner_text())
    row.get_by_role("button").last.click()
    assert count(page) == number > 1


def test_an_event_opens_with_its_spread_its_headlines_and_who_is_missing_and_each_number_opens_its_articles(
    visit: Visit,
) -> None:
    page = visit("tab=events")
    headline = page.get_by_role("table").last.locator("tbody tr").first.get_by_role("button").first
    headline.click()
    spread = lines(drawn(page))
    told = page.locator("p", has_text="First:")
    said = told.inner_text()
    n = number_in(told.get_by_role("button").nth(-2).inner_text())
    outlets = number_in(said.partition(" outlets")[0].rpartition(" of ")[2])
    undated = re.search(r"(\d+) articles? without a known date", said)
    assert sum(spread["articles in the hour"]) == n - (int(undated[1]) if undated else 0)
    assert 0 < max(spread["outlets so far"]) <= outlets
    expect(page.get_by_role("columnheader", name="Words of its own")).to_be_visible()
    expect(page.get_by_text(re.compile("Who did not report it|No outlet is missing")).first).to_be_visible()
    line = page.locator("p", has_text="Of each line").get_by_role("button").first
    of_line = number_in(line.inner_text())
    line.click()
    assert count(page) == of_line > 0
    open_view(page, "events")
    under = told.get_by_role("button").first
    number = number_in(under.inner_text())
    under.click()
    assert count(page) == number >= of_line
    open_view(page, "events")
    told.get_by_role("button").nth(-2).click()
    assert count(page) == n >= number


def test_the_count_behind_a_key_figure_is_the_figure(visit: Visit) -> None:
    page = visit()
    for card in range(3):
        figure = page.locator(".card").nth(card).get_by_role("button")
        number = number_in(figure.inner_text())
        figure.click()
        assert count(page) == number > 0
        open_view(page, "overview")


def test_the_sentences_behind_a_framing_are_as_many_as_counted(visit: Visit) -> None:
    page = visit("tab=together")
    page.get_by_role("button", name="Read how companies are framed").click()
    cell = page.get_by_role("table").get_by_role("button").first
    number = number_in(cell.inner_text())
    cell.click()
    heading = page.locator("[data-sentences]")
    expect(heading).to_have_attribute("data-sentences", str(number))
    assert heading.locator("xpath=following-sibling::ul/li").count() == min(number, 60)


def test_the_count_behind_a_speaker_is_the_number_and_a_quotation_opens_its_article(visit: Visit) -> None:
    page = visit("tab=voices")
    row = page.get_by_role("table").first.locator("tbody tr").first
    expect(row).to_be_visible(timeout=READ)  # the first to ask has the articles read
    number = number_in(row.get_by_role("button").nth(1).inner_text())
    row.get_by_role("button").nth(1).click()
    assert count(page) == number > 0
    open_view(page, "voices")
    row.get_by_role("button").first.click()
    heading = page.locator("[data-quotations]")
    assert int(heading.get_attribute("data-quotations") or 0) >= number
    page.locator("ul.quotations button").first.click()
    expect(page.locator("aside mark").first).to_be_visible()


def test_an_article_opens_with_its_outlet_date_topics_marked_sentences_and_link(visit: Visit) -> None:
    page = visit("tab=articles&selection=" + quote(json.dumps({"series": "open_source_ai"})))
    page.locator("button.headline").first.click()
    article = page.locator("aside")
    expect(article).to_contain_text(re.compile(r"\d+ \w{3} \d{4}.*date read from"))
    expect(article).to_contain_text("Open-source AI")
    expect(article.locator(".hit mark").first).to_be_visible()
    expect(article.get_by_role("link").first).to_have_attribute("rel", re.compile("noopener noreferrer"))


def test_an_article_lists_its_copies_and_opens_each(visit: Visit) -> None:
    page = visit("tab=events")
    page.get_by_role("table").locator("tbody tr").first.get_by_role("button").last.click()
    article = page.locator("aside")
    headlines = page.locator("button.headline")
    expect(headlines.first).to_be_visible()
    for number in range(headlines.count()):
        headlines.nth(number).click()
        expect(article.get_by_role("heading").first).to_be_visible()
        if article.locator(".copies li").count():
            break
    copies = article.locator(".copies li")
    total = number_in(article.get_by_role("button", name=re.compile("of this story")).inner_text())
    expect(copies).to_have_count(total - 1)
    outlet = copies.first.get_by_role("button").inner_text()
    copies.first.get_by_role("button").click()
    expect(article.locator("p.quiet").first).to_contain_text(outlet)
