"""What a visitor takes along, as the browser saves it."""

from __future__ import annotations

import io
import json
import re
import struct
from pathlib import Path
from urllib.parse import quote

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from pressgauge.store.export import from_csv
from tests.browser.plots import READ, count, drawn
from tests.browser.visit import Visit

CHARTS = {"volume": 1, "outlets": 2, "terms": 2, "together": 2}


def saved(page: Page, button: str, number: int = 0) -> bytes:
    """The file that a click on a button makes the browser save."""
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile(button)).nth(number).click()
    return Path(download.value.path()).read_bytes()


@pytest.mark.parametrize("tab", CHARTS)
def test_each_chart_is_saved_as_picture_and_table(visit: Visit, tab: str) -> None:
    page = visit(f"tab={tab}")
    for number in range(CHARTS[tab]):
        drawn(page, number, READ)
        png = saved(page, "save as PNG", number)
        width, height = struct.unpack(">II", png[16:24])
        assert png.startswith(b"\x89PNG")
        assert min(width, height) > 500
        assert b"<svg" in saved(page, "save as SVG", number)[:300]
        table = pd.read_csv(io.BytesIO(saved(page, "save as CSV", number)))
        whole = pd.read_parquet(io.BytesIO(saved(page, "save as Parquet", number)))
        assert len(table) == len(whole) > 0
        assert list(table) == list(whole)


def test_a_saved_picture_says_that_the_data_are_synthetic(visit: Visit) -> None:
    page = visit("tab=volume")
    drawn(page)
    assert "Demo data (synthetic)" in saved(page, "save as SVG").decode()


def test_in_a_saved_picture_the_legend_and_what_was_counted_lie_on_nothing_else(
    visit: Visit, browser: Browser
) -> None:
    first = quote(json.dumps({"since": "2025-01-20", "until": "2025-02-19"}))
    second = quote(json.dumps({"since": "2024-12-20", "until": "2025-01-19"}))
    page = visit(f"tab=compare&first={first}&second={second}&query=deepseek")
    drawn(page)
    picture = browser.new_page()
    picture.set_content(saved(page, "save as SVG").decode())
    counted = picture.locator(".annotation", has_text="Counted: articles").bounding_box()
    legend, axis = (picture.locator(each).last.bounding_box() for each in (".legend", ".xtitle"))
    assert counted is not None and legend is not None and axis is not None
    assert axis["y"] + axis["height"] <= legend["y"]
    assert legend["y"] + legend["height"] <= counted["y"]
    assert counted["y"] + counted["height"] <= picture.locator("svg").first.bounding_box()["height"] + 8  # type: ignore[index]
    assert "deepseek" in picture.locator(".gtitle").first.inner_html()
    picture.close()


def test_the_saved_articles_are_those_that_the_view_counts(visit: Visit) -> None:
    page = visit("tab=articles&query=deepseek")
    total = count(page)
    table = pd.read_csv(io.BytesIO(saved(page, r"Articles \(CSV\)")), dtype={"id": "str"})
    whole = pd.read_parquet(io.BytesIO(saved(page, r"Articles \(Parquet\)")))
    assert len(table) == len(whole) == total
    assert from_csv(table["id"]).astype("int64").tolist() == whole["id"].tolist()


def test_a_second_click_saves_the_same_file_again(visit: Visit) -> None:
    page = visit("tab=volume&freq=Y")
    assert saved(page, "Notebook") == saved(page, "Notebook")


def test_the_notebook_and_the_citation_name_the_data(visit: Visit) -> None:
    page = visit("tab=volume&query=deepseek")
    drawn(page)
    cells = json.loads(saved(page, "Notebook"))["cells"]
    assert any("Filters(query='deepseek')" in cell["source"] for cell in cells)
    expect(
        page.get_by_text(re.compile(r"Cite as: Pressgauge [\d.]+, synthetic demo dataset version \d+"))
    ).to_be_visible()


