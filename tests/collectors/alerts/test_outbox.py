"""An outbox that cannot be used: which may be deleted, and that nobody waits for another program."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import pressgauge
from collectors.alerts.outbox import Outbox
from collectors.alerts.watch import watch
from pressgauge.alerts.evaluate import AlertMemory
from pressgauge.alerts.notice import Item, Notice
from pressgauge.errors import PressgaugeError
from pressgauge.settings.alerts import Alert

NOW = datetime(2025, 3, 1, tzinfo=UTC)
ALERT = Alert("new", "articles", query="x", deliver=("feed", "file:alerts.jsonl"))
LONG = tuple(Item("A long headline " * 20, "Wired", None, NOW) for _ in range(40))
PAGE = 4096


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """That of an outbox with ten notices, each longer than a page of the file."""
    with Outbox(tmp_path) as outbox:
        notices = [Notice("new", str(n), NOW, "1 new article", "1 new article.", LONG) for n in range(10)]
        outbox.keep(ALERT, AlertMemory("c"), notices, NOW)
    return tmp_path


@contextlib.contextmanager
def kept(file: Path) -> Iterator[None]:
    """Another program has the file to itself."""
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=DELETE")
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def everything(folder: Path) -> None:
    """Read an outbox: what of its ten notices is not read is told."""
    with Outbox(folder, patience=0) as outbox:
        problems = outbox.problems()
        readable = [each for each in outbox.waiting() if each.notice is not None]
        assert len(outbox.notices()) == len(readable) == 10 - len(problems)
        outbox.memory("new")


def test_s19_an_outbox_that_another_program_keeps_is_never_called_deletable(folder: Path) -> None:
    with (
        kept(folder / "alerts.sqlite"),
        pytest.raises(PressgaugeError, match=r"another program keeps it.*do not delete it"),
    ):
        everything(folder)
    everything(folder)


def test_s19_a_writer_that_is_locked_out_later_on_is_told_the_same(folder: Path) -> None:
    with (
        contextlib.closing(sqlite3.connect(folder / "alerts.sqlite", isolation_level=None)) as other,
        pytest.raises(PressgaugeError, match="do not delete it"),
        Outbox(folder, patience=0) as outbox,
    ):
        other.execute("BEGIN IMMEDIATE")
        outbox.keep_problem("new", "there is none")
    everything(folder)


def test_whoever_reads_an_outbox_waits_for_no_writer(folder: Path) -> None:
    with contextlib.closing(sqlite3.connect(folder / "alerts.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with Outbox(folder, patience=0) as outbox:  # which fails where it would have to wait
            assert len(outbox.notices()) == 10


def test_s19_each_page_of_an_outbox_may_be_zeros_and_costs_a_notice_or_it_is_said_that_it_may_be_deleted(
    folder: Path,
) -> None:
    file = folder / "alerts.sqlite"
    sound = file.read_bytes()
    pages = len(sound) // PAGE
    assert pages > 30
    told = 0
    for page in range(pages):
        file.write_bytes(sound[: page * PAGE] + bytes(PAGE) + sound[(page + 1) * PAGE :])
        try:
            everything(folder)
        except PressgaugeError as error:
            assert "it may be deleted: alerts then begin anew" in str(error), page
            told += 1
    assert told > pages / 2


@pytest.mark.parametrize("text", ["{", "{}", "[]", "null", '{"articles": [1]}'])
async def test_a_damaged_notice_is_told_of_and_costs_none_of_the_others(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path))
    with contextlib.closing(sqlite3.connect(folder / "alerts.sqlite")) as db, db:
        db.execute("UPDATE notices SET notice = ? WHERE number = 4", (text,))
    for arrived in (9, 0):
        report = await watch(pressgauge.open(folder), [], now=NOW)
        assert report.delivered == arrived
        [problem] = report.problems
        assert problem.endswith("are damaged and left out: number 4")
    with Outbox(folder) as outbox:
        assert [notice.key for notice in outbox.notices()] == list("9876543210".replace("3", ""))


@pytest.mark.parametrize(
    "damage",
    [
        *("spans = '['", "spans = '5'", "spans = '[1]'", "spans = NULL", "spans = x'ff'"),
        *("ids = x'0102'", "ids = 'text'", "ids = NULL", "condition = x'00'"),
    ],
)
def test_what_an_alert_knew_may_be_damaged_and_is_then_forgotten(folder: Path, damage: str) -> None:
    with contextlib.closing(sqlite3.connect(folder / "alerts.sqlite")) as db, db:
        db.execute(f"UPDATE known SET {damage}")
    with Outbox(folder) as outbox:
        with pytest.raises(PressgaugeError, match=r"is damaged in .*alerts.sqlite, and is forgotten"):
            outbox.memory("new")
        assert outbox.memory("new") is None


async def test_an_alert_whose_knowledge_is_damaged_says_so_once_and_begins_anew(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path))
    (tmp_path / "topics.toml").touch()
    with contextlib.closing(sqlite3.connect(folder / "alerts.sqlite")) as db, db:
        db.execute("UPDATE known SET spans = '['")
    report = await watch(pressgauge.open(folder), [ALERT], now=NOW)
    assert any("could not be evaluated: what it knew is damaged" in each for each in report.problems)
    report = await watch(pressgauge.open(folder), [ALERT], now=NOW)
    assert (report.problems, report.notices) == ((), 0)
