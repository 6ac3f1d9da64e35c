"""The table on disk: whole versions, read by any program, and never anything but what was written."""

from __future__ import annotations

import gc
import io
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable, write_deltalake
from hypothesis import given
from hypothesis import strategies as st

import pressgauge
from bench.torture_storage import articles, searched, states_of
from pressgauge.errors import DatasetError
from pressgauge.schema import NAMES, SCHEMA, article_id
from pressgauge.store.dataset import Dataset
from pressgauge.store.table.delta import _DELTA_NAMES, ConflictError, Storage
from pressgauge.store.table.listing import NOTHING, Part, monthly
from pressgauge.store.table.merging import merged
from pressgauge.store.table.parquet import ROWS_A_GROUP, ParquetFile, encode


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return pressgauge.open(tmp_path / "coverage")


def rows(*ids: int, text: str = "some words") -> pa.Table:
    """Rows of the files, half of them undated."""
    moment = pd.Timestamp("2025-01-27", tz="UTC")
    given = {
        "id": ids,
        "canonical_url": [f"https://press.example/{each}" for each in ids],
        "url": [f"https://press.example/{each}" for each in ids],
        "outlet": ["The Press"] * len(ids),
        "published": [moment if each % 2 else None for each in ids],
        "collected": [moment] * len(ids),
        "text": [text] * len(ids),
        "story": ids,
    }
    columns = [pa.array(given.get(f.name, [None] * len(ids)), f.type) for f in SCHEMA]
    return pa.table(columns, schema=SCHEMA)


def ids_of(storage: Storage, version: int) -> list[int]:
    return sorted(storage.read(storage.at(version).files, ["id"])["id"].to_pylist())


moments = st.none() | st.datetimes(datetime(1600, 1, 1), datetime(2600, 1, 1))


@given(st.lists(moments, max_size=6), st.booleans())
def test_rows_are_parted_by_the_month_of_their_own_date_in_their_order(
    published: list[datetime | None], in_order: bool
) -> None:
    if in_order:
        published = sorted(published, key=lambda each: each or datetime.max)
    table = pa.table({"published": pa.array(published, SCHEMA.field("published").type)})
    table = table.append_column("number", pa.array(range(len(published)), pa.int64()))
    expected: dict[str, list[int]] = {}
    for number, moment in enumerate(published):
        expected.setdefault(f"{moment:%Y-%m}" if moment else "unknown", []).append(number)
    assert {
        part.month: [number for rows in part.tables for number in rows["number"].to_pylist()]
        for part in monthly(table)
    } == expected


def test_a_commit_adds_and_removes_in_one_step_and_earlier_versions_stay(tmp_path: Path) -> None:
    storage = Storage(tmp_path / "articles")
    first = storage.commit(NOTHING, monthly(rows(1, 2)), [], {"operation": "append"})
    assert {file.month for file in first.files} == {"2025-01", "unknown"}
    second = storage.commit(first, monthly(rows(4, 6)), [f for f in first.files if f.month == "unknown"], {})
    assert (first.rows, second.rows) == (2, 3)
    assert (ids_of(storage, 0), ids_of(storage, 1)) == ([1, 2], [1, 4, 6])
    assert first.digest != second.digest
    assert storage.at(0) == first


def test_who_changes_an_old_version_is_told_and_leaves_nothing_behind(tmp_path: Path) -> None:
    one, other = (Storage(tmp_path / "articles") for _ in range(2))
    based = one.commit(NOTHING, monthly(rows(1)), [], {})
    other.latest()
    one.commit(based, monthly(rows(3)), [], {})
    before = sorted(tmp_path.rglob("*.parquet"))
    for storage in (one, other):
        with pytest.raises(ConflictError):
            storage.commit(based, monthly(rows(5)), [], {})
    with pytest.raises(ConflictError):
        Storage(tmp_path / "articles").commit(NOTHING, monthly(rows(7)), [], {})
    assert sorted(tmp_path.rglob("*.parquet")) == before
    assert ids_of(one, 1) == [1, 3]


