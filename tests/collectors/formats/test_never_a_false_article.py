"""What is no article is none: it is said what was recognised, and why nothing was read."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.collectors.formats.exports import BODY, SENTENCE, docx, nexis_text, read, zipped
from tests.cost import costs_linear_time
from tests.examples import examples

NOT_ARTICLES = {
    "an empty file": b"",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "a PDF": b"%PDF-1.7\n" + bytes(range(200, 256)) * 40,
    "a program": b"import os\n\ndef main():\n    return os.getcwd()\n\nclass A:\n    x = 1\n" * 20,
    "a log": b"2024-01-02T03:04:05 started the ferry\n2024-01-02T03:05:05 stopped the ferry\n" * 20,
    "a list of words": b"ferry\nharbour\ncouncil\nwinter\nboat\nticket\ncrown\nquay\npier\nrope\n" * 20,
    "a table of numbers": b"year,passengers\n2001,53\n2002,61\n",
    "settings": b'{"theme": "dark", "size": 3}',
    "several articles in a text of no known layout": (
        f"Ferry stays\n2 May 2010\n{SENTENCE * 3}\n{'-' * 40}\nBridge closes\n3 May "
        f"2010\n{SENTENCE * 3}\n{'-' * 40}\n"
        f"Quay opens\n4 May 2010\n{SENTENCE * 3}\n"
    ).encode(),
    "a mail": f"From: a@b.example\nTo: c@d.example\nSubject: Ferry\nDate: Mon, 3 May "
    f"2010\n\n{SENTENCE * 4}".encode(),
    "a mail of several paragraphs": (
        "From: a@b.example\nTo: c@d.example\nSubject: Ferry\nDate: Mon, 3 May 2010\n\n"
        + f"{SENTENCE}\n\n" * 4
    ),
    "a mail of headlines": (
        "From: alerts@b.example\nTo: c@d.example\nSubject: Alert - ferry\nMIME-Version: 1.0\n\n"
        f"=== News - 2 new results for [ferry] ===\n\nFerry stays\nHarbour Post\n{SENTENCE}\n"
        f"<https://h.example/1>\n\nBridge closes\nHarbour Post\n{SENTENCE}\n<https://h.example/2>\n"
    ),
    "labelled fields of a database that is not known": (
        "Headline: Ferry stays\nAuthor: Ann Lee\nDate: May 3, 2010\nPublication: Harbour Post\n\n"
        f"{SENTENCE * 3}\n"
    ),
    "labels on lines of their own": (
        "Record: 1\nTitle:\nFerry stays.\nAuthors:\nLee, Ann\nSource:\nHarbour Post, 01/11/2010\n"
        f"{SENTENCE * 3}\n"
    ),
    "a transcript": (
        f"Interview of May\n\nInterviewer: How is the ferry?\n\nRespondent 1: {SENTENCE}\n\n"
        f"Interviewer: And the bridge?\n\nRespondent 1: {SENTENCE}\n"
    ),
    "a codebook": (
        "Codebook\n\n1. Variable: frame\n1 = conflict between two sides or more\n2 = consequence for people\n"
        "2. Variable: tone\n1 = positive about the ferry\n2 = negative\n\nThe coder reads all of it first.\n"
    ),
    "minutes": (
        f"# Harbour council, 3 May 2010\n\nPresent: Ann Lee, Bo Ek\n\n## Ferry\n\n{SENTENCE}\n\n## Bridge\n\n"
        f"{SENTENCE}\n\n## To do\n\n- [ ] Ann: report\n"
    ),
    "minutes in German": f"Protokoll der Sitzung vom 3. Mai 2010\n\n{SENTENCE}\n\n{SENTENCE}\n",
    "a letter": f"Harbour Road 1\n\nDear Ms Ek,\n\n{SENTENCE}\n\n{SENTENCE}\n\nYours sincerely,\nAnn Lee\n",
    "a licence": f"MIT License\n\nCopyright (c) 2020 Ann Lee\n\n{SENTENCE}\n\n{SENTENCE}\n",
    "a paper": (
        f"On ferries\n\nAbstract\n\n{SENTENCE}\n\n1 Introduction\n\n{SENTENCE}\n\nReferences\n\nLee (2001)\n"
    ),
    "posts": f"RT @ann: {SENTENCE}\n@bo #ferry {SENTENCE}\n{SENTENCE} #harbour\n",
    "a list of references": (
        "Lee, A. (2001). On the ferries of the harbour. Harbour Journal, 1(2), 3.\n"
        "Ek, B. (2002). On the bridges of the harbour. Harbour Journal, 1(3), 3.\n"
        "Ny, D. (2004). On the ropes of all harbours. Harbour Journal, 1(5), 3.\n"
    ),
    "a chat": "".join(f"[03.05.20, 10:11:1{n}] Ann: {SENTENCE}\n" for n in range(4)),
    "a table that is cut in its first row": (
        "URL,Title,Selection,Folder\nhttps://h.example/a-long-address-that-goes-on,The ferry stays in the "
        "harbour for one more winter than anybody had thought before it was"
    ),
    "a list of results": (
        f"Results\n\nFerry stays\nHarbour Post, 11 January 2010, 40 words, (English)\n{SENTENCE}\n\n"
        f"Bridge closes\nHarbour Post, 12 January 2010, 50 words, (English)\n{SENTENCE}\n"
    ),
    "a page of a database in an unknown layout": (
        f"<html><title>Nexis Uni - Results</title><body>{f'<p>{SENTENCE}</p>' * 9}</body></html>".encode()
    ),
    "a Word file of no database": docx(["Minutes", *BODY]),
    "XML of another kind": b"<?xml version='1.0'?><inventory><boat name='Ferry'/></inventory>",
}


@pytest.mark.parametrize("name", NOT_ARTICLES)
def test_no_article_is_made_of(name: str) -> None:
    records, notices = read(NOT_ARTICLES[name], "thing")
    assert records == []
    assert notices
    assert all(notice.detail and "thing" in notice.detail for notice in notices)


def test_one_article_in_a_text_file_is_one_article() -> None:
    records, notices = read("Ferry stays\n\n" + "\n\n".join(BODY), "ferry.txt")
    assert notices == []
    assert [(r.title, r.text, r.published) for r in records] == [("Ferry stays", "\n".join(BODY), None)]


@pytest.mark.parametrize(
    "title",
    [
        "Minutes before the end, the ferry wins",
        "Dear fuel costs ferry owners millions",
        "Agenda of the new mayor meets resistance",
        "[Update] The ferry stays",
        "Source of trouble, title in danger",
        "Harbour taxi firm loses city licence",
        "Minutes from the bank's meeting show officials split",
        "Protokoll der grossen Katastrophe",
    ],
)
def test_a_headline_that_only_begins_as_another_kind_of_text_is_that_of_an_article(title: str) -> None:
    [record], notices = read(f"{title}\n\n{SENTENCE}\n\n{SENTENCE}\n")
    assert (record.title, notices) == (title, [])


def test_a_date_is_never_taken_from_a_files_name() -> None:
    records, _ = read("Ferry stays\n\n" + "\n\n".join(BODY), "2010-01-11_ferry.txt")
    assert records[0].published is None


def test_a_format_is_recognised_by_content_whatever_the_name() -> None:
    assert len(read(nexis_text(["Ferry stays"]), "photo.jpg")[0]) == 1


def test_a_zip_of_exports_is_read_file_by_file_and_a_bomb_in_it_refused() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ferry.txt", "Ferry stays\n\n" + "\n\n".join(BODY))
        archive.writestr("zeros.txt", b"0" * 60_000_000)
    records, notices = read(bomb.getvalue())
    assert [record.title for record in records] == ["Ferry stays"]
    assert [notice.reason for notice in notices] == ["too_large"]


@pytest.mark.parametrize("filler", [" ", "<w:b/>"])
def test_a_paragraph_of_a_word_file_that_never_ends_is_left_at_its_limit(filler: str) -> None:
    """Without the end of a tag its bytes were gone through anew at each piece: 300 MB took minutes."""
    records, notices = read(
        zipped({"word/document.xml": f"<w:document>{filler * (20_000_000 // len(filler))}"})
    )
    assert (records, [notice.reason for notice in notices]) == ([], ["too_large"])
    assert "endless paragraph" in notices[0].detail


def test_zips_within_zips_end_somewhere() -> None:
    inner: bytes | str = "Ferry stays\n\n" + "\n\n".join(BODY)
    for _ in range(5):
        inner = zipped({"a.zip": inner})
    records, notices = read(inner)
    assert records == []
    assert [notice.reason for notice in notices] == ["too_deep"]


def test_xml_that_defines_entities_is_refused() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE nitf [<!ENTITY a "aaaaaaaaaa"><!ENTITY b '
        '"&a;&a;&a;&a;&a;">]><nitf>&b;</nitf>'
    )
    records, notices = read(bomb)
    assert records == []
    assert [notice.reason for notice in notices] == ["entities"]


def test_an_rtf_with_an_object_gives_its_text_only() -> None:
    text = nexis_text(["Ferry stays"]).replace("\ufeff", "").replace("\n", "\\par\n")
    rtf = "{\\rtf1\\ansi{\\object\\objemb{\\*\\objdata 4d5a90000300000004000000ffff}}" + text + "}"
    records, _ = read(rtf)
    assert "4d5a" not in (records[0].text or "")


@settings(max_examples=examples(60))
@given(
    st.binary(max_size=2_000),
    st.sampled_from(
        [
            "",
            "1 of 2 DOCUMENTS\n\n",
            "<html>",
            "{",
            "[",
            "PK\x03\x04",
            "{\\rtf1 ",
            "TY  - NEWS\n",
            "WARC/1.0\r\n",
            "\x01\x02",
        ]
    ),
)
def test_no_bytes_make_a_reader_fail(data: bytes, start: str) -> None:
    read(start.encode("latin-1") + data)


@pytest.mark.parametrize(
    "unit",
    [
        "1 of 2 DOCUMENTS\n\n",
        '<div class="article enArticle"><p class="articleParagraph">',
        "^ИС: ",
        '"A" vom 02.04.2013 Seite: 1\n',
        "Full text: a\n\n",
        "Document ABCDEF020200102ef1300abc\n",
        "<b><i>",
        "{\\rtf1 ",
        "@article{a, title = {",
    ],
)
def test_hostile_repetition_costs_linear_time(unit: str) -> None:
    assert costs_linear_time(lambda times: read(unit * times), 500)
