"""The latest days against as many before, and the stories that most outlets carried."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from pressgauge.analysis.intervals import is_reportable
from pressgauge.analysis.summary import summarize
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


def press(*spans: tuple[str, int, int, int], open_from: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Articles of outlets that publish so many a day from one day to another (both included); every second
    one of those after `open_from` is about open-source AI."""
    rows = [(day, name) for name, first, last, n in spans for day in range(first, last + 1) for _ in range(n)]
    day = np.array([each for each, _ in rows], dtype=np.int32)
    articles = pd.DataFrame({
        "day": day + 20_000,
        "story": np.arange(len(day)),
        "outlet": pd.Categorical([name for _, name in rows]),
    })  # fmt: skip
    return articles, pd.DataFrame({"open": (np.arange(len(day)) % 2 == 0) & (day >= open_from)})


def test_a_window_is_compared_with_the_one_before_it() -> None:
    articles, membership = press(("Post", 0, 19, 6))
    summary = summarize(articles, membership, keep=np.ones(120, dtype=bool), days=10)
    assert summary is not None
    assert (summary.since, summary.until, summary.days) == (date(2024, 10, 14), date(2024, 10, 23), 10)
    assert (summary.collected, summary.comparison) == (60, "all")
    row = summary.change.loc["open"]
    assert (row["n_first"], row["n_second"], row["collected_first"], row["change"]) == (30, 30, 60, 0)
    assert row["reportable"]
    assert (summary.change.loc["", "n_first"], summary.change.loc["", "n_second"]) == (60, 60)


def test_the_margin_is_half_of_wilsons_interval(articles: pd.DataFrame, membership: pd.DataFrame) -> None:
    summary = summarize(articles, membership, keep=ALL, days=5)
    assert summary is not None
    # Wilson 1927 with z = 1.959964 for 4 of 5: 0.3755 to 0.9638.
    assert summary.series.loc["open", "margin"] == pytest.approx((0.96377 - 0.37553) / 2, abs=1e-4)


def test_a_share_of_few_is_not_told(articles: pd.DataFrame, membership: pd.DataFrame) -> None:
    summary = summarize(articles, membership, keep=ALL, days=5)
    assert summary is not None
    assert not summary.series.loc["open", "reportable"], "4 of 5"
    assert is_reportable([15, 50, 29, 900], [30, 100, 29, 1000]).tolist() == [False, True, False, True]


def test_stories_count_once_in_a_window(articles: pd.DataFrame, membership: pd.DataFrame) -> None:
    summary = summarize(articles, membership, keep=ALL, days=5, unit="stories")
    assert summary is not None
    assert summary.collected == 3
    assert summary.series.loc["open", "n"] == 2


def test_days_before_the_first_collected_one_are_not_taken_for_none() -> None:
    articles, membership = press(("Post", 0, 14, 4))
    summary = summarize(articles, membership, keep=np.ones(60, dtype=bool), days=10)
    assert summary is not None
    assert (summary.comparison, len(summary.change)) == ("uncollected", 0)


def test_days_before_the_filter_are_not_taken_for_none() -> None:
    articles, membership = press(("Post", 0, 59, 4))
    keep = articles["day"].to_numpy() >= 20_045
    summary = summarize(articles, membership, keep=keep, since=date(2024, 11, 18), days=30)
    assert summary is not None
    assert (summary.since, summary.days, summary.comparison) == (date(2024, 11, 18), 15, "outside")


def test_no_filter_but_that_of_dates_moves_the_window() -> None:
    articles, membership = press(("Post", 0, 59, 4), ("Echo", 0, 9, 4))
    for keep in (articles["outlet"] == "Echo", articles["outlet"] == "Post"):
        summary = summarize(articles, membership, keep=keep.to_numpy(), days=10)
        assert summary is not None
        assert summary.until == date(2024, 12, 2)
    summary = summarize(articles, membership, keep=keep.to_numpy(), until=date(2024, 11, 20), days=10)
    assert summary is not None
    assert (summary.since, summary.until) == (date(2024, 11, 11), date(2024, 11, 20))


def test_where_outlets_come_and_go_only_those_are_compared_that_were_there_throughout() -> None:
    """Echo stops in the middle, Times begins there: all falls and rises with them, the Post does not."""
    articles, membership = press(("Post", 0, 59, 4), ("Echo", 0, 29, 20), ("Times", 31, 59, 2))
    summary = summarize(articles, membership, keep=np.ones(len(articles), dtype=bool), days=30)
    assert summary is not None
    assert (summary.comparison, summary.steady) == ("steady", 1)
    assert (summary.started, summary.stopped) == (("Times",), ("Echo",))
    assert summary.collected == 30 * 4 + 29 * 2, "the latest days hold all that was collected"
    assert (summary.change.loc["", "n_first"], summary.change.loc["", "n_second"]) == (120, 120)


def test_an_outlet_without_articles_under_a_filter_has_not_stopped() -> None:
    articles, membership = press(("Post", 0, 59, 4), ("Echo", 0, 59, 4))
    echo_early = (articles["outlet"] == "Echo") & (articles["day"] < 20_030)
    keep = ((articles["outlet"] == "Post") | echo_early).to_numpy()
    summary = summarize(articles, membership, keep=keep, days=30)
    assert summary is not None
    assert (summary.comparison, summary.stopped) == ("all", ())


def test_where_no_outlet_stays_nothing_is_compared() -> None:
    articles, membership = press(("Echo", 0, 29, 4), ("Times", 30, 59, 4))
    summary = summarize(articles, membership, keep=np.ones(240, dtype=bool), days=30)
    assert summary is not None
    assert (summary.comparison, len(summary.change)) == ("changed", 0)


def test_without_a_dated_article_there_is_nothing_to_sum_up(
    articles: pd.DataFrame, membership: pd.DataFrame
) -> None:
    assert summarize(articles, membership, keep=(articles["day"] == NO_DAY).to_numpy()) is None
