"""The columns that a snapshot is counted from, kept as it has them: the same as when they are made."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays as any_array

import pressgauge
from pressgauge.search.index import Index
from pressgauge.settings import paths
from pressgauge.snapshot import Snapshot
from pressgauge.store import append as appending
from pressgauge.store import dataset as datasets
from pressgauge.store.cache import arrays, columns
from pressgauge.store.dataset import Dataset

TEXT = "the minister said that the models are open and their weights are for everybody to download " * 4


def articles(count: int) -> pd.DataFrame:
    """Some without a date, a text or a country, some copies of one text."""
    number = np.arange(count)
    return pd.DataFrame(
        {
            "url": [f"https://press.example/{n}" for n in number],
            "title": [f"Number {n}" for n in number],
            "text": [None if n % 5 == 0 else TEXT if n % 5 == 1 else f"{n} open sources" for n in number],
            "outlet": np.where(number % 3 == 0, "Wired", "BBC"),
            "country": np.where(number % 2 == 0, "US", None),
            "published": [
                None if n % 7 == 0 else pd.Timestamp(f"2025-0{1 + n % 3}-10", tz="UTC") for n in number
            ],
        }
    )


@pytest.fixture(autouse=True)
def worth_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets, "LEAST", 1)
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path))


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("columns") / "coverage"
    dataset = pressgauge.open(folder)
    dataset.append(articles(30))
    dataset.append(articles(40)[25:].assign(text="longer, and of another story than it was before"))
    dataset.events(), dataset.index()
    return folder


@pytest.fixture
def folder(stored: Path, tmp_path: Path) -> Path:
    return shutil.copytree(stored, tmp_path / "coverage")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The versions of which columns are made."""
    versions: list[int] = []
    make = Dataset._made

    def recorded(self: Dataset, index: Index) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
        versions.append(index.version)
        return make(self, index)

    monkeypatch.setattr(Dataset, "_made", recorded)
    return versions


def assert_right(snapshot: Snapshot, folder: Path) -> None:
    """It is the snapshot that is made of the dataset's files now."""
    dataset = pressgauge.open(folder)
    articles, order, ids = dataset._made(dataset.index())
    pd.testing.assert_frame_equal(snapshot.articles, articles)
    assert snapshot.version == dataset.version
    np.testing.assert_array_equal(snapshot.rows(ids), order)
    assert snapshot.rows(articles["id"].to_numpy()).tolist() == list(range(len(articles)))


def test_what_is_kept_is_what_is_made_and_is_not_made_again(folder: Path, made: list[int]) -> None:
    first = pressgauge.open(folder).snapshot([])
    second = pressgauge.open(folder).snapshot([])
    assert made == [1]
    for snapshot in (first, second):
        assert_right(snapshot, folder)


def test_it_lies_on_the_disk_and_not_in_memory(folder: Path) -> None:
    for snapshot in (pressgauge.open(folder).snapshot([]), pressgauge.open(folder).snapshot([])):
        column = snapshot.articles["id"].to_numpy()
        while isinstance(column, np.ndarray) and not isinstance(column, np.memmap):
            column = column.base
        assert isinstance(column, np.memmap)


def test_changed_articles_outlets_and_events_have_other_columns(folder: Path) -> None:
    dataset = pressgauge.open(folder)
    dataset.snapshot([])
    dataset.append(articles(50)[40:])
    assert_right(dataset.snapshot([]), folder)
    dataset.restore(1)
    assert_right(dataset.snapshot([]), folder)
    paths.outlets_file().write_text('[[outlet]]\nname = "Weekly"\naliases = ["Wired"]\n')
    assert "Weekly" in set(dataset.snapshot([]).articles["outlet"])
    (folder / "events" / "manifest.json").unlink()
    assert_right(pressgauge.open(folder).snapshot([]), folder)


def test_who_has_the_old_ones_keeps_them(folder: Path) -> None:
    old = pressgauge.open(folder).snapshot([])
    before = old.articles.copy(deep=True)
    writer = pressgauge.open(folder)
    writer.append(articles(60)[40:])
    writer.snapshot([])
    pd.testing.assert_frame_equal(old.articles, before)


