"""JSON of news services and reading lists: Guardian, NYT, NewsAPI, GNews, webz.io, GDELT, Media Cloud, Event
Registry, wallabag, Pocket, Omnivore, Pinboard, Readability, CSL (Zotero) and lists with the like fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from collectors.formats.agencies.ninjs import is_item, read_item
from collectors.formats.record import Item, Notice, Record
from collectors.formats.syntax.content import Content, ContentError
from collectors.formats.syntax.markup import html_lines, plain_title
from collectors.formats.tables import bibliography
from collectors.formats.tables.columns import names_of, text_of
from collectors.formats.tables.json_objects import objects
from collectors.formats.tables.rows import is_of_articles, records
from collectors.formats.values.bylines import persons
from collectors.formats.values.dates import read_date
from collectors.formats.values.languages import language_code
from pressgauge.languages import country_code
from pressgauge.urls import host_of

_START = re.compile(r"\{\s*[\"}]|\[\s*[\[{\"\]]")
_CUT_MARK = re.compile(r"\s*(?:…|\.\.\.)?\s*\[\+?\d+ chars\]\s*$")


def recognise(content: Content) -> bool:
    return _START.match(content.start) is not None


def is_of_a_service(content: Content) -> bool:
    """Whether the first object of a JSON file is of a service, or of an agency, that is known."""
    try:
        first = next(iter(_items(content)), None)
    except ContentError:
        return False
    return isinstance(first, dict) and _reader(first) is not None


def read(content: Content) -> Iterator[Item]:
    name = content.name
    items = list(islice(_items(content), 1))
    every = _items(content)
    first = items[0] if items else None
    reader = _reader(first) if isinstance(first, dict) else None
    if reader is None and first is not None and _is_own_rows(content):
        rows = (one if isinstance(one, dict) else None for one in every)
        yield from records(rows, name, is_press=content.is_press)
        return
    if reader is None:
        keys = ", ".join(map(str, first))[:300] if isinstance(first, dict) else type(first).__name__
        yield Notice(
            "unknown_format",
            f"{name} is JSON, but of none of the services that are known; its objects have "
            f"{keys or 'nothing'}",
        )
        return
    for number, one in enumerate(every, 1):
        if not isinstance(one, dict):
            yield Notice("bad_row", f"entry {number} of {name} is no object", counts=True)
            continue
        yield from (_reader(one) or reader)(one, name)


def _items(content: Content) -> Iterator[Any]:
    return objects(content, lambda one: _reader(one) is not None)


def _is_own_rows(content: Content) -> bool:
    sample = [one for one in islice(_items(content), 50) if isinstance(one, dict)]
    return bool(sample) and is_of_articles(sample)


Reader = Callable[[dict[str, Any], str], Iterator[Item]]


def _reader(one: dict[str, Any]) -> Reader | None:
    """Who reads an object, by the fields that only this service has."""
    keys = one.keys()
    for needed, reader in _SERVICES:
        if needed <= keys:
            return reader
    if is_item(one):
        return read_item
    if bibliography.is_csl(one):
        return bibliography.read_csl
    return None


def _article(record: Record, name: str) -> Iterator[Item]:
    if record.title is None and record.text is None and record.url is None:
        yield Notice("empty_row", f"an entry of {name} names no article", counts=True)
        return
    if record.text is None:
        record.partial = "title_only"
    yield record


def _lines(*texts: Any) -> str | None:
    return next(("\n".join(lines) for text in texts if (lines := html_lines(text_of(text)))), None)


def _guardian(one: dict[str, Any], name: str) -> Iterator[Item]:
    fields = one["fields"] if isinstance(one.get("fields"), dict) else {}
    record = Record(
        title=plain_title(text_of(fields.get("headline")) or text_of(one.get("webTitle"))),
        url=text_of(one.get("webUrl")),
    )
    record.outlet = text_of(fields.get("publication")) or "The Guardian"
    record.set_date(read_date(text_of(one.get("webPublicationDate"))))
    record.authors = persons(text_of(fields.get("byline")))
    blocks = one.get("blocks")
    body = blocks.get("body") if isinstance(blocks, dict) else None
    html = (
        "".join(text_of(block.get("bodyHtml")) or "" for block in body if isinstance(block, dict))
        if isinstance(body, list)
        else ""
    )
    record.text = _lines(fields.get("body"), fields.get("bodyText"), html)
    if record.text is None and (trail := _lines(fields.get("trailText"))):
        record.text, record.partial = trail, "excerpt"
    record.language = language_code(text_of(fields.get("lang")))
    yield from _article(
        record.note(section=text_of(one.get("sectionName")), printed_words=text_of(fields.get("wordcount"))),
        name,
    )


def _nyt(one: dict[str, Any], name: str) -> Iterator[Item]:
    headline = one.get("headline")
    record = Record(title=plain_title(text_of(headline) or text_of(one.get("title"))))
    record.url = text_of(one.get("web_url")) or text_of(one.get("url"))
    record.outlet = text_of(one.get("source")) or "The New York Times"
    record.set_date(
        read_date(
            text_of(one.get("pub_date"))
            or text_of(one.get("published_date"))
            or text_of(one.get("created_date"))
        )
    )
    byline = one.get("byline")
    record.authors = persons(text_of(byline.get("original")) if isinstance(byline, dict) else text_of(byline))
    record.text = _lines(one.get("lead_paragraph"), one.get("abstract"), one.get("snippet"))
    record.partial = "excerpt" if record.text else None
    record.note(
        section=text_of(one.get("section_name")) or text_of(one.get("section")),
        page=text_of(one.get("print_page")),
    )
    yield from _article(record.note(printed_words=text_of(one.get("word_count"))), name)


def _newsapi(one: dict[str, Any], name: str) -> Iterator[Item]:
    """NewsAPI.org and GNews.io: texts are cut, and say so; '[Removed]' is what a publisher took back."""
    if one.get("title") == "[Removed]":
        yield Notice("removed", f"an entry of {name} was taken back by its publisher", counts=True)
        return
    source = one.get("source")
    record = Record(title=plain_title(text_of(one.get("title"))), url=text_of(one.get("url")))
    record.outlet = text_of(source) or host_of(record.url)
    record.set_date(read_date(text_of(one.get("publishedAt"))))
    record.authors = names_of(one.get("author"))
    content = text_of(one.get("content")) or ""
    is_cut = _CUT_MARK.search(content) is not None
    text, description = _lines(_CUT_MARK.sub("", content)), _lines(one.get("description"))
    record.text = description if not text or (is_cut and len(description or "") > len(text)) else text
    record.partial = "excerpt" if record.text and (is_cut or record.text == description) else None
    record.language = language_code(text_of(one.get("lang")) or text_of(one.get("language")))
    yield from _article(record, name)


def _webz(one: dict[str, Any], name: str) -> Iterator[Item]:
    thread = one["thread"]
    record = Record(
        title=plain_title(text_of(one.get("title")) or text_of(thread.get("title_full"))), database="webz"
    )
    record.document = text_of(one.get("uuid"))
    url = text_of(one.get("url"))
    record.url = url if url and host_of(url) not in ("omgili.com", "omgili.io", "webhose.io") else None
    record.outlet = text_of(thread.get("site_full")) or text_of(thread.get("site"))
    record.domain = text_of(thread.get("site"))
    record.set_date(read_date(text_of(one.get("published")) or text_of(thread.get("published"))))
    record.authors = names_of(one.get("author"))
    record.text = _lines(one.get("text"))
    record.language = language_code(text_of(one.get("language")))
    record.country = country_code(text_of(thread.get("country")))
    yield from _article(record.note(section=text_of(thread.get("section_title"))), name)


def _gdelt(one: dict[str, Any], name: str) -> Iterator[Item]:
    record = Record(title=plain_title(text_of(one.get("title"))), url=text_of(one.get("url")))
    record.outlet = record.domain = text_of(one.get("domain")) or host_of(record.url)
    record.language = language_code(text_of(one.get("language")))
    record.country = country_code(text_of(one.get("sourcecountry")))
    yield from _article(record.note(seen=text_of(one.get("seendate"))), name)


def _event_registry(one: dict[str, Any], name: str) -> Iterator[Item]:
    source = one.get("source")
    record = Record(
        title=plain_title(text_of(one.get("title"))),
        url=text_of(one.get("url")),
        text=_lines(one.get("body")),
    )
    record.outlet = text_of(source) or host_of(record.url)
    record.set_date(
        read_date(text_of(one.get("dateTimePub")) or text_of(one.get("dateTime")) or text_of(one.get("date")))
    )
    record.authors = names_of(one.get("authors"))
    record.language = language_code(text_of(one.get("lang")))
    yield from _article(record, name)


def _bing(one: dict[str, Any], name: str) -> Iterator[Item]:
    providers = one.get("provider")
    provider = providers[0] if isinstance(providers, list) and providers else providers
    record = Record(title=plain_title(text_of(one.get("name"))), url=text_of(one.get("url")))
    record.outlet = text_of(provider) or host_of(record.url)
    record.set_date(read_date(text_of(one.get("datePublished"))))
    record.text = _lines(one.get("description"))
    record.partial = "excerpt" if record.text else None
    yield from _article(record, name)


def _reading_list(one: dict[str, Any], name: str) -> Iterator[Item]:
    """Reading lists: wallabag, Pocket, Omnivore, Readability, Pinboard. When a page was saved is no date of
    publication; nor is one that equals it."""
    url = next(
        (
            text
            for key in ("url", "href", "resolved_url", "given_url", "article__url")
            if (text := text_of(one.get(key)))
        ),
        None,
    )
    titles = ("title", "resolved_title", "given_title", "article__title") + (
        ("description",) if "href" in one else ()
    )
    title = next((text for key in titles if (text := text_of(one.get(key)))), None)
    record = Record(title=plain_title(title), url=url)
    saved_at = next(
        (
            text
            for key in ("savedAt", "created_at", "time_added", "date_added", "time")
            if (text := text_of(one.get(key)))
        ),
        None,
    )
    published = text_of(one.get("published_at")) or text_of(one.get("publishedAt"))
    record.set_date(read_date(published) if published and published != saved_at else (None, None))
    record.text = _lines(one.get("content"))
    excerpts = ("excerpt", "extended", "article__excerpt") + (() if "href" in one else ("description",))
    if record.text is None and (excerpt := _lines(*(one.get(key) for key in excerpts))):
        record.text, record.partial = excerpt, "excerpt"
    record.authors = names_of(one.get("published_by") or one.get("author") or one.get("authors"))
    record.outlet = text_of(one.get("siteName")) or text_of(one.get("domain_name")) or host_of(url)
    record.language = language_code(text_of(one.get("language")) or text_of(one.get("lang")))
    yield from _article(record.note(saved=saved_at), name)


_SERVICES: tuple[tuple[set[str], Reader], ...] = (
    ({"webTitle", "webUrl"}, _guardian),
    ({"web_url", "pub_date"}, _nyt),
    ({"item_type", "published_date", "byline"}, _nyt),
    ({"abstract", "published_date", "byline", "url"}, _nyt),
    ({"thread", "uuid"}, _webz),
    ({"seendate", "url"}, _gdelt),
    ({"publishedAt", "source", "url", "title"}, _newsapi),
    ({"datePublished", "provider", "name", "url"}, _bing),
    ({"isDuplicate", "url", "body"}, _event_registry),
    ({"dateTimePub", "url"}, _event_registry),
    ({"is_archived", "url"}, _reading_list),
    ({"domain_name", "reading_time", "url"}, _reading_list),
    ({"is_read", "url"}, _reading_list),
    ({"resolved_url", "given_url"}, _reading_list),
    ({"savedAt", "url"}, _reading_list),
    ({"href", "description"}, _reading_list),
    ({"article__url"}, _reading_list),
)
"""The fields that tell one service from another, most particular first."""
