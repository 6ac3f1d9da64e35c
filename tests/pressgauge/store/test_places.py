"""Where articles are: looked up as by asking each of all ids whether it is among the few."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pressgauge
from pressgauge.store.places import where_among
from pressgauge.store.table.delta import Storage
from tests.examples import examples

some_ids = st.lists(
    st.integers(-(2**63), 2**63 - 1) | st.sampled_from([0, 1, 1 << 16, (1 << 16) + 1, -1, -(1 << 16)])
).map(lambda ids: np.array(ids, np.int64))


@given(some_ids, some_ids)
@settings(max_examples=examples(100))
def test_a_few_ids_are_found_among_many_as_by_comparing_each(few: np.ndarray, ids: np.ndarray) -> None:
    assert where_among(few, ids).tolist() == [
        row for row, each in enumerate(ids) if each in set(few.tolist())
    ]


def test_texts_of_candidates_in_many_files_are_read_from_four_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each thread unpacks a row group of texts, and Storage.read takes one for each core."""
    dataset = pressgauge.open(tmp_path / "coverage")
    text = [" ".join(f"word{at}x{word}" for word in range(80)) for at in range(6)]

    def articles(day: str, where: str) -> pd.DataFrame:
        return pd.DataFrame({
            "url": [f"https://{where}.example/{at}" for at in range(len(text))],
            "title": "A title", "text": text, "published": pd.Timestamp(day, tz="UTC"),
        })  # fmt: skip

    for at in range(6):
        dataset.append(articles("2025-01-20", "one")[at : at + 1])
    files: list[int] = []
    read = Storage.read

    def noting(self: Storage, some: Sequence[object], columns: Sequence[str], *rows: object) -> pa.Table:
        files.append(len(some) if "text" in columns else 0)
        return read(self, some, columns, *rows)

    monkeypatch.setattr(Storage, "read", noting)
    assert dataset.append(articles("2025-01-21", "two")).added == len(text)
    assert sum(files) == len(text)
    assert max(files) == 4
