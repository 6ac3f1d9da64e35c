"""Small files of a month as one file, without their texts in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from tempfile import TemporaryFile

import numpy as np
import pyarrow as pa

from pressgauge.schema import SCHEMA
from pressgauge.store.table.delta import Storage
from pressgauge.store.table.listing import File, newest_first
from pressgauge.store.table.parquet import ROWS_A_GROUP, plain


def merged(storage: Storage, files: Sequence[File]) -> Iterator[pa.Table]:
    """The rows of several files as those of one, newest first, a row group at a time.

    Each file is unpacked once, and its rows are laid aside on the disk, by the row group that they go to.
    """
    order = newest_first(storage.read(files, ["published"])["published"].to_pandas())
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    with TemporaryFile(dir=storage.local) as aside:
        batches: dict[int, list[int]] = {}
        start = count = 0
        with pa.ipc.new_file(aside, SCHEMA) as writer:
            for file in files:
                for piece in plain(storage.read([file], SCHEMA.names)).to_batches():
                    group = place[start : start + len(piece)] // ROWS_A_GROUP
                    start += len(piece)
                    for each in np.unique(group).tolist():
                        writer.write_batch(piece.take(pa.array(np.flatnonzero(group == each))))
                        batches.setdefault(each, []).append(count)
                        count += 1
        laid = pa.ipc.open_file(aside)
        for each in sorted(batches):
            table = pa.Table.from_batches([laid.get_batch(number) for number in batches[each]])
            rows = np.sort(order[each * ROWS_A_GROUP : (each + 1) * ROWS_A_GROUP])  # as the files have them
            yield table.take(pa.array(np.argsort(place[rows])))
