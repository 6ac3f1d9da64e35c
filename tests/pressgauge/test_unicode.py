"""What is known of characters, found once for each that is met."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressgauge.stories.minhash import folding
from pressgauge.unicode import ByCharacter, control_in, seen_line, steady_line


def codes(text: str) -> np.ndarray:
    return np.array([ord(letter) for letter in text], np.uint32)


@given(st.lists(st.text(st.characters(), max_size=30), max_size=5))
def test_each_character_has_the_number_of_the_rule_and_the_rule_is_asked_once(texts: list[str]) -> None:
    asked: Counter[int] = Counter()

    def rule(code: int) -> int:
        asked[code] += 1
        return code % 251

    by_character = ByCharacter(rule, np.uint8)
    for text in texts:
        assert by_character(codes(text)).tolist() == [ord(letter) % 251 for letter in text]
    assert asked == Counter({ord(letter) for letter in "".join(texts)})


def test_letters_are_read_without_case_and_accents_and_characters_of_unspaced_scripts_are_marked() -> None:
    read = folding(codes("Éa7 \u00ad\u0301漢\U000e0041"))
    assert read.tolist() == [ord("e"), ord("a"), ord("7"), 0, 1, 1, ord("漢") | 1 << 31, 0]


def test_a_line_that_is_shown_turns_and_moves_nothing_and_one_that_is_compared_is_what_is_seen_of_it() -> (
    None
):
    written = " \u2066שלום\u2069\u00a0\n a\u200eb\u200cc\x85\u202e \x1b"
    assert steady_line(written) == "שלום a\u200eb\u200cc"
    assert seen_line(written) == "שלום ab\u200cc"


@pytest.mark.parametrize(
    ("text", "sign"), [("a\x1b[31m\x07", "U+001B"), ("\x9b", "U+009B"), (" a\t\r\n\x85\u202e\u200b", None)]
)
def test_the_first_control_character_is_told_and_white_space_is_none(text: str, sign: str | None) -> None:
    assert control_in(text) == sign
