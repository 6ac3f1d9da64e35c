"""When an article was first published, as the page says it, in the page's own zone."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice
from urllib.parse import urlsplit

from dateutil import parser as dateutil_parser
from dateutil import tz
from lxml import etree

from collectors.extraction.boilerplate import key
from collectors.extraction.dates import timezones
from collectors.extraction.dates.changes import is_change, mark_text
from collectors.extraction.dates.printed_date import (
    date_below,
    is_sentence,
    lone_date,
    printed_dates,
    written_day,
)
from collectors.extraction.extracted import Extracted
from collectors.extraction.page import script_data
from collectors.extraction.page.metadata import Metadata, text_of
from collectors.extraction.page.outline import Mark
from collectors.extraction.page.page import Page
from collectors.extraction.page.region import Region
from collectors.shared.timestamps import EARLIEST
from collectors.shared.zones import HOURS

Published = tuple[datetime, str]
"""An aware datetime and its precision: 'second' or 'day'."""

_ALONE = {"time": 0.95, "printed": 0.95, "url": 0.95, "feed": 0.9}
"""Confidence of a source that no other confirms: shares of right days on judged pages; 0.97 for what pages
declare.
"""
_LAST = 0.75
"""Confidence of a day that is found nowhere near the headline."""
UNKNOWN = 0.5
"""A date that is less sure than this is none: better unknown than wrong."""
_DECLARED = ("json-ld", "meta", "microdata")
_TOLERANCE = timedelta(hours=14)
_EASTERNMOST, _WESTERNMOST = 13, 10
"""Hours from UTC of New Zealand in summer and of Hawaii."""
_IN_UTC = re.compile(r"\d\s?(?:Z|GMT|UTC|[+-]00:?00)\b", re.I)
_META = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "parsely-pub-date",
    "sailthru.date",
    "datepublished",
    "date_published",
    "publish-date",
    "publish_date",
    "pubdate",
    "publishdate",
    "publication_date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "article.published",
    "published_at",
    "published",
    "originalpublicationdate",
    "pdate",
    "citation_publication_date",
    "rnews:datepublished",
    "cxenseparse:recs:publishtime",
    "article:published",
    "date",
    "datecreated",
    "dc.created",
)
_OTHER_META = re.compile(
    r"(?:^|[-_.:])(?:(?:first[-_]?)?publish(?:ed)?|publication|pub)[-_.:]?(?:date(?:[-_]?time)?|time|on|at)$",
    re.S,
)
"""Many systems write a prefix of their own; without that it is the article's date for a machine."""
_RDFA = etree.XPath(
    "//body//*[@property][@property='schema:datePublished'"
    " or @property='schema:dateCreated' or @property='dc:date'"
    " or @property='datePublished' or contains(concat(@property, ' '), 'dc:date ')]/@content"
)
_DAY_ONLY = re.compile(r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}$|^\d{8}$")
_NUMERIC = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:19|20)\d\d(\s+\d\d:\d\d:\d\d$)?")
_URL_DATE = re.compile(
    r"/[A-Za-z]{0,8}((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{0,12}(?=[/._-]|$)"
    r"|/((?:19|20)\d\d)/(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])(?=/|$|\.)"
    r"|/((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=/|$|\.)"
    r"|/[a-z]?((?:19|20)\d\d)[_-]?(0[1-9]|1[0-2])[_-]?(0[1-9]|[12]\d|3[01])(?=[_-])"
)
"""A date that is a part of the path, or begins one; inside a slug it is what the article is about."""
_URL_DAY_FIRST = re.compile(r"/(\d\d)([-.])(\d\d)\2((?:19|20)\d\d)(?=/|$|\.\w{2,5}$)")
"""A whole part of the path in the order in which the page's readers write days."""
_URL_OF_OTHERS = re.compile(
    r"/(?:events?|calendar|kalender|agenda|termine?|veranstaltung(?:en)?|docs?|documentation|versions?|changelog"
    r"|schedules?|fahrplan|spielplan|uploads"
    r"|v\d[\w.]{0,20})/",
    re.I,
)
"""Below these a path has the days of events and the numbers of versions."""
_URL_VALUE = re.compile(r"[?&](?:date|day|d)=((?:19|20)\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?=&|$)")
_EPOCH = re.compile(r"^(?:/Date\()?(\d{10})(?:\d{3})?(?:\.\d{1,9})?(?:[+-]\d{4})?(?:\)/)?$")
_ISO = re.compile(r"^\s*((?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d[\d:.,]*\s?(?:Z|[+-]\d\d:?\d\d)?)?)\s*$")
_ZONES = {name: tz.tzoffset(name, hours * 3600) for name, hours in HOURS.items()}
"""Of a time in a zone of another name the day is kept as written."""


