"""The SQLite files beside a dataset, its books and its outbox: what is said of one that cannot be used."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, Self

from pressgauge.errors import PressgaugeError

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_KEPT = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
QUICK, WHOLE = "quick_check(1)", "integrity_check"
"""How a file is looked at: in a fraction of the time all but what its indexes say, or all."""


class Database:
    """Such a file, for a `with` statement: whatever is wrong with it within is told as it is at the start."""

    WHAT: ClassVar[str]
    IF_DELETED: ClassVar[str]
    """What the file is, and what comes of deleting it, in words."""
    _file: Path | None
    _db: sqlite3.Connection

    def unusable(self, error: sqlite3.Error) -> PressgaugeError:
        """The error to raise in place of another: only a file that is damaged may go."""
        return PressgaugeError(
            f"{self.WHAT} {self._file} cannot be used ({error}); {_advice(error, self.IF_DELETED)}"
        )

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        self.close()
        if isinstance(error, sqlite3.Error):
            raise self.unusable(error) from error


def is_damaged(file: Path, how: str = WHOLE, *, patience: float = 30.0) -> bool:
    """Whether a file, if there is one, is damaged. Raises PressgaugeError for one that cannot be looked at
    now, which is another thing; `patience` are seconds to wait for another program.

    What a killed writer began is rolled back first, as by whoever opens the file.
    """
    if not file.exists():
        return False
    try:
        address = f"{file.absolute().as_uri()}?mode=rw"  # mode=ro could roll nothing back
        with contextlib.closing(sqlite3.connect(address, uri=True, timeout=patience)) as db:
            return bool(db.execute(f"PRAGMA {how}").fetchone() != ("ok",))
    except sqlite3.Error as error:
        if _number(error) in _DAMAGED:
            return True
        raise PressgaugeError(f"{file} cannot be looked at ({error}); {_advice(error)}") from error


def set_aside(file: Path) -> Path:
    """Rename a damaged file, so that the next one can begin -> its new name. Raises PressgaugeError."""
    aside = file.with_name(f"{file.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S}")
    try:
        file.replace(aside)
        for suffix in ("-wal", "-shm", "-journal"):  # of the old file: they would harm a new one
            file.with_name(file.name + suffix).unlink(missing_ok=True)
    except OSError as error:
        raise PressgaugeError(f"{file} is damaged and cannot be set aside: {error.strerror}") from error
    return aside


def _number(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _advice(error: sqlite3.Error, if_deleted: str = "") -> str:
    """What to do: one that is locked or out of reach is sound."""
    if _number(error) in _DAMAGED:
        return f"it may be deleted: {if_deleted}"
    if _number(error) in _KEPT:
        return "another program keeps it: try again when that has ended, and do not delete it"
    return "look whether the file and its folder can be written and the disk has room; do not delete it"
