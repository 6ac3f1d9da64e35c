"""Small multiples: the volume of a series, outlet or country in a panel each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from pressgauge.arguments import check_choice
from pressgauge.figures.base import (
    PERIOD,
    Drawing,
    Plain,
    around,
    empty,
    figure,
    frame,
    one_measure,
    rows_where,
    safe,
    title_of,
    value_axis,
)
from pressgauge.figures.panels import Scale, grid
from pressgauge.figures.volume import (
    ROOM,
    corrected_traces,
    has_any,
    has_days,
    hover_format,
    note_of,
    one,
    series_traces,
    what_is_drawn,
)
from pressgauge.palette import styles


@Drawing
def multiples(
    table: pd.DataFrame,
    *,
    by: str = "series",
    scale: Scale = "same",
    share: bool = False,
    base: str = "",
    dark: bool = False,
    colors: Mapping[str, str] | None = None,
    label: Callable[[str], str] = str,
) -> Plain:
    """Draw the table of `analysis.volume` with a panel a series, or that of `analysis.volume_by` with a panel
    an outlet (or country ...), named by the column `by`; for more lines than one chart can tell apart.

    All panels have one scale, or with `scale` "own" each its own; `label` tells what a panel is called. The
    other options are those of `figures.volume`; the customdata of a point is its {"series", "since", "until"}
    and, of another column than the series, its value under the column's name.
    """
    check_choice("scale", scale, ("same", "own"))
    one_measure(table, [*{by, "series"}, "period"])
    every, values, mean, has_corrected = what_is_drawn(table, share=share)
    if not (is_dated := has_days(every)).all():
        table, every = table[is_dated], rows_where(every, is_dated)
    unit, period = one(table, "unit", "articles"), PERIOD[one(table, "freq", "W")]
    title = title_of(unit, f"in each {period}", base, share=share)
    if by != "series":
        title += f", by {by}"
    if table.empty:
        return empty(title, "No dated article is left under these filters.", dark=dark)
    panels = [name for name in table[by].cat.categories if (table[by] == name).any()]
    names = [name for name in table["series"].cat.categories if (table["series"] == name).any()]
    looks = styles(names, colors=dict(colors or {}), dark=dark)
    highest = table[["high" if share else "n", *(["corrected_high"] if has_corrected else [])]].max(axis=1)
    tops = [max(float(np.nan_to_num(highest[table[by] == name].max())), 1e-9) * 1.08 for name in panels]
    scales = {"same": "All panels have one scale.", "own": "Each panel has a scale of its own."}
    note = f"{scales[scale]} {note_of(every, unit, period, share=share) if by == 'series' else ''}".strip()
    layout = frame(title, dark=dark, note=note)
    axes = grid(layout, [safe(label(name), 34) for name in panels], tops, scale)
    traces: list[dict[str, Any]] = []
    base_words = safe(base, 90) if base else unit
    for number, panel in enumerate(panels):
        panel_traces: list[dict[str, Any]] = []
        for name in names:
            is_here = ((table[by] == panel) & (table["series"] == name)).to_numpy()
            if not is_here.any():
                continue
            rows = rows_where(every, is_here)
            if has_corrected and has_any(rows, "corrected"):
                panel_traces += corrected_traces(rows, name, looks[name])
            series_traces(panel_traces, rows, name, looks[name], values, mean, base_words, share=share)
        for trace in panel_traces:
            trace |= axes[number]
            trace["showlegend"] = bool(trace.get("showlegend", True)) and number == 0
            if by != "series" and "customdata" in trace:
                trace["customdata"] = [{**of, by: panel} for of in trace["customdata"]]
        traces += panel_traces
    first, last = (table[column].dt.tz_localize(None) for column in ("period", "until"))
    for name in (key for key in layout if key.startswith("xaxis")):
        layout[name] |= {"type": "date", "hoverformat": hover_format(period), "showgrid": False}
        around(layout[name], first.min(), last.max(), ROOM if first.nunique() == 1 else pd.Timedelta(0))
    for name, top in zip((key for key in layout if key.startswith("yaxis")), tops, strict=True):
        layout[name] |= value_axis(top if scale == "own" else max(tops), share=share)
    layout["showlegend"] = by != "series" and len(names) > 1
    layout["legend"] |= {"y": 1, "yanchor": "bottom", "x": 1, "xanchor": "right"}
    layout["hovermode"] = "x unified"
    return figure(traces, layout)
