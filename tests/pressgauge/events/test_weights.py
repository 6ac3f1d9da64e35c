"""What a word tells: the rarer the more, and nothing where it was common in the month before."""

from __future__ import annotations

import numpy as np
import pytest

from pressgauge.events.vectors import Vectors, vectors
from pressgauge.events.weights import Weights, weigh

FIRST = 100
"""A day of a year in which fifteen events a day are told of, each in one article."""


def words_of(titles: list[str]) -> Vectors:
    return vectors(titles, [None] * len(titles), ["en"] * len(titles))


@pytest.fixture(scope="module")
def weights() -> Weights:
    """ "Robot" stands in every fifth headline from the first day on, "Chip" in those of the eleventh day."""
    day = np.repeat(np.arange(FIRST, FIRST + 40), 15)
    titles = [f"Name{number} thing{number}" for number in range(len(day))]
    titles = [f"{title} Robot" if number % 5 == 0 else title for number, title in enumerate(titles)]
    titles = [f"{title} Chip" if day[number] == FIRST + 10 else title for number, title in enumerate(titles)]
    return weigh(words_of(titles), np.arange(len(day)), day)


def weight_of(weights: Weights, word: str, day: int) -> float:
    """What a word weighs beside one that nobody used, in a headline of that day."""
    words = words_of([f"{word} Unheard"])
    values = weights.of(words, np.array([day]))
    return float(values[words.keys == words_of([word]).keys[0]][0])


def test_a_word_that_was_common_in_the_month_before_tells_nothing(weights: Weights) -> None:
    assert weight_of(weights, "Robot", FIRST) > 0
    assert weight_of(weights, "Robot", FIRST + 20) == 0


def test_words_weigh_the_same_however_many_are_weighed_at_once(
    weights: Weights, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, day = words_of(["Robot Chip", "Unheard Robot", "Name3 thing3"] * 5), np.full(15, FIRST + 20)
    at_once = weights.of(words, day)
    monkeypatch.setattr("pressgauge.events.weights._AT_ONCE", 4)
    assert weights.of(words, day).tolist() == at_once.tolist()


def test_a_word_tells_of_an_event_on_its_day_and_while_it_is_open(weights: Weights) -> None:
    assert weight_of(weights, "Chip", FIRST + 10) > 0
    assert weight_of(weights, "Chip", FIRST + 15) > 0
    assert weight_of(weights, "Chip", FIRST + 16) == 0


def test_a_word_tells_again_when_it_was_not_common_for_a_month(weights: Weights) -> None:
    assert weight_of(weights, "Chip", FIRST + 44) == 0
    assert weight_of(weights, "Chip", FIRST + 46) == 0, "days after the last event are as its own"
    day = np.append(np.repeat(np.arange(FIRST, FIRST + 60), 15), FIRST + 60)
    titles = [f"Name{n} Chip" if day[n] == FIRST + 10 else f"Name{n}" for n in range(len(day))]
    longer = weigh(words_of(titles), np.arange(len(day)), day)
    assert weight_of(longer, "Chip", FIRST + 45) == 0
    assert weight_of(longer, "Chip", FIRST + 46) > 0


def test_the_articles_of_one_event_use_a_word_once() -> None:
    day = np.repeat(np.arange(FIRST, FIRST + 40), 15)
    event = np.where(day == FIRST + 10, 0, np.arange(1, len(day) + 1))
    event = np.unique(event, return_inverse=True)[1]
    titles = [f"Name{n} Chip" if day[n] == FIRST + 10 else f"Name{n}" for n in range(len(day))]
    weights = weigh(words_of(titles), event, day)
    assert weight_of(weights, "Chip", FIRST + 20) > 0


def test_what_few_used_tells_however_small_the_press_is() -> None:
    day = np.arange(FIRST, FIRST + 10)
    weights = weigh(words_of(["Robot"] * 3 + ["Name"] * 7), np.arange(10), day)
    assert weight_of(weights, "Robot", FIRST + 9) > 0


def test_what_is_common_in_a_language_tells_nothing_however_few_articles_it_has() -> None:
    """ "Yapay" stands in every second Turkish headline and in no other, "Robot" in both languages."""
    titles = [f"Unheard{n} {'Yapay Robot' if n % 2 else 'story'}" for n in range(40)]
    titles += [f"Name{n} {'Robot' if n % 18 == 0 else 'story'}" for n in range(400)]
    words = vectors(titles, [None] * 440, ["tr"] * 40 + ["en"] * 400)
    weights = weigh(words, np.arange(440))
    assert weight_of(weights, "Yapay", FIRST) == 0
    assert weight_of(weights, "Robot", FIRST) > 0
    alone = weigh(words.part(0, 40), np.arange(40))
    assert weight_of(alone, "Yapay", FIRST) > 0, "the one language of a small press"


@pytest.mark.parametrize("size", [90, 150, 400, 480])
def test_a_word_of_all_events_of_a_language_tells_nothing_however_great_a_part_that_is(size: int) -> None:
    titles = [f"Yapay Unheard{n}" if n < size else f"Name{n} story" for n in range(1_000)]
    words = vectors(titles, [None] * 1_000, ["tr"] * size + ["en"] * (1_000 - size))
    assert weight_of(weigh(words, np.arange(1_000)), "Yapay", FIRST) == 0
