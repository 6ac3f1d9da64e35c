"""What each append asks of the articles that are stored: kept beside the dataset, a file for each of theirs.

Which id, story and date an article has, and the sketch of its text. All of it is in the Parquet files too,
where it has to be unpacked; here it is mapped into memory as it lies. A file's ids are checked when a process
first uses it, its sketches unless they were within a week (`checked`). What is missing, damaged or of another
format is made anew.
"""

from __future__ import annotations

import logging
import os
import zlib
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pressgauge.store import disk
from pressgauge.store.checked import NOTES, Checked, State, state_of, was_read
from pressgauge.stories.keys import BANDS, StoredKeys, mark_bytes, marks

log = logging.getLogger(__name__)

LEAST = 1_000
"""Rows of a file for which it is worth while."""
_NOTED = 16
"""Files that were checked anew for which it is worth while to note it."""
_MAGIC = b"pressgauge known 2\n".ljust(24)
_HEAD = 48
"""Bytes before the first array: what it is, its rows, CRC-32 of what is small, CRC-32 of the sketches
and their marks."""


class Identities(NamedTuple):
    """The rows of a file: id and story (int64), published (datetime64[us], UTC, NaT where unknown), and the
    `halves` of their sketches (uint16, shape (2, BANDS, n)); of a file that is kept, their `marks` too."""

    id: np.ndarray
    story: np.ndarray
    published: np.ndarray
    sketch: np.ndarray
    marks: np.ndarray | None = None

    @property
    def keys(self) -> StoredKeys:
        """The sketches as they are searched."""
        return StoredKeys(self.published, self.sketch, self.marks)

    def some(self, rows: slice | np.ndarray) -> Identities:
        """Those of some rows; marks are of these and of others."""
        return Identities(
            self.id[rows], self.story[rows], self.published[rows], self.sketch[:, :, rows], self.marks
        )


class Store:
    """The kept files of a dataset, in `folder`, and what of them this process has opened."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, _MappedFile] = {}
        self._in_memory: dict[str, Identities] = {}

    @cached_property
    def _checked(self) -> Checked:
        return Checked(self._folder / NOTES, self._folder)

    def ids(self, path: str, rows: int) -> np.ndarray | None:
        """The ids of a data file that has so many rows, where they are kept."""
        if path in self._in_memory:
            return self._in_memory[path].id
        file = self._mapped_file(path, rows)
        return None if file is None else file.identities.id

    def load(self, path: str, rows: int, read: Callable[[], Identities]) -> Identities:
        """What is known of a data file that has so many rows; where it is not kept, `read` says it."""
        if path in self._in_memory:
            return self._in_memory[path]
        file = self._mapped_file(path, rows)
        if file is not None:
            if file.sound(self._checked):
                return file.identities
            log.warning("%s is damaged; it is made anew", self._folder / _file_name(path))
            del self._files[path]
        identities = read()
        self.keep(path, identities)
        file = self._mapped_file(path, rows)
        return identities if file is None else file.identities

    def keep(self, path: str, identities: Identities) -> None:
        """Keep what is known of a data file: in memory where it is too small for a file of its own here, or
        that cannot be written."""
        if len(identities.id) < LEAST or not self._write_file(path, identities):
            self._in_memory[path] = identities

    def holds(self, path: str) -> bool:
        """Whether what is known of a data file is in memory."""
        return path in self._in_memory

    def keep_only(self, paths: Iterable[str]) -> None:
        """Forget the data files that are not among these, and delete what is kept of them."""
        names = {path: _file_name(path) for path in paths}
        for cache in (self._in_memory, self._files):
            for path in [path for path in cache if path not in names]:
                del cache[path]
        disk.keep_only(self._folder, {NOTES, *names.values()})

    def note_checked(self) -> None:
        """Note which files were checked, where these are many: another process need not read them again."""
        self._checked.note([file.state for file in self._files.values()], _NOTED)

    def _mapped_file(self, path: str, rows: int) -> _MappedFile | None:
        if path not in self._files and rows >= LEAST:
            file = self._folder / _file_name(path)
            try:
                state = state_of(file)  # before: of what replaces it meanwhile nothing is known
                self._files[path] = _MappedFile(np.asarray(np.memmap(file, np.uint8, "r")), rows, state)
            except FileNotFoundError:
                return None
            except (OSError, ValueError):
                log.warning("%s is damaged; it is made anew", file)
                return None
        return self._files.get(path)

    def _write_file(self, path: str, identities: Identities) -> bool:
        """Whether it could be kept."""
        small = b"".join(np.ascontiguousarray(each).tobytes() for each in identities[:3])
        sketch = np.ascontiguousarray(identities.sketch, "<u2").tobytes()
        large = sketch + marks(identities.sketch).tobytes()
        sums = np.array([len(identities.id), zlib.crc32(small), zlib.crc32(large)], "<i8").tobytes()
        try:
            self._folder.mkdir(exist_ok=True)
            disk.replace(self._folder / _file_name(path), _MAGIC + sums + small + large)
        except OSError:
            return False  # what cannot be kept is read again
        return True


class _MappedFile:
    """A kept file. Raises ValueError when it is not that of a data file with so many rows."""

    def __init__(self, content: np.ndarray, rows: int, state: State) -> None:
        self.state = state
        size, mark_size = 8 * rows, mark_bytes(rows)
        sketch_size = 4 * BANDS * rows
        self._small, self._large = content[_HEAD : _HEAD + 3 * size], content[_HEAD + 3 * size :]
        if bytes(content[:24]) != _MAGIC or len(self._large) != sketch_size + BANDS * mark_size:
            raise ValueError("it is of another size or format")
        row_count, self._sum_small, self._sum_large = content[24:_HEAD].view("<i8").tolist()
        if row_count != rows or zlib.crc32(self._small.data) != self._sum_small:
            raise ValueError("its bytes are not those that were written")
        ids, story, published = (self._small[at * size : (at + 1) * size] for at in range(3))
        self.identities = Identities(
            ids.view("<i8"),
            story.view("<i8"),
            published.view("<M8[us]"),
            self._large[:sketch_size].view("<u2").reshape(2, BANDS, rows),
            self._large[sketch_size:].reshape(BANDS, mark_size),
        )
        self._sound: bool | None = None

    def sound(self, checked: Checked) -> bool:
        """Whether the sketches and their marks are what was written."""
        if self._sound is None and checked.believes(self.state):
            self._sound = True
        if self._sound is None:
            self._sound = zlib.crc32(self._large.data) == self._sum_large
            if self._sound:
                was_read(self.state)
        return self._sound


def _file_name(path: str) -> str:
    return f"{path.replace(os.sep, '-').replace('/', '-')}.known2"
