"""What a byline says: names, and nothing else."""

from __future__ import annotations

import doctest
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collectors.extraction.authors import names
from collectors.extraction.authors.names import is_agency, is_person, key, split

WORDS = st.text(string.ascii_lowercase, min_size=3, max_size=8).map(lambda word: f"Q{word}")
NAMES = st.lists(st.tuples(WORDS, WORDS).map(" ".join), min_size=1, max_size=5, unique_by=str.casefold)


@given(NAMES, st.sampled_from(["; ", ", ", " and ", " und ", " et ", " & ", " / ", " | "]))
def test_names_come_back_in_order_whatever_joins_them(persons: list[str], between: str) -> None:
    assert split(between.join(persons)) == persons


@pytest.mark.parametrize(
    ("byline", "persons"),
    [
        ("By Ann Lee, Dan Brown", ["Ann Lee", "Dan Brown"]),
        ("By Mike Poe, Dan Roe and Bo Li", ["Mike Poe", "Dan Roe", "Bo Li"]),
        ("BY ANN LEE, DAN BROWN AND BO LI", ["ANN LEE", "DAN BROWN", "BO LI"]),
        ("By Ann Lee And Bo Li", ["Ann Lee", "Bo Li"]),
        ("ann lee, dan brown", ["ann lee", "dan brown"]),
        ("Kim Dan Lee", ["Kim Dan Lee"]),
        ("KIM DAN LEE", ["KIM DAN LEE"]),
        ("Lê Và Nam, Ann Lee", ["Lê Và Nam", "Ann Lee"]),
        ("Ann Lee, Con Poe", ["Ann Lee", "Con Poe"]),
        ("Ann Lee, En Chen", ["Ann Lee", "En Chen"]),
        ("Franz Och, Og Berg, Ja Rule", ["Franz Och", "Og Berg", "Ja Rule"]),
        ("John E Smith Roe", ["John E Smith Roe"]),
        ("José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("POR ANA LUZ Y LUIS GIL", ["ANA LUZ", "LUIS GIL"]),
        ("Budi Ali, Siti Mina, dan Rudi Har", ["Budi Ali", "Siti Mina", "Rudi Har"]),
        ("BUDI ALI DAN SITI MINA", ["BUDI ALI", "SITI MINA"]),
        ("Lê Văn An và Lý Thị Bình", ["Lê Văn An", "Lý Thị Bình"]),
        ("Door Anna Bos en Piet de Vries", ["Anna Bos", "Piet de Vries"]),
        ("Av Eva Lee och Bo Berg", ["Eva Lee", "Bo Berg"]),
        ("أحمد علي و محمد حسن", ["أحمد علي", "محمد حسن"]),
        ("آخرین اخبار ایران و جهان", ["آخرین اخبار ایران و جهان"]),
    ],
)
def test_a_word_that_joins_names_is_no_name_that_is_written_like_it(byline: str, persons: list[str]) -> None:
    assert split(byline) == persons


@pytest.mark.parametrize(
    ("byline", "persons"),
    [
        ("By Ann Lee – Bo Li", ["Ann Lee", "Bo Li"]),
        ("Von Anna Meier – Peter Schmidt", ["Anna Meier", "Peter Schmidt"]),
        ("Par Anne Roy — Luc Petit — AFP", ["Anne Roy", "Luc Petit", "AFP"]),
        ("By Ann Lee – Frankfurt", ["Ann Lee"]),
        ("By Ann Lee – New York", ["Ann Lee"]),
        ("By Ann Lee – Example Times – Bo Li", ["Ann Lee", "Bo Li"]),
        ("By Ann Lee – Senior Editor", ["Ann Lee"]),
        ("Von Anna Meier – Redaktion Nord", ["Anna Meier"]),
        ("Von Anna Meier – Beispiel GmbH", ["Anna Meier"]),
    ],
)
def test_behind_a_dash_stands_another_person_or_a_house(byline: str, persons: list[str]) -> None:
    assert split(byline) == persons


@given(st.text(max_size=300))
@example("A@")
@example("Ftp://A")
def test_any_text_gives_names_without_addresses_digits_and_repetition(text: str) -> None:
    persons = split(text)
    assert len({key(name) for name in persons}) == len(persons)
    assert not any("@" in name or "://" in name for name in persons)


@pytest.mark.parametrize(
    "byline", ["(" * 1000, "text und " * 200, "senior chief " * 90, "von " * 250, ", " * 500]
)
def test_P09_regex_bait_names_nobody(byline: str) -> None:
    assert split(byline) == []


@pytest.mark.parametrize(
    ("name", "person", "agency"),
    [
        ("Ann Lee", True, False),
        ("Ann", True, False),
        ("구현모", True, False),
        ("alee", False, False),
        ("Lee Ltd", False, False),
        ("example.org", False, False),
        ("dpa", False, True),
        ("Agence France-Presse", True, True),
    ],
)
def test_a_name_is_known_as_a_persons_or_an_agencys_by_its_look(
    name: str, person: bool, agency: bool
) -> None:
    assert (is_person(name), is_agency(name)) == (person, agency)


def test_the_examples_hold() -> None:
    assert doctest.testmod(names).failed == 0
