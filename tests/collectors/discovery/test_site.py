"""What an address offers, tried on sites on loopback as awkward as real ones."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio

from collectors.demo.press import press
from collectors.demo.server import PressServer
from collectors.discovery.offer import Site
from collectors.discovery.site import find_site
from collectors.errors import CollectError
from collectors.sandbox.pool import Workers
from collectors.web.fetch import Fetcher
from pressgauge.errors import PressgaugeError
from tests.collectors.newsroom import Outlet
from tests.loopback import Loopback

Find = Callable[..., Awaitable[Site]]


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def workers() -> AsyncIterator[Workers]:
    async with Workers(1, parsers=("feed", "sitemap", "site", "page")) as workers:
        yield workers


@pytest_asyncio.fixture(loop_scope="module")
async def find(workers: Workers) -> AsyncIterator[Find]:
    """`await find(url)`, as the command does it."""
    async with Fetcher() as fetch:

        async def run(url: str, **options: Any) -> Site:
            return await find_site(url, fetch, workers, **{"local": True, **options})

        yield run


def front(*links: str, name: str = "The Example") -> str:
    head = f'<meta property="og:site_name" content="{name}">' if name else ""
    body = "<body><p>News</p></body>"
    return f'<!doctype html><html lang="de-AT"><head>{head}{"".join(links)}</head>{body}</html>'


def announced(href: str, title: str = "") -> str:
    return f'<link rel="alternate" type="application/rss+xml" href="{href}" title="{title}">'


def rss(*titles: str, title: str = "The feed") -> str:
    items = "".join(f"<item><title>{one}</title><link>http://127.0.0.1/{one}</link></item>" for one in titles)
    return f'<rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'


def feed(web: Loopback, path: str, *titles: str, title: str = "The feed") -> str:
    return web.page(path, rss(*titles, title=title), "application/rss+xml")


def urlset(*urls: str) -> str:
    listed = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>'


async def test_an_outlet_of_the_demo_press_offers_its_feed_and_its_news_sitemap(find: Find) -> None:
    async with PressServer(press()) as server:
        outlet = server.press.outlets[0]
        site = await find(server.base(outlet))
        assert (site.name, site.language) == (outlet.name, outlet.language)
        assert [offer.url.removeprefix(server.base(outlet)) for offer in site.offers] == [
            "/feed",
            "/news-sitemap.xml",
        ]
        newest = sorted(
            (piece for piece in server.press.pieces if piece.outlet is outlet),
            key=lambda piece: piece.published,
            reverse=True,
        )
        assert {entry.title for entry in site.offers[0].entries} == {piece.title for piece in newest[:10]}
        assert [sample.refused for sample in site.samples] == [None, None]
        assert all(sample.characters > 100 and sample.published for sample in site.samples)
        assert site.robots.endswith("allows the page and its newest articles.")


async def test_two_articles_are_read_and_what_they_are_written_in_is_the_language(
    find: Find, web: Loopback
) -> None:
    outlet = Outlet(web)
    outlet.publish(12)
    web.page("/", front(announced("/feed")))
    site = await find(web.url())
    assert site.offers[0].total == 12
    assert [entry.title for entry in site.offers[0].entries] == [
        f"Report number {number} on models" for number in range(11, 1, -1)
    ]
    assert site.offers[0].entries[0].published == outlet.published(11).isoformat()
    assert [(sample.title, sample.authors, sample.language) for sample in site.samples] == [
        ("Report number 11 on models", ("Ada Marsh",), "en"),
        ("Report number 10 on models", ("Ada Marsh",), "en"),
    ]
    assert (site.name, site.language, site.country) == ("The Example", "en", "AT")
    assert outlet.asked_pages() == 2


async def test_without_an_announced_feed_one_that_is_linked_is_taken(find: Find, web: Loopback) -> None:
    feed(web, "/service/rss/all", "one")
    web.page("/", front().replace("News", '<a href="/service/rss/all">RSS</a>'))
    [offer] = (await find(web.url())).offers
    assert (offer.url, offer.where) == (web.url("/service/rss/all"), "the page links to it")


async def test_without_any_word_of_a_feed_the_usual_places_are_tried(find: Find, web: Loopback) -> None:
    feed(web, "/rss.xml", "one")
    web.page("/", front())
    site = await find(web.url())
    assert [(offer.url, offer.where) for offer in site.offers] == [(web.url("/rss.xml"), "a usual place")]
    assert site.notes == ()


async def test_of_three_feeds_all_are_offered_that_of_comments_last(find: Find, web: Loopback) -> None:
    feed(web, "/comments", "a comment", title="Comments on The Example")
    feed(web, "/all", "one", "two")
    feed(web, "/tech", "two")
    web.page("/", front(announced("/comments", "Comments"), announced("/all"), announced("/tech")))
    site = await find(web.url())
    assert [offer.url for offer in site.offers] == [web.url("/all"), web.url("/tech"), web.url("/comments")]
    chosen = await find(web.url(), choose=2)
    assert chosen.offers[0].url == web.url("/tech")
    with pytest.raises(PressgaugeError, match="3 offers, and none of the number 4"):
        await find(web.url(), choose=4)


async def test_an_announced_feed_that_is_dead_is_said_and_the_next_is_offered(
    find: Find, web: Loopback
) -> None:
    feed(web, "/live", "one")
    web.page("/", front(announced("/dead"), announced("/live")))
    site = await find(web.url())
    assert [offer.url for offer in site.offers] == [web.url("/live")]
    assert site.notes == (
        f"{web.url('/dead')} is no use (the page announces it): There is nothing at this address (404).",
    )


async def test_a_feed_that_has_moved_for_good_is_kept_at_its_new_address(find: Find, web: Loopback) -> None:
    feed(web, "/new", "one")
    web.redirect("/old", web.url("/new"), 301)
    web.page("/", front(announced("/old")))
    site = await find(web.url())
    assert site.offers[0].url == web.url("/new")
    assert site.notes == (f"{web.url('/old')} has moved for good to {web.url('/new')}, which is kept.",)


async def test_a_feed_behind_a_passing_redirect_is_kept_at_the_sites_own_address(
    find: Find, web: Loopback
) -> None:
    feed(web, "/elsewhere", "one")
    web.redirect("/feed", web.url("/elsewhere"), 302)
    web.page("/", front(announced("/feed")))
    assert (await find(web.url())).offers[0].url == web.url("/feed")


async def test_a_site_with_a_sitemap_only_offers_it(find: Find, web: Loopback) -> None:
    web.page("/", front())
    web.page("/map.xml", urlset(web.url("/a"), web.url("/b")), "application/xml")
    web.page("/robots.txt", f"User-agent: *\nDisallow: /b\nSitemap: {web.url('/map.xml')}\n", "text/plain")
    site = await find(web.url())
    [offer] = site.offers
    assert (offer.kind, offer.where, offer.total) == ("sitemap", "robots.txt names it", 2)
    assert site.robots == f"The robots.txt of 127.0.0.1:{web.port} allows 1 of the 2 newest articles."
    assert [sample.refused for sample in site.samples] == ["http_404", "robots"]


async def test_a_site_with_nothing_offers_nothing_and_says_so(find: Find, web: Loopback) -> None:
    web.page("/", front())
    site = await find(web.url())
    assert (site.offers, site.samples) == ((), ())
    assert [note.partition(":")[0] for note in site.notes] == ["Nothing was found to collect from"]
    assert site.robots == "There is no robots.txt: everything may be read."


async def test_what_robots_forbids_is_not_read_and_it_is_said(find: Find, web: Loopback) -> None:
    web.page("/", front(announced("/feed")))
    feed(web, "/feed", "one")
    web.page("/robots.txt", "User-agent: *\nDisallow: /\n", "text/plain")
    site = await find(web.url())
    assert site.offers == ()
    assert site.notes[0] == "The page itself could not be read: The site's robots.txt does not allow it."
    assert site.robots == f"The robots.txt of 127.0.0.1:{web.port} does not allow this page."
    assert {request.path for request in web.requests} == {"/robots.txt"}


async def test_the_address_of_a_feed_itself_is_enough(find: Find, web: Loopback) -> None:
    feed(web, "/feed", "one", title="The Example - Latest news")
    web.page("/", front(name="The Example Daily"))
    site = await find(web.url("/feed"))
    assert ([offer.url for offer in site.offers], site.name) == ([web.url("/feed")], "The Example Daily")
    web.page("/", "", status=503)
    assert (await find(web.url("/feed"))).name == "The Example"


async def test_a_site_that_hides_its_page_from_programs_may_still_have_a_feed(
    find: Find, web: Loopback
) -> None:
    web.page("/", "no", status=403)
    feed(web, "/feed", "one")
    site = await find(web.url())
    assert [offer.url for offer in site.offers] == [web.url("/feed")]
    assert site.notes == ("The page itself could not be read: The server refuses us (403).",)


async def test_a_private_address_is_refused_unless_the_source_is_local(find: Find, web: Loopback) -> None:
    with pytest.raises(CollectError) as refused:
        await find(web.url(), local=False)
    assert refused.value.reason == "blocked_address"
    assert web.requests == []


@pytest.mark.parametrize(
    "address", ["", "ftp://example.org", "two words.org", "http://[bad", "javascript:alert(1)"]
)
async def test_what_is_no_address_is_named(find: Find, address: str) -> None:
    with pytest.raises(PressgaugeError, match="is no address of the web"):
        await find(address)


@pytest.mark.slow
async def test_a_hostile_page_costs_its_reader_and_the_usual_places_are_tried(
    find: Find, web: Loopback
) -> None:
    web.page("/", "<html><head>" + '<link rel="alternate" type="text/xml" href="http://[">' * 50_000)
    feed(web, "/atom.xml", "one")
    assert [offer.url for offer in (await find(web.url())).offers] == [web.url("/atom.xml")]
