"""Decision trees as numpy asks them: the same answer as a walk down each of them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from collectors.extraction.page.page import parse
from collectors.extraction.trees import blocks
from collectors.extraction.trees.features import Layout, _are_titles, features, names, surroundings
from collectors.extraction.trees.forest import Forest


@pytest.mark.parametrize("name", ["first", "second"])
def test_a_forest_says_what_a_walk_down_its_trees_says(name: str) -> None:
    with np.load(blocks.MODEL, allow_pickle=False) as arrays:
        nodes = {key.removeprefix(f"{name}_"): arrays[key] for key in arrays if key.startswith(name)}
        forest = Forest.of(arrays, name)

    def walked(row: np.ndarray) -> float:
        odds = 0.0
        for node in nodes["roots"]:
            while nodes["left"][node] != node:
                goes_left = row[nodes["feature"][node]] <= nodes["threshold"][node]
                node = nodes["left" if goes_left else "right"][node]
            odds += float(nodes["value"][node])
        return 1 / (1 + math.exp(-odds))

    generator = np.random.default_rng(7)
    scale = generator.choice([0.1, 1.0, 10.0], size=int(nodes["feature"].max()) + 1)
    rows = (generator.normal(size=(20, len(scale))) * scale).astype(np.float32)
    assert forest.chances(rows) == pytest.approx([walked(row) for row in rows], abs=1e-5)
    many = np.repeat(rows, 40, axis=0)
    assert forest.chances(many) == pytest.approx(np.repeat(forest.chances(rows), 40), abs=1e-5)
    assert len(forest.chances(rows[:0])) == 0


@pytest.mark.parametrize(
    "body",
    ["<p>Only this.", "<h1>A fine day</h1><ul><li><a href=/>Home</a><li>More</ul><p>It was a fine day."],
)
def test_the_trees_have_learnt_from_the_columns_that_are_computed(body: str) -> None:
    layout = Layout.of(parse(f"<title>A fine day</title>{body}".encode(), "https://example.org/").outline)
    columns = features(layout, {"afineday"}, "itwasafineday")
    again = columns | surroundings(layout, np.full(len(layout.texts), 0.5))

    with np.load(blocks.MODEL, allow_pickle=False) as arrays:
        assert arrays["first_columns"].tolist() == names(columns)
        assert arrays["second_columns"].tolist() == names(again)


def test_a_headline_is_known_by_its_letters_however_it_is_set() -> None:
    texts = [
        "A FINE DAY — for Strassburg!",
        "A fine day",
        "A fine day for Straßburg, and much that is told of it",
    ]
    assert _are_titles(texts, {"afinedayforstrassburg"}).tolist() == [True, False, False]
    assert not _are_titles(texts, set()).any()
