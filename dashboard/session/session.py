"""What every session is: the view it shows, its history, and the lines that the view compares."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import panel as pn
import param

from dashboard.components import formats
from dashboard.session.scope import Scope
from dashboard.session.view import MAX_SERIES, View
from pressgauge.errors import QueryError
from pressgauge.filters import Filters
from pressgauge.palette import color_of, on
from pressgauge.settings.topics import Topic

_UNDO_STEPS = 50
_UNCOUNTED = {
    *("tab", "theme", "by", "order", "seed", "sample", "speaker", "named", "event", "panels", "scale"),
}
"""Fields of a view that change nothing of what is counted."""


@dataclass(frozen=True, slots=True)
class Series:
    """One compared line: `key` is a topic name or a query, `label` what a chart calls it, `topic` whether it
    is saved."""

    key: str
    label: str
    color: str
    topic: bool


class Session(param.Parameterized):
    """What a session shows: a `view` of what is `loaded`, which has topics. Views of the page watch `view`,
    `loaded` and `prefers_dark`; everything else follows from them."""

    view = param.ClassSelector(class_=View, default=View())
    loaded = param.Parameter(allow_refs=False)
    prefers_dark = param.Boolean(default=False, doc="Whether the visitor's system prefers dark pages.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._history: list[View] = []
        self._cache = self._memory()

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics that can be chosen for comparison, by name."""
        raise NotImplementedError

    @property
    def labels(self) -> pd.DataFrame:
        """A table whose categorical columns can be filtered by."""
        raise NotImplementedError

    @property
    def field(self) -> Topic | None:
        """The topic that all counted articles belong to; None when everything is counted."""
        return None

    @property
    def applied(self) -> Filters:
        """The filters that narrow what is counted; what cannot be applied is left out, and `problems` says
        so."""
        raise NotImplementedError

    @property
    def scope(self) -> Scope:
        """What is counted, in words."""
        return Scope(self.view.unit, self.field.label if self.field else None, self.applied)

    @property
    def dark(self) -> bool:
        return self.prefers_dark if self.view.theme == "system" else self.view.theme == "dark"

    def go(self, **changes: Any) -> None:
        """Change the view. A change of what is counted drops the selection, whose number may no longer
        exist."""
        changes = {name: value for name, value in changes.items() if getattr(self.view, name) != value}
        if not changes:
            return
        if changes.keys() - _UNCOUNTED:
            changes.setdefault("selection", None)
            changes.setdefault("unread", ())
        if "selection" in changes and changes["selection"] != self.view.selection:
            changes.setdefault("order", "newest")
            changes.setdefault("sample", 0)
        new = replace(self.view, **changes)
        if replace(new, tab=self.view.tab, theme=self.view.theme) != self.view:
            self._history = [*self._history[-_UNDO_STEPS + 1 :], self.view]
        self.view = new

    def open(self, view: View) -> None:
        """Show another view as a whole, in the theme of this one."""
        if (new := replace(view, theme=self.view.theme)) != self.view:
            self._history = [*self._history[-_UNDO_STEPS + 1 :], self.view]
            self.view = new

    @property
    def can_undo(self) -> bool:
        return bool(self._history)

    def undo(self) -> None:
        if self._history:
            self.view = replace(self._history.pop(), theme=self.view.theme)

    @param.depends("view", "loaded", "prefers_dark", watch=True)
    def _forget(self) -> None:
        self._cache = self._memory()

    def _memory(self) -> dict[Any, Any]:
        """Where to remember what follows from the current view and data."""
        return {}

    @property
    def series(self) -> tuple[Series, ...]:
        """What is compared: the topics and queries of the view, or both sides of the debate when it names
        none."""
        return self._compared()[0]

    @property
    def problems(self) -> tuple[str, ...]:
        """What the view asks for and cannot have, each as one sentence."""
        return (*self._compared()[1], *_days_and_address(self.view))

    @property
    def colors(self) -> dict[str, str]:
        return {each.label: each.color for each in self.series}

    def memo(self, name: Hashable, make: Callable[[], Any]) -> Any:
        """What `make` gives, made once for the current view and data."""
        if name not in self._cache:
            self._cache[name] = make()
        return self._cache[name]

    def color(self, topic: Topic) -> str:
        """The colour of a topic that may or may not be compared."""
        return on(topic.color, dark=self.dark) if topic.color else color_of(topic.name, dark=self.dark)

    def _compared(self) -> tuple[tuple[Series, ...], tuple[str, ...]]:
        return self.memo("compared", self._compare)

    def _compare(self) -> tuple[tuple[Series, ...], tuple[str, ...]]:
        """The lines and what is wrong with them. Only as many queries are asked as lines can be drawn."""
        topics = {topic.name: topic for topic in self.topics}
        names = self.view.topics or (() if self.view.terms else _both_sides(topics.values()))
        lines = [(name, True) for name in names] + [(query, False) for query in self.view.terms]
        series_of: dict[str, Series] = {}
        problems: list[str] = []
        for key, topic in lines[:MAX_SERIES]:
            label, color = key, None
            if topic and key not in topics:
                problems.append(f"There is no topic named {key!r} (any more).")
                continue
            if topic:
                label, color = topics[key].label, topics[key].color
            elif (problem := self._unreadable(key)) is not None:
                problems.append(f"{shortened(key)!r} is not a query: {problem}")
                continue
            elif label in series_of:
                label = f"{key} (query)"
            series_of[label] = Series(key, label, self._color(key, color, series_of), topic)
        if len(lines) > MAX_SERIES:
            problems.append(f"Only the first {MAX_SERIES} of {len(lines)} lines are drawn.")
        return tuple(series_of.values()), tuple(problems)

    def _unreadable(self, query: str) -> str | None:
        """Why a query cannot be a line, as a sentence; None when it can."""
        raise NotImplementedError

    def _color(self, name: str, color: str | None, others: dict[str, Series]) -> str:
        colors = {series.color for series in others.values()}
        return on(color, dark=self.dark) if color else color_of(name, taken=colors, dark=self.dark)


def once_ready(draw: Callable[[], None]) -> Callable[..., None]:
    """`draw` to be called on a change: at once, or when its page has said that it is drawn, for what Panel
    tells a page before that is lost."""

    def on_change(*_: param.parameterized.Event) -> None:
        if pn.state.curdoc is None or pn.state.loaded:
            draw()
        else:
            pn.state.onload(draw)

    return on_change


def explain(error: QueryError) -> str:
    """A QueryError as one short sentence for the page."""
    where = f"{shortened(error.problem)} at character {error.position + 1}"
    return f"{where}; {shortened(error.suggestion)}" if error.suggestion else f"{where}."


def shortened(query: str, most: int = 120) -> str:
    """A query that a message can quote."""
    return query if len(query) <= most else f"{query[:most]}…"


def _days_and_address(view: View) -> tuple[str, ...]:
    """What is wrong with the days of a view and with the address it was read from."""
    problems = [f"The address says {shortened(each)!r}, which is nothing known." for each in view.unread]
    if view.since and view.until and view.since > view.until:
        since, until = formats.day(view.since), formats.day(view.until)
        problems.append(f"No day is both since {since} and until {until}: the days are the wrong way round.")
    return tuple(problems)


def _both_sides(topics: Any) -> tuple[str, ...]:
    """The first topic of each side: by convention in topics.toml, the side as a whole."""
    first = {topic.side: topic.name for topic in reversed(list(topics)) if topic.side}
    return tuple(first[side] for side in ("open", "proprietary") if side in first)
