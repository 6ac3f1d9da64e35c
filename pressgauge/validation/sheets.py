"""Samples as tables for people who code in a spreadsheet, and what comes back from them.

A spreadsheet keeps a table in its own way: with semicolons or tabs, in Windows-1252 or UTF-16, as XLSX or
ODS, with the names of columns and answers in capitals. Whatever is meant is read; what is not clear is an
error with the row at which the spreadsheet shows it, and nothing is read then.
"""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pressgauge.errors import DatasetError
from pressgauge.store.export import csv

_LONGEST = 32_000
"""Characters of a text in a table: a spreadsheet's cell holds 32,767, the rest runs into the next one."""
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How the files of spreadsheets begin: XLSX and ODS, XLS."""
_LARGEST = 512 * 1024 * 1024
_QUOTED = re.compile('"[^"]*"')
_ID = re.compile(r"'?(-?[0-9]{1,19})(?:[.,]0+)?", re.ASCII)
_EXACT = 2**53
"""A spreadsheet's numbers are rounded from here on."""


def sheet(sample: pd.DataFrame) -> str:
    """A sample as CSV, its long texts cut to what a cell can hold ("…" stands for the rest)."""
    texts = sample["text"].map(
        lambda text: text if not isinstance(text, str) or len(text) <= _LONGEST else f"{text[:_LONGEST]} …"
    )
    return csv(pd.DataFrame(sample).assign(text=texts))


def read_codes(path: Path, coder: str, answers: Mapping[str, str]) -> list[tuple[int, str, str]]:
    """(id, value, coder) of the rows of a table (CSV, XLSX, XLS, ODS) that have a value: one of `answers`, by
    name or label, in any case. `coder` is who coded where the table has no column coder.

    Raises DatasetError with the row of the first that cannot be read, and for an article that one coder gives
    two values.
    """
    rows = _rows(path)
    names = {str(name).strip().casefold(): at for at, name in reversed([*enumerate(rows[0] if rows else ())])}
    if absent := [name for name in ("id", "value") if name not in names]:
        raise DatasetError(f"{path.name} has no column {absent[0]}; expected the columns id and value")
    meant = {label.casefold(): name for name, label in answers.items()}
    meant |= {name.casefold(): name for name in answers}
    codes: dict[tuple[int, str], tuple[int, str]] = {}
    for number, row in enumerate(rows[1:], 2):
        cells = {name: row[at] if at < len(row) else "" for name, at in names.items()}
        value = str(cells["value"]).strip()
        if not value:
            continue
        where = f"row {number} of {path.name}"
        if value.casefold() not in meant:
            raise DatasetError(f"{where}: a code {value[:40]!r}; expected {', '.join(answers)}")
        key = _identity(cells["id"], where), str(cells.get("coder", "")).strip() or coder
        before, value_before = codes.get(key, (number, ""))
        if value_before and value_before != meant[value.casefold()]:
            raise DatasetError(
                f"{where}: the article has the value {value_before!r} in row {before} and {value!r} here"
            )
        codes[key] = number, meant[value.casefold()]
    return [(identity, value, by) for (identity, by), (_, value) in codes.items()]


def _identity(cell: Any, where: str) -> int:
    """The id in a cell. Raises DatasetError for what is none any more."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return int(cell)
    text = str(cell).strip()
    if match := _ID.fullmatch(text):
        return int(match[1])
    if isinstance(cell, float) or re.fullmatch(r"-?[0-9]+(?:[.,][0-9]+)?E\+?[0-9]+", text, re.IGNORECASE):
        raise DatasetError(
            f"{where}: the id {text[:40]!r} was rounded by the spreadsheet; let the column id be text, or "
            "copy it from the table that was exported"
        )
    raise DatasetError(f"{where}: the id {text[:40]!r} is no article's")


def _rows(path: Path) -> list[list[Any]]:
    """The rows of a table, the head first. Raises DatasetError."""
    try:
        if path.stat().st_size > _LARGEST:
            raise DatasetError(f"cannot read {path}: it is too large for a table of codes")
        content = path.read_bytes()
        return _workbook_rows(content) if content.startswith(_WORKBOOKS) else _text_rows(content)
    except (OSError, ValueError) as error:
        raise DatasetError(f"cannot read {path}: {error}") from error


def _workbook_rows(content: bytes) -> list[list[Any]]:
    from python_calamine import CalamineError, load_workbook

    try:
        if content.startswith(_WORKBOOKS[0]):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                if sum(member.file_size for member in archive.infolist()) > _LARGEST:
                    raise ValueError("it unpacks to more than a table of codes can be")
        return load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, zipfile.BadZipFile) as error:
        raise ValueError(str(error)[:200]) from error


def _text_rows(content: bytes) -> list[list[Any]]:
    text = _decode(content)
    head, _, rest = text.partition("\n")
    if separator := re.fullmatch(r'"?sep=(.)"?,*', head.strip(), re.IGNORECASE):
        text, separators = rest, separator[1]
    else:
        separators = ",;\t|"
    head = _QUOTED.sub("", text.partition("\n")[0])
    table = pd.read_csv(
        io.StringIO(text, newline=""),
        sep=max(separators, key=head.count),
        header=None,
        dtype=str,
        keep_default_na=False,
        skip_blank_lines=False,
    )
    return table.fillna("").to_numpy().tolist()


def _decode(content: bytes) -> str:
    """The text of a file: by its mark, as UTF-8, or as Windows-1252, which spreadsheets still write."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
