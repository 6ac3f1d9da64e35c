"""Books that cannot be opened: only damaged ones may go."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path

import pytest

from collectors.state import State
from pressgauge.errors import PressgaugeError


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
