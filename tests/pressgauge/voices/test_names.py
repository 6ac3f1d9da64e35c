"""Names are read as written, kinds are told by their neighbours, and wrong merges are worse than none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressgauge.voices.names import mentions
from pressgauge.voices.speakers import voices
from tests.cost import costs_linear_time


def named(text: str, language: str = "en") -> list[tuple[str, str, str | None]]:
    return [(found.form, found.name, found.kind) for found in mentions(text, language)]


def people(text: str, language: str = "en") -> set[str]:
    return {name for _, name, kind in named(text, language) if kind == "person"}


def bodies(text: str, language: str = "en") -> set[str]:
    return {name for _, name, kind in named(text, language) if kind == "organisation"}


def test_a_full_name_a_title_and_a_last_name_are_one_person_within_an_article() -> None:
    text = "Sam Altman spoke. Mr. Altman said no. Altman left, and Altman's lawyer stayed."
    assert named(text) == [
        ("Sam Altman", "Sam Altman", "person"),
        ("Altman", "Sam Altman", "person"),
        ("Altman", "Sam Altman", "person"),
        ("Altman", "Sam Altman", "person"),
    ]


def test_a_last_name_that_two_people_share_is_merged_with_neither() -> None:
    text = "Bill Clinton, a former president, met Hillary Clinton, the senator. Mrs. Clinton said no."
    assert people(text) == {"Bill Clinton", "Hillary Clinton", "Clinton"}


def test_people_who_are_called_by_the_first_word_of_their_name_are_one_person_where_they_speak() -> None:
    text = "SK Chairman Chey Tae-won spoke of change. In a message, Chey said no. Chey left."
    assert [name for form, name, _ in named(text) if form == "Chey"] == ["Chey Tae-won"]
    assert people(text) == {"Chey Tae-won"}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (
            "Washington Irving, an author, left. Washington said that it stays, and Washington agreed.",
            "Washington",
        ),
        ("Paris Hilton, an actress, left. Paris said it will not pay, and Paris asked for more.", "Paris"),
        ("Kim Smith, a lawyer, spoke. Smith said so. Kim said no, and Kim has a vote.", "Kim"),
        ("Kim Jong-un, the leader, met Kim Yo-jong, an official. Kim said no, and Kim left.", "Kim"),
    ],
)
def test_a_first_word_is_nobody_s_name_unless_it_is_a_family_s_and_only_one_is_called_so(
    text: str, word: str
) -> None:
    assert not [name for form, name, _ in named(text) if form == word and " " in name]


def test_an_office_by_its_initials_is_a_role_and_no_organisation() -> None:
    text = "Lea Kern, EVP for trade, growth and jobs, left. The EVP said so. Acme VP Ann Lee stayed."
    assert bodies(text) == {"Acme"}
    roles = {found.name: found.role for found in mentions(text, "en") if found.kind == "person"}
    assert roles == {"Lea Kern": "EVP for trade", "Ann Lee": "Acme VP"}


def test_initials_and_middle_names_are_the_same_person() -> None:
    assert people("Gov. Sam H. Altman said so. Sam Altman, the governor, left.") == {"Sam H. Altman"}


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("OpenAI CEO Sam Altman spoke.", "Sam Altman", "OpenAI CEO"),
        ("Then campaign manager Robby Mook left.", "Robby Mook", "campaign manager"),
        ("Ann Lee, a professor of law at Yale, left.", "Ann Lee", "professor of law at Yale"),
        ("Sen. Ann Lee left.", "Ann Lee", "Sen."),
        ("Sen. Ann M. Lee left.", "Ann M. Lee", "Sen."),
        ("President Ann Lee left.", "Ann Lee", "President"),
        ("Ann Lee, 52, the chief executive of Meta, left.", "Ann Lee", "chief executive of Meta"),
    ],
)
def test_titles_and_roles_beside_a_name_are_kept(text: str, name: str, role: str) -> None:
    assert [(found.name, found.role) for found in mentions(text, "en") if found.kind == "person"] == [
        (name, role)
    ]


def test_organisations_are_known_by_a_word_capitals_or_a_role_that_only_they_have() -> None:
    text = "DeepSeek, the University of Iowa, Acme Corp and the NRA met a Google spokesman."
    assert bodies(text) == {"DeepSeek", "University of Iowa", "Acme Corp", "NRA", "Google"}


def test_places_headings_and_first_words_of_sentences_are_no_names() -> None:
    text = "DALLAS (AP) — Rain fell in New York. Silicon Valley slept.\nWhat We Know So Far\nOpinion matters."
    assert people(text) == set() and bodies(text) == {"AP"}


def test_titles_are_read_in_the_other_languages_as_well() -> None:
    assert "Arthur Mensch" in people("Firmenchef Arthur Mensch sprach. Mensch sagte nein.", "de")
    assert "Clara Chappaz" in people("La ministre Clara Chappaz a parlé.", "fr")
    assert "Diana Morant" in people("La ministra Diana Morant habló.", "es")


@pytest.mark.parametrize(
    "piece", ["A ", "Ab Cd ", "A. ", "Sen. ", "Ab, a professor ", "A, a, ", "McA", "Ab de ", "Ab of "]
)
def test_a_page_full_of_capitals_costs_linear_time(piece: str) -> None:
    assert costs_linear_time(lambda times: mentions(piece * times, "en"), 250)


@given(st.text(alphabet="AbÉ .,'’&-\nde", max_size=200))
def test_places_are_places_of_the_text_whatever_it_is(text: str) -> None:
    for found in mentions(text, "en"):
        assert text[found.start : found.end] == found.form


@pytest.mark.parametrize(
    ("credit", "role"),
    [
        ("said political strategist Parker Eaton", "political strategist"),
        ("said peer Parker Eaton", None),
        ("said 81-year-old Parker Eaton", None),
        ("this week Parker Eaton said", None),
    ],
)
def test_the_role_of_a_name_that_only_its_credit_shows_has_a_word_for_a_role(
    credit: str, role: str | None
) -> None:
    [statement] = voices(f"“I have never seen such a thing,” {credit}.", "en").statements
    assert (statement.name, statement.role) == ("Parker Eaton", role)
