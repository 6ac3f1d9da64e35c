"""`serve --counts`: charts of counts, and the articles behind their numbers."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

import pressgauge
from pressgauge.scale import counts
from pressgauge.settings.topics import load_topics
from tests.browser.plots import READ, click_point, count, drawn, lines, redrawn
from tests.browser.visit import Visit

ROOT = Path(__file__).resolve().parents[2]
ATTACK = "<img src=x onerror=alert(1)> open source"


@pytest.fixture(scope="session")
def counted(
    serve_all: Callable[..., Any], press: Path, tmp_path_factory: pytest.TempPathFactory, settings: Path
) -> str:
    """Address of the counts of the demo's articles as if they were real, with an attack among them."""
    path = tmp_path_factory.mktemp("counted") / "coverage"
    dataset = pressgauge.open(path)
    articles = pressgauge.open(press).load()
    recent = articles[articles["published"].isna() | (articles["published"] >= "2025-01-01")]
    dataset.append(recent)
    dataset.append(
        pd.DataFrame(
            {
                "url": ["https://hostile.example/1"],
                "outlet": [f"{ATTACK} Gazette"],
                "title": [ATTACK],
                "text": [f"{ATTACK} AI with DeepSeek open weights"],
                "language": ["en"],
                "published": pd.to_datetime(["2025-01-30"], utc=True),
            }
        )
    )
    counts.count_dataset(dataset, load_topics(settings / "topics.toml"))
    return serve_all("--counts", "--data", str(path)).url


@pytest.fixture(scope="session")
def counted_visit(visits: Callable[..., Visit], counted: str) -> Visit:
    return visits(counted, names=("volume", "outlets", "articles"))


@pytest.fixture
def counts_visit(counted_visit: Visit, watched: Callable[[Visit], Visit]) -> Visit:
    """As `visit`, of the app on counts."""
    return watched(counted_visit)


def titles(page: Page) -> int:
    """How many articles the page lists, once it has read them."""
    expect(page.get_by_text(re.compile("^Reading"))).to_have_count(0, timeout=READ)
    return page.get_by_role("table").locator("tbody tr").count()


def test_the_count_behind_a_point_is_the_number_clicked_and_its_articles_are_listed(
    counts_visit: Visit,
) -> None:
    page = counts_visit()
    chart = drawn(page)
    values, other = lines(chart)["Proprietary AI"], lines(chart)["Open-source AI"]
    apart = {at: abs(value - other[at]) for at, value in enumerate(values) if 3 < value <= 100}
    at = max(apart, key=apart.__getitem__)
    number, _ = click_point(page, chart, "Proprietary AI", at)
    assert count(page) == number == values[at]
    expect(page.get_by_role("table").locator("tbody tr")).to_have_count(int(number))
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="Back to the chart").click()
    expect(page.get_by_role("tab", name="Volume")).to_have_attribute("aria-selected", "true")


def test_behind_a_large_number_the_newest_hundred_are_listed(counts_visit: Visit) -> None:
    page = counts_visit("tab=outlets")
    number, _ = click_point(page, drawn(page), "Open-source AI", 0)
    assert count(page) == number > 100
    expect(page.get_by_text(f"The newest 100 of {number:,}.")).to_be_visible()
    assert titles(page) == 100


def test_filters_stand_in_the_address_and_change_what_is_counted(counts_visit: Visit) -> None:
    page = counts_visit("languages=en")
    before = lines(drawn(page))["Open-source AI"]
    remove = page.get_by_role("button", name="Remove the filter en")
    after = lines(redrawn(page, remove.click))["Open-source AI"]
    assert 0 < sum(before) < sum(after)
    expect(page).not_to_have_url(re.compile("languages"))
    monthly = redrawn(page, page.get_by_role("button", name="Month").click)
    expect(page).to_have_url(re.compile("freq=M"))
    assert len(lines(monthly)["Open-source AI"]) == 8
    assert sum(lines(monthly)["Open-source AI"]) == sum(after)
    redrawn(page, page.get_by_role("button", name="↶ Undo").click)
    assert lines(drawn(page))["Open-source AI"] == after


