"""An import that a page starts: `pressgauge import` in a child process, first dry, then for good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dashboard.components import formats
from dashboard.session.refresh_job import Job


class ImportJob(Job):
    """One import of one session: look at the files, store their articles, take that back."""

    noun = "import"

    def look(self, files: Sequence[Path]) -> bool:
        """Say what the files hold and store nothing; False when an import is under way."""
        return self._launch("import", "--dry-run", *map(str, files))

    def store(self, files: Sequence[Path]) -> bool:
        """Store the articles of the files; False when an import is under way."""
        return self._launch("import", *map(str, files))

    def undo(self) -> bool:
        """Restore the version before the last import; False when one is under way."""
        return self._launch("import", "--undo")

    def _outcome(self, report: Mapping[str, Any]) -> str:
        if "restored" in report:
            return f"Taken back: the dataset is what it was at version {report['restored']}."
        ledgers = [one["ledger"] for one in report["files"]]
        new, duplicates = (sum(ledger[name] for ledger in ledgers) for name in ("stored", "duplicate"))
        note = f"; {formats.quantity(duplicates, 'article')} known already" if duplicates else ""
        if report.get("problem"):
            return f"Nothing was stored: {report['problem']}"
        if report["dry_run"]:
            return f"{formats.quantity(new, 'new article')} in these files{note}. Nothing is stored yet."
        return f"{formats.quantity(new, 'new article')} stored{note}."
