"""What a version of the table consists of: its files and rows, and what its commit says of itself."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from pressgauge.store.table.parquet import crc, is_ours

MONTH = "month"
"""The partition: month of publication as '2025-01', or UNDATED."""
UNDATED = "unknown"
ROWS_A_FILE = 20_000
"""At most; an update rewrites the files that hold the articles."""
_FILES_A_MONTH = 8
"""Small files of a month that are worth merging."""


@dataclass(frozen=True, slots=True)
class File:
    """A Parquet file of the table: its path within it, and its number of rows that are the version's.

    `deleted` has the numbers of those that it holds beyond (uint32, ascending): see `deletions`.
    """

    path: str
    rows: int
    deleted: bytes = b""

    @property
    def deleted_rows(self) -> np.ndarray:
        """The numbers of the rows that are deleted in this version of the file (int64, ascending)."""
        return np.frombuffer(self.deleted, "<u4").astype(np.int64)

    @property
    def physical_rows(self) -> int:
        """The number of rows that it was written with."""
        return self.rows + len(self.deleted) // 4

    @property
    def numbers(self) -> np.ndarray:
        """The numbers of the rows that are the version's, in the file (int64, ascending)."""
        return np.delete(np.arange(self.physical_rows), self.deleted_rows)

    def without(self, rows: np.ndarray) -> File:
        """The file of a version that has not these of its rows either, by their place among `rows`."""
        return self.having(np.delete(self.numbers, rows))

    def having(self, numbers: np.ndarray) -> File:
        """The file of a version that has of its rows those with these numbers only."""
        deleted = np.delete(np.arange(self.physical_rows), numbers).astype("<u4")
        return File(self.path, self.physical_rows - len(deleted), deleted.tobytes())

    @property
    def month(self) -> str:
        return self.path.partition("=")[2].partition("/")[0]

    @property
    def ours(self) -> bool:
        """Whether Pressgauge wrote the file: each later state of an article in it has a later `collected`."""
        return is_ours(self.path)


class Part(NamedTuple):
    """What `commit` makes a file of: rows of a month, as tables with the columns of SCHEMA."""

    month: str
    tables: Iterable[pa.Table]


@dataclass(frozen=True, slots=True)
class Listing:
    """One version of the table: its files, and the facts that its commit recorded."""

    version: int
    files: tuple[File, ...]
    facts: dict[str, Any]

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)

    @property
    def digest(self) -> int:
        """CRC-32 of the names of the files: another state of the table has another."""
        lines = (
            f"{file.path} {file.rows}{f' {crc(file.deleted)}' * bool(file.deleted)}" for file in self.files
        )
        return zlib.crc32("\n".join(sorted(lines)).encode())


@dataclass(frozen=True, slots=True)
class Commit:
    """What a commit says of itself: when (ms since 1970 UTC), Delta's name of the operation, our facts."""

    version: int
    at: int | None
    operation: str | None
    facts: dict[str, Any]


NOTHING = Listing(-1, (), {})


def newest_first(published: pd.Series) -> np.ndarray:
    """The order in which articles lie in a file (row numbers): what is asked for most is unpacked first.
    Those without a date are last; articles of one moment stay as they came."""
    moments = pd.DatetimeIndex(published)
    return np.argsort(np.where(moments.isna(), np.iinfo(np.int64).max, -moments.asi8), kind="stable")


def monthly(table: pa.Table) -> Iterator[Part]:
    """Rows of articles as parts of a month and at most ROWS_A_FILE of them."""
    months = table["published"].to_numpy().astype("<M8[M]").astype(np.int64)
    ends = np.flatnonzero(np.r_[months[1:] != months[:-1], [True] * bool(len(months))]) + 1
    spans = {int(months[end - 1]): (start, end) for start, end in pairwise([0, *ends.tolist()])}
    for month in np.unique(months).tolist():
        if len(spans) == len(ends):  # each month in one piece, as where articles are in order
            start, end = spans[month]
            rows = table.slice(start, end - start)
        else:
            rows = table.filter(pa.array(months == month))
        for start in range(0, len(rows), ROWS_A_FILE):
            yield Part(_name_of(np.datetime64(month, "M")), [rows.slice(start, ROWS_A_FILE)])


def _name_of(month: np.datetime64) -> str:
    return UNDATED if np.isnat(month) else str(month)


def by_month(files: Iterable[File]) -> dict[str, list[File]]:
    """The files of each month, in their order."""
    months: dict[str, list[File]] = {}
    for file in files:
        months.setdefault(file.month, []).append(file)
    return months


def small_files(files: Iterable[File]) -> list[list[File]]:
    """The small files of each month that has many of them, in groups: a group can be written as one file."""
    groups: list[list[File]] = []
    for of_month in by_month(files).values():
        small = [file for file in of_month if file.rows < ROWS_A_FILE // 2]
        rows = ROWS_A_FILE + 1  # no group is begun
        for file in small if len(small) >= _FILES_A_MONTH else ():
            if rows + file.rows > ROWS_A_FILE:
                groups.append([])
                rows = 0
            groups[-1].append(file)
            rows += file.rows
    return groups
