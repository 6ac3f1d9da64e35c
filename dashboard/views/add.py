"""Add articles: drop files, see what they hold, store it, take it back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import panel as pn

from dashboard.components import formats, safe
from dashboard.components.browser.drop import Drop
from dashboard.components.heartbeat import Heartbeat
from dashboard.components.markup import Markup, button, table
from dashboard.session.import_job import ImportJob
from dashboard.session.state import State
from pressgauge.errors import PressgaugeError

_NOTICES = 6


class AddArticles:
    """Files that a visitor has, first looked at, then stored."""

    title = "Add articles"

    def __init__(self, state: State) -> None:
        services = state.services
        if services is None or services.job is None:
            raise PressgaugeError("there is no server to take files; use the command `pressgauge import`")
        self._state, self._job = state, ImportJob(services.job.path)
        self._files: list[Path] = []
        self._heartbeat = Heartbeat(self._job, self._hear)
        self._drop = Drop(self._look)
        self._status, self._outcome = Markup(on_go=self._go), Markup(on_go=self._go)
        parts = [self._drop, self._status, self._outcome]
        if state.read_only:
            parts = [Markup("<p>This page is to be looked at only: nothing can be added here.</p>")]
        self.panel = pn.Column(*parts, sizing_mode="stretch_width", margin=(12, 12))

    def update(self) -> None:
        self._hear()

    def _look(self, files: list[Path]) -> None:
        self._files = files
        self._job.look(files)
        self._heartbeat.follow()

    def _go(self, action: str, _: Any) -> None:
        if self._state.read_only:
            return
        if action == "store" and self._files:
            self._job.store(self._files)
        elif action == "undo":
            self._job.undo()
        elif action == "discard":
            self._drop.clear()
            self._files, self._job.report, self._job.message = [], None, ""
        self._heartbeat.follow()

    def _hear(self) -> None:
        """Show where the job is, and at its end what it brought."""
        job = self._job
        entries = sum(one.get("seen", 0) for one in job.sources.values())
        lead = f"Reading: {formats.count(entries)} entries so far" if job.running else job.message
        self._status.html = f'<p role="status" data-import="{job.status}"><b>{safe.text(lead)}</b></p>'
        report = None if job.running else job.report
        self._outcome.html = "" if report is None or "files" not in report else self._report_html(report)

    def _report_html(self, report: Mapping[str, Any]) -> str:
        new = sum(one["ledger"]["stored"] for one in report["files"])
        acts = ""
        if report["dry_run"] and new:
            acts = button(f"Store {formats.quantity(new, 'article')}", "store", classes="act") + button(
                "Discard", "discard"
            )
        elif not report["dry_run"] and new:
            acts = button("Undo: the version before", "undo")
        return f'<div class="row">{acts}</div>' + "".join(map(_file, report["files"]))


def _file(one: Mapping[str, Any]) -> str:
    """What is known of one file: how it was recognised, what is doubtful, its first articles."""
    ledger = one["ledger"]
    counts = [
        f"{formats.count(one['read'])} read",
        f"{formats.count(ledger['stored'])} new",
        f"{formats.count(ledger['duplicate'])} known",
    ]
    reasons = {**ledger["rejected"], **ledger["failed"], **ledger["quarantined"]}
    counts += [f"{formats.count(n)} {reason}" for reason, n in reasons.items()]
    doubts = f'<p class="notice">{safe.text(one["doubts"])}</p>' if one["doubts"] else ""
    notices = "".join(f'<p class="notice">{safe.text(notice)}</p>' for notice in one["notices"][:_NOTICES])
    rows = [
        (
            safe.text(row["title"] or ""),
            safe.text(row["outlet"] or "?"),
            safe.text((row["published"] or "unknown")[:10]),
            safe.text(row["text"][:200]),
        )
        for row in one["sample"]
    ]
    first = table(("Title", "Outlet", "Date", "Beginning of the text"), rows) if rows else ""
    summary = safe.text(f"{one['recognised']}: {', '.join(counts)}")
    return f"<h2>{safe.text(ledger['source'])}</h2><p>{summary}</p>" + doubts + notices + first
