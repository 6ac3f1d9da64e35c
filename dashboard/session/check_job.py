"""Asking every source once, started from a page: `pressgauge sources check --json` in a child process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dashboard.components import formats
from dashboard.session.refresh_job import Job


class CheckJob(Job):
    """One round of questions; `report["sources"]` has each answer, as `SourceCheck.to_dict` gives it."""

    noun = "check"
    good_codes = (0, 1)
    """1 says that a source failed: the check itself went well."""

    def check(self) -> bool:
        """Ask all enabled sources; False when that is under way."""
        return self._begin("sources", "check", "--json")

    def _report_of(self, output: bytes) -> dict[str, Any] | None:
        answers = [json.loads(line) for line in output.splitlines()]
        return {"sources": answers} if answers else None

    def _hear(self, event: Mapping[str, Any]) -> None:
        self._set(self.status, f"{event.get('asked')} of {event.get('of')} sources have answered")

    def _outcome(self, report: Mapping[str, Any]) -> str:
        failing = sum(one["reason"] is not None for one in report["sources"])
        sources = formats.quantity(len(report["sources"]), "source")
        return f"{sources} asked, {formats.count(failing)} failed."
