"""The latest days against as many before, and the stories that most outlets carried."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from pressgauge.analysis.summary import summarize
from pressgauge.analysis.top import top_stories
from pressgauge.schema import NO_DAY


@pytest.fixture
def articles() -> pd.DataFrame:
    """Ten days of one article a day, day 9 being 10 Jan 2025, then one without a date."""
    day = np.array([*range(20089, 20099), NO_DAY], dtype="int32")
    published = pd.to_datetime(pd.Series(np.where(day < 0, None, day.astype(object))), unit="D", utc=True)
    return pd.DataFrame({
        "day": day,
        "published": published.astype("datetime64[us, UTC]"),
        "story": [0, 1, 2, 3, 4, 5, 5, 5, 8, 9, 5],
        "outlet": pd.Categorical(["A", "B", "A", "B", "A", "A", "B", "C", "A", "B", "B"]),
        "title": [f"title {n}" for n in range(11)],
    })  # fmt: skip


@pytest.fixture
def membership() -> pd.DataFrame:
    return pd.DataFrame(
        {"open": [True] + [False] * 4 + [True] * 3 + [False, True, True], "none": [False] * 11}
    )


ALL = np.ones(11, dtype=bool)


def test_a_window_is_compared_with_the_one_before_it(
    articles: pd.DataFrame, membership: pd.DataFrame
) -> None:
    summary = summarize(articles, membership, keep=ALL, days=5)
    assert summary is not None
    assert (summary.since, summary.until) == (date(2025, 1, 6), date(2025, 1, 10))
    assert (summary.collected, summary.collected_before, summary.undated) == (5, 5, 1)
    row = summary.series.loc["open"]
    assert (row["n_second"], row["n_first"]) == (4, 1)
    assert (row["share_second"], row["share_first"]) == (0.8, 0.2)
    assert row["change"] == pytest.approx(0.6)


def test_the_margin_is_half_of_wilsons_interval(articles: pd.DataFrame, membership: pd.DataFrame) -> None:
    summary = summarize(articles, membership, keep=ALL, days=5)
    assert summary is not None
    # Wilson 1927 with z = 1.959964 for 4 of 5: 0.3755 to 0.9638.
    assert summary.series.loc["open", "margin"] == pytest.approx((0.96377 - 0.37553) / 2, abs=1e-4)


def test_stories_count_once_in_a_window(articles: pd.DataFrame, membership: pd.DataFrame) -> None:
    summary = summarize(articles, membership, keep=ALL, days=5, unit="stories")
    assert summary is not None
    assert summary.collected == 3
    assert summary.series.loc["open", "n_second"] == 2


def test_an_empty_window_before_gives_no_change(articles: pd.DataFrame, membership: pd.DataFrame) -> None:
    summary = summarize(articles, membership, keep=ALL, days=10)
    assert summary is not None
    assert summary.collected_before == 0
    assert np.isnan(summary.series.loc["open", "change"])


def test_without_a_dated_article_there_is_nothing_to_sum_up(
    articles: pd.DataFrame, membership: pd.DataFrame
) -> None:
    assert summarize(articles, membership, keep=(articles["day"] == NO_DAY).to_numpy()) is None


def test_the_top_story_is_the_one_most_outlets_carried(
    articles: pd.DataFrame, membership: pd.DataFrame
) -> None:
    top = top_stories(articles, membership, keep=ALL, limit=2)
    assert top["story"].tolist() == [5, 0]
    first = top.iloc[0]
    assert (first["title"], first["first_outlet"], first["outlets"], first["articles"]) == (
        "title 5",
        "A",
        3,
        4,
    )
    assert first["series"] == ("open",)


def test_no_story_of_the_series_gives_an_empty_table(
    articles: pd.DataFrame, membership: pd.DataFrame
) -> None:
    assert top_stories(articles, membership[["none"]], keep=ALL).empty
