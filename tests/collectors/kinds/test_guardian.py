"""The Guardian Open Platform, served as its documentation describes it."""

from __future__ import annotations

import traceback
from datetime import UTC, datetime

import pytest
from aiohttp import web

from collectors.candidate import Window
from collectors.errors import CollectError
from collectors.extraction.extract import extract
from collectors.kinds import guardian
from collectors.shared import api

KEY = "11111111-2222-3333-4444-555555555555"
WINDOW = Window(datetime(2025, 1, 20, tzinfo=UTC), datetime(2025, 1, 25, tzinfo=UTC))
ENVIRON = {"GUARDIAN_API_KEY": KEY}
BODY = (
    "<p>"
    + "</p><p>".join(f"Sentence {n} says that open models are discussed at length." for n in range(12))
    + "</p>"
)


def result(n: int, **fields):
    return {
        "id": f"technology/2025/jan/21/story-{n}",
        "type": "article",
        "webPublicationDate": "2025-01-21T09:30:00Z",
        "webTitle": f"Story {n} | Technology",
        "webUrl": f"https://www.theguardian.com/technology/2025/jan/21/story-{n}",
        "fields": {"headline": f"Story {n}", "byline": "Ada Byron in London", "body": BODY},
        **fields,
    }


def answers(total: int, *, pages: int | None = None, size: int = 200):
    async def handler(request: web.Request) -> web.Response:
        if request.query.get("api-key") != KEY:
            return web.json_response({"message": "Unauthorized"}, status=401)
        page = int(request.query["page"])
        there = range((page - 1) * size, min(total, page * size))
        response = {
            "status": "ok",
            "total": total,
            "currentPage": page,
            "pages": pages or -(-total // size),
            "results": [result(n) for n in there],
        }
        return web.json_response({"response": response}, headers={"X-RateLimit-Remaining-day": "499"})

    return handler


async def test_all_pages_are_read_oldest_first(serve, collect):
    service = await serve(answers(450))
    collected = await collect("guardian", service.url + "search", WINDOW, environ=ENVIRON, query="llm")
    assert len(set(collected.urls)) == 450
    assert service.asked("page") == ["1", "2", "3"]
    first = service.requests[0].query
    assert (first["from-date"], first["to-date"]) == ("2025-01-20", "2025-01-24")
    assert (first["order-by"], first["use-date"]) == ("oldest", "published")


async def test_an_article_comes_with_its_full_text_and_needs_no_fetch(serve, collect):
    service = await serve(answers(1))
    [candidate] = (await collect("guardian", service.url, WINDOW, environ=ENVIRON, query="llm")).candidates
    assert candidate.published == datetime(2025, 1, 21, 9, 30, tzinfo=UTC)
    article = extract(candidate.html, candidate.url)
    assert article.title == "Story 0"
    assert "Sentence 11 says" in article.text
    assert article.published == candidate.published


async def test_without_a_key_it_says_where_to_get_one(serve, collect):
    with pytest.raises(CollectError, match=r"open-platform\.theguardian\.com/access") as caught:
        await collect("guardian", "http://127.0.0.1:9/", WINDOW, query="llm")
    assert caught.value.reason == "missing_key"


@pytest.mark.parametrize(
    ("status", "reason"), [(401, "bad_key"), (403, "bad_key"), (429, "429"), (400, "400"), (500, "500")]
)
async def test_n23_no_error_shows_the_key(serve, collect, status, reason):
    async def handler(request):
        return web.Response(status=status, text=f"you sent {request.url}", headers={"Retry-After": "0"})

    service = await serve(handler)
    with pytest.raises(CollectError) as caught:
        await collect("guardian", service.url, WINDOW, environ=ENVIRON, query="llm")
    assert reason in caught.value.reason
    assert KEY not in "".join(traceback.format_exception(caught.value))


async def test_n23_an_answer_that_echoes_the_key_is_scrubbed(serve, collect):
    async def handler(request):
        return web.Response(text=f"<h1>Not available</h1>{request.url}")

    service = await serve(handler)
    with pytest.raises(CollectError) as caught:
        await collect("guardian", service.url, WINDOW, environ=ENVIRON, query="llm")
    assert caught.value.reason == "not_json"
    assert KEY not in "".join(traceback.format_exception(caught.value))


async def test_n23_without_the_scrubbing_the_key_stands_in_the_error(serve, collect, monkeypatch):
    async def handler(request):
        return web.Response(text=f"<h1>Not available</h1>{request.url}")

    monkeypatch.setattr(api, "scrub", lambda text, key=None: text)
    service = await serve(handler)
    with pytest.raises(CollectError, match=KEY[:8]):
        await collect("guardian", service.url, WINDOW, environ=ENVIRON, query="llm")


async def test_n23_the_key_is_kept_nowhere_in_the_dataset_folder(serve, collect, tmp_path):
    service = await serve(answers(3))
    await collect("guardian", service.url, WINDOW, environ=ENVIRON, query="llm")
    written = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert all(KEY.encode() not in file.read_bytes() for file in written)


async def test_n23_a_total_that_grows_for_ever_is_bounded(serve, collect):
    service = await serve(answers(1, pages=10**9))
    collected = await collect("guardian", service.url, WINDOW, environ=ENVIRON, query="llm")
    assert collected.reasons == ["over_limit"]
    assert len(service.requests) == 200


async def test_n23_without_the_limit_on_pages_a_total_that_grows_is_followed(serve, collect, monkeypatch):
    monkeypatch.setattr(guardian, "_MOST_PAGES", 10**9)
    service = await serve(answers(1, pages=230))
    await collect("guardian", service.url, WINDOW, environ=ENVIRON, query="llm")
    assert len(service.requests) == 230


async def test_an_article_without_text_is_left_to_the_fetcher(serve, collect):
    async def handler(request):
        bare = result(1, fields={"headline": "Only a headline"})
        return web.json_response({"response": {"pages": 1, "results": [bare, {"webUrl": None}]}})

    service = await serve(handler)
    collected = await collect("guardian", service.url, WINDOW, environ=ENVIRON, query="llm")
    assert collected.candidates[0].html is None
    assert collected.reasons == ["no_url"]


@pytest.mark.parametrize(
    ("byline", "contributors", "authors"),
    [
        ("Alex Hern UK technology editor", [], ("Alex Hern",)),
        ("Alex Hern UK technology editor", ["Alex Hern"], ("Alex Hern",)),
        ("Ana Maria Lopez technology editor", ["Ana Maria Lopez"], ("Ana Maria Lopez",)),
        ("Ada Byron in London and Dan Milmo", ["Dan Milmo"], ("Ada Byron", "Dan Milmo")),
        ("", ["Ada Byron"], ("Ada Byron",)),
        ("", [], ()),
    ],
)
def test_a_byline_is_the_persons_in_it(byline, contributors, authors):
    tags = [{"type": "contributor", "webTitle": name} for name in contributors]
    said = result(1, tags=[*tags, {"type": "keyword", "webTitle": "Byron"}, 7])
    said["fields"]["byline"] = byline
    assert guardian.Guardian._candidate(said, WINDOW).authors == authors


async def test_the_message_of_a_refusal_is_shown(serve, collect):
    async def handler(request):
        return web.json_response(
            {"response": {"status": "error", "message": "page is too large"}}, status=400
        )

    service = await serve(handler)
    with pytest.raises(CollectError, match="it says: page is too large"):
        await collect("guardian", service.url, WINDOW, environ=ENVIRON, query="llm")
