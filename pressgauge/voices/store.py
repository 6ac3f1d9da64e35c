"""The voices of a dataset, kept beside it: derived, brought up to date by what changed, never believed when
they may be wrong."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pressgauge.errors import DatasetError
from pressgauge.search.sync import NOTHING, Changes
from pressgauge.store import disk
from pressgauge.store.disk import is_writable
from pressgauge.store.lock import derived
from pressgauge.voices.readers import NameReader
from pressgauge.voices.tables import COLUMNS, NAMES, QUOTATIONS, READER, Tables, frame, tables

_PARTS = 24
"""Parts that may lie beside one another before they become one."""
_A_PART = 10_000
"""Articles of one part at least, while there are more."""
_STATE = "state.json"
_READ_SCHEMA = pa.schema([("id", pa.int64())])
_KINDS = {"read": _READ_SCHEMA, "quotations": QUOTATIONS, "names": NAMES}
Progress = Callable[[int, int], None]


class Dataset(Protocol):
    """What is asked of a dataset."""

    @property
    def path(self) -> Path: ...

    @property
    def state(self) -> tuple[int, int]: ...

    def changes(self, since: tuple[int, int], until: tuple[int, int], columns: Sequence[str]) -> Changes: ...


def update(
    dataset: Dataset,
    bodies: frozenset[str] = frozenset(),
    progress: Progress | None = None,
    reader: NameReader | None = None,
) -> Tables:
    """The voices of the newest version: only articles that changed are read, some 750 a second.

    They are kept in the folder `voices` of the dataset; missing, damaged, of another version of the rules or
    of `reader`, or of other `bodies`, they are read anew. `progress` is told how many articles are read, and
    of how many. Raises DatasetError when the disk refuses, or another process does not let go of them. Where
    the folder cannot be written they are read in memory, each time.
    """
    folder = dataset.path / "voices"
    if not is_writable(folder):
        return _in_memory(dataset, bodies, reader)
    with derived(folder, "voices"):
        return _Folder(folder, bodies, reader).update(dataset, progress)


def read(dataset: Dataset, bodies: frozenset[str] = frozenset(), reader: NameReader | None = None) -> None:
    """`update` without loading the tables: what a refresh does, which has little memory."""
    folder = dataset.path / "voices"
    if is_writable(folder):
        with derived(folder, "voices"):
            _Folder(folder, bodies, reader).follow(dataset, None)


def _in_memory(dataset: Dataset, bodies: frozenset[str], reader: NameReader | None) -> Tables:
    frames = dataset.changes(NOTHING, dataset.state, COLUMNS).frames
    parts = [tables(each, bodies, reader) for each in frames]
    quotations = pa.concat_tables([QUOTATIONS.empty_table(), *(some for some, _ in parts)])
    return Tables(
        frame(quotations), frame(pa.concat_tables([NAMES.empty_table(), *(some for _, some in parts)]))
    )


def behind(
    dataset: Dataset, bodies: frozenset[str] = frozenset(), reader: NameReader | None = None
) -> int | None:
    """How many articles would have to be read by `update`; None where nothing usable is kept."""
    folder = _Folder(dataset.path / "voices", bodies, reader)
    if folder.state is None:
        return None
    if folder.state == dataset.state:
        return 0
    try:
        return dataset.changes(folder.state, dataset.state, ["id"]).rows
    except DatasetError:
        return None


class _Folder:
    """The files of the voices: `state.json` names the parts that hold, each with its checksums, and of which
    state of the dataset they are. A part holds three tables: the ids read, their quotations, their names; a
    later part's word on an article replaces an earlier one's."""

    def __init__(self, path: Path, bodies: frozenset[str], reader: NameReader | None) -> None:
        self.path = path
        self.bodies = bodies
        self.name_reader = reader
        self.reader = [READER, zlib.crc32("\n".join(sorted(bodies)).encode())]
        if reader is not None:
            self.reader.append(zlib.crc32(f"{type(reader).__qualname__} {reader.version}".encode()))
        self.parts: list[dict[str, Any]] = []
        self.state: tuple[int, int] | None = None
        try:
            state = json.loads((path / _STATE).read_bytes())
            if state["reader"] == self.reader:
                self.state, self.parts = tuple(state["state"]), state["parts"]
        except (OSError, ValueError, KeyError, TypeError):
            pass  # missing or damaged: there is nothing to go on from

    def update(self, dataset: Dataset, progress: Progress | None) -> Tables:
        self.follow(dataset, progress)
        parts = self.load()
        if parts is None:
            self.clear()
            self.follow(dataset, progress)
            parts = self.load()
        if parts is None:
            raise OSError("a file that was just written cannot be read")
        if len(self.parts) > _PARTS:
            self.merge(parts)
        return Tables(frame(parts["quotations"]), frame(parts["names"]))

    def follow(self, dataset: Dataset, progress: Progress | None) -> None:
        """Read what changed since the state that is kept."""
        state = dataset.state
        if self.state is None:
            self.clear()
        if self.state == state:
            return
        try:
            changes = dataset.changes(self.state or NOTHING, state, COLUMNS)
        except DatasetError:
            self.clear()
            changes = dataset.changes(NOTHING, state, COLUMNS)
        self.read(changes, progress)
        self.state = state
        self.keep()

    def read(self, changes: Changes, progress: Progress | None) -> None:
        """Add what the changed articles say, in parts; those that left say nothing any more."""
        if len(changes.removed_ids):
            removed = pa.table({"id": np.asarray(changes.removed_ids, np.int64)})
            self.add([(removed, QUOTATIONS.empty_table(), NAMES.empty_table())])
        count = 0
        batch: list[tuple[pa.Table, pa.Table, pa.Table]] = []
        # by map, which lets go of a frame before it asks for the next: they hold texts
        for part in map(self.read_some, changes.frames):
            batch.append(part)
            count += len(part[0])
            if progress is not None and len(part[0]):
                progress(count, changes.rows)
            if sum(len(each[0]) for each in batch) >= _A_PART:
                self.add(batch)
                batch = []
        if sum(len(each[0]) for each in batch):
            self.add(batch)

    def read_some(self, articles: pd.DataFrame) -> tuple[pa.Table, pa.Table, pa.Table]:
        """The ids of some articles, their quotations and their names."""
        ids = pa.table({"id": articles["id"].to_numpy(np.int64)})
        return ids, *tables(articles, self.bodies, self.name_reader)

    def add(self, pieces: Sequence[tuple[pa.Table, pa.Table, pa.Table]]) -> None:
        number = 1 + max((part["number"] for part in self.parts), default=0)
        checks = {}
        for kind, some in zip(_KINDS, zip(*pieces, strict=True), strict=True):
            file = self.path / f"{number}.{kind}.parquet"
            pq.write_table(pa.concat_tables(some).unify_dictionaries(), file, compression="zstd")
            checks[kind] = zlib.crc32(file.read_bytes())
        self.parts.append({"number": number, "checks": checks})

    def load(self) -> dict[str, pa.Table] | None:
        """All parts together; None where one is missing or damaged."""
        pieces: dict[str, list[pa.Table]] = {kind: [schema.empty_table()] for kind, schema in _KINDS.items()}
        later = np.empty(0, np.int64)
        try:
            for part in reversed(self.parts):
                stay: pa.Array | None = None
                for kind, schema in _KINDS.items():
                    content = (self.path / f"{part['number']}.{kind}.parquet").read_bytes()
                    if zlib.crc32(content) != part["checks"][kind]:
                        return None
                    table = pq.read_table(pa.BufferReader(content)).cast(schema)
                    if len(later):
                        stay = pc.invert(pc.is_in(table["id"], pa.array(later)))
                        table = table.filter(stay)
                    pieces[kind].append(table)
                later = np.union1d(later, pieces["read"][-1]["id"].to_numpy())
        except (OSError, pa.ArrowException, KeyError, TypeError):
            return None
        return {kind: pa.concat_tables(tables[:1] + tables[:0:-1]) for kind, tables in pieces.items()}

    def merge(self, tables: dict[str, pa.Table]) -> None:
        """One part instead of many."""
        old = [part["number"] for part in self.parts]
        self.add([(tables["read"], tables["quotations"], tables["names"])])
        self.parts = self.parts[-1:]
        self.keep()
        for number in old:
            for kind in _KINDS:
                (self.path / f"{number}.{kind}.parquet").unlink(missing_ok=True)

    def keep(self) -> None:
        """Say which parts hold, at once and whole."""
        state = {"reader": self.reader, "state": self.state, "parts": self.parts}
        disk.replace(self.path / _STATE, json.dumps(state).encode())

    def clear(self) -> None:
        self.parts, self.state = [], None
        (self.path / _STATE).unlink(missing_ok=True)
        for file in self.path.glob("*.parquet"):
            file.unlink(missing_ok=True)
