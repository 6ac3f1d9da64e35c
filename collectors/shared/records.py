"""Records of local files: CSV, JSON, JSONL, Parquet and RIS, each as a dict of texts by column name.

RIS is what Zotero and other reference managers export: lines "XX  - value", a record from TY to ER (Zotero's
newspaperArticle: TI title, AU author, T2 newspaper, DA date YYYY/MM/DD/, UR address, LA language).
"""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pyarrow.parquet as pq

from collectors.errors import CollectError
from collectors.formats.values.bylines import inverted
from pressgauge.settings.paths import data_dir
from pressgauge.store.export import live
from pressgauge.urls import is_web

Record = dict[str, Any]
SUFFIXES = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".ris")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_MAX_FIELD = 16 * 1024 * 1024
_PART = 1024 * 1024
_QUOTED_CELL = re.compile('"[^"]*"')
_SEPARATOR = re.compile('"?sep=(.)"?', re.IGNORECASE)
_DAY = re.compile(r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})(?!\w)")
_NO_DELIMITER = "\x1f"
_RIS = {
    "TI": "title",
    "T1": "title",
    "AU": "authors",
    "A1": "authors",
    "T2": "outlet",
    "JO": "outlet",
    "JF": "outlet",
    "DA": "published",
    "UR": "url",
    "LA": "language",
}


def local_path(url: str) -> Path:
    """The file or folder that a source's `url` names; a relative one lies in the data folder."""
    parts = urlsplit(url)
    path = Path(unquote(parts.path) if parts.scheme == "file" else url).expanduser()
    return path if path.is_absolute() else data_dir() / path


def records(file: Path, encoding: str = "") -> Iterator[Record | None]:
    """The records of a file, in order; None for one that cannot be read.

    Raises CollectError('bad_file') when the file as a whole is not what its suffix says.
    """
    try:
        match file.suffix.lower():
            case ".parquet":
                yield from parquet_rows(file)
            case ".json":
                yield from _json(file, encoding)
            case ".jsonl" | ".ndjson":
                yield from _lines(file, encoding)
            case ".ris":
                yield from _ris(file, encoding)
            case _:
                yield from _csv(file, encoding)
    except (OSError, UnicodeError, LookupError, pa.ArrowException) as error:
        raise CollectError("bad_file", f"{file.name} cannot be read: {error}") from error


def encoding_of(file: Path) -> str:
    """UTF-8 or UTF-16 by its mark or all its bytes, else Windows-1252, which spreadsheets still write."""
    utf8 = codecs.getincrementaldecoder("utf-8")()
    with file.open("rb") as stream:
        part = stream.read(_PART)
        for mark, name in _BOMS:
            if part.startswith(mark):
                return name
        try:
            while part:
                utf8.decode(part)
                part = stream.read(_PART)
            utf8.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _csv(file: Path, encoding: str) -> Iterator[Record | None]:
    with file.open(newline="", encoding=encoding or encoding_of(file), errors="replace") as stream:
        header = stream.readline()
        start, separator = 0, _SEPARATOR.fullmatch(header.strip().lstrip("\ufeff"))
        if separator:  # a line by which Excel is told the delimiter
            start, header = 1, stream.readline()
        names = _QUOTED_CELL.sub("", header)
        delimiter = separator[1] if separator else max(",;\t|", key=names.count)
        if delimiter not in names:
            delimiter = _NO_DELIMITER
        stream.seek(0)
        for _ in range(start):
            stream.readline()
        csv.field_size_limit(_MAX_FIELD)
        rows = csv.DictReader((line.replace("\0", "") for line in stream), delimiter=delimiter)
        width = len(rows.fieldnames or ())
        ours = {"canonical_url", "story"} <= set(header.replace('"', "").strip().split(","))
        while True:
            try:
                record = next(rows)
                more = record.pop(None, None) or ()
                cells = [*(cell or "" for cell in record.values()), *more]
                swallowed = swallowed_rows(cells, width, delimiter)
                if any(more) or swallowed:  # more fields than columns: one was cut
                    yield None
                    for cells in swallowed:
                        yield dict(zip(rows.fieldnames or (), cells, strict=True))
                else:
                    yield {name: live(value) for name, value in record.items()} if ours else record
            except StopIteration:
                return
            except csv.Error:
                yield None


