"""The outbox of a dataset: what alerts know, what they told, and what became of each delivery.

It is `alerts.sqlite` beside the dataset. What an alert knows and what it tells are kept in one transaction,
so that a refresh that is killed tells everything later, and nothing twice.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from collectors.database import Database
from pressgauge.alerts.evaluate import AlertMemory
from pressgauge.alerts.notice import Notice
from pressgauge.errors import PressgaugeError, one_line
from pressgauge.settings.alerts import Alert

_SCHEMA = """
CREATE TABLE IF NOT EXISTS known (
    alert TEXT PRIMARY KEY, condition TEXT, ids BLOB, spans TEXT, past INTEGER, problem TEXT
);
CREATE TABLE IF NOT EXISTS notices (
    number INTEGER PRIMARY KEY, alert TEXT, key TEXT, at REAL, notice TEXT, UNIQUE (alert, key)
);
CREATE TABLE IF NOT EXISTS deliveries (
    notice INTEGER REFERENCES notices, channel TEXT, local INTEGER, status TEXT, attempts INTEGER, error TEXT,
    at REAL, PRIMARY KEY (notice, channel)
);
CREATE INDEX IF NOT EXISTS waiting ON deliveries (status);
"""
_VERSION = 1
RETENTION = timedelta(days=366)
FEED = 100
"""A notice is kept so long, and longer while it is among so many newest ones or waits to be delivered."""
PATIENCE = 0.2
"""Seconds that a server waits for another program, in which it answers nobody."""
ATTEMPTS = 24
"""Refreshes that try a delivery; then it is given up, and stays in the feed."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A notice on its way to a channel, None for one that is damaged; `attempts` have failed so far, the last
    one with `error`."""

    number: int
    notice: Notice | None
    channel: str
    local: bool
    attempts: int
    error: str | None


class Outbox(Database):
    """The outbox of the dataset in `folder`, made when it is first opened. Raises PressgaugeError.

    `patience` are seconds to wait for another program that keeps the file.
    """

    WHAT, IF_DELETED = "the outbox", "alerts then begin anew"

    def __init__(self, folder: Path, *, patience: float = 30.0) -> None:
        self._file = folder / "alerts.sqlite"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PressgaugeError(f"the outbox {self._file} cannot be made: {error.strerror}") from error
        try:
            self._db = sqlite3.connect(self._file, timeout=patience)
            if (version := self._db.execute("PRAGMA user_version").fetchone()[0]) > _VERSION:
                raise PressgaugeError(f"{self._file} was written by a newer Pressgauge; update this one.")
            if version < _VERSION:  # whoever only reads writes nothing, and waits for no writer
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.executescript(_SCHEMA)
                self._db.execute(f"PRAGMA user_version = {_VERSION}")
        except sqlite3.Error as error:
            raise self.unusable(error) from error

    def memory(self, alert: str) -> AlertMemory | None:
        """What an alert knew when it was last evaluated; None for a new one.

        What is damaged is forgotten, so that the next call gives None, and raises PressgaugeError now.
        """
        row = self._db.execute("SELECT condition, ids, spans, past FROM known WHERE alert = ?", (alert,))
        if (values := row.fetchone()) is None or values[0] is None:
            return None
        if (memory := _memory(*values)) is None:
            with self._db:
                self._db.execute("UPDATE known SET condition = NULL WHERE alert = ?", (alert,))
            raise PressgaugeError(
                f"what it knew is damaged in {self._file}, and is forgotten; the next refresh begins it anew"
            )
        return memory

    def keep(self, alert: Alert, memory: AlertMemory, notices: Sequence[Notice], now: datetime) -> None:
        """Keep what an alert knows, and put what it tells on its way to its channels, all or nothing."""
        with self._db:
            spans = json.dumps(memory.spans)
            values = (alert.name, memory.condition, memory.ids.astype(np.int64).tobytes(), spans, memory.past)
            self._db.execute("INSERT OR REPLACE INTO known VALUES (?, ?, ?, ?, ?, NULL)", values)
            for notice in notices:
                text = json.dumps(notice.to_dict(), ensure_ascii=True)
                insertion = self._db.execute(
                    "INSERT OR IGNORE INTO notices (alert, key, at, notice) VALUES (?, ?, ?, ?)",
                    (alert.name, notice.key, notice.at.timestamp(), text),
                )
                if insertion.rowcount:
                    rows = [
                        (insertion.lastrowid, channel, alert.local, now.timestamp())
                        for channel in dict.fromkeys(alert.deliver)
                        if channel != "feed"
                    ]
                    self._db.executemany(
                        "INSERT INTO deliveries VALUES (?, ?, ?, 'waiting', 0, NULL, ?)", rows
                    )

    def keep_problem(self, alert: str, problem: str) -> None:
        """Keep why an alert could not be evaluated, until it can be; what it knew stays."""
        with self._db:
            self._db.execute(
                "INSERT INTO known (alert, problem) VALUES (?, ?) "
                "ON CONFLICT (alert) DO UPDATE SET problem = excluded.problem",
                (alert, one_line(problem)),
            )

    def forget(self, names: Sequence[str]) -> None:
        """Forget what alerts knew that are no longer among `names`."""
        with self._db:
            stored_names = {name for (name,) in self._db.execute("SELECT alert FROM known")}
            self._db.executemany("DELETE FROM known WHERE alert = ?", [(n,) for n in stored_names - {*names}])

    def notices(self, since: datetime | None = None, limit: int | None = None) -> list[Notice]:
        """What was told, the newest first, without what is damaged, of which `problems` tells."""
        rows = self._db.execute(
            "SELECT notice FROM notices WHERE at >= ? ORDER BY at DESC, number DESC LIMIT ?",
            (since.timestamp() if since else 0.0, -1 if limit is None else limit),
        )
        return [notice for (text,) in rows if (notice := _notice(text)) is not None]

    def waiting(self) -> list[Delivery]:
        """The deliveries still to be made, in the order in which they were told."""
        rows = self._db.execute(
            "SELECT number, notice.notice, channel, local, attempts, error FROM deliveries "
            "JOIN notices AS notice ON deliveries.notice = number WHERE status = 'waiting' ORDER BY number"
        )
        return [
            Delivery(number, _notice(text), channel, bool(local), attempts, error)
            for number, text, channel, local, attempts, error in rows
        ]

    def delivered(self, delivery: Delivery, now: datetime, error: str | None = None) -> None:
        """Keep what became of a delivery: it arrived, or failed once more with `error`, or there is nothing
        that could be delivered."""
        attempts = delivery.attempts + 1
        status = "sent" if error is None else "waiting" if attempts < ATTEMPTS else "given up"
        if delivery.notice is None:
            status = "damaged"
        message = None if error is None else one_line(error)[:300]
        with self._db:
            self._db.execute(
                "UPDATE deliveries SET status = ?, attempts = ?, error = ?, at = ? "
                "WHERE notice = ? AND channel = ?",
                (status, attempts, message, now.timestamp(), delivery.number, delivery.channel),
            )

    def prune(self, now: datetime) -> int:
        """Delete the notices that are old, and what became of them; returns how many. What alerts know stays:
        nothing is told again."""
        with self._db:
            old = self._db.execute(
                "SELECT number FROM notices WHERE at < ? "
                "AND number NOT IN (SELECT number FROM notices ORDER BY at DESC, number DESC LIMIT ?) "
                "AND number NOT IN (SELECT notice FROM deliveries WHERE status = 'waiting')",
                ((now - RETENTION).timestamp(), FEED),
            ).fetchall()
            self._db.executemany("DELETE FROM deliveries WHERE notice = ?", old)
            self._db.executemany("DELETE FROM notices WHERE number = ?", old)
        return len(old)

    def problems(self) -> list[str]:
        """What is broken, a sentence each: alerts that cannot be evaluated, notices that are damaged (of the
        newest, and of those that were to be delivered), channels whose latest delivery failed."""
        alerts = self._db.execute("SELECT alert, problem FROM known WHERE problem IS NOT NULL ORDER BY alert")
        sentences = [f"The alert {name} could not be evaluated: {problem}" for name, problem in alerts]
        damaged = {n for (n,) in self._db.execute("SELECT notice FROM deliveries WHERE status = 'damaged'")}
        newest = self._db.execute(
            "SELECT number, notice FROM notices ORDER BY at DESC, number DESC LIMIT ?", (FEED,)
        )
        damaged |= {number for number, text in newest if _notice(text) is None}
        if damaged:
            numbers = ", ".join(map(str, sorted(damaged)))
            sentences.append(f"Notices in {self._file} are damaged and left out: number {numbers}")
        channels = self._db.execute(
            "SELECT channel, error, max(at), sum(status = 'waiting'), sum(status = 'given up') "
            "FROM deliveries GROUP BY channel HAVING error IS NOT NULL ORDER BY channel"
        )
        for channel, error, at, waiting, given_up in channels:
            when = f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"
            counts = [
                f"{n} {word}" for n, word in ((waiting, "to be tried again"), (given_up, "given up")) if n
            ]
            sentences.append(f"The channel {channel} failed at {when}: {error} ({', '.join(counts)})")
        return sentences


def _memory(condition: Any, ids: Any, spans: Any, past: Any) -> AlertMemory | None:
    """What is kept of an alert; None where that is damaged, which SQLite does not see."""
    try:
        known_ids, known_spans = np.frombuffer(ids, np.int64), tuple(json.loads(spans))
    except (TypeError, ValueError, RecursionError):
        return None
    is_sound = isinstance(condition, str) and all(isinstance(span, str) for span in known_spans)
    return AlertMemory(condition, known_ids, known_spans, bool(past)) if is_sound else None


def _notice(text: str) -> Notice | None:
    """The notice that is kept as `text`; None for one that is damaged: a long one lies on pages that SQLite
    looks not into."""
    try:
        return Notice.from_dict(json.loads(text))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return None
