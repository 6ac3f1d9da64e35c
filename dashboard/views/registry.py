"""The views: page, address and notebook take their names, groups, order and titles from here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from dashboard.session.state import State
from dashboard.views.add import AddArticles
from dashboard.views.articles import Articles
from dashboard.views.check import CheckQuery
from dashboard.views.compare import Compare
from dashboard.views.events import Events
from dashboard.views.outlets import Outlets
from dashboard.views.overview import Overview
from dashboard.views.sources.sources import Sources
from dashboard.views.voices import Voices
from dashboard.views.volume import Volume
from dashboard.views.words.comentions import Together
from dashboard.views.words.contexts import Contexts
from dashboard.views.words.terms import Terms


class View(Protocol):
    """What a view is: made of a session's state, shown by its `panel`, redrawn by `update()`, which is called
    only while the view is on screen."""

    title: str
    panel: Any

    def __init__(self, state: State) -> None: ...
    def update(self) -> None: ...


GROUPS: dict[str, dict[str, type[View]]] = {
    "Coverage": {
        "overview": Overview,
        "volume": Volume,
        "compare": Compare,
        "outlets": Outlets,
        "events": Events,
    },
    "Words": {
        "terms": Terms,
        "contexts": Contexts,
        "together": Together,
    },
    "Voices": {
        "voices": Voices,
    },
    "Articles": {
        "articles": Articles,
    },
    "Data": {
        "sources": Sources,
        "check": CheckQuery,
        "add": AddArticles,
    },
}
"""Every view by the name that an address gives it, in groups, in the order of the tabs: how much, from whom
and about what; in which words; who speaks; what was written; where it is from and how far it is right."""

VIEWS: dict[str, type[View]] = {name: view for views in GROUPS.values() for name, view in views.items()}
"""The views of all groups by name."""

_NEED_A_SERVER = ("sources", "add")
IN_A_NOTEBOOK = tuple(name for name in VIEWS if name not in _NEED_A_SERVER)
"""The views that need no server: a refresh and an import are started from a page only."""


def in_groups(objects: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What was made for each view, by its name, in the views' groups; a view that is not among them is left
    out, and so is a group of which none is."""
    groups = {group: {n: objects[n] for n in views if n in objects} for group, views in GROUPS.items()}
    return {group: views for group, views in groups.items() if views}
