"""What is compared: sides chosen from what was clicked or drawn, or from lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import panel as pn
import panel_material_ui as pmui

from dashboard.components import formats, safe
from dashboard.components.markup import button
from dashboard.session.state import State
from dashboard.session.view import Selection
from pressgauge.schema import EPOCH, NO_DAY

_DAY = timedelta(days=1)
KINDS = {
    "Two periods": "days",
    "Before and after an event": "event",
    "Outlets": "outlet",
    "Countries": "country",
    "Languages": "language",
    "Topics": "series",
}
_AROUND = {"1 week": 7, "2 weeks": 14, "4 weeks": 28, "12 weeks": 84}
_USUAL = 28


def against_buttons(selection: Selection) -> str:
    """Buttons (action "against") that hold what is selected against the period before, where it is a period,
    and against everything else."""
    if selection.side is not None or selection.article is not None:
        return ""
    buttons = []
    if selection.since and selection.until:
        days = (selection.until - selection.since).days + 1
        before = "the day before" if days == 1 else f"the {formats.count(days)} days before"
        buttons.append(button(f"Compare with {before}", "against", "before", classes="quiet"))
    if side_of(selection) != Selection():
        buttons.append(button("Compare with everything else", "against", "rest", classes="quiet"))
    return "".join(buttons)


def side_of(selection: Selection) -> Selection:
    """What is selected as a side of a comparison: of a point of a line its period, in which all lines are
    then compared."""
    side = replace(selection, compared=False, article=None, side=None, steady=False)
    return replace(side, series=None, also=None) if side.since or side.until else side


def hold_against(state: State, selection: Selection, what: Any) -> None:
    """Compare what is selected with the period "before", or with the "rest"."""
    side = side_of(selection)
    if what == "rest" and side != Selection():
        state.go(tab="compare", first=None, second=side)
    elif what == "before" and side.since and side.until:
        since, until = before(side.since, side.until)
        state.go(tab="compare", first=replace(side, since=since, until=until), second=side)


def before(since: date, until: date) -> tuple[date, date]:
    """The period of the same length that ends on the day before this one begins."""
    return since - (until - since + _DAY), since - _DAY


def around(day: date, days: int) -> tuple[Selection, Selection]:
    """Two sides of so many days each: the days before a day, and the days from that day on."""
    after = Selection(since=day, until=day + (days - 1) * _DAY)
    return Selection(since=day - days * _DAY, until=day - _DAY), after


class Choice:
    """Widgets that choose the two sides, and show those of the view: of one value alone, everything else is
    the other side."""

    def __init__(self, state: State) -> None:
        self._state, self._updating = state, False
        self._kind = pmui.Select(label="Compare", options=KINDS, value="days", width=230, margin=(8, 10))
        self._dates = [
            pmui.DatePicker(label=label, width=150, margin=(8, 6))
            for label in ("First from", "First to", "Second from", "Second to")
        ]
        self._event = pmui.Select(label="Event", width=320, margin=(8, 10))
        self._around = pmui.Select(label="Each side", options=_AROUND, value=_USUAL, width=120, margin=(8, 6))
        self._values = pmui.MultiChoice(
            label="One, against everything else; or two", max_items=2, width=420, margin=(8, 10)
        )
        self._kind.param.watch(self._turn, "value")
        for widget in (*self._dates, self._event, self._around, self._values):
            widget.param.watch(self._on_selection, "value")
        self.panel = pn.FlexBox(self._kind, *self._dates, self._event, self._around, self._values)
        self._turn()

    def update(self) -> None:
        """Show what the view compares."""
        first, second = self._state.view.first, self._state.view.second
        self._updating = True
        try:
            if first is not None or second is not None:
                self._kind.value = _kind_of(first, second, self._kind.value)
            self._offer()
            dates = [(side.since, side.until) if side else (None, None) for side in (first, second)]
            for widget, value in zip(self._dates, [day for pair in dates for day in pair], strict=True):
                if widget.value != value:
                    widget.value = value
        finally:
            self._updating = False
        self._turn()

    def _offer(self) -> None:
        """The values to choose from, and of them those of the view."""
        kind, view = self._kind.value, self._state.view
        if kind == "event":
            events = self._state.loaded.events
            names = {
                f"{formats.day(day)}: {safe.plain(label)}": number
                for number, day, label in zip(
                    events.index.tolist(), events["date"].dt.date, events["label"], strict=True
                )
            }
            if names != self._event.options:
                self._event.options = names
            self._event.value = _event_of(events, view.first, view.second)
        elif kind != "days":
            sides = [side for side in (view.first, view.second) if side is not None]
            selection = [value for side in sides if isinstance(value := getattr(side, kind), str)]
            options = self._options(kind, selection)
            if options != self._values.options:
                self._values.param.update(value=[], options=options)
            if self._values.value != selection:
                self._values.value = selection

    def _options(self, kind: str, selection: list[str]) -> dict[str, str]:
        """The values of a column by their names, those with most articles first; or topics and lines."""
        if kind == "series":
            names = {each.name: each.label for each in self._state.topics}
            names |= {each.key: each.label for each in self._state.series}
            return {safe.plain(names.get(key, key)): key for key in {**names, **dict.fromkeys(selection)}}
        name_of = {"country": formats.country, "language": formats.language}.get(kind, str)
        values = self._state.labels[kind].value_counts()
        keys = [*values[values > 0].index, *(value for value in selection if value not in values.index)]
        return {safe.plain(name_of(value)): value for value in keys}

    def _turn(self, *_: Any) -> None:
        """Show the widgets of the kind that is chosen."""
        kind = self._kind.value
        for widget in self._dates:
            widget.visible = kind == "days"
        self._event.visible = self._around.visible = kind == "event"
        self._values.visible = kind not in ("days", "event")
        if not self._updating:
            self._updating = True
            try:
                self._offer()
            finally:
                self._updating = False

    def _on_selection(self, *_: Any) -> None:
        """Compare what is chosen, as soon as it is complete."""
        if self._updating:
            return
        kind = self._kind.value
        if kind == "days":
            since, until, then, end = (widget.value for widget in self._dates)
            if since and until and then and end and since <= until and then <= end:
                self._state.go(
                    first=Selection(since=since, until=until), second=Selection(since=then, until=end)
                )
        elif kind == "event":
            if self._event.value in self._state.loaded.events.index:
                day = self._state.loaded.events["date"].loc[self._event.value].date()
                first, second = around(day, self._around.value)
                self._state.go(first=first, second=second)
        else:
            sides = [Selection(**{kind: value}) for value in self._values.value or []]
            if len(sides) == 2:
                self._state.go(first=sides[0], second=sides[1])
            else:
                self._state.go(first=None, second=sides[0] if sides else None)


def suggestions(state: State) -> dict[str, tuple[Selection, Selection]]:
    """What one would compare first: the latest four weeks, and each event of the latest year, by its name."""
    day = state.loaded.snapshot.articles["day"].to_numpy()
    days = day[day > NO_DAY]
    if not len(days):
        return {}
    last = EPOCH + timedelta(days=int(days.max()))
    offers = {"The latest four weeks and the four before": around(last - (_USUAL - 1) * _DAY, _USUAL)}
    events = state.loaded.events
    latest = events[events["date"].dt.date <= last - _USUAL * _DAY].tail(4)
    for when, label in zip(latest["date"].dt.date, latest["label"], strict=True):
        offers[f"Before and after {formats.day(when)}: {label}"] = around(when, _USUAL)
    return offers


def _kind_of(first: Selection | None, second: Selection | None, current: str) -> str:
    """The kind of a comparison; one of days may have been chosen by its event."""
    side = second or first or Selection()
    for kind in ("outlet", "country", "language", "series"):
        if getattr(side, kind) is not None:
            return kind
    return "event" if current == "event" else "days"


def _event_of(events: pd.DataFrame, first: Selection | None, second: Selection | None) -> int | None:
    """The event before and after which two sides are, if any."""
    if first is None or second is None or second.since is None or first.until != second.since - _DAY:
        return None
    matches = events.index[events["date"].dt.date == second.since]
    return int(matches[0]) if len(matches) else None
