"""Exports of press databases, in each of their layouts: what is an article, and what of it is text."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.collectors.formats.exports import BODY, SENTENCE, docx, format_of, nexis_docx, nexis_text, read

TEXT = "\n".join(BODY)


def test_nexis_text_gives_each_document_with_its_fields_and_no_furniture() -> None:
    records, notices = read(nexis_text(["Ferry stays", "Bridge closes"]))
    assert notices == []
    assert [record.title for record in records] == [
        "Ferry stays; A second line",
        "Bridge closes; A second line",
    ]
    first = records[0]
    assert (first.outlet, first.published, first.published_precision) == (
        "The Harbour Post",
        datetime(2010, 1, 11, tzinfo=UTC),
        "day",
    )
    assert first.authors == ("Ann Lee", "Bo Ek")
    assert first.text == "\n".join(f"{line} (Ferry stays)" for line in BODY)
    assert first.language == "en"
    assert first.details == {
        "place": "Leith",
        "section": "NEWS; Pg. 6",
        "page": "6",
        "edition": "Final Edition",
        "printed_words": "40",
        "load_date": "January 13, 2010",
    }


def test_a_nexis_export_that_lacks_documents_says_so() -> None:
    records, notices = read(nexis_text(["Ferry stays"], total=240))
    assert len(records) == 1
    assert [notice.reason for notice in notices] == ["count_differs"]
    assert "240" in notices[0].detail


def test_nexis_text_with_the_copyright_first_and_dutch_labels() -> None:
    head = f"\n{'Dokument 3 von 3':^79}\n\n{'Copyright 2002 De Haven BV':^79}\n\n{'De Haven':^79}\n\n"
    dates = f"{'24. September 2002':^79}\n\n{'September 24, 2002':^79}\n\n"
    fields = "LENGTE: 40 words\n\nKOP: Veerpont blijft varen\n\nAUTEUR: JANSEN, PIET\n\nTEKST:\n\n\n"
    tail = "\n\nPUB-TYPE: Paper\n\nTAAL: Dutch / Nederlands\n\nLOAD-DATE: September 26, 2002\n"
    records, _ = read(head + dates + fields + "\n\n".join(BODY) + tail)
    assert [(r.title, r.outlet, r.authors, r.text) for r in records] == [
        ("Veerpont blijft varen", "De Haven", ("PIET JANSEN",), TEXT)
    ]


def test_nexis_text_with_the_fields_after_the_text() -> None:
    lines = [f"{'5 of 9 DOCUMENTS':^79}", f"{'Harbour Press Agency':^79}", "LEAD: Ferry stays, council says"]
    lines += [f"{'April 20, 2003, Sunday':^79}\n{'23:22 Central European Time':^79}", "DATELINE: Leith"]
    lines += [*BODY, "SECTION: Politics", "LENGTH: 40 words", "LOAD-DATE: May 8, 2003", "LANGUAGE: ENGLISH"]
    records, _ = read("\n\n".join(lines))
    assert [(r.title, r.outlet, r.text) for r in records] == [
        ("LEAD: Ferry stays, council says", "Harbour Press Agency", TEXT)
    ]
    assert records[0].published == datetime(2003, 4, 20, 21, 22, tzinfo=UTC)
    assert records[0].details["section"] == "Politics"


def test_words_that_end_in_a_colon_are_no_field_of_a_nexis_text() -> None:
    lines = [
        f"{'1 of 1 DOCUMENTS':^79}",
        f"{'The Harbour Post':^79}",
        f"{'January 11, 2010 Monday':^79}",
        "Ferry",
    ]
    spoken = [
        "LENGTH: 9 words",
        "ANN LEE, HOST: Good evening.",
        "NOTES: a concert of them was heard.",
        SENTENCE,
    ]
    records, _ = read("\n\n".join([*lines, *spoken, "LOAD-DATE: May 8, 2010"]))
    assert records[0].text == "ANN LEE, HOST: Good evening.\nNOTES: a concert of them was heard.\n" + SENTENCE


def test_nexis_docx_gives_what_stands_between_its_bookmarks() -> None:
    records, notices = read(nexis_docx(["Ferry stays", "Bridge closes"]), "a.DOCX")
    assert notices == []
    assert [record.title for record in records] == ["Ferry stays", "Bridge closes"]
    first = records[0]
    assert first.text == "\n".join(f"{line} (Ferry stays)" for line in BODY)
    assert (first.outlet, first.details["edition"], first.details["place"]) == (
        "The Harbour Post",
        "Final Edition",
        "Leith",
    )
    assert first.published == datetime(2019, 7, 1, 9, 20, tzinfo=UTC)
    assert first.document == "5W01-ABC1-JCJY-G0HB-00000-00"
    assert first.details["load_date"] == "July 3, 2020"


def test_nexis_docx_without_bookmarks_is_read_by_its_headings() -> None:
    head = ["Date and Time: Friday, 5. July 2019", "Documents (1)", "1. Ferry stays", "Client/Matter: -None-"]
    article = ["Ferry stays", "The Harbour Post", "July 1, 2019 Monday", "Length:\xa040 words", "Body", *BODY]
    records, notices = read(docx([*head, *article, "Load-Date:\xa0July 3, 2019", "End of Document"]))
    assert notices == []
    assert [(r.title, r.outlet, r.text) for r in records] == [("Ferry stays", "The Harbour Post", TEXT)]


def test_a_nexis_cover_that_announces_more_than_the_file_holds_is_said() -> None:
    _, notices = read(nexis_docx(["Ferry stays"], announced=240))
    assert [notice.reason for notice in notices] == ["count_differs"]


def nexis_html(head_class: str, label_class: str) -> str:
    """The same article with two meanings of the class numbers."""
    centre = "c0" if head_class == "c1" else "c5"
    style = (
        f".{centre} {{ text-align: center; }} .{head_class} "
        f"{{ font-size: 14pt; font-weight: bold; }} .{label_class} {{ font-size: 10pt; }}"
    )

    def block(kind: str, span: str, text: str) -> str:
        label, colon, value = text.partition(": ")
        spans = [f"{label}: ", value] if colon else [text]
        runs = "".join(f'<SPAN CLASS="{span}">{run}</SPAN>' for run in spans)
        return f'<BR><DIV CLASS="{kind}"><P CLASS="c9">{runs}</P></DIV>'

    body = "".join(f'<P CLASS="c9"><SPAN CLASS="{label_class}">{line}</SPAN></P>' for line in BODY)
    return (
        f'<HTML><HEAD><STYLE><!-- {style} --></STYLE><!-- LXNComment 1 --><META DOCUMENTS="1"></HEAD><BODY>'
        '<A NAME="DOC_ID_0_0"></A><!-- <DOC NUMBER=1> -->'
        + block(centre, label_class, "1 of 1 DOCUMENTS")
        + block(centre, label_class, "The Harbour Post")
        + block(centre, label_class, "December 19, 1991, Sunday")
        + block("c7", head_class, "Ferry<BR>stays")
        + block("c7", label_class, "BYLINE: By Ann Lee")
        + f'<BR><DIV CLASS="c7">{body}</DIV>'
        + block("c7", label_class, "LOAD-DATE: December 20, 1991")
        + block(centre, label_class, "Copyright 1991 Harbour")
        + "</BODY></HTML>"
    )


@pytest.mark.parametrize(("head", "label"), [("c1", "c2"), ("c4", "c3")])
def test_nexis_html_is_read_whatever_its_class_numbers_mean(head: str, label: str) -> None:
    records, notices = read(nexis_html(head, label))
    assert notices == []
    assert [(r.title, r.outlet, r.authors, r.text) for r in records] == [
        ("Ferry stays", "The Harbour Post", ("Ann Lee",), TEXT)
    ]
    assert records[0].published.date() == date(1991, 12, 19)


FACTIVA = """<html><head><meta charset="UTF-8"><title>Factiva</title></head><body><h1>Dow Jones Factiva</h1>
<div id="article-HPOS000020200102ef1300abc" class="article"><div class="article frArticle"><p></p>
<div>Une; 1</div>
<div id="hd"><span class="frHeadline">Ferry <b>stays</b></span></div><div class="author">By Ann Lee</div>
<div>40 mots</div><div>3 janvier 2020</div><div>09:15</div><div>The Harbour Post</div><div>HPOS</div>
<div>Late Edition</div><div>12</div><div>Anglais</div><div>Copyright 2020 Harbour Media</div><p></p>
{body}<p>Document HPOS000020200102ef1300abc</p></div></div>
<table id="oddEvenPreview" class="searchPreview"><tr><td>Texte</td><td>ferry</td></tr><tr>
<td>Résultats trouvés</td>
<td>{total}</td></tr></table></body></html>"""


def test_factiva_html_without_codes_is_read_by_the_order_of_its_fields() -> None:
    body = "".join(f'<p class="articleParagraph frarticleParagraph">{line}</p>' for line in BODY)
    records, notices = read(FACTIVA.format(body=body, total="1"))
    assert notices == []
    record = records[0]
    assert (record.title, record.outlet, record.authors) == ("Ferry stays", "The Harbour Post", ("Ann Lee",))
    assert record.text == TEXT
    assert record.published == datetime(2020, 1, 3, 9, 15, tzinfo=UTC)  # not the digits of its number
    assert record.document == "HPOS000020200102ef1300abc"
    assert record.details == {
        "section": "Une; 1",
        "printed_words": "40",
        "code": "HPOS",
        "edition": "Late Edition",
        "page": "12",
    }


def test_factiva_html_with_field_codes() -> None:
    cell = '<tr><td class="index"><b>{}</b>&nbsp;</td><td>{}</td></tr>'
    fields = {
        "HD": "<b class='enHeadline'>Ferry stays</b>",
        "BY": "Ann Lee",
        "WC": "40 words",
        "PD": "29 December 2011",
        "ET": "15:32",
        "SN": "The Harbour Post",
        "LA": "English",
        "LP": f"<p>{BODY[0]}</p>",
        "TD": f"<p>{BODY[1]}</p><p>{BODY[2]}</p>",
        "AN": "Document HPOS020111229e7ct0001r",
    }
    rows = "".join(cell.format(*pair) for pair in fields.items())
    page = (
        f'<html><title>Factiva</title><body><div class="article '
        f'enArticle"><table>{rows}</table></div></body></html>'
    )
    records, _ = read(page)
    assert [(r.title, r.outlet, r.authors, r.text) for r in records] == [
        ("Ferry stays", "The Harbour Post", ("Ann Lee",), TEXT)
    ]
    assert records[0].published == datetime(2011, 12, 29, 15, 32, tzinfo=UTC)


def test_a_factiva_page_without_an_article_is_no_article() -> None:
    records, notices = read(
        "<html><title>Factiva</title><body><h1>Dow Jones Factiva</h1>" + SENTENCE * 9 + "</body>"
    )
    assert records == []
    assert [notice.reason for notice in notices] == ["no_articles"]


EUROPRESSE = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-1">
</head><body>
<article><header><div class="rdp__DocPublicationName">
<span class="DocPublicationName">L'Écho du port (site web)</span></div>
<span class="DocHeader">Société, mardi 5 janvier 2021 123 mots, p. 8</span>
<div class="titreArticle">
<p class="sm-margin-TopNews titreArticleVisu rdp__articletitle">Le bac reste à quai</p></div>
<p class="sm-margin-bottomNews">Anne Lefèvre</p></header><div class="docOcurrContainer"><p>{}</p>
<p>{}</p></div>
<footer><small>© 2021 L'Écho. Tous droits réservés.</small><p>news·20210106·EP·1234567</p></footer>
</article></body></html>"""


