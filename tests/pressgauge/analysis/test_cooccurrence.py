"""Co-mentions agree with counting pairs by hand."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressgauge.analysis import comentions, comentions_over_time, volume
from pressgauge.analysis.periods import local_days
from pressgauge.schema import NO_DAY
from tests.examples import examples


@settings(max_examples=examples(40))
@given(st.integers(0, 10_000), st.integers(1, 60), st.sampled_from(["articles", "stories"]))
def test_pairs_agree_with_a_naive_reference(frames, seed, n, unit):
    articles, membership = frames(seed, n)
    counted = articles["story" if unit == "stories" else "id"]
    table = comentions(articles, membership, unit=unit).set_index(["first", "second"])
    total = counted.nunique()
    for one, other in combinations(membership, 2):
        sets = [set(counted[membership[name]]) for name in (one, other)]
        row = table.loc[(one, other)]
        both = len(sets[0] & sets[1])
        expected = len(sets[0]) * len(sets[1]) / total
        assert row[["n_first", "n_second", "together", "collected"]].tolist() == [
            *map(len, sets),
            both,
            total,
        ]
        assert row["expected"] == pytest.approx(expected)
        if both:
            assert row["pmi"] == pytest.approx(np.log2(both / expected))
            assert -1 <= row["npmi"] <= 1 + 1e-12


def test_none_together_may_be_chance_where_few_are_expected_and_is_not_where_many_are() -> None:
    n = 1_000
    articles = pd.DataFrame({"id": range(n)})
    row = np.arange(n)
    membership = pd.DataFrame(
        {
            "few": row < 10,
            "fewer": (row >= 10) & (row < 20),
            "many": row < 500,
            "others": row >= 500,
            "none": row < 0,
            "most": row < 800,
            "among most": (row < 498) | (row >= 898),
        }
    )
    table = comentions(articles, membership).set_index(["first", "second"])
    assert table.loc[("few", "fewer"), ["together", "expected", "chance"]].tolist() == [0, 0.1, True]
    assert table.loc[("many", "others"), ["together", "expected", "chance"]].tolist() == [0, 250, False]
    assert table.loc[("few", "many"), ["together", "expected", "chance"]].tolist() == [10, 5, False]
    assert table.loc[("most", "among most"), ["together", "expected", "chance"]].tolist() == [498, 480, False]
    assert not table.loc[("few", "none"), "chance"]  # of an empty series nothing is known


@pytest.mark.parametrize("unit", ["articles", "stories"])
def test_each_period_is_counted_as_if_it_were_alone(frames, unit):
    articles, membership = frames(6, 200)
    table = comentions_over_time(articles, membership, freq="W", unit=unit, tz="Asia/Tokyo")
    weeks = volume(articles, membership, freq="W", tz="Asia/Tokyo")
    weeks = weeks[weeks["series"] == "open"]
    assert table["period"].drop_duplicates().tolist() == weeks["period"].tolist()
    assert table["until"].drop_duplicates().tolist() == weeks["until"].tolist()
    day = local_days(articles, "Asia/Tokyo")
    first = ((weeks["period"].dt.tz_localize(None) - pd.Timestamp(0)).dt.days).tolist()
    for at, start in enumerate(first):
        alone = comentions(articles, membership, unit=unit, keep=(day >= start) & (day < start + 7))
        mine = table.iloc[3 * at : 3 * at + 3].reset_index(drop=True)
        pd.testing.assert_frame_equal(mine[alone.columns], alone)


def test_periods_add_up_to_the_whole(frames):
    articles, membership = frames(5, 60)
    dated = (articles["day"] > NO_DAY).to_numpy()
    whole = comentions(articles, membership, keep=dated)
    parts = (
        comentions_over_time(articles, membership, freq="M")
        .groupby(["first", "second"], observed=True)["together"]
        .sum()
    )
    assert parts.tolist() == whole["together"].tolist()
    assert comentions_over_time(articles, membership, keep=np.zeros(60, dtype=bool)).empty