def parse_date(text: str | None, *, day_first: bool = True) -> Published | None:
    """A date in ISO 8601, RFC 2822 or written-out form; None when it is none, incomplete or outside
    1990..now+14 h (where the day begins first).

    The zone is kept as written; a time without zone is taken as UTC, which keeps the calendar day that the
    page wrote. `day_first` is how to read 02/03/2024; 02.03.2024 is the second of March everywhere, and a
    time with seconds behind slashes comes from software that writes the month first.
    """
    if text and (seconds := _EPOCH.match(text.strip())):
        in_range = _in_range(datetime.fromtimestamp(int(seconds[1]), UTC))
        return (in_range, "second") if in_range else None
    if not text or not 8 <= len(text := _tidy(text)) <= 60:
        return None
    moment = _moment(text, day_first)
    if moment is None:
        return None
    precision = "day" if _DAY_ONLY.match(text) or (":" not in text and "T" not in text) else "second"
    in_range = _in_range(moment)
    return (in_range, precision) if in_range else None


def _in_range(moment: datetime) -> datetime | None:
    """The moment, in UTC if it names no zone; None outside 1990..now+14 h (where the day begins first)."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        in_time = EARLIEST <= moment <= datetime.now(UTC) + _TOLERANCE
    except (OverflowError, ValueError):
        return None
    return moment.astimezone(_fixed(moment)) if in_time else None


def _tidy(text: str) -> str:
    """Without the day of the week, what stands between day and time, and the name of a zone beside its
    offset.
    """
    text = re.sub(
        r"\([^()]{0,50}\)|\[[\w/+-]{1,40}\]$|^\s*[^\W\d]{2,12}\.?,\s+(?=\d)|\s+Uhr\b", " ", text[:200]
    )
    text = re.sub(r"(?<=\d)(?:\||,?\s+-\s)\s*(?=\d)|\b(?:GMT|UTC)\s?(?=[+-]\d)", " ", text)
    return re.sub(r"(\d)h(\d\d)\b", r"\1:\2", text).strip()


def _fixed(moment: datetime) -> timezone:
    """The moment's offset as a plain zone, which compares and serialises alike wherever it was read."""
    return timezone(moment.utcoffset() or timedelta())


