"""A press of two centuries is shown from its first day on: charts, filters, words and links."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from dashboard.preview import picture
from dashboard.session.state import State
from dashboard.session.store import LoadedVersion
from dashboard.session.view import View
from dashboard.views.volume import figure
from pressgauge.search.index import in_memory
from pressgauge.snapshot import take

DAYS = [
    "1700-01-01",
    "1789-07-14",
    "1912-04-15",
    "1912-04-16",
    "1969-12-31",
    "1970-01-01",
    "2025-01-20",
    None,
]


@pytest.fixture(scope="module")
def state(loaded: LoadedVersion) -> State:
    n = len(DAYS)
    articles = pd.DataFrame({
        "id": range(n), "outlet": pd.Categorical(["Post", "Times"] * 4),
        "country": pd.Categorical(["GB"] * n),
        "language": pd.Categorical(["en"] * n), "title": ["open weights"] * n, "text": ["open weights"] * n,
        "published": pd.to_datetime(pd.Series(DAYS), utc=True).astype("datetime64[us, UTC]"),
        "published_precision": pd.Categorical(["day"] * n), "published_from": pd.Categorical(["feed"] * n),
        "collected": pd.to_datetime(["2026-01-01"] * n, utc=True).as_unit("us"), "story": range(n),
        "partial": pd.Categorical([None] * n), "published_confidence": pd.array([97] * n, dtype="Int32"),
    })  # fmt: skip
    snapshot = take(articles, in_memory(articles, version=3), loaded.snapshot.topics)
    return State(loaded=replace(loaded, snapshot=snapshot, _members={}, _views={}, _lines={}, _selective={}))


def test_the_chart_goes_from_the_first_article_to_the_last(state: State) -> None:
    state.go(everything=True)
    drawn = [point for trace in json.loads(figure(state))["data"] for point in trace.get("x", ())]
    assert (min(drawn)[:10], max(drawn)[:10]) == ("1699-12-28", "2025-01-20")  # by weeks


def test_a_filter_ends_on_the_day_before_1970(state: State) -> None:
    state.go(everything=True, since=date(1789, 7, 14), until=date(1969, 12, 31))
    assert int(state.keep().sum()) == 4
    assert View.from_query(state.view.to_query()) == state.view


def test_the_picture_of_the_first_page_goes_from_the_first_week_to_the_last(state: State) -> None:
    state.go(everything=True, since=None, until=None)
    assert "from 28 Dec 1699 to 20 Jan 2025" in picture(state)
