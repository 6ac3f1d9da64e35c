"""Outlets: who publishes how much about each side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import panel as pn
import panel_material_ui as pmui

from dashboard.components import formats, markup, safe
from dashboard.components.charts.chart import Chart
from dashboard.components.markup import Markup, button, dot
from dashboard.downloads.citation import caption, rule, with_provenance
from dashboard.session.scope import Scope
from dashboard.session.state import State
from dashboard.session.view import GROUPS, SINGULAR, Group, Selection
from pressgauge import analysis, figures
from pressgauge.analysis.intervals import LEAST, is_reportable
from pressgauge.errors import PressgaugeError
from pressgauge.settings.outlets import Outlet, similar_outlets

_ROWS = 60
_OFFERS = 8


_FILTER = {"outlet": "outlets", "country": "countries", "language": "languages"}
_NAMES: dict[Group, Callable[[str], str]] = {
    "outlet": str,
    "country": formats.country,
    "language": formats.language,
}


def ignored_filters(state: State, by: Group = "outlet") -> tuple[str, ...]:
    """The filter that is ignored here: that of a single outlet, or a click would leave one bar."""
    return () if len(getattr(state.view, _FILTER[by])) > 1 else (_FILTER[by],)


def scope(state: State, by: Group = "outlet") -> Scope:
    """What is counted here, in words."""
    return state.scope_without(*ignored_filters(state, by))


def base(state: State, by: Group = "outlet") -> str:
    """The same in short."""
    return scope(state, by).base


def table(state: State, by: Group = "outlet") -> pd.DataFrame:
    """The outlets measure on this session's view, or the same by country or language."""
    return state.memo(f"by {by}", lambda: state.tally(*ignored_filters(state, by)).outlets(by))


def figure(state: State, by: Group = "outlet") -> str:
    return figures.outlets.json(
        table(state, by),
        share=state.view.share,
        base=base(state, by),
        label=_NAMES[by],
        dark=state.dark,
        colors=state.colors,
    )


def lean_table(state: State) -> pd.DataFrame:
    """Which of the first two compared lines each outlet writes more about; without two lines it is empty."""
    if len(state.series) < 2:
        return pd.DataFrame()
    first, second = (side.label for side in state.series[:2])
    return state.memo("lean", lambda: state.tally(*ignored_filters(state)).lean((first, second)))


def lean_figure(state: State, limit: int = 40) -> str:
    first, second = state.series[:2]
    return figures.lean.json(
        lean_table(state),
        sides=(first.label, second.label),
        base=base(state),
        dark=state.dark,
        colors=(first.color, second.color),
        limit=limit,
    )


def _leans(state: State) -> dict[str, str]:
    """The side that each outlet leans to, where its 95 % interval is clear of the average."""
    leans = lean_table(state)
    if leans.empty:
        return {}
    clear = {0: leans[leans["low"] > 0], 1: leans[leans["high"] < 0]}
    return {
        outlet: dot(state.series[side].color) + safe.text(state.series[side].label)
        for side, rows in clear.items()
        for outlet in rows["outlet"]
    }


class OutletsChart:
    """The outlets, countries or languages with most coverage of the compared series; a click opens the
    articles behind the bar."""

    def __init__(self, state: State, *, choosable: bool = False) -> None:
        self._state, self._choosable = state, choosable
        self.chart = Chart(
            self._on_click,
            lambda: with_provenance(state, table(state, self.by), scope=scope(state, self.by)),
            filename="pressgauge-outlets",
        )

    @property
    def by(self) -> Group:
        return self._state.view.by if self._choosable else "outlet"

    def update(self) -> None:
        state, by = self._state, self.by
        figure_json = state.memo(f"by {by} drawn", lambda: figure(state, by))
        self.chart.show(figure_json, f"Coverage by {by}", caption(state, scope=scope(state, by)))

    def _on_click(self, event: dict[str, Any]) -> None:
        keys = {series.label: series.key for series in self._state.series}
        of, by = event.get("customdata"), self.by
        if event.get("kind") == "click" and isinstance(of, dict) and of.get("series") in keys and by in of:
            self._state.go(tab="articles", selection=Selection(keys[of["series"]], **{by: of[by]}))