def test_rows_are_taken_from_the_row_groups_that_hold_them(tmp_path: Path) -> None:
    storage = Storage(tmp_path / "articles")
    count = 2 * ROWS_A_GROUP + 7
    listing = storage.commit(NOTHING, monthly(rows(*range(1, 2 * count, 2))), [], {})
    wanted = np.array([0, 1, ROWS_A_GROUP - 1, ROWS_A_GROUP, count - 1])
    taken = storage.read(listing.files[:1], ["id", "outlet"], [wanted])
    assert taken["id"].to_pylist() == (2 * wanted + 1).tolist()
    assert taken["outlet"].to_pylist() == ["The Press"] * 5


def test_a_compacted_file_has_all_rows_the_newest_first_and_undated_ones_last(tmp_path: Path) -> None:
    moment = pd.Timestamp("2025-01-01", tz="UTC")
    tables = []
    for number in range(3):
        ids = np.arange(number, 3 * ROWS_A_GROUP, 3)
        table = rows(*ids.tolist())
        days = [None if each % 7 == 0 else moment + pd.Timedelta(minutes=int(each)) for each in ids]
        place = SCHEMA.get_field_index("published")
        table = table.set_column(place, SCHEMA.field(place), pa.array(days, SCHEMA.field(place).type))
        outlet = pa.array([f"The Press {number}"] * len(ids)).dictionary_encode()
        tables.append(table.set_column(SCHEMA.get_field_index("outlet"), "outlet", outlet))
    storage = Storage(tmp_path / "articles")
    listing = storage.commit(NOTHING, [Part("2025-01", [table]) for table in tables], [], {})
    parts = list(merged(storage, listing.files))
    assert [len(part) for part in parts] == [ROWS_A_GROUP] * 3
    found = pa.concat_tables(parts)
    dated = [each for each in range(3 * ROWS_A_GROUP) if each % 7]
    ids = found["id"].to_pylist()
    assert ids[: len(dated)] == dated[::-1]
    assert sorted(ids[len(dated) :]) == list(range(0, 3 * ROWS_A_GROUP, 7))
    assert found["outlet"].to_pylist() == [f"The Press {each % 3}" for each in ids]


def test_of_files_that_are_merged_few_texts_are_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pressgauge.store.table.merging.ROWS_A_GROUP", 50)
    storage = Storage(tmp_path / "articles")
    texts = rows(*range(500), text="a text of ten thousand characters " * 300)
    size, parts = texts["text"].nbytes, [Part("2025-01", [texts.slice(at, 50)]) for at in range(0, 500, 50)]
    listing = storage.commit(NOTHING, parts, [], {})
    del texts, parts
    before = pa.total_allocated_bytes()
    assert max(pa.total_allocated_bytes() - before for _ in merged(storage, listing.files)) < size / 4


def test_what_is_appended_lies_in_its_file_newest_first(dataset: Dataset) -> None:
    days = pd.to_datetime(["2025-01-03", "2025-01-27", "2025-01-09"], utc=True)
    frame = pd.DataFrame({"url": [f"https://press.example/{n}" for n in range(3)], "title": list("abc")})
    dataset.append(frame.assign(published=days))
    [file] = DeltaTable(dataset.location).file_uris()
    assert pq.read_table(file, columns=["title"])["title"].to_pylist() == ["b", "c", "a"]


def test_the_rows_of_a_group_are_the_same_however_far_it_is_read(tmp_path: Path) -> None:
    content, ending = encoded(rows(*range(900), text="a body text, too long for one page " * 40))
    path = tmp_path / f"file{ending}"
    path.write_bytes(content)
    with ParquetFile(path, ["id", "outlet", "text"]) as file:
        whole = file.read()
        for wanted in ([0], [3, 250], [899], [0, 17, 898]):
            assert file.take(np.array(wanted)).to_pylist() == whole.take(pa.array(wanted)).to_pylist()


def encoded(table: pa.Table) -> tuple[bytes, str]:
    sink = io.BytesIO()
    count, size, ending = encode([table], sink)
    assert (count, size) == (len(table), len(sink.getvalue()))
    return sink.getvalue(), ending


