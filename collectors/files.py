"""Local files: articles or addresses that a researcher already has.

CSV, JSON, JSONL and Parquet with a column of addresses or texts (Media Cloud's CSV export among them), RIS
from Zotero, a text file of addresses or of one article, an HTML page or a folder of them. Nothing but what
the source's `url` names is read. An article without an address gets one of the form file:///NAME/NUMBER.
"""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from itertools import chain, islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

from collectors.aside import in_thread
from collectors.collector import Candidate, CollectError, Context, Rejected, Window
from collectors.dates import parse_iso
from collectors.options import Options
from collectors.outlets import with_outlet
from collectors.plainpage import paragraphs, plain_page
from collectors.sources import Source
from collectors.tables import SUFFIXES, Record, encoding_of, local_path, records

log = logging.getLogger(__name__)

FIELDS = {
    "url": (
        "url",
        "link",
        "article_url",
        "story_url",
        "canonical_url",
        "permalink",
        "webpage",
        "uri",
        "href",
    ),
    "title": ("title", "headline", "article_title", "heading"),
    "published": (
        "published",
        "publish_date",
        "date",
        "publication_date",
        "pubdate",
        "published_at",
        "datetime",
    ),
    "authors": ("authors", "author", "byline"),
    "text": ("text", "body", "content", "full_text", "fulltext", "article_text", "article"),
    "outlet": ("outlet", "media_name", "source", "publisher", "publication", "newspaper", "source_name"),
    "domain": ("domain", "media_url", "canonical_domain", "hostname"),
    "language": ("language", "lang"),
    "country": ("country", "country_code"),
}
"""What a column may be called, most likely first; compared without case, and punctuation as one `_`."""
_SEPARATORS = re.compile(r"\W+")
_OWN_ADDRESS = re.compile(
    rb"""<link[^>]{1,300}?rel=["']?canonical["']?[^>]{1,500}?href=["']?(https?://[^"'\s>]{1,2000})"""
    rb"""|<meta[^>]{1,300}?property=["']og:url["'][^>]{1,500}?content=["'](https?://[^"'\s>]{1,2000})"""
    rb"""|saved from url=\(\d{4}\)(https?://\S{1,2000})""",
    re.IGNORECASE,
)
_MAX_PAGE = 10 * 1024 * 1024
_SAMPLE = 50


class Files:
    kind = "file"
    summary = (
        "articles or addresses in a local CSV, JSON, JSONL, Parquet, RIS, text or HTML file, or a folder"
    )
    limits = (
        "local files only; a date must be ISO 8601 or RFC 2822 unless `date_format` says how it is written"
    )
    key: str | None = None

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
        found = _read(_path(source), columns, options.text("encoding"), date_format)
        async for candidate in in_thread(found):
            if isinstance(candidate, Candidate) and not window.contains(candidate.published):
                yield Rejected(candidate.url, "outside_window")
            else:
                yield with_outlet(candidate, source)


def _path(source: Source) -> Path:
    if source.url.startswith(("http://", "https://")):
        raise CollectError("bad_option", f"source '{source.name}': kind 'file' reads local files only.")
    return local_path(source.url)


def _read(
    path: Path, columns: dict[str, str], encoding: str, date_format: str
) -> Iterator[Candidate | Rejected]:
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.suffix.lower() in (".html", ".htm"))
        if not files:
            raise CollectError("no_file", f"{path} holds no .html file.")
        yield from (_page(file, path) for file in files)
    elif not path.is_file():
        raise CollectError("no_file", f"{path} does not exist.")
    elif path.suffix.lower() in (".html", ".htm"):
        yield _page(path, path.parent)
    elif path.suffix.lower() == ".txt":
        yield from _text(path, encoding)
    elif path.suffix.lower() in SUFFIXES:
        yield from _table(path, columns, encoding, date_format)
    else:
        known = ", ".join((*SUFFIXES, ".txt", ".html"))
        raise CollectError("bad_file", f"{path.name} is none of {known} or a folder.")


