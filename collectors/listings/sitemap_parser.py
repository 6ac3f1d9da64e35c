"""Sitemaps -> entries. Runs in a process of the sandbox.

Many sitemaps are not well-formed: a bare & or <, an element left open, a prefix not declared. So no XML
parser reads them: an entry lasts until the next one, a field until the next tag that counts, and a DTD is
passed over.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from html import escape, unescape
from html.entities import html5
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from collectors.candidate import Window
from collectors.errors import CollectError, scrub
from collectors.extraction.page.charset import decode
from collectors.listings.entry import MAX_BYTES, MAX_ENTRIES, Entry, published
from collectors.listings.plain import plain
from collectors.shared.unpack import gunzip
from pressgauge.urls import is_web

_MOST_TAGS = 5_000_000
_MOST_ENTRIES = 1_000_000
_LONGEST = 4_096
"""Characters of a field; what is longer was not closed, or is hostile."""
_ROOTS = ("urlset", "sitemapindex")
_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?([\w.-]{1,40})")
_END = re.compile(
    r"</(?:[\w.-]{1,40}:)?(?:urlset|sitemapindex)\s*>|<(?:[\w.-]{1,40}:)?(?:urlset|sitemapindex)[^<>]*/>"
)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[<>]*(?:\[.*?\]\s*)?>\s*", re.S | re.I)
_ASIDE = re.compile(r"<\?[^<>]*>|<!--.*?(?:-->|(\Z))|<!\[CDATA\[(.*?)(?:\]\]>|(\Z))", re.S)
_TAG = re.compile(
    r"<(/?)((?:[\w.-]{1,40}:)?)(url|sitemap|loc|lastmod|news|publication_date|title|language|name)"
    r"(?:\s[^<>]*)?/?>",
    re.I,
)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|([A-Za-z]\w{1,31}));")


def parse_sitemap(
    body: bytes, *, url: str, charset: str | None, since: str | None = None, until: str | None = None
) -> list[dict[str, Any]]:
    """`parse` as values of JSON, titles as plain text.

    Of what is beyond MAX_ENTRIES there are only the addresses; what says that it was not published from
    `since` to `until` (ISO, UTC; None is open) has no title.
    """
    first, last = (moment and datetime.fromisoformat(moment) for moment in (since, until))
    window = Window(first or None, last or None)
    return [
        _values(entry, window) if number < MAX_ENTRIES else {"url": entry.url}
        for number, entry in enumerate(parse(body, url, charset))
    ]


def _values(entry: Entry, window: Window) -> dict[str, Any]:
    values = asdict(entry)
    if entry.title:  # plain only where it is kept: that is a tree for each
        values["title"] = plain(entry.title) if window.contains(published(entry)[0]) else None
    return values


def parse(body: bytes, url: str, charset: str | None = None) -> list[Entry]:
    """The entries of a sitemap or sitemap index (XML or text, gzipped or not), in order, with absolute URLs;
    titles may hold markup.

    `charset` is the one that the HTTP header declared. Raises CollectError: 'not_a_sitemap', 'truncated',
    'too_large' or 'bad_gzip'. The entities of a DTD are not resolved.
    """
    text = decode(gunzip(body, MAX_BYTES), charset).lstrip("\ufeff \t\r\n")
    if not text.startswith("<"):
        return _parse_text(text, url)
    if text.count("<") > _MOST_TAGS:
        raise CollectError("too_large", scrub(f"{url} holds more than {_MOST_TAGS:,} tags."))
    text = _ASIDE.sub(_plainly, text).lstrip()
    if doctype := _DOCTYPE.match(text):
        text = text[doctype.end() :]
    root = _ROOT.match(text)
    if root is None or root[1].lower() not in _ROOTS:
        raise CollectError("not_a_sitemap", scrub(f"{url} holds {repr(root[1]) if root else 'nothing'}."))
    if not _END.search(text, max(len(text) - 64 * 1024, 0)):
        # Its last address may be half an address.
        raise CollectError("truncated", scrub(f"{url} is cut short."))
    entries = list(islice(_entries(text, url), _MOST_ENTRIES))
    if len(entries) == _MOST_ENTRIES:
        raise CollectError("too_large", scrub(f"{url} holds {_MOST_ENTRIES:,} entries or more."))
    return entries


def _parse_text(text: str, url: str) -> list[Entry]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or not all(map(is_web, lines)):
        raise CollectError("not_a_sitemap", scrub(f"{url} is neither a sitemap nor a list of URLs."))
    return [Entry(line) for line in lines]


def _plainly(aside: re.Match[str]) -> str:
    """Nothing of a comment or instruction, and a CDATA section as escaped text; one left open was none."""
    unclosed_comment, section, unclosed_section = aside.groups()
    if unclosed_comment is not None:
        return aside[0].removeprefix("<!--")
    if section is None:
        return ""
    if unclosed_section is not None:
        return section.replace("<![CDATA[", "")
    before, _, section = section.rpartition("<![CDATA[")
    return before.replace("<![CDATA[", "") + escape(section, quote=False)


def _entries(text: str, base: str) -> Iterator[Entry]:
    """By its prefix, the entry's or its `news` element's, a field is told from those of images and videos."""
    kind = own = field = ""
    news: str | None = None
    fields: dict[str, str] = {}
    start = 0
    for tag in _TAG.finditer(text):
        closing, prefix, name = tag[1], tag[2], tag[3].lower()
        structure = name in ("url", "sitemap", "news")
        if not structure and prefix != (own if name in ("loc", "lastmod") else news):
            continue
        if field:
            fields.setdefault(field, text[start : tag.start()] if tag.start() - start <= _LONGEST else "")
            field = ""
        if name in ("url", "sitemap"):
            if kind or fields:
                yield _entry(kind or name, fields, base)
            kind, own, news, fields = "" if closing else name, prefix, None, {}
        elif name == "news":
            news = prefix
        elif not closing:
            field, start = name, tag.end()
    if kind or fields:
        yield _entry(kind, fields, base)


def _entry(kind: str, fields: dict[str, str], base: str) -> Entry:
    def value(name: str) -> str | None:
        return _without_references(fields.get(name, "").partition("<")[0]).strip() or None

    if not fields:
        return Entry("", index=kind == "sitemap")
    address = value("loc") or ""
    if address and not is_web(address):
        with contextlib.suppress(ValueError):
            address = urljoin(base, address)
    return Entry(
        address,
        index=kind == "sitemap",
        lastmod=value("lastmod"),
        published=value("publication_date"),
        title=_without_references(fields.get("title", "")).strip() or None,
        language=value("language"),
        outlet=value("name"),
    )


def _without_references(text: str) -> str:
    """With the characters that numbers and HTML's names stand for; a bare & is itself."""
    if "&" not in text:
        return text
    return _REFERENCE.sub(lambda one: html5.get(f"{one[1]};", one[0]) if one[1] else unescape(one[0]), text)
