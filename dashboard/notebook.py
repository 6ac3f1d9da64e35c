"""The current view as a notebook: the same filters, series and charts, as code."""

from __future__ import annotations

import json
from typing import Any

from dashboard.state import State


def notebook(state: State, dataset: str) -> str:
    """The view as the JSON of a Jupyter notebook (nbformat 4.5) that opens the dataset at the path `dataset`."""
    view = state.view
    topics = [series.key for series in state.series if series.topic]
    queries = [series.key for series in state.series if not series.topic]
    version = state.loaded.snapshot.version
    cells = [
        ("markdown", f"# Press coverage\n\nMade from dataset version {version}; a later version may count more."),
        ("code", "from datetime import date\n\nimport pressgauge as pg\nfrom pressgauge import analysis, figures\n"
         "from pressgauge.filters import Filters, keep"),
        ("code", f"dataset = pg.open({dataset!r})\nsnapshot = dataset.snapshot()\n"
         f"rows = keep(snapshot, {view.filters.as_code()})"),
        ("code", f"membership = snapshot.membership[{topics!r}].copy()\nfor query in {queries!r}:\n"
         "    membership[query] = snapshot.mask(query)"),
        ("code", "volume = analysis.volume(snapshot.articles, membership, "
         f"freq={view.freq!r}, unit={view.unit!r}, keep=rows)\nfigures.volume(volume, share={view.share})"),
        ("code", f"outlets = analysis.outlets(snapshot.articles, membership, unit={view.unit!r}, keep=rows)\n"
         f"figures.outlets(outlets, share={view.share})"),
    ]  # fmt: skip
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
            "cells": [_cell(number, kind, source) for number, (kind, source) in enumerate(cells)],
        },
        indent=1,
    )


def _cell(number: int, kind: str, source: str) -> dict[str, Any]:
    cell = {"id": f"cell-{number}", "cell_type": kind, "metadata": {}, "source": source}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})
