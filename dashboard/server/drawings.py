"""The charts that other people's pages show: made one at a time, with rests, and kept for whoever is next."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from dataclasses import dataclass

from dashboard.components.charts.chart import Chart
from dashboard.server.attempts import network_of
from dashboard.server.connections import Turns
from dashboard.session.state import Services, State
from dashboard.session.store import LoadedVersion, Store
from dashboard.session.view import View
from pressgauge.errors import PressgaugeError

FRESH_S = 300
"""Seconds that a chart may be shown again as it was."""
_MOST_KEPT = 200
"""Of some tens of kilobytes each."""
MOST_WAITING = 60
MOST_WAITING_BY_ADDRESS = 20
"""Charts, however many wait for each: a page with so many of ours asks for them at once."""
PAUSE_SHARE = 1.0
"""Of the time that a chart took: so long the next one waits."""


class NotYetError(PressgaugeError):
    """What a chart is made of is still being read, or too many charts are waited for."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as it can be shown anywhere: the JSON of its figure, what a screen reader says, what stands
    below it, the name of its file, and until when (by the event loop's clock) it may be shown again."""

    figure: str
    description: str
    caption: str
    name: str
    until: float

    @property
    def fresh_s(self) -> int:
        """For how many seconds more it may be shown."""
        return max(0, int(self.until - asyncio.get_running_loop().time()))


@dataclass(slots=True)
class _Awaited:
    """A chart that is to be made: the network that asked for it first, and how many wait for it."""

    making: asyncio.Task[Drawing | None]
    network: str
    by: int = 0


class Drawings:
    """The charts of a store's views, made on the event loop: whoever looks at pages has half of it at least,
    however many charts are asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._of: LoadedVersion | None = None
        self._kept: OrderedDict[tuple[str, str], tuple[float, Drawing | None]] = OrderedDict()
        self._awaited: dict[tuple[str, str], _Awaited] = {}
        self._turns = Turns(PAUSE_SHARE)

    async def get(self, query: str, name: str, address: str) -> Drawing | None:
        """The chart of that name (its file's) of the view that a page's query string says, the first without
        a name; None if the view has none. It is made once for all who wait for it, and not at all once
        their waiting was cancelled. Raises NotYetError when it is to be had in a moment."""
        view = View.from_query(query)
        key = view.to_query(), name
        if self._has(key):
            return self._kept[key][1]
        if key not in self._awaited:
            networks = [awaited.network for awaited in self._awaited.values()]
            network = network_of(address)
            if len(networks) >= MOST_WAITING or networks.count(network) >= MOST_WAITING_BY_ADDRESS:
                raise NotYetError("many charts are being made")
            self._awaited[key] = _Awaited(asyncio.create_task(self._in_turn(view, key, address)), network)
        awaited = self._awaited[key]
        awaited.by += 1
        try:
            return await asyncio.shield(awaited.making)
        finally:
            awaited.by -= 1
            if not awaited.by:
                del self._awaited[key]
                awaited.making.cancel()  # who waited has left, unless it is made

    def _has(self, key: tuple[str, str]) -> bool:
        if self._store.current is not self._of:
            self._kept.clear()
            self._of = self._store.current
        return key in self._kept and asyncio.get_running_loop().time() < self._kept[key][0]

    async def _in_turn(self, view: View, key: tuple[str, str], address: str) -> Drawing | None:
        async with self._turns.turn(address):
            return self._make(view, key)

    def _make(self, view: View, key: tuple[str, str]) -> Drawing | None:
        now, loaded = asyncio.get_running_loop().time(), self._store.current
        services = Services(self._store, None, read_only=True)
        chart = _draw(State(loaded=loaded, view=view, services=services), key[1])
        until = now if _is_reading(loaded) else now + FRESH_S  # it may soon be another
        drawing = None
        if chart is not None:
            drawing = Drawing(chart.figure, chart.description, chart.caption, chart.filename, until)
        if loaded is self._of and until > now:
            self._kept[key] = until, drawing
            self._kept.move_to_end(key)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return drawing


def _draw(state: State, name: str) -> Chart | None:
    from dashboard.views.registry import IN_A_NOTEBOOK, VIEWS  # loaded behind the server, as `pages`

    view = state.view
    if view.tab in VIEWS and view.tab not in IN_A_NOTEBOOK:
        return None  # it is about the server
    panel_view = VIEWS.get(view.tab, next(iter(VIEWS.values())))(state)
    panel_view.update()
    charts = [each for each in panel_view.panel.select(Chart) if not name or each.filename == name]
    with_data = [each for each in charts if each.visible and json.loads(each.figure).get("data")]
    if not with_data and charts and _is_reading(state.loaded):
        raise NotYetError("this chart is being made")
    return with_data[0] if with_data else None


def _is_reading(loaded: LoadedVersion) -> bool:
    """Whether something that a chart may show is still being made."""
    return loaded.vocabulary.reading or loaded.voices.reading
