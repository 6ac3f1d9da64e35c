"""An import: what is stored, what is known already, what is said, and how it is taken back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import pressgauge
from collectors.formats.importing import import_files, undo_import
from collectors.formats.report import ImportReport
from collectors.sandbox.pool import Workers
from pressgauge.errors import ArgumentError, PressgaugeError
from pressgauge.store.dataset import Dataset
from tests.collectors.formats.exports import BODY, nexis_docx, nexis_text, zipped
from tests.collectors.formats.test_databases import PROQUEST
from tests.collectors.formats.test_services import PAGE, warc_record


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return pressgauge.open(tmp_path / "coverage")


def write(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.fixture(scope="module")
def reader() -> Iterator[tuple[asyncio.Runner, Workers]]:
    """An event loop and a process that reads, which take a while to start."""
    with asyncio.Runner() as runner:
        workers = runner.run(Workers(1, cpu_seconds=60).__aenter__())
        yield runner, workers
        runner.run(workers.__aexit__())


Run = Callable[..., ImportReport]


@pytest.fixture
def run(dataset: Dataset, reader: tuple[asyncio.Runner, Workers]) -> Run:
    """Imports files: `run(path, ..., dry_run=True)`."""

    def imported(*paths: Path, **options: Any) -> ImportReport:
        return reader[0].run(import_files(dataset, paths, workers=reader[1], **options))

    return imported


def proquest(number: int, outlet: str, body: str) -> str:
    text = PROQUEST.format(n=1, total=1, number=number, body=body)
    return text.replace("The Harbour Post (Online)", outlet) + "_" * 60 + "\n"


def test_articles_of_files_are_stored_with_what_print_adds(
    dataset: Dataset, run: Run, tmp_path: Path
) -> None:
    report = run(write(tmp_path, "a.DOCX", nexis_docx(["Ferry stays", "Bridge closes"])))
    assert (report.stored, report.read, report.before, report.version) == (2, 2, -1, 0)
    rows = dataset.load().set_index("title")
    ferry = rows.loc["Ferry stays"]
    assert ferry["canonical_url"] == "file:///nexis/5w01-abc1-jcjy-g0hb-00000-00"
    assert (ferry["outlet"], ferry["source"], ferry["text_from"]) == (
        "The Harbour Post",
        "a.DOCX",
        "nexis-docx",
    )
    assert json.loads(ferry["details"])["page"] == "3"
    assert dataset.index().count("bridge") == 1


def test_the_same_export_again_an_overlapping_one_and_one_in_another_format_add_only_what_is_new(
    dataset: Dataset, run: Run, tmp_path: Path
) -> None:
    first = write(tmp_path, "a.DOCX", nexis_docx(["Ferry stays", "Bridge closes"]))
    run(first)
    more = write(tmp_path, "b.docx", nexis_docx(["Ferry stays", "Bridge closes", "Quay opens"]))
    archive = write(tmp_path, "c.zip", zipped({"a.DOCX": first.read_bytes()}))
    report = run(first, more, archive)
    assert [(one.ledger.stored, one.ledger.duplicate) for one in report.files] == [(0, 2), (1, 2), (0, 2)]
    assert len(dataset) == 3


@pytest.mark.parametrize("at_once", [True, False])
def test_print_and_online_editions_are_one_article_and_another_database_has_its_own(
    dataset: Dataset, run: Run, tmp_path: Path, at_once: bool
) -> None:
    body = "\n".join(BODY)
    files = [
        write(tmp_path, "print.txt", proquest(1111111, "The Harbour Post", body)),
        write(
            tmp_path, "online.txt", proquest(2222222, "The Harbour Post (Online)", body + "\nWith a picture.")
        ),
        write(
            tmp_path,
            "other.txt",
            proquest(
                3333333, "The Harbour Post", "\n".join(f"The new bridge opens, said {n}." for n in range(9))
            ),
        ),
    ]
    if at_once:
        report = run(*files)
        assert [one.ledger.stored for one in report.files] == [1, 0, 1]
    else:
        assert [run(file).stored for file in files] == [1, 0, 1]
    run(write(tmp_path, "nexis.txt", nexis_text(["Ferry stays"], outlet="The Harbour Post")))
    assert len(dataset) == 3


def test_copies_in_two_databases_meet_as_one_story(dataset: Dataset, run: Run, tmp_path: Path) -> None:
    body = "\n".join(
        f"{line} Line {number} of the report on the harbour." for number, line in enumerate(BODY * 6)
    )
    run(write(tmp_path, "p.txt", proquest(1111111, "The Harbour Post", body)))
    page = pd.DataFrame(
        {"url": ["https://post.example/ferry"], "outlet": ["Post"], "text": [body], "title": ["F"]}
    )
    dataset.append(page.assign(published=pd.Timestamp("2024-09-20", tz="UTC")))
    assert len(dataset) == 2
    assert dataset.load(["story"])["story"].nunique() == 1


def test_a_dry_run_says_what_would_be_stored_and_stores_nothing(
    dataset: Dataset, run: Run, tmp_path: Path
) -> None:
    report = run(write(tmp_path, "a.txt", nexis_text(["Ferry stays"], total=3)), dry_run=True)
    assert (report.stored, dataset.version) == (1, -1)
    assert report.files[0].recognised == "LexisNexis text"
    assert report.files[0].sample[0]["outlet"] == "The Harbour Post"
    assert "numbered up to 3" in report.table()
    assert "a.txt: LexisNexis text, 1 article\n" in report.table()


def test_an_import_is_taken_back_by_the_version_before_it(dataset: Dataset, run: Run, tmp_path: Path) -> None:
    with pytest.raises(PressgaugeError, match="nothing was imported"):
        undo_import(dataset)
    run(write(tmp_path, "a.txt", nexis_text(["Quay opens"])))
    assert undo_import(dataset) == (-1, 1)
    assert (len(dataset), dataset.index().count("ferry")) == (0, 0)
    with pytest.raises(PressgaugeError, match="taken back already"):
        undo_import(dataset)
    dataset.append(pd.DataFrame({"url": ["https://post.example/1"], "title": ["Old"]}))
    run(write(tmp_path, "a.txt", nexis_text(["Ferry stays"])))
    assert len(dataset) == 2
    assert undo_import(dataset)[0] == 2
    assert dataset.load(["title"])["title"].to_list() == ["Old"]
    run(write(tmp_path, "b.txt", nexis_text(["Bridge closes"])))
    dataset.append(pd.DataFrame({"url": ["https://post.example/2"], "title": ["Later"]}))
    with pytest.raises(PressgaugeError, match="changed since the last import"):
        undo_import(dataset)


def test_a_file_that_gives_nothing_has_its_reason_and_stops_no_other(
    dataset: Dataset, run: Run, tmp_path: Path
) -> None:
    unknown = write(tmp_path, "a.bin", bytes(range(256)))
    report = run(unknown, write(tmp_path, "b.txt", nexis_text(["Ferry stays"])))
    assert [one.ledger.stored for one in report.files] == [0, 1]
    assert report.files[0].ledger.error.startswith("unknown_format")
    with pytest.raises(PressgaugeError, match="does not exist"):
        run(tmp_path / "missing.txt")
    with pytest.raises(ArgumentError, match=r"not by a list; write import_files\(\*files\)"):
        run([unknown])


@pytest.mark.parametrize(
    ("packed", "what"),
    [
        (nexis_docx(["Ferry stays"]), "Word file"),
        (zipped({"xl/workbook.xml": "<x/>" * 99}), "Excel file"),
        (zipped({"a.txt": nexis_text(["Ferry stays"])}), "zip file"),
    ],
)
def test_a_packed_file_that_is_cut_off_is_called_what_it_is(
    run: Run, tmp_path: Path, packed: bytes, what: str
) -> None:
    [file] = run(write(tmp_path, "a", packed[:-60])).files
    assert file.ledger.error == f"bad_zip: a is a damaged or incomplete {what}"


@pytest.mark.slow
def test_a_file_that_breaks_its_reader_costs_a_process_and_is_said(run: Run, tmp_path: Path) -> None:
    title = "x" * 150_000_000
    huge = write(tmp_path, "huge.json", '[{"title": "' + title + '", "url": "https://a.example/"}]')
    report = run(huge, write(tmp_path, "b.txt", nexis_text(["Ferry stays"])))
    assert [one.ledger.stored for one in report.files] == [0, 1]
    assert str(report.files[0].ledger.error).partition(":")[0] in (
        "parser_memory",
        "parser_crashed",
        "parser_timeout",
    )


def test_the_rows_of_two_tables_that_bear_the_same_numbers_are_different_articles(
    run: Run, tmp_path: Path
) -> None:
    head = "document_id,headline,source,date\n"
    files = [
        write(tmp_path, f"{title}.csv", f"{head}1,{title} stays,Harbour Post,2010-01-11\n")
        for title in ("Ferry", "Bridge")
    ]
    assert [one.ledger.stored for one in run(*files).files] == [1, 1]
    assert run(*files).stored == 0


def test_a_table_that_could_be_of_anything_is_of_the_press_where_an_outlet_is_named(
    dataset: Dataset, run: Run, tmp_path: Path
) -> None:
    table = write(tmp_path, "a.csv", "Title,Date\nFerry stays,2010-01-11\nBridge closes,2010-01-12\n")
    refused = run(table)
    assert (refused.read, str(refused.files[0].ledger.error).partition(":")[0]) == (0, "not_press")
    assert run(table, outlet="Harbour Post").stored == 2
    assert set(dataset.load(["outlet"])["outlet"]) == {"Harbour Post"}


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_what_one_dataset_exports_another_imports_with_its_details(
    dataset: Dataset, reader: tuple[asyncio.Runner, Workers], tmp_path: Path, suffix: str
) -> None:
    given = write(tmp_path, "a.DOCX", nexis_docx(["Ferry stays", "=Bridge closes"]))
    reader[0].run(import_files(dataset, [given], workers=reader[1]))
    dataset.export(tmp_path / f"out.{suffix}")
    other = pressgauge.open(tmp_path / "other")
    report = reader[0].run(import_files(other, [tmp_path / f"out.{suffix}"], workers=reader[1]))
    assert report.stored == 2
    columns = ["canonical_url", "title", "outlet", "published", "text", "language", "details"]
    mine, theirs = (one.load(columns).sort_values("title", ignore_index=True) for one in (dataset, other))
    pd.testing.assert_frame_equal(mine.drop(columns="details"), theirs.drop(columns="details"))
    assert [json.loads(text) for text in mine["details"]] == [json.loads(text) for text in theirs["details"]]


def test_of_two_articles_with_one_address_the_first_stays_and_the_other_is_named(
    dataset: Dataset, run: Run, tmp_path: Path
) -> None:
    rows = [
        ("https://post.example/a", "Ferry stays", "The ferry stays for another year."),
        ("https://post.example/a", "Bridge closes", "Until summer the bridge is closed."),
        ("https://post.example/b", "Quay opens", "A quay opens in spring."),
        ("https://post.example/b", "Quay opens in May", "A quay opens in spring."),
    ]
    table = write(tmp_path, "a.csv", pd.DataFrame(rows, columns=["url", "title", "text"]).to_csv(index=False))
    for dry_run in (True, False):
        [file] = run(table, dry_run=dry_run).files
        assert (file.ledger.stored, file.ledger.duplicate, dict(file.ledger.rejected)) == (
            *(2, 1),
            {"same_address": 1},
        )
        assert ["'Bridge closes' has the address of another" in said for said in file.notices] == [True]
        assert [row["title"] for row in file.sample] == ["Ferry stays", "Quay opens"]
    assert set(dataset.load(["title"])["title"]) == {"Ferry stays", "Quay opens in May"}


def test_of_two_captures_of_a_page_in_a_web_archive_the_later_stays(
    dataset: Dataset, run: Run, tmp_path: Path
) -> None:
    later = PAGE.replace("Ferry stays", "Ferry goes after all").replace("<h1>", "<h1>Late news: ")
    later = later.replace(f"<p>{BODY[0]}", f"<p>Now it goes. {BODY[0]}")
    address = "https://post.example/2024/ferry"
    archive = tmp_path / "pages.warc"
    archive.write_bytes(warc_record(address, PAGE) + warc_record(address, later))
    [file] = run(archive).files
    assert (dict(file.ledger.rejected), file.ledger.stored) == ({}, 1)
    [(title, text)] = dataset.load(["title", "text"]).itertuples(index=False)
    assert "goes after all" in title and text.startswith("Now it goes.")


def test_a_row_with_an_address_alone_is_named_and_one_with_a_headline_is_stored(
    dataset: Dataset, run: Run, tmp_path: Path
) -> None:
    rows = "https://post.example/a,\nhttps://post.example/b,Quay opens\n"
    [file] = run(write(tmp_path, "a.csv", f"url,title\n{rows}")).files
    assert dict(file.ledger.rejected) == {"address_only": 1}
    assert file.notices == ["https://post.example/a has neither headline nor text"]
    assert set(dataset.load(["partial"])["partial"]) == {"title_only"}
