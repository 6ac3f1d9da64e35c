"""Feeds -> entries: RSS 0.9x to 2.0, RDF, Atom (feedparser) and JSON Feed. Runs in a worker process.

Formats: RSS 2.0 (rssboard.org), RFC 4287, RDF Site Summary 1.0, JSON Feed 1.1 (jsonfeed.org). Everything that
comes out is plain text: feedparser hands titles through as live markup whenever it takes them for plain text.
"""

from __future__ import annotations

import calendar
import contextlib
import html
import json
import re
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin

import feedparser
import lxml.html
from lxml import etree

from collectors.dates import parse_iso
from collectors.extraction.charset import decode
from collectors.extraction.dates import parse_date
from collectors.extraction.page import without_floods

_MAX_COUNTED = 5_000
_FULL_TEXT = 600
"""Characters from which a summary is taken for the whole text."""
_XML = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_ENCODING = re.compile(
    rb"""^[^<]{0,100}<\?xml[^>]{0,100}?encoding\s{0,5}=\s{0,5}["']([A-Za-z0-9_.:-]{1,40})"""
)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]{0,1000}(\[.*?\]\s*)?>", re.S | re.I)
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,9})|(\d{1,9}));?")
_ENTRY = re.compile(r"<(item|entry)[\s>].*?</\1\s*>", re.S)
_DATE = re.compile(r"<(?:\w+:)?(pubDate|published|updated|date|issued|modified)[^>]{0,200}>([^<]{1,100})<")
_NAMED_ZONE = re.compile(r"\s[A-Z]{3,5}$")
_BLOCKS = ("p", "div", "br", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "tr", "pre", "figure")
_UNSEEN = ("script", "style", "iframe", "object", "template", "noscript", "svg", "figcaption")

Value = dict[str, Any]


