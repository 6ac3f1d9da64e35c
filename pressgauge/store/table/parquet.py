"""One Parquet file of articles: written with a checksum for each of its parts, verified as it is read.

Parquet's own checksums leave its headers open. So the footer holds the CRC-32 of every column chunk, and the
file's name that of the footer. Only what is read is verified: a damaged text does not hide the metadata, and
to open a million articles is not to read them.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pressgauge.errors import DatasetError
from pressgauge.schema import CATEGORICAL, SCHEMA, SKETCH

ROWS_A_GROUP = 1_000
"""Three megabytes of text or so, in pages of which those up to an article are unpacked to show it."""
_PAGE = 1 << 17
"""Bytes of a page; forty texts or so."""
_PAGE_STEP = 16
"""Values after which a page's size is looked at. By itself Arrow (26.0) looks each 1,024 values, so that the
texts of a row group would be one page, whatever its size was to be."""
_LONG = ("text", "details", "title", "url", "canonical_url", "authors", SKETCH)
"""Columns whose least and greatest values say nothing to whoever filters: by itself Arrow (26.0) writes both,
whole, into the head of each page and twice into the footer, which made files of articles a twelfth larger."""
_COMPRESSION = {
    f"{field.name}.list.element" if pa.types.is_list(field.type) else field.name: "none"
    if field.name in ("id", "story", SKETCH, *CATEGORICAL)
    else "zstd"
    for field in SCHEMA
}
"""Hashes are written as they are, and labels, of which a row has some bits: to set a compressor up for each
of these columns was a quarter of what a file of forty articles takes."""
_CHECKSUM_NAME = re.compile(r"\.([0-9a-f]{8})\.parquet$")
_SUMS = b"pressgauge.crc32"
_verified_chunks: set[tuple[Any, ...]] = set()
"""What this process has verified: a file and its state, and number of the chunk or None for the footer."""


def crc(content: Any) -> str:
    return f"{zlib.crc32(content):08x}"


def is_ours(name: str) -> bool:
    """Whether `encode` made the file; else another program wrote it, and nothing but its form is known."""
    return _CHECKSUM_NAME.search(name) is not None


def fields(columns: Sequence[str]) -> pa.Schema:
    """The fields of `columns` as they are read: labels as dictionaries, all nullable."""
    label = pa.dictionary(pa.int32(), pa.string())
    return pa.schema([(name, label if name in CATEGORICAL else SCHEMA.field(name).type) for name in columns])


def plain(table: pa.Table) -> pa.Table:
    """The columns of SCHEMA as a file has them, labels as texts."""
    return pa.table([_of_type(table[field.name], field.type) for field in SCHEMA], SCHEMA)


def encode(tables: Iterable[pa.Table], sink: IO[bytes]) -> tuple[int, int, str]:
    """Write the rows of tables with the columns of SCHEMA as one file: how many they are, its size, and how
    its name must end. `sink` is empty, to be written and read; a group of rows is in memory at a time."""
    rows, buffer = 0, SCHEMA.empty_table()
    with pq.ParquetWriter(
        sink,
        SCHEMA,
        compression=_COMPRESSION,
        write_page_checksum=True,
        use_dictionary=list(CATEGORICAL),  # one of texts would have to be unpacked for each of them
        data_page_size=_PAGE,
        write_batch_size=_PAGE_STEP,
        write_statistics=[name for name in SCHEMA.names if name not in _LONG],
    ) as writer:
        for table in tables:
            rows, buffer = rows + len(table), pa.concat_tables([buffer, plain(table)])
            if full_rows := len(buffer) - len(buffer) % ROWS_A_GROUP:
                writer.write_table(buffer.slice(0, full_rows), row_group_size=ROWS_A_GROUP)
                buffer = buffer.slice(full_rows)
        if len(buffer):
            writer.write_table(buffer)
        groups = -(-rows // ROWS_A_GROUP)
        blank = "_" * 8 * groups * len(SCHEMA)  # each column is one chunk
        writer.add_key_value_metadata({_SUMS: blank})
    metadata = pq.read_metadata(sink)
    sums = "".join(crc(_read_piece(sink, *chunk)) for chunk in _chunk_places(metadata, range(groups)))
    footer = bytearray(_read_footer(sink))
    at = footer.index(blank.encode())
    footer[at : at + len(sums)] = sums.encode()
    sink.seek(-len(footer), io.SEEK_END)
    sink.write(footer)
    return rows, sink.tell(), f".{crc(footer)}.parquet"


def _of_type(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    return column if column.type == kind else column.cast(kind)


class ParquetFile:
    """A file opened for reading. Opening and reading raise DatasetError, or what Arrow or the disk raise.

    A file that another program wrote has no checksums but those of its pages; nor has one at an object
    store (`source` is then a stream) need of ours.
    """

    def __init__(self, source: Path | pa.NativeFile, columns: Sequence[str]) -> None:
        self._path = source if isinstance(source, Path) and is_ours(source.name) else None
        if self._path is not None and self._is_unverified(None):
            with self._path.open("rb") as stream:
                if crc(_read_footer(stream)) != _CHECKSUM_NAME.search(self._path.name)[1]:  # type: ignore[index]
                    raise self._damage_error()
            self._note_verified(None)
        self.columns = columns
        metadata = pq.read_metadata(source)
        names = _column_names(metadata)
        self._file = pq.ParquetFile(
            source,
            metadata=metadata,
            read_dictionary=[name for name in columns if name in CATEGORICAL and name in names],
            page_checksum_verification=self._path is None,  # of ours, whole chunks are verified, once
        )
        self.rows: int = self._file.metadata.num_rows
        self.groups: int = self._file.num_row_groups

    def __enter__(self) -> ParquetFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def starts(self) -> np.ndarray:
        """The number of the first row of each row group, and of the row after the last."""
        sizes = [self._file.metadata.row_group(number).num_rows for number in range(self.groups)]
        return np.cumsum([0, *sizes])

    def take(self, rows: np.ndarray) -> pa.Table:
        """Some rows (their numbers, ascending); their row groups are read one after another, each as far as
        the last of them."""
        starts = self.starts
        ends = np.searchsorted(rows, starts)
        parts = []
        for group in np.flatnonzero(np.diff(ends)).tolist():
            group_rows = rows[ends[group] : ends[group + 1]] - starts[group]
            table = self.read([group], until=int(group_rows[-1]) + 1)
            parts.append(table if len(group_rows) == len(table) else table.take(pa.array(group_rows)))
        return pa.concat_tables(parts) if parts else self.read([])

    def read(self, groups: Iterable[int] | None = None, *, until: int | None = None) -> pa.Table:
        """The rows, of some row groups only if they are given, and the first `until` of these; a column that
        is not there is null."""
        groups = range(self.groups) if groups is None else list(groups)
        names = [name for name in self._file.schema_arrow.names if name in (*self.columns, "id")]
        self._verify_chunks(groups, names)
        table = (
            self._file.read_row_groups(groups, names, use_threads=False)
            if until is None
            else self._first_rows(groups, names, until)
        )
        schema = fields(self.columns)
        arrays = {
            field.name: table[field.name].cast(field.type)
            if field.name in names
            else pa.nulls(len(table), field.type)
            for field in schema
        }
        if "story" in arrays:  # another program may not have given one
            arrays["story"] = pc.coalesce(arrays["story"], table["id"])
        return pa.table(arrays, schema=schema)

    def _first_rows(self, groups: Sequence[int], names: list[str], until: int) -> pa.Table:
        """The first rows of some row groups: the pages behind them are not unpacked."""
        batches = []
        for batch in self._file.iter_batches(until, row_groups=groups, columns=names, use_threads=False):
            batches.append(batch)
            if (until := until - len(batch)) <= 0:
                break
        return pa.Table.from_batches(batches)

    def _verify_chunks(self, groups: Iterable[int], names: list[str]) -> None:
        """Raise DatasetError unless the chunks to be read are those that were written."""
        if self._path is None:
            return
        sums = self._file.metadata.metadata[_SUMS].decode()
        width = self._file.metadata.num_columns
        numbers = [self._file.schema_arrow.names.index(name) for name in names]
        with self._path.open("rb") as stream:
            for chunk in [group * width + number for group in groups for number in numbers]:
                if self._is_unverified(chunk):
                    [place] = _chunk_places(self._file.metadata, [chunk // width], [chunk % width])
                    if crc(_read_piece(stream, *place)) != sums[8 * chunk : 8 * chunk + 8]:
                        raise self._damage_error()
                    self._note_verified(chunk)

    def _is_unverified(self, chunk: int | None) -> bool:
        return (*_file_state(self._path), chunk) not in _verified_chunks

    def _note_verified(self, chunk: int | None) -> None:
        _verified_chunks.add((*_file_state(self._path), chunk))

    def _damage_error(self) -> DatasetError:
        return DatasetError(
            f"{self._path} is damaged: its bytes are not those that were written; run `pressgauge doctor`"
        )


def _column_names(metadata: pq.FileMetaData) -> set[str]:
    """The columns that are no lists; none where there are no rows.

    `metadata.schema` would tell them, too, but refers to the metadata as these to it (pyarrow 26): 60 kB of
    each file that is opened would wait for the garbage collector, which does not know how large they are.
    """
    if not metadata.num_row_groups:
        return set()
    group = metadata.row_group(0)
    return {group.column(number).path_in_schema for number in range(metadata.num_columns)}


def _chunk_places(
    metadata: pq.FileMetaData, groups: Iterable[int], columns: Iterable[int] | None = None
) -> list[tuple[int, int]]:
    """Start and size of each column chunk."""
    places = []
    columns = range(metadata.num_columns) if columns is None else columns
    for group in groups:
        for number in columns:
            chunk = metadata.row_group(group).column(number)
            start = chunk.dictionary_page_offset if chunk.has_dictionary_page else chunk.data_page_offset
            places.append((start, chunk.total_compressed_size))
    return places


def _read_piece(stream: IO[bytes], start: int, size: int = -1) -> bytes:
    stream.seek(max(0, start))
    return stream.read(size)


def _read_footer(stream: IO[bytes]) -> bytes:
    size = stream.seek(0, io.SEEK_END)
    length = int.from_bytes(_read_piece(stream, size - 8)[:4], "little")
    return _read_piece(stream, size - 8 - length)


def _file_state(path: Path | None) -> tuple[Any, ...]:
    """A file and what tells whether it was changed since."""
    assert path is not None
    stat = path.stat()
    return path, stat.st_ino, stat.st_size, stat.st_mtime_ns
