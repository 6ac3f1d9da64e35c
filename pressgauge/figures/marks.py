"""What happened, along a time axis: events, bursts, outlets that start or stop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any, NamedTuple, cast

import numpy as np
import pandas as pd

from pressgauge.figures.base import columns, day, iso, local_days, rows_where, safe, theme
from pressgauge.palette import Style, translucent

STRIP = 0.05
"""Of the plot's height: the strip above the lines, on an axis of its own, in which events are ticks."""
_NEAR = np.timedelta64(7, "D")
_DAY = "datetime64[D]"
_ROWS = 2
_ROW_HEIGHT = 15
_AT_ONCE = 0.03
"""Of the time axis: outlets that start or stop within it do so together."""
_BURST_ROWS, _BURST_HEIGHT = 5, 0.06
"""Rows of labels of bursts below the top of the plot, and the height of one, of the plot's."""
_CHARACTERS = 30
_CHANGES = 6
"""Marks of outlets that start, pause or stop, at most: more would cover each other."""
_LISTED = 10
_UPRIGHT = 0.02
"""Of the plot's width: nearer to each other, labels that are written upwards lie side by side."""
_WIDTH_OF_ONE = 0.0066
_HEIGHT_OF_ONE = 0.022
"""Of the plot's width and height, for a character of a label on a page for a desk."""


