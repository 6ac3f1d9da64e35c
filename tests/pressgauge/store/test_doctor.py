"""The doctor finds every kind of damage, changes nothing while looking, and loses nothing that is on disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake

import pressgauge
from bench.torture_storage import articles, searched, states_of
from pressgauge.errors import DatasetError, PressgaugeError
from pressgauge.store import doctor
from pressgauge.store.dataset import Dataset
from pressgauge.store.table.delta import Storage
from pressgauge.store.table.parquet import ROWS_A_GROUP, ParquetFile

pytestmark = pytest.mark.slow

STATES = {0: 1} | dict.fromkeys(range(1, 8), 0)
"""What the dataset holds: eight articles of four months, the last commit a better version of the first."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dataset = pressgauge.open(tmp_path_factory.mktemp("whole"))
    for number in range(0, 8, 2):
        dataset.append(articles({number: 0, number + 1: 0}))
    dataset.append(articles({0: 1}))
    dataset.index()
    return dataset.path


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "coverage")


def record(folder: Path, version: int) -> Path:
    return folder / "articles" / "_delta_log" / f"{version:020}.json"


def file_of(folder: Path, number: int) -> Path:
    """The file of the newest version that holds an article."""
    storage = Storage(folder / "articles")
    titles = {file: storage.read([file], ["title"])["title"].to_pylist() for file in storage.latest().files}
    name = f"Story {number}, "
    return (
        folder
        / "articles"
        / next(f.path for f, held in titles.items() if any(t.startswith(name) for t in held))
    )


def flip(file: Path, byte: int = -40) -> None:
    content = bytearray(file.read_bytes())
    content[byte] ^= 4
    file.write_bytes(content)


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def empty(file: Path) -> None:
    file.write_bytes(b"")


def rename(record: Path) -> None:
    """Change a letter in the name of a file that a commit adds."""
    before, path, after = record.read_text().partition('"add":{"path":"month=2025-0')
    record.write_text(before + path + "9" + after[1:])


def contents(folder: Path) -> dict[str, bytes]:
    """All files but the locks, and their bytes."""
    files = (path for path in folder.rglob("*") if path.is_file() and "lock" not in path.name)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def repaired(folder: Path) -> tuple[Dataset, str]:
    """The dataset after repair, and all that was said; nothing is then left to find."""
    before = contents(folder)
    assert doctor.examine(pressgauge.open(folder))
    assert contents(folder) == before, "to examine is to change nothing"
    said = doctor.repair(pressgauge.open(folder))
    assert not doctor.examine(pressgauge.open(folder))
    return pressgauge.open(folder), "\n".join(f"{each.problem} -> {each.remedy}" for each in said)


def test_a_sound_dataset_has_no_findings_and_is_not_changed(folder: Path) -> None:
    before = contents(folder)
    assert doctor.examine(pressgauge.open(folder)) == doctor.repair(pressgauge.open(folder)) == []
    assert contents(folder) == before


def test_an_empty_dataset_is_sound(tmp_path: Path) -> None:
    assert doctor.examine(pressgauge.open(tmp_path / "coverage")) == []


@pytest.mark.parametrize("damage", [flip, truncate, empty, Path.unlink])
def test_s06_a_damaged_file_is_set_aside_and_the_loss_is_counted(
    folder: Path, damage: Callable[[Path], None]
) -> None:
    damage(file_of(folder, 1))  # and 5, of the same month, in a file of its own
    with pytest.raises(DatasetError, match="doctor"):
        pressgauge.open(folder).load()
    dataset, said = repaired(folder)
    assert "0 recovered from what is intact on disk, 1 lost: collect them again" in said
    left = {number: state for number, state in STATES.items() if number != 1}
    assert states_of(dataset.load()) == left
    searched(dataset, left)
    assert dataset.append(articles({1: 0})).added == 1
    if damage is not Path.unlink:
        assert len(list((folder / "quarantine").glob("*.parquet"))) == 1


def test_an_article_whose_newest_state_is_damaged_comes_back_in_its_older_one(folder: Path) -> None:
    truncate(file_of(folder, 0))
    dataset, said = repaired(folder)
    assert "1 recovered from what is intact on disk, 0 lost" in said
    assert states_of(dataset.load()) == STATES | {0: 0}
    searched(dataset, STATES | {0: 0})


def test_of_a_large_file_only_the_damaged_part_is_lost(tmp_path: Path) -> None:
    count = 2 * ROWS_A_GROUP + 10
    frame = articles({4 * number: 0 for number in range(count)}).assign(text=None)
    dataset = pressgauge.open(tmp_path)
    dataset.append(frame)
    file = next((tmp_path / "articles").glob("month=*/*.parquet"))
    with ParquetFile(file, ["title"]) as opened:
        chunk = opened._file.metadata.row_group(1).column(7)
    assert chunk.path_in_schema == "title"
    flip(file, chunk.data_page_offset + 50)
    dataset, said = repaired(tmp_path)
    assert f"{count - ROWS_A_GROUP:,} recovered from what is intact on disk, {ROWS_A_GROUP:,} lost" in said
    assert len(dataset) == count - ROWS_A_GROUP


