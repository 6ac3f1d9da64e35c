"""The events on disk, beside a dataset: derived, checked when read; a killed update is none.

A manifest names the files that are valid together, each with the CRC-32 of its content, and is replaced in
one step. Words are in a file a month, of which an update writes anew those that changed.
"""

from __future__ import annotations

import contextlib
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pressgauge.errors import DatasetError
from pressgauge.events.clustering import Clustering, Names, Words
from pressgauge.events.timeline import Timeline
from pressgauge.events.vectors import Vectors, join
from pressgauge.events.weights import Uses, Weights
from pressgauge.store import disk

FORMAT = 5
"""Raised whenever the files, or the events that are made of the same articles, become other ones."""
_MANIFEST = "manifest.json"


class DamagedError(DatasetError):
    """A file is missing, or is not what was written."""


def save(folder: Path, clusters: Clustering, state: tuple[int, int]) -> None:
    """Write the events of a dataset's `state`. What did not change since the last time is left as it is."""
    old = _read_manifest(folder)
    files = dict(old["files"]) if old else {}
    tables = {
        "articles": pa.table(
            {
                "id": clusters.id,
                "day": clusters.day.astype(np.int32),
                "story": clusters.story,
                "event": clusters.event,
                "told": clusters.is_first,
            }
        ),
        "timeline": pa.table({"began": clusters.line.began, "square": clusters.line.square}),
        "joins": pa.table(dict(zip(("day", "old", "new"), clusters.line.joins.T, strict=True))),
        "history": pa.Table.from_pandas(clusters.history, preserve_index=False),
    }
    if clusters.weights is not None:
        uses = clusters.weights.uses
        tables["weights"] = pa.table({"key": clusters.weights.keys, "used": clusters.weights.frequencies})
        tables["topical"] = pa.table({"word": uses.words})
        tables["uses"] = pa.table({"code": uses.code, "total": uses.total[1:]})
        tables["days"] = pa.table({"day": uses.days})
    for month in clusters.changed_months:
        ids, words = clusters.words.month(month)
        tables[f"words {month}"] = _table_of(ids, words)
    for name, table in tables.items():
        files[name] = _write_table(folder, name, table)
    body = {
        "format": FORMAT,
        "state": [str(number) for number in state],
        "weighed": clusters.weighed_size,
        "events": clusters.weights.events if clusters.weights is not None else 0,
        "files": files,
    }
    text = json.dumps(body)
    disk.replace(folder / _MANIFEST, f"{zlib.crc32(text.encode()):08x}\n{text}".encode())
    for file in folder.glob("*.arrow*"):
        if file.name not in files.values():
            file.unlink(missing_ok=True)


def state(folder: Path) -> tuple[int, int] | None:
    """The state of the dataset whose events are kept; None where there are none."""
    if (manifest := _read_manifest(folder)) is None:
        return None
    version, digest = manifest["state"]
    return int(version), int(digest)


def fingerprint(folder: Path, state: tuple[int, int]) -> str | None:
    """What tells the events of a dataset's state that are kept from any others; None where there are none."""
    manifest = _read_manifest(folder)
    if manifest is None or manifest["state"] != [str(number) for number in state]:
        return None
    return f"{zlib.crc32(json.dumps(manifest).encode()):08x}"


