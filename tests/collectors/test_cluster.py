"""A back-fill by a real Dask cluster of processes stores what one machine stores, whatever is killed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import pressgauge
from collectors.demo.archive import write_archive
from collectors.demo.press import Piece, press
from collectors.ledger import SourceLedger
from collectors.refresh import refresh_now
from collectors.sources import Source
from pressgauge.dataset import Dataset

distributed = pytest.importorskip("distributed")
FILES, A_FILE = 4, 12


@pytest.fixture(scope="module")
def pieces() -> tuple[Piece, ...]:
    return press(date(2025, 1, 20), date(2025, 1, 22)).pieces[: FILES * A_FILE]


@pytest.fixture(scope="module")
def archives(pieces: tuple[Piece, ...], tmp_path_factory: pytest.TempPathFactory) -> Source:
    """A source of four WARC files."""
    folder = tmp_path_factory.mktemp("archives")
    for number in range(FILES):
        write_archive(folder / f"{number}.warc.gz", pieces[number * A_FILE : (number + 1) * A_FILE])
    return Source(name="archives", kind="ccnews", url=str(folder), outlet="archives")


@pytest.fixture(scope="module")
def client() -> Iterator[distributed.Client]:
    """Two workers, each a process with one thread, and their scheduler."""
    with distributed.Client(n_workers=2, threads_per_worker=1, dashboard_address=None) as client:
        yield client


@pytest.fixture(scope="module")
def alone(archives: Source, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """What one machine stores."""
    dataset = pressgauge.open(tmp_path_factory.mktemp("alone"))
    refresh_now(dataset, [archives], bar=False)
    return dataset


def articles(dataset: Dataset) -> pd.DataFrame:
    return dataset.load().drop(columns="collected").sort_values("id", ignore_index=True)


def assert_same(dataset: Dataset, expected: Dataset) -> None:
    pd.testing.assert_frame_equal(articles(dataset), articles(expected))


def of(report) -> SourceLedger:
    [ledger] = report.sources
    assert ledger.open == 0
    return ledger


def test_a_cluster_stores_what_one_machine_stores_and_its_second_refresh_nothing(
    alone: Dataset, archives: Source, client, pieces, tmp_path: Path
) -> None:
    dataset = pressgauge.open(tmp_path)
    ledger = of(refresh_now(dataset, [archives], bar=False, client=client))
    assert (ledger.seen, ledger.stored, ledger.error) == (FILES * A_FILE, len(pieces), None)
    assert set(dataset.load(["url"])["url"]) == {piece.url for piece in pieces}
    assert_same(dataset, alone)
    assert list((tmp_path / "staging").iterdir()) == [], "what is committed is no longer staged"
    again = of(refresh_now(dataset, [archives], bar=False, client=client))
    assert (again.seen, again.stored) == (0, 0)
