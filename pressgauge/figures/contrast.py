"""Two sides over each other: a line a series and side, by days since its side began."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pressgauge.figures.base import Drawing, Plain, empty, figure, frame, iso, one_measure, safe, value_axis
from pressgauge.figures.panels import MANY, Scale, grid
from pressgauge.palette import Style, styles, translucent

_DASH = {"first": "solid", "second": "dash"}
_SYMBOL = {"first": "circle", "second": "diamond-open"}
_EVERY = {1: "day", 7: "7 days", 28: "28 days", 91: "91 days", 364: "364 days"}


@Drawing
def contrast(
    table: pd.DataFrame,
    *,
    sides: tuple[str, str] = ("first", "second"),
    share: bool = False,
    scale: Scale = "same",
    base: str = "",
    dark: bool = False,
    colors: Mapping[str, str] | None = None,
) -> Plain:
    """Draw the table of `analysis.aligned` by days since each side began, the first solid, the second dashed;
    more than four lines as a panel a series, of one scale or (`scale` "own") each its own.

    `base` says in words what was counted, such as "articles on AI"; `share` draws shares of it with their
    95 % intervals, otherwise it is the number a day. The customdata of a point is {"series", "side", "since",
    "until"}: 0 or 1, and days in ISO format, both included.
    """
    one_measure(table, ["series", "side", "since"])
    unit = str(table["unit"].iloc[0]) if len(table) else "articles"
    of = safe(base, 90) if base else f"the counted {unit}"
    title = (
        f"Share of {of}, with 95% intervals" if share else f"{_with_capital(safe(base, 90) or unit)} a day"
    )
    title += f": {safe(sides[0], 50)} and, dashed, {safe(sides[1], 50)}"
    if table.empty:
        return empty(title, "No dated article is left on either side.", dark=dark)
    names = [name for name in table["series"].cat.categories if (table["series"] == name).any()]
    looks = styles(names, colors=dict(colors or {}), dark=dark)
    last = int((table["since"])[~table["level"]].max()) if not table["level"].all() else 1
    traces: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for name in names:
        for number, side in enumerate(("first", "second")):
            rows = table[(table["series"] == name) & (table["side"] == side)]
            if len(rows):
                traces[name] += _side_lines(
                    rows, str(name), number, sides[number], looks[name], last, share=share
                )
    length = int(table.loc[~table["level"], "length"].max()) if not table["level"].all() else 1
    note = f"A point is {_EVERY.get(length, f'{length} days')}." if length > 1 else ""
    if table["level"].any():
        note = f"{note} Level: the mean of a side whose days are not consecutive.".strip()
    layout = frame(title, dark=dark, note=note, height=420)
    layout["xaxis"] |= {"showgrid": False, "zeroline": False, "tickformat": ",d"}
    layout["yaxis"] |= value_axis(share=share)
    highest = table.groupby("series", observed=True)["high" if share else "daily"].max().fillna(0)
    tops = [max(float(highest[name]), 1e-9) * 1.08 for name in names]
    if len(names) * 2 > MANY:
        axes = grid(layout, [safe(name, 34) for name in names], tops, scale)
        every = [trace | axis for name, axis in zip(names, axes, strict=True) for trace in traces[name]]
        return figure(every, layout)
    layout["showlegend"] = True
    layout["legend"] |= {"y": -0.32}
    layout["margin"]["b"] = 120
    layout["xaxis"] |= {"title": {"text": "days since the side began"}}
    layout["yaxis"] |= {"range": [0, max(tops)]}
    return figure([trace for name in names for trace in traces[name]], layout)


def _with_capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _side_lines(
    rows: pd.DataFrame, name: str, number: int, side: str, look: Style, last: int, *, share: bool
) -> list[dict[str, Any]]:
    """One series on one side: its line with the points, and the interval of shares behind it."""
    if rows["level"].any():
        rows = pd.concat([rows.assign(since=0), rows.assign(since=max(last, 1))])
    x = rows["since"].tolist()
    gaps = np.where(rows["collected"] > 0, 1.0, np.nan) if share else np.ones(len(rows))
    side_name = ("first", "second")[number]
    legend = f"{safe(name, 40)}, {safe(side, 40)}"
    line = {
        "type": "scatter",
        "x": x,
        "y": rows["share" if share else "daily"].to_numpy(dtype=float) * gaps,
        "mode": "lines+markers",
        "name": legend,
        "legendgroup": legend,
        "line": {"color": look.color, "width": 2.2 if number == 0 else 1.8, "dash": _DASH[side_name]},
        "marker": {"color": look.color, "size": 5, "symbol": _SYMBOL[side_name]},
        "text": [_hover_text(safe(name), *values) for values in zip(*_hover_data(rows), strict=True)],
        "hovertemplate": "%{text}<extra></extra>",
        "customdata": [
            {"series": name, "side": number, "since": a, "until": b}
            for a, b in zip(iso(rows["start"]), iso(rows["end"]), strict=True)
        ],
    }
    if not share:
        return [line]
    low, high = rows["low"].fillna(0).tolist(), rows["high"].fillna(0).tolist()
    area = {"fill": "toself", "fillcolor": translucent(look.color, 0.12), "line": {"width": 0}}
    behind = {
        "type": "scatter",
        "mode": "lines",
        "hoverinfo": "skip",
        "showlegend": False,
        **area,
    }
    return [{**behind, "legendgroup": legend, "x": x + x[::-1], "y": high + low[::-1]}, line]


def _hover_data(rows: pd.DataFrame) -> list[list[Any]]:
    columns = [rows[name].tolist() for name in ("n", "collected", "share", "low", "high", "daily")]
    return [iso(rows["start"]), iso(rows["end"]), *columns]


def _hover_text(
    name: str,
    start: str,
    end: str,
    n: int,
    collected: int,
    share: float,
    low: float,
    high: float,
    daily: float,
) -> str:
    days = start if start == end else f"{start} to {end}"
    text = f"{name}, {days}: {n:,} of {collected:,}, {daily:,.1f} a day"
    return text + (f" ({share:.1%}, 95%: {low:.1%} to {high:.1%})" if collected else "")
