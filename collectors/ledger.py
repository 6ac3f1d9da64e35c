"""The books of a refresh: every entry seen has exactly one outcome, counted by source."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from pressgauge.errors import one_line
from pressgauge.store import disk

Kind = Literal["stored", "duplicate", "rejected", "quarantined", "failed"]
Stage = Literal["waiting", "asking", "reading", "done", "storing", "indexing"]
"""Of a source under way: not begun, asked for what it has, its pages being read, over; then of all sources at
once: what they brought is stored, and what is derived of it is made."""

_REASONS = 5
"""Named in a line of the table; one more takes no more room than the count of the rest."""

_LONGEST_WHY = 400
"""Characters in a line of the table: an error's detail is whole, for what helps stands at its end."""


@dataclass(slots=True)
class SourceLedger:
    """What became of everything that one source announced: seen = stored + duplicate + rejected +
    quarantined + failed.

    stored: a new article; duplicate: already known; rejected: no article that is wanted, or one that we may
    not read; quarantined: a page that broke or held up its reader; failed: not obtained, tried again later.
    The last three count by reason. `error` is why the source as a whole gave nothing, "reason: detail".
    `stage` is kept in no report.
    """

    source: str
    seen: int = 0
    stored: int = 0
    duplicate: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    quarantined: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    error: str | None = None
    stage: Stage = field(default="waiting", compare=False)

    def count(self, outcome: Kind, reason: str | None = None, by: int = 1) -> None:
        """Give `by` of the entries seen their outcome; a negative number takes it back."""
        if outcome == "stored":
            self.stored += by
        elif outcome == "duplicate":
            self.duplicate += by
        else:
            reasons: Counter[str] = getattr(self, outcome)
            reasons[reason or "unknown"] += by
            if not reasons[reason or "unknown"]:
                del reasons[reason or "unknown"]

    @property
    def open(self) -> int:
        """Entries seen that have no outcome yet; 0 when the ledger is closed."""
        by_reason = self.rejected.total() + self.quarantined.total() + self.failed.total()
        return self.seen - self.stored - self.duplicate - by_reason

    def to_dict(self) -> dict[str, Any]:
        """The values of JSON that a progress line and a report hold."""
        return {
            "source": self.source,
            "seen": self.seen,
            "stored": self.stored,
            "duplicate": self.duplicate,
            "rejected": dict(self.rejected),
            "quarantined": dict(self.quarantined),
            "failed": dict(self.failed),
            "error": self.error,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> SourceLedger:
        counters = {name: Counter(values[name]) for name in ("rejected", "quarantined", "failed")}
        return cls(**{**values, **counters})


@dataclass(slots=True)
class Report:
    """One refresh: the ledgers of its sources, the dataset version it led to, and what befell all of it.

    `event` is 'offline' (no network), 'captive_portal' (every address answered by the same page) or None;
    `interrupted` says that it was stopped before its end, what was complete being kept; `problem` is why
    articles could not be stored.
    """

    started: datetime
    sources: list[SourceLedger]
    finished: datetime | None = None
    version: int | None = None
    event: str | None = None
    interrupted: bool = False
    dry_run: bool = False
    problem: str | None = None

    @property
    def stored(self) -> int:
        return sum(ledger.stored for ledger in self.sources)

    @property
    def collected(self) -> bool:
        """Whether anything could be collected: a source that answered, though it had nothing new, counts."""
        return self.problem is None and any(ledger.error is None for ledger in self.sources)

    def check(self) -> None:
        """Raises AssertionError unless every ledger is closed."""
        for ledger in self.sources:
            assert ledger.open == 0, f"{ledger.source}: {ledger.open} entries without an outcome: {ledger}"

    def to_json(self) -> str:
        values = {
            "started": self.started.isoformat(),
            "finished": self.finished.isoformat() if self.finished else None,
            "version": self.version,
            "event": self.event,
            "interrupted": self.interrupted,
            "dry_run": self.dry_run,
            "problem": self.problem,
            "sources": [ledger.to_dict() for ledger in self.sources],
        }
        return json.dumps(values, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Report:
        values = json.loads(text)
        values["sources"] = [SourceLedger.from_dict(ledger) for ledger in values["sources"]]
        values["started"] = datetime.fromisoformat(values["started"])
        values["finished"] = datetime.fromisoformat(values["finished"]) if values["finished"] else None
        return cls(**values)

    def save(self, folder: Path) -> Path:
        """Write it into `folder`, named by its start, in one step."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{self.started.astimezone(UTC):%Y-%m-%dT%H%M%S.%fZ}.json"
        disk.replace(file, self.to_json().encode())
        return file

    def table(self) -> str:
        """The ledgers as an aligned table, with their sum and the reasons of what was not stored."""
        rows = [_cells(ledger) for ledger in self.sources]
        if len(rows) > 1:
            rows.append(_cells(_sum(self.sources)))
        head = ("source", "seen", "new", "known", "rejected", "quarantined", "failed", "why")
        widths = [max(len(row[n]) for row in [head, *rows]) for n in range(len(head) - 1)]
        lines = []
        for row in [head, *rows]:
            numbers = (cell.rjust(width) for cell, width in zip(row[1:-1], widths[1:], strict=True))
            lines.append("  ".join([row[0].ljust(widths[0]), *numbers, row[-1]]).rstrip())
        return "\n".join(lines)


def past_reports(folder: Path, most: int = 50) -> list[Report]:
    """The newest reports in `folder` that can be read, the ledgers of past refreshes, the newest first; those
    of the future, kept by a clock that ran ahead, come last."""
    return list(islice(_reports(folder), most))


def _reports(folder: Path) -> Iterator[Report]:
    now = f"{datetime.now(UTC):%Y-%m-%dT%H%M%S.%fZ}"
    files = sorted(folder.glob("*.json"), key=lambda file: (file.stem <= now, file.name), reverse=True)
    for file in files:
        try:
            yield Report.from_json(file.read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, TypeError):
            continue


def _cells(ledger: SourceLedger) -> tuple[str, ...]:
    totals = (ledger.rejected.total(), ledger.quarantined.total(), ledger.failed.total())
    numbers = [f"{n:,}" for n in (ledger.seen, ledger.stored, ledger.duplicate, *totals)]
    if ledger.error and not ledger.seen:  # nothing was counted, which is not the same as none
        numbers = ["-"] * len(numbers)
    reasons = ledger.rejected + ledger.quarantined + ledger.failed
    words = [f"{reason} {n:,}" for reason, n in reasons.most_common()]
    rest = [f"and {len(words) - _REASONS} more reasons"] if len(words) > _REASONS + 1 else []
    why = ledger.error or ", ".join([*words[: _REASONS if rest else None], *rest])
    return (one_line(ledger.source)[:40], *numbers, one_line(why)[:_LONGEST_WHY])


def _sum(ledgers: Iterable[SourceLedger]) -> SourceLedger:
    total = SourceLedger("all")
    for ledger in ledgers:
        total.seen += ledger.seen
        total.stored += ledger.stored
        total.duplicate += ledger.duplicate
        total.rejected += ledger.rejected
        total.quarantined += ledger.quarantined
        total.failed += ledger.failed
    return total
