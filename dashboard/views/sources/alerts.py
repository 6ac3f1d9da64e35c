"""Alerts on the page: the list of them, what they told, and what is broken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import panel as pn

from collectors.alerts.outbox import PATIENCE, Outbox
from dashboard.components import formats, safe
from dashboard.components.markup import Markup, button, table
from dashboard.session.state import State
from pressgauge.errors import PressgaugeError
from pressgauge.settings import paths
from pressgauge.settings.alerts import Alert, delete_alert, load_alerts

_NOTICES = 10


class Alerts:
    """All alerts, what they told lately, and what is broken."""

    def __init__(self, state: State, folder: Path) -> None:
        self._state, self._folder = state, folder
        # Where others look in, addresses and questions of whoever runs it are not theirs to read.
        self.panel = Markup(on_go=self._go, visible=not state.read_only)

    def update(self) -> None:
        if self._state.read_only:
            return
        problems, notices, alerts = [], [], []
        try:
            alerts = load_alerts(paths.alerts_file())
            if (self._folder / "alerts.sqlite").exists():
                with Outbox(self._folder, patience=PATIENCE) as outbox:
                    problems, notices = outbox.problems(), outbox.notices(limit=_NOTICES)
        except PressgaugeError as error:
            problems = [str(error)]
        past = [(formats.day(each.at), safe.text(each.title), safe.text(each.text)) for each in notices]
        rows = [
            (
                safe.text(alert.name),
                safe.text(_words(alert)),
                safe.text(", ".join(alert.deliver)),
                self._end(alert),
            )
            for alert in alerts
        ]
        parts = [f'<p class="notice" role="alert">{safe.text(problem)}</p>' for problem in problems]
        parts.append(
            table(("Alert", "Tells", "By", ""), rows)
            if rows
            else '<p class="quiet">None yet: “Tell me what happens” here, below the chart of Volume, and '
            "beside a speaker or an event sets one.</p>"
        )
        if past:
            parts.append(f"<h3>Told lately</h3>{table(('When', 'What', 'Numbers'), past)}")
        feed = f'<a href="{safe.text(pn.state.base_url)}alerts.atom" target="_blank">a feed</a>'
        self.panel.html = f"<h2>Alerts</h2>{''.join(parts)}<p class='quiet'>All of it is also {feed}.</p>"

    def _end(self, alert: Alert) -> str:
        title = f"Delete the alert {alert.name}"
        return button("Delete", "delete", alert.name, title=title)

    def _go(self, action: str, value: Any) -> None:
        if action == "delete" and isinstance(value, str) and not self._state.read_only:
            try:
                delete_alert(paths.alerts_file(), value)
            except (PressgaugeError, OSError) as error:
                self.panel.html = f'<p role="alert">The alert was not deleted: {safe.text(error)}</p>'
                return
            self.update()


def _words(alert: Alert) -> str:
    """What an alert tells, in words."""
    subject = alert.topic or alert.query or alert.speaker or alert.source or ""
    if alert.event is not None:
        subject = f"event {alert.event}"
    line = f"above {alert.above:.1%}" if alert.above is not None else f"below {alert.below or 0:.1%}"
    return {
        "articles": f"new articles: {subject}",
        "burst": f"a burst: {subject}",
        "share": f"a share {line} in {alert.days} days: {subject}",
        "silence": f"a silent source: {subject or 'any'}",
        "report": f"a report of each {alert.every}",
    }[alert.kind]
