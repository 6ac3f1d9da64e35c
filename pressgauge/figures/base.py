"""What all figures share: escaping, the frame around a plot, labels that do not overlap."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache, update_wrapper
from typing import Any, Generic, ParamSpec, cast

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from pressgauge.errors import ArgumentError, PressgaugeError
from pressgauge.palette import DARK, LIGHT, Theme
from pressgauge.unicode import steady_line

P = ParamSpec("P")
Plain = dict[str, Any]
Columns = dict[str, Any]
PERIOD = {"D": "day", "W": "week", "M": "month", "Y": "year"}
_NAME = 60
"""Up to so many characters, a text is taken for a name that many points tell, and is remembered."""
_FEW = 5
"""Up to so many, plotly would divide an axis of counts by halves or fifths."""


def safe(text: object, limit: int = 60) -> str:
    """Text as plotly shows it literally: it renders a subset of HTML, and TeX between dollar signs.

    >>> safe("<b>R&D</b> $x$")
    '&lt;b&gt;R&amp;D&lt;/b&gt; &#36;x&#36;'
    """
    words = str(text)
    return _remembered(words, limit) if len(words) <= _NAME else _escape(words, limit)


def _escape(text: str, limit: int) -> str:
    plain = steady_line(text)
    if len(plain) > limit:
        plain = plain[: limit - 1].rstrip() + "…"
    return html.escape(plain, quote=False).replace("$", "&#36;")


_remembered = lru_cache(1024)(_escape)  # the names of lines and outlets, which every point of a line tells


def day(value: date | pd.Timestamp) -> str:
    """A date as readers write it: 14 Feb 2025."""
    return f"{value.day} {value:%b %Y}"


def local_days(moments: pd.Series | pd.DatetimeIndex) -> np.ndarray:
    """The days (datetime64[D]) of moments with or without a time zone, in theirs."""
    naive = cast("pd.arrays.DatetimeArray", moments.array).tz_localize(None)
    return np.asarray(naive).astype("datetime64[D]")


def iso(dates: pd.Series | pd.DatetimeIndex | np.ndarray) -> list[str]:
    """Days (datetime64), or moments with or without a time zone, as the days that plotly reads:
    2025-02-14."""
    days = dates if isinstance(dates, np.ndarray) else local_days(dates)
    return days.astype("datetime64[D]").astype(str).tolist()


def columns(table: pd.DataFrame, names: Iterable[str]) -> Columns:
    """Columns as arrays, of which a part is taken much faster than of a table; moments as their local days
    (datetime64[D])."""
    return {name: local_days(table[name]) if name in _MOMENTS else table[name].to_numpy() for name in names}


def rows_where(of: Columns, mask: np.ndarray) -> Columns:
    """The rows of a bool array."""
    return {name: values[mask] for name, values in of.items()}


def theme(dark: bool) -> Theme:
    return DARK if dark else LIGHT


def frame(
    title: str, *, dark: bool, height: int = 380, note: str = "", least_width: int | None = None
) -> dict[str, Any]:
    """The layout of a figure on a transparent background. `title` and `note` must be safe already.

    `least_width` (pixels) is what a page that is narrower should scroll; it stands in the layout's meta.
    """
    colors = theme(dark)
    axis = {
        "gridcolor": colors.grid,
        "linecolor": colors.quiet,
        "zerolinecolor": colors.quiet,
        "tickcolor": colors.quiet,
        "automargin": True,
    }
    below = {
        "text": note,
        "name": "note",
        **{"x": 0, "xref": "paper", "xanchor": "left", "y": 0, "yref": "paper", "yanchor": "top"},
        "yshift": -44,
        "showarrow": False,
        "font": {"size": 11, "color": colors.quiet},
    }
    return {
        "title": {"text": title, "x": 0, "xref": "paper", "xanchor": "left", "font": {"size": 15}},
        "font": {"color": colors.ink, "size": 13},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hoverlabel": {"bgcolor": colors.paper, "font": {"color": colors.ink}, "namelength": 0},
        "legend": {"orientation": "h", "y": -0.16, "yanchor": "top", "x": 0},
        "margin": {"l": 50, "r": 20, "t": 56, "b": 76 if note else 44},
        "height": height,
        "xaxis": {**axis},
        "yaxis": {**axis},
        "showlegend": False,
        "separators": ".,",
        "uirevision": "pressgauge",
        "template": {},
        "meta": {"least_width": least_width},
        "annotations": [below] if note else [],
    }


_MOMENTS = (
    *("date", "period", "until", "start", "end", "first", "last", "published"),
    *("gap_since", "gap_until", "hour"),
)
_LABELS = ("series", "outlet", "country", "language", "domain", "source")


def _with_types(table: Any) -> Any:
    """An argument of a figure; a table with the types of a measure also where it was read from a file, or
    made by hand of texts and dates. Raises PressgaugeError for what is no moment."""
    if not isinstance(table, pd.DataFrame):
        return table
    pair = ["first", "second"] if "second" in table else []  # the first is a series then
    typed: dict[str, Any] = {
        name: _moments(table[name])
        for name in _MOMENTS
        if name in table and name not in pair and table[name].dtype.kind != "M"
    }
    for names in (*([name] for name in _LABELS if name in table), pair):
        if any(pd.api.types.is_string_dtype(table[name].dtype) for name in names):
            each = pd.unique(table[names].to_numpy(dtype=object).ravel())
            typed |= {name: pd.Categorical(table[name], each[pd.notna(each)]) for name in names}
    return table.assign(**typed) if typed else table


def _moments(column: pd.Series) -> pd.Series:
    """Raises PressgaugeError."""
    moments = pd.to_datetime(column.astype("string"), utc=True, format="ISO8601", errors="coerce")
    wrong = column[moments.isna() & column.notna()]
    if len(wrong):
        raise PressgaugeError(
            f"the table's {column.name} should hold days such as 2025-02-14, not {str(wrong.iloc[0])[:40]!r}"
        )
    return moments


def one_measure(table: pd.DataFrame, keys: Sequence[str]) -> None:
    """Raises PressgaugeError where a table is several measures on end: with counts of several things or by
    several periods, or with a second row of the same keys."""
    for name in {"unit", "freq"} & {*table}:
        values = table[name].unique()
        if len(values) > 1 and len(values := values[pd.notna(values)]) > 1:
            words = " and ".join(map(str, values))
            raise PressgaugeError(f"the table has counts of {name} {words}; draw each by itself")
    number = np.zeros(len(table), dtype=np.int64)
    for name in keys:
        code = _codes(table[name])
        number = number * (int(code.max(initial=0)) + 1) + code
    if len(np.unique(number)) < len(number):
        raise PressgaugeError(
            f"the table has several rows of one {' and '.join(keys)}; instead of putting measures on end, "
            "measure one comparison: compare(one, other)"
        )


def _codes(column: pd.Series) -> np.ndarray:
    """A number (int64, from 0) of each value of a column."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy(dtype=np.int64) + 1
    return pd.factorize(column, use_na_sentinel=False)[0].astype(np.int64)


