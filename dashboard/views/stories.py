"""Stories: what most outlets carried, copies counted once."""

from __future__ import annotations

from typing import Any

import panel as pn

from dashboard.components import formats, safe
from dashboard.components.markup import Markup, button, dot, table
from dashboard.session.session import State
from dashboard.session.view import Selection
from pressgauge.analysis.top import top_stories

_SHOWN = 40


def story_list(state: State, limit: int, *, linked: bool = True) -> str:
    """The stories that most articles tell, as a table; a title opens all of its articles (action 'story')
    when `linked`."""
    top = top_stories(state.loaded.snapshot.articles, state.membership, keep=state.keep(), limit=limit)
    if top.empty:
        return '<p class="quiet">No story about the compared topics is left under these filters.</p>'
    colors = state.colors
    rows = []
    for story in top.itertuples():
        sides = "".join(dot(color) for label, color in colors.items() if label in story.series)
        title = f"{safe.text(story.title) or '(no title)'} {sides}"
        if linked:
            title = button(title, "story", int(story.story))
        first = f"{safe.text(story.first_outlet)}, {formats.day(story.first)}"
        rows.append((title, first, formats.count(story.outlets), formats.count(story.articles)))
    return table(("Story", "First seen", "Outlets", "Articles"), rows, numbers=(2, 3))


class Stories:
    """The largest stories under the filters."""

    title = "Stories"

    def __init__(self, state: State) -> None:
        self._state = state
        self._list = Markup(on_go=self._go)
        self.panel = pn.Column(self._list, sizing_mode="stretch_width", margin=(12, 12))

    def update(self) -> None:
        self._list.html = story_list(self._state, _SHOWN)

    def _go(self, action: str, value: Any) -> None:
        if action == "story" and isinstance(value, int):
            self._state.go(tab="articles", selection=Selection(story=value, compared=True))
