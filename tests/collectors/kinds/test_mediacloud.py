"""Media Cloud's search API, served as its client library uses it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from aiohttp import web

from collectors.candidate import Window
from collectors.errors import CollectError
from collectors.kinds import mediacloud
from collectors.shared import api

KEY = "0123456789abcdef0123456789abcdef"
WINDOW = Window(datetime(2025, 1, 20, tzinfo=UTC), datetime(2025, 1, 25, tzinfo=UTC))
ENVIRON = {"MEDIACLOUD_API_KEY": KEY}


def story(n: int, **fields):
    return {
        "id": f"hash{n}",
        "url": f"https://www.paper.example/{n}",
        "title": f"Story {n}",
        "publish_date": "2025-01-21",
        "language": "en",
        "media_name": "paper.example",
        "media_url": "paper.example",
        "indexed_date": "2025-01-22 03:04:05",
        **fields,
    }


def pages(*pages_of_stories, token=lambda page: f"token{page}"):
    async def handler(request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Token {KEY}":
            return web.json_response({"detail": "Invalid token."}, status=403)
        given = request.query.get("pagination_token")
        page = int(given.removeprefix("token")) if given else 0
        last = page + 1 >= len(pages_of_stories)
        return web.json_response(
            {"stories": pages_of_stories[page], "pagination_token": None if last else token(page + 1)}
        )

    return handler


async def test_all_pages_are_read_with_the_key_in_the_header_only(serve, collect):
    service = await serve(pages([story(1), story(2)], [story(3)], [story(4)]))
    collected = await collect(
        "mediacloud", service.url, WINDOW, environ=ENVIRON, query="llm", collections=["34412234", "38379429"]
    )
    assert collected.urls == [f"https://www.paper.example/{n}" for n in (1, 2, 3, 4)]
    first = service.requests[0].query
    assert (first["start"], first["end"]) == ("2025-01-20", "2025-01-24")
    assert (first["cs"], first["platform"]) == ("34412234,38379429", "onlinenews-mediacloud")
    assert all(KEY not in str(request.url) for request in service.requests)


async def test_a_story_brings_outlet_language_and_day(serve, collect):
    service = await serve(pages([story(1)]))
    [candidate] = (
        await collect("mediacloud", service.url, WINDOW, environ=ENVIRON, query="llm", collections=["1"])
    ).candidates
    assert (candidate.outlet, candidate.language) == ("paper.example", "en")
    assert (candidate.published, candidate.published_precision) == (datetime(2025, 1, 21, tzinfo=UTC), "day")


async def test_without_a_key_no_request_is_made(serve, collect):
    service = await serve(pages([story(1)]))
    with pytest.raises(CollectError, match=r"set MEDIACLOUD_API_KEY .*search\.mediacloud\.org") as caught:
        await collect("mediacloud", service.url, WINDOW, query="llm", collections=["1"])
    assert caught.value.reason == "missing_key"
    assert service.requests == []


async def test_n23_a_revoked_key_is_named_but_not_shown(serve, collect):
    service = await serve(pages([story(1)]))
    with pytest.raises(CollectError) as caught:
        await collect(
            "mediacloud",
            service.url,
            WINDOW,
            environ={"MEDIACLOUD_API_KEY": "revoked-9"},
            query="llm",
            collections=["1"],
        )
    assert caught.value.reason == "bad_key"
    assert "revoked-9" not in str(caught.value)


async def test_n23_a_page_token_that_repeats_ends_the_paging(serve, collect):
    service = await serve(pages([story(1)], [story(2)], [story(3)], token=lambda page: "token1"))
    collected = await collect(
        "mediacloud", service.url, WINDOW, environ=ENVIRON, query="llm", collections=["1"]
    )
    assert collected.reasons == ["repeated_page"]
    assert len(service.requests) == 2


async def test_n23_without_the_memory_of_tokens_the_same_page_is_asked_for_to_the_last(
    serve, collect, monkeypatch
):
    class Forgetful(set):
        def __contains__(self, _: object) -> bool:
            return False

    monkeypatch.setattr(mediacloud, "set", Forgetful, raising=False)
    monkeypatch.setattr(mediacloud, "_MOST_PAGES", 40)
    service = await serve(pages([story(1)], [story(2)], [story(3)], token=lambda page: "token1"))
    await collect("mediacloud", service.url, WINDOW, environ=ENVIRON, query="llm", collections=["1"])
    assert len(service.requests) == 40


async def test_n23_a_changed_schema_is_named(serve, collect):
    async def handler(request):
        return web.json_response({"count": 12, "matches": [story(1)]})

    service = await serve(handler)
    with pytest.raises(CollectError) as caught:
        await collect("mediacloud", service.url, WINDOW, environ=ENVIRON, query="llm", collections=["1"])
    assert caught.value.reason == "schema_changed"


async def test_a_story_of_another_day_or_without_a_date(serve, collect):
    service = await serve(pages([story(1, publish_date="2024-01-01"), story(2, publish_date=None), {}]))
    collected = await collect(
        "mediacloud", service.url, WINDOW, environ=ENVIRON, query="llm", collections=["1"]
    )
    assert collected.rejected == [("https://www.paper.example/1", "outside_window"), ("", "no_url")]
    assert [candidate.published for candidate in collected.candidates] == [None]


async def test_a_query_of_everything_is_refused_here_since_the_service_refuses_it(serve, collect):
    service = await serve(pages([story(1)]))
    with pytest.raises(CollectError, match="it needs `collections` or `outlets`") as caught:
        await collect("mediacloud", service.url, WINDOW, environ=ENVIRON, query="llm")
    assert (caught.value.reason, service.requests) == ("bad_option", [])


def refusals(*notes, temporary):
    """As many refusals, then a story."""

    async def handler(request: web.Request) -> web.Response:
        if told := list(notes)[len(asked) : len(asked) + 1]:
            asked.append(request)
            return web.json_response({"status": "error", "note": told[0], "temporary": temporary}, status=400)
        return web.json_response({"stories": [story(1)], "pagination_token": None})

    asked: list[web.Request] = []
    return handler


async def test_a_fault_that_the_service_calls_temporary_is_waited_for(serve, collect, monkeypatch):
    monkeypatch.setattr(api, "PAUSE", 0.01)
    service = await serve(refusals("try again", "try again", temporary=True))
    found = await collect("mediacloud", service.url, WINDOW, environ=ENVIRON, query="llm", collections=["1"])
    assert (found.urls, len(service.requests)) == (["https://www.paper.example/1"], 3)


@pytest.mark.parametrize(
    ("temporary", "reason", "asked"), [(True, "service_fault", 3), (False, "bad_request", 1)]
)
async def test_the_note_of_a_refusal_is_shown(serve, collect, monkeypatch, temporary, reason, asked):
    monkeypatch.setattr(api, "PAUSE", 0.01)
    service = await serve(refusals(*["over quota until Monday"] * 9, temporary=temporary))
    with pytest.raises(CollectError, match="it says: over quota until Monday") as caught:
        await collect("mediacloud", service.url, WINDOW, environ=ENVIRON, query="llm", collections=["1"])
    assert (caught.value.reason, len(service.requests)) == (reason, asked)


async def test_a_domain_given_as_the_outlets_name_is_the_outlet_of_the_settings(serve, collect):
    guardian = story(1, media_name="theguardian.com", media_url="https://www.theguardian.com/")
    service = await serve(pages([guardian, story(2, media_name="The Paper"), story(3, media_name=None)]))
    found = await collect("mediacloud", service.url, WINDOW, environ=ENVIRON, query="llm", collections=["1"])
    assert [(one.outlet, one.domain) for one in found.candidates] == [
        ("The Guardian", "theguardian.com"),
        ("The Paper", "paper.example"),
        ("paper.example", "paper.example"),
    ]
