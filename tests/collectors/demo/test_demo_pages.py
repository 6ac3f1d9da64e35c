"""The served press is a real web: what is read there is what the press knows to be true."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise

import aiohttp
import feedparser
import pytest
from lxml import etree

from collectors.demo.press import DEMO_NOTICE, Piece
from collectors.demo.server import PressServer
from collectors.demo.world import Outlet, outlets
from collectors.extraction.extract import Article, extract

TEMPLATES = ("jsonld", "opengraph", "microdata", "old", "amp")
DECLARING = ("jsonld", "opengraph", "microdata", "amp")
FORMATS = {"rss": "rss20", "atom": "atom10", "rdf": "rss10"}


def overlap(found: str | None, true: str) -> float:
    """F1 of the two texts' characters in pairs, which fits every script."""
    first, second = (Counter(map("".join, pairwise(text))) for text in (found or "", true))
    return 2 * sum((first & second).values()) / (sum(first.values()) + sum(second.values()))


async def get(url: str, **headers: str) -> tuple[int, bytes, Mapping[str, str]]:
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        return answer.status, await answer.read(), answer.headers


async def read(server: PressServer, template: str, *, of: int = 20) -> list[tuple[Piece, Article]]:
    """Articles of one template, from each of its outlets, as extraction reads the served pages."""
    pieces = [piece for piece in server.press.pieces if piece.outlet.template == template]
    made = []
    for piece in pieces[:: max(1, len(pieces) // of)]:
        _, html, _ = await get(server.url(piece))
        made.append((piece, extract(html, server.url(piece))))
    assert len(made) >= of
    return made


def newest(server: PressServer, outlet: Outlet) -> list[Piece]:
    pieces = [piece for piece in server.press.pieces if piece.outlet == outlet]
    return sorted(pieces, key=lambda piece: piece.published, reverse=True)[:30]


@pytest.mark.parametrize("template", TEMPLATES)
async def test_the_text_of_each_kind_of_page_is_read_without_its_furniture(
    press_server: PressServer, template: str
) -> None:
    for piece, article in await read(press_server, template):
        assert article.refused is None
        assert overlap(article.text, piece.text) > (0.8 if template == "old" else 0.95), piece.url
        assert DEMO_NOTICE not in (article.text or "")


@pytest.mark.parametrize("template", DECLARING)
async def test_title_byline_language_and_address_of_a_declaring_page_are_the_true_ones(
    press_server: PressServer, template: str
) -> None:
    for piece, article in await read(press_server, template):
        assert article.title == piece.title
        assert article.authors == piece.authors
        assert article.language == piece.outlet.language
        assert article.canonical_url == press_server.url(piece)


@pytest.mark.parametrize("template", DECLARING)
async def test_the_date_of_a_declaring_page_is_true_to_the_second(
    press_server: PressServer, template: str
) -> None:
    for piece, article in await read(press_server, template):
        if piece.precision:
            assert article.published == piece.published
            assert article.published.utcoffset() == piece.published.utcoffset()
            assert article.published_precision == "second"


async def test_an_old_page_dates_itself_by_the_day_or_not_at_all_but_never_wrongly(
    press_server: PressServer,
) -> None:
    read_days = 0
    for piece, article in await read(press_server, "old"):
        assert piece.title in (article.title or "")
        assert article.authors in ((), piece.authors)
        if article.published is not None:
            assert article.published.date() == piece.published.date()
            assert article.published_precision == "day"
            read_days += 1
    assert read_days >= 10


@pytest.mark.parametrize(
    "templates",
    [
        ("opengraph", "microdata", "old", "amp"),
        ("jsonld",),  # addresses of the articles announced beside it hold days
    ],
)
async def test_a_page_without_a_date_stays_without_one(
    press_server: PressServer, templates: tuple[str, ...]
) -> None:
    pieces = press_server.press.pieces
    undated = [piece for piece in pieces if piece.precision is None and piece.outlet.template in templates]
    assert undated
    for piece in undated:
        _, html, _ = await get(press_server.url(piece))
        assert extract(html, press_server.url(piece)).published is None, piece.url


async def test_a_page_behind_a_wall_is_marked_and_no_other(press_server: PressServer) -> None:
    for template in ("jsonld", "opengraph"):
        for piece, article in await read(press_server, template, of=40):
            assert (article.partial == "paywall") == (piece.free is not None), piece.url


@pytest.mark.parametrize("outlet", outlets(), ids=lambda outlet: outlet.domain)
async def test_the_feed_of_each_outlet_lists_its_newest_articles(
    press_server: PressServer, outlet: Outlet
) -> None:
    status, body, headers = await get(f"{press_server.base(outlet)}/feed")
    assert status == 200
    expected = [(press_server.url(piece), piece.title) for piece in newest(press_server, outlet)]
    if outlet.feed == "json":
        import json

        assert headers["Content-Type"] == "application/feed+json"
        found = [(item["url"], item["title"]) for item in json.loads(body)["items"]]
    else:
        parsed = feedparser.parse(body)
        assert not parsed.bozo
        assert parsed.version == FORMATS[outlet.feed]
        found = [(entry.link, entry.title) for entry in parsed.entries]
    assert found == expected


def test_every_page_template_and_feed_format_is_served() -> None:
    assert {outlet.template for outlet in outlets()} == set(TEMPLATES)
    assert {outlet.feed for outlet in outlets()} == {*FORMATS, "json"}


async def test_robots_lead_to_sitemaps_that_list_every_article(press_server: PressServer) -> None:
    outlet = outlets()[0]
    base = press_server.base(outlet)
    _, robots, _ = await get(f"{base}/robots.txt")
    assert f"Sitemap: {base}/sitemap.xml" in robots.decode()
    _, index, _ = await get(f"{base}/sitemap.xml")
    months = [element.text for element in etree.fromstring(index).iter("{*}loc")]
    assert months == [f"{base}/sitemap-2025-02.xml.gz", f"{base}/sitemap-2025-01.xml.gz"]
    listed = []
    for month in months:
        _, packed, _ = await get(month)
        listed += [element.text for element in etree.fromstring(gzip.decompress(packed)).iter("{*}loc")]
    true = {press_server.url(piece) for piece in press_server.press.pieces if piece.outlet == outlet}
    assert set(listed) == true
    assert len(listed) == len(true)


async def test_the_news_sitemap_gives_titles_and_dates(press_server: PressServer) -> None:
    outlet = outlets()[1]
    _, body, _ = await get(f"{press_server.base(outlet)}/news-sitemap.xml")
    titles = [element.text for element in etree.fromstring(body).iter("{*}title")]
    assert titles == [p.title for p in newest(press_server, outlet) if p.precision == "second"]


async def test_a_page_that_has_not_changed_is_not_sent_again(press_server: PressServer) -> None:
    url = f"{press_server.base(outlets()[0])}/feed"
    _, body, headers = await get(url)
    assert body
    assert "Last-Modified" in headers
    assert (await get(url, **{"If-None-Match": headers["ETag"]}))[:2] == (304, b"")
    assert (await get(url, **{"If-None-Match": '"other"'}))[:2] == (200, body)


async def test_an_address_that_no_article_has_is_not_found(press_server: PressServer) -> None:
    base = press_server.base(outlets()[0])
    assert (await get(f"{base}/2025/01/21/nothing"))[0] == 404
    assert (await get(f"{base}/sitemap-1999-01.xml.gz"))[0] == 404


async def test_outlets_answer_at_addresses_of_their_own(press_server: PressServer) -> None:
    assert len({press_server.base(outlet) for outlet in outlets()}) == len(outlets())
    piece = press_server.press.pieces[0]
    other = next(outlet for outlet in outlets() if outlet != piece.outlet)
    assert (await get(press_server.url(piece)))[0] == 200
    assert (await get(press_server.base(other) + piece.path))[0] == 404
