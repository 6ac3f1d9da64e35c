"""Hacker News through Algolia, served as its documentation describes it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from collectors.candidate import Window
from collectors.errors import CollectError

SINCE = datetime(2025, 1, 20, tzinfo=UTC)
WEEK = Window(SINCE, SINCE + timedelta(days=7))


def stories(moments: list[int], **fields):
    """One story per Unix time; newest first, 1,000 reachable."""

    async def handler(request: web.Request) -> web.Response:
        low, high = re.fullmatch(
            r"created_at_i>=(\d+),created_at_i<(\d+)", request.query["numericFilters"]
        ).groups()
        inside = sorted((t, n) for n, t in enumerate(moments) if int(low) <= t < int(high))
        assert request.query["tags"] == "story" and request.path.endswith("search_by_date")
        hits = [
            {
                "objectID": str(n),
                "title": f"Story {n}",
                "url": f"https://www.blog{n}.example/post",
                "author": "someone",
                "points": n,
                "created_at_i": t,
                **fields,
            }
            for t, n in reversed(inside)
        ]
        return web.json_response(
            {"hits": hits[:1000], "nbHits": len(hits), "nbPages": 1, "hitsPerPage": 1000}
        )

    return handler


async def test_every_story_is_found_once_beyond_the_cap_of_1000(serve, collect):
    start = int(SINCE.timestamp())
    service = await serve(stories([start + 60 * n for n in range(2_600)]))
    collected = await collect("hackernews", service.url + "api/v1/search_by_date", WEEK, query="llm")
    assert len(collected.urls) == len(set(collected.urls)) == 2_600
    assert collected.rejected == []


async def test_a_story_names_its_outlet_by_host_and_leaves_its_date_to_the_page(serve, collect):
    service = await serve(stories([int(SINCE.timestamp())]))
    [candidate] = (await collect("hackernews", service.url + "search_by_date", WEEK, query="llm")).candidates
    assert (candidate.title, candidate.outlet, candidate.published) == ("Story 0", "blog0.example", None)


async def test_a_story_without_a_page_is_recorded(serve, collect):
    service = await serve(stories([int(SINCE.timestamp())], url=None))
    collected = await collect("hackernews", service.url + "search_by_date", WEEK, query="llm")
    assert collected.rejected == [("https://news.ycombinator.com/item?id=0", "no_url")]


async def test_stories_below_the_fewest_points_are_recorded(serve, collect):
    service = await serve(stories([int(SINCE.timestamp())] * 5))
    collected = await collect("hackernews", service.url + "search_by_date", WEEK, query="llm", min_points=3)
    assert sorted(collected.reasons) == ["few_points"] * 3
    assert len(collected.urls) == 2


async def test_n09_an_address_that_cannot_be_split_is_left_to_the_fetcher_to_refuse(serve, collect):
    service = await serve(stories([int(SINCE.timestamp())], url="http://[bad"))
    collected = await collect("hackernews", service.url + "search_by_date", WEEK, query="llm")
    assert [(candidate.url, candidate.outlet) for candidate in collected.candidates] == [
        ("http://[bad", None)
    ]


async def test_n23_totals_that_never_fit_are_bounded(serve, collect):
    async def handler(request):
        return web.json_response({"hits": [], "nbHits": 10**9})

    service = await serve(handler)
    window = Window(SINCE, SINCE + timedelta(minutes=30))
    collected = await collect("hackernews", service.url, window, query="llm")
    assert set(collected.reasons) == {"over_limit"}
    assert len(service.requests) < 64


async def test_n23_an_answer_without_a_total_is_named(serve, collect):
    async def handler(request):
        return web.json_response({"hits": []})

    service = await serve(handler)
    with pytest.raises(CollectError, match="nbHits"):
        await collect("hackernews", service.url, WEEK, query="llm")
