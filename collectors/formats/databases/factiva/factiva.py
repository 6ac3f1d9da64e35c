"""Dow Jones Factiva: HTML with field codes (HD, PD, SN) or without, in any interface language, and text.

Without codes the fields are known by their order: section, headline, author, words, date, time, outlet, code,
edition, page, language, copyright; the words and the date are what stands fast. The digits of an accession
number hold a date that is not the article's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from collectors.formats.record import Item, Notice, Record, cut_short
from collectors.formats.syntax.content import Content
from collectors.formats.syntax.markup import (
    by_class,
    first_by_class,
    has_class,
    lines_of,
    parse_html,
    text_of,
)
from collectors.formats.values.bylines import persons
from collectors.formats.values.dates import is_date_line, read_date
from collectors.formats.values.languages import language_code
from collectors.formats.values.outlets import set_outlet

_START = re.compile(r"""<div\b[^<>]{0,160}?class=["']?article \w{2,4}Article\b""", re.IGNORECASE)
_TITLE = re.compile(r"<title>\s{0,20}(?:Dow Jones )?Factiva\s{0,20}</title>", re.IGNORECASE)
_INDEX = re.compile(r"""class=["']?index\b""")
_WORDS = re.compile(r"^(\d[\d.,\s\xa0]{0,9})\s?[^\W\d_]{1,14}\.?$")
_TIME = re.compile(r"^\d{1,2}:\d\d(?::\d\d)?(?:\s?[A-Z]{2,4})?$")
_CODE = re.compile(r"^[A-Z0-9]{2,8}$")
_PAGE = re.compile(
    r"^(?:[Pp]\.?\s?|[Pp]age\s)?[A-Z]{0,3}\d{1,4}[A-Z]?(?:[-,/ ]\s?[A-Z]{0,3}\d{1,4}[A-Z]?){0,4}$"
)
_DOCUMENT = re.compile(r"\b([A-Za-z][A-Za-z0-9]{5,14}20\d\d[01]\d[0-3]\d[a-z][a-z0-9]{4,12})\b")
_COPYRIGHT = re.compile(r"copyright|\(c\)|©|all rights reserved|alle rechte", re.IGNORECASE)
_TOTAL = re.compile(r"^\d{1,3}(?:[.,\s]\d{3})*$")
_CODES = frozenset(
    [
        "SE",
        "HD",
        "BY",
        "CR",
        "WC",
        "PD",
        "ET",
        "SN",
        "SC",
        "NGC",
        "GC",
        "ED",
        "PG",
        "VOL",
        "LA",
        "CY",
        "LP",
        "TD",
        "CT",
        "NS",
        "RE",
        "CO",
        "IN",
        "IPC",
        "IPD",
        "PUB",
        "AN",
        "CLM",
        "RF",
        "ART",
        "PUBNAME",
        "DLN",
    ]
)
_CODE_LINE = re.compile(r"^(HD|WC|PD|SN|SC|LA|CY|LP|TD|AN)(?:\s{2,}|\t|\s?\||\s?$)", re.MULTILINE)
_TEXT_END = re.compile(
    r"^(?:AN[\s|]+)?(?:Document|Dokument|Documento|Document[eo]|Документ|文書|文档|文件)\s+[A-Za-z0-9]{6,"
    r"15}20\d\d[01]\d[0-3]\d[a-z0-9]{5,13}[ \t|]*$",
    re.MULTILINE,
)


def recognise_html(content: Content) -> bool:
    head = content.text_head
    return (
        "factiva" in head.lower()
        and ("<" in head[:500])
        and (_START.search(head) is not None or "fcpNavContainer" in head or _TITLE.search(head) is not None)
    )