def test_europresse_that_declares_another_encoding_than_it_has() -> None:
    records, notices = read(EUROPRESSE.format(BODY[0], BODY[1]).encode())
    assert notices == []
    record = records[0]
    assert (record.title, record.outlet, record.authors) == (
        "Le bac reste à quai",
        "L'Écho du port",
        ("Anne Lefèvre",),
    )
    assert record.published.date() == date(2021, 1, 5)  # as printed, not as numbered
    assert record.text == f"{BODY[0]}\n{BODY[1]}"
    assert (record.document, record.details["page"], record.details["edition"]) == (
        "20210106-EP-1234567",
        "8",
        "site web",
    )


PROQUEST = """____________________________________________________________

Document {n} of {total}

Ferry stays

https://proxy.example.edu/login?url=https://www.proquest.com/docview/{number}/se-2?accountid=1

Abstract: None available.

Full text: {body}

Subject: Ferries

Title: Ferry stays

Publication title: The Harbour Post (Online); Leith

Publication date: Sep 20, 2024

Section: news/local

Author: Lee, Ann; Ek, Bo

Language of publication: English

ProQuest document ID: {number}

Document URL: https://proxy.example.edu/login?url=https://www.proquest.com/docview/{number}/se-2?accountid=1

Copyright: Copyright 2024 Harbour Media

"""


