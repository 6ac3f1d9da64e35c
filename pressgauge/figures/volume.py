"""Volume over time: a line a series, with intervals, events and bursts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pressgauge.figures.base import (
    PERIOD,
    Columns,
    Drawing,
    Plain,
    around,
    columns,
    empty,
    figure,
    frame,
    iso,
    local_days,
    one_measure,
    rows_where,
    safe,
    spread,
    theme,
    title_of,
    value_axis,
)
from pressgauge.figures.marks import STRIP, Marks
from pressgauge.palette import Style, styles, translucent

_DIRECT = 8
"""Up to so many lines are labelled at their end; more of them get a legend."""
_HOVER_COLUMNS = ("n", "collected", "share", "low", "high", "partial", "gap")
"""The columns that a point tells when it is hovered."""
_DRAWN = ("period", "until", "undated", *_HOVER_COLUMNS)
_CORRECTED = ("corrected", "corrected_low", "corrected_high")
ROOM = pd.Timedelta(days=10)


@Drawing
def volume(
    table: pd.DataFrame | Columns,
    *,
    share: bool = False,
    base: str = "",
    burst_base: str = "",
    events: pd.DataFrame | None = None,
    bursts: pd.DataFrame | None = None,
    presence: pd.DataFrame | None = None,
    reference: pd.DataFrame | None = None,
    dark: bool = False,
    colors: Mapping[str, str] | None = None,
) -> Plain:
    """Draw the table of `analysis.volume`; with the columns of `rolling` the mean is the line and the counts
    are points; with `corrected`, `corrected_low` and `corrected_high` counts have a dashed line beside them,
    with its interval. `json` takes the columns that `volume_columns` gives as well.

    `share` draws shares with their 95 % intervals. `base` says in words what was counted and what shares are
    shares of, such as "articles on AI"; `burst_base` the same of bursts, where it differs. `events` (date,
    label) become thin labelled lines, `bursts` (the table of `analysis.bursts`) bands whose label is named
    "burst:ROW", `presence` marks where outlets start, pause or stop. A period in which nothing was collected
    is a gap, partial ones are dotted.
    `reference` (the table of `load_reference`) is a grey line a series, scaled to the height of the plot and
    cut to its days. The customdata of a point is {"series", "since", "until"}, days in ISO format, both
    included. Raises PressgaugeError for several measures on end.
    """
    if isinstance(table, pd.DataFrame):
        one_measure(table, ["series", "period"])
    unit, period = one(table, "unit", "articles"), PERIOD[one(table, "freq", "W")]
    every, values, mean, has_corrected = what_is_drawn(table, share=share)
    if not (is_dated := has_days(every)).all():
        every = rows_where(every, is_dated)
    title = title_of(unit, f"in each {period}", base, share=share)
    if has_corrected:
        title += ", and dashed what it is corrected for the query's error"
    if not len(every["period"]):
        return empty(title, "No dated article is left under these filters.", dark=dark)
    layout = frame(title, dark=dark, note=note_of(every, unit, period, share=share), height=400)
    series = every["series"]
    rows_of_series = {
        series.categories[each]: rows_where(every, series.codes == each)
        for each in np.unique(series.codes[series.codes >= 0])
    }
    names = list(rows_of_series)
    looks = styles(names, colors=dict(colors or {}), dark=dark)
    highest = ["high"] if share else ["n", *(["corrected_high"] if has_corrected else [])]
    top = max(1e-9, *(float(np.fmax.reduce(every[name], initial=0)) for name in highest)) * 1.08
    ends: dict[str, float] = {}
    base_words = safe(base, 90) if base else unit
    traces: list[dict[str, Any]] = []
    for name, lines in rows_of_series.items():
        if has_corrected and has_any(lines, "corrected"):
            traces += corrected_traces(lines, name, looks[name])
        ends[name] = series_traces(traces, lines, name, looks[name], values, mean, base_words, share=share)
    first, last = every["period"].min(), every["until"].max()
    if reference is not None:
        days = local_days(reference["period"])
        shown = (days >= first) & (days <= last)
        traces += _reference_traces(reference[shown], top, dark)
    marks = Marks(first, last, dark)
    if events is not None:
        traces += marks.events(events, bursts)
        layout["margin"]["t"] = 84
        layout["title"] |= {"y": 1, "yanchor": "top", "pad": {"t": 12}}
        layout["yaxis"]["domain"] = [0, 1 - STRIP]
        layout["yaxis2"] = {"domain": [1 - STRIP, 1], "range": [0, 1], "visible": False, "fixedrange": True}
    if bursts is not None:
        marks.bursts(bursts, looks, safe(burst_base, 90) or base_words)
    if presence is not None:
        marks.presence(presence, every["period"], every[values] / top)
    labels = _end_labels(layout, ends, looks, top)
    layout["annotations"] += [*labels, *marks.annotations]
    layout["shapes"] = marks.shapes
    layout["yaxis"] |= {"range": [0, top], **value_axis(top, share=share)}
    layout["xaxis"] |= {"type": "date", "hoverformat": hover_format(period), "showgrid": False}
    if (every["period"] == every["period"][0]).all():
        around(layout["xaxis"], pd.Timestamp(first), pd.Timestamp(last), ROOM)
    layout["hovermode"] = "x unified"
    return figure(traces, layout)


def has_days(of: Columns) -> np.ndarray:
    """Which rows have a place on the time axis (bool)."""
    return ~(np.isnat(of["period"]) | np.isnat(of["until"]))


def hover_format(period: str) -> str:
    """How the time axis writes a period (a value of PERIOD), for d3."""
    return {"day": "%e %b %Y", "year": "%Y"}.get(period, f"{period} from %e %b %Y")


def what_is_drawn(table: pd.DataFrame | Columns, *, share: bool) -> tuple[Columns, str, str, bool]:
    """Of a table of volume: the columns that lines are made of, the names of those with their values and
    their means, and whether counts corrected for the query's errors are drawn, too."""
    values = "share" if share else "n"
    mean = f"{values}_mean" if f"{values}_mean" in table else values
    corrected = [name for name in _CORRECTED if name in table]
    names = dict.fromkeys((*_DRAWN, mean, *corrected))
    if isinstance(table, pd.DataFrame):
        every = columns(table, names) | {"series": table["series"].array}
    else:
        every = {name: table[name] for name in names} | {"series": table["series"]}
    return every, values, mean, not share and has_any(every, "corrected")


