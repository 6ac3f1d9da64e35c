"""A Plotly figure on the page.

Panel's own Plotly pane is restyled by panel-material-ui after every render: margins, legend and marker sizes
of the figure are overwritten, which shrinks a plot on a phone to half its height. This component draws the
figure as given, and offers it and the table it was drawn from as files.
"""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
import param
import plotly.graph_objects as go
from panel.io.resources import CDN_DIST
from panel.util import classproperty

from dashboard.components import safe
from dashboard.components.browser.component import Component
from dashboard.components.charts.library import LIBRARY
from dashboard.components.charts.snippet import snippet
from dashboard.downloads.tables import FORMATS, rows

_ASSETS = Path(__file__).parents[2] / "assets"
_SCRIPTS = [(_ASSETS / name).read_text(encoding="utf-8") for name in ("narrow.js", "chart.js")]


class Chart(Component):
    """Draws `figure` (the JSON of a plotly Figure); clicks, and boxes drawn with the mouse where `boxes` is
    set, are messages to `on_event`. `table` makes the DataFrame that the figure shows."""

    figure = param.String(default="{}")
    description = param.String(default="Chart", doc="What a screen reader says in place of the picture.")
    filename = param.String(default="pressgauge")
    caption = param.String(default="", doc="Stands below the saved picture: what it was made from.")
    boxes = param.Boolean(default=False)
    tabular = param.Boolean(default=False)

    _esm = "\n".join(_SCRIPTS)
    _stylesheets: ClassVar[list[str]] = [
        f"{CDN_DIST}css/models/plotly.css",
        (_ASSETS / "chart.css").read_text(encoding="utf-8"),
    ]

    @classproperty
    def __javascript__(cls) -> list[str]:  # noqa: N805 - asked anew each time
        if "ipykernel" not in sys.modules:
            return [f"vendor/{LIBRARY.name}"]
        # Into a notebook Panel writes its own scripts only.
        from panel.models.plotly import PlotlyPlot

        return PlotlyPlot.__javascript__

    def __init__(
        self,
        on_event: Callable[[dict[str, Any]], None] | None = None,
        table: Callable[[], pd.DataFrame] | None = None,
        **params: Any,
    ) -> None:
        params.setdefault("sizing_mode", "stretch_width")
        super().__init__(tabular=table is not None, **params)
        self._on_event, self._table = on_event, table

    def show(  # type: ignore[override]
        self, figure: go.Figure | str, description: str, caption: str = ""
    ) -> None:
        """Replace the picture, given as a figure or as its JSON; nothing is sent when it is the same."""
        figure_json = figure if isinstance(figure, str) else figure.to_json()
        self.param.update(description=description, caption=caption, figure=figure_json)

    def _handle_msg(self, data: Any) -> None:
        if not isinstance(data, dict):
            return
        if data.get("kind") == "rows" and self._table is not None:
            table = rows(self._table())
            table["columns"] = [safe.bare(name) for name in table["columns"]]
            table["rows"] = [
                [safe.bare(cell) if isinstance(cell, str) else cell for cell in row] for row in table["rows"]
            ]
            self._send_msg({"table": table})
        elif data.get("kind") == "table" and self._table is not None:
            if (kind := data.get("format")) in FORMATS:
                self._send_file(kind, FORMATS[kind](self._table()))
        elif data.get("kind") == "snippet":
            self._send_file("html", snippet(self.figure, self.description, self.caption).encode("utf-8"))
        elif self._on_event is not None:
            self._on_event(data)

    def _send_file(self, kind: str, content: bytes) -> None:
        text = base64.b64encode(content).decode("ascii")
        self._send_msg({"name": f"{self.filename}.{kind}", "data": text})