def read_html(content: Content) -> Iterator[Item]:
    count, total = 0, 0
    for piece in content.pieces(_START):
        if not _START.match(piece):
            continue
        tree = parse_html(piece)
        if "searchPreview" in piece:
            total = _search_total(tree)
        coded = _INDEX.search(piece) is not None and first_by_class(tree, "index") is not None
        record = _coded(tree) if coded else _ordered(tree)
        if record.empty:
            yield Notice("empty_document", f"article {count + 1} of {content.name} has no text", counts=True)
            continue
        count += 1
        yield record
    if not count:
        yield Notice(
            "no_articles",
            f"{content.name} is a page of Factiva without an article: save the articles, not the list",
        )
    elif total > count:
        yield Notice(
            "count_differs",
            f"the search behind {content.name} found {total:,} articles, the file holds {count:,}",
        )


def _search_total(tree: etree._Element) -> int:
    """The number of results that the summary at the end of a page says; the summary leaves the tree."""
    totals = []
    for table in by_class(tree, "searchPreview"):
        cells = [text_of(cell) for cell in table.iter("td")]
        totals += [int(re.sub(r"\D", "", cell)) for cell in cells if _TOTAL.match(cell)]
        table.clear()
    return totals[-1] if totals else 0


# With field codes


def _coded(tree: etree._Element) -> Record:
    fields: dict[str, list[str]] = {}
    for row in tree.iter("tr"):
        cells = [cell for cell in row if cell.tag == "td"]
        if len(cells) >= 2 and (code := text_of(cells[0])) in _CODES:
            fields.setdefault(code, []).extend(lines_of(cells[1]))
    return _of_fields(fields)


def _of_fields(fields: dict[str, list[str]]) -> Record:
    def one(code: str) -> str | None:
        return " ".join(fields.get(code, ())) or None

    record = Record(database="factiva", title=one("HD"), language=language_code(one("LA")))
    record.set_date(read_date(f"{one('PD') or ''} {one('ET') or ''}"))
    record.authors = persons(one("BY"))
    record.text = "\n".join([*fields.get("LP", ()), *fields.get("TD", ())]) or None
    document = _DOCUMENT.search(one("AN") or "")
    record.document = document[1] if document else None
    set_outlet(record, one("SN"))
    words = re.match(r"\d[\d.,]*", one("WC") or "")
    return record.note(
        section=one("SE"),
        page=one("PG"),
        edition=one("ED"),
        column=one("CLM"),
        credit=one("CR"),
        code=one("SC"),
        printed_words=re.sub(r"\D", "", words[0]) if words else None,
    )


# Without field codes


def _ordered(tree: etree._Element) -> Record:
    """The fields by their order, around the headline, the number of words and the date."""
    article = first_by_class(tree, "article")
    if article is None:
        article = tree
    head: list[tuple[str, str]] = []
    body: list[str] = []
    document = None
    for element in article.iter("div", "p", "span", "pre"):
        kind = element.get("class") or ""
        if element.tag in ("p", "pre"):
            if "articleParagraph" in kind:
                body.extend(lines_of(element))
            elif len(text := text_of(element)) < 60 and (match := _DOCUMENT.search(text)):
                document = match[1]
        elif element.tag == "span":
            if "Headline" in kind:
                head.append(("headline", text_of(element)))
        elif not body and not any(map(_is_block, element)) and (text := text_of(element)):
            head.append(("author" if has_class(element, "author") else "", text))
    return _of_lines(head, body, document)


def _is_block(element: etree._Element) -> bool:
    return element.tag in ("div", "p") or "Headline" in (element.get("class") or "")


def _of_lines(head: list[tuple[str, str]], body: list[str], document: str | None) -> Record:
    record = Record(database="factiva", document=document)
    record.text = "\n".join(body) or None
    at = next((n for n, (kind, _) in enumerate(head) if kind == "headline"), None)
    words = next(
        (n for n, (_, text) in enumerate(head) if _WORDS.match(text) and n > (at if at is not None else -1)),
        None,
    )
    if at is None and words is not None:
        at = 0
    if at is not None:
        record.title = head[at][1]
        record.note(section="; ".join(text for _, text in head[:at]))
    stop = words if words is not None else (at if at is not None else -1)
    between = head[(at if at is not None else -1) + 1 : stop]
    authors = [text for kind, text in between if kind == "author"]
    if not authors and between and (between[0][1].lower().startswith(("by ", "von ", "par ", "por "))):
        authors = [between[0][1]]
    record.authors = persons(" and ".join(authors))
    record.note(credit="; ".join(text for kind, text in between if text not in authors))
    rest = [text for _, text in head[stop + 1 :]]
    if words is not None:
        record.note(printed_words=re.sub(r"\D", "", _WORDS.match(head[words][1])[1]))  # type: ignore[index]
    _after_words(record, rest)
    return record


