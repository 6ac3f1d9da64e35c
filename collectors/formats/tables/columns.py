"""What a row of a table says, by the names of its columns."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from collectors.formats.record import Moment, Record
from collectors.formats.syntax.markup import html_lines, plain_title
from collectors.formats.tables.names import are_of_articles, guess, is_foreign, plain_name
from collectors.formats.tables.other_works import is_other_work
from collectors.formats.values.bylines import inverted, persons
from collectors.formats.values.dates import read_date
from collectors.formats.values.languages import language_code
from collectors.formats.values.outlets import set_outlet
from collectors.shared.timestamps import parse_iso
from pressgauge.languages import country_code
from pressgauge.urls import is_web

Row = dict[str, Any]
_SLASHED = re.compile(r"^\s*(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})\b")
_SERIAL = re.compile(r"[2-6]\d{4}(?:[.,]\d{1,12})?")
_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
"""Day 0 of a spreadsheet's numbers for days."""
_SHORT = 200
"""Characters of a headline at most, where a column called 'article' could hold either."""
_ANY_NAMES = (
    "title titel titre titulo titolo tytuł titulek otsikko tittel 제목 标题 標題"
    " date datum fecha data dato created posted datetime дата tarih 일자 날짜 日期 日付"
)
_ANY_TABLE = frozenset(map(plain_name, _ANY_NAMES.split()))
"""Names of columns that tables of anything have."""
_ISBN = ("isbn", "isbn13", "isbn10", "isbn_13", "isbn_10")
_OTHER_NAMES = (
    "asin my_rating your_rating imdb_rating runtime runtime_mins running_time director directors artist"
    " album price preis prix precio prezzo prijs cena sku salary bookshelves assignee priority due due_date"
    " stock quantity bedrooms number_of_pages"
)
_OTHER_THINGS = frozenset(_OTHER_NAMES.split()).union(_ISBN)
"""Names of columns of tables of books, films, goods and tasks."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column holds which field, and how its dates are written: `day_first` is None where 02/03/2024
    could be either and nothing decides, `date_format` one of strptime's; with `serial` they are a
    spreadsheet's numbers. `other_things` are the names of columns that tables of other things have."""

    columns: dict[str, str]
    day_first: bool | None = True
    date_format: str = ""
    serial: bool = False
    other_things: tuple[str, ...] = ()

    @property
    def objection(self) -> str | None:
        """What speaks against its rows' being articles of the press, or None."""
        names = {field: plain_name(name) for field, name in self.columns.items()}
        if "outlet" in names and names["outlet"] != "publisher":
            return None
        is_said = {"url", "domain"} & names.keys() or {"title", "text"} <= names.keys()
        # one such column in a dated list is of the subject: "stock" in news of the markets
        is_dated = bool(is_said) and "published" in names
        if self.other_things and (not is_dated or len(self.other_things) > 1 or self.has_isbn):
            return f"the column {self.other_things[0]!r} is of other things"
        is_named = any(names.get(field, "title") not in _ANY_TABLE for field in ("title", "published"))
        return None if is_said or is_named else "nothing says that they are of the press"

    @property
    def has_isbn(self) -> bool:
        """Whether a column holds the numbers of books."""
        return any(plain_name(name) in _ISBN for name in self.other_things)

    @property
    def is_of_articles(self) -> bool:
        """Whether rows name articles: a headline or text, and where or when it appeared."""
        return are_of_articles(self.columns.keys())


def layout_of(rows: list[Row], columns: dict[str, str] | None = None, date_format: str = "") -> Layout:
    """The layout of a table by its first rows; `columns` names fields' columns for certain."""
    names = list(dict.fromkeys(str(name) for row in rows for name in row))
    column_of = guess(names) | (columns or {})
    if "title" not in column_of and "text" in column_of and _is_short(rows, column_of["text"]):
        column_of["title"] = column_of.pop("text")
    dates = [str(row.get(column_of["published"], "")) for row in rows] if "published" in column_of else []
    slashed = [match for one in dates if (match := _SLASHED.match(one))]
    day_first: bool | None = True
    if slashed:
        first, second = max(int(one[1]) for one in slashed), max(int(one[2]) for one in slashed)
        day_first = True if first > 12 else False if second > 12 else None
        if day_first is None and any(map(is_foreign, guess(names).values())):
            day_first = True
    filled = [one for one in dates if one and one != "None"]
    serial = bool(filled) and all(map(_SERIAL.fullmatch, filled))
    return Layout(column_of, day_first, date_format, serial, _other_things(rows, names))


def _other_things(rows: list[Row], names: list[str]) -> tuple[str, ...]:
    """The columns of other things than articles that most rows have a value in."""
    return tuple(
        name
        for name in names
        if plain_name(name) in _OTHER_THINGS
        and 2 * sum(text_of(row.get(name)) is not None for row in rows) > len(rows)
    )