@dataclass
class Marks:
    """Collects the marks of one figure whose time axis runs from `first` to `last` (datetime64[D])."""

    first: np.datetime64
    last: np.datetime64
    dark: bool
    shapes: list[dict[str, Any]] = field(default_factory=list)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    _burst_labels: list[list[tuple[float, float]]] = field(
        default_factory=lambda: [[] for _ in range(_BURST_ROWS)]
    )
    _upright_labels: list[tuple[float, float, float]] = field(default_factory=list)

    def events(self, events: pd.DataFrame, bursts: pd.DataFrame | None) -> list[dict[str, Any]]:
        """A line and a label above the plot for each event that there is room for, those near the start of a
        burst first; the others are ticks that tell it when hovered: the trace that holds them, if any.

        The customdata of a tick is {"event": its label in the index of `events`}."""
        of = columns(events, ("date", "label"))
        inside = np.flatnonzero((of["date"] >= self.first) & (of["date"] <= self.last))
        starts = np.empty(0, _DAY) if bursts is None else local_days(bursts["start"])
        traces, shapes, annotations = _drawn_events(
            *(self.first, self.last, self.dark, of["date"][inside].tobytes(), starts.tobytes()),
            *(tuple(of["label"][inside].tolist()), tuple(events.index[inside].tolist())),
        )
        self.shapes += shapes
        self.annotations += annotations
        return traces

    def _events(
        self, date: np.ndarray, starts: np.ndarray, labels: Sequence[str], index: Sequence[int]
    ) -> list[dict[str, Any]]:
        days, at = iso(date), self._part_of_width(date).tolist()
        labels_by_row: list[list[tuple[float, float]]] = [[] for _ in range(_ROWS)]
        unlabelled = []
        for number in _by_burst(date, starts).tolist():
            label = safe(labels[number], _CHARACTERS)
            row = _free_row(at[number], len(label), labels_by_row)
            if row is None:
                unlabelled.append(number)
                continue
            moment, hover = date[number], safe(labels[number], 90)
            self._add_line(moment, "ink")
            above: dict[str, Any] = {"yref": "paper", "y": 1, "yshift": 1 + row * _ROW_HEIGHT}
            self._add_note(moment, f"event:{index[number]}", hover, "ink", text=label, **above)
        ticks = [(days[number], labels[number], index[number]) for number in sorted(unlabelled)]
        return [self._tick_marks(ticks)] if ticks else []

    def _tick_marks(self, ticks: list[tuple[str, str, int]]) -> dict[str, Any]:
        ink = theme(self.dark).ink
        return {
            "type": "scatter",
            "mode": "markers",
            "name": "events",
            "x": [at for at, _, _ in ticks],
            "y": [0.5] * len(ticks),
            "yaxis": "y2",
            "marker": {"symbol": "triangle-down", "size": 6, "color": ink, "line": {"width": 0}},
            "cliponaxis": False,
            "showlegend": False,
            "text": [safe(label, 90) for _, label, _ in ticks],
            "hovertemplate": "%{text}<extra></extra>",
            "customdata": [{"event": number} for _, _, number in ticks],
        }

    def presence(self, presence: pd.DataFrame, dates: np.ndarray, heights: np.ndarray) -> None:
        """A line where an outlet starts, pauses or stops being collected, labelled where the lines of the
        plot leave most room: their points are at `dates` (datetime64) and `heights`, of the plot's height.
        What happens to several outlets at about the same time has one line, and the largest such changes
        are drawn.

        The annotation of one outlet is named "outlet:NAME", that of several "outlets:NUMBER"."""
        for number, change in enumerate(_changes_between(presence, self.first, self.last)):
            verb, moment = change.verb, change.at[0]
            first_outlet = str(change.outlets[0])
            if change.size == 1:
                label, name = f"{safe(first_outlet, 24)} {verb}", f"outlet:{first_outlet}"
                hover = f"{label}<br>{day(pd.Timestamp(moment))}{_pause_text(presence, change)}"
            else:
                label, name = f"{change.size:,} outlets {verb.removesuffix('s')}", f"outlets:{number}"
                lines = [
                    f"{safe(outlet, 40)}, {day(at)}"
                    for outlet, at in zip(change.outlets, change.at.tolist(), strict=True)
                ]
                more = [f"and {change.size - _LISTED:,} more"] if change.size > _LISTED else []
                hover = "<br>".join([label, *lines, *more])
            self._add_line(moment, "quiet")
            near = heights[np.abs(dates - change.at[0]) <= 2 * _NEAR]
            low = self._free_height(moment, near, len(label) * _HEIGHT_OF_ONE)
            upright: dict[str, Any] = {"yref": "y domain", "y": low, "textangle": -90, "hovertext": hover}
            self._add_note(moment, name, label, "quiet", text=label, **upright, **self._over_lines())

    def _free_height(self, moment: np.datetime64, near: np.ndarray, length: float) -> float:
        """Where a label of that length that is written upwards begins, away from the heights `near` it and,
        where there is room, from the labels written upwards beside it."""
        at = self._part_of_width(moment)
        beside = [(low, high) for x, low, high in self._upright_labels if abs(x - at) < _UPRIGHT]
        low = _roomiest_height(near, length, self._below_bursts(moment), beside)
        self._upright_labels.append((at, low, low + length))
        return low

    def _below_bursts(self, moment: np.datetime64) -> float:
        """The height, of the plot's, below which a mark at that day crosses no label of a burst."""
        at = self._part_of_width(moment)
        rows = [
            number + 1
            for number, row in enumerate(self._burst_labels)
            if any(left - 2 * _WIDTH_OF_ONE < at < right + 2 * _WIDTH_OF_ONE for left, right in row)
        ]
        return 1 - _BURST_HEIGHT * max(rows, default=0)

    def _part_of_width(self, days: Any) -> Any:
        """Where days, one or an array, are on the time axis, from 0 to 1."""
        return (days - self.first) / max(self.last - self.first, np.timedelta64(1, "D"))

    def bursts(self, bursts: pd.DataFrame, looks: Mapping[str, Style], base: str) -> None:
        """A band for each burst of the drawn series, with how many times its usual share of the `base` it
        reached. No two labels overlap; where no row has room for one, a sign tells it when hovered."""
        if bursts.empty:
            return
        of = columns(bursts, ("series", "start", "end", "share", "usual", "n", "ratio"))
        is_visible = (self.first <= of["end"]) & (of["start"] <= self.last)
        of = {name: values.tolist() for name, values in rows_where(of, is_visible).items()}
        for number, series, start, end, share, usual, n, ratio in zip(
            bursts.index[is_visible].tolist(), *of.values(), strict=True
        ):
            if series not in looks:
                continue
            at = max(float(self._part_of_width(np.datetime64(start))), 0.0)
            label = times(n, ratio, "{} share")
            row, anchor = _free_row_beside(at, len(label), self._burst_labels)
            if row is None:
                label = "▾"
                row, anchor = _free_row_beside(at, 1, self._burst_labels)
            color = looks[series].color
            x0, x1 = start.isoformat(), (end + timedelta(days=1)).isoformat()
            band = {"type": "rect", "x0": x0, "x1": x1, "y0": 0, "y1": 1, "yref": "y domain"}
            fill = {"line": {"width": 0}, "fillcolor": translucent(color, 0.13), "layer": "below"}
            self.shapes.append({**band, **fill})
            self.annotations.append(
                {
                    "text": label,
                    "name": f"burst:{number}",
                    "hovertext": f"{safe(series)}: {share:.1%} of {base}, "
                    f"usually {usual:.1%}<br>{day(start)} to {day(end)}",
                    "captureevents": True,
                    # Inside the plot: above it stand the events.
                    **{"x": x0, "y": 1, "yref": "y domain", "yanchor": "top", "xanchor": anchor},
                    "yshift": -_ROW_HEIGHT * (_BURST_ROWS if row is None else row),
                    **{"showarrow": False, "font": {"size": 11, "color": color}},
                    **self._over_lines(),
                }
            )

    def _over_lines(self) -> dict[str, Any]:
        """Looks of a label within the plot, through which the line of a neighbouring mark would run."""
        return {"bgcolor": translucent(theme(self.dark).paper, 0.6), "borderpad": 0}

    def _add_line(self, moment: np.datetime64, shade: str) -> None:
        x = str(moment)
        line = {"color": getattr(theme(self.dark), shade), "width": 0.7, "dash": "dot"}
        place = {"x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper"}
        self.shapes.append({"type": "line", **place, "layer": "below", "line": line})

    def _add_note(self, moment: np.datetime64, name: str, label: str, shade: str, **more: Any) -> None:
        left = 2 * (moment - self.first) < self.last - self.first
        self.annotations.append(
            {
                "name": name,
                "hovertext": f"{label}<br>{day(pd.Timestamp(moment))}",
                "captureevents": True,
                "x": str(moment),
                "xanchor": "left" if left else "right",
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"size": 10, "color": getattr(theme(self.dark), shade)},
                **more,
            }
        )


