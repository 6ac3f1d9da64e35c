"""CC-NEWS: WARC files made here, local and behind the listing that Common Crawl serves."""

from __future__ import annotations

import gzip
import re
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from fastwarc.warc import ArchiveIterator, WarcRecordType

from collectors.candidate import Window
from collectors.errors import CollectError
from collectors.kinds.ccnews import Filter, pages_of_file

WINDOW = Window(datetime(2025, 1, 20, tzinfo=UTC), datetime(2025, 1, 22, tzinfo=UTC))


def record(
    url: str, body: bytes, *, date="2025-01-20T10:00:00Z", status="200 OK", headers="", kind="response"
):
    """One WARC/1.0 record in a gzip member of its own, as ISO 28500 prescribes."""
    http = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n{headers}\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: {date}\r\n"
        "WARC-Record-ID: <urn:uuid:9d8b0a6e-0000-4000-8000-000000000000>\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(http)}\r\n\r\n"
    ).encode()
    return gzip.compress(head + http + b"\r\n\r\n")


def page(text: str) -> bytes:
    return f"<html><body><p>{text}</p></body></html>".encode()


def warc(folder: Path, *records: bytes) -> str:
    file = folder / "CC-NEWS-20250120100000-00001.warc.gz"
    file.write_bytes(b"".join(records))
    return str(file)


async def test_pages_are_kept_by_outlet_date_and_words(collect, tmp_path):
    file = warc(
        tmp_path,
        record("https://www.outlet.example/1", page("OPEN Source models")),
        record("https://www.outlet.example/request", page("open source"), kind="request"),
        record("https://www.outlet.example/2", page("cats")),
        record("https://www.outlet.example/3", page("open source"), date="2024-12-31T00:00:00Z"),
        record("https://www.outlet.example/4", page("open source"), status="404 Not Found"),
        record("https://notoutlet.example/5", page("open source")),
        record("http://[bad", page("open source")),
        record("https://outlet.example/6", page("open source")),
    )
    collected = await collect("ccnews", file, WINDOW, domains=["outlet.example"], terms=["open source"])
    assert collected.urls == ["https://www.outlet.example/1", "https://outlet.example/6"]
    assert collected.candidates[0].html == page("OPEN Source models")
    assert (collected.candidates[0].published, collected.candidates[0].outlet) == (None, "outlet.example")


async def test_a_compressed_page_is_unpacked(collect, tmp_path):
    body = gzip.compress(page("open source"))
    file = warc(tmp_path, record("https://a.example/1", body, headers="Content-Encoding: gzip\r\n"))
    assert (await collect("ccnews", file, terms=["open source"])).candidates[0].html == page("open source")


async def test_n01_a_page_that_unpacks_to_a_gigabyte_is_refused_at_the_limit(collect, tmp_path):
    bomb = gzip.compress(b"<html>" + b"\0" * 200_000_000)
    file = warc(
        tmp_path,
        record("https://a.example/bomb", bomb, headers="Content-Encoding: gzip\r\n"),
        record("https://a.example/1", page("after it")),
    )
    collected = await collect("ccnews", file)
    assert collected.rejected == [("https://a.example/bomb", "too_large")]
    assert collected.urls == ["https://a.example/1"]


async def test_n19_a_file_cut_short_gives_what_is_whole_and_records_the_rest(collect, tmp_path):
    whole = record("https://a.example/1", page("whole"))
    file = warc(tmp_path, whole, record("https://a.example/2", page("half " * 999))[:200])
    collected = await collect("ccnews", file)
    assert "https://a.example/1" in collected.urls
    assert "https://a.example/2" not in collected.urls


def test_o03_reading_ends_at_the_next_record_when_nobody_waits_for_it(tmp_path):
    """A file of a gigabyte without a wanted page would hold up the end of a refresh for minutes."""
    records = [record(f"https://other.example/{n}", page("cats")) for n in range(500)]
    file = Path(warc(tmp_path, *records, record("https://a.example/1", page("open source"))))
    stop, judged = threading.Event(), []

    class Counted(Filter):
        def wants(self, one):
            judged.append(one)
            if len(judged) == 20:
                stop.set()
            return Filter.wants(self, one)

    assert list(pages_of_file(file, Counted(domains=("a.example",)), stop)) == []
    assert len(judged) == 20


async def test_a_file_that_is_not_there_is_an_error(collect, tmp_path):
    with pytest.raises(CollectError) as caught:
        await collect("ccnews", str(tmp_path / "none.warc.gz"))
    assert caught.value.reason == "no_file"


def crawl(files: dict[str, bytes]):
    async def handler(request: web.Request) -> web.Response:
        if request.path == "/crawl-data/CC-NEWS/2025/01/warc.paths.gz":
            return web.Response(
                body=gzip.compress("\n".join(files).encode()), content_type="application/gzip"
            )
        name = request.path.removeprefix("/")
        return web.Response(body=files[name]) if name in files else web.Response(status=404)

    return handler


def name(stamp: str) -> str:
    return f"crawl-data/CC-NEWS/2025/01/CC-NEWS-{stamp}-00001.warc.gz"


