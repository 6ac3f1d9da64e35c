"""Sources: what is collected from where, the last refresh, and starting one."""

from __future__ import annotations

import panel as pn
import panel_material_ui as pmui

from collectors.sources import load_sources
from dashboard import safe
from dashboard.markup import Markup
from dashboard.refresh_job import RefreshJob
from dashboard.state import State
from pressgauge import paths


class Sources:
    """The refresh with its live progress, and what each source last gave."""

    title = "Sources"

    def __init__(self, state: State, job: RefreshJob, *, read_only: bool) -> None:
        self._state, self._job = state, job
        self._chosen = pmui.MultiChoice(
            label="Sources (none chosen: all)", sizing_mode="stretch_width", margin=(10, 10)
        )
        self._since = pmui.DatePicker(label="Published since", width=220, margin=(10, 10))
        self._start = pmui.Button(label="Refresh now", variant="contained", margin=(14, 10))
        self._cancel = pmui.Button(label="Cancel", variant="outlined", visible=False, margin=(14, 10))
        self._start.on_click(lambda _: self._begin())
        self._cancel.on_click(lambda _: pn.state.execute(job.cancel))
        self._status, self._table = Markup(), Markup()
        controls = [] if read_only else [pn.FlexBox(self._chosen, self._since, self._start, self._cancel)]
        self.panel = pn.Column(
            *controls, self._status, self._table, sizing_mode="stretch_width", margin=(12, 12)
        )

    def update(self) -> None:
        sources, problems = load_sources(paths.sources_file())
        self._problems = [str(problem) for problem in problems]
        self._chosen.options = {safe.plain(source.name): source.name for source in sources if source.enabled}
        self._total = len(self._chosen.options)
        self.hear()

    def hear(self) -> None:
        """Show where the refresh is."""
        job = self._job
        self._start.disabled = job.running
        self._cancel.visible = job.status == "running"
        self._status.html = _status(job, self._problems if hasattr(self, "_problems") else [])
        self._table.html = _progress(job)

    def _begin(self) -> None:
        since = self._since.value
        self._job.start(sources=self._chosen.value, since=since.isoformat() if since else None)
        self.hear()


def _status(job: RefreshJob, problems: list[str]) -> str:
    return f'<p role="status">{safe.text(job.message)}</p>' + "".join(
        f'<p class="notice">{safe.text(p)}</p>' for p in problems
    )


def _progress(job: RefreshJob) -> str:
    return ""
