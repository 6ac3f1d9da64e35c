"""Ask every source once: which fail, why, and what their sites offer instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import panel as pn
import panel_material_ui as pmui

from collectors.reasons import reason_of
from dashboard.components import safe
from dashboard.components.heartbeat import Heartbeat
from dashboard.components.markup import Markup, table
from dashboard.session.check_job import CheckJob


class CheckSources:
    """The part of the Sources view that asks all sources and keeps nothing of what they answer."""

    def __init__(self, path: str | Path) -> None:
        self._job = CheckJob(path)
        self._heartbeat = Heartbeat(self._job, self._hear)
        self._ask = pmui.Button(label="Check all sources", variant="outlined", margin=(10, 16, 10, 0))
        self._ask.on_click(self._begin)
        self._status, self._answers = Markup(), Markup()
        self.panel = pn.Column(self._ask, self._status, self._answers, sizing_mode="stretch_width")

    async def _begin(self, _: Any) -> None:
        self._answers.html = ""
        self._job.check()
        self._heartbeat.follow()

    def _hear(self) -> None:
        """Show how many have answered, and at the end what."""
        job = self._job
        self._ask.disabled = job.running
        self._status.html = f'<p role="status" data-check="{job.status}"><b>{safe.text(job.message)}</b></p>'
        if job.running:
            return
        if job.report is not None:
            self._answers.html = answers(job.report["sources"])


def answers(results: Sequence[Mapping[str, Any]]) -> str:
    """What each source answered, those that fail first."""
    rows = [
        (
            safe.text(one["source"]),
            _answer(one),
            safe.text((one["newest"] or "")[:10]),
            "<br>".join(safe.link(url, url) for url in one["proposed"]),
        )
        for one in sorted(results, key=lambda one: one["reason"] is None)
    ]
    return table(("Source", "Answer", "Newest article", "Its site offers"), rows)


def _answer(one: Mapping[str, Any]) -> str:
    if one["reason"]:
        problem = f"{reason_of(one['reason']).sentence} {one['detail']}".strip()
        return f'<span class="warn">{safe.text(problem)}</span>'
    return safe.text(f"It answers. {one['detail']}".strip())