def has_any(rows: Columns, name: str) -> bool:
    """Whether a column is there and has a value."""
    return name in rows and bool(pd.notna(rows[name]).any())


def series_traces(
    traces: list[dict[str, Any]],
    rows: Columns,
    name: str,
    look: Style,
    values: str,
    mean: str,
    base: str,
    *,
    share: bool,
) -> float:
    """Append the traces of one series, of columns of its table; return the value that its line ends at."""
    x = iso(rows["period"])
    partial = rows["partial"]
    # Where nothing was collected nothing is known: a gap in the line, not a zero. Nor has nothing a share.
    is_known = rows["collected"] > 0 if share else ~rows["gap"].astype(bool)
    y = np.where(is_known, rows[mean].astype(float), np.nan)
    line = {"type": "scatter", "x": x, "mode": "lines", "hoverinfo": "skip", "legendgroup": name}
    unnamed = {**line, "showlegend": False}
    if share:
        traces.append({**unnamed, **_band(x, rows["low"], rows["high"], look)})
    beside = partial | np.r_[partial[1:], False] | np.r_[False, partial[:-1]]
    solid = {"color": look.color, "width": 2.2, "dash": look.dash}
    dotted = {"color": look.color, "width": 1.4, "dash": "dot"}
    traces.append({**line, "name": safe(name), "y": np.where(partial, np.nan, y), "line": solid})
    traces.append({**unnamed, "y": np.where(beside, y, np.nan), "line": dotted})
    symbols = np.where(partial, f"{look.symbol}-open", look.symbol)
    size = 5 if len(x) < 120 else 3
    traces.append(
        {
            "type": "scatter",
            "x": x,
            "y": np.where(is_known, rows[values].astype(float), np.nan),
            "name": safe(name),
            "legendgroup": name,
            "showlegend": False,
            "mode": "markers",
            "marker": {"color": look.color, "size": size, "symbol": symbols.tolist(), "opacity": 0.9},
            "text": [
                _hover_text(safe(name), base, *values_at)
                for values_at in zip(*(rows[of].tolist() for of in _HOVER_COLUMNS), strict=True)
            ],
            "hovertemplate": "%{text}<extra></extra>",
            "customdata": [
                {"series": name, "since": a, "until": b} for a, b in zip(x, iso(rows["until"]), strict=True)
            ],
        }
    )
    line_values = y[np.isfinite(y)]
    return float(line_values[-1]) if len(line_values) else 0.0


