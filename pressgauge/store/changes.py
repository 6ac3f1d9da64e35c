"""What leads from one state of a dataset to a later one: by it all that is derived learns what is new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from pressgauge.search.sync import Changes
from pressgauge.store.frames import frame_of, in_codes
from pressgauge.store.places import Places
from pressgauge.store.table.delta import Storage
from pressgauge.store.table.listing import File, Listing
from pressgauge.store.table.parquet import ROWS_A_GROUP

_STATE_OF_A_ROW = ("id", "collected")
"""The columns that tell one state of an article from another."""


def state_of(listing: Listing) -> tuple[int, int]:
    """The version, and the digest of its files."""
    return listing.version, listing.digest


def changes_between(
    storage: Storage, places: Places, old: Listing, new: Listing, columns: Sequence[str]
) -> Changes:
    """What changed from one version to another, with these columns; only the files that differ are read.

    Raises DatasetError where one of them is not there any more.
    """
    old_files, new_files = _files_unlike(old, new), _files_unlike(new, old)
    before = frame_of(storage.read(old_files, _STATE_OF_A_ROW))
    after = frame_of(storage.read(new_files, _STATE_OF_A_ROW))
    removed_ids = before.loc[~_is_among(before, after), "id"].to_numpy()
    fresh = ~_is_among(after, before) | after["id"].isin(removed_ids).to_numpy()
    starts = np.cumsum([0, *(file.rows for file in new_files)])
    for file, start in zip(new_files, starts, strict=False):
        fresh[start : start + file.rows] |= not file.ours  # which may give another article the old moment
    changed_ids = after.loc[fresh, "id"].to_numpy()
    rows = [
        (file, np.flatnonzero(fresh[start : start + file.rows]))
        for file, start in zip(new_files, starts, strict=False)
    ]
    return Changes(
        np.union1d(removed_ids, before.loc[before["id"].isin(changed_ids), "id"]),
        len(changed_ids),
        _frames(places, rows, columns),
    )


def _frames(
    places: Places, rows: Sequence[tuple[File, np.ndarray]], columns: Sequence[str]
) -> Iterator[pd.DataFrame]:
    """Some rows of files, a row group or more at a time: texts are large, and files may be small."""
    batch: list[tuple[File, np.ndarray]] = []
    for file, numbers in rows:
        for some in np.split(numbers, np.searchsorted(numbers, range(ROWS_A_GROUP, file.rows, ROWS_A_GROUP))):
            batch.append((file, some))
            if sum(len(each) for _, each in batch) >= ROWS_A_GROUP:
                yield in_codes(frame_of(places.some(batch, columns)))
                batch = []
    yield in_codes(frame_of(places.some(batch, columns)))


def _files_unlike(one: Listing, other: Listing) -> list[File]:
    """The files of one version that are not in another, or there with other rows marked: then, of these, the
    rows that the other has not."""
    same, by_path = set(other.files), {file.path: file for file in other.files}
    files = []
    for file in one.files:
        if file in same:
            continue
        twin = by_path.get(file.path)
        if twin is None:
            files.append(file)
            continue
        only = np.setdiff1d(twin.deleted_rows, file.deleted_rows)
        if len(only):
            files.append(file.having(only))
    return files


def _is_among(some: pd.DataFrame, others: pd.DataFrame) -> np.ndarray:
    """Which rows are also rows of the others."""
    if not len(others):
        return np.zeros(len(some), dtype=bool)
    return pd.MultiIndex.from_frame(some).isin(pd.MultiIndex.from_frame(others))
