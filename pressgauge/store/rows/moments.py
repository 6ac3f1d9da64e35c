"""Dates as people have them in a frame, read as moments in UTC only where they can mean one thing."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from dateutil import parser

from pressgauge.errors import DatasetError

_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?) ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII | re.IGNORECASE,
)
_COMPACT = re.compile(r"((?:1[6-9]|20)\d\d)(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)Z?)?", re.ASCII | re.IGNORECASE)
_WORDS = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)|january|february|march"
    r"|april|june|july|august|september|october|november|december|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|[ap]m|st|nd|rd|th|of|at|t|z|utc|gmt",
    re.IGNORECASE,
)
"""Words of a date that mean one thing; EST and MST, say, are several zones."""
_LONGEST = 60
_EXAMPLES = (datetime(2001, 3, 5), datetime(2004, 8, 11))
"""What is missing in a date is taken from both of these, so that it shows."""


class Moments(NamedTuple):
    """The values of a column in UTC, and as the clock of their own zone shows them (datetime64[us], NaT where
    there is none); and which values do not mean one moment (bool)."""

    utc: np.ndarray
    clock: np.ndarray
    is_refused: np.ndarray


def moments(name: str, values: pd.Series) -> Moments:
    """Read a column of dates, named in messages.

    Taken are what pandas and Python hold as dates, days and moments, with a zone or else in UTC; ISO 8601
    texts; and other texts that mean one day, whichever way they are read ("20 Jan 2025 09:30 GMT", but not
    03/04/2025). Raises DatasetError for a column of numbers, or of periods longer than a day, with what to
    write for it.
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.cat.categories.dtype)
    if isinstance(values.dtype, pd.PeriodDtype):
        values = _period_starts(name, values)
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        utc = values.dt.tz_convert("UTC").dt.tz_localize(None)
        clock = values.dt.tz_localize(None)
        return Moments(_to_microseconds(utc), _to_microseconds(clock), np.zeros(len(values), bool))
    if isinstance(values.dtype, np.dtype) and values.dtype.kind == "M":
        return Moments(_to_microseconds(values), _to_microseconds(values), np.zeros(len(values), bool))
    return _one_by_one(name, values)


def _to_microseconds(values: pd.Series) -> np.ndarray:
    return values.to_numpy().astype("datetime64[us]")


def _period_starts(name: str, values: pd.Series) -> pd.Series:
    if any(map(_longer_than_a_day, values.dropna()[:1])):
        raise DatasetError(
            f"{name} holds periods ({values.dtype}), which are longer than a day; if their first days are "
            f'meant, write frame["{name}"] = frame["{name}"].dt.to_timestamp()'
        )
    return values.dt.to_timestamp()


def _longer_than_a_day(period: pd.Period) -> bool:
    return period.end_time - period.start_time >= pd.Timedelta(days=1)


def _one_by_one(name: str, values: pd.Series) -> Moments:
    utc = np.full(len(values), "NaT", dtype="datetime64[us]")
    is_refused, given = np.zeros(len(values), bool), values.to_numpy(object)
    is_plain = np.fromiter((type(each) is datetime and each.tzinfo is UTC for each in given), bool)
    utc[is_plain] = [each.replace(tzinfo=None) for each in given[is_plain]]  # as what is collected has them
    clock, number = utc.copy(), None
    for at in np.flatnonzero(~is_plain).tolist():
        value = given[at]
        if value is None or value is pd.NaT or value is pd.NA or value != value:
            continue
        try:
            utc[at], clock[at] = _parse_moment(value)
        except (ValueError, OverflowError):
            is_refused[at] = True
            if isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool):
                number = value
    if number is not None and np.isnat(utc).all():
        raise DatasetError(_of_numbers(name, float(number)))
    return Moments(utc, clock, is_refused)


