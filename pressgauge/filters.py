"""Filters: which articles count, as one value that the app, a URL and a notebook share."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pressgauge.analysis.periods import counted_once
from pressgauge.arguments import check_query, check_type
from pressgauge.bitmaps.index import BitmapIndex, Rows
from pressgauge.errors import ArgumentError
from pressgauge.schema import EPOCH, NO_DAY

if TYPE_CHECKING:
    from pressgauge.snapshot import Snapshot

ONLY_TITLES = ("title_only",)
DOUBTFUL = 60
"""A part of an article that was read with less confidence than so many percent is doubtful."""
_COLUMN = {"outlets": "outlet", "countries": "country", "languages": "language"}


@dataclass(frozen=True, slots=True)
class Filters:
    """A restriction of the articles; an empty field restricts nothing.

    `since` and `until` are UTC days, both included; an article without a date is outside any of them. They
    may be given as ISO 8601 text or as a moment, too, of which the UTC day counts.
    `outlets`, `countries` and `languages` hold values of those columns; `query` is a search query;
    `with_text` leaves out the articles of which only the title is known (`partial` is 'title_only'),
    `sure_dates` those whose date is doubtful (`published_confidence` is below DOUBTFUL; where it is null
    nothing speaks against the date). Raises ArgumentError.
    """

    since: date | None = None
    until: date | None = None
    outlets: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    query: str = ""
    with_text: bool = False
    sure_dates: bool = False

    def __post_init__(self) -> None:
        for name in ("since", "until"):
            object.__setattr__(self, name, _utc_day(name, getattr(self, name)))
        for name in _COLUMN:
            values = getattr(self, name)
            if isinstance(values, str) or not isinstance(values, Iterable):
                raise ArgumentError(f"{name} is {values!r}; expected a tuple of texts: {name}=({values!r},)")
            object.__setattr__(self, name, tuple(values))
        check_query(self.query, "Filters(query='\"open source\"')")

    def without(self, *names: str) -> Filters:
        """The same filters with the named fields empty: a chart ignores the filter of its own dimension."""
        values = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in names}
        return Filters(**values)

    def as_code(self) -> str:
        """A Python expression that builds these filters again."""
        arguments = (
            f"{f.name}={getattr(self, f.name)!r}" for f in fields(self) if getattr(self, f.name) != f.default
        )
        return f"Filters({', '.join(arguments)})".replace("datetime.date(", "date(")


def keep(snapshot: Snapshot, filters: Filters) -> np.ndarray:
    """Bool array over the rows of `snapshot.articles`: True where every filter lets the article through.

    Raises QueryError when `filters.query` cannot be parsed.
    """
    if not hasattr(snapshot, "articles"):
        raise ArgumentError(
            f"keep takes a snapshot, not a {type(snapshot).__name__}; write keep(dataset.snapshot(), filters)"
        )
    check_type("filters", filters, Filters, 'write keep(snapshot, Filters(languages=("en",)))')
    rows = let_through(snapshot.articles, filters)
    if filters.query:
        rows &= snapshot.mask(filters.query)
    return rows


def let_through(table: pd.DataFrame, filters: Filters) -> np.ndarray:
    """Bool array over the rows of a table with the columns that are asked for, and `day`: True where every
    filter but the query lets them through."""
    rows = np.ones(len(table), dtype=bool)
    if filters.since or filters.until:
        rows &= within(table, filters.since, filters.until)
    for name, column in _COLUMN.items():
        if values := getattr(filters, name):
            rows &= _has_value(table[column], values)
    if filters.with_text:
        rows &= ~only_titles(table)
    if filters.sure_dates:
        rows &= ~doubtful_dates(table)
    return rows


def kept_rows(index: BitmapIndex, filters: Filters) -> Rows:
    """`let_through` as a set of the index."""
    rows = index.all - index.values("partial", ONLY_TITLES) if filters.with_text else index.all
    if filters.since or filters.until:
        rows = rows & index.days(filters.since, filters.until)
    for name, column in _COLUMN.items():
        if values := getattr(filters, name):
            rows = rows & index.values(column, values)
    if filters.sure_dates:
        rows = rows - doubtful_rows(index)
    return rows


def only_titles(articles: pd.DataFrame) -> np.ndarray:
    """Bool array: the articles of which no more than the title is known. Needs the column `partial`."""
    return _has_value(articles["partial"].astype("category"), ONLY_TITLES)


def doubtful_dates(articles: pd.DataFrame) -> np.ndarray:
    """Bool array: the articles whose date was read with less confidence than DOUBTFUL. Needs the column
    `published_confidence`."""
    sure: np.ndarray = articles["published_confidence"].to_numpy(dtype=np.float64, na_value=np.nan)
    return sure < DOUBTFUL


def doubtful_rows(index: BitmapIndex) -> Rows:
    """`doubtful_dates` as a set of the index."""
    return index.rows("doubtful dates", lambda: index.mask(doubtful_dates(index.articles)))


def within(articles: pd.DataFrame, since: date | None, until: date | None) -> np.ndarray:
    """Bool array: dated rows with since <= day <= until; None is open. Needs the column `day`."""
    day = articles["day"].to_numpy()
    inside = day > NO_DAY
    if since:
        inside &= day >= _day_number(since)
    if until:
        inside &= day <= _day_number(until)
    return inside


def behind(
    articles: pd.DataFrame,
    member: np.ndarray | None,
    *,
    keep: np.ndarray,
    since: date | None = None,
    until: date | None = None,
    outlet: str | None = None,
    story: int | None = None,
    event: int | None = None,
    unit: str = "articles",
) -> np.ndarray:
    """Row numbers of the articles behind one counted number, newest first, undated last.

    `member` is the series' bool column (None: any article), `since`/`until` the UTC days of its period, both
    included. With unit "stories" each story is represented by its earliest row, and with "events" each event,
    so the length is the number counted.
    """
    rows = keep if member is None else keep & member
    row_numbers = np.flatnonzero(rows & selection_mask(articles, since, until, outlet, story, event))
    published = articles["published"].iloc[row_numbers].to_numpy("datetime64[us]")
    order = np.argsort(published, kind="stable")  # NaT sorts last
    dated = int(np.count_nonzero(~np.isnat(published)))
    if (once := counted_once(articles, unit)) is not None:
        order, dated = _first_of_each(once[row_numbers], order, published)
    return row_numbers[np.concatenate([order[:dated][::-1], order[dated:]])]


def selection_mask(
    articles: pd.DataFrame,
    since: date | None = None,
    until: date | None = None,
    outlet: str | None = None,
    story: int | None = None,
    event: int | None = None,
) -> np.ndarray:
    """Bool array: the articles of these UTC days (both included), outlet, story and event; None is any."""
    rows = np.ones(len(articles), dtype=bool)
    if since or until:
        rows &= within(articles, since, until)
    if outlet is not None:
        rows &= _has_value(articles["outlet"], (outlet,))
    if story is not None:
        rows &= articles["story"].to_numpy() == story
    if event is not None:
        rows &= articles["event"].to_numpy() == event
    return rows


def _first_of_each(once: np.ndarray, order: np.ndarray, published: np.ndarray) -> tuple[np.ndarray, int]:
    """The first of the articles with the same number, in order, and how many of these are dated."""
    _, first = np.unique(once[order], return_index=True)
    order = order[np.sort(first)]
    return order, int(np.count_nonzero(~np.isnat(published[order])))


def _utc_day(name: str, value: Any) -> date | None:
    """A day as it was given, as ISO 8601 text or as a moment."""
    try:
        value = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise ArgumentError(f"{name} is {value!r}; expected a day such as 2025-01-31") from None
    if isinstance(value, datetime) and not pd.isna(value):
        return (value.astimezone(UTC) if value.tzinfo else value).date()
    if value is None or type(value) is date:
        return value
    raise ArgumentError(f"{name} is {value!r}; expected a day: datetime.date(2025, 1, 31)")


def _day_number(value: date) -> int:
    return (value - EPOCH).days


def _has_value(column: pd.Series, values: Collection[str]) -> np.ndarray:
    """Membership by category code: one pass over small integers whatever the length of the names."""
    is_value = np.append(column.cat.categories.isin(list(values)), False)  # the last is that of -1, unknown
    return is_value[column.cat.codes.to_numpy()]
