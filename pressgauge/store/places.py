"""Where in the files of a version an article is: found by its id, without reading what is not asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from pressgauge.errors import DatasetError
from pressgauge.store.cache.identities import Store
from pressgauge.store.table.delta import Storage
from pressgauge.store.table.listing import NOTHING, File, Listing


class Places:
    """The places of a table's articles; `identities` keeps those of its larger files unpacked."""

    def __init__(self, storage: Storage, identities: Store) -> None:
        self._storage, self._identities = storage, identities
        self._ids_of: dict[File, np.ndarray] = {}
        self._all_ids: tuple[Listing, np.ndarray] = NOTHING, np.empty(0, np.int64)

    def ids(self, listing: Listing) -> np.ndarray:
        """The ids of all articles of a version, file by file."""
        if self._all_ids[0] is not listing:
            old_ids = self._ids_of
            self._ids_of = {
                file: old_ids[file] if file in old_ids else self._ids_in(file) for file in listing.files
            }
            self._all_ids = listing, np.concatenate([np.empty(0, np.int64), *self._ids_of.values()])
        return self._all_ids[1]

    def _ids_in(self, file: File) -> np.ndarray:
        """The ids of the articles of a file. Raises DatasetError when it has others than articles."""
        ids = self._identities.ids(file.path, file.physical_rows)
        if ids is None:
            column = self._storage.read([file], ["id"])["id"]
            if column.null_count:
                raise DatasetError(f"{file.path} has rows without an id, which are no articles")
            return column.to_numpy()
        return ids[file.numbers] if file.deleted else ids

    def among(self, listing: Listing, ids: pd.Index | pd.Series) -> np.ndarray:
        """Those of a few ids that are there; all the others are looked up among them, not they among all."""
        all_ids = self.ids(listing)
        return all_ids[where_among(np.asarray(ids, np.int64), all_ids)]

    def rows(self, listing: Listing, ids: np.ndarray, columns: Sequence[str]) -> pa.Table:
        """The rows of a few articles, in no order; only the row groups that hold them are read."""
        return self.some(list(self.places(listing, ids)), columns)

    def some(self, places: Sequence[tuple[File, np.ndarray]], columns: Sequence[str]) -> pa.Table:
        """Some rows of some files, by their numbers."""
        filled_places = [(file, rows) for file, rows in places if len(rows)]
        return self._storage.read(
            [file for file, _ in filled_places], columns, [rows for _, rows in filled_places]
        )

    def places(self, listing: Listing, ids: np.ndarray) -> Iterator[tuple[File, np.ndarray]]:
        """The files that hold a few articles, each with the numbers of their rows, ascending."""
        rows = where_among(ids, self.ids(listing))
        starts = np.cumsum([0, *(file.rows for file in listing.files)])
        ends = np.searchsorted(rows, starts)
        for number in np.flatnonzero(np.diff(ends)):
            yield listing.files[number], rows[ends[number] : ends[number + 1]] - starts[number]


def where_among(few: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """Where the ids that are among a few stand among many, ascending.

    Ids are hashes: by their last bits, most of the many are known to be none of the few at the cost of a look
    into a small table.
    """
    if not len(few):
        return np.empty(0, np.int64)
    last_bits = (1 << 16) - 1
    table = np.zeros(last_bits + 1, bool)
    table[few & last_bits] = True
    likely = np.flatnonzero(table[ids & last_bits])
    return likely[np.isin(ids[likely], few)]
