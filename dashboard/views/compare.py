"""Compare: two periods or two slices side by side, with their differences."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import panel as pn

from dashboard.components import formats, safe
from dashboard.components.charts.chart import Chart
from dashboard.components.chips import side_name
from dashboard.components.markup import Markup, button, dot, table
from dashboard.components.sides import Choice, suggestions
from dashboard.downloads.citation import caption, with_provenance
from dashboard.session.scope import Scope
from dashboard.session.state import State
from dashboard.session.view import Selection
from pressgauge import analysis, figures
from pressgauge.analysis.intervals import is_reportable
from pressgauge.sides import Sides, contrast_of, speakers_by_side

_Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]
_OUTLETS = 20
_WORDS = 10
_SPEAKERS = 15
_MAX_NAMES = 8
_METHOD = (
    "A difference is the second side less the first, with its 95 % interval: of shares by Newcombe (1998, "
    "method 10), of numbers a day by Welch (1947, as if days were independent), of words by log-odds with an "
    "informative prior (Monroe, Colaresi and Quinn 2008). Bold where the interval leaves 0 out; among many "
    "rows some do by chance."
)


class Compare:
    """What is compared; the lines of both sides over each other; volume, outlets, words and speakers."""

    title = "Compare"

    def __init__(self, state: State) -> None:
        self._state = state
        self._choice = Choice(state)
        self._head = Markup(on_go=self._go, margin=(4, 12))
        self._chart = Chart(
            self._on_click,
            lambda: with_provenance(state, _tables(state)[3]),
            filename="pressgauge-compare",
            visible=False,
        )
        self._below = Markup(on_go=self._go, margin=(4, 12, 40, 12))
        self.panel = pn.Column(
            self._choice.panel, self._head, self._chart, self._below, sizing_mode="stretch_width"
        )

    def update(self) -> None:
        state = self._state
        self._choice.update()
        of = state.sides
        self._chart.visible = of is not None
        if of is None:
            self._head.html, self._below.html = _offers(state), ""
            return
        names = _names(state)
        self._head.html = _head(of, names)
        source = caption(state, scope=_scope(state))
        figure_json = figures.contrast.json(
            _tables(state)[3],
            sides=names,
            share=state.view.share,
            scale=state.view.scale,
            base=_scope(state).base,
            dark=state.dark,
            colors=state.colors,
        )
        self._chart.show(figure_json, f"{names[0]} and {names[1]} by days since each began", source)
        parts = (_volume(state, of, names), _outlets(state, names), _words(state, of, names))
        self._below.html = "".join((*parts, _speakers(state, of, names), f'<p class="quiet">{_METHOD}</p>'))

    def _on_click(self, event: dict[str, Any]) -> None:
        of, keys = event.get("customdata"), {series.label: series.key for series in self._state.series}
        if event.get("kind") != "click" or not isinstance(of, dict) or of.get("side") not in (0, 1):
            return
        if of.get("series") in keys:
            days = date.fromisoformat(of["since"]), date.fromisoformat(of["until"])
            self._state.go(tab="articles", selection=Selection(keys[of["series"]], *days, side=of["side"]))

    def _go(self, action: str, value: Any) -> None:
        """Open the articles of a number, whose button carries the selection's fields; or change the sides."""
        state, view = self._state, self._state.view
        if action == "open" and isinstance(value, dict):
            texts = {name: value[name] for name in ("series", "outlet", "word", "speaker") if name in value}
            if value.get("side") in (0, 1) and all(isinstance(text, str) for text in texts.values()):
                lines, steady = value.get("compared") is True, value.get("steady") is True
                selection = Selection(**texts, compared=lines, side=value["side"], steady=steady)
                state.go(tab="articles", selection=selection)
        elif action == "swap":
            state.go(first=view.second, second=view.first)
        elif action == "end":
            state.go(first=None, second=None)
        elif action == "suggested":
            offers = list(suggestions(state).values())
            if isinstance(value, int) and 0 <= value < len(offers):
                state.go(first=offers[value][0], second=offers[value][1])


def _scope(state: State) -> Scope:
    """What both sides are parts of, in words."""
    return state.scope_without(*state.ignored_by_sides)


def _names(state: State) -> tuple[str, str]:
    return side_name(state, 0), side_name(state, 1)


def _tables(state: State) -> _Tables:
    """The tables volume, pace, outlets and lines of the sides in view."""
    of, view = state.sides, state.view
    assert of is not None
    tables: _Tables = state.memo(
        ("contrast", view.first, view.second),
        lambda: contrast_of(
            state.loaded.snapshot.articles, state.membership, of, rows=of.first | of.second, unit=view.unit
        ),
    )
    return tables