def test_nothing_of_a_file_that_was_read_waits_for_the_garbage_collector(tmp_path: Path) -> None:
    content, ending = encoded(rows(1, 2, 3))
    path = tmp_path / f"file{ending}"
    path.write_bytes(content)
    gc.collect()
    gc.disable()
    try:
        with ParquetFile(path, SCHEMA.names) as file:
            file.read()
        del file
        assert not [each for each in gc.get_objects() if isinstance(each, pq.FileMetaData)]
    finally:
        gc.enable()


def test_only_what_is_read_is_verified(tmp_path: Path) -> None:
    content, ending = encoded(rows(*range(50), text="a body text " * 30))
    path = tmp_path / f"file{ending}"
    damaged = bytearray(content)
    chunk = pq.ParquetFile(pa.BufferReader(content)).metadata.row_group(0).column(SCHEMA.names.index("text"))
    damaged[chunk.data_page_offset + 3] ^= 16
    path.write_bytes(damaged)
    with ParquetFile(path, ["id", "title"]) as file:
        assert file.read()["id"].to_pylist() == list(range(50))
    with ParquetFile(path, ["id", "text"]) as file, pytest.raises(DatasetError, match="doctor"):
        file.read()
    damaged[-20] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(DatasetError, match="not those that were written"):
        ParquetFile(path, ["id"])


@pytest.mark.parametrize("name", ["articles", "other"])
def test_s07_every_bit_of_a_file_is_guarded(tmp_path: Path, name: str) -> None:
    content, ending = encoded(rows(1, 2, 3, text=name))
    expected = pq.read_table(pa.BufferReader(content))
    path = tmp_path / f"{name}{ending}"
    for byte in range(0, len(content), 7):
        changed = bytearray(content)
        changed[byte] ^= 1 << byte % 8
        path.unlink(missing_ok=True)
        path.write_bytes(changed)
        try:
            with ParquetFile(path, SCHEMA.names) as file:
                found = file.read()
        except (DatasetError, OSError, pa.ArrowException):
            continue
        assert found.to_pylist() == expected.to_pylist(), byte


def test_other_programs_read_the_same_rows(dataset: Dataset) -> None:
    states = dict.fromkeys(range(30), 0)
    dataset.append(articles(states))
    dataset.append(articles({3: 1}))
    ours = dataset.load().sort_values("id", ignore_index=True)
    table = DeltaTable(dataset.location)
    by_delta = table.to_pandas().sort_values("id", ignore_index=True)
    by_arrow = ds.dataset(table.file_uris(), partitioning="hive").to_table().to_pandas()
    for theirs in (by_delta, by_arrow.sort_values("id", ignore_index=True)):
        for name in ("id", "title", "text", "published", "collected", "outlet", "story"):
            assert theirs[name].tolist() == ours[name].tolist(), name
    assert DeltaTable(dataset.location, version=0).to_pandas()["title"].str.endswith("edition 0").all()


def test_duckdb_reads_the_same_rows_from_the_files_of_a_version_but_not_from_the_folder(
    dataset: Dataset,
) -> None:
    dataset.append(articles(dict.fromkeys(range(10), 0)))
    dataset.append(articles({3: 1}))
    files = DeltaTable(dataset.location).file_uris()
    everything = f"{dataset.location}/**/*.parquet"
    assert duckdb.sql(f"select count(*) from read_parquet({everything!r})").fetchall()[0][0] > 10
    found = duckdb.sql(f"select id, title from read_parquet({files!r}) order by id").df()
    assert found["title"].tolist() == dataset.load().sort_values("id")["title"].tolist()


