"""What the columns of a table are called, in the languages of services, databases and people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from functools import lru_cache

from pressgauge.unicode import without_accents

_ENGLISH = {
    "url": "url link article_url story_url canonical_url permalink webpage uri href article_link"
    " full_url resolved_url documenturl weburl web_url source_url web_address",
    "title": "headline headline_text title article_title heading header resolved_title webtitle",
    "published": "published publish_date date publication_date pubdate published_at datetime"
    " publishedat published_date date_published pub_date issue_date webpublicationdate"
    " datepublished article_date date_of_publication publishing_date date_publish"
    " posted posted_at date_posted created",
    "time": "time",
    "authors": "authors author byline writer journalist journalists reporter influencer creator author_name",
    "text": "text body content full_text fulltext article_text article bodytext body_text"
    " maintext main_text plain_text plaintext content_text content_html full_article",
    "excerpt": "excerpt description abstract abstract_note summary snippet opening_text hit_sentence"
    " lead selection trailtext lead_paragraph teaser standfirst",
    "outlet": "outlet media_name source publication newspaper source_name source_title pubtitle"
    " publication_title publication_name medium outlet_name media media_outlet"
    " publicationtitle newspaper_name magazine journal news_outlet website site_name"
    " source_id publisher",
    "domain": "domain source_hostname media_url canonical_domain hostname source_domain domain_name site",
    "language": "language lang",
    "country": "country country_code sourcecountry source_country",
    "document": "news_id document_id accession_number accession_no storeid docid",
    "section": "section section_name sectionname rubric",
    "page": "page pages page_number start_page startpage",
    "edition": "edition",
    "place": "place city place_of_publication",
    "printed_words": "word_count wordcount words length",
    "seen": "seendate",
    "saved": "time_added saved_at savedat date_added created_at added time",
    "kind": "item_type itemtype",
}
_OTHERS = {
    "url": "원문주소 원문링크 링크 ссылка посилання оригинал lien lien_article enlace collegamento ligação"
    " länk lenke linkki odkaz odnośnik bağlantı hivatkozás σύνδεσμος الرابط קישור 链接 连结 連結"
    " 网址 網址 原文链接 リンク adresse webadresse internetadresse",
    "title": "titel artikeltitel titre título titular titolo otsikko overskrift tittel tytuł"
    " titulek titulok nadpis naslov заголовок заглавие название назва başlık cím titlu"
    " τίτλος 제목 标题 標題 题目 題目 見出し 見出 タイトル 題名 العنوان عنوان כותרת überschrift"
    " schlagzeile kop manchete rubrik",
    "published": "datum fecha fecha_de_publicación fecha_publicación data data_pubblicazione"
    " data_di_pubblicazione data_publicação data_de_publicação data_publikacji"
    " date_de_publication date_publication date_de_parution date_parution parution dato"
    " udgivelsesdato utgivningsdatum publiceringsdatum publiseringsdato päivämäärä pvm"
    " julkaisupäivä publicatiedatum datum_vydání erscheinungsdatum veröffentlichungsdatum"
    " veröffentlicht veröffentlicht_am publikationsdatum erschienen erschienen_am дата"
    " дата_публикации дата_публікації tarih yayın_tarihi dátum ημερομηνία 일자 날짜 게재일 보도일"
    " 발행일 日期 发布时间 发布日期 發布日期 出版日期 刊登日期 日付 掲載日 発行日 التاريخ تاريخ תאריך",
    "time": "시간 время heure uhrzeit hora tijd",
    "authors": "autor autoren autorin autor_in auteur auteurs autore autrice giornalista periodista"
    " jornalista dziennikarz journaliste redacteur redakteur verfasser firma författare"
    " forfatter kirjoittaja toimittaja автор yazar muhabir szerző συγγραφέας 기고자 기자 작성자 作者"
    " 記者 记者 撰稿人 الكاتب المؤلف מחבר",
    "text": "volltext texte corps contenu texto cuerpo contenido corpo conteúdo testo tekst"
    " teksti sisältö innehåll indhold innhold brødtekst brödtext artikel artikeltext"
    " inhalt treść obsah текст анонс зміст metin içerik szöveg κείμενο 본문 기사본문 正文 内容 內容 內文"
    " 本文 全文 記事 النص المحتوى תוכן טקסט",
    "excerpt": "résumé chapo chapeau zusammenfassung vorspann resumen sommario sammanfattning"
    " ingress extended",
    "outlet": "quelle zeitung publikation publikationstitel nachrichtenquelle journal média"
    " support_de_presse titre_de_presse diario periódico medio fuente jornal veículo fonte"
    " testata giornale quotidiano krant bron tidning källa avis kilde lehti lähde gazeta"
    " źródło tytuł_prasowy noviny zdroj médium издание источник сми видання джерело kaynak"
    " gazete forrás lap ziar sursă novine izvor εφημερίδα πηγή 언론사 매체 매체명 신문 신문사 媒体 媒體"
    " 媒体名称 来源 來源 报纸 報紙 紙名 新聞 新聞名 媒体名 掲載紙 الصحيفة المصدر עיתון מקור",
    "language": "sprache langue idioma língua lingua taal språk sprog język jazyk язык мова dil 语言 語言"
    " 言語",
    "country": "land pays país paese kraj země страна країна ülke 国家 國家",
    "document": "뉴스식별자",
    "section": "ressort rubrique rubrik sección seção sezione rubriek sektion avdelning rubryka рубрика 版面",
    "page": "seite página pagina sida side strona strana страница 版次 頁 面",
    "edition": "ausgabe editie édition edición edizione edição",
    "place": "ort",
    "printed_words": "wörter mots palabras parole woorden 字数",
}
_SEPARATORS = re.compile(r"[\W_]+")
_ASIDE = re.compile(r"\([^()]{0,40}\)|\[[^\[\]]{0,40}\]")
_QUALIFIERS = frozenset(
    ("the", "of", "article", "articles", "news", "story", "item", "original", "full", "main", "press", "post")
)
"""Words that a name may have and be called the same without."""


def plain_name(name: str) -> str:
    """A name without case, accents and punctuation, its words parted by one `_`."""
    return _SEPARATORS.sub("_", without_accents(str(name).casefold())).strip("_")


FIELDS = {
    field: tuple(map(plain_name, f"{names} {_OTHERS.get(field, '')}".split()))
    for field, names in _ENGLISH.items()
}
"""What a column may be called, most likely first."""
_ENGLISH_NAMES = frozenset(plain_name(name) for names in _ENGLISH.values() for name in names.split())


@lru_cache(4096)
def _forms(name: str) -> tuple[str, ...]:
    """The ways in which a name is looked up, the nearest first."""
    plain = plain_name(name)
    words = plain_name(_ASIDE.sub(" ", str(name))).split("_")
    bare = "_".join(word for word in words if word not in _QUALIFIERS)
    return tuple(dict.fromkeys((plain, plain.replace("_", ""), "_".join(words), bare)))


def guess(names: Iterable[str]) -> dict[str, str]:
    """Which column holds which of FIELDS, by its name; a field without a likely column is absent."""
    columns = list(names)
    forms = [_forms(name) for name in columns]
    plain: dict[str, str] = {}
    for depth in range(max(map(len, forms), default=0)):
        for name, ways in zip(columns, forms, strict=True):
            if depth < len(ways):
                plain.setdefault(ways[depth], name)
    column_of: dict[str, str] = {}
    for field, likely in FIELDS.items():
        candidates = (plain[name] for name in likely if name in plain)
        column = next((name for name in candidates if name not in column_of.values()), None)
        if column is not None:
            column_of[field] = column
    return column_of


def are_of_articles(fields: Set[str]) -> bool:
    """Whether fields that a table has tell of articles: a headline or text, and where or when it appeared."""
    return bool({"title", "text"} & fields) and bool({"url", "outlet", "published", "domain"} & fields)


def is_foreign(name: str) -> bool:
    """Whether a column's name is of another language than English, whose dates then have the day first."""
    return not any(form in _ENGLISH_NAMES for form in _forms(name))
