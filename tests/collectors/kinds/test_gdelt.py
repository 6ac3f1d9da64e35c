"""GDELT DOC 2.0, served as its documentation and its users describe it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from collectors.candidate import Window
from collectors.errors import CollectError
from collectors.shared.timestamps import parse_stamp
from pressgauge.store.reference import load_reference

NOW = datetime.now(UTC).replace(microsecond=0)
SINCE = (NOW - timedelta(days=2)).replace(hour=0, minute=0, second=0)
DAY = Window(SINCE, SINCE + timedelta(days=1))


def press(moments: list[datetime]):
    """A press of one article per moment, answered 250 at most and oldest first."""

    async def handler(request: web.Request) -> web.Response:
        since, until = parse_stamp(request.query["startdatetime"]), parse_stamp(request.query["enddatetime"])
        inside = [(n, moment) for n, moment in enumerate(moments) if since <= moment <= until]
        assert request.query["mode"] == "ArtList" and request.query["format"] == "json"
        if not inside:
            return web.json_response({})
        articles = [
            {
                "url": f"https://www.outlet{n % 3}.example/story-{n}",
                "url_mobile": "",
                "title": f"Story {n}",
                "seendate": moment.strftime("%Y%m%dT%H%M%SZ"),
                "domain": f"outlet{n % 3}.example",
                "language": "English",
                "sourcecountry": "United States",
            }
            for n, moment in inside[: int(request.query["maxrecords"])]
        ]
        return web.json_response({"articles": articles})

    return handler


async def test_every_article_is_found_once_beyond_the_cap_of_250(serve, collect):
    moments = [SINCE + timedelta(seconds=80 * n) for n in range(1_000)]
    service = await serve(press(moments))
    collected = await collect("gdelt", service.url, DAY, query='"open source"')
    assert sorted(collected.urls) == sorted(
        f"https://www.outlet{n % 3}.example/story-{n}" for n in range(1_000)
    )
    assert collected.rejected == []
    assert {request.query["maxrecords"] for request in service.requests} == {"250"}


async def test_the_time_gdelt_saw_an_article_is_not_taken_for_its_publication(serve, collect):
    service = await serve(press([SINCE]))
    [candidate] = (await collect("gdelt", service.url, DAY, query="ai")).candidates
    assert (candidate.title, candidate.outlet, candidate.published) == ("Story 0", "outlet0.example", None)
    assert (candidate.language, candidate.country) == ("en", "US")


async def test_what_a_full_quarter_of_an_hour_hides_is_recorded(serve, collect):
    service = await serve(press([SINCE] * 300))
    collected = await collect("gdelt", service.url, DAY, query="ai")
    assert collected.reasons == ["over_limit"]
    assert len(collected.urls) == 250


async def test_a_killed_backfill_goes_on_with_the_slice_it_was_in(serve, collect):
    service = await serve(press([SINCE + timedelta(hours=hour) for hour in range(24)]))
    await collect("gdelt", service.url, DAY, query="ai", stop_after=8)
    before = len(service.requests)
    rest = await collect("gdelt", service.url, DAY, query="ai")
    assert service.requests[before].query["startdatetime"] >= (SINCE + timedelta(hours=5)).strftime(
        "%Y%m%d%H%M%S"
    )
    assert rest.candidates[-1].title == "Story 23"


@pytest.mark.parametrize(
    "prose",
    ["Please limit requests to one every 5 seconds", "Your query was too short.", "<html>busy</html>", ""],
)
async def test_n18_prose_with_status_200_is_an_error_and_never_no_news(serve, collect, prose):
    async def handler(request):
        return web.Response(text=prose, content_type="text/html")

    service = await serve(handler)
    with pytest.raises(CollectError) as caught:
        await collect("gdelt", service.url, DAY, query="ai")
    assert caught.value.reason == "not_json"
    assert prose in caught.value.detail


async def test_n16_a_shed_request_stops_the_source_and_keeps_what_is_done(serve, collect):
    answer = press([SINCE + timedelta(hours=hour) for hour in range(24)])

    async def handler(request):
        if len(service.requests) > 2:
            return web.Response(status=429, text="Please limit requests", headers={"Retry-After": "7200"})
        return await answer(request)

    service = await serve(handler)
    with pytest.raises(CollectError) as caught:
        await collect("gdelt", service.url, DAY, query="ai")
    assert "429" in caught.value.reason
    assert len(service.requests) <= 5


async def test_titles_that_break_the_json_are_read(serve, collect):
    async def handler(request):
        body = b'{"articles": [{"url": "https://a.example/1", "title": "C:\\data and a tab\there"}]}'
        return web.Response(body=body, content_type="application/json")

    service = await serve(handler)
    window = Window(SINCE, SINCE + timedelta(hours=1))
    [candidate] = (await collect("gdelt", service.url, window, query="ai")).candidates
    assert candidate.title == "C:\\data and a tab\there"


async def test_n23_a_changed_schema_is_named(serve, collect):
    async def handler(request):
        return web.json_response({"results": [{"link": "https://a.example/1"}]})

    service = await serve(handler)
    with pytest.raises(CollectError, match="no list of objects at `articles`"):
        await collect("gdelt", service.url, DAY, query="ai")


async def test_hostile_fields_are_left_out(serve, collect):
    async def handler(request):
        rows = [{"url": None}, {"url": 7, "title": []}, {"url": "https://a.example/1", "title": {"x": 1}}]
        return web.json_response({"articles": rows})

    service = await serve(handler)
    collected = await collect("gdelt", service.url, Window(SINCE, SINCE + timedelta(hours=1)), query="ai")
    assert collected.reasons == ["no_url", "no_url"]
    assert collected.candidates[0].title is None


async def test_the_worldwide_volume_is_kept_as_a_reference_series(serve, collect, tmp_path):
    async def handler(request):
        if request.query["mode"] == "ArtList":
            return web.json_response({})
        points = [{"date": "20250120T000000Z", "value": 0.25}, {"date": "20250121T000000Z", "value": 1}]
        return web.json_response({"timeline": [{"series": "Volume Intensity", "data": points}]})

    service = await serve(handler)
    await collect("gdelt", service.url, DAY, query="llama", timeline=True)
    table = load_reference(tmp_path)
    assert table[["source", "series", "value", "unit"]].to_numpy().tolist() == [
        ["the source", "llama", 0.25, "percent of all articles"],
        ["the source", "llama", 1.0, "percent of all articles"],
    ]
    assert str(table["period"].dt.tz) == "UTC"


async def test_without_a_query_the_source_says_so(serve, collect):
    with pytest.raises(CollectError, match="it needs `query`"):
        await collect("gdelt", "http://127.0.0.1:9/", DAY)


async def test_what_the_settings_know_of_an_outlet_is_believed_before_gdelt(serve, collect):
    async def handler(request):
        row = {"title": "A", "language": "German", "sourcecountry": "Australia"}
        known = {**row, "url": "https://www.theguardian.com/1", "domain": "theguardian.com"}
        other = {**row, "url": "https://other.example/1", "domain": "other.example"}
        return web.json_response({"articles": [known, other]})

    service = await serve(handler)
    window = Window(SINCE, SINCE + timedelta(hours=1))
    found = (await collect("gdelt", service.url, window, query="ai")).candidates
    assert [(one.country, one.language) for one in found] == [("GB", "en"), ("AU", "de")]


async def test_the_worldwide_volume_is_kept_when_a_limit_ends_the_articles(serve, collect, tmp_path):
    moments = [SINCE + timedelta(hours=hour) for hour in range(24)]

    async def handler(request):
        if request.query["mode"] == "ArtList":
            return await press(moments)(request)
        return web.json_response(
            {"timeline": [{"series": "Volume", "data": [{"date": "20250120T000000Z", "value": 0.25}]}]}
        )

    service = await serve(handler)
    await collect("gdelt", service.url, DAY, query="llama", timeline=True, stop_after=1)
    assert load_reference(tmp_path)["value"].tolist() == [0.25]


async def test_articles_come_without_the_worldwide_volume_when_that_fails(serve, collect):
    async def handler(request):
        if request.query["mode"] == "ArtList":
            return await press([SINCE])(request)
        return web.Response(status=404)

    service = await serve(handler)
    found = await collect("gdelt", service.url, DAY, query="llama", timeline=True)
    assert (len(found.urls), found.rejected) == (1, [(f"{service.url}#timeline", "http_404")])
