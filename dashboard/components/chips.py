"""What narrows the view, as chips that each can be taken away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dashboard.components import formats, safe
from dashboard.components.markup import button
from dashboard.session.session import Session
from dashboard.session.view import Selection, View

_NAMES = {"countries": formats.country, "languages": formats.language}
UNRESTRICTED = {
    name: getattr(View(), name)
    for name in (
        "since",
        "until",
        "outlets",
        "countries",
        "languages",
        "query",
        "unit",
        "share",
        "about",
        "corrected",
        "everything",
        "with_text",
        "sure_dates",
    )
}
"""The change of a view that takes every chip away."""


def removals(state: Session) -> list[tuple[str, dict[str, Any]]]:
    """Each restriction of the view: its name, and the change of the view that takes it away."""
    view = state.view
    chips: list[tuple[str, dict[str, Any]]] = []
    if view.since or view.until:
        chips.append((formats.span(view.since, view.until), {"since": None, "until": None}))
    for field in ("outlets", "countries", "languages"):
        values = getattr(view, field)
        name_of = _NAMES.get(field, str)
        chips += [(name_of(value), {field: tuple(v for v in values if v != value)}) for value in values]
    if view.query:
        chips.append((f"matches {view.query}", {"query": ""}))
    if view.unit != "articles":
        chips.append((f"{view.unit}, not articles", {"unit": "articles"}))
    if view.corrected:
        chips.append(("also corrected", {"corrected": False}))
    if view.about:
        chips.append(("about, not only mentioned", {"about": False}))
    if view.everything:
        chips.append(("everything collected", {"everything": False}))
    if view.with_text:
        chips.append(("only with their text", {"with_text": False}))
    if view.sure_dates:
        chips.append(("without doubtful dates", {"sure_dates": False}))
    if view.share:
        chips.append(("shares, not numbers", {"share": False}))
    return chips


def chips(state: Session) -> str:
    """The chips as markup; empty when nothing is restricted. Actions: 'remove' (its number), 'undo',
    'clear'."""
    parts = [
        f'<span class="chip">{safe.text(label)}'
        f"{button('✕', 'remove', number, title=f'Remove the filter {label}')}</span>"
        for number, (label, _) in enumerate(removals(state))
    ]
    if len(parts) > 1:
        parts.append(button("Clear all", "clear", classes="quiet"))
    if state.can_undo:
        parts.append(button("↶ Undo", "undo", classes="quiet"))
    return f'<div class="row">{"".join(parts)}</div>' if parts else ""


def narrow(state: Session, action: str, value: Any) -> None:
    """Do what a button of the chips asks for; any other action is left to the page."""
    if action == "undo":
        state.undo()
    elif action == "clear":
        state.go(**UNRESTRICTED)
    elif action == "remove":
        options = removals(state)
        if isinstance(value, int) and 0 <= value < len(options):
            state.go(**options[value][1])


def side_name(state: Session, number: int) -> str:
    """What a side of the comparison is called, as plain text."""
    side = state.view.second if number else state.view.first
    return "everything else" if side is None else describe(state, side)


def describe(state: Session, selection: Selection | None) -> str:
    """The selection in words, as plain text."""
    if selection is None:
        return f"All on {state.field.label} under the filters" if state.field else "All under the filters"
    labels = {topic.name: topic.label for topic in state.topics}
    if selection.side is not None:
        rest = describe(state, replace(selection, side=None, steady=False))
        steady = "outlets collected throughout" if selection.steady else ""
        return " · ".join(filter(None, (side_name(state, selection.side), rest, steady)))
    both = [key for key in (selection.series, selection.also) if key is not None]
    parts = [" with ".join(labels.get(key, key) for key in both)] if both else []
    if selection.undated:
        parts.append("without a known date")
    if selection.doubtful:
        parts.append("with a doubtful date")
    if selection.compared:
        parts.append("any compared line")
    if selection.word is not None:
        parts.append(f"with the word {selection.word}")
    if selection.speaker is not None:
        parts.append(f"{selection.speaker} is {'named' if selection.named else 'quoted'}")
    if selection.story is not None:
        parts.append("one story and its copies")
    if selection.event is not None:
        parts.append("one event")
    if selection.outlet is not None:
        parts.append(selection.outlet)
    if selection.country is not None:
        parts.append(formats.country(selection.country))
    if selection.language is not None:
        parts.append(formats.language(selection.language))
    if selection.since or selection.until:
        parts.append(formats.span(selection.since, selection.until))
    return " · ".join(parts)
