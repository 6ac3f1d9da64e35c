"""Which articles the topics match, kept beside a dataset: the same as the index answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import pressgauge
from pressgauge.settings import paths
from pressgauge.settings.topics import Topic
from pressgauge.snapshot import Snapshot
from pressgauge.store.cache import arrays
from pressgauge.store.cache.memberships import topic_masks

QUERIES = (
    '"open source"',
    "closed OR outlet:wired",
    "NOT open",
    "country:US",
    "atleast2:open",
    "*",
    "nothing",
)
TEXTS = ("open source", "open, open", "a closed model", "closed source", "a source")


def articles(count: int) -> pd.DataFrame:
    number = np.arange(count)
    return pd.DataFrame(
        {
            "url": [f"https://press.example/{n}" for n in number],
            "title": [f"Number {n}" for n in number],
            "text": [TEXTS[n % len(TEXTS)] for n in number],
            "outlet": np.where(number % 3 == 0, "Wired", "BBC"),
            "country": np.where(number % 2 == 0, "US", None),
            "published": pd.Timestamp("2025-01-10", tz="UTC"),
        }
    )


def topics(*queries: str) -> list[Topic]:
    return [Topic(f"topic{n}", query, None, query) for n, query in enumerate(queries)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(arrays, "LEAST", 1)
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path))
    dataset = pressgauge.open(tmp_path / "coverage")
    dataset.append(articles(40))
    return tmp_path / "coverage"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries that are asked of the index."""
    queries: list[str] = []
    mask = Snapshot.mask

    def recorded(self: Snapshot, query: str, **options: bool) -> np.ndarray:
        queries.append(query)
        return mask(self, query, **options)

    monkeypatch.setattr(Snapshot, "mask", recorded)
    return queries


def assert_right(snapshot: Snapshot) -> None:
    """Each topic has the articles that the index, asked now, gives for its query."""
    for topic in snapshot.topics:
        expected = snapshot.articles["id"].isin(snapshot.index.ids(topic.query))
        assert snapshot.membership[topic.name].tolist() == expected.tolist()


def test_what_is_kept_is_what_the_index_answers_and_is_not_asked_again(
    folder: Path, asked: list[str]
) -> None:
    assert_right(pressgauge.open(folder).snapshot(topics(*QUERIES)))
    assert tuple(asked) == QUERIES
    assert_right(pressgauge.open(folder).snapshot(topics(*reversed(QUERIES))))
    assert tuple(asked) == QUERIES


def test_only_a_topic_that_is_new_or_was_changed_is_asked(folder: Path, asked: list[str]) -> None:
    pressgauge.open(folder).snapshot(topics("open", "closed"))
    assert_right(pressgauge.open(folder).snapshot(topics("open", "source", "closed")))
    assert asked == ["open", "closed", "source"]
    assert_right(pressgauge.open(folder).snapshot(topics("source")))
    assert asked == ["open", "closed", "source"]


def test_a_query_is_known_however_it_is_written(folder: Path, asked: list[str]) -> None:
    pressgauge.open(folder).snapshot(topics("open AND source"))
    assert_right(pressgauge.open(folder).snapshot(topics("Open   source")))
    assert asked == ["open AND source"]


def test_after_an_append_all_are_asked_again(folder: Path, asked: list[str]) -> None:
    pressgauge.open(folder).snapshot(topics("open"))
    dataset = pressgauge.open(folder)
    dataset.append(articles(60)[40:])
    assert_right(dataset.snapshot(topics("open")))
    assert asked == ["open", "open"]


def test_after_an_edit_of_the_outlets_all_are_asked_again(folder: Path) -> None:
    before = pressgauge.open(folder).snapshot(topics("outlet:weekly"))
    assert not before.membership["topic0"].any()
    paths.outlets_file().write_text('[[outlet]]\nname = "Weekly"\naliases = ["Wired"]\n')
    after = pressgauge.open(folder).snapshot(topics("outlet:weekly"))
    assert_right(after)
    assert after.membership["topic0"].sum() == 14


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content[:-1] + bytes([content[-1] ^ 128]),
        lambda content: content.replace(b"open", b"shut", 1),
        lambda content: b"",
        lambda content: b"\n\n",
        lambda content: b"0\n[]\n",
    ],
)
def test_a_damaged_file_is_not_believed(folder: Path, damage: Callable[[bytes], bytes]) -> None:
    pressgauge.open(folder).snapshot(topics("open", "closed"))
    file = folder / "topics"
    file.write_bytes(damage(file.read_bytes()))
    assert_right(pressgauge.open(folder).snapshot(topics("open", "closed")))


def test_what_cannot_be_written_costs_only_time(folder: Path) -> None:
    (folder / "topics").mkdir()
    assert_right(pressgauge.open(folder).snapshot(topics("open")))


@pytest.mark.parametrize(
    "query", ["speaker:smith", 'open AND NOT quote:"a word"', "closed OR (speaker:* open)"]
)
def test_what_is_asked_of_voices_is_not_kept(folder: Path, query: str) -> None:
    snapshot = pressgauge.open(folder).snapshot(topics("open"))
    assert set(topic_masks(folder / "other", snapshot, ["open", query])) == {"open"}


def test_of_a_small_dataset_nothing_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "LEAST", 41)
    assert_right(pressgauge.open(folder).snapshot(topics("open")))
    assert not (folder / "topics").exists()


def test_what_was_asked_while_outlets_were_renamed_is_not_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths.outlets_file().write_text("")
    mask = Snapshot.mask

    def renamed(self: Snapshot, query: str) -> np.ndarray:
        paths.outlets_file().write_text('[[outlet]]\nname = "Weekly"\naliases = ["Wired"]\n')
        return mask(self, query)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Snapshot, "mask", renamed)
        pressgauge.open(folder).snapshot(topics("outlet:weekly", "outlet:wired"))
    paths.outlets_file().write_text("")
    assert_right(pressgauge.open(folder).snapshot(topics("outlet:weekly", "outlet:wired")))
