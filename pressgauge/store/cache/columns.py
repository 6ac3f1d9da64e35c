"""The columns of one width that an open dataset is counted from, and the order of its ids, kept as a snapshot
has them: joined, under the names of outlets known today, with originals, events and days.

To make them takes most of what opening a large dataset takes, and they are most of what it then has in
memory; mapped, they cost neither. Texts are in the files of `metadata`, in the same order. What is missing,
damaged or of another state is made anew.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import pressgauge
from pressgauge.schema import METADATA
from pressgauge.search.index import Index
from pressgauge.settings.outlets import known_outlets
from pressgauge.snapshot import Snapshot, of_columns
from pressgauge.store.cache import arrays
from pressgauge.store.cache.metadata import TEXTS
from pressgauge.store.table.listing import File

FORMAT = 1
"""Raised whenever the same articles come to have other values in these columns."""
_COLUMNS = (*METADATA, "event", "day")
_ORDER, _IDS, _UNKNOWN = "order of ids", "ids in order", "unknown: "
_UTC = pd.DatetimeTZDtype("us", "UTC")


def state_of(files: Iterable[File], events: str) -> str:
    """All that the columns of these files depend on: `events` says which are kept."""
    order = "\n".join(f"{file.path} {file.rows} {zlib.crc32(file.deleted)}" for file in files)
    release = f"{FORMAT} {pressgauge.__version__}"
    return f"{release} {zlib.crc32(order.encode())} {events} {known_outlets().digest}"


def load(file: Path, depends_on: str, texts: pd.DataFrame, index: Index) -> Snapshot | None:
    """The snapshot whose columns are in `file`, with its `texts`; None where they are of another state."""
    if (kept := arrays.load(file, depends_on)) is None:
        return None
    columns, labels = kept
    frame = {name: _of_kind(name, columns, labels) for name in columns if name in _COLUMNS}
    frame |= {name: texts[name].array for name in TEXTS}
    articles = pd.DataFrame({name: frame[name] for name in _COLUMNS}, copy=False)
    return of_columns(articles, columns[_ORDER], columns[_IDS], index)


def save(file: Path, depends_on: str, articles: pd.DataFrame, order: np.ndarray, ids: np.ndarray) -> None:
    """Keep what `snapshot.in_order` gives, where it can be written."""
    columns = {_ORDER: order, _IDS: ids}
    labels: dict[str, list[str]] = {}
    for name in _COLUMNS:
        column = articles[name]
        values = column.array
        if isinstance(values, pd.Categorical):
            columns[name], labels[name] = values.codes, values.categories.tolist()
        elif values.dtype == pd.Int32Dtype():
            columns[name] = values.to_numpy(np.int32, na_value=0)
            columns[_UNKNOWN + name] = values.isna()
        elif values.dtype == _UTC:
            columns[name] = column.dt.tz_convert(None).to_numpy()
        elif values.dtype.kind == "i":
            columns[name] = column.to_numpy()
    arrays.save(file, depends_on, columns, labels)


def _of_kind(name: str, columns: dict[str, np.ndarray], labels: dict[str, list[str]]) -> Any:
    """A column as pandas holds it, of the same memory."""
    values = columns[name]
    if name in labels:
        categories = pd.Index(labels[name], dtype="str")
        return pd.Categorical.from_codes(values, categories, validate=False)
    if _UNKNOWN + name in columns:
        return pd.arrays.IntegerArray(values, columns[_UNKNOWN + name])
    return pd.array(values, copy=False).view(_UTC) if values.dtype.kind == "M" else values
