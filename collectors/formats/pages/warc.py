"""Web archives: WARC, gzip or not whatever the name says, and WACZ. fastwarc (Rust) is what the Common Crawl
collector reads with."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from functools import partial
from typing import IO, TYPE_CHECKING, Any
from zipfile import BadZipFile

from collectors.formats.record import Item, Notice, Record
from collectors.formats.syntax.content import Content, ContentError

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

_MAX_PAGE = 10 * 1024 * 1024
_TYPES = ("text/html", "application/xhtml+xml")


def recognise_warc(content: Content) -> bool:
    return content.head.lstrip()[:6] == b"WARC/1" or content.head[:6] == b"WARC/0"


def recognise_wacz(content: Content) -> bool:
    return any(name.startswith("archive/") and _is_archive(name) for name in content.members)


def _is_archive(name: str) -> bool:
    return name.lower().endswith((".warc", ".warc.gz"))


def read_warc(content: Content) -> Iterator[Item]:
    content.stream.seek(0)
    yield from _pages(content.stream, content.name)


def read_wacz(content: Content) -> Iterator[Item]:
    with content.zip() as archive:
        for name in archive.namelist():
            if name.startswith("archive/") and _is_archive(name):
                try:
                    with archive.open(name) as stream:
                        yield from _pages(stream, f"{content.name}/{name}")
                except (BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError) as error:
                    raise ContentError("bad_zip", f"{content.name} is damaged: {error}") from error


def _pages(stream: IO[bytes], name: str) -> Iterator[Item]:
    from fastwarc.warc import WarcRecordType

    from collectors.shared.warc import Damage, whole_records

    marks: set[tuple[str, bytes]] = set()
    pages = 0
    types: Any = WarcRecordType.response | WarcRecordType.resource
    for item in whole_records(stream, partial(_page, name), types=types, decode="content"):
        if isinstance(item, Damage):
            yield Notice("bad_warc", f"{name} is {item}; what is whole is read", counts=True)
            continue
        if isinstance(item, Record) and item.html is not None:
            if (mark := (item.url or "", item.html[:2000])) in marks:
                continue
            marks.add(mark)
            pages += 1
        if item is not None:
            yield item
    if not pages:
        yield Notice("no_articles", f"{name} is a web archive without an HTML page that was found")


def _page(name: str, record: WarcRecord) -> Item | None:
    from collectors.shared.warc import address_of

    url, http = address_of(record), record.http_headers
    kind = (
        (record.http_content_type or record.headers.get("Content-Type") or "")
        .partition(";")[0]
        .strip()
        .lower()
    )
    if kind not in _TYPES or (http is not None and http.status_code != 200):
        return None
    try:
        html = record.reader.read(_MAX_PAGE + 1)
    except (OSError, ValueError, EOFError, zlib.error):
        return Notice("bad_record", f"a record of {name} is damaged: {url[:200]}", counts=True)
    if len(html) > _MAX_PAGE:
        detail = f"a page of {name} has more than {_MAX_PAGE >> 20} MB: {url[:200]}"
        return Notice("too_large", detail, counts=True)
    return Record(html=html, url=url or None, charset=record.http_charset)