def test_proquest_text_takes_no_address_from_the_librarys_proxy() -> None:
    body = "\n".join([BODY[0], "Title: the next line says what the show is called.", *BODY[1:]])
    text = PROQUEST.format(n=1, total=1, number=3107396628, body=body) + "_" * 60 + "\n\nContact us at: x\n"
    records, notices = read(text.replace("\n", "\r\n"))
    assert notices == []
    record = records[0]
    assert (record.title, record.outlet, record.authors) == (
        "Ferry stays",
        "The Harbour Post",
        ("Ann Lee", "Bo Ek"),
    )
    assert (record.url, record.document, record.details["edition"]) == (None, "3107396628", "Online")
    assert record.text == body


def test_proquest_html_and_the_mail_that_carries_it() -> None:
    fields = {
        "Author": "Lee, Ann",
        "Full text": "".join(f"<p>{line}</p>" for line in BODY),
        "Publication title": "The Harbour Post; Leith",
        "Publication date": "May 8, 2010",
        "ProQuest document ID": "251439970",
        "Database": "U.S. Major Dailies",
    }
    rows = "".join(f"<p><strong>{name}: </strong>{value}</p>" for name, value in fields.items())
    page = (
        f'<html><title>ProQuest Export</title><body><div><a name="DocID_1"></a><p>Ferry '
        f"stays</p>{rows}</div></body></html>"
    )
    mail = (
        f"From: noreply@proquest.example\nTo: a@b.example\nSubject: Your research\nMIME-Version: "
        f"1.0\nContent-Type: text/html; charset=utf-8\n\n{page}"
    )
    for export in (page, mail):
        records, _ = read(export)
        assert [(r.title, r.outlet, r.authors, r.text, r.document) for r in records] == [
            ("Ferry stays", "The Harbour Post", ("Ann Lee",), TEXT, "251439970")
        ]