def _moment(text: str, day_first: bool) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    if not re.search(r"(?:19|20)\d\d", text):
        return None
    numeric = _NUMERIC.match(text)
    day_first = numeric is not None and (numeric[1] == "." or (day_first and not numeric[2]))
    readings = []
    # What the text does not say, dateutil takes from the default: two defaults show what is missing.
    for default in (datetime(2001, 1, 1), datetime(2002, 2, 2)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                readings.append(
                    dateutil_parser.parse(text, default=default, tzinfos=_ZONES, dayfirst=day_first)
                )
        except (ValueError, OverflowError, TypeError, AttributeError):
            return None
    return readings[0] if readings[0] == readings[1] else None


def _day_first(page: Page, metadata: Metadata) -> bool | None:
    """Whether the page's readers write the day before the month: all but English ones of North America. None
    for English ones of no country.
    """
    language = (page.language or metadata.first("og:locale") or "en").lower().replace("_", "-")
    country = timezones.country(page.url)
    if language not in ("en", "en-us", "en-ca") or country not in (None, "US", "CA"):
        return True
    return None if language == "en" and country is None else False


def published(
    page: Page, metadata: Metadata, hint: datetime | None, region: Region, headlines: Iterable[str] = ()
) -> Extracted[Published] | None:
    """The first source of a fixed order that has a date; its confidence is the agreement of the others with
    it. What is less sure than UNKNOWN is None. `region` is where on the page its date may stand, `headlines`
    is what the article may be called.
    """
    readers_day_first = _day_first(page, metadata)
    day_first = bool(readers_day_first)
    in_url = _from_url(page.url, readers_day_first)
    dates = [
        Extracted((day[0] if in_url else _at_home(day[0], text, page.url), day[1]), source, 0.0)
        for source, text in _declared_dates(page, metadata, region)
        if text and (day := _declared(text, page.language, day_first))
    ]
    if hint is not None and (moment := _in_range(hint)):
        dates.append(Extracted((moment, "second"), "feed", 0.0))
    if in_url is not None:
        dates.append(Extracted(in_url, "url", 0.0))
    declared_days = {item.value[0].date() for item in dates if item.source in _DECLARED}
    if not declared_days:
        dates = [*_shown_dates(page, region, day_first), *dates]
        if below := _below(page, region, day_first):
            dates.append(below)
    elif max(declared_days) - min(declared_days) > timedelta(days=1):
        # Declarations that contradict each other: the one whose day the page shows goes first.
        days = {item.value[0].date() for item in _shown_dates(page, region, day_first)}
        dates.sort(key=lambda item: item.source not in _DECLARED or item.value[0].date() not in days)
    if not dates:
        last = (
            _in_properties(page, day_first)
            or _in_data(page, headlines, day_first)
            or _lone(page, region, day_first)
        )
        dates += [last] if last else []
    if not dates:
        return None
    best = dates[0]
    others = {item.source: item for item in dates if item.source != best.source}
    agree = sum(
        abs(other.value[0].date() - best.value[0].date()) <= timedelta(days=1) for other in others.values()
    )
    confidence = (
        0.5 + 0.49 * agree / len(others) if others else best.confidence or _ALONE.get(best.source, 0.97)
    )
    if confidence < UNKNOWN:
        return None
    moment, precision = best.value
    if precision == "second" and not moment.utcoffset():
        moment = _in_the_pages_zone(moment, [item.value[0] for item in dates], in_url)
    return Extracted((moment, precision), best.source, round(confidence, 2))


def _in_the_pages_zone(moment: datetime, others: list[datetime], in_url: Published | None) -> datetime:
    """The same instant in the zone in which the page counts its days; sites often declare UTC and write local
    days.

    That zone is the one of another declaration of the instant, or else the whole-hour offset nearest to UTC
    that puts the instant on the day in the page's address, if that is the day before or after.
    """
    for other in others:
        if other.utcoffset() and abs(other - moment) < timedelta(minutes=1):
            return moment.astimezone(other.tzinfo)
    if in_url is not None and abs(days := (in_url[0].date() - moment.date()).days) == 1:
        for hours in range(1, _EASTERNMOST + 1 if days > 0 else _WESTERNMOST + 1):
            local = moment.astimezone(timezone(timedelta(hours=days * hours)))
            if local.date() == in_url[0].date():
                return local
    return moment


def _at_home(moment: datetime, text: str, url: str) -> datetime:
    """An instant that is written in UTC by the clocks of the page's country."""
    if not _IN_UTC.search(text):
        return moment
    return moment.astimezone(_fixed(timezones.at_home(moment, url)))


def _declared(text: str, language: str | None, day_first: bool) -> Published | None:
    """A date that is written for programs, or what no program reads in the words of the page's language."""
    if (day := parse_date(text, day_first=day_first)) or _moment(_tidy(text), day_first):
        return day
    return parse_date(written_day(text, language, day_first=day_first)) if len(text) <= 60 else None


def _declared_dates(page: Page, metadata: Metadata, region: Region) -> Iterator[tuple[str, str | None]]:
    yield "json-ld", text_of(metadata.linked_data("datePublished"))
    others = islice(filter(_OTHER_META.search, metadata.meta), 10)
    # Beside a day of publication, a time is often that of the last one.
    for name in (*_META, *sorted(others, key=lambda name: name.endswith("time"))):
        for value in metadata.meta.get(name, ())[:1]:
            yield "meta", value
    outline = page.outline
    for mark in outline.stamps[:80]:
        element = mark.element
        if element.get("itemprop") in ("datePublished", "dateCreated") and (
            region.holds(mark.block, mark.holder) or region.is_free(mark.holder)
        ):
            yield (
                "microdata",
                element.get("datetime") or element.get("content") or mark_text(mark)[:60],
            )


def _shown_dates(page: Page, region: Region, day_first: bool) -> Iterator[Extracted[Published]]:
    """The dates that the page shows beside the headline: of elements that carry them for programs, then in
    words. Dates of a change do not count, nor today.
    """
    today = datetime.now(UTC).date()
    for day in _attribute_dates(region, day_first):
        if day[0].date() != today:
            yield Extracted(day, "time", 0.0)
    texts = printed_dates(region, page.language, day_first=day_first)
    yield from filter(None, map(_printed, islice(texts, 3)))


def _below(page: Page, region: Region, day_first: bool) -> Extracted[Published] | None:
    return _printed(date_below(region, page.language, day_first=day_first))


def _printed(text: str | None, confidence: float = 0.0) -> Extracted[Published] | None:
    """A day that the page shows, but not today: pages print that for their readers, and it is the day of the
    crawl.
    """
    day = parse_date(text)
    if day is None or day[0].date() == datetime.now(UTC).date():
        return None
    return Extracted(day, "printed", confidence)


def _in_properties(page: Page, day_first: bool) -> Extracted[Published] | None:
    """The day in an RDFa property, where all of them on the page say the same."""
    days = {day for text in _RDFA(page.tree)[:20] if (day := parse_date(text, day_first=day_first))}
    return Extracted(days.pop(), "microdata", 0.0) if len(days) == 1 else None


def _in_data(page: Page, headlines: Iterable[str], day_first: bool) -> Extracted[Published] | None:
    for text in islice(script_data.dates(page.tree, set(map(key, headlines))), 5):
        if day := parse_date(text, day_first=day_first):
            return Extracted((_at_home(day[0], text, page.url), day[1]), "data", _LAST)
    return None


def _lone(page: Page, region: Region, day_first: bool) -> Extracted[Published] | None:
    """The only day that the page shows, where nothing near the headline and no address has one."""
    return _printed(lone_date(region, page.language, day_first=day_first), _LAST)


def _attribute_dates(region: Region, day_first: bool) -> Iterator[Published]:
    """Dates in the attributes of elements named like a date, those below the headline first."""
    marks = [mark for mark in region.outline.stamps[:120] if region.holds(mark.block, mark.holder)]
    for mark in sorted(marks, key=lambda mark: mark.block < region.heading):
        element = mark.element
        if is_change(region.outline, mark) or _is_told(region, mark):
            continue
        stamps = (value for name, value in element.items() if name == "datetime" or _ISO.match(value))
        for value in stamps:
            if day := parse_date(value, day_first=day_first):
                yield day


def _is_told(region: Region, mark: Mark) -> bool:
    """Whether the article tells of a marked day, in a sentence, a caption or a quotation."""
    blocks = region.outline.blocks
    return region.is_apart(mark.holder) or (
        mark.block in region.text_blocks and mark.block < len(blocks) and is_sentence(blocks[mark.block].text)
    )


def _from_url(url: str, day_first: bool | None) -> Published | None:
    """The day in an address. None where nothing says which of two figures is the day (`day_first`)."""
    path = urlsplit(url).path
    if _URL_OF_OTHERS.search(path):
        return None
    if match := _URL_DATE.search(path) or _URL_VALUE.search(url):
        year, month, day = filter(None, match.groups())
    elif match := _URL_DAY_FIRST.search(path):
        first, separator, second, year = match.groups()
        if first > "12" or second > "12":
            day_first = first > "12"
        elif separator == "." or first == second:
            day_first = True
        if day_first is None:
            return None
        day, month = (first, second) if day_first else (second, first)
    else:
        return None
    return parse_date(f"{year}-{int(month):02}-{int(day):02}")
