"""Feeds in every format, as outlets serve them: in place, behind a home page, damaged, or not at all."""

from __future__ import annotations

import gzip
import html
import json
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from collectors.candidate import Candidate, Window
from collectors.collector import Context
from collectors.cursor import Cursor
from collectors.errors import CollectError
from collectors.kinds.feeds import Feeds
from collectors.listings.feed_parser import parse_feed
from collectors.listings.plain import plain
from collectors.sandbox.pool import Workers
from collectors.source import Source
from collectors.state import State
from collectors.web.fetch import Fetcher
from tests.cost import costs_at_most

MOMENT = datetime(2025, 1, 20, 8, 30, tzinfo=UTC)
LINK = "https://a.example/2025/open-weights"
RSS_DATE = "Mon, 20 Jan 2025 09:30:00 +0100"
ATOM = "http://www.w3.org/2005/Atom"
LONG = "Open weights are published. " * 40


def rss(*items: str, version: str = "2.0") -> str:
    return (
        f'<rss version="{version}" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Outlet</title>'
        f"<link>https://a.example/</link>{''.join(items)}</channel></rss>"
    )


def item(link: str = LINK, title: str = "Open weights", date: str | None = RSS_DATE, more: str = "") -> str:
    dated = f"<pubDate>{date}</pubDate>" if date else ""
    return f"<item><title>{title}</title><link>{link}</link>{dated}{more}</item>"


def read(feed: str | bytes, limit: int = 300, charset: str | None = None) -> dict:
    body = feed.encode() if isinstance(feed, str) else feed
    return parse_feed(body, url="https://a.example/feed", limit=limit, charset=charset)


def answers(pages: dict[str, tuple[str, str | bytes]]):
    """Pages by path: (content type, body)."""

    async def handler(request: web.Request) -> web.Response:
        if request.path not in pages:
            return web.Response(status=404)
        kind, body = pages[request.path]
        content = body.encode() if isinstance(body, str) else body
        return web.Response(body=content, headers={"Content-Type": kind})

    return handler


