"""References of Zotero and its kin: RIS, BibTeX and CSL JSON. RIS is lines 'XX  - value', BibTeX braces; both
are read here in sixty lines, where rispy and bibtexparser would bring two packages and keep what no article
has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from collectors.formats.record import Item, Moment, Notice, Record
from collectors.formats.syntax.content import Content
from collectors.formats.syntax.markup import html_lines, plain_title
from collectors.formats.tables.other_works import is_other_work, other_work
from collectors.formats.values.bylines import inverted
from collectors.formats.values.dates import read_date
from collectors.formats.values.languages import language_code
from collectors.formats.values.outlets import set_outlet
from pressgauge.urls import is_web

_RIS_LINE = re.compile(r"^([A-Z][A-Z0-9])  ?- ?(.*)$")
_RIS_TITLES, _RIS_OUTLETS = ("TI", "T1", "CT", "BT"), ("T2", "JO", "JF", "JA", "J2", "PB")
_BIB_START = re.compile(r"^\s*@(\w{2,30})\s*[{(]\s*([^,\s]{0,200}),", re.MULTILINE)
_BIB_FIELD = re.compile(r"([A-Za-z][\w-]{0,40})\s*=\s*")
_BIB_NOT = ("comment", "string", "preamble")
_YMD = re.compile(r"^(\d{4})/(\d{1,2})/(\d{1,2})")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def recognise_ris(content: Content) -> bool:
    return re.match(r"\s*TY  ?- ?\w+", content.text_head) is not None


def read_ris(content: Content) -> Iterator[Item]:
    fields: dict[str, list[str]] = {}
    tag = ""
    rest = ""
    for chunk in content.chunks():
        *lines, rest = (rest + chunk).split("\n")
        for line in lines:
            tag, fields, entry = _ris_line(line, tag, fields)
            if entry:
                yield from _ris_record(entry, content.name)
    _, fields, entry = _ris_line(rest, tag, fields)
    if entry or fields:
        yield from _ris_record(entry or fields, content.name)


def _ris_line(
    line: str, tag: str, fields: dict[str, list[str]]
) -> tuple[str, dict[str, list[str]], dict[str, list[str]] | None]:
    match = _RIS_LINE.match(line)
    if match is None:
        if tag and line.strip():
            fields[tag][-1] += "\n" + line.strip()
        return tag, fields, None
    if match[1] == "ER":
        return "", {}, fields
    if match[1] == "TY" and fields:  # the end of the one before is not marked
        return "TY", {"TY": [match[2].strip()]}, fields
    fields.setdefault(match[1], []).append(match[2].strip())
    return match[1], fields, None


def _ris_record(fields: dict[str, list[str]], name: str) -> Iterator[Item]:
    def one(*tags: str) -> str | None:
        return next((value for tag in tags for value in fields.get(tag, ()) if value), None)

    if is_other_work(kind := (one("TY") or "").strip().lower()):
        yield other_work(kind, name)
        return
    record = Record(title=plain_title(one(*_RIS_TITLES)), url=_web(one("UR", "L2", "LK")))
    set_outlet(record, one(*_RIS_OUTLETS))
    record.authors = inverted(";".join(fields.get("AU", []) + fields.get("A1", [])))
    record.set_date(_ris_date(one("DA", "Y1", "PY")))
    record.language = language_code(one("LA"))
    record.text = "\n".join(html_lines(one("AB", "N2"))) or None
    record.partial = "excerpt" if record.text else "title_only"
    record.note(page=one("SP"), section=one("SE"), edition=one("ET"), place=one("CY", "PP"))
    if record.title is None and record.url is None:
        yield Notice("empty_row", f"a reference of {name} has no title", counts=True)
        return
    record.document = one("AN")
    record.database = "ris" if record.document else None
    yield record


def _ris_date(text: str | None) -> Moment:
    if text and (match := _YMD.match(text)):
        return read_date(f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}")
    return read_date(text)


def _web(url: str | None) -> str | None:
    return url if url and is_web(url) else None


# BibTeX


def recognise_bibtex(content: Content) -> bool:
    match = _BIB_START.search(content.text_head)
    return (
        match is not None
        and not content.text_head.lstrip().startswith(("<", "{"))
        and "=" in content.text_head
    )


def read_bibtex(content: Content) -> Iterator[Item]:
    text = content.text()
    starts = [one for one in _BIB_START.finditer(text) if one[1].lower() not in _BIB_NOT]
    for start, end in zip(starts, [*(one.start() for one in starts[1:]), len(text)], strict=True):
        if is_other_work(kind := start[1].lower()):
            yield other_work(kind, content.name)
            continue
        fields = _bib_fields(text[start.end() : end])
        title = _untex(fields.get("title"))
        record = Record(title=plain_title(title), url=_web(fields.get("url") or _howpublished(fields)))
        set_outlet(
            record,
            _untex(
                fields.get("journaltitle")
                or fields.get("journal")
                or fields.get("publisher")
                or fields.get("organization")
            ),
        )
        record.authors = inverted((_untex(fields.get("author")) or "").replace(" and ", ";"))
        record.set_date(_bib_date(fields))
        record.language = language_code(fields.get("langid") or fields.get("language"))
        abstract = _untex(fields.get("abstract"))
        record.text = "\n".join(html_lines(abstract)) or None
        record.partial = "excerpt" if record.text else "title_only"
        if record.title is None:
            yield Notice("empty_row", f"a reference of {content.name} has no title", counts=True)
        else:
            yield record.note(page=fields.get("pages"), place=fields.get("location") or fields.get("address"))


def _bib_fields(body: str) -> dict[str, str]:
    """The fields of an entry, each value a run of braces, quotes or a word; linear in the text."""
    fields: dict[str, str] = {}
    at = 0
    while match := _BIB_FIELD.search(body, at):
        value, at = _bib_value(body, match.end())
        fields.setdefault(match[1].lower(), " ".join(value.split()))
        if len(fields) > 200:
            break
    return fields


def _bib_value(body: str, at: int) -> tuple[str, int]:
    opening = body[at : at + 1]
    if opening == "{":
        depth = 0
        for number in range(at, len(body)):
            depth += {"{": 1, "}": -1}.get(body[number], 0)
            if depth == 0:
                return body[at + 1 : number], number + 1
        return body[at + 1 :], len(body)
    if opening == '"':
        end = body.find('"', at + 1)
        return (body[at + 1 : end], end + 1) if end > 0 else (body[at + 1 :], len(body))
    end = min(
        (n for n in (body.find(",", at), body.find("\n", at), body.find("}", at)) if n >= 0),
        default=len(body),
    )
    return body[at:end].strip(), max(end, at + 1)


def _untex(text: str | None) -> str | None:
    if text is None:
        return None
    for command, letter in (("\\ss", "ß"), ("\\&", "&"), ("\\%", "%"), ("\\_", "_"), ("--", "–"), ("~", " ")):
        text = text.replace(command, letter)
    accents = {
        '"': "\u0308",
        "'": "\u0301",
        "`": "\u0300",
        "^": "\u0302",
        "~": "\u0303",
        "c": "\u0327",
        "v": "\u030c",
    }
    text = re.sub(r"\\([\"'`^~cv])\s?\{?([A-Za-z])\}?", lambda one: one[2] + accents[one[1]], text)
    import unicodedata

    return (
        unicodedata.normalize("NFC", text.replace("{", "").replace("}", "").replace("\\", "")).strip() or None
    )


def _howpublished(fields: dict[str, str]) -> str | None:
    match = re.search(r"https?://[^\s{}]+", fields.get("howpublished", "") + " " + fields.get("note", ""))
    return match[0] if match else None


def _bib_date(fields: dict[str, str]) -> Moment:
    if (moment := read_date(fields.get("date"))) and moment[0]:
        return moment
    month = fields.get("month", "").strip().lower()[:3]
    if fields.get("year", "").isdigit() and month in _MONTHS and fields.get("day", "").isdigit():
        return read_date(f"{fields['year']}-{_MONTHS.index(month) + 1:02d}-{int(fields['day']):02d}")
    return None, None


# CSL JSON


def is_csl(one: dict[str, Any]) -> bool:
    return "type" in one and "title" in one and bool({"container-title", "issued"} & one.keys())


def read_csl(one: dict[str, Any], name: str) -> Iterator[Item]:
    if is_other_work(kind := str(one.get("type"))):
        yield other_work(kind, name)
        return
    record = Record(title=plain_title(one.get("title")), url=_web(str(one.get("URL") or "")))
    set_outlet(record, one.get("container-title") or one.get("publisher"))
    authors = one.get("author")
    people = authors if isinstance(authors, list) else []
    record.authors = tuple(
        str(person.get("literal") or f"{person.get('given', '')} {person.get('family', '')}").strip()
        for person in people
        if isinstance(person, dict)
    )
    issued = one.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, dict) else None
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    if len(first) == 3 and all(str(part).isdigit() for part in first):
        year, month, day = (int(part) for part in first)
        record.set_date(read_date(f"{year:04d}-{month:02d}-{day:02d}"))
    record.language = language_code(str(one.get("language") or ""))
    record.text = "\n".join(html_lines(one.get("abstract"))) or None
    record.partial = "excerpt" if record.text else "title_only"
    if record.title is None:
        yield Notice("empty_row", f"a reference of {name} has no title", counts=True)
        return
    yield record.note(
        page=str(one.get("page") or ""),
        section=str(one.get("section") or ""),
        place=str(one.get("publisher-place") or ""),
    )
