"""Whatever the web sends, every entry that was seen has one outcome in the books, and the rest goes on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import pressgauge
from collectors import ledger
from collectors.candidate import Candidate
from collectors.extraction.extract import Article
from collectors.kinds import feeds
from collectors.ledger import Report, SourceLedger
from collectors.refresh import identity, rules
from collectors.refresh import page as refreshing
from collectors.refresh.refresh import refresh, refresh_now
from collectors.shared import feed_entries
from collectors.source import Source
from collectors.web.fetch import Fetcher
from pressgauge.store.dataset import Dataset
from pressgauge.store.rows import clean
from tests.collectors.newsroom import FIRST, Outlet, article_page
from tests.collectors.refresh.test_refresh_network import Names
from tests.loopback import Loopback

pytestmark = pytest.mark.slow

Local = Callable[..., Source]


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return pressgauge.open(tmp_path / "coverage")


def collect(dataset: Dataset, *sources: Source) -> dict[str, SourceLedger]:
    report = refresh_now(dataset, sources, readers=1, bar=False)
    return {one.source: one for one in report.sources}


def feed(*items: str) -> str:
    return f"<rss version='2.0'><channel>{''.join(items)}</channel></rss>"


def test_n08_n12_nothing_that_a_page_names_is_asked_for(web: Loopback, dataset: Dataset) -> None:
    """127.0.0.2 is the private host."""
    outlet = Outlet(web)
    there = {
        name: web.url(f"/{name}", "127.0.0.2") for name in ("refresh", "canonical", "frame", "icon", "og")
    }
    head = (
        f"<meta http-equiv='refresh' content='0; url={there['refresh']}'>"
        f"<link rel=canonical href='{there['canonical']}'><link rel=icon href='{there['icon']}'>"
        f"<meta property='og:image' content='{there['og']}'><base href='{there['og']}'>"
    )
    images = "".join(f"<img src='{web.url(f'/{n}', '127.0.0.2')}'>" for n in range(100))
    body = article_page(0, FIRST).replace("</head>", head + "</head>")
    body = body.replace("<article>", f"<article>{images}<iframe src='{there['frame']}'></iframe>")
    outlet.announce(web.page("/story", body), "Report number 0", FIRST)
    assert collect(dataset, outlet.source)["The Outlet"].stored == 1
    assert {request.host for request in web.requests} == {"127.0.0.1"}
    assert dataset.load(["canonical_url"])["canonical_url"].tolist() == [web.url("/story")]


def test_n18_what_comes_instead_of_a_feed_is_an_error_by_name_and_never_nothing_new(
    web: Loopback, dataset: Dataset, local: Local
) -> None:
    instead = {
        "log-in": "<html><body>Please log in</body></html>",
        "cookies": "<!doctype html><html><body>We use cookies. Accept all</body></html>",
        "challenge": "<!DOCTYPE html><html><title>Just a moment...</title></html>",
        "nothing": "",
        "json": '{"error": "no such feed"}',
    }
    for name, body in instead.items():
        web.page(f"/{name}", body, "application/rss+xml")
    found = collect(dataset, *(local(web.url(f"/{name}"), name=name) for name in instead))
    assert {(one.error or "").partition(":")[0] for one in found.values()} == {"not_a_feed"}


# P11 and P13


def test_p11_one_article_whatever_its_feed_does_to_guids_titles_and_addresses(
    web: Loopback, dataset: Dataset
) -> None:
    for number in range(3):
        web.page(f"/story-{number}", article_page(number, FIRST))

    def item(number: int, guid: str, query: str = "", title: str = "") -> str:
        link = escape(web.url(f"/story-{number}") + query)
        return f"<item><title>{title or f'Report {number}'}</title><link>{link}</link>{guid}</item>"

    outlet = Outlet(web)
    reused = "<guid isPermaLink='false'>1</guid>"
    editions = [
        feed(item(0, reused), item(1, reused), item(2, "")),  # one GUID for two articles, none for a third
        feed(item(0, "<guid>changed</guid>"), item(1, ""), item(2, "<guid>new</guid>")),
        feed(item(0, reused, "?utm_source=rss"), item(1, reused, "#top"), item(2, "", title="Edited")),
    ]
    stored = []
    for edition in editions:
        web.page("/feed", edition, "application/rss+xml", host=outlet.host)
        books = collect(dataset, outlet.source)["The Outlet"]
        stored.append((books.seen, books.stored, books.duplicate))
    assert stored == [(3, 3, 0), (3, 0, 3), (3, 0, 3)]
    assert len(dataset) == 3


def test_p11_without_one_form_of_addresses_an_article_whose_address_changes_is_two(
    web: Loopback, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (refreshing, identity, clean):
        monkeypatch.setattr(module, "canonicalize", str)
    monkeypatch.setattr(refreshing, "choose_canonical", lambda url, declared: url)
    outlet = Outlet(web)
    link = web.page("/story", article_page(0, FIRST))
    for query in ("", "?utm_source=rss"):
        one = feed(f"<item><link>{link}{query}</link></item>")
        web.page("/feed", one, "application/rss+xml", host=outlet.host)
        collect(dataset, outlet.source)
    assert len(dataset) == 2


def test_p11_with_a_guid_believed_two_articles_are_one(
    web: Loopback, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As feed readers do: an entry is what its GUID says."""
    judged = feed_entries._judged

    def by_guid(entry: dict[str, Any], *more: Any) -> Any:
        return judged(entry | {"link": first.setdefault(entry["id"], entry["link"])}, *more)

    first: dict[str, str] = {}
    outlet = Outlet(web)
    links = [web.page(f"/story-{number}", article_page(number, FIRST)) for number in range(2)]
    guid = "<guid isPermaLink='false'>1</guid>"
    both = feed(*(f"<item><link>{link}</link>{guid}</item>" for link in links))
    web.page("/feed", both, "application/rss+xml", host=outlet.host)
    monkeypatch.setattr(feed_entries, "_judged", by_guid)
    collect(dataset, outlet.source)
    assert len(dataset) == 1
    monkeypatch.setattr(feed_entries, "_judged", judged)
    collect(dataset, outlet.source)
    assert len(dataset) == 2


