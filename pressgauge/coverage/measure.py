"""The tables of measures, which draw themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from pressgauge.errors import PressgaugeError

if TYPE_CHECKING:
    import plotly.graph_objects as go


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

    def plot(self, **options: Any) -> go.Figure:  # type: ignore[override]  # a figure instead of an accessor
        """The figure that the dashboard draws of it; `options` are those of `pressgauge.figures`."""
        if options.keys() & {"kind", "x", "y", "ax"}:
            raise PressgaugeError(
                "a measure is drawn as the dashboard draws it, by plotly; for another chart give its table "
                "to plotly.express, such as px.bar(table, x=..., y=...)"
            )
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
    """Makes what pandas derives from `frame`: of its class while it has the columns needed."""
    names = list(needed)

    def construct(*arguments: Any, **options: Any) -> pd.DataFrame:
        derived = pd.DataFrame(*arguments, **options)
        return type(frame)(derived) if set(names) <= set(derived.columns) else derived

    return construct
