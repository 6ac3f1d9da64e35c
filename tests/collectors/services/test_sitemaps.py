"""Sitemaps as sitemaps.org and Google News describe them, and as hostile or careless sites serve them."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from collectors import sitemaps
from collectors.collector import CollectError, Window
from collectors.options import Options
from collectors.sitemaps import MAX_ENTRIES, parse
from collectors.unpack import gunzip

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
    async def handler(request: web.Request) -> web.Response:
        if request.path not in pages:
            return web.Response(status=404)
        body = pages[request.path].replace(b"{site}", str(request.url.origin()).encode())
        return web.Response(body=body, content_type=content_type)

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


async def test_n04_without_the_limit_on_what_is_unpacked_the_whole_bomb_is_in_memory(
    serve, collect, monkeypatch
):
    unpacked = []

    def careless(body: bytes, limit: int) -> bytes:
        unpacked.append(gunzip(body, 2**40))
        return unpacked[-1]

    monkeypatch.setattr(sitemaps, "gunzip", careless)
    bomb = gzip.compress(urlset(url("https://a.example/1"), " " * 60_000_000))
    service = await serve(site({"/s.xml.gz": bomb}, "application/gzip"))
    assert (await collect("sitemap", service.url + "s.xml.gz")).urls == ["https://a.example/1"]
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
