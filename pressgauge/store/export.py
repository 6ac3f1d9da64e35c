"""Articles as files for other programs: CSV that is safe in a spreadsheet, JSON Lines, Parquet.

Beside each file lies a `datapackage.json` (https://datapackage.org/standard/data-package/) that says what
it holds.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from csv import QUOTE_NONNUMERIC
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pressgauge.errors import DatasetError
from pressgauge.schema import COLUMNS, NAMES, Column
from pressgauge.store import disk

_PACKAGE = "pressgauge-articles"
_FORMULA = r"^('*(?:[=+\-@\t\r]|[0-9]{16}))"
"""How a cell begins that a spreadsheet may run (OWASP, CSV injection), or of which it would keep 15 digits
only, however often it was escaped."""
_ESCAPED = re.compile(r"''*(?:[=+\-@\t\r]|[0-9]{16})")
_EXACT = 10**15
"""A spreadsheet rounds whole numbers from here on."""
ENCODING = "utf-8-sig"
"""With the mark by which a spreadsheet knows the characters for what they are."""
_KINDS = {"int64": "integer", "int32": "integer", "string": "string", "list": "list", "timestamp": "datetime"}


def csv(frame: pd.DataFrame, *, header: bool = True) -> str:
    """CSV (RFC 4180) that a spreadsheet shows as it is: a cell that would be a formula, or a number of more
    than 15 digits (an article's id), gets an apostrophe and is text.

    A list of names is joined with "; ". `from_csv` takes the apostrophes away again. In a file it is encoded
    as `ENCODING` says.
    """
    cells = frame.copy(deep=False)
    for name, column in frame.items():
        if column.dtype == object:
            column = column.map(lambda value: value if isinstance(value, str) else "; ".join(value), "ignore")
        elif pd.api.types.is_integer_dtype(column.dtype):
            if (long := column.abs() >= _EXACT).fillna(False).any():
                text = column.astype("str")
                cells[name] = text.where(~long.fillna(False), "'" + text).where(column.notna(), None)
            continue
        elif not isinstance(column.dtype, (pd.StringDtype, pd.CategoricalDtype)):
            continue
        cells[name] = column.astype("str").str.replace(_FORMULA, r"'\1", regex=True)
    return cells.to_csv(index=False, header=header, quoting=QUOTE_NONNUMERIC)


def from_csv(texts: pd.Series) -> pd.Series:
    """The texts of a column as they were before `csv` made them inert."""
    return texts.map(live, na_action="ignore")


def live(cell: Any) -> Any:
    """One cell as it was before `csv` made it inert; what is no text stays."""
    return cell[1:] if isinstance(cell, str) and _ESCAPED.match(cell) else cell


def read(path: str | Path) -> pd.DataFrame:
    """The articles of a file that `Dataset.export` wrote (.csv, .jsonl or .parquet), with the columns and
    types that `Dataset.load` gives: the inverse of an export.

    A CSV does not tell an empty text from none. Raises DatasetError for what is no such file.
    """
    file = Path(path)
    if "://" in str(path):
        raise DatasetError(f"cannot read {path}: only files are read; download it first")
    if not file.is_file():
        reason = (
            "it is a folder; open a dataset with open(folder)" if file.is_dir() else "there is no such file"
        )
        raise DatasetError(f"cannot read {file}: {reason}")
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        raise DatasetError(f"cannot read {file}: expected a name ending in .csv, .jsonl or .parquet")
    try:
        frame = reader(file)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise DatasetError(f"cannot read {file}: {error}") from error
    columns = {column.name: column for column in COLUMNS}
    if unknown := [str(name) for name in frame if name not in columns]:
        raise DatasetError(f"{file} is no export of articles: it has a column {unknown[0]}")
    return pd.DataFrame({str(name): _to_column_type(frame[name], columns[str(name)]) for name in frame})


def _read_csv(file: Path) -> pd.DataFrame:
    frame = pd.read_csv(file, dtype="str", keep_default_na=False, na_values=[""])
    for column in COLUMNS:
        if column.name in frame and _kind_of(column.type) in ("string", "list", "integer"):
            frame[column.name] = from_csv(frame[column.name].astype(object))
    return frame


def _read_jsonl(file: Path) -> pd.DataFrame:
    with file.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]  # pandas' own reader takes large ids for floats
    return pd.DataFrame(rows, columns=list(rows[0] if rows else NAMES), dtype=object)


def _to_column_type(values: pd.Series, column: Column) -> pd.Series:
    match _kind_of(column.type):
        case "list":
            return values.map(_parse_names).astype(object)
        case "datetime":
            return pd.to_datetime(values, utc=True, format="ISO8601").dt.as_unit("us")
        case "integer":
            return values.astype("int64" if not column.nullable else "Int64").astype(
                "int64" if not column.nullable else "Int32"
            )
    texts = values.astype(object).where(values.notna(), None).astype("str")
    return texts.astype("category") if column.categorical else texts


def _parse_names(value: Any) -> list[str]:
    if isinstance(value, str):
        return value.split("; ")
    return [str(name) for name in value] if isinstance(value, (list, tuple, np.ndarray)) else []


_READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    ".csv": _read_csv,
    ".jsonl": _read_jsonl,
    ".parquet": lambda file: pq.read_table(file).to_pandas(),
}


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

    def count_frames() -> Iterator[pd.DataFrame]:
        for frame in frames:
            counts["articles"] += len(frame)
            names[:] = frame.columns
            if "published" in frame:
                counts["undated"] += int(frame["published"].isna().sum())
                dates.extend(
                    moment for moment in (frame["published"].min(), frame["published"].max()) if moment
                )
            yield frame

    description = path.with_name("datapackage.json")
    _require_writable(path, description)
    beside = path.with_name(f".{path.name[:200]}.{secrets.token_hex(8)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        writer(count_frames(), beside)
        moments = [moment for moment in dates if not pd.isna(moment)]
        span = [f"{min(moments):%Y-%m-%d}", f"{max(moments):%Y-%m-%d}"] if moments else None
        package = _describe(path, beside, version, counts, span, names)
        disk.replace(description, f"{json.dumps(package, indent=2, ensure_ascii=False)}\n".encode())
        disk.put(beside, path)
    except OSError as error:
        raise DatasetError(f"cannot export to {path}: {error.strerror or error}") from error
    finally:
        beside.unlink(missing_ok=True)
    return package


def _require_writable(path: Path, description: Path) -> None:
    """Raise DatasetError where an export would take the place of what it did not write itself: a link, or
    somebody else's description of other data."""
    for file in (path, description):
        if file.is_symlink():
            raise DatasetError(f"cannot export to {file}: it is a link; name what it leads to, or remove it")
    if not description.exists():
        return
    try:
        package = json.loads(description.read_bytes())
        ours = isinstance(package, dict) and package.get("name") == _PACKAGE
    except (OSError, ValueError, RecursionError):
        ours = False
    if not ours:
        raise DatasetError(
            f"cannot export to {path.parent}: {description.name} there describes other data, and an export "
            "writes one of its own; choose another folder"
        )


def _describe(
    path: Path,
    data_file: Path,
    version: int,
    counts: dict[str, int],
    span: list[str] | None,
    names: list[str],
) -> dict[str, Any]:
    with data_file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    fields = [
        {"name": column.name, "type": _shown_as(column, path), "description": column.meaning}
        for column in COLUMNS
        if column.name in names
    ]
    return {
        "name": _PACKAGE,
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
                "bytes": data_file.stat().st_size,
                "hash": f"sha256:{digest}",
                "rowcount": counts["articles"],
                "schema": {"fields": fields, "primaryKey": "id", "missingValues": [""]},
            }
        ],
    }


def _shown_as(column: Column, path: Path) -> str:
    """The type of a column in a file: ids are text in CSV."""
    kind = _kind_of(column.type)
    return "string" if path.suffix.lower() == ".csv" and column.type == pa.int64() else kind


def _kind_of(arrow: pa.DataType) -> str:
    return _KINDS[str(arrow).partition("<")[0].partition("[")[0]]


def _write_csv(frames: Iterable[pd.DataFrame], path: Path) -> None:
    with path.open("w", encoding=ENCODING, newline="") as stream:
        for number, frame in enumerate(frames):
            stream.write(csv(frame, header=number == 0))


def _write_jsonl(frames: Iterable[pd.DataFrame], path: Path) -> None:
    with path.open("w", encoding="utf-8") as stream:
        for frame in filter(len, frames):  # pandas writes an empty line for no rows
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