def test_rows_that_are_marked_as_deleted_are_left_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appending, "REWRITTEN", 0)
    dataset = pressgauge.open(folder)
    dataset.append(articles(40)[3:9].assign(text="another text that is longer than the one before it was"))
    assert any(file.deleted for file in dataset._storage.latest().files)
    assert_right(dataset.snapshot([]), folder)
    assert_right(pressgauge.open(folder).snapshot([]), folder)


DAMAGE: list[Callable[[bytes], bytes]] = [
    lambda content: b"",
    lambda content: content[:8],
    lambda content: content[:100],
    lambda content: content[:-1],
    lambda content: content + b"\0",
    lambda content: content[:-1] + bytes([content[-1] ^ 1]),
    lambda content: content.replace(b"Wired", b"Tired", 1),
    lambda content: b"0" * len(content),
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_not_believed_and_made_anew(
    folder: Path, made: list[int], damage: Callable[[bytes], bytes]
) -> None:
    pressgauge.open(folder).snapshot([])
    whole = (folder / "columns").read_bytes()
    (folder / "columns").write_bytes(damage(whole))
    assert_right(pressgauge.open(folder).snapshot([]), folder)
    assert (folder / "columns").read_bytes() == whole


def test_one_of_another_release_is_made_anew(
    folder: Path, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for format_, times in ((columns.FORMAT, 1), (columns.FORMAT + 1, 2), (columns.FORMAT + 1, 2)):
        monkeypatch.setattr(columns, "FORMAT", format_)
        pressgauge.open(folder).snapshot([])
        assert made == [1] * times


def test_names_of_outlets_edited_meanwhile_are_those_that_are_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = Dataset._made

    def edited(self: Dataset, index: Index) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
        articles = make(self, index)
        paths.outlets_file().write_text('[[outlet]]\nname = "Weekly"\naliases = ["Wired"]\n')
        return articles

    monkeypatch.setattr(Dataset, "_made", edited)
    dataset = pressgauge.open(folder)
    assert "Wired" in set(dataset.snapshot([]).articles["outlet"])
    for later in (dataset, pressgauge.open(folder)):
        assert "Weekly" in set(later.snapshot([]).articles["outlet"])


def test_who_changes_the_articles_changes_those_in_memory_alone(folder: Path) -> None:
    pressgauge.open(folder).snapshot([])
    articles = pressgauge.open(folder).snapshot([]).articles
    for name, value in (("story", 7), ("words", 7), ("outlet", "Wired"), ("published", pd.NaT)):
        articles.loc[0, name] = value
    assert articles.loc[0, "story"] == 7
    assert_right(pressgauge.open(folder).snapshot([]), folder)


def test_what_cannot_be_written_costs_only_time(folder: Path) -> None:
    (folder / "columns").mkdir()
    assert_right(pressgauge.open(folder).snapshot([]), folder)


def test_of_a_small_dataset_nothing_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets, "LEAST", 1_000)
    assert_right(pressgauge.open(folder).snapshot([]), folder)
    assert not (folder / "columns").exists()


@given(
    st.dictionaries(
        st.text(),
        st.sampled_from(["?", "i1", "<i2", "<i4", "<i8", "<M8[us]"]).flatmap(
            lambda dtype: any_array(dtype, st.integers(0, 70))
        ),
    ),
    st.dictionaries(st.text(), st.lists(st.text())),
)
def test_any_arrays_come_back_as_they_were_and_only_to_who_knows_their_state(
    tmp_path_factory: pytest.TempPathFactory, kept: dict[str, np.ndarray], beside: dict[str, list[str]]
) -> None:
    file = tmp_path_factory.getbasetemp() / "any-arrays"
    arrays.save(file, "a state", kept, beside)
    assert arrays.load(file, "another state") is None
    found = arrays.load(file, "a state")
    assert found is not None
    assert found[1] == beside
    assert list(found[0]) == list(kept)
    for name, array in kept.items():
        assert found[0][name].dtype == array.dtype
        np.testing.assert_array_equal(found[0][name], array)
