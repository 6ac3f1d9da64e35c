"""Numbers and dates as the page writes them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from babel import Locale

from pressgauge.errors import quantity as quantity

_ENGLISH = Locale("en")
Cell = Any
"""A number or moment out of a frame, of which the stubs of pandas only know that it is some scalar."""


def language(code: str) -> str:
    """'fr' -> 'French'; a code that is not known stays as it is."""
    return _ENGLISH.languages.get(code, code)


def country(code: str) -> str:
    """'FR' -> 'France'; a code that is not known stays as it is."""
    return _ENGLISH.territories.get(code, code)


def count(n: Cell) -> str:
    """1234 -> '1,234'."""
    return f"{n:,}"


def percent(share: Cell) -> str:
    """0.313 -> '31%', 0.0042 -> '0.4%', NaN -> 'n/a'."""
    if pd.isna(share):
        return "n/a"
    return f"{share:.1%}" if 0 < share < 0.0995 else f"{share:.0%}"


def rate(per_day: Cell) -> str:
    """1234.56 -> '1,234.6', NaN -> 'unknown'."""
    return "unknown" if pd.isna(per_day) else f"{per_day:,.1f}"


def points(share: Cell) -> str:
    """A difference of shares in percentage points: 0.021 -> '2', 0.004 -> '0.4'."""
    return f"{100 * share:.1f}" if share < 0.0095 else f"{100 * share:.0f}"


def day(value: Cell) -> str:
    """'14 Feb 2025'; unknown when missing."""
    return "unknown date" if value is None or pd.isna(value) else f"{value.day} {value:%b %Y}"


def first_seen(outlet: object, moment: Cell) -> str:
    """'Wired, 14 Feb 2025'; 'several, 14 Feb 2025' where the dates do not tell which outlet was first."""
    who = outlet if isinstance(outlet, str) else "several"
    return day(moment) if moment is None or pd.isna(moment) else f"{who}, {day(moment)}"


def span(since: date | None, until: date | None) -> str:
    """A span of days, both included, in as few words as are needed."""
    if since and until:
        return day(since) if since == until else f"{day(since)} to {day(until)}"
    if since:
        return f"since {day(since)}"
    return f"until {day(until)}" if until else "all dates"