def test_p11_an_edited_article_that_comes_again_is_a_version_of_the_same(dataset: Dataset) -> None:
    row = {"url": "https://a.example/1", "title": "First", "text": "Words of it. " * 40, "published": FIRST}
    first = dataset.append(pd.DataFrame([row]))
    again = dataset.append(pd.DataFrame([row | {"title": "First, corrected"}]))
    assert (first.added, again.added, again.updated) == (1, 0, 1)
    assert dataset.load()["title"].tolist() == ["First, corrected"]
    assert dataset.load(as_of=first.version)["title"].tolist() == ["First"]


def test_p13_hostile_titles_are_stored_with_the_rest_of_their_batch(web: Loopback, dataset: Dataset) -> None:
    hostile = ["\\ud800 lone", "nul\\u0000byte", "\\u202eoverride", "z\\u200bero", "\\u0430pple", "👩‍👩‍👧"]
    items = []
    for number, title in enumerate(hostile):
        # The page has no title of its own: the feed's counts.
        page = article_page(number, FIRST).replace(f"Report number {number} on models", "")
        link = web.page(f"/story-{number}", page)
        items.append(f'{{"id": "{number}", "url": "{link}", "title": "{title}{"x" * 10_000}"}}')
    body = f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{", ".join(items)}]}}'
    outlet = Outlet(web)
    web.page("/feed", body, "application/feed+json", host=outlet.host)
    assert collect(dataset, outlet.source)["The Outlet"].stored == len(hostile)
    titles = dataset.load(["title"])["title"]
    assert titles.notna().all()
    for title in titles:
        title.encode()  # no lone surrogate
        assert not re.search("[\x00-\x1f]", title)


# P14


EVIL = "evil\r\n2025-01-01 root logged in \x1b[2J\u2028\x9b31m"


def books(error: str | None) -> Report:
    report = Report(datetime.now(UTC), [SourceLedger("The Outlet", error=error), SourceLedger(EVIL)])
    report.sources[0].seen = 1
    report.sources[0].count("rejected", EVIL)
    return report


@pytest.mark.parametrize("error", [f"bug: ValueError: {EVIL}", None])
def test_p14_the_table_of_a_refresh_has_a_line_a_source_whatever_they_say(error: str | None) -> None:
    lines = books(error).table().split("\n")
    assert len(lines) == 4  # the head, two sources, their sum
    assert all(line.isprintable() for line in lines)


def test_p14_without_the_guard_a_source_writes_lines_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "one_line", lambda text: text)
    assert len(books(EVIL).table().split("\n")) > 4


def test_p14_a_server_that_writes_to_the_terminal_writes_one_plain_line(
    web: Loopback, dataset: Dataset, local: Local
) -> None:
    evil = "<html>\x1b[2J\r\nroot</html>"
    web.page("/feed", evil, "text/html; x=\x9b31m")
    report = refresh_now(dataset, [local(web.url("/feed"))], readers=1, bar=False)
    assert len(report.table().split("\n")) == 2
    assert all(line.isprintable() for line in report.table().split("\n"))
    assert "\n" not in report.to_json()


# The ledger itself


def test_the_table_of_a_refresh_names_the_reasons_or_says_how_many_it_leaves_out() -> None:
    one = SourceLedger("The Outlet", seen=21)
    for number in range(1, 7):
        one.count("failed", f"http_50{number}", by=7 - number)
    table = Report(datetime.now(UTC), [one]).table()
    assert table.endswith("http_501 6, http_502 5, http_503 4, http_504 3, http_505 2, http_506 1")
    one.count("rejected", "robots")
    table = Report(datetime.now(UTC), [one]).table()
    assert table.endswith("http_505 2, and 2 more reasons") and "http_506" not in table


def test_the_table_of_a_refresh_gives_no_counts_of_a_source_that_failed_as_a_whole() -> None:
    failed, empty = SourceLedger("Failed", error="not_json: it is HTML"), SourceLedger("Empty")
    _, first, second, _ = Report(datetime.now(UTC), [failed, empty]).table().split("\n")
    assert first.split() == ["Failed", *"------", "not_json:", "it", "is", "HTML"]
    assert second.split() == ["Empty", *"000000"]