def _after_words(record: Record, rest: list[str]) -> None:
    """Date, time, outlet, code, edition, page, language, copyright; without a date none is known."""
    if not rest or not is_date_line(rest[0]):
        return
    clock = rest[1] if len(rest) > 1 and _TIME.match(rest[1]) else ""
    record.set_date(read_date(f"{rest[0]} {clock}"))
    rest = rest[2 if clock else 1 :]
    copyright_at = next((n for n, text in enumerate(rest) if n and _COPYRIGHT.search(text)), len(rest))
    rest = rest[:copyright_at]
    if not rest:
        return
    set_outlet(record, rest[0])
    rest = rest[1:]
    if rest and _CODE.match(rest[0]) and not rest[0].isdigit():
        record.note(code=rest.pop(0))
    language_at = next((n for n in range(len(rest) - 1, -1, -1) if language_code(rest[n])), None)
    if language_at is not None:
        record.language = language_code(rest[language_at])
        del rest[language_at:]
    for text in rest:
        if _PAGE.match(text):
            record.note(page=text)
        else:
            record.note(edition=text)


# Text and RTF


def recognise_text(content: Content) -> bool:
    head = content.text_head
    return "<" not in head[:20] and is_text(head)


def is_text(text: str) -> bool:
    """Whether a text is of articles that end in 'Document' and an accession number."""
    return _TEXT_END.search(text) is not None and (
        len(set(_CODE_LINE.findall(text))) >= 3 or any(map(is_date_line, text.splitlines()[:200]))
    )


def read_text(content: Content) -> Iterator[Item]:
    yield from articles(content.text(), content.name)


def articles(text: str, name: str) -> Iterator[Item]:
    start = 0
    for match in _TEXT_END.finditer(text):
        record = _of_text(text[start : match.start()].split("\n"))
        start = match.end()
        number = _DOCUMENT.search(match[0])
        record.document = number[1] if number else None
        if record.empty:
            yield Notice("empty_document", f"an article of {name} has no text", counts=True)
        else:
            yield record
    rest = _of_text(text[start:].split("\n"))
    if rest.title and rest.published:
        yield cut_short(name)


def _of_text(lines: list[str]) -> Record:
    codes = {code[0] for line in lines if (code := _CODE_LINE.match(line))}
    return _coded_text(lines) if len(codes) >= 3 else _plain_text(lines)


def _coded_text(lines: list[str]) -> Record:
    fields: dict[str, list[str]] = {}
    code = ""
    for line in lines:
        line = line.rstrip(" |")  # cells of a table, as RTF has them
        match = re.match(r"^([A-Z]{2,7})(?:\s{2,}|\t|\s?\||\s?$)(.*)", line)
        if match and match[1] in _CODES:
            code = match[1]
            line = match[2]
        if code and line.strip():
            fields.setdefault(code, []).append(" ".join(line.split()))
    return _of_fields(fields)


def _plain_text(lines: list[str]) -> Record:
    plain = [" ".join(line.split()) for line in lines]
    plain = [line for line in plain if line]
    words = next(
        (
            n
            for n, line in enumerate(plain)
            if _WORDS.match(line) and any(map(is_date_line, plain[n + 1 : n + 2]))
        ),
        None,
    )
    if words is None:
        return Record()
    end = next((n for n in range(words, len(plain)) if _COPYRIGHT.search(plain[n])), words + 8)
    head = [("", line) for line in plain[: end + 1]]
    title_at = (
        max(0, words - 2) if words >= 2 and plain[words - 1].lower().startswith("by ") else max(0, words - 1)
    )
    head[title_at] = ("headline", plain[title_at])
    return _of_lines(head, plain[end + 1 :], None)
