"""Volume: how much is published on each side over time."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from dataclasses import fields, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import panel as pn
import panel_material_ui as pmui

from dashboard.components import formats, markup, safe
from dashboard.components.bells import Bells, of_lines
from dashboard.components.charts.chart import Chart
from dashboard.components.markup import Markup
from dashboard.downloads.citation import caption, relation, rule, with_provenance
from dashboard.session.judged import accuracies
from dashboard.session.state import State
from dashboard.session.view import GROUPS, Panels, Selection, with_value
from pressgauge import analysis, figures
from pressgauge.analysis.volume import changes_of_collection as changes
from pressgauge.figures.marks import times
from pressgauge.figures.panels import MANY
from pressgauge.filters import Filters, doubtful_rows
from pressgauge.settings.events import concerning
from pressgauge.validation.estimates import with_corrected

_BURSTS = 20
_CAUSES = 3
EVERY_FILTER = tuple(each.name for each in fields(Filters))
_NAMES = {"country": formats.country, "language": formats.language}
_PANELS = {
    "One chart": "one",
    "By line": "series",
    "By outlet": "outlet",
    "By country": "country",
    "By language": "language",
}
_SCALES = {"One scale": "same", "Each its own": "own"}
_AFTER_EVENT = timedelta(days=6)


def table(state: State) -> pd.DataFrame:
    """The volume measure on this session's view."""
    return state.memo("volume", lambda: state.tally().volume(state.view.freq))


def corrected_table(state: State) -> pd.DataFrame:
    """The volume, with corrected counts of the lines that were judged where the view asks for them."""
    return with_corrected(table(state), accuracies(state)) if corrects(state) else table(state)


def corrects(state: State) -> bool:
    """Whether the view shows corrected counts. Only counts of articles can be corrected: the judged sample is
    one of articles, and says nothing of stories or of shares."""
    return state.view.corrected and state.view.unit == "articles" and not state.view.share


def correction(state: State) -> str:
    """What the dashed lines are, in words; empty where none is asked for."""
    if not state.view.corrected:
        return ""
    if not corrects(state):
        return "Only numbers of articles are corrected, no shares and no stories."
    estimates = accuracies(state)
    lines = "; ".join(f"{label}: {of}" for label, of in estimates.items())
    missing = [series.label for series in state.series if series.label not in estimates]
    lacking = f" Not judged yet (see Check): {', '.join(missing)}." if missing else ""
    method = (
        "Dashed: corrected for the query's error, as if it erred alike in all periods "
        "(Rogan and Gladen 1978). "
    )
    return f"{method if estimates else ''}{lines}{'.' if lines else ''}{lacking}"


def bursts(state: State) -> pd.DataFrame:
    """The bursts of the compared series in all coverage, the strongest first: a filter narrows what is shown
    of a burst, and changes neither its days nor its strength."""
    articles, unit = state.loaded.snapshot.articles, state.view.unit
    return state.of_coverage(
        "bursts",
        lambda: analysis.bursts(articles, state.membership, unit=unit, keep=state.keep(*EVERY_FILTER)),
    )


def bursts_in_view(state: State) -> pd.DataFrame:
    """Those of which the filters show any article, with `here`, how many; rows keep their numbers."""

    def make() -> pd.DataFrame:
        table, tally = bursts(state), state.tally()
        clicks = state.of_coverage(
            "clicks on bursts", lambda: [selection_of(state, burst) for _, burst in table.iterrows()]
        )
        days = state.loaded.snapshot.bitmaps.days
        opened = (state.set_of(of.series or "") & days(of.since, of.until) for of in clicks)
        here = np.array([tally.total(rows) for rows in opened], dtype=np.int64)
        return table[here > 0].assign(here=here[here > 0])

    return state.memo("bursts in view", make)


def changes_of_collection(state: State) -> pd.DataFrame:
    """The outlets in view that start, pause or stop being collected: no rise and no dip of the press. Whether
    they do is asked of all that was collected."""
    every = state.of_coverage("changes", lambda: changes(analysis.presence(state.loaded.snapshot.articles)))
    return every if every.empty else changes(every, state.tally().there("outlet"))


