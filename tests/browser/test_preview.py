"""What is read before the page's scripts have run, in a browser: without them, and when they come."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect


def test_without_scripts_the_sentence_the_figures_and_the_chart_are_there(
    browser: Browser, demo: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(demo)  # by which the server learns the page's head, if nobody came before
    page.goto(demo)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"Of [\d,]+ articles .+ mention "))
    expect(page.get_by_role("img", name=re.compile(r"Number of articles from .+ at most"))).to_be_visible()
    page.get_by_label("Only articles that match").fill("deepseek")
    page.get_by_label("Only articles that match").press("Enter")
    expect(page).to_have_url(re.compile("query=deepseek"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("match “deepseek”")
    context.close()


def test_a_filter_that_is_written_before_the_page_is_there_is_not_lost(page: Page, demo: str) -> None:
    page.goto(demo)  # the libraries are there from now on
    said = page.get_by_role("heading", level=1).inner_text()
    # the picture stays while somebody writes in it, so the test need not be quick
    page.add_init_script("""addEventListener("DOMContentLoaded", () => {
        const field = document.querySelector("#preview")?.shadowRoot.querySelector("input[name=query]")
        if (!field) return
        window.before = field.getRootNode().querySelector("h1").innerText
        field.value = "deepseek"
        field.dispatchEvent(new Event("input"))
    })""")
    page.goto(demo)
    expect(page.get_by_role("heading", level=1)).to_contain_text("match “deepseek”")
    expect(page.get_by_role("button", name=re.compile("Remove the filter matches deepseek"))).to_be_visible()
    assert page.evaluate("window.before") == said
