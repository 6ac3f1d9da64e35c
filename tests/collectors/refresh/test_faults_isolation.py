"""Whatever befalls one source is that source's: the others finish, the report is kept, nothing is lost."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Coroutine, Generator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web as http

from collectors.extraction.article import Article
from collectors.refresh import commit
from collectors.refresh import refresh as refreshing
from collectors.refresh.refresh import refresh
from collectors.sandbox.pool import Workers
from collectors.state import State
from pressgauge.store.dataset import Dataset
from tests.collectors.newsroom import FIRST, Outlet, article_page, last_report
from tests.loopback import Loopback

pytestmark = pytest.mark.slow


class Interrupted(Coroutine):  # type: ignore[type-arg]
    """A coroutine into which an exception is thrown in place of what its await number `fatal` gives."""

    def __init__(self, work: Any, awaits: list[int], fatal: int) -> None:
        self._work, self._awaits, self._fatal = work, awaits, fatal

    def send(self, value: Any) -> Any:
        self._awaits[0] += 1
        if self._awaits[0] == self._fatal:
            return self._work.throw(RuntimeError("injected"))
        return self._work.send(value)

    def throw(self, *error: Any) -> Any:
        return self._work.throw(*error)

    def close(self) -> None:
        self._work.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        return (yield from self._work.__await__())


@pytest.mark.own_processes
async def test_o09_an_exception_at_any_await_of_a_source_ends_that_source_only_and_loses_nothing(
    web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    struck, sound = Outlet(web, "Struck"), Outlet(web, "Sound", host="127.0.0.2")
    struck.publish(1)
    sound.publish(1)
    awaits, fatal = [0], 0

    def make(loop: asyncio.AbstractEventLoop, work: Any, **options: Any) -> asyncio.Task[Any]:
        within = getattr(work, "cr_frame", None)
        progress = within.f_locals.get("progress") if within else None
        if progress is not None and progress.source.name == "Struck":
            work = Interrupted(work, awaits, fatal)
        return asyncio.Task(work, loop=loop, **options)

    async with Workers(1) as workers:

        @asynccontextmanager
        async def lent(_: int | None) -> AsyncIterator[Workers]:
            yield workers

        monkeypatch.setattr(refreshing, "Workers", lent)
        while True:
            fatal, awaits[0] = fatal + 1, 0
            dataset = Dataset(tmp_path / f"{fatal}")
            asyncio.get_running_loop().set_task_factory(make)
            report = await refresh(dataset, [struck.source, sound.source])
            asyncio.get_running_loop().set_task_factory(None)
            kept = last_report(Path(dataset.path) / "reports")
            assert kept is not None, fatal
            assert [one.to_dict() for one in kept.sources] == [one.to_dict() for one in report.sources]
            assert (report.sources[1].stored, report.sources[1].error, report.problem) == (1, None, None), (
                fatal
            )
            if awaits[0] < fatal:
                break
            lost = report.sources[0]
            assert lost.error is not None or lost.failed.total() == 1, fatal
            await refresh(dataset, [struck.source, sound.source], insist=True)
            assert len(dataset) == 2, fatal
    assert fatal > 5  # how many awaits wait indeed depends on what is ready by then
    assert report.stored == 2


async def test_o09_a_broken_reader_of_our_own_fails_the_refresh_and_says_so(
    web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any, **__: Any) -> Article:
        return Article(refused="parser_error:ImportError")

    outlet = Outlet(web)
    outlet.publish(2)
    monkeypatch.setattr(Workers, "extract", broken)
    report = await refresh(Dataset(tmp_path / "coverage"), [outlet.source], readers=1)
    assert report.collected is False
    assert report.problem == (
        "no page could be read: Pressgauge's own reader failed on 2 (parser_error:ImportError)"
    )


async def test_o09_progress_that_cannot_be_shown_stops_nothing(web: Loopback, tmp_path: Path) -> None:
    def failing(_: object) -> None:
        raise BrokenPipeError

    outlet = Outlet(web)
    outlet.publish(1)
    report = await refresh(Dataset(tmp_path / "coverage"), [outlet.source], readers=1, on_progress=failing)
    assert (report.stored, report.sources[0].error) == (1, None)


async def test_zeroed_pages_of_the_books_are_set_aside_and_nothing_is_doubled(
    web: Loopback, tmp_path: Path
) -> None:
    outlet, dataset = Outlet(web), Dataset(tmp_path / "coverage")
    outlet.publish(2)
    await refresh(dataset, [outlet.source], readers=1)
    file = Path(dataset.path) / "state.sqlite"
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + bytes(len(whole) - 4096))
    report = await refresh(dataset, [outlet.source], readers=1)
    assert (report.problem, report.sources[0].duplicate, len(dataset)) == (None, 2, 2)
    assert [path.suffix[:9] for path in _aside(dataset)] == [".damaged-"]


def _aside(dataset: Dataset) -> list[Path]:
    return list(Path(dataset.path).glob("state.sqlite.damaged-*"))


def test_o06_the_runs_of_a_year_of_hourly_refreshes_are_few_and_their_sums_the_same(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    with closing(State(tmp_path / "state.sqlite")) as books:
        with books._db:
            books._db.executemany(
                "INSERT INTO runs VALUES (?, ?, 2, 1, 1, '{}', '{}', ?, ?)",
                [
                    (
                        source,
                        (now - timedelta(hours=hour)).timestamp(),
                        '{"timeout": 1}' if hour % 5 == 0 else "{}",
                        "dns: gone" if source == "dead" else None,
                    )
                    for source in ("alive", "dead")
                    for hour in range(24 * 365)
                ],
            )
        books.thin_runs()
        runs = books.runs()
        books.thin_runs()
        assert len(books.runs()) == len(runs)
    assert len(runs) < 2 * 330
    alive, dead = (runs[runs["source"] == name] for name in ("alive", "dead"))
    assert alive["seen"].sum() == 2 * 24 * 365
    assert alive["stored"].sum() == 24 * 365
    assert alive["error"].isna().all()
    assert (dead["error"] == "dns: gone").all()
    recent = alive["at"].diff().tail(7 * 24 - 1)
    assert recent.max() < timedelta(hours=1, minutes=1)


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "twin"])
@pytest.mark.parametrize("first", [True, False], ids=["a first refresh", "a later refresh"])
async def test_s21_a_folder_that_is_renamed_during_a_refresh_loses_no_article_and_gets_no_second_dataset(
    web: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: bool, guarded: bool
) -> None:
    if not guarded:
        monkeypatch.setattr(commit, "folder_identity", lambda _: (0, 0))
    place, moved = tmp_path / "coverage", tmp_path / "moved"
    outlet = Outlet(web)
    if not first:
        outlet.publish(1)
        await refresh(Dataset(place), [outlet.source], readers=1)
    outlet.publish(2)

    async def rename(request: http.Request) -> http.Response:
        if place.exists():
            place.rename(moved)
        return http.Response(text=article_page(9, FIRST), content_type="text/html")

    outlet.announce(web.handle("/renaming", rename), "A report", FIRST)
    report = await refresh(Dataset(place), [outlet.source], readers=1)
    if not guarded:
        assert place.exists(), "the harm that is kept off"
        return
    assert report.problem is not None and "was moved or deleted during the refresh" in report.problem
    assert (report.stored, dict(report.sources[0].failed)) == (0, {"not_stored": 3})
    assert not place.exists()
    again = await refresh(Dataset(moved), [outlet.source], readers=1)
    assert (again.stored, len(Dataset(moved).load())) == (3, 3 if first else 4)