def corrected_traces(rows: Columns, name: str, look: Style) -> list[dict[str, Any]]:
    """The corrected counts of one series: a dashed line in its 95 % interval."""
    x = iso(rows["period"])
    line = {"type": "scatter", "mode": "lines", "showlegend": False, "legendgroup": name}
    corrected, low, high = (rows[column].astype(float) for column in _CORRECTED)
    labels = [
        f"{safe(name)}, corrected: {value:,.0f} (95%: {a:,.0f} to {b:,.0f})"
        if np.isfinite([value, a, b]).all()
        else f"{safe(name)}, corrected: unknown"
        for value, a, b in zip(corrected, low, high, strict=True)
    ]
    dashes = {"color": look.color, "width": 1.4, "dash": "dash"}
    return [
        {**line, **_band(x, low, high, look), "hoverinfo": "skip"},
        {
            **line,
            "x": x,
            "y": corrected,
            "line": dashes,
            "text": labels,
            "hovertemplate": "%{text}<extra></extra>",
        },
    ]


def _band(x: list[str], low: np.ndarray, high: np.ndarray, look: Style) -> Plain:
    """The area between two lines, with a gap where it is not known."""
    known = np.flatnonzero(np.isfinite(low) & np.isfinite(high))
    at: list[str | None] = []
    y: list[float | None] = []
    for run in np.split(known, np.flatnonzero(np.diff(known) > 1) + 1):
        days = [x[number] for number in run]
        gap = [None] if at else []
        at += [*gap, *days, *days[::-1]]
        y += [*gap, *high[run].tolist(), *low[run[::-1]].tolist()]
    return {
        "fill": "toself",
        "fillcolor": translucent(look.color, 0.14),
        "line": {"width": 0},
        **{"x": at, "y": y},
    }


def _hover_text(
    name: str,
    base: str,
    n: int,
    collected: int,
    share: float,
    low: float,
    high: float,
    partial: bool,
    gap: bool,
) -> str:
    if gap:
        return f"{name}: nothing was collected"
    text = f"{name}: {n:,} of {collected:,} {base}"
    if collected:
        text += f" ({share:.1%}, 95%: {low:.1%} to {high:.1%})"
    return text + (" · not the whole period" if partial else "")


def _end_labels(
    layout: dict[str, Any], ends: dict[str, float], looks: Mapping[str, Style], top: float
) -> list[dict[str, Any]]:
    """The names at the ends of their lines; many lines get a legend instead."""
    if len(ends) > _DIRECT:
        layout["showlegend"] = True
        return []
    layout["margin"]["r"] = 16 + 7 * max(min(len(name), 24) for name in ends)
    places = spread(list(ends.values()), 0.065 * top, top)
    at = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 6, "yref": "y", "yanchor": "middle"}
    return [
        {
            "text": safe(name, 24),
            "name": f"series:{name}",
            "y": y,
            **at,
            "showarrow": False,
            "font": {"color": looks[name].color, "size": 12},
        }
        for name, y in zip(ends, places, strict=True)
    ]


def _reference_traces(reference: pd.DataFrame, top: float, dark: bool) -> list[dict[str, Any]]:
    traces = []
    for name, line in reference.groupby("series", observed=True):
        scale = top / 1.08 / max(line["value"].max(), 1e-12)
        traces.append(
            {
                "type": "scatter",
                "x": iso(line["period"]),
                "y": line["value"].to_numpy(dtype=float) * scale,
                "mode": "lines",
                "name": safe(name),
                "line": {"color": theme(dark).quiet, "width": 1.2, "dash": "dashdot"},
                "text": [
                    f"{safe(name)}: {value:,.3g} {safe(unit)} (scaled)"
                    for value, unit in zip(line["value"], line["unit"], strict=True)
                ],
                "hovertemplate": "%{text}",
            }
        )
    return traces


def note_of(of: Columns, unit: str, period: str, *, share: bool) -> str:
    """What the dotted and missing points of a table of volume are, and what it leaves out."""
    sentences = []
    if of["partial"].any():
        sentences.append(f"Dotted: a {period} that is not covered as a whole.")
    gap = of["gap"].astype(bool)
    if gap.any():
        sentences.append(f"Gaps: a {period} in which nothing was collected.")
    if share and (of["collected"][~gap] == 0).any():
        sentences.append(f"No point: a {period} with none of these {unit} to take a share of.")
    if len(rows := np.flatnonzero(of["undated"] > 0)):
        n_of_series = dict(zip(of["series"][rows[::-1]], of["undated"][rows[::-1]].tolist(), strict=True))
        by_series = ", ".join(
            f"{safe(name, 30)} {n_of_series[name]:,}" for name in of["series"][rows].unique()
        )
        sentences.append(f"Not shown, {unit} without a known date: {by_series}.")
    return " ".join(sentences)


def one(table: pd.DataFrame | Columns, column: str, default: str) -> str:
    """The value that a column has in every row alike; `default` for a table without rows."""
    if isinstance(table, pd.DataFrame):
        return str(table[column].iloc[0]) if len(table) else default
    return str(table[column])
