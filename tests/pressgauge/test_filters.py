"""Filters: which articles count, and which stand behind a number."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pressgauge.errors import ArgumentError
from pressgauge.filters import Filters, behind, let_through, within
from pressgauge.schema import NO_DAY
from pressgauge.store.dataset import Dataset

ALL = np.ones(6, dtype=bool)


@pytest.fixture
def articles() -> pd.DataFrame:
    published = pd.to_datetime(
        [
            "2025-01-20 08:00",
            "2025-01-20 09:00",
            "2025-01-21 00:00",
            None,
            "2025-02-01 00:00",
            "2025-01-19 23:59",
        ],
        utc=True,
    ).as_unit("us")
    day = [20108, 20108, 20109, NO_DAY, 20120, 20107]
    return pd.DataFrame({
        "outlet": pd.Categorical(["Wired", "BBC", "Wired", "BBC", "Wired", "BBC"]),
        "published": published,
        "day": np.array(day, dtype="int32"),
        "story": [1, 1, 3, 1, 5, 6],
    })  # fmt: skip


def test_a_range_of_days_includes_both_ends_and_no_undated_article(articles: pd.DataFrame) -> None:
    inside = within(articles, date(2025, 1, 20), date(2025, 1, 21))
    assert inside.tolist() == [True, True, True, False, False, False]


def test_a_half_open_range_still_excludes_undated_articles(articles: pd.DataFrame) -> None:
    assert within(articles, None, date(2025, 1, 20)).tolist() == [True, True, False, False, False, True]


def test_the_articles_behind_a_number_are_newest_first_and_undated_last(articles: pd.DataFrame) -> None:
    assert behind(articles, None, keep=ALL).tolist() == [4, 2, 1, 0, 5, 3]


def test_a_clicked_bar_holds_its_series_outlet_and_days(articles: pd.DataFrame) -> None:
    member = np.array([True, True, False, True, True, True])
    day = date(2025, 1, 20)
    assert behind(articles, member, keep=ALL, since=day, until=day, outlet="BBC").tolist() == [1]


def test_counting_stories_opens_the_earliest_article_of_each(articles: pd.DataFrame) -> None:
    assert behind(articles, None, keep=ALL, unit="stories").tolist() == [4, 2, 0, 5]


def test_a_story_opens_all_its_articles(articles: pd.DataFrame) -> None:
    assert behind(articles, None, keep=ALL, story=1).tolist() == [1, 0, 3]


def test_an_outlet_that_is_unknown_has_no_articles(articles: pd.DataFrame) -> None:
    assert len(behind(articles, None, keep=ALL, outlet="nobody")) == 0


def test_filters_can_be_written_as_code_and_read_back() -> None:
    filters = Filters(since=date(2025, 1, 20), outlets=("Le Monde", 'a"b'), query='"open weights"')
    assert eval(filters.as_code(), {"Filters": Filters, "date": date}) == filters
    assert Filters().as_code() == "Filters()"


def test_a_chart_can_ignore_the_filter_of_its_own_dimension() -> None:
    assert Filters(outlets=("BBC",), query="x").without("outlets") == Filters(query="x")


def test_articles_of_which_only_the_title_is_known_can_be_left_out(articles: pd.DataFrame) -> None:
    partial = pd.Categorical([None, "title_only", "feed", None, "title_only", "paywall"])
    titles = articles.assign(partial=partial)
    assert let_through(titles, Filters(with_text=True)).tolist() == [True, False, True, True, False, True]
    assert let_through(titles, Filters()).all()
    assert Filters(with_text=True).as_code() == "Filters(with_text=True)"


def test_articles_with_a_doubtful_date_can_be_left_out_and_one_that_nobody_judged_stays(
    articles: pd.DataFrame,
) -> None:
    sure = articles.assign(published_confidence=pd.array([59, 60, None, 99, None, 50], dtype="Int32"))
    assert let_through(sure, Filters(sure_dates=True)).tolist() == [False, True, True, True, True, False]
    assert let_through(sure, Filters()).all()
    assert Filters(sure_dates=True).as_code() == "Filters(sure_dates=True)"


def test_search_and_compare_leave_them_out_of_what_is_found_and_of_what_shares_are_of(tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "coverage")
    frame = pd.DataFrame({"url": [f"https://a.example/{n}" for n in range(5)], "title": "Open weights"})
    frame = frame.assign(outlet="A", published=pd.Timestamp("2025-01-20", tz="UTC"))
    frame["text"] = [None, None, *[f"The weights of model {n}." for n in range(3)]]
    frame["partial"] = ["title_only", "title_only", None, None, None]
    frame["published_confidence"] = [None, 50, 55, 60, None]
    dataset.append(frame)
    assert (len(dataset.search("weights")), len(dataset.search("weights", with_text=True))) == (5, 3)
    assert len(dataset.compare("weights", "open", with_text=True)) == 3
    assert len(dataset.search("weights", sure_dates=True)) == 3
    assert len(dataset.compare("weights", "open", with_text=True, sure_dates=True)) == 2
    volume = dataset.search("weights", with_text=True).volume(freq="D")
    assert volume["collected"].tolist() == [3]


@pytest.mark.parametrize("name", ["outlets", "countries", "languages"])
def test_one_text_in_place_of_a_tuple_is_refused_and_not_taken_for_its_letters(name: str) -> None:
    with pytest.raises(ArgumentError, match=rf"expected a tuple of texts: {name}=\('en',\)"):
        Filters(**{name: "en"})


@pytest.mark.parametrize(
    "day",
    ["2025-01-20", "2025-01-20T23:00:00", pd.Timestamp("2025-01-21T00:30", tz="Europe/Berlin")],
)
def test_a_day_is_taken_as_text_and_as_a_moment(day: object) -> None:
    assert Filters(since=day) == Filters(since=date(2025, 1, 20))


@pytest.mark.parametrize("day", ["20 Jan 2025", 20250120, pd.NaT])
def test_what_is_no_day_is_refused_with_what_one_is(day: object) -> None:
    with pytest.raises(ArgumentError, match=r"until is .*; expected a day"):
        Filters(until=day)
