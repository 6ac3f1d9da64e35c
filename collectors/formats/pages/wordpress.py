"""WordPress exports (WXR): posts with their whole text; pages, attachments and menus are no articles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlsplit

from lxml import etree

from collectors.formats.record import Item, Notice, Record
from collectors.formats.syntax.content import Content
from collectors.formats.syntax.markup import html_lines, plain_title, value
from collectors.formats.syntax.xmlstream import elements
from collectors.formats.values.dates import read_date
from collectors.formats.values.languages import language_code
from pressgauge.urls import is_web

_NOT_POSTS = (
    "attachment",
    "nav_menu_item",
    "revision",
    "custom_css",
    "wp_block",
    "page",
    "wp_navigation",
    "wp_template",
)
_TITLE = re.compile(r"<channel>\s{0,50}<title>(?:<!\[CDATA\[)?([^<\]]{1,300})")
_LANGUAGE = re.compile(r"<language>\s{0,5}([\w-]{2,12})")
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


def recognise(content: Content) -> bool:
    return "wordpress.org/export/" in content.text_head and "<rss" in content.text_head


def read(content: Content) -> Iterator[Item]:
    head = content.text_head
    title, tag = _TITLE.search(head), _LANGUAGE.search(head)
    outlet = plain_title(unescape(title[1])) if title else None
    language = language_code(tag[1]) if tag else None
    names: dict[str, str] = {}
    for element in elements(content, "item", "author"):
        kind = etree.QName(element).localname
        if kind == "author":
            login, display_name = value(element, "author_login"), value(element, "author_display_name")
            full = " ".join(
                filter(None, (value(element, "author_first_name"), value(element, "author_last_name")))
            )
            if login:
                names[login] = full if " " in full else (display_name or "")
        else:
            yield _record(element, outlet, language, names, content.name)


def _record(
    item: etree._Element, outlet: str | None, language: str | None, names: dict[str, str], name: str
) -> Item:
    title = plain_title(value(item, "title"))
    kind, status = value(item, "post_type") or "post", value(item, "status") or "publish"
    if kind in _NOT_POSTS:
        return Notice("not_an_article", f"{title or 'an item'} in {name} is of type {kind}", counts=True)
    if status in ("draft", "pending", "private", "trash", "auto-draft", "future"):
        return Notice("not_published", f"{title or 'an item'} in {name} is of status {status}", counts=True)
    body = item.find(_CONTENT)
    lines = html_lines(body.text if body is not None else None)
    record = Record(title=title, text="\n".join(lines) or None, outlet=outlet, language=language)
    link = value(item, "link") or ""
    record.url = link if is_web(link) and "." in (urlsplit(link).hostname or "") else None
    gmt = value(item, "post_date_gmt") or ""
    record.set_date(read_date(f"{gmt}Z" if gmt and not gmt.startswith("0000") else value(item, "pubDate")))
    author = value(item, "creator") or ""
    display_name = names.get(author, author)
    record.authors = (display_name,) if " " in display_name else ()
    number = value(item, "post_id")
    record.database = "wordpress"
    record.document = None if record.url else value(item, "guid") or number
    if record.title is None and record.text is None:
        return Notice("empty_document", f"item {number} of {name} has neither headline nor text", counts=True)
    return record
