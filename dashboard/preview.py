"""What the overview says before any script has run: its sentence, figures and main chart as a picture.

It stands in the first part of the page's answer, over the place where the live page is put together, and
makes way for that. It is made of the same parts under the same filters, so that nothing it says changes then.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pandas as pd

from dashboard.components import formats, safe
from dashboard.session.state import State
from dashboard.session.store import LoadedVersion
from dashboard.session.view import View
from dashboard.views import overview, volume

_ASSETS = Path(__file__).parent / "assets"
_BUTTON = re.compile(r"<button\b([^>]*)>(.*?)</button>", re.DOTALL)
_GO = re.compile(r'data-go="([^"]*)"')
_LABEL = re.compile(r'aria-label="[^"]*"')
_WIDE, _HIGH, _LEFT, _TOP, _FOOT = 1000, 320, 56, 12, 28
"""The size of the picture, and what its plot leaves for labels at the left, above and below."""


def preview(loaded: LoadedVersion, query: str, *, dark: bool) -> str:
    """The markup for the page at the address with this query string, made once for all who open it; empty
    where the page is another view than the overview, or has something to say about the address."""
    return loaded.picture(query, dark, lambda: _preview(loaded, query, dark))


def _preview(loaded: LoadedVersion, query: str, dark: bool) -> str:
    state = State(loaded=loaded, prefers_dark=dark)
    state.view = View.from_query(query)
    if state.view.tab != "overview" or state.view.selection is not None or state.problems:
        return ""
    head = _linked(state.memo("head", lambda: overview.head(state)), state.view)
    theme = "dark" if state.dark else "light"
    synthetic = (
        '<p class="notice"><b>Demo data (synthetic).</b> Nothing on this page is real coverage.</p>'
        if loaded.synthetic
        else ""
    )
    content = (
        f"<header>Pressgauge</header>{_form(state.view)}"
        f'<main class="markup">{synthetic}{head}{picture(state)}'
        '<p class="quiet" role="status">The charts that can be clicked are on their way.</p></main>'
    )
    return (
        "<style>#preview ~ div { visibility: hidden; }</style>"
        f'<div id="preview"><template shadowrootmode="open"><style>{_style()}</style>'
        f'<div class="page {theme}">{content}</div></template></div><script>{_script()}</script>'
    )


def picture(state: State) -> str:
    """The volume of the compared lines as SVG, with a sentence for who cannot see it; empty where no article
    has a date."""
    table = volume.table(state)
    if table.empty:
        return ""
    column = "share" if state.view.share else "n"
    lines = [(each.label, each.color, table[table["series"] == each.label]) for each in state.series]
    if not lines:
        every = table.drop_duplicates("period")
        lines = [(state.scope.base, "currentColor", every.assign(n=every["collected"], share=1.0))]
    periods = pd.DatetimeIndex(table["period"].drop_duplicates()).sort_values()
    top = float(max([*(line[column].fillna(0).max() for _, _, line in lines if len(line)), 0])) or 1.0
    what = f"Share of {state.scope.base}" if state.view.share else f"Number of {state.view.unit}"
    in_words = formats.percent if state.view.share else lambda value: formats.count(round(value))
    paths = "".join(_line(periods, line["period"], line[column], top, color) for _, color, line in lines)
    legend = " ".join(
        f'<span class="key"><i style="background:{safe.text(color)}"></i>{safe.text(label)}</span>'
        for label, color, _ in lines
    )
    first, last = (formats.day(periods[at].date()) for at in (0, -1))
    description = f"{what} from {first} to {last}, at most {in_words(top)} in a period"
    return (
        f"<figure><figcaption><b>{safe.text(what)}</b> {legend}</figcaption>"
        f'<svg viewBox="0 0 {_WIDE} {_HIGH}" role="img" aria-label="{safe.text(description)}">'
        f"{_grid(top, in_words)}{paths}{_dates(first, last)}</svg></figure>"
    )


def _line(periods: pd.DatetimeIndex, period: pd.Series, values: pd.Series, top: float, color: str) -> str:
    """One line of the chart, with a gap where a value is not known."""
    at = periods.get_indexer(pd.DatetimeIndex(period))
    steps = max(len(periods) - 1, 1)
    points, pen = [], "M"
    for place, value in zip(at.tolist(), values.astype("float64").tolist(), strict=True):
        if value != value:
            pen = "M"
            continue
        across = _LEFT + (_WIDE - _LEFT - 8) * place / steps
        points.append(f"{pen}{across:.1f} {_level(value / top):.1f}")
        pen = "L"
    return f'<path d="{"".join(points)}" stroke="{safe.text(color)}"/>'


def _level(share: float) -> float:
    return _TOP + (_HIGH - _TOP - _FOOT) * (1 - share)


def _grid(top: float, in_words: Any) -> str:
    return "".join(
        f'<line x1="{_LEFT}" x2="{_WIDE}" y1="{_level(share):.1f}" y2="{_level(share):.1f}"/>'
        f'<text x="{_LEFT - 8}" y="{_level(share) + 5:.1f}" text-anchor="end">{in_words(top * share)}</text>'
        for share in (0.0, 0.5, 1.0)
    )


def _dates(first: str, last: str) -> str:
    return (
        f'<text x="{_LEFT}" y="{_HIGH - 6}">{first}</text>'
        f'<text x="{_WIDE}" y="{_HIGH - 6}" text-anchor="end">{last}</text>'
    )


def _form(view: View) -> str:
    """The filter by a query, which works before the page does."""
    inputs = "".join(
        f'<input type="hidden" name="{safe.text(name)}" value="{safe.text(value)}">'
        for name, value in parse_qsl(replace(view, query="").to_query())
    )
    return (
        f'<form method="get" role="search">{inputs}<label>Only articles that match'
        f'<input name="query" type="search" value="{safe.text(view.query)}"></label></form>'
    )


def _linked(markup: str, view: View) -> str:
    """Markup whose buttons, which nothing hears yet, are links to what they open, or plain."""

    def link(button: re.Match[str]) -> str:
        go, label = _GO.search(button[1]), button[2]
        request: Any = json.loads(html.unescape(go[1])) if go else ["", None]
        if request[0] != "window":
            return f"<span>{label}</span>"
        selection = overview.selection_of(*request[1])
        to = replace(view, tab="articles", selection=selection).to_query()
        attributes = _LABEL.search(button[1])
        return f'<a href="?{safe.text(to)}" {attributes[0] if attributes else ""}>{label}</a>'

    return _BUTTON.sub(link, markup)


@cache
def _style() -> str:
    return "".join((_ASSETS / name).read_text("utf-8") for name in ("markup.css", "preview.css"))


@cache
def _script() -> str:
    return (_ASSETS / "preview.js").read_text("utf-8")
