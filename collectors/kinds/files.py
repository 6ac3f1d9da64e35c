"""Local files: articles or addresses that a researcher already has.

Tables (CSV, JSON, JSONL, Parquet and RIS with a column of addresses or texts), exports of databases, a text
file of addresses or of one article, an HTML page, or a folder of these. Nothing but what the source's `url`
names is read, and tables and exports are read in the sandbox, by `collectors/formats/`. An article without an
address gets one of the form file:///NAME/DIGEST: made of what it says, it stays the same when rows are put
before it, and is no other file's.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from collectors.candidate import Candidate, Rejected, Window
from collectors.collector import Context
from collectors.errors import CollectError
from collectors.formats.identity import LONG_ENOUGH, Editions, address_in
from collectors.sandbox.pool import Workers
from collectors.shared.local_files import local_path
from collectors.shared.options import Options
from collectors.shared.outlets import with_outlet
from collectors.shared.plainpage import plain_page
from collectors.shared.threads import in_thread
from collectors.source import Source
from pressgauge.urls import is_web

_TAG = re.compile(rb"<(?:link|meta)\b[^<>]{1,2600}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    rb"""(?<![\w-])(rel|property|href|content)\s{0,9}=\s{0,9}["']?([^"'\s>]{1,2000})""", re.IGNORECASE
)
_SAVED_FROM = re.compile(rb"saved from url=\(\d{4}\)(https?://\S{1,2000})", re.IGNORECASE)
_MAX_PAGE = 10 * 1024 * 1024


class Files:
    kind = "file"
    summary = "articles or addresses in local files: tables, text, pages, exports of databases, ZIPs, folders"
    limits = "local files only; a date that could be of two days is unknown without `date_format`"
    key: str | None = None
    takes_path = True

    async def collect(
        self, source: Source, window: Window, context: Context
    ) -> AsyncIterator[Candidate | Rejected]:
        table = _table_options(source)
        files, editions = _files(_path(source)), Editions()
        for file, folder in files:
            try:
                async for item in _items_of_file(file, folder, table, editions, context.workers):
                    if isinstance(item, Candidate) and not window.contains(item.published):
                        yield Rejected(item.url, "outside_window")
                    else:
                        yield with_outlet(item, source)
            except CollectError as error:
                if len(files) == 1:
                    raise
                yield Rejected(f"file:///{quote(file.relative_to(folder).as_posix())}", error.reason)


def _table_options(source: Source) -> dict[str, Any]:
    """How the settings say that tables are read. Raises CollectError('bad_option')."""
    from collectors.formats.tables.named_tables import FIELDS  # it brings the readers of all tables

    options = Options(source, "columns", "encoding", "date_format")
    columns, encoding = options.table("columns"), options.text("encoding")
    if unknown := set(columns) - set(FIELDS):
        raise CollectError(
            "bad_option",
            f"source '{source.name}': `columns` knows {', '.join(FIELDS)}, not {unknown.pop()}.",
        )
    try:
        "".encode(encoding or "utf-8")
    except LookupError as error:
        raise CollectError(
            "bad_option", f"source '{source.name}': `encoding` is one such as \"shift_jis\"; {error}."
        ) from error
    return {"columns": columns, "encoding": encoding, "date_format": options.text("date_format")}


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
    file: Path, folder: Path, table: dict[str, Any], editions: Editions, workers: Workers
) -> AsyncIterator[Candidate | Rejected]:
    """What a file holds: a table of addresses or texts, a text, a page, or an export in a known format."""
    from collectors.formats.candidates import candidates, readers_of  # it brings thirty formats

    name = file.relative_to(folder).as_posix()
    if await asyncio.to_thread(_leads_out, file, folder):
        yield Rejected(f"file:///{quote(name)}", "outside_folder")
        return
    async with readers_of(file, workers) as readers:
        form = await readers.run("form", b"", path=str(file), name=name)
        if form in ("page", "text"):
            items = iter([_page(file, folder)]) if form == "page" else _text(file, table["encoding"])
            async for item in in_thread(items):
                yield item
            return
        options = table if form == "table" else None
        async for item in candidates(readers, file, name, editions, options):
            yield item


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
    return Candidate(_own_address(html[: 256 * 1024]) or address_in(name, html), html=html)


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


def _text(file: Path, encoding: str) -> Iterator[Candidate | Rejected]:
    """A list of addresses if most lines are one, # beginning a comment; else one article whose first line is
    its headline."""
    from collectors.formats.candidates import candidate_of
    from collectors.formats.record import Record
    from collectors.formats.syntax.content import Content

    try:
        with file.open("rb") as stream:
            text = Content(stream, file.name, encoding=encoding).text()
    except OSError as error:
        raise CollectError("bad_file", f"{file.name} cannot be read: {error}") from error
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise CollectError("bad_file", f"{file.name} is empty.")
    entries = [line for line in lines if not line.startswith("#")]
    if 2 * sum(map(is_web, entries)) > len(entries):
        yield from (Candidate(line) if is_web(line) else Rejected(line[:200], "bad_url") for line in entries)
        return
    url, body = address_in(file.name, *lines), "\n".join(lines[1:])
    if not body:
        yield Candidate(url, title=lines[0], html=plain_page(url, "", title=lines[0]))
        return
    record = Record(title=lines[0], text=body, url=url)
    if len(body) >= LONG_ENOUGH:
        from collectors.extraction.language import language_of  # which loads a reader of pages

        record.language = language_of(body, None)
    yield candidate_of(record, "txt", Editions())
