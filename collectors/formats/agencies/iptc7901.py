"""IPTC 7901 and ANPA 1312: wire text between control characters, as agencies sent it since the 1970s."""

from __future__ import annotations

import re
from collections.abc import Iterator

from collectors.formats.agencies.closing import without_closing
from collectors.formats.record import Item, Moment, Notice, Record
from collectors.formats.syntax.content import Content
from collectors.formats.values.bylines import persons
from collectors.formats.values.dates import month_of, read_date
from collectors.formats.values.paragraphs import blocks, tidy, unwrap, width_of

_START = re.compile(r"[\x16]{0,4}\x01")
_HEADER = re.compile(
    r"^\x01?\s{0,3}([a-z]{1,5}\d{2,5})\s+(?:\S{1,8}\s+){0,4}?([A-Za-z][\w-]{1,12})\s+\d{3,4}\s*$"
)
_STAMP = re.compile(r"(\d\d)(\d\d)(\d\d)\s(?:GMT|UTC)?\s?([A-Z][a-z]{2})\s(\d\d)\b")
_MARK = re.compile(
    r"^(?:(?:\d{1,2}(?:ST|ND|RD|TH)\s)?LEAD\w*|REFILE|CORRECTION|CORRECTED|URGENT|EXTRA|ROUNDUP"
    r"|UPDATE|ADVISORY|FIRST"
    r"|NEU|EIL|KORR\w*|BERICHTIGUNG|WIEDERHOLUNG|\(?MORE\)?)$"
)
_BY = re.compile(r"^\^?(?:By|Von|Par|Por)\s", re.IGNORECASE)
_ASIDE = re.compile(r"^\^(?:By\s|AP Photo|Eds\b|.{0,40}Writers?\b|.{0,30}\(AP\)|HFR|PHOTO)", re.IGNORECASE)
_PRIVATE = re.compile(
    r"^(?:#{1,3}\s?(?:notebook|notizblock|editorial contacts|redaktionelle hinweise)|\*(?:\s\*){2,}"
    r"|the following information is not intended for publication|die folgenden informationen "
    r"sind nicht zur ver)",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"^[^\n]{2,60}?\(([A-Za-z][\w-]{1,8})\)\s?[-–—]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def recognise(content: Content) -> bool:
    head = content.text_head[:1500]
    return head.lstrip("\x16\n ")[:1] == "\x01" and "\x02" in head and "\0" not in head


def read(content: Content) -> Iterator[Item]:
    for number, piece in enumerate(content.pieces(_START), 1):
        if "\x02" not in piece:
            continue
        record = _record(piece)
        if record.empty:
            yield Notice("empty_document", f"message {number} of {content.name} has no text", counts=True)
        else:
            yield record


def _record(piece: str) -> Record:
    header, _, rest = piece.partition("\x02")
    body, _, trailer = rest.partition("\x03")
    record = Record(database="agency")
    first = next((line for line in header.split("\n") if line.strip(" \x16\x01")), "")
    if match := _HEADER.match(_CONTROL.sub("", first).strip()):
        record.outlet = match[2]
    head, text = _head_and_text(body)
    head = [line for line in head if not _MARK.match(line)]
    bylines = [line for line in head if _BY.match(line)]
    if any(line.startswith("^") for line in head):  # ANPA: '^Headline<', after a slug of its own
        head = [line.strip("^<> ") for line in head if line.startswith("^") and not _ASIDE.match(line)][
            :1
        ] + bylines
        bylines = [line.strip("^<> ") for line in bylines]
    record.title = tidy(" ".join(line for line in head if line not in bylines)) or None
    record.authors = persons(" and ".join(line.rstrip(" =") for line in bylines))
    lines = text.split("\n")
    stop = next((n for n, line in enumerate(lines) if _PRIVATE.match(line.strip())), len(lines))
    lines = lines[:stop]
    width = width_of(lines)
    paragraphs = [one for block in blocks(lines) for one in unwrap(block, width)]
    record.text = "\n".join(without_closing(paragraphs)) or None
    if record.outlet is None and record.text and (dateline := _DATELINE.match(record.text)):
        record.outlet = dateline[1]
    record.set_date(_moment(trailer) if _moment(trailer)[0] else read_date(trailer[:100]))
    slug = [_CONTROL.sub("", line).strip() for line in header.split("\n")[1:]]
    return record.note(slug=next((line for line in slug if line), None))


def _head_and_text(body: str) -> tuple[list[str], str]:
    """The lines of the head, which ends in '=' or at an empty line, and the text."""
    lines = [_CONTROL.sub("", line).rstrip() for line in body.split("\n")]
    head: list[str] = []
    for number, line in enumerate(lines):
        plain = line.strip()
        if not plain and head:
            return head, "\n".join(lines[number:])
        if plain.startswith("^"):
            head.append(plain)
            continue
        if plain:
            head.append(plain.rstrip(" ="))
        if plain.endswith("="):
            return head, "\n".join(lines[number + 1 :])
        if number > 12:
            break
    return [], "\n".join(lines)


def _moment(trailer: str) -> Moment:
    """'212322 GMT Nov 18': day, hour and minute, month, year."""
    match = _STAMP.search(trailer)
    if match is None or not (month := month_of(match[4])):
        return None, None
    year = int(match[5]) + (2000 if int(match[5]) < 70 else 1900)
    return read_date(f"{year}-{month:02d}-{match[1]} {match[2]}:{match[3]}Z")
