"""A day that was clicked or drawn on a chart becomes an event of events.toml, marked on all charts."""

from __future__ import annotations

from datetime import date
from typing import Any

import panel as pn
import panel_material_ui as pmui

from dashboard.components import formats, safe
from dashboard.components.markup import Markup, button
from dashboard.session.state import State
from pressgauge.errors import PressgaugeError

_ALL = "all lines"
_LINES = "the compared topics"


class EventForm:
    """What happened, when, and which lines it concerns; hidden until `open` names a day."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._last_event: tuple[date, str] | None = None
        self._day = pmui.DatePicker(label="Day", width=160, margin=(8, 6))
        self._label = pmui.TextInput(label="What happened?", width=360, margin=(8, 6))
        self._of = pmui.RadioButtonGroup(
            label="Marked on", options=[_ALL, _LINES], value=_ALL, size="small", margin=(14, 6)
        )
        save = pmui.Button(label="Save event", variant="contained", margin=(12, 6))
        save.on_click(self._save)
        self._label.param.watch(self._save, "enter_pressed")
        self._message = Markup(on_go=self._go)
        self._fields = pn.FlexBox(self._day, self._label, self._of, save, visible=False)
        self.panel = pn.Column(self._fields, self._message, sizing_mode="stretch_width", visible=False)

    def open(self, day: date) -> None:
        """Ask what happened on that day."""
        self._day.value = day
        self._label.param.update(value="", value_input="")
        self._message.html, self._last_event = "", None
        self.panel.visible = self._fields.visible = True

    def close(self) -> None:
        """Ask for nothing any more."""
        if self.panel.visible:
            self._message.html, self._last_event = "", None
            self.panel.visible = self._fields.visible = False

    def _save(self, *_: Any) -> None:
        state, day = self._state, self._day.value
        label = (self._label.value_input or self._label.value or "").strip()
        if state.read_only or day is None or not self._fields.visible:
            return
        topics = [series.key for series in state.series if series.topic] if self._of.value == _LINES else []
        try:
            state.store.add_event(day, label, topics)
        except (PressgaugeError, OSError) as error:
            self._message.html = f'<p role="alert">The event was not saved: {safe.text(error)}</p>'
            return
        self._last_event, self._fields.visible = (day, " ".join(label.split())), False
        state.loaded = state.store.current
        undo = button("Undo", "undo", classes="quiet", title=f"Take the event {label} out again")
        show = button("Show it on the chart", "show", classes="quiet")
        what = f"{formats.day(day)}, {safe.text(label)}"
        self._message.html = f'<p role="status">Saved in events.toml: {what}. {show} {undo}</p>'

    def _go(self, action: str, _: Any) -> None:
        state, event = self._state, self._last_event
        if event is None or state.read_only:
            return
        if action == "show":
            state.go(tab="volume")
        elif action == "undo":
            try:
                state.store.delete_event(*event)
            except (PressgaugeError, OSError) as error:
                self._message.html = f'<p role="alert">The event is still there: {safe.text(error)}</p>'
                return
            self._last_event = None
            state.loaded = state.store.current
            self._message.html = '<p role="status">The event is taken out again.</p>'
