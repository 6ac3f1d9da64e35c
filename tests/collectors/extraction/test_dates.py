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