def figure(state: State) -> str:
    """The volume of the compared series with its bursts and the events that concern them."""
    of = corrected_table(state) if corrects(state) else state.tally().volume_columns(state.view.freq)
    return figures.volume.json(
        of,
        share=state.view.share,
        events=state.of_coverage("events", lambda: _events(state)),
        base=state.scope.base,
        burst_base=state.scope.whole,
        bursts=bursts_in_view(state),
        presence=changes_of_collection(state),
        dark=state.dark,
        colors=state.colors,
    )


def _events(state: State) -> pd.DataFrame:
    """The events that concern the compared series."""
    return concerning(state.loaded.events, [series.key for series in state.series])


def panels_of(state: State) -> Panels:
    """What a panel of the chart is of; "one" where there is one chart."""
    if state.view.panels == "auto":
        return "series" if len(state.series) > MANY else "one"
    return state.view.panels


def panel_table(state: State, by: Panels) -> pd.DataFrame:
    """The volume in panels: of each line, or in each of the largest outlets, countries or languages."""
    if by == "one" or by == "series":
        return corrected_table(state)
    view, articles = state.view, state.loaded.snapshot.articles
    table: pd.DataFrame = state.memo(
        ("volume by", by),
        lambda: analysis.volume_by(
            articles, state.membership, by=by, freq=view.freq, unit=view.unit, keep=state.keep()
        ),
    )
    return table


def panel_figure(state: State, by: Panels) -> str:
    """The volume of the compared series, a panel each or in each outlet, country or language."""
    return figures.multiples.json(
        panel_table(state, by),
        by=by,
        scale=state.view.scale,
        share=state.view.share,
        base=state.scope.base,
        label=_NAMES.get(by, str),
        dark=state.dark,
        colors=state.colors,
    )


class VolumeChart:
    """The volume of the compared series; a click opens the articles behind the point, burst, event or box.
    With `panels` it is drawn in panels where the view asks for them."""

    def __init__(self, state: State, *, panels: bool = False) -> None:
        self._state, self._panels = state, panels
        self.chart = Chart(
            self._on_click,
            lambda: with_provenance(state, panel_table(state, self._by)),
            filename="pressgauge-volume",
            boxes=True,
        )

    def update(self) -> None:
        state = self._state
        names = " and ".join(series.label for series in state.series)
        what = f"Share of {state.scope.base}" if state.view.share else f"Number of {state.view.unit}"
        by = self._by
        make = (lambda: figure(state)) if by == "one" else (lambda: panel_figure(state, by))
        # a correction changes with each code, the rest with the view only
        figure_json = make() if corrects(state) else state.memo(("volume drawn", by), make)
        self.chart.show(figure_json, f"{what} {relation(state)} {names} over time", caption(state))

    @property
    def _by(self) -> Panels:
        return panels_of(self._state) if self._panels else "one"

    def _on_click(self, event: dict[str, Any]) -> None:
        """Open the articles of what was clicked or boxed, whose series and days the figure tells."""
        state = self._state
        keys = {series.label: series.key for series in state.series}
        of, name = event.get("customdata"), str(event.get("name"))
        if event.get("kind") == "click" and isinstance(of, dict) and of.get("series") in keys:
            since, until = date.fromisoformat(of["since"]), date.fromisoformat(of["until"])
            selection = Selection(keys[of["series"]], since, until)
            for panel in GROUPS:
                if isinstance(of.get(panel), str):
                    selection = with_value(selection, panel, of[panel])
            state.go(tab="articles", selection=selection)
        elif event.get("kind") == "click" and isinstance(of, dict) and isinstance(of.get("event"), int):
            open_event(state, of["event"])
        elif event.get("kind") == "box" and (boxed := _boxed(table(state), event.get("x"))) is not None:
            state.go(tab="articles", selection=Selection(since=boxed[0], until=boxed[1], compared=True))
        elif event.get("kind") == "annotation" and name.startswith("burst:"):
            open_burst(state, int(name.removeprefix("burst:")))
        elif event.get("kind") == "annotation" and name.startswith("event:"):
            open_event(state, int(name.removeprefix("event:")))
        elif event.get("kind") == "annotation" and name.startswith("outlet:"):
            outlet = name.removeprefix("outlet:")
            state.go(tab="articles", selection=Selection(outlet=outlet, compared=True))


