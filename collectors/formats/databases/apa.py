"""Austria Press Agency: the print page of DeFacto (HTML) and the RTF of OnlineManager.

Both head an article with '"Der Standard" vom 02.04.2013 Seite: 1'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collectors.extraction.authors.names import is_full, key, split
from collectors.formats.record import Item, Notice, Record
from collectors.formats.syntax import rtf
from collectors.formats.syntax.content import Content
from collectors.formats.syntax.markup import by_class, lines_of, parse_html, text_of
from collectors.formats.values.bylines import persons
from collectors.formats.values.dates import read_date
from collectors.formats.values.outlets import set_outlet
from collectors.formats.values.paragraphs import tidy

_HEADER = re.compile(
    r"""^\s*["„“]([^"„“”\n]{2,80})["“”](?:\s+(?:gefunden am|Nr\.?)\s?([\w/.-]{1,20}))?"""
    r"""[^\n]{0,30}?\s+(?:vom|am)\s+"""
    r"(\d{1,2}\.\d{1,2}\.\d{4}(?:\s+\d{1,2}[:.]\d\d)?)([^\n]*)$",
    re.MULTILINE,
)
_PAGE = re.compile(r"Seiten?:?\s*([\w/,-]+)")
_SECTION = re.compile(r"^\s*Ressort:\s*(.+)$", re.MULTILINE)
_ENTRY = re.compile(r"""<div\b[^<>]{0,60}class=["']?eintrag""", re.IGNORECASE)
_BY = re.compile(r"^(?:von|interview(?:\s?:|\s+von)?|text\s?:)\s+(?=[A-ZÄÖÜ])", re.IGNORECASE)
_WIRE = re.compile(r"(APA|OTS)\d{3,4}\b")
_ARTICLE = re.compile(r"^(?:der|die|das|ein|eine|im|am|in|zum|zur)\b", re.IGNORECASE)


def recognise_html(content: Content) -> bool:
    return _ENTRY.search(content.text_head) is not None and (
        "DeFacto" in content.text_head or '" vom ' in content.text_head
    )


def read_html(content: Content) -> Iterator[Item]:
    count = 0
    for piece in content.pieces(_ENTRY):
        if not _ENTRY.match(piece):
            continue
        tree = next(iter(by_class(parse_html(piece), "eintrag")), None)
        if tree is None:
            continue
        head = next(tree.iter("pre"), None)
        title = next(tree.iter("h3", "h2"), None)
        record = Record(database="apa", language="de")
        header = "" if head is None else "".join(head.itertext())
        _of_header(record, header)
        record.title = text_of(title) or None
        if head is not None:
            head.clear(keep_tail=True)
        if title is not None:
            title.clear(keep_tail=True)
        _of_body(record, lines_of(tree))
        if record.empty:
            yield Notice("empty_document", f"entry {count + 1} of {content.name} has no text", counts=True)
            continue
        count += 1
        yield record


def _of_header(record: Record, header: str) -> None:
    match = _HEADER.search(header)
    if match:
        set_outlet(record, match[1])
        record.set_date(read_date(match[3]))
        page = _PAGE.search(match[4])
        record.note(issue=match[2], page=page[1] if page else None)
    elif header.strip():
        first = tidy(header.strip().split("\n")[0])
        if wire := _WIRE.match(first):
            record.outlet = wire[1]
            record.set_date(read_date(tidy(header)))
            record.note(code=wire[0])
            return
        set_outlet(record, re.split(r"\s+(?:vom|am)\s+\d", first)[0])
        record.set_date(read_date(first))
    section = _SECTION.search(header)
    record.note(section=section[1] if section else None)


def _of_body(record: Record, lines: list[str]) -> None:
    """The text; a line before its first long one that is only names is the byline."""
    first_long = next((n for n, line in enumerate(lines) if len(line) > 120), len(lines))
    for number, line in enumerate(lines[: min(first_long, 6)]):
        if _BY.match(line) or _only_names(line):
            if authors := persons(_BY.sub("", line)):
                record.authors = authors
                del lines[number]
            break
    record.text = "\n".join(lines) or None


def _only_names(line: str) -> bool:
    names = split(line)
    return (
        len(line) <= 80
        and bool(names)
        and not _ARTICLE.match(line)
        and all(map(is_full, names))
        and line[-1:] not in ".:!?"
        and all(word[:1].isupper() or word in ("und", "von", "van", "de") for word in line.split())
        and sum(len(key(name)) for name in names) >= 0.9 * len(key(line.replace(" und ", " ")))
        and all(2 <= len(name.split()) <= 3 for name in names)
    )


def recognise_rtf(content: Content) -> bool:
    if not rtf.is_rtf(content):
        return False
    return "OnlineManager" in content.text_head or _HEADER.search(rtf.lines_head(content)) is not None


def read_rtf(content: Content) -> Iterator[Item]:
    text = rtf.marked_text(content)
    starts = [match.start() for match in _HEADER.finditer(rtf.unmarked(text, keep=True))]
    plain = rtf.unmarked(text, keep=True)
    if not starts:
        yield Notice("no_articles", f"{content.name} is RTF of APA without an article")
    for start, end in zip(starts, [*starts[1:], len(plain)], strict=True):
        yield _of_rtf(text[start:end])


def _of_rtf(text: str) -> Record:
    record = Record(database="apa", language="de")
    lines = [line for line in text.split("\n") if rtf.unmarked(line).strip()]
    _of_header(record, rtf.unmarked(lines[0]))
    lines = lines[1:]
    if lines and (section := _SECTION.match(rtf.unmarked(lines[0]))):
        record.note(section=section[1])
        lines = lines[1:]
    at = next((n for n, line in enumerate(lines) if rtf.BOLD in line), 0)
    if lines:
        record.title = tidy(rtf.unmarked(lines[at]))
        before = [tidy(rtf.unmarked(line)) for line in lines[:at]]
        if before:
            record.note(kicker="; ".join(before))
        _of_body(record, [tidy(rtf.unmarked(line)) for line in lines[at + 1 :]])
    return record
