"""Samples as tables for people who code in a spreadsheet, and what comes back from them.

A spreadsheet keeps a table in its own way: with semicolons or tabs, in Windows-1252 or UTF-16, as XLSX or
ODS, with the names of columns and answers in capitals. Whatever is meant is read; what is not clear is an
error with the row at which the spreadsheet shows it, and nothing is read then.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pressgauge.errors import ArgumentError, DatasetError
from pressgauge.store.export import csv
from pressgauge.validation.workbook import workbook_rows

_LONGEST = 32_000
"""Characters of a text in a table: a spreadsheet's cell holds 32,767, the rest runs into the next one."""
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How the files of spreadsheets begin: XLSX and ODS, XLS."""
_LARGEST = 64 * 1024 * 1024
"""Bytes of a table of codes: a thousand long articles have ten million."""
_MOST_COLUMNS, _MOST_CELLS = 1_000, 5_000_000
"""Of such a table as text: a line of two million commas takes pandas two minutes and all of the memory."""
_QUOTED = re.compile('"[^"]*"')
_ID = re.compile(r"'?(-?[0-9]{1,19})(?:[.,]0+)?", re.ASCII)
_EXACT = 2**53
"""A spreadsheet's numbers are rounded from here on."""


def sheet(sample: pd.DataFrame) -> str:
    """A sample as CSV, its long texts cut to what a cell can hold ("…" stands for the rest)."""
    cells = {
        name: sample[name].map(_cell, na_action="ignore")
        for name in sample.columns
        if sample[name].dtype.kind not in "biufM"
    }
    return csv(pd.DataFrame(sample).assign(**cells))


def _cell(value: Any) -> Any:
    return f"{value[:_LONGEST]} …" if isinstance(value, str) and len(value) > _LONGEST else value


def read_codes(path: Path, coder: str, answers: Mapping[str, str]) -> list[tuple[int, str, str]]:
    """(id, value, coder) of the rows of a table (CSV, XLSX, XLS, ODS) that have a value: one of `answers`, by
    name or label, in any case. `coder` is who coded where the table has no column coder.

    Raises DatasetError with the row of the first that cannot be read, and for an article that one coder gives
    two values.
    """
    table = _read_table(path)
    rows, names = table.rows, _columns(path, table.rows[0] if table.rows else ())
    codes: dict[tuple[int, str], tuple[int, str]] = {}
    for number, row in enumerate(rows[1:], 2):
        where = f"row {number} of {path.name}"
        if table.separator and _has_rows_within(row, table.separator, names["id"], answers):
            raise DatasetError(f"{where}: a cell holds the rows that follow; a quotation mark is not closed")
        cells = {name: row[at] if at < len(row) else "" for name, at in names.items()}
        value = str(cells["value"]).strip()
        if not value:
            continue
        answer = _answer(value, answers, where)
        coder_here = str(cells.get("coder", "")).strip()
        if table.is_encoding_guess and not coder_here.isascii():
            raise DatasetError(
                f"{where}: the coder {coder_here!r} may have another name, for the file does not say how it "
                "is encoded; save it as UTF-8"
            )
        key = _identity(cells["id"], where), coder_here or coder
        before, value_before = codes.get(key, (number, ""))
        if value_before and value_before != answer:
            raise DatasetError(
                f"{where}: the article has the value {value_before!r} in row {before} and {value!r} here"
            )
        codes[key] = number, answer
    return [(identity, value, by) for (identity, by), (_, value) in codes.items()]


def _columns(path: Path, head: Sequence[Any]) -> dict[str, int]:
    """Where the columns are, by name. Raises DatasetError for one that is missing or there twice."""
    names = [str(name).strip().casefold() for name in head]
    if absent := [name for name in ("id", "value") if name not in names]:
        raise DatasetError(f"{path.name} has no column {absent[0]}; expected the columns id and value")
    if double := [name for name in ("id", "value", "coder") if names.count(name) > 1]:
        raise DatasetError(f"{path.name} has two columns {double[0]}; which one is meant?")
    return {name: at for at, name in enumerate(names)}


