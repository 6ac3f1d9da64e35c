"""Shards by month answer as one index does, and only months that changed are indexed anew."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import pressgauge
from pressgauge.errors import QueryError
from pressgauge.scale.shards import open_shards
from pressgauge.store.dataset import Dataset

QUERIES = ["*", "cats", "cats OR dogs", '"open weights"', "NOT cats", "title:3", "nothing"]


def frame(start: int, dates: list[str | None]) -> pd.DataFrame:
    texts = ["cats and dogs", "open weights", "dogs with open weights", "cats"]
    return pd.DataFrame(
        {
            "url": [f"https://a.example/{start + n}" for n in range(len(dates))],
            "title": [f"Number {start + n}" for n in range(len(dates))],
            "text": [texts[n % 4] for n in range(len(dates))],
            "published": pd.to_datetime(pd.Series(dates, dtype=object), utc=True),
        }
    )


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    dataset = pressgauge.open(tmp_path)
    dataset.append(frame(0, ["2025-01-01", "2025-01-05", "2025-02-01", "2025-02-02", None, "2025-04-01"]))
    return dataset


def indexed(dataset: Dataset) -> list[str]:
    asked: list[str] = []
    of_month = dataset.of_month
    dataset.of_month = lambda month, columns: asked.append(month) or of_month(month, columns)
    open_shards(dataset)
    del dataset.of_month
    return asked


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_has_the_answer_of_one_index(dataset: Dataset, query: str) -> None:
    shards, whole = open_shards(dataset), dataset.index()
    assert sorted(shards.ids(query)) == sorted(whole.ids(query))
    assert shards.count(query) == whole.count(query)
    assert len(shards) == len(whole) == 6


def test_a_query_may_be_asked_of_some_months_only(dataset: Dataset) -> None:
    found = open_shards(dataset).ids("*", ["2025-02", "2031-01"])
    assert sorted(dataset.read(found, ["title"])["title"]) == ["Number 2", "Number 3"]


def test_only_months_that_changed_are_indexed_anew(dataset: Dataset) -> None:
    assert sorted(indexed(dataset)) == ["2025-01", "2025-02", "2025-04", "unknown"]
    assert indexed(dataset) == []
    dataset.append(frame(10, ["2025-02-20", "2025-03-01"]))
    assert sorted(indexed(dataset)) == ["2025-02", "2025-03"]
    assert open_shards(dataset).count("*") == 8


def test_a_bad_query_points_at_its_fault(dataset: Dataset) -> None:
    with pytest.raises(QueryError):
        open_shards(dataset).ids('"open')
