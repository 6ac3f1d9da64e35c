"""Local files: articles or addresses that a researcher already has.

CSV, JSON, JSONL and Parquet with a column of addresses or texts (Media Cloud's CSV export among them), RIS
from Zotero, a text file of addresses or of one article, an HTML page or a folder of them. Nothing but what
the source's `url` names is read. An article without an address gets one of the form file:///NAME/DIGEST: made
of what it says, it stays the same when rows are put before it, and is no other file's.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from html import unescape
from itertools import chain, islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

from collectors.candidate import Candidate, Rejected, Window
from collectors.collector import Context
from collectors.errors import CollectError
from collectors.extraction.article import Article
from collectors.formats.identity import Editions
from collectors.formats.record import SURE
from collectors.formats.tables.names import guess
from collectors.sandbox.pool import Workers
from collectors.shared.options import Options
from collectors.shared.outlets import with_outlet
from collectors.shared.plainpage import plain_page
from collectors.shared.records import SUFFIXES, Record, encoding_of, local_path, records
from collectors.shared.threads import in_thread
from collectors.shared.timestamps import parse_iso
from collectors.source import Source
from pressgauge.languages import country_code, language_code
from pressgauge.urls import is_web

log = logging.getLogger(__name__)

FIELDS = ("url", "title", "published", "authors", "text", "outlet", "domain", "language", "country")
"""What a column may hold; what it may be called is in `collectors/formats/tables/names.py`."""
_TAG = re.compile(rb"<(?:link|meta)\b[^<>]{1,2600}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    rb"""(?<![\w-])(rel|property|href|content)\s{0,9}=\s{0,9}["']?([^"'\s>]{1,2000})""", re.IGNORECASE
)
_SAVED_FROM = re.compile(rb"saved from url=\(\d{4}\)(https?://\S{1,2000})", re.IGNORECASE)
_MAX_PAGE = 10 * 1024 * 1024
_SAMPLE = 50
_ENOUGH = 80
"""Characters of a text from which its language can be told."""


class Files:
    kind = "file"
    summary = "articles or addresses in local files: tables, text, pages, exports of databases, ZIPs, folders"
    limits = (
        "local files only; a date must be ISO 8601 or RFC 2822 unless `date_format` says how it is written"
    )
    key: str | None = None
    takes_path = True

    async def collect(
        self, source: Source, window: Window, context: Context
    ) -> AsyncIterator[Candidate | Rejected]:
        options = Options(source, "columns", "encoding", "date_format")
        columns, date_format = options.table("columns"), options.text("date_format")
        if unknown := set(columns) - set(FIELDS):
            raise CollectError(
                "bad_option",
                f"source '{source.name}': `columns` knows {', '.join(FIELDS)}, not {unknown.pop()}.",
            )
        files, editions = _files(_path(source)), Editions()
        for file, folder in files:
            items = _items_of_file(
                file, folder, columns, options.text("encoding"), date_format, editions, context.workers
            )
            try:
                async for item in items:
                    if isinstance(item, Candidate) and not window.contains(item.published):
                        yield Rejected(item.url, "outside_window")
                    else:
                        yield with_outlet(item, source)
            except CollectError as error:
                if len(files) == 1:
                    raise
                yield Rejected(f"file:///{quote(file.relative_to(folder).as_posix())}", error.reason)


def _path(source: Source) -> Path:
    if is_web(source.url):
        raise CollectError("bad_option", f"source '{source.name}': kind 'file' reads local files only.")
    return local_path(source.url)


def _files(path: Path) -> list[tuple[Path, Path]]:
    """(file, the folder that it may not lead out of) of a file, or of everything in a folder."""
    if not path.is_dir():
        if not path.is_file():
            raise CollectError("no_file", f"{path} does not exist.")
        return [(path.absolute(), path.absolute().parent)]
    files = [
        file
        for file in sorted(path.rglob("*"))
        if not file.is_dir() and not any(part.startswith(".") for part in file.relative_to(path).parts)
    ]
    if not files:
        raise CollectError("no_file", f"{path} holds no file.")
    return [(file.absolute(), path.absolute()) for file in files]


def _leads_out(file: Path, folder: Path) -> bool:
    return not file.resolve().is_relative_to(folder.resolve())


async def _items_of_file(
    file: Path,
    folder: Path,
    columns: dict[str, str],
    encoding: str,
    date_format: str,
    editions: Editions,
    workers: Workers | None,
) -> AsyncIterator[Candidate | Rejected]:
    """What a file holds: a table of addresses or texts, a text, a page, or an export in a known format."""
    if await asyncio.to_thread(_leads_out, file, folder):
        yield Rejected(f"file:///{quote(file.relative_to(folder).as_posix())}", "outside_folder")
        return
    form = await asyncio.to_thread(_form, file)
    if form == "export":
        from collectors.formats.candidates import candidates  # it brings thirty formats

        name = file.relative_to(folder).as_posix()
        async for item in candidates(file, name, editions, workers):
            yield item
        return
    items = (
        iter([_page(file, folder)])
        if form == "page"
        else _text(file, encoding)
        if form == "text"
        else _table(file, columns, encoding, date_format)
    )
    async for item in in_thread(items):
        yield item


