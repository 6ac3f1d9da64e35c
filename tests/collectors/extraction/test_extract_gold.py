"""The quality of extraction on judged real pages: a floor under what the bench measured."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from bench import gold

PAGES = 90
"""A seeded sample, to stay within seconds; the whole table is `make bench-extract`."""


@pytest.fixture(scope="module")
def sample(shared: Path) -> list[dict[str, Any]]:
    return random.Random(20240305).sample(gold.records(gold.NEUTRAL), PAGES)


@pytest.fixture(scope="module")
def ours(sample: list[dict[str, Any]]) -> dict[str, gold.Prediction]:
    return {record["id"]: gold.ours(gold.html(record), record["url"]) for record in sample}


def figures(sample: list[dict[str, Any]], predictions: dict[str, gold.Prediction]) -> dict[str, float]:
    return gold.scorer().score(sample, predictions)[0]


def test_real_pages_are_read_at_least_this_well(
    sample: list[dict[str, Any]], ours: dict[str, gold.Prediction]
) -> None:
    score = figures(sample, ours)
    assert score["tokF1"] >= 0.97
    assert score["shF1"] >= 0.965
    assert score["title"] >= 0.83
    assert score["date"] >= 0.97
    assert score["authF1"] >= 0.93


@pytest.mark.slow
@pytest.mark.parametrize("library", ["trafilatura", "resiliparse"])
def test_no_single_library_reads_the_text_better(
    library: str, sample: list[dict[str, Any]], ours: dict[str, gold.Prediction]
) -> None:
    reader = gold.READERS[library]
    theirs = {record["id"]: reader(gold.html(record), record["url"]) for record in sample}
    assert figures(sample, ours)["tokF1"] >= figures(sample, theirs)["tokF1"]


def test_no_real_article_is_refused(sample: list[dict[str, Any]]) -> None:
    from collectors.extraction.extract import extract

    refused = {record["id"]: extract(gold.html(record), record["url"]).refused for record in sample}
    assert {name: reason for name, reason in refused.items() if reason} == {}
