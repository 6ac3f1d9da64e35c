"""Outlet measures agree with plain pandas and with hand counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressgauge.analysis import concentration, firsts, lean, outlets
from tests.examples import examples


@settings(max_examples=examples(40))
@given(
    st.integers(0, 10_000),
    st.integers(1, 60),
    st.sampled_from(["articles", "stories"]),
    st.sampled_from(["outlet", "country"]),
)
def test_counts_agree_with_a_naive_reference(frames, seed, n, unit, by):
    articles, membership = frames(seed, n)
    counted = "story" if unit == "stories" else "id"
    table = outlets(articles, membership, unit=unit, by=by)
    collected = articles.groupby(by, observed=True)[counted].nunique()
    for row in table.itertuples(index=False):
        of = articles[membership[row.series] & (articles[by] == row[0])]
        assert row.n == of[counted].nunique()
        assert row.collected == collected[row[0]]
    assert set(table[by]) == set(collected.index)
    voice = table.groupby("series", observed=True)["voice"].sum(min_count=1)
    assert voice["open"] == pytest.approx(1) or table.loc[table["series"] == "open", "n"].sum() == 0
    assert np.isnan(voice["never"])


def test_concentration_of_equal_outlets_is_their_number():
    table = pd.DataFrame({"series": pd.Categorical(["x"] * 4), "n": [5] * 4, "voice": [0.25] * 4})
    row = concentration(table).iloc[0]
    assert (row["outlets"], row["hhi"], row["effective"]) == (4, 0.25, 4)


def test_concentration_is_the_sum_of_squared_shares_of_voice():
    table = pd.DataFrame({"series": pd.Categorical(["x"] * 3), "n": [6, 4, 0], "voice": [0.6, 0.4, 0.0]})
    row = concentration(table).iloc[0]
    assert (row["outlets"], row["hhi"]) == (2, pytest.approx(0.52))


def test_three_articles_do_not_top_the_ranking_of_leans():
    outlet = ["Steady"] * 100 + ["Tiny"] * 3 + ["Other"] * 100
    first = np.r_[np.arange(100) < 85, [True] * 3, np.arange(100) < 20]
    articles = pd.DataFrame({"outlet": pd.Categorical(outlet), "story": range(203)})
    table = lean(articles, pd.DataFrame({"a": first, "b": ~first}), sides=("a", "b"))
    assert table["outlet"].tolist() == ["Steady", "Tiny", "Other"]
    tiny = table.set_index("outlet").loc["Tiny"]
    assert np.isinf(tiny["raw"]) and tiny["low"] < 0 < tiny["high"]
    assert table.set_index("outlet").loc["Steady", "low"] > 0


def test_the_lean_and_its_interval_follow_the_formula_written_out():
    outlet = ["A"] * 30 + ["B"] * 50
    first = np.r_[np.arange(30) < 20, np.arange(50) < 19]
    articles = pd.DataFrame({"outlet": pd.Categorical(outlet), "story": range(80)})
    row = lean(articles, pd.DataFrame({"a": first, "b": ~first}), sides=("a", "b"), prior=10).iloc[0]
    # 39 and 41 articles in all: the prior is 10 articles, 10 * 39.5 / 81 and 10 * 41.5 / 81
    a, b = 10 * 39.5 / 81, 10 * 41.5 / 81
    value = np.log((20 + a) / (10 + b)) - np.log(a / b)
    half = 1.959964 * np.sqrt(1 / (20 + a) + 1 / (10 + b))
    assert (row["outlet"], row["lean"]) == ("A", pytest.approx(value))
    assert (row["low"], row["high"]) == pytest.approx((value - half, value + half))
    assert row["raw"] == pytest.approx(np.log(20 / 10) - np.log(39 / 41))


def test_the_interval_of_an_average_outlet_holds_zero_nineteen_times_in_twenty():
    rng = np.random.default_rng(0)
    size = 400
    outlet = np.repeat(np.arange(size), 40)
    first = rng.random(len(outlet)) < 0.3
    articles = pd.DataFrame({"outlet": pd.Categorical(outlet), "story": range(len(outlet))})
    table = lean(articles, pd.DataFrame({"a": first, "b": ~first}), sides=("a", "b"))
    inside = ((table["low"] <= 0) & (table["high"] >= 0)).mean()
    assert inside >= 0.95, "shrinkage errs towards the average"


@settings(max_examples=examples(25))
@given(st.integers(0, 10_000), st.integers(1, 60))
def test_firsts_agree_with_a_naive_reference(frames, seed, n):
    articles, membership = frames(seed, n)
    articles["story"] = articles["story"] % 8
    table = firsts(articles, membership[["open"]])
    expected = {}
    for _, story in articles[membership["open"]].groupby("story"):
        unsure = story["published"].isna() | (story["published_precision"] == "day")
        if story["outlet"].nunique() < 2 or unsure.any():
            continue
        for outlet, of in story.groupby("outlet", observed=True):
            stories, first = expected.get(outlet, (0, 0))
            earliest = of["published"].min() == story["published"].min()
            expected[outlet] = stories + 1, first + earliest
    assert {row.outlet: (row.stories, row.first) for row in table.itertuples()} == expected


def test_the_first_on_a_story_is_the_earliest_and_stories_of_unsure_order_are_left_out():
    rows = [
        (1, "A", "2025-01-01 08:00", "second"),
        (1, "B", "2025-01-01 09:00", "second"),
        (2, "A", "2025-01-02 09:00", "second"),
        (2, "B", "2025-01-02 08:00", "second"),
        (3, "A", "2025-01-03 08:00", "second"),
        (3, "B", None, "second"),
        (4, "A", "2025-01-04", "day"),
        (4, "B", "2025-01-04 08:00", "second"),
        (5, "A", "2025-01-05 08:00", "second"),
        (6, "A", "2025-01-06 08:00", "second"),
        (6, "B", "2025-01-06 08:00", "second"),
    ]
    articles = pd.DataFrame(rows, columns=["story", "outlet", "published", "published_precision"])
    articles["published"] = pd.to_datetime(articles["published"], utc=True, format="ISO8601").astype(
        "datetime64[us, UTC]"
    )
    articles["outlet"] = articles["outlet"].astype("category")
    table = firsts(articles, pd.DataFrame({"x": np.ones(len(rows), dtype=bool)}))
    assert table[["outlet", "stories", "first"]].values.tolist() == [["A", 3, 2], ["B", 3, 2]]
