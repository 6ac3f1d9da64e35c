"""Feeds -> entries: RSS 0.9x to 2.0, RDF, Atom (feedparser) and JSON Feed. Runs in a worker process.

Formats: RSS 2.0 (rssboard.org), RFC 4287, RDF Site Summary 1.0, JSON Feed 1.1 (jsonfeed.org). Everything that
comes out is plain text: feedparser hands titles through as live markup whenever it takes them for plain text.
"""

from __future__ import annotations

import calendar
import html
import json
import re
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html.entities import html5
from typing import Any
from urllib.parse import urljoin

import feedparser
import feedparser.mixin

from collectors.extraction.page.charset import decode
from collectors.extraction.page.page import without_floods
from collectors.formats.values.dates import read_date
from collectors.listings.plain import plain
from collectors.listings.site_parser import announced_in
from collectors.shared.excerpts import own_text
from collectors.shared.timestamps import parse_iso, plausible
from collectors.shared.zones import HOURS
from pressgauge.urls import domain_of

_MAX_COUNTED = 5_000
_FULL_TEXT = 600
"""Characters from which a text of a feed is taken for an article's."""
_XML = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_ENCODING = re.compile(
    rb"""^[^<]{0,100}<\?xml[^>]{0,100}?encoding\s{0,5}=\s{0,5}["']([A-Za-z0-9_.:-]{1,40})"""
)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]{0,1000}(\[.*?\]\s*)?>", re.S | re.I)
_CHARACTER_NUMBER = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,9})|(\d{1,9}));?")
_ENTRY = re.compile(r"<(item|entry)[\s>].*?</\1\s*>", re.S)
_DATE = re.compile(r"<(?:\w+:)?(pubDate|published|updated|date|issued|modified)[^>]{0,200}>([^<]{1,100})<")
_DAMAGE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)"
    r"|&(?P<entity>#\d{1,9};|#[xX][0-9a-fA-F]{1,9};|[A-Za-z][A-Za-z0-9]{0,30};)?"
    r"|(?P<empty><link\s{0,9}(?:/>|>\s{0,99}</link\s{0,9}>))"
    r"|<(?P<guid>guid|id)(?:\s[^>/]{0,200})?>(?!\s{0,99}(?:<!\[CDATA\[\s{0,99})?[hH][tT][tT][pP][sS]?:)",
    re.S,
)
_COMMENT = re.compile(r"\s*\([^()]{0,50}\)$")
_PLACEHOLDER = re.compile(r"\s0\d{3}(?:\s|$)")
"""A year that RFC 2822's readers take for one of two digits."""
_COMPACT = re.compile(r"^((?:19|20)\d\d)(\d\d)(\d\d)$")
_FROM_UTC = re.compile(r"\s*\b(?:UTC|GMT)\s?([+-])(\d{1,2})(?::?(\d\d))?$")
_ZONED = re.compile(r":.*(?:Z|UTC|GMT|[+-]\d\d:?\d\d)$", re.S)
_MAIL = r"(?:mailto:)?[^\s<>(),;@]{1,100}@[^\s<>(),;@]{1,100}"
_MAIL_OF = re.compile(rf"{_MAIL}\s{{0,9}}\(([^()@]{{0,200}})\)")
_MAIL_ALONE = re.compile(rf"[<(]?{_MAIL}[>)]?")
_BETWEEN = re.compile(r"\n(?:\s{0,9}(?:and|und|et|y|e|&)\s{0,9}\n)?")

Value = dict[str, Any]
Published = tuple[datetime, str]


def _keep_author(parser: Any, key: str = "author") -> None:
    context = parser._get_context()
    people = context.get(f"{key}s")
    if people and not people[-1] and context.get(key):
        people[-1]["name"] = context[key]


_context = feedparser.mixin._FeedParserMixin._get_context


def _context_of(parser: Any) -> Any:
    if parser.intextinput:
        parser.feeddata.setdefault("textinput", {})
    return _context(parser)


_pop = feedparser.mixin._FeedParserMixin.pop


def _end_of(parser: Any, element: str, *args: Any, **options: Any) -> Any:
    try:
        return _pop(parser, element, *args, **options)
    except (KeyError, IndexError):
        return None


