"""Stories: what most outlets carried, copies counted once."""

from __future__ import annotations

from typing import Any

import panel as pn

from dashboard import safe, words
from dashboard.markup import Markup, button, dot
from dashboard.state import State
from dashboard.view import Selection
from pressgauge.analysis.top import top_stories

_SHOWN = 40


def story_list(state: State, limit: int, *, linked: bool = True) -> str:
    """The stories that most articles tell, as a table; a title opens all of its articles (action 'story') when `linked`."""
    top = top_stories(state.loaded.snapshot.articles, state.membership, keep=state.keep(), limit=limit)
    if top.empty:
        return '<p class="quiet">No story about the compared topics is left under these filters.</p>'
    colors = state.colors
    rows = []
    for story in top.itertuples():
        sides = "".join(
            dot(colors[label]) for label in colors if label in story.series
        )
        title = safe.text(story.title) or "(no title)"
        if linked:
            title = button(title, "story", int(story.story))
        rows.append(
            f'<tr><td>{title} {sides}</td><td>{safe.text(story.first_outlet)}</td><td class="n wide">{words.day(story.first)}</td>'
            f'<td class="n">{words.count(story.outlets)}</td><td class="n">{words.count(story.articles)}</td></tr>'
        )
    return (
        '<table><thead><tr><th scope="col">Story</th><th scope="col">First seen at</th><th class="n wide" scope="col">Date</th>'
        '<th class="n" scope="col">Outlets</th><th class="n" scope="col">Articles</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


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
            self._state.go(tab="articles", selection=Selection(story=value))
