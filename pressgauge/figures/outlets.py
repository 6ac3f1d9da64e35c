"""Outlets: counts and shares as bars, lean as a dot with its interval."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from pressgauge.figures.base import (
    Drawing,
    Plain,
    empty,
    figure,
    frame,
    one_measure,
    safe,
    theme,
    title_of,
    value_axis,
)
from pressgauge.palette import color_of, styles

_PATTERNS = ("", "/", "x", ".", "-", "+", "|", "\\")


@Drawing
def outlets(
    table: pd.DataFrame,
    *,
    share: bool = False,
    base: str = "",
    label: Callable[[str], str] = str,
    dark: bool = False,
    colors: Mapping[str, str] | None = None,
    limit: int = 20,
) -> Plain:
    """Draw the table of `analysis.outlets` (by any column) as bars: the `limit` groups with most of the drawn
    series.

    `share` draws the share of what was counted of each outlet, with 95 % intervals; `base` says in words what
    that is, such as "articles on AI"; `label` gives the name of a group, such as the country of a code. The
    customdata of a bar is {"series", "outlet"}; where the table is by another column, that column's name
    takes the place of "outlet". Raises PressgaugeError for several measures on end.
    """
    by = str(table.columns[0])
    one_measure(table, ["series", by])
    unit = str(table["unit"].iloc[0]) if len(table) else "articles"
    title = title_of(unit, f"of each {by}" if share else f"by {by}", base, share=share)
    base_words = safe(base, 90) if base else unit
    if table.empty:
        return empty(title, "No article is left under these filters.", dark=dark)
    totals = (
        table.groupby(by, observed=True, sort=False)["n"].sum().sort_values(ascending=False, kind="stable")
    )
    drawn_groups = list(totals.index[:limit])
    n_left = len(totals) - len(drawn_groups)
    names = list(table["series"].cat.categories)
    layout = frame(
        title,
        dark=dark,
        height=120 + len(drawn_groups) * max(26, 15 * len(names)),
        note=f"{n_left:,} more with less." if n_left else "",
    )
    looks = styles(names, colors=dict(colors or {}), dark=dark)
    traces: list[dict[str, Any]] = []
    for number, name in enumerate(names):
        rows = table[table["series"] == name].set_index(by).loc[drawn_groups]
        value = (rows["share"] if share else rows["n"]).to_numpy()
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": safe(name),
                "x": value,
                "y": [safe(label(group), 40) for group in drawn_groups],
                "marker": {
                    "color": looks[name].color,
                    "pattern": {"shape": _PATTERNS[number // len(_PATTERNS) % len(_PATTERNS)]},
                },
                "error_x": {
                    "type": "data",
                    "array": (rows["high"] - rows["share"]).to_numpy(),
                    "arrayminus": (rows["share"] - rows["low"]).to_numpy(),
                    "color": theme(dark).quiet,
                    "thickness": 1,
                    "width": 2,
                    "visible": share,
                },
                "text": [f"{v:.1%}" if share else f"{v:,}" for v in value],
                "textposition": "none" if share else "outside",
                "textfont": {"size": 11},
                "constraintext": "none",
                "cliponaxis": False,
                "hovertext": [
                    f"{safe(label(group))} · {safe(name)}: {row.n:,} of its {row.collected:,} {base_words} "
                    f"({row.share:.1%}); {row.voice:.1%} of all on {safe(name)}"
                    for group, row in zip(drawn_groups, rows.itertuples(), strict=True)
                ],
                "hovertemplate": "%{hovertext}<extra></extra>",
                "customdata": [{"series": name, by: str(group)} for group in drawn_groups],
            }
        )
    layout["yaxis"] |= {"autorange": "reversed", "type": "category", "showgrid": False}
    layout["xaxis"] |= value_axis(table["n"].max(), share=share)
    layout["legend"] |= {"y": 1, "yanchor": "bottom"}
    return figure(traces, layout | {"barmode": "group", "showlegend": len(names) > 1, "bargap": 0.25})


@Drawing
def lean(
    table: pd.DataFrame,
    *,
    sides: tuple[str, str] = ("open-source AI", "proprietary AI"),
    base: str = "",
    dark: bool = False,
    colors: tuple[str, str] | None = None,
    limit: int = 40,
) -> Plain:
    """Draw the table of `analysis.lean`: a dot and its 95 % interval an outlet, 0 is the average of all
    outlets.

    `base` says in words what was counted, such as "articles on AI". The `limit` outlets with most articles
    are shown. `sides` are the names of the first and second side, `colors` how they are drawn. The customdata
    of a dot is {"outlet"}.
    """
    unit = str(table["unit"].iloc[0]) if len(table) else "articles"
    title = (
        f"Lean of each outlet beside all {len(table):,} outlets here: log-odds of "
        f"{safe(sides[0])} against {safe(sides[1])} in {safe(base, 90) if base else unit}, 95% intervals"
    )
    total = [int(table[side].sum()) for side in ("n_first", "n_second")]
    if table.empty:
        return empty(title, "No article on either side is left under these filters.", dark=dark)
    most = (table["n_first"] + table["n_second"]).nlargest(limit).index
    drawn_outlets = table.loc[table.index.isin(most)]
    n_left = len(table) - len(drawn_outlets)
    layout = frame(
        title,
        dark=dark,
        height=130 + 24 * len(drawn_outlets),
        note=f"{n_left:,} more with less." if n_left else "",
    )
    first, second = colors or [color_of(name, dark=dark) for name in ("open_source_ai", "proprietary_ai")]
    clear = [
        first if low > 0 else second if high < 0 else theme(dark).quiet
        for low, high in zip(drawn_outlets["low"], drawn_outlets["high"], strict=True)
    ]
    dots = {
        "type": "scatter",
        "x": drawn_outlets["lean"].to_numpy(),
        "y": [safe(outlet, 40) for outlet in drawn_outlets["outlet"]],
        "mode": "markers",
        "marker": {"color": clear, "size": 9},
        "error_x": {
            "type": "data",
            "array": (drawn_outlets["high"] - drawn_outlets["lean"]).to_numpy(),
            "arrayminus": (drawn_outlets["lean"] - drawn_outlets["low"]).to_numpy(),
            "color": theme(dark).quiet,
            "thickness": 1.2,
            "width": 3,
        },
        "hovertext": [
            f"{safe(row.outlet)}: {row.n_first:,} on {safe(sides[0])}, {row.n_second:,} on {safe(sides[1])}"
            f"<br>All outlets here: {total[0]:,} and {total[1]:,}"
            f"<br>Log-odds beside them {row.lean:+.2f} ({row.low:+.2f} to {row.high:+.2f})"
            for row in drawn_outlets.itertuples()
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": [{"outlet": str(outlet)} for outlet in drawn_outlets["outlet"]],
    }
    average = {"type": "line", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "yref": "y domain"}
    layout["shapes"] = [{**average, "line": {"color": theme(dark).ink, "width": 1}}]
    layout["yaxis"] |= {"autorange": "reversed", "type": "category"}
    title_of_x = f"← more {safe(sides[1])}   ·   than the outlets here   ·   more {safe(sides[0])} →"
    layout["xaxis"] |= {"title": {"text": title_of_x}, "zeroline": False}
    return figure([dots], layout)
