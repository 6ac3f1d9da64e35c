"""The dashboard without its page: the views of one dataset, to be laid out in a notebook's cells."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import panel as pn
from panel_material_ui.base import MaterialComponent

from dashboard.components import safe
from dashboard.components.chips import chips, narrow
from dashboard.components.coding import Coding
from dashboard.components.markup import Markup
from dashboard.components.sidebar import Sidebar
from dashboard.components.tabs import GroupedTabs
from dashboard.session.session import once_ready
from dashboard.session.state import Services, State
from dashboard.session.store import Store
from dashboard.session.view import View
from dashboard.views.registry import IN_A_NOTEBOOK, VIEWS, in_groups
from pressgauge.errors import PressgaugeError
from pressgauge.settings import paths
from pressgauge.validation.frame import Validation

if TYPE_CHECKING:
    from pressgauge.store.dataset import Dataset

_WORDY = ("overview", "compare", "terms")


class NotebookDashboard:
    """Views that share one state: a filter reaches all of them, a click on a number fills `articles`.

    `view` begins as the fields of `dashboard.session.view.View` say, such as share=True or topics=("meta",).
    """

    def __init__(self, dataset: Dataset, **view: Any) -> None:
        if "://" in dataset.location:
            raise PressgaugeError("only a dataset on this machine can be shown here; copy it with export()")
        demo = Path(dataset.path) == paths.demo_dataset()
        # In a notebook a settings file with an error is a notice, where an exception would be a traceback.
        self._store = Store(dataset.path, demo=lambda: dataset.path, always_demo=demo, lenient=True)
        self.state = State(loaded=self._store.current, view=View(**view), services=Services(self._store))
        self.filters = pn.Column(*Sidebar(self.state).panel, width=300)
        self.chips = Markup(on_go=self._go)
        self._views: dict[str, Any] = {}
        self._drawn_states: dict[str, Any] = {}
        self._tabbed: set[str] = set()
        self.state.param.watch(once_ready(self._draw), ["view", "loaded"])
        self._draw()

    def __getitem__(self, name: str) -> pn.Column:
        """The view of that name, such as "volume": made when it is first asked for."""
        if name not in IN_A_NOTEBOOK:
            raise PressgaugeError(f"there is no view {name!r}; expected one of {', '.join(IN_A_NOTEBOOK)}")
        if name not in self._views:
            loaded = self.state.loaded
            if name in _WORDY and loaded.vocabulary.terms is None:  # nothing brings them to a cell later
                loaded.vocabulary.read(loaded.dataset, loaded.snapshot.articles)
            self._views[name] = VIEWS[name](self.state)
            self._draw()
        return self._views[name].panel

    def app(self) -> pn.Row:
        """All views as tabs beside the filters; a view is made and redrawn when its tab is open."""
        self._tabbed = set(IN_A_NOTEBOOK) - self._views.keys()
        places = {name: pn.Column(sizing_mode="stretch_width") for name in IN_A_NOTEBOOK}
        titled = {name: (VIEWS[name].title, place) for name, place in places.items()}
        tabs = GroupedTabs(in_groups(titled), lambda name: self.state.go(tab=name))

        def turn() -> None:
            name = tabs.show(self.state.view.tab)
            if not len(places[name]):
                places[name].append(self[name])

        self.state.param.watch(once_ready(turn), "view")
        turn()
        page = pn.Column(self.chips, tabs.panel, sizing_mode="stretch_width")
        return pn.Row(self.filters, page, sizing_mode="stretch_width")

    def _draw(self) -> None:
        demo = "<p class='notice'><b>Demo data (synthetic).</b> Nothing here is real coverage.</p>"
        problems = filter(None, (self._store.problem, *self.state.problems))
        alerts = (f"<p class='notice' role='alert'>{safe.text(each)}</p>" for each in problems)
        notices = [demo if self.state.loaded.synthetic else "", *alerts]
        self.chips.html = "".join(notices) + chips(self.state)
        now = (replace(self.state.view, tab=""), self.state.loaded)
        for name, view in self._views.items():
            is_hidden = name in self._tabbed and name != self.state.view.tab
            if not is_hidden and self._drawn_states.get(name) != now:
                view.update()
                self._drawn_states[name] = now

    def _go(self, action: str, value: Any) -> None:
        narrow(self.state, action, value)


def dashboard(dataset: Dataset, *views: str, **view: Any) -> pn.viewable.Viewable:
    """The dashboard in a notebook's cell, or some of its views one below the other, by
    their names (`IN_A_NOTEBOOK`).

    A click on a number opens its articles. Keywords are the fields of `dashboard.session.view.View`: what
    it begins with. Raises PressgaugeError for a view that there is not.
    """
    load()
    desk = NotebookDashboard(dataset, **view)
    if not views:
        return desk.app()
    return pn.Column(desk.chips, *(desk[name] for name in views), sizing_mode="stretch_width")


def load() -> None:
    """Make a notebook show Panel's widgets, with files of this machine only."""
    os.environ["PANEL_INLINE"] = "true"
    if pn.state.curdoc is None:
        # These styles are files, which a cell, unlike a page, has no address for; components bring their own.
        MaterialComponent._bundle_css = []  # type: ignore[assignment, method-assign]
    pn.extension(notifications=False)


def coding(sample: Validation) -> pn.viewable.Viewable:
    """The sample of `cov.validate` to judge in a notebook's cell, with what the codes tell so far."""
    load()
    message = Markup()

    def tell() -> None:
        text = safe.text(sample.accuracy()) if sample.check.variable is None else ""
        message.html = f'<p class="quiet">{text}</p>'

    form = Coding(sample.check, sample.coder, sample.texts, tell, sample.half_width)
    tell()
    return pn.Column(form.panel, message, sizing_mode="stretch_width")
