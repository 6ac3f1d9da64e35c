"""Which day of those that a page shows is the one of its publication, in whatever language it says so."""

from __future__ import annotations

import pytest

from collectors.extraction.extract import extract
from tests.collectors.extraction.test_extract import PARAGRAPHS, json_ld, page


def day(above: str = "", head: str = "", lang: str = "en") -> str | None:
    """The day of a page with these elements above its text, as YYYY-MM-DD."""
    html = page(head, f"<article><h1>Bridge stays open</h1>{above}{PARAGRAPHS}</article>")
    html = html.replace(b"lang='en'", f"lang='{lang}'".encode())
    published = extract(html, "https://www.example.org/bridge").published
    return published.date().isoformat() if published else None


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("de", "Letzte Änderung: 9. März 2024"),
        ("es", "Última actualización: 9 de marzo de 2024"),
        ("pl", "Aktualizacja: 9 marca 2024"),
        ("tr", "Son güncelleme: 9 Mart 2024"),
        ("ru", "Дата изменения: 09.03.2024"),
        ("uk", "Оновлено: 9 березня 2024"),
        ("sv", "Ändrad: 2024-03-09"),
        ("el", "Τελευταία ενημέρωση: 9 Μαρτίου 2024"),
        ("ar", "آخر تحديث: 9 مارس 2024"),
        ("ja", "最終更新日：2024/03/09"),
    ],
)
def test_the_day_of_a_change_is_in_no_language_the_publication(lang: str, line: str) -> None:
    assert day(f"<p>{line}</p>", lang=lang) is None


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "Updated: March 9, 2024 | Published: March 5, 2024"),
        ("de", "Erstellt: 05.03.2024 Letzte Aktualisierung: 09.03.2024"),
        ("pl", "Opublikowano: 5 marca 2024, aktualizacja: 9 marca 2024"),
        ("tr", "Güncelleme Tarihi: 09.03.2024 Giriş Tarihi: 05.03.2024"),
        ("ar", "نشر في: 5 مارس 2024 آخر تحديث: 9 مارس 2024"),
        ("zh", "更新时间：2024年3月9日 发布时间：2024年3月5日"),
    ],
)
def test_of_two_days_in_a_line_the_one_that_is_not_of_a_change_is_taken(lang: str, line: str) -> None:
    assert day(f"<p>{line}</p>", lang=lang) == "2024-03-05"


CHANGED, FIRST = (f"<time datetime='{each}'>{each}</time>" for each in ("2024-03-09", "2024-03-05"))


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        (f"<p>Updated {CHANGED} Published {FIRST}</p>", "2024-03-05"),
        (f"<div><span>Updated</span> {CHANGED}</div><div><span>Published</span> {FIRST}</div>", "2024-03-05"),
        (f"<div>Last updated:</div><div>{CHANGED}</div>", None),
        (f"<div class='date-updated'>{CHANGED}</div>", None),
        ("<p>Last updated by X on <time datetime='2024-03-05' pubdate>5 March</time></p>", "2024-03-05"),
        (f"<div class='updated-and-published'>{FIRST}</div>", "2024-03-05"),
        ("<time class='entry-date published updated' datetime='2024-03-05'>5 March</time>", "2024-03-05"),
        ("<div class='updatetime'>03/05/2024</div>", "2024-05-03"),
    ],
)  # fmt: skip
def test_what_stands_before_a_marked_date_says_whether_it_is_of_a_change(
    above: str, expected: str | None
) -> None:
    assert day(above, lang="en-GB") == expected


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("de", "5. Mrz. 2024"),
        ("de", "05.03.24, 08:00 Uhr"),
        ("pt", "5.mar.2024 às 8h00"),
        ("ar", "٥ مارس ٢٠٢٤"),
        ("ar", "5 آذار 2024"),
        ("ar", "الثلاثاء 05/مارس/2024"),
        ("ja", "令和6年3月5日"),
    ],
)
def test_days_are_read_in_the_figures_months_and_eras_of_their_countries(lang: str, line: str) -> None:
    assert day(f"<p>{line}</p>", lang=lang) == "2024-03-05"


def test_the_months_of_austria_and_of_the_levant_are_known() -> None:
    assert day("<p>5. Jänner 2024</p>", lang="de") == "2024-01-05"
    assert day("<p>5 كانون الثاني 2024</p>", lang="ar") == "2024-01-05"


