"""The index beside a dataset on disk: kept up to date, and never believed when it may be wrong.

It is derived, so any doubt is resolved by building it anew. It says which state of the dataset it holds (the
version, and the digest of its files) in the same atomic commit as its articles; so what the dataset changed
since is all there is to do, and a killed update is one that did not happen.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
import tantivy

from pressgauge.errors import DatasetError
from pressgauge.search.index import COLUMNS, Index, schema, with_analyzers, write, writer
from pressgauge.search.soundness import open_stored, sound
from pressgauge.search.tokens import FORMAT
from pressgauge.store.disk import is_writable
from pressgauge.store.lock import derived


@dataclass(frozen=True, slots=True)
class Changes:
    """What leads from one state of a dataset to another: ids (int64) to take out, then articles to put in, as
    frames of the columns asked for, `rows` in all. An article that is otherwise than before is in both."""

    removed_ids: np.ndarray
    rows: int
    frames: Iterator[pd.DataFrame]


NOTHING = (-1, 0)
"""The state of a dataset before its first commit."""


class Dataset(Protocol):
    """The part of a dataset that its search index is made of."""

    @property
    def state(self) -> tuple[int, int]:
        """The newest version and the digest of its files."""

    def changes(self, since: tuple[int, int], until: tuple[int, int], columns: Sequence[str]) -> Changes:
        """Raises DatasetError when it was never in that state, or what it held then is no more on disk."""


def open_index(dataset: Dataset, folder: Path | None) -> Index:
    """The index of the dataset's current version, kept in `folder` and first brought up to date there.

    Missing, of another format or damaged, it is built anew. It lives in memory when `folder` is None or
    cannot be written. Raises DatasetError when the disk refuses, or another process does not let go of it.
    """
    if folder is None or not is_writable(folder):
        return _fill_index(tantivy.Index(schema()), dataset)
    path = folder / f"format-{FORMAT}"
    with derived(folder, "search index", (OSError, ValueError)):  # Tantivy raises both
        index = _update_index(dataset, path) if sound(path) else _rebuild_index(dataset, path)
        while index.state != dataset.state:  # a commit came in meanwhile
            index = _update_index(dataset, path)
        return index


def _update_index(dataset: Dataset, path: Path) -> Index:
    index = open_stored(path)
    current, state = Index(index), dataset.state
    if current.state == state:
        return current
    try:
        changes = dataset.changes(current.state, state, COLUMNS)
    except DatasetError:
        return _rebuild_index(dataset, path)
    _write_changes(index, changes, state)
    return Index(index)


def _rebuild_index(dataset: Dataset, path: Path) -> Index:
    """Build beside, then swap: a reader meets the old index, none, or the new one, never half of one.

    Only one builds at a time; so what else is being built is of a process that was killed. Indexes of older
    formats are deleted: who has one open keeps its files, and an older release makes its own anew.
    """
    for left in path.parent.glob("building-*"):
        shutil.rmtree(left, ignore_errors=True)
    building = Path(tempfile.mkdtemp(prefix="building-", dir=path.parent))
    try:
        _fill_index(tantivy.Index(schema(), str(building)), dataset)
        shutil.rmtree(path, ignore_errors=True)
        building.rename(path)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    for other in path.parent.glob("format-*"):
        if (number := other.name.removeprefix("format-")).isdecimal() and int(number) < FORMAT:
            shutil.rmtree(other, ignore_errors=True)
    return Index(open_stored(path))


def _fill_index(index: tantivy.Index, dataset: Dataset) -> Index:
    state = dataset.state
    _write_changes(with_analyzers(index), dataset.changes(NOTHING, state, COLUMNS), state)
    return Index(index)


def _write_changes(index: tantivy.Index, changes: Changes, state: tuple[int, int]) -> None:
    with writer(index, changes.rows) as writing:
        write(writing, changes.frames, changes.removed_ids, state)