def parse_feed(body: bytes, *, url: str, limit: int, charset: str | None = None) -> Value:
    """The newest `limit` entries of a feed, newest first.

    Returns {"kind": "feed", "entries": [...], "left": [links or ids beyond the limit], "over": how many those
    are}, or {"kind": "html", "feeds": [addresses that the page announces]}, or {"kind": "none"}. An entry has
    `id`, `link`, `title`, `published` (ISO, UTC), `precision`, `authors`, `text`, each None where unknown.
    """
    label = _ENCODING.search(body[:500])
    text = decode(body, charset or (label[1].decode("ascii") if label else None)).lstrip("\ufeff \t\r\n")
    if text.startswith("{"):
        return _json_feed(text, url, limit)
    text = without_floods(_REFERENCE.sub(_character, _DOCTYPE.sub("", text, count=1)))
    text, left = _newest(text, limit)
    feed = feedparser.parse(
        f'<?xml version="1.0" encoding="utf-8"?>{_XML.sub("", text)}'.encode("utf-8", "replace"),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not feed.get("version") and not feed.get("entries"):
        feeds = _announced(text, url)
        return {"kind": "html", "feeds": feeds} if feeds is not None else {"kind": "none"}
    entries = sorted((_entry(entry, url) for entry in feed["entries"]), key=_age)
    left += [entry["link"] or entry["id"] or "" for entry in entries[limit:]]
    return _feed(entries[:limit], left)


def _character(reference: re.Match[str]) -> str:
    """The reference as it is, or U+FFFD where it stands for no character: feedparser would raise."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    return "\ufffd" if 0xD800 <= code < 0xE000 or code > 0x10FFFF else reference[0]


def _feed(entries: list[Value], left: list[str]) -> Value:
    return {"kind": "feed", "entries": entries, "left": left[:_MAX_COUNTED], "over": len(left)}


def _age(entry: Value) -> float:
    """Newest first; what is not dated keeps its place before all others."""
    return -datetime.fromisoformat(entry["published"]).timestamp() if entry["published"] else -float("inf")


def _newest(text: str, limit: int) -> tuple[str, list[str]]:
    """A feed of very many entries without the older ones, and their links: parsing all takes minutes."""
    if text.count("</item") + text.count("</entry") <= 2 * limit:
        return text, []
    spans = [(match.start(), match.end()) for match in _ENTRY.finditer(text)]
    dated = [(_written(text[start:end]), -number) for number, (start, end) in enumerate(spans)]
    kept = {-number for _, number in sorted(dated, reverse=True)[:limit]}
    parts, end_before, left = [], 0, []
    for number, (start, end) in enumerate(spans):
        parts.append(text[end_before:start])
        end_before = end
        if number in kept:
            parts.append(text[start:end])
        else:
            link = re.search(
                r"<link[^>]{0,500}?(?:href=[\"']([^\"']{1,2000})|>\s*([^<]{1,2000}))", text[start:end]
            )
            left.append(html.unescape((link[1] or link[2]).strip()) if link else "")
    return "".join([*parts, text[end_before:]]), left


def _written(entry: str) -> float:
    said = _DATE.search(entry)
    moment = _moment(said[2]) if said else None
    return moment.timestamp() if moment else float("-inf")


def _moment(text: str) -> datetime | None:
    moment, _ = parse_iso(text)
    if moment is None:
        try:
            moment = parsedate_to_datetime(text.strip())
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _entry(entry: Any, base: str) -> Value:
    published, precision = _published(entry)
    authors = [plain(author.get("name")) for author in entry.get("authors", []) if isinstance(author, dict)]
    link = entry.get("feedburner_origlink") or entry.get("link") or None
    return {
        "id": entry.get("id") or None,
        "link": _absolute(link, base),
        "title": plain(entry.get("title")),
        "published": published,
        "precision": precision,
        "authors": [author for author in authors if author],
        "text": _text(entry),
    }


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
        parsed, said = dict.get(entry, f"{name}_parsed"), str(dict.get(entry, name) or "")
        # feedparser takes most names of zones for UTC.
        if _NAMED_ZONE.search(said) and (read := parse_date(said)):
            return read[0].astimezone(UTC).isoformat(), read[1]
        if isinstance(parsed, time.struct_time):
            try:
                moment = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
            except (ValueError, OverflowError, OSError):
                continue
            if not _as_written(moment, said):
                continue
            return moment.isoformat(), "second" if ":" in said else "day"
    return None, None


def _as_written(moment: datetime, said: str) -> bool:
    """Whether the day of `moment`, give or take a zone, stands in what was written: feedparser makes the 3rd
    of March of the 31st of February, and 1737 of a Unix time."""
    numbers = {int(number) for number in re.findall(r"\d\d?", said[:100])}
    day = moment.replace(tzinfo=None)
    near = {day.day}
    for other in (-1, 1):
        with contextlib.suppress(OverflowError):
            near.add((day + timedelta(days=other)).day)
    return not numbers.isdisjoint(near)


def _text(entry: Any) -> str | None:
    """The whole text, where the feed has it: the longest content, or a summary as long as an article."""
    contents = [plain(part.get("value"), lines=True) or "" for part in entry.get("content", [])]
    summary = plain(entry.get("summary"), lines=True) or ""
    found = max([*contents, summary if len(summary) >= _FULL_TEXT else ""], key=len)
    return found or None


def plain(markup: Any, *, lines: bool = False) -> str | None:
    """Markup or text -> plain text, in one line or (`lines`) a line a block; None when nothing is left.

    >>> plain("&lt;b&gt;Open&lt;/b&gt; <i>weights</i><script>alert(1)</script>")
    'Open weights'
    """
    if not isinstance(markup, str):
        return None
    # A title may hold markup that was escaped once more on its way: two rounds, no more.
    for _ in range(2):
        if "<" in markup or "&" in markup:
            markup = _stripped(markup, lines)
    parts = [" ".join(part.split()) for part in (markup.splitlines() if lines else [markup])]
    return "\n".join(part for part in parts if part) or None


def _stripped(markup: str, lines: bool) -> str:
    try:
        root = lxml.html.fragment_fromstring(markup, create_parent="div")
    except (etree.LxmlError, ValueError):
        return html.unescape(re.sub(r"<[^<>]*>", " ", markup))
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag in _UNSEEN:
            element.text = None
            for child in list(element):
                element.remove(child)
        elif lines and element.tag in _BLOCKS:
            element.tail = "\n" + (element.tail or "")
            if element.tag != "br":
                element.text = "\n" + (element.text or "")
    return str(root.text_content()) if root.tag else ""


def _announced(text: str, url: str) -> list[str] | None:
    """The feeds that a web page announces (rel=alternate), comments last; None when it is no web page."""
    if not re.search(r"<(?:!doctype\s+html|html|head|body)[\s>]", text[:5_000], re.I):
        return None
    try:
        root = lxml.html.document_fromstring(text.encode("utf-8", "replace"))
    except (etree.LxmlError, ValueError):
        return None
    links = root.xpath("//link[contains(concat(' ', @rel, ' '), ' alternate ')][@href]")
    found = [
        (
            ("comment" in f"{link.get('title', '')} {link.get('href')}".lower()),
            _absolute(link.get("href"), url),
        )
        for link in links
        if link.get("type", "").split(";")[0].strip().lower() in _FEED_TYPES
    ]
    return list(dict.fromkeys(address for _, address in sorted(found, key=lambda one: one[0]) if address))


_FEED_TYPES = (
    *("application/rss+xml", "application/atom+xml", "application/rdf+xml"),
    *("application/feed+json", "application/json"),
)


def _json_feed(text: str, url: str, limit: int) -> Value:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        return {"kind": "none"}
    version = feed.get("version")
    items = feed.get("items")
    if not (isinstance(version, str) and "jsonfeed.org" in version and isinstance(items, list)):
        return {"kind": "none"}
    entries = sorted((_json_entry(item, url) for item in items if isinstance(item, dict)), key=_age)
    return _feed(entries[:limit], [entry["link"] or entry["id"] or "" for entry in entries[limit:]])


def _json_entry(item: Value, base: str) -> Value:
    said = next(
        (item[name] for name in ("date_published", "date_modified") if isinstance(item.get(name), str)), None
    )
    published, precision = parse_iso(said)
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    names = [plain(author.get("name")) for author in authors or [] if isinstance(author, dict)]
    contents = [plain(item.get("content_html"), lines=True), item.get("content_text")]
    return {
        "id": str(item["id"]) if "id" in item else None,
        "link": _absolute(item.get("external_url") or item.get("url"), base),
        "title": plain(item.get("title")),
        "published": published.isoformat() if published else None,
        "precision": precision,
        "authors": [name for name in names if name],
        "text": next((text.strip() for text in contents if isinstance(text, str) and text.strip()), None),
    }
