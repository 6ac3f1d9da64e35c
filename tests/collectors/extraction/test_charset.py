"""The character set that only the HTTP header declares reaches the reader of the page, however it comes."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from aiohttp import web as http

import pressgauge
from collectors.candidate import Window
from collectors.extraction.extract import extract
from collectors.refresh.refresh import refresh
from tests.collectors.newsroom import Outlet

TITLE = "Łódź opens the bridge"
BODY = "".join(
    f"<p>{n}. {TITLE}, which the town has been building for seven years and more.</p>" for n in range(8)
)
PAGE = f"<html><head><title>{TITLE}</title></head><body><article>{BODY}</article></body></html>".encode(
    "iso-8859-2"
)
HEADER = "text/html; charset=ISO-8859-2"
WINDOW = Window(datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 1, 31, tzinfo=UTC))


def test_without_the_header_these_bytes_are_read_wrong() -> None:
    assert TITLE not in (extract(PAGE, "https://a.example/1").text or "")


@pytest.mark.parametrize("label", ["ISO-8859-2", '"iso-8859-2"', "latin2"])
def test_the_headers_character_set_is_believed(label: str) -> None:
    article = extract(PAGE, "https://a.example/1", charset=label)
    assert article.title == TITLE
    assert article.text.count(TITLE) == 8


@pytest.mark.parametrize(
    "label", ["utf-7", "punycode", "zlib", "a" * 100_000, "utf\x00-8", "", "utf-8", "utf-16"]
)
def test_P02_a_header_that_lies_or_harms_is_passed_over_for_the_pages_own_declaration(label: str) -> None:
    declaring = PAGE.replace(b"<head>", b"<head><meta charset='iso-8859-2'>")
    assert extract(declaring, "https://a.example/1", charset=label).title == TITLE


async def test_a_page_that_a_refresh_fetches_is_read_by_its_header(web, tmp_path) -> None:
    outlet, dataset = Outlet(web), pressgauge.open(tmp_path / "coverage")
    outlet.announce(web.page("/1", PAGE, HEADER), "", None)
    await refresh(dataset, [outlet.source], readers=1)
    assert dataset.load()["title"].tolist() == [TITLE]


async def test_an_archived_page_is_read_by_its_header(collect, tmp_path) -> None:
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: {HEADER}\r\n\r\n".encode() + PAGE
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/1\r\n"
        "WARC-Date: 2025-01-20T10:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(answer)}\r\n\r\n"
    )
    file = tmp_path / "CC-NEWS-20250120100000-00001.warc.gz"
    file.write_bytes(gzip.compress(head.encode() + answer + b"\r\n\r\n"))
    [candidate] = (await collect("ccnews", str(file), WINDOW)).candidates
    assert extract(candidate.html, candidate.url, charset=candidate.charset).title == TITLE


async def test_a_capture_of_the_wayback_machine_is_read_by_its_header(serve, collect) -> None:
    async def answer(request: http.Request) -> http.Response:
        if request.path.endswith("/cdx"):
            return http.json_response([["timestamp", "original"], ["20250102030405", "https://a.example/1"]])
        return http.Response(body=PAGE, headers={"Content-Type": HEADER})

    service = await serve(answer)
    [candidate] = (await collect("wayback", f"{service.url}cdx", WINDOW, pages="a.example/*")).candidates
    assert extract(candidate.html, candidate.url, charset=candidate.charset).title == TITLE
