"""One article of LexisNexis, Nexis and Nexis Uni, whatever file it lies in: its blocks -> a record.

All exports print the same blocks in two orders: outlet, date, headline, fields, text, fields, copyright; or
copyright, outlet, date, length, "HEADLINE:", "BODY:". The labels are in the language of the outlet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from collectors.formats.record import Record
from collectors.formats.values.bylines import inverted, persons
from collectors.formats.values.dates import is_date_line, is_period_line, read_date
from collectors.formats.values.languages import language_code
from collectors.formats.values.outlets import set_outlet
from collectors.formats.values.paragraphs import tidy

_FIELDS = {
    "byline": "BYLINE BY-LINE AUTOR AUTORIN AUTOREN AUTHOR AUTHORS AUTEUR AUTEURS SIGNATURE NAME REPORTER"
    " FORFATTER FÖRFATTARE AUTORE FIRMA VERFASSER JOURNALIST AUTOR/A AUTORA AUTORES",
    "section": "SECTION RUBRIK RUBRIQUE SECCION SECCIÓN RUBRIEK SEKTION SEZIONE SEÇÃO SECTIE RESSORT SECAO"
    " SECÇÃO SECCAO SEKSJON AVDELNING",
    "length": "LENGTH LÄNGE LAENGE LONGUEUR LONGITUD LENGTE LÆNGDE LUNGHEZZA EXTENSIÓN LÄNGD LENGDE"
    " EXTENSÃO EXTENSAO COMPRIMENTO TAMANHO",
    "headline": "HEADLINE TITEL TITLE TITRE TÍTULO TITULO TITULAR KOP ÜBERSCHRIFT OVERSKRIFT TITOLO",
    "body": "BODY TEXT TEKST TEXTE ARTICLE TEXTO CUERPO TESTO VOLLTEXT FULL-TEXT BRØDTEKST",
    "dateline": "DATELINE ORTSZEILE ORIGINE-DEPECHE LUGAR-Y-FECHA DATERINGSREGEL ORT",
    "lead": "HIGHLIGHT ENCART CHAPEAU ABSTRACT RESUMEN RÉSUMÉ RESUME VORSPANN ZUSAMMENFASSUNG INTRO",
    "load_date": "LOAD-DATE UPDATE DATE-CHARGEMENT FECHA-CARGA LAAD-DATUM LADEDATUM DATA-CARICAMENTO"
    " INDLÆSNINGSDATO FECHA-DE-CARGA DATA-CARGA DATA-DE-CARGA INLÄSNINGSDATUM LADDNINGSDATUM LASTEDATO",
    "language": "LANGUAGE SPRACHE LANGUE TAAL IDIOMA LENGUA LINGUA SPROG SPRÅK LENGUAJE",
    "url": "URL",
    "series": "SERIES SERIE COLUMN COLUMNA",
    "edition": "EDITION AUSGABE EDITIE EDICIÓN EDICION",
    "other": "SHOW GUESTS ANCHORS ANCHOR HOST HOSTS BIO CORRESPONDENTS PUBLICATION-TYPE TYPE-PUBLICATION"
    " PUB-TYPE TIPO-PUBLICACION TIPO-PUBBLICAZIONE TIPO-PUBLICAÇÃO TIPO-DE-PUBLICACIÓN PUBLICATIE-TYPE"
    " PUBLIKATIONSTYP PUBLIKASJONSTYPE ZEITUNGS-CODE JOURNAL-CODE CODE-REVUE PUB-SUBJECT SUBJECT SUJET TEMA"
    " EMNE"
    " ONDERWERP THEMEN SCHLAGWORT COMPANY SOCIETE SOCIÉTÉ BEDRIJF EMPRESA UNTERNEHMEN ORGANIZATION"
    " ORGANISATION ORGANIZACION TICKER SYMBOLE-BOURSIER INDUSTRY SECTEUR-ACTIVITE BRANCHE INDUSTRIA PERSON"
    " PERSONNE PERSONA PERSOON CITY STATE COUNTRY GEOGRAPHIC LOCALISATION-GEO GEOGRAFICO LAND REGION GRAPHIC"
    " GRAFIK GRAFIEK GRAPHIQUE GRAFICO GRÁFICO ILLUSTRATION CORRECTION-DATE CORRECTION DOCUMENT-TYPE"
    " TRANSCRIPT NOTES DISTRIBUTION TYPE DATE ISSN ACC-NO VOLUME ISSUE CATEGORY PRODUCT TELEPHONE PUBLISHER"
    " VIEW-ORIGINAL-PAGE CONTENT-TYPE DEPARTMENT PAGE MEDIUM NOTE PHOTO FOTO STATUS IMAGE DOCUMENTO"
    " DOCUMENT DOKUMENT SIC NAICS CLASSIFICATION NOTA OBJET CORRECCION ORIGIN REFERENCE COPYRIGHT",
}
_LABELS = {label: name for name, labels in _FIELDS.items() for label in labels.split()}
_HEADER = ("byline", "section", "length", "headline", "body", "dateline", "lead", "series", "edition", "url")
_TAIL = frozenset(
    [
        "LOAD-DATE",
        "UPDATE",
        "DATE-CHARGEMENT",
        "FECHA-CARGA",
        "LANGUAGE",
        "SPRACHE",
        "LANGUE",
        "TAAL",
        "IDIOMA",
        "SPROG",
        "PUBLICATION-TYPE",
        "TYPE-PUBLICATION",
        "PUB-TYPE",
        "PUBLIKATIONSTYP",
        "PUBLIKASJONSTYPE",
        "SUBJECT",
        "SUJET",
        "PUB-SUBJECT",
        "JOURNAL-CODE",
        "CODE-REVUE",
        "ZEITUNGS-CODE",
        "LENGTH",
        "LÄNGE",
        "LENGTE",
        "LONGUEUR",
        "LÆNGDE",
        "GRAPHIC",
        "GRAFIK",
        "GRAPHIQUE",
        "GEOGRAPHIC",
        "LOCALISATION-GEO",
        "COMPANY",
        "SOCIETE",
        "ORGANIZATION",
        "DOCUMENT-TYPE",
        "CORRECTION-DATE",
        "TRANSCRIPT",
        "VIEW-ORIGINAL-PAGE",
        "TICKER",
        "INDUSTRY",
        "SECTION",
        "RUBRIK",
        "RUBRIQUE",
        "CLASSIFICATION",
    ]
)
"""Labels that end a text wherever they stand; the others also begin sentences."""
_LABEL = re.compile(
    r"\s{0,8}([A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þa-zß-öø-ÿ/-]{1,22}(?:[ -](?:[A-ZÀ-Þa-zà-ÿ]{2,12})){0,2})\s?:(?=[\s\xa0]|$)"
)
_LENGTH = re.compile(
    r"(\d[\d.,\s]{0,9})\s{1,3}(?:words?|w[öo]e?rter|mots|palabras|woorden|parole|palavras|ord)\.?\s*$", re.I
)
_COPYRIGHT = re.compile(
    r"\s*(?:copyright\b|\(c\)\s?\d{4}|©|all rights reserved|alle rechte vorbehalten|tous droits r[ée]serv|"
    r"todos los derechos|alle rechten voorbehouden)",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://\S+$")
_EDITION = re.compile(r"edition|ausgabe|edit[ie]|édition|edici|edizion|utgave|upplag", re.IGNORECASE)
_PAGE = re.compile(
    r"\b(?:Pg?|S|Blz|Pag|Page|Seite|Side|p)\.?\s{0,2}(?:Page\s)?([A-Z]{0,3}\d{1,4}[A-Z]?)\b", re.I
)
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(slots=True)
class Block:
    """Lines that belong together: `centred` on the page or not, `label` and the text after it."""

    lines: list[str]
    centred: bool = False
    label: str | None = None


@dataclass(slots=True)
class _Article:
    outlet: str | None = None
    date: str | None = None
    title: str | None = None
    byline: str | None = None
    url: str | None = None
    lead: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)


def label_of(line: str) -> tuple[str, str] | None:
    """(label in capitals, the rest of the line) of a line that begins with a known label in capitals."""
    match = _LABEL.match(line)
    if match is None:
        return None
    label = match[1].replace(" ", "-")
    if label.upper() in _LABELS and (label.isupper() or "\xa0" in line[match.end() : match.end() + 1]):
        return label.upper(), line[match.end() :].strip()
    return None


def ends_text(label: str) -> bool:
    """Whether a label ends a text wherever it stands: one of several words begins no sentence."""
    return label in _TAIL or "-" in label or _LABELS[label] in ("load_date", "language")


def is_copyright(line: str) -> bool:
    return _COPYRIGHT.match(line) is not None


def assemble(parts: Iterable[Block]) -> Record:
    """The record of one article's blocks, in their order; empty if they name none.

    A labelled block holds its value and, where it is a label such as "BODY", is followed by what it names.
    """
    article = _Article()
    stage = "head"
    current = ""
    waiting = list(parts)
    for number, block in enumerate(waiting):
        if block.label is not None:
            name = _LABELS[block.label]
            value = tidy(" ".join(block.lines))
            if stage == "body" and not ends_text(block.label) and not (name == "lead" and not value):
                article.body.extend([f"{block.label}: {value}".strip()])
                continue
            stage, current = _take_label(article, name, value, stage)
        elif is_copyright(block.lines[0]) and (block.centred or stage != "body"):
            _take_copyright(article, block, waiting[number + 1 :])
            stage = "tail" if stage == "body" else stage
        elif stage == "head":
            stage = _take_head(article, block, waiting[number + 1 :])
        elif stage == "fields":
            stage = _take_between(article, block, waiting[number + 1 :])
        elif stage == "lead":
            article.lead.extend(block.lines)
            stage = "fields" if article.body == [] else "tail"
        elif stage == "body":
            article.body.extend(block.lines)
        elif current == "headline":
            article.title = tidy(f"{article.title or ''} {' '.join(block.lines)}")
    return _record(article)


def _take_label(article: _Article, name: str, value: str, stage: str) -> tuple[str, str]:
    """Take a labelled value -> (the stage after it, the label that an unlabelled block may go on with)."""
    after = "tail" if stage in ("body", "tail") else "fields"
    if name == "body":
        if value:
            article.body.append(value)
        return "body", ""
    if name == "lead":
        if value:
            article.lead.append(value)
            return after, ""
        return "lead", ""
    if name == "headline":
        article.title = article.title or value
    elif name == "byline":
        article.byline = article.byline or value
    elif name == "url":
        article.url = article.url or value
    elif value:
        article.fields.setdefault(name, value)
    return after, name


def _take_copyright(article: _Article, block: Block, rest: list[Block]) -> None:
    """A copyright line before the outlet's own; where none follows, the outlet is its last line."""
    if article.outlet or article.title or len(block.lines) < 2 or is_copyright(block.lines[-1]):
        return
    following = next((one for one in rest if one.label is None), None)
    if following is not None and _is_when(tidy(" ".join(following.lines))):
        article.outlet = tidy(block.lines[-1])


