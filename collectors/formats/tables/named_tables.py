"""A table that a source of the settings names: its rows are articles because somebody says so, and may be no
more than addresses.

Any other table must look like one of articles. Here the file's suffix says how it is put together, its
columns are known by their names or named in the settings, and what a row says is kept as it stands.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import PurePath
from urllib.parse import quote

from collectors.extraction.language import language_of
from collectors.formats.identity import LONG_ENOUGH, address_in
from collectors.formats.record import Item, Notice, Record
from collectors.formats.syntax.content import Content, ContentError
from collectors.formats.tables import bibliography, delimited, json_objects, parquet
from collectors.formats.tables.columns import Layout, Row, is_our_own, layout_of, moment, record_of, text_of
from collectors.formats.tables.names import guess
from collectors.formats.tables.rows import SAMPLE
from collectors.formats.values.addresses import own_address
from pressgauge.urls import is_web

SUFFIXES = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".ris")
FIELDS = ("url", "title", "published", "authors", "text", "outlet", "domain", "language", "country")
"""What the settings may name a column for; what it may be called by itself is in `names`."""
COLUMNS = "columns"
"""The reason of the notice that says which column was taken for what."""
_SEPARATOR = re.compile('"?sep=(.)"?', re.IGNORECASE)
_QUOTED_CELL = re.compile('"[^"]*"')
_NO_DELIMITER = "\x1f"


def read(content: Content, columns: dict[str, str], date_format: str) -> Iterator[Item]:
    """The rows of a table as records, and as notices, with their addresses, what can be no article.

    `columns` names the column of a field, `date_format` is one of strptime's or empty. A file that cannot be
    read gives the notice 'bad_file', 'no_column' or 'bad_option'.
    """
    name = PurePath(content.name).name
    try:
        if _suffix(content) == ".ris":
            yield from _references(content, name)
        else:
            yield from _articles(content, name, columns, date_format)
    except ContentError as error:
        known = error.reason in ("no_column", "bad_option")
        yield Notice(error.reason if known else "bad_file", error.detail)


def _suffix(content: Content) -> str:
    return PurePath(content.name).suffix.lower()


def _articles(content: Content, name: str, columns: dict[str, str], date_format: str) -> Iterator[Item]:
    rows = _rows(content, columns)
    sample = list(islice(rows, SAMPLE))
    layout = _layout([row for row in sample if row], name, columns, date_format, is_empty=not sample)
    taken = ", ".join(f"{field} from '{column}'" for field, column in layout.columns.items())
    yield Notice(COLUMNS, f"{name}: reading {taken}")
    dates, undated, example = layout.columns.get("published", ""), 0, ""
    for number, row in enumerate(chain(sample, rows), 1):
        item = _item(row, layout, name, number)
        yield item
        if isinstance(item, Record) and item.published is None and row and (cell := text_of(row.get(dates))):
            undated, example = undated + 1, example or cell[:60]
    if undated:
        yield Notice("unknown_dates", f"{name}: {undated:,} dates are unknown, such as {example!r}")


def _layout(
    sample: list[Row], name: str, columns: dict[str, str], date_format: str, *, is_empty: bool
) -> Layout:
    """The layout of a table by its first rows. Raises ContentError where it says of no field what is one."""
    if is_empty:
        raise ContentError("bad_file", f"{name} holds no articles.")
    names = ", ".join(dict.fromkeys(str(key) for row in sample for key in row))
    for column in columns.values():
        if not any(column in row for row in sample):
            raise ContentError("no_column", f"{name} has no column '{column}'; it has {names}.")
    layout = layout_of(sample, columns, date_format)
    if not {"url", "text"} & layout.columns.keys():
        raise ContentError(
            "no_column",
            f"{name} has no column that looks like addresses or texts among {names}; "
            'name one in sources.toml, for example columns = { url = "..." }.',
        )
    cells = [cell for row in sample if (cell := text_of(row.get(layout.columns.get("published", ""))))]
    if date_format and cells and all(moment(cell, layout)[0] is None for cell in cells):
        raise ContentError(
            "bad_option",
            f"date_format = {date_format!r} fits none of the first {len(cells)} dates of {name}, "
            f"such as {cells[0][:60]!r}; it is written as in Python's strptime, for example '%d/%m/%Y'.",
        )
    return layout


def _item(row: Row | None, layout: Layout, name: str, number: int) -> Item:
    place = f"file:///{quote(name)}/{number}"
    if row is None:
        return Notice("bad_row", f"row {number} of {name} cannot be read", counts=True, address=place)
    cells = {field: row.get(column) for field, column in layout.columns.items()}
    title, text, url = (text_of(cells.get(field)) for field in ("title", "text", "url"))
    if text is None and url is None:
        return Notice("no_url", f"row {number} of {name} has no address", counts=True, address=place)
    address = own_address(url) if url and is_web(url) else None
    if text is None and address is None:
        return Notice(
            "bad_url", f"row {number} of {name} has no address of the web", counts=True, address=url
        )
    record = record_of(row, layout)
    record.title, record.text = title, _lines(text)
    if not is_our_own(row):
        record.partial = None
    if record.text and len(record.text) >= LONG_ENOUGH:
        record.language = language_of(record.text, record.language)
    # What was exported from a dataset keeps the address that it got there.
    ours = url if url and url.startswith("file:///") else None
    record.url = address or ours or address_in(name, title, text, cells.get("published"))
    return record


def _lines(text: str | None) -> str | None:
    return "\n".join(line.strip() for line in (text or "").splitlines() if line.strip()) or None


def _references(content: Content, name: str) -> Iterator[Item]:
    """The articles of RIS by their addresses: what it has of a text is an abstract."""
    number = 0
    for number, item in enumerate(bibliography.read_ris(content), 1):
        if isinstance(item, Record) and item.url is None:
            place = f"file:///{quote(name)}/{number}"
            yield Notice("no_url", f"reference {number} of {name} has no address", counts=True, address=place)
            continue
        if isinstance(item, Record):
            item.text = item.partial = None
        yield item
    if not number:
        raise ContentError("bad_file", f"{name} holds no articles.")


def _rows(content: Content, columns: dict[str, str]) -> Iterator[Row | None]:
    match _suffix(content):
        case ".parquet":
            return parquet.rows(content)
        case ".json":
            return _json_rows(content, columns)
        case ".jsonl" | ".ndjson":
            return (line if isinstance(line, dict) else None for line in json_objects.line_values(content))
        case _:
            return delimited.rows(content, *_start(content, columns))


def _json_rows(content: Content, columns: dict[str, str]) -> Iterator[Row | None]:
    """Objects, or texts, which are addresses, of the first list of a file."""
    for document in json_objects.documents(content):
        values = list(json_objects.entries(document, lambda _: False))
        if len(values) == 1 and values[0] is document:
            lists = [value for value in document.values() if isinstance(value, list)]
            if not lists and not columns and not {"url", "text"} & guess(document).keys():
                raise ContentError("bad_file", f"{content.name} holds no list of articles.")
            values = lists[0] if lists else values
        for value in values:
            yield value if isinstance(value, dict) else {"url": value} if isinstance(value, str) else None


def _start(content: Content, columns: dict[str, str]) -> tuple[int, str, list[str]]:
    """As `delimited.start`; where no row names the columns of articles, the first line names them."""
    start = delimited.start(content)
    if start is not None and set(columns.values()) <= set(start[2]):
        return start
    delimiter = ""
    for number, line in enumerate(delimited.lines(content), 1):
        if not delimiter and (separator := _SEPARATOR.fullmatch(line.strip())):
            delimiter = separator[1]  # a line by which Excel is told
        elif line.strip():
            plain = _QUOTED_CELL.sub("", line)
            delimiter = delimiter or max(",;\t|", key=plain.count)
            delimiter = delimiter if delimiter in plain else _NO_DELIMITER
            try:
                return number, delimiter, next(csv.reader([line], delimiter=delimiter))
            except csv.Error as error:
                raise ContentError("bad_file", f"{content.name} has no line of names: {error}") from error
    return 0, _NO_DELIMITER, []
