"""Alerts on the page: bells that write alerts.toml, the list of alerts, and what is broken."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import panel as pn

from collectors.alerts.outbox import Outbox
from dashboard.components import formats, safe
from dashboard.components.markup import Markup, button, dot, table
from dashboard.session.session import Series, State
from pressgauge.errors import PressgaugeError
from pressgauge.settings import paths
from pressgauge.settings.alerts import Alert, Kind, delete_alert, load_alerts, save_alert

_BELLS: tuple[tuple[Kind, str], ...] = (("articles", "new articles"), ("burst", "a burst"))
_NOTICES = 10


class Bells:
    """A bell for each compared line and kind of news: pressed, its alert is kept in alerts.toml; pressed
    again, it is deleted."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.panel = Markup(on_go=self._go, visible=not state.read_only)

    def update(self) -> None:
        """Show which bells are set. A file that cannot be used is told where alerts are listed."""
        if self._state.read_only:
            return
        try:
            kept = {alert.condition for alert in load_alerts(paths.alerts_file())}
        except PressgaugeError as error:
            self.panel.html = f'<p class="notice">{safe.text(error)}</p>'
            return
        rows = []
        for series in self._state.series:
            bells = "".join(self._bell(series, kind, words, kept) for kind, words in _BELLS)
            rows.append(f"<li>{dot(series.color)}{safe.text(series.label)}: {bells}</li>")
        self.panel.html = (
            '<details><summary>Tell me what happens</summary><ul class="bells">' + "".join(rows) + "</ul>"
            '<p class="quiet">After each refresh. Sources lists all alerts; alerts.toml says by which '
            "channels they come.</p></details>"
        )

    def _bell(self, series: Series, kind: Kind, words: str, kept: set[tuple[Any, ...]]) -> str:
        is_set = self._alert(series, kind).condition in kept
        label = f"{'🔔' if is_set else '🔕'} {words}"
        title = f"{'Stop telling' if is_set else 'Tell'} me of {words} of {series.label}"
        return button(label, "bell", [series.key, kind], title=title, classes="on" if is_set else "quiet")

    def _alert(self, series: Series, kind: Kind) -> Alert:
        """The alert of a bell; a line that counts what is about it has alerts of the same."""
        name = "_".join(re.findall("[a-z0-9]+", series.key.lower()))[:40] or "line"
        of = {"topic": series.key} if series.topic else {"query": series.key}
        return Alert(f"{kind}_{name}", kind, **of, about=self._state.view.about)  # type: ignore[arg-type]

    def _go(self, action: str, value: Any) -> None:
        if action != "bell" or self._state.read_only or not isinstance(value, list):
            return
        bells = {(s.key, kind): (s, kind) for s in self._state.series for kind, _ in _BELLS}
        if tuple(map(str, value)) not in bells:
            return
        alert = self._alert(*bells[str(value[0]), value[1]])
        file = paths.alerts_file()
        try:
            alerts = load_alerts(file)
            same = [kept.name for kept in alerts if kept.condition == alert.condition]
            for name in same:
                delete_alert(file, name)
            if not same:
                taken = {kept.name for kept in alerts}
                number = next(n for n in range(1, len(taken) + 2) if _numbered(alert.name, n) not in taken)
                save_alert(file, replace(alert, name=_numbered(alert.name, number)))
        except (PressgaugeError, OSError) as error:
            self.panel.html = f'<p role="alert">The alert was not saved: {safe.text(error)}</p>'
            return
        self.update()


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
                with Outbox(self._folder) as outbox:
                    problems, notices = outbox.problems(), outbox.notices(limit=_NOTICES)
        except PressgaugeError as error:
            problems = [str(error)]
        told = [(formats.day(each.at), safe.text(each.title), safe.text(each.text)) for each in notices]
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
            else '<p class="quiet">None yet: “Tell me what happens” below the chart of Volume sets one.</p>'
        )
        if told:
            parts.append(f"<h3>Told lately</h3>{table(('When', 'What', 'Numbers'), told)}")
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
    }[alert.kind]


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}_{number}"
