"""Which articles the topics match, kept as a bit an article, so that opening a large dataset asks nothing.

A query is known by what it was read as, and the file by all that its answers depend on: state of the dataset,
articles and their order, format of the index, known outlets. What is missing, damaged or of another state is
asked anew.
"""

from __future__ import annotations

import contextlib
import json
import zlib
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from pressgauge.search.nodes import And, AtLeast, HasValue, Node, Not, Or, Words
from pressgauge.search.query import VOICE_FIELDS, parse
from pressgauge.search.tokens import FORMAT
from pressgauge.settings.outlets import known_outlets
from pressgauge.snapshot import Snapshot
from pressgauge.store import disk

LEAST = 20_000
"""Articles from which on it is worth while."""


def topic_masks(file: Path, snapshot: Snapshot, queries: Sequence[str]) -> Mapping[str, np.ndarray]:
    """The bool arrays of queries over the rows of a snapshot, from `file`, where those missing are kept.

    A query that asks who speaks is left out, for that depends on more; and all are in a small dataset.

    Raises QueryError when a query cannot be read.
    """
    if len(snapshot.articles) < LEAST:
        return {}
    keys = {query: repr(node) for query in queries if not _asks_voices(node := parse(query))}
    kept = _read(file, snapshot)
    masks = {query: kept[key] for query, key in keys.items() if key in kept}
    missing = [query for query in keys if query not in masks]
    if missing:
        masks |= {query: snapshot.mask(query) for query in missing}
        _write(file, snapshot, {keys[query]: mask for query, mask in masks.items()})
    return masks


def _asks_voices(node: Node) -> bool:
    match node:
        case Words(fields=fields) | HasValue(fields=fields):
            return not VOICE_FIELDS.isdisjoint(fields)
        case And(parts) | Or(parts) | AtLeast(alternatives=parts):
            return any(map(_asks_voices, parts))
        case Not(part):
            return _asks_voices(part)
        case _:
            return False


def _depends_on(snapshot: Snapshot) -> str:
    outlets = sha256(repr(known_outlets().outlets).encode()).hexdigest()
    ids = zlib.crc32(snapshot.articles["id"].to_numpy().tobytes())
    return f"1 {FORMAT} {snapshot.index.state} {len(snapshot.articles)} {ids} {outlets}"


def _read(file: Path, snapshot: Snapshot) -> dict[str, np.ndarray]:
    """The masks in the file by key; none where it is of another state or damaged."""
    try:
        checksum, head, body = file.read_bytes().split(b"\n", 2)
        if int(checksum, 16) != zlib.crc32(body, zlib.crc32(head)):
            return {}
        depends_on, keys = json.loads(head)
        if depends_on != _depends_on(snapshot):
            return {}
        bits = np.frombuffer(body, np.uint8).reshape(len(keys), -1)
    except (OSError, ValueError, TypeError):
        return {}
    size = len(snapshot.articles)
    return {key: np.unpackbits(row, count=size).view(bool) for key, row in zip(keys, bits, strict=True)}


def _write(file: Path, snapshot: Snapshot, masks: Mapping[str, np.ndarray]) -> None:
    head = json.dumps([_depends_on(snapshot), list(masks)]).encode()
    body = b"".join(np.packbits(mask).tobytes() for mask in masks.values())
    checksum = f"{zlib.crc32(body, zlib.crc32(head)):08x}".encode()
    with contextlib.suppress(OSError):
        disk.replace(file, b"\n".join([checksum, head, body]))
