"""Retriever (Mediearkivet, Atekst) of Scandinavia: text with a list, articles parted by '==='."""

from __future__ import annotations

import re
from collections.abc import Iterator

from collectors.formats.record import Item, Notice, Record
from collectors.formats.syntax.content import Content
from collectors.formats.values.dates import read_date
from collectors.formats.values.outlets import set_outlet
from collectors.formats.values.paragraphs import blocks, tidy, unwrap, width_of

_RULE = re.compile(r"^={40,}\s*$", re.MULTILINE)
_LIST_LINE = re.compile(r"^>\s?(\S.*,\s\d{4}-\d\d-\d\d|\S.*,\s\d{1,2}\.\d{1,2}\.\d{4})", re.MULTILINE)
_SOURCE = re.compile(
    r"^(.{2,100}), (\d{4}-\d\d-\d\d(?: \d\d:\d\d)?|\d{1,2}\.\d{1,2}\.\d{4}(?: \d\d[:.]\d\d)?)\s*$"
)
_PAGE = re.compile(r"^(?:Sida|Side|Sivu|Page|s\.)\s+([\w,\- ]{1,20})\s*$")
_PUBLISHED = re.compile(r"^(?:Publicerat|Publisert|Publiceret|Udgivet|Julkaistu|Published)\b(.*?)\.?\s*$")
_FURNITURE = re.compile(
    r"^(?:©|\(c\)|Se (?:webartikeln|nettartikkelen|webartiklen)|Läs hela artikeln|Les hele "
    r"artikkelen|Læs hele artiklen"
    r"|Lue koko artikkeli|Katso verkkoartikkeli|https?://(?:\w+\.)?(?:ret\.nu|retriever)\S*$"
    r"|See the web article|Read the (?:whole|full) article|Alla artiklar är skyddade|Alle "
    r"artikler er beskyttet)",
    re.IGNORECASE,
)
_RIGHTS = re.compile(r"\s*(?:©|\(c\))[^<>\n]{0,80}<br\s?/?>.*$", re.IGNORECASE)
"""The agreement on copies, which follows the holder of the rights on the last line of a text."""


def recognise(content: Content) -> bool:
    head = content.text_head
    return "<html" not in head[:500].lower() and (
        (_RULE.search(head) is not None or _LIST_LINE.search(head) is not None)
        and (
            re.search(r"ret\.nu/|retriever", head, re.IGNORECASE) is not None
            or len(_LIST_LINE.findall(head)) >= 2
        )
        and any(_SOURCE.match(line) for line in head.splitlines()[:4000])
    )


def read(content: Content) -> Iterator[Item]:
    count = 0
    list_count = 0
    for piece in content.pieces(_RULE):
        text = _RULE.sub("", piece, count=1) if _RULE.match(piece) else piece
        list_count += len(_LIST_LINE.findall(text))
        lines = text.split("\n")
        last = max((n for n, line in enumerate(lines) if _LIST_LINE.match(line)), default=-1)
        record = _record(lines[last + 1 :])
        if record is None:
            if any(line.strip() for line in lines[last + 1 :]) and last < 0:
                yield Notice("unread_part", f"a part of {content.name} names no outlet and date", counts=True)
            continue
        count += 1
        yield record
    if list_count and list_count != count:
        yield Notice("count_differs", f"{content.name} lists {list_count:,} articles and holds {count:,}")


def _record(lines: list[str]) -> Record | None:
    at = next((n for n, line in enumerate(lines) if n and _SOURCE.match(line.strip())), None)
    if at is None:
        return None
    source = _SOURCE.match(lines[at].strip())
    assert source
    title = tidy(" ".join(line for line in lines[:at] if line.strip()))
    record = Record(database="retriever", title=title or None)
    set_outlet(record, source[1])
    record.set_date(read_date(source[2]))
    rest = lines[at + 1 :]
    while rest and rest[0].strip():
        line = rest.pop(0).strip()
        if match := _PAGE.match(line):
            record.note(page=match[1])
        elif match := _PUBLISHED.match(line):
            record.note(medium=match[1].strip())
        else:
            rest.insert(0, line)
            break
    body = [_RIGHTS.sub("", line) for line in rest if not _FURNITURE.match(line.strip())]
    width = width_of(body)
    paragraphs = [one for block in blocks(body) for one in unwrap(block, width)]
    record.text = "\n".join(paragraphs) or None
    if paragraphs and paragraphs[-1].endswith(("...", "…")) and len(record.text or "") < 600:
        record.partial = "excerpt"
    return record
