"""Events beside a dataset: of its newest version, or made so; damaged files are never believed."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import pressgauge
from pressgauge.events import files
from pressgauge.store.dataset import Dataset

FIRE = ["Fire destroys the old harbour warehouse in Lisbon", "Lisbon: harbour warehouse lost to a fire"]
STORM = ["Storm closes the mountain passes", "Mountain passes closed after the storm"]


def articles(*titles: str, first: int = 0, day: str = "2025-01-20") -> pd.DataFrame:
    urls = [f"https://press.example/{number}" for number in range(first, first + len(titles))]
    published = pd.Timestamp(day, tz="UTC")
    return pd.DataFrame({"url": urls, "title": titles, "published": published, "language": "en"})


def partition(dataset: Dataset) -> list[list[str]]:
    frame = dataset.snapshot([]).articles
    return sorted(sorted(titles) for titles in frame.groupby("event")["title"].agg(list))


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    opened = pressgauge.open(tmp_path / "coverage")
    opened.append(articles(FIRE[0], *STORM))
    return opened


def folder(dataset: Dataset) -> Path:
    return dataset.path / "events"


def test_every_article_of_a_snapshot_has_its_event(dataset: Dataset) -> None:
    assert partition(dataset) == [[FIRE[0]], sorted(STORM)]
    found = dataset.search("storm")
    assert found["event"].nunique() == 1
    assert found["event"].isin(found["id"]).all()


def test_events_follow_what_is_appended_and_keep_their_numbers(dataset: Dataset) -> None:
    before = dataset.search("fire")["event"].item()
    dataset.append(articles(FIRE[1], first=3, day="2025-01-21"))
    assert partition(dataset) == [sorted(FIRE), sorted(STORM)]
    assert set(dataset.search("fire")["event"]) == {before}


def test_an_article_joins_its_event_when_its_date_becomes_known(dataset: Dataset) -> None:
    dataset.append(articles(FIRE[1], first=3).assign(published=pd.NaT))
    assert partition(dataset) == sorted([[FIRE[0]], [FIRE[1]], sorted(STORM)])
    dataset.append(articles(FIRE[1], first=3))
    assert partition(dataset) == [sorted(FIRE), sorted(STORM)]


def test_another_process_reads_what_is_kept(dataset: Dataset) -> None:
    kept = dataset.events()
    written = {file: file.stat().st_mtime_ns for file in folder(dataset).glob("*.*")}  # all but the lock
    again = pressgauge.open(dataset.path)
    assert again.events().of(kept.clusters.id).tolist() == kept.clusters.event.tolist()
    assert {file: file.stat().st_mtime_ns for file in folder(dataset).glob("*.*")} == written


def test_only_files_that_are_in_use_stay(dataset: Dataset) -> None:
    dataset.events()
    first = len(list(folder(dataset).glob("*.arrow")))
    dataset.append(articles(FIRE[1], first=3))
    dataset.events()
    assert len(list(folder(dataset).glob("*.arrow"))) == first


@pytest.mark.parametrize("name", ["articles", "timeline", "joins", "weights", "history", "words"])
@pytest.mark.parametrize("harm", ["changed", "missing"])
def test_damaged_files_are_made_anew_under_the_same_numbers(dataset: Dataset, name: str, harm: str) -> None:
    before = dataset.search("storm")["event"].tolist()
    file = next(folder(dataset).glob(f"{name}*.arrow"))
    if harm == "missing":
        file.unlink()
    else:
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
    again = pressgauge.open(dataset.path)
    again.append(articles(FIRE[1], first=3))
    assert partition(again) == [sorted(FIRE), sorted(STORM)]
    assert again.search("storm")["event"].tolist() == before


def test_what_is_kept_stays_on_disk_when_it_is_read(tmp_path: Path) -> None:
    name = files._write_table(tmp_path, "articles", pa.table({"id": np.arange(1_000_000)}))
    tracemalloc.start()
    try:
        table = files._read_table(tmp_path / name)
        assert table["id"].to_numpy()[-1] == 999_999
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_a_manifest_that_is_no_more_readable_costs_nothing_but_time(dataset: Dataset) -> None:
    dataset.events()
    (folder(dataset) / "manifest.json").write_text("{", encoding="utf-8")
    assert partition(pressgauge.open(dataset.path)) == [[FIRE[0]], sorted(STORM)]


def test_a_dataset_that_cannot_be_written_has_events_in_memory(dataset: Dataset) -> None:
    partition(dataset)
    for file in folder(dataset).iterdir():
        file.unlink()
    folder(dataset).rmdir()
    folder(dataset).write_text("in the way", encoding="utf-8")
    with pytest.raises(pressgauge.DatasetError, match="events"):
        pressgauge.open(dataset.path).events()


def test_an_event_that_was_merged_leads_to_the_one_that_it_is_in(dataset: Dataset) -> None:
    other = "Warehouse lost: firemen at the port"
    dataset.append(articles(other, first=3))
    numbers = {dataset.search(word)["event"].iloc[0] for word in ("destroys", "firemen")}
    assert len(numbers) == 2
    bridge = (
        "Fire destroys old harbour warehouse in Lisbon, warehouse lost: firemen at the port of Lisbon harbour"
    )
    dataset.append(articles(bridge, first=4))
    assert dataset.search("firemen")["event"].nunique() == 1
    events = dataset.events()
    assert {events.current(int(number)) for number in numbers} == set(dataset.search("firemen")["event"])
    assert events.history()["kind"].tolist() == ["merged"]
    with pytest.raises(KeyError, match="no event 12"):
        events.current(12)


def test_events_are_counted_like_articles_and_stories(dataset: Dataset) -> None:
    dataset.append(articles(FIRE[1], first=3))
    table = dataset.search("fire OR storm").volume("D", unit="events")
    assert table["n"].tolist() == [2]
    assert dataset.search("fire OR storm").outlets(unit="events")["n"].tolist() == [2]
    with pytest.raises(ValueError, match="events"):
        dataset.search("fire").volume(unit="words")
