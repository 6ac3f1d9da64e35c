"""Exports as other interfaces and programs write them: other labels, line ends, encodings, lost marks."""

from __future__ import annotations

import gzip

import pytest

from tests.collectors.formats.exports import BODY, SENTENCE, docx, nexis_text, read, zipped

TEXT = "\n".join(BODY)


def nexis(divider: str, date: str, labels: tuple[str, ...], length: str, closing: tuple[str, ...]) -> str:
    """Two documents of a LexisNexis text; `labels` are those of byline, section and length."""
    byline, section, words = labels
    parts = []
    for number in (1, 2):
        lines = [
            f"{divider.format(number):^79}",
            f"\n\n{'Hafen (Kiel)':^79}",
            f"\n{date:^79}",
            f"\nT{number}",
        ]
        lines += [f"\n{byline}: Ann Lee", f"\n{section}: A; 3", f"\n{words}: 40 {length}\n"]
        lines += [f"\n{line}" for line in BODY]
        parts.append(
            "\n".join([*lines, *(f"\n{line}" for line in closing), f"\n{'Copyright 2010 Hafen':^79}"])
        )
    return "\n\n".join(parts)


NEXIS = {
    "Portuguese, with the line ends of Windows": nexis(
        "{} de 2 DOCUMENTOS",
        "11 de janeiro de 2010 segunda-feira",
        ("AUTOR", "SECÇÃO", "EXTENSÃO"),
        "palavras",
        ("DATA-CARGA: 12 de janeiro de 2010", "IDIOMA: PORTUGUESE"),
    ).replace("\n", "\r\n"),
    "Swedish": nexis(
        "{} av 2 DOKUMENT",
        "11 januari 2010 måndag",
        ("FÖRFATTARE", "SEKTION", "LÄNGD"),
        "ord",
        ("PUBLIKATIONSTYP: Tidning", "SPRÅK: SWEDISH"),
    ),
    "Italian, in UTF-16": nexis(
        "{} di 2 DOCUMENTI",
        "11 gennaio 2010 lunedì",
        ("AUTORE", "SEZIONE", "LUNGHEZZA"),
        "parole",
        ("DATA-CARICAMENTO: 12 gennaio 2010", "TIPO-PUBBLICAZIONE: Giornale"),
    ).encode("utf-16"),
    "English, with hard spaces": nexis(
        "{} of 2 DOCUMENTS",
        "January 11,\xa02010 Monday",
        ("BYLINE", "SECTION", "LENGTH"),
        "words",
        ("LANGUAGE:\xa0ENGLISH",),
    ).replace("BYLINE: ", "BYLINE:\xa0"),
}


@pytest.mark.parametrize("name", NEXIS)
def test_nexis_text_in_any_interface_and_encoding(name: str) -> None:
    records, notices = read(NEXIS[name])
    assert notices == []
    assert [(r.title, r.outlet, str(r.published)[:10], r.authors, r.text) for r in records] == [
        (title, "Hafen", "2010-01-11", ("Ann Lee",), TEXT) for title in ("T1", "T2")
    ]


def test_a_text_with_carriage_returns_alone_is_read() -> None:
    records, notices = read(nexis_text(["Ferry stays", "Bridge closes"]).replace("\n", "\r"))
    assert ([r.title for r in records], notices) == (
        ["Ferry stays; A second line", "Bridge closes; A second line"],
        [],
    )


def word_file(heading: str, *, end: bool, marks: bool) -> bytes:
    paragraphs, bookmarks = [], {}
    for number in (1, 2):
        if marks:
            bookmarks[len(paragraphs)] = f"Bookmark_{number}"
        paragraphs += ["", f"T{number}", "Hafen", "1 juli 2019 maandag", "", "Copyright 2019 Hafen"]
        paragraphs += ["Length:\xa040 words", "Byline:\xa0Ann Lee"]
        if marks:
            bookmarks[len(paragraphs)] = f"Body_{number}"
        paragraphs += [heading, "", *BODY, "Classificatie", "", "Taal:\xa0DUTCH"]
        paragraphs += ["Einde van document"] if end else []
    return docx(paragraphs, bookmarks)


