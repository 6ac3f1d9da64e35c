"""Refreshes on bad networks: none, a log-in page, hosts that fail for days and come back."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

import pressgauge
from collectors.ledger import Report
from collectors.refresh import rules
from collectors.refresh.refresh import refresh
from collectors.retries import LASTING
from collectors.source import Source
from collectors.state import State
from collectors.web.fetch import Fetcher
from pressgauge.store.dataset import Dataset
from tests.collectors.newsroom import FIRST, Outlet, article_page, last_report
from tests.loopback import Loopback

pytestmark = pytest.mark.slow

ATTEMPTS = len(LASTING) + 1
"""Refreshes in which a page that seems to be gone is asked for."""

Local = Callable[..., Source]
NAMES = [f"outlet{n}.example" for n in range(5)]
PORTAL = "<html><head><title>Guest network</title></head><body><form>Room number</form></body></html>"


class Names(AbstractResolver):
    """Every name is 127.0.0.1; `down` answers none."""

    def __init__(self, *, down: bool = False) -> None:
        self.down = down

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[ResolveResult]:
        await asyncio.sleep(0)
        if self.down:
            raise OSError(socket.EAI_AGAIN, "Temporary failure in name resolution")
        found = ResolveResult(
            hostname=host, host="127.0.0.1", port=port, proto=0, flags=0, family=socket.AF_INET
        )
        return [found]

    async def close(self) -> None:
        await asyncio.sleep(0)


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return pressgauge.open(tmp_path / "coverage")


async def run(dataset: Dataset, sources: list[Source], names: Names | None = None, **options: Any) -> Report:
    fetcher = (lambda state: Fetcher(state, resolver=names, deadline=5)) if names else Fetcher
    return await refresh(dataset, sources, fetcher=fetcher, readers=1, **options)


@contextlib.contextmanager
def state_of(dataset: Dataset) -> Iterator[State]:
    Path(dataset.path).mkdir(exist_ok=True)
    with contextlib.closing(State(Path(dataset.path) / "state.sqlite")) as state:
        yield state


def named(web: Loopback, local: Local, number: int, **settings: Any) -> Source:
    name = NAMES[number]
    return local(f"http://{name}:{web.port}/feed", name=name, outlet=name, **settings)


async def test_o02_without_network_each_source_says_so_and_nobody_is_charged(
    web: Loopback, dataset: Dataset, local: Local, tmp_path: Path
) -> None:
    outlet = Outlet(web)
    outlet.publish(1)
    await run(dataset, [outlet.source])
    version = dataset.version
    (tmp_path / "list.txt").write_text(outlet.url(0))
    sources = [named(web, local, n) for n in range(5)]
    disk = local(str(tmp_path / "list.txt"), name="on disk", kind="file")
    keyless = local("https://content.guardianapis.com/search", name="keyless", kind="guardian")
    report = await run(dataset, [*sources, disk, keyless], Names(down=True), environ={})
    assert report.event == "offline"
    errors = {ledger.source: ledger.error or "" for ledger in report.sources}
    assert all("no network" in errors[source.name] for source in sources)
    assert dataset.version == version
    with state_of(dataset) as state:
        assert [state.backoff(source.name) for source in sources] == [(0.0, None)] * 5
        assert set(state.runs()["source"]) == {outlet.name}, "an outage is not a failure of the source"
    kept = last_report(Path(dataset.path) / "reports")
    assert kept and kept.event == "offline"


async def test_o02_pages_that_could_not_be_asked_for_without_network_are_asked_for_when_it_is_back(
    web: Loopback, dataset: Dataset, local: Local, tmp_path: Path
) -> None:
    (tmp_path / "list.txt").write_text(f"http://{NAMES[0]}:{web.port}/article")
    disk = local(str(tmp_path / "list.txt"), name="on disk", kind="file")
    sources = [named(web, local, 1), named(web, local, 2), disk]
    for _ in range(ATTEMPTS + 1):
        assert (await run(dataset, sources, Names(down=True))).event == "offline"
    web.page("/article", article_page(0, FIRST))
    assert (await run(dataset, [disk], Names())).stored == 1


async def test_n16_a_page_of_a_paused_host_is_not_given_up_before_it_was_asked_for(
    web: Loopback, dataset: Dataset, local: Local, tmp_path: Path
) -> None:
    urls = [web.page(f"/article{n}", "no", status=429, headers={"Retry-After": "7200"}) for n in range(3)]
    (tmp_path / "list.txt").write_text("\n".join(urls))
    disk = local(str(tmp_path / "list.txt"), kind="file", concurrency=1)
    for _ in range(ATTEMPTS + 1):
        await run(dataset, [disk])
    assert len(web.asked("/article0")) == 1
    with state_of(dataset) as state:
        assert [(found.reason, found.attempts) for url in urls if (found := state.outcome(url))] == [
            ("host_paused", 1),
            ("host_paused", 0),
            ("host_paused", 0),
        ]


@pytest.mark.parametrize(("status", "asked"), [(404, ATTEMPTS), (200, 1)])
async def test_a_page_that_was_given_up_or_is_no_article_is_not_asked_for_again_in_each_other_refresh(
    web: Loopback, dataset: Dataset, local: Local, tmp_path: Path, status: int, asked: int
) -> None:
    (tmp_path / "list.txt").write_text(web.page("/page", "<form></form>", status=status))
    disk = local(str(tmp_path / "list.txt"), kind="file")
    times = []
    for _ in range(ATTEMPTS + 2):
        await run(dataset, [disk])
        times.append(len(web.asked("/page")))
    assert times[ATTEMPTS:] == [times[ATTEMPTS - 1]] * 2
    with state_of(dataset) as state:
        kept = state.outcome(web.url("/page"))
        assert kept is not None
        assert kept.attempts == asked


async def test_o02_one_source_whose_name_is_gone_is_its_own_failure(
    web: Loopback, dataset: Dataset, local: Local
) -> None:
    outlet = Outlet(web)
    outlet.publish(1)
    gone = local("http://127.0.0.1:1/feed", name="gone")
    report = await run(dataset, [gone, outlet.source])
    assert report.event is None
    assert report.stored == 1
    with state_of(dataset) as state:
        assert state.backoff("gone")[1] is not None


async def test_o02_of_a_captive_portal_nothing_is_stored_and_nobody_is_charged(
    web: Loopback, dataset: Dataset, local: Local
) -> None:
    for path in ("/feed", "/robots.txt"):
        web.page(path, PORTAL)
    sources = [named(web, local, n) for n in range(5)]
    report = await run(dataset, sources, Names())
    assert report.event == "captive_portal"
    assert all("log-in page" in (ledger.error or "") for ledger in report.sources)
    assert (len(dataset), report.collected) == (0, False)
    with state_of(dataset) as state:
        assert [state.backoff(source.name) for source in sources] == [(0.0, None)] * 5
        assert state.validators(sources[0].url) == (None, None)


async def test_o02_a_portal_that_answers_for_the_pages_only_stores_no_row_and_they_are_asked_again(
    web: Loopback, dataset: Dataset, local: Local
) -> None:
    sources = []
    for n, name in enumerate(NAMES):
        link = f"http://{name}:{web.port}/article{n}"
        feed = f"<rss version='2.0'><channel><item><link>{link}</link></item></channel></rss>"
        web.page(f"/feed{n}", feed, "application/rss+xml", headers={"ETag": '"same"'})
        # A portal's page that is as long as an article: a short one would not pass for one.
        web.page(f"/article{n}", article_page(0, FIRST))
        sources.append(local(f"http://{name}:{web.port}/feed{n}", name=name))
    report = await run(dataset, sources, Names())
    assert [dict(ledger.failed) for ledger in report.sources] == [{"captive_portal": 1}] * 5
    assert len(dataset) == 0
    for n in range(len(NAMES)):
        web.page(f"/article{n}", article_page(n, FIRST))
    again = await run(dataset, sources, Names())
    assert (again.stored, len(dataset)) == (5, 5)


async def test_n17_a_source_that_fails_is_left_alone_for_a_while_and_recovers_by_itself(
    web: Loopback, dataset: Dataset
) -> None:
    outlet, sound = Outlet(web), Outlet(web, "Sound", "127.0.0.2")
    sound.publish(1)
    web.page("/feed", "gone", status=404, host=outlet.host)
    sources = [outlet.source, sound.source]
    first = await run(dataset, sources)
    assert (first.sources[0].error or "").startswith("http_404")
    asked = len(web.asked("/feed"))
    second = await run(dataset, sources)
    assert (second.sources[0].error or "").startswith("backing_off")
    assert len([r for r in web.asked("/feed") if r.host == outlet.host]) == 1
    assert len(web.asked("/feed")) == asked + 1
    outlet.publish(1)
    insisted = await run(dataset, sources, insist=True)
    assert insisted.sources[0].stored == 1, "who asks for it by name gets it"
    with state_of(dataset) as state:
        assert state.backoff(outlet.name) == (0.0, None)
    assert (await run(dataset, sources)).sources[0].error is None


async def test_n17_without_the_back_off_a_source_that_fails_is_asked_in_every_refresh(
    web: Loopback, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "backoff", lambda reason, weight, now: (weight, None))
    outlet, sound = Outlet(web), Outlet(web, "Sound", "127.0.0.2")
    web.page("/feed", "gone", status=404, host=outlet.host)
    for _ in range(4):
        await run(dataset, [outlet.source, sound.source])
    assert len([request for request in web.asked("/feed") if request.host == outlet.host]) == 4


async def test_n17_without_a_success_that_starts_from_nothing_a_source_stays_left_alone(
    web: Loopback, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source that was down for a day has recovered, and is asked by name."""
    outlet = Outlet(web)
    outlet.publish(1)
    with state_of(dataset) as state:
        state.keep_backoff(outlet.name, 48.0, datetime.now(UTC) + timedelta(days=1))
    keep = State.keep_backoff
    never: Any = lambda self, source, weight, until: until and keep(self, source, weight, until)  # noqa: E731
    monkeypatch.setattr(State, "keep_backoff", never)
    assert (await run(dataset, [outlet.source], insist=True)).stored == 1
    again = await run(dataset, [outlet.source])
    assert (again.sources[0].error or "").startswith("backing_off")