def test_what_another_program_appends_is_read_searched_and_updated(dataset: Dataset) -> None:
    dataset.append(articles({0: 0}))
    assert dataset.index().count("*") == 1
    theirs = DeltaTable(dataset.location).to_pyarrow_table().drop_columns(["sketch", "credit"])
    address = "https://press.example/1"
    given = {
        "id": article_id(address),
        "canonical_url": address,
        "url": address,
        "story": article_id(address),
    }
    given |= {"title": "Story 1, edition 0", "text": "story1 edition0 " * 30}
    for name, value in given.items():
        at = theirs.column_names.index(name)
        theirs = theirs.set_column(at, name, pa.array([value], theirs.schema.field(name).type))
    write_deltalake(dataset.location, theirs, mode="append", schema_mode="merge")
    assert states_of(dataset.load()) == {0: 0, 1: 0}
    searched(dataset, {0: 0, 1: 0})
    assert dataset.versions()["added"].isna().tolist() == [False, True]
    done = dataset.append(articles({1: 1, 2: 0}))
    assert (done.added, done.updated) == (1, 1)
    assert states_of(dataset.load()) == {0: 0, 1: 1, 2: 0}
    searched(dataset, {0: 0, 1: 1, 2: 0})


def test_what_another_program_rewrites_is_indexed_anew_though_its_moment_is_the_old(dataset: Dataset) -> None:
    dataset.append(articles({0: 0, 1: 0}))
    dataset.index()
    table = DeltaTable(dataset.location)
    table.update(predicate="title = 'Story 1, edition 0'", updates={"text": "'entirely elsewhere'"})
    assert dataset.index().count("elsewhere") == 1
    assert dataset.index().count("edition0") == 1


def test_s12_a_table_of_an_older_release_opens_and_can_be_appended_to(tmp_path: Path) -> None:
    unknown = ["credit", "partial", "words", "published_confidence", "reader_version"]
    old = rows(1, 3, text="old words").drop_columns([*unknown, "sketch", "authors_from", "story"])
    months = pa.array(["2025-01"] * 2)
    write_deltalake(str(tmp_path / "articles"), old.append_column("month", months), partition_by=["month"])
    dataset = pressgauge.open(tmp_path)
    frame = dataset.load()
    assert list(frame) == list(NAMES)
    assert frame[unknown].isna().all(axis=None)
    assert frame["story"].tolist() == frame["id"].tolist()
    assert len(dataset.search("old")) == 2
    done = dataset.append(articles({0: 0}))
    assert done.added == 1
    assert len(dataset.load()) == 3
    assert [len(dataset.load(["id"], as_of=version)) for version in range(dataset.version + 1)] == [2, 2, 3]
    assert set(NAMES) <= {field.name for field in DeltaTable(dataset.location).schema().fields}


def test_s12_a_table_of_a_newer_release_is_read_and_not_written(dataset: Dataset) -> None:
    dataset.append(articles({0: 0}))
    table = DeltaTable(dataset.location).to_pyarrow_table()
    write_deltalake(
        dataset.location,
        table.append_column("mood", pa.array(["calm"])),
        mode="append",
        schema_mode="merge",
    )
    assert len(dataset.load()) == 2
    with pytest.raises(DatasetError, match="newer Pressgauge \\(mood\\)"):
        dataset.append(articles({1: 0}))


