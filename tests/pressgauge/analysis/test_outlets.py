"""Outlet measures agree with plain pandas and with hand counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressgauge.analysis import concentration, firsts, lean, outlets


@settings(max_examples=40, deadline=None)
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


def test_three_articles_do_not_top_the_ranking_of_leans():
    outlet = ["Steady"] * 100 + ["Tiny"] * 3 + ["Other"] * 100
    first = np.r_[np.arange(100) < 85, [True] * 3, np.arange(100) < 20]
    articles = pd.DataFrame({"outlet": pd.Categorical(outlet), "story": range(203)})
    table = lean(articles, pd.DataFrame({"a": first, "b": ~first}), sides=("a", "b"))
    assert table["outlet"].tolist() == ["Steady", "Tiny", "Other"]
    tiny = table.set_index("outlet").loc["Tiny"]
    assert np.isinf(tiny["raw"]) and tiny["low"] < 0 < tiny["high"]
    assert table.set_index("outlet").loc["Steady", "low"] > 0


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