@pytest.mark.parametrize(
    "data", [word_file("Inhoud", end=True, marks=False), word_file("Body", end=False, marks=True)]
)
def test_nexis_docx_whose_heading_or_end_is_not_known_loses_no_text(data: bytes) -> None:
    records, notices = read(data)
    assert notices == []
    assert [(r.title, r.outlet, str(r.published)[:10], r.text) for r in records] == [
        (title, "Hafen", "2019-07-01", TEXT) for title in ("T1", "T2")
    ]


@pytest.mark.parametrize(
    "labels",
    [
        (
            "Auteur",
            "Titre de la publication",
            "Date de parution",
            "Texte intégral",
            "ID du document ProQuest",
        ),
        ("Autor", "Titel der Publikation", "Veröffentlicht am", "Volltext", "ProQuest-Dokument-ID"),
    ],
)
def test_proquest_labels_that_are_not_known_take_nothing_from_their_neighbours(
    labels: tuple[str, ...],
) -> None:
    author, outlet, date, text, number = labels
    rule = "_" * 60
    documents = [
        f"T{n}\n\n{author}: Lee, Ann\n\n{outlet}: The Harbour Post; Leith\n\n{date}: 11.01.2010\n\n{text}: "
        + "\n\n".join(BODY)
        + f"\n\n{number}: 12345{n}\n\nCopyright: Copyright Harbour 2010\n\n{rule}\n\n"
        for n in (1, 2)
    ]
    records, notices = read(f"{rule}\n\n" + "".join(documents))
    assert notices == []
    assert [(r.title, r.outlet, str(r.published)[:10], r.authors, r.document, r.text) for r in records] == [
        (f"T{n}", "The Harbour Post", "2010-01-11", ("Ann Lee",), f"12345{n}", TEXT) for n in (1, 2)
    ]


PROQUEST_NAMES = [
    "Autor|Texto completo|Assunto|Título da publicação|Data de publicação|ID do documento ProQuest",
    "Autor|Pełny tekst|Temat|Tytuł publikacji|Data publikacji|Identyfikator dokumentu ProQuest",
    "Автор|Полный текст|Тема|Название публикации|Дата публикации|Идентификатор документа ProQuest",
    "著者|全文|主題|出版物名|発行日|ProQuest ドキュメント ID",
    "作者|全文文献|主题|出版物名称|出版日期|ProQuest 文档 ID",
    "저자|전체 텍스트|주제|출판물 제목|출판 날짜|ProQuest 문서 ID",
]


@pytest.mark.parametrize("names", PROQUEST_NAMES)
def test_proquest_text_of_interfaces_in_other_languages(names: str) -> None:
    author, text, subject, outlet, date, number = names.split("|")
    rule = "_" * 60
    documents = [
        f"{rule}\n\nT{n}\n\n{author}: Lee, Ann\n\n{text}:\n"
        + "\n\n".join(BODY)
        + f"\n\n{subject}: Ferries\n\n"
        f"{outlet}: Harbour Post; Leith\n\n{date}: 2020-05-03\n\n{number}: 12345{n}\n\n"
        for n in (1, 2)
    ]
    records, notices = read("".join([*documents, rule]))
    assert notices == []
    assert [(r.title, r.outlet, str(r.published)[:10], r.authors, r.document, r.text) for r in records] == [
        (f"T{n}", "Harbour Post", "2020-05-03", ("Ann Lee",), f"12345{n}", TEXT) for n in (1, 2)
    ]


def test_the_rights_on_the_last_line_of_a_retriever_text_are_none_of_it() -> None:
    rule, body = "=" * 80, "\n\n".join(BODY)
    parts = [
        f"{rule}\nT{n}\nHarbour Post, 2020-05-0{n}\nSida 4\nPublicerat i print.\n\n{body}©Harbour<br>"
        "Alla artiklar är skyddade enligt upphovsrättslagen.\nLäs hela artikeln på http://ret.nu/x\nhttp://ret.nu/x\n"
        for n in (1, 2)
    ]
    contents = "> T1, Harbour Post, 2020-05-01\n> T2, Harbour Post, 2020-05-02\n"
    records, notices = read(f"Nyheter\n\n{contents}{''.join(parts)}")
    assert ([r.text for r in records], notices) == ([TEXT, TEXT], [])