def _form(file: Path) -> str:
    """'page', 'text' or 'table' for what is read here, 'export' for all else, by a look at its beginning."""
    from collectors.formats.registry import recognise
    from collectors.formats.syntax.content import Content
    from collectors.formats.tables.json_services import is_of_a_service

    suffix = file.suffix.lower()
    try:
        with file.open("rb") as stream:
            content = Content(stream, file.name)
            if suffix in (".html", ".htm", ".txt"):
                file_format = recognise(content)
                if file_format is None or file_format.name in ("html", "text"):
                    return "text" if suffix == ".txt" else "page"
                return "table" if file_format.name == "csv" and suffix == ".txt" else "export"
            if suffix in SUFFIXES:
                return "export" if suffix == ".json" and is_of_a_service(content) else "table"
    except OSError as error:
        raise CollectError("bad_file", f"{file.name} cannot be read: {error}") from error
    return "export"


def _page(file: Path, folder: Path) -> Candidate | Rejected:
    """A saved page, under the address that it gives as its own."""
    name = file.relative_to(folder).as_posix()
    try:
        with file.open("rb") as stream:
            html = stream.read(_MAX_PAGE + 1)
    except OSError:
        return Rejected(f"file:///{quote(name)}", "bad_file")
    if len(html) > _MAX_PAGE:
        return Rejected(f"file:///{quote(name)}", "too_large")
    return Candidate(_own_address(html[: 256 * 1024]) or _address(name, html), html=html)


def _own_address(html: bytes) -> str | None:
    """The address that a saved page says is its own, or was saved from."""
    for tag in _TAG.findall(html):
        attributes = {name.lower(): value for name, value in _ATTRIBUTE.findall(tag)}
        ours = b"href" if attributes.get(b"rel", b"").lower() == b"canonical" else None
        ours = b"content" if attributes.get(b"property", b"").lower() == b"og:url" else ours
        if ours and is_web(address := unescape(attributes.get(ours, b"").decode("utf-8", "replace"))):
            return address
    comment = _SAVED_FROM.search(html)
    return unescape(comment[1].decode("utf-8", "replace")) if comment else None


def _address(name: str, *says: Any) -> str:
    """The address of an article that has none: of the file's name, and of what the article says."""
    digest = blake2b(digest_size=8)
    for part in says:
        digest.update(part if isinstance(part, bytes) else str(part).encode("utf-8", "replace"))
        digest.update(b"\0")
    return f"file:///{quote(name)}/{digest.hexdigest()}"


def _text(file: Path, encoding: str) -> Iterator[Candidate | Rejected]:
    """A list of addresses if most lines are one, # beginning a comment; else one article whose first line is
    its headline."""
    try:
        text = file.read_text(encoding or encoding_of(file), errors="replace")
    except (OSError, LookupError) as error:
        raise CollectError("bad_file", f"{file.name} cannot be read: {error}") from error
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise CollectError("bad_file", f"{file.name} is empty.")
    entries = [line for line in lines if not line.startswith("#")]
    if 2 * sum(map(is_web, entries)) > len(entries):
        yield from (Candidate(line) if is_web(line) else Rejected(line[:200], "bad_url") for line in entries)
        return
    url = _address(file.name, *lines)
    body = "\n".join(lines[1:])
    article = _article(body, lines[0], (), (None, None), None, file.name) if body else None
    yield Candidate(
        url, title=lines[0], html=b"" if article else plain_page(url, "", title=lines[0]), article=article
    )


def guess_columns(names: Iterable[str]) -> dict[str, str]:
    """Which column holds which of FIELDS, by its name; a field without a likely column is absent."""
    return {field: name for field, name in guess(names).items() if field in FIELDS}


