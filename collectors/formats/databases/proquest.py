"""ProQuest: text, HTML and e-mail. The same fields in all of them, named in the interface's language.

The address is the database's, mostly behind a library's proxy: it is no address of the article. The document
number is what two exports share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from collectors.formats.record import Item, Notice, Record
from collectors.formats.syntax.content import Content
from collectors.formats.syntax.markup import lines_of, parse_html, text_of
from collectors.formats.values.bylines import inverted
from collectors.formats.values.dates import is_date_line, read_date
from collectors.formats.values.languages import language_code
from collectors.formats.values.outlets import set_outlet
from collectors.formats.values.paragraphs import tidy

_NAMES = {
    "title": "Title|Titre|Título|Titel|Titolo|Tytuł|Název|Başlık|Заглавие|Название|标题|標題|タイトル|제목",
    "author": "Author|Authors|Auteur|Autor|Autore|Auteurs|Yazar|Автор|作者|著者|저자",
    "abstract": "Abstract|Résumé|Resumen|Zusammenfassung|Abstrakt|Resumo|Riassunto"
    "|Streszczenie|Özet|Реферат|Аннотация|摘要|抄録|초록",
    "text": "Full text|Fulltext|Texte intégral|Texto completo|Volltext|Testo completo"
    "|Volledige tekst|Texto integral|Pełny tekst|Plný text|Úplný text|Tam metin|Полный текст|全文|全文文献"
    "|全文文獻|フルテキスト|전체 텍스트|전문",
    "outlet": "Publication title|Titre de publication|Título de publicación|Titel der Publikation"
    "|Publikationstitel|Título da publicação|Titolo della pubblicazione|Publicatietitel|Publication"
    "|Tytuł publikacji|Název publikace|Yayın adı|Yayın başlığı|Название публикации|Название издания"
    "|出版物名称|出版物名稱|出版物标题|出版物名|出版物タイトル|출판물 제목|간행물 제목",
    "date": "Publication date|Date de publication|Fecha de publicación|Publikationsdatum|Data de publicação"
    "|Data di pubblicazione|Publication Date|Alternate publication date|Veröffentlichungsdatum"
    "|Datum der Veröffentlichung|Erscheinungsdatum|Publicatiedatum"
    "|Data publikacji|Datum vydání|Datum publikování|Yayın tarihi|Дата публикации|出版日期|出版日|発行日"
    "|출판 날짜|출판일|발행일",
    "info": "Publication info|Informations sur la publication|Información de publicación|Publikationsinfo",
    "section": "Section|Sección|Abschnitt|Seção|Sezione",
    "pages": "Pages|First page|Seiten|Páginas|Première page|Start page|Page count",
    "edition": "Edition|Édition|Edición|Ausgabe",
    "language": "Language of publication|Langue de publication|Idioma de la publicación"
    "|Publikationssprache|Language"
    "|Idioma da publicação|Lingua della pubblicazione|Język publikacji|Yayın dili|Язык публикации|出版物语言"
    "|出版物語言|出版物の言語|출판 언어|언어",
    "document": "ProQuest document ID|ID du document ProQuest|ID del documento de ProQuest"
    "|ProQuest-Dokument-ID"
    "|ID do documento ProQuest|ProQuest Document ID",
    "place": "Place of publication|Lieu de publication|Lugar de publicación|Veröffentlichungsort",
    "column": "Column",
    "dateline": "Dateline",
    "other": "Links|Subject|Business indexing term|Location|People|Company / organization|Classification"
    "|Identifier / keyword|Credit|Source|Volume|Issue|ISSN|Publication year|Publisher|Country of publication"
    "|Publication subject|Source type|Document type|Document feature|Document URL|Copyright"
    "|Last updated|Database"
    "|Publication note|Correspondence author|Accession number|DOI|Sponsored access|Supplement|Special issue"
    "|Sujet|Lieu|Personnes|Société / organisation|Année de publication|Éditeur|Pays de "
    "publication|Type de source"
    "|Type de document|URL du document|Droits d'auteur|Dernière mise à jour|Base de données"
    "|Materia|Lugar|Personas"
    "|Empresa / organización|Editorial|Año de publicación|País de publicación|Tipo de fuente"
    "|Tipo de documento"
    "|URL del documento|Última actualización|Base de datos|Thema|Ort|Personen|Unternehmen / Organisation"
    "|Erscheinungsjahr|Verlag|Land der Veröffentlichung|Quellentyp|Dokumenttyp|Dokument-URL"
    "|Zuletzt aktualisiert"
    "|Datenbank|Liens|Vínculos|Enlaces|Term|Ethnicity|Publication history|Graphic|Illustration"
    "|Product name|NAICS"
    "|Assunto|Local|Pessoas|Empresa/organização|Ano de publicação|Editora|País da publicação|Tipo de fonte"
    "|Tipo de documento|URL do documento|Última atualização|Base de dados|Linki|Temat|Ссылки|Тема|链接|連結"
    "|主题|主題|リンク|件名|링크|주제|来源类型|來源類型|資料タイプ|원본 유형|Typ źródła|Тип источника"
    "|Terms|Number of references|Entry date|Update|Corrections|ISBN|Conference|Document "
    "features|Local call number",
}
_SMALL = frozenset(
    ("the", "of", "la", "le", "les", "l", "el", "du", "de", "des", "der", "di", "da", "do", "del")
)
"""Words that a field's name has in one version of an interface and not in another."""


