"""Home pages and sections, read by newspaper3k's rules in a child process."""

from __future__ import annotations

import pytest
from aiohttp import web

from collectors.errors import CollectError
from collectors.listings.links import read
from collectors.sandbox.pool import RefusedError, Workers
from tests.loopback import Loopback

FRONT = b"""<html><body>
<a href="/tech">Technology</a> <a href="/about">About us</a>
<a href="/2025/01/20/open-models">Open   models
 win the day</a> <a href="/2025/01/20/open-models#comments">12 comments</a>
<a href="/2025/01/21/closed-models">Closed models strike back</a>
<a href="https://elsewhere.example/2025/01/20/another-outlet">Elsewhere</a>
<a href="javascript:alert(1)//2025/01/20/x-y">Click</a> <a href="mailto:a@b.example">Mail</a> <a>No link</a>
<img src="/pixel.gif"><iframe src="/frame"></iframe><link rel="icon" href="/favicon.ico">
</body></html>"""
TECH = b'<a href="/2025/01/21/closed-models">Again</a><a href="/2025/01/22/weights-released">More</a>'


def site(pages: dict[str, bytes]):
    async def handler(request: web.Request) -> web.Response:
        if request.path not in pages:
            return web.Response(status=404)
        return web.Response(body=pages[request.path], content_type="text/html")

    return handler


async def test_articles_of_the_home_page_and_its_sections_are_found_once(serve, collect):
    service = await serve(site({"/": FRONT, "/tech": TECH}))
    collected = await collect("homepage", service.url)
    assert [
        (candidate.url.removeprefix(service.url), candidate.title) for candidate in collected.candidates
    ] == [
        ("2025/01/20/open-models", "Open models win the day"),
        ("2025/01/21/closed-models", "Closed models strike back"),
        ("2025/01/22/weights-released", None),
    ]
    assert collected.rejected == []


async def test_n12_nothing_that_the_page_embeds_is_requested(serve, collect):
    service = await serve(site({"/": FRONT, "/tech": TECH}))
    await collect("homepage", service.url)
    assert {request.path for request in service.requests} <= {"/", "/tech", "/robots.txt"}


async def test_sections_that_are_given_replace_those_found_and_a_missing_one_is_recorded(serve, collect):
    service = await serve(site({"/": FRONT, "/a/b": TECH}))
    collected = await collect("homepage", service.url, sections=["/a/b", "/gone"])
    assert f"{service.url}2025/01/22/weights-released" in collected.urls
    [(gone, reason)] = collected.rejected
    assert gone == f"{service.url}gone" and "404" in reason


async def test_sections_over_the_limit_are_recorded(serve, collect):
    service = await serve(site({"/": FRONT, "/tech": TECH}))
    assert (await collect("homepage", service.url, max_sections=0)).rejected == [
        (f"{service.url}tech", "over_limit")
    ]


@pytest.mark.parametrize("front", [b"", b"\x89PNG\r\n\x00", b"<html><body>Please log in</body></html>"])
async def test_n18_a_page_without_articles_is_an_error_and_never_nothing_new(serve, collect, front):
    service = await serve(site({"/": front}))
    with pytest.raises(CollectError) as caught:
        await collect("homepage", service.url)
    assert caught.value.reason == "no_articles"


async def test_p04_a_page_that_ends_the_child_is_named_and_the_others_are_read():
    # The child's memory is bounded: 80 MB of links do not fit.
    huge = b"<a href='/2025/01/20/x-y'>x</a>" * 2_600_000
    async with Workers(1) as workers:
        assert len((await workers.run("links", FRONT, url="https://a.example/"))["articles"]) == 2
        with pytest.raises(RefusedError, match=r"parser_(timeout|memory|crashed|error)"):
            await workers.run("links", huge, url="https://a.example/")
        assert len((await workers.run("links", TECH, url="https://a.example/tech"))["articles"]) == 2


SITE = "https://a.example/"
STORY = "/2025/01/20/open-weights"


def titles(*links: str) -> dict[str, str]:
    return read(f"<html><body>{''.join(links)}</body></html>", SITE).articles


def title(*links: str) -> str:
    [only] = titles(*links).values()
    return only


@pytest.mark.parametrize(
    "bad",
    [
        "http://[bad/2025/01/20/x-y",
        "//[x]/2025/01/20/x-y",
        "http://a\u2100b.example/2025/01/20/x",
        "https://a.example//[bad",
        "https://b.example/?url=http://[bad",
        "http://",
    ],
)
def test_n18_an_address_that_is_none_costs_nothing_but_itself(bad):
    found = read(f"<a href='{bad}'>Bad</a><a href='/tech'>Tech</a><a href='{STORY}'>Good</a>", SITE)
    assert list(found.articles) == [f"{SITE}2025/01/20/open-weights"]
    assert f"{SITE}tech" in found.sections