class Drawing(Generic[P]):
    """Makes a picture of a table: as a plotly Figure when called, or with `json` as plotly.js reads it.

    `draw` gives plain traces and a layout. Plotly would look at every value again, which takes five times as
    long as the rest of a figure: that all are valid is what the tests say.
    """

    def __init__(self, draw: Callable[P, Plain]) -> None:
        self._draw = draw
        update_wrapper(self, draw)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> go.Figure:
        typed = (_with_types(each) for each in args)
        typed_by_name = {name: _with_types(each) for name, each in kwargs.items()}
        plain = self._plain(*typed, **typed_by_name)
        return go.Figure(plain, _validate=False)

    def _plain(self, *args: P.args, **kwargs: P.kwargs) -> Plain:
        """Raises PressgaugeError where what is to be drawn is not the measure's table."""
        name = self._draw.__name__
        if args and not isinstance(args[0], pd.DataFrame):
            kind = type(args[0]).__name__
            raise PressgaugeError(f"figures.{name} draws the table of a measure, not a {kind}")
        try:
            return self._draw(*args, **kwargs)
        except (KeyError, AttributeError) as error:
            row = isinstance(error, AttributeError) and isinstance(error.obj, tuple)  # of itertuples
            if not row and not isinstance(error, KeyError):
                raise
            lacking = error.name if isinstance(error, AttributeError) else error.args[0]
            lacking = ", ".join(lacking) if isinstance(lacking, pd.Index) else lacking
            raise PressgaugeError(
                f"figures.{name} draws the table of a measure; the one given lacks {lacking}"
            ) from error

    def json(self, *args: P.args, **kwargs: P.kwargs) -> str:
        """The figure's JSON, without plotly, whose first figure alone takes a fifth of a second."""
        plain = self._draw(*args, **kwargs)
        return json.dumps(plain, default=_encode, allow_nan=False, separators=(",", ":"))


