"""Sitemaps as sitemaps.org and Google News describe them, and as hostile or careless sites serve them."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web as http
from hypothesis import given
from hypothesis import strategies as st

import pressgauge
from collectors.candidate import Window
from collectors.errors import CollectError
from collectors.kinds import sitemaps
from collectors.listings import sitemap_parser
from collectors.listings.entry import MAX_ENTRIES
from collectors.listings.plain import plain
from collectors.listings.sitemap_parser import parse, parse_sitemap
from collectors.refresh.refresh import refresh_now
from collectors.shared.options import Options
from collectors.shared.unpack import gunzip
from collectors.source import Source
from tests.collectors.newsroom import Outlet
from tests.loopback import Loopback

JANUARY = Window(datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 2, 1, tzinfo=UTC))
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def urlset(*entries: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {NAMESPACES}>{"".join(entries)}</urlset>'.encode()


def url(loc: str, more: str = "") -> str:
    return f"<url><loc>{loc}</loc>{more}</url>"


def index(*locs: str, lastmod: str = "") -> bytes:
    dated = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    body = "".join(f"<sitemap><loc>{loc}</loc>{dated}</sitemap>" for loc in locs)
    return f"<sitemapindex {NAMESPACES}>{body}</sitemapindex>".encode()


def site(pages: dict[str, bytes], content_type: str = "application/xml"):
    async def handler(request: http.Request) -> http.Response:
        if request.path not in pages:
            return http.Response(status=404)
        body = pages[request.path].replace(b"{site}", str(request.url.origin()).encode())
        return http.Response(body=body, content_type=content_type)

    return handler


async def test_a_site_is_read_from_the_sitemaps_that_robots_txt_names(serve, collect):
    service = await serve(
        site(
            {
                "/robots.txt": b"sitemap : {site}/news.xml\nSitemap: {site}/all.xml.gz\nSitemap:\n",
                "/news.xml": urlset(url("https://a.example/1")),
                "/all.xml.gz": gzip.compress(urlset(url("https://a.example/2"))),
            }
        )
    )
    assert (await collect("sitemap", service.url)).urls == ["https://a.example/1", "https://a.example/2"]


async def test_without_robots_txt_the_usual_places_are_tried_until_one_answers(serve, collect):
    service = await serve(site({"/sitemap.xml": urlset(url("https://a.example/1"))}))
    collected = await collect("sitemap", service.url)
    assert (collected.urls, collected.rejected) == (["https://a.example/1"], [])
    assert service.paths[-1] == "/sitemap.xml"


async def test_a_site_without_any_sitemap_is_an_error(serve, collect):
    service = await serve(site({}))
    with pytest.raises(CollectError) as caught:
        await collect("sitemap", service.url)
    assert "404" in caught.value.reason


async def test_an_index_leads_to_its_sitemaps_and_a_broken_one_costs_only_itself(serve, collect):
    pages = {
        "/index.xml": index("{site}/one.xml", "/gone.xml", "two.xml.gz"),
        "/one.xml": urlset(url("https://a.example/1")),
        "/two.xml.gz": gzip.compress(urlset(url("https://a.example/2"))),
    }
    service = await serve(site(pages))
    collected = await collect("sitemap", service.url + "index.xml")
    assert sorted(collected.urls) == ["https://a.example/1", "https://a.example/2"]
    [(gone, reason)] = collected.rejected
    assert gone == f"{service.url}gone.xml" and "404" in reason


async def test_a_news_sitemap_brings_title_date_and_language(serve, collect):
    news = (
        "<news:news><news:publication><news:name>The Example</news:name><news:language>en</news:language>"
        "</news:publication><news:publication_date>2025-01-20T08:00:00+02:00</news:publication_date>"
        "<news:title>Models &amp; openness</news:title></news:news>"
    )
    image = "<image:image><image:loc>https://a.example/i.jpg</image:loc></image:image>"
    service = await serve(site({"/s.xml": urlset(url("https://a.example/1", image + news))}))
    [candidate] = (await collect("sitemap", service.url + "s.xml", JANUARY)).candidates
    assert candidate.url == "https://a.example/1"
    assert candidate.title == "Models & openness"
    assert candidate.published == datetime(2025, 1, 20, 6, tzinfo=UTC)
    assert (candidate.published_precision, candidate.language) == ("second", "en")


async def test_a_window_keeps_out_what_was_last_changed_before_it(serve, collect):
    entries = [
        url("https://a.example/old", "<lastmod>2024-12-31T23:59:00Z</lastmod>"),
        url("https://a.example/changed-later", "<lastmod>2025-06-01</lastmod>"),
        url("https://a.example/first-day", "<lastmod>2025-01-01</lastmod>"),
        url("https://a.example/undated"),
        url("https://a.example/bad-date", "<lastmod>31/12/2024</lastmod>"),
    ]
    service = await serve(site({"/s.xml": urlset(*entries)}))
    collected = await collect("sitemap", service.url + "s.xml", JANUARY)
    assert [address.rsplit("/", 1)[1] for address in collected.urls] == [
        "changed-later",
        "first-day",
        "undated",
        "bad-date",
    ]
    assert collected.rejected == [("https://a.example/old", "outside_window")]
    assert all(candidate.published is None for candidate in collected.candidates)


async def test_a_sitemap_that_ended_before_the_window_is_not_fetched(serve, collect):
    pages = {"/index.xml": index("{site}/2019.xml", lastmod="2019-12-31"), "/2019.xml": urlset()}
    service = await serve(site(pages))
    collected = await collect("sitemap", service.url + "index.xml", JANUARY)
    assert collected.reasons == ["outside_window"]
    assert service.paths == ["/index.xml"]


async def test_a_backfill_goes_on_after_the_sitemaps_it_has_read(serve, collect):
    pages = {
        "/index.xml": index(*(f"{{site}}/{n}.xml" for n in range(4)), lastmod="2025-01-20"),
        **{f"/{n}.xml": urlset(url(f"https://a.example/{n}")) for n in range(4)},
    }
    service = await serve(site(pages))
    first = await collect("sitemap", service.url + "index.xml", JANUARY, stop_after=3)
    rest = await collect("sitemap", service.url + "index.xml", JANUARY)
    assert set(first.urls) | set(rest.urls) == {f"https://a.example/{n}" for n in range(4)}
    assert len(rest.urls) == 2


async def test_only_addresses_that_were_asked_for(serve, collect):
    entries = [url(f"https://a.example/{path}") for path in ("tech/1", "sport/1", "tech/video/2")]
    service = await serve(site({"/s.xml": urlset(*entries)}))
    collected = await collect("sitemap", service.url + "s.xml", include=["/tech/"], exclude=["/video/"])
    assert collected.urls == ["https://a.example/tech/1"]


async def test_n24_an_index_that_includes_itself_is_read_once(serve, collect):
    service = await serve(site({"/index.xml": index("{site}/index.xml", "{site}/index.xml")}))
    collected = await collect("sitemap", service.url + "index.xml")
    assert collected.reasons == ["repeated_sitemap"] * 2
    assert service.paths == ["/index.xml"]


async def test_n24_indexes_50_deep_are_left_at_the_third(serve, collect):
    service = await serve(site({f"/{n}.xml": index(f"{{site}}/{n + 1}.xml") for n in range(50)}))
    collected = await collect("sitemap", service.url + "0.xml")
    assert collected.rejected == [(f"{service.url}3.xml", "over_limit")]
    assert len(service.paths) == 3


async def test_n24_of_1000_sitemaps_as_many_are_read_as_allowed_and_the_rest_recorded(serve, collect):
    pages = {"/index.xml": index(*(f"{{site}}/{n}.xml" for n in range(1000)))}
    pages |= {f"/{n}.xml": urlset(url(f"https://a.example/{n}")) for n in range(1000)}
    service = await serve(site(pages))
    collected = await collect("sitemap", service.url + "index.xml", max_files=10)
    assert len(service.paths) == 10
    assert len(collected.urls) == 9
    assert collected.reasons == ["over_limit"] * 991


async def test_undated_sitemaps_beyond_the_limit_are_read_by_the_next_refreshes(serve, collect):
    pages = {"/index.xml": index(*(f"{{site}}/{n}.xml" for n in range(5)))}
    pages |= {f"/{n}.xml": urlset(url(f"https://a.example/{n}")) for n in range(5)}
    service = await serve(site(pages))
    read = [(await collect("sitemap", service.url + "index.xml", max_files=3)).urls for _ in range(3)]
    assert [[address[-1] for address in urls] for urls in read] == [["0", "1"], ["2", "3"], ["4", "0"]]


@pytest.mark.parametrize(
    "feed",
    [
        b'<?xml version="1.0"?><rss version="2.0"><channel><title>A</title><item><title>Ferry stays</title>'
        b"<link>https://a.example/ferry</link><pubDate>Mon, 20 Jan 2025 10:00:00 GMT</pubDate></item>"
        b"<item><title>Old</title><link>https://a.example/old</link>"
        b"<pubDate>Mon, 20 Jan 2020 10:00:00 GMT</pubDate></item></channel></rss>",
        b'<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><title>Ferry stays</title>'
        b'<link href="https://a.example/ferry"/><published>2025-01-20T10:00:00Z</published></entry>'
        b'<entry><title>Old</title><link href="https://a.example/old"/>'
        b"<published>2020-01-20T10:00:00Z</published></entry></feed>",
    ],
    ids=["RSS", "Atom"],
)
async def test_a_sitemap_address_that_answers_with_a_feed_is_read_as_the_feed_it_is(serve, collect, feed):
    service = await serve(site({"/sitemap.xml": feed}))
    collected = await collect("sitemap", service.url + "sitemap.xml", JANUARY)
    [found] = collected.candidates
    assert (found.url, found.title) == ("https://a.example/ferry", "Ferry stays")
    assert found.published == datetime(2025, 1, 20, 10, tzinfo=UTC)
    assert collected.rejected == [("https://a.example/old", "outside_window")]


async def test_n24_more_than_50_000_addresses_in_a_file_are_recorded_as_over_the_limit(serve, collect):
    body = "\n".join(f"https://a.example/{n}" for n in range(MAX_ENTRIES + 7)).encode()
    service = await serve(site({"/s.txt": body}, "text/plain"))
    collected = await collect("sitemap", service.url + "s.txt")
    assert len(collected.urls) == MAX_ENTRIES
    assert collected.reasons == ["over_limit"] * 7


async def test_n04_a_sitemap_bomb_is_refused(serve, collect):
    bomb = gzip.compress(b"<urlset>" + b" " * 60_000_000)
    service = await serve(site({"/s.xml.gz": bomb}, "application/gzip"))
    with pytest.raises(CollectError) as caught:
        await collect("sitemap", service.url + "s.xml.gz")
    assert caught.value.reason == "too_large"


def test_n04_without_the_limit_on_what_is_unpacked_the_whole_bomb_is_in_memory(monkeypatch):
    unpacked = []

    def careless(body: bytes, limit: int) -> bytes:
        unpacked.append(gunzip(body, 2**40))
        return unpacked[-1]

    monkeypatch.setattr(sitemap_parser, "gunzip", careless)
    bomb = gzip.compress(urlset(url("https://a.example/1"), " " * 60_000_000))
    assert [entry.url for entry in parse(bomb, "https://a.example/s.xml.gz")] == ["https://a.example/1"]
    assert len(unpacked[0]) > 60_000_000


class Forgetful(set):
    """Remembers nothing."""

    def __contains__(self, _: object) -> bool:
        return False


async def test_n24_without_the_memory_of_what_was_read_an_index_is_read_over_and_over(
    serve, collect, monkeypatch
):
    """Two references to itself in each reading: only the limit on depth ends it."""
    monkeypatch.setattr(sitemaps, "set", Forgetful, raising=False)
    service = await serve(site({"/index.xml": index("{site}/index.xml", "{site}/index.xml")}))
    await collect("sitemap", service.url + "index.xml", max_depth=5)
    assert len(service.paths) == 1 + 2 + 4 + 8 + 16


async def test_n24_without_the_limits_on_depth_and_files_all_of_them_are_read(serve, collect, monkeypatch):
    monkeypatch.setattr(Options, "whole", lambda *_: 10**9)
    deep = {f"/{n}.xml": index(f"{{site}}/{n + 1}.xml") for n in range(50)}
    wide = {"/wide.xml": index(*(f"{{site}}/w{n}.xml" for n in range(200)))}
    wide |= {f"/w{n}.xml": urlset() for n in range(200)}
    service = await serve(site(deep | wide | {"/50.xml": urlset()}))
    await collect("sitemap", service.url + "0.xml")
    await collect("sitemap", service.url + "wide.xml")
    assert len(service.paths) == 51 + 201


async def test_n24_without_the_limit_on_entries_each_of_a_file_is_taken(serve, collect, monkeypatch):
    monkeypatch.setattr(sitemaps, "MAX_ENTRIES", 10**9)
    body = "\n".join(f"https://a.example/{n}" for n in range(MAX_ENTRIES + 7)).encode()
    service = await serve(site({"/s.txt": body}, "text/plain"))
    assert len((await collect("sitemap", service.url + "s.txt")).urls) == MAX_ENTRIES + 7


@pytest.mark.parametrize(
    "body", [b"", b"<html><body>Please log in</body></html>", b"{}", b"<rss/>", b"\x89PNG\r\n"]
)
async def test_n18_what_is_no_sitemap_is_an_error_and_never_nothing_new(serve, collect, body):
    service = await serve(site({"/s.xml": body}))
    with pytest.raises(CollectError) as caught:
        await collect("sitemap", service.url + "s.xml")
    assert caught.value.reason == "not_a_sitemap"


@pytest.mark.parametrize(
    "cut", [b"<urlset", urlset(url("https://a.example/1"), url("https://a.example/22"))[:-20]]
)
def test_n19_a_sitemap_cut_short_is_refused_because_its_last_address_may_be_half_an_address(cut):
    with pytest.raises(CollectError) as caught:
        parse(cut, "https://a.example/s.xml")
    assert caught.value.reason == "truncated"


def test_a_sitemap_may_be_empty_prefixed_or_followed_by_a_comment():
    for body in (
        b"<urlset/>",
        b"<urlset></urlset><!-- made in 0.2 s -->",
        b'<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"></s:urlset>',
    ):
        assert parse(body, "https://a.example/s.xml") == []


async def test_u02_addresses_that_are_not_http_are_recorded(serve, collect):
    body = urlset(url("javascript:alert(1)"), url("ftp://a.example/1"), url(""))
    service = await serve(site({"/s.xml": body}))
    assert (await collect("sitemap", service.url + "s.xml")).reasons == ["no_url"] * 3


def test_p01_entities_and_external_files_are_not_resolved():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    body = (
        f'<!DOCTYPE urlset [<!ENTITY l0 "lol">{laughs}<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        "<urlset><url><loc>https://a.example/&l11;</loc></url><url><loc>https://a.example/&x;</loc></url></urlset>"
    ).encode()
    try:
        found = [entry.url for entry in parse(body, "https://a.example/s.xml")]
    except CollectError as error:
        assert error.reason == "not_a_sitemap"
    else:
        assert all(len(address) < 100 for address in found)
        assert Path("/etc/hostname").read_text().strip() not in "".join(found)


@given(st.binary(max_size=300), st.integers(0, 400))
def test_p09_any_bytes_are_a_sitemap_or_a_collect_error(noise, at):
    whole = urlset(*(url(f"https://a.example/{n}", "<lastmod>2025-01-20</lastmod>") for n in range(3)))
    for body in (noise, whole[:at] + noise + whole[at:]):
        try:
            parse(body, "https://a.example/s.xml")
        except CollectError as error:
            assert error.reason in ("not_a_sitemap", "truncated", "bad_gzip", "too_large")


def test_the_shared_sitemaps_of_real_sites_are_read(shared):
    feeds = shared / "feeds"
    assert len(parse((feeds / "sitemap.xml").read_bytes(), "https://www.sitemaps.org/s.xml")) == 84
    nested = parse((feeds / "sitemap2.xml").read_bytes(), "http://www.example.com/s.xml")
    assert [(entry.url, entry.index) for entry in nested] == [
        ("http://www.example.com/sitemap1.xml.gz", True),
        ("http://www.example.com/sitemap2.xml.gz", True),
    ]
    alternates = parse((feeds / "sitemap-hreflang.xml").read_bytes(), "http://www.example.com/s.xml")
    assert [entry.url for entry in alternates if not entry.index] == [
        f"http://www.example.com/{page}/page.html" for page in ("english", "deutsch", "schweiz-deutsch")
    ]


def tagged(web: Loopback, path: str, body: Callable[[], bytes]) -> None:
    """A page that answers 304 to whoever has it."""

    def answer(request: http.Request) -> http.Response:
        etag = f'"{hash(body())}"'
        if request.headers.get("If-None-Match") == etag:
            return http.Response(status=304, headers={"ETag": etag})
        return http.Response(body=body(), content_type="application/xml", headers={"ETag": etag})

    web.handle(path, answer)


@pytest.mark.parametrize("root", ["/index.xml", "/news.xml"])
def test_n15_an_unchanged_index_hides_nothing_and_an_unchanged_sitemap_brings_nothing(
    web: Loopback, local: Callable[..., Source], tmp_path: Path, root: str
) -> None:
    articles = Outlet(web).publish(2)
    listed = articles[:1]
    tagged(web, "/index.xml", lambda: index(web.url("/news.xml")))
    tagged(web, "/news.xml", lambda: urlset(*map(url, listed)))
    dataset = pressgauge.open(tmp_path / "coverage")
    source = local(web.url(root), kind="sitemap", delay=0.0)
    seen = []
    for listed in (articles[:1], articles[:1], articles, articles):  # noqa: B007
        [ledger] = refresh_now(dataset, [source], readers=1, bar=False).sources
        assert ledger.error is None
        seen.append(ledger.seen)
    assert seen == [1, 0, 2, 0]
    assert [asked.path for asked in web.requests].count("/news.xml") == len(seen)


BROKEN = [
    "<news:news><news:title>I <3 AI</news:title></news:news>",
    "<news:news><news:title>open",
    "<news:news><news:title><![CDATA[open</news:title></news:news>",
    "<image:image><image:caption>one<br>two</image:caption></image:image>",
    "<image:image><image:loc>https://a.example/i.jpg?a&b</image:loc>",
    "<undeclared:tag>",
    "<!-- <url><loc>https://a.example/removed</loc></url> -->",
    "<?php <oops> ?>",
]


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("every", [1, 100])
def test_n19_a_badly_written_entry_costs_no_address(broken: str, every: int) -> None:
    entries = [url(f"https://a.example/{n}", broken if n % every == 3 % every else "") for n in range(400)]
    found = [entry.url for entry in parse(urlset(*entries), "https://a.example/s.xml")]
    assert found == [f"https://a.example/{n}" for n in range(400)]


def test_an_entry_gives_its_own_address_and_not_that_of_its_image() -> None:
    image = "<image:image><image:loc>https://a.example/i.jpg</image:loc><image:title>I</image:title></image:image>"
    body = urlset(f"<url>{image}<loc>https://a.example/1</loc></url>", "<loc>https://a.example/2</loc></url>")
    entries = parse(body, "https://a.example/s.xml")
    assert [(entry.url, entry.title) for entry in entries] == [
        ("https://a.example/1", None),
        ("https://a.example/2", None),
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("?a=1&b=2", "?a=1&b=2"),
        ("?a=1&amp;b=2", "?a=1&b=2"),
        ("?a=1&copy=2&lt=3", "?a=1&copy=2&lt=3"),
        ("?a=&#39;&#x41;", "?a='A"),
        ("caf&eacute;", "café"),
        ("?a=&unknown;", "?a=&unknown;"),
    ],
)
@pytest.mark.parametrize("section", ["{}", "<![CDATA[{}]]>"])
def test_a_bare_ampersand_stands_for_itself(written: str, meant: str, section: str) -> None:
    if section != "{}":
        meant = written
    [entry] = parse(urlset(url(section.format("https://a.example/" + written))), "https://a.example/s.xml")
    assert entry.url == "https://a.example/" + meant


def news(title: str = "T", date: str = "2025-01-20", language: str = "en") -> str:
    return (
        f"<news:news><news:publication><news:name>N</news:name><news:language>{language}</news:language>"
        f"</news:publication><news:publication_date>{date}</news:publication_date>"
        f"<news:title>{title}</news:title></news:news>"
    )


async def candidate_of(serve, collect, body: bytes, window: Window | None = None):
    service = await serve(site({"/s.xml": body}))
    [candidate] = (await collect("sitemap", service.url + "s.xml", window)).candidates
    return candidate


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("AT&T and Q&A", "AT&T and Q&A"),
        ("Tom &nbsp; Jerry", "Tom Jerry"),
        ("I <3 AI", "I <3 AI"),
        ("<![CDATA[Caf&eacute;]]>", "Café"),
        ("<![CDATA[<b>Open</b>\n weights]]>", "Open weights"),
        ("A <em>B</em> C", "A B C"),
    ],
)
async def test_a_title_is_plain_text(serve, collect, written: str, title: str) -> None:
    body = urlset(url("https://a.example/1", news(written)))
    assert (await candidate_of(serve, collect, body)).title == title


def test_titles_are_made_plain_only_of_the_entries_that_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """To read the markup of 100,000 titles took half of the time that a page may take."""
    read: list[str] = []
    monkeypatch.setattr(sitemap_parser, "plain", lambda title: read.append(title) or plain(title))
    monkeypatch.setattr(sitemap_parser, "MAX_ENTRIES", 4)
    dates = ("2025-01-20", "2024-12-31", "2025-02-01", "0001-01-01", "2025-01-20")
    entries = [url(f"https://a.example/{at}", news(f"<b>{at}</b>", date)) for at, date in enumerate(dates)]
    since, until = JANUARY.since.isoformat(), JANUARY.until.isoformat()
    rows = parse_sitemap(
        urlset(*entries), url="https://a.example/s.xml", charset=None, since=since, until=until
    )
    assert [row.get("title") for row in rows] == ["0", None, None, "3", None]
    assert read == ["<b>0</b>", "<b>3</b>"]


@pytest.mark.parametrize(
    "date",
    ["0001-01-01T00:00:00Z", "1970-01-01", f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%dT%H:%MZ}"],
    ids=["year 1", "1970", "ahead"],
)
async def test_a_date_that_stands_for_none_is_unknown_and_the_page_is_read(serve, collect, date: str) -> None:
    body = urlset(url("https://a.example/1", news(date=date)))
    candidate = await candidate_of(serve, collect, body, JANUARY)
    assert (candidate.published, candidate.published_precision) == (None, None)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("en", "en"),
        ("zh-cn", "zh"),
        ("pt_BR", "pt"),
        ("swe", "sv"),
        ("ger", "de"),
        ("German", "de"),
        ("iw", "he"),
        ("Klingonese", None),
        ("", None),
    ],
)
async def test_a_language_is_an_iso_639_1_code_or_unknown(
    serve, collect, said: str, code: str | None
) -> None:
    body = urlset(url("https://a.example/1", news(language=said)))
    assert (await candidate_of(serve, collect, body)).language == code


@pytest.mark.parametrize(
    ("declared", "written"),
    [("ISO-8859-1", "utf-8"), ("UTF-8", "latin-1"), ("UTF-16", "utf-16"), ("UTF-8", "utf-8-sig")],
)
async def test_the_encoding_is_that_of_the_bytes(serve, collect, declared: str, written: str) -> None:
    text = urlset(url("https://a.example/1", news("Café über"))).decode().replace("UTF-8", declared)
    assert (await candidate_of(serve, collect, text.encode(written))).title == "Café über"


async def test_a_prefix_that_is_not_declared_refuses_nothing(serve, collect) -> None:
    body = f"<urlset>{url('HTTPS://a.example/1', news())}</urlset>".encode()
    candidate = await candidate_of(serve, collect, body)
    assert (candidate.url.lower(), candidate.title) == ("https://a.example/1", "T")


@pytest.mark.parametrize(
    ("lastmod", "times"),
    [
        (f"{datetime.now(UTC):%Y-%m-%d}", 2),
        (f"{datetime.now(UTC) - timedelta(days=3):%Y-%m-%d}", 1),
        (f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", 1),
        ("9999-12-31", 2),
        ("", 2),
    ],
    ids=["today", "days ago", "this second", "placeholder", "none"],
)
async def test_a_sitemap_of_a_day_is_read_again_until_that_day_is_over(
    serve, collect, lastmod: str, times: int
) -> None:
    service = await serve(site({"/index.xml": index("{site}/a.xml", lastmod=lastmod), "/a.xml": urlset()}))
    for _ in range(2):
        await collect("sitemap", service.url + "index.xml")
    assert service.paths.count("/a.xml") == times


async def test_the_newest_sitemaps_are_read_first_and_the_next_refresh_goes_on_with_older_ones(
    serve, collect
) -> None:
    months = [1, 3, 2, 6, 5, 4]
    listed = "".join(
        f"<sitemap><loc>/{month}.xml</loc><lastmod>2025-0{month}-28T10:00:00Z</lastmod></sitemap>"
        for month in months
    )
    undated = "<sitemap><loc>/a.xml</loc></sitemap><sitemap><loc>/b.xml</loc></sitemap>"
    pages = {"/index.xml": f"<sitemapindex>{undated}{listed}</sitemapindex>".encode()}
    pages |= {f"/{name}.xml": urlset(url(f"https://a.example/{name}")) for name in (*months, "a", "b")}
    service = await serve(site(pages))
    read = [(await collect("sitemap", service.url + "index.xml", max_files=4)).urls for _ in range(3)]
    assert [[address.rsplit("/", 1)[1] for address in urls] for urls in read] == [
        ["6", "5", "4"],
        ["3", "2", "1"],
        ["a", "b"],
    ]


async def test_a_line_of_robots_txt_that_is_no_address_is_recorded_and_costs_only_itself(
    serve, collect
) -> None:
    lines = (
        "\ufeffSitemap: {site}/s.xml # main\nSitemap: https://[your-domain]/sitemap.xml\nSitemap: # none\n"
    )
    pages = {"/robots.txt": lines.encode(), "/s.xml": urlset(url("https://a.example/1"))}
    service = await serve(site(pages, "text/plain"))
    collected = await collect("sitemap", service.url)
    assert collected.urls == ["https://a.example/1"]
    assert collected.rejected == [("https://[your-domain]/sitemap.xml", "bad_url")]
    assert service.paths == ["/s.xml"]


def test_n24_a_file_of_nothing_but_tags_is_refused_at_once() -> None:
    with pytest.raises(CollectError) as caught:
        parse(b"<urlset>" + b"<a>" * 6_000_000 + b"</urlset>", "https://a.example/s.xml")
    assert caught.value.reason == "too_large"
