"""Files that a visitor takes along: the articles, the charts' numbers, a report, a notebook."""

from __future__ import annotations

import io
from collections.abc import Callable

import pandas as pd
import panel as pn
import panel_material_ui as pmui

from dashboard.markup import Markup
from dashboard.notebook import notebook
from dashboard.report import citation, report
from dashboard.state import State
from dashboard.views import outlets, volume
from pressgauge.export import csv


class Takeaway:
    """Download buttons and the link of the view; `panel` is shown below the filters."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._cited = Markup(margin=(4, 12, 20, 12))
        files = (
            ("Report (HTML)", "pressgauge-report.html", lambda: report(state, _address()).encode()),
            ("Notebook", "pressgauge-view.ipynb", lambda: notebook(state, str(state.loaded.path)).encode()),
            ("Articles (CSV)", "pressgauge-articles.csv", lambda: csv(self._articles()).encode()),
            ("Articles (Parquet)", "pressgauge-articles.parquet", lambda: parquet(self._articles())),
            ("Volume table (CSV)", "pressgauge-volume.csv", lambda: csv(volume.table(state)).encode()),
            ("Outlets table (CSV)", "pressgauge-outlets.csv", lambda: csv(outlets.table(state)).encode()),
        )
        buttons = [_download(label, name, make) for label, name, make in files]
        self.panel = [
            Markup("<h2>Take it with you</h2>", margin=(18, 12, 0, 12)),
            pn.FlexBox(*buttons, margin=(4, 8)),
            self._cited,
        ]

    def update(self) -> None:
        self._cited.html = f'<p class="quiet">Cite as: {citation(self._state)}</p>'

    def _articles(self) -> pd.DataFrame:
        return self._state.loaded.snapshot.articles.iloc[self._state.rows(self._state.view.selection)]


def _download(label: str, filename: str, make: Callable[[], bytes]) -> pmui.FileDownload:
    return pmui.FileDownload(
        label=label,
        filename=filename,
        callback=lambda: io.BytesIO(make()),
        variant="text",
        size="small",
        margin=2,
    )


def parquet(frame: pd.DataFrame) -> bytes:
    return frame.to_parquet(index=False)


def _address() -> str:
    location = pn.state.location
    return f"{location.href}" if location is not None else ""
