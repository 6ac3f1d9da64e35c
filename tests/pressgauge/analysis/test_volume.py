"""Volume agrees with plain pandas, whatever the unit, period, zone and filter."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressgauge.analysis import compare, presence, rolling, volume
from pressgauge.analysis.intervals import wilson
from pressgauge.schema import NO_DAY
from tests.examples import examples

ZONES = ("UTC", "America/New_York", "Asia/Tokyo")
ALIAS = {"D": "D", "W": "W-SUN", "M": "M", "Y": "Y"}


def naive(articles, membership, freq, unit, tz, keep):
    """n and collected by (series, first day of the period), with pandas' own periods."""
    local = articles["published"].dt.tz_convert(tz).dt.tz_localize(None)
    utc = articles["published"].dt.tz_localize(None)
    local = local.where(articles["published_precision"] != "day", utc)
    start = local.dt.to_period(ALIAS[freq]).dt.start_time
    counted = articles["story"] if unit == "stories" else articles["id"]
    found = {}
    for name in membership:
        rows = keep & membership[name].to_numpy()
        for at, ids in counted[rows].groupby(start[rows]):
            found[name, at.date()] = ids.nunique()
    collected = {at.date(): ids.nunique() for at, ids in counted[keep].groupby(start[keep])}
    return found, collected


@settings(max_examples=examples(60))
@given(
    st.integers(0, 10_000),
    st.integers(1, 80),
    st.sampled_from("DWMY"),
    st.sampled_from(["articles", "stories"]),
    st.sampled_from(ZONES),
)
def test_counts_agree_with_a_naive_reference(frames, seed, n, freq, unit, tz):
    articles, membership = frames(seed, n)
    keep = np.random.default_rng(seed).random(n) < 0.8
    table = volume(articles, membership, freq=freq, unit=unit, tz=tz, keep=keep)
    found, collected = naive(articles, membership, freq, unit, tz, keep)
    made = {(row.series, row.period.date()): row.n for row in table.itertuples() if row.n}
    assert made == found
    assert {row.period.date(): row.collected for row in table.itertuples() if row.collected} == collected
    assert str(table["period"].dt.tz) == tz


@pytest.mark.parametrize(
    ("tz", "day"),
    [
        ("Europe/Berlin", "2025-03-30"),  # 23 hours
        ("Europe/Berlin", "2025-10-26"),  # 25 hours
        ("America/New_York", "2025-03-09"),
        ("America/Santiago", "2025-09-07"),  # has no midnight: clocks go from 24:00 to 01:00
        ("America/Havana", "2025-11-02"),  # has the hour after midnight twice
        ("Asia/Kolkata", "2025-06-01"),
    ],
)
def test_days_are_the_reader_s_where_clocks_change(tz, day):
    moments = pd.date_range(
        pd.Timestamp(day) - pd.Timedelta(days=2), periods=24 * 6 * 5, freq="10min", tz="UTC"
    )
    articles = pd.DataFrame(
        {"published": moments.as_unit("us"), "outlet": pd.Categorical(["A"] * len(moments))}
    )
    table = volume(articles, pd.DataFrame({"x": np.ones(len(moments), dtype=bool)}), freq="D", tz=tz)
    zone = ZoneInfo(tz)
    expected = Counter(moment.to_pydatetime().astimezone(zone).date() for moment in moments)
    assert {row.period.date(): row.n for row in table.itertuples()} == expected
    assert table["period"].is_monotonic_increasing and table["period"].is_unique
    for start in table["period"]:
        assert (start - pd.Timedelta(minutes=1)).date() < start.date(), "a day begins at its first moment"


def test_undated_stories_are_counted_once_each(frames):
    articles, membership = frames(2, 80)
    table = volume(articles, membership, unit="stories")
    for name in membership:
        of = articles.loc[membership[name] & articles["published"].isna(), "story"]
        assert (table.loc[table["series"] == name, "undated"] == of.nunique()).all()


def test_missing_periods_are_zeros_and_their_share_is_unknown(frames):
    articles, membership = frames(1, 40)
    keep = (
        articles["day"]
        .isin([articles["day"].max(), articles.loc[articles["day"] > NO_DAY, "day"].min()])
        .to_numpy()
    )
    table = volume(articles, membership, freq="D", keep=keep)
    days = table.loc[table["series"] == "open", "period"].dt.tz_localize(None)
    assert list(days) == list(pd.date_range(days.iloc[0], days.iloc[-1], freq="D"))
    between = table[table["collected"] == 0]
    assert len(between) and (between["n"] == 0).all() and between["share"].isna().all()


def test_unknown_dates_are_counted_apart(frames):
    articles, membership = frames(2, 80)
    table = volume(articles, membership, freq="M")
    for name in membership:
        rows = table[table["series"] == name]
        assert rows["n"].sum() + rows["undated"].iloc[0] == membership[name].sum()


def test_the_ends_of_the_axis_are_partial_and_the_middle_is_not(frames):
    articles, membership = frames(3, 80)
    table = volume(articles, membership, freq="M")
    months = table[table["series"] == "open"].set_index(
        table["period"].dt.strftime("%Y-%m")[: table["series"].eq("open").sum()]
    )
    assert months["partial"].to_dict() == {"2024-12": True, "2025-01": False, "2025-02": True}
    assert months.loc["2025-01", "until"].date() == date(2025, 1, 31)


