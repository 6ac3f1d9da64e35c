"""What the judged samples of a dataset tell of the lines on a page."""

from __future__ import annotations

from typing import cast

import numpy as np

from dashboard.session.state import State
from pressgauge.errors import DatasetError
from pressgauge.settings.topics import FIELD
from pressgauge.validation.check import Check, Question
from pressgauge.validation.codebook import Variable
from pressgauge.validation.estimates import Accuracy


def check_of(state: State, key: str, variable: Variable | None = None) -> Check:
    """The check of a line: within the field that the page counts in, about or mentioned as it says.

    Which articles match, and which nearly do, is asked once for all who look at the same."""
    within = FIELD if state.field is not None else ""
    question = Question(key, state.query_of(key), within, state.view.about)

    def make() -> Check:
        snapshot = state.loaded.snapshot
        inside = state.mentions(FIELD) if within else np.ones(len(snapshot.articles), dtype=bool)
        return Check(snapshot, state.loaded.dataset.records, question, inside, variable)

    return cast(Check, state.of_coverage(f"check {question} {variable}", make))


def accuracies(state: State) -> dict[str, Accuracy]:
    """How good the query of each compared line is, by its label; lines that were not judged are left out."""
    records = state.loaded.dataset.records
    try:
        if not records.samples.records():
            return {}
        n_codes = len(records.codes)
    except DatasetError:
        return {}
    return state.memo(f"accuracies of {n_codes} codes", lambda: _accuracies(state))


def _accuracies(state: State) -> dict[str, Accuracy]:
    by_line = {series.label: check_of(state, series.key).accuracy() for series in state.series}
    return {label: of for label, of in by_line.items() if not np.isnan(of.precision.value)}
