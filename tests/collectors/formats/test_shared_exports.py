"""Real exports, where there are any beside the project: what a person counted in them comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.export_texts import check
from bench.exports import Score, score

EXPORTS = Path(__file__).resolve().parents[4] / "shared" / "exports"
FEWER = {"nexis-txt": 1, "newsapi-json": 2, "wacz": 1, "warc": 1, "proquest-eml": -1}
"""What is no article, or one more: an empty document, '[Removed]', front pages, a mail of two articles."""


@pytest.fixture(scope="module")
def scores() -> dict[str, Score]:
    if not (EXPORTS / "SOURCES.tsv").is_file():
        pytest.skip("there are no real exports in ../shared/exports")
    return score(EXPORTS)


def test_every_article_of_real_exports_is_read_and_none_invented(scores: dict[str, Score]) -> None:
    differs = {kind: one.expected - one.read for kind, one in scores.items() if one.expected != one.read}
    assert differs == FEWER


def test_headlines_and_dates_of_real_exports_are_those_that_a_person_noted(scores: dict[str, Score]) -> None:
    # what differs are notes of something else, see bench/EXPORTS.md
    for what, share in (("title", 0.95), ("outlet", 1.0), ("date", 0.97), ("byline", 1.0)):
        noted = sum(one.facts[what] for one in scores.values())
        assert noted >= 3
        assert sum(one.right[what] for one in scores.values()) >= share * noted, what


def test_no_furniture_is_in_the_texts_of_real_exports(scores: dict[str, Score]) -> None:
    assert sum(one.furniture for one in scores.values()) == 0


def test_the_texts_of_real_exports_are_whole_and_of_nothing_but_the_file(scores: dict[str, Score]) -> None:
    counts, _ = check(EXPORTS)
    assert sum(right for _, right in counts.values()) >= 0.97 * sum(texts for texts, _ in counts.values())