async def test_n17_when_the_time_is_over_the_source_is_asked_again_without_anybody_doing_anything(
    web: Loopback, dataset: Dataset
) -> None:
    outlet = Outlet(web)
    outlet.publish(1)
    with state_of(dataset) as state:
        state.keep_backoff(outlet.name, 9.0, datetime.now(UTC) - timedelta(seconds=1))
    assert (await run(dataset, [outlet.source])).stored == 1


def test_n17_the_wait_grows_with_each_failure_is_longer_for_what_is_gone_and_ends_at_a_day() -> None:
    now = FIRST
    weight, waits = 0.0, []
    for _ in range(60):
        weight, until = rules.backoff("timeout", weight, now)
        assert until
        waits.append(until - now)
    assert waits[:3] == [timedelta(minutes=30), timedelta(hours=1), timedelta(minutes=90)]
    assert waits == sorted(waits)
    assert max(waits) == timedelta(days=1)
    assert rules.backoff("http_410", 0.0, now)[0] == 2 * rules.backoff("http_500", 0.0, now)[0]


@pytest.mark.parametrize("reason", ["missing_key", "bad_option", "no_file", "bug"])
def test_what_only_a_person_can_change_is_not_waited_for(reason: str) -> None:
    assert rules.backoff(reason, 3.0, FIRST) == (3.0, None)


@pytest.mark.parametrize(
    ("errors", "same", "expected"),
    [
        ({"a": "dns", "b": "unreachable"}, 0, "offline"),
        ({"a": "dns", "b": "missing_key", "c": "dns"}, 0, "offline"),
        ({"a": "dns", "b": None}, 0, None),
        ({"a": "dns"}, 0, None),
        ({"a": "dns", "b": "missing_key"}, 0, None),
        ({"a": "dns", "b": "http_500"}, 0, None),
        ({"a": "not_a_feed", "b": "not_a_feed", "c": "not_a_feed"}, 3, "captive_portal"),
        ({"a": "not_a_feed", "b": "not_a_feed"}, 2, "captive_portal"),
        ({"a": "not_a_feed", "b": "not_a_feed", "c": "http_404"}, 1, None),
        ({"a": "not_a_feed", "b": "not_a_feed", "c": None}, 3, None),
        ({}, 0, None),
    ],
)
def test_o02_what_befell_the_network_is_told_from_what_befell_a_source(
    errors: dict[str, str | None], same: int, expected: str | None
) -> None:
    answers = {1: {f"host{n}" for n in range(same)}} if same else {}
    assert rules.event(errors, answers) == expected