def _boxed(table: pd.DataFrame, sides: Any) -> tuple[date, date] | None:
    """The first and last day of the periods whose points lie between two places of the time axis."""
    try:
        left, right = sorted(pd.Timestamp(side) for side in sides)
    except (TypeError, ValueError):
        return None
    start = table["period"].dt.tz_localize(None)
    inside = table[(start >= left) & (start <= right)]
    return (inside["period"].min().date(), inside["until"].max().date()) if len(inside) else None


def open_event(state: State, number: int) -> None:
    """Open the articles of the days after the event of that label in the events' index."""
    day = state.loaded.events["date"].loc[number].date()
    state.go(tab="articles", selection=Selection(since=day, until=day + _AFTER_EVENT, compared=True))


def selection_of(state: State, burst: pd.Series) -> Selection:
    """What a click on a burst opens."""
    key = next(series.key for series in state.series if series.label == burst["series"])
    return Selection(key, burst["start"].date(), burst["end"].date())


def open_burst(state: State, number: int) -> None:
    """Open the articles behind the burst of that row, the first of them first."""
    burst: Any = bursts(state).loc[number]
    state.go(tab="articles", selection=selection_of(state, burst), order="oldest")


def why(state: State, burst: pd.Series) -> analysis.Explanation:
    """The reported and the known events, terms and outlets that explain a burst best; no terms while words
    are being read."""
    key = selection_of(state, burst).series or ""
    keep, articles = state.keep(*EVERY_FILTER), state.loaded.snapshot.articles
    line_burst = {**burst, "series": key}
    explanation = analysis.explain(
        line_burst, articles, state.member(key), events=state.loaded.events, keep=keep, limit=_CAUSES
    )
    vocabulary = state.loaded.words
    if vocabulary is None or vocabulary.terms is None:
        return explanation
    some, member = articles.iloc[vocabulary.rows], state.member(key)[vocabulary.rows]
    of_words = analysis.explain(
        line_burst, some, member, terms=vocabulary.terms, keep=keep[vocabulary.rows], limit=_CAUSES
    )
    return replace(explanation, terms=of_words.terms)


class Volume:
    """The volume chart, and each burst with what explains it."""

    title = "Volume"

    def __init__(self, state: State) -> None:
        self._volume = VolumeChart(state, panels=True)
        self._drawn_in = pmui.RadioButtonGroup(label="Drawn in", options=_PANELS, size="small", margin=(4, 6))
        self._scale = pmui.RadioButtonGroup(label="Scale", options=_SCALES, size="small", margin=(4, 6))
        self._drawn_in.param.watch(lambda event: self._draw_in(event.new), "value")
        self._scale.param.watch(lambda event: state.go(scale=event.new), "value")
        self._note = Markup(on_go=partial(open_undated, state))
        self._bells = Bells(state, lambda: of_lines(state))
        self._bursts = Markup(on_go=self._go)
        self._state = state
        self.panel = pn.Column(
            self._volume.chart,
            pn.FlexBox(self._drawn_in, self._scale, css_classes=["controls"]),
            self._note,
            self._bells.panel,
            self._bursts,
            sizing_mode="stretch_width",
            margin=(12, 12),
        )

    def _draw_in(self, panels: str) -> None:
        if panels != panels_of(self._state):
            self._state.go(panels=panels)

    def update(self) -> None:
        panels = panels_of(self._state)
        self._drawn_in.value, self._scale.value = panels, self._state.view.scale
        self._scale.visible = panels != "one"
        self._volume.update()
        self._bells.update()
        self._note.html = (
            f'<p class="quiet">{undated(self._state)} {rule(self._state)} '
            f"{safe.text(correction(self._state))} Click a point or a burst, or draw a box, to read what is "
            "behind it, or to compare these days with others.</p>"
        )
        in_view = bursts_in_view(self._state)
        at_once = pn.state.curdoc is None  # a notebook's cell misses what changes before it is on screen
        self._bursts.html = _burst_table(self._state, in_view, explained=at_once)
        if len(in_view) and not at_once:
            pn.state.onload(self._explain)

    async def _explain(self) -> None:
        """Say what explains the bursts, in a thread: the chart does not wait for it."""
        state, in_view = self._state, bursts_in_view(self._state)
        # In a state of its own: the visitor may change the view meanwhile; all visitors share what is made.
        as_it_is = State(loaded=state.loaded, view=state.view, prefers_dark=state.prefers_dark)
        explained = await asyncio.to_thread(_burst_table, as_it_is, in_view, explained=True)
        if in_view is bursts_in_view(state):
            self._bursts.html = explained

    def _go(self, action: str, value: Any) -> None:
        if action == "burst" and isinstance(value, int) and value in bursts(self._state).index:
            open_burst(self._state, value)


