"""Panels beside and below each other: the layout of small multiples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

Scale = Literal["same", "own"]
MANY = 4
"""More lines than so many are drawn in panels."""
_COLUMNS = 3
_ROW, _HEAD, _FOOT = 170, 24, 30
"""Pixels of a row of panels, of them those of the title above a panel and of the dates below it."""
_GAP = 0.055
"""Of the width, between two panels: the numbers of the right one stand there."""


def grid(
    layout: dict[str, Any], titles: Sequence[str], tops: Sequence[float], scale: Scale
) -> list[dict[str, str]]:
    """Make a layout one of a panel a title (safe already), each with axes of its own; the axes of each panel,
    as its traces name them.

    `tops` are the highest values: with the "same" scale all panels reach to the highest of them, with their
    "own" each to its own. What a page needs to put them below each other stands in the layout's meta.
    """
    columns = min(_COLUMNS, len(titles))
    rows = -(-len(titles) // columns)
    height = rows * _ROW
    width = (1 - _GAP * (columns - 1)) / columns
    layout["height"] = layout["margin"]["t"] + layout["margin"]["b"] + height
    layout["meta"] |= {"panels": {"count": len(titles), "row": _ROW, "head": _HEAD, "foot": _FOOT}}
    x, y = layout.pop("xaxis"), layout.pop("yaxis")
    axes = []
    for number, title in enumerate(titles):
        row, column = divmod(number, columns)
        left = column * (width + _GAP)
        below = 1 - ((row + 1) * _ROW - _FOOT) / height
        above = 1 - (row * _ROW + _HEAD) / height
        suffix = "" if number == 0 else str(number + 1)
        top = max(tops) if scale == "same" else tops[number]
        layout[f"xaxis{suffix}"] = {**x, "domain": [left, left + width], "anchor": f"y{suffix}", "nticks": 4}
        layout[f"yaxis{suffix}"] = {
            **y,
            "domain": [below, above],
            "anchor": f"x{suffix}",
            "range": [0, top],
            "nticks": 4,
            "automargin": number % columns == 0,
        }
        place = {"x": 0, "xref": f"x{suffix} domain", "y": 1, "yref": f"y{suffix} domain"}
        layout["annotations"].append(
            {
                "text": title,
                "name": f"panel:{number}",
                **place,
                **{"xanchor": "left", "yanchor": "bottom", "showarrow": False, "font": {"size": 12}},
            }
        )
        axes.append({"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"})
    return axes
