"""The filters, bound both ways to the view."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

import pandas as pd
import panel_material_ui as pmui
import param

from dashboard.components import formats, safe
from dashboard.session.session import Session
from dashboard.session.view import FREQUENCIES, MAX_SERIES

_NAMES = {"countries": formats.country, "languages": formats.language}


class Query(pmui.TextInput):
    """A field whose text comes when it is complete: Panel need not wait for more, as when a slider moves."""

    _priority_changes: ClassVar[list[str]] = ["value"]
    _busy__ignore: ClassVar[list[str]] = ["value"]  # what the page shows of it is hidden


class Sidebar:
    """One widget a field of the view, all of them or those named; `panel` lists them in reading order."""

    def __init__(self, state: Session, *fields: str) -> None:
        self._state = state
        wide = {"sizing_mode": "stretch_width", "margin": (6, 12)}
        self._widgets: dict[str, Any] = {
            "topics": pmui.MultiChoice(label="Compare topics", max_items=MAX_SERIES, **wide),
            "query": Query(label="Only articles that match", placeholder='"open weights" NOT meta', **wide),
            "since": pmui.DatePicker(label="From", styles={"width": "100%"}, **wide),
            "until": pmui.DatePicker(label="To", styles={"width": "100%"}, **wide),
            "outlets": pmui.MultiChoice(label="Outlets", **wide),
            "countries": pmui.MultiChoice(label="Countries", **wide),
            "languages": pmui.MultiChoice(label="Languages", **wide),
            "unit": pmui.RadioButtonGroup(
                label="Count",
                options={"Articles": "articles", "Stories": "stories", "Events": "events"},
                size="small",
                **wide,
            ),
            "about": pmui.RadioButtonGroup(
                label="Articles that",
                options={"Mention it": False, "Are about it": True},
                size="small",
                **wide,
            ),
            "freq": pmui.RadioButtonGroup(
                label="Per",
                options={label: freq for freq, label in FREQUENCIES.items()},
                size="small",
                **wide,
            ),
            "share": pmui.Switch(label="As shares of what is counted", **wide),
            "corrected": pmui.Switch(label="Also corrected for the query's error", **wide),
            "everything": pmui.Switch(label=_everything(state), **wide),
            "with_text": pmui.Switch(label="Only articles whose text is there", **wide),
            "sure_dates": pmui.Switch(label="Only articles whose date is not doubtful", **wide),
        }
        if fields:
            self._widgets = {field: self._widgets[field] for field in fields}
        self._last_options: dict[str, tuple[pd.DataFrame, tuple[str, ...], dict[str, str]]] = {}
        self.update()
        for field, widget in self._widgets.items():
            widget.param.watch(partial(self._write, field), "value")
        state.param.watch(self.update, ["view", "loaded"])

    @property
    def panel(self) -> list[Any]:
        return list(self._widgets.values())

    def update(self, *_: param.parameterized.Event) -> None:
        """Show what the view holds; writing an equal value back to the state changes nothing."""
        view, labels = self._state.view, self._state.labels
        options = {"topics": {safe.plain(topic.label): topic.name for topic in self._state.topics}}
        for field, column in (("outlets", "outlet"), ("countries", "country"), ("languages", "language")):
            if field in self._widgets:
                options[field] = self._options(field, labels, column, getattr(view, field))
        topics = tuple(series.key for series in self._state.series if series.topic)
        for field, widget in self._widgets.items():
            value = topics if field == "topics" else getattr(view, field)
            new = {"value": list(value) if isinstance(value, tuple) else value}
            if field in options:
                new["options"] = options[field]
            new = {name: value for name, value in new.items() if getattr(widget, name) != value}
            if new:
                widget.param.update(**new)

    def _options(
        self, field: str, labels: pd.DataFrame, column: str, selection: tuple[str, ...]
    ) -> dict[str, str]:
        """`_values` of a field, made when the articles or what is chosen of them are others."""
        last = self._last_options.get(field)
        if last is None or last[0] is not labels or last[1] != selection:
            values = _values(labels[column], selection, _NAMES.get(field, str))
            self._last_options[field] = last = labels, selection, values
        return last[2]

    def _write(self, field: str, event: param.parameterized.Event) -> None:
        value = tuple(event.new) if isinstance(event.new, list) else event.new
        topics = tuple(series.key for series in self._state.series if series.topic)
        if field != "topics" or value != topics:
            self._state.go(**{field: value})


def _everything(state: Session) -> str:
    field = state.field
    return f"Also what does not mention {safe.plain(field.label)}" if field else "Everything collected"


def _values(
    column: pd.Series, selection: tuple[str, ...], name_of: Callable[[str], str] = str
) -> dict[str, str]:
    """The values to choose from by their names; a chosen one stays listed although the data no longer hold
    it."""
    names = {value: safe.plain(name_of(value)) for value in {*column.cat.categories, *selection}}
    return {name: value for value, name in sorted(names.items(), key=lambda pair: pair[::-1])}
