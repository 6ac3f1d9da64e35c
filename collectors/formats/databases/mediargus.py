"""Mediargus (Belgium, to 2014): a numbered list of headlines, then the texts in its order, each under
'30-11-2011, p.23' and without its outlet, which only the list names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from collectors.formats.record import Item, Notice, Record
from collectors.formats.syntax.content import Content
from collectors.formats.values.dates import read_date
from collectors.formats.values.outlets import set_outlet
from collectors.formats.values.paragraphs import tidy

_ENTRY = re.compile(
    r"^[?\ufeff]?(\d{1,6})\.\s(\S[^\n]*)\n\s{0,10}\n([^\n]{2,80}), ([^\W\d]{3,12} \d{1,2} "
    r"[^\W\d]{3,12} \d{4})(?:, p\. ?([^,\n]{1,30}))?(?:, (\d{1,7})w)?\.\s*$",
    re.MULTILINE,
)
_TEXT = re.compile(r"^(\d\d-\d\d-\d{4})(?:, p\. ?([^\n]{1,30}))?\s*$", re.MULTILINE)
_COPYRIGHT = re.compile(r"^\s*(?:©|\(c\)|Copyright)", re.IGNORECASE)


def recognise(content: Content) -> bool:
    return _ENTRY.search(content.text_head) is not None


def read(content: Content) -> Iterator[Item]:
    text = content.text()
    entries = list(_ENTRY.finditer(text))
    texts = [match for match in _TEXT.finditer(text) if not entries or match.start() > entries[-1].end()]
    bodies = [
        (match, text[match.end() : following])
        for match, following in zip(texts, [*(one.start() for one in texts[1:]), len(text)], strict=True)
    ]
    if len(entries) != len(bodies):
        yield Notice(
            "count_differs", f"{content.name} lists {len(entries):,} articles and holds {len(bodies):,} texts"
        )
    next_body = 0
    for entry in entries:
        day = read_date(entry[4])
        body = None
        if next_body < len(bodies) and read_date(bodies[next_body][0][1]) == day:
            body = bodies[next_body][1]
            next_body += 1
        yield _record(entry, body)


def _record(entry: re.Match[str], body: str | None) -> Record:
    record = Record(database="mediargus", title=tidy(entry[2]), language="nl")
    set_outlet(record, entry[3])
    record.set_date(read_date(entry[4]))
    record.note(page=entry[5], printed_words=entry[6])
    if body is None:
        return record
    lines = [tidy(line) for line in body.split("\n")]
    lines = [line for line in lines if line]
    stop = next((n for n, line in enumerate(lines) if _COPYRIGHT.match(line)), len(lines))
    title = (record.title or "").casefold()
    at = next((n for n, line in enumerate(lines[:6]) if line.casefold() == title), None)
    if at:
        record.note(edition="; ".join(lines[:at]))
    record.text = "\n".join(lines[at + 1 if at is not None else 0 : stop]) or None
    return record
