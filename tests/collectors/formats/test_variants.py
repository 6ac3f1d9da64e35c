"""Exports as other interfaces and programs write them: other labels, line ends, encodings, lost marks."""

from __future__ import annotations

import pytest

from tests.collectors.formats.exports import BODY, SENTENCE, docx, nexis_text, read

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
