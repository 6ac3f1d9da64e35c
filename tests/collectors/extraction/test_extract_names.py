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
