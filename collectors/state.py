"""What the collectors remember between refreshes: `state.sqlite` beside the dataset.

Everything that says "this need not be collected again" (cursors, validators, outcomes) is staged, and kept
only after the articles it speaks of are committed: a killed refresh repeats work and never skips any.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from collectors.cursor import Cursor
from collectors.database import Database
from collectors.extraction.article import READER_VERSION
from collectors.outcome import Outcome
from collectors.reasons import REASONS
from collectors.retries import LONGEST_BACKOFF, LONGEST_PAUSE, READINGS, REREAD, next_attempt
from pressgauge.errors import PressgaugeError

if TYPE_CHECKING:
    import pandas as pd

_CLOCK_IS_SET = 1_735_689_600.0
"""2025-01-01: before it, no refresh of this programme took place."""
_UNWANTED = ("outside_window", "over_limit", "title_only")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS validators (url TEXT PRIMARY KEY, etag TEXT, modified TEXT);
CREATE TABLE IF NOT EXISTS cursors (source TEXT, key TEXT, value TEXT, PRIMARY KEY (source, key));
CREATE TABLE IF NOT EXISTS outcomes (
    url TEXT PRIMARY KEY, source TEXT, outcome TEXT, reason TEXT, canonical TEXT, at REAL, attempts INTEGER,
    hint TEXT, due REAL, reader INTEGER,
    label TEXT
);
CREATE TABLE IF NOT EXISTS runs (
    source TEXT, at REAL, seen INTEGER, stored INTEGER, duplicate INTEGER, rejected TEXT, quarantined TEXT,
    failed TEXT, error TEXT
);
CREATE INDEX IF NOT EXISTS runs_of_source ON runs (source, at);
CREATE TABLE IF NOT EXISTS backoff (source TEXT PRIMARY KEY, weight REAL, until REAL);
CREATE TABLE IF NOT EXISTS pauses (host TEXT PRIMARY KEY, until REAL);
CREATE TABLE IF NOT EXISTS reader (version INTEGER);
CREATE TABLE IF NOT EXISTS labels (canonical TEXT, source TEXT, label TEXT, PRIMARY KEY (canonical, source));
CREATE TABLE IF NOT EXISTS titles (canonical TEXT, url TEXT, title TEXT, PRIMARY KEY (canonical, url));
"""
_INDEXES = """
CREATE INDEX IF NOT EXISTS outcomes_due ON outcomes (source, due) WHERE due IS NOT NULL;
"""
_VERSION = 2


