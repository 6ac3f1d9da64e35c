"""What the columns of a table are called, in the languages of services and databases, and what a row says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from collectors.collector import is_web
from collectors.formats.bylines import inverted, persons
from collectors.formats.dates import read_date
from collectors.formats.languages import language_code
from collectors.formats.markup import html_lines, plain_title
from collectors.formats.outlets import set_outlet
from collectors.formats.record import Moment, Record
from collectors.shared.timestamps import parse_iso

Row = dict[str, Any]
_COLUMNS = {
    "url": "url link article_url story_url canonical_url permalink webpage uri href article_link "
    "full_url resolved_url"
    " documenturl weburl web_url source_url 원문주소 ссылка оригинал lien enlace 链接 adresse",
    "title": "title headline article_title heading header resolved_title titel titre título titulo "
    "titolo rubrik 제목 заголовок"
    " 标题 見出し タイトル überschrift kop webtitle",
    "published": "published publish_date date publication_date pubdate published_at datetime publishedat "
    "published_date"
    " date_published pub_date issue_date datum fecha data 일자 дата 日期 発行日 日付 publicatiedatum"
    " erscheinungsdatum webpublicationdate datepublished article_date created",
    "time": "time 시간 время heure uhrzeit hora tijd",
    "authors": "authors author byline writer journalist autor autoren auteur auteurs autore "
    "기고자 автор 作者 記者 forfatter"
    " influencer creator",
    "text": "text body content full_text fulltext article_text article volltext texte texto testo "
    "tekst 본문 текст анонс 正文 本文"
    " bodytext body_text artikeltext inhalt",
    "excerpt": "excerpt description abstract summary snippet opening_text hit_sentence lead selection résumé"
    " zusammenfassung resumen extended trailtext lead_paragraph",
    "outlet": "outlet media_name source publisher publication newspaper source_name pubtitle "
    "publication_title medium"
    " quelle zeitung journal krant diario fuente 언론사 источник 媒体 紙名 outlet_name media"
    " publicationtitle",
    "domain": "domain media_url canonical_domain hostname source_domain domain_name site",
    "language": "language lang sprache langue idioma taal язык",
    "country": "country country_code sourcecountry source_country land pays país",
    "document": "뉴스식별자 news_id document_id accession_number accession_no storeid docid",
    "section": "section rubric ressort rubrique sección rubriek section_name sectionname",
    "page": "page pages page_number seite página pagina start_page startpage",
    "edition": "edition ausgabe editie édition",
    "place": "place city ort place_of_publication",
    "printed_words": "word_count wordcount words length wörter 字数",
    "seen": "seendate",
    "saved": "time_added saved_at savedat date_added created_at added time",
}
FIELDS = {name: tuple(names.split()) for name, names in _COLUMNS.items()}
"""What a column may be called, most likely first; compared without case, and punctuation as one `_`."""
_SEPARATORS = re.compile(r"[\W_]+")
_SLASHED = re.compile(r"^\s*(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})\b")
_LABEL = ("text", "excerpt", "title")


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column holds which field, and how its dates are written: `day_first` is None where 02/03/2024
    could be either and no row decides, `date_format` one of strptime's."""

    columns: dict[str, str]
    day_first: bool | None = True
    date_format: str = ""

    @property
    def is_of_articles(self) -> bool:
        """Whether rows name articles: a headline or text, and where or when it appeared."""
        return bool({"title", "text"} & self.columns.keys()) and bool(
            {"url", "outlet", "published", "domain"} & self.columns.keys() - {self.columns.get("title")}
        )


def plain_name(name: str) -> str:
    return _SEPARATORS.sub("_", str(name).casefold()).strip("_")


def guess(names: Iterable[str]) -> dict[str, str]:
    """Which column holds which of FIELDS, by its name; a field without a likely column is absent."""
    plain: dict[str, str] = {}
    for name in names:
        plain.setdefault(plain_name(name), name)
        plain.setdefault(plain_name(name).replace("_", ""), name)
    found: dict[str, str] = {}
    for field, likely in FIELDS.items():
        known = (plain[name] for name in likely if name in plain)
        column = next((name for name in known if name not in found.values()), None)
        if column is not None:
            found[field] = column
    return found


