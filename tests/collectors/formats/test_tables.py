"""Tables of other people's making: names in other languages, rows above and below, numbers for days, and
tables of other things."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.collectors.formats.exports import SENTENCE, read
from tests.workbooks import xlsx

NAMES = [
    "Titre;Journal;Date de parution;Auteur;Texte;Lien",
    "Titular;Periódico;Fecha de publicación;Firma;Cuerpo;Enlace",
    "Titolo;Testata;Data;Autore;Testo;Link",
    "Título;Jornal;Data;Autor;Texto;Ligação",
    "Überschrift;Medium;Erscheinungsdatum;Autor/in;Volltext;Adresse",
    "Kop;Krant;Datum;Auteur;Tekst;URL",
    "Rubrik;Källa;Datum;Författare;Text;Länk",
    "Overskrift;Kilde;Dato;Forfatter;Tekst;Link",
    "Otsikko;Lähde;Päivämäärä;Kirjoittaja;Teksti;Linkki",
    "Tytuł;Źródło;Data publikacji;Autor;Treść;Link",
    "Заголовок;Издание;Дата;Автор;Текст;Ссылка",
    "Başlık;Kaynak;Tarih;Yazar;Metin;Bağlantı",
    "標題;報紙;日期;作者;內文;網址",
    "제목;신문;날짜;기자;본문;링크",
    "العنوان;الصحيفة;التاريخ;الكاتب;النص;الرابط",
    "Article title;News source;Date of publication (UTC);By-line [author];Full article;Article link",
]


@pytest.mark.parametrize("names", NAMES)
def test_columns_are_known_by_their_names_in_many_languages(names: str) -> None:
    names = names.replace("By-line [author]", "Byline [author]")
    [record], notices = read(f"{names}\nFerry stays;Post;3.5.2020;Ann Lee;{SENTENCE};https://p.example/1\n")
    assert notices == []
    assert (record.title, record.outlet, record.url, record.text) == (
        "Ferry stays",
        "Post",
        "https://p.example/1",
        SENTENCE,
    )
    assert (str(record.published)[:10], record.authors) == ("2020-05-03", ("Ann Lee",))


def test_where_the_names_are_of_another_language_the_day_stands_first() -> None:
    [record], notices = read("Título;Jornal;Data\nO barco fica;O Porto;03/05/2020\n")
    assert (str(record.published)[:10], notices) == ("2020-05-03", [])


def test_a_row_that_shows_the_order_of_day_and_month_goes_before_the_language_of_the_names() -> None:
    records, _ = read(
        "Titel,Datum,Link\nFerry,12/31/2024,https://p.example/1\nBoat,02/03/2024,https://p.example/2\n"
    )
    assert [str(record.published)[:10] for record in records] == ["2024-12-31", "2024-02-03"]


def test_news_of_the_markets_with_the_share_they_are_about_are_articles() -> None:
    table = "headline,url,publisher,date,stock\nFerry line rises,https://p.example/1,Post,2020-06-05,FRY\n"
    [record], notices = read(table, "table.csv")
    assert (record.title, record.url, notices) == ("Ferry line rises", "https://p.example/1", [])


def test_the_numbers_of_a_spreadsheet_for_days_are_dates() -> None:
    rows: list[list[str | float]] = [["Headline", "Source", "Date"], ["Ferry", "Post", 43954]]
    for data in ("Headline;Source;Date\nFerry;Post;43954\nBridge;Post;43955,5\n", xlsx(rows)):
        records, notices = read(data)
        assert notices == []
        assert str(records[0].published)[:10] == "2020-05-03"


def test_a_sheet_with_a_title_and_notes_above_the_names_and_merged_cells_over_them() -> None:
    rows: list[list[str | float]] = [
        ["Newspaper articles on the ferry"],
        ["Source: Harbour archive", "", "Date: 2024"],
        [],
        ["Article", "", "Source", ""],
        ["Headline", "Date", "Name", "Country"],
        ["Ferry stays", "2020-05-03", "Harbour Post", "UK"],
        ["Bridge closes", "2020-05-04", "Harbour Post", "UK"],
    ]
    for data in (xlsx(rows), "\n".join(";".join(map(str, row)) for row in rows)):
        records, notices = read(data)
        assert notices == []
        assert [(one.title, one.outlet, str(one.published)[:10]) for one in records] == [
            ("Ferry stays", "Harbour Post", "2020-05-03"),
            ("Bridge closes", "Harbour Post", "2020-05-04"),
        ]


@pytest.mark.parametrize(
    "row", ["Total,,,90", "Total: 2 articles,,,", "Week 2,,,", ",,,90", "Note: words as printed,,,"]
)
def test_a_total_a_heading_between_rows_and_a_note_are_counted_and_no_article(row: str) -> None:
    table = "Headline,Source,Date,Words\nFerry stays,Post,2020-05-03,40\nBridge closes,Post,2020-05-04,50\n"
    records, notices = read(table + row + "\n")
    assert [record.title for record in records] == ["Ferry stays", "Bridge closes"]
    assert [(notice.reason, notice.counts) for notice in notices] == [("empty_row", True)]


OTHER_TABLES = {
    "books": "Title,Author,Publisher,Year,ISBN\nThe Ferry,Ann Lee,Quay Books,2001,978\n",
    "films": "Title,URL,Year,Runtime,Directors\nThe Ferry,https://f.example/1,2001,100,Ann Lee\n",
    "goods": "title,price,url,description\nFerry model,12.00,https://s.example/1,A model\n",
    "songs": "Title,Artist,Album,Date\nFerry,Ann Lee,Boat,2020-01-02\n",
    "tasks": "Title,Description,Created\nMend the ferry,With a hammer,2020-01-02\n",
}


@pytest.mark.parametrize("name", OTHER_TABLES)
def test_a_table_of_other_things_is_none_of_articles_and_says_how_it_could_be(name: str) -> None:
    records, [notice] = read(OTHER_TABLES[name], "table.csv")
    assert records == []
    assert notice.reason == "not_press"
    assert "table.csv" in notice.detail
    assert "--outlet" in notice.detail


def test_books_in_a_table_of_references_are_counted_and_its_articles_read() -> None:
    head = "Item Type,Publication Year,Author,Title,Publication Title,ISBN,Url,Date\n"
    article = 'newspaperArticle,2020,"Lee, Ann",Ferry stays,Harbour Post,,https://p.example/1,2020-05-03\n'
    book = 'book,2020,"Lee, Ann",The Ferry,,978,,2020\n'
    records, notices = read(head + article + book)
    assert [(one.title, one.outlet, one.authors) for one in records] == [
        ("Ferry stays", "Harbour Post", ("Ann Lee",))
    ]
    assert "not_article" in [notice.reason for notice in notices]


def test_a_table_whose_last_line_is_cut_short_loses_that_row_and_says_so() -> None:
    table = "Headline,URL,Date\nFerry stays,https://p.example/1,2020-05-03\nBridge closes,https://p.exa"
    records, notices = read(table)
    assert [record.title for record in records] == ["Ferry stays"]
    assert [(notice.reason, notice.counts) for notice in notices] == [("bad_row", True)]


def test_a_column_called_article_holds_headlines_where_its_cells_are_short() -> None:
    [record], _ = read("Article,Source,Date\nFerry stays,Post,2020-05-03\n")
    assert (record.title, record.text) == ("Ferry stays", None)


def test_a_table_of_bigkinds_is_korean_and_its_short_texts_are_cut() -> None:
    rows: list[list[str | float]] = [
        ["일자", "언론사", "제목", "본문"],
        [20200131, "항구신문", "배가 남는다", "본문 " * 40],
    ]
    text = "\n".join(",".join(map(str, row)) for row in rows)
    for data in (xlsx(rows), text.encode("cp949")):
        [record], notices = read(data)
        assert notices == []
        assert (
            record.database,
            record.language,
            record.country,
            record.partial,
            str(record.published)[:10],
        ) == (
            "bigkinds",
            "ko",
            "KR",
            "excerpt",
            "2020-01-31",
        )


def test_a_quote_left_open_swallows_no_rows() -> None:
    rows = [f"https://a.example/{n},Headline {n},Post,2025-01-0{n + 1},Words of text {n}." for n in range(6)]
    rows[2] = 'https://a.example/2,Headline 2,Post,2025-01-03,"An open quote'
    records, notices = read("\n".join(["url,title,outlet,published,text", *rows]).encode() + b"\n", "a.csv")
    assert [record.title for record in records] == [f"Headline {n}" for n in (0, 1, 3, 4, 5)]
    assert [notice.reason for notice in notices] == ["bad_row"]


@pytest.mark.parametrize(
    "names", ["title,outlet,published,author,text", "url,title,outlet,author,text", "title,outlet,a,b,text"]
)
def test_a_text_with_lines_of_as_many_commas_as_the_table_is_a_text(names: str) -> None:
    lines = "Opening.\nThe mayor, a lawyer, said that plans, maps and more, came.\nAnd, so, it, is, done."
    first = {"url": "https://a.example/1", "published": "2025-01-01", "text": f'"{lines}"'}
    cells = ",".join(first.get(name, "Some words") for name in names.split(","))
    records, notices = read(f"{names}\n{cells}\n".encode(), "a.csv")
    assert ([record.text for record in records], notices) == ([lines], [])


def test_of_a_parquet_file_with_a_year_that_python_has_not_all_rows_are_read() -> None:
    moments = pa.array([2**62 // 10, 1_700_000_000_000_000], pa.timestamp("us", tz="UTC"))
    columns = {"title": ["One headline", "Another"], "outlet": ["Post", "Post"], "published": moments}
    stream = BytesIO()
    pq.write_table(pa.table(columns), stream)
    records, _ = read(stream.getvalue(), "a.parquet")
    assert [record.published for record in records] == [None, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)]
