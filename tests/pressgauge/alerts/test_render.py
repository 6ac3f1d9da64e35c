"""Notices as Atom, HTML, Markdown and chat: what a stranger wrote stays text everywhere."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressgauge.alerts.notice import Item, Notice
from pressgauge.alerts.render import atom, chat, html, identity, markdown, plain

AT = datetime(2025, 3, 1, 12, tzinfo=UTC)
HOSTILE = '<script>alert(1)</script> ](javascript:x) **x** <!channel> "&\x00'
NOTICE = Notice(
    "new",
    "articles 1",
    AT,
    "1 new article",
    "1 new article, of 4 collected in all.",
    (
        Item("Open weights", "Wired", "https://wired.example/a(b)", datetime(2025, 2, 1, tzinfo=UTC)),
        Item(HOSTILE, None, "javascript:alert(1)", None),
    ),
)
LINK = re.compile(r"(?<!\\)\]\(?<?javascript")
NS = {"a": "http://www.w3.org/2005/Atom"}


def test_a_feed_is_atom_with_stable_ids_the_newest_first_and_no_markup_of_strangers():
    older = Notice("old", "k", datetime(2025, 2, 1, tzinfo=UTC), "Older", "x")
    feed = ElementTree.fromstring(atom([older, NOTICE], updated=AT, address="https://p.example/alerts.atom"))
    assert feed.findtext("a:updated", None, NS) == "2025-03-01T12:00:00+00:00"
    entries = feed.findall("a:entry", NS)
    assert [entry.findtext("a:title", None, NS) for entry in entries] == ["1 new article", "Older"]
    assert entries[0].findtext("a:id", None, NS) == "urn:uuid:" + "-".join(
        re.fullmatch("(.{8})(.{4})(.{4})(.{4})(.{12})", identity(NOTICE)).groups()
    )
    content = entries[0].findtext("a:content", None, NS)
    assert "<script" not in content and re.findall('href="([^"]*)', content) == ["https://wired.example/a(b)"]


def test_an_empty_feed_is_a_feed():
    assert ElementTree.fromstring(atom([], updated=AT)).findall("a:entry", NS) == []


def test_a_document_for_mail_loads_nothing_and_runs_nothing():
    page = html([NOTICE], title=HOSTILE, lead=HOSTILE)
    tags = re.findall(r"<(\w+)", page)
    assert not {"script", "img", "style", "link", "iframe"} & set(tags)
    assert re.findall('href="([^"]*)"', page) == ["https://wired.example/a(b)"]


def test_markdown_shows_a_hostile_headline_as_its_letters():
    text = markdown([NOTICE], title="Digest")
    assert "- [Open weights](<https://wired.example/a%28b%29>) Wired, 2025-02-01\n" in text
    assert r"\<script\>" in text and not LINK.search(text)


@pytest.mark.parametrize("shown", [plain, lambda text: chat(replace(NOTICE, title=text, items=()))["text"]])
def test_nothing_that_is_told_steers_a_terminal_or_turns_what_follows(shown):
    assert "on שלום x" in shown("on \u2066שלום\u2069\x9b\n\x1bx")


def test_a_chat_links_what_is_of_the_web_only_and_calls_nobody():
    text = chat(NOTICE)["text"]
    assert "[Open weights](https://wired.example/a%28b%29) Wired, 2025-02-01" in text
    assert "<!channel>" not in text and not LINK.search(text)


def test_a_notice_comes_back_from_its_json_as_it_was():
    assert Notice.from_dict(NOTICE.to_dict()) == NOTICE


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)


@given(st.text(max_size=60))
def test_whatever_a_headline_holds_no_document_gets_another_tag_and_the_feed_stays_xml(title: str):
    notice = Notice(title, "k", AT, title, title, (Item(title, title, f"https://a.example/{title}", None),))
    allowed = {"html", "head", "meta", "title", "body", "div", "h1", "h2", "p", "ul", "li", "span", "a"}
    assert Tags(html([notice], title=title)).seen <= allowed
    ElementTree.fromstring(atom([notice], updated=AT))
    assert "\n" not in plain(title)