def test_s12_without_the_look_at_its_columns_a_table_of_a_newer_release_loses_them_by_writing(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset.append(articles({0: 0}))
    table = DeltaTable(dataset.location).to_pyarrow_table().append_column("mood", pa.array(["calm"]))
    write_deltalake(
        dataset.location, table, mode="overwrite", schema_mode="overwrite", partition_by=["month"]
    )
    monkeypatch.setattr("pressgauge.store.table.delta._DELTA_NAMES", (*_DELTA_NAMES, "mood"))
    assert dataset.append(articles({0: 1})).updated == 1
    assert DeltaTable(dataset.location).to_pyarrow_table()["mood"].to_pylist() == [None]


def test_s12_a_protocol_that_we_do_not_know_is_refused(dataset: Dataset) -> None:
    dataset.append(articles({0: 0}))
    record = Path(dataset.location) / "_delta_log" / f"{0:020}.json"
    record.write_text(record.read_text().replace('"minReaderVersion":1', '"minReaderVersion":99'))
    with pytest.raises(DatasetError, match="cannot read"):
        pressgauge.open(dataset.path).load()


def test_a_dataset_that_is_replaced_while_it_is_open_is_opened_anew(dataset: Dataset, tmp_path: Path) -> None:
    other = pressgauge.open(tmp_path / "other")
    for number in range(3):
        dataset.append(articles({number: 0}))
        other.append(articles({number + 10: 0}))
    searched(dataset, states_of(dataset.load()))
    Path(dataset.location).rename(tmp_path / "aside")
    assert len(dataset) == 0
    Path(other.location).rename(dataset.location)
    assert states_of(dataset.load()) == {10: 0, 11: 0, 12: 0}
    searched(dataset, {10: 0, 11: 0, 12: 0})


def test_what_old_versions_alone_needed_can_be_forgotten(dataset: Dataset) -> None:
    for state in range(3):
        dataset.append(articles({0: state}))
    dataset.compact(forget=pd.Timedelta(0))
    assert states_of(dataset.load()) == {0: 2}
    assert len(list(Path(dataset.location).rglob("month=*/*.parquet"))) == 1
    with pytest.raises(DatasetError, match="missing"):
        dataset.load(as_of=0)
    searched(dataset, {0: 2})


def test_a_version_is_restored_by_its_own_files_and_what_came_after_is_not_lost(dataset: Dataset) -> None:
    url = "https://press.example/1"
    first = pd.DataFrame({"url": [url], "title": ["Harbour"], "text": ["Old words here."]})
    dataset.append(first)
    before = dataset.load()
    again = pd.DataFrame({"url": [url, "https://press.example/2"], "title": ["Port", "Quay"]})
    dataset.append(again.assign(text="New words are these here."))
    dataset.index()
    files = set(Path(dataset.location).rglob("*.parquet"))

    assert dataset.restore(0) == 2
    pd.testing.assert_frame_equal(dataset.load(), before)
    assert dataset.index().count("harbour") == 1
    assert dataset.index().count("quay") == 0
    assert set(Path(dataset.location).rglob("*.parquet")) == files
    assert dataset.versions()["operation"].to_list() == ["append", "append", "restore 0"]
    dataset.restore(1)
    assert sorted(dataset.load(["title"])["title"]) == ["Port", "Quay"]
    with pytest.raises(DatasetError, match="no version 9"):
        dataset.restore(9)


def test_details_of_print_are_kept_until_others_are_known(dataset: Dataset) -> None:
    url = "https://press.example/1"
    dataset.append(pd.DataFrame({"url": [url], "title": ["Harbour"], "details": ['{"page": "3"}']}))
    dataset.append(pd.DataFrame({"url": [url], "title": ["The harbour"]}))
    assert dataset.load(["title", "details"]).to_dict("records") == [
        {"title": "The harbour", "details": '{"page": "3"}'}
    ]


def test_a_checkpoint_for_which_there_is_no_room_does_not_undo_a_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = Storage(tmp_path / "articles")
    first = storage.commit(NOTHING, monthly(rows(1)), [], {})
    real = Storage._transact

    def committed_but_raised(*given: object) -> None:
        real(*given)  # type: ignore[arg-type]
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Storage, "_transact", committed_but_raised)
    assert storage.commit(first, monthly(rows(3)), [], {}).version == 1
    assert ids_of(storage, 1) == [1, 3]


def test_s07_every_bit_of_a_commits_record_is_guarded(dataset: Dataset) -> None:
    dataset.append(articles({0: 0}))
    dataset.append(articles({1: 0}))
    expected = dataset.versions()
    record = Path(dataset.location) / "_delta_log" / f"{1:020}.json"
    content = record.read_bytes()
    for byte in range(content.index(b"\n")):
        changed = bytearray(content)
        changed[byte] ^= 1 << byte % 7
        record.write_bytes(changed)
        commit = Storage(Path(dataset.location)).record(1)
        if commit is not None:
            found = (commit.at, *(commit.facts[name] for name in ("operation", "articles", "added")))
            assert found == (round(expected["at"].iloc[1].timestamp() * 1_000), "append", 2, 1), byte