def _is_when(line: str) -> bool:
    return is_date_line(line) or is_period_line(line)


def _take_head(article: _Article, block: Block, rest: list[Block]) -> str:
    """Before any label: outlet, date, edition, headline, sometimes a byline; then the text."""
    text = tidy(" ".join(block.lines))
    date_at = next((n for n, line in enumerate(block.lines) if _is_when(tidy(line))), None)
    if date_at is not None and not article.date:
        article.date = tidy(" ".join(block.lines[date_at : date_at + 2]))
        article.extra.extend(map(tidy, block.lines[date_at + 1 :]))
        if date_at and not article.outlet:
            article.outlet = tidy(block.lines[0])
            article.extra.extend(map(tidy, block.lines[1:date_at]))
    elif date_at is not None:
        pass  # the same date in another language
    elif text.startswith("http") and _URL.match(url := text.replace(" ", "")):
        article.url = article.url or url
    elif match := _LENGTH.fullmatch(text):
        article.fields.setdefault("length", match[0])
        return "fields"
    elif article.outlet is None:
        several = block.centred and len(block.lines) > 1 and len(block.lines[0]) <= 50
        article.outlet = block.lines[0] if several else text
        article.extra.extend(block.lines[1:] if several else ())
    elif block.centred:
        article.extra.append(text)
    elif article.title is None:
        article.title = text
    elif article.date is None:
        article.extra.append(text)
    else:
        return _take_between(article, block, rest)
    return "head"


