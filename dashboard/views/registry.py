"""The views: page, address and notebook take their names, order and titles from here."""

from __future__ import annotations

from typing import Any, Protocol

from dashboard.session.session import State
from dashboard.views.add import AddArticles
from dashboard.views.articles import Articles
from dashboard.views.check import CheckQuery
from dashboard.views.comentions import Together
from dashboard.views.contexts import Contexts
from dashboard.views.events import Events
from dashboard.views.outlets import Outlets
from dashboard.views.overview import Overview
from dashboard.views.sources import Sources
from dashboard.views.terms import Terms
from dashboard.views.voices import Voices
from dashboard.views.volume import Volume


class View(Protocol):
    """What a view is: made of a session's state, shown by its `panel`, redrawn by `update()`, which is called
    only while the view is on screen."""

    title: str
    panel: Any

    def __init__(self, state: State) -> None: ...
    def update(self) -> None: ...


VIEWS: dict[str, type[View]] = {
    "overview": Overview,
    "volume": Volume,
    "outlets": Outlets,
    "terms": Terms,
    "together": Together,
    "voices": Voices,
    "events": Events,
    "articles": Articles,
    "contexts": Contexts,
    "check": CheckQuery,
    "sources": Sources,
    "add": AddArticles,
}
"""Every view by the name that an address gives it, in the order of the tabs."""

IN_A_NOTEBOOK = tuple(name for name in VIEWS if name not in ("sources", "add"))
"""The views that need no server: a refresh and an import are started from a page only."""
