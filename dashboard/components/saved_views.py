"""Saving the view that is shown, and the list of what is saved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import panel as pn
import panel_material_ui as pmui

from dashboard.components import formats, safe
from dashboard.components.markup import Markup, button, table
from dashboard.session.saved import LONGEST_VIEW_NAME, SavedView
from dashboard.session.state import Services, State
from pressgauge.errors import PressgaugeError

_ALL, _MINE = "For everybody", "Only for me"


class SaveView:
    """A name for the view that is shown, to keep it for everybody, or for oneself behind a log-in."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._name = pmui.TextInput(
            label="Save this view as",
            max_length=LONGEST_VIEW_NAME,
            sizing_mode="stretch_width",
            margin=(6, 12),
        )
        self._name.param.watch(self._save, "enter_pressed")
        self._for = pmui.RadioButtonGroup(
            label="Saved for", options=[_ALL, _MINE], value=_ALL, size="small", margin=(2, 12)
        )
        save = pmui.Button(label="Save view", variant="outlined", size="small", margin=(4, 12))
        save.on_click(self._save)
        self._message = Markup(margin=(0, 12))
        services = state.services
        for_all, for_one = may_save(services)
        self._for.value = _ALL if for_all else _MINE
        choice = [self._for] if for_all and for_one else []
        self.panel = [self._name, *choice, save, self._message] if for_all or for_one else []

    def _save(self, *_: Any) -> None:
        state, services = self._state, self._state.services
        name = (self._name.value_input or self._name.value or "").strip()
        for_all, for_one = may_save(services)
        mine = self._for.value == _MINE
        if services is None or services.saved_views is None or not (for_one if mine else for_all):
            return
        query = replace(state.view, theme="system").to_query()
        try:
            view = services.saved_views.save(name, query, services.user if mine else None)
        except (PressgaugeError, OSError) as error:
            self._message.html = f'<p role="alert">Not saved: {safe.text(error)}</p>'
            return
        self._name.param.update(value="", value_input="")
        self._message.html = f'<p role="status">Saved: {safe.text(view.name)}. Overview lists it.</p>'
        state.saves += 1


class SavedList:
    """The saved views that a visitor sees: opened, renamed and deleted."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._question: tuple[str, int] | None = None
        self._problem = ""
        self._list = Markup(on_go=self._go)
        self._name = pmui.TextInput(label="New name", max_length=LONGEST_VIEW_NAME, width=320, margin=(4, 6))
        self._name.param.watch(self._rename, "enter_pressed")
        rename = pmui.Button(label="Rename", variant="contained", size="small", margin=(8, 6))
        rename.on_click(self._rename)
        self._renaming = pn.FlexBox(self._name, rename)
        self.panel = pn.Column(sizing_mode="stretch_width", margin=(0, 12), visible=False)
        state.param.watch(lambda _: self.update(), "saves")

    def update(self) -> None:
        """Show what is saved now, by this visitor or by others."""
        services = self._state.services
        if services is None or services.saved_views is None:
            return
        try:
            views = services.saved_views.of(services.user)
        except PressgaugeError as error:
            self._problem, views = str(error), []
        problem = f'<p class="notice" role="alert">{safe.text(self._problem)}</p>' if self._problem else ""
        self._problem = ""
        rows = [self._row(view, services) for view in views]
        listing = table(("View", "Saved", "", ""), rows) if rows else ""
        self._list.html = f"<h2>Saved views</h2>{problem}{listing}" if problem or rows else ""
        # What is on no page yet costs neither the server nor the browser anything.
        renames = self._question is not None and self._question[0] == "rename"
        shown = [self._list, *([self._renaming] if renames else [])] if problem or rows else []
        if list(self.panel) != shown:
            self.panel[:] = shown
        self.panel.visible = bool(shown)

    def _row(self, view: SavedView, services: Services) -> tuple[str, ...]:
        private = ' <span class="quiet">only you see it</span>' if view.owner is not None else ""
        open_button = button(safe.text(view.name), "open", view.number, title=f"Open {view.name}") + private
        day = f'<span class="quiet">{_day(view.saved)}</span>'
        if not may_save(services)[0 if view.owner is None else 1]:
            return open_button, day, "", ""
        if self._question == ("delete", view.number):
            yes = button("Yes, delete", "delete", view.number, title=f"Delete {view.name} for good")
            return open_button, day, yes, button("Keep", "keep", view.number, title=f"Keep {view.name}")
        rename = button("Rename", "rename", view.number, classes="quiet", title=f"Rename {view.name}")
        delete = button("Delete", "ask", view.number, classes="quiet", title=f"Delete {view.name}")
        return open_button, day, rename, delete

    def _go(self, action: str, value: Any) -> None:
        services = self._state.services
        if services is None or services.saved_views is None or type(value) is not int:
            return
        self._question = None
        try:
            views = {view.number: view for view in services.saved_views.of(services.user)}
            if value not in views:
                self._problem = "This view was deleted meanwhile."
            elif action == "open":
                self._state.open(views[value].view)
                return
            elif action == "rename":
                self._question = "rename", value
                self._name.param.update(value=views[value].name, value_input=views[value].name)
            elif action == "ask":
                self._question = "delete", value
            elif action == "delete":
                services.saved_views.delete(value, everybodys=may_save(services)[0], user=services.user)
        except (PressgaugeError, OSError) as error:
            self._problem = str(error)
        self._state.saves += 1

    def _rename(self, *_: Any) -> None:
        services = self._state.services
        if (
            services is None
            or services.saved_views is None
            or self._question is None
            or self._question[0] != "rename"
        ):
            return
        name = (self._name.value_input or self._name.value or "").strip()
        try:
            everybodys = may_save(services)[0]
            services.saved_views.rename(self._question[1], name, everybodys=everybodys, user=services.user)
            self._question = None
        except (PressgaugeError, OSError) as error:
            self._problem = str(error)
        self._state.saves += 1


def may_save(services: Services | None) -> tuple[bool, bool]:
    """Whether a visitor may save views for everybody, and for themselves: one who is known by a log-in may do
    the latter also where others only look."""
    if services is None or services.saved_views is None:
        return False, False
    return not services.read_only, services.user is not None


def _day(day: str) -> str:
    try:
        return formats.day(date.fromisoformat(day))
    except ValueError:
        return ""