def load(folder: Path) -> tuple[Clustering, tuple[int, int]] | None:
    """The events that are kept, with the state of the dataset that they are of; None when there are none of
    this format, or a file is damaged."""
    if (manifest := _read_manifest(folder)) is None:
        return None
    files = manifest["files"]
    try:
        articles, line = _read_table(folder / files["articles"]), _read_table(folder / files["timeline"])
        joins = _read_table(folder / files["joins"])
        history = _read_table(folder / files["history"]).to_pandas()

        def words(month: int) -> tuple[np.ndarray, Vectors]:
            name = f"words {month}"
            return (
                _words_of(_read_table(folder / files[name]))
                if name in files
                else _words_of(_table_of(*_NONE))
            )

        columns = {name: articles[name].to_numpy() for name in ("id", "story", "event")}
        clusters = Clustering(
            **columns,
            is_first=articles["told"].to_numpy(),
            day=articles["day"].to_numpy().astype(np.int64),
            line=Timeline(
                line["began"].to_numpy(),
                line["square"].to_numpy(),
                np.stack([joins[name].to_numpy() for name in ("day", "old", "new")], axis=1),
            ),
            weights=_read_weights(folder, files, manifest["events"]),
            weighed_size=manifest["weighed"],
            words=Words(load=words),
            history=history,
        )
    except (DamagedError, KeyError):
        return None
    dataset_state = state(folder)
    return None if dataset_state is None else (clusters, dataset_state)


def names(folder: Path) -> tuple[Names, pd.DataFrame] | None:
    """The numbers of events and their history, where these files are whole though others are not, so that
    links go on leading to the same events."""
    if (manifest := _read_manifest(folder, any_format=True)) is None:
        return None
    with contextlib.suppress(DamagedError, KeyError):
        articles = _read_table(folder / manifest["files"]["articles"])
        history = _read_table(folder / manifest["files"]["history"]).to_pandas()
        return Names(articles["id"].to_numpy(), articles["event"].to_numpy()), history
    return None


_NONE = np.zeros(0, np.int64), join([])


def _read_weights(folder: Path, files: dict[str, str], events: int) -> Weights:
    words, topical, uses, days = (
        _read_table(folder / files[name]) for name in ("weights", "topical", "uses", "days")
    )
    total = np.concatenate([np.zeros(1), uses["total"].to_numpy()])
    return Weights(
        words["key"].to_numpy(),
        words["used"].to_numpy(),
        events,
        Uses(topical["word"].to_numpy(), uses["code"].to_numpy(), total, days["day"].to_numpy()),
    )


def _table_of(ids: np.ndarray, words: Vectors) -> pa.Table:
    starts = pa.array(words.starts, pa.int64())
    keys = pa.LargeListArray.from_arrays(starts, pa.array(words.keys))
    counts = pa.LargeListArray.from_arrays(starts, pa.array(words.counts))
    return pa.table({"id": ids, "keys": keys, "counts": counts, "language": words.language})


def _words_of(table: pa.Table) -> tuple[np.ndarray, Vectors]:
    keys, counts = (table[name].combine_chunks() for name in ("keys", "counts"))
    return table["id"].to_numpy(), Vectors(
        keys.flatten().to_numpy(),
        counts.flatten().to_numpy(),
        keys.offsets.to_numpy() - keys.offsets[0].as_py(),
        table["language"].to_numpy(),
    )


def _read_manifest(folder: Path, *, any_format: bool = False) -> dict[str, Any] | None:
    try:
        crc, _, text = (folder / _MANIFEST).read_text("utf-8").partition("\n")
        manifest = json.loads(text)
    except (OSError, ValueError):
        return None
    if crc != f"{zlib.crc32(text.encode()):08x}" or not isinstance(manifest, dict):
        return None
    return manifest if any_format or manifest.get("format") == FORMAT else None


def _write_table(folder: Path, name: str, table: pa.Table) -> str:
    """Write a table in a file that its name tells the checksum of."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    content = sink.getvalue()
    file = folder / f"{name.replace(' ', '-')}.{zlib.crc32(content):08x}.arrow"
    if not file.exists():
        disk.replace(file, content)
    return file.name


def _read_table(file: Path) -> pa.Table:
    """The table in a file of `_write_table`, whose columns stay there. Raises DamagedError."""
    try:
        content = pa.memory_map(str(file)).read_buffer()
        if f"{zlib.crc32(content):08x}" != file.name.split(".")[-2]:
            raise DamagedError(f"{file} is not what was written")
        return pa.ipc.open_file(content).read_all()
    except (OSError, pa.ArrowInvalid) as error:
        raise DamagedError(f"{file} cannot be read: {error}") from error