RDF = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://a.example/"><title>O</title></channel>
 <item rdf:about="{LINK}"><title>Open weights</title><link>{LINK}</link>
 <dc:date>2025-01-20T08:30:00Z</dc:date><dc:creator>Ada Marsh</dc:creator></item></rdf:RDF>"""
ATOM_1 = f"""<feed xmlns="{ATOM}"><title>O</title><id>x</id><entry><id>urn:1</id><title>Open weights</title>
 <link rel="enclosure" href="https://a.example/a.mp3"/><link rel="alternate" href="{LINK}"/>
 <published>2025-01-20T08:30:00Z</published><updated>2025-02-02T00:00:00Z</updated>
 <author><name>Ada Marsh</name></author></entry></feed>"""
ATOM_03 = f"""<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>O</title><entry>
 <title>Open weights</title><link rel="alternate" type="text/html" href="{LINK}"/>
 <issued>2025-01-20T08:30:00Z</issued><author><name>Ada Marsh</name></author></entry></feed>"""
JSON_11 = {
    "version": "https://jsonfeed.org/version/1.1",
    "items": [
        {
            "id": "1",
            "url": LINK,
            "title": "Open weights",
            "date_published": "2025-01-20T09:30:00+01:00",
            "authors": [{"name": "Ada Marsh"}],
        }
    ],
}
JSON_1 = {
    "version": "https://jsonfeed.org/version/1",
    "items": [{**JSON_11["items"][0], "authors": None, "author": {"name": "Ada Marsh"}}],
}
FORMATS = {
    "RSS 0.91": rss(item(more="<dc:creator>Ada Marsh</dc:creator>"), version="0.91"),
    "RSS 0.92": rss(item(more="<author>Ada Marsh</author>"), version="0.92"),
    "RSS 2.0": rss(item(more="<dc:creator>Ada Marsh</dc:creator>")),
    "RDF 1.0": RDF,
    "Atom 1.0": ATOM_1,
    "Atom 0.3": ATOM_03,
    "JSON Feed 1.1": json.dumps(JSON_11),
    "JSON Feed 1": json.dumps(JSON_1),
}


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_article_is_read_from_every_format(name: str) -> None:
    [entry] = read(FORMATS[name])["entries"]
    assert (entry["link"], entry["title"], entry["authors"]) == (LINK, "Open weights", ["Ada Marsh"])
    assert datetime.fromisoformat(entry["published"]) == MOMENT
    assert entry["precision"] == "second"


async def test_a_feed_brings_what_it_announces_the_newest_first(serve, collect):
    days = [item(f"https://a.example/{n}", f"T{n}", f"{n:02} Jan 2025 08:30 GMT") for n in (19, 21, 20)]
    service = await serve(answers({"/feed": ("application/rss+xml", rss(*days))}))
    found = (await collect("feed", f"{service.url}feed")).candidates
    assert [candidate.title for candidate in found] == ["T21", "T20", "T19"]
    assert found[1].published == MOMENT


async def test_a_home_page_leads_to_the_feed_it_announces_and_not_to_its_comments(serve, collect):
    home = (
        "<!doctype html><html><head>"
        '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">'
        '<link rel="alternate" hreflang="de" href="/de/">'
        '<link rel="alternate" type="application/atom+xml" title="News" href="news.xml">'
        "</head><body>news</body></html>"
    )
    pages = {
        "/": ("text/html", home),
        "/news.xml": ("text/xml", ATOM_1),
        "/comments/feed": ("text/xml", rss(item("https://a.example/comment"))),
    }
    service = await serve(answers(pages))
    assert (await collect("feed", service.url)).urls == [LINK]
    assert service.paths == ["/", "/news.xml"]


async def test_a_home_page_that_announces_itself_or_a_page_is_no_feed_and_is_left(serve, collect):
    page = '<html><head><link rel=alternate type="application/rss+xml" href="/"></head></html>'
    service = await serve(answers({"/": ("text/html", page)}))
    with pytest.raises(CollectError) as caught:
        await collect("feed", service.url)
    assert caught.value.reason == "not_a_feed"
    assert service.paths == ["/"]


def announcing(*links: str, head: str = "") -> str:
    return f"<!doctype html><html><head>{head}{''.join(links)}</head><body>news</body></html>"


def announced(href: str, kind: str = "application/rss+xml", rel: str = "alternate") -> str:
    return f'<link rel="{rel}" type="{kind}" href="{href}">'


async def test_an_unchanged_home_page_says_nothing_of_its_feed_and_an_unchanged_feed_is_left(serve):
    pages = {"/": announcing(announced("/feed")), "/feed": rss(item("https://a.example/1"))}

    async def handler(request: web.Request) -> web.Response:
        body = pages.get(request.path)
        if body is None:
            return web.Response(status=404)
        tag = f'"{len(body)}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        return web.Response(text=body, headers={"ETag": tag})

    service = await serve(handler)
    state, cursor = State(), Cursor()

    async def refreshed(path: str) -> list[str]:
        source = Source(name="s", kind="feed", url=service.url + path, outlet="O", local=True, delay=0.0)
        async with Fetcher(state=state) as fetch, Workers(1) as workers:
            found = [one async for one in Feeds().collect(source, Window(), Context(fetch, cursor, workers))]
        state.keep_validators("s")
        return [one.url for one in found if isinstance(one, Candidate)]

    assert await refreshed("") == ["https://a.example/1"]
    pages["/feed"] = rss(item("https://a.example/1"), item("https://a.example/2"))
    assert await refreshed("") == ["https://a.example/1", "https://a.example/2"]
    assert await refreshed("") == []
    cursor = Cursor()
    assert len(await refreshed("")) == 2, "and so for a state that knows the page, not that it is one"
    assert await refreshed("feed") == []


@pytest.mark.parametrize("dead", ["/gone", "http://[bad"])
async def test_of_the_announced_feeds_the_first_that_works_is_read(serve, collect, dead):
    pages = {
        "/": ("text/html", announcing(announced(dead), announced("/feed"))),
        "/dead": ("text/html", announcing(announced(dead))),
        "/feed": ("text/xml", rss(item())),
    }
    service = await serve(answers(pages))
    assert (await collect("feed", service.url)).urls == [LINK]
    with pytest.raises(CollectError) as caught:
        await collect("feed", f"{service.url}dead")
    assert caught.value.reason in ("http_404", "bad_url")


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        (announcing(announced("feed"), head='<base href="/news/">'), "https://a.example/news/feed"),
        (announcing(announced("feed"), head='<base href="http://[bad">'), "https://a.example/feed"),
        (announcing(announced("/feed", rel="Home\nALTERNATE")), "https://a.example/feed"),
        (announcing(announced("/feed", "text/xml")), "https://a.example/feed"),
        (announcing(announced("/feed", "application/xml; charset=utf-8")), "https://a.example/feed"),
    ],
    ids=["base", "bad base", "rel", "text/xml", "application/xml"],
)
def test_a_page_announces_its_feeds_as_html_lets_it(page: str, feed: str) -> None:
    assert read(page) == {"kind": "html", "feeds": [feed]}


async def test_a_gzipped_feed_is_unpacked_and_a_cut_one_is_an_error(serve, collect):
    packed = gzip.compress(rss(item()).encode())
    kind = "application/gzip"
    service = await serve(answers({"/feed.gz": (kind, packed), "/cut.gz": (kind, packed[:-20])}))
    assert (await collect("feed", f"{service.url}feed.gz")).urls == [LINK]
    with pytest.raises(CollectError) as caught:
        await collect("feed", f"{service.url}cut.gz")
    assert caught.value.reason == "bad_gzip"


NO_FEEDS: list[tuple[str, str | bytes, str]] = [
    ("text/html", "<html><body>Please log in</body></html>", "web page"),
    ("application/rss+xml", "<!DOCTYPE html><html><title>Just a moment...</title></html>", "web page"),
    ("application/rss+xml", "", "empty"),
    ("application/rss+xml", " \n ", "empty"),
    ("application/json", '{"error": "no such feed"}', "no feed"),
    ("application/json", "[" * 5_000, "no feed"),
    ("text/plain", "not found", "no feed"),
    ("application/rss+xml", b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, "no feed"),
    ("text/xml", "<note><to>Ada</to></note>", "no feed"),
]


async def test_n18_what_is_no_feed_is_an_error_and_never_nothing_new(serve, collect):
    service = await serve(answers({f"/{n}": (kind, body) for n, (kind, body, _) in enumerate(NO_FEEDS)}))
    for n, (_, _, said) in enumerate(NO_FEEDS):
        with pytest.raises(CollectError) as caught:
            await collect("feed", f"{service.url}{n}")
        assert caught.value.reason == "not_a_feed"
        assert said in caught.value.detail


def test_a_feed_without_entries_is_a_feed() -> None:
    about = {"title": "The Outlet", "language": None, "site": "https://a.example/"}
    assert read(rss()) == {"kind": "feed", "entries": [], "left": [], "over": 0, "about": about}
    assert read('{"version": "https://jsonfeed.org/version/1.1", "items": []}')["kind"] == "feed"


@pytest.mark.parametrize(
    "feed",
    [
        rss(item()).replace("</channel></rss>", ""),
        "\n\n \ufeff" + rss(item()),
        "<!-- made by hand -->" + rss(item()),
        rss(item(title="Open weights &nbsp;&bogus;")),
        rss(item(more="<description>a < b & c</description>")),
        rss(item(more="<description><p>unclosed<br></description>")),
        rss("<item><title>cut</title><link>https://a.example/cut", item()),
        rss(item()).replace("<rss ", '<?xml version="1.0" encoding="utf-16"?><rss '),
        rss(item(more="\x0b\x00")),
    ],
    ids=["end", "space", "comment", "entity", "ampersand", "tags", "cut", "encoding", "control"],
)
def test_a_malformed_feed_gives_what_can_be_read(feed: str) -> None:
    found = [entry for entry in read(feed)["entries"] if entry["link"] == LINK]
    assert len(found) == 1
    assert found[0]["title"].startswith("Open weights")


def test_p03_a_feed_is_read_in_the_character_set_it_was_written() -> None:
    latin = '<?xml version="1.0" encoding="ISO-8859-1"?>' + rss(item(title="Modèle ouvert"))
    assert read(latin.encode("latin-1"))["entries"][0]["title"] == "Modèle ouvert"
    undeclared = rss(item(title="Модель открыта")).encode("windows-1251")
    assert read(undeclared, charset="windows-1251")["entries"][0]["title"] == "Модель открыта"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("AT&T buys lab", "AT&T buys lab"),
        ("Q&A", "Q&A"),
        ("Q&amp;A", "Q&A"),
        ("<![CDATA[AT&T, R&amp;D]]>", "AT&T, R&D"),
        ("Caf&eacute; &#233; &bogus;", "Café é &bogus;"),
    ],
)
def test_a_bare_ampersand_is_one(written: str, expected: str) -> None:
    assert read(rss(item(title=written)))["entries"][0]["title"] == expected


@pytest.mark.parametrize("feed", [rss(item()), ATOM_1], ids=["RSS", "Atom"])
@pytest.mark.parametrize("query", ["a=1&b=2", "a=1&copy=3"])
def test_the_query_of_a_link_comes_out_as_it_is(feed: str, query: str) -> None:
    for written in (query, query.replace("&", "&amp;")):
        for title in ("Open weights", "Q&A &nbsp;"):
            [entry] = read(feed.replace(LINK, f"{LINK}?{written}").replace("Open weights", title))["entries"]
            assert entry["link"] == f"{LINK}?{query}"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("<author>jane@outlet.media (Jane Doe)</author>", ["Jane Doe"]),
        ("<author>desk@outlet.online</author>", []),
        ("<author>jane@outlet.com, john@outlet.com</author>", []),
        (
            "<author>jane@outlet.media (Jane Doe), john@outlet.media (John Roe)</author>",
            ["Jane Doe", "John Roe"],
        ),
        (
            "<author>jane@outlet.com (Jane Doe) and john@outlet.com (John Roe)</author>",
            ["Jane Doe", "John Roe"],
        ),
        ("<dc:creator><![CDATA[Jane Doe <jane@outlet.com>]]></dc:creator>", ["Jane Doe"]),
        ("<author>Jane\n Doe (jane@outlet.com)</author>", ["Jane Doe"]),
        ("<author>Jane Doe</author><dc:creator>Jane Doe</dc:creator>", ["Jane Doe"]),
        ("<dc:creator>Jane Doe</dc:creator><dc:creator>John Roe</dc:creator>", ["Jane Doe", "John Roe"]),
        ("<dc:creator>Jane Doe (Reuters)</dc:creator>", ["Jane Doe (Reuters)"]),
    ],
)
def test_authors_are_names_each_once_and_no_addresses(written: str, expected: list[str]) -> None:
    assert read(rss(item(more=written)))["entries"][0]["authors"] == expected


@pytest.mark.parametrize(("author", "expected"), [("Jane Doe", ["Jane Doe"]), ("THE OUTLET", [])])
def test_the_author_of_a_feed_wrote_the_entries_without_one_unless_it_is_the_outlet(
    author: str, expected: list[str]
) -> None:
    own = "<author><name>Ada Marsh</name></author>"
    about = f"<title>The Outlet</title><author><name>{author}</name></author>"
    atom = ATOM_1.replace("<title>O</title>", about, 1)
    assert read(atom)["entries"][0]["authors"] == ["Ada Marsh"]
    assert read(atom.replace(own, ""))["entries"][0]["authors"] == expected
    items = [{"id": "1", "url": LINK}, JSON_11["items"][0]]
    entries = read(
        json.dumps(JSON_11 | {"title": "The Outlet", "authors": [{"name": author}], "items": items})
    )
    assert {tuple(entry["authors"]) for entry in entries["entries"]} == {tuple(expected), ("Ada Marsh",)}


def test_the_address_of_a_json_item_is_the_outlets_own_and_another_only_without() -> None:
    other = "https://b.example/story"
    for given, expected in (
        ({"url": LINK, "external_url": other}, LINK),
        ({"external_url": other}, other),
    ):
        [entry] = read(json.dumps(JSON_11 | {"items": [{"id": "1", **given}]}))["entries"]
        assert entry["link"] == expected


async def test_what_is_no_item_of_a_json_feed_is_recorded(serve, collect):
    feed = json.dumps(JSON_11 | {"items": ["text", None, *JSON_11["items"]]})
    service = await serve(answers({"/feed": ("application/feed+json", feed)}))
    collected = await collect("feed", f"{service.url}feed")
    assert collected.urls == [LINK]
    assert collected.rejected == [(f"{service.url}feed#item {n}", "no_url") for n in (1, 2)]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (f"<link></link><guid>{LINK}</guid>", LINK),
        (f"<guid>{LINK}</guid><link/>", LINK),
        (f"<link></link><guid isPermaLink='false'>{LINK}</guid>", None),
        ("<guid>12345</guid>", None),
        (f"<guid>12345</guid><link>{LINK}</link>", LINK),
        ("<link>/2025/open-weights</link>", LINK),
    ],
)
def test_an_address_is_the_link_or_a_permanent_guid_and_never_invented(written: str, expected: str) -> None:
    assert read(rss(f"<item>{written}</item>"))["entries"][0]["link"] == expected


async def test_an_address_may_be_in_capitals(serve, collect):
    service = await serve(answers({"/feed": ("text/xml", rss(item(LINK.replace("https", "HTTPS"))))}))
    assert len((await collect("feed", f"{service.url}feed")).urls) == 1


def test_blocks_keep_words_and_lines_apart() -> None:
    assert plain("First<br>Second") == "First Second"
    assert plain("<p>One</p><p>Two</p>") == "One Two"
    for tag in ("td", "th", "dt", "dd", "section", "article", "header", "footer", "aside"):
        table = tag in ("td", "th")
        row = f"<{tag}>One</{tag}><{tag}>Two</{tag}>"
        assert plain(f"<table><tr>{row}</tr></table>" if table else row, lines=True) == "One\nTwo", tag
    assert plain("One<hr>Two", lines=True) == "One\nTwo"


def test_text_is_taken_from_content_and_from_a_summary_as_long_as_an_article() -> None:
    feed = rss(
        item("https://a.example/1", more=f"<content:encoded><![CDATA[<p>{LONG}</p>]]></content:encoded>"),
        item("https://a.example/2", more=f"<description>{LONG}</description>"),
        item("https://a.example/3", more="<description>A teaser.</description>"),
    )
    texts = {entry["link"]: entry["text"] for entry in read(feed)["entries"]}
    assert texts == {
        "https://a.example/1": LONG.strip(),
        "https://a.example/2": LONG.strip(),
        "https://a.example/3": None,
    }


def test_u01_what_comes_out_is_plain_text() -> None:
    assert plain("&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;ok") == "ok"
    hostile = rss(item(title="&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;Models"))
    assert read(hostile)["entries"][0]["title"] == "Models"


def test_u01_without_the_stripping_a_title_comes_out_as_live_markup(monkeypatch):
    monkeypatch.setattr(
        "collectors.listings.plain._without_tags", lambda markup, lines: html.unescape(markup)
    )
    assert plain("&lt;img src=x onerror=alert(1)&gt;ok") == "<img src=x onerror=alert(1)>ok"


async def test_u02_an_entry_without_an_address_of_the_web_is_recorded(serve, collect):
    feed = rss(
        item("javascript:alert(1)"),
        item("ftp://a.example/x"),
        "<item><title>No link</title><guid isPermaLink='false'>17</guid></item>",
        item(),
    )
    service = await serve(answers({"/feed": ("text/xml", feed)}))
    collected = await collect("feed", f"{service.url}feed")
    assert collected.urls == [LINK]
    assert sorted(collected.reasons) == ["bad_url", "bad_url", "no_url"]


async def test_the_window_keeps_out_other_dates_and_lets_unknown_ones_by(serve, collect):
    feed = rss(
        item("https://a.example/old", date="Sun, 19 Jan 2025 23:59:59 GMT"),
        item("https://a.example/in"),
        item("https://a.example/undated", date=None),
        item("https://a.example/late", date="Tue, 21 Jan 2025 00:00:00 GMT"),
    )
    service = await serve(answers({"/feed": ("text/xml", feed)}))
    day = Window(datetime(2025, 1, 20, tzinfo=UTC), datetime(2025, 1, 21, tzinfo=UTC))
    collected = await collect("feed", f"{service.url}feed", day)
    assert sorted(collected.urls) == ["https://a.example/in", "https://a.example/undated"]
    assert collected.reasons == ["outside_window"] * 2


@pytest.mark.slow
def test_p08_of_100_000_entries_the_newest_are_kept_and_the_rest_counted() -> None:
    # Not in order: the newest is in the middle.
    start = datetime(2000, 1, 1, tzinfo=UTC)
    days = [start + timedelta(hours=(n + 50_000) % 100_000) for n in range(100_000)]
    entries = [item(f"https://a.example/{n}", date=f"{d:%d %b %Y %H:%M} GMT") for n, d in enumerate(days)]
    feed = rss(*entries)
    found = read(feed, limit=50)
    assert costs_at_most(10, lambda: read(feed, limit=50))
    assert (len(found["entries"]), found["over"]) == (50, 99_950)
    newest = sorted(range(100_000), key=lambda n: days[n], reverse=True)[:50]
    assert {entry["link"] for entry in found["entries"]} == {f"https://a.example/{n}" for n in newest}


async def test_p08_max_items_of_the_source_is_the_limit_and_the_rest_is_recorded(serve, collect):
    feed = rss(*(item(f"https://a.example/{n}") for n in range(2_100)))
    service = await serve(answers({"/feed": ("text/xml", feed)}))
    collected = await collect("feed", f"{service.url}feed")
    assert len(collected.urls) == 2_000
    assert collected.reasons == ["over_limit"] * 100
    assert len({url for url, _ in collected.rejected}) == 100, "each by its own address"


def test_p01_entities_are_not_expanded_and_no_file_is_read() -> None:
    bomb = (
        '<!DOCTYPE rss [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    )
    [entry] = read(bomb + rss(item(title="&b;&f;Models")))["entries"]
    assert "Models" in entry["title"]
    assert "lollol" not in entry["title"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Mon, 20 Jan 2025 08:30:00 GMT", "2025-01-20T08:30:00+00:00"),
        ("2025-01-20T08:30:00", "2025-01-20T08:30:00+00:00"),
        ("2025-01-20 09:30:00 +0100", "2025-01-20T08:30:00+00:00"),
        ("20250120", "2025-01-20T00:00:00+00:00"),
        ("2025-W04-1", "2025-01-20T00:00:00+00:00"),
        ("2025-020", None),
        ("2025-01", None),
        ("2025年1月20日 09:30", "2025-01-20T00:00:00+00:00"),
        ("1737361800", None),
        ("Mon, 20 Jan 2025 03:30:00 EST", "2025-01-20T08:30:00+00:00"),
        ("Mon, 20 Jan 2025 16:30:00 UTC+0800", "2025-01-20T08:30:00+00:00"),
        ("Mon, 20 Jan 2025 16:30:00 GMT+08:00", "2025-01-20T08:30:00+00:00"),
        ("Mon, 20 Jan 2025 17:30:00 KST", "2025-01-20T08:30:00+00:00"),
        ("Mon, 20 Jan 2025 10:30:00 MESZ", "2025-01-20T08:30:00+00:00"),
        ("Mon, 20 Jan 2025 08:30:00 -0000", "2025-01-20T08:30:00+00:00"),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("Mon, 01 Jan 0001 00:00:00 +0000", None),
        ("0001-01-01T00:00:00Z", None),
        ("31 Feb 2025 25:61", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_p10_a_date_is_a_moment_or_unknown(written: str, expected: str | None) -> None:
    assert read(rss(item(date=written)))["entries"][0]["published"] == expected


@pytest.mark.parametrize(
    "written",
    [
        "Mon, 20 Jan 2025 09:30:00 IST",
        "Mon, 20 Jan 2025 23:30:00 BRT",
        "Mon, 20 Jan 2025 09:30:00",
        "20 January 2025",
    ],
)
def test_of_a_time_in_no_known_zone_the_day_is_known(written: str) -> None:
    [entry] = read(rss(item(date=written)))["entries"]
    assert (entry["published"], entry["precision"]) == ("2025-01-20T00:00:00+00:00", "day")


CHANGED = "2025-02-02T00:00:00Z"


def test_a_date_ahead_of_any_clock_is_unknown() -> None:
    for ahead, known in ((timedelta(hours=47), True), (timedelta(hours=49), False)):
        moment = (datetime.now(UTC) + ahead).isoformat(timespec="seconds")
        feeds = (
            rss(item(date=moment)),
            ATOM_1.replace("2025-01-20T08:30:00Z", moment).replace(f"<updated>{CHANGED}</updated>", ""),
            json.dumps(JSON_11 | {"items": [{"id": "1", "url": LINK, "date_published": moment}]}),
        )
        assert [read(feed)["entries"][0]["published"] is not None for feed in feeds] == [known] * 3


@pytest.mark.parametrize(
    "feed",
    [
        ATOM_1.replace("<published>2025-01-20T08:30:00Z</published>", ""),
        rss(item(date=None, more=f'<a:updated xmlns:a="{ATOM}">{CHANGED}</a:updated>')),
        rss(item(date=None, more=f'<d:modified xmlns:d="http://purl.org/dc/terms/">{CHANGED}</d:modified>')),
        json.dumps(JSON_11 | {"items": [{"id": "1", "url": LINK, "date_modified": CHANGED}]}),
    ],
    ids=["Atom", "RSS with Atom", "Dublin Core", "JSON"],
)
def test_the_last_change_stands_in_for_a_publication_that_is_not_told(feed: str) -> None:
    assert read(feed)["entries"][0]["published"] == "2025-02-02T00:00:00+00:00"


def test_the_shared_feeds_of_real_outlets_are_read(shared) -> None:
    files = sorted(path for path in (shared / "feeds").iterdir() if not path.name.startswith("sitemap"))
    found = {path.name: read(path.read_bytes()) for path in files}
    # These two are XML of another kind, made to test character sets.
    no_feeds = {"miniflux-iso88591.xml", "miniflux-iso88591_utf8_mismatch.xml"}
    assert {name for name, feed in found.items() if feed["kind"] != "feed"} == no_feeds
    empty = {name for name, feed in found.items() if not feed.get("entries")} - no_feeds
    assert {name for name in empty if b"</item>" in (shared / "feeds" / name).read_bytes()} == set()
    titles = [entry["title"] or "" for feed in found.values() for entry in feed.get("entries", [])]
    assert len(titles) > 300
    assert not any("\ufffd" in title or "<" in title for title in titles)


@pytest.mark.parametrize(
    ("written", "expected", "precision"),
    [
        ("2019/11/15 10:00:00", "2019-11-15T10:00:00+00:00", "second"),
        ("2016/6/29 15:07:41", "2016-06-29T15:07:41+00:00", "second"),
        ("Wed, 02 Oct 2024 23:30:00 -05:00", "2024-10-03T04:30:00+00:00", "second"),
        ("Wed, 02 Oct 2024 08:00:00Z", "2024-10-02T08:00:00+00:00", "second"),
        ("mer., 02 oct. 2024 08:00:00 +0200", "2024-10-02T06:00:00+00:00", "second"),
        ("Ср, 02 окт 2024 08:00:00 +0300", "2024-10-02T05:00:00+00:00", "second"),
        ("Mi, 02 Okt 2024 08:00:00 +0200", "2024-10-02T06:00:00+00:00", "second"),
        ("mié, 02 ene 2025 08:00:00 +0100", "2025-01-02T07:00:00+00:00", "second"),
        ("Mo, 25 Jun 2018 11:41:36", "2018-06-25T00:00:00+00:00", "day"),
        ("13/03/2024", "2024-03-13T00:00:00+00:00", "day"),
        ("02/03/2024 10:00", None, None),
        ("octobre 2024", None, None),
    ],
)
def test_p10_feed_dates_in_other_forms_and_languages_are_read_where_they_mean_one_day(
    written: str, expected: str | None, precision: str | None
) -> None:
    [entry] = read(rss(item("https://a.example/1", date=written)))["entries"]
    assert (entry["published"], entry["precision"]) == (expected, precision)


@pytest.mark.parametrize("within", ["{}", "<source><title>S</title>{}</source>", "<image>{}</image>"])
def test_p09_a_search_form_within_an_entry_costs_neither_it_nor_its_feed(within: str) -> None:
    form = within.format("<textInput><title>Search</title><name>q</name></textInput>")
    feed = rss(
        f"<item><title>One</title><link>https://a.example/1</link>{form}</item>" + item("https://a.example/2")
    )
    assert [entry["link"] for entry in read(feed)["entries"]] == [
        "https://a.example/1",
        "https://a.example/2",
    ]


@pytest.mark.parametrize(
    "name", ["authors", "contributors", "links", "tags", "author_detail", "publisher_detail"]
)
@pytest.mark.parametrize("own", ["<{0}>\n</{0}>", "<{0}/>", '<{0} role="desk">\n</{0}>'])
@pytest.mark.parametrize("of_channel", [False, True])
@pytest.mark.parametrize("order", [1, -1])
def test_p09_an_element_that_is_named_like_a_list_of_the_reader_costs_nothing_else(
    name: str, own: str, of_channel: bool, order: int
) -> None:
    people = "<author><name>Ann Lee</name></author><contributor><name>Bo Kim</name></contributor>"
    usual = f"<title>One</title><link>{LINK}</link>{people}<category>AI</category>"
    more = "".join([own.format(name), usual][::order])
    of_item, of_all = (usual, more) if of_channel else (more, usual)
    feed = f'<rss version="2.0"><channel>{of_all}<item>{of_item}</item></channel></rss>'
    [entry] = read(feed)["entries"]
    assert (entry["link"], entry["title"], entry["authors"]) == (LINK, "One", ["Ann Lee"])


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("<authors>Jane Roe</authors>", ["Jane Roe"]),
        ("<authors><author>Ann Lee</author>\n<author>Bo Kim</author></authors>", ["Ann Lee", "Bo Kim"]),
        ("<authors><author><name>Ann Lee</name></author></authors>", ["Ann Lee"]),
        ("<author>Ann Lee</author><authors>Bo Kim</authors>", ["Ann Lee", "Bo Kim"]),
        ("<authors>Bo Kim</authors><author>Ann Lee</author>", ["Bo Kim", "Ann Lee"]),
    ],
)
def test_p09_authors_in_an_element_of_that_name_are_read(written: str, names: list[str]) -> None:
    [entry] = read(rss(item(more=written)))["entries"]
    assert entry["authors"] == names


def test_p09_a_control_character_in_a_title_or_summary_costs_itself_and_not_the_feed() -> None:
    title, summary = ("<![CDATA[<p>One &#1; word</p>]]>", "<![CDATA[Two<br>&#2;words]]>")
    [entry] = read(rss(item(title=title, more=f"<description>{summary}</description>")))["entries"]
    assert (entry["link"], entry["title"]) == (LINK, "One word")


def test_p09_a_link_that_ends_outside_its_entry_costs_itself_and_not_the_feed() -> None:
    feed = (
        f'<rss version="2.0"><channel><title>T</title>{item()}'
        "<item><title>One</title><link>https://a.example/1</item></link></channel></rss>"
    )
    assert LINK in [entry["link"] for entry in read(feed)["entries"]]
