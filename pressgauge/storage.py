"""The Delta table under a dataset: immutable Parquet files with checksums, changed in atomic commits.

A reader sees one version, whole; a writer that dies leaves the last one. Delta has no checksums, so a file's
name carries the CRC-32 of its bytes, and each commit a digest of the files that make up its version: what a
disk changed is refused, never counted.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import time
import uuid
import zlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.fs as pa_fs
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties, Schema
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.fs import DeltaStorageHandler
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions

from pressgauge.article import CATEGORICAL, SCHEMA
from pressgauge.errors import DatasetError

MONTH = "month"
"""The partition: month of publication as '2025-01', or UNDATED."""
UNDATED = "unknown"
ROWS_A_GROUP = 5_000
_FACTS = "pressgauge"
_CHECKSUM = re.compile(r"-([0-9a-f]{8})\.parquet$")
_FOR_EVER = "interval 36500 days"
_HOOKS = PostCommitHookProperties(cleanup_expired_logs=False)
_DELTA = Schema.from_arrow(SCHEMA.append(pa.field(MONTH, pa.string(), nullable=False)))
_intact: set[str] = set()  # files whose checksum this process has verified; a file never changes


@dataclass(frozen=True, slots=True)
class File:
    """A Parquet file of the table: its path within it and its number of rows."""

    path: str
    rows: int

    @property
    def month(self) -> str:
        return self.path.partition("=")[2].partition("/")[0]


@dataclass(frozen=True, slots=True)
class Listing:
    """One version of the table: its files, and the facts that its commit recorded."""

    version: int
    files: tuple[File, ...]
    facts: dict[str, Any]

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)


NOTHING = Listing(-1, (), {})


class ConflictError(DatasetError):
    """Another writer committed first; read again and repeat."""


class Storage:
    """The table at a local folder or an object store's URL; it need not exist yet.

    Every method raises DatasetError when the table cannot be read or written.
    """

    def __init__(self, location: str | Path, options: dict[str, str] | None = None) -> None:
        self.location = str(location)
        self.local = location if isinstance(location, Path) else None
        self._options = options
        self._table: DeltaTable | None = None
        self._latest = NOTHING

    def latest(self) -> Listing:
        """The newest version; NOTHING before the first commit."""
        with _reported(f"cannot read {self.location}"):
            if self._table is None:
                if self.local is not None and not (self.local / "_delta_log").is_dir():
                    return NOTHING
                try:
                    self._table = DeltaTable(self.location, storage_options=self._options)
                except TableNotFoundError:
                    return NOTHING
            else:
                self._table.update_incremental()
            if self._table.version() != self._latest.version:
                self._latest = self._listing(self._table)
        return self._latest

    def at(self, version: int) -> Listing:
        """An earlier version."""
        if version == self.latest().version:
            return self._latest
        if not 0 <= version < self._latest.version:
            raise DatasetError(
                f"{self.location} has no version {version}; expected one from 0 to {self._latest.version}"
            )
        with _reported(f"cannot read version {version} of {self.location}"):
            return self._listing(DeltaTable(self.location, version, storage_options=self._options))

    def commits(self) -> list[dict[str, Any]]:
        """What each commit says of itself, oldest first: version, timestamp (ms), operation, facts."""
        latest = self.latest().version
        with _reported(f"cannot read the history of {self.location}"):
            return [self._commit_info(version) for version in range(latest + 1)]

    def read(self, files: Iterable[File], columns: Sequence[str]) -> pa.Table:
        """`columns` of the files' rows, in their order; one that an older release did not write is null."""
        with _reported(f"cannot read {self.location}"), ThreadPoolExecutor(os.cpu_count()) as pool:
            parts = list(pool.map(lambda file: self._read(file, columns), files))
        return pa.concat_tables(parts) if parts else _fields(columns).empty_table()

    def take(self, file: File, rows: np.ndarray, columns: Sequence[str]) -> pa.Table:
        """The same of some rows of a file (their numbers, ascending); only their row groups are read."""
        with _reported(f"cannot read {self.location}"):
            return self._read(file, columns, rows)

    def commit(
        self, based: Listing, add: Iterable[pa.Table], remove: Iterable[File], facts: dict[str, Any]
    ) -> Listing:
        """Add a file for each table (of SCHEMA and a month, one value each), take `remove` out, in one step.

        Nothing is visible before all of it is. `based` is the version that was changed.
        """
        with _reported(f"cannot write {self.location}"):
            written: list[tuple[File, int]] = []
            try:
                written += [self._write(table) for table in add]
                removed = list(remove)
                gone = {file.path for file in removed}
                files = [file for file in based.files if file.path not in gone]
                files += [file for file, _ in written]
                facts = facts | {"articles": sum(f.rows for f in files), "files": _digest(files)}
                self._transact(based, written, removed, facts)
            except BaseException:
                self._discard(file for file, _ in written)
                raise
            latest = self.latest()
            if self.local is not None:
                log = self.local / "_delta_log"
                with (log / f"{latest.version:020}.json").open("rb") as file:
                    os.fsync(file.fileno())
                _sync(log)
        return latest

    def checksum_holds(self, file: File) -> bool:
        """Whether a local file is there with the bytes that were written."""
        assert self.local is not None
        try:
            named = _named_crc(file.path)
            return named in (None, _crc(self.local / file.path))
        except OSError:
            return False

    def forget(self, days: int) -> int:
        """Delete the files that only versions older than `days` need; how many."""
        self.latest()
        if self._table is None:
            return 0
        with _reported(f"cannot clean {self.location}"):
            gone = self._table.vacuum(
                retention_hours=24 * days, dry_run=False, enforce_retention_duration=False
            )
        return len(gone)

    # Reading

    def _listing(self, table: DeltaTable) -> Listing:
        actions = pa.table(table.get_add_actions(flatten=True))
        names, rows = actions["path"].to_pylist(), actions["num_records"].to_pylist()
        files = tuple(sorted((File(p, n) for p, n in zip(names, rows, strict=True)), key=lambda f: f.path))
        facts = self._commit_info(table.version()).get("facts", {})
        if "files" in facts and facts["files"] != _digest(files):
            raise DatasetError(
                f"{self.location}: the log of version {table.version()} is damaged: it lists other files than "
                "were committed; run `pressgauge doctor`, or open an earlier version with as_of"
            )
        return Listing(table.version(), files, facts)

    def _commit_info(self, version: int) -> dict[str, Any]:
        lines = self._bytes(f"_delta_log/{version:020}.json").decode().splitlines()
        found = [action["commitInfo"] for action in map(json.loads, lines) if "commitInfo" in action]
        info: dict[str, Any] = found[0] if found else {}
        facts = json.loads(info.get(_FACTS, "{}"))
        return {
            "version": version,
            "timestamp": info.get("timestamp"),
            "operation": info.get("operation"),
            "facts": facts,
        }

    def _read(self, file: File, columns: Sequence[str], rows: np.ndarray | None = None) -> pa.Table:
        labels = [name for name in columns if name in CATEGORICAL]
        with self._open(file, labels) as parquet:
            there = [name for name in columns if name in parquet.schema_arrow.names]
            if parquet.metadata.num_rows != file.rows:
                raise DatasetError(f"{self.location}: {file.path} does not have the {file.rows} rows written")
            if rows is None:
                table = parquet.read(there, use_threads=False)
            else:
                sizes = [parquet.metadata.row_group(n).num_rows for n in range(parquet.num_row_groups)]
                starts = np.cumsum([0, *sizes])
                groups, group = np.unique(np.searchsorted(starts, rows, "right") - 1, return_inverse=True)
                before = np.cumsum([0, *(sizes[n] for n in groups)])
                table = parquet.read_row_groups(groups.tolist(), there, use_threads=False)
                table = table.take(pa.array(rows - starts[groups][group] + before[group]))
        fields = _fields(columns)
        arrays = [
            table[name].cast(fields.field(name).type)
            if name in there
            else pa.nulls(len(table), fields.field(name).type)
            for name in columns
        ]
        return pa.table(arrays, schema=fields)

    def _open(self, file: File, labels: list[str]) -> pq.ParquetFile:
        if self.local is None:
            source = self._remote.open_input_file(file.path)
            return pq.ParquetFile(source, read_dictionary=labels, page_checksum_verification=True)
        path = self.local / file.path
        if str(path) not in _intact:
            named = _named_crc(file.path)
            if named is not None and _crc(path) != named:
                raise DatasetError(
                    f"{path} is damaged: its bytes are not those that were written; run `pressgauge doctor`"
                )
            _intact.add(str(path))
        return pq.ParquetFile(path, memory_map=True, read_dictionary=labels)

    @cached_property
    def _remote(self) -> pa_fs.FileSystem:
        return pa_fs.PyFileSystem(DeltaStorageHandler(self.location, self._options))

    def _bytes(self, path: str) -> bytes:
        if self.local is not None:
            return (self.local / path).read_bytes()
        with self._remote.open_input_file(path) as stream:
            content: bytes = stream.read()
        return content

    # Writing

    def _write(self, table: pa.Table) -> tuple[File, int]:
        """Write one file -> it and its size."""
        month = table[MONTH][0].as_py()
        sink = io.BytesIO()
        pq.write_table(
            table.drop_columns([MONTH]).cast(SCHEMA),
            sink,
            compression="zstd",
            row_group_size=ROWS_A_GROUP,
            write_page_checksum=True,
        )
        content = sink.getbuffer()
        path = f"{MONTH}={month}/{uuid.uuid4().hex}-{zlib.crc32(content):08x}.parquet"
        if self.local is None:
            with self._remote.open_output_stream(path) as stream:
                stream.write(content)
        else:
            target = self.local / path
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                with target.open("xb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
            except BaseException:
                target.unlink(missing_ok=True)
                raise
            _sync(target.parent)
        return File(path, len(table)), len(content)

    def _transact(
        self, based: Listing, written: list[tuple[File, int]], removed: list[File], facts: dict[str, Any]
    ) -> None:
        now = time.time_ns() // 1_000_000
        properties = CommitProperties(custom_metadata={_FACTS: json.dumps(facts)}, max_commit_retries=0)
        added = [
            AddAction(f.path, size, {MONTH: f.month}, now, True, json.dumps({"numRecords": f.rows}))
            for f, size in written
        ]
        if self._table is not None and (new := _absent(self._table)):
            self._table.alter.add_columns(new, commit_properties=properties)
        if based.version < 0:
            create_table_with_add_actions(
                self.location,
                _DELTA,
                added,
                mode="error",
                partition_by=[MONTH],
                configuration=dict.fromkeys(
                    ("delta.logRetentionDuration", "delta.deletedFileRetentionDuration"), _FOR_EVER
                ),
                storage_options=self._options,
                commit_properties=properties,
                post_commithook_properties=_HOOKS,
            )
        else:
            assert self._table is not None
            gone = [RemoveAction(f.path, True, now, partition_values={MONTH: f.month}) for f in removed]
            self._table.create_write_transaction(
                [*added, *gone],
                mode="append",
                schema=_DELTA,
                partition_by=[MONTH],
                commit_properties=properties,
                post_commithook_properties=_HOOKS,
            )

    def _discard(self, files: Iterable[File]) -> None:
        """Delete files that no version will name; what cannot be deleted is harmless, and doctor finds it."""
        for file in files:
            if self.local is not None:
                (self.local / file.path).unlink(missing_ok=True)


@contextlib.contextmanager
def _reported(what: str) -> Iterator[None]:
    """Turn what the disk, the store or the libraries raise into a DatasetError that says what was tried."""
    try:
        yield
    except DatasetError:
        raise
    except CommitFailedError as error:
        raise ConflictError(f"{what}: another writer was faster; try again ({error})") from error
    except FileNotFoundError as error:
        advice = "a file of the dataset is missing; run `pressgauge doctor`"
        raise DatasetError(f"{what}: {advice} ({error})") from error
    except (OSError, DeltaError, pa.ArrowException, ValueError, KeyError) as error:
        raise DatasetError(f"{what}: {error}") from error


def month_of(published: pa.ChunkedArray) -> pa.Array:
    """The partition of each publication date."""
    import pyarrow.compute as pc

    return pc.fill_null(pc.strftime(published, "%Y-%m"), UNDATED)


def _fields(columns: Sequence[str]) -> pa.Schema:
    """The fields of `columns` as they are read: labels as dictionaries, all nullable."""
    label = pa.dictionary(pa.int32(), pa.string())
    return pa.schema([(name, label if name in CATEGORICAL else SCHEMA.field(name).type) for name in columns])


def _absent(table: DeltaTable) -> list[Any]:
    """The fields that a table of an older release lacks."""
    there = {field.name for field in table.schema().fields}
    return [field for field in _DELTA.fields if field.name not in there]


def _digest(files: Iterable[File]) -> str:
    listed = "\n".join(sorted(f"{file.path} {file.rows}" for file in files))
    return f"{zlib.crc32(listed.encode()):08x}"


def _crc(path: Path) -> int:
    value = 0
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 22):
            value = zlib.crc32(chunk, value)
    return value


def _named_crc(path: str) -> int | None:
    """The checksum in a file's name; None when another program wrote it."""
    named = _CHECKSUM.search(path)
    return int(named[1], 16) if named else None


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