class State(Database):
    """The state of one dataset; without a file, in memory only. Times are UTC."""

    WHAT, IF_DELETED = "the fetch state", "the next refresh then asks every source anew"

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._validators: defaultdict[str, dict[str, tuple[str | None, str | None]]] = defaultdict(dict)
        try:
            # One thread uses it at a time: the event loop, or the thread that commits while the loop waits.
            self._db = sqlite3.connect(file or ":memory:", timeout=30, check_same_thread=False)
            if (version := self._db.execute("PRAGMA user_version").fetchone()[0]) > _VERSION:
                raise PressgaugeError(f"{file} was written by a newer Pressgauge; update this one.")
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.executescript(_SCHEMA)
            if 0 < version <= _VERSION:
                self._add_columns()
            self._db.executescript(_INDEXES)
            self._db.execute(f"PRAGMA user_version = {_VERSION}")
            self._allow_rereading()
        except sqlite3.Error as error:
            raise self.unusable(error) from error

    def _add_columns(self) -> None:
        """Bring older books, whose outcomes had fewer columns, to these."""
        there = {row[1] for row in self._db.execute("PRAGMA table_info(outcomes)")}
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            for name, form in (("due", "REAL"), ("reader", "INTEGER"), ("label", "TEXT")):
                if name not in there:
                    self._db.execute(f"ALTER TABLE outcomes ADD COLUMN {name} {form}")
            if "due" not in there:
                self._db.execute(
                    "UPDATE outcomes SET due = at WHERE outcome IN ('failed', 'quarantined') AND attempts < 3"
                )

    def _allow_rereading(self) -> None:
        """Once for each version of the reader: what an older one made nothing of is due."""
        row = self._db.execute("SELECT max(version) FROM reader").fetchone()
        if row[0] is not None and row[0] >= READER_VERSION:
            return
        since = (datetime.now(UTC) - REREAD).timestamp()
        with self._db:
            self._db.execute(
                "UPDATE outcomes SET due = at WHERE outcome IN ('rejected', 'quarantined') "
                "AND hint IS NOT NULL AND coalesce(reader, 0) < ? AND at > ? "
                "AND (reason IN (SELECT value FROM json_each(?)) OR substr(reason, 1, 7) = 'parser_')",
                (READER_VERSION, since, json.dumps(READINGS)),
            )
            self._db.execute("INSERT INTO reader VALUES (?)", (READER_VERSION,))

    # Conditional requests

    def validators(self, url: str) -> tuple[str | None, str | None]:
        """(ETag, Last-Modified) of the answer last read whole; (None, None) when there is none."""
        row = self._db.execute("SELECT etag, modified FROM validators WHERE url = ?", (url,)).fetchone()
        return row or (None, None)

    def stage_validators(self, source: str, url: str, etag: str | None, modified: str | None) -> None:
        self._validators[source][url] = (etag, modified)

    def keep_validators(self, source: str) -> None:
        """All that this source announced has an outcome: it need not be read again unless it changes."""
        with self._db:
            self._db.executemany(
                "INSERT OR REPLACE INTO validators VALUES (?, ?, ?)",
                [(url, *both) for url, both in self._validators.pop(source, {}).items()],
            )

    # Cursors

    def cursor(self, source: str) -> Cursor:
        rows = self._db.execute("SELECT key, value FROM cursors WHERE source = ?", (source,))
        return Cursor(dict(rows.fetchall()))

    def keep_cursor(self, source: str, values: dict[str, str]) -> None:
        with self._db:
            self._db.executemany(
                "INSERT OR REPLACE INTO cursors VALUES (?, ?, ?)",
                [(source, key, value) for key, value in values.items()],
            )

    # The outcome of every URL

    def outcome(self, url: str) -> Outcome | None:
        row = self._db.execute("SELECT * FROM outcomes WHERE url = ?", (url,)).fetchone()
        return _outcome(row) if row else None

    def outcomes_of(self, url: str, canonical: str) -> list[Outcome]:
        """The outcomes of an address and of all that led to the same article, oldest first."""
        rows = self._db.execute(
            "SELECT * FROM outcomes WHERE url IN (:url, :canonical) OR canonical IN (:url, :canonical) "
            "ORDER BY at",
            {"url": url, "canonical": canonical},
        )
        return [_outcome(row) for row in rows]

    def due(self, source: str, most: int) -> list[Outcome]:
        """The pages of a source that are to be asked for again now, those that wait longest first.

        One that failed later than now did so while the clock was wrong: it is due as well.
        """
        rows = self._db.execute(
            "SELECT * FROM outcomes WHERE source = :source AND due IS NOT NULL AND hint IS NOT NULL "
            "AND (due <= :now OR at > :now) ORDER BY due LIMIT :most",
            {"source": source, "now": datetime.now(UTC).timestamp(), "most": most},
        )
        return [_outcome(row) for row in rows.fetchall()]

    def failing(self, most: int) -> list[Outcome]:
        """The addresses that brought no article for a reason that somebody has, those asked last first.

        What lies outside the window or beyond a limit was not wanted, and is not among them.
        """
        unwanted = json.dumps([*_UNWANTED, *(one.word for one in REASONS.values() if one.fault == "nobody")])
        rows = self._db.execute(
            "SELECT * FROM outcomes WHERE outcome IN ('failed', 'quarantined', 'rejected') AND reason NOT IN "
            "(SELECT value FROM json_each(?)) ORDER BY at DESC, url LIMIT ?",
            (unwanted, most),
        )
        return [_outcome(row) for row in rows.fetchall()]

    def keep_outcomes(self, outcomes: Iterable[Outcome]) -> None:
        """Keep them, as of now or of their own time; a URL already stored stays stored, whatever a later
        refresh says of it, unless only its title is."""
        now = datetime.now(UTC)
        with self._db:
            self._db.executemany(
                "INSERT INTO outcomes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (url) DO UPDATE SET "
                "source = excluded.source, outcome = excluded.outcome, reason = excluded.reason, "
                "canonical = excluded.canonical, at = excluded.at, attempts = excluded.attempts, "
                "hint = excluded.hint, due = excluded.due, reader = excluded.reader, label = excluded.label "
                "WHERE outcomes.outcome != 'stored' "
                "OR (outcomes.reason = 'title_only' AND excluded.outcome != 'duplicate')",
                [_values(outcome, outcome.at or now) for outcome in outcomes],
            )

    def refund_attempts(self, since: datetime, reasons: Collection[str]) -> None:
        """Do not count the attempts at pages that have failed since a moment for one of these reasons."""
        with self._db:
            self._db.executemany(
                "UPDATE outcomes SET attempts = max(attempts - 1, 0), "
                "due = at "
                "WHERE outcome = 'failed' AND at >= ? AND reason = ?",
                [(since.timestamp(), reason) for reason in reasons],
            )

    # What sources and pages claim of articles

    def titles_under(self, canonical: str) -> dict[str, str]:
        """The titles of the pages that named `canonical` as their address, by page."""
        rows = self._db.execute("SELECT url, title FROM titles WHERE canonical = ?", (canonical,))
        return dict(rows.fetchall())

    def keep_titles(self, titles: Iterable[tuple[str, str, str]], site_wide: int) -> None:
        """Keep (address, page, title) of pages that name an address as theirs. Pages that were taken for
        copies under an address that so many titles name by now are due again."""
        titles = list(titles)
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO titles VALUES (?, ?, ?)", titles)
            for canonical in sorted({one[0] for one in titles}):
                query = "SELECT count(DISTINCT title) FROM titles WHERE canonical = ?"
                if self._db.execute(query, (canonical,)).fetchone()[0] >= site_wide:
                    self._db.execute(
                        "UPDATE outcomes SET due = at "
                        "WHERE outcome = 'duplicate' AND canonical = ? AND hint IS NOT NULL",
                        (canonical,),
                    )

    def keep_labels(self, labels: Mapping[tuple[str, str], str]) -> None:
        """Keep the outlet that a source names for an article that was given to another one before."""
        with self._db:
            self._db.executemany(
                "INSERT OR REPLACE INTO labels VALUES (?, ?, ?)",
                [(canonical, source, label) for (canonical, source), label in labels.items()],
            )

    def labels_of(self, canonical: str) -> list[tuple[str, str]]:
        """(source, outlet) of those that give an article to another outlet than the first did."""
        rows = self._db.execute(
            "SELECT source, label FROM labels WHERE canonical = ? ORDER BY source", (canonical,)
        )
        return rows.fetchall()

    # Health

    def add_run(self, source: str, run: dict[str, Any]) -> None:
        """Keep one refresh of a source: the ledger's numbers, by reason where it has them, and `error`."""
        numbers = [run["seen"], run["stored"], run["duplicate"]]
        reasons = [json.dumps(run[name]) for name in ("rejected", "quarantined", "failed")]
        now = datetime.now(UTC).timestamp()
        values = (source, now, *numbers, *reasons, run["error"])
        with self._db:
            # What a clock that ran ahead has kept must not stay the latest for years; one that was never
            # set, as after a start without a battery, must not date back what was kept.
            if now > _CLOCK_IS_SET:
                self._db.execute("UPDATE runs SET at = :now WHERE at > :now", {"now": now})
            self._db.execute("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)

    def thin_runs(self) -> None:
        """Make one run of all those of a source and day that are older than a week, and of a week that are
        older than a hundred days: the books of hourly refreshes stay small."""
        now = datetime.now(UTC).timestamp()
        with self._db:
            for age, span in ((7 * 86_400, 86_400), (100 * 86_400, 7 * 86_400)):
                old = {"before": now - age, "span": span}
                self._db.execute("DROP TABLE IF EXISTS temp.thinned")
                # Beside max(at), SQLite gives the other columns of that very row.
                self._db.execute(
                    "CREATE TEMP TABLE thinned AS SELECT source, max(at) AS at, sum(seen) AS seen, "
                    "sum(stored) AS stored, sum(duplicate) AS duplicate, rejected, quarantined, failed, "
                    "CASE WHEN count(error) = count(*) THEN error END AS error, "
                    "CAST(at / :span AS INTEGER) AS span FROM runs WHERE at < :before "
                    "GROUP BY source, CAST(at / :span AS INTEGER) HAVING count(*) > 1",
                    old,
                )
                # Without it, the books of a year would take an hour.
                self._db.execute("CREATE UNIQUE INDEX temp.thinned_by_span ON thinned (source, span)")
                self._db.execute(
                    "DELETE FROM runs WHERE at < :before AND EXISTS (SELECT 1 FROM thinned WHERE "
                    "thinned.source = runs.source AND thinned.span = CAST(runs.at / :span AS INTEGER))",
                    old,
                )
                self._db.execute(
                    "INSERT INTO runs SELECT source, at, seen, stored, duplicate, rejected, quarantined, "
                    "failed, error FROM thinned"
                )

    def runs(self) -> pd.DataFrame:
        """A row a source and refresh: source, at (UTC), seen, stored, duplicate (int64), rejected,
        quarantined, failed (int64, all reasons), reasons (failures by reason, as text), error."""
        import pandas as pd

        rows = self._db.execute("SELECT * FROM runs ORDER BY at, rowid").fetchall()
        names = ["source", "at", "seen", "stored", "duplicate", "rejected", "quarantined", "failed", "error"]
        frame = pd.DataFrame(rows, columns=names)
        # What was kept by a clock that ran ahead is read as of now.
        frame["at"] = frame["at"].clip(upper=datetime.now(UTC).timestamp())
        frame["at"] = pd.to_datetime(frame["at"], unit="s", utc=True).dt.as_unit("us")
        frame["reasons"] = frame["failed"].map(_each(_by_reason, frame["failed"]))
        for name in ("rejected", "quarantined", "failed"):
            frame[name] = frame[name].map(_each(lambda counts: sum(counts.values()), frame[name]))
        return frame.astype(dict.fromkeys(names[2:8], "int64"))

    def backoff(self, source: str) -> tuple[float, datetime | None]:
        """How often a source failed in a row, each failure by its weight, and until when it is left alone.

        None where it is not left alone.
        """
        row = self._db.execute("SELECT weight, until FROM backoff WHERE source = ?", (source,)).fetchone()
        if not row:
            return 0.0, None
        # Later than anyone is ever left alone: the clock was wrong when it was written.
        impossible = row[1] > datetime.now(UTC).timestamp() + LONGEST_BACKOFF.total_seconds()
        return row[0], None if impossible else datetime.fromtimestamp(row[1], UTC)

    def keep_backoff(self, source: str, weight: float, until: datetime | None) -> None:
        with self._db:
            if until is None:
                self._db.execute("DELETE FROM backoff WHERE source = ?", (source,))
            else:
                values = (source, weight, until.timestamp())
                self._db.execute("INSERT OR REPLACE INTO backoff VALUES (?, ?, ?)", values)

    def pauses(self) -> dict[str, float]:
        """Seconds that hosts asked to be left alone and still last, by host."""
        now = datetime.now(UTC).timestamp()
        with self._db:
            self._db.execute(
                "DELETE FROM pauses WHERE until < :now OR until > :latest",
                {"now": now, "latest": now + LONGEST_PAUSE},
            )
        return {host: until - now for host, until in self._db.execute("SELECT host, until FROM pauses")}

    def keep_pause(self, host: str, seconds: float) -> None:
        until = datetime.now(UTC).timestamp() + seconds
        with self._db:
            self._db.execute("INSERT OR REPLACE INTO pauses VALUES (?, ?)", (host, until))


def _each(value: Callable[[dict[str, int]], Any], texts: Iterable[str]) -> dict[str, Any]:
    """`value` of each different text of JSON: most runs say the same."""
    return {text: value(json.loads(text)) for text in set(texts)}


def _by_reason(counts: dict[str, int]) -> str:
    return ", ".join(f"{reason} {n}" for reason, n in sorted(counts.items()))


def _outcome(row: tuple[Any, ...]) -> Outcome:
    url, source, outcome, reason, canonical, at, attempts, hint, due, _, label = row
    moment = None if due is None else datetime.fromtimestamp(due, UTC)
    return Outcome(
        *(url, source, outcome, reason, canonical),
        *(datetime.fromtimestamp(at, UTC), attempts, hint, moment, label),
    )


def _values(one: Outcome, at: datetime) -> tuple[Any, ...]:
    next_moment = next_attempt(one.outcome, one.reason, one.attempts, at)
    return (
        *(one.url, one.source, one.outcome, one.reason, one.canonical, at.timestamp(), one.attempts),
        *(one.hint, next_moment and next_moment.timestamp(), READER_VERSION, one.label),
    )