def _plain(label: str) -> str:
    words = re.split(r"[\s'’-]+", label.casefold())
    return " ".join(word for word in words if word not in _SMALL)


_FIELDS = {_plain(name): key for key, names in _NAMES.items() for name in names.split("|")}


@lru_cache(4096)
def _field_of(label: str) -> str | None:
    """The field of a label in any interface language; None for an unknown one."""
    plain = _plain(label)
    return _FIELDS.get(plain) or ("document" if "proquest" in plain else None)


RULE = re.compile(r"^_{20,}\s*$", re.MULTILINE)
_FIELD = re.compile(r"^([^\W\d_][\w /'’()-]{1,40}?)[ \xa0]?(?::(?:\s|$)|：)")
_LABEL_LENGTH = 48
"""Characters among which the colon of a label stands."""
_DIVIDER = re.compile(
    r"^(?:Document|Dokument|Documento)\s+(\d{1,7})\s+(?:of|de|von|di|sur|van)\s+(\d{1,7})\s*$", re.MULTILINE
)
_ANCHOR = re.compile(r"""<a\s+name=["']?DocID_""", re.IGNORECASE)
_ID = re.compile(r"docview/(\d{4,14})")
_CLOSING = re.compile(r"^(?:-{2,}|[\w.+-]+@[\w-]+\.[\w.-]+|html>)$")
_TAIL = frozenset(("title", "outlet", "other", "date", "section", "language", "document", "pages", "edition"))


def _label(line: str) -> re.Match[str] | None:
    """The label, and what parts it from its value, that a line begins with."""
    head = line[:_LABEL_LENGTH]
    return _FIELD.match(line) if ":" in head or "：" in head else None


def recognise_text(content: Content) -> bool:
    head = content.text_head
    return "<" not in head[:5] and is_text(head)


def is_text(text: str) -> bool:
    """Whether a text has ProQuest's rules and fields."""
    names = {_field_of(match[1]) for line in text.split("\n") if (match := _label(line.strip()))}
    return (
        "text" in names
        and len(names & {"outlet", "document", "other", "title"}) >= 2
        and (RULE.search(text) is not None or "proquest" in text.lower())
    )


def read_text(content: Content) -> Iterator[Item]:
    yield from articles(content.pieces(boundary(content.text_head)), content.name)


def boundary(text: str) -> re.Pattern[str]:
    """What parts the documents: rules, or in Word and RTF files their numbers alone."""
    return RULE if RULE.search(text) else _DIVIDER


def articles(pieces: Iterator[str], name: str) -> Iterator[Item]:
    totals: set[int] = set()
    count = document_count = 0
    for piece in pieces:
        text = RULE.sub("", piece, count=1)
        divider = _DIVIDER.search(text[:400])
        if divider:
            totals.add(int(divider[2]))
            text = text[divider.end() :]
        if not any(_is_field(line, "text", "document", "outlet") for line in text.split("\n")):
            continue  # the cover, or the footer
        document_count += 1
        record = _record(*_text_fields(text))
        if record.empty:
            yield Notice("empty_document", f"document {document_count} of {name} has no text", counts=True)
        else:
            count += 1
            yield record
    if len(totals) == 1 and (total := totals.pop()) != document_count:
        yield Notice(
            "count_differs", f"{name} is numbered up to {total:,} documents and holds {document_count:,}"
        )


def _is_field(line: str, *names: str) -> bool:
    match = _label(line.strip())
    return match is not None and _field_of(match[1]) in names


def _text_fields(text: str) -> tuple[str, dict[str, list[str]]]:
    """(the line before the first field, the lines of each field)."""
    lines = [line.strip() for line in text.split("\n")]
    start = next((n for n, line in enumerate(lines) if _is_field(line, "text")), None)
    end = _tail(lines, start) if start is not None else None
    fields: dict[str, list[str]] = {}
    headline, key = "", ""
    for number, line in enumerate(lines):
        inside = start is not None and end is not None and start < number < end
        match = None if inside else _label(line)
        name = _field_of(match[1]) if match else None
        if match and not name and key not in ("", "text", "abstract") and not lines[number - 1]:
            name = "unknown"
        if (
            match
            and name
            and (number == 0 or not lines[number - 1] or number == start or number >= (end or 0))
        ):
            key = name if name not in ("other", "unknown") else f"{name}:{match[1]}"
            line = line[match.end() :].strip()
            if key in fields and key != "text":
                key = f"other:{key}"
        elif not key and line and not line.startswith("http"):
            headline = headline or line
            continue
        if key and line:
            fields.setdefault(key, []).append(line)
    return headline, fields


