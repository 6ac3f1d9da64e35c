"""What is told of an event: written-out expectations on a small press."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pressgauge import figures
from pressgauge.analysis import central, event_articles, event_sizes, events, spread, unreported

_ROWS = [
    # event, story, outlet, country, hour of 20 January, title
    (1, 1, "Post", "US", "08:10", "Fire destroys harbour warehouse in Lisbon"),
    (1, 1, "Wire", "GB", "08:50", "Fire destroys harbour warehouse in Lisbon"),
    (1, 3, "Echo", "FR", "10:05", "Blaze at Lisbon harbour warehouse kills two"),
    (2, 4, "Post", "US", "09:00", "Storm closes passes"),
    (3, 5, "Echo", "FR", None, None),
]


@pytest.fixture
def articles() -> pd.DataFrame:
    table = pd.DataFrame(_ROWS, columns=["event", "story", "outlet", "country", "hour", "title"])
    published = pd.to_datetime("2025-01-20 " + table["hour"], utc=True).dt.as_unit("us")
    return table.assign(
        id=np.arange(1, 6),
        outlet=table["outlet"].astype("category"),
        country=table["country"].astype("category"),
        language=pd.Categorical(["en"] * 5),
        canonical_url=[f"https://press.example/{number}" for number in range(1, 6)],
        published=published,
        day=np.where(published.isna(), -(2**31), 20_108).astype(np.int32),
    )


def test_events_are_listed_with_who_was_first_and_how_far_they_went(articles: pd.DataFrame) -> None:
    membership = pd.DataFrame({"fire": [True, True, False, False, False], "all": True})
    table = events(articles, membership)
    assert table["event"].tolist() == [1, 2, 3]
    first = table.iloc[0]
    assert (first["articles"], first["stories"], first["outlets"], first["countries"]) == (3, 2, 3, 3)
    assert (first["first_outlet"], first["title"]) == ("Post", "Fire destroys harbour warehouse in Lisbon")
    assert (first["series"], first["series_articles"]) == (("fire", "all"), (2, 3))
    assert (table["series"].iloc[1], table["series_articles"].iloc[1]) == (("all",), (1,))
    assert pd.isna(table["first"].iloc[2])
    assert events(articles, membership, limit=1)["event"].tolist() == [1]
    assert events(articles, membership[["fire"]], keep=np.zeros(5, dtype=bool)).empty


def test_the_sizes_of_all_events_are_those_of_the_list(articles: pd.DataFrame) -> None:
    membership = pd.DataFrame(
        {"fire": [True, True, False, False, False], "late": [False, False, True, False, True]}
    )
    keep = np.array([True, True, True, True, False])
    for kept in (None, keep):
        listed = events(articles, membership, keep=kept).set_index("event")["articles"]
        assert event_sizes(articles, membership, keep=kept).to_dict() == listed.to_dict()


def test_the_central_headline_shares_most_with_the_others() -> None:
    titles = ["Storm", "Fire at the harbour in Lisbon", None, "Lisbon harbour on fire", "Fire: three hurt"]
    assert central(titles, ["en"] * 5) == "Fire at the harbour in Lisbon"
    assert central([None, ""], ["en", "en"]) is None


def test_the_articles_of_an_event_are_in_order_each_with_words_of_its_own(articles: pd.DataFrame) -> None:
    table = event_articles(articles, 1)
    assert table["outlet"].tolist() == ["Post", "Wire", "Echo"]
    assert table["role"].tolist() == ["first", "copy", "own"]
    assert table["after"].tolist() == [pd.Timedelta(0), pd.Timedelta(minutes=40), pd.Timedelta(minutes=115)]
    assert table["words"].tolist()[0] == ("destroys",)  # fire is among the stop words
    assert table["words"].tolist()[2] == ("Blaze", "kills")
    with pytest.raises(KeyError, match="no event 9"):
        event_articles(articles, 9)


def test_an_event_spreads_by_the_hour(articles: pd.DataFrame) -> None:
    table = spread(articles, 1)
    assert table["articles"].tolist() == [2, 0, 1]
    assert table["outlets"].tolist() == [2, 0, 1]
    assert table["all_outlets"].tolist() == [2, 2, 3]
    assert spread(articles, 3).empty
    drawn = figures.spread(table)
    assert drawn.data[0].y == (2, 0, 1)
    assert "3 articles of 3 outlets" in drawn.layout.title.text
    assert figures.spread(spread(articles, 3)).data == ()


def test_events_are_drawn_from_their_first_article_to_their_last(articles: pd.DataFrame) -> None:
    table = events(articles, pd.DataFrame({"all": [True] * 5}))
    drawn = figures.events(table)
    assert [point["event"] for point in drawn.data[1].customdata] == [1, 2]
    assert drawn.data[0].x[:2] == ("2025-01-20 08:10:00", "2025-01-20 10:05:00")
    first, second = drawn.data[1].marker.size
    assert first > second
    assert "1 more" in str(drawn.layout.annotations)
    assert figures.events(table.head(0)).data == ()


def press() -> pd.DataFrame:
    """Ten events, a day apart. A and B report all, C all but the last, D one in five, E came after them."""
    rows = [(event, outlet, event) for event in range(10) for outlet in "AB"]
    rows += [(event, "C", event) for event in range(9)] + [(event, "D", event) for event in (0, 5)]
    rows += [(50, "C", 30), (50, "D", 30), (50, "E", 30), (60, "E", 31)]
    table = pd.DataFrame(rows, columns=["event", "outlet", "day"])
    return table.assign(
        outlet=table["outlet"].astype("category"), day=(table["day"] + 20_000).astype(np.int32)
    )


def test_who_usually_reports_such_events_and_did_not_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    table = unreported(press(), 9)
    assert table["outlet"].tolist() == ["C"]
    assert (table["reported"].item(), table["comparable"].item()) == (10, 10)
    assert table["expected"].item() == 1.0
    assert unreported(press(), 9, least=0.2)["outlet"].tolist() == ["C", "D"]


def test_many_articles_on_one_event_do_not_make_an_outlet_one_that_usually_reports() -> None:
    table = press()
    many = pd.DataFrame({"event": 0, "outlet": "D", "day": 20_000}, index=range(40)).astype({"day": np.int32})
    table = pd.concat([table, many], ignore_index=True)
    table["outlet"] = table["outlet"].astype("category")
    assert unreported(table, 9)["outlet"].tolist() == ["C"]


def test_of_fewer_than_three_comparable_events_nothing_is_usual() -> None:
    table = press()
    assert unreported(table[table["event"] >= 6], 9)["outlet"].tolist() == ["C"]
    assert unreported(table[table["event"].isin([8, 9])], 9).empty


def test_an_outlet_that_was_not_collected_at_the_time_is_not_missing() -> None:
    assert "E" not in unreported(press(), 9, least=0.0)["outlet"].tolist()


def test_an_outlet_whose_report_has_no_date_is_not_missing() -> None:
    table = press()
    undated = pd.DataFrame({"event": [9], "outlet": ["C"], "day": [-(2**31)]}).astype({"day": np.int32})
    table = pd.concat([table, undated], ignore_index=True)
    table["outlet"] = table["outlet"].astype("category")
    assert unreported(table, 9).empty


def test_an_undated_event_has_nobody_who_did_not_report_it(articles: pd.DataFrame) -> None:
    assert unreported(articles, 3).empty
