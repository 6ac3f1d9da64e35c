"""The tables of measures, which draw themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from pressgauge.errors import PressgaugeError

if TYPE_CHECKING:
    import plotly.graph_objects as go


_OTHER_CHARTS = (
    "a measure is drawn as the dashboard draws it, by plotly, with plot(); for another chart give its table "
    "to plotly.express, such as px.bar(table, x=..., y=...)"
)
_KINDS = ("area", "bar", "barh", "box", "density", "hexbin", "hist", "kde", "line", "pie", "scatter")
"""The charts that pandas offers under `frame.plot`."""


class Plot:
    """Draws a figure when called with keywords; for the charts of pandas' own `plot` says what to write."""

    def __init__(self, draw: Callable[..., go.Figure], advice: str) -> None:
        self._draw, self._advice = draw, advice

    def __call__(self, *positional: Any, **options: Any) -> go.Figure:
        if positional:
            raise PressgaugeError(self._advice)
        return self._draw(**options)

    def __getattr__(self, name: str) -> Any:
        if name in _KINDS:
            raise PressgaugeError(self._advice)
        raise AttributeError(f"plot has no attribute {name!r}")


class Measure(pd.DataFrame):
    """The tidy table of a measure. What pandas does with it stays one, as long as it has all its columns.
    Pickled, it is a plain DataFrame.
    """

    _metadata: ClassVar[list[str]] = ["_draw"]
    _draw: Callable[..., go.Figure] | None = None

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        return of_same_kind(self, self.columns)

    def __reduce__(self) -> tuple[Any, ...]:
        return pd.DataFrame, (pd.DataFrame(self),)

    @property
    def plot(self) -> Plot:  # type: ignore[override]  # a figure instead of pandas' plots
        """`plot()` is the figure that the dashboard draws of it; its options are those of
        `pressgauge.figures`."""
        return Plot(self._figure, _OTHER_CHARTS)

    def hist(self, *_: Any, **__: Any) -> Any:
        """No histogram. Raises PressgaugeError, which says what to write."""
        raise PressgaugeError(_OTHER_CHARTS)

    boxplot = hist

    def _figure(self, **options: Any) -> go.Figure:
        if options.keys() & {"kind", "x", "y", "ax"}:
            raise PressgaugeError(_OTHER_CHARTS)
        if self._draw is None:
            raise PressgaugeError(
                "this table was put together from others; draw it with a function of pressgauge.figures, "
                "such as pressgauge.figures.volume(table)"
            )
        return self._draw(self, **options)


def drawable(table: pd.DataFrame, draw: Callable[..., go.Figure]) -> Measure:
    measure = Measure(table)
    measure._draw = draw
    return measure


def of_same_kind(frame: pd.DataFrame, needed: Iterable[str]) -> Callable[..., pd.DataFrame]:
    """The constructor for whatever pandas derives from `frame`.

    The derived frame is of the same class as long as it has the columns needed, and a plain one otherwise.
    """
    names = list(needed)

    def construct(*arguments: Any, **options: Any) -> pd.DataFrame:
        derived = pd.DataFrame(*arguments, **options)
        return type(frame)(derived) if set(names) <= set(derived.columns) else derived

    return construct
