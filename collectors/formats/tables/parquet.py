"""Parquet tables, a batch of rows at a time; what Pressgauge exported comes back with its details."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from collectors.formats.record import Item
from collectors.formats.syntax.content import Content, ContentError
from collectors.formats.tables.columns import Row
from collectors.formats.tables.rows import records


def recognise(content: Content) -> bool:
    return content.raw_head[:4] == b"PAR1"


def read(content: Content) -> Iterator[Item]:
    yield from records(rows(content), content.name, is_press=content.is_press)


def rows(content: Content) -> Iterator[Row]:
    """The rows of a Parquet file. Raises ContentError('bad_file') where it is damaged."""
    content.stream.seek(0)
    try:
        file = pq.ParquetFile(content.stream, pre_buffer=False)  # which would read in threads of its own
        for batch in file.iter_batches(batch_size=256, use_threads=False):
            try:
                yield from batch.to_pylist()
            except (ValueError, OverflowError):  # a moment that Python has none for: beyond the year 9999
                for row in range(batch.num_rows):
                    yield {name: _value(batch.column(name)[row]) for name in batch.schema.names}
    except (pa.ArrowException, OSError, ValueError) as error:
        raise ContentError("bad_file", f"{content.name} is damaged: {str(error)[:200]}") from error


def _value(cell: pa.Scalar) -> Any:
    """A cell as a value of Python; null where there is no such value."""
    try:
        return cell.as_py()
    except (ValueError, OverflowError):
        return None
