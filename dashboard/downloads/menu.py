"""What a visitor takes along: the link, the articles, a report, a notebook, the citation."""

from __future__ import annotations

import panel as pn

from dashboard.components.markup import Markup, copier
from dashboard.downloads.button import download_button
from dashboard.downloads.citation import article_table, citation
from dashboard.downloads.notebook import notebook
from dashboard.downloads.report import report
from dashboard.downloads.tables import FORMATS
from dashboard.session.state import State


class Takeaway:
    """Download buttons and the link of the view, shown below the filters. Charts carry their own."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._cited = Markup(margin=(4, 12, 20, 12))
        files = (
            ("Report (HTML)", "pressgauge-report.html", lambda: report(state, self._address()).encode()),
            ("Notebook", "pressgauge-view.ipynb", lambda: notebook(state, str(state.loaded.path)).encode()),
            ("Articles (CSV)", "pressgauge-articles.csv", lambda: FORMATS["csv"](article_table(state))),
            (
                "Articles (Parquet)",
                "pressgauge-articles.parquet",
                lambda: FORMATS["parquet"](article_table(state)),
            ),
        )
        self.panel = [
            Markup(
                f"<h2>Take it with you</h2><p>{copier('Copy link to this view')}</p>", margin=(18, 12, 0, 12)
            ),
            pn.Row(
                *(download_button(*each) for each in files),
                styles={"flex-wrap": "wrap"},
                sizing_mode="stretch_width",
                margin=(4, 8),
            ),
            self._cited,
        ]

    def update(self) -> None:
        self._cited.html = f'<p class="quiet">Cite as: {citation(self._state)}</p>'

    def _address(self) -> str:
        location = pn.state.location
        return f"{location.href.partition('?')[0]}?{self._state.view.to_query()}" if location else ""