@pytest.mark.parametrize(
    ("lang", "written"),
    [
        ("de", "5. März 2024"),
        ("ru", "5 марта 2024"),
        ("zh", "2024年3月5日"),
        ("en", "2024-03-05T08:00:00+01:00[Europe/Berlin]"),
    ],
)
def test_a_page_may_declare_its_day_in_its_own_words(lang: str, written: str) -> None:
    assert day(head=json_ld(headline="Bridge stays open", datePublished=written), lang=lang) == "2024-03-05"


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "Corrected on March 9, 2024"),
        ("en", "Fact checked on 9 March 2024"),
        ("de", "Überarbeitet am 9. März 2024"),
        ("fr", "Mise à jour le 09/03/2024"),
        ("nl", "Aangepast op 9 maart 2024"),
        ("pl", "Ostatnia zmiana 9 marca 2024"),
        ("cs", "Poslední změna: 9. 3. 2024"),
        ("hr", "Ažurirano 9. ožujka 2024."),
        ("bg", "Последна промяна: 9 март 2024"),
        ("ru", "Отредактировано 9 марта 2024"),
        ("lt", "Atnaujinta 2024-03-09"),
        ("vi", "Sửa đổi 09/03/2024"),
        ("th", "แก้ไขล่าสุด 9 มีนาคม 2024"),
        ("hi", "संशोधित 9 मार्च 2024"),
        ("ko", "업데이트 2024.03.09"),
        ("ja", "改訂日：2024年3月9日"),
        ("zh", "修订日期：2024-03-09"),
        ("en", "9 March 2024 (updated)"),
        ("en", "<span class='last-updated'>9 March 2024</span>"),
        ("en", "<time datetime='2024-03-09' aria-label='Updated on 9 March'>9 March 2024</time>"),
    ],
)
def test_a_change_may_be_said_by_other_words_behind_the_day_and_in_names(lang: str, line: str) -> None:
    assert day(f"<p>{line}</p>", lang=lang) is None


@pytest.mark.parametrize(
    "line",
    [
        "Revista Semana | 5 March 2024",
        "Book review | 5 March 2024",
        "Actualités | 5 mars 2024",
        "2024年3月5日 12時00分更新",
        "<span class='date updated'>5 March 2024</span>",
    ],
)
def test_what_only_looks_like_a_word_for_a_change_is_none(line: str) -> None:
    assert day(f"<p>{line}</p>") == "2024-03-05"


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("hi", "5 मार्च 2024"),
        ("hi", "मंगलवार, ५ मार्च २०२४"),
        ("bn", "৫ মার্চ ২০২৪"),
        ("ta", "மார்ச் 5, 2024"),
        ("ml", "2024 മാർച്ച് 5"),
        ("mr", "५ मार्च २०२४"),
        ("th", "5 มี.ค. 2567"),
        ("vi", "ngày 5 tháng 3 năm 2024"),
        ("he", "5 במרץ 2024"),
        ("hu", "2024. március 5., kedd"),
        ("lt", "2024 m. kovo 5 d."),
        ("lv", "2024. gada 5. marts"),
        ("sr", "5. марта 2024."),
        ("el", "5 Μαρτιου 2024"),
        ("tr", "5 MART 2024"),
        ("it", "5° marzo 2024"),
        ("ar", "5 آذار/مارس 2024"),
        ("en", "Ann Lee•Mar 5, 2024"),
        ("en", "Luke KimMarch 5, 2024"),
    ],
)  # fmt: skip
def test_the_months_of_many_languages_are_known(lang: str, line: str) -> None:
    assert day(f"<p>{line}</p>", lang=lang) == "2024-03-05"


