"""A page that its reader failed on is tried again; a page that is refused is never passed by."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from collectors import state
from collectors.extraction.article import READER_VERSION, Article
from collectors.refresh import run as refreshing
from collectors.refresh.refresh import refresh
from collectors.refresh.rules import feed_stands_in
from collectors.retries import PASSING, next_attempt
from collectors.sandbox.pool import Workers
from collectors.shared import feed_entries
from collectors.state import State
from dashboard.cli import cli
from pressgauge.store.dataset import Dataset
from tests.collectors.newsroom import FIRST, Outlet, article_page, text_of
from tests.loopback import Loopback

pytestmark = pytest.mark.slow


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return Dataset(tmp_path / "coverage")


@pytest.mark.parametrize("reason", ["parser_timeout", "parser_memory", "parser_crashed"])
async def test_o07_a_page_that_its_reader_failed_on_is_read_by_the_next_refresh_also_behind_an_unchanged_feed(
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
async def test_o08_a_feeds_text_never_stands_in_for_a_page_that_is_refused(
    web: Loopback, dataset: Dataset, status: int
) -> None:
    outlet = Outlet(web)
    outlet.announce(web.page("/gone", "no", status=status), "Gone", FIRST, text_of(1))
    report = await refresh(dataset, [outlet.source], readers=1)
    assert (report.stored, dict(report.sources[0].failed)) == (0, {f"http_{status}": 1})


async def test_o08_a_caption_of_a_feed_is_no_article(web: Loopback, dataset: Dataset) -> None:
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
def test_o08_a_feeds_text_stands_in_for_what_could_not_be_had_and_never_against_a_refusal(
    reason: str, stands_in: bool
) -> None:
    assert feed_stands_in(reason) is stands_in


async def test_o09_a_lone_surrogate_or_a_stray_byte_of_one_source_ends_no_refresh(
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


def later(dataset: Dataset, passed: timedelta) -> None:
    """Let so much time pass in the books of a dataset."""
    file = Path(dataset.path) / "state.sqlite"
    with contextlib.closing(sqlite3.connect(file)) as db, db:
        db.execute(
            "UPDATE outcomes SET at = at - :passed, due = due - :passed", {"passed": passed.total_seconds()}
        )


async def test_o07_an_empty_answer_is_asked_for_again_and_one_that_is_no_page_is_not(
    web: Loopback, dataset: Dataset
) -> None:
    outlet = Outlet(web)
    outlet.announce(web.page("/empty", b" \r\n"), "Empty", FIRST)
    outlet.announce(web.page("/pdf", b"%PDF-1.7 ferry"), "PDF", FIRST)
    outlet.write_feed()
    [books] = (await refresh(dataset, [outlet.source], readers=1)).sources
    assert (dict(books.failed), dict(books.rejected)) == ({"no_content": 1}, {"not_html": 1})
    web.page("/empty", article_page(1, FIRST))
    assert (await refresh(dataset, [outlet.source], readers=1)).stored == 1
    assert len(web.asked("/pdf")) == 1


async def test_o07_a_page_that_fails_for_a_moment_is_asked_for_with_growing_pauses_behind_an_unchanged_feed(
    web: Loopback, dataset: Dataset
) -> None:
    outlet = Outlet(web)
    outlet.announce(web.page("/busy", "busy", status=520), "Busy", FIRST)
    outlet.write_feed(headers={"ETag": '"same"'})
    requests = []
    for pause in (timedelta(0), timedelta(0), timedelta(hours=5), timedelta(hours=1), PASSING[3]):
        await refresh(dataset, [outlet.source], readers=1)
        requests.append(len(web.asked("/busy")))
        later(dataset, pause)
    assert requests == [1, 2, 3, 3, 4], "after the third failure not before its pause is over"
    web.page("/busy", article_page(1, FIRST))
    assert (await refresh(dataset, [outlet.source], readers=1)).stored == 1


def test_o07_the_attempts_have_an_end_and_what_is_gone_has_fewer() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    pauses = [next_attempt("failed", "timeout", attempts, at) for attempts in range(1, 9)]
    days = [None if due is None else (due - at) / timedelta(days=1) for due in pauses]
    assert days == [0, 0, 0.25, 1, 3, 7, 14, None]
    assert [next_attempt("failed", "http_404", n, at) for n in (1, 2, 3)] == [at, at, None]
    assert next_attempt("quarantined", "parser_memory", 3, at) == at + timedelta(hours=6)
    assert next_attempt("rejected", "over_limit", 0, at) == at
    assert next_attempt("rejected", "not_html", 1, at) is None
    assert next_attempt("stored", None, 0, at) is None


async def test_o07_a_feed_longer_than_one_refresh_takes_is_read_to_its_end_although_it_stays_unchanged(
    web: Loopback, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_entries, "_MAX_ENTRIES", 3)
    monkeypatch.setattr(refreshing, "SECOND_CHANCES", 3)
    outlet = Outlet(web)
    outlet.publish(8)
    outlet.write_feed(headers={"ETag": '"same"'})
    first = await refresh(dataset, [outlet.source], readers=1)
    assert (first.stored, dict(first.sources[0].rejected)) == (3, {"over_limit": 5})
    stored = [(await refresh(dataset, [outlet.source], readers=1)).stored for _ in range(3)]
    assert (stored, outlet.asked_pages()) == ([3, 2, 0], 8)


async def test_o07_pages_that_wait_are_asked_for_although_their_feed_is_gone(
    web: Loopback, dataset: Dataset
) -> None:
    outlet = Outlet(web)
    outlet.announce(web.page("/busy", "busy", status=520), "Busy", FIRST)
    await refresh(dataset, [outlet.source], readers=1)
    web.page("/feed", "no", status=404, host=outlet.host)
    web.page("/busy", article_page(1, FIRST))
    report = await refresh(dataset, [outlet.source], readers=1)
    assert report.stored == 1
    assert (report.sources[0].error or "").startswith("http_404")


async def test_o07_what_an_older_reader_made_nothing_of_is_tried_by_a_newer_one(
    web: Loopback, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    outlet = Outlet(web)
    outlet.announce(web.page("/odd", "<form></form>"), "Odd", FIRST)
    outlet.write_feed(headers={"ETag": '"same"'})
    for _ in range(2):
        await refresh(dataset, [outlet.source], readers=1)
    assert len(web.asked("/odd")) == 1
    monkeypatch.setattr(state, "READER_VERSION", READER_VERSION + 1)
    web.page("/odd", article_page(1, FIRST))
    assert (await refresh(dataset, [outlet.source], readers=1)).stored == 1


def test_books_of_an_older_version_open_as_they_are_and_their_failures_are_due(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite"
    with contextlib.closing(sqlite3.connect(file)) as db, db:
        db.execute(
            "CREATE TABLE outcomes (url TEXT PRIMARY KEY, source TEXT, outcome TEXT, reason TEXT, "
            "canonical TEXT, at REAL, attempts INTEGER, hint TEXT)"
        )
        moment = datetime.now(UTC).timestamp() - 3600
        rows = [
            ("failed", "timeout", 1),
            ("failed", "http_404", 3),
            ("rejected", "empty", 1),
            ("stored", None, 0),
        ]
        db.executemany(
            "INSERT INTO outcomes VALUES (?, 'a', ?, ?, NULL, ?, ?, '{}')",
            [
                (f"https://a.example/{n}", kind, why, moment, tries)
                for n, (kind, why, tries) in enumerate(rows)
            ],
        )
        db.execute("PRAGMA user_version = 1")
    for _ in range(2):
        with contextlib.closing(State(file)) as opened:
            assert {one.url[-1] for one in opened.due("a", 10)} == {"0", "2"}


async def test_why_tells_the_next_attempt(web: Loopback, tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "coverage")
    outlet = Outlet(web)
    outlet.announce(web.page("/busy", "busy", status=520), "Busy", FIRST)
    for _ in range(3):
        await refresh(dataset, [outlet.source], readers=1)
    told = CliRunner().invoke(cli, ["why", web.url("/busy"), "--data", dataset.path]).output
    due = datetime.now(UTC) + timedelta(hours=6)
    assert f"attempt 4 in the first refresh after {due:%Y-%m-%d}" in told
