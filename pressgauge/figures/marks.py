"""What happened, along a time axis: events, bursts, outlets that start or stop. Shapes and annotations as
plain dicts, which a figure takes all at once: adding them one by one costs a copy of all earlier ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pressgauge.figures.base import day, safe, theme
from pressgauge.palette import Style, translucent

_NEAR = pd.Timedelta(days=7)
_ROWS = 2
_ROW_HEIGHT = 15
_BURST_WIDTH = 0.03
_CHARACTERS = 30
_WIDTH_OF_ONE = 0.0066
"""Of the plot's width, for a character of a label on a page for a desk."""


@dataclass
class Marks:
    """Collects the marks of one figure whose time axis runs from `first` to `last` (naive timestamps)."""

    first: pd.Timestamp
    last: pd.Timestamp
    dark: bool
    shapes: list[dict[str, Any]] = field(default_factory=list)
    annotations: list[dict[str, Any]] = field(default_factory=list)

    def events(self, events: pd.DataFrame, bursts: pd.DataFrame | None) -> None:
        """A line and a label above the plot for each event that there is room for, those near the start of a
        burst first; the others are ticks that tell it when hovered."""
        inside = events[events["date"].dt.tz_localize(None).between(self.first, self.last)]
        starts = [] if bursts is None else list(bursts["start"])
        order = sorted(
            rows_of(inside),
            key=lambda event: next(
                (rank for rank, start in enumerate(starts) if abs(event.date - start) <= _NEAR), len(starts)
            ),
        )
        taken: list[list[tuple[float, float]]] = [[] for _ in range(_ROWS)]
        for event in order:
            label = safe(event.label, _CHARACTERS)
            row = self._room(event.date, len(label), taken)
            shown = {"text": "▾", "yshift": -3}
            if row is not None:
                self._line(event.date, "ink")
                shown = {"text": label, "yshift": 14 + row * _ROW_HEIGHT}
            self._note(event.date, f"event:{event.Index}", safe(event.label, 90), "ink", **shown)

    def presence(self, presence: pd.DataFrame) -> None:
        """A line where an outlet starts or stops being collected."""
        for flag, column, verb in (("starts", "first", "starts"), ("stops", "last", "stops")):
            for row in rows_of(presence[presence[flag].astype(bool)]):
                when = getattr(row, column)
                if self.first <= when.tz_localize(None) <= self.last:
                    label = f"{safe(row.outlet, 24)} {verb}"
                    self._line(when, "quiet")
                    self._note(
                        when, f"outlet:{row.outlet}", label, "quiet", text=label, textangle=-90, y=0.02
                    )

    def bursts(self, bursts: pd.DataFrame, looks: Mapping[str, Style]) -> None:
        """A band for each burst of the drawn series, with how many times its usual share it reached."""
        near = (self.last - self.first) * _BURST_WIDTH
        labelled: list[pd.Timestamp] = []
        for number, burst in enumerate(rows_of(bursts)):
            if burst.series not in looks:
                continue
            above = sum(abs(burst.start - other) < near for other in labelled)
            labelled.append(burst.start)
            color = looks[burst.series].color
            x0, x1 = (f"{at:%Y-%m-%d}" for at in (burst.start, burst.end + pd.Timedelta(days=1)))
            band = {"type": "rect", "x0": x0, "x1": x1, "y0": 0, "y1": 1, "yref": "paper", "layer": "below"}
            self.shapes.append({**band, "line": {"width": 0}, "fillcolor": translucent(color, 0.13)})
            self.annotations.append(
                {
                    "text": f"×{burst.ratio:.1f}",
                    "name": f"burst:{number}",
                    "hovertext": f"{safe(burst.series)}: {burst.ratio:.1f} times its usual share<br>"
                    f"{day(burst.start)} to {day(burst.end)}",
                    "captureevents": True,
                    # Inside the plot: above it stand the events.
                    **{"x": x0, "y": 1, "yref": "paper", "yanchor": "top", "xanchor": "left"},
                    "yshift": -_ROW_HEIGHT * above,
                    **{"showarrow": False, "font": {"size": 11, "color": color}},
                }
            )

    def _room(self, when: pd.Timestamp, length: int, taken: list[list[tuple[float, float]]]) -> int | None:
        """The lowest row in which a label at `when` overlaps no other, if any."""
        start = (when.tz_localize(None) - self.first) / max(self.last - self.first, pd.Timedelta(days=1))
        width = (length + 2) * _WIDTH_OF_ONE
        left = start if start < 0.5 else start - width
        for number, row in enumerate(taken):
            if all(left + width < other_left or left > other_right for other_left, other_right in row):
                row.append((left, left + width))
                return number
        return None

    def _line(self, when: pd.Timestamp, shade: str) -> None:
        x = f"{when:%Y-%m-%d}"
        line = {"color": getattr(theme(self.dark), shade), "width": 0.7, "dash": "dot"}
        place = {"x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper"}
        self.shapes.append({"type": "line", **place, "layer": "below", "line": line})

    def _note(self, when: pd.Timestamp, name: str, label: str, shade: str, **more: Any) -> None:
        left = when.tz_localize(None) - self.first < (self.last - self.first) / 2
        self.annotations.append(
            {
                "name": name,
                "hovertext": f"{label}<br>{day(when)}",
                "captureevents": True,
                **{"x": f"{when:%Y-%m-%d}", "y": 1, "yref": "paper", "yanchor": "bottom"},
                "xanchor": "center" if more["text"] == "▾" else "left" if left else "right",
                "showarrow": False,
                "font": {"size": 10, "color": getattr(theme(self.dark), shade)},
                **more,
            }
        )


def rows_of(table: pd.DataFrame) -> Iterator[Any]:
    """Its rows as named tuples, whose values no type checker can know."""
    yield from table.itertuples()
