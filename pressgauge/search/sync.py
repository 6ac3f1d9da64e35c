"""The index beside a dataset on disk: kept up to date, and never believed when it may be wrong.

It is derived, so any doubt is resolved by building it anew. It says which state of the dataset it holds (the
version, and the digest of its files) in the same atomic commit as its articles; so what the dataset changed
since is all there is to do, and a killed update is one that did not happen.
"""

from __future__ import annotations

import json
import mmap
import shutil
import struct
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
import tantivy
from filelock import FileLock, Timeout

from pressgauge.errors import DatasetError
from pressgauge.search.index import COLUMNS, Index, schema, with_analyzers, write, writer
from pressgauge.search.tokens import FORMAT
from pressgauge.store.disk import is_writable

_PATIENCE = 600  # seconds; a million articles take some minutes to index anew
_SUFFIXES = (".term", ".idx", ".pos", ".fast", ".fieldnorm", ".store")
_sound_files: set[tuple[Path, int, int, int]] = set()
_MAGIC = 1337  # ends every Tantivy file, after a JSON footer with the checksum and that footer's length


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
    """What an index asks of a dataset."""

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
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock", timeout=_PATIENCE):
            index = _update_index(dataset, path) if sound(path) else _rebuild_index(dataset, path)
            while index.state != dataset.state:  # a commit came in meanwhile
                index = _update_index(dataset, path)
            return index
    except Timeout:
        raise DatasetError(f"another process keeps the search index {folder}; try again later") from None
    except (OSError, ValueError) as error:
        advice = "Make room, or delete that folder: it is built anew when next opened"
        raise DatasetError(f"cannot write the search index {folder}: {error}. {advice}.") from error


def sound(path: Path) -> bool:
    """Whether there is an index of today's schema, and every file has the checksum it was written with."""
    try:
        meta = json.loads((path / "meta.json").read_bytes())
        files = [file for segment in meta["segments"] for file in _segment_files(path, segment)]
        with ThreadPoolExecutor() as pool:
            return all(pool.map(_is_intact, files)) and _open_stored(path).schema == schema()
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return False


def _update_index(dataset: Dataset, path: Path) -> Index:
    index = _open_stored(path)
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
    """Build beside, then swap: a reader meets the old index, none, or the new one, never half of one."""
    building = Path(tempfile.mkdtemp(prefix="building-", dir=path.parent))
    try:
        _fill_index(tantivy.Index(schema(), str(building)), dataset)
        shutil.rmtree(path, ignore_errors=True)
        building.rename(path)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return Index(_open_stored(path))


def _fill_index(index: tantivy.Index, dataset: Dataset) -> Index:
    state = dataset.state
    _write_changes(with_analyzers(index), dataset.changes(NOTHING, state, COLUMNS), state)
    return Index(index)


def _write_changes(index: tantivy.Index, changes: Changes, state: tuple[int, int]) -> None:
    with writer(index, changes.rows) as writing:
        write(writing, changes.frames, changes.removed_ids, state)


def _open_stored(path: Path) -> tantivy.Index:
    return with_analyzers(tantivy.Index.open(str(path)))


def _segment_files(path: Path, segment: dict) -> list[Path]:
    """The files that make up a segment. Raises KeyError when one is missing."""
    name = segment["segment_id"].replace("-", "")
    by_suffix = {file.suffix: file for file in path.glob(f"{name}.*") if file.suffix != ".del"}
    files = [by_suffix[suffix] for suffix in _SUFFIXES]
    if segment["deletes"]:  # by name: a killed commit may have left other lists of deletions
        files.append(path / f"{name}.{segment['deletes']['opstamp']}.del")
    return files


def _is_intact(file: Path) -> bool:
    """Whether a file has its checksum; asked once by a process, for such a file never changes."""
    status = file.stat()
    state = file, status.st_ino, status.st_size, status.st_mtime_ns
    if state not in _sound_files and _has_checksum(file):
        _sound_files.add(state)
    return state in _sound_files


def _has_checksum(file: Path) -> bool:
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        size, magic = struct.unpack("<II", content[-8:])
        if magic != _MAGIC:
            return False
        footer = json.loads(content[-8 - size : -8])
        with memoryview(content) as view, view[: -8 - size] as body:
            return zlib.crc32(body) == footer["crc"]
