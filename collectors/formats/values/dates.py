"""Dates as databases, agencies and newspapers print them, in the languages of their readers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from collectors.formats.record import Moment
from collectors.formats.values.months import MONTHS
from collectors.shared.zones import HOURS
from pressgauge.unicode import without_accents

UNKNOWN: Moment = (None, None)
_NAME = r"([^\W\d_]{3,14})"
_ISO = re.compile(
    r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)(?:[T ]{1,2}(\d{1,2}):(\d\d)(?::(\d\d))?(?:[.,]\d{1,9})?"
    r"\s?(Z\b|UTC\b|[+-]\d\d:?\d\d)?)?"
)
_COMPACT = re.compile(
    r"(?<!\d)((?:1[6-9]|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:T?([01]\d|2[0-3])([0-5]\d)([0-5]\d)?"
    r"\s?(Z|[+-]\d\d:?\d\d)?)?(?!\d)"
)
_CJK = re.compile(r"(\d{4})\s?[年년]\s{0,2}(\d{1,2})\s?[月월]\s{0,2}(\d{1,2})\s?[日일]")
_YMD = re.compile(r"(?<![\d./])(\d{4})([./])(\d{1,2})\2(\d{1,2})(?!\d)")
_DAY_NAME_YEAR = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:\.|st|nd|rd|th|er|º|ª|:e)?[\s-]{{0,2}}(?:de\s|of\s|d'|den\s)?{_NAME}\.?,?"
    r"[\s-]{0,2}(?:de\s|del\s)?(\d{4})(?!\d)"
)
_NAME_DAY_YEAR = re.compile(
    rf"(?<![^\W\d_]){_NAME}\.?\s{{1,2}}(\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,2}}(\d{{4}})(?!\d)"
)
_DMY = re.compile(r"(?<![\d./-])(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4}|\d\d)(?![\d])")
_TIME = re.compile(
    r"(?<![\d.])([01]?\d|2[0-3])[:hH.]([0-5]\d)(?::([0-5]\d))?(?:[.,]\d{1,6})?(?!\d)"
    r"\s{0,2}([AaPp]\.?\s?[Mm]\b\.?)?"
)
_OFFSET = re.compile(r"\s{0,2}(?:GMT|UTC|Z)?\s?([+-])(\d\d):?(\d\d)\b")
_HOURS = HOURS | {"IST": 5.5}
"""In exports of databases IST is India's."""
_PLACES = {
    "central european": "Europe/Berlin",
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
    "greenwich mean": "UTC",
    "british": "Europe/London",
}
_ZONE = re.compile(r"\s{0,2}\(?([A-Z]{1,4})\b")
_ZONE_NAME = re.compile(r"\s{0,2}([A-Za-z ]{5,20}?)(?: standard| daylight| summer)? time\b", re.IGNORECASE)
_SPAN = re.compile(r"\d\s?[-–/]\s?$")
LATEST = timedelta(hours=48)


@lru_cache(4096)
def read_date(text: str | None, *, day_first: bool = True) -> Moment:
    """The first whole date in a line, with the time that follows it -> (aware datetime, precision).

    A month or a season alone dates no article, nor does a day before 1600 or two days from now. A time
    without a zone counts as UTC; `day_first` is how to read 02/03/2024 (02.03.2024 has the day first
    everywhere). A date with an impossible zone (+99:99) is none: what else it says is not believed either.
    """
    for moment, precision, _, _ in _dates(text or "", day_first):
        return moment, precision
    return UNKNOWN


@lru_cache(4096)
def is_date_line(line: str) -> bool:
    """Whether a line says little more than a date: day, weekday, time, zone, edition."""
    if len(line) > 90:
        return False
    for _, _, start, end in _dates(line, True):
        before = line[:start].strip(" ,.;:")
        after = line[end:].strip(" ,.;:")
        return (
            len(before.split()) <= 1
            and len(before) <= 14
            and not (before and before[-1].isdigit())
            and len(after.split()) <= 8
            and not after[:1].isdigit()
            and not _SENTENCE.search(after)
        )
    return False


_SEASONS = [
    "spring",
    "summer",
    "autumn",
    "fall",
    "winter",
    "frühjahr",
    "frühling",
    "sommer",
    "herbst",
    "printemps",
    "été",
    "automne",
    "hiver",
]


def is_period_line(line: str) -> bool:
    """Whether a line is no more than a month or a season and a year, such as 'Summer, 2008'."""
    match = re.fullmatch(r"\W*([^\W\d]{3,12})(?:\s?[-/–]\s?([^\W\d]{3,12}))?,?\s+(\d{4})\W*", line)
    return match is not None and (match[1].lower() in _SEASONS or month_of(match[1]) > 0)


