"""What bitmaps count is what the measures of `analysis` count, and what a click on it opens."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressgauge import analysis, figures
from pressgauge.bitmaps.index import BitmapIndex
from pressgauge.bitmaps.tables import Tally
from pressgauge.filters import Filters, behind, kept_rows, let_through
from pressgauge.schema import NO_DAY
from tests.examples import examples
from tests.pressgauge.analysis.conftest import make

UNITS = st.sampled_from(["articles", "stories", "events"])
START = date(1969, 12, 1)
DAYS = st.none() | st.integers(0, 80).map(lambda n: START + timedelta(days=n))
FILTERS = st.builds(
    Filters,
    since=DAYS,
    until=DAYS,
    outlets=st.sets(st.sampled_from(["Post", "Times", "Echo", "None", "gone"])).map(tuple),
    countries=st.sets(st.sampled_from(["US", "DE"])).map(tuple),
    with_text=st.booleans(),
    sure_dates=st.booleans(),
)


def frames(seed: int, n: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Articles of two months from before 1970, with unknown outlets and countries, long stories."""
    articles, membership = make(3 * seed + 1, n)
    rng = np.random.default_rng(seed)
    articles["event"] = rng.integers(0, max(n // 20, 1), n)
    articles["story"] = rng.integers(0, max(n // 9, 1), n)
    articles["partial"] = pd.Categorical(rng.choice(["title_only", "paywall"], n))
    articles["published_confidence"] = pd.array(rng.integers(50, 70, n), dtype="Int32")
    for column in ("outlet", "country", "partial", "published_confidence"):
        articles[column] = articles[column].mask(rng.random(n) < 0.2)
    return articles, membership


@settings(max_examples=examples(100))
@given(st.integers(0, 5_000), st.integers(0, 400), FILTERS, UNITS, st.sampled_from("DWMY"), st.booleans())
def test_volume_its_chart_and_outlets_are_those_of_the_bool_arrays(seed, n, filters, unit, freq, share):
    articles, membership = frames(seed, n)
    keep, index = let_through(articles, filters), BitmapIndex(articles)
    series = {name: index.mask(membership[name].to_numpy()) for name in membership}
    ours = Tally(series, kept_rows(index, filters), unit)
    expected = analysis.volume(articles, membership, freq=freq, unit=unit, keep=keep)
    pd.testing.assert_frame_equal(ours.volume(freq), expected)
    if len(expected):  # a table without rows does not know its period
        drawn = figures.volume.json(ours.volume_columns(freq), share=share)
        assert drawn == figures.volume.json(expected, share=share)
    for by in ("outlet", "country"):
        expected = analysis.outlets(articles, membership, unit=unit, keep=keep, by=by)
        pd.testing.assert_frame_equal(ours.outlets(by), expected)
    sides = ("open", "closed")
    expected = analysis.lean(articles, membership, sides=sides, unit=unit, keep=keep)
    pd.testing.assert_frame_equal(ours.lean(sides), expected)


@settings(max_examples=examples(60))
@given(st.integers(0, 5_000), st.integers(1, 200), FILTERS, UNITS)
def test_a_total_is_the_number_of_articles_that_a_click_on_it_opens(seed, n, filters, unit):
    articles, membership = frames(seed, n)
    keep, index = let_through(articles, filters), BitmapIndex(articles)
    ours = Tally({}, kept_rows(index, filters), unit)
    since, until = date(1969, 12, 20), date(1970, 1, 9)
    opened = behind(articles, membership["open"].to_numpy(), keep=keep, since=since, until=until, unit=unit)
    days = index.days(since, until)
    assert ours.total(index.mask(membership["open"].to_numpy()) & days) == len(opened)
    assert ours.total() == len(behind(articles, None, keep=keep, unit=unit))


@settings(max_examples=examples(60))
@given(st.integers(0, 5_000), st.integers(1, 200), st.data())
def test_sets_are_joined_as_the_bool_arrays_are(seed, n, data):
    articles, membership = frames(seed, n)
    index = BitmapIndex(articles)
    known = {
        "open": membership["open"].to_numpy(),
        "closed": membership["closed"].to_numpy(),
        "post": (articles["outlet"] == "Post").to_numpy(dtype=bool),
        "dated": (articles["day"] > NO_DAY).to_numpy(),
    }
    rng = np.random.default_rng(seed)
    found = {name: rng.permutation(n)[: n // share] for name, share in (("few", 10), ("many", 2))}
    known |= {name: np.isin(np.arange(n), rows) for name, rows in found.items()}
    sets = {
        "open": index.mask(known["open"]),
        "closed": index.mask(known["closed"]),
        "post": index.values("outlet", ["Post"]),
        "dated": index.days(),
        **{name: index.found(rows) for name, rows in found.items()},
    }

    def joined(depth: int) -> tuple[np.ndarray, object]:
        how = data.draw(st.sampled_from(["and", "or", "without", "not"])) if depth else "one"
        if how == "one":
            name = data.draw(st.sampled_from(sorted(known)))
            return known[name], sets[name]
        (mask, rows), (other, others) = joined(depth - 1), joined(depth - 1)
        return {
            "and": lambda: (mask & other, rows & others),
            "or": lambda: (mask | other, rows | others),
            "without": lambda: (mask & ~other, rows - others),
            "not": lambda: (~mask, ~rows),
        }[how]()

    mask, rows = joined(3)
    assert rows.mask.tolist() == mask.tolist()
    for unit, counted in (("articles", "id"), ("stories", "story"), ("events", "event")):
        assert Tally({}, rows, unit).total() == articles.loc[mask, counted].nunique()


def test_more_outlets_than_are_asked_one_by_one_are_counted_the_same():
    articles, membership = make(1, 400)
    names = [f"Outlet {number}" for number in range(150)]
    articles["outlet"] = pd.Categorical.from_codes(np.arange(400) % 150, names)
    filters, index = Filters(outlets=tuple(names[:140])), BitmapIndex(articles)
    ours = Tally({"open": index.mask(membership["open"].to_numpy())}, kept_rows(index, filters))
    keep = let_through(articles, filters)
    pd.testing.assert_frame_equal(ours.volume(), analysis.volume(articles, membership[["open"]], keep=keep))


def test_an_unknown_period_is_refused():
    articles, _ = make(1, 5)
    with pytest.raises(ValueError, match='expected "D", "W", "M" or "Y"'):
        Tally({}, BitmapIndex(articles).all).volume("Q")