def test_the_report_works_without_a_network_and_asks_nobody(
    visit: Visit, browser: Browser, tmp_path: Path
) -> None:
    page = visit("tab=volume&query=deepseek")
    drawn(page)
    made = saved(page, r"Report \(HTML\)")
    assert len(made) < 5_000_000
    file = tmp_path / "report.html"
    file.write_bytes(made)
    context = browser.new_context(offline=True)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    report = context.new_page()
    report.on("pageerror", lambda error: asked.append(str(error)))
    report.goto(file.as_uri())
    expect(report.locator(".chart .main-svg").first).to_be_visible()
    expect(report.get_by_text("Demo data (synthetic).")).to_be_visible()
    expect(report.get_by_text("matches deepseek")).to_be_visible()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    context.close()


def test_a_chart_shows_its_very_numbers_as_a_table_sorted_and_copied_by_keyboard(visit: Visit) -> None:
    page = visit("tab=volume&freq=M")
    drawn(page)
    file = pd.read_csv(io.BytesIO(saved(page, "save as CSV")))
    page.get_by_role("button", name=re.compile(": table$")).press("Enter")
    region = page.get_by_role("region", name=re.compile(": table$"))
    expect(region.locator("tbody tr")).to_have_count(len(file))
    column = file.columns.get_loc("n") + 1
    cells = region.locator(f"tbody td:nth-child({column})")
    assert [int(text) for text in cells.all_text_contents()] == file["n"].tolist()
    region.get_by_role("button", name="n", exact=True).press("Enter")
    assert [int(text) for text in cells.all_text_contents()] == sorted(file["n"])
    region.get_by_role("button", name="Copy table").press("Enter")
    expect(region.get_by_role("button", name="Copied")).to_be_visible()
    pasted = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert [int(line.split("\t")[column - 1]) for line in pasted[1:]] == sorted(file["n"])
    wide = pd.read_csv(io.BytesIO(saved(page, "save as wide CSV")))
    assert len(wide) == file["period"].nunique()
    assert (
        wide[file["series"].iloc[0]].tolist() == file["n"][file["series"] == file["series"].iloc[0]].tolist()
    )


_ENDS = """() => document.querySelectorAll(".chart").forEach((div, number) => {
  for (const [end, put] of [["top", "prepend"], ["end", "append"]]) {
    const link = document.createElement("a")
    link.href = `https://chart.example/${number}/${end}`
    link.textContent = "-"
    div[put](link)
  }
})"""


def pages_of_charts(report: Page) -> list[set[int]]:
    """The pages of the printed report on which each chart begins and ends, as links there tell."""
    pdf = report.pdf(format="A4").decode("latin-1")
    bodies = dict(re.findall(r"\n(\d+) 0 obj\n(.*?)\nendobj", pdf, re.DOTALL))
    sheets = [body for body in bodies.values() if re.search("/Type /Page\\b(?!s)", body)]
    pages: dict[str, set[int]] = {}
    for number, sheet in enumerate(sheets):
        for link in re.findall(
            r"(\d+) 0 R", re.search(r"/Annots \[(.*?)\]", sheet + "/Annots []", re.DOTALL)[1]
        ):  # type: ignore[index]
            if of := re.search(r"https://chart.example/(\d+)/", bodies[link]):
                pages.setdefault(of[1], set()).add(number)
    return [pages[name] for name in sorted(pages)]


@pytest.mark.parametrize("guard", [True, False], ids=["with_the_rule", "without_the_rule"])
def test_the_report_is_printed_without_splitting_a_chart_and_within_the_sheet(
    visit: Visit, browser: Browser, tmp_path: Path, guard: bool
) -> None:
    page = visit("tab=volume")
    drawn(page)
    made = saved(page, r"Report \(HTML\)").decode()
    file = tmp_path / "report.html"
    file.write_text(made if guard else made.replace("break-inside: avoid", "break-inside: auto"), "utf-8")
    report = browser.new_page(viewport={"width": 1440, "height": 900})
    report.goto(file.as_uri())
    expect(report.locator(".chart .main-svg").last).to_be_visible()
    wide = report.locator(".chart").first.evaluate("(e) => e._fullLayout.width")
    report.evaluate(_ENDS)
    printed = pages_of_charts(report)
    assert len(printed) == report.locator(".chart").count() >= 3
    assert all(len(pages) == 1 for pages in printed) is guard
    assert (
        report.locator(".chart").first.evaluate("(e) => e._fullLayout.width") == wide
    )  # as before, on screen
    report.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert report.locator(".chart").first.evaluate("(e) => e._fullLayout.width") == 680
    report.close()
