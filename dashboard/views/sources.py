"""Sources: what is collected from where, the last refresh, and starting one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import panel as pn
import panel_material_ui as pmui

from collectors.sources import load_sources
from dashboard import safe, words
from dashboard.markup import Markup, table
from dashboard.refresh_job import RefreshJob, total
from dashboard.state import State
from pressgauge import paths

_COUNTS = ("seen", "stored", "duplicate", "rejected", "quarantined", "failed")


class Sources:
    """The refresh with its live progress, and what each source last gave."""

    title = "Sources"

    def __init__(self, state: State, job: RefreshJob, *, read_only: bool) -> None:
        self._state, self._job = state, job
        self._chosen = pmui.MultiChoice(label="Sources (none chosen: all)", width=420, margin=(10, 10))
        self._since = pmui.DatePicker(label="Published since", width=220, margin=(10, 10))
        self._start = pmui.Button(label="Refresh now", variant="contained", margin=(18, 10))
        self._cancel = pmui.Button(label="Cancel", variant="outlined", visible=False, margin=(18, 10))
        self._start.on_click(self._begin)
        self._cancel.on_click(self._stop)
        self._status, self._ledger, self._problems = Markup(), Markup(), Markup()
        controls = [] if read_only else [pn.FlexBox(self._chosen, self._since, self._start, self._cancel)]
        self.panel = pn.Column(
            *controls,
            self._status,
            self._ledger,
            self._problems,
            sizing_mode="stretch_width",
            margin=(12, 12),
        )

    def update(self) -> None:
        sources, problems = load_sources(paths.sources_file())
        self._chosen.options = {safe.plain(source.name): source.name for source in sources if source.enabled}
        self._problems.html = "".join(f'<p class="notice">{safe.text(problem)}</p>' for problem in problems)
        self.hear()

    def hear(self) -> None:
        """Show where the refresh is; before the first of this server, what the last one on disk brought."""
        job = self._job
        self._start.disabled = job.running
        self._cancel.visible = job.status == "running"
        lead = job.message or "No refresh since this server started."
        self._status.html = f'<p role="status" data-refresh="{job.status}"><b>{safe.text(lead)}</b></p>'
        rows = list(job.sources.values()) if job.running or job.report is None else job.report["sources"]
        self._ledger.html = _ledger(rows) if rows else ""

    async def _begin(self, _: Any) -> None:
        since = self._since.value
        self._job.start(sources=self._chosen.value, since=since.isoformat() if since else None)
        self.hear()

    async def _stop(self, _: Any) -> None:
        await self._job.cancel()


def _ledger(rows: Sequence[Mapping[str, Any]]) -> str:
    """What each source gave: seen is the sum of the columns after it."""
    cells = [
        (
            safe.text(row["source"]),
            *(words.count(total(row.get(name, 0))) for name in _COUNTS),
            safe.text(row.get("error") or ""),
        )
        for row in rows
    ]
    head = ("Source", "Seen", "New", "Known", "Rejected", "Quarantined", "Failed", "Problem")
    return table(head, cells, numbers=range(1, len(_COUNTS) + 1))
