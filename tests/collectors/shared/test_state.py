"""Books that cannot be opened, of which only damaged ones may go, and books that stay small."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from collectors.database import QUICK, is_damaged, set_aside
from collectors.state import State
from pressgauge.errors import PressgaugeError
from tests.cost import costs_linear_time

PAGE = 4096


def test_s19_books_that_another_program_keeps_are_never_called_deletable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "state.sqlite"
    State(file).close()
    connect = sqlite3.connect
    with connect(file, isolation_level=None) as other:
        other.execute("PRAGMA journal_mode=DELETE")
        other.execute("BEGIN EXCLUSIVE")
        impatient = partial(connect, timeout=0.05)
        monkeypatch.setattr(sqlite3, "connect", lambda file, timeout, **how: impatient(file, **how))
        with pytest.raises(PressgaugeError, match=r"another program keeps it.*do not delete it"):
            State(file)
        other.execute("COMMIT")
    State(file).close()


def test_s19_books_that_are_damaged_may_be_deleted(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite"
    file.write_bytes(b"this is no database" * 100)
    with pytest.raises(PressgaugeError, match="it may be deleted: the next refresh"):
        State(file)


def test_s19_books_whose_folder_is_missing_are_not_said_to_be_damaged(tmp_path: Path) -> None:
    with pytest.raises(PressgaugeError, match="can be written"):
        State(tmp_path / "missing" / "state.sqlite")


def hourly(sources: int, hours: int) -> State:
    """The books of sources that were asked each hour, every other time without an answer."""
    books, now = State(), datetime.now(UTC).timestamp()
    rows = [
        (f"Outlet {n}", now - 3_600 * hour, 3, 1, 2, "{}", "{}", "{}", "timeout" if hour % 2 else None)
        for n in range(sources)
        for hour in range(hours)
    ]
    with books._db:
        books._db.executemany("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    return books


def test_o06_thinning_the_books_costs_linear_time() -> None:
    assert costs_linear_time(lambda n: hourly(n, 24 * 60).thin_runs(), 1)


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """The file of books of some pages, in a folder whose name means something in an address."""
    file = tmp_path / "what?#1%" / "state.sqlite"
    file.parent.mkdir()
    with State(file) as state, state._db:
        rows = [(f"https://a.example/{n}", "A", "failed", "timeout", None, 0.0) for n in range(300)]
        state._db.executemany(
            "INSERT INTO outcomes (url, source, outcome, reason, canonical, at, attempts) "
            "VALUES (?, ?, ?, ?, ?, ?, 1)",
            rows,
        )
    return file


def test_s19_each_page_of_the_books_may_be_zeros_and_whoever_reads_is_told(books: Path) -> None:
    sound, told = books.read_bytes(), 0
    for page in range(len(sound) // PAGE):
        books.write_bytes(sound[: page * PAGE] + bytes(PAGE) + sound[(page + 1) * PAGE :])
        try:
            with State(books) as state:
                for n in range(300):
                    state.outcomes_of(f"https://a.example/{n}", "")
                state.labels_of("")
                state.backoff("A")
                state.runs()
        except PressgaugeError as error:
            assert "it may be deleted" in str(error), page
            told += 1
            assert is_damaged(books)
    assert told > 5


def test_s19_books_that_another_program_keeps_are_not_taken_for_damaged_by_whoever_looks(books: Path) -> None:
    assert not is_damaged(books)
    with contextlib.closing(sqlite3.connect(books, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=DELETE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(PressgaugeError, match="do not delete it"):
            is_damaged(books, patience=0)
    assert not is_damaged(books)


def test_s19_books_whose_writer_was_killed_in_a_transaction_are_sound_and_hold_what_was_before(
    books: Path,
) -> None:
    """Without WAL, as on a network share: a journal is left that whoever comes next has to roll back."""
    writer = """if True:
        import os, signal, sqlite3, sys
        db = sqlite3.connect(sys.argv[1], isolation_level=None)
        assert db.execute("PRAGMA journal_mode=DELETE").fetchone() == ("delete",)
        db.execute("PRAGMA cache_size=1")  # so that pages reach the file before they are committed
        db.execute("BEGIN")
        db.execute("UPDATE outcomes SET reason = 'of a transaction that never ended'")
        os.kill(os.getpid(), signal.SIGKILL)
    """
    before = books.read_bytes()
    ended = subprocess.run([sys.executable, "-c", writer, books], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert books.with_name("state.sqlite-journal").stat().st_size
    assert books.read_bytes() != before
    assert not is_damaged(books, QUICK)
    with State(books) as state:
        assert state.outcomes_of("https://a.example/7", "")[0].reason == "timeout"


def test_s19_damaged_books_are_set_aside_with_nothing_of_theirs_left_to_the_next(books: Path) -> None:
    books.write_bytes(b"no database")
    for suffix in ("-wal", "-shm", "-journal"):
        books.with_name("state.sqlite" + suffix).write_bytes(b"of the old one")
    aside = set_aside(books)
    assert aside.read_bytes() == b"no database"
    assert list(books.parent.iterdir()) == [aside]
    State(books).close()