def _of_numbers(name: str, number: float) -> str:
    digits = f"{number:.0f}"
    column, size = f'frame["{name}"]', abs(number)
    if _COMPACT.fullmatch(digits):
        arguments, meaning = f'{column}.astype(str), format="%Y%m%d"', "dates such as 20250120"
    elif number in _YEARS:
        arguments = f'{column}.astype("Int64").astype("str"), format="%Y"'
        meaning = "years, and their first days are meant"
    else:
        unit, meaning = next((each for below, *each in _COUNTS if size < below), _NANOSECONDS)
        arguments = f"{column}, {unit}"
    return (
        f"{name} holds numbers, such as {number:.16g}, which do not say what they count; if they are "
        f"{meaning}, write {column} = pd.to_datetime({arguments}, utc=True)"
    )


_YEARS = range(1600, 2101)
# Up to which size a number is most likely a count of what, for moments between about 1950 and 2100.
_COUNTS = (
    (25_000, 'unit="D"', "days since 1970"),
    (100_000, 'unit="D", origin="1899-12-30"', "days as spreadsheets count them"),
    (10**11, 'unit="s"', "seconds since 1970"),
    (10**14, 'unit="ms"', "milliseconds since 1970"),
    (10**17, 'unit="us"', "microseconds since 1970"),
)
_NANOSECONDS = ('unit="ns"', "nanoseconds since 1970")


def _parse_moment(value: Any) -> tuple[np.datetime64, np.datetime64]:
    """(in UTC, as its own clock shows it). Raises ValueError for what means no moment, or several."""
    if isinstance(value, str):
        return _of_text(value.strip())
    if isinstance(value, datetime):
        return _of_datetime(value)
    if isinstance(value, date):
        day = np.datetime64(value, "us")
        return day, day
    if isinstance(value, np.datetime64):
        moment = value.astype("datetime64[us]")
        return moment, moment
    if isinstance(value, pd.Period) and not _longer_than_a_day(value):
        return _of_datetime(value.to_timestamp())
    raise ValueError


def _of_datetime(value: datetime) -> tuple[np.datetime64, np.datetime64]:
    clock = np.datetime64(value.replace(tzinfo=None), "us")
    offset = value.utcoffset() or timedelta()
    return clock - np.timedelta64(offset, "us"), clock


@lru_cache(maxsize=10_000)
def _of_text(text: str) -> tuple[np.datetime64, np.datetime64]:
    if iso := _ISO.fullmatch(text):
        day, time, zone = iso.groups()
        clock = np.datetime64(f"{day}T{(time or '00:00').replace(',', '.')}"[:26], "us")
        return clock - _parse_offset(zone), clock
    if compact := _COMPACT.fullmatch(text):
        year, month, day, *time = compact.groups()
        clock = np.datetime64(f"{year}-{month}-{day}T{':'.join(time) if time[0] else '00:00:00'}", "us")
        return clock, clock
    if len(text) > _LONGEST or any(not _WORDS.fullmatch(word) for word in re.findall(r"[^\W\d_]+", text)):
        raise ValueError
    readings = {
        parser.parse(text, default=example, dayfirst=dayfirst, yearfirst=yearfirst)
        for example in _EXAMPLES
        for dayfirst in (False, True)
        for yearfirst in (False, True)
    }
    if len(readings) > 1:
        raise ValueError
    return _of_datetime(readings.pop())


def _parse_offset(zone: str | None) -> np.timedelta64:
    if zone is None or zone.isalpha():
        return np.timedelta64(0, "us")
    hours, minutes = int(zone[1:3]), int(zone[-2:]) if len(zone) > 3 else 0
    return np.timedelta64((-1 if zone[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes), "us")


def day_of(clock: np.ndarray) -> np.ndarray:
    """The midnight (datetime64[us]) of each day."""
    return clock.astype("datetime64[D]").astype("datetime64[us]")


def as_utc(moments: np.ndarray) -> pd.Series:
    """The moments as a column of datetime64[us, UTC]."""
    return pd.Series(moments).astype("datetime64[us]").dt.tz_localize(UTC)
