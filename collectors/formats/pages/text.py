"""Plain text: a list of addresses, or one article where nothing speaks against it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from collectors.formats.record import Item, Notice, Record
from collectors.formats.syntax.content import Content
from collectors.formats.values.dates import is_date_line, read_date
from collectors.formats.values.paragraphs import blocks, tidy, unwrap, width_of
from pressgauge.urls import is_web

_LONGEST = 400_000
_SHORTEST = 25
_RULE = re.compile(r"^\s*([-=_*#~+]\s?)\1{15,}\s*$")
_LABEL = re.compile(r"^\s{0,8}([^\W\d_][\w /()-]{1,24}):(?:\s|$)")
_HEAD = 8
_FIELDS = 3
"""So many labelled lines among the first are the fields of a database."""
_NUMBERED = re.compile(r"^\s*(?:\[?\d{1,4}(?:[\]).:]|\s?=)|\d{1,5}\s(?:of|von|de|/)\s\d{1,6}\b)")
_CELLS = re.compile(r"[,;|](?=\S)")
_SENTENCE = (".", "!", "?", "”", '"', "»", "…", ":")
_TIMED = re.compile(r"^\s*\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|^\d\d:\d\d:\d\d[,.]\d{3} -->")
_CODE = re.compile(
    r"[{};]\s*$|^\s*(?:#include|import |from \w+ import|def |class |function |var |const |<\?php)"
)
_MAIL = re.compile(r"^(?:from|subject|to|date|message-id|received):\s", re.IGNORECASE)


def recognise(content: Content) -> bool:
    return bool(content.text_head.strip()) and not content.start.startswith(("<", "{", "[", "%pdf-", "%!ps"))


def read(content: Content) -> Iterator[Item]:
    if content.size > 4 * _LONGEST and not _is_list(content.text_head.split("\n")):
        yield Notice(
            "unknown_format", f"{content.name} is a text of {content.size:,} bytes in no known layout"
        )
        return
    text = content.text()
    lines = text.split("\n")
    if _is_list(lines):
        for line in lines:
            plain = line.strip()
            if is_web(plain):
                yield Record(url=plain)
            elif plain and not plain.startswith("#"):
                yield Notice("bad_url", f"{plain[:120]} is no address", counts=True)
        return
    if against := objection(text):
        yield Notice(
            "unknown_format", f"{content.name} is a text in no known layout, and no single article: {against}"
        )
        return
    filled = [line for line in lines if line.strip()]
    title, body = filled[0], lines[lines.index(filled[0]) + 1 :]
    width = width_of(body)
    record = Record(title=tidy(title))
    record.text = "\n".join(one for block in blocks(body) for one in unwrap(block, width)) or None
    yield record


def _is_list(lines: list[str]) -> bool:
    entries = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    return bool(entries) and 2 * sum(map(is_web, entries)) > len(entries)


def objection(text: str) -> str | None:
    """What speaks against a text's being one article, or None."""
    lines = [line for line in text.split("\n") if line.strip()]
    words = len(text.split())
    letters = sum(map(str.isalpha, text[:100_000]))
    labels = Counter(match[1].casefold() for line in lines if (match := _LABEL.match(line)))
    repeated = [label for label, n in labels.items() if n >= 3] or _speakers(lines)
    checks = (
        (len(text) > _LONGEST, "it is too long"),
        (words < _SHORTEST and letters < 120, "it is too short"),
        (len(lines) < 2, "it has one line only"),
        (
            letters < 0.5 * len(text[:100_000].replace(" ", "").replace("\n", "")),
            "it is not written in words",
        ),
        (text.count("\ufffd") > len(text) // 500, "its encoding is not known"),
        (sum(bool(_RULE.match(line)) for line in lines) >= 2, "rules part it into several"),
        (sum(map(is_date_line, lines)) >= 3, "it has several lines that are dates"),
        (bool(repeated), f"the label {repeated[0]!r} comes again and again" if repeated else ""),
        (
            sum(bool(_LABEL.match(line)) for line in lines[:_HEAD]) >= _FIELDS,
            "it begins with labelled fields, as exports of databases do",
        ),
        (_is_hit_list(lines), "several lines name a source and a day, as in a list of results"),
        (
            sum(bool(_NUMBERED.match(line)) for line in lines) > max(2, 0.4 * len(lines)),
            "it is a numbered list",
        ),
        (
            sum(bool(_TIMED.match(line)) for line in lines) > max(3, len(lines) // 4),
            "it is a log or subtitles",
        ),
        (sum(bool(_CODE.search(line)) for line in lines) > len(lines) // 4, "it is a program"),
        (sum(bool(_MAIL.match(line)) for line in lines[:12]) >= 3, "it is an e-mail"),
        (
            len(lines) > 8 and sum(map(len, lines)) / len(lines) < 25,
            "its lines are short, as in a list or a table",
        ),
        (
            sum("\t" in line.strip() or len(_CELLS.findall(line)) >= 3 for line in lines) > len(lines) // 2,
            "it is a table",
        ),
    )
    return next((reason for wrong, reason in checks if wrong), None)


def _speakers(lines: list[str]) -> list[str]:
    """Labels of a transcript: two or more names before a colon, each of them twice."""
    names = Counter(match[1] for line in lines if (match := _LABEL.match(line)))
    twice = [name for name, n in names.items() if n >= 2 and not any(map(str.islower, _initials(name)))]
    return twice if len(twice) >= 2 else []


def _initials(name: str) -> list[str]:
    return [word[0] for word in name.split()]


def _is_hit_list(lines: list[str]) -> bool:
    """Whether lines that are no sentences hold a whole date each, with other lines between them."""
    last = count = 0
    for number, line in enumerate(lines, 1):
        plain = line.strip()
        if len(plain) <= 160 and not plain.endswith(_SENTENCE) and read_date(plain)[0] is not None:
            count += not count or number - last > 1
            last = number
    return count >= 2
