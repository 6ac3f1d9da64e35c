"""Tabs in two rows: the groups of views, and the views of the group that is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import panel_material_ui as pmui

# A strip to be pushed sideways hides what stands at its end: where there is no room, tabs stand in rows.
_ROWS = {
    "& .MuiTabs-list, & .MuiTabs-flexContainer": {"flexWrap": "wrap"},
    "& .MuiTabs-indicator": {"display": "none"},
    "& .MuiTab-root": {"minWidth": 0, "maxWidth": "none"},
}
_PHONE = "@media (max-width: 599.95px)"
_GROUPS = {
    **_ROWS,
    "& > .MuiTabs-root": {"borderBottom": "1px solid", "borderColor": "divider"},
    "& .MuiTab-root.Mui-selected": {"boxShadow": "inset 0 -2px currentColor", "fontWeight": 600},
    _PHONE: {"& .MuiTab-root": {"minHeight": 40, "minWidth": 0, "padding": "6px 10px"}},
}
_VIEWS = {
    **_ROWS,
    "& .MuiTabs-root": {"minHeight": 0, "margin": "6px 0 2px 8px"},
    "& .MuiTab-root": {"minHeight": 32, "minWidth": 0, "padding": "4px 14px", "borderRadius": "16px"},
    "& .MuiTab-root.Mui-selected": {"backgroundColor": "action.selected"},
    _PHONE: {
        "& .MuiTabs-root": {"minHeight": 0, "margin": "4px 0 0 0"},
        "& .MuiTab-root": {"minHeight": 32, "minWidth": 0, "padding": "4px 10px", "borderRadius": "16px"},
    },
}


class GroupedTabs:
    """Views by name, in groups by title; a group of one view is that view's own tab.

    `groups` maps the title of a group to its views: the name of each to its title and what it shows. A tab
    that is pressed calls `on_open` with the name of its view. A group opens at the view that was last open
    in it. What is not open is not on the page.
    """

    def __init__(
        self, groups: Mapping[str, Mapping[str, tuple[str, Any]]], on_open: Callable[[str], None]
    ) -> None:
        self._on_open = on_open
        self._names = [list(views) for views in groups.values()]
        self._at = {name: (at, i) for at, names in enumerate(self._names) for i, name in enumerate(names)}
        self.rows: list[pmui.Tabs | None] = []
        """The tabs of each group; None of a group of one."""
        tabs: list[tuple[str, Any]] = []
        for title, views in groups.items():
            if len(views) == 1:
                self.rows.append(None)
                tabs.extend(views.values())
            else:
                row = _tabs(views.values(), _VIEWS)
                row.param.watch(partial(self._on_tab, len(tabs)), "active")
                self.rows.append(row)
                tabs.append((title, row))
        self.panel = _tabs(tabs, _GROUPS, margin=(0, 8))
        self.panel.param.watch(lambda event: self._on_tab(event.new), "active")

    def show(self, name: str) -> str:
        """Open the view of that name, the first if there is none of that name; returns what is open."""
        tab = name if name in self._at else self._names[0][0]
        group, at = self._at[tab]
        row = self.rows[group]
        if row is not None and row.active != at:
            row.active = at
        if self.panel.active != group:
            self.panel.active = group
        return tab

    def _on_tab(self, group: int, *_: Any) -> None:
        row = self.rows[group]
        self._on_open(self._names[group][0 if row is None else row.active])


def _tabs(tabs: Any, sx: dict[str, Any], **params: Any) -> pmui.Tabs:
    return pmui.Tabs(*tabs, dynamic=True, sizing_mode="stretch_width", sx=sx, **params)
