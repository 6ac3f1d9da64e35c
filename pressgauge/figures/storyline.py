"""A story's path: its articles in time, an outlet a row."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pressgauge.figures.base import Drawing, Plain, around, empty, figure, frame, safe
from pressgauge.figures.events import ROOM
from pressgauge.palette import COLORS, on

_ROLES = {
    "original": ("first version", "star", COLORS[1]),
    "copy": ("copy", "circle-open", COLORS[0]),
    "own": ("own reporting", "square", COLORS[2]),
}


@Drawing
def storyline(table: pd.DataFrame, *, dark: bool = False) -> Plain:
    """Draw the table of `analysis.storyline`: a marker an article, by time (UTC) and outlet, the earliest
    outlet on top.

    The customdata of a marker is {"id"}, the article's.
    """
    dated = table[table["published"].notna()]
    outlets = table["outlet"].nunique()
    title = f"The path of a story: {len(table):,} articles of {outlets:,} outlets, by time (UTC)"
    if dated.empty:
        return empty(title, "None of its articles has a known date.", dark=dark)
    undated = len(table) - len(dated)
    order = [safe(outlet, 40) for outlet in dated["outlet"].drop_duplicates()]
    traces: list[dict[str, Any]] = []
    for role, (label, symbol, color) in _ROLES.items():
        rows = dated[dated["role"] == role]
        columns = zip(rows["title"], rows["outlet"], rows["published"], strict=True)
        traces.append(
            {
                "type": "scatter",
                "x": rows["published"].dt.strftime("%Y-%m-%d %H:%M:%S").tolist(),
                "y": [safe(outlet, 40) for outlet in rows["outlet"]],
                "name": label,
                "mode": "markers",
                "marker": {"symbol": symbol, "color": on(color, dark=dark), "size": 11},
                "hovertext": [
                    f"{safe(headline, 90)}<br>{safe(outlet)} · {at:%d %b %Y %H:%M} UTC · {label}"
                    for headline, outlet, at in columns
                ],
                "hovertemplate": "%{hovertext}<extra></extra>",
                "customdata": [{"id": str(number)} for number in rows["id"]],
            }
        )
    layout = frame(
        title,
        dark=dark,
        height=150 + 26 * len(order),
        note=f"Not shown, without a known date: {undated:,}." if undated else "",
    )
    layout["yaxis"] |= {"type": "category", "categoryorder": "array", "categoryarray": order[::-1]}
    if dated["published"].nunique() == 1:
        around(layout["xaxis"], dated["published"].iloc[0], dated["published"].iloc[0], ROOM)
    layout["legend"] |= {"y": 1, "yanchor": "bottom"}
    return figure(traces, layout | {"showlegend": True})
