"""What one source may say of another's articles, and how long it may keep the others waiting."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from aiohttp import web as http
from click.testing import CliRunner

from collectors.candidate import Window
from collectors.errors import FetchError
from collectors.ledger import Report, SourceLedger
from collectors.refresh import page as refreshing
from collectors.refresh.refresh import refresh
from collectors.refresh.trust import speaks_for
from collectors.source import Source
from collectors.state import State
from collectors.web.fetch import Fetcher
from dashboard.cli import cli
from pressgauge.store.dataset import Dataset
from tests.collectors.newsroom import FIRST, Outlet, article_page, last_report, text_of
from tests.loopback import Loopback


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return Dataset(tmp_path / "coverage")


async def test_o08_a_stranger_neither_gives_an_article_its_text_nor_its_outlet(
    web: Loopback, dataset: Dataset
) -> None:
    victim, stranger = Outlet(web, "The Victim"), Outlet(web, "A Stranger", host="127.0.0.2")
    gone = web.page("/gone", "no", status=520, host=victim.host)
    there = web.page("/there", article_page(1, FIRST), host=victim.host)
    for url in (gone, there):
        stranger.announce(url, "A headline of its own", FIRST, text_of(7))
    own = replace(victim.source, domain=victim.host, country="FR")
    report = await refresh(dataset, [stranger.source, own], readers=1)
    assert (report.stored, dict(report.sources[0].failed)) == (1, {"http_520": 1})
    [row] = dataset.load().itertuples()
    assert (row.outlet, row.country, row.text.split()) == ("The Victim", "FR", text_of(1).split())


@pytest.mark.parametrize(
    ("source", "url", "speaks"),
    [
        ("https://www.a.example/feed", "https://news.a.example/1", True),
        ("https://feeds.b.example/a", "https://news.a.example/1", True),
        ("https://feeds.b.example/c", "https://news.c.example/1", False),
        ("mine.csv", "https://news.c.example/1", True),
    ],
)
def test_o08_a_source_speaks_for_its_own_domain_a_file_for_all(source: str, url: str, speaks: bool) -> None:
    feed = Source("A", "feed", source, "A", domain="a.example")
    assert speaks_for(feed, url) is speaks


async def test_o10_copies_of_an_article_on_other_hosts_do_not_make_a_log_in_page_of_it(
    web: Loopback, dataset: Dataset
) -> None:
    victim, stranger = Outlet(web, "The Victim"), Outlet(web, "A Stranger", host="127.0.0.2")
    [article] = victim.publish(1)
    page = article_page(0, victim.published(0), victim.host)
    for host in ("127.0.0.2", "127.0.0.3", "127.0.0.4"):
        stranger.announce(web.page("/copy", page, host=host), "Copy", FIRST)
    report = await refresh(dataset, [stranger.source, victim.source], readers=1)
    assert dict(report.sources[1].failed) == {}
    assert article in set(dataset.load()["url"])


async def test_o10_a_page_that_names_its_address_is_no_log_in_page(web: Loopback, dataset: Dataset) -> None:
    outlets = [Outlet(web, f"Outlet {n}", host=f"127.0.0.{n}") for n in range(1, 5)]
    link = f'<link rel="canonical" href="{web.url("/same")}">'
    page = article_page(1, FIRST).replace("<head>", f"<head>{link}")
    for outlet in outlets:
        outlet.announce(web.page("/same", page, host=outlet.host), "Same", FIRST)
    report = await refresh(dataset, [outlet.source for outlet in outlets], readers=1)
    assert [ledger.stored for ledger in report.sources] == [1, 0, 0, 0]
    assert list(dataset.load()["url"]) == [web.url("/same")]


@pytest.mark.parametrize("status", [206, 226])
async def test_a_part_that_nobody_asked_for_is_no_article(
    web: Loopback, local: Callable[..., Source], status: int
) -> None:
    url = web.page("/part", article_page(1, FIRST), status=status)
    async with Fetcher() as fetch:
        with pytest.raises(FetchError, match=f"http_{status}"):
            await fetch(url, source=local(url))


async def test_o04_a_source_that_hangs_has_its_time_and_the_rest_of_it_comes_later(
    web: Loopback, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging, sound = Outlet(web), Outlet(web, "Sound", host="127.0.0.2")
    sound.publish(1)

    async def never(_: http.Request) -> http.Response:
        await asyncio.sleep(3600)
        return http.Response()

    for number in range(9):
        hanging.announce(web.handle(f"/hanging{number}", never), f"Hanging {number}", FIRST)
    slow = replace(hanging.source, concurrency=1)
    quick = lambda state: Fetcher(state, deadline=0.5)  # noqa: E731
    with monkeypatch.context() as short:
        short.setattr(refreshing, "SOURCE_DELAY", 0.5)
        short.setattr(refreshing, "_PAGE_PATIENCE", 0.1)
        report = await refresh(dataset, [slow, sound.source], readers=1, fetcher=quick)
    assert report.sources[1].stored == 1
    assert dict(report.sources[0].failed) == {"timeout": 2, "out_of_time": 7}
    for number in range(9):
        web.page(f"/hanging{number}", article_page(number, FIRST))
    assert (await refresh(dataset, [slow], readers=1)).stored == 9


@pytest.mark.parametrize("backfill", [False, True])
async def test_o04_a_source_that_answers_well_has_its_time_too_unless_it_is_a_back_fill(
    web: Loopback, dataset: Dataset, monkeypatch: pytest.MonkeyPatch, backfill: bool
) -> None:
    monkeypatch.setattr(refreshing, "SOURCE_TIME", 0.0)
    outlet = Outlet(web)
    outlet.publish(3)
    window = Window(FIRST - timedelta(days=1), None) if backfill else None
    report = await refresh(dataset, [outlet.source], window=window, readers=1)
    assert report.stored == (3 if backfill else 0)
    assert dict(report.sources[0].failed) == ({} if backfill else {"out_of_time": 3})
    monkeypatch.undo()
    assert (await refresh(dataset, [outlet.source], readers=1)).stored == (0 if backfill else 3)


async def test_o10_an_address_that_different_articles_name_as_theirs_is_not_believed(
    web: Loopback, dataset: Dataset
) -> None:
    outlet = Outlet(web)
    link = f'<head><link rel="canonical" href="{web.url("/?p=1")}">'
    for number in range(5):
        page = article_page(number, FIRST).replace("<head>", link)
        outlet.announce(web.page(f"/article-{number}", page), f"Article {number}", FIRST)
    one_by_one = replace(outlet.source, concurrency=1)
    first = await refresh(dataset, [one_by_one], readers=1)
    assert (first.stored, first.sources[0].duplicate) == (4, 1)
    await refresh(dataset, [one_by_one], readers=1)
    assert set(dataset.load()["url"]) == {web.url(f"/article-{number}") for number in range(5)}


async def test_o10_of_two_labels_of_an_article_the_first_stays_and_why_tells_the_other(
    web: Loopback, dataset: Dataset
) -> None:
    first, second = Outlet(web, "First"), Outlet(web, "Second", host="127.0.0.2")
    [url] = first.publish(1)
    await refresh(dataset, [first.source], readers=1)
    second.announce(url, "Again", FIRST)
    for sources in ([second.source, first.source], [first.source, second.source]):
        await refresh(dataset, sources, readers=1)
    assert list(dataset.load()["outlet"]) == ["First"]
    told = CliRunner().invoke(cli, ["why", url, "--data", dataset.path]).output
    assert "Second gives it to Second; the outlet that it was first given to stays." in told


def test_o11_a_refresh_of_a_clock_ten_years_ahead_is_the_latest_until_the_next_only(tmp_path: Path) -> None:
    with contextlib.closing(State(tmp_path / "state.sqlite")) as books:
        ahead = (datetime.now(UTC) + timedelta(days=3653)).timestamp()
        with books._db:
            books._db.execute(
                "INSERT INTO runs VALUES ('a', ?, 0, 0, 0, '{}', '{}', '{}', 'http_404')", (ahead,)
            )
        books.add_run("a", SourceLedger("a", seen=1, stored=1).to_dict())
        runs = books.runs()
    assert runs["stored"].tolist() == [0, 1]
    assert runs["error"].isna().tolist() == [False, True]
    assert runs["at"].max() <= datetime.now(UTC)


def test_o11_a_clock_that_was_never_set_does_not_date_back_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unset(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime(1970, 1, 2, tzinfo=tz)

    with contextlib.closing(State(tmp_path / "state.sqlite")) as books:
        books.add_run("a", SourceLedger("a", seen=1, stored=1).to_dict())
        [before] = books.runs()["at"]
        with monkeypatch.context() as clock:
            clock.setattr("collectors.state.datetime", Unset)
            books.add_run("b", SourceLedger("b", seen=1, stored=1).to_dict())
        assert before in set(books.runs()["at"])


def test_o11_what_was_kept_by_a_clock_ten_years_ahead_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = datetime.now(UTC) + timedelta(days=3653)
    books = State(tmp_path / "state.sqlite")
    books.keep_backoff("a", 3.0, ahead)
    books.keep_pause("a.example", (ahead - datetime.now(UTC)).total_seconds())
    with books._db:
        books._db.execute(
            "INSERT INTO runs VALUES ('a', ?, 1, 1, 0, '{}', '{}', '{}', NULL)", (ahead.timestamp(),)
        )
    assert books.backoff("a") == (3.0, None)
    assert books.pauses() == {}
    assert books.runs()["at"].max() <= datetime.now(UTC)
    books.close()
    now = datetime.now(UTC)
    for moment in (ahead, now - timedelta(days=1), now - timedelta(days=2)):
        Report(moment, [SourceLedger("a")]).save(tmp_path)
    newest = last_report(tmp_path)
    assert newest is not None
    assert newest.started == now - timedelta(days=1)
