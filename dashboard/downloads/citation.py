"""How to cite the numbers on the page."""

from __future__ import annotations

import pressgauge
from dashboard.components import formats
from dashboard.session.session import State
from pressgauge.search import prominence


def citation(state: State, address: str = "") -> str:
    """Software, dataset version, its size and, given an `address`, the view."""
    snapshot = state.loaded.snapshot
    what = "synthetic demo dataset" if state.loaded.synthetic else "dataset"
    where = f" View: {address}" if address else ""
    counted = f" {prominence.RULE}" if state.view.about else ""
    return (
        f"Pressgauge {pressgauge.__version__}, {what} version {snapshot.version}, "
        f"{formats.counted(len(snapshot.articles), 'article')}.{counted}{where}"
    )


def caption(state: State) -> str:
    """What stands below a saved picture."""
    synthetic = "Demo data (synthetic). " if state.loaded.synthetic else ""
    return synthetic + citation(state)


def relation(state: State) -> str:
    """How the counted articles stand to a line, in words: they are about it, or mention it."""
    return "about" if state.view.about else "that mention"


def rule(state: State) -> str:
    """The rule by which an article counts, to be said beside what is counted."""
    return prominence.RULE if state.view.about else "Counted wherever headline or text mention it."
