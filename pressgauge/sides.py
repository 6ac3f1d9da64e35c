"""Two sides of a comparison: which articles are on each, which days each has, and whether they compare."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pressgauge import analysis, figures
from pressgauge.analysis.contrast import Steadiness, steadiness
from pressgauge.analysis.periods import Unit
from pressgauge.arguments import check_type
from pressgauge.errors import ArgumentError
from pressgauge.filters import Filters, keep
from pressgauge.schema import EPOCH, NO_DAY

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from pressgauge.snapshot import Snapshot

Span = tuple[date | None, date | None]
OPEN: Span = (None, None)


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """Two sides: `first` and `second` (bool arrays, filters applied), the `days` of each (int, since
    1970-01-01, sorted), and for sides of other days whether the same outlets were collected on both."""

    first: np.ndarray
    second: np.ndarray
    days: tuple[np.ndarray, np.ndarray]
    steadiness: Steadiness | None

    @property
    def steady(self) -> np.ndarray | None:
        """The rows that compare as to how much was published, where it is not all of them."""
        steadiness = self.steadiness
        return steadiness.rows if steadiness is not None and steadiness.comparison == "steady" else None

    @property
    def shared(self) -> int:
        """How many articles are on both sides."""
        return int(np.count_nonzero(self.first & self.second))


def sides(
    articles: pd.DataFrame,
    masks: tuple[np.ndarray | None, np.ndarray | None],
    spans: tuple[Span, Span],
    *,
    keep: np.ndarray,
    only_days: bool = False,
    within: Span = OPEN,
) -> Sides:
    """The sides of the articles of two `masks` (bool arrays; one may be None, everything else), whose days
    are those of `spans`, as far as anything was collected; an open end is that of `within`.

    `keep` are the rows that the filters let through. `only_days` says that the side that is not everything
    else is a span of days and no more: everything else are then the other days, without what has no date.
    Needs the columns of `analysis.contrast`, `outlet` and `day`. Raises ArgumentError for two that are None.
    """
    one_mask = masks[0] if masks[0] is not None else masks[1]
    if one_mask is None:
        raise ArgumentError("nothing to compare; expected at least one side that is not everything else")
    day = articles["day"].to_numpy()
    other_rows = ~one_mask & (day > NO_DAY) if only_days else ~one_mask
    one, other = (keep & (other_rows if mask is None else mask) for mask in masks)
    dated = day[day > NO_DAY]
    ends = (int(dated.min()), int(dated.max())) if len(dated) else (0, -1)
    days = [
        _days_of(OPEN if mask is None else span, within, ends)
        for mask, span in zip(masks, spans, strict=True)
    ]
    if only_days:
        days = [
            np.setdiff1d(of, days[1 - at]) if mask is None else of
            for at, (of, mask) in enumerate(zip(days, masks, strict=True))
        ]
    is_apart = not np.isin(days[0], days[1]).any()
    steady_rows = steadiness(articles, keep, (days[0], days[1])) if is_apart else None
    return Sides(one, other, (days[0], days[1]), steady_rows)


def sides_of(snapshot: Snapshot, first: Filters | None, second: Filters | None, *, rows: np.ndarray) -> Sides:
    """The sides of two filters, of which one may be None, everything else; `rows` are those that count.

    Raises QueryError, and ArgumentError when both are None.
    """
    both = (first, second)
    for name, side in zip(("first", "second"), both, strict=True):
        if side is not None:
            check_type(name, side, Filters, "write Filters(since=...), or None for everything else")
    masks = [None if each is None else keep(snapshot, each) for each in both]
    spans = [OPEN if each is None else (each.since, each.until) for each in both]
    days = any(each is not None and each.without("since", "until") == Filters() for each in both)
    return sides(
        snapshot.articles,
        (masks[0], masks[1]),
        (spans[0], spans[1]),
        keep=rows,
        only_days=None in both and days,
    )


def in_words(filters: Filters | None) -> str:
    """The filters of a side as a short text, "2025-01-20 to 2025-01-31, Le Monde"; "everything else"."""
    if filters is None:
        return "everything else"
    days = ""
    if filters.since and filters.until:
        days = f"{filters.since} to {filters.until}"
    elif filters.since or filters.until:
        days = f"since {filters.since}" if filters.since else f"until {filters.until}"
    values = (*filters.outlets, *filters.countries, *filters.languages, filters.query)
    text = "with their text" if filters.with_text else ""
    sure = "without doubtful dates" if filters.sure_dates else ""
    return ", ".join(filter(None, (days, *values, text, sure))) or "everything"


def _days_of(span: Span, within: Span, ends: tuple[int, int]) -> np.ndarray:
    since, until = (one or other for one, other in zip(span, within, strict=True))
    first = ends[0] if since is None else max((since - EPOCH).days, ends[0])
    last = ends[1] if until is None else min((until - EPOCH).days, ends[1])
    return np.arange(first, last + 1)


@dataclass(frozen=True, eq=False)
class Contrast:
    """Two sides, named `names`, in tables: of each the second side is held against the first.

    `volume` is `analysis.contrast` of the series, `pace` how many articles a day brings (`analysis.pace`),
    with a row "" for all; both of the steadily collected outlets only where `steadiness` says so. `outlets`
    is `analysis.contrast_by` of the found articles, with `collection` ("starts", "stops", "pauses" or null:
    what became of the outlet's collection between the sides). `lines` is `analysis.aligned`. `speakers()` is
    `analysis.contrast_speakers`, `terms()` `analysis.distinctive`: the words of the first side on top.
    """

    names: tuple[str, str]
    sides: Sides
    volume: pd.DataFrame
    pace: pd.DataFrame
    outlets: pd.DataFrame
    lines: pd.DataFrame
    speakers: Callable[[], pd.DataFrame] = field(repr=False)
    terms: Callable[[], pd.DataFrame] = field(repr=False)
    _labels: dict[str, str] = field(default_factory=dict, repr=False)
    _colors: dict[str, str] = field(default_factory=dict, repr=False)

    def plot(self, **options: Any) -> go.Figure:
        """The lines of both sides over each other, by days since each began; `options` are those of
        `figures.contrast`."""
        series = self.lines["series"].cat.rename_categories(self._labels)
        arguments = {"sides": self.names, "colors": self._colors, **options}
        return figures.contrast(self.lines.assign(series=series), **arguments)

    def _repr_html_(self) -> str:
        first, second = map(escape, self.names)
        table = self.volume.drop(columns="unit").to_html(max_rows=10, border=0, index=False)
        return f"<p><b>{first}</b> (first) against <b>{second}</b> (second)</p>{table}"


def contrast_of(
    articles: pd.DataFrame, membership: pd.DataFrame, of: Sides, *, rows: np.ndarray, unit: Unit = "articles"
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The tables `volume`, `pace`, `outlets` and `lines` of a `Contrast`; `rows` are those that count."""
    two = of.first, of.second
    in_series = np.asarray(membership.to_numpy(dtype=bool).any(axis=1))
    steady = rows if of.steady is None else of.steady
    every = pd.DataFrame({"": True, **membership}, index=articles.index)
    return (
        analysis.contrast(articles, membership, *two, unit=unit, keep=steady),
        analysis.pace(articles, every, *two, of.days, unit=unit, keep=steady),
        outlets_by_side(articles, of, keep=in_series, unit=unit),
        analysis.aligned(articles, membership, *two, of.days, unit=unit, keep=rows),
    )


def outlets_by_side(
    articles: pd.DataFrame,
    of: Sides,
    *,
    keep: np.ndarray | None = None,
    unit: Unit = "articles",
) -> pd.DataFrame:
    """`analysis.contrast_by` outlet of two sides, with `collection`: "starts", "stops", "pauses" or null."""
    table = analysis.contrast_by(articles, of.first, of.second, unit=unit, keep=keep)
    words = pd.Series(None, index=range(len(table)), dtype="str")
    if of.steadiness is not None and len(of.steadiness.moved):
        changes = of.steadiness.moved.set_index("outlet").reindex(table["outlet"].astype(object))
        for flag, word in (("gap", "pauses"), ("stops", "stops"), ("starts", "starts")):
            words[(changes[flag] == True).to_numpy()] = word  # noqa: E712 - null where an outlet has not moved
    return table.assign(collection=words)


def speakers_by_side(
    articles: pd.DataFrame,
    quotations: pd.DataFrame,
    of: Sides,
    *,
    keep: np.ndarray,
    unit: Unit = "articles",
) -> pd.DataFrame:
    """`analysis.contrast_speakers` of the kept articles of two sides."""
    first, second = (
        analysis.speakers(articles, quotations, keep=keep & side, unit=unit) for side in (of.first, of.second)
    )
    credited = articles["id"].isin(quotations["id"][quotations["name"].notna()]).to_numpy()
    return analysis.contrast_speakers(
        first, second, shared=int(np.count_nonzero(keep & of.first & of.second & credited))
    )
