"""Home pages and sections, read by newspaper3k's rules in a child process."""

from __future__ import annotations

import pytest
from aiohttp import web

from collectors.collector import CollectError
from collectors.discovery import discover

FRONT = b"""<html><body>
<a href="/tech">Technology</a> <a href="/about">About us</a>
<a href="/2025/01/20/open-models">Open   models
 win</a> <a href="/2025/01/20/open-models#comments">12 comments</a>
<a href="/2025/01/21/closed-models">Closed models</a>
<a href="https://elsewhere.example/2025/01/20/another-outlet">Elsewhere</a>
<a href="javascript:alert(1)//2025/01/20/x-y">Click</a> <a href="mailto:a@b.example">Mail</a> <a>No link</a>
<img src="/pixel.gif"><iframe src="/frame"></iframe><link rel="icon" href="/favicon.ico">
</body></html>"""
TECH = b'<a href="/2025/01/21/closed-models">Again</a><a href="/2025/01/22/weights-released">Weights</a>'


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
        ("2025/01/20/open-models", "Open models win"),
        ("2025/01/21/closed-models", "Closed models"),
        ("2025/01/22/weights-released", "Weights"),
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
    pages = [(FRONT, "https://a.example/"), (huge, "https://a.example/"), (TECH, "https://a.example/tech")]
    first, second, third = await discover(pages)
    assert len(first.articles) == 2
    assert second in ("timeout", "crashed")
    assert len(third.articles) == 2
