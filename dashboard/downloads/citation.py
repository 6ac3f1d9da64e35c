"""What the numbers on the page count and how to cite them: below a picture, in a table, in a report."""

from __future__ import annotations

import pandas as pd

import pressgauge
from dashboard.components import formats
from dashboard.session.judged import accuracies
from dashboard.session.session import State
from pressgauge.search import prominence

_ASKED = 240
"""Characters of a query below a picture; tables and reports have all of it."""


def citation(state: State, address: str = "") -> str:
    """Software, dataset version, its size and, given an `address`, the view."""
    snapshot = state.loaded.snapshot
    what = "synthetic demo dataset" if state.loaded.synthetic else "dataset"
    where = f" View: {address}" if address else ""
    counted = " About, not only mentioned." if state.view.about else ""
    judged = "".join(f" {label}: precision {of.precision}." for label, of in accuracies(state).items())
    return (
        f"Pressgauge {pressgauge.__version__}, {what} version {snapshot.version}, "
        f"{formats.counted(len(snapshot.articles), 'article')}.{counted}{judged}{where}"
    )


def caption(state: State) -> str:
    """What stands below a saved picture, a line each: what was counted, the queries of its lines, the
    citation."""
    synthetic = "Demo data (synthetic). " if state.loaded.synthetic else ""
    asked = [query if len(query) <= _ASKED else f"{query[:_ASKED]} …" for query in queries(state)]
    return "\n".join((synthetic + state.scope.sentence, *asked, rule(state), citation(state)))


def relation(state: State) -> str:
    """How the counted articles stand to a line, in words: they are about it, or mention it."""
    return "about" if state.view.about else "that mention"


def rule(state: State) -> str:
    """The rule by which an article counts, to be said beside what is counted."""
    return prominence.RULE if state.view.about else "Counted wherever headline or text mention it."


def queries(state: State) -> list[str]:
    """What each compared line asks of an article, as "Label: query"."""
    asked = {topic.name: topic.query for topic in state.topics}
    return [f"{each.label}: {' '.join(asked.get(each.key, each.key).split())}" for each in state.series]


def counted(state: State, table: pd.DataFrame) -> pd.DataFrame:
    """A table as a file gives it: with columns that say what was counted, and of which dataset."""
    return table.assign(
        counted=f"{state.scope.sentence} {rule(state)}",
        lines="; ".join(queries(state)),
        dataset=citation(state),
    )
