"""The Delta table under a dataset: immutable Parquet files with checksums, changed in atomic commits.

A reader sees one version, whole; a writer that dies leaves the last one. Delta has no checksums, so each
commit records a digest of the files that make up its version, and `parquet` checksums of what is in a file:
what a disk changed is refused, never counted.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
import uuid
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from itertools import repeat
from pathlib import Path
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import IO, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.fs as pa_fs
from deltalake import DeltaTable, PostCommitHookProperties, Schema
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.transaction import RemoveAction, create_table_with_add_actions

from pressgauge.errors import DatasetError
from pressgauge.schema import SCHEMA
from pressgauge.store import disk
from pressgauge.store.table import deletions
from pressgauge.store.table.actions import (
    FACTS,
    FACTS_CRC,
    addition,
    additions,
    properties,
    removal,
    statement,
)
from pressgauge.store.table.listing import MONTH, NOTHING, Commit, File, Listing, Part
from pressgauge.store.table.local import keep, require_nameable
from pressgauge.store.table.object_store import files_at
from pressgauge.store.table.parquet import ParquetFile, crc, encode, fields

_DRAFT = 4_000_000
"""Bytes of a file that are in memory until its name is known."""
_WRITTEN_AT_ONCE, _SMALL = 4, 1_000_000
"""Files of so many bytes at most that are written at once: memory has some of them then."""
_RETENTION = ("delta.logRetentionDuration", "delta.deletedFileRetentionDuration")
_CHECKPOINT = 100
"""Commits between two checkpoints, as deltalake makes them."""
_HOOKS = PostCommitHookProperties(cleanup_expired_logs=False)
_DELTA = Schema.from_arrow(SCHEMA.append(pa.field(MONTH, pa.string(), nullable=False)))
_DELTA_NAMES = tuple(field.name for field in _DELTA.fields)
_UNREADABLE = (DatasetError, OSError, pa.ArrowException)


_PATIENCE = "20s"
"""For an object store that answers nothing, or only faults, unless the options say otherwise: by itself
deltalake (1.6) waits for 180 s before it says so."""


class _Draft(NamedTuple):
    """A file whose name is known now that all of it is there: in memory, or a temporary file, which is
    deleted whatever happens."""

    month: str
    content: IO[bytes]
    rows: int
    size: int
    ending: str


class ConflictError(DatasetError):
    """Another writer committed first; read again and repeat."""


class Storage:
    """The table at a local folder or an object store's URL; it need not exist yet.

    Every method raises DatasetError when the table cannot be read or written.
    """

    def __init__(self, location: str | Path, options: dict[str, str] | None = None) -> None:
        self.location = str(location)
        self.local = location if isinstance(location, Path) else None
        if self.local is not None:
            require_nameable(self.local)
        self._options = options if self.local is not None else {"retry_timeout": _PATIENCE} | (options or {})
        self._table: DeltaTable | None = None
        self._latest = self._before = NOTHING
        self.has_existed = False
        """Whether there was a table when it was last looked for, or before."""
        self._stamp: tuple[int, ...] = ()
        self._one = threading.RLock()

    def latest(self) -> Listing:
        """The newest version; NOTHING before the first commit."""
        with self._one, _report_failures(f"cannot read {self.location}"):
            if self._stamp != self._stamp_of(self._latest):
                self._table = None  # another table took its place, or a repair changed its log
            if self._table is None:
                self._latest, self._stamp = NOTHING, ()
                if self.local is not None and not (self.local / "_delta_log").is_dir():
                    return NOTHING
                try:
                    self._table = DeltaTable(self.location, storage_options=self._options)
                except TableNotFoundError:
                    return NOTHING
            elif self.local is None or self._record_at(self._latest.version + 1).exists():
                self._table.update_incremental()
            if self._table.version() != self._latest.version:
                listing = self._list_files(self._table)
                self._before, self._latest, self._stamp = self._latest, listing, self._stamp_of(listing)
                self.has_existed = True
            return self._latest

    def at(self, version: int) -> Listing:
        """The listing of a version, by its number. Raises DatasetError where there is no such version."""
        latest = self.latest()
        for listing in (latest, self._before):
            if version == listing.version:
                return listing
        if not 0 <= version < latest.version:
            raise DatasetError(
                f"{self.location} has no version {version}; expected one from 0 to {latest.version}"
            )
        return self.listing(version)

    def listing(self, version: int) -> Listing:
        """A version, whatever the newest one is."""
        with _report_failures(f"cannot read version {version} of {self.location}"):
            return self._list_files(DeltaTable(self.location, version, storage_options=self._options))

    def commits(self) -> list[Commit | None]:
        """What each commit says of itself, oldest first; None where its record is damaged or set aside."""
        return [self.record(version) for version in range(self.latest().version + 1)]

    def record(self, version: int) -> Commit | None:
        """What a commit records about itself, by the number of its version."""
        try:
            return self._read_record(version)
        except (DatasetError, FileNotFoundError):
            return None

    def read(
        self, files: Iterable[File], columns: Sequence[str], rows: Sequence[np.ndarray] | None = None
    ) -> pa.Table:
        """`columns` of the files' rows, in their order; one that an older release did not write is null.

        `rows` has for each file the numbers of those wanted, ascending: only their row groups are read.
        """
        row_sets = repeat(None) if rows is None else rows
        with _report_failures(f"cannot read {self.location}"), ThreadPoolExecutor(os.cpu_count()) as pool:
            parts = list(pool.map(lambda file, some: self._read_file(file, columns, some), files, row_sets))
        return pa.concat_tables(parts) if parts else fields(columns).empty_table()

    def commit(
        self,
        based: Listing,
        add: Iterable[Part],
        remove: Iterable[File],
        facts: dict[str, Any],
        marked_files: Iterable[File] = (),
    ) -> Listing:
        """Add a file for each part, take `remove` out, in one step.

        Nothing is visible before all of it is. `based` is the version that was changed; `marked_files` are
        files of it as they shall be (`File.without`), which only a local table can have.
        """
        with _report_failures(f"cannot write {self.location}"):
            new_files: list[tuple[File, int]] = []
            try:
                self._write_files(add, new_files)
                if new_files and self.local is not None:
                    disk.sync(self.local)  # it names the folders of new months
                fewer = [(file, self._size_of(file)) for file in marked_files]
                paths = {file.path for file, _ in fewer}
                removed_files = [*remove, *(file for file in based.files if file.path in paths)]
                self._transact(based, [*new_files, *fewer], removed_files, facts)
            except BaseException as error:
                # A commit may have come through before what raised, a checkpoint for which there was no room.
                landed = self._has_landed(new_files)
                if landed is False:
                    self._discard_files(file for file, _ in new_files)
                if not (landed and isinstance(error, Exception)):
                    raise
            return self._on_disk(based)

    def restore(self, based: Listing, target: Listing, facts: dict[str, Any]) -> Listing:
        """Make the files of an earlier version those of a new one, in one step; none is written or deleted.

        `based` is the version that was changed. Raises DatasetError when a file was deleted meanwhile.
        """
        with _report_failures(f"cannot write {self.location}"):
            current_files, target_files = set(based.files), set(target.files)
            back = [(file, self._size_of(file)) for file in target.files if file not in current_files]
            self._transact(based, back, [file for file in based.files if file not in target_files], facts)
            return self._on_disk(based)

    def _on_disk(self, based: Listing) -> Listing:
        """The newest version, when its record is on disk."""
        latest = self.latest()
        if self.local is not None:
            with self._record_at(latest.version).open("rb") as file:
                os.fsync(file.fileno())
            disk.sync(self.local / "_delta_log")
            if based.version < 0:
                for folder in (self.local, *self.local.parents[:2]):  # each is named by the next
                    disk.sync(folder)
        return latest

    def _size_of(self, file: File) -> int:
        """Raises FileNotFoundError."""
        if self.local is not None:
            return (self.local / file.path).stat().st_size
        info = self._remote_files.get_file_info(file.path)
        if info.type != pa_fs.FileType.File:
            raise FileNotFoundError(file.path)
        return int(info.size)

    def intact(self, file: File) -> pa.Table | None:
        """The rows of a local file, as far as they are what was written; None if they all are."""
        groups = [fields(SCHEMA.names).empty_table()]
        rows, is_intact = -1, False
        with contextlib.suppress(*_UNREADABLE), self._open_file(file, SCHEMA.names) as parquet:
            rows, starts = parquet.rows, parquet.starts
            for group in range(parquet.groups):
                with contextlib.suppress(*_UNREADABLE):
                    marked_rows = file.deleted_rows[
                        (file.deleted_rows >= starts[group]) & (file.deleted_rows < starts[group + 1])
                    ]
                    alive = np.delete(
                        np.arange(starts[group + 1] - starts[group]), marked_rows - starts[group]
                    )
                    groups.append(parquet.read([group]).take(pa.array(alive)))
            is_intact = sum(map(len, groups)) == file.rows and rows == file.physical_rows
        return None if is_intact else pa.concat_tables(groups)

    def forget(self, days: int) -> int:
        """Delete the files that only versions older than `days` need; how many."""
        self.latest()
        if self._table is None:
            return 0
        with _report_failures(f"cannot clean {self.location}"):
            deleted_paths = self._table.vacuum(
                retention_hours=24 * days, dry_run=False, enforce_retention_duration=False
            )
        return len(deleted_paths)

    # Reading

    def _list_files(self, table: DeltaTable) -> Listing:
        actions = pa.table(table.get_add_actions(flatten=True))
        names, rows = actions["path"].to_pylist(), actions["num_records"].to_pylist()
        deleted_rows = deletions.deleted_rows(table)
        entries = [File(path, count) for path, count in zip(names, rows, strict=True)]
        if deleted_rows:
            entries = [
                file.without(deleted_rows[name])
                if (name := deletions.name_of(file.path)) in deleted_rows
                else file
                for file in entries
            ]
        files = tuple(sorted(entries, key=lambda file: file.path))
        listing = Listing(table.version(), files, self._read_record(table.version()).facts)
        if listing.facts.get("files", listing.digest) != listing.digest:
            raise DatasetError(
                f"{self.location}: the log of version {table.version()} is damaged: it lists other files "
                "than were committed; run `pressgauge doctor`, or open an earlier version with as_of"
            )
        return listing

    def _read_record(self, version: int) -> Commit:
        try:
            lines = self._read_bytes(f"_delta_log/{version:020}.json").decode().splitlines()
            info = next(action["commitInfo"] for action in map(json.loads, lines) if "commitInfo" in action)
            facts = "{}"
            if FACTS in info or FACTS_CRC in info:  # one without the other is damage, too
                facts = info[FACTS]
                if info[FACTS_CRC] != crc(facts.encode()):
                    raise ValueError("its checksum is another")
            facts = json.loads(facts)
            return Commit(version, facts.get("at", info.get("timestamp")), info.get("operation"), facts)
        except (ValueError, KeyError, TypeError, AttributeError, StopIteration) as error:
            raise DatasetError(
                f"{self.location}: the record of version {version} in _delta_log is damaged; "
                "run `pressgauge doctor`"
            ) from error

    def _stamp_of(self, listing: Listing) -> tuple[int, ...]:
        """The record of a version in a local log, as it lies on disk: the same while the table is."""
        if self.local is None or listing.version < 0:
            return ()
        try:
            state = self._record_at(listing.version).stat()
        except FileNotFoundError:
            return (0,)
        return state.st_ino, state.st_size, state.st_mtime_ns

    def _record_at(self, version: int) -> Path:
        """Where a local log has the record of a version."""
        assert self.local is not None
        return self.local / "_delta_log" / f"{version:020}.json"

    def _read_file(self, file: File, columns: Sequence[str], rows: np.ndarray | None) -> pa.Table:
        with self._open_file(file, columns) as parquet:
            if parquet.rows != file.physical_rows:
                problem = f"{file.path} does not have the {file.physical_rows} rows written"
                raise DatasetError(f"{self.location}: {problem}")
            if not file.deleted:
                return parquet.read() if rows is None else parquet.take(rows)
            return parquet.take(file.numbers if rows is None else file.numbers[rows])

    def _open_file(self, file: File, columns: Sequence[str]) -> ParquetFile:
        if self.local is not None:
            return ParquetFile(self.local / file.path, columns)
        return ParquetFile(self._remote_files.open_input_file(file.path), columns)

    @cached_property
    def _remote_files(self) -> pa_fs.FileSystem:
        return files_at(self.location, self._options)

    def _read_bytes(self, path: str) -> bytes:
        if self.local is not None:
            return (self.local / path).read_bytes()
        with self._remote_files.open_input_file(path) as stream:
            content: bytes = stream.read()
        return content

    # Writing

    def _write_files(self, parts: Iterable[Part], written: list[tuple[File, int]]) -> None:
        """Write a file for each part, and put it and its size into `written`: also when another one fails.

        The disk is waited for by some small files at once, of which it has hardly more work than of one.
        """
        if self.local is not None:
            self.local.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(_WRITTEN_AT_ONCE) as pool:
            waiting: deque[Future[tuple[File, int]]] = deque()
            try:
                for part in parts:
                    draft = self._draft(part)
                    waiting.append(pool.submit(self._write_file, draft))
                    while len(waiting) >= (_WRITTEN_AT_ONCE if draft.size <= _SMALL else 1):
                        _take_first(waiting, written)
                while waiting:
                    _take_first(waiting, written)
            finally:
                written += [each.result() for each in waiting if each.exception() is None]

    def _draft(self, part: Part) -> _Draft:
        content = SpooledTemporaryFile(  # noqa: SIM115 - closed when it is written
            _DRAFT, dir=str(self.local) if self.local else None
        )
        try:
            return _Draft(part.month, content, *encode(part.tables, content))
        except BaseException:
            content.close()
            raise

    def _write_file(self, draft: _Draft) -> tuple[File, int]:
        """Write one file -> it and its size."""
        with draft.content as content:
            content.seek(0)
            path = f"{MONTH}={draft.month}/{uuid.uuid4().hex}{draft.ending}"
            if self.local is None:
                with self._remote_files.open_output_stream(path) as stream:
                    copyfileobj(content, stream)
            else:
                keep(content, self.local, path)
        return File(path, draft.rows), draft.size

    def _transact(
        self,
        based: Listing,
        new_files: list[tuple[File, int]],
        removed_files: list[File],
        facts: dict[str, Any],
    ) -> None:
        now = time.time_ns() // 1_000_000
        removed_set = set(removed_files)
        files = [*(file for file in based.files if file not in removed_set), *(file for file, _ in new_files)]
        facts_text = statement(files, facts, now)
        if based.version < 0:
            try:
                create_table_with_add_actions(
                    self.location,
                    _DELTA,
                    additions(new_files, now),
                    mode="error",
                    partition_by=[MONTH],
                    configuration=dict.fromkeys(_RETENTION, "interval 36500 days"),
                    storage_options=self._options,
                    commit_properties=properties(facts_text),
                    post_commithook_properties=_HOOKS,
                )
            except DeltaError as error:
                if self.latest().version >= 0:
                    raise ConflictError(f"{self.location} was made by another writer") from error
                raise
            return
        with self._one:
            if self.latest().version != based.version:
                raise ConflictError(f"{self.location} was changed by another writer")
            assert self._table is not None
            if unknown := {field.name for field in self._table.schema().fields} - set(_DELTA_NAMES):
                raise DatasetError(
                    f"{self.location} has columns of a newer Pressgauge ({', '.join(sorted(unknown))}): "
                    "it can be read, but this version would lose them by writing; upgrade Pressgauge"
                )
            if new := _absent_fields(self._table):
                same = properties(statement(based.files, {"operation": "new columns"}, now))
                self._table.alter.add_columns(new, commit_properties=same)
                if self.latest().version != based.version + 1:
                    raise ConflictError(f"{self.location} was changed by another writer")
            if any(file.deleted for file in based.files):
                self._refuse_foreign(based)
            if any(file.deleted for file in (*removed_files, *(file for file, _ in new_files))):
                self._write_record(new_files, removed_files, facts_text, now)
                return
            self._table.create_write_transaction(
                [
                    *additions(new_files, now),
                    *(
                        RemoveAction(f.path, True, now, partition_values={MONTH: f.month})
                        for f in removed_files
                    ),
                ],
                mode="append",
                schema=_DELTA,
                partition_by=[MONTH],
                commit_properties=properties(facts_text),
                post_commithook_properties=_HOOKS,
            )

    def _write_record(
        self,
        new_files: list[tuple[File, int]],
        removed_files: list[File],
        facts_text: str,
        now: int,
    ) -> None:
        """The commit of `_transact` where files have marked rows, of which deltalake writes nothing."""
        assert self._table is not None
        if self.local is None:
            raise DatasetError(f"{self.location}: rows can be marked as deleted in a local table only")
        info = {
            "timestamp": now,
            "operation": "WRITE",
            FACTS: facts_text,
            FACTS_CRC: crc(facts_text.encode()),
        }
        version = self._table.version() + 1
        actions = [
            {"commitInfo": info},
            *deletions.upgrade(self._table),
            *({"remove": removal(file, now)} for file in removed_files),
            *({"add": addition(file, size, now)} for file, size in new_files),
        ]
        try:
            deletions.write_record(self.local / "_delta_log", version, actions)
        except FileExistsError as error:
            raise ConflictError(f"{self.location} was changed by another writer") from error
        if version % _CHECKPOINT == 0:
            self._table.update_incremental()
            self._table.create_checkpoint()

    def _refuse_foreign(self, based: Listing) -> None:
        """Raise DatasetError when another program marked rows since our last commit: its vectors, which a
        commit has to name, may be ones that are not written here."""
        for version in range(based.version, -1, -1):
            record = self.record(version)
            if record is not None and "files" in record.facts:
                return
            if b'"deletionVector":{' in self._read_bytes(f"_delta_log/{version:020}.json").replace(b" ", b""):
                raise DatasetError(
                    f"{self.location}: another program deleted rows by deletion vectors; have it write these "
                    "files anew first (REORG TABLE ... APPLY (PURGE))"
                )

    def _has_landed(self, new_files: list[tuple[File, int]]) -> bool | None:
        """Whether the newest version names the files; None if that cannot be known."""
        if not new_files:
            return False
        try:
            files = Storage(self.local or self.location, self._options).latest().files
        except DatasetError:
            return None
        return new_files[0][0] in files

    def _discard_files(self, files: Iterable[File]) -> None:
        """Delete files that no version will name; what cannot be deleted is harmless, and doctor finds it."""
        for file in files:
            with contextlib.suppress(OSError):
                if self.local is not None:
                    (self.local / file.path).unlink()
                else:
                    self._remote_files.delete_file(file.path)


@contextlib.contextmanager
def _report_failures(task: str) -> Iterator[None]:
    """Turn what the disk, the store or the libraries raise into a DatasetError that says what was tried."""
    try:
        yield
    except DatasetError:
        raise
    except CommitFailedError as error:
        raise ConflictError(f"{task}: another writer was faster; try again ({error})") from error
    except FileNotFoundError as error:
        advice = "a file of the dataset is missing; run `pressgauge doctor`"
        raise DatasetError(f"{task}: {advice} ({error})") from error
    except (OSError, DeltaError, pa.ArrowException, ValueError, KeyError) as error:
        raise DatasetError(f"{task}: {error}") from error


def _take_first(waiting: deque[Future[tuple[File, int]]], written: list[tuple[File, int]]) -> None:
    """Wait for the first file, and only then let go of it: what interrupts finds it still among `waiting`."""
    written.append(waiting[0].result())
    waiting.popleft()


def _absent_fields(table: DeltaTable) -> list[Any]:
    """The fields that a table of an older release lacks."""
    names = {field.name for field in table.schema().fields}
    return [field for field in _DELTA.fields if field.name not in names]
