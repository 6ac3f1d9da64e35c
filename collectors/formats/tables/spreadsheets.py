"""XLSX, XLS and ODS tables, BigKinds' and Integrum's among them.

python-calamine (Rust, 1 MB, maintained) reads all three, twenty times as fast as openpyxl, and opens nothing
that a cell links to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from collectors.formats.record import Item, Notice, Record
from collectors.formats.syntax.content import Content, ContentError
from collectors.formats.tables.columns import Row
from collectors.formats.tables.header import header
from collectors.formats.tables.press_databases import of_service
from collectors.formats.tables.rows import records

_MOST_UNPACKED = 1024 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def recognise(content: Content) -> bool:
    if content.is_zip:
        names = content.members
        return (
            "xl/workbook.xml" in names
            or "xl/workbook.bin" in names
            or ("content.xml" in names and "mimetype" in names and _is_ods(content))
        )
    return content.head.startswith(_OLE) and b"W\0o\0r\0k\0b\0o\0o\0k" in content.head + _directory(content)


def _directory(content: Content) -> bytes:
    """The last bytes, where old Excel files may keep their directory."""
    content.stream.seek(max(0, content.size - 65536))
    return content.stream.read(65536)


def _is_ods(content: Content) -> bool:
    with content.zip() as archive:
        return archive.read("mimetype")[:60].startswith(b"application/vnd.oasis.opendocument.spreadsheet")


def read(content: Content) -> Iterator[Item]:
    from python_calamine import CalamineError, load_workbook

    if content.is_zip:
        with content.zip() as archive:
            size = sum(one.file_size for one in archive.infolist())
        if size > _MOST_UNPACKED or size > 500 * max(content.size, 4096):
            raise ContentError("too_large", f"{content.name} unpacks to {size:,} bytes.")
    content.stream.seek(0)
    try:
        book = load_workbook(content.stream)
        sheets = [
            (name, book.get_sheet_by_name(name).to_python(skip_empty_area=True)) for name in book.sheet_names
        ]
    except (CalamineError, OSError, ValueError) as error:
        raise ContentError("bad_file", f"{content.name} cannot be read: {str(error)[:200]}") from error
    of_articles = [(rows, *start) for _, rows in sheets if (start := header(rows)) is not None]
    if not of_articles:
        first = next((rows[0] for _, rows in sheets if rows), [])
        yield Notice(
            "no_column",
            f"{content.name} is a spreadsheet, but no columns are known for headline or text and outlet,"
            f" date "
            f"or address; it has {', '.join(str(cell) for cell in first if cell)[:400] or 'none'}",
        )
    for rows, at, names in of_articles:
        for item in records(_rows(names, rows[at + 1 :]), content.name, is_press=content.is_press):
            yield of_service(item, names) if isinstance(item, Record) else item


def _rows(names: list[str], rows: list[list[Any]]) -> Iterator[Row]:
    for row in rows:
        if any(cell not in ("", None) for cell in row):
            yield {name: cell for name, cell in zip(names, row, strict=False) if name}
