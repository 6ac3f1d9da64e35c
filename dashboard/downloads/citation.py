"""How to cite the numbers on the page."""

from __future__ import annotations

import pressgauge
from dashboard.components import formats
from dashboard.session.session import State


def citation(state: State, address: str = "") -> str:
    """Software, dataset version, its size and, given an `address`, the view."""
    snapshot = state.loaded.snapshot
    what = "synthetic demo dataset" if state.loaded.synthetic else "dataset"
    where = f" View: {address}" if address else ""
    return (
        f"Pressgauge {pressgauge.__version__}, {what} version {snapshot.version}, "
        f"{formats.counted(len(snapshot.articles), 'article')}.{where}"
    )


def caption(state: State) -> str:
    """What stands below a saved picture."""
    synthetic = "Demo data (synthetic). " if state.loaded.synthetic else ""
    return synthetic + citation(state)