class LeanChart:
    """Which side each outlet writes more about; a click opens its articles on either."""

    def __init__(self, state: State, limit: int = 40) -> None:
        self._state, self._limit = state, limit
        self.chart = Chart(
            self._on_click,
            lambda: with_provenance(state, lean_table(state), scope=scope(state)),
            filename="pressgauge-lean",
        )

    def update(self) -> None:
        self.chart.visible = len(self._state.series) > 1
        if self.chart.visible:
            figure_json = self._state.memo(
                f"{self._limit} leans", lambda: lean_figure(self._state, self._limit)
            )
            self.chart.show(
                figure_json, "Lean of each outlet", caption(self._state, scope=scope(self._state))
            )

    def _on_click(self, event: dict[str, Any]) -> None:
        of = event.get("customdata")
        if event.get("kind") == "click" and isinstance(of, dict) and isinstance(of.get("outlet"), str):
            self._state.go(tab="articles", selection=Selection(outlet=of["outlet"], compared=True))


class SimilarOutlets:
    """What looks like one outlet under several names, each with a button that makes it one."""

    def __init__(self, state: State) -> None:
        self._state, self._message = state, ""
        self.panel = Markup(on_go=self._go)

    def update(self) -> None:
        similar = self._similar()
        self.panel.html = self._message + (self._offer(similar) if len(similar) else "")
        self._message = ""

    def _similar(self) -> pd.DataFrame:
        loaded, services = self._state.loaded, self._state.services
        if services is None or services.read_only or loaded.synthetic:
            return pd.DataFrame()
        memory = loaded.of_lines("similar outlets")
        if "similar" not in memory:
            memory["similar"] = similar_outlets(loaded.snapshot.articles[["outlet", "domain"]])
        return memory["similar"]

    @staticmethod
    def _offer(similar: pd.DataFrame) -> str:
        rows = []
        for each in similar.head(_OFFERS).to_dict("records"):
            names, name = ", ".join(map(safe.text, each["outlets"])), each["name"]
            of = formats.quantity(int(each["articles"]), "article")
            accept = button("Make them one outlet", "one", name, title=f"Make one outlet of them: {name}")
            rows.append(f'<li>{names} <span class="quiet">{of}</span> {accept}</li>')
        more = len(similar) - _OFFERS
        rest = f'<p class="quiet">{formats.count(more)} more after these.</p>' if more > 0 else ""
        return (
            "<h3>These look like one outlet</h3>"
            '<p class="quiet">Accepting writes outlets.toml, which can be edited by hand, and shows all '
            f"history under one name; nothing stored is changed.</p><ul>{''.join(rows)}</ul>{rest}"
        )

    def _go(self, action: str, value: Any) -> None:
        similar = self._similar()
        services = self._state.services
        if action != "one" or services is None or similar.empty or value not in set(similar["name"]):
            return
        row: Any = similar[similar["name"] == value].iloc[0]
        aliases = tuple(name for name in row["outlets"] if name != row["name"])
        self.panel.html = f'<p role="status">Putting all history under the name {safe.text(value)} …</p>'
        pn.state.execute(partial(self._save, Outlet(row["name"], row["domains"], aliases)))

    async def _save(self, outlet: Outlet) -> None:
        """Save an outlet in a thread, for all articles are read again, and show them under its name."""
        store = self._state.store
        try:
            await asyncio.to_thread(store.save_outlet, outlet)
        except (PressgaugeError, OSError) as error:
            self._message = f'<p role="alert">The outlet was not saved: {safe.text(error)}</p>'
            self.update()
            return
        self._message = f'<p role="status">{safe.text(outlet.name)} is one outlet now, in all history.</p>'
        self._state.loaded = store.current


