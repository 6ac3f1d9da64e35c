"""How an event spread: articles by the hour, and the outlets that had reported it by then."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pressgauge.figures.base import Drawing, Plain, empty, figure, frame
from pressgauge.palette import COLORS, on


@Drawing
def spread(table: pd.DataFrame, *, dark: bool = False) -> Plain:
    """Draw the table of `analysis.spread`: bars of the articles of each hour (UTC), and a line of the outlets
    that had reported the event by its end.

    The customdata of a bar is {"since", "until"}, the day of its hour.
    """
    if table.empty:
        return empty("How the event spread", "None of its articles has a known date.", dark=dark)
    outlets, articles = int(table["all_outlets"].iloc[-1]), int(table["all_articles"].iloc[-1])
    hours = table["hour"].dt.strftime("%Y-%m-%d %H:%M:%S").tolist()
    days = table["hour"].dt.strftime("%Y-%m-%d").tolist()
    traces: list[dict[str, Any]] = [
        {
            "type": "bar",
            "x": hours,
            "y": table["articles"].tolist(),
            "name": "articles in the hour",
            "marker": {"color": on(COLORS[0], dark=dark)},
            "hovertemplate": "%{x|%d %b %Y %H:%M} UTC<br>%{y:,} articles<extra></extra>",
            "customdata": [{"since": day, "until": day} for day in days],
        },
        {
            "type": "scatter",
            "x": hours,
            "y": table["all_outlets"].tolist(),
            "name": "outlets so far",
            "mode": "lines",
            "line": {"color": on(COLORS[1], dark=dark), "shape": "hv"},
            "hovertemplate": "%{x|%d %b %Y %H:%M} UTC<br>%{y:,} outlets so far<extra></extra>",
        },
    ]
    title = f"How the event spread: {articles:,} articles of {outlets:,} outlets, by the hour (UTC)"
    layout = frame(title, dark=dark)
    layout["yaxis"] |= {"rangemode": "tozero"}
    return figure(traces, layout | {"showlegend": True})
