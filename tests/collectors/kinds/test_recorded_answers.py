"""What real services once answered, delivered over loopback to the collectors that read them.

The Guardian's is an answer of its search as its own client library keeps it; GDELT's and Media Cloud's are
rows that people saved from them, put into the services' JSON, whose fields have the same names. The tests
skip where the folder of shared material is absent.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from collectors.candidate import Window

KEY = "11111111-2222-3333-4444-555555555555"


def rows_of(file: Path) -> list[dict[str, Any]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


async def guardian_s(answer: dict[str, Any], serve, collect):
    """What is collected of one day where the Guardian's search gives this answer."""

    async def handler(request: web.Request) -> web.Response:
        return web.json_response(answer)

    service = await serve(handler)
    window = Window(datetime(2014, 9, 10, tzinfo=UTC), datetime(2014, 9, 11, tzinfo=UTC))
    return await collect("guardian", service.url, window, environ={"GUARDIAN_API_KEY": KEY}, section="sport")


async def test_an_answer_of_the_guardian_s_search_is_read(serve, collect, shared: Path) -> None:
    answer = json.loads((shared / "exports/files/guardian-json/search.json").read_text(encoding="utf-8"))
    answer["response"]["pages"] = 1  # of 168,727 pages the first was recorded

    collected = await guardian_s(answer, serve, collect)
    assert collected.rejected == []
    assert len(collected.candidates) == 10
    third = collected.candidates[2]
    assert third.url == (
        "http://www.theguardian.com/commentisfree/2014/sep/10/addicted-apple-watch-technology"
    )
    assert third.title == "My name is Richard and I am an addict \u2013 an Apple addict | Richard Seymour"
    assert third.published == datetime(2014, 9, 10, 16, 5, 58, tzinfo=UTC)
    assert third.published_precision == "second"
    # No `fields` were asked for in it: without a body the page is to be fetched.
    assert {candidate.html for candidate in collected.candidates} == {None}


async def test_of_one_page_of_very_many_the_first_thousands_are_read_and_the_rest_is_told(
    serve, collect, shared: Path
) -> None:
    answer = json.loads((shared / "exports/files/guardian-json/search.json").read_text(encoding="utf-8"))

    collected = await guardian_s(answer, serve, collect)
    assert collected.reasons == ["over_limit"]


async def test_articles_that_gdelt_listed_are_read_in_the_languages_that_they_are_in(
    serve, collect, shared: Path
) -> None:
    rows = rows_of(shared / "exports/files/gdelt-artlist-csv/gdelt_articles.csv")

    async def handler(request: web.Request) -> web.Response:
        return web.json_response({"articles": rows})

    service = await serve(handler)
    now = datetime.now(UTC)
    collected = await collect(
        "gdelt", service.url, Window(now - timedelta(hours=5), now), query="egypt", slice_hours=6
    )
    assert collected.rejected == []
    assert collected.urls == [row["url"] for row in rows]
    assert Counter((one.language, one.country) for one in collected.candidates) == {
        ("ar", "EG"): 34,
        ("zh", "CN"): 6,
        ("he", "IL"): 3,
        ("ar", "IL"): 1,
        ("fa", "IR"): 1,
        ("id", "ID"): 1,
        ("ar", "AE"): 1,
        ("ar", "RU"): 1,
        ("ar", "GB"): 1,
        ("ar", "SD"): 1,
    }
    first = collected.candidates[0]
    assert (first.outlet, first.domain, first.published) == ("dostor.org", "dostor.org", None)
    assert first.title == rows[0]["title"]


async def test_stories_that_media_cloud_listed_are_read(serve, collect, shared: Path) -> None:
    [file] = (shared / "exports/files/mediacloud-csv").glob("*.csv")
    rows = rows_of(file)

    async def handler(request: web.Request) -> web.Response:
        start, end = request.query["start"], request.query["end"]
        there = [row for row in rows if start <= row["publish_date"][:10] <= end]
        return web.json_response({"stories": there, "pagination_token": None})

    service = await serve(handler)
    window = Window(datetime(2017, 11, 1, tzinfo=UTC), datetime(2017, 12, 1, tzinfo=UTC))
    collected = await collect(
        "mediacloud",
        service.url,
        window,
        environ={"MEDIACLOUD_API_KEY": KEY},
        query="*",
        outlets=["623820"],
    )
    assert collected.rejected == []
    assert sorted(collected.urls) == sorted(row["url"] for row in rows)
    assert {(one.outlet, one.language) for one in collected.candidates} == {("L'Economiste Maghrebin", "fr")}
    moments = {one.url: one.published for one in collected.candidates}
    assert moments[rows[0]["url"]] == datetime(2017, 11, 3, 6, 59, 58, tzinfo=UTC)
