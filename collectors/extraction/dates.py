"""When an article was first published, as the page says it, in the page's own zone."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

from dateutil import parser as dateutil_parser
from dateutil import tz
from htmldate import find_date

from collectors.extraction import places
from collectors.extraction.dateline import dateline
from collectors.extraction.declared import Declared, text_of
from collectors.extraction.found import Found
from collectors.extraction.page import Page
from collectors.shared.timestamps import EARLIEST

Published = tuple[datetime, str]
"""An aware datetime and its precision: 'second' or 'day'."""

_ALONE = {"htmldate": 0.8}
"""Confidence of a source that no other confirms: shares of right days on judged pages; 0.9 for the others."""
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
    "citation_publication_date",
    "rnews:datepublished",
    "cxenseparse:recs:publishtime",
    "article:published",
    "date",
    "datecreated",
    "dc.created",
)
_CHANGED = ("article:modified_time", "og:updated_time", "last-modified", "dcterms.modified", "lastmod")
_DAY_ONLY = re.compile(r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}$|^\d{8}$")
_NUMERIC = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:19|20)\d\d(\s+\d\d:\d\d:\d\d$)?")
_URL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_.-]?(0[1-9]|1[0-2])[/_.-]?(0[1-9]|[12]\d|3[01])(?!\d)")
# RFC 2822's obsolete zones and the European ones that pages write; others are unknown and the day is kept as
# written.
_ZONES = {
    name: tz.tzoffset(name, hours * 3600)
    for name, hours in (
        ("EST", -5),
        ("EDT", -4),
        ("CST", -6),
        ("CDT", -5),
        ("MST", -7),
        ("MDT", -6),
        ("PST", -8),
        ("PDT", -7),
        ("GMT", 0),
        ("BST", 1),
        ("CET", 1),
        ("CEST", 2),
        ("EET", 2),
        ("EEST", 3),
        ("MSK", 3),
        ("JST", 9),
        ("AEST", 10),
        ("AEDT", 11),
    )
}


def parse_date(text: str | None, *, day_first: bool = True) -> Published | None:
    """A date in ISO 8601, RFC 2822 or written-out form; None when it is none, incomplete or outside
    1990..now+14 h (where the day begins first).

    The zone is kept as written; a time without zone is taken as UTC, which keeps the calendar day that the
    page wrote. `day_first` is how to read 02/03/2024; 02.03.2024 is the second of March everywhere, and a
    time with seconds behind slashes comes from software that writes the month first.
    """
    if not text or not 8 <= len(text := _tidy(text)) <= 60:
        return None
    moment = _moment(text, day_first)
    if moment is None:
        return None
    precision = "day" if _DAY_ONLY.match(text) or (":" not in text and "T" not in text) else "second"
    checked = _checked(moment)
    return (checked, precision) if checked else None


def _checked(moment: datetime) -> datetime | None:
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
    text = re.sub(r"\([^()]{0,50}\)|^\s*[^\W\d]{2,12}\.?,\s+(?=\d)|\s+Uhr\b", " ", text[:200])
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
    parsed = []
    # What the text does not say, dateutil takes from the default: two defaults show what is missing.
    for default in (datetime(2001, 1, 1), datetime(2002, 2, 2)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                parsed.append(
                    dateutil_parser.parse(text, default=default, tzinfos=_ZONES, dayfirst=day_first)
                )
        except (ValueError, OverflowError, TypeError, AttributeError):
            return None
    return parsed[0] if parsed[0] == parsed[1] else None


def _day_first(page: Page, declared: Declared) -> bool:
    """Whether the page's readers write the day before the month: all but English ones of no country or of
    North America.
    """
    spoken = (page.tree.get("lang") or declared.first("og:locale") or "en").lower().replace("_", "-")
    return spoken not in ("en", "en-us", "en-ca") or places.country(page.url) not in (None, "US", "CA")


def published(page: Page, declared: Declared, hint: datetime | None) -> Found[Published] | None:
    """The first source of a fixed order that has a date; its confidence is the agreement of the others with
    it.
    """
    day_first = _day_first(page, declared)
    in_url = _from_url(page.url)
    found = [
        Found((day[0] if in_url else _at_home(day[0], text, page.url), day[1]), source, 0.0)
        for source, text in _declared_dates(page, declared)
        if text and (day := parse_date(text, day_first=day_first))
    ]
    if hint is not None and (moment := _checked(hint)):
        found.append(Found((moment, "second"), "feed", 0.0))
    if in_url is not None:
        found.append(Found(in_url, "url", 0.0))
    if not page.large and not any(item.source in ("json-ld", "meta", "microdata") for item in found):
        found.extend(_searched(page, declared))
    if not found:
        return None
    best = found[0]
    others = {item.source: item for item in found if item.source != best.source}
    agree = sum(
        abs(other.value[0].date() - best.value[0].date()) <= timedelta(days=1) for other in others.values()
    )
    confidence = 0.5 + 0.49 * agree / len(others) if others else _ALONE.get(best.source, 0.9)
    moment, precision = best.value
    if precision == "second" and not moment.utcoffset():
        moment = _in_the_pages_zone(moment, [item.value[0] for item in found], in_url)
    return Found((moment, precision), best.source, round(confidence, 2))


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
    return moment.astimezone(_fixed(places.at_home(moment, url)))


def _declared_dates(page: Page, declared: Declared) -> Iterator[tuple[str, str | None]]:
    yield "json-ld", text_of(declared.linked("datePublished"))
    for name in _META:
        for value in declared.meta.get(name, ())[:1]:
            yield "meta", value
    for element in page.tree.xpath("//*[@itemprop='datePublished' or @itemprop='dateCreated']")[:3]:
        yield "microdata", element.get("datetime") or element.get("content") or element.text_content()[:60]
    for element in page.tree.xpath(
        "//time[@pubdate]|//*[contains(@class, 'published')]/descendant-or-self::time"
    )[:2]:
        yield "time", element.get("datetime") or element.text_content()[:60]


def _searched(page: Page, declared: Declared) -> Iterator[Found[Published]]:
    """What a search through the page finds, unless it is the day of the last change, or today, which pages
    print for their readers and which is the day of the crawl.
    """
    changes = [text_of(declared.linked("dateModified")), *(declared.first(name) for name in _CHANGED)]
    others = {datetime.now(UTC).date(), *(day[0].date() for text in changes if (day := parse_date(text)))}
    if day := parse_date(dateline(page.tree, page.tree.get("lang"))):
        source = "dateline"
    elif day := _htmldate(page):
        source = "htmldate"
    if day and day[0].date() not in others:
        yield Found(day, source, 0.0)


def _from_url(url: str) -> Published | None:
    match = _URL_DATE.search(url)
    return parse_date("-".join(match.groups())) if match else None


def _htmldate(page: Page) -> Published | None:
    try:
        found = find_date(page.tree, url=page.url, original_date=True, deferred_url_extractor=True)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError, AssertionError):
        return None
    # A month or a year alone (of a copyright note, mostly) comes back as its first day.
    return None if found and found.endswith("-01") and not _written(found, page.html) else parse_date(found)


def _written(day: str, html: str) -> bool:
    """Whether a first of a month stands in figures in the page."""
    year, month, _ = day.split("-")
    return not day.endswith("-01-01") and bool(
        re.search(rf"\b{year}([-/.]?){month}\1(?:01)\b|\b0?1[./]0?{int(month)}[./]{year}", html)
    )
