"""Factiva's XML (PPSResponse of 2012 and the article schema of its feeds)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from collectors.formats.record import Item, Notice, Record
from collectors.formats.syntax.content import Content
from collectors.formats.syntax.markup import every, text_of, value
from collectors.formats.syntax.xmlstream import elements
from collectors.formats.values.bylines import persons
from collectors.formats.values.dates import read_date
from collectors.formats.values.languages import language_code
from collectors.formats.values.outlets import set_outlet


def recognise(content: Content) -> bool:
    head = content.text_head
    return "<ppsarticle" in head.lower() or ("factiva.com/" in head and "<accessionNo>" in head)


def read(content: Content) -> Iterator[Item]:
    count = 0
    total = None
    for element in elements(content, "article"):
        if total is None:
            sets = [up for up in element.iterancestors() if up.get("count")]
            total = int(sets[0].get("count")) if sets and (sets[0].get("count") or "").isdigit() else 0
        count += 1
        yield _record(element)
    if total and total != count:
        yield Notice("count_differs", f"{content.name} announces {total:,} articles and holds {count:,}")


def _record(article: etree._Element) -> Record:
    record = Record(database="factiva", document=value(article, "accessionNo"))
    record.title = " ".join(_paragraphs(article, "headline")) or None
    record.language = language_code(value(article, "baseLanguage"))
    record.authors = persons(value(article, "byline"))
    date = value(article, "publicationDate/dateTime") or value(article, "publicationDate/date")
    record.set_date(read_date(f"{date or ''} {value(article, 'publicationTime/time') or ''}"))
    record.text = (
        "\n".join([*_paragraphs(article, "leadParagraph"), *_paragraphs(article, "tailParagraphs")]) or None
    )
    set_outlet(record, value(article, "sourceName"))
    return record.note(
        page=value(article, "pages"),
        section=value(article, "sectionName"),
        edition=value(article, "edition"),
        printed_words=value(article, "wordCount"),
        code=value(article, "sourceCode"),
        credit=value(article, "credit"),
    )


def _paragraphs(article: etree._Element, name: str) -> list[str]:
    return [
        text
        for part in every(article, name)[:1]
        for one in every(part, "paragraph")
        if (text := text_of(one))
    ]
