"""Parquet tables, a batch of rows at a time; what Pressgauge exported comes back with its details."""

from __future__ import annotations

from collections.abc import Iterator

from collectors.formats.record import Item
from collectors.formats.syntax.content import Content, ContentError
from collectors.formats.tables.columns import Row
from collectors.formats.tables.rows import records
from collectors.shared.records import parquet_rows


def recognise(content: Content) -> bool:
    return content.raw_head[:4] == b"PAR1"


def read(content: Content) -> Iterator[Item]:
    yield from records(_rows(content), content.name, is_press=content.is_press)


def _rows(content: Content) -> Iterator[Row]:
    import pyarrow as pa

    content.stream.seek(0)
    try:
        yield from parquet_rows(content.stream)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise ContentError("bad_file", f"{content.name} is damaged: {str(error)[:200]}") from error
