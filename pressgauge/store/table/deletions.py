"""Rows that a version of the table no longer has, marked in Delta's log instead of writing their file anew.

A deletion vector (Delta protocol, reader version 3) names the rows of a file that are no more. deltalake
(1.6.6) reads them and has no way to write them, so the record of such a commit is written here; vectors are
kept inline, for a file has some thousands of rows.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pyarrow as pa
from deltalake import DeltaTable

MOST = 4_096
"""Marked rows of a file, at most: what one array of a Roaring bitmap holds."""
FEATURE = "deletionVectors"
_SWITCH = "delta.enableDeletionVectors"
_MAGIC = 1_681_511_377
_ARRAYS_ONLY = 12_346
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"


def vector(rows: Sequence[int] | np.ndarray) -> dict[str, Any]:
    """The deletion vector of some rows of a file: 1 to MOST numbers below 65,536, ascending.

    One array container of a portable Roaring bitmap (Roaring format specification), in the 64-bit frame and
    the Z85 text of the Delta protocol.
    """
    numbers = np.asarray(rows, "<u2").tobytes()
    bitmap = (
        _little_endian(4, _ARRAYS_ONLY, 1)
        + _little_endian(2, 0, len(rows) - 1)
        + _little_endian(4, 16)
        + numbers
    )
    content = _little_endian(4, _MAGIC) + _little_endian(8, 1) + _little_endian(4, 0) + bitmap
    return {
        "storageType": "i",
        "pathOrInlineDv": _encode_z85(content + bytes(-len(content) % 4)),
        "sizeInBytes": len(content),
        "cardinality": len(rows),
    }


def deleted_rows(table: DeltaTable) -> dict[str, np.ndarray]:
    """The marked rows (int64, ascending) of each file of a version that has any, by `name_of` its path."""
    if FEATURE not in (table.protocol().reader_features or ()):
        return {}
    vectors = pa.table(table.deletion_vectors().read_all())
    masks = vectors["selection_vector"].to_pylist()
    return {
        name_of(path): np.flatnonzero(~np.array(mask, dtype=bool))
        for path, mask in zip(vectors["filepath"].to_pylist(), masks, strict=True)
    }


def name_of(path: str) -> str:
    """The month's folder and the file, by which a path of the log and an address name the same file."""
    return "/".join(unquote(path).split("/")[-2:])


def upgrade(table: DeltaTable) -> list[dict[str, Any]]:
    """The actions that let a table have deletion vectors; none where it may have them."""
    if FEATURE in (table.protocol().reader_features or ()):
        return []
    about = table.metadata()
    return [
        {
            "protocol": {
                "minReaderVersion": 3,
                "minWriterVersion": 7,
                "readerFeatures": [FEATURE],
                "writerFeatures": ["appendOnly", "invariants", FEATURE],
            }
        },
        {
            "metaData": {
                "id": str(about.id),
                "format": {"provider": "parquet", "options": {}},
                "schemaString": table.schema().to_json(),
                "partitionColumns": about.partition_columns,
                "configuration": {**about.configuration, _SWITCH: "true"},
                "createdTime": about.created_time,
            }
        },
    ]


def write_record(log: Path, version: int, actions: Iterable[dict[str, Any]]) -> None:
    """Write the record of a version into a local log, whole or not at all.

    Raises FileExistsError when another writer made that version.
    """
    beside = log / f".{version:020}.{secrets.token_hex(8)}.new"
    try:
        with beside.open("x", encoding="utf-8") as stream:
            stream.writelines(f"{json.dumps(action)}\n" for action in actions)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(beside, log / f"{version:020}.json")  # which, unlike renaming, never takes another's place
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def _little_endian(width: int, *numbers: int) -> bytes:
    return b"".join(number.to_bytes(width, "little") for number in numbers)


def _encode_z85(content: bytes) -> str:
    """Bytes, four by four, as five digits of base 85 (ZeroMQ RFC 32)."""
    digits = []
    for at in range(0, len(content), 4):
        number = int.from_bytes(content[at : at + 4], "big")
        digits += [_DIGITS[number // 85**place % 85] for place in (4, 3, 2, 1, 0)]
    return "".join(digits)
