"""The current view as a notebook: the same filters, series and charts, as code."""

from __future__ import annotations

import json
from typing import Any

from dashboard.session.state import State


def notebook(state: State, dataset: str) -> str:
    """The view as the JSON of a Jupyter notebook (nbformat 4.5) that opens the dataset at the path
    `dataset`."""
    view = state.view
    topics = [series.key for series in state.series if series.topic]
    queries = [series.key for series in state.series if not series.topic]
    version = state.loaded.snapshot.version
    imports = (
        "from datetime import date\n\nimport pressgauge as pg\nfrom pressgauge import analysis, figures\n"
        "from pressgauge.filters import Filters, keep"
    )
    loading = (
        f"dataset = pg.open({dataset!r})\nsnapshot = dataset.snapshot()\n"
        f"rows = keep(snapshot, {view.filters.as_code()})"
    )
    if state.field is not None:
        loading += f"\nrows &= snapshot.membership[{state.field.name!r}].to_numpy()"
    compared = (
        f"membership = snapshot.membership[{topics!r}].copy()\nfor query in {queries!r}:\n"
        f"    membership[query] = snapshot.mask(query{', about=True' if view.about else ''})"
    )
    if view.about and topics:
        compared += (
            "\nfor topic in snapshot.topics:\n    if topic.name in membership:\n"
            "        membership[topic.name] = snapshot.mask(topic.query, about=True)"
        )
    volume = (
        f"volume = analysis.volume(snapshot.articles, membership, freq={view.freq!r}, unit={view.unit!r}, "
        "keep=rows)\n"
        f"figures.volume(volume, share={view.share})"
    )
    outlets = (
        f"outlets = analysis.outlets(snapshot.articles, membership, unit={view.unit!r}, keep=rows)\n"
        f"figures.outlets(outlets, share={view.share})"
    )
    title = f"# Press coverage\n\nMade from dataset version {version}; a later version may count more."
    cells = [_cell(0, "markdown", title)]
    cells += [
        _cell(n, "code", code) for n, code in enumerate((imports, loading, compared, volume, outlets), 1)
    ]
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
            "cells": cells,
        },
        indent=1,
    )


def _cell(number: int, kind: str, source: str) -> dict[str, Any]:
    cell = {"id": f"cell-{number}", "cell_type": kind, "metadata": {}, "source": source}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})
