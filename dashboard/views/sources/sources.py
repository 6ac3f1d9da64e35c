"""Sources: a refresh with its live progress, and how each source has been doing."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import Any

import pandas as pd
import panel as pn
import panel_material_ui as pmui

import pressgauge
from collectors.ledger import Report, past_reports
from collectors.outcome import Outcome
from collectors.reasons import reason_of
from collectors.refresh.health import dataset_health
from collectors.settings import load_sources
from collectors.source import Source
from collectors.state import State as Books
from dashboard.components import formats, safe
from dashboard.components.bells import Bells, of_sources
from dashboard.components.markup import Markup, table
from dashboard.session.refresh_job import total
from dashboard.session.state import State
from dashboard.views.sources.add_source import AddSource
from dashboard.views.sources.alerts import Alerts
from dashboard.views.sources.check_sources import CheckSources
from pressgauge.errors import PressgaugeError
from pressgauge.settings import paths

_MOST_ADDRESSES = 200
_COUNTS = ("seen", "stored", "duplicate", "rejected", "quarantined", "failed")


class Sources:
    """The refresh with its live progress, and the health of every source."""

    title = "Sources"

    def __init__(self, state: State) -> None:
        job = state.services.job if state.services is not None else None
        if job is None:
            raise PressgaugeError(
                "there is no server that could refresh; use the command `pressgauge refresh`"
            )
        self._state, self._job = state, job
        self._assessed: Any = None
        self._sources = pmui.MultiChoice(
            label="Sources (none chosen: all)", width=300, margin=(10, 16, 10, 0)
        )
        self._since = pmui.DatePicker(label="Published since", width=200, margin=(10, 16, 10, 0))
        self._until = pmui.DatePicker(label="Published before", width=200, margin=(10, 16, 10, 0))
        self._start = pmui.Button(label="Refresh now", variant="contained", margin=(18, 16, 10, 0))
        self._cancel = pmui.Button(label="Cancel", variant="outlined", visible=False, margin=(18, 16, 10, 0))
        self._start.on_click(self._begin)
        self._cancel.on_click(self._stop)
        self._status, self._ledger, self._problems, self._health, self._failing, self._former = (
            Markup() for _ in range(6)
        )
        self._past = pmui.Select(label="Past refreshes", options={"": ""}, width=340, margin=(10, 0))
        self._past.param.watch(self._show_past, "value")
        self._reports: dict[str, Report] = {}
        self._alerts = Alerts(state, Path(pressgauge.open(job.path).path))
        self._bells = Bells(state, lambda: of_sources(self._sources.options))
        controls = pn.FlexBox(self._sources, self._since, self._until, self._start, self._cancel)
        self._add = AddSource(job.path, self.update)
        self._check = CheckSources(job.path)
        self.panel = pn.Column(
            *([] if state.read_only else [controls, self._add.panel, self._check.panel]),
            self._status,
            self._ledger,
            self._problems,
            self._alerts.panel,
            self._bells.panel,
            self._health,
            self._failing,
            self._past,
            self._former,
            sizing_mode="stretch_width",
            margin=(12, 12),
        )

    def update(self) -> None:
        sources, problems = load_sources(paths.sources_file())
        self._sources.options = {safe.plain(source.name): source.name for source in sources if source.enabled}
        self._problems.html = "".join(f'<p class="notice">{safe.text(problem)}</p>' for problem in problems)
        self.hear()
        assessed = (self._state.loaded, self._job.report)
        self._alerts.update()
        self._bells.update()
        if assessed != self._assessed:
            self._assessed = assessed
            pn.state.onload(self._assess)

    def hear(self) -> None:
        """Show where the refresh is, or what the last one of this server brought."""
        job = self._job
        self._start.disabled = job.running
        self._cancel.visible = job.status == "running"
        lead = job.message or "No refresh since this server started."
        self._status.html = f'<p role="status" data-refresh="{job.status}"><b>{safe.text(lead)}</b></p>'
        if job.running or job.report is None:
            rows = [row for row in job.sources.values() if row.get("stage") != "waiting"]
        else:
            rows = job.report["sources"]
        self._ledger.html = _ledger(rows) if rows else ""

    async def _assess(self) -> None:
        """Read the sources' health in a thread: it looks at every article."""
        try:
            assessed, failing, reports = await asyncio.to_thread(_books, self._job.path)
        except (PressgaugeError, OSError) as error:
            self._health.html = f'<p class="notice">{safe.text(error)}</p>'
            return
        sources, _ = load_sources(paths.sources_file())
        self._health.html = (
            f"<h2>Health of the sources</h2>{_health(assessed)}{_not_asked(sources, set(assessed['source']))}"
        )
        self._failing.html = f"<h2>Addresses without an article</h2>{_failing(failing)}" if failing else ""
        self._reports = {f"{report.started:%Y-%m-%d %H:%M:%S} UTC": report for report in reports}
        self._past.options = {"": "", **{f"{at}: {_summary(one)}": at for at, one in self._reports.items()}}

    def _show_past(self, _: Any) -> None:
        """Show the ledger of the past refresh that was chosen."""
        report = self._reports.get(self._past.value)
        self._former.html = _ledger([one.to_dict() for one in report.sources]) if report else ""

    async def _begin(self, _: Any) -> None:
        since, until = self._since.value, self._until.value
        if since and until and since >= until:
            self._status.html = '<p role="alert">The window ends before it begins: change its dates.</p>'
            return
        self._job.start(
            sources=self._sources.value or (),
            since=since.isoformat() if since else None,
            until=until.isoformat() if until else None,
        )
        self.hear()

    async def _stop(self, _: Any) -> None:
        await self._job.cancel()


