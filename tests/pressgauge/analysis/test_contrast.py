"""Two sets of articles side by side, against numbers written out and naive references."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from pressgauge.analysis import aligned, compare, contrast, contrast_by, contrast_speakers, pace, steadiness
from pressgauge.analysis.intervals import difference
from pressgauge.schema import NO_DAY


def press(days: list[int], outlets: list[str], stories: list[int] | None = None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "day": np.array(days, dtype=np.int32),
            "outlet": pd.Categorical(outlets),
            "story": stories or list(range(len(days))),
        }
    )


def test_a_difference_of_independent_shares_has_newcombes_interval():
    change, low, high = difference([56], [70], [48], [80])  # Newcombe 1998, table II (a), the other way round
    assert (change[0], low[0], high[0]) == pytest.approx((-0.2, -0.3339, -0.0524), abs=5e-5)


def test_shares_of_nothing_have_no_difference():
    assert np.isnan(difference(0, 0, 1, 2)).all()


def test_the_more_articles_two_sides_share_the_narrower_is_the_interval_of_their_difference():
    widths = [
        float(high - low) for _, low, high in (difference(40, 100, 50, 100, n) for n in (0, 50, 90, 100))
    ]
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < widths[0] / 4


def test_the_interval_of_overlapping_sides_covers_the_true_difference_as_often_as_it_says():
    rng = np.random.default_rng(7)
    true = rng.random((2_000, 300)) < 0.3  # articles 0 to 199 are on the first side, 100 to 299 on the second
    n_first, n_second = true[:, :200].sum(axis=1), true[:, 100:].sum(axis=1)
    _, low, high = difference(n_first, 200, n_second, 200, 100)
    assert np.mean((low <= 0) & (high >= 0)) == pytest.approx(0.95, abs=0.015)


def test_an_article_on_both_sides_counts_on_both():
    articles = press([0, 0, 1, 1], ["A", "A", "B", "B"])
    first, second = np.array([True, True, True, False]), np.array([False, True, True, True])
    row = contrast(articles, pd.DataFrame({"x": [True, False, True, True]}), first, second).iloc[0]
    counted = ("n_first", "collected_first", "n_second", "collected_second")
    assert [row[name] for name in counted] == [2, 3, 2, 3]


def test_a_story_counts_once_on_a_side():
    articles = press([0, 0, 1, 1], ["A", "B", "A", "B"], [1, 1, 1, 2])
    first = np.array([True, True, False, False])
    row = contrast(articles, pd.DataFrame({"x": [True] * 4}), first, ~first, unit="stories").iloc[0]
    assert (row["n_first"], row["n_second"]) == (1, 2)


def test_spans_that_share_a_day_are_refused():
    articles = press([0], ["A"])
    with pytest.raises(ValueError, match="overlap"):
        compare(
            articles,
            pd.DataFrame({"x": [True]}),
            (date(1970, 1, 1), date(1970, 1, 5)),
            (date(1970, 1, 5), date(1970, 1, 9)),
        )


def test_outlets_are_told_by_their_part_of_each_side():
    articles = press([0] * 4 + [9] * 4, ["A", "A", "A", "B", "A", "B", "B", "C"])
    first = np.arange(8) < 4
    table = contrast_by(articles, first, ~first).set_index("outlet")
    assert table.index.tolist() == ["A", "B", "C"]
    assert table["n_first"].tolist() == [3, 1, 0] and table["n_second"].tolist() == [1, 2, 1]
    assert table["change"].tolist() == pytest.approx([-0.5, 0.25, 0.25])
    assert (table["low"] <= table["change"]).all() and (table["change"] <= table["high"]).all()


def test_a_speaker_of_one_side_only_has_none_on_the_other():
    def side(names: list[str], n: list[int], collected: int) -> pd.DataFrame:
        return pd.DataFrame({"speaker": names, "n": n, "collected": collected, "unit": "articles"})

    table = contrast_speakers(side(["Ada", "Bo"], [6, 1], 10), side(["Cy", "Ada"], [3, 2], 20))
    assert table[["speaker", "n_first", "n_second"]].values.tolist() == [
        ["Ada", 6, 2],
        ["Cy", 0, 3],
        ["Bo", 1, 0],
    ]
    assert table["change"].tolist() == pytest.approx([0.1 - 0.6, 0.15, -0.1])
    empty = side([], [], 0)
    assert contrast_speakers(empty, empty).empty


def test_a_days_numbers_are_compared_by_welchs_interval():
    from scipy.stats import ttest_ind

    counts = [3, 0, 2, 5, 1], [4, 6, 9, 5, 8, 7, 6]
    days = [day for day, n in enumerate(counts[0] + counts[1]) for _ in range(n)]
    articles = press(days, ["A"] * len(days))
    sides = np.array(days) < 5, np.array(days) >= 5
    row = pace(
        articles, pd.DataFrame({"x": [True] * len(days)}), *sides, (np.arange(5), np.arange(5, 12))
    ).iloc[0]
    expected = ttest_ind(counts[1], counts[0], equal_var=False).confidence_interval(0.95)
    assert (row["daily_first"], row["daily_second"]) == pytest.approx((2.2, 45 / 7))
    assert (row["low"], row["high"]) == pytest.approx((expected.low, expected.high))


def test_of_a_single_day_no_interval_is_told():
    articles = press([0, 0, 1], ["A"] * 3)
    sides = np.array([True, True, False]), np.array([False, False, True])
    row = pace(articles, pd.DataFrame({"x": [True] * 3}), *sides, (np.array([0]), np.array([1]))).iloc[0]
    assert row["change"] == -1 and np.isnan(row["low"]) and np.isnan(row["high"])


def test_lines_are_laid_over_each_other_by_days_since_each_side_began():
    articles = press([10, 10, 12, 20, 21, 22], ["A"] * 6)
    first = np.array([True, True, True, False, False, False])
    table = aligned(
        articles,
        pd.DataFrame({"x": [True, False, True, True, True, False]}),
        first,
        ~first,
        (np.arange(10, 13), np.arange(20, 23)),
    )
    said = table[["side", "since", "n", "collected"]].values.tolist()
    # day 11 brought nothing at all: no point
    assert said == [
        ["first", 0, 1, 2], ["first", 2, 1, 1],
        ["second", 0, 1, 1], ["second", 1, 1, 1], ["second", 2, 0, 1],
    ]  # fmt: skip
    assert table["start"].iloc[-1] == pd.Timestamp("1970-01-23", tz="UTC")


def test_long_sides_are_counted_by_more_days_and_the_last_point_by_those_that_are_left():
    articles = press(list(range(100)), ["A"] * 100)
    every = np.ones(100, dtype=bool)
    table = aligned(
        articles, pd.DataFrame({"x": every}), every, ~every, (np.arange(100), np.array([], dtype=int))
    )
    assert set(table["length"][:-1]) == {7} and table["length"].iloc[-1] == 2
    assert table["n"].sum() == 100 and set(table["daily"]) == {1.0}


def test_everything_else_is_one_level():
    articles = press([0, 1, 2, 3, 4, 5], ["A"] * 6)
    first = np.isin(np.arange(6), [2, 3])
    days = np.array([2, 3]), np.array([0, 1, 4, 5])
    table = aligned(articles, pd.DataFrame({"x": [True] * 5 + [False]}), first, ~first, days)
    level = table[table["level"]]
    assert level[["side", "n", "collected", "length"]].values.tolist() == [["second", 3, 4, 4]]
    assert level["daily"].iloc[0] == 0.75


def test_outlets_that_stop_between_two_sides_are_left_out_of_what_is_compared():
    days = [*range(40), *range(20)]
    articles = press(days, ["Old"] * 40 + ["Gone"] * 20)
    found = steadiness(articles, np.ones(60, dtype=bool), (np.arange(20), np.arange(20, 40)))
    assert found.comparison == "steady" and found.outlets == 1
    assert found.moved[["outlet", "stops"]].values.tolist() == [["Gone", True]]
    assert found.rows is not None and found.rows.tolist() == [True] * 40 + [False] * 20


def test_outlets_that_the_filters_leave_nothing_of_are_neither_counted_nor_named():
    days = [*range(40), *range(40), *range(20), *range(20)]
    articles = press(days, ["Old"] * 40 + ["Other"] * 40 + ["Gone"] * 20 + ["Lost"] * 20)
    keep = articles["outlet"].isin(["Old", "Gone"]).to_numpy()
    found = steadiness(articles, keep, (np.arange(20), np.arange(20, 40)))
    assert found.comparison == "steady" and found.outlets == 1
    assert found.moved["outlet"].tolist() == ["Gone"]


def test_what_lies_between_two_sides_is_no_silence_of_an_outlet():
    days = [*range(30), *range(400, 430)]
    articles = press(days, ["A"] * 60)
    found = steadiness(articles, np.ones(60, dtype=bool), (np.arange(30), np.arange(400, 430)))
    assert found.comparison == "all" and found.moved.empty


def test_where_no_outlet_is_on_both_sides_nothing_compares():
    days = [*range(20), *range(20, 40)]
    articles = press(days, ["Old"] * 20 + ["New"] * 20)
    found = steadiness(articles, np.ones(40, dtype=bool), (np.arange(20), np.arange(20, 40)))
    assert (found.comparison, found.rows) == ("changed", None)
    assert NO_DAY not in days
