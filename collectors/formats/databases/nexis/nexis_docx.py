"""Nexis Advance and Nexis Uni DOCX (2014 on): headline, outlet, date, fields, "Body", "End of Document".

Bookmarks (Bookmark_n, Body_n, Classification_n) mark the parts in every language; where another program has
saved the file without them, the headings do. A cover page and a table of contents may stand before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from collectors.formats.databases.nexis.blocks import byline, is_copyright
from collectors.formats.record import Item, Notice, Record
from collectors.formats.syntax import word
from collectors.formats.syntax.content import Content
from collectors.formats.values.dates import is_date_line, is_period_line, read_date
from collectors.formats.values.languages import language_code
from collectors.formats.values.outlets import set_outlet
from collectors.formats.values.paragraphs import tidy

_END = re.compile(
    r"^(?:end of document|ende des dokuments|fin du document|fin del documento|einde (?:van "
    r")?(?:het )?document"
    r"|fine del documento|fim do documento|slut på dokument\w*|dokumentets slut)$",
    re.IGNORECASE,
)
_COVER = re.compile(
    r"^(?:documents?|dokumente?|documentos?|documenten|documenti|dokumenter) \((\d{1,7})\)$", re.IGNORECASE
)
_CORRECTED = re.compile(r"^corrections? appended$", re.IGNORECASE)
_CORRECTED_TITLE = re.compile(r"\s+-\s+corrections? appended\s*$", re.IGNORECASE)
_FIELD = re.compile(r"^([^\W\d_][\w /-]{1,28}):[\s\xa0]")
_BODY = frozenset(
    [
        "body",
        "textkörper",
        "text",
        "corps",
        "cuerpo",
        "tekst",
        "corpo",
        "brødtekst",
        "haupttext",
        "hoofdtekst",
        "brödtext",
        "texto",
        "testo",
        "texte",
        "volltext",
        "cuerpo del texto",
        "corpo do texto",
    ]
)
_REST = frozenset(
    [
        "classification",
        "klassifizierung",
        "classificação",
        "clasificación",
        "classificatie",
        "classificazione",
        "klassifikation",
        "notes",
        "graphic",
        "grafik",
        "graphique",
        "gráfico",
        "correction",
        "notiz",
        "hinweise",
    ]
)
_HEADINGS = frozenset(("abstract", "full text", "summary", "zusammenfassung", "résumé"))
_BYLINE = frozenset(
    [
        "byline",
        "autor",
        "autorin",
        "auteur",
        "auteurs",
        "autore",
        "author",
        "firma",
        "verfasser",
        "forfatter",
        "by-line",
    ]
)
_SECTION = frozenset(
    ["section", "rubrik", "rubrique", "sección", "rubriek", "sezione", "sektion", "seção", "ressort"]
)
_LENGTH = frozenset(["length", "länge", "longueur", "longitud", "lengte", "lunghezza", "længde", "extensión"])
_HEAD_FIELDS = _BYLINE | _SECTION | _LENGTH
_NAME_LENGTH = 40
"""Characters of the longest name of a part, or of a document's end."""
_LANGUAGE = frozenset(["language", "sprache", "langue", "idioma", "taal", "lingua", "sprog"])
_LOAD_DATE = re.compile(r"load-date|update|ladedatum|date de chargement|fecha de carga", re.IGNORECASE)
_ITEM = re.compile(
    r"urn:contentItem:([A-Z0-9]{4}-[A-Z0-9-]{10,40})"
    r"|/document/[^?]*?([A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9-]{8,34})"
)
_TAIL_FIELDS = frozenset(
    [
        "language",
        "sprache",
        "langue",
        "idioma",
        "taal",
        "load-date",
        "publication-type",
        "subject",
        "person",
        "organization",
        "company",
        "geographic",
        "industry",
        "graphic",
        "journal",
        "code",
        "journal-code",
        "ticker",
        "correction",
    ]
)
_NUMBER = re.compile(r"(\d[\d.,]*)")
_SHORT = 80
"""Characters of a line that may be a mark, a cover's or the beginning of a field."""
_HEADING = re.compile(r"[^\W\d_]{3,14}")
_PAGE = re.compile(r"\b(?:Pg|S|Page|Seite|Blz|Pag|p)\.?\s?([A-Z]{0,3}\d{1,4}[A-Z]?)\b", re.IGNORECASE)


@dataclass(slots=True)
class _Draft:
    head: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    link: str | None = None
    part: str = "head"
    unnamed: list[str] = field(default_factory=list)
    """What follows the fields at the beginning: the text, where its heading is not known."""
    has_bookmark: bool = False


def recognise(content: Content) -> bool:
    return word.is_word(content) and is_nexis(word.paragraphs(content))


def is_nexis(paragraphs: Iterable[word.Paragraph]) -> bool:
    """Whether paragraphs have the marks of Nexis: its bookmarks, its cover, the ends of its documents."""
    marks = 0
    for number, paragraph in enumerate(paragraphs):
        text = tidy(paragraph.text)
        marks += bool(_END.match(text)) * 2 + any(name.startswith("Body") for name in paragraph.bookmarks)
        marks += bool(_COVER.match(text)) or text.startswith("Length:") or text.startswith("Load-Date:")
        if marks >= 2:
            return True
        if number > 6_000:
            break
    return False


def read(content: Content) -> Iterator[Item]:
    yield from articles(word.paragraphs(content), word.links(content), content.name)


