"""Names of folders that a dataset cannot have, and Delta's way with them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import DeltaError

import pressgauge
from pressgauge.errors import DatasetError

ODD = ["a%41b", "back\\slash", "new\nline", "per%cent", "tab\t", "delete\x7f", "byte\udcff"]


@pytest.mark.parametrize("name", ODD)
def test_s16_a_folder_that_delta_could_write_and_not_read_is_refused_before_anything_is_written(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(DatasetError, match="rename that folder"):
        pressgauge.open(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ODD)
def test_delta_itself_cannot_read_such_a_folder(tmp_path: Path, name: str) -> None:
    """When this fails, a new version of deltalake reads it: the refusal can go."""
    (tmp_path / name).mkdir()
    with pytest.raises((DeltaError, OSError, ValueError)):
        write_deltalake(str(tmp_path / name / "table"), pa.table({"a": [1]}))
        DeltaTable(str(tmp_path / name / "table")).to_pyarrow_table()


@pytest.mark.parametrize(
    "name", ["ä ö#?", "100%", "=x", "[br]{b}", "semi;colon:", "quote\"'", "-dash", "dot.."]
)
def test_other_odd_names_of_folders_are_as_good_as_any(tmp_path: Path, name: str) -> None:
    pressgauge.open(tmp_path / name).append(
        pd.DataFrame({"url": ["https://a.example/1"], "title": ["T"], "text": ["x " * 50], "outlet": ["A"]})
    )
    assert len(pressgauge.open(tmp_path / name).load()) == 1


def test_s16_a_link_to_such_a_folder_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / "a%41b").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a%41b")
    with pytest.raises(DatasetError, match="rename that folder"):
        pressgauge.open(tmp_path / "link")


def articles(number: int) -> pd.DataFrame:
    url, text = f"https://a.example/{number}", f"word{number} " * 50
    return pd.DataFrame({"url": [url], "title": ["T"], "text": [text], "outlet": ["A"]})


def test_s21_a_dataset_whose_folder_was_renamed_gets_no_second_one_in_its_place(tmp_path: Path) -> None:
    dataset = pressgauge.open(tmp_path / "coverage")
    dataset.append(articles(1))
    (tmp_path / "coverage").rename(tmp_path / "moved")
    with pytest.raises(DatasetError, match="is gone: renamed, deleted or not mounted"):
        dataset.append(articles(2))
    assert [path.name for path in tmp_path.iterdir()] == ["moved"]
    (tmp_path / "moved").rename(tmp_path / "coverage")
    assert dataset.append(articles(2)).added == 1
    assert len(dataset.load()) == 2


def test_s21_without_the_memory_of_it_the_next_article_begins_a_second_dataset(tmp_path: Path) -> None:
    """The twin."""
    dataset = pressgauge.open(tmp_path / "coverage")
    dataset.append(articles(1))
    (tmp_path / "coverage").rename(tmp_path / "moved")
    with pytest.raises(DatasetError, match="there is no dataset at"):
        dataset.load()
    dataset._storage.has_existed = False
    dataset.append(articles(2))
    assert len(dataset.load()) == 1
