"""Reference series beside a dataset: what the whole world published, to compare the coverage with."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pressgauge.errors import DatasetError
from pressgauge.store import disk

COLUMNS = ("source", "series", "period", "value", "unit")
_FILE = "reference.parquet"


def load_reference(folder: Path) -> pd.DataFrame:
    """Columns source, series, unit (str), period (datetime64[us, UTC]), value (float64), sorted by the first.

    Empty when the dataset has none. Raises DatasetError when the file cannot be read.
    """
    file = folder / _FILE
    if not file.exists():
        empty = pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS})
        return empty.astype({"period": "datetime64[us, UTC]", "value": "float64"})
    try:
        return pd.read_parquet(file)
    except (OSError, ValueError) as error:
        raise DatasetError(f"{file} cannot be read ({error}); delete it, a refresh writes it anew") from error


def save_reference(folder: Path, rows: pd.DataFrame) -> None:
    """Add `rows` (the columns of `load_reference`); a period that is already there is replaced.

    The file is written beside the old one and renamed, so a reader never sees half of it.
    """
    rows = rows.loc[:, list(COLUMNS)].astype({"period": "datetime64[us, UTC]", "value": "float64"})
    table = pd.concat([load_reference(folder), rows], ignore_index=True)
    table = table.drop_duplicates(["source", "series", "period"], keep="last")
    table = table.sort_values(["source", "series", "period"], ignore_index=True)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        disk.replace(folder / _FILE, lambda stream: table.to_parquet(stream, index=False))
    except OSError as error:
        raise DatasetError(f"{folder / _FILE} cannot be written: {error}") from error