async def test_n18_a_home_page_with_a_bad_address_is_read(serve, collect):
    service = await serve(site({"/": b'<a href="http://[bad/2025/01/20/x">b</a>' + FRONT}))
    collected = await collect("homepage", service.url)
    assert f"{service.url}2025/01/20/open-models" in collected.urls


def test_articles_stay_when_the_search_for_sections_fails(monkeypatch):
    from newspaper.extractors import ContentExtractor

    monkeypatch.setattr(ContentExtractor, "get_category_urls", lambda *_: 1 / 0)
    found = read(f"<a href='{STORY}'>Story</a>", SITE)
    assert found.sections == () and len(found.articles) == 1


async def test_links_are_relative_to_the_page_that_a_redirect_leads_to(serve, collect):
    page = b'<a href="2025/01/20/open-models">a</a><a href="../2025/01/21/closed-models">b</a>'

    async def handler(request: web.Request) -> web.Response:
        if request.path == "/":
            raise web.HTTPFound("/en/home/")
        return web.Response(body=page, content_type="text/html")

    service = await serve(handler)
    assert (await collect("homepage", service.url)).urls == [
        f"{service.url}en/home/2025/01/20/open-models",
        f"{service.url}en/2025/01/21/closed-models",
    ]


async def test_an_outlet_that_moved_to_another_domain_is_read_there(collect):
    with Loopback(2) as net:
        new = net.url("", host="127.0.0.2")
        net.redirect("/", f"{new}/", host="127.0.0.1")
        net.page("/", FRONT, host="127.0.0.2")
        net.page("/tech", TECH, host="127.0.0.2")
        collected = await collect("homepage", net.url("/"))
    assert collected.urls == [
        f"{new}/2025/01/20/open-models",
        f"{new}/2025/01/21/closed-models",
        f"{new}/2025/01/22/weights-released",
    ]
    assert collected.rejected == []


@pytest.mark.parametrize(
    "links",
    [
        ["<a href='{}'>Read more</a>", "<h3><a href='{}'>Lab opens its weights</a></h3>"],
        ["<a href='{}'><img src='x.jpg'></a>", "<a href='{}'>Lab opens its weights</a>"],
        ["<a href='{}#comments'>12 comments</a>", "<a href='{}'>Lab opens its weights</a>"],
        ["<a href='{}'>What the lab said on Monday</a>", "<h2><a href='{}'>Lab opens its weights</a></h2>"],
        ["<a href='{}'><b>Kicker</b><h3>Lab opens <i>its</i><br>weights</h3><p>It said on Monday</p></a>"],
        ["<a href='{}'><div>Lab opens</div><div>i<b>t</b>s<!-- - --> weights</div><style>a {{}}</style></a>"],
        ["<a href='/2025/01/20/open-weights#x'><div><a href='{}'>Lab opens its weights</a></div></a>"],
    ],
)  # fmt: skip
def test_the_title_is_the_text_in_a_heading_else_the_longest(links):
    assert title(*(link.format(STORY) for link in links)) == "Lab opens its weights"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 comments", ""),
        ("Read the story", ""),
        ("続きを読む", ""),
        ("12条评论", ""),
        ("オープンな重みのモデルを公開", "オープンな重みのモデルを公開"),
        ("开放权重模型今日正式发布", "开放权重模型今日正式发布"),
        ("모델을 공개했다", ""),
    ],
)
def test_a_text_too_short_for_a_headline_is_none(text, expected):
    assert title(f"<h2><a href='{STORY}'>{text}</a></h2>") == expected


def test_the_short_heading_of_a_card_does_not_grow_by_its_summary():
    assert (
        title(f"<a href='{STORY}'><h3>Weights out</h3><p>The lab said it would release them.</p></a>") == ""
    )


def test_a_section_that_is_linked_with_a_query_keeps_it():
    links = "<a href='/page?id=3#top'>Economy</a><a href='/tech?ref=nav'>Tech</a><a href='/tech/'>Tech</a>"
    assert set(read(links, SITE).sections) == {SITE, f"{SITE}page?id=3", f"{SITE}tech"}


@pytest.mark.parametrize("path", ["?token=hunter2", "?q=1&api_key=hunter2"])
async def test_n23_no_error_shows_the_key_in_an_address(serve, collect, path):
    for pages in ({}, {"/": b"<html></html>"}):
        service = await serve(site(pages))
        with pytest.raises(CollectError) as caught:
            await collect("homepage", f"{service.url}{path}")
        assert "hunter2" not in str(caught.value) and "***" in str(caught.value)