def _tail(lines: list[str], start: int) -> int:
    """Where the fields after the text begin: the last run of them, each after an empty line."""
    at = len(lines)
    number = len(lines) - 1
    while number > start:
        if not lines[number]:
            number -= 1
            continue
        match = _label(lines[number])
        if match and _field_of(match[1]) and not lines[number - 1]:
            at = number
        elif (lines[number - 1] == "" and at < len(lines) and not (match and len(match[1]) < 30)) or (
            at < len(lines) and number < at - 40
        ):
            break
        number -= 1
        if at < len(lines) and lines[number] and not _label(lines[number]) and not _continues(lines, number):
            break
    return at


def _continues(lines: list[str], number: int) -> bool:
    """Whether a line goes on with a field above it, no empty line between."""
    while number and lines[number]:
        match = _label(lines[number])
        if match and _field_of(match[1]):
            return not lines[number - 1] if number else True
        number -= 1
    return False


def _record(headline: str, fields: dict[str, list[str]]) -> Record:
    def one(name: str) -> str | None:
        return tidy(" ".join(fields.get(name, ()))) or None

    record = Record(database="proquest", title=one("title") or headline or None)
    body = [line for line in fields.get("text", ()) if line]
    while body and _CLOSING.match(body[-1]):
        body.pop()
    while body and _CLOSING.match(body[0]):
        body.pop(0)
    text = "\n".join(body)
    record.text = text if len(text) > 30 or (text and "available" not in text.lower()) else None
    if (
        record.text is None
        and (abstract := one("abstract"))
        and not abstract.lower().startswith("none available")
    ):
        record.text, record.partial = abstract, "feed"
    outlet = (one("outlet") or "").split(";")
    info = one("info")
    if not outlet[0] and info:
        outlet = info.split(";")
    set_outlet(record, outlet[0])
    record.note(place=outlet[1] if len(outlet) > 1 else one("place"))
    moment = read_date(one("date") or _only_date(fields))
    record.set_date(moment if moment[0] else read_date(info))
    record.authors = inverted(one("author"))
    record.language = language_code((one("language") or "").split(";")[0])
    number = one("document") or ""
    match = _ID.search(" ".join(line for lines in fields.values() for line in lines))
    record.document = number if number.isdigit() else (match[1] if match else None)
    return record.note(
        section=one("section"),
        page=one("pages"),
        edition=one("edition"),
        column=one("column"),
        dateline=one("dateline"),
    )


def _only_date(fields: dict[str, list[str]]) -> str | None:
    """The date among fields whose names are not known, if there is one."""
    values = [" ".join(lines) for key, lines in fields.items() if key.startswith("unknown:")]
    dates = [value for value in values if is_date_line(value)]
    return dates[0] if len(dates) == 1 else None


# HTML


def recognise_html(content: Content) -> bool:
    head = content.text_head
    return "<" in head[:500] and is_html(head)


def is_html(head: str) -> bool:
    lowered = head.lower()
    return "proquest" in lowered and (
        "DocID_" in head or "<strong>Full text" in head or "<strong>Publication info" in head
    )


def read_html(content: Content) -> Iterator[Item]:
    yield from html_articles(content.pieces(_ANCHOR), content.name)


def html_articles(pieces: Iterator[str], name: str) -> Iterator[Item]:
    count = 0
    for piece in pieces:
        tree = parse_html(piece)
        headline, fields = _html_fields(tree)
        if not fields.keys() & {"text", "outlet", "document", "info"}:
            continue
        record = _record(headline, fields)
        if record.empty:
            yield Notice("empty_document", f"a document of {name} has no text", counts=True)
        else:
            count += 1
            yield record
    if not count:
        yield Notice("no_articles", f"{name} is a page of ProQuest without an article")


def _html_fields(tree: etree._Element) -> tuple[str, dict[str, list[str]]]:
    """The fields in the order of the page: each begins with its name in bold, alone before a colon."""
    fields: dict[str, list[str]] = {}
    headline, key = "", ""
    for strong in list(tree.iter("strong", "b")):
        name = _field_of(text_of(strong).rstrip(": "))
        if name and text_of(strong).endswith(":"):
            strong.text = f"\ue000{text_of(strong).rstrip(': ')}\ue001"
            for child in list(strong):
                strong.remove(child)
    for line in lines_of(tree):
        while line:
            before, mark, after = line.partition("\ue000")
            if before.strip():
                if key:
                    fields.setdefault(key, []).append(before.strip())
                elif not headline:
                    headline = before.strip()
            if not mark:
                break
            label, _, line = after.partition("\ue001")
            name = _field_of(label) or "other"
            key = f"other:{label}" if name == "other" or name in fields else name
    return headline, fields