def swallowed_rows(cells: Sequence[str], width: int, delimiter: str) -> list[list[str]]:
    """The rows of a table of `width` columns that lie inside one cell of a row, since a quote was left open
    before them: what has an address, a day or a number where the row has one. None where a cell is just a
    text of several lines, nor where the row has nothing of the kind to tell by."""
    inside = [cell for cell in cells if cell.count("\n") > 1]
    kinds = {at: kind for at, cell in enumerate(cells[:width]) if (kind := _kind_of(cell))}
    if not inside or not kinds:
        return []
    rows = [row for cell in inside for row in csv.reader(cell.splitlines()[1:], delimiter=delimiter)]
    whole = [row for row in rows if len(row) == width and _has_kinds(row, kinds)]
    return whole if len(whole) > 1 else []


def _kind_of(cell: str) -> str:
    """Whether a cell is an address, a day or a number: "" for all else."""
    text = cell.strip()
    if is_web(text):
        return "address"
    return "day" if _DAY.match(text) else "number" if text.isdecimal() else ""


def _has_kinds(row: list[str], kinds: dict[int, str]) -> bool:
    """Whether the cells of a row are of these kinds or empty, and not all of them empty."""
    there = [(row[at].strip(), kind) for at, kind in kinds.items()]
    return any(text for text, _ in there) and all(not text or _kind_of(text) == kind for text, kind in there)


def _json(file: Path, encoding: str) -> Iterator[Record | None]:
    try:
        data = json.loads(file.read_text(encoding or encoding_of(file)))
    except (ValueError, RecursionError) as error:
        raise CollectError("bad_file", f"{file.name} is not JSON: {error}") from error
    if isinstance(data, dict):
        lists = [value for value in data.values() if isinstance(value, list)]
        of_records = (each for each in lists if each and isinstance(each[0], dict))
        data = next(of_records, lists[0] if lists else None)
    if not isinstance(data, list):
        raise CollectError("bad_file", f"{file.name} holds no list of articles.")
    for item in data:
        yield item if isinstance(item, dict) else {"url": item} if isinstance(item, str) else None


def _lines(file: Path, encoding: str) -> Iterator[Record | None]:
    with file.open(encoding=encoding or encoding_of(file), errors="replace") as stream:
        for line in stream:
            if line.strip():
                try:
                    item = json.loads(line)
                except (ValueError, RecursionError):
                    item = None
                yield item if isinstance(item, dict) else None


def parquet_rows(file: Path | IO[bytes]) -> Iterator[Record]:
    """The rows of a Parquet file. Raises pa.ArrowException and OSError where it is damaged."""
    for batch in pq.ParquetFile(file).iter_batches(batch_size=256, use_threads=False):
        try:
            yield from batch.to_pylist()
        except (ValueError, OverflowError):  # a moment that Python has none for: beyond the year 9999
            for row in range(batch.num_rows):
                yield {name: _value(batch.column(name)[row]) for name in batch.schema.names}


def _value(cell: pa.Scalar) -> Any:
    """A cell as a value of Python; null where there is no such value."""
    try:
        return cell.as_py()
    except (ValueError, OverflowError):
        return None


def _ris(file: Path, encoding: str) -> Iterator[Record]:
    record: dict[str, list[str]] = {}
    for line in file.read_text(encoding or encoding_of(file), errors="replace").splitlines():
        tag, _, value = line.partition("  - ")
        if tag.strip() == "ER" or line.rstrip() == "ER  -":
            yield _ris_record(record)
            record = {}
        elif (name := _RIS.get(tag.strip())) and value.strip():
            record.setdefault(name, []).append(value.strip())
    if record:
        yield _ris_record(record)


def _given_first(text: str) -> tuple[str, ...]:
    return inverted(text) if text.count(",") == 1 else (text,)


def _ris_record(record: dict[str, list[str]]) -> Record:
    """The fields of a record; RIS writes an author as "Hollis, Ada"."""
    values: Record = {name: texts[0].rstrip("/") for name, texts in record.items()}
    if "authors" in record:
        values["authors"] = [name for text in record["authors"] for name in _given_first(text)]
    return values
