"""Tables as files."""

from __future__ import annotations

import pandas as pd

from pressgauge.store.export import csv


def _csv(table: pd.DataFrame) -> bytes:
    return csv(table).encode("utf-8")


def _parquet(table: pd.DataFrame) -> bytes:
    return table.to_parquet(index=False)


FORMATS = {"csv": _csv, "parquet": _parquet}
"""A table as the bytes of a file, by the ending of its name."""
