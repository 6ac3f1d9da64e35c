"""Rows that an update marks instead of writing their file anew: the same articles, wherever one looks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from deltalake import DeltaTable, QueryBuilder, write_deltalake
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pressgauge
from pressgauge.errors import DatasetError
from pressgauge.schema import NAMES, article_id
from pressgauge.store import append as appending
from pressgauge.store.dataset import Dataset
from pressgauge.store.doctor import examine
from pressgauge.store.table import deletions
from pressgauge.store.table.delta import ConflictError
from tests.examples import examples

MONTHS = ("2025-01", "2025-02", "2025-03")


def press(numbers: range | list[int], **given: object) -> pd.DataFrame:
    """Articles of three months in turn, each of a text of its own."""
    days = [f"{MONTHS[number % 3]}-{1 + number // 3 % 28:02}T08:00:00Z" for number in numbers]
    frame = pd.DataFrame({"url": [f"https://press.example/{number}" for number in numbers]})
    frame["title"] = [f"Story {number}" for number in numbers]
    frame["text"] = [" ".join(f"word{number}x{place}" for place in range(60)) for number in numbers]
    return frame.assign(published=days, outlet="The Press", collected="2025-04-01T00:00:00Z", **given)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of 60 articles in three files."""
    folder = tmp_path_factory.mktemp("marked") / "coverage"
    pressgauge.open(folder).append(press(range(60)))
    return folder


