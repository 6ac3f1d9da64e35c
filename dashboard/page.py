"""A page: one template, a theme, the filters beside the views, and the session that they belong to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import panel as pn
import panel_material_ui as pmui
from panel.io import PeriodicCallback, unlocked

from dashboard.components import safe
from dashboard.components.browser.address import Address
from dashboard.components.chips import chips, narrow
from dashboard.components.markup import Markup
from dashboard.components.tabs import GroupedTabs
from dashboard.session.session import Session, once_ready
from dashboard.session.view import View

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


class Frame:
    """One session: its state, what stands beside its views, and these: by name in their groups, each made of
    the state when it is first opened, since few visitors open all.

    What it hears from the rest of the process is the subclass's: `_listen` is called when the page is made
    and all the time that it is open, `_go` when a button of banner or chips is pressed.
    """

    def __init__(
        self, state: Session, groups: Mapping[str, Mapping[str, Callable[[Any], Any]]], side: list[Any]
    ) -> None:
        self.state, self._side = state, side
        self._kinds: dict[str, Any] = {
            name: kind for kinds in groups.values() for name, kind in kinds.items()
        }
        self._places = {name: pn.Column(sizing_mode="stretch_width") for name in self._kinds}
        self._views: dict[str, Any] = {}
        self._drawn_states: dict[str, Any] = {}
        search = pn.state.location.search if pn.state.location is not None else None
        query, dark = (search or "").removeprefix("?"), state.prefers_dark
        self._address = Address(query=query, dark=dark, width=0, height=0, margin=0)
        self._chips = Markup(on_go=self._go, margin=(10, 16, 0, 16))
        self._banner = Markup(on_go=self._go, margin=(10, 16, 0, 16))
        self._on_paper = Markup(margin=(0, 16))
        tabs = {
            title: {name: (self._kinds[name].title, self._places[name]) for name in kinds}
            for title, kinds in groups.items()
        }
        self._tabs = GroupedTabs(tabs, lambda name: self.state.go(tab=name))

    def page(self) -> pmui.Page:
        """Build the page and bind it to this session's address and events."""
        self._read_address()
        page = pmui.Page(
            title="Pressgauge",
            site_url=pn.state.base_url,
            sidebar=self._side,
            sidebar_width=300,
            main=[self._address, self._banner, self._chips, self._tabs.panel, self._on_paper],
            theme_config=_THEMES,
            sidebar_resizable=False,
            dark_theme=self.state.dark,
            # A first guess, so that nothing moves on most screens: the browser's width decides.
            sidebar_open="Mobi" not in pn.state.headers.get("User-Agent", ""),
        )
        self._address.jslink(page, code={"narrow": "target.data.sidebar_open = !source.narrow"})
        self._address.param.watch(once_ready(self._prefer), "dark")
        self.state.param.watch(partial(self._show_theme, page), ["view", "prefers_dark"])
        page.param.watch(self._choose_theme, "dark_theme")
        self.state.param.watch(once_ready(self._draw), ["view", "loaded", "prefers_dark"])
        self._address.param.watch(self._read_address, "query")
        if pn.state.curdoc is not None:
            # in the background: what tells Panel that the process is busy costs more than to listen
            PeriodicCallback(callback=self._listen, period=_HEARTBEAT_MS, background=True).start()
        self._draw()
        self._listen()
        return page

    def _read_address(self, *_: Any) -> None:
        view = View.from_query(self._address.query)
        if view != self.state.view or view.unread:
            self.state.view = view

    def _prefer(self) -> None:
        self.state.prefers_dark = self._address.dark

    def _show_theme(self, page: pmui.Page, *_: Any) -> None:
        if page.dark_theme != self.state.dark:  # to set what it is already takes 1 ms
            page.dark_theme = self.state.dark

    def _choose_theme(self, event: Any) -> None:
        if event.new != self.state.dark:
            self.state.go(theme="dark" if event.new else "light")

    def _draw(self) -> None:
        """Redraw what is on screen, in one message; a hidden view is drawn when it is opened."""
        with unlocked():
            self._update()

    def _update(self) -> None:
        view = self.state.view
        self._chips.html = chips(self.state) + "".join(
            f'<p class="notice" role="alert">{safe.text(problem)}</p>' for problem in self.state.problems
        )
        self._address.query = view.to_query()
        name = view.tab if view.tab in self._kinds else next(iter(self._kinds))
        if name not in self._views:
            self._views[name] = self._kinds[name](self.state)
            self._places[name].append(self._views[name].panel)
        now = (replace(view, tab=""), self.state.dark, self.state.loaded)
        if self._drawn_states.get(name) != now:
            self._views[name].update()
            self._drawn_states[name] = now
        self._address.title = f"{self._views[name].title} · Pressgauge"
        self._tabs.show(name)

    def _listen(self) -> None:
        """Compare what all sessions share with what this page last heard of it."""
        raise NotImplementedError

    def _go(self, action: str, value: Any) -> None:
        narrow(self.state, action, value)