def test_spellings_of_hindi_months_and_turkish_capitals_are_known() -> None:
    assert day("<p>5 दिसम्बर 2023</p>", lang="hi") == "2023-12-05"
    assert day("<p>5 फरवरी 2024</p>", lang="hi") == "2024-02-05"
    assert day("<p>5 MAYIS 2023</p>", lang="tr") == "2023-05-05"


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "<p>It reopened on May 14, 1998.</p>"),
        ("de", "<p>Am 14.05.1998 fror der Hafen zu.</p>"),
        ("pl", "<p>Archiwum zamknięto 14 maja 1998 po powodzi.</p>"),
        ("ja", "<p>文書館は1998年5月14日に洪水のため閉鎖された。</p>"),
        ("en", "<p>It was closed on <time datetime='1998-05-14'>14 May 1998</time> after a flood.</p>"),
        ("en", "<figure><figcaption>The harbour on 14 May 1998. Photo: Ann Lee</figcaption></figure>"),
        ("en", "<blockquote>“We shall open.” <cite>Mayor, 12 June 2019</cite></blockquote>"),
        ("en", "<div class='event-box'><b>Opening day</b><br>12 June 2019, 10:00</div>"),
        ("de", "<p>Stichtag: 12.06.2019</p>"),
        ("en", "<div class='responses'><b>Bo Li</b> <time datetime='2019-06-12'>12 June 2019</time></div>"),
        ("en", "<div class='reader-letters'><span>Bo Li</span> <span>12 June 2019</span></div>"),
        ("de", "<div class='leserbriefe'><p>Bo Li, 12.06.2019</p></div>"),
        ("es", "<div class='comentarios'><p>Bo Li 12/06/2019</p></div>"),
        ("pl", "<div class='komentarze'><p>Bo Li 12.06.2019</p></div>"),
        ("es", "<div class='noticias-relacionadas'><a href='/o'>Otro tema</a> 12/06/2019</div>"),
        ("en", "<table><tr><td>12 June 2019</td><td>Flood</td></tr><tr><td>13 June 2020</td></tr></table>"),
    ],
)  # fmt: skip
def test_a_day_that_the_page_tells_of_is_not_the_articles(lang: str, told: str) -> None:
    body = f"<article><h1>Bridge stays open</h1>{PARAGRAPHS}{told}</article>"
    html = page("", body).replace(b"lang='en'", f"lang='{lang}'".encode())
    assert extract(html, "https://www.example.org/bridge").published is None


def test_below_the_text_only_one_day_counts_and_less_than_the_one_in_the_address() -> None:
    def below(lines: str, path: str = "bridge") -> str | None:
        html = page("", f"<article><h1>Bridge stays open</h1>{PARAGRAPHS}{lines}</article>")
        published = extract(html, f"https://www.example.org/{path}").published
        return published.date().isoformat() if published else None

    assert below("<p>5 March 2024</p>") == "2024-03-05"
    assert below("<p>Published 5 March 2024</p><p>1 March 2024</p>") == "2024-03-05"
    assert below("<p>4 March 2024</p><p>1 March 2024</p>") is None
    assert below("<p>1 March 2024</p>", "alert20240305.html") == "2024-03-05"


@pytest.mark.parametrize("written", ["1709632800.0", "1709632800.123", "/Date(1709632800000+0100)/"])
def test_unix_times_are_read_as_programs_write_them(written: str) -> None:
    assert day(head=json_ld(headline="Bridge stays open", datePublished=written)) == "2024-03-05"


def test_a_declared_day_in_the_page_is_read_between_blanks_and_in_a_widget() -> None:
    spaced = f"On{' ' * 90}5 Mar 2024"
    above = f"<div class='widget'><ul><li itemprop='datePublished'>\n\t{spaced}\n</li></ul></div>"
    head = json_ld(headline="Bridge stays open", datePublished="2024-03-20T12:00:00Z")
    assert day(above, head) == "2024-03-05"


@pytest.mark.parametrize("path", ["schedule/2019-07-01/x", "changelog/2019-07-01", "fahrplan/2019/07/01/x"])
def test_days_of_timetables_and_of_versions_in_an_address_are_not_the_articles(path: str) -> None:
    assert extract(page(), f"https://www.example.org/{path}").published is None


def test_a_day_right_below_the_text_counts_in_a_card_where_a_label_says_that_it_is_the_publications() -> None:
    card = "<aside class='card-shadow'><h3>{}</h3><p>5 March 2024</p><h3>Topic</h3></aside>"

    def labelled(word: str) -> str | None:
        html = page("", f"<article><h1>Bridge stays open</h1>{PARAGRAPHS}</article>{card.format(word)}")
        published = extract(html, "https://www.example.org/bridge").published
        return published.date().isoformat() if published else None

    assert labelled("Published") == "2024-03-05"
    assert labelled("Opening day") is None


def test_a_day_below_a_heading_of_comments_is_not_the_articles() -> None:
    comments = "<section><h2>Kommentare</h2><p>Bo Li</p><p>5. März 2024</p></section>"
    html = page("", f"<article><h1>Bridge stays open</h1>{PARAGRAPHS}</article>{comments}")
    assert extract(html, "https://www.example.org/bridge").published is None