def test_a_word_file_of_a_database_in_which_nothing_is_recognised_says_so() -> None:
    fields = [
        "T1",
        "Hafen",
        "1 juli 2019",
        "Length:\xa040 words",
        "本文",
        *BODY,
        "Load-Date:\xa0July 3, 2019",
    ]
    records, notices = read(docx(fields))
    assert (records, [notice.reason for notice in notices]) == ([], ["no_articles"])


@pytest.mark.parametrize(
    "data",
    [
        "TY  - BOOK\nTI  - The Ferry\nER  - \nTY  - NEWS\nTI  - Ferry stays\nT2  - Harbour Post\nER  - \n",
        "@book{a,title={The Ferry},year={2010}}\n@article{b,title={Ferry stays},journal={Harbour Post}}\n",
        '[{"type": "book", "title": "The Ferry", "issued": {}},'
        ' {"type": "article-newspaper", "title": "Ferry stays", "container-title": "Harbour Post"}]',
    ],
)
def test_books_among_references_are_no_articles(data: str) -> None:
    records, notices = read(data)
    assert [(r.title, r.outlet) for r in records] == [("Ferry stays", "Harbour Post")]
    assert [(notice.reason, notice.counts) for notice in notices] == [("not_article", True)]


def test_a_table_may_have_lines_before_the_names_of_its_columns() -> None:
    rows = "".join(f"T{n},Harbour Post,2010-01-11,{SENTENCE}\n" for n in (1, 2))
    records, notices = read(f"Search: ferry\nExported 2024-02-01\n\nHeadline,Source,Date,Body\n{rows}")
    assert ([r.title for r in records], notices) == (["T1", "T2"], [])


NEWSITEM = (
    '<newsitem itemid="{n}" date="2010-01-11"><headline>T{n} &nbsp;– é</headline><text><p>'
    + SENTENCE
    + " {more}</p></text></newsitem>"
)
XML = '<?xml version="1.0" encoding="{}"?>'


@pytest.mark.parametrize(
    "data",
    [
        (XML.format("utf-8") + NEWSITEM.format(n=1, more="")).encode("cp1252"),
        (XML.format("iso-8859-1") + NEWSITEM.format(n=1, more="")).encode(),
        (XML.format("utf-16") + NEWSITEM.format(n=1, more="")).encode("utf-16"),
        b"\xef\xbb\xbf" + (XML.format("utf-8") + NEWSITEM.format(n=1, more="\x0b")).encode(),
    ],
)
def test_xml_is_read_in_the_encoding_that_its_bytes_are_in(data: bytes) -> None:
    [record], notices = read(data)
    assert (record.title, record.text, notices) == ("T1 – é", SENTENCE, [])


def test_xml_files_that_were_joined_and_signs_that_were_not_escaped_are_read() -> None:
    one, two = (XML.format("utf-8") + NEWSITEM.format(n=n, more="A & B < C") for n in (1, 2))
    records, notices = read(f"{one}\n{two}")
    assert [(r.title, r.text) for r in records] == [(f"T{n} – é", f"{SENTENCE} A & B < C") for n in (1, 2)]
    assert notices == []


def test_of_xml_that_is_cut_short_the_whole_articles_are_read_and_the_cut_is_said() -> None:
    items = "".join(NEWSITEM.format(n=n, more="") for n in (1, 2))
    records, notices = read(f"{XML.format('utf-8')}<news>{items}"[:-30])
    assert [r.title for r in records] == ["T1 – é"]
    assert [notice.reason for notice in notices] == ["bad_xml"]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-8"])
def test_json_of_services_is_read_in_any_encoding(codec: str) -> None:
    data = (
        '[{"source": {"name": "Harbour Post"}, "title": "Fähre", "url": "https://p.example/1", '
        '"publishedAt": ""}]'
    )
    [record], notices = read(data.encode(codec))
    assert (record.title, record.outlet, notices) == ("Fähre", "Harbour Post", [])