def _offers(state: State) -> str:
    """What one can do where nothing is compared yet."""
    items = "".join(
        f"<li>{button(safe.text(name), 'suggested', number)}</li>"
        for number, name in enumerate(suggestions(state))
    )
    return (
        "<p>Choose two sides above, or one, which is then held against everything else. Or draw a box in the "
        f"chart of <b>Volume</b>, or click any number: its articles offer to compare.</p><ul>{items}</ul>"
    )


def _head(of: Sides, names: tuple[str, str]) -> str:
    """What is compared, how much there is on either side, and why it may not compare."""
    first, second = (f"<b>{safe.text(name)}</b>" for name in names)
    swap = button("⇄ Swap", "swap", classes="quiet")
    end = button("✕ End", "end", classes="quiet", title="End the comparison")
    sentences = []
    for side, days in zip((of.first, of.second), of.days, strict=True):
        if not len(days) or not side.any():
            sentences.append("Nothing counted on one of the sides.")
    if of.shared:
        both = formats.quantity(of.shared, "article")
        sentences.append(f"{both} on both sides, counted on each.")
    sentences += _collection(of)
    notes = "".join(f"<p>{safe.text(each)}</p>" for each in dict.fromkeys(sentences))
    row = f'<div class="row">{swap}{end}</div>'
    return f"<h2>{first} against {second}</h2>{row}{notes}"


def _collection(of: Sides) -> list[str]:
    """Which outlets started or stopped between the sides, and what that does to the comparison."""
    steadiness = of.steadiness
    if steadiness is None:
        return []
    sentences = []
    for flag, word in (("starts", "Started"), ("stops", "Stopped"), ("gap", "Paused")):
        outlets = steadiness.moved.loc[steadiness.moved[flag].astype(bool), "outlet"].tolist()
        if outlets:
            more = (
                f" and {formats.count(len(outlets) - _MAX_NAMES)} more" if len(outlets) > _MAX_NAMES else ""
            )
            sentences.append(
                f"{word} being collected in these days: {', '.join(outlets[:_MAX_NAMES])}{more}."
            )
    if steadiness.comparison == "steady":
        sentences.append(
            f"More than a tenth is of outlets that came or went: volume compares the "
            f"{formats.quantity(steadiness.outlets, 'outlet')} collected throughout both."
        )
    elif steadiness.comparison == "changed":
        sentences.append("No outlet was collected throughout both sides: what differs may be the collection.")
    return sentences


def _volume(state: State, of: Sides, names: tuple[str, str]) -> str:
    shares, pace, _, _ = _tables(state)
    steady = of.steady is not None
    daily = pace.set_index("series")
    rows = [_every(state, shares, daily.loc[""], steady=steady)] if len(shares) else []
    for series, (_, row) in zip(state.series, shares.iterrows(), strict=True):
        cells = [_number(row, side, {"series": series.key, "steady": steady}, share=True) for side in (0, 1)]
        label = dot(series.color) + safe.text(series.label)
        enough = all(
            is_reportable(row[f"n_{side}"], row[f"collected_{side}"]) for side in ("first", "second")
        )
        change = _points(row) if enough else '<span class="quiet">too few</span>'
        rows.append((label, *cells, change, *_paces(daily.loc[series.label])))
    head = ("", *map(safe.text, names), "Difference of shares", "A day", "Difference a day")
    what = safe.text(_scope(state).base)
    return (
        f"<h2>Volume</h2>{table(head, rows, numbers=range(1, 6))}"
        f'<p class="quiet">Shares are of {what} on each side, and told where there are enough.</p>'
    )


def _every(state: State, shares: pd.DataFrame, daily: Any, *, steady: bool) -> tuple[str, ...]:
    """The row of all that counts."""
    numbers = [
        _opener(int(shares[f"collected_{name}"].iloc[0]), side, {"steady": steady})
        for side, name in enumerate(("first", "second"))
    ]
    return (f"All {safe.text(_scope(state).base)}", *numbers, "", *_paces(daily))


def _paces(daily: Any) -> tuple[str, str]:
    first, second = (f"{daily[f'daily_{side}']:,.1f}" for side in ("first", "second"))
    change = f"{daily['change']:+,.1f}"
    if not pd.isna(daily["low"]):
        change = _strong(change, daily) + _span(f"{daily['low']:+,.1f}", f"{daily['high']:+,.1f}")
    return f"{first} → {second}", change


