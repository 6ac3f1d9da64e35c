"""What became of everything in the imported files: a ledger a file, as for the sources of a refresh."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from collectors.ledger import Report, SourceLedger
from pressgauge.errors import one_line, quantity
from pressgauge.store import disk

SAMPLE = 5
"""The first articles of a file that a report shows."""
_LABELS = {"unknown": "not recognised", "container": "archive of files"}


@dataclass(slots=True)
class FileReport:
    """One file: its ledger (`seen` = articles and entries that are none), how it was recognised, what is to
    be said of it, its first articles, and how many of them lack a text, a date or an outlet."""

    ledger: SourceLedger
    path: str
    formats: Counter[str] = field(default_factory=Counter)
    notices: list[str] = field(default_factory=list)
    sample: list[dict[str, Any]] = field(default_factory=list)
    read: int = 0
    without: Counter[str] = field(default_factory=Counter)

    @property
    def recognised(self) -> str:
        """The formats of a file as a person calls them."""
        from collectors.formats.registry import FORMATS

        labels = {one.name: one.label for one in FORMATS} | _LABELS
        return (
            ", ".join(labels.get(name, name) for name, _ in self.formats.most_common(4)) or "not recognised"
        )

    @property
    def doubts(self) -> str:
        """What is doubtful about the articles, in words; empty where nothing is."""
        return ", ".join(f"{n:,} without {what}" for what, n in self.without.items() if n)

    def to_dict(self) -> dict[str, Any]:
        """The file as values of JSON; a ledger's are those of a refresh."""
        return {
            "path": self.path,
            "ledger": self.ledger.to_dict(),
            "formats": dict(self.formats),
            "recognised": self.recognised,
            "read": self.read,
            "doubts": self.doubts,
            "notices": self.notices,
            "sample": self.sample,
        }


@dataclass(slots=True)
class ImportReport:
    """One import: its files, the dataset version before and after it, why articles could not be stored."""

    started: datetime
    files: list[FileReport] = field(default_factory=list)
    finished: datetime | None = None
    before: int | None = None
    version: int | None = None
    dry_run: bool = False
    interrupted: bool = False
    problem: str | None = None

    @property
    def ledgers(self) -> list[SourceLedger]:
        return [one.ledger for one in self.files]

    @property
    def stored(self) -> int:
        return sum(ledger.stored for ledger in self.ledgers)

    @property
    def read(self) -> int:
        """Articles that were read, new or not."""
        return sum(one.read for one in self.files)

    def check(self) -> None:
        """Raises AssertionError unless every ledger is closed."""
        for ledger in self.ledgers:
            assert ledger.open == 0, f"{ledger.source}: {ledger.open} entries without an outcome: {ledger}"

    def table(self) -> str:
        """The ledgers as an aligned table, then what is to be said of the files."""
        lines = [Report(self.started, self.ledgers).table()]
        for one in self.files:
            doubts = f"; {one.doubts}" if one.doubts else ""
            read = quantity(one.read, "article")
            lines.append(f"{_line(one.ledger.source)}: {one.recognised}, {read}{doubts}")
            lines += [f"  ! {_line(notice)}" for notice in one.notices[:5]]
            if len(one.notices) > 5:
                lines.append(f"  ! and {len(one.notices) - 5:,} more")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """The report as values of JSON."""
        return {
            "started": self.started.isoformat(),
            "finished": self.finished.isoformat() if self.finished else None,
            "before": self.before,
            "version": self.version,
            "dry_run": self.dry_run,
            "interrupted": self.interrupted,
            "problem": self.problem,
            "files": [one.to_dict() for one in self.files],
        }

    def save(self, folder: Path) -> Path:
        """Write it into `folder`, named by its start, in one step."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{self.started.astimezone(UTC):%Y-%m-%dT%H%M%S.%fZ}.json"
        disk.replace(file, json.dumps(self.to_dict(), ensure_ascii=False).encode())
        return file


def last_versions(folder: Path) -> tuple[int, int] | None:
    """(version before, version after) of the newest import in `folder` that changed the dataset, or None."""
    for file in sorted(folder.glob("*.json"), reverse=True):
        try:
            values = json.loads(file.read_text(encoding="utf-8"))
            if values["before"] is not None and values["version"] != values["before"]:
                return int(values["before"]), int(values["version"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None


def _line(text: str) -> str:
    """One line, without what would steer the terminal."""
    return one_line(text)[:400]
