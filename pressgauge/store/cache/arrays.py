"""Arrays that are kept beside a dataset in one file, and mapped into memory as they lie.

A file is known by all that its arrays depend on, and checked when it is opened: of another state, damaged or
missing, there is none. It is replaced, never changed in place, so that who has mapped the old one keeps it.
"""

from __future__ import annotations

import contextlib
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np

from pressgauge.store import disk

LEAST = 20_000
"""Articles of a dataset from which on it is worth while."""
_ALIGNED = 64
_SUM = 9
"""Bytes of a file's first line: the CRC-32 of all that follows, as text."""


def load(file: Path, depends_on: str) -> tuple[dict[str, np.ndarray], Any] | None:
    """The arrays in a file, by name, and what `save` was told beside them; None where there are none of this
    state. What is written to them is this process's own, and not in the file."""
    try:
        content = np.asarray(np.memmap(file, np.uint8, "c"))
        if content[:_SUM].tobytes() != _checksum(zlib.crc32(content[_SUM:].data)):
            return None
        size, at = int(content[_SUM : 2 * _SUM].tobytes(), 16), 2 * _SUM
        head = json.loads(content[at : at + size].tobytes())
        if head["depends_on"] != depends_on:
            return None
    except (OSError, ValueError, TypeError, KeyError):
        return None
    arrays, at = {}, at + size
    for name, dtype, count in head["arrays"]:
        at = _aligned(at)
        end = at + np.dtype(dtype).itemsize * count
        arrays[name], at = content[at:end].view(dtype), end
    return arrays, head["beside"]


def save(file: Path, depends_on: str, arrays: Mapping[str, np.ndarray], beside: Any = None) -> None:
    """Keep arrays of one dimension, and a value of JSON; where they cannot be written, they are not."""
    described = [(name, array.dtype.str, len(array)) for name, array in arrays.items()]
    head = json.dumps({"depends_on": depends_on, "arrays": described, "beside": beside}).encode()
    pieces: list[bytes | memoryview] = [_checksum(len(head)), head]
    at = _SUM + sum(map(len, pieces))
    for array in arrays.values():
        padding = _aligned(at) - at
        pieces += [bytes(padding), np.ascontiguousarray(array).view(np.uint8).data]
        at += padding + array.nbytes
    checksum = 0
    for piece in pieces:
        checksum = zlib.crc32(piece, checksum)

    def write(stream: IO[bytes]) -> None:
        for piece in (_checksum(checksum), *pieces):
            stream.write(piece)

    with contextlib.suppress(OSError):
        disk.replace(file, write)


def _checksum(number: int) -> bytes:
    return f"{number:08x}\n".encode()


def _aligned(at: int) -> int:
    return -(-at // _ALIGNED) * _ALIGNED
