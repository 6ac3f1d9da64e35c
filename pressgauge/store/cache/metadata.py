"""The columns that an open dataset is counted from, kept as they are held in memory: a file for each of the
dataset's.

Parquet has to be unpacked, which is most of what opening a dataset takes; an Arrow file is mapped, so that
texts stay on the disk until somebody looks at them. What is missing, damaged or of another form is made anew.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

import pyarrow as pa

from pressgauge.schema import CATEGORICAL, METADATA, SCHEMA
from pressgauge.store import disk
from pressgauge.store.cache.identities import LEAST

log = logging.getLogger(__name__)

_SUM = 8
"""Bytes at a file's end: the CRC-32 of those before, as text."""


def _type_of(name: str) -> pa.DataType:
    kind = SCHEMA.field(name).type
    if name in CATEGORICAL:
        return pa.dictionary(pa.int32(), pa.string())
    return pa.large_string() if kind == pa.string() else kind  # as pandas holds texts


FORM = pa.schema([(name, _type_of(name)) for name in METADATA])
"""What a file holds. One of another release, whose columns were others, is made anew."""

TEXTS = tuple(name for name in METADATA if FORM.field(name).type == pa.large_string())


class MetadataStore:
    """The kept files of a dataset, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tables: dict[str, pa.Table] = {}

    def table(self, path: str, rows: int, read: Callable[[], pa.Table]) -> pa.Table:
        """The columns of FORM of a data file that has so many rows; where they are not kept, `read` gives
        them."""
        if path not in self._tables:
            table = self._mapped_table(path, rows)
            if table is None:
                table = _in_form(read())
                if rows >= LEAST and self._write_file(path, table):
                    mapped_table = self._mapped_table(path, rows)
                    table = table if mapped_table is None else mapped_table
            self._tables[path] = table
        return self._tables[path]

    def keep_only(self, paths: Iterable[str]) -> None:
        """Forget the data files that are not among these, and delete what is kept of them."""
        names = {path: self._path_of(path).name for path in paths}
        self._tables = {path: table for path, table in self._tables.items() if path in names}
        disk.keep_only(self._folder, set(names.values()))

    def _path_of(self, path: str) -> Path:
        return self._folder / f"{path.replace('/', '-')}.arrow"

    def _mapped_table(self, path: str, rows: int) -> pa.Table | None:
        if rows < LEAST:
            return None
        file = self._path_of(path)
        try:
            buffer = pa.memory_map(str(file)).read_buffer()
            content = buffer.slice(0, max(buffer.size - _SUM, 0))
            if buffer[content.size :].to_pybytes() == f"{zlib.crc32(content):08x}".encode():
                table = pa.ipc.open_file(content).read_all()
                if table.schema.equals(FORM) and len(table) == rows:
                    return table
        except FileNotFoundError:
            return None
        except (OSError, pa.ArrowException):
            pass
        log.warning("%s is damaged or of another release; it is made anew", file)
        return None

    def _write_file(self, path: str, table: pa.Table) -> bool:
        """Whether it could be kept."""
        sink = pa.BufferOutputStream()
        with pa.ipc.new_file(sink, FORM) as writer:
            writer.write_table(table)
        content = sink.getvalue()

        def write(stream: IO[bytes]) -> None:
            stream.write(content)
            stream.write(f"{zlib.crc32(content):08x}".encode())

        try:
            self._folder.mkdir(exist_ok=True)
            disk.replace(self._path_of(path), write)
        except OSError:
            return False
        return True


def _in_form(table: pa.Table) -> pa.Table:
    return table.select(FORM.names).cast(FORM).unify_dictionaries().combine_chunks()
