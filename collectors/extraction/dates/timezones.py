"""The country that an address names, and the days that its clocks show."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel.core import get_global

# Domains of small countries that sites of any country use.
_EVERYWHERE = frozenset((
    "ac", "ag", "ai", "am", "as", "cc", "cd", "co", "fm", "gg", "im", "io", "la", "li", "ly", "me",
    "ms", "nu", "sh", "so", "st", "su", "tk", "to", "tv", "vc", "ws",
))  # fmt: skip


def country(url: str) -> str | None:
    """ISO 3166 code of the address's country domain; None for generic ones."""
    domain = (urlsplit(url).hostname or "").rpartition(".")[2]
    code = "GB" if domain == "uk" else domain.upper()
    return code if domain not in _EVERYWHERE and code in get_global("territory_zones") else None


def at_home(moment: datetime, url: str) -> datetime:
    """The instant by the clocks of the address's country where they all show one day; else as it is."""
    local = [moment.astimezone(zone) for zone in _zones(country(url) or "")]
    return local[0] if len({each.date() for each in local}) == 1 else moment


@cache
def _zones(code: str) -> tuple[ZoneInfo, ...]:
    return tuple(ZoneInfo(name) for name in get_global("territory_zones").get(code, ()))
