"""What is known of characters, found once for each that is met."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pressgauge.stories.minhash import folding
from pressgauge.unicode import ByCharacter


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
