"""Europresse (Cedrom-SNi): the table layout to 2014, the <article> layouts since.

The page declares ISO-8859-1 and is UTF-8; the digits of a document number are the day of publication in some
numbers and that of delivery in others, so the printed date counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from collectors.formats.record import Item, Notice, Record
from collectors.formats.syntax.content import Content
from collectors.formats.syntax.markup import by_class, lines_of, parse_html, text_of
from collectors.formats.values.bylines import persons
from collectors.formats.values.dates import is_date_line, read_date
from collectors.formats.values.outlets import set_outlet

_OLD = re.compile(r"""<span class=["']?DocPublicationName\b""", re.IGNORECASE)
_NEW = re.compile(r"<article\b", re.IGNORECASE)
_NUMBER = re.compile(r"news[·:.](\d{8}[·:.][A-Z0-9_]{1,12}[·:.][\w-]{1,40})")
_COPYRIGHT = re.compile(r"^(?:©|\(c\)|copyright)", re.IGNORECASE)
_TITLE = re.compile(r"""<span class=["']?TitreArticleVisu\b[^<>]*>""", re.IGNORECASE)
_HEADER = re.compile(r"""class=["']?DocHeader\b[^<>]*>[^<>]*</span>""", re.IGNORECASE)
_TABLE, _EMPTY = re.compile(r"<table\b", re.IGNORECASE), re.compile(r"<p>\s*</p>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s?/?>\s*$", re.IGNORECASE)
_PAGE = re.compile(r"\bp(?:age|p)?\.\s?([\w,\-*+ ]{1,20}?)\s*$")
_WORDS = re.compile(r"(\d[\d\s]{0,8})\s?(?:mots|words)\b")
_URL = re.compile(r"(?:cet article est paru dans|this article appeared in|lire l'article)", re.IGNORECASE)


def recognise(content: Content) -> bool:
    head = content.text_head
    return "DocPublicationName" in head and (
        "europresse" in head.lower() or "DocHeader" in head or "cedrom" in head
    )


def read(content: Content) -> Iterator[Item]:
    new = "<article" in content.text_head.lower()
    count = 0
    for piece in content.pieces(_NEW if new else _OLD):
        if "DocPublicationName" not in piece[:20_000]:
            continue
        record = _new(parse_html(piece)) if new else _old(piece)
        if record.empty:
            yield Notice("empty_document", f"document {count + 1} of {content.name} has no text", counts=True)
            continue
        count += 1
        yield record
    if not count:
        yield Notice("no_articles", f"{content.name} is a page of Europresse without an article")


def _common(record: Record, outlet: str, header: str, whole: str) -> Record:
    record.database = "europresse"
    set_outlet(record, outlet)
    parts = [part.strip() for part in header.split(",")]
    at = next((n for n, part in enumerate(parts) if is_date_line(part) or read_date(part)[0]), None)
    record.set_date(read_date(parts[at] if at is not None else header))
    number = _NUMBER.search(whole)
    record.document = re.sub(r"[·:.]", "-", number[1]) if number else None
    page, words = _PAGE.search(header), _WORDS.search(header)
    return record.note(
        section=", ".join(parts[:at]) if at else None,
        page=page[1] if page else None,
        printed_words=re.sub(r"\s", "", words[1]) if words else None,
    )


def _old(piece: str) -> Record:
    """What stands between the title and the copyright line is author and text, parted by empty paragraphs."""
    end = _TABLE.search(piece, 50)
    article = piece[: end.start() if end else None]
    title = _TITLE.search(article)
    tree = parse_html(article)
    names = by_class(tree, "DocPublicationName")
    header = "".join("".join(one.itertext()) for one in by_class(tree, "DocHeader"))
    record = Record()
    before = ""
    if title:
        close = _close(article, title.end())
        record.title = " ".join(lines_of(parse_html(article[title.end() : close]))) or None
        chunks = _EMPTY.split(article[close:])
        last_header = [match.end() for match in _HEADER.finditer(article)]
        before = (
            " ".join(lines_of(parse_html(article[last_header[-1] : title.start()]))) if last_header else ""
        )
    else:
        chunks = _EMPTY.split(article)
    first = " ".join(lines_of(parse_html(chunks[0])))
    if (
        title
        and len(chunks) > 1
        and _BREAK.search(chunks[0])
        and len(first) <= 150
        and not first.endswith(".")
    ):
        record.authors = persons(first)
        chunks = chunks[1:]
    body = [line for chunk in chunks for line in lines_of(parse_html(chunk))]
    stop = next(
        (n for n, line in enumerate(body) if _COPYRIGHT.match(line) or _NUMBER.search(line)), len(body)
    )
    record.text = "\n".join(body[:stop]) or None
    if before:
        record.note(subtitle=before)
    return _common(record, text_of(names[0]) if names else "", header, piece)


def _close(html: str, at: int) -> int:
    """Where the span that is open at a place ends."""
    depth = 1
    for match in re.finditer(r"<(/?)span\b[^<>]*>", html[at:], re.IGNORECASE):
        depth += -1 if match[1] else 1
        if depth == 0:
            return at + match.start()
    return len(html)


def _new(tree: etree._Element) -> Record:
    record = Record()
    names = by_class(tree, "DocPublicationName") or by_class(tree, "rdp__DocPublicationName")
    header = "".join("".join(one.itertext()) for one in by_class(tree, "DocHeader"))
    titles = by_class(tree, "titreArticleVisu", "rdp__articletitle")
    record.title = (text_of(titles[0]) or None) if titles else None
    if record.title is None and (boxes := by_class(tree, "titreArticle")):
        record.title = text_of(boxes[0]) or None
    authors = by_class(tree, "docAuthors") or by_class(tree, "sm-margin-bottomNews")
    if not authors and titles and (after := titles[0].getnext()) is not None and after.tag == "div":
        authors = [after] if not by_class(after, "docOcurrContainer") else []
    record.authors = persons(text_of(authors[0])) if authors and len(text_of(authors[0])) <= 200 else ()
    bodies = by_class(tree, "docOcurrContainer") or by_class(tree, "DocText")
    lines: list[str] = []
    for body in bodies:
        for link in body.iter("a"):
            if _URL.search(text_of(link)) and (link.get("href") or "").startswith("http"):
                record.url = link.get("href")
        lines.extend(line for line in lines_of(body) if not _URL.match(line) and not _COPYRIGHT.match(line))
    record.text = "\n".join(lines) or None
    subtitles = by_class(tree, "rdp__subtitle")
    if subtitles:
        record.note(subtitle=text_of(subtitles[0]))
    return _common(record, text_of(names[0]) if names else "", header, "".join(tree.itertext()))
