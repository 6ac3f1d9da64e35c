"""What an article is recognised by."""

from __future__ import annotations

import numpy as np

from pressgauge.events.vectors import join, vectors


def words(title: str | None, text: str | None = None, language: str | None = "en") -> dict[int, int]:
    made = vectors([title], [text], [language])
    return dict(zip(made.keys.tolist(), made.counts.tolist(), strict=True))


def test_case_accents_and_endings_do_not_tell_words_apart() -> None:
    assert words("announced").keys() == words("Announcement").keys() == words("ANNOUNCES").keys()
    assert words("café").keys() == words("Cafe").keys()


def test_a_word_counts_two_and_one_more_with_a_capital_or_a_digit() -> None:
    assert list(words("model").values()) == [2]
    assert list(words("Model model").values()) == [5]
    assert list(words("2025").values()) == [3]


def test_a_number_with_points_and_commas_is_one_word() -> None:
    assert len(words("7.1")) == len(words("1,000")) == 1
    assert words("7.1").keys() != words("7.2").keys()
    assert words("In 2025.").keys() == words("2025").keys()


def test_the_stop_words_of_the_language_and_single_letters_are_left_out() -> None:
    assert words("what is the a b") == {}
    assert words("die Modelle und der", language="de").keys() == words("Modelle", language="de").keys()
    assert words("die", language="en") != {}


def test_two_neighbouring_characters_make_a_word_where_words_are_not_spaced() -> None:
    assert len(words("人工智能", language="zh")) == 3
    assert words("OpenAI发布", language="zh").keys() > words("OpenAI", language="zh").keys()


def test_only_the_lead_of_a_text_is_read() -> None:
    assert words(None, "Fire. " + "filler " * 200 + "volcano").keys() == words(None, "fire filler").keys()


def test_what_is_no_text_has_no_words() -> None:
    assert words(None) == words("", None, None) == {}
    assert len(vectors([], [], [])) == 0


def test_rows_are_taken_and_joined_in_any_order() -> None:
    made = vectors(["one fire", "two storms", "three floods"], [None] * 3, ["en"] * 3)
    again = join([made.part(0, 1), made.part(1, 3)]).take(np.array([2, 0]))
    assert again.part(0, 1).keys.tolist() == made.part(2, 3).keys.tolist()
    assert again.part(1, 2).keys.tolist() == made.part(0, 1).keys.tolist()
