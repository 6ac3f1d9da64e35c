"""The charts that other people's pages show: made one at a time, with rests, and kept for whoever is next."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter, OrderedDict
from dataclasses import dataclass

from dashboard.components.charts.chart import Chart
from dashboard.server.attempts import network_of
from dashboard.session.state import Services, State
from dashboard.session.store import LoadedVersion, Store
from dashboard.session.view import View
from dashboard.views.registry import IN_A_NOTEBOOK, VIEWS
from pressgauge.errors import PressgaugeError

FRESH_S = 300
"""Seconds that a chart may be shown again as it was."""
_MOST_KEPT = 200
"""Of some tens of kilobytes each."""
MOST_WAITING = 60
MOST_WAITING_BY_ADDRESS = 20
"""A page with so many charts of ours asks for them at once."""


class NotYetError(PressgaugeError):
    """What a chart is made of is still being read, or too many charts are waited for."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as it can be shown anywhere: the JSON of its figure, what a screen reader says, what stands
    below it, and the name of its file."""

    figure: str
    description: str
    caption: str
    name: str


class Drawings:
    """The charts of a store's views, made on the event loop: whoever looks at pages has half of it at least,
    however many charts are asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._of: LoadedVersion | None = None
        self._kept: OrderedDict[tuple[str, str], tuple[float, Drawing | None]] = OrderedDict()
        self._making = asyncio.Lock()
        self._waiting: Counter[str] = Counter()
        self._rests_until = 0.0

    async def get(self, query: str, name: str, address: str) -> Drawing | None:
        """The chart of that name (its file's) of the view that a page's query string says, the first without
        a name; None if the view has none. Raises NotYetError when it is to be had in a moment."""
        view, network = View.from_query(query), network_of(address)
        key = view.to_query(), name
        if not self._has(key):
            if self._waiting.total() >= MOST_WAITING or self._waiting[network] >= MOST_WAITING_BY_ADDRESS:
                raise NotYetError("many charts are being made")
            self._waiting[network] += 1
            try:
                async with self._making:
                    if not self._has(key):
                        await asyncio.sleep(self._rests_until - time.monotonic())
                        return self._make(view, key)
            finally:
                self._waiting -= Counter((network,))  # forgets an address that waits for none
        return self._kept[key][1]

    def _has(self, key: tuple[str, str]) -> bool:
        if self._store.current is not self._of:
            self._kept.clear()
            self._of = self._store.current
        return key in self._kept and time.monotonic() - self._kept[key][0] < FRESH_S

    def _make(self, view: View, key: tuple[str, str]) -> Drawing | None:
        begun = time.monotonic()
        try:
            loaded = self._store.current
            drawing = _draw(self._store, view, key[1])
            if loaded is self._of and not _is_reading(loaded):  # else it may soon be another
                self._kept[key] = begun, drawing
                self._kept.move_to_end(key)
                while len(self._kept) > _MOST_KEPT:
                    self._kept.popitem(last=False)
        finally:
            self._rests_until = 2 * time.monotonic() - begun
        return drawing


def _draw(store: Store, view: View, name: str) -> Drawing | None:
    state = State(loaded=store.current, view=view, services=Services(store, None, read_only=True))
    if view.tab in VIEWS and view.tab not in IN_A_NOTEBOOK:
        return None  # it is about the server
    panel_view = VIEWS.get(view.tab, next(iter(VIEWS.values())))(state)
    panel_view.update()
    charts = [each for each in panel_view.panel.select(Chart) if not name or each.filename == name]
    with_data = [each for each in charts if each.visible and json.loads(each.figure).get("data")]
    if not with_data and charts and _is_reading(state.loaded):
        raise NotYetError("this chart is being made")
    if not with_data:
        return None
    chart = with_data[0]
    return Drawing(chart.figure, chart.description, chart.caption, chart.filename)


def _is_reading(loaded: LoadedVersion) -> bool:
    """Whether something that a chart may show is still being made."""
    return loaded.vocabulary.reading or loaded.voices.reading
