"""The Wayback Machine's CDX server and its captures, served as its README describes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from aiohttp import web

from collectors.candidate import Window
from collectors.errors import CollectError
from collectors.web.fetch import Fetcher

WINDOW = Window(datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 1, 31, tzinfo=UTC))
CAPTURES = [
    ("20250102030405", "http://gone.example/tech/1?a=b"),
    ("20250103030405", "https://gone.example/tech/2"),
]


def archive(captures=CAPTURES, page_size=1_000, resume=lambda at: f"key {at}!"):
    async def handler(request: web.Request) -> web.Response:
        if request.path == "/cdx/search/cdx":
            at = int("".join(filter(str.isdigit, request.query.get("resumeKey", "0"))))
            since, until = request.query["from"], request.query["to"]
            inside = [row for row in captures if since <= row[0] <= until]
            rows = [["timestamp", "original"], *(list(row) for row in inside[at : at + page_size])]
            if at + page_size < len(inside):
                rows += [[], [resume(at + page_size)]]
            return web.json_response(rows if len(rows) > 1 else [])
        moment, _, original = request.path_qs.removeprefix("/web/").partition("id_/")
        if (moment, original) not in captures or original.endswith("/lost"):
            return web.Response(status=404)
        return web.Response(text=f"<title>{original} as of {moment}</title>", content_type="text/html")

    return handler


async def test_each_page_comes_under_its_own_address_with_its_capture(serve, collect):
    service = await serve(archive())
    collected = await collect("wayback", service.url + "cdx/search/cdx", WINDOW, pages="gone.example/tech/*")
    assert [(candidate.url, candidate.html, candidate.published) for candidate in collected.candidates] == [
        (original, f"<title>{original} as of {moment}</title>".encode(), None)
        for moment, original in CAPTURES
    ]
    asked = service.requests[0].query
    assert (asked["from"], asked["to"]) == ("20250101000000", "20250130235959")
    assert asked.getall("filter") == ["statuscode:200", "mimetype:text/html"]
    assert (asked["url"], asked["collapse"], asked["output"]) == ("gone.example/tech/*", "urlkey", "json")


async def test_the_index_is_followed_by_its_resume_key(serve, collect):
    many = [(f"202501{n:02d}000000", f"https://gone.example/{n}") for n in range(1, 26)]
    service = await serve(archive(many, page_size=10))
    collected = await collect("wayback", service.url + "cdx/search/cdx", WINDOW, pages="gone.example/*")
    assert collected.urls == [original for _, original in many]


async def test_n23_a_resume_key_that_repeats_ends_the_paging(serve, collect):
    service = await serve(archive(CAPTURES, page_size=1, resume=lambda at: "key 0!"))
    collected = await collect("wayback", service.url + "cdx/search/cdx", WINDOW, pages="gone.example/*")
    assert collected.reasons == ["repeated_page"]
    assert collected.urls == [CAPTURES[0][1]]


async def test_a_capture_that_is_lost_is_recorded(serve, collect):
    service = await serve(archive([*CAPTURES, ("20250104000000", "https://gone.example/lost")]))
    collected = await collect("wayback", service.url + "cdx/search/cdx", WINDOW, pages="gone.example/*")
    assert len(collected.urls) == 2
    [(lost, reason)] = collected.rejected
    assert lost == "https://gone.example/lost" and "404" in reason


async def test_only_addresses_that_were_asked_for_are_fetched(serve, collect):
    service = await serve(archive())
    collected = await collect(
        "wayback", service.url + "cdx/search/cdx", WINDOW, pages="gone.example/*", include=["/tech/2"]
    )
    assert collected.urls == ["https://gone.example/tech/2"]
    assert len(service.requests) == 2


async def test_nothing_archived_is_nothing_and_no_error(serve, collect):
    service = await serve(archive([]))
    collected = await collect("wayback", service.url + "cdx/search/cdx", WINDOW, pages="gone.example/*")
    assert collected.found == []


@pytest.mark.parametrize(
    "answer", [{"error": "blocked"}, [["timestamp", "original"], ["x", "y", "z"]], ["text"]]
)
async def test_n23_a_changed_schema_is_named(serve, collect, answer):
    async def handler(request):
        return web.json_response(answer)

    service = await serve(handler)
    with pytest.raises(CollectError) as caught:
        await collect("wayback", service.url, WINDOW, pages="gone.example/*")
    assert caught.value.reason == "schema_changed"


def failing(status: dict[str, int], captures=CAPTURES):
    """The archive, which answers to the captures of some addresses with a status."""
    answer = archive(captures)

    async def handler(request: web.Request) -> web.Response:
        for original, code in status.items():
            if request.path_qs.endswith(f"id_/{original}"):
                return web.Response(status=code, headers={"Retry-After": "3600"} if code == 429 else {})
        return await answer(request)

    return handler


async def test_a_capture_answered_with_429_leaves_its_slice_undone_and_the_next_refresh_goes_on_there(
    serve, collect
):
    status = {CAPTURES[1][1]: 429}
    service = await serve(failing(status))
    cdx = service.url + "cdx/search/cdx"
    with pytest.raises(CollectError, match="429"):
        await collect("wayback", cdx, WINDOW, pages="gone.example/tech/*")
    status.clear()
    async with Fetcher() as rested:  # an hour later the archive may be asked again
        found = await collect("wayback", cdx, WINDOW, pages="gone.example/tech/*", fetch=rested)
    assert found.urls == [CAPTURES[1][1]]


async def test_o07_a_capture_that_the_archive_fails_on_is_asked_for_again_after_longer_and_longer_pauses(
    serve, collect
):
    status = {CAPTURES[0][1]: 502}
    service = await serve(failing(status))
    cdx = service.url + "cdx/search/cdx"
    first = await collect("wayback", cdx, WINDOW, pages="gone.example/tech/*")
    assert (first.urls, first.reasons) == ([CAPTURES[1][1]], ["http_502"])
    outcomes = [
        (await collect("wayback", cdx, WINDOW, pages="gone.example/tech/*")).rejected for _ in range(4)
    ]
    assert [len(rejected) for rejected in outcomes] == [1, 1, 0, 0]  # then it waits for six hours


async def test_a_capture_that_comes_late_is_an_article_all_the_same(serve, collect):
    status = {CAPTURES[0][1]: 502}
    service = await serve(failing(status))
    cdx = service.url + "cdx/search/cdx"
    await collect("wayback", cdx, WINDOW, pages="gone.example/tech/*")
    status.clear()
    assert (await collect("wayback", cdx, WINDOW, pages="gone.example/tech/*")).urls[0] == CAPTURES[0][1]


async def test_captures_of_the_day_that_is_asked_for_again_are_not_fetched_again(serve, collect):
    captures = [*CAPTURES, ("20250130030405", "https://gone.example/tech/3")]
    service = await serve(archive(captures))
    cdx = service.url + "cdx/search/cdx"
    await collect("wayback", cdx, WINDOW, pages="gone.example/tech/*")
    captures.append(("20250130040506", "https://gone.example/tech/4"))  # which the index names late
    for found in (["https://gone.example/tech/4"], []):
        again = await collect("wayback", cdx, WINDOW, pages="gone.example/tech/*")
        assert again.urls == found