@pytest.mark.parametrize("damage", [rename, truncate, empty, Path.unlink])
@pytest.mark.parametrize("version", [0, 2, 4])
def test_a_damaged_log_costs_versions_and_no_article(
    folder: Path, damage: Callable[[Path], None], version: int
) -> None:
    damage(record(folder, version))
    dataset, _ = repaired(folder)
    assert states_of(dataset.load()) == STATES
    searched(dataset, STATES)


def test_without_any_log_all_articles_come_back(folder: Path) -> None:
    shutil.rmtree(folder / "articles" / "_delta_log")
    dataset, said = repaired(folder)
    assert "8 articles on disk are in no version" in said
    assert states_of(dataset.load()) == STATES


@pytest.mark.parametrize("damage", [flip, truncate, empty, Path.unlink])
@pytest.mark.parametrize("name", ["_last_checkpoint", "*.checkpoint.parquet"])
def test_a_damaged_checkpoint_costs_nothing(folder: Path, damage: Callable[[Path], None], name: str) -> None:
    DeltaTable(folder / "articles").create_checkpoint()
    damage(next((folder / "articles" / "_delta_log").glob(name)))
    if doctor.examine(pressgauge.open(folder)):
        repaired(folder)
    dataset = pressgauge.open(folder)
    assert states_of(dataset.load()) == STATES
    assert [len(dataset.load(["id"], as_of=version)) for version in range(5)] == [2, 4, 6, 8, 8]


def test_an_old_record_that_is_damaged_is_named_and_hides_no_other_version(folder: Path) -> None:
    path = record(folder, 2)
    path.write_text(path.read_text().replace('\\"added\\": 2', '\\"added\\": 9'))
    dataset = pressgauge.open(folder)
    assert [finding.where for finding in doctor.examine(dataset)] == [path]
    doctor.repair(dataset)
    assert states_of(dataset.load()) == STATES
    assert dataset.versions()["added"].isna().tolist() == [False, False, True, False, False]
    with pytest.raises(DatasetError, match="the record of version 2"):
        pressgauge.open(folder).load(as_of=2)


@pytest.mark.parametrize("damage", [flip, truncate, empty, Path.unlink])
def test_a_damaged_index_is_built_anew(folder: Path, damage: Callable[[Path], None]) -> None:
    damage(next((folder / "index").rglob("*.term")))
    dataset, said = repaired(folder)
    assert said == "the search index is damaged -> built anew"
    searched(dataset, STATES)


def test_what_a_killed_commit_had_written_is_stored(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Storage, "_transact", killed)
        patch.setattr(Storage, "_discard_files", lambda *_: None)
        with pytest.raises(KeyboardInterrupt):
            pressgauge.open(folder).append(articles({1: 1, 8: 0}))
    assert states_of(pressgauge.open(folder).load()) == STATES
    dataset, said = repaired(folder)
    assert "2 articles on disk are in no version, or otherwise than there -> stored" in said
    assert states_of(dataset.load()) == STATES | {1: 1, 8: 0}


def test_an_article_that_another_program_doubled_is_there_once_in_its_newest_state(folder: Path) -> None:
    table = DeltaTable(folder / "articles")
    rows = table.to_pyarrow_table()
    old = rows.filter(pa.compute.equal(rows["title"], "Story 0, edition 1"))
    earlier = pa.array(
        [moment.as_py().replace(year=2020) for moment in old["collected"]], old["collected"].type
    )
    at = old.column_names.index("collected")
    write_deltalake(folder / "articles", old.set_column(at, "collected", earlier), mode="append")
    dataset, said = repaired(folder)
    assert "1 articles are stored more than once -> merged" in said
    assert states_of(dataset.load()) == STATES
    assert dataset.load()["collected"].min().year > 2020
    searched(dataset, STATES)


def test_everything_at_once_is_repaired_in_one_go(folder: Path) -> None:
    flip(file_of(folder, 1))
    truncate(record(folder, 4))
    empty(next((folder / "index").rglob("*.pos")))
    dataset, _ = repaired(folder)
    found = states_of(dataset.load())
    assert found == {number: state for number, state in STATES.items() if number != 1}
    searched(dataset, found)


def test_a_dataset_at_an_object_store_is_not_examined() -> None:
    with pytest.raises(PressgaugeError, match="its store keeps its own checksums"):
        doctor.examine(pressgauge.open("s3://bucket/coverage"))