def layout_of(rows: list[Row], columns: dict[str, str] | None = None, date_format: str = "") -> Layout:
    """The layout of a table by its first rows; `columns` names fields' columns for certain."""
    names = list(dict.fromkeys(str(name) for row in rows for name in row))
    used = guess(names) | (columns or {})
    dates = [str(row.get(used["published"], "")) for row in rows] if "published" in used else []
    slashed = [match for one in dates if (match := _SLASHED.match(one))]
    day_first: bool | None = True
    if slashed:
        first, second = max(int(one[1]) for one in slashed), max(int(one[2]) for one in slashed)
        day_first = True if first > 12 else False if second > 12 else None
    return Layout(used, day_first, date_format)


def record_of(row: Row, layout: Layout) -> Record:
    """The record of a row: texts without markup, an address only if it is one of the web."""
    said = {field: row.get(name) for field, name in layout.columns.items()}
    record = Record(title=plain_title(text_of(said.get("title"))))
    lines = html_lines(text_of(said.get("text")))
    excerpt = html_lines(text_of(said.get("excerpt")))
    record.text = "\n".join(lines) or None
    if (record.text is None and excerpt) or (
        record.text is not None and excerpt and len(record.text) < len("\n".join(excerpt))
    ):
        record.text, record.partial = "\n".join(excerpt), "excerpt"
    url = text_of(said.get("url"))
    record.url = url if url and (is_web(url) or url.startswith("file:///")) else None
    set_outlet(record, text_of(said.get("outlet")))
    record.domain = text_of(said.get("domain"))
    record.dated(moment(said.get("published"), layout, said.get("time")))
    record.authors = names_of(said.get("authors"))
    record.language = language_code(text_of(said.get("language")))
    country = text_of(said.get("country"))
    record.country = country_code(country)
    record.document = text_of(said.get("document"))
    if record.text is None and record.title:
        record.partial = "title_only"
    return record.note(
        **{
            name: text_of(said.get(name))
            for name in ("section", "page", "edition", "place", "printed_words", "seen", "saved")
            if name in said
        }
    )


def text_of(value: Any) -> str | None:
    """The text of a cell: a float that is whole loses its '.0', a nested object gives its name."""
    if isinstance(value, dict):
        value = next(
            (
                value[key]
                for key in ("name", "title", "value", "main", "$t")
                if isinstance(value.get(key), str)
            ),
            None,
        )
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float | date):
        return str(value)
    return value.strip() or None if isinstance(value, str) else None


def names_of(value: Any) -> tuple[str, ...]:
    """The persons of a cell: a list of names or of objects with names, or a byline."""
    if isinstance(value, list):
        return tuple(name for one in value if (name := text_of(one)))[:30]
    text = text_of(value)
    if text is None or "://" in text:
        return ()
    if ";" in text or text.count(",") == 1:
        return inverted(text)
    return persons(text)


def moment(value: Any, layout: Layout, clock: Any = None) -> Moment:
    """(aware datetime, precision) of a cell; unknown is not guessed."""
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        midnight = value.hour == value.minute == value.second == 0
        return aware, "day" if midnight and not value.tzinfo else "second"
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC), "day"
    text = text_of(value)
    if text is None:
        return None, None
    if layout.date_format:
        try:
            found = datetime.strptime(text, layout.date_format)
        except ValueError:
            return None, None
        exact = "%H" in layout.date_format or "%I" in layout.date_format
        return (found if found.tzinfo else found.replace(tzinfo=UTC)), "second" if exact else "day"
    if re.fullmatch(r"1\d{9}", text):
        return datetime.fromtimestamp(int(text), UTC), "second"
    if layout.day_first is None and _SLASHED.match(text):
        return None, None
    iso = parse_iso(text)
    if iso[0] is not None:
        return iso
    time = text_of(clock)
    extended = f"{text} {time}" if time and ":" in time and not time.startswith("00:00") else text
    return read_date(extended, day_first=layout.day_first is not False)


def country_code(name: str | None) -> str | None:
    """ISO 3166 alpha-2 of a code or an English name."""
    if not name:
        return None
    if len(name) == 2 and name.isalpha():
        return name.upper()
    from babel import Locale

    plain = name.casefold()
    return next(
        (
            code
            for code, own in Locale("en").territories.items()
            if len(code) == 2 and own.casefold() == plain
        ),
        None,
    )