def _books(path: str | Path) -> tuple[pd.DataFrame, list[Outcome], list[Report]]:
    """The health of the sources, the addresses without an article, and the past refreshes of a dataset."""
    file = Path(path) / "state.sqlite"
    with contextlib.closing(Books(file if file.exists() else None)) as books:
        failing = books.failing(_MOST_ADDRESSES)
    return dataset_health(pressgauge.open(path)), failing, past_reports(Path(path) / "reports")


def _summary(report: Report) -> str:
    """A past refresh in a few words."""
    failures = sum(one.error is not None for one in report.sources)
    ends = [f"{failures} failed"] if failures else []
    ends += ["stopped before its end"] if report.interrupted else []
    sources = formats.quantity(len(report.sources), "source")
    return ", ".join([f"{formats.quantity(report.stored, 'new article')} from {sources}", *ends])


def _ledger(rows: Sequence[Mapping[str, Any]]) -> str:
    """What each source gave: seen is the sum of the columns after it."""
    cells = [
        (
            safe.text(row["source"]),
            *(formats.count(total(row.get(name, 0))) for name in _COUNTS),
            safe.text(" ".join(filter(None, [_why(row), _reasons(row)]))),
        )
        for row in rows
    ]
    head = ("Source", "Seen", "New", "Known", "Rejected", "Quarantined", "Failed", "Why")
    return table(head, cells, numbers=range(1, len(_COUNTS) + 1), classes="sources")


def _reasons(row: Mapping[str, Any]) -> str:
    """Why entries brought no article, the most frequent first, each by the sentence of its reason."""
    counts = Counter[str]()
    for name in ("rejected", "quarantined", "failed"):
        if isinstance(by_reason := row.get(name), Mapping):
            counts.update({reason: n for reason, n in by_reason.items() if n})
    return " ".join(f"{formats.count(n)} × {reason_of(word).sentence}" for word, n in counts.most_common())


def _why(row: Mapping[str, Any]) -> str:
    """What a person is told of a source that gave nothing: its reason's sentence, and the detail."""
    if not row.get("error"):
        return ""
    word, _, detail = str(row["error"]).partition(":")
    return f"{reason_of(word).sentence} ({detail.strip() or word})"


def _failing(outcomes: Sequence[Outcome]) -> str:
    """The addresses that brought no article, by name."""
    rows = [
        (
            safe.link(one.url, one.url),
            safe.text(one.source),
            formats.day(pd.Timestamp(one.at)) if one.at else "",
            safe.text(reason_of(one.reason or "").sentence),
            formats.day(pd.Timestamp(one.due)) if one.due else "no more",
        )
        for one in outcomes
    ]
    return table(("Address", "Source", "Asked", "Why", "Asked again"), rows)


def _health(assessed: pd.DataFrame) -> str:
    if assessed.empty:
        return '<p class="quiet">No source has been asked yet: "Refresh now" asks them.</p>'
    order = assessed["warning"].isna().sort_values(kind="stable").index
    rows = [
        (
            safe.text(row.source),
            *(formats.day(moment) for moment in (row.last_asked, row.last_success, row.last_article)),
            formats.rate(row.found_per_day),
            formats.percent(row.dates_missing),
            safe.text(row.failures),
            f'<span class="warn">{safe.text(row.warning)}</span>' if isinstance(row.warning, str) else "fine",
        )
        for row in assessed.loc[order].itertuples()
    ]
    head = (
        "Source",
        "Last asked",
        "Last success",
        "Newest article",
        "New a day",
        "No date",
        "Failed",
        "Health",
    )
    rate = (
        "New a day is counted from a source's first success in 28 days, whose own articles are no rate, to "
        "when it was last asked; it is unknown until that is a day."
    )
    return f'{table(head, rows, numbers=(4, 5), classes="sources")}<p class="quiet">{rate}</p>'


def _not_asked(sources: Sequence[Source], asked: Set[str]) -> str:
    """The sources of the settings that no refresh has asked yet, with what is noted of each there."""
    rows = [
        (
            safe.text(source.name),
            safe.link(source.url, source.url),
            safe.text("" if source.enabled else "disabled"),
            safe.text(source.note or ""),
        )
        for source in sources
        if source.name not in asked
    ]
    return f"<h3>Not asked yet</h3>{table(('Source', 'Address', '', 'Note'), rows)}" if rows else ""
