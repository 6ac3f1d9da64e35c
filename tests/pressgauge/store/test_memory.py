"""What was freed goes back to the system, and texts are freed before others are read."""

from __future__ import annotations

import subprocess
import sys
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from bench.torture_storage import articles
from pressgauge.search.sync import Changes
from pressgauge.store.dataset import Dataset

_MEASURED = """
from pathlib import Path
from pressgauge.store.memory import give_back
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
blocks = [b"x" * (100_000 + number) for number in range(1_000)]
last = b"x" * 1_000  # behind them, so that the heap does not shrink by itself
with_all = resident()
del blocks
give_back()
print(with_all - resident())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="of other C libraries nothing is asked")
def test_what_was_freed_is_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", _MEASURED], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 80_000_000


class Watched(Dataset):
    """A dataset that looks whether the frames it gave are let go of."""

    frames = 0

    def changes(self, *args: Any) -> Changes:
        changes = super().changes(*args)
        return replace(changes, frames=self._watched(changes.frames))

    def _watched(self, frames: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        while (frame := next(frames, None)) is not None:
            held, is_there = [frame], weakref.ref(frame)
            del frame
            self.frames += 1
            yield held.pop()
            assert is_there() is None, "the frame before is still there"


@pytest.mark.parametrize("derived", [Dataset.index, Dataset.events, Dataset.read_voices])
def test_who_reads_texts_lets_go_of_them_before_more_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, derived: Any
) -> None:
    monkeypatch.setattr("pressgauge.store.changes.ROWS_A_GROUP", 2)
    dataset = Watched(tmp_path / "coverage")
    dataset.append(articles(dict.fromkeys(range(8), 0)))
    derived(dataset)
    assert dataset.frames >= 4