def test_a_day_on_which_articles_were_still_being_collected_is_partial(frames):
    articles, membership = frames(3, 80)
    last = articles["published"].max()
    table = volume(articles.assign(collected=last), membership, freq="D")
    assert table[table["series"] == "open"]["partial"].tolist()[-2:] == [False, True]


def test_a_frame_without_dated_articles_gives_no_periods(frames):
    articles, membership = frames(4, 10)
    assert volume(articles, membership, keep=np.zeros(10, dtype=bool)).empty


def test_wrong_periods_and_units_are_named(frames):
    articles, membership = frames(4, 10)
    with pytest.raises(ValueError, match=r'freq is .Q.; expected .*"M" or "Y"'):
        volume(articles, membership, freq="Q")
    with pytest.raises(ValueError, match="unit is 'words'"):
        volume(articles, membership, unit="words")


@settings(max_examples=examples(25))
@given(st.integers(0, 10_000), st.integers(1, 60))
def test_presence_agrees_with_a_naive_reference(frames, seed, n):
    articles, _ = frames(seed, n)
    articles["outlet"] = articles["outlet"].where(np.arange(n) % 7 > 0)  # some have no known outlet
    table = presence(articles).set_index("outlet") if (articles["day"] > NO_DAY).any() else presence(articles)
    dated = articles[(articles["day"] > NO_DAY) & articles["outlet"].notna()]
    assert set(table.index) == set(dated["outlet"].dropna())
    for outlet, rows in dated.groupby("outlet", observed=True):
        days = sorted(set(rows["day"]))
        marks = [dated["day"].min() - 1, *days, dated["day"].max() + 1]
        mine = table.loc[outlet]
        assert mine["n"] == len(rows)
        assert mine["silence"] == max(b - a - 1 for a, b in pairwise(marks))
        assert mine["first"] == pd.Timestamp(days[0], unit="D", tz="UTC")
        assert mine["last"] == pd.Timestamp(days[-1], unit="D", tz="UTC")


def test_an_article_of_no_known_outlet_is_never_of_one_that_is_there_throughout(frames):
    articles, membership = frames(1, 200)
    articles["outlet"] = articles["outlet"].where(np.arange(200) % 2 > 0)
    table = volume(articles, membership, freq="M", balanced=True)
    named = (articles["outlet"].notna() & (articles["day"] > NO_DAY)).to_numpy()
    assert table.loc[table["series"] == "open", "collected"].sum() == named.sum()


def test_wilson_gives_the_published_interval_of_15_in_148():
    low, high = wilson([15, 0, 0], [148, 20, 0])  # first: Newcombe 1998, table I, method 3: 81/263 and 15/148
    assert (low[0], high[0]) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert (low[1], high[1]) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert np.isnan([low[2], high[2]]).all()


def test_the_rolling_mean_divides_sums_and_waits_for_enough_periods():
    table = pd.DataFrame(
        {
            "series": pd.Categorical(["a"] * 3 + ["b"] * 3),
            "n": [1, 2, 3, 0, 0, 9],
            "collected": [10, 10, 40, 1, 0, 9],
        }
    )
    made = rolling(table, 2)
    assert made["n_mean"].fillna(-1).tolist() == [-1, 1.5, 2.5, -1, 0, 4.5]
    assert made["share_mean"].fillna(-1).tolist() == [-1, 0.15, 0.1, -1, 0, 1]


def test_two_spans_are_compared_with_newcombes_interval():
    days = [0] * 70 + [10] * 80
    articles = pd.DataFrame(
        {"day": np.array(days, dtype=np.int32), "outlet": pd.Categorical(["A"] * 150), "story": range(150)}
    )
    member = np.r_[np.arange(70) < 56, np.arange(80) < 48]  # 56/70 against 48/80: Newcombe 1998, table II (a)
    span = (date(1970, 1, 1), date(1970, 1, 1)), (date(1970, 1, 11), date(1970, 1, 11))
    row = compare(articles, pd.DataFrame({"x": member}), *span).iloc[0]
    assert (row["n_first"], row["n_second"], row["change"]) == (56, 48, pytest.approx(-0.2))
    assert (row["low"], row["high"]) == pytest.approx((-0.3339, -0.0524), abs=5e-5)


def test_an_outlet_that_joins_late_is_marked_and_left_out_when_balanced():
    days = np.r_[np.arange(0, 200), np.arange(100, 200)]
    outlet = pd.Categorical(["Old"] * 200 + ["New"] * 100)
    articles = pd.DataFrame({"day": days.astype(np.int32), "outlet": outlet, "story": np.arange(300)})
    marks = presence(articles).set_index("outlet")
    assert marks["starts"].to_dict() == {"New": True, "Old": False}
    assert not marks["stops"].any()
    assert marks.loc["New", "first"] == pd.Timestamp("1970-04-11", tz="UTC")
    keep = np.ones(300, dtype=bool)
    table = volume(
        articles, pd.DataFrame({"x": np.ones(300, dtype=bool)}), freq="D", keep=keep, balanced=True
    )
    assert table["n"].tolist() == [1] * 200
    assert keep.all(), "the caller's array is left alone"
