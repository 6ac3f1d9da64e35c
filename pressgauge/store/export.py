"""Articles as files for other programs: CSV that is safe in a spreadsheet, JSON Lines, Parquet.

Beside each file lies a `datapackage.json` (https://datapackage.org/standard/data-package/) that says what
it holds.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from csv import QUOTE_NONNUMERIC
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pressgauge.errors import DatasetError
from pressgauge.schema import COLUMNS

_FORMULA = r"^('*[=+\-@\t\r])"
"""How a cell begins that a spreadsheet may run (OWASP, CSV injection), however often it was escaped."""
_ESCAPED = re.compile(r"''*[=+\-@\t\r]")
_KINDS = {"int64": "integer", "int32": "integer", "string": "string", "list": "list", "timestamp": "datetime"}


def csv(frame: pd.DataFrame, *, header: bool = True) -> str:
    """CSV (RFC 4180) in which no cell is a formula to a spreadsheet: one that would be gets an apostrophe.

    A list of names is joined with "; ". `from_csv` takes the apostrophes away again.
    """
    shown = frame.copy(deep=False)
    for name, column in frame.items():
        if column.dtype == object:
            column = column.map(lambda value: value if isinstance(value, str) else "; ".join(value), "ignore")
        elif not isinstance(column.dtype, (pd.StringDtype, pd.CategoricalDtype)):
            continue
        shown[name] = column.astype("str").str.replace(_FORMULA, r"'\1", regex=True)
    return shown.to_csv(index=False, header=header, quoting=QUOTE_NONNUMERIC)


def from_csv(texts: pd.Series) -> pd.Series:
    """The texts of a column as they were before `csv` made them inert."""
    return texts.map(live, na_action="ignore")


def live(cell: Any) -> Any:
    """One cell as it was before `csv` made it inert; what is no text stays."""
    return cell[1:] if isinstance(cell, str) and _ESCAPED.match(cell) else cell


def export(frames: Iterable[pd.DataFrame], path: Path, *, version: int) -> dict[str, Any]:
    """Write frames of articles, one after the other, to `path` (.csv, .jsonl or .parquet).

    Returns what is kept beside it as `datapackage.json`: columns, units, counts, dates, dataset version.
    Raises DatasetError.
    """
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise DatasetError(f"cannot export to {path}: expected a name ending in .csv, .jsonl or .parquet")
    counts = {"articles": 0, "undated": 0}
    dates: list[pd.Timestamp] = []
    names: list[str] = []

    def counted() -> Iterator[pd.DataFrame]:
        for frame in frames:
            counts["articles"] += len(frame)
            names[:] = frame.columns
            if "published" in frame:
                counts["undated"] += int(frame["published"].isna().sum())
                dates.extend(
                    moment for moment in (frame["published"].min(), frame["published"].max()) if moment
                )
            yield frame

    beside, described = path.with_name(f".{path.name}.part"), path.with_name(".datapackage.json.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        writer(counted(), beside)
        known = [moment for moment in dates if not pd.isna(moment)]
        span = [f"{min(known):%Y-%m-%d}", f"{max(known):%Y-%m-%d}"] if known else None
        package = _package(path, beside, version, counts, span, names)
        described.write_text(json.dumps(package, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        described.replace(path.with_name("datapackage.json"))
        beside.replace(path)
    except OSError as error:
        raise DatasetError(f"cannot export to {path}: {error.strerror or error}") from error
    finally:
        beside.unlink(missing_ok=True)
        described.unlink(missing_ok=True)
    return package


def _package(
    path: Path, written: Path, version: int, counts: dict[str, int], span: list[str] | None, names: list[str]
) -> dict[str, Any]:
    with written.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    fields = [
        {"name": column.name, "type": _kind(column.type), "description": column.meaning}
        for column in COLUMNS
        if column.name in names
    ]
    return {
        "name": "pressgauge-articles",
        "title": "Articles collected with Pressgauge",
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": str(version),
        "description": f"Dataset version {version}: {counts['articles']:,} articles (copies included; story "
        f"groups them), {counts['undated']:,} of them without a date. Moments are UTC.",
        "temporal": {"start": span[0], "end": span[1]} if span else None,
        "resources": [
            {
                "name": "articles",
                "path": path.name,
                "format": path.suffix[1:].lower(),
                "encoding": "utf-8",
                "bytes": written.stat().st_size,
                "hash": f"sha256:{digest}",
                "rowcount": counts["articles"],
                "schema": {"fields": fields, "primaryKey": "id", "missingValues": [""]},
            }
        ],
    }


def _kind(arrow: pa.DataType) -> str:
    return _KINDS[str(arrow).partition("<")[0].partition("[")[0]]


def _write_csv(frames: Iterable[pd.DataFrame], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        for number, frame in enumerate(frames):
            stream.write(csv(frame, header=number == 0))


def _write_jsonl(frames: Iterable[pd.DataFrame], path: Path) -> None:
    with path.open("w", encoding="utf-8") as stream:
        for frame in frames:
            frame.to_json(
                stream, orient="records", lines=True, date_format="iso", date_unit="us", force_ascii=False
            )


def _write_parquet(frames: Iterable[pd.DataFrame], path: Path) -> None:
    writer: pq.ParquetWriter | None = None
    try:
        for frame in frames:
            fields = [pa.field(c.name, c.type) for c in COLUMNS if c.name in frame]
            table = pa.Table.from_pandas(frame, schema=pa.schema(fields), preserve_index=False)
            writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()


_WRITERS: dict[str, Callable[[Iterable[pd.DataFrame], Path], None]] = {
    ".csv": _write_csv,
    ".jsonl": _write_jsonl,
    ".parquet": _write_parquet,
}