def _page(file: Path, folder: Path) -> Candidate | Rejected:
    """A saved page, under the address that it gives as its own."""
    name = file.relative_to(folder).as_posix()
    if not file.resolve().is_relative_to(folder.resolve()):
        return Rejected(f"file:///{quote(name)}", "outside_folder")
    try:
        with file.open("rb") as stream:
            html = stream.read(_MAX_PAGE + 1)
    except OSError:
        return Rejected(f"file:///{quote(name)}", "bad_file")
    if len(html) > _MAX_PAGE:
        return Rejected(f"file:///{quote(name)}", "too_large")
    match = _OWN_ADDRESS.search(html[: 256 * 1024])
    own = unescape(next(filter(None, match.groups())).decode("utf-8", "replace")) if match else None
    return Candidate(own or f"file:///{quote(name)}", html=html)


def _text(file: Path, encoding: str) -> Iterator[Candidate | Rejected]:
    """A list of addresses if each line is one; else one article whose first line is its headline."""
    try:
        text = file.read_text(encoding or encoding_of(file), errors="replace")
    except (OSError, LookupError) as error:
        raise CollectError("bad_file", f"{file.name} cannot be read: {error}") from error
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise CollectError("bad_file", f"{file.name} is empty.")
    if all(line.startswith(("http://", "https://")) for line in lines):
        yield from (Candidate(line) for line in lines)
        return
    url = f"file:///{quote(file.name)}"
    body = "\n".join(lines[1:])
    yield Candidate(url, title=lines[0], text=body, html=plain_page(url, paragraphs(body), title=lines[0]))


def guess_columns(names: Iterable[str]) -> dict[str, str]:
    """Which column holds which of FIELDS, by its name; a field without a likely column is absent."""
    plain = {_SEPARATORS.sub("_", name.casefold()).strip("_"): name for name in names}
    return {
        field: plain[known[0]]
        for field, likely in FIELDS.items()
        if (known := [name for name in likely if name in plain])
    }


def _table(
    file: Path, columns: dict[str, str], encoding: str, date_format: str
) -> Iterator[Candidate | Rejected]:
    rows = records(file, encoding)
    sample = list(islice(rows, _SAMPLE))
    names = list(dict.fromkeys(name for row in sample if row for name in row))
    if missing := [column for column in columns.values() if column not in names]:
        raise CollectError(
            "no_column", f"{file.name} has no column '{missing[0]}'; it has {', '.join(names)}."
        )
    used = guess_columns(names) | columns
    if not {"url", "text"} & used.keys():
        raise CollectError(
            "no_column",
            f"{file.name} has no column that looks like addresses or texts among {', '.join(names)}; "
            'name one in sources.toml, for example columns = { url = "..." }.',
        )
    log.info("%s: reading %s", file.name, ", ".join(f"{field} from '{name}'" for field, name in used.items()))
    for number, row in enumerate(chain(sample, rows), start=1):
        own = f"file:///{quote(file.name)}/{number}"
        yield _row(row, used, own, date_format) if row is not None else Rejected(own, "bad_row")


def _row(row: Record, used: dict[str, str], own: str, date_format: str) -> Candidate | Rejected:
    said = {field: row.get(name) for field, name in used.items()}
    text, title = _plain(said.get("text")), _plain(said.get("title"))
    url = _plain(said.get("url"))
    if url is None and text is None:
        return Rejected(own, "no_url")
    if url is not None and not url.startswith(("http://", "https://")):
        return Rejected(url, "bad_url")
    published, precision = _moment(said.get("published"), date_format)
    authors = _authors(said.get("authors"))
    language = (_plain(said.get("language")) or "")[:2].lower() or None
    page = None
    if text:
        page = plain_page(
            url or own, paragraphs(text), title=title, authors=authors, published=published, language=language
        )
    return Candidate(
        url or own,
        title=title,
        published=published,
        published_precision=precision,
        authors=authors,
        text=text,
        html=page,
        outlet=_plain(said.get("outlet")),
        domain=_plain(said.get("domain")),
        country=_plain(said.get("country")),
        language=language,
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
    found = parse_iso(text.replace("/", "-"))
    if found[0] is not None:
        return found
    try:
        moment = parsedate_to_datetime(text)
        return (moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)), "second"
    except (ValueError, TypeError, IndexError, OverflowError):
        return None, None
