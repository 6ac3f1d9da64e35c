"""A page that its reader failed on is tried again; a page that is refused is never passed by."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from collectors.extraction.article import Article
from collectors.refresh.refresh import refresh
from collectors.refresh.rules import feed_stands_in
from collectors.sandbox.pool import Workers
from pressgauge.store.dataset import Dataset
from tests.collectors.newsroom import FIRST, Outlet, text_of
from tests.loopback import Loopback


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return Dataset(tmp_path / "coverage")


@pytest.mark.parametrize("reason", ["parser_timeout", "parser_memory", "parser_crashed"])
async def test_a_page_that_its_reader_failed_on_is_read_by_the_next_refresh_also_behind_an_unchanged_feed(
    web: Loopback, dataset: Dataset, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    extract, failing = Workers.extract, [reason]

    async def unlucky(workers: Workers, *page: Any, **options: Any) -> Article:
        return Article(refused=failing.pop()) if failing else await extract(workers, *page, **options)

    monkeypatch.setattr(Workers, "extract", unlucky)
    outlet = Outlet(web)
    outlet.publish(2)
    outlet.write_feed(headers={"ETag": '"same"'})
    first = await refresh(dataset, [outlet.source], readers=1)
    assert (first.stored, dict(first.sources[0].quarantined)) == (1, {reason: 1})
    second = await refresh(dataset, [outlet.source], readers=1)
    assert (second.stored, len(dataset)) == (1, 2)


@pytest.mark.parametrize("status", [404, 410, 403])
async def test_a_feeds_text_never_stands_in_for_a_page_that_is_refused(
    web: Loopback, dataset: Dataset, status: int
) -> None:
    outlet = Outlet(web)
    outlet.announce(web.page("/gone", "no", status=status), "Gone", FIRST, text_of(1))
    report = await refresh(dataset, [outlet.source], readers=1)
    assert (report.stored, dict(report.sources[0].failed)) == (0, {f"http_{status}": 1})


async def test_a_caption_of_a_feed_is_no_article(web: Loopback, dataset: Dataset) -> None:
    page = web.page("/plan", "no", status=503)
    feed = (
        '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><item><title>Plan</title>'
        f'<link>{page}</link><media:content url="https://a.example/a.jpg">'
        "<media:description>A gull on the pier.</media:description></media:content></item></channel></rss>"
    )
    outlet = Outlet(web)
    web.page("/feed", feed, "application/rss+xml", host=outlet.host)
    assert (await refresh(dataset, [outlet.source], readers=1)).stored == 0


@pytest.mark.parametrize(
    ("reason", "stands_in"),
    [
        ("timeout", True),
        ("http_503", True),
        ("empty", True),
        ("parser_error:ValueError", True),
        ("http_404", False),
        ("http_401", False),
        ("robots", False),
        ("blocked", False),
        ("soft_404", False),
        ("host_paused", False),
    ],
)
def test_a_feeds_text_stands_in_for_what_could_not_be_had_and_never_against_a_refusal(
    reason: str, stands_in: bool
) -> None:
    assert feed_stands_in(reason) is stands_in


async def test_a_lone_surrogate_or_a_stray_byte_of_one_source_ends_no_refresh(
    web: Loopback, dataset: Dataset
) -> None:
    outlet = Outlet(web)
    outlet.publish(1)
    broken = Outlet(web, "Broken", host="127.0.0.2")
    items = [{"id": "\ud800", "url": "https://a.example/\ud800", "title": "A \ud800 title"}, {"id": "\udfff"}]
    feed = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
    web.page("/feed", feed, "application/feed+json", headers={"ETag": '"\xe9"'}, host=broken.host)
    report = await refresh(dataset, [broken.source, outlet.source], readers=1)
    assert report.stored == 1
    assert [ledger.error for ledger in report.sources] == [None, None]
    assert sum(report.sources[0].rejected.values()) == 2