def _read_apart(name: str) -> None:
    """Have an element that is named like one of feedparser's own lists leave that list alone."""

    def start(parser: Any, attributes: Any) -> None:
        parser.push(name, 0)

    def end(parser: Any) -> None:
        text = parser.pop(name)
        if name == "authors" and text:
            people = parser._get_context().setdefault(name, [])
            people.append(feedparser.FeedParserDict(name=text))

    setattr(feedparser.mixin._FeedParserMixin, f"_start_{name}", start)
    setattr(feedparser.mixin._FeedParserMixin, f"_end_{name}", end)


# feedparser's pattern of addresses cuts names and long domains; the text it keeps of one author only.
# A search form (textInput) of an entry is sought in the channel, and raises where that has none; so does a
# link that ends elsewhere than it began (6.0.14): it costs itself, and not the feed. An <authors> or <links>
# of a feed's own would take the place of the list of that name, and the next <author> or <link> raise.
feedparser.mixin._FeedParserMixin._sync_author_detail = _keep_author
feedparser.mixin._FeedParserMixin._get_context = _context_of
feedparser.mixin._FeedParserMixin.pop = _end_of
for _name in ("authors", "contributors", "links", "author_detail", "publisher_detail"):
    _read_apart(_name)


def parse_feed(body: bytes, *, url: str, limit: int, charset: str | None = None) -> Value:
    """The newest `limit` entries of a feed, newest first.

    Returns {"kind": "feed", "entries": [...], "left": [links or ids beyond the limit], "over": how many those
    are, "about": the feed's `title`, `language` and `site`}, or {"kind": "html", "feeds": [addresses that the
    page announces]}, or {"kind": "none"}. An entry has `id`, `link`, `title`, `published` (ISO, UTC),
    `precision`, `authors`, `text`, each None where unknown.
    """
    label = _ENCODING.search(body[:500])
    text = decode(body, charset or (label[1].decode("ascii") if label else None)).lstrip("\ufeff \t\r\n")
    if text.startswith("{"):
        return _json_feed(text, url, limit)
    text = without_floods(_CHARACTER_NUMBER.sub(_character, _DOCTYPE.sub("", text, count=1)))
    text, over_limit = _newest(text, limit)
    feed = feedparser.parse(
        f'<?xml version="1.0" encoding="utf-8"?>{_mended(_XML.sub("", text))}'.encode("utf-8", "replace"),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not feed.get("version") and not feed.get("entries"):
        feeds = announced_in(text, url)
        return {"kind": "html", "feeds": feeds} if feeds is not None else {"kind": "none"}
    about = feed["feed"] if str(feed.get("version")).startswith("atom") else {}
    authors = _inherited(about.get("authors"), about.get("title"))
    entries = sorted((_entry(entry, url, authors) for entry in feed["entries"]), key=_age)
    over_limit += [entry["link"] or entry["id"] or "" for entry in entries[limit:]]
    about_feed = feed["feed"]
    return _feed(
        entries[:limit],
        over_limit,
        about_feed.get("title"),
        about_feed.get("language"),
        about_feed.get("link"),
    )


def _character(reference: re.Match[str]) -> str:
    """The reference as it is, or U+FFFD where it stands for no character: feedparser would raise."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    return "\ufffd" if 0xD800 <= code < 0xE000 or code > 0x10FFFF else reference[0]


def _mended(text: str) -> str:
    """XML without what feedparser misreads, CDATA apart: a bare `&`, an empty <link>, which hides the guid,
    and a guid that is no address."""

    def mended(match: re.Match[str]) -> str:
        entity = match["entity"] or ""
        if match[0].startswith("&"):
            return match[0] if entity.startswith("#") or entity in html5 else f"&amp;{entity}"
        if match["guid"]:
            return f'<{match["guid"]} isPermaLink="false">'
        return "" if match["empty"] else match[0]

    return _DAMAGE.sub(mended, text)


def _feed(entries: list[Value], over_limit: list[str], title: Any, language: Any, site: Any) -> Value:
    about = {"title": plain(title), "language": plain(language), "site": plain(site)}
    for entry in entries:
        outlets = (about["title"], domain_of(entry["link"]))
        entry["text"] = own_text(entry["text"], entry["title"], outlets)
    counts = {"left": over_limit[:_MAX_COUNTED], "over": len(over_limit)}
    return {"kind": "feed", "entries": entries, **counts, "about": about}


def _age(entry: Value) -> float:
    """Newest first; what is not dated keeps its place before all others."""
    return -datetime.fromisoformat(entry["published"]).timestamp() if entry["published"] else -float("inf")


def _newest(text: str, limit: int) -> tuple[str, list[str]]:
    """A feed of very many entries without the older ones, and their links: parsing all takes minutes."""
    if text.count("</item") + text.count("</entry") <= 2 * limit:
        return text, []
    spans = [(match.start(), match.end()) for match in _ENTRY.finditer(text)]
    ages = [(_timestamp_of(text[start:end]), -number) for number, (start, end) in enumerate(spans)]
    newest = {-number for _, number in sorted(ages, reverse=True)[:limit]}
    parts, end_before, over_limit = [], 0, []
    for number, (start, end) in enumerate(spans):
        parts.append(text[end_before:start])
        end_before = end
        if number in newest:
            parts.append(text[start:end])
        else:
            link = re.search(
                r"<link[^>]{0,500}?(?:href=[\"']([^\"']{1,2000})|>\s*([^<]{1,2000}))", text[start:end]
            )
            over_limit.append(html.unescape((link[1] or link[2]).strip()) if link else "")
    return "".join([*parts, text[end_before:]]), over_limit


def _timestamp_of(entry: str) -> float:
    match = _DATE.search(entry)
    moment = _standard_date(match[2]) if match else None
    return moment[0].timestamp() if moment else float("-inf")


def _entry(entry: Any, base: str, inherited: list[str]) -> Value:
    published, precision = _published(entry)
    link = entry.get("feedburner_origlink") or entry.get("link") or None
    return {
        "id": entry.get("id") or None,
        "link": _absolute(link, base),
        "title": plain(entry.get("title")),
        "published": published,
        "precision": precision,
        "authors": _names(entry.get("authors")) or inherited,
        "text": _text(entry),
    }


def _names(people: Any) -> list[str]:
    """The names of authors, each once, of "mail (Name)" and "Name <mail>" too; addresses are no names."""
    names: list[str | None] = []
    for person in people if isinstance(people, list) else []:
        name = person.get("name") if isinstance(person, dict) else None
        if isinstance(name, str):
            line = " ".join(html.unescape(name[:1_000]).split())
            parts = _BETWEEN.split(_MAIL_ALONE.sub("\n", _MAIL_OF.sub(r"\n\1\n", line)))
            names += [plain(part.strip(" ,;")) for part in parts]
    return list(dict.fromkeys(name for name in names if name))


def _inherited(people: Any, title: Any) -> list[str]:
    """The authors of a feed, who wrote the entries without any; an outlet is no person."""
    outlet = (plain(title) or "").casefold()
    return [name for name in _names(people) if name.casefold() != outlet]


def _absolute(link: Any, base: str) -> str | None:
    if not isinstance(link, str) or not link.strip():
        return None
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return link.strip()


def _published(entry: Any) -> tuple[str | None, str | None]:
    """(ISO date in UTC, precision) of first publication, else of the last change."""
    for name in ("published", "created", "updated"):
        # feedparser's own get() would answer one name with the value of another.
        text = str(dict.get(entry, name) or "")
        parsed_time = dict.get(entry, f"{name}_parsed")
        if date := _standard_date(text) or _date_as_written(parsed_time, text) or _date_in_words(text):
            return date[0].isoformat(), date[1]
    return None, None


def _standard_date(text: str) -> Published | None:
    """A date in ISO 8601 or RFC 2822, in UTC, and its precision; of a time in no known zone the day."""
    text = _FROM_UTC.sub(
        lambda zone: f" {zone[1]}{zone[2]:0>2}{zone[3] or '00'}", _COMMENT.sub("", text.strip()[:100])
    )
    before, _, zone = text.rpartition(" ")
    if before and (hours := HOURS.get(zone.upper())) is not None:
        text = f"{before} {hours:+03.0f}00"
    if _PLACEHOLDER.search(text):
        return None
    iso = _COMPACT.sub(r"\1-\2-\3", re.sub(r"\s(?=[+-]\d\d:?\d\d$)", "", text))
    moment, precision = parse_iso(iso)
    if moment is None:
        try:
            rfc = _ISO_ZONE.sub(lambda zone: f"{zone[1]} {zone[2] or '+00'}{zone[3] or '00'}", text)
            moment, precision = parsedate_to_datetime(rfc), "second"
            # RFC 2822: -0000 is a time in UTC of no known place.
            if moment.tzinfo is None and not text.endswith("-0000"):
                moment, precision = datetime(moment.year, moment.month, moment.day), "day"
            moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return (moment, precision or "second") if plausible(moment) else None


def _date_in_words(text: str) -> Published | None:
    """A date that no standard knows: slashed, with an odd zone, or in words of another language than English.

    One that means another day to other readers (02/03/2024) is none; of a time in no known zone the day.
    """
    moment, precision = read_date(text[:100])
    if moment is None or moment != read_date(text[:100], day_first=False)[0]:
        return None
    if precision == "second" and not _ENDS_IN_ZONE.search(text) and not _YEAR_FIRST.match(text):
        moment, precision = datetime(moment.year, moment.month, moment.day, tzinfo=UTC), "day"
    moment = moment.astimezone(UTC)
    return (moment, precision or "day") if plausible(moment) else None


_ISO_ZONE = re.compile(r"(:\d\d)\s?(?:Z|([+-]\d\d):(\d\d))$")
"""A zone of ISO 8601 behind a date of RFC 2822."""
_ENDS_IN_ZONE = re.compile(r"[+-]\d\d:?\d\d\s*$|\b(?:Z|GMT|UTC?|[A-Z]{3,4})\s*$")
_YEAR_FIRST = re.compile(r"\s*\d{4}/")
"""Written as ISO 8601 is, apart from the slashes: without a zone that counts as UTC."""


def _date_as_written(parsed_time: Any, text: str) -> Published | None:
    """What feedparser made of a date if year, month and day of it, give or take a zone, stand in what was
    written: it makes the 3rd of March of the 31st of February, and 1737 of a Unix time."""
    if not isinstance(parsed_time, time.struct_time):
        return None
    try:
        moment = datetime.fromtimestamp(calendar.timegm(parsed_time), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    if not plausible(moment):
        return None
    words = re.sub(r"\d+:[\d:.]+", " ", text[:100]).lower()
    numbers = Counter(int(number) for number in re.findall(r"\d+", words))
    for days in (0, -1, 1):
        day = moment + timedelta(days=days)
        month = [] if calendar.month_abbr[day.month].lower() in words else [day.month]
        if Counter([day.year, day.day, *month]) <= numbers:
            if _ZONED.search(text.strip()):
                return moment, "second"
            return datetime(day.year, day.month, day.day, tzinfo=UTC), "day"
    return None


def _text(entry: Any) -> str | None:
    """The whole text, where the feed has it: the longest content or summary, if it is as long as an article.

    What is shorter may be a teaser or a caption: feedparser takes media:description for content.
    """
    contents = [plain(part.get("value"), lines=True) or "" for part in entry.get("content", [])]
    summary = plain(entry.get("summary"), lines=True) or ""
    longest = max([*contents, summary], key=len)
    return longest if len(longest) >= _FULL_TEXT else None


def _json_feed(text: str, url: str, limit: int) -> Value:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        return {"kind": "none"}
    version = feed.get("version")
    items = feed.get("items")
    if not (isinstance(version, str) and "jsonfeed.org" in version and isinstance(items, list)):
        return {"kind": "none"}
    authors = _inherited(_json_authors(feed), feed.get("title"))
    entries = [
        # What is no object has no address either, and is rejected for that.
        _json_entry(item if isinstance(item, dict) else {"id": f"item {number}"}, url, authors)
        for number, item in enumerate(items, 1)
    ]
    entries.sort(key=_age)
    over_limit = [entry["link"] or entry["id"] or "" for entry in entries[limit:]]
    return _feed(
        entries[:limit], over_limit, feed.get("title"), feed.get("language"), feed.get("home_page_url")
    )


def _json_authors(item: Value) -> list[Any]:
    """`authors` of version 1.1, else the `author` of version 1."""
    return item["authors"] if isinstance(item.get("authors"), list) else [item.get("author")]


def _json_entry(item: Value, base: str, inherited: list[str]) -> Value:
    dates = [item[name] for name in ("date_published", "date_modified") if isinstance(item.get(name), str)]
    published, precision = next(filter(None, map(_standard_date, dates)), (None, None))
    contents = [plain(item.get("content_html"), lines=True), item.get("content_text")]
    return {
        "id": str(item["id"]) if "id" in item else None,
        "link": _absolute(item.get("url") or item.get("external_url"), base),
        "title": plain(item.get("title")),
        "published": published.isoformat() if published else None,
        "precision": precision,
        "authors": _names(_json_authors(item)) or inherited,
        "text": next((text.strip() for text in contents if isinstance(text, str) and text.strip()), None),
    }


def warm() -> None:
    """Load what feedparser loads at first use, so that the first feed is not charged with it."""
    parse_feed(b"<rss version='2.0'><channel><item><title>a</title></item></channel></rss>", url="", limit=1)
