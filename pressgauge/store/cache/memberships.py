"""Which articles the topics match, kept as a byte an article, so that opening a large dataset asks nothing.

A query is known by what it was read as, and the file by all that its answers depend on: state of the dataset,
articles and their order, format of the index, known outlets. What is missing, damaged or of another state is
asked anew.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from pressgauge.search.nodes import And, AtLeast, HasValue, Node, Not, Or, Words
from pressgauge.search.query import VOICE_FIELDS, parse
from pressgauge.search.tokens import FORMAT
from pressgauge.settings.outlets import known_outlets
from pressgauge.snapshot import Snapshot
from pressgauge.store.cache import arrays


def topic_masks(file: Path, snapshot: Snapshot, queries: Sequence[str]) -> Mapping[str, np.ndarray]:
    """The bool arrays of queries over the rows of a snapshot, from `file`, where those missing are kept.

    A query that asks who speaks is left out, for that depends on more; and all are in a small dataset.

    Raises QueryError when a query cannot be read.
    """
    if len(snapshot.articles) < arrays.LEAST:
        return {}
    keys = {query: repr(node) for query in queries if not _asks_voices(node := parse(query))}
    state = _depends_on(snapshot)

    def kept() -> dict[str, np.ndarray]:
        masks, _ = arrays.load(file, state) or ({}, None)
        return {query: masks[key] for query, key in keys.items() if key in masks}

    masks = kept()
    if missing := keys.keys() - masks.keys():
        masks |= {query: snapshot.mask(query) for query in keys if query in missing}
        if state == _depends_on(snapshot):  # else outlets were renamed while some were asked
            arrays.save(file, state, {keys[query]: mask for query, mask in masks.items()})
            masks |= kept()
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
    ids = zlib.crc32(snapshot.articles["id"].to_numpy().tobytes())
    return f"2 {FORMAT} {snapshot.index.state} {len(snapshot.articles)} {ids} {known_outlets().digest}"