@pytest.fixture
def dataset(stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """A copy of it, in which an update of any size marks rows."""
    monkeypatch.setattr(appending, "REWRITTEN", 0)
    shutil.copytree(stored, tmp_path / "coverage")
    return pressgauge.open(tmp_path / "coverage")


def update(dataset: Dataset, numbers: list[int], title: str) -> None:
    dataset.append(press(numbers, title=title) if title else press(numbers))


def content(dataset: Dataset) -> pd.DataFrame:
    return dataset.load().sort_values("id").reset_index(drop=True).astype({"authors": "str"})


def files(dataset: Dataset) -> set[str]:
    return {file.path for file in dataset._storage.latest().files}


@settings(max_examples=examples(12))
@given(gone=st.sets(st.integers(0, 4_999), min_size=1, max_size=deletions.MOST))
def test_deltalake_reads_from_a_vector_the_rows_that_were_put_into_it(
    gone: set[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("table")
    write_deltalake(folder, pa.table({"id": range(5_000), "month": ["a"] * 5_000}), partition_by=["month"])
    [file] = DeltaTable(folder).file_uris()
    record = (folder / "_delta_log" / f"{0:020}.json").read_text().splitlines()
    [add] = [action["add"] for action in map(json.loads, record) if "add" in action]
    known = {key: value for key, value in add.items() if value is not None}
    actions = [
        *deletions.upgrade(DeltaTable(folder)),
        {"remove": {"path": add["path"], "dataChange": True, "deletionTimestamp": 0}},
        {"add": {**known, "deletionVector": deletions.vector(sorted(gone))}},
    ]
    deletions.write_record(folder / "_delta_log", 1, actions)
    table = DeltaTable(folder)
    assert deletions.deleted_rows(table)[deletions.name_of(file)].tolist() == sorted(gone)


@pytest.mark.slow
@settings(
    max_examples=examples(6),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(
    edits=st.lists(st.lists(st.integers(0, 59), min_size=1, max_size=6, unique=True), min_size=1, max_size=4)
)
def test_marked_rows_leave_the_same_articles_as_files_written_anew(
    stored: Path, tmp_path_factory: pytest.TempPathFactory, edits: list[list[int]]
) -> None:
    twins = []
    for limit in (0, 10**9):
        folder = tmp_path_factory.mktemp("twin") / "coverage"
        shutil.copytree(stored, folder)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(appending, "REWRITTEN", limit)
            dataset = pressgauge.open(folder)
            states = [dataset.state]
            for number, edit in enumerate(edits):
                update(dataset, edit, f"Edition {number}")
                states.append(dataset.state)
            twins.append((dataset, states))
    (marked, of_marked), (plain, of_plain) = twins
    assert any(file.deleted for file in marked._storage.latest().files)
    assert not any(file.deleted for file in plain._storage.latest().files)
    assert len(marked) == len(plain) == 60
    pd.testing.assert_frame_equal(content(marked), content(plain))
    pd.testing.assert_frame_equal(content(pressgauge.open(marked.path)), content(plain))
    for one, other in zip(of_marked[:-1], of_plain[:-1], strict=True):
        changes = marked.changes(one, of_marked[-1], NAMES), plain.changes(other, of_plain[-1], NAMES)
        assert len({each.rows for each in changes}) == 1
        assert np.array_equal(*(np.sort(each.removed_ids) for each in changes))
        assert len({tuple(sorted(pd.concat(each.frames)["id"])) for each in changes}) == 1
    for version in range(len(edits)):
        titles = [each.load(["id", "title"], as_of=version).sort_values("id") for each in (marked, plain)]
        assert titles[0].to_numpy().tolist() == titles[1].to_numpy().tolist()


def test_an_update_writes_only_what_it_changes(dataset: Dataset) -> None:
    before = files(dataset)
    update(dataset, [0, 1, 2], "New")
    assert before < files(dataset)
    [*new] = files(dataset) - before
    assert sum(pa.parquet.read_metadata(Path(dataset.location) / each).num_rows for each in new) == 3
    assert (dataset.load(["title"])["title"] == "New").sum() == 3
    assert dataset.read([article_id("https://press.example/1")], ["title"])["title"].tolist() == ["New"]


def test_a_small_update_leaves_files_that_any_reader_of_parquet_can_be_given(
    stored: Path, tmp_path: Path
) -> None:
    shutil.copytree(stored, tmp_path / "coverage")
    dataset = pressgauge.open(tmp_path / "coverage")
    update(dataset, [0, 1, 2], "New")
    assert DeltaTable(dataset.location).protocol().min_reader_version == 1
    assert len(DeltaTable(dataset.location).to_pandas()) == 60


@pytest.mark.slow
def test_a_file_with_many_marked_rows_is_written_anew(dataset: Dataset) -> None:
    january = [number for number in range(60) if number % 3 == 0]
    for number in range(len(january)):
        update(dataset, [january[number]], f"Edition {number}")
    assert len(dataset) == 60
    for file in dataset._storage.latest().files:
        assert len(file.deleted_rows) * 4 <= file.physical_rows


def test_other_programs_that_know_deletion_vectors_read_the_same_rows(dataset: Dataset) -> None:
    update(dataset, [0, 1, 2, 3], "New")
    table = DeltaTable(dataset.location)
    theirs = QueryBuilder().register("articles", table).execute("select id, title from articles").read_all()
    theirs = pa.table(theirs).to_pandas().sort_values("id")
    ours = content(dataset)
    assert theirs["id"].tolist() == ours["id"].tolist()
    assert theirs["title"].tolist() == ours["title"].tolist()


def test_a_checkpoint_keeps_what_is_marked(dataset: Dataset) -> None:
    update(dataset, [0, 1, 2, 3], "New")
    before = content(dataset)
    DeltaTable(dataset.location).create_checkpoint()
    update(dataset, [4], "Newer")
    again = content(pressgauge.open(dataset.path))
    assert again.loc[again["title"] != "Newer", "title"].tolist() == [
        title for title, number in zip(before["title"], before["id"], strict=True)
        if number != article_id("https://press.example/4")
    ]  # fmt: skip


def test_a_version_before_the_marks_is_restored_and_the_marks_come_back_with_theirs(dataset: Dataset) -> None:
    first = content(dataset)
    update(dataset, [0, 1, 2], "New")
    second = content(dataset)
    dataset.restore(0)
    pd.testing.assert_frame_equal(content(dataset), first)
    dataset.restore(1)
    pd.testing.assert_frame_equal(content(dataset), second)


def test_the_doctor_finds_nothing_amiss_and_brings_no_marked_row_back(dataset: Dataset) -> None:
    update(dataset, [0, 1, 2], "New")
    assert examine(dataset) == []


def test_what_is_searched_is_what_is_not_marked(dataset: Dataset) -> None:
    dataset.index()
    update(dataset, [0, 1, 2], "Renewed")
    assert len(dataset.index().ids('title:"Story"')) == 57
    assert len(dataset.index().ids("Renewed")) == 3


def test_who_commits_second_is_told(dataset: Dataset) -> None:
    stale = dataset._storage.latest()
    log = Path(dataset.location) / "_delta_log"
    update(dataset, [0], "New")
    with pytest.raises(FileExistsError):
        deletions.write_record(log, 1, [])
    assert not list(log.glob(".*"))
    marked = [stale.files[0].without(np.array([0]))]
    with pytest.raises(ConflictError):
        dataset._storage.commit(stale, [], [], {}, marked)


def test_rows_that_another_program_marked_are_not_there_and_nothing_is_written_over_them(
    dataset: Dataset,
) -> None:
    update(dataset, [0], "New")
    listing = dataset._storage.latest()
    file = max(listing.files, key=lambda each: each.rows)
    fewer = deletions.vector(file.without(np.array([5])).deleted_rows)
    add = {"path": file.path, "partitionValues": {"month": file.month}, "size": 1, "modificationTime": 0}
    old = {"deletionVector": deletions.vector(file.deleted_rows)} if file.deleted else {}
    actions = [
        {"commitInfo": {"timestamp": 0, "operation": "DELETE"}},
        {"remove": {"path": file.path, "dataChange": True, "deletionTimestamp": 0, **old}},
        {"add": {**add, "dataChange": True, "stats": json.dumps({"numRecords": file.physical_rows}),
                 "deletionVector": fewer}},
    ]  # fmt: skip
    deletions.write_record(Path(dataset.location) / "_delta_log", listing.version + 1, actions)
    assert len(dataset) == len(dataset.load()) == 59
    with pytest.raises(DatasetError, match="another program deleted rows"):
        update(dataset, [1], "New")


@pytest.mark.parametrize("rows", [[0], [1, 2, 5_000], list(range(deletions.MOST))])
def test_a_vector_says_how_large_it_is(rows: list[int]) -> None:
    vector = deletions.vector(rows)
    assert vector["cardinality"] == len(rows)
    assert vector["sizeInBytes"] == 4 + 8 + 4 + 8 + 4 + 4 + 2 * len(rows)
    assert len(vector["pathOrInlineDv"]) == -(-vector["sizeInBytes"] // 4) * 5