def _outlets(state: State, names: tuple[str, str]) -> str:
    """Who published what was found; of sides that are outlets themselves there is nothing to tell."""
    if any(side is not None and side.outlet is not None for side in (state.view.first, state.view.second)):
        return ""
    counts = _tables(state)[2]
    rows = [
        (
            safe.text(row["outlet"]),
            *(_number(row, side, {"outlet": row["outlet"], "compared": True}) for side in (0, 1)),
            _points(row),
            {"starts": "started", "stops": "stopped", "pauses": "paused"}.get(row["collection"], ""),
        )
        for _, row in counts.head(_OUTLETS).iterrows()
    ]
    head = ("Outlet", *map(safe.text, names), "Difference of shares", "Collection")
    more = f"{formats.quantity(len(counts) - _OUTLETS, 'more outlet')}. " if len(counts) > _OUTLETS else ""
    note = f'<p class="quiet">{more}Shares of {state.view.unit} of any compared line on each side.</p>'
    return f"<h2>Outlets</h2>{table(head, rows, numbers=(1, 2, 3))}{note}" if rows else ""


def _words(state: State, of: Sides, names: tuple[str, str]) -> str:
    """The words that tell the sides apart, of the articles of the compared lines."""
    vocabulary, view = state.loaded.words, state.view
    if vocabulary is None or vocabulary.terms is None:
        return "<h2>Words</h2><p class='quiet'>Reading the words of the articles; they appear here soon.</p>"
    words, rows = vocabulary.terms, vocabulary.rows
    lines = np.asarray(state.membership.to_numpy(dtype=bool).any(axis=1))
    # the second side first: as all differences here are, log-odds are those of the second against the first
    contrast = state.memo(
        ("contrast words", view.first, view.second),
        lambda: analysis.distinctive(words, (of.second & lines)[rows], (of.first & lines)[rows]),
    )
    extremes = pd.concat([contrast[contrast["z"] > 0].head(_WORDS), contrast[contrast["z"] < 0].tail(_WORDS)])
    cells = [
        (
            safe.text(row["term"]),
            *(
                _opener(int(row[column]), side, {"word": row["term"], "compared": True})
                for side, column in enumerate(("n_second", "n_first"))
            ),
            _strong(f"{row['log_odds']:+.2f}", row) + _span(f"{row['low']:+.2f}", f"{row['high']:+.2f}"),
        )
        for _, row in extremes.iterrows()
    ]
    head = ("Word", *map(safe.text, names), "Log-odds")
    few = '<p class="quiet">Too few articles to compare their words.</p>'
    return f"<h2>Words</h2>{table(head, cells, numbers=(1, 2, 3)) if cells else few}"


def _speakers(state: State, of: Sides, names: tuple[str, str]) -> str:
    """Who is quoted on either side, in the articles of the compared lines."""
    voices, view = state.loaded.voice_tables, state.view
    if voices is None:
        return "<h2>Speakers</h2><p class='quiet'>Reading who speaks in the articles …</p>"
    lines = np.asarray(state.membership.to_numpy(dtype=bool).any(axis=1))
    counts = state.memo(
        ("contrast speakers", view.first, view.second),
        lambda: speakers_by_side(
            state.loaded.snapshot.articles, voices.quotations, of, keep=lines, unit=view.unit
        ),
    )
    rows = [
        (
            safe.text(row["speaker"]),
            *(_number(row, side, {"speaker": row["speaker"], "compared": True}) for side in (0, 1)),
            _points(row),
        )
        for _, row in counts.head(_SPEAKERS).iterrows()
    ]
    head = ("Speaker", *map(safe.text, names), "Difference of shares of voice")
    nobody = '<p class="quiet">Nobody is quoted by name on either side.</p>'
    return f"<h2>Speakers</h2>{table(head, rows, numbers=(1, 2, 3)) if rows else nobody}"


def _number(row: Any, side: int, opens: dict[str, Any], *, share: bool = False) -> str:
    """A count that opens its articles, with its share where that may be told."""
    name = ("first", "second")[side]
    n, of = int(row[f"n_{name}"]), int(row[f"collected_{name}"])
    enough = bool(is_reportable(n, of)) if share else of > 0
    part = f' <span class="quiet">({formats.percent(row[f"share_{name}"])})</span>' if enough else ""
    return _opener(n, side, opens) + part


def _opener(n: int, side: int, opens: dict[str, Any]) -> str:
    return button(formats.count(n), "open", {**opens, "side": side}) if n else "0"


def _points(row: Any) -> str:
    """A difference of shares in percentage points with its interval."""
    if pd.isna(row["change"]):
        return "n/a"
    change = f"{100 * row['change']:+.1f} points"
    return _strong(change, row) + _span(f"{100 * row['low']:+.1f}", f"{100 * row['high']:+.1f}")


def _strong(text: str, of: Any) -> str:
    return text if of["low"] <= 0 <= of["high"] else f"<b>{text}</b>"


def _span(low: str, high: str) -> str:
    return f' <span class="quiet">({low} to {high})</span>'