def _burst_table(state: State, in_view: pd.DataFrame, *, explained: bool) -> str:
    if in_view.empty:
        return ""
    rows = [_burst_row(state, n, burst, explained=explained) for n, burst in in_view.head(_BURSTS).iterrows()]
    n_hidden, more = len(bursts(state)) - len(in_view), len(in_view) - len(rows)
    notes = [
        f"Measured on {state.scope.whole} of all dates, whatever the filters; the number of "
        f"{state.view.unit} is that under the filters."
    ]
    if n_hidden:
        notes.append(f"{formats.quantity(n_hidden, 'burst')} with nothing in this view not listed.")
    if more:
        notes.append(f"{formats.quantity(more, 'weaker burst')} not listed.")
    head = ("Burst", "Usual share", "Terms", "Largest event", "Outlets above their usual", "Known event")
    return (
        f"<h2>Bursts, the strongest first</h2>{markup.table(head, rows)}"
        f'<p class="quiet">{safe.text(" ".join(notes))}</p>'
    )


def _burst_row(state: State, number: Hashable, burst: pd.Series, *, explained: bool) -> tuple[str, ...]:
    series = next(each for each in state.series if each.label == burst["series"])
    days = formats.span(burst["start"].date(), burst["end"].date())
    n = formats.quantity(int(burst["here"]), state.scope.noun)
    label = f"{markup.dot(series.color)}{safe.text(series.label)}, {days}: {n}"
    usual, times_usual = formats.percent(burst["usual"]), times(burst["n"], burst["ratio"])
    share = f'{times_usual} <span class="quiet">{formats.percent(burst["share"])}, usually {usual}</span>'
    open_button = markup.button(label, "burst", number)
    if not explained:
        return open_button, share, *("…" for _ in range(4))
    explanation = why(state, burst)
    largest = explanation.reported["title"].dropna().head(1).sum() if len(explanation.reported) else ""
    event = explanation.events["label"].iloc[0] if len(explanation.events) else ""
    terms = ", ".join(explanation.terms["term"]) if len(explanation.terms) else ""
    above = ", ".join(explanation.outlets.loc[explanation.outlets["excess"] > 0, "outlet"])
    return open_button, share, *map(safe.text, (terms, largest, above, event))


def undated(state: State, *, linked: bool = True) -> str:
    """How many articles a time axis cannot show, and how many may stand on the wrong day of it; when `linked`
    and there are any, as buttons that send 'undated' and 'doubtful'."""
    index = state.loaded.snapshot.bitmaps
    nowhere = _open_button(
        state.articles(state.keep_rows("since", "until") & index.undated), "undated", linked
    )
    doubted = state.articles(state.keep_rows() & doubtful_rows(index))
    doubt = f" {_open_button(doubted, 'doubtful', linked)} with a doubtful date on it." if doubted else ""
    return f"{nowhere} without a known date not on the time axis.{doubt}"


def _open_button(n: int, action: str, linked: bool) -> str:
    number = formats.quantity(n, "article")
    return markup.button(number, action) if linked and n else number


def open_undated(state: State, action: str, _: Any) -> None:
    """Open the articles that a time axis cannot show, or those that may stand on the wrong day."""
    if action in ("undated", "doubtful"):
        state.go(
            tab="articles", selection=Selection(undated=action == "undated", doubtful=action == "doubtful")
        )
