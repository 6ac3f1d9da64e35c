"""Books that cannot be opened, of which only damaged ones may go, and books that stay small."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from collectors.state import State
from pressgauge.errors import PressgaugeError
from tests.cost import costs_linear_time


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
