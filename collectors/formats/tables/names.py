"""What the columns of a table are called, in the languages of services, databases and people."""

from __future__ import annotations

import re
from collections.abc import Iterable

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


def plain_name(name: str) -> str:
    return _SEPARATORS.sub("_", str(name).casefold()).strip("_")


def guess(names: Iterable[str]) -> dict[str, str]:
    """Which column holds which of FIELDS, by its name; a field without a likely column is absent."""
    plain: dict[str, str] = {}
    for name in names:
        plain.setdefault(plain_name(name), name)
        plain.setdefault(plain_name(name).replace("_", ""), name)
    column_of: dict[str, str] = {}
    for field, likely in FIELDS.items():
        candidates = (plain[name] for name in likely if name in plain)
        column = next((name for name in candidates if name not in column_of.values()), None)
        if column is not None:
            column_of[field] = column
    return column_of