async def test_the_files_of_the_window_are_listed_and_read_as_many_as_allowed(serve, collect):
    files = {
        name(f"202501{day:02d}000000"): record(
            f"https://a.example/{day}", page("ai"), date="2025-01-21T00:00:00Z"
        )
        for day in range(15, 28)
    }
    service = await serve(crawl(files))
    base = service.url + "crawl-data/CC-NEWS/"
    first = await collect("ccnews", base, WINDOW, domains=["a.example"], max_files=2)
    assert first.urls == ["https://a.example/20", "https://a.example/21"]
    assert set(first.reasons) == {"over_limit"}
    rest = await collect("ccnews", base, WINDOW, domains=["a.example"], max_files=9)
    assert rest.urls == ["https://a.example/22", "https://a.example/23"]


async def test_a_remote_file_that_fails_is_recorded_and_tried_again_next_time(serve, collect):
    files = {name("20250120000000"): b"", name("20250121000000"): record("https://a.example/1", page("ai"))}

    async def handler(request):
        if "20250120" in request.path:
            return web.Response(status=503)
        return await crawl(files)(request)

    service = await serve(handler)
    for _ in range(2):
        collected = await collect(
            "ccnews", service.url + "crawl-data/CC-NEWS/", WINDOW, domains=["a.example"], max_files=9
        )
        assert any("20250120" in address and "503" in reason for address, reason in collected.rejected)


async def test_a_month_without_a_list_is_recorded_and_no_list_at_all_is_an_error(serve, collect):
    files = {name("20250131000000"): record("https://a.example/1", page("ai"), date="2025-01-31T09:00:00Z")}
    service = await serve(crawl(files))
    base = service.url + "crawl-data/CC-NEWS/"
    over_the_month = Window(datetime(2025, 1, 31, tzinfo=UTC), datetime(2025, 2, 2, tzinfo=UTC))
    collected = await collect("ccnews", base, over_the_month, domains=["a.example"])
    assert collected.urls == ["https://a.example/1"]
    [(listing, reason)] = collected.rejected
    assert listing == f"{base}2025/02/warc.paths.gz" and "404" in reason
    february = Window(datetime(2025, 2, 1, tzinfo=UTC), datetime(2025, 2, 2, tzinfo=UTC))
    with pytest.raises(CollectError, match=r"2025/02/warc\.paths\.gz"):
        await collect("ccnews", base, february, domains=["a.example"])


async def test_without_domains_nothing_is_downloaded(serve, collect):
    service = await serve(crawl({}))
    with pytest.raises(CollectError, match="`domains`"):
        await collect("ccnews", service.url + "crawl-data/CC-NEWS/", WINDOW)
    assert service.requests == []


def archive(folder: Path, form: str, *, wrong: int | None = None, cut: bool = False) -> str:
    """Ten pages, gzipped one by one ("members"), together ("one member") or not ("plain"); of one the length
    is wrong, or the last is cut in half."""
    records = [
        gzip.decompress(record(f"https://a.example/{n}", page(f"number {n} " * 99))) for n in range(10)
    ]
    if wrong is not None:
        length = re.search(rb"Content-Length: (\d+)", records[wrong])
        assert length is not None
        records[wrong] = records[wrong].replace(length[1], b"%d" % (int(length[1]) + 7), 1)
    if form == "one member":
        content = gzip.compress(b"".join(records))
    else:
        content = b"".join(map(gzip.compress, records) if form == "members" else records)
    file = folder / ("a.warc" if form == "plain" else "a.warc.gz")
    file.write_bytes(content[: -len(content) // 20] if cut else content)
    return str(file)


@pytest.mark.parametrize("form", ["members", "one member", "plain"])
async def test_a_whole_archive_is_read_once(collect, tmp_path, form):
    file = archive(tmp_path, form)
    collected = await collect("ccnews", file)
    assert (len(collected.urls), collected.rejected) == (10, [])
    assert (await collect("ccnews", file)).urls == []


@pytest.mark.parametrize("form", ["members", "plain"])
async def test_p15_of_an_archive_with_a_wrong_length_the_rest_is_read_and_the_damage_named(
    collect, tmp_path, form
):
    collected = await collect("ccnews", archive(tmp_path, form, wrong=4))
    assert collected.urls == [f"https://a.example/{n}" for n in range(10) if n != 4]
    assert collected.reasons == ["bad_warc"]
    assert "https://a.example/4" in collected.rejected[0][0]


@pytest.mark.parametrize("form", ["members", "one member", "plain"])
async def test_p15_of_an_archive_cut_short_what_is_whole_is_read_and_the_damage_named(
    collect, tmp_path, form
):
    file = archive(tmp_path, form, cut=True)
    for _ in range(2):  # it is not put down as done
        collected = await collect("ccnews", file)
        assert collected.urls == [f"https://a.example/{n}" for n in range(9)]
        assert collected.reasons == ["bad_warc"]


def test_p15_without_the_look_for_damage_fastwarc_gives_half_a_page_without_a_word(tmp_path):
    """The twin: of a record that is cut short it gives what is left, and raises nothing."""
    with Path(archive(tmp_path, "plain", cut=True)).open("rb") as stream:
        records = ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=True)
        lengths = [(one.content_length, len(one.reader.read())) for one in records]
    assert [said for said, _ in lengths] == [924] * 10
    assert [read for _, read in lengths] == [924] * 9 + [314]
