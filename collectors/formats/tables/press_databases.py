"""Tables of press databases: BigKinds and Integrum, as spreadsheets and as CSV."""

from __future__ import annotations

import re

from collectors.formats.record import Record
from collectors.formats.tables.names import plain_name
from collectors.formats.values.dates import read_date

_BIGKINDS = {plain_name(name) for name in ("언론사", "일자")}
_INTEGRUM = {plain_name(name) for name in ("источник", "заголовок")}


def of_service(record: Record, names: list[str]) -> Record:
    """The record with what is particular to the database whose columns these are."""
    plain = set(map(plain_name, names))
    if plain >= _BIGKINDS:
        record.database, record.language, record.country = (
            "bigkinds",
            record.language or "ko",
            record.country or "KR",
        )
        if record.text and len(record.text) <= 210:  # BigKinds cuts texts at 200 characters
            record.partial = "excerpt"
    elif plain >= _INTEGRUM:
        record.database, record.language = "integrum", record.language or "ru"
        _without_heading(record)
    return record


def _without_heading(record: Record) -> None:
    """Integrum repeats headline and date before a text."""
    lines = (record.text or "").split("\n")
    title = re.sub(r"\W", "", record.title or "").casefold()
    if lines and title and re.sub(r"\W", "", lines[0]).casefold() == title:
        lines = lines[1:]
    if lines and len(lines[0]) <= 12 and read_date(lines[0])[0]:
        lines = lines[1:]
    record.text = "\n".join(lines) or None
