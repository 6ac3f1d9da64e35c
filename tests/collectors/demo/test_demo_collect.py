"""The main job against a press whose truth is known: real feeds, real HTTP, real pages, a real dataset."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import aiohttp
import pandas as pd
import pytest

import pressgauge
from collectors.demo.check import COLUMNS, compare, summary
from collectors.demo.press import Piece, press
from collectors.demo.server import PressServer
from collectors.ledger import Report
from collectors.refresh.refresh import refresh_now
from collectors.settings import load_sources
from pressgauge.store.dataset import Dataset

pytestmark = pytest.mark.slow

Collected = tuple[Dataset, Report]


@pytest.fixture(scope="module")
def truth(press_server: PressServer) -> dict[str, Piece]:
    return {press_server.url(piece): piece for piece in press_server.press.pieces}


@pytest.fixture(scope="module")
def collected(press_server: PressServer, tmp_path_factory: pytest.TempPathFactory) -> Collected:
    """What one refresh brings from the feeds of all thirty outlets."""
    dataset = pressgauge.open(tmp_path_factory.mktemp("collected"))
    return dataset, refresh_now(dataset, press_server.sources())


@pytest.fixture(scope="module")
def checked(collected: Collected, truth: dict[str, Piece]) -> pd.DataFrame:
    return compare(collected[0].load(), truth)


def test_everything_that_the_feeds_list_is_stored_once(
    press_server: PressServer, collected: Collected, truth: dict[str, Piece]
) -> None:
    dataset, report = collected
    listed = {outlet.name: 0 for outlet in press_server.press.outlets}
    for piece in truth.values():
        listed[piece.outlet.name] = min(30, listed[piece.outlet.name] + 1)
    assert {ledger.source: ledger.stored for ledger in report.sources} == {
        f"demo: {name}": number for name, number in listed.items()
    }
    assert len(dataset) == report.stored == sum(listed.values())
    assert dataset.load(["url"])["url"].is_unique


def test_titles_and_languages_of_all_kinds_of_pages_are_true(checked: pd.DataFrame) -> None:
    wrong = checked[~(checked["title"] & checked["language"])]
    assert wrong["url"].tolist() == []


@pytest.mark.parametrize("template", ["jsonld", "opengraph", "microdata", "amp"])
def test_pages_that_declare_themselves_are_read_as_they_are(checked: pd.DataFrame, template: str) -> None:
    right = summary(checked).loc[template]
    assert right["articles"] >= 40
    assert right["authors"] == 1
    assert right["partial"] == 1
    assert right["published"] >= 0.97
    assert right["text"] >= 0.98


def test_an_old_page_loses_furniture_and_at_worst_a_byline_or_a_date(
    checked: pd.DataFrame, collected: Collected, truth: dict[str, Piece]
) -> None:
    right = summary(checked).loc["old"]
    assert right["text"] >= 0.85
    assert right["published"] >= 0.7
    stored = collected[0].load().set_index("url")
    for url in checked.loc[(checked["template"] == "old") & ~checked["published"], "url"]:
        assert pd.isna(stored.loc[url, "published"]), "a wrong day is worse than none"
    for url in checked.loc[(checked["template"] == "old") & ~checked["authors"], "url"]:
        assert len(stored.loc[url, "authors"]) == 0, "a wrong name is worse than none"


def test_an_agency_s_article_and_its_copies_are_one_story(checked: pd.DataFrame) -> None:
    assert checked["story"].mean() >= 0.97


def test_outlet_country_and_source_are_those_of_the_settings(
    collected: Collected, truth: dict[str, Piece]
) -> None:
    stored = collected[0].load(["url", "outlet", "country", "source", "text_from", "title_from"])
    for row in stored.itertuples():
        outlet = truth[row.url].outlet
        assert (row.outlet, row.country, row.source) == (outlet.name, outlet.country, f"demo: {outlet.name}")
    assert stored[["text_from", "title_from"]].notna().all(axis=None)


def test_the_press_can_be_searched_as_soon_as_it_is_collected(collected: Collected) -> None:
    found = collected[0].search("deepseek")
    assert len(found) >= 20
    assert found["title"].str.contains("DeepSeek").any()


def test_a_second_refresh_stores_nothing_twice(press_server: PressServer, collected: Collected) -> None:
    dataset, _ = collected
    before = len(dataset)
    again = refresh_now(dataset, press_server.sources())
    assert again.stored == 0
    assert len(dataset) == before


@pytest.mark.parametrize("kind", ["sitemap", "homepage"])
def test_sitemaps_and_home_pages_bring_the_same_truth(
    press_server: PressServer, truth: dict[str, Piece], kind: str, tmp_path: Path
) -> None:
    chosen = [source for source in press_server.sources(kind) if source.language in ("en", "de")][1:4]
    dataset = pressgauge.open(tmp_path)
    report = refresh_now(dataset, chosen, limit=8)
    assert [ledger.error for ledger in report.sources] == [None] * 3
    assert all(ledger.stored == 8 for ledger in report.sources)
    right = compare(dataset.load(), truth)
    assert right["title"].all()
    assert right["text"].min() > 0.9


def test_two_sources_of_one_outlet_do_not_double_its_articles(
    press_server: PressServer, tmp_path: Path
) -> None:
    feed = press_server.sources()[3]
    news = replace(press_server.sources("sitemap")[3], name="by its sitemap")
    dataset = pressgauge.open(tmp_path)
    refresh_now(dataset, [feed, news])
    assert dataset.load(["url"])["url"].is_unique
    pieces = [piece for piece in press_server.press.pieces if piece.outlet.name == feed.outlet]
    assert len(dataset) == len(pieces)


def test_the_written_sources_are_the_same_sources(press_server: PressServer, tmp_path: Path) -> None:
    press_server.write_sources(tmp_path / "sources.toml", "sitemap")
    assert load_sources(tmp_path / "sources.toml") == (press_server.sources("sitemap"), [])


async def test_the_press_falls_silent_at_the_end_of_its_block() -> None:
    one_day = press(date(2025, 1, 27), date(2025, 1, 28))
    async with PressServer(one_day) as server, aiohttp.ClientSession() as session:
        url = server.url(one_day.pieces[0])
        async with session.get(url) as answer:
            assert answer.status == 200
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(url)


def test_the_demo_command_collects_prints_the_books_and_checks(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "dashboard.cli", "demo", "--port", "0", "--limit", "2"]
    run = subprocess.run([*command, "--data", str(tmp_path / "demo")], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "Demo data (synthetic)" in run.stderr
    assert "demo: Meridian Wire" in run.stdout
    last = [line.split() for line in run.stdout.splitlines() if line.startswith("all ")]
    assert [cells[1] for cells in last] == ["60", "60"]
    assert all(name in run.stdout for name in COLUMNS)
    assert len(pressgauge.open(tmp_path / "demo")) == 60