def articles(
    paragraphs: Iterable[word.Paragraph], addresses: dict[str, str], name_of_file: str
) -> Iterator[Item]:
    """The articles of a document's paragraphs; `addresses` are what it links to, by relation id."""
    draft = _Draft()
    total = count = 0
    for paragraph in paragraphs:
        text = paragraph.text.strip()
        for name in paragraph.bookmarks:
            if name.startswith("Bookmark_") and name[9:].isdigit():
                if draft.part != "head" and not (record := _record(draft, addresses)).empty:
                    count += 1  # its end is not marked
                    yield record
                draft = _Draft(has_bookmark=True)
            elif name.startswith("Body"):
                draft.part = "body-heading"
            elif (
                name.startswith(("Classification", "Notes", "Graphic", "Correction")) and draft.part != "head"
            ):
                draft.part = "rest"
        if not text:
            continue
        short = len(text) <= _SHORT
        if short and not total and (match := _COVER.match(text)):
            total = int(match[1])
        if len(text) <= _NAME_LENGTH and _END.match(tidy(text)):
            record = _record(draft, addresses)
            if record.empty:
                yield Notice(
                    "empty_document", f"document {count + 1} of {name_of_file} has no text", counts=True
                )
            else:
                count += 1
                yield record
            draft = _Draft()
            continue
        _take(draft, text, paragraph.links)
    if draft.part != "head" and not (record := _record(draft, addresses)).empty:
        count += 1
        yield record
    if total and total != count:
        yield Notice(
            "count_differs",
            f"the cover of {name_of_file} announces {total:,} documents, it holds {count:,}: export "
            f"the others too",
        )


def _take(draft: _Draft, text: str, links: tuple[str, ...]) -> None:
    plain = text.casefold() if len(text) <= _NAME_LENGTH else ""
    if draft.part == "body-heading":
        draft.part = "body"
        if plain in _BODY:
            return
    if draft.part == "head" and plain in _BODY and draft.head:
        draft.part = "body"
        return
    if (draft.part == "body" or draft.unnamed) and plain in _REST:
        draft.part = "rest"
        return
    if draft.part == "body" and "\xa0" not in text[:_SHORT]:
        _add(draft, text, plain)
        return
    match = _FIELD.match(text)
    name = match[1].casefold() if match else ""
    nexis_field = match is not None and text[match.end() - 1] == "\xa0"
    if draft.part == "body":
        if not nexis_field or name not in _TAIL_FIELDS:
            _add(draft, text, plain)
            return
        draft.part = "rest"
    if match and (nexis_field or draft.part == "rest" or name in _HEAD_FIELDS):
        draft.fields.setdefault(name, tidy(text[match.end() :]))
    elif draft.part == "head":
        if is_copyright(text):
            return
        lines = draft.unnamed if draft.fields else draft.head
        lines.extend(filter(None, map(tidy, text.split("\n"))))
        if links and draft.link is None:
            draft.link = links[0]


def _add(draft: _Draft, text: str, plain: str) -> None:
    """A paragraph of the text."""
    if plain in _HEADINGS:
        return
    if "\n" in text:
        draft.body.extend(filter(None, map(tidy, text.split("\n"))))
    else:
        draft.body.append(tidy(text))


def _record(draft: _Draft, addresses: dict[str, str]) -> Record:
    record = Record(database="nexis")
    body = draft.body
    if not body:
        heading = draft.unnamed[:1] and _HEADING.fullmatch(draft.unnamed[0])
        body = draft.unnamed[1:] if heading else draft.unnamed
    lines = draft.head + draft.unnamed if draft.body else draft.head
    head = [line for line in lines if not _CORRECTED.match(line)]
    dates = [n for n, line in enumerate(head) if n and (is_date_line(line) or is_period_line(line))]
    at = dates[-1] if dates and not draft.has_bookmark else dates[0] if dates else len(head)
    if 2 <= at < len(head) or (at >= 2 and not draft.has_bookmark):
        title = head[: at - 1] if draft.has_bookmark else head[at - 2 : at - 1]
        record.title = tidy(" ".join(title)) or None
        set_outlet(record, head[at - 1])
    elif head:
        record.title = head[0]
        if draft.has_bookmark and len(head) > 1:  # no date is printed
            set_outlet(record, head[1])
    if record.title and (match := _CORRECTED_TITLE.search(record.title)):
        record.title = record.title[: match.start()]
        record.note(correction="appended")
    if at < len(head):
        record.set_date(read_date(head[at]))
        record.note(printed_date=None if record.published else head[at])
    record.text = "\n".join(body) or None
    section = _of(draft, _SECTION)
    page = _PAGE.search(section or "")
    length = _NUMBER.search(_of(draft, _LENGTH) or "")
    record.authors = byline(_of(draft, _BYLINE))
    record.language = language_code((_of(draft, _LANGUAGE) or "").split(";")[0].split("/")[0])
    item = _ITEM.search(addresses.get(draft.link or "", ""))
    record.document = item[1] or item[2] if item else None
    load_date = next((text for name, text in draft.fields.items() if _LOAD_DATE.fullmatch(name)), None)
    return record.note(
        section=section,
        page=page[1] if page else None,
        load_date=load_date,
        printed_words=re.sub(r"\D", "", length[1]) if length else None,
        edition=next((line for line in head[at + 1 :] if "edition" in line.lower()), None),
    )


def _of(draft: _Draft, names: frozenset[str]) -> str | None:
    return next((text for name, text in draft.fields.items() if name in names), None)
