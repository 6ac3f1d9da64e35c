"""Events of a frame: what belongs together in everybody's words."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import pressgauge
from pressgauge import cluster_events

GOLD = Path(__file__).resolve().parents[4] / "shared" / "events" / "dev.jsonl"

FIRE = [
    "Fire destroys the old harbour warehouse in Lisbon",
    "Lisbon: harbour warehouse lost to a fire overnight",
    "Overnight blaze: warehouse at Lisbon harbour destroyed",
]
RELEASE = [
    "Startup DeepSeek publishes the R1 model with open weights",
    "DeepSeek R1: open weights from a Chinese startup",
    "DeepSeek's R1 is free to download",
]
OTHER = ["Parliament votes on the pension bill", "Storm closes mountain passes", "Cup final ends in a draw"]


def frame(*titles: str, days: list[str] | None = None) -> pd.DataFrame:
    published = pd.to_datetime(days if days else ["2025-01-20"] * len(titles), utc=True)
    return pd.DataFrame({"title": list(titles), "published": published, "language": "en"})


def partition(event: pd.Series) -> list[list[int]]:
    return sorted(sorted(np.flatnonzero(event == number).tolist()) for number in set(event))


def test_articles_that_tell_of_one_thing_are_one_event_whatever_their_words() -> None:
    found = cluster_events(frame(*FIRE, *RELEASE, *OTHER))
    assert partition(found) == [[0, 1, 2], [3, 4, 5], [6], [7], [8]]


def test_the_order_of_the_rows_does_not_matter() -> None:
    articles = frame(*FIRE, *RELEASE, *OTHER)
    articles["id"] = np.arange(len(articles)) * 7919
    shuffled = articles.sample(frac=1, random_state=3)
    pd.testing.assert_series_equal(cluster_events(shuffled).sort_index(), cluster_events(articles))


def test_the_same_words_weeks_later_are_another_event() -> None:
    days = ["2025-01-20", "2025-01-21", "2025-03-20"]
    assert partition(cluster_events(frame(*FIRE, *OTHER, days=days + ["2025-01-20"] * 3)))[:2] == [
        [0, 1],
        [2],
    ]


def test_an_event_grows_over_days_as_long_as_there_is_news_of_it() -> None:
    days = [f"2025-01-{day}" for day in (20, 22, 24)]
    assert partition(cluster_events(frame(*RELEASE, *OTHER, days=days + ["2025-01-20"] * 3)))[0] == [0, 1, 2]


def test_copies_of_one_text_are_in_its_event_also_later() -> None:
    articles = frame(*FIRE, FIRE[0], *OTHER, days=["2025-01-20"] * 3 + ["2025-01-29"] + ["2025-01-20"] * 3)
    assert partition(cluster_events(articles))[:2] == [[0, 1, 2], [3]]
    articles["story"] = [1, 2, 3, 1, 5, 6, 7]
    assert partition(cluster_events(articles))[0] == [0, 1, 2, 3]


def test_an_article_of_unknown_date_shares_an_event_with_its_copies_only() -> None:
    articles = frame(*FIRE, FIRE[0], *OTHER)
    articles.loc[[1, 3], "published"] = pd.NaT
    assert partition(cluster_events(articles))[:3] == [[0, 2], [1], [3]]
    articles["story"] = [1, 2, 3, 1, 5, 6, 7]
    assert partition(cluster_events(articles))[:2] == [[0, 2, 3], [1]]


def test_articles_that_all_lack_a_date_are_taken_to_be_of_one_day() -> None:
    articles = frame(*FIRE, *RELEASE, *OTHER)
    undated = articles.assign(published=pd.NaT)
    assert partition(cluster_events(undated)) == partition(cluster_events(articles))


def test_an_event_is_named_by_the_id_of_one_of_its_articles() -> None:
    articles = frame(*FIRE, *OTHER).assign(id=[11, 12, 13, 21, 22, 23])
    found = cluster_events(articles)
    assert set(found[:3]) <= {11, 12, 13}
    assert found[3:].tolist() == [21, 22, 23]


def test_an_article_without_a_date_a_text_or_a_headline_has_an_event_too() -> None:
    articles = pd.DataFrame({"title": [None, "Fire", None], "published": [None, None, None]})
    assert cluster_events(articles).nunique() == 3
    assert cluster_events(articles.iloc[:0]).tolist() == []


def test_it_is_one_of_the_public_names() -> None:
    assert "cluster_events" in pressgauge.__all__


def bcubed(gold: list[str], found: list[int]) -> float:
    both = Counter(zip(gold, found, strict=True))
    of_gold, of_found = Counter(gold), Counter(found)
    precision = sum(n * n / of_found[event] for (_, event), n in both.items()) / len(gold)
    recall = sum(n * n / of_gold[event] for (event, _), n in both.items()) / len(gold)
    return 2 * precision * recall / (precision + recall)


@pytest.mark.slow
@pytest.mark.skipif(not GOLD.exists(), reason="the shared events are not there")
def test_the_mean_f1_on_the_annotated_sets_is_at_least_nine_in_ten() -> None:
    articles = pd.DataFrame(map(json.loads, GOLD.open(encoding="utf-8")))
    scores = [
        bcubed(group["event_id"].tolist(), cluster_events(group).tolist())
        for _, group in articles.groupby("set")
    ]
    assert np.mean(scores) >= 0.90
    headlines = [
        bcubed(group["event_id"].tolist(), cluster_events(group.drop(columns="text")).tolist())
        for _, group in articles.groupby("set")
    ]
    assert np.mean(headlines) >= 0.85