def _encode(value: Any) -> Any:
    """A number of numpy as one of JSON, an array of numbers as plotly.js reads it fastest: base64."""
    if isinstance(value, np.generic):
        return value.item()
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "iuf":
        raise ArgumentError(f"a figure holds {type(value)}; expected plain values and arrays of numbers")
    # plotly.js knows no integers of 64 bits.
    numbers = value.astype(
        "<f8" if value.dtype.kind == "f" or np.abs(value).max(initial=0) >= 2**31 else "<i4"
    )
    encoding = {"dtype": numbers.dtype.str[1:], "bdata": base64.b64encode(numbers.tobytes()).decode("ascii")}
    return encoding if value.ndim == 1 else encoding | {"shape": ", ".join(map(str, value.shape))}


def title_of(unit: str, where: str, base: str, *, share: bool) -> str:
    """What a chart of counts or shares shows, and of what: `base` in words, or the counted `unit`."""
    of = safe(base, 90) if base else f"the counted {unit}"
    if share:
        return f"Share of {of} {where}, with 95% intervals"
    return f"Number of {unit} {where}" + (f", of {of}" if base else "")


def value_axis(highest: float = np.inf, *, share: bool) -> dict[str, Any]:
    """How an axis of counts, means or shares is written, from 0 on: between few articles there are no
    fractions. `highest` is the highest of counts; means, which have fractions, have none."""
    if share:
        return {"tickformat": ".1~%", "rangemode": "tozero"}
    whole = {"dtick": 1} if highest <= _FEW else {}
    return {"tickformat": ",~r", "rangemode": "tozero", **whole}


def figure(data: list[dict[str, Any]], layout: dict[str, Any]) -> Plain:
    """A figure of plain traces and a layout made by `frame`."""
    return {"data": data, "layout": layout}


def empty(title: str, message: str, *, dark: bool) -> Plain:
    """A figure that says why there is nothing to see."""
    layout = frame(title, dark=dark)
    for axis in ("xaxis", "yaxis"):
        layout[axis]["visible"] = False
    place = {"x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper", "showarrow": False}
    layout["annotations"].append({"text": message, **place})
    return figure([], layout)


def around(axis: dict[str, Any], first: pd.Timestamp, last: pd.Timestamp, room: pd.Timedelta) -> None:
    """Give a time axis whose points are all at one moment some room: plotly would draw milliseconds."""
    axis["range"] = [f"{at:%Y-%m-%d %H:%M}".removesuffix(" 00:00") for at in (first - room, last + room)]


def spread(positions: Sequence[float], gap: float, top: float) -> list[float]:
    """Move label positions apart to at least `gap`, keeping their order, from 0 up to `top` where there is
    room."""
    order = sorted(range(len(positions)), key=lambda at: positions[at])
    places = [0.0] * len(positions)
    low = -gap
    for at in order:
        low = max(positions[at], low + gap)
        places[at] = low
    high = max(top, gap * (len(positions) - 1)) + gap
    for at in reversed(order):
        high = min(places[at], high - gap)
        places[at] = high
    return places
