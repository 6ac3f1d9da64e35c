"""What an open dataset is counted from, kept as it is held in memory: the same as from its files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

import pressgauge
from bench.corpus import make
from pressgauge.schema import METADATA
from pressgauge.store import append as appending
from pressgauge.store.cache.metadata import LEAST
from pressgauge.store.dataset import Dataset

GIVEN = ["url", "outlet", "country", "language", "title", "authors", "published", "text", "source"]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset with a file that is worth keeping, one that is not, and copies whose original is known."""
    folder = tmp_path_factory.mktemp("metadata") / "coverage"
    articles = make(LEAST + 100)[GIVEN]
    articles["published"] = pd.Timestamp("2025-01-10", tz="UTC") + pd.to_timedelta(
        range(len(articles)), unit="min"
    )
    articles["text"] = articles["text"].str[:600]
    articles.loc[LEAST:, "published"] += pd.Timedelta(days=31)
    copies = articles[:20].assign(url=articles["url"][:20] + "-copy", outlet="The Copyist")
    dataset = pressgauge.open(folder)
    dataset.append(pd.concat([articles, copies], ignore_index=True))
    return folder


@pytest.fixture
def folder(stored: Path, tmp_path: Path) -> Path:
    return shutil.copytree(stored, tmp_path / "coverage")


def counted(folder: Path) -> pd.DataFrame:
    dataset = pressgauge.open(folder)
    return dataset._metadata(dataset.version)


def assert_same(found: pd.DataFrame, dataset: Dataset) -> None:
    expected = dataset.load(METADATA)
    order = expected["id"].argsort()
    pd.testing.assert_frame_equal(
        found.sort_values("id").reset_index(drop=True), expected.iloc[order].reset_index(drop=True)
    )


def test_it_is_what_the_files_hold_when_made_and_when_found(folder: Path) -> None:
    assert_same(counted(folder), pressgauge.open(folder))
    [kept] = (folder / "metadata").iterdir()
    before = kept.stat().st_mtime_ns
    assert_same(counted(folder), pressgauge.open(folder))
    assert kept.stat().st_mtime_ns == before


@pytest.mark.parametrize("at", [0, 500, 100_000, -1, -9])
def test_one_changed_byte_is_noticed_and_the_file_made_anew(
    folder: Path, at: int, caplog: pytest.LogCaptureFixture
) -> None:
    counted(folder)
    [kept] = (folder / "metadata").iterdir()
    content = bytearray(kept.read_bytes())
    content[at] ^= 1
    kept.write_bytes(content)
    assert_same(counted(folder), pressgauge.open(folder))
    assert "it is made anew" in caplog.text
    caplog.clear()
    counted(folder)
    assert caplog.text == ""


@pytest.mark.parametrize("size", [0, 5, 8, 1_000])
def test_a_file_that_was_cut_off_is_made_anew(folder: Path, size: int) -> None:
    counted(folder)
    [kept] = (folder / "metadata").iterdir()
    kept.write_bytes(kept.read_bytes()[:size])
    assert_same(counted(folder), pressgauge.open(folder))


def test_outdated_rows_are_left_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appending, "REWRITTEN", 0)
    dataset = pressgauge.open(folder)
    counted(folder)
    some = dataset.load(["url", "title", "published"])[:30]
    dataset.append(some.assign(title="Edited"))
    assert any(file.deleted for file in dataset._storage.latest().files)
    found = counted(folder)
    assert_same(found, dataset)
    assert (found["title"] == "Edited").sum() == 30


def test_an_earlier_version_is_counted_from_its_own_files(folder: Path) -> None:
    dataset = pressgauge.open(folder)
    expected = dataset.load(METADATA).sort_values("id").reset_index(drop=True)
    dataset.append(dataset.load(["url", "published"])[:5].assign(title="Edited"))
    found = dataset._metadata(0).sort_values("id").reset_index(drop=True)
    pd.testing.assert_frame_equal(found, expected)


def test_a_folder_that_cannot_be_written_costs_only_time(folder: Path) -> None:
    (folder / "metadata").write_text("in the way")
    assert_same(counted(folder), pressgauge.open(folder))


def test_an_empty_dataset_has_none(tmp_path: Path) -> None:
    snapshot = pressgauge.open(tmp_path).snapshot([])
    assert len(snapshot.articles) == 0