def test_the_books_of_a_refresh_do_not_close_while_an_entry_has_no_outcome() -> None:
    one = SourceLedger("The Outlet", seen=2)
    one.count("stored")
    with pytest.raises(AssertionError, match="1 entries without an outcome"):
        Report(datetime.now(UTC), [one]).check()
    one.count("failed", "timeout")
    Report(datetime.now(UTC), [one]).check()


def test_without_the_outcome_of_a_page_a_refresh_does_not_end_quietly(
    web: Loopback, dataset: Dataset, monkeypatch: pytest.MonkeyPatch, closed_books: list[Report]
) -> None:
    outlet = Outlet(web)
    outlet.announce(web.page("/gone", "gone", status=410), "Gone", FIRST)
    count = SourceLedger.count

    def forgetful(self: SourceLedger, outcome: ledger.Kind, reason: str | None = None, by: int = 1) -> None:
        if outcome != "failed":
            count(self, outcome, reason, by)

    monkeypatch.setattr(SourceLedger, "count", forgetful)
    with pytest.raises(AssertionError, match="without an outcome"):
        refresh_now(dataset, [outlet.source], readers=1, bar=False)
    assert closed_books.pop().sources[0].open == 1


def test_a_ledger_says_in_json_what_it_says(tmp_path: Path) -> None:
    report = books("timeout: x")
    assert Report.from_json(report.save(tmp_path).read_text(encoding="utf-8")) == report
    values = json.loads(report.to_json())["sources"][0]
    assert values["seen"] == values["stored"] + values["duplicate"] + sum(
        sum(values[kind].values()) for kind in ("rejected", "quarantined", "failed")
    )


# Twins of what a refresh decides


def test_p10_a_page_from_the_future_is_undated_and_without_the_limit_it_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = datetime(2025, 1, 20, tzinfo=UTC)
    source = Source(name="a", kind="feed", url="x", outlet="a")

    def published(ahead: timedelta) -> datetime | None:
        article = Article(published=now + ahead, published_precision="second", published_from="meta")
        row = rules.row(source, Candidate("https://a.example/1"), article, "u", "u", now)
        moment: datetime | None = row["published"]
        return moment

    assert published(timedelta(hours=47)) == now + timedelta(hours=47)
    assert published(timedelta(hours=49)) is None
    monkeypatch.setattr(rules, "FUTURE", timedelta(days=36_500))
    assert published(timedelta(hours=49)) == now + timedelta(hours=49)


@pytest.mark.parametrize(
    ("errors", "hosts", "event"),
    [
        ({"a": "dns", "b": "dns"}, 0, "offline"),
        ({"a": "dns", "b": None}, 0, None),
        ({"a": "not_a_feed", "b": "not_a_feed", "c": "dns"}, 3, "captive_portal"),
        ({"a": "not_a_feed", "b": "not_a_feed", "c": "not_a_feed"}, 1, None),
    ],
)
def test_o02_what_befell_the_network_is_one_event(
    errors: dict[str, str | None], hosts: int, event: str | None
) -> None:
    assert rules.event(errors, {b"same": [f"{n}.example" for n in range(hosts)]}) == event


def test_o02_1000_sources_without_a_network_are_charged_nothing_and_without_the_event_each_is() -> None:
    errors: dict[str, str | None] = {f"source {n}": "dns" for n in range(1_000)}
    assert rules.event(errors, {}) == "offline"
    now = datetime(2025, 1, 20, tzinfo=UTC)
    weight, until = rules.backoff("dns", 0.0, now)
    assert weight > 0 and until is not None and until > now


def test_n18_without_the_look_at_what_came_a_log_in_page_is_nothing_new(
    web: Loopback, dataset: Dataset, local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def trusting(*_: object) -> dict[str, Any]:
        return {"kind": "feed", "entries": [], "left": [], "over": 0}

    monkeypatch.setattr(feeds, "parse", trusting)
    web.page("/feed", "<html><body>Please log in</body></html>")
    books = collect(dataset, local(web.url("/feed")))["The Outlet"]
    assert (books.error, books.seen) == (None, 0)


async def test_o02_without_the_look_at_equal_answers_a_portal_s_page_is_an_article(
    web: Loopback, dataset: Dataset, local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three hosts answer with the very same page; `test_refresh_network` shows that none is stored."""
    monkeypatch.setattr(rules, "PORTAL_HOSTS", 10**9)
    sources = []
    for number in range(3):
        link = f"http://outlet{number}.example:{web.port}/article{number}"
        web.page(f"/feed{number}", feed(f"<item><link>{link}</link></item>"), "application/rss+xml")
        web.page(f"/article{number}", article_page(0, FIRST))
        sources.append(local(f"http://outlet{number}.example:{web.port}/feed{number}", name=str(number)))
    report = await refresh(
        dataset, sources, readers=1, fetcher=lambda state: Fetcher(state, resolver=Names())
    )
    assert report.stored == 3
