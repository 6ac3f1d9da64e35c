"""Dates as services and sitemaps write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""An article on the web is no older; 1970 and the year 1 are what software writes for no date."""
FUTURE = timedelta(hours=48)
"""What is dated further ahead is not dated: clocks and zones err by less."""


def parse_iso(text: str | None) -> tuple[datetime | None, str | None]:
    """A W3C or ISO 8601 date -> (UTC datetime, precision "second" or "day"), or (None, None).

    Without a zone it is read as UTC. Source: W3C NOTE-datetime, which the sitemap protocol requires; a year
    or a month alone dates no article.

    >>> parse_iso("2025-01-20")[1]
    'day'
    """
    text = (text or "").strip()
    if len(text) < len("2025-01-20") or not text.isascii():
        return None, None
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None, None
    return moment, "day" if len(text) == len("2025-01-20") else "second"


def plausible(moment: datetime) -> bool:
    """Whether a moment (UTC) can be that of a publication, and is no placeholder."""
    return EARLIEST <= moment <= datetime.now(UTC) + FUTURE


def parse_stamp(text: str | None) -> datetime | None:
    """The 14 digits YYYYMMDDhhmmss (UTC) of GDELT and the Wayback Machine -> datetime, or None."""
    if not text or len(text) != 14 or not (text.isascii() and text.isdigit()):
        return None
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def stamp(moment: datetime) -> str:
    """The 14 digits YYYYMMDDhhmmss of a moment, in UTC."""
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S")