def test_what_counts_cannot_keep_is_said(counts_visit: Visit) -> None:
    page = counts_visit("unit=stories&query=llama&terms=mistral")
    expect(page.get_by_text("this filter is not applied")).to_be_visible()
    expect(page.get_by_text("only saved topics are counted here")).to_be_visible()


def test_u01_an_attack_in_a_title_or_outlet_is_text(counts_visit: Visit) -> None:
    day = '%7B"series":"deepseek","since":"2025-01-30","until":"2025-01-30"%7D'
    page = counts_visit(f"tab=articles&selection={day}")
    expect(page.get_by_text(ATTACK).first).to_be_visible()
    assert page.locator(".markup :is(img, script, svg)").count() == 0
    page = counts_visit("tab=outlets&languages=en&since=2025-01-30&until=2025-01-30")
    drawn(page)
    page.wait_for_timeout(300)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_serious_violation(page: Page, counted: str, theme: str) -> None:
    severe = {}
    selection = '%7B"series":"deepseek","since":"2025-01-27","until":"2025-01-28"%7D'
    page.goto(f"{counted}?theme={theme}&tab=articles&selection={selection}")
    for tab in ("Articles", "Volume", "Outlets"):
        page.get_by_role("tab", name=tab, exact=True).click()
        expect(page.locator(".plot[data-drawn], table tbody tr").first).to_be_visible()
        expect(page.get_by_text(re.compile("^Reading"))).to_have_count(0, timeout=READ)
        page.wait_for_timeout(500)
        for found in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]:
            if found["impact"] in ("serious", "critical"):
                severe[tab, found["id"]] = [node["html"][:160] for node in found["nodes"]][:3]
    assert severe == {}


def test_without_articles_the_demo_is_counted_and_says_what_it_is(
    page: Page, serve: Callable[..., Any], fresh: Callable[[], Path]
) -> None:
    page.goto(serve("--counts", data=fresh()).url)
    drawn(page)
    expect(page.get_by_text("Demo data (synthetic)")).to_be_visible()


def test_new_counts_are_offered_and_a_refresh_that_was_not_counted_is_said(
    page: Page, serve: Callable[..., Any], fresh: Callable[[], Path]
) -> None:
    data = fresh()
    dataset = pressgauge.open(data / "coverage")

    def add(number: int) -> None:
        dataset.append(
            pd.DataFrame({
                "url": [f"https://a.example/{number}"], "title": ["DeepSeek"], "outlet": ["A"],
                "text": ["The open weights of an AI"], "language": ["en"],
                "published": pd.to_datetime([f"2025-01-0{number}"], utc=True),
            })
        )  # fmt: skip

    def tally() -> None:
        command = [sys.executable, "-m", "dashboard.cli", "count", "--data", str(dataset.path)]
        done = subprocess.run(
            command, cwd=ROOT, env={"PRESSGAUGE_DATA": str(data)}, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr

    add(1)
    tally()
    page.goto(serve("--counts", data=data).url)
    expect(page.get_by_text("1 article, 0 without a date")).to_be_visible()
    add(2)
    expect(page.get_by_text("1 month of 1 changed since these counts were made.")).to_be_visible()
    address = page.url
    page.goto(f'{address}?tab=articles&selection=%7B"series":"deepseek"%7D')
    expect(page.get_by_text("2025-01 changed since it was counted: 1 article then, 2 now.")).to_be_visible()
    page.goto(address)
    expect(page.get_by_text("1 month of 1 changed since these counts were made.")).to_be_visible()
    tally()
    page.get_by_role("button", name="Show new counts").click()
    expect(page.get_by_text("2 articles, 0 without a date")).to_be_visible()
    expect(page.get_by_text("changed since these counts")).to_have_count(0)