def times(n: int, ratio: float, form: str = "{}") -> str:
    """How many times its usual share a burst of `n` reached, said as in "{} share": "×2.9 share".

    It is "new" where the usual share would not have held one article of it: a multiple of next to nothing
    says nothing.
    """
    return "new" if n < ratio else form.format(f"×{ratio:.1f}")


class _Change(NamedTuple):
    """What some outlets do at about the same time: a verb, how many they are, and the largest of them: their
    rows in the table of presence, their names, and the days (datetime64[D]) at which each does it."""

    verb: str
    size: int
    rows: np.ndarray
    outlets: list[str]
    at: np.ndarray


def _changes_between(presence: pd.DataFrame, first: np.datetime64, last: np.datetime64) -> list[_Change]:
    """What is to be marked between two days: the changes that concern most articles."""
    if presence.empty:
        return []
    least = _AT_ONCE * (last - first).astype(int)
    n = presence["n"].to_numpy()
    changes: list[tuple[int, str, np.ndarray, np.ndarray]] = []
    for flag, column, verb in (
        ("starts", "first", "starts"),
        ("gap", "gap_since", "pauses"),
        ("stops", "last", "stops"),
    ):
        days = local_days(presence[column])
        rows = np.flatnonzero(presence[flag].to_numpy(dtype=bool) & (days >= first) & (days <= last))
        rows = rows[np.argsort(days[rows], kind="stable")]
        for together in np.split(rows, np.flatnonzero(np.diff(days[rows]).astype(int) > least) + 1):
            if len(together):
                largest = together[np.argsort(-n[together], kind="stable")]
                changes.append((int(n[together].sum()), verb, largest, days[largest]))
    outlets = presence["outlet"]
    return [
        _Change(verb, len(rows), rows[:_LISTED], outlets.iloc[rows[:_LISTED]].tolist(), at[:_LISTED])
        for _, verb, rows, at in sorted(changes, key=lambda change: -change[0])[:_CHANGES]
    ]