def _answer(value: str, answers: Mapping[str, str], where: str) -> str:
    """The name of an answer from its name or label: as it is written, or else in any case. Raises
    DatasetError for none, and where it may be two."""
    if value in answers:
        return value
    same = {name for name, label in answers.items() if value == label}
    text = value.casefold()
    alike = same or {name for name, label in answers.items() if text in (name.casefold(), label.casefold())}
    if len(alike) > 1:
        raise DatasetError(f"{where}: a code {value[:40]!r}, which may be {' or '.join(sorted(alike))}")
    if not alike:
        raise DatasetError(f"{where}: a code {value[:40]!r}; expected {', '.join(answers)}")
    return alike.pop()


def _has_rows_within(row: Sequence[str], separator: str, id_at: int, answers: Mapping[str, str]) -> bool:
    """Whether a cell holds lines with an id and an answer: rows that an open quotation mark swallowed."""
    meant = {text.casefold() for pair in answers.items() for text in pair}
    for cell in row:
        for line in cell.splitlines()[1:] if "\n" in cell or "\r" in cell else ():
            parts = [part.strip(' "').casefold() for part in line.split(separator)]
            if len(parts) > max(id_at, 1) and _ID.fullmatch(parts[id_at]) and not meant.isdisjoint(parts):
                return True
    return False


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


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows of a file, the head first. Of a text also what separates its cells, and whether its encoding
    is a guess."""

    rows: list[list[Any]]
    separator: str = ""
    is_encoding_guess: bool = False


def _read_table(path: Path) -> _Table:
    """The table in a file. Raises DatasetError."""
    try:
        if path.stat().st_size > _LARGEST:
            raise DatasetError(f"cannot read {path}: it is too large for a table of codes")
        content = path.read_bytes()
        return _Table(workbook_rows(content)) if content.startswith(_WORKBOOKS) else _text_table(content)
    except (OSError, ValueError) as error:
        raise DatasetError(f"cannot read {path}: {error}") from error


def _text_table(content: bytes) -> _Table:
    text, is_guess = _decode(content)
    head, rest = _first_line(text)
    if line := re.fullmatch(r'"?sep=(.)"?,*', head.strip(), re.IGNORECASE):
        text, separators = rest, line[1]
    else:
        separators = ",;\t|"
    head = _QUOTED.sub("", _first_line(text)[0])
    separator = max(separators, key=head.count)
    columns, rows = _shape(text, separator)
    if columns > _MOST_COLUMNS or columns * rows > _MOST_CELLS:
        raise ArgumentError(
            f"it has too many rows or columns for a table of codes: {columns:,} columns in {rows:,} rows; at "
            f"most {_MOST_COLUMNS:,} columns and {_MOST_CELLS:,} cells are read"
        )
    table = pd.read_csv(
        io.StringIO(text, newline=""),
        sep=separator,
        header=None,
        dtype=str,
        keep_default_na=False,
        skip_blank_lines=False,
    )
    return _Table(table.fillna("").to_numpy().tolist(), separator, is_guess)


def _shape(text: str, separator: str) -> tuple[int, int]:
    """How many columns the first row of a text has, and how many rows there are, as pandas counts them, in
    linear time: what is between quotation marks is of one cell, and they open at the start of a cell only."""
    cell = rf'(?<![^{re.escape(separator)}\r\n])"[^"]*+(?:""[^"]*+)*+"?'
    bare = re.sub(cell, "", text)
    rows = bare.count("\n") + bare.count("\r") - bare.count("\r\n") + 1
    return _first_line(bare)[0].count(separator) + 1, rows


def _first_line(text: str) -> tuple[str, str]:
    """The first line of a text, and what follows it; old programs end a line with a carriage return alone."""
    end = re.search("\r\n?|\n", text)
    return (text[: end.start()], text[end.end() :]) if end else (text, "")


def _decode(content: bytes) -> tuple[str, bool]:
    """The text of a file: by its mark, as UTF-8, or as Windows-1252, which spreadsheets still write; and
    whether that is a guess."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace"), False
    try:
        return content.decode("utf-8"), False
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), True