def test_wire_text_keeps_its_form_with_the_mark_of_an_editor() -> None:
    wire = (
        f"\x01abc0003 3 i 380 hpa 0045\n\nferry/\x02Ferry stays =\n\n   {SENTENCE}\n\x03111232 GMT Jan 10\n"
    )
    for data in (wire.encode(), wire.encode("utf-8-sig"), wire.encode("utf-16")):
        [record], _ = read(data)
        assert (record.title, str(record.published)[:10]) == ("Ferry stays", "2010-01-11")


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_a_mail_that_an_editor_saved_is_read_for_the_exports_in_it(codec: str) -> None:
    head = "From: a@b.example\nTo: c@d.example\nSubject: Export\nMIME-Version: 1.0\n"
    mail = (
        head + "Content-Type: text/plain; charset=utf-8\n\n" + nexis_text(["Ferry stays"]).lstrip("\ufeff\n")
    )
    records, _ = read(("\n" + mail).encode(codec))
    assert [record.title for record in records] == ["Ferry stays; A second line"]


FACTIVA = (
    "<html><head><title>Dow Jones Factiva</title></head><body>"
    + "".join(
        f'<div class="article enArticle"><div><span class="enHeadline">T{n}</span></div><div>40 words</div>'
        f"<div>11 January 2010</div><div>Harbour Post</div><p class='articleParagraph'>{SENTENCE}</p></div>"
        for n in (1, 2)
    )
    + "</body></html>"
)


def test_a_page_that_is_cut_short_gives_its_whole_articles_and_says_that_the_last_is_left_out() -> None:
    assert read(FACTIVA)[1] == []
    for end in (FACTIVA.index("winter", FACTIVA.index("T2")), FACTIVA.rindex("<div>40 words")):
        records, [notice] = read(FACTIVA[:end])
        assert [record.title for record in records] == ["T1"]
        assert (notice.reason, notice.counts) == ("cut_short", True)


def test_a_factiva_article_without_the_line_of_its_words_and_date_has_no_outlet() -> None:
    by = '<div class="author">By Ann Lee</div><div>Special</div>'
    [record, _], _ = read(FACTIVA.replace("<div>40 words</div><div>11 January 2010</div>", by, 1))
    assert (record.title, record.outlet, record.published) == ("T1", None, None)


def test_a_page_saved_by_an_old_browser_in_capitals_without_quotes_is_read() -> None:
    page = (
        FACTIVA.replace("<div class=", "<DIV class=").replace("</div>", "</DIV>").replace("title>", "TITLE>")
    )
    records, notices = read(page.replace("class='articleParagraph'", "class=articleParagraph"))
    assert ([record.title for record in records], notices) == (["T1", "T2"], [])


def test_a_gzip_file_in_a_zip_is_read() -> None:
    table = f"Headline,Source,Date,Body\nFerry stays,Harbour Post,2010-01-11,{SENTENCE}\n"
    records, notices = read(zipped({"table.csv.gz": gzip.compress(table.encode())}))
    assert ([record.title for record in records], notices) == (["Ferry stays"], [])


def test_an_article_that_stands_after_the_last_number_of_a_factiva_text_is_left_out_and_said() -> None:
    one = "\n\n".join(
        ["{}", "40 words", "11 January 2010", "Harbour Post", "HPOS", "English", "(c) 2010", SENTENCE]
    )
    text = one.format("T1") + "\n\nDocument HPOS000020100111e61b0001a\n\n" + one.format("T2")
    records, notices = read(text)
    assert [record.title for record in records] == ["T1"]
    assert [notice.reason for notice in notices] == ["cut_short"]


def test_a_collection_of_reuters_that_is_cut_short_leaves_its_last_article_out_and_says_so() -> None:
    one = "<REUTERS NEWID='{n}'><DATE>26-FEB-1987</DATE><TITLE>T{n}</TITLE><BODY>{body}</BODY></REUTERS>"
    text = "".join(one.format(n=n, body=SENTENCE) for n in (1, 2))
    assert read(text)[1] == []
    records, notices = read(text[:-40])
    assert [record.title for record in records] == ["T1"]
    assert [notice.reason for notice in notices] == ["cut_short"]


def test_a_mail_that_is_cut_short_says_so() -> None:
    head = "From: a@b.example\nTo: c@d.example\nSubject: Export\nMIME-Version: 1.0\n"
    part = f"--x\nContent-Type: text/plain; charset=utf-8\n\n{nexis_text(['Ferry stays'])}\n"
    mail = f'{head}Content-Type: multipart/mixed; boundary="x"\n\n{part}{part}--x--\n'
    assert [notice.reason for notice in read(mail)[1]] == []
    assert [notice.reason for notice in read(mail.removesuffix("--x--\n"))[1]] == ["cut_short"]