def kind_of(row: Row, layout: Layout) -> str | None:
    """What other work than an article a row is, if it says so: Zotero's 'book', or what has an ISBN."""
    kind = text_of(row.get(layout.columns.get("kind", "")))
    if is_other_work(kind):
        return kind
    return "book" if any(text_of(row.get(name)) for name in row if plain_name(name) in _ISBN) else None


def _is_short(rows: list[Row], name: str) -> bool:
    """Whether a column called 'article' or the like holds headlines."""
    lengths = sorted(len(text) for row in rows if (text := text_of(row.get(name))))
    return plain_name(name).startswith(("article", "artikel")) and bool(lengths) and lengths[-1] <= _SHORT


def record_of(row: Row, layout: Layout) -> Record:
    """The record of a row: texts without markup, an address only if it is one of the web."""
    cells = {field: row.get(name) for field, name in layout.columns.items()}
    record = Record(title=plain_title(text_of(cells.get("title"))))
    lines = html_lines(text_of(cells.get("text")))
    excerpt = html_lines(text_of(cells.get("excerpt")))
    record.text = "\n".join(lines) or None
    if (record.text is None and excerpt) or (
        record.text is not None and excerpt and len(record.text) < len("\n".join(excerpt))
    ):
        record.text, record.partial = "\n".join(excerpt), "excerpt"
    url = text_of(cells.get("url"))
    record.url = url if url and (is_web(url) or url.startswith("file:///")) else None
    outlet = text_of(cells.get("outlet"))
    if outlet and is_web(outlet):  # a column 'source' may hold where a text is from
        record.url, outlet = record.url or outlet, None
    set_outlet(record, outlet)
    record.domain = text_of(cells.get("domain"))
    record.set_date(moment(cells.get("published"), layout, cells.get("time")))
    record.authors = names_of(cells.get("authors"))
    record.language = language_code(text_of(cells.get("language")))
    country = text_of(cells.get("country"))
    record.country = country_code(country)
    record.document = text_of(cells.get("document"))
    if {"canonical_url", "story"} <= row.keys():
        _of_our_own(record, row)
    elif record.text is None and record.title:
        record.partial = "title_only"
    return record.note(
        **{
            name: text_of(cells.get(name))
            for name in ("section", "page", "edition", "place", "printed_words", "seen", "saved")
            if name in cells
        }
    )


def _of_our_own(record: Record, row: Row) -> None:
    """What only an export of Pressgauge says: why a text is not all, and the details of print."""
    record.partial = text_of(row.get("partial"))
    record.url = text_of(row.get("canonical_url")) or record.url
    record.title, record.text = text_of(row.get("title")), text_of(row.get("text"))
    try:
        details = json.loads(text_of(row.get("details")) or "{}")
    except ValueError:
        details = {}
    record.note(**{str(name): text_of(value) for name, value in details.items()})


def text_of(value: Any) -> str | None:
    """The text of a cell: a float that is whole loses its '.0', a nested object gives its name."""
    if isinstance(value, dict):
        value = next(
            (
                value[key]
                for key in ("name", "title", "value", "main", "$t")
                if isinstance(value.get(key), str)
            ),
            None,
        )
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float | date):
        return str(value)
    return value.strip() or None if isinstance(value, str) else None


def names_of(value: Any) -> tuple[str, ...]:
    """The persons of a cell: a list of names or of objects with names, or a byline."""
    if isinstance(value, list):
        return tuple(name for one in value if (name := text_of(one)))[:30]
    text = text_of(value)
    if text is None or "://" in text:
        return ()
    if ";" in text or text.count(",") == 1:
        return inverted(text)
    return persons(text)


def moment(value: Any, layout: Layout, clock: Any = None) -> Moment:
    """(aware datetime, precision) of a cell; unknown is not guessed."""
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        midnight = value.hour == value.minute == value.second == 0
        return aware, "day" if midnight and not value.tzinfo else "second"
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC), "day"
    text = text_of(value)
    if text is None:
        return None, None
    if layout.date_format:
        try:
            parsed_moment = datetime.strptime(text, layout.date_format)
        except ValueError:
            return None, None
        exact = "%H" in layout.date_format or "%I" in layout.date_format
        return (
            parsed_moment if parsed_moment.tzinfo else parsed_moment.replace(tzinfo=UTC)
        ), "second" if exact else "day"
    if layout.serial and _SERIAL.fullmatch(text):
        days = float(text.replace(",", "."))
        return _EPOCH + timedelta(days=days), "day" if days.is_integer() else "second"
    if re.fullmatch(r"1\d{9}", text):
        return datetime.fromtimestamp(int(text), UTC), "second"
    if layout.day_first is None and _SLASHED.match(text):
        return None, None
    iso = parse_iso(text)
    if iso[0] is not None:
        return iso
    time = text_of(clock)
    extended = f"{text} {time}" if time and ":" in time and not time.startswith("00:00") else text
    return read_date(extended, day_first=layout.day_first is not False)
