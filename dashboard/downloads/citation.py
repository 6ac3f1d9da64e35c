"""What the numbers on the page count and how to cite them: below a picture, in a table, in a report."""

from __future__ import annotations

import pandas as pd

import pressgauge
from dashboard.components import formats
from dashboard.components.chips import describe
from dashboard.session.judged import accuracies
from dashboard.session.scope import Scope, asks
from dashboard.session.state import State
from pressgauge.search import prominence

_MAX_QUERY = 240
"""Characters of a query below a picture and in each row of a list of articles; the tables of charts and the
report have all of it."""


def citation(state: State, address: str = "") -> str:
    """Software, dataset version, its size and, given an `address`, the view."""
    snapshot = state.loaded.snapshot
    what = "synthetic demo dataset" if state.loaded.synthetic else "dataset"
    where = f" View: {address}" if address else ""
    about = " About, not only mentioned." if state.view.about else ""
    precision = "".join(f" {label}: precision {of.precision}." for label, of in accuracies(state).items())
    return (
        f"Pressgauge {pressgauge.__version__}, {what} version {snapshot.version}, "
        f"{formats.quantity(len(snapshot.articles), 'article')}.{about}{precision}{where}"
    )


def caption(state: State, *, of: str = "", lines: list[str] | None = None, scope: Scope | None = None) -> str:
    """What stands below a saved picture, a line each: what was counted, the queries of its lines, the
    citation.

    `of` and `lines` say it of a picture that counts something else than the compared lines under the filters,
    `scope` of one that ignores a filter.
    """
    synthetic = "Demo data (synthetic). " if state.loaded.synthetic else ""
    query_lines = shorten(queries(state) if lines is None else lines)
    counts = rule(state) if not of else ""
    parts = (synthetic + (of or (scope or state.scope).sentence), *query_lines, counts, citation(state))
    return "\n".join(filter(None, parts))


def relation(state: State) -> str:
    """How the counted articles stand to a line, in words: they are about it, or mention it."""
    return "about" if state.view.about else "that mention"


def rule(state: State) -> str:
    """The rule by which an article counts, to be said beside what is counted."""
    return prominence.RULE if state.view.about else "Counted wherever headline or text mention it."


def queries(state: State) -> list[str]:
    """What each compared line asks of an article, as "Label: query"."""
    return [asks(each.label, state.query_of(each.key)) for each in state.series]


def shorten(lines: list[str]) -> list[str]:
    """Queries as long as there is room for."""
    return [query if len(query) <= _MAX_QUERY else f"{query[:_MAX_QUERY]} …" for query in lines]


def with_provenance(
    state: State,
    table: pd.DataFrame,
    *,
    of: str = "",
    lines: list[str] | None = None,
    scope: Scope | None = None,
) -> pd.DataFrame:
    """A table as a file gives it: with columns that say what was counted, and of which dataset; `of`, `lines`
    and `scope` as for a caption."""
    return table.assign(
        counted=of or f"{(scope or state.scope).sentence} {rule(state)}",
        lines="; ".join(queries(state) if lines is None else lines),
        dataset=citation(state),
    )


def article_table(state: State) -> pd.DataFrame:
    """The articles that the Articles view lists, without their texts, as a file gives them: with columns that
    say how they were chosen, and from which dataset."""
    view, selection = state.view, state.view.selection
    sample = f", a random sample with seed {view.seed}" if view.order == "random" and view.sample else ""
    scope = state.scope if selection is None else state.scope_without(*state.ignored_by(selection))
    sentence = f"Listed: {describe(state, selection)}{sample}. {scope.sentence} {rule(state)}"
    query_lines = queries(state) if selection is not None and selection.compared else []
    if selection is not None and not selection.compared:
        labels = {topic.name: topic.label for topic in state.topics}
        keys = [key for key in (selection.series, selection.also) if key is not None]
        query_lines = [asks(labels.get(key, key), state.query_of(key)) for key in keys]
    if state.field is not None:
        query_lines.append(asks(state.field.label, state.field.query))
    articles = state.loaded.snapshot.articles.iloc[state.list_rows()]
    if (dataset := state.loaded.dataset) is not None:  # authors are not held in memory
        read = dataset.read(articles["id"].tolist(), ["id", "authors"]).set_index("id")["authors"]
        authors = read.reindex(articles["id"]).to_numpy()
        articles = articles.copy(deep=False)
        articles.insert(list(articles).index("title") + 1, "authors", authors)
    return with_provenance(state, articles, of=sentence, lines=shorten(query_lines))
