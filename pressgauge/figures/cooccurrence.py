"""Co-mention: heat maps and a network of what appears together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pressgauge.figures.base import PERIOD, Drawing, Plain, day, empty, figure, frame, safe, theme
from pressgauge.figures.marks import rows_of
from pressgauge.palette import styles

_MESSAGE = "Two series are needed to see what appears together."
# From never together over as by chance to always, by `dark`. A heat map writes all its numbers in one colour:
# every shade keeps 4.5:1 contrast (WCAG 1.4.3) to the theme's ink.
_SCALES = {False: ("#F0803C", "#F2F3F5", "#56B4E9"), True: ("#A04600", "#2C353E", "#005F96")}


@Drawing
def comentions(table: pd.DataFrame, *, base: str = "", dark: bool = False) -> Plain:
    """Draw the table of `analysis.comentions` as a heat map of NPMI, without colour where chance explains the
    number; each cell holds the number of articles.

    `base` says in words what was counted, such as "articles on AI". The customdata of a cell is {"series",
    "with"}.
    """
    unit = str(table["unit"].iloc[0]) if len(table) else "articles"
    title = _title_of(base, unit)
    if table.empty:
        return empty(title, _MESSAGE, dark=dark)
    names = list(table["first"].cat.categories)
    size = len(names)
    value, n = np.full((size, size), np.nan), np.full((size, size), "", dtype=object)
    hover, data = np.full((size, size), "", dtype=object), np.full((size, size), None, dtype=object)
    first, second = table["first"].cat.codes.to_numpy(), table["second"].cat.codes.to_numpy()
    for row, (one, other) in enumerate(zip(first, second, strict=True)):
        together, expected, npmi, chance = (
            table[column].iloc[row] for column in ("together", "expected", "npmi", "chance")
        )
        pair = f"{safe(names[one])} and {safe(names[other])}"
        label = f"{pair}: {_beside_chance(together, expected, chance)}"
        for at in ((other, one), (one, other)):
            value[at], n[at], hover[at] = 0.0 if chance else npmi, f"{together:,}", label
            data[at] = {"series": names[at[1]], "with": names[at[0]]}
    labels = [safe(name, 24) for name in names]
    layout = frame(title, dark=dark, height=160 + 34 * size, least_width=200 + 38 * size)
    cells = {"text": n.tolist(), "hovertext": hover.tolist(), "customdata": data.tolist()}
    return _heat_map(layout, dark, x=labels, y=labels, z=value, **cells)


@Drawing
def comentions_over_time(
    table: pd.DataFrame, *, base: str = "", dark: bool = False, limit: int = 12
) -> Plain:
    """Draw the table of `analysis.comentions_over_time` as a heat map of NPMI, without colour where chance
    explains the number, a row for each of the `limit` pairs most often together, a column a period; each cell
    holds the number of articles.

    `base` says in words what was counted, such as "articles on AI". A period that is not covered as a whole
    has a star. The customdata of a cell is {"series", "with",
    "since", "until"}, days in ISO format, both included.
    """
    unit = str(table["unit"].iloc[0]) if len(table) else "articles"
    title = _title_of(base, unit)
    if table.empty:
        return empty(title, _MESSAGE, dark=dark)
    pairs = table.groupby(["first", "second"], observed=True, sort=False)["together"].sum()
    shown_pairs = pairs[pairs > 0].nlargest(limit).index
    if shown_pairs.empty:
        return empty(title, "No two of the series appear together.", dark=dark)
    periods = list(rows_of(table.drop_duplicates("period")))
    wide = table.assign(chance=table["chance"].astype(float)).pivot(
        index=["first", "second"], columns="period", values=["npmi", "together", "expected", "chance"]
    )
    npmi, together, expected, chance = (
        wide[name].loc[shown_pairs].to_numpy() for name in ("npmi", "together", "expected", "chance")
    )
    labels = [f"{safe(first, 24)} · {safe(second, 24)}" for first, second in shown_pairs]
    form = {"M": "%b %Y", "Y": "%Y"}.get(periods[0].freq)
    columns = [
        f"{row.period.strftime(form) if form else day(row.period)}{'*' if row.partial else ''}"
        for row in periods
    ]
    if table["partial"].any():
        title += f" (* not the whole {PERIOD[periods[0].freq]})"
    spans = [(row.period.date().isoformat(), row.until.date().isoformat()) for row in periods]
    return _heat_map(
        frame(title, dark=dark, height=200 + 30 * len(shown_pairs)),
        dark,
        x=columns,
        y=labels,
        z=np.where(chance > 0, 0.0, npmi),
        text=[[f"{n:,.0f}" for n in row] for row in together],
        hovertext=[
            [
                f"{label}, {column}: {_beside_chance(*numbers)}"
                for column, *numbers in zip(columns, *of_pair, strict=True)
            ]
            for label, *of_pair in zip(labels, together, expected, chance, strict=True)
        ],
        customdata=[
            [{"series": one, "with": other, "since": since, "until": until} for since, until in spans]
            for one, other in shown_pairs
        ],
    )


def _beside_chance(together: float, expected: float, chance: bool) -> str:
    """How many are together, and what chance would give, in words."""
    numbers = f"{together:,.0f} together, {expected:,.1f} expected by chance"
    return f"{numbers}, which may be all that it is" if chance else numbers


def _title_of(base: str, unit: str) -> str:
    of = (safe(base, 90) if base else unit).removeprefix("all ")
    return f"{of[:1].upper()}{of[1:]} with both; colour: beyond chance (normalised PMI, 1 is always)"


def _heat_map(layout: dict[str, Any], dark: bool, **cells: Any) -> Plain:
    heat = {
        "type": "heatmap",
        "zmin": -1,
        "zmax": 1,
        "zmid": 0,
        "colorscale": [[at, color] for at, color in zip((0, 0.5, 1), _SCALES[dark], strict=True)],
        "texttemplate": "%{text}",
        "textfont": {"color": theme(dark).ink},
        "hovertemplate": "%{hovertext}<extra></extra>",
        "xgap": 2,
        "ygap": 2,
        "hoverongaps": False,
        "colorbar": {"title": {"text": "beyond<br>chance"}, "thickness": 12},
        **cells,
    }
    layout["yaxis"] |= {"autorange": "reversed", "type": "category", "showgrid": False}
    layout["xaxis"] |= {"type": "category", "showgrid": False}
    return figure([heat], layout)


@Drawing
def network(
    table: pd.DataFrame,
    *,
    base: str = "",
    dark: bool = False,
    colors: Mapping[str, str] | None = None,
) -> Plain:
    """Draw the table of `analysis.comentions` as a circle of series; lines join those together more often
    than by chance.

    The area of a node is its number of articles, the width of a line the number together. The customdata of a
    node is {"series"}, of the handle in the middle of a line {"series", "with"}.
    """
    unit = str(table["unit"].iloc[0]) if len(table) else "articles"
    title = f"Together more often than by chance (number of {safe(base, 90) if base else unit})"
    if table.empty:
        return empty(title, _MESSAGE, dark=dark)
    names = list(table["first"].cat.categories)
    looks = styles(names, colors=dict(colors or {}), dark=dark)
    angle = np.pi / 2 - 2 * np.pi * np.arange(len(names)) / len(names)
    x, y = np.cos(angle), np.sin(angle)
    counts = dict(zip(table["first"], table["n_first"], strict=True))
    counts |= dict(zip(table["second"], table["n_second"], strict=True))
    links = table[(table["pmi"] > 0) & ~table["chance"]]
    widest = max(links["together"].max(), 1) if len(links) else 1
    one, other = (links[column].cat.codes.to_numpy() for column in ("first", "second"))
    together = links["together"].to_numpy()
    lines = [
        {
            "type": "scatter",
            "x": [x[i], x[j]],
            "y": [y[i], y[j]],
            "mode": "lines",
            "line": {"width": 0.5 + 7 * n / widest, "color": theme(dark).quiet},
            "opacity": 0.45,
            "hoverinfo": "skip",
        }
        for i, j, n in zip(one, other, together, strict=True)
    ]
    # A line cannot be hovered between its ends: a handle in its middle can.
    handles = {
        "type": "scatter",
        "x": 0.55 * x[one] + 0.45 * x[other],
        "y": 0.55 * y[one] + 0.45 * y[other],
        "mode": "markers",
        "marker": {"size": 9, "color": theme(dark).paper, "line": {"width": 1, "color": theme(dark).quiet}},
        "hovertext": [
            f"{safe(names[i])} and {safe(names[j])}: {n:,} together"
            for i, j, n in zip(one, other, together, strict=True)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": [{"series": names[i], "with": names[j]} for i, j in zip(one, other, strict=True)],
    }
    n = np.array([counts[name] for name in names])
    nodes = {
        "type": "scatter",
        "x": x,
        "y": y,
        "mode": "markers+text",
        "marker": {
            "size": 10 + 34 * np.sqrt(n / max(n.max(), 1)),
            "color": [looks[name].color for name in names],
            "symbol": [looks[name].symbol for name in names],
        },
        "text": [f"\u2002{safe(name, 24)} {count:,}\u2002" for name, count in zip(names, n, strict=True)],
        "textposition": [_outward_position(*place) for place in zip(x, y, strict=True)],
        "hoverinfo": "text",
        "customdata": [{"series": name} for name in names],
    }
    layout = frame(title, dark=dark, height=520, least_width=680)
    layout["xaxis"] |= {"visible": False, "range": [-1.8, 1.8]}
    layout["yaxis"] |= {"visible": False, "range": [-1.35, 1.35], "scaleanchor": "x"}
    return figure([*lines, handles, nodes], layout)


def _outward_position(x: float, y: float) -> str:
    """Where the name of a node stands so that it lies on none of its neighbours."""
    if abs(x) < 0.2:
        return "top center" if y > 0 else "bottom center"
    return "middle right" if x > 0 else "middle left"
