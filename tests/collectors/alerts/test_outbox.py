"""An outbox that cannot be used: which may be deleted, and that nobody waits for another program."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from collectors.alerts.outbox import Outbox
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
    with Outbox(folder, patience=0) as outbox:
        assert len(outbox.notices()) == len(outbox.waiting()) == 10
        outbox.memory("new")
        outbox.problems()


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
        begun = time.monotonic()
        with Outbox(folder) as outbox:
            assert len(outbox.notices()) == 10
        assert time.monotonic() - begun < 15, "a writer is waited for 30 s"


def test_s19_each_page_of_an_outbox_may_be_zeros_and_it_is_said_that_it_may_be_deleted(folder: Path) -> None:
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
