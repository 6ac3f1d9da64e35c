"""A Plotly figure on the page, drawn by the plotly.js that Panel carries.

Panel's own Plotly pane is restyled by panel-material-ui after every render: margins, legend and marker sizes
of the figure are overwritten, which shrinks a plot on a phone to half its height. This component draws the
figure as given.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import panel as pn
import param
import plotly.graph_objects as go
from panel.io.resources import CDN_DIST
from panel.models.plotly import PlotlyPlot


class Chart(pn.custom.JSComponent):
    """Draws `figure` (the JSON of a plotly Figure) and reports clicks as messages to `on_event`."""

    figure = param.String(default="{}")
    description = param.String(default="Chart", doc="What a screen reader says in place of the picture.")
    filename = param.String(default="pressgauge")
    image_format = param.Selector(default="png", objects=["png", "svg"])

    _esm = Path(__file__).parent / "assets" / "chart.js"
    _stylesheets: ClassVar[list[str]] = [f"{CDN_DIST}css/models/plotly.css"]
    __javascript__: ClassVar[list[str]] = PlotlyPlot.__javascript__

    def __init__(self, on_event: Callable[[dict[str, Any]], None] | None = None, **params: Any) -> None:
        params.setdefault("sizing_mode", "stretch_width")
        super().__init__(**params)
        self._on_event = on_event

    def show(self, figure: go.Figure, description: str) -> None:
        """Replace the picture; nothing is sent when it is the same."""
        self.param.update(description=description, figure=figure.to_json())

    def _handle_msg(self, data: Any) -> None:
        if self._on_event is not None and isinstance(data, dict):
            self._on_event(data)