class Outlets:
    """Counts and lean of the outlets above the numbers of every one."""

    title = "Outlets"

    def __init__(self, state: State) -> None:
        self._state = state
        self._outlets, self._lean = OutletsChart(state, choosable=True), LeanChart(state)
        self._by = pmui.RadioButtonGroup(
            label="By", options={label: by for by, label in GROUPS.items()}, size="small", margin=(0, 12)
        )
        self._by.param.watch(lambda event: state.go(by=event.new), "value")
        self._similar = SimilarOutlets(state)
        self._concentration_note, self._numbers = Markup(on_go=self._go), Markup(on_go=self._go)
        self.panel = pn.Column(
            self._by,
            self._outlets.chart,
            self._concentration_note,
            self._lean.chart,
            self._numbers,
            self._similar.panel,
            sizing_mode="stretch_width",
            margin=(12, 12),
        )

    def update(self) -> None:
        state, by = self._state, self._state.view.by
        self._by.value = by
        self._outlets.update()
        if by == "outlet":
            self._lean.update()
        else:
            self._lean.chart.visible = False
        self._similar.update()
        counts = table(state, by)
        if counts.empty:
            self._concentration_note.html = ""
            nothing = "No article is left under these filters. Remove a filter above, or undo."
            self._numbers.html = f"<p>{nothing}</p>"
            return
        note = f'<p class="quiet">{rule(state)}</p>'
        self._concentration_note.html = note + (self._concentration() if by == "outlet" else "")
        wide: Any = counts.pivot(index=by, columns="series", values=["n", "share", "collected"])
        order = wide["n"].sum(axis=1).sort_values(ascending=False, kind="stable").index
        names = (dot(series.color) + safe.text(series.label) for series in state.series)
        leans = _leans(state) if by == "outlet" else {}
        head = [GROUPS[by], *names, "All", *(["More than the others here about"] if leans else [])]
        rows = [self._row(wide.loc[group], group, leans) for group in order[:_ROWS]]
        self._numbers.html = markup.table(head, rows, numbers=range(1, len(state.series) + 2))
        self._numbers.html += f'<p class="quiet">{safe.text(self._caption(len(order), bool(leans)))}</p>'

    def _caption(self, groups: int, leaning: bool) -> str:
        """What the table counts, of what, and what it leaves out."""
        state, by = self._state, self._state.view.by
        sentences = [
            f"Counted: {base(state, by)}, {state.scope.days}. Shares are of what the {by} has of them, and "
            f"not told of fewer than {LEAST} or where chance alone moves them by 30 points."
        ]
        if leaning:
            first, second = (series.label for series in state.series[:2])
            sentences.append(
                f"The last column compares {first} with {second} in each outlet beside all outlets here: it "
                "changes with the filters, and an outlet can have more of one and still lean to the other."
            )
        rows = state.keep(*ignored_filters(state, by)) & state.membership.to_numpy(dtype=bool).any(axis=1)
        n_unknown = int((rows & (state.loaded.snapshot.articles[by].cat.codes.to_numpy() < 0)).sum())
        if n_unknown:
            sentences.append(
                f"{formats.quantity(n_unknown, 'article')} of the compared lines without a known {by}."
            )
        if groups > _ROWS:
            sentences.append(f"{formats.count(groups - _ROWS)} more with less.")
        return " ".join(sentences)

    def _concentration(self) -> str:
        """How far the coverage of each line is in few hands (Herfindahl-Hirschman index)."""
        if len(self._state.view.outlets) == 1:
            return ""
        concentration = analysis.concentration(table(self._state)).set_index("series")
        unit = SINGULAR[self._state.view.unit]
        lines = []
        for series in self._state.series:
            if series.label not in concentration.index:
                continue
            of: Any = concentration.loc[series.label]
            n = len(self._state.rows(Selection(series.key)))
            if not n:
                continue
            open_button = button(f"{dot(series.color)}{safe.text(series.label)}", "all", series.key)
            writers = formats.quantity(int(of["outlets"]), "outlet")
            lines.append(
                f"<p>{open_button}: {formats.quantity(n, unit)} of {writers}, "
                f"as concentrated as if {of['effective']:.1f} of them wrote equally much "
                f'<span class="quiet">(Herfindahl-Hirschman index {of["hhi"]:.3f}, '
                "which is 1 for a single outlet)</span></p>"
            )
        return "".join(lines)

    def _row(self, numbers: Any, group: Any, leans: dict[str, str]) -> list[str]:
        name = _NAMES[self._state.view.by](group)
        cells = [button(safe.text(name), "only", group, title=f"Show only {name}")]
        base = int(numbers["collected"].iloc[0])
        for series in self._state.series:
            n = int(numbers["n", series.label])
            label = formats.count(n)
            if is_reportable(n, base):
                label += f' <span class="quiet">{formats.percent(numbers["share", series.label])}</span>'
            cells.append(button(label, "open", [series.key, group]))
        cells.append(button(formats.count(base), "open", [None, group]))
        return [*cells, leans.get(group, '<span class="quiet">neither clearly</span>')] if leans else cells

    def _go(self, action: str, value: Any) -> None:
        by = self._state.view.by
        if action == "open":
            self._state.go(tab="articles", selection=Selection(series=value[0], **{by: value[1]}))
        elif action == "all":
            self._state.go(tab="articles", selection=Selection(series=value))
        elif action == "only":
            self._state.go(**{_FILTER[by]: (value,)}, tab="volume")
