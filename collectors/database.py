"""The SQLite files beside a dataset, its books and its outbox: what to say of one that cannot be used."""

from __future__ import annotations

import sqlite3

from pressgauge.errors import PressgaugeError

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_KEPT = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def unusable(what: str, error: sqlite3.Error, *, deleted: str) -> PressgaugeError:
    """The error to raise about a file, `what` in words with its path, with what to do: only one that is
    damaged may go, one that is locked or out of reach is sound. `deleted` says what comes of deleting it."""
    number = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if number in _DAMAGED:
        advice = f"it may be deleted: {deleted}"
    elif number in _KEPT:
        advice = "another program keeps it: try again when that has ended, and do not delete it"
    else:
        advice = "look whether the file and its folder can be written and the disk has room; do not delete it"
    return PressgaugeError(f"{what} cannot be used ({error}); {advice}")