_SENTENCE = re.compile(r"[.!?]\s+\w+\s+\w+\s+\w+|[.!?]$|[»\"”]")


def _dates(text: str, day_first: bool) -> Iterator[tuple[datetime, str, int, int]]:
    """(moment, precision, start, end) of each whole date of the first 300 characters, in order of kinds."""
    text = text[:300]
    for pattern, order in (
        (_ISO, "iso"),
        (_CJK, "ymd"),
        (_YMD, "y.md"),
        (_DAY_NAME_YEAR, "dny"),
        (_NAME_DAY_YEAR, "ndy"),
        (_DMY, "d.my"),
        (_COMPACT, "iso"),
    ):
        for match in pattern.finditer(text):
            if date := _moment(match, order, text, day_first):
                yield date


def _moment(
    match: re.Match[str], order: str, text: str, day_first: bool
) -> tuple[datetime, str, int, int] | None:
    part = match.groups()
    if _SPAN.search(text, max(0, match.start() - 4), match.start()):
        return None
    match order:
        case "iso":
            year, month, day = int(part[0]), int(part[1]), int(part[2])
            if part[3]:
                clock = (int(part[3]), int(part[4]), int(part[5] or 0))
                zone = _offset(part[6]) if part[6] else _zone(text, match.end())[0]
                if zone is None:
                    return None
                return _datetime(year, month, day, clock, zone, match.start(), match.end())
        case "ymd":
            year, month, day = map(int, part)
        case "y.md":
            year, month, day = int(part[0]), int(part[2]), int(part[3])
        case "dny":
            year, month, day = int(part[2]), month_of(part[1]), int(part[0])
        case "ndy":
            year, month, day = int(part[2]), month_of(part[0]), int(part[1])
        case _:
            first, second, year = int(part[0]), int(part[2]), int(part[3])
            swapped = (part[1] == "/" and not day_first and first <= 12) or (second > 12 >= first)
            day, month = (second, first) if swapped else (first, second)
            if year < 100:
                year += 2000 if year <= (datetime.now(UTC).year + 1) % 100 else 1900
    if not month:
        return None
    clock_match = _TIME.search(text, match.end(), match.end() + 45)
    if clock_match is None or re.search(r"\d", text[match.end() : clock_match.start()]):
        return _datetime(year, month, day, None, UTC, match.start(), match.end())
    hour, minute, second_ = (int(clock_match[n] or 0) for n in (1, 2, 3))
    if half := clock_match[4]:
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    zone, end = _zone(text, clock_match.end())
    if zone is None:
        return None
    return _datetime(year, month, day, (hour, minute, second_), zone, match.start(), end)


def _datetime(
    year: int,
    month: int,
    day: int,
    clock: tuple[int, int, int] | None,
    zone: timezone | ZoneInfo,
    start: int,
    end: int,
) -> tuple[datetime, str, int, int] | None:
    try:
        moment = datetime(year, month, day, *(clock or (0, 0, 0)), tzinfo=zone if clock else UTC)
        moment = moment.replace(tzinfo=timezone(moment.utcoffset() or timedelta()))
        plausible = year >= 1600 and moment <= datetime.now(UTC) + LATEST
    except (ValueError, OverflowError):
        return None
    return (moment, "second" if clock else "day", start, end) if plausible else None


def _offset(text: str) -> timezone | None:
    """The zone that is so far from UTC; None where there is none: no clock is more than 14 hours ahead."""
    if text[:1] not in "+-":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if minutes > 59 or hours * 60 + minutes > 14 * 60:
        return None
    distance = timedelta(hours=hours, minutes=minutes)
    return timezone(-distance if text[0] == "-" else distance)


def _zone(text: str, at: int) -> tuple[timezone | ZoneInfo | None, int]:
    """The zone written at a place of the text and where it ends: UTC for none, None for an impossible one."""
    if match := _OFFSET.match(text, at):
        return _offset(match[1] + match[2] + match[3]), match.end()
    if (match := _ZONE.match(text, at)) and match[1] in _HOURS:
        return timezone(timedelta(hours=_HOURS[match[1]])), match.end()
    if (match := _ZONE_NAME.match(text, at)) and (place := _PLACES.get(match[1].strip().lower())):
        return ZoneInfo(place), match.end()
    return UTC, at


def month_of(name: str) -> int:
    """1 to 12 for a month's name or its abbreviation in any of the known languages, 0 for another word."""
    return MONTHS.get(_plain(name), 0)


def _plain(name: str) -> str:
    if name.isascii():
        return name.lower().rstrip(".")
    return without_accents(name.casefold()).rstrip(".")
