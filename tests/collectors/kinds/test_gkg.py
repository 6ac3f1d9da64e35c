"""GDELT's bulk GKG 2.0 files, made and served as its codebook describes them."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from collectors.candidate import Window
from collectors.cursor import Cursor
from collectors.errors import CollectError
from collectors.shared.backfill import Backfill
from collectors.shared.timestamps import parse_stamp

BATCH = datetime(2025, 1, 20, 12, tzinfo=UTC)
HOUR = Window(BATCH, BATCH + timedelta(hours=1))


def row(n: int, *, domain="outlet.example", themes="", title="", published="", batch=BATCH, url=None) -> str:
    columns = [""] * 27
    columns[0], columns[1], columns[2] = f"{batch:%Y%m%d%H%M%S}-{n}", f"{batch:%Y%m%d%H%M%S}", "1"
    columns[3], columns[4] = domain, url or f"https://www.{domain}/{n}"
    columns[7], columns[15], columns[17] = themes, "-1.2,2.1,3.3,5.4,20.1,0.1,120", "wc:120,c1.4:2"
    columns[26] = f"<PAGE_TITLE>{title}</PAGE_TITLE>" if title else ""
    if published:
        columns[26] += f"<PAGE_PRECISEPUBTIMESTAMP>{published}</PAGE_PRECISEPUBTIMESTAMP>"
    return "\t".join(columns)


def zipped(*rows: str) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("20250120120000.gkg.csv", "".join(f"{line}\n" for line in rows))
    return body.getvalue()


def files(batches: dict[str, bytes], newest="20250120124500"):
    async def handler(request: web.Request) -> web.Response:
        name = request.path.rsplit("/", 1)[-1]
        if name == "lastupdate-translation.txt":
            behind = f"{parse_stamp(newest) - timedelta(minutes=30):%Y%m%d%H%M%S}"
            return web.Response(text=f"5 0f0f http://data.example/gdeltv2/{behind}.translation.gkg.csv.zip\n")
        if name == "lastupdate.txt":
            kinds = ("export.CSV", "mentions.CSV", "gkg.csv")
            return web.Response(
                text="".join(f"5 0f0f http://data.example/gdeltv2/{newest}.{kind}.zip\n" for kind in kinds)
            )
        if isinstance(batches.get(name), int):
            return web.Response(status=batches[name])
        if name not in batches:
            return web.Response(status=404)
        return web.Response(body=batches[name], content_type="application/zip")

    return handler


async def test_articles_are_kept_by_theme_or_words_within_the_domains(serve, collect):
    rows = [
        row(1, themes="TAX_FNCACT;WB_2670_OPEN_SOURCE;LEADER"),
        row(2, title="Meta opens its LLAMA weights"),
        row(3, url="https://www.outlet.example/llama-weights"),
        row(4, themes="WB_2670_OPEN_SOURCE_NOT", title="Cats"),
        row(5, domain="other.example", themes="WB_2670_OPEN_SOURCE"),
        row(6, domain="tech.outlet.example", themes="WB_2670_OPEN_SOURCE"),
    ]
    service = await serve(files({"20250120120000.gkg.csv.zip": zipped(*rows)}))
    collected = await collect(
        "gkg",
        service.url + "gdeltv2/",
        Window(BATCH, BATCH + timedelta(minutes=15)),
        themes=["WB_2670_OPEN_SOURCE"],
        terms=["llama"],
        domains=["outlet.example"],
    )
    assert [address.rsplit("/", 1)[-1] for address in collected.urls] == ["1", "2", "llama-weights", "6"]
    assert collected.rejected == []


async def test_an_article_brings_title_outlet_and_the_date_its_page_claims(serve, collect):
    line = row(1, title="Models &#x2013; open &amp; closed", published="20250120093000")
    service = await serve(files({"20250120120000.gkg.csv.zip": zipped(line)}))
    window = Window(BATCH, BATCH + timedelta(minutes=1))
    [candidate] = (await collect("gkg", service.url, window, terms=["models"])).candidates
    assert candidate.title == "Models – open & closed"
    assert (candidate.outlet, candidate.domain) == ("outlet.example", "outlet.example")
    assert candidate.published == datetime(2025, 1, 20, 9, 30, tzinfo=UTC)


async def test_p10_a_date_after_the_batch_is_unknown(serve, collect):
    line = row(1, title="models", published="20990101000000")
    service = await serve(files({"20250120120000.gkg.csv.zip": zipped(line)}))
    window = Window(BATCH, BATCH + timedelta(minutes=1))
    assert (await collect("gkg", service.url, window, terms=["models"])).candidates[0].published is None


async def test_a_file_that_is_missing_or_broken_is_recorded_and_the_rest_read(serve, collect):
    batches = {
        "20250120120000.gkg.csv.zip": zipped(row(1, title="ai")),
        "20250120123000.gkg.csv.zip": b"not a zip file",
        "20250120124500.gkg.csv.zip": zipped(row(2, title="ai")),
    }
    service = await serve(files(batches))
    collected = await collect("gkg", service.url, HOUR, terms=["ai"])
    assert len(collected.urls) == 2
    [(missing, gone), (broken, bad)] = collected.rejected
    assert missing.endswith("20250120121500.gkg.csv.zip") and "404" in gone
    assert (broken.rsplit("/", 1)[-1], bad) == ("20250120123000.gkg.csv.zip", "bad_zip")


async def test_the_next_refresh_reads_only_newer_files(serve, collect):
    batches = {
        f"202501201{at}.gkg.csv.zip": zipped(row(1, title="ai"))
        for at in ("20000", "21500", "23000", "24500")
    }
    service = await serve(files(batches, newest="20250120121500"))
    await collect("gkg", service.url, HOUR, terms=["ai"])
    await collect("gkg", service.url, HOUR, terms=["ai"])
    read = [request.path for request in service.requests if request.path.endswith(".zip")]
    assert read == ["/20250120120000.gkg.csv.zip", "/20250120121500.gkg.csv.zip"]


async def test_n23_rows_of_another_shape_are_recorded(serve, collect):
    service = await serve(files({"20250120120000.gkg.csv.zip": zipped("a\tb\tc", row(1, title="ai"))}))
    collected = await collect("gkg", service.url, Window(BATCH, BATCH + timedelta(minutes=1)), terms=["ai"])
    assert (len(collected.urls), collected.reasons) == (1, ["bad_row"])


async def test_n18_a_listing_that_names_no_file_is_an_error(serve, collect):
    async def handler(request):
        return web.Response(text="<html>maintenance</html>")

    service = await serve(handler)
    with pytest.raises(CollectError) as caught:
        await collect("gkg", service.url, HOUR, terms=["ai"])
    assert caught.value.reason == "schema_changed"


async def test_without_a_filter_the_source_says_so(serve, collect):
    with pytest.raises(CollectError, match="`themes`, `domains` or `terms`"):
        await collect("gkg", "http://127.0.0.1:9/", HOUR)


async def test_the_translated_list_is_told_by_an_index_of_its_own(serve, collect):
    batches = {
        f"202501201{at}.translation.gkg.csv.zip": zipped(row(1, title="ai")) for at in ("20000", "21500")
    }
    service = await serve(files(batches))
    found = await collect("gkg", service.url, HOUR, terms=["ai"], translated=True)
    assert (len(found.urls), found.rejected) == (2, [])
    assert service.paths[0] == "/lastupdate-translation.txt"


@pytest.mark.parametrize("answer", [503, None])
async def test_o07_a_file_that_fails_or_is_not_there_yet_is_asked_for_again_by_later_refreshes(
    serve, collect, answer
):
    batches = {f"2025012012{at}.gkg.csv.zip": zipped(row(1, title="ai")) for at in ("0000", "3000", "4500")}
    batches |= {"20250120121500.gkg.csv.zip": answer} if answer else {}
    service = await serve(files(batches))
    first = await collect("gkg", service.url, HOUR, terms=["ai"])
    assert (len(first.urls), len(first.rejected)) == (3, 1)
    again = await collect("gkg", service.url, HOUR, terms=["ai"])
    assert (again.urls, len(again.rejected)) == ([], 1)
    batches["20250120121500.gkg.csv.zip"] = zipped(row(7, title="ai"))
    last = await collect("gkg", service.url, terms=["ai"])
    assert [address.rsplit("/", 1)[-1] for address in last.urls] == ["7"]
    assert (await collect("gkg", service.url, terms=["ai"])).found == []


async def test_a_server_that_fails_on_file_after_file_is_left_alone(serve, collect):
    hours = Window(BATCH, BATCH + timedelta(hours=6))
    batches = {f"{BATCH + timedelta(minutes=15 * n):%Y%m%d%H%M%S}.gkg.csv.zip": 500 for n in range(24)}
    service = await serve(files(batches, newest="20250120180000"))
    with pytest.raises(CollectError, match="500"):
        await collect("gkg", service.url, hours, terms=["ai"])
    assert len({path for path in service.paths if path.endswith(".zip")}) == 5


async def test_an_old_file_that_is_not_there_is_never_asked_for_again(serve, collect):
    service = await serve(files({}, newest="20250125120000"))
    window = Window(BATCH, BATCH + timedelta(minutes=15))
    assert (await collect("gkg", service.url, window, terms=["ai"])).reasons == ["http_404"]
    assert (await collect("gkg", service.url, window, terms=["ai"])).found == []


async def test_a_line_of_ten_megabytes_is_read_as_any_other(serve, collect):
    long = row(1, title="ai", themes=";".join(["TAX_FNCACT"] * 1_000_000))
    service = await serve(
        files({"20250120120000.gkg.csv.zip": zipped(long, row(2, title="ai"), "x" * 10**7)})
    )
    found = await collect("gkg", service.url, Window(BATCH, BATCH + timedelta(minutes=1)), terms=["ai"])
    assert (len(found.urls), found.reasons) == (2, ["bad_row"])


def test_what_is_put_aside_is_asked_for_after_longer_and_longer_pauses_and_at_last_given_up():
    backfill = Backfill(Cursor(), "gkg")
    span, now = (BATCH, BATCH + timedelta(minutes=15)), BATCH
    pauses = []
    while backfill.leave(*span, now, "http_503"):
        waited = timedelta(0)
        while backfill.waiting(now):
            assert backfill.due_stretches(now) == []
            now += timedelta(hours=6)
            waited += timedelta(hours=6)
        assert backfill.due_stretches(now) == [span]
        pauses.append(waited / timedelta(days=1))
    assert pauses == [0, 0, 0.25, 1, 3, 7, 14]
    assert (backfill.due_stretches(now), backfill.waiting(now)) == ([], {})


async def test_a_file_that_waits_for_its_turn_is_told_and_not_asked_for(serve, collect):
    batches = {f"2025012012{at}.gkg.csv.zip": zipped(row(1, title="ai")) for at in ("0000", "3000", "4500")}
    service = await serve(files(batches | {"20250120121500.gkg.csv.zip": 503}))
    found = [await collect("gkg", service.url, HOUR, terms=["ai"]) for _ in range(5)]
    assert [one.reasons for one in found] == [["http_503"]] * 5
    refreshes, tries = 3, 3  # each refresh asks a service that fails three times
    assert service.paths.count("/20250120121500.gkg.csv.zip") == refreshes * tries