def _take_between(article: _Article, block: Block, rest: list[Block]) -> str:
    """After headline and date: a byline of its own line, or the text."""
    following = rest[0] if rest else None
    text = tidy(" ".join(block.lines))
    if (
        article.byline is None
        and len(text) <= 80
        and following is not None
        and following.label is not None
        and _LABELS[following.label] in _HEADER
        and not any(one.label is not None and _LABELS[one.label] == "body" for one in rest)
        and any(one.label is None and not is_copyright(one.lines[0]) for one in rest)
    ):
        article.byline = text
        return "fields"
    if block.centred and not article.body and len(text) <= 100 and not text.endswith((".", "?", "!", '"')):
        article.extra.append(text)
        return "fields"
    article.body.extend(block.lines)
    return "body"


def _record(article: _Article) -> Record:
    record = Record(database="nexis")
    record.title = article.title.strip(" ;") if article.title and _LETTERS.search(article.title) else None
    set_outlet(record, article.outlet)
    record.set_date(read_date(article.date))
    record.authors = byline(article.byline)
    record.language = language_code(article.fields.get("language", "").split(";")[0].split("/")[0])
    if article.url and _URL.match(article.url):
        record.url = article.url
    lead = [line for line in article.lead if line]
    body = [line for line in article.body if line]
    if lead and body and body[0].startswith(lead[0][:60]):
        lead = []
    record.text = "\n".join([*lead, *body]) or None
    section = article.fields.get("section")
    page = _PAGE.search(section) if section else None
    edition = next(
        (one.strip(" ;") for one in article.extra if _EDITION.search(one) and len(one) <= 60), None
    )
    length = _LENGTH.search(article.fields.get("length", ""))
    return record.note(
        section=section,
        page=page[1] if page else None,
        edition=article.fields.get("edition") or edition,
        printed_words=re.sub(r"\D", "", length[1]) if length else None,
        load_date=article.fields.get("load_date"),
        dateline=article.fields.get("dateline"),
        printed_date=article.date if record.published is None else None,
    )


def byline(text: str | None) -> tuple[str, ...]:
    """Nexis prints 'PRUIM, FRED' as well as 'Lou Dobbs, Candy Crowley'."""
    if text and text.count(",") == 1 and text.isupper() and len(text.split()) == 2:
        return inverted(text)
    return persons(text)
