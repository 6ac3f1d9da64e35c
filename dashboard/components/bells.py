"""Bells beside what can be watched: pressed, an alert is kept in alerts.toml; pressed again, deleted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from dashboard.components import safe
from dashboard.components.markup import Markup, button, dot
from dashboard.session.state import State
from pressgauge.errors import PressgaugeError
from pressgauge.settings import paths
from pressgauge.settings.alerts import Alert, Kind, delete_alert, load_alerts, save_alert

_LINES: tuple[tuple[Kind, str], ...] = (("articles", "new articles"), ("burst", "a burst"))


@dataclass(frozen=True, slots=True)
class Bell:
    """What one bell sets: its `alert`, what that tells in `words` ("a burst"), and of whom (`label`, text,
    with `mark`, markup, before it)."""

    alert: Alert
    words: str
    label: str
    mark: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What its button sends."""
        of = self.alert
        event = None if of.event is None else str(of.event)
        return of.topic or of.query or of.speaker or event or of.source or "", of.kind


class Bells:
    """The bells that `offered` gives at each update, those of one label in a line; nothing without any."""

    def __init__(self, state: State, offers: Callable[[], Iterable[Bell]]) -> None:
        self._state, self._offers = state, offers
        self._open = False
        self.panel = Markup(on_go=self._go, visible=not state.read_only)

    def update(self) -> None:
        """Show which bells are set. A file that cannot be used is told in their place."""
        if self._state.read_only:
            return
        bells = list(self._offers())
        if not bells:
            self.panel.html = ""
            return
        try:
            conditions = {alert.condition for alert in load_alerts(paths.alerts_file())}
        except PressgaugeError as error:
            self.panel.html = f'<p class="notice">{safe.text(error)}</p>'
            return
        rows = [
            f"<li>{mark}{safe.text(label)}: {''.join(_button(bell, conditions) for bell in line)}</li>"
            for (mark, label), line in groupby(bells, lambda bell: (bell.mark, bell.label))
        ]
        open_attribute = " open" if self._open else ""
        self.panel.html = (
            f"<details class=bells{open_attribute}><summary>Tell me what happens</summary>"
            f'<ul class="bells">{"".join(rows)}</ul>'
            '<p class="quiet">After each refresh. Sources lists all alerts; alerts.toml says by which '
            "channels they come.</p></details>"
        )

    def _go(self, action: str, value: Any) -> None:
        if action != "bell" or self._state.read_only or not isinstance(value, list):
            return
        bell = next((bell for bell in self._offers() if list(bell.key) == value), None)
        if bell is None:
            return
        try:
            _toggle(bell.alert)
        except (PressgaugeError, OSError) as error:
            self.panel.html = f'<p role="alert">The alert was not saved: {safe.text(error)}</p>'
            return
        self._open = True  # whoever pressed one sees that it is set
        self.update()


def of_lines(state: State) -> list[Bell]:
    """New articles and bursts of each compared line, of what is about it where that is counted."""
    bells = []
    for series in state.series:
        of: dict[str, Any] = {"topic": series.key} if series.topic else {"query": series.key}
        for kind, words in _LINES:
            alert = Alert(_name(kind, series.key), kind, **of, about=state.view.about)
            bells.append(Bell(alert, words, series.label, dot(series.color)))
    return bells


def of_speaker(speaker: str) -> Bell:
    """New articles that quote somebody."""
    return Bell(Alert(_name("articles", speaker), "articles", speaker=speaker), "new quotations", speaker)


def of_event(event: int) -> Bell:
    """New articles of an event."""
    return Bell(
        Alert(_name("articles", f"event {event}"), "articles", event=event), "new articles", "This event"
    )


def of_sources(names: Iterable[str]) -> list[Bell]:
    """Sources that fall silent: any of them, and each."""
    words = "has fallen silent"
    each = [Bell(Alert(_name("silence", name), "silence", source=name), words, name) for name in names]
    return [Bell(Alert("silence_of_any", "silence"), words, "Any source"), *each]


def _button(bell: Bell, conditions: set[tuple[Any, ...]]) -> str:
    is_set = bell.alert.condition in conditions
    title = f"{'Stop telling' if is_set else 'Tell'} me of {bell.words} of {bell.label}"
    if bell.alert.kind == "silence":
        title = f"{'Stop telling' if is_set else 'Tell'} me when {bell.label} {bell.words}"
    label = f"{'🔔' if is_set else '🔕'} {bell.words}"
    return button(label, "bell", list(bell.key), title=title, classes="on" if is_set else "quiet")


def _toggle(alert: Alert) -> None:
    """Delete the alerts of that condition; where there is none, keep this one, numbered if need be."""
    file = paths.alerts_file()
    alerts = load_alerts(file)
    same = [each.name for each in alerts if each.condition == alert.condition]
    for name in same:
        delete_alert(file, name)
    if not same:
        names = {each.name for each in alerts}
        number = next(n for n in range(1, len(names) + 2) if _name_with_number(alert.name, n) not in names)
        save_alert(file, replace(alert, name=_name_with_number(alert.name, number)))


def _name(kind: str, subject: str) -> str:
    return f"{kind}_{'_'.join(re.findall('[a-z0-9]+', subject.lower()))[:40] or 'line'}"


def _name_with_number(name: str, number: int) -> str:
    return name if number == 1 else f"{name}_{number}"
