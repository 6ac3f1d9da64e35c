"""Terms: the vocabularies of two sides as a scatter, and what is distinctive or rising as bars."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pressgauge.figures.base import Drawing, Plain, empty, figure, frame, safe, theme
from pressgauge.palette import color_of

_SIGNIFICANT = 1.96
_CHARACTER, _LINE = 0.011, 0.045
"""Width and height of a character of a name, of the plot's."""
_NUMBER = 0.15
"""Width of a number beside a bar, of all bars' on a phone."""


@Drawing
def terms(
    table: pd.DataFrame, *, sides: tuple[str, str] = ("first", "second"), dark: bool = False, labels: int = 24
) -> Plain:
    """Draw the table of `analysis.distinctive` as a scatter: uses per 1,000 words on one side against the
    other.

    Terms with |z| above 1.96 are coloured by side, and the strongest are named where there is room, at most
    `labels`. The customdata of a point is {"term"}. Both axes are logarithmic; a term that a side never uses
    stands at half its smallest rate.
    """
    first, second = (safe(side, 30) for side in sides)
    title = f"Uses per 1,000 words: {first} (up) against {second} (right)"
    if table.empty:
        return empty(title, "There are too few articles to compare.", dark=dark)
    up, right = (_with_floor(table[f"rate_{side}"].to_numpy()) for side in ("first", "second"))
    z = table["z"].to_numpy()
    colors = (color_of("open_source_ai", dark=dark), color_of("proprietary_ai", dark=dark), theme(dark).quiet)
    strong = np.abs(z) >= _SIGNIFICANT
    has_label = _choose_labels(
        np.log(right), np.log(up), [len(term) for term in table["term"]], z, strong, labels
    )
    points = {
        "type": "scatter",
        "x": right,
        "y": up,
        "mode": "markers+text",
        "marker": {
            "size": np.where(strong, 7, 4),
            "opacity": np.where(strong, 0.9, 0.4),
            "color": [
                colors[0 if value > 0 else 1] if real else colors[2]
                for value, real in zip(z, strong, strict=True)
            ],
            "symbol": np.where(z > 0, "circle", "square").tolist(),
            "line": {"width": 0},
        },
        "text": [safe(term, 24) if show else "" for term, show in zip(table["term"], has_label, strict=True)],
        "textposition": np.where(z > 0, "top center", "bottom center").tolist(),
        "hovertext": _hover_texts(table, first, second),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": [{"term": term} for term in table["term"]],
    }
    layout = frame(title, dark=dark, height=520)
    for axis, side in (("xaxis", second), ("yaxis", first)):
        layout[axis] |= {"type": "log", "title": {"text": f"{side}: uses per 1,000 words"}, "zeroline": False}
    return figure([points], layout)


@Drawing
def distinctive(
    table: pd.DataFrame,
    *,
    sides: tuple[str, str] = ("first", "second"),
    base: str = "",
    dark: bool = False,
    colors: tuple[str, str] | None = None,
    limit: int = 15,
) -> Plain:
    """Draw the `limit` most distinctive terms of each side (of `analysis.distinctive` or `changing`) as bars
    of z, with the number of articles of that side that use the term.

    `base` says in words what was counted, such as "articles on AI". The customdata of a bar is {"term",
    "side"}, side 0 or 1.
    """
    first, second = (safe(side, 30) for side in sides)
    of = safe(base, 90) if base else "articles"
    title = f"Terms that tell {first} from {second} (z of the weighted log-odds; number of {of})"
    top = table[table["z"] > 0].head(limit)
    bottom = table[table["z"] < 0].tail(limit)
    if top.empty and bottom.empty:
        return empty(title, "There are too few articles to compare.", dark=dark)
    drawn_terms = pd.concat([top, bottom])
    looks = colors or [color_of(name, dark=dark) for name in ("open_source_ai", "proprietary_ai")]
    side = (drawn_terms["z"] < 0).astype(int).tolist()
    counts = zip(drawn_terms["n_first"], drawn_terms["n_second"], side, strict=True)
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": drawn_terms["z"].to_numpy(),
        "y": [safe(term, 40) for term in drawn_terms["term"]],
        "marker": {"color": [looks[number] for number in side]},
        "text": [f"{n_second if of else n_first:,}" for n_first, n_second, of in counts],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertext": _hover_texts(drawn_terms, first, second),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": [
            {"term": term, "side": of} for term, of in zip(drawn_terms["term"], side, strict=True)
        ],
    }
    ends = [float(min(drawn_terms["z"].min(), 0)), float(max(drawn_terms["z"].max(), 0))]
    room = _NUMBER * (ends[1] - ends[0])  # for the number beside the longest bar
    layout = frame(title, dark=dark, height=120 + 20 * len(drawn_terms))
    layout["xaxis"] |= {
        "title": {"text": f"← {second}   ·   {first} →"},
        "range": [ends[0] - room * (ends[0] < 0), ends[1] + room * (ends[1] > 0)],
    }
    layout["yaxis"] |= {"autorange": "reversed", "type": "category", "showgrid": False}
    return figure([bars], layout)


def _choose_labels(
    x: np.ndarray, y: np.ndarray, length: list[int], z: np.ndarray, strong: np.ndarray, limit: int
) -> np.ndarray:
    """Which terms to name (bool array): the strongest whose names overlap no stronger one's."""
    across, along = ((axis - axis.min()) / max(np.ptp(axis), 1e-9) for axis in (x, y))
    along = along + np.where(z > 0, _LINE, -_LINE) / 2
    has_label = np.zeros(len(z), dtype=bool)
    for at in np.argsort(-np.abs(z), kind="stable")[: 20 * limit]:
        near = np.flatnonzero(has_label & (np.abs(along - along[at]) < _LINE))
        width = [_CHARACTER * (min(length[at], 24) + min(length[other], 24)) / 2 for other in near]
        has_label[at] = strong[at] and bool((np.abs(across[near] - across[at]) >= width).all())
        if has_label.sum() == limit:
            break
    return has_label


def _with_floor(rate: np.ndarray) -> np.ndarray:
    smallest = rate[rate > 0].min(initial=1.0)
    return np.where(rate > 0, rate, smallest / 2)


def _hover_texts(table: pd.DataFrame, first: str, second: str) -> list[str]:
    columns = zip(table["term"], table["n_first"], table["n_second"], table["z"], strict=True)
    return [
        f"{safe(term)}: {n_first:,} articles {first}, {n_second:,} {second}; z {z:+.1f}"
        for term, n_first, n_second, z in columns
    ]