def test_integrum_and_its_encoding() -> None:
    page = (
        '<html><META content="text/html; charset=windows-1251"><body><h3>Report 1</h3>1. <a '
        'href="#1">Паром остается</a><br>'
        '<a name="1"></a><table><tr><td>^ИС: Портовые вести <br>^ДТ: 09.02.1994<br>^АВ: Иванова Анна<br>'
        "^ЗГ: <b>Паром</b> остается<br></td></tr></table><h3>Паром остается</h3><pre>\n     Совет "
        "порта на заседании во вторник решил, что старый паром\n"
        "останется до весны.\n     Билеты подорожают.</pre></body></html>"
    )
    records, notices = read(page.encode("cp1251"))
    assert notices == []
    assert [(r.title, r.outlet, r.authors, r.text) for r in records] == [
        (
            "Паром остается",
            "Портовые вести",
            ("Иванова Анна",),
            "Совет порта на заседании во вторник решил, что старый паром останется до весны.\nБилеты "
            "подорожают.",
        )
    ]


def test_apa_print_page_and_its_rtf() -> None:
    entry = (
        '<div class="eintrag"><pre>"Der Hafenbote" Nr. 065 vom 02.04.2013      Seite: 3\nRessort: '
        "Lokales</pre>"
        f"<h3>Fähre bleibt</h3><p>Von Anna Lee</p><p>{BODY[0]} {BODY[1]}</p><p>{BODY[2]}</p></div>"
    )
    page = f"<html><title>DeFacto - Ausdruck</title><body>{entry}</body></html>".encode("latin-1")
    rtf = (
        r'{\rtf1{\info{\title x}}{\header Kopf\par}\i "Der Hafenbote" vom 02.04.2013 Seite: 3\par '
        r"Ressort: Lokales\par\par"
        r"\b\i0 F\u228?hre bleibt\b0\par\par Von Anna Lee\par "
        + f"{BODY[0]} {BODY[1]}\\par {BODY[2]}\\par\\par}}"
    )
    for export in (page, rtf.encode()):
        records, notices = read(export)
        assert notices == []
        assert [(r.title, r.outlet, r.authors, r.details["page"]) for r in records] == [
            ("Fähre bleibt", "Der Hafenbote", ("Anna Lee",), "3")
        ]
        assert records[0].text == f"{BODY[0]} {BODY[1]}\n{BODY[2]}"


