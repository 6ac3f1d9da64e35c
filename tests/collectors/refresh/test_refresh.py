"""A refresh from end to end: real HTTP on loopback, real worker processes, a real dataset."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import tantivy
from aiohttp import web as http

import pressgauge
from collectors.candidate import Window
from collectors.extraction.article import READER_VERSION, Article
from collectors.kinds.registry import COLLECTORS
from collectors.ledger import Report, SourceLedger
from collectors.refresh.page import _PAGE, _PageSlot, _Room
from collectors.refresh.refresh import RefreshRunningError, refresh, refresh_now
from collectors.sandbox.pool import Workers
from collectors.source import Source
from pressgauge.search.index import Index, with_analyzers
from pressgauge.store.dataset import Dataset
from tests.collectors.newsroom import FIRST, Outlet, article_page, last_report, text_of
from tests.loopback import Loopback
from tests.waiting import until

pytestmark = pytest.mark.slow

Local = Callable[..., Source]


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return pressgauge.open(tmp_path / "coverage")


def collect(dataset: Dataset, *sources: Source, **options: Any) -> Report:
    """One refresh whose books are closed, by the sources and in the dataset."""
    before = len(dataset)
    report = refresh_now(dataset, sources, readers=1, bar=False, **options)
    for ledger in report.sources:
        by_reason = ledger.rejected.total() + ledger.quarantined.total() + ledger.failed.total()
        assert ledger.seen == ledger.stored + ledger.duplicate + by_reason, ledger
    assert len(dataset) == before + report.stored
    return report


def only(report: Report) -> SourceLedger:
    [ledger] = report.sources
    return ledger


def test_what_a_feed_announces_becomes_rows_with_all_that_is_known(web: Loopback, dataset: Dataset) -> None:
    outlet = Outlet(web)
    urls = outlet.publish(3)
    report = collect(dataset, outlet.source)
    assert (only(report).seen, only(report).stored, only(report).error) == (3, 3, None)
    assert report.version == dataset.version >= 0
    stored = dataset.load().sort_values("published", ignore_index=True)
    assert stored["url"].tolist() == urls
    assert stored["title"].tolist() == [f"Report number {n} on models" for n in range(3)]
    assert stored["published"].tolist() == [FIRST + timedelta(hours=n) for n in range(3)]
    assert [text.split() for text in stored["text"]] == [text_of(n, outlet.host).split() for n in range(3)]
    for column, value in {"outlet": "The Outlet", "source": "The Outlet", "country": "GB"}.items():
        assert set(stored[column]) == {value}
    assert set(stored["language"]) == {"en"}
    assert [list(names) for names in stored["authors"]] == [["Ada Marsh"]] * 3
    assert stored[["title_from", "text_from", "published_from", "authors_from"]].notna().all(axis=None)
    sure = stored[[f"{part}_confidence" for part in ("title", "text", "published", "authors")]]
    assert ((sure > 0) & (sure <= 100)).all(axis=None)
    assert stored["reader_version"].tolist() == [READER_VERSION] * 3
    assert (stored["collected"] > pd.Timestamp.now("UTC") - pd.Timedelta(minutes=5)).all()


def test_a_second_refresh_adds_only_what_is_new_and_asks_for_nothing_twice(
    web: Loopback, dataset: Dataset
) -> None:
    outlet = Outlet(web)
    outlet.publish(3)
    collect(dataset, outlet.source)
    again = only(collect(dataset, outlet.source))
    assert (again.seen, again.stored, again.duplicate) == (3, 0, 3)
    outlet.publish(1)
    more = only(collect(dataset, outlet.source))
    assert (more.seen, more.stored, more.duplicate) == (4, 1, 3)
    assert outlet.asked_pages() == 4
    assert dataset.load(["url"])["url"].is_unique


def test_p12_one_article_under_two_addresses_is_stored_once(web: Loopback, dataset: Dataset) -> None:
    outlet = Outlet(web)
    [url] = outlet.publish(1)
    outlet.announce(f"{url}?utm_source=rss&utm_medium=feed", "Report number 0", FIRST)
    page = article_page(0, FIRST).replace("</head>", f'<link rel="canonical" href="{url}"></head>')
    web.page("/mobile/0", page)
    outlet.announce(web.url("/mobile/0"), "Report number 0", FIRST)
    ledger = only(collect(dataset, outlet.source))
    assert (ledger.stored, ledger.duplicate) == (1, 2)


def test_one_source_after_another_may_bring_the_same_article(web: Loopback, dataset: Dataset) -> None:
    outlet = Outlet(web)
    [url] = outlet.publish(1)
    other = Outlet(web, "Aggregator", "127.0.0.2")
    other.announce(url, "Report number 0", FIRST)
    report = collect(dataset, outlet.source, other.source)
    assert report.stored == 1
    assert sorted((ledger.stored, ledger.duplicate) for ledger in report.sources) == [(0, 1), (1, 0)]


def test_what_is_broken_is_reported_by_name_and_stops_nothing(
    web: Loopback, dataset: Dataset, local: Local, tmp_path: Path
) -> None:
    outlet = Outlet(web)
    outlet.publish(2)
    outlet.announce(web.page("/gone", "gone", status=410), "Gone", FIRST)
    outlet.announce(web.page("/image", b"\x89PNG\r\n\x1a\n" + bytes(99), "image/png"), "Image", FIRST)
    outlet.announce("", "Without an address", FIRST)
    outlet.announce("javascript:alert(1)", "Script", FIRST)
    web.page("/login", "<html><body>Please log in</body></html>", host="127.0.0.2")
    table = tmp_path / "review.csv"
    table.write_text("url,title\n,nothing\nmailto:x@a.example,mail\n" + outlet.url(0) + ",known\n")
    report = collect(
        dataset,
        outlet.source,
        local(web.url("/login", "127.0.0.2"), name="login page"),
        local(web.url("/feed", "127.0.0.3"), name="no feed"),
        local("http://127.0.0.1:1/feed", name="nobody there"),
        local(web.url("/"), name="misspelt", options={"limitt": 3}),
        local(str(table), name="press review", kind="file"),
    )
    ledgers = {ledger.source: ledger for ledger in report.sources}
    assert report.stored == 2
    assert ledgers["The Outlet"].failed == {"http_410": 1}
    assert sum(ledgers["The Outlet"].rejected.values()) == 3
    assert {"no_url": 1, "bad_url": 1}.items() <= ledgers["The Outlet"].rejected.items()
    reasons = {name: (ledger.error or "").partition(":")[0] for name, ledger in ledgers.items()}
    assert reasons == {
        "The Outlet": "",
        "login page": "not_a_feed",
        "no feed": "http_404",
        "nobody there": "connect",
        "misspelt": "bad_option",
        "press review": "",
    }
    assert "limitt" in (ledgers["misspelt"].error or "")
    assert ledgers["press review"].rejected == {"no_url": 1, "bad_url": 1}
    assert ledgers["press review"].seen == 3
    assert report.collected
    assert "login page" in report.table() and "not_a_feed" in report.table()


def test_a_failing_page_is_tried_again_by_the_next_refreshes_and_then_left_alone(
    web: Loopback, dataset: Dataset
) -> None:
    outlet = Outlet(web)
    outlet.publish(1)
    path = "/2025/01/late.html"
    outlet.announce(web.page(path, "not yet", status=404), "Late", FIRST)
    outlet.write_feed({"ETag": '"same"'})
    gone = "/2025/01/gone.html"
    outlet.announce(web.page(gone, "gone", status=410), "Gone", FIRST)
    for _ in range(2):
        assert only(collect(dataset, outlet.source)).failed == {"http_404": 1, "http_410": 1}
    web.page(path, article_page(7, FIRST))
    assert only(collect(dataset, outlet.source)).stored == 1
    assert only(collect(dataset, outlet.source)).failed == {"http_410": 1}
    assert len(web.asked(path)) == 3
    assert len(web.asked(gone)) == 3, "three failures in a row are enough for a week"


def test_the_feed_s_full_text_stands_in_for_a_page_that_cannot_be_had(
    web: Loopback, dataset: Dataset
) -> None:
    outlet = Outlet(web)
    text = text_of(1, "feed")
    outlet.announce(web.page("/down", "down", status=503), "Under repair", FIRST, text.replace("\n", "<p>"))
    outlet.announce(web.page("/empty", "<html><body></body></html>"), "Empty page", FIRST, text_of(2, "feed"))
    ledger = only(collect(dataset, outlet.source))
    assert (ledger.stored, ledger.failed) == (2, {})
    stored = dataset.load().set_index("title")
    assert stored.loc["Under repair", "text"].split() == text.split()
    assert set(stored["text_from"]) == set(stored["partial"]) == {"feed"}
    assert set(stored["published_from"]) == {"feed"}
    assert set(stored["published"]) == {pd.Timestamp(FIRST)}


def test_a_page_in_full_is_preferred_to_the_feed_s_text(web: Loopback, dataset: Dataset) -> None:
    outlet = Outlet(web)
    web.page("/whole", article_page(5, FIRST))
    outlet.announce(web.url("/whole"), "Announced", FIRST, "Only a teaser in the feed. " * 30)
    collect(dataset, outlet.source)
    [row] = dataset.load().itertuples()
    assert row.text.split() == text_of(5).split()
    assert row.title == "Report number 5 on models"
    assert pd.isna(row.partial)


def test_since_and_until_bound_publication_as_the_page_says_it(web: Loopback, dataset: Dataset) -> None:
    outlet = Outlet(web)
    outlet.publish(4)
    outlet.announce(web.page("/undated-old", article_page(90, FIRST - timedelta(days=9))), "Old", None)
    outlet.announce(web.page("/undated-in", article_page(91, FIRST + timedelta(hours=1))), "In", None)
    window = Window(FIRST + timedelta(hours=1), FIRST + timedelta(hours=3))
    ledger = only(collect(dataset, outlet.source, window=window))
    assert ledger.stored == 3
    assert ledger.rejected == {"outside_window": 3}
    assert dataset.load(["published"])["published"].map(window.contains).all()
    assert len(web.asked(outlet.paths[0])) == 0, "what the feed dates outside is not asked for"


def test_the_next_refresh_without_a_window_brings_what_the_window_kept_out(
    web: Loopback, dataset: Dataset
) -> None:
    outlet = Outlet(web)
    outlet.publish(4)
    outlet.write_feed({"ETag": '"same"'})
    collect(dataset, outlet.source, window=Window(since=FIRST + timedelta(hours=2)))
    assert only(collect(dataset, outlet.source)).stored == 2


@pytest.mark.parametrize("whose", ["refresh", "source"])
def test_a_limit_is_of_new_pages_and_the_next_refresh_goes_on(
    web: Loopback, dataset: Dataset, whose: str
) -> None:
    outlet = Outlet(web)
    outlet.publish(5)
    outlet.write_feed({"ETag": '"same"'})
    sizes = []
    for _ in range(3):
        if whose == "refresh":
            collect(dataset, outlet.source, limit=2)
        else:
            collect(dataset, replace(outlet.source, max_items=2))
        sizes.append(len(dataset))
    assert sizes == [2, 4, 5]
    assert outlet.asked_pages() == 5


@pytest.mark.parametrize("kind", ["feed", "file"])
def test_max_items_of_a_source_holds_for_every_kind(
    web: Loopback, dataset: Dataset, local: Local, tmp_path: Path, kind: str
) -> None:
    outlet = Outlet(web)
    (tmp_path / "urls.txt").write_text("\n".join(outlet.publish(4)))
    url = web.url("/feed") if kind == "feed" else str(tmp_path / "urls.txt")
    assert only(collect(dataset, local(url, kind=kind, max_items=3))).stored == 3


def test_a_dry_run_says_what_is_new_and_keeps_nothing(web: Loopback, dataset: Dataset) -> None:
    outlet = Outlet(web)
    outlet.publish(1)
    collect(dataset, outlet.source)
    outlet.publish(2)
    outlet.write_feed({"ETag": '"same"'})
    reports = sorted((Path(dataset.path) / "reports").iterdir())
    version, pages = dataset.version, outlet.asked_pages()
    report = collect(dataset, outlet.source, dry_run=True)
    assert (only(report).duplicate, only(report).rejected) == (1, {"dry_run": 2})
    assert report.dry_run
    assert (dataset.version, outlet.asked_pages()) == (version, pages)
    assert sorted((Path(dataset.path) / "reports").iterdir()) == reports
    assert only(collect(dataset, outlet.source)).stored == 2


def test_n15_an_unchanged_feed_is_asked_conditionally_and_brings_nothing(
    web: Loopback, dataset: Dataset
) -> None:
    outlet = Outlet(web)
    outlet.publish(2)
    body = []

    def feed(request: http.Request) -> http.Response:
        if request.headers.get("If-None-Match") == '"v1"':
            return http.Response(status=304, headers={"ETag": '"v1"'})
        body.append(request)
        return http.Response(
            text=f"<rss version='2.0'><channel><item><link>{outlet.url(0)}</link></item></channel></rss>",
            content_type="application/rss+xml",
            headers={"ETag": '"v1"', "Last-Modified": "Mon, 20 Jan 2025 09:00:00 GMT", "Expires": "0"},
        )

    web.handle("/feed", feed, host=outlet.host)
    assert only(collect(dataset, outlet.source)).stored == 1
    again = only(collect(dataset, outlet.source))
    assert (again.seen, again.error) == (0, None)
    assert len(body) == 1
    assert web.asked("/feed")[-1].headers["If-Modified-Since"] == "Mon, 20 Jan 2025 09:00:00 GMT"


def test_n15_an_etag_that_changes_each_time_brings_nothing_twice(web: Loopback, dataset: Dataset) -> None:
    outlet = Outlet(web)
    outlet.publish(2)
    for n in range(3):
        outlet.write_feed({"ETag": f'"{n}"', "Expires": "0"})
        collect(dataset, outlet.source)
    assert len(dataset) == 2


def test_the_reports_are_kept_in_the_folder_and_the_newest_is_found(web: Loopback, dataset: Dataset) -> None:
    outlet = Outlet(web)
    outlet.publish(1)
    first = collect(dataset, outlet.source)
    second = collect(dataset, outlet.source)
    folder = Path(dataset.path) / "reports"
    kept = [Report.from_json(file.read_text()) for file in sorted(folder.glob("*.json"))]
    assert kept == [first, second]
    assert last_report(folder) == second
    (folder / "9999-12-31.json").write_text("{")
    assert last_report(folder) == second, "what cannot be read is passed over"
    assert json.loads(second.to_json())["sources"][0]["duplicate"] == 1


def test_progress_is_told_at_each_change_and_ends_with_the_report(web: Loopback, dataset: Dataset) -> None:
    outlet = Outlet(web)
    outlet.publish(3)
    told: list[dict[str, Any]] = []
    report = collect(dataset, outlet.source, on_progress=lambda ledger: told.append(ledger.to_dict()))
    assert [line["stored"] for line in told] == sorted(line["stored"] for line in told)
    assert told[-1] == only(report).to_dict()
    assert len(told) >= 3


async def test_refresh_now_works_where_an_event_loop_is_already_running(
    web: Loopback, dataset: Dataset
) -> None:
    outlet = Outlet(web)
    outlet.publish(1)
    assert asyncio.get_running_loop().is_running()
    assert collect(dataset, outlet.source).stored == 1


async def test_in_a_notebook_it_can_be_awaited(web: Loopback, dataset: Dataset) -> None:
    outlet = Outlet(web)
    outlet.publish(1)
    report = await refresh(dataset, [outlet.source], readers=1)
    assert report.stored == 1


def test_without_sources_those_of_the_settings_are_asked(
    web: Loopback, dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    outlet = Outlet(web)
    outlet.publish(1)
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path))
    block = '[[source]]\nname = "{}"\nkind = "{}"\nurl = "{}"\nlocal = true\nenabled = {}\n'
    blocks = [("Asked", "feed", "true"), ("Not asked", "feed", "false"), ("Broken", "fedd", "true")]
    settings = "".join(block.format(name, kind, outlet.source.url, on) for name, kind, on in blocks)
    (tmp_path / "sources.toml").write_text(settings)
    report = refresh_now(dataset, readers=1, bar=False)
    assert [(ledger.source, ledger.stored) for ledger in report.sources] == [("Asked", 1)]
    assert f"{tmp_path / 'sources.toml'}:15" in caplog.text, "a bad line is named and stops nothing"


async def test_s08_of_two_refreshes_at_once_the_second_says_that_one_is_running(
    web: Loopback, dataset: Dataset
) -> None:
    outlet = Outlet(web)
    outlet.publish(2)
    web.delay = 0.5
    started = asyncio.Event()
    first = asyncio.create_task(
        refresh(dataset, [outlet.source], readers=1, on_progress=lambda _: started.set())
    )
    await started.wait()
    with pytest.raises(RefreshRunningError, match="already running"):
        await refresh(dataset, [outlet.source], readers=1)
    assert (await first).stored == 2
    again = await refresh(dataset, [outlet.source], readers=1)
    assert again.stored == 0, "the lock ends with its refresh"


async def test_s08_without_the_lock_two_refreshes_at_once_ask_for_everything_twice(
    web: Loopback, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collectors.refresh.refresh._exclusive", lambda folder: contextlib.nullcontext())
    dataset.path.mkdir()
    outlet = Outlet(web)
    outlet.publish(1)
    both = asyncio.Barrier(2)

    async def page(_: http.Request) -> http.Response:
        await both.wait()
        return http.Response(text=article_page(0, outlet.published(0)), content_type="text/html")

    web.handle(outlet.paths[0], page, host=outlet.host)
    await asyncio.gather(*(refresh(dataset, [outlet.source], readers=1) for _ in range(2)))
    assert len(web.asked(outlet.paths[0])) == 2


def test_a_fault_in_one_collector_is_recorded_and_the_others_go_on(
    web: Loopback, dataset: Dataset, local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Faulty:
        kind, summary, limits, key = "faulty", "", "", None

        async def collect(self, *_: object):
            yield None
            raise AssertionError("unreachable")

    monkeypatch.setitem(COLLECTORS, "faulty", Faulty())
    outlet = Outlet(web)
    outlet.publish(1)
    report = refresh_now(dataset, [local(name="faulty", kind="faulty"), outlet.source], readers=1, bar=False)
    assert (report.sources[0].error or "").startswith("bug: ")
    assert report.stored == 1


def test_s04_articles_that_cannot_be_stored_are_no_success_and_are_collected_next_time(
    web: Loopback, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    outlet = Outlet(web)
    outlet.publish(2)
    outlet.write_feed({"ETag": '"same"'})

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Dataset, "append", full)
        report = collect(dataset, outlet.source)
    assert only(report).failed == {"not_stored": 2}
    assert "No space left on device" in (report.problem or "")
    assert not report.collected and not report.interrupted
    assert only(collect(dataset, outlet.source)).stored == 2


def test_s04_without_the_end_of_the_refresh_articles_that_could_not_be_stored_are_lost(
    web: Loopback, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    outlet = Outlet(web)
    outlet.publish(2)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Dataset, "append", full)
        patch.setattr("collectors.refresh.commit.Commits._end", lambda self, problem: None)
        report = refresh_now(dataset, [outlet.source], readers=1, bar=False)
    assert only(report).stored == 2
    assert only(collect(dataset, outlet.source)).stored == len(dataset) == 0


def test_a_long_back_fill_commits_what_it_has_now_and_then(
    web: Loopback, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collectors.refresh.commit.GROUP", 4)
    outlet = Outlet(web)
    outlet.publish(10)
    collect(dataset, outlet.source)
    commits = dataset.versions().query("operation == 'append'")
    assert len(commits) >= 2
    assert commits["added"].iloc[0] < commits["added"].sum() == 10


async def test_a_long_back_fill_can_be_searched_before_it_ends(
    web: Loopback, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collectors.refresh.commit.GROUP", 4)
    monkeypatch.setattr("collectors.refresh.commit.INDEXED", 0)
    outlet = Outlet(web)
    outlet.publish(10)
    web.handle(outlet.paths[9], _never, host=outlet.host)
    stop = asyncio.Event()
    task = asyncio.create_task(refresh(dataset, [outlet.source], readers=1, stop=stop))
    searchable = await until(lambda: _searchable(dataset))
    assert 4 <= searchable <= 9
    stop.set()
    await task


async def test_pages_that_wait_for_a_reader_are_few_however_many_there_are(
    web: Loopback, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, extract = asyncio.Event(), Workers.extract

    async def later(workers: Workers, *page: Any, **options: Any) -> Article:
        await reading.wait()
        return await extract(workers, *page, **options)

    monkeypatch.setattr("collectors.refresh.page._ROOM", 3 * _PAGE)
    monkeypatch.setattr(Workers, "extract", later)
    outlet = Outlet(web)
    outlet.publish(9)
    task = asyncio.create_task(refresh(dataset, [outlet.source], readers=1))

    def asked() -> int:
        return sum(len(web.asked(path)) for path in outlet.paths)

    await until(lambda: asked() >= 3)
    await asyncio.sleep(0.3)
    assert asked() == 3
    reading.set()
    assert (await task).stored == 9


async def test_a_heavy_page_lets_fewer_others_into_memory_and_each_comes_in_its_turn() -> None:
    room, inside = _Room(3 * _PAGE), []

    async def page(number: int, read: asyncio.Event) -> None:
        async with _PageSlot(room) as place:
            await place.take()
            inside.append(number)
            await read.wait()

    async with _PageSlot(room) as heavy:
        await heavy.take()
        heavy.hold(bytes(4 * _PAGE))
        read = [asyncio.Event() for _ in range(5)]
        others = [asyncio.create_task(page(number, event)) for number, event in enumerate(read)]
        await asyncio.sleep(0)
        assert inside == []
    await until(lambda: len(inside) == 3)
    read[1].set()
    await others[1]
    await until(lambda: len(inside) == 4)
    assert inside == [0, 1, 2, 3]
    for event in read:
        event.set()
    await asyncio.gather(*others)
    assert inside == [0, 1, 2, 3, 4]


async def test_a_page_that_has_moved_takes_no_more_room_than_another(
    web: Loopback, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collectors.refresh.page._ROOM", _PAGE)
    outlet = Outlet(web)
    outlet.publish(2)
    for number in range(2):
        moved = web.redirect(f"/moved/{number}", outlet.paths[number], host=outlet.host)
        outlet.announce(moved, f"Moved {number}", FIRST)
    async with asyncio.timeout(60):
        report = await refresh(dataset, [outlet.source], readers=1)
    assert (only(report).seen, report.stored) == (4, 2)


async def test_what_readers_ask_first_is_ready_at_the_end_of_a_refresh(
    web: Loopback, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    outlet = Outlet(web)
    outlet.publish(3)
    outlet.write_feed()
    async with asyncio.timeout(60):
        assert (await refresh(dataset, [outlet.source], readers=1)).stored == 3
    monkeypatch.setattr("pressgauge.events.sync.update", None)  # nothing is left to cluster
    again = Dataset(dataset.path)
    assert len(again.events().clusters.id) == 3
    assert again.voices_behind() == 0


def _searchable(dataset: Dataset) -> int:
    """How many articles the index on disk holds, as it is."""
    found = list((dataset.path / "index").glob("format-*"))
    return len(Index(with_analyzers(tantivy.Index.open(str(found[0]))))) if found else 0


async def test_o03_an_interrupted_refresh_keeps_what_is_complete_and_forgets_nothing_of_the_rest(
    web: Loopback, dataset: Dataset
) -> None:
    outlet = Outlet(web)
    outlet.publish(12)
    outlet.write_feed({"ETag": '"same"'})
    for path in outlet.paths[6:]:
        web.handle(path, _never, host=outlet.host)
    stop = asyncio.Event()

    def enough(ledger: SourceLedger) -> None:
        if ledger.stored == 6:
            stop.set()

    async with asyncio.timeout(30):
        report = await refresh(dataset, [outlet.source], readers=1, stop=stop, on_progress=enough)
    assert report.interrupted
    assert (only(report).stored, only(report).failed) == (6, {"interrupted": only(report).seen - 6})
    assert len(dataset) == 6
    for number in range(6, 12):
        page = article_page(number, outlet.published(number))
        web.page(outlet.paths[number], page, host=outlet.host)
    again = await refresh(dataset, [outlet.source], readers=1)
    assert (only(again).seen, only(again).stored, len(dataset)) == (12, 6, 12)


async def _never(_: http.Request) -> http.Response:
    await asyncio.sleep(60)
    return http.Response(text="late")


async def test_o03_a_cancelled_refresh_keeps_what_is_complete(web: Loopback, dataset: Dataset) -> None:
    outlet = Outlet(web)
    outlet.publish(4)
    web.handle(outlet.paths[3], _never, host=outlet.host)
    done = asyncio.Event()
    task = asyncio.create_task(
        refresh(
            dataset,
            [outlet.source],
            readers=1,
            on_progress=lambda ledger: done.set() if ledger.stored == 3 else None,
        )
    )
    async with asyncio.timeout(30):
        await done.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert len(dataset) == 3
    report = last_report(Path(dataset.path) / "reports")
    assert (
        report
        and report.interrupted
        and report.finished
        and report.finished > datetime(2025, 1, 1, tzinfo=UTC)
    )