def _pause_text(presence: pd.DataFrame, change: _Change) -> str:
    """Until when the outlet of a change pauses, where that is what happens to it."""
    row = int(change.rows[0])
    if not presence["gap"].iat[row]:
        return ""
    since, until = (cast(pd.Timestamp, presence[name].iat[row]) for name in ("gap_since", "gap_until"))
    is_pause = since.date() == change.at[0].item()
    return f"<br>nothing until {day(until)}" if is_pause else ""


@lru_cache(64)  # most filters leave the days and bursts as they are
def _drawn_events(
    first: np.datetime64,
    last: np.datetime64,
    dark: bool,
    days: bytes,
    starts: bytes,
    labels: tuple[str, ...],
    index: tuple[int, ...],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """What `Marks.events` draws of events of these days (datetime64[D]) where bursts start on others: traces,
    shapes and annotations, which nobody may change."""
    marks = Marks(first, last, dark)
    traces = marks._events(np.frombuffer(days, _DAY), np.frombuffer(starts, _DAY), labels, index)
    return traces, marks.shapes, marks.annotations


def _by_burst(days: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """The order in which events of some days are labelled: those near the first burst's start, the next's,
    all others."""
    near = np.abs(np.subtract.outer(days, starts)) <= _NEAR
    return np.argsort(np.c_[near, np.ones(len(days), dtype=bool)].argmax(axis=1), kind="stable")


def _free_row(at: float, length: int, labels_by_row: list[list[tuple[float, float]]]) -> int | None:
    """The lowest row in which a label at that part of the width overlaps no other, if any."""
    width = (length + 2) * _WIDTH_OF_ONE
    left = at if at < 0.5 else at - width
    for number, row in enumerate(labels_by_row):
        if all(left + width < other_left or left > other_right for other_left, other_right in row):
            row.append((left, left + width))
            return number
    return None


def _free_row_beside(
    at: float, length: int, labels_by_row: list[list[tuple[float, float]]]
) -> tuple[int | None, str]:
    """The highest row in which a label that begins at that part of the width, or ends there at the right
    edge, overlaps no other, if any; and the side at which it is held."""
    width = (length + 1) * _WIDTH_OF_ONE
    anchor = "left" if at + width <= 1 else "right"
    left = at if anchor == "left" else at - width
    for number, row in enumerate(labels_by_row):
        if all(left + width <= other_left or left >= other_right for other_left, other_right in row):
            row.append((left, left + width))
            return number, anchor
    return None, anchor


def _roomiest_height(
    heights: np.ndarray, length: float, ceiling: float, labels: list[tuple[float, float]]
) -> float:
    """Where a label of that length that is written upwards begins, to end below the ceiling and be far from
    the heights; on another of the `labels` (where they begin and end) only if it is everywhere."""
    starts = np.linspace(0.02, max(ceiling - 0.02 - length, 0.02), 9)
    away = np.maximum(starts[:, None] - heights, heights - starts[:, None] - length).min(axis=1, initial=1.0)
    covers = [any(low < start + length and start < high for low, high in labels) for start in starts]
    return float(starts[np.lexsort((-away, covers))[0]])


def rows_of(table: pd.DataFrame) -> Iterator[Any]:
    """The rows of a table as named tuples; the type checker knows nothing of their values."""
    yield from table.itertuples()