def test_retriever_and_mediargus_lists_are_no_articles() -> None:
    rule = "=" * 78
    retriever = (
        "Hamnens bibliotek\nDatum 2021-09-29\n\nNyheter:\n\n> Färjan stannar, Hamnposten, "
        "2004-12-29 09:31\n\n\n"
        f"Färjan stannar\nHamnposten, 2004-12-29 09:31\nSida 15\nPublicerat i print. "
        f"\n\n{BODY[0]}\n\n{BODY[1]}\n\n"
        f"©Hamnposten<br>Alla artiklar är skyddade.\n\nLäs hela artikeln på http://ret.nu/x\n{rule}\n"
    )
    records, notices = read(retriever)
    assert notices == []
    assert [(r.title, r.outlet, r.text) for r in records] == [
        ("Färjan stannar", "Hamnposten", "\n".join(BODY[:2]))
    ]
    mediargus = (
        f"1. Veerpont blijft\n\nDe Haven, woensdag 30 november 2011, p. 23, 40w.\n\n{BODY[0][:40]} "
        f"...\n\n\n\n"
        f"30-11-2011, p.23\n\nVeerpont blijft\n\n{BODY[0]}\n\n{BODY[1]}\n\n © De Haven\n"
    )
    records, notices = read(mediargus.encode("cp1252"))
    assert notices == []
    assert [(r.title, r.outlet, r.text) for r in records] == [
        ("Veerpont blijft", "De Haven", "\n".join(BODY[:2]))
    ]


def test_a_word_or_rtf_file_of_a_database_is_read_as_the_text_it_was_made_from() -> None:
    text = nexis_text(["Ferry stays"])
    rtf = "{\\rtf1\\ansi " + text.replace("\ufeff", "").replace("\n", "\\par\n") + "}"
    assert [r.title for r in read(rtf.encode("latin-1"), "export.DOC")[0]] == ["Ferry stays; A second line"]
    assert format_of(rtf.encode("latin-1"), "export.DOC") == "word-rtf"


@pytest.mark.parametrize("cell", ["HD      {}", "HD|{}|"])
def test_factiva_as_text_and_in_the_table_of_an_rtf(cell: str) -> None:
    fields = {"HD": "Ferry stays", "BY": "Ann Lee", "WC": "40 words", "PD": "1 January 2020"}
    fields |= {"SN": "The Harbour Post", "LA": "English"}
    lines = [cell.replace("HD", code).format(value) for code, value in fields.items()]
    lines += [
        cell.replace("HD", "LP").format(""),
        BODY[0],
        "",
        cell.replace("HD", "TD").format(""),
        *BODY[1:],
    ]
    lines += ["", cell.replace("HD", "AN").format("Document HPOS000020200101eg110001a"), ""]
    records, notices = read("\n".join(lines * 2))
    assert notices == []
    assert [(r.title, r.outlet, r.authors, r.text, r.document) for r in records] == [
        ("Ferry stays", "The Harbour Post", ("Ann Lee",), TEXT, "HPOS000020200101eg110001a")
    ] * 2


def test_proquest_as_word_without_rules_and_nexis_uni_as_rtf_with_links() -> None:
    lines = [PROQUEST.format(n=n, total=2, number=310739662 + n, body="\n".join(BODY)) for n in (1, 2)]
    paragraphs = [line for text in lines for line in text.split("\n") if not line.startswith("___")]
    records, notices = read(docx(paragraphs), "proquest.docx")
    assert notices == []
    assert [(r.title, r.document, r.text) for r in records] == [
        ("Ferry stays", "310739663", TEXT),
        ("Ferry stays", "310739664", TEXT),
    ]
    link = '{\\field{\\*\\fldinst{HYPERLINK "https://advance.lexis.com/x"}}{\\fldrslt{Ferry stays}}}'
    article = [link, "The Harbour Post", "July 1, 2019 Monday", "Length:\\~40 words", "Body", *BODY]
    rtf = (
        "{\\rtf1\\ansi "
        + "\\par\n".join([*article, "Load-Date:\\~July 3, 2019", "End of Document", ""])
        + "}"
    )
    [record], _ = read(rtf, "nexis.rtf")
    assert (record.title, record.outlet, record.text) == ("Ferry stays", "The Harbour Post", TEXT)
