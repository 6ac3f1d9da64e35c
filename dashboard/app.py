"""The page: one template, a theme, the filters beside the views."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import panel as pn
import panel_material_ui as pmui

from dashboard import safe
from dashboard.address import Address
from dashboard.chips import chips, narrow
from dashboard.markup import Markup, button
from dashboard.refresh_job import RefreshJob
from dashboard.server import PREFERS
from dashboard.sidebar import Sidebar
from dashboard.state import State, once_ready
from dashboard.store import Store
from dashboard.takeaway import Takeaway
from dashboard.view import TABS, View
from dashboard.views.articles import Articles
from dashboard.views.outlets import Outlets
from dashboard.views.overview import Overview
from dashboard.views.sources import Sources
from dashboard.views.stories import Stories
from dashboard.views.terms import Terms
from dashboard.views.together import Together
from dashboard.views.volume import Volume

_HEARTBEAT_MS = 700
_COMMON = {
    "typography": {"button": {"textTransform": "none"}},
    "components": {
        "MuiAppBar": {"styleOverrides": {"root": {"backgroundColor": "#0B3954", "color": "#fff"}}},
        # Page draws its busy bar even when told not to, and without a name that a screen reader could say.
        "MuiLinearProgress": {"styleOverrides": {"root": {"display": "none"}}},
        "MuiPickersTextField": {
            "styleOverrides": {"root": {"width": "100%", "& .MuiIconButton-root": {"color": "inherit"}}}
        },
    },
}
_THEMES = {
    "light": {"palette": {"primary": {"main": "#0B3954"}, "secondary": {"main": "#B85C00"}}, **_COMMON},
    "dark": {
        "palette": {
            "primary": {"main": "#8EC9EE"},
            "secondary": {"main": "#F0B35A"},
            "background": {"default": "#101418", "paper": "#161B20"},
        },
        **_COMMON,
    },
}


class App:
    """One session: its state, its views, and what it hears from the store and the refresh that all sessions
    share."""

    def __init__(self, store: Store, job: RefreshJob, *, read_only: bool = False) -> None:
        self._store, self._job, self._read_only = store, job, read_only
        # A first guess, too: the browser says it when the page is there.
        dark = pn.state.headers.get(PREFERS, "") == "dark"
        self.state = State(loaded=store.current, prefers_dark=dark)
        self._sources = Sources(self.state, job, read_only=read_only)
        self._views = [
            Overview(self.state),
            Volume(self.state),
            Outlets(self.state),
            Terms(self.state, store, read_only=read_only),
            Together(self.state),
            Stories(self.state),
            Articles(self.state),
            self._sources,
        ]
        self._drawn: list[Any] = [None] * len(self._views)
        self._takeaway = Takeaway(self.state)
        self._heard: tuple[Any, ...] = ()
        asked = pn.state.location.search if pn.state.location is not None else None
        self._address = Address(query=(asked or "").removeprefix("?"), dark=dark, width=0, height=0, margin=0)
        self._chips = Markup(on_go=self._go, margin=(10, 16, 0, 16))
        self._banner = Markup(on_go=self._go, margin=(10, 16, 0, 16))
        self._tabs = pmui.Tabs(
            *((view.title, view.panel) for view in self._views),
            dynamic=True,
            sizing_mode="stretch_width",
            margin=(0, 8),
        )

    def page(self) -> pmui.Page:
        """Build the page and bind it to this session's address and events."""
        self._read_address()
        page = pmui.Page(
            title="Pressgauge",
            site_url=pn.state.base_url,
            sidebar=[*Sidebar(self.state).panel, *self._takeaway.panel],
            sidebar_width=300,
            main=[self._address, self._banner, self._chips, self._tabs],
            theme_config=_THEMES,
            sidebar_resizable=False,
            dark_theme=self.state.dark,
            # A first guess, so that nothing moves on most screens: the browser's width decides.
            sidebar_open="Mobi" not in pn.state.headers.get("User-Agent", ""),
        )
        self._address.jslink(page, code={"narrow": "target.data.sidebar_open = !source.narrow"})
        self._address.param.watch(once_ready(self._prefer), "dark")
        self.state.param.watch(
            lambda _: page.param.update(dark_theme=self.state.dark), ["view", "prefers_dark"]
        )
        page.param.watch(self._choose_theme, "dark_theme")
        self._tabs.param.watch(lambda event: self.state.go(tab=TABS[event.new]), "active")
        self.state.param.watch(once_ready(self._draw), ["view", "loaded", "prefers_dark"])
        self._address.param.watch(self._read_address, "query")
        if pn.state.curdoc is not None:
            pn.state.add_periodic_callback(self._listen, _HEARTBEAT_MS)
        self._draw()
        self._listen()
        return page

    def _read_address(self, *_: Any) -> None:
        view = View.from_query(self._address.query)
        if view != self.state.view:
            self.state.view = view

    def _prefer(self) -> None:
        self.state.prefers_dark = self._address.dark

    def _choose_theme(self, event: Any) -> None:
        if event.new != self.state.dark:
            self.state.go(theme="dark" if event.new else "light")

    def _draw(self) -> None:
        """Redraw what is on screen; a hidden view is drawn when it is opened."""
        view = self.state.view
        self._chips.html = chips(self.state) + "".join(
            f'<p class="notice" role="alert">{safe.text(problem)}</p>' for problem in self.state.problems
        )
        self._address.query = view.to_query()
        at = TABS.index(view.tab)
        shown = (replace(view, tab=""), self.state.dark, self.state.loaded)
        if self._drawn[at] != shown:
            self._drawn[at] = shown
            self._views[at].update()
        self._tabs.active = at
        self._takeaway.update()

    def _listen(self) -> None:
        """Compare what all sessions share with what this page last heard of it."""
        current = self._store.current
        read = self.state.loaded.vocabulary.found is not None
        heard = (self._job.serial, current, self._store.problem, self.state.loaded, read)
        if heard == self._heard:
            return
        if self._heard and read and not self._heard[-1]:
            self._drawn = [None] * len(self._views)
            self._draw()
        self._heard = heard
        if self.state.loaded.synthetic and not current.synthetic:
            self.state.loaded = current
        self._banner.html = self._notices()
        self._sources.hear()

    def _notices(self) -> str:
        loaded, notices = self.state.loaded, []
        if loaded.synthetic:
            collect = (
                ""
                if self._read_only or self._job.running
                else button("Collect real coverage", "collect", classes="act")
            )
            notices.append(
                f"<span><b>Demo data (synthetic).</b> Nothing on this page is real coverage.</span> {collect}"
            )
        if self._store.current is not loaded:
            notices.append(
                f"<span>New data has arrived.</span> {button('Show new data', 'reload', classes='act')}"
            )
        if self._job.running:
            notices.append(
                f"<span>Refreshing: {safe.text(self._job.message)}</span> {button('Progress', 'sources')}"
            )
        if self._store.problem:
            notices.append(f"<span>{safe.text(self._store.problem)}</span>")
        return "".join(f'<div class="notice row" role="status">{notice}</div>' for notice in notices)

    def _go(self, action: str, value: Any) -> None:
        narrow(self.state, action, value)
        if action == "reload":
            self.state.loaded = self._store.current
        elif action == "sources":
            self.state.go(tab="sources")
        elif action == "collect" and not self._read_only:
            self._job.start()
            self.state.go(tab="sources")