def _table(
    file: Path, columns: dict[str, str], encoding: str, date_format: str
) -> Iterator[Candidate | Rejected]:
    rows = records(file, encoding)
    sample = list(islice(rows, _SAMPLE))
    if not sample:
        raise CollectError("bad_file", f"{file.name} holds no articles.")
    names = list(dict.fromkeys(name for row in sample if row for name in row))
    if missing := [column for column in columns.values() if column not in names]:
        raise CollectError(
            "no_column", f"{file.name} has no column '{missing[0]}'; it has {', '.join(names)}."
        )
    column_of = guess_columns(names) | columns
    if not {"url", "text"} & column_of.keys():
        raise CollectError(
            "no_column",
            f"{file.name} has no column that looks like addresses or texts among {', '.join(names)}; "
            'name one in sources.toml, for example columns = { url = "..." }.',
        )
    log.info(
        "%s: reading %s", file.name, ", ".join(f"{field} from '{name}'" for field, name in column_of.items())
    )
    dates = column_of.get("published")
    if date_format:
        _check(date_format, sample, dates, file)
    undated, example = 0, ""
    for number, row in enumerate(chain(sample, rows), start=1):
        if row is None:
            yield Rejected(_numbered(file.name, number), "bad_row")
            continue
        item = _row(row, column_of, file.name, number, date_format)
        if dates and row.get(dates) and isinstance(item, Candidate) and item.published is None:
            undated += 1
            example = example or str(row[dates])[:60]
        yield item
    if undated:
        log.warning(
            "%s: %s dates are unknown, such as %r: neither ISO 8601 nor RFC 2822, nor as `date_format` says",
            *(file.name, f"{undated:,}", example),
        )


def _numbered(name: str, number: int) -> str:
    return f"file:///{quote(name)}/{number}"


def _check(date_format: str, sample: list[Record | None], column: str | None, file: Path) -> None:
    """Raises CollectError('bad_option') when no date of the first rows is written as `date_format` says."""
    cells = [row[column] for row in sample if row and column and _plain(row.get(column))]
    if cells and all(_moment(value, date_format)[0] is None for value in cells):
        raise CollectError(
            "bad_option",
            f"date_format = {date_format!r} fits none of the first {len(cells)} dates of {file.name}, "
            f"such as {cells[0][:60]!r}; it is written as in Python's strptime, for example '%d/%m/%Y'.",
        )


def _row(
    row: Record, column_of: dict[str, str], name: str, number: int, date_format: str
) -> Candidate | Rejected:
    cells = {field: row.get(column) for field, column in column_of.items()}
    text, title = _plain(cells.get("text")), _plain(cells.get("title"))
    url = _plain(cells.get("url"))
    if text is None and (url is None or not is_web(url)):
        return (
            Rejected(f"file:///{quote(name)}/{number}", "no_url") if url is None else Rejected(url, "bad_url")
        )
    if url is None or not is_web(url):
        # What was exported from a dataset keeps the address that it got there.
        ours = url is not None and url.startswith("file:///")
        url = url if url and ours else _address(name, title, text, cells.get("published"))
    published, precision = _moment(cells.get("published"), date_format)
    authors = _authors(cells.get("authors"))
    language = language_code(_plain(cells.get("language")))
    article = None
    if text:
        article = _article(text, title, authors, (published, precision), language, name)
    return Candidate(
        url,
        title=title,
        published=published,
        published_precision=precision,
        authors=authors,
        html=None if article is None else b"",
        article=article,
        outlet=_plain(cells.get("outlet")),
        domain=_plain(cells.get("domain")),
        country=country_code(_plain(cells.get("country"))),
        language=language,
    )


def _article(
    text: str,
    title: str | None,
    authors: tuple[str, ...],
    moment: tuple[datetime | None, str | None],
    language: str | None,
    name: str,
) -> Article:
    """A row with its text, as it stands: there is no page to read it from."""
    lines = "\n".join(line.strip() for line in text.splitlines() if line.strip())
    origin = name.rpartition(".")[2].lower()
    from collectors.extraction.language import language_of  # which loads a reader of pages

    return Article(
        title=title,
        text=lines,
        authors=authors,
        published=moment[0],
        published_precision=moment[1],
        language=language_of(lines, language) if len(lines) >= _ENOUGH else language,
        title_from=origin,
        text_from=origin,
        authors_from=origin if authors else None,
        published_from=origin if moment[0] else None,
        confidence=SURE,
    )


def _plain(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _authors(value: Any) -> tuple[str, ...]:
    names = value if isinstance(value, list) else (_plain(value) or "").split(";")
    return tuple(name.strip() for name in names if isinstance(name, str) and name.strip())


def _moment(value: Any, date_format: str) -> tuple[datetime | None, str | None]:
    """(UTC datetime, precision) of a cell; (None, None) for what is no date: unknown is not guessed."""
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)), "second"
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC), "day"
    if (text := _plain(value)) is None:
        return None, None
    if date_format:
        try:
            moment = datetime.strptime(text, date_format)
        except ValueError:
            return None, None
        precision = "second" if "%H" in date_format or "%I" in date_format else "day"
        return (moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)), precision
    iso = parse_iso(text.replace("/", "-"))
    if iso[0] is not None:
        return iso
    try:
        moment = parsedate_to_datetime(text)
        return (moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)), "second"
    except (ValueError, TypeError, IndexError, OverflowError):
        return None, None
