"""A look at a site that a page starts: `pressgauge sources add --json` in a child process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.components import formats
from dashboard.session.refresh_job import Job


class SiteJob(Job):
    """One look of one session at what a site offers; `report` is the site, as `Site.to_dict` gives it."""

    noun = "look"

    def look(self, address: str) -> bool:
        """Find out what the site at `address` offers; False when a look is under way."""
        return self._begin("sources", "add", "--json", "--", address)

    def _hear(self, event: Mapping[str, Any]) -> None:
        self._set(self.status, str(event.get("doing", "")))

    def _outcome(self, report: Mapping[str, Any]) -> str:
        if not report["offers"]:
            return f"{report['name']} offers nothing to collect from."
        return f"{report['name']} offers {formats.quantity(len(report['offers']), 'source')}."
