"""Tables as files, and as the rows that a page shows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pressgauge.store.export import ENCODING, csv

PROVENANCE = ("counted", "lines", "dataset")
"""Columns that say of every row what it was counted from: for files, beside the rows of a page."""
_KEYS = ("period", "outlet", "country", "language", "domain", "source")
"""What a row of a wide table is of."""
_VALUES = ("n", "share", "undated")
"""What a wide table has of each series."""
_OF_ALL = ("collected", "gap", "partial")
"""What it has of a row, whichever series."""
MOST = 2_000
"""Rows that a page shows; a file has all."""


def _csv(table: pd.DataFrame) -> bytes:
    return csv(table).encode(ENCODING)


def _parquet(table: pd.DataFrame) -> bytes:
    return table.to_parquet(index=False)


def _wide_csv(table: pd.DataFrame) -> bytes:
    return _csv(wide(table))


FORMATS = {"csv": _csv, "parquet": _parquet, "wide.csv": _wide_csv}
"""A table as the bytes of a file, by the ending of its name."""


def wide(table: pd.DataFrame) -> pd.DataFrame:
    """A tidy table with a row a period (or outlet, country ...) and a column a series: its n by the name of
    the series, "NAME share" and "NAME undated" where there are such; then `collected`, `gap` and `partial`,
    and what says where all is from. Where nothing was collected (`gap`), no number is known, and none is
    there. A column that would be named like another is called "NAME (series)".

    A table that has no series, or nothing that a row could be of, stays as it is.
    """
    key = next((name for name in _KEYS if name in table), None)
    if key is None or "series" not in table or "n" not in table or table.duplicated([key, "series"]).any():
        return table
    rows = table[key].drop_duplicates()
    columns = {key: rows.to_numpy() if isinstance(rows.dtype, pd.CategoricalDtype) else rows.array}
    series = table["series"].drop_duplicates()
    of_row = table.drop_duplicates(key).set_index(key)
    unknown = (
        of_row["gap"].reindex(rows).to_numpy(dtype=bool) if "gap" in table else np.zeros(len(rows), bool)
    )
    for value in (name for name in _VALUES if name in table):
        for name in series:
            of = table[table["series"] == name].set_index(key)[value]
            column = f"{name} (series)" if name in {key, *_OF_ALL, *PROVENANCE} else str(name)
            column = column if value == "n" else f"{column} {value}"
            while column in columns:  # a line may be a query that ends in "share"
                column = f"{column} (series)"
            numbers = of.reindex(rows)
            if value == "n" and unknown.any():
                numbers = numbers.astype("Int64").mask(unknown)
            columns[column] = numbers.array
    for name in (*_OF_ALL, *PROVENANCE):
        if name in table:
            columns[name] = of_row[name].reindex(rows).array
    return pd.DataFrame(columns)


def rows(table: pd.DataFrame) -> dict[str, Any]:
    """The table as values of JSON: `columns` (names), `numbers` (which of them are numbers), `rows` (lists of
    number, text or null; of the first 2,000) and `total`, how many rows it has. Days are ISO days."""
    content = table.drop(columns=[name for name in PROVENANCE if name in table])
    columns = [content[name].head(MOST) for name in content]
    return {
        "columns": [str(name) for name in content],
        "numbers": [pd.api.types.is_numeric_dtype(of) and of.dtype != bool for of in columns],
        "rows": [list(row) for row in zip(*(_cells(of) for of in columns), strict=True)],
        "total": len(table),
    }


def _cells(column: pd.Series) -> list[Any]:
    if isinstance(column.dtype, pd.DatetimeTZDtype) or column.dtype.kind == "M":
        return [None if pd.isna(at) else f"{at:%Y-%m-%d}" for at in column]
    if pd.api.types.is_numeric_dtype(column) and column.dtype != bool:
        return [None if pd.isna(value) else value for value in column.tolist()]
    return [None if value is None or value != value else str(value) for value in column.astype(object)]
