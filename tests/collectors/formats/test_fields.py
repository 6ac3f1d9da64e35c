"""Dates, outlets, bylines and columns as they are printed."""

from __future__ import annotations

import json

import pytest

from collectors.formats.values.addresses import own_address
from collectors.formats.values.bylines import inverted, persons
from collectors.formats.values.dates import is_date_line, read_date
from collectors.formats.values.languages import language_code
from collectors.formats.values.outlets import OutletLine, read_outlet
from tests.collectors.formats.exports import SENTENCE, read


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("May 30, 2014 Friday", "2014-05-30"),
        ("Mittwoch 31. August 2011", "2011-08-31"),
        ("January 20, 2009 Tuesday 8:27 PM AEST", "2009-01-20T20:27:00+10:00"),
        ("April 20, 2003, Sunday 23:22 Central European Time", "2003-04-20T23:22:00+02:00"),
        ("29 décembre 2011", "2011-12-29"),
        ("1 de mayo de 2015", "2015-05-01"),
        ("Onsdag 6. Januar 2010", "2010-01-06"),
        ("9 января 2021", "2021-01-09"),
        ("2004年12月29日", "2004-12-29"),
        ("2025년 1월 31일", "2025-01-31"),
        ("28.02.05", "2005-02-28"),
        ("20131020T192751+1100", "2013-10-20T19:27:51+11:00"),
        ("26-FEB-1987 15:01:01.79", "1987-02-26T15:01:01+00:00"),
        ("January 2009", None),
        ("Summer, 2008", None),
        ("May 2-8, 2010", None),
        ("31.02.2010", None),
        ("1 Foo 2010", None),
        ("2025-01-20T08:30:00+14:00", "2025-01-20T08:30:00+14:00"),
        ("2025-01-20T08:30:00+99:99", None),
        ("Mon, 20 Jan 2025 08:30:00 +1500", None),
        ("20 Jan 2025 08:30 GMT-0075", None),
    ],
)
def test_a_printed_date_is_read_and_part_of_one_is_none(written: str, moment: str | None) -> None:
    found, precision = read_date(written)
    if moment is None:
        assert found is None
    else:
        assert found is not None
        assert (found.isoformat() if "T" in moment else found.date().isoformat()) == moment
        assert precision == ("second" if "T" in moment else "day")


def test_a_line_that_says_more_than_a_date_is_no_date_line() -> None:
    assert is_date_line("January 11, 2010 Monday")
    assert is_date_line("jeudi 5 octobre 2013")
    assert not is_date_line("On January 11, 2010 the council met. It was cold that day.")
    assert not is_date_line("The harbour was closed")


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("The Guardian (London) - Final Edition", ("The Guardian", "London", "Final Edition", None)),
        ("Guardian.com.", ("Guardian.com", None, None, None)),
        ("The Harbour Post (Online)", ("The Harbour Post", None, "Online", None)),
        ("Magazine 1, no. 5968", ("Magazine 1", None, None, "5968")),
        ("Agence France Presse -- English", ("Agence France Presse", None, "English", None)),
        ("Le Figaro (site web)", ("Le Figaro", None, "site web", None)),
    ],
)
def test_the_line_of_an_outlet_is_its_name_apart_from_place_and_edition(
    line: str, parts: tuple[str | None, ...]
) -> None:
    assert read_outlet(line) == OutletLine(*parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By ALAN RIDING  ", ("ALAN RIDING",)),
        ("Mattha Busby (now), Andrew Sparrow (earlier)", ("Mattha Busby", "Andrew Sparrow")),
        ("Ann Lee, harbour.example", ("Ann Lee",)),
        ("Ann Lee Diplomatic editor and Bo Ek Chief political correspondent", ("Ann Lee", "Bo Ek")),
        ("By John F. Burns staff writer", ("John F. Burns",)),
        ("Van onze redacteur", ()),
        ("VAN ONZE CORRESPONDENT", ()),
    ],
)
def test_a_byline_is_its_persons(byline: str, names: tuple[str, ...]) -> None:
    assert persons(byline) == names


def test_names_that_begin_with_the_surname() -> None:
    assert inverted("Reckard, E Scott; Hsu, Tiffany") == ("E Scott Reckard", "Tiffany Hsu")


def test_a_language_is_named_in_that_of_the_interface() -> None:
    said = ["Englisch", "Anglais", "inglés", "GERMAN", "nl", "Klingon"]
    assert [language_code(name) for name in said] == ["en", "en", "en", "de", "nl", None]


def test_a_slashed_date_is_unknown_where_no_row_decides_what_comes_first() -> None:
    head = "Headline,Source,Date\n"
    records, notices = read(head + "Ferry stays,Post,02/03/2024\nBridge closes,Post,04/05/2024\n")
    assert [record.published for record in records] == [None, None]
    assert [notice.reason for notice in notices] == ["unknown_dates"]
    records, notices = read(head + "Ferry stays,Post,02/03/2024\nBridge closes,Post,14/05/2024\n")
    assert [str(record.published)[:10] for record in records] == ["2024-03-02", "2024-05-14"]
    assert notices == []


def test_the_declared_language_is_that_of_the_service_where_the_text_is_of_another() -> None:
    text = "\n".join([SENTENCE] * 3)
    values = {"type": "text", "uri": "a:1", "versioncreated": "2024-01-02T03:04:05Z", "headline": "Ferry"}
    item = json.dumps(values | {"language": "it", "body_text": text})
    assert read(item)[0][0].language == "en"


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("https://post.example/2024/proxy-war", "https://post.example/2024/proxy-war"),
        ("https://post.example/login?url=", "https://post.example/login?url="),
        ("https://ezproxy.uni.example/login?url=https://post.example/1", "https://post.example/1"),
        (
            "https://login.proxy.uni.example/login?qurl=https%3A%2F%2Fpost.example%2F1",
            "https://post.example/1",
        ),
        ("https://uni.idm.oclc.org/login?url=https://www.proquest.com/docview/1", None),
        ("https://www-post-example.ezproxy.uni.example/1", None),
        ("https://www.proquest.com/docview/123", None),
        ("https://vpn.uni.example/+CSCO+00756767633A2F2F/1", None),
    ],
)
def test_an_address_is_the_articles_own_and_not_a_librarys_or_a_databases(url: str, own: str | None) -> None:
    assert own_address(url) == own


def test_a_list_through_a_librarys_proxy_gives_the_articles_own_addresses() -> None:
    table = (
        "Headline,URL,Source,Date\nFerry,https://ezproxy.uni.example/login?url=https://post.example/1,Post,2024-01-02\n"
        "Bridge,https://www-post-example.ezproxy.uni.example/2,Post,2024-01-02\n"
    )
    assert [record.url for record in read(table)[0]] == ["https://post.example/1", None]
    url = "https://www-proquest-com.ezproxy.uni.example/docview/12345"
    [record], _ = read(f"TY  - NEWS\nTI  - Ferry\nAN  - 12345\nUR  - {url}\nER  - \n")
    assert (record.url, record.document) == (None, "12345")


def test_references_whose_end_is_not_marked_are_parted_where_the_next_begins() -> None:
    records, _ = read("TY  - NEWS\nTI  - One\nT2  - Post\n\nTY  - NEWS\nTI  - Two\nT2  - Post\n")
    assert [record.title for record in records] == ["One", "Two"]
