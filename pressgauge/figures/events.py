"""How an event spread, by the hour; and the events of a search in a calendar."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pressgauge.figures.base import Drawing, Plain, around, empty, figure, frame, safe
from pressgauge.palette import COLORS, on

ROOM = pd.Timedelta(hours=12)
"""What stands on either side of a single moment."""


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
    if table["hour"].nunique() == 1:
        around(layout["xaxis"], table["hour"].iloc[0], table["hour"].iloc[0], ROOM)
    return figure(traces, layout | {"showlegend": True})


@Drawing
def events(table: pd.DataFrame, *, dark: bool = False, limit: int = 20) -> Plain:
    """Draw the table of `analysis.events` as a calendar: a line an event from its first article to its last,
    with a dot where it began, whose area is the number of outlets.

    The first `limit` events of the table that have a date are shown, the earliest on top. The customdata of a
    dot is {"event"}.
    """
    dated = table[table["first"].notna()]
    drawn_events = dated.head(limit).sort_values("first", kind="stable")
    if drawn_events.empty:
        return empty("Events", "No event with a date is left under these filters.", dark=dark)
    n_left = len(table) - len(drawn_events)
    note = f"{n_left:,} more, smaller or without a date." if n_left else ""
    title = f"The {len(drawn_events):,} events that most outlets reported, from the first article to the last"
    layout = frame(title, dark=dark, height=130 + 26 * len(drawn_events), note=note)
    rows = np.arange(len(drawn_events))
    first, last = (
        drawn_events[column].dt.strftime("%Y-%m-%d %H:%M:%S").to_numpy() for column in ("first", "last")
    )
    outlets = drawn_events["outlets"].to_numpy()
    color = on(COLORS[0], dark=dark)
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": np.column_stack([first, last, np.full(len(drawn_events), None)]).ravel().tolist(),
        "y": np.repeat(rows, 3).tolist(),
        "line": {"color": color, "width": 2},
        "hoverinfo": "skip",
    }
    dot = {
        "type": "scatter",
        "mode": "markers",
        "x": first.tolist(),
        "y": rows.tolist(),
        "marker": {"color": color, "size": (6 + 22 * np.sqrt(outlets / outlets.max())).tolist()},
        "hovertext": [
            f"{safe(row.title or '(no title)', 120)}<br>{_first(row.first_outlet)}"
            f"{row.outlets:,} outlets, {row.articles:,} articles"
            for row in drawn_events.itertuples()
        ],
        "hovertemplate": "%{x|%d %b %Y %H:%M} UTC<br>%{hovertext}<extra></extra>",
        "customdata": [{"event": int(number)} for number in drawn_events["event"]],
    }
    if drawn_events["first"].min() == drawn_events["last"].max():
        around(layout["xaxis"], drawn_events["first"].min(), drawn_events["last"].max(), ROOM)
    layout["yaxis"] |= {
        "autorange": "reversed",
        "tickvals": rows.tolist(),
        "ticktext": [safe(title or "(no title)", 60) for title in drawn_events["title"]],
        "showgrid": False,
    }
    return figure([line, dot], layout | {"showlegend": False})


def _first(outlet: object) -> str:
    """Who was first, a line of its own, where that is known."""
    return f"first: {safe(outlet)}<br>" if isinstance(outlet, str) else ""
