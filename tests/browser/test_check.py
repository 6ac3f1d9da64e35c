"""Contexts and the check of a query, in the browser: what is clicked and what the keys do."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.visit import Visit
from tests.workbooks import xlsx


def test_a_context_opens_its_article_and_a_neighbour_its_contexts(visit: Visit) -> None:
    page = visit("tab=contexts&topics=deepseek")
    expect(page.get_by_role("status").filter(has_text="contexts in articles")).to_be_visible()
    page.get_by_role("table").get_by_role("button").first.click()
    expect(page.get_by_role("link", name="Read the original")).to_be_visible()
    page.get_by_role("button", name="✕ Close").click()
    expect(page.get_by_role("link", name="Read the original")).to_have_count(0)
    first = page.locator(".row.topics").last.get_by_role("button").first
    number = int(re.search(r"(\d+)$", first.inner_text())[1])  # type: ignore[index]
    first.click()
    expect(page.get_by_role("status").filter(has_text=f"{number} context")).to_be_visible()
    expect(page.get_by_role("table").locator("tbody tr")).to_have_count(number)


_TOLD = "(words) => [...Bokeh.documents[0]._all_models.values()].some((m) => m.data?.html?.includes(words))"


def test_what_is_pressed_while_the_page_changes_is_clicked_all_the_same(visit: Visit) -> None:
    page = visit("tab=contexts&topics=deepseek")
    word = page.locator(".row.topics").last.get_by_role("button").first
    number = int(re.search(r"(\d+)$", word.inner_text())[1])  # type: ignore[index]
    word.hover()
    page.mouse.down()
    page.get_by_role("table").get_by_role("button").first.evaluate("(button) => button.click()")
    page.wait_for_function(_TOLD, arg="Read the original")
    page.mouse.up()
    expect(page.get_by_role("table").locator("tbody tr")).to_have_count(number)
    expect(page.get_by_role("link", name="Read the original")).to_be_visible()


def test_the_switch_to_about_is_in_the_address_and_says_its_rule(visit: Visit) -> None:
    page = visit("tab=volume&topics=deepseek")
    expect(page.get_by_text("Counted wherever headline or text mention it.").first).to_be_visible()
    page.get_by_role("button", name="Are about it").click()
    expect(page).to_have_url(re.compile("about=1"))
    expect(page.get_by_text("About: headline and opening").first).to_be_visible()


def test_a_query_is_checked_with_the_keys(own: Visit) -> None:
    page = own("tab=check&topics=deepseek")
    page.get_by_label("Coder").fill("ana")
    page.get_by_label("Coder").press("Tab")
    page.get_by_role("button", name="Draw sample").click()
    expect(page.locator("[data-done='0']")).to_be_visible()
    page.get_by_role("heading", name="Is this article relevant?").click()
    for number, key in enumerate("yyn?", 1):
        page.keyboard.press(key)
        expect(page.locator(f"[data-done='{number}']")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator("[data-done='3']")).to_be_visible()
    expect(page.get_by_role("heading", name="How good the query is")).to_be_visible()
    yes = page.get_by_role("button", name="yes")
    yes.dblclick()
    expect(page.locator("[data-done='4']")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator("[data-done='3']")).to_be_visible()
    yes.focus()
    for _ in range(2):  # the second one is what a key says that is held down
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    expect(page.locator("[data-done='4']")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator("[data-done='3']")).to_be_visible()
    page.locator("input[type=file]").set_input_files(
        [
            {"name": "far.xlsx", "mimeType": "", "buffer": xlsx([["id", "value"], ["1", "y"]], "XFD1048576")},
            {"name": "strange.csv", "mimeType": "", "buffer": b"id,value\n1,y\n"},
        ]
    )
    expect(page.get_by_text("too large for a table of codes")).to_be_visible()
    expect(page.get_by_text("strange.csv has 1 article not in this sample")).to_be_visible()
    page.get_by_label("Coder").press("y")
    expect(page.locator("[data-done='3']")).to_be_visible()
