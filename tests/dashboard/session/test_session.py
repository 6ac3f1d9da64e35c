"""A session's state: what the view implies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from dashboard.components.chips import UNRESTRICTED, removals
from dashboard.downloads.citation import citation, rule
from dashboard.session.state import State
from dashboard.session.store import LoadedVersion
from dashboard.session.view import MAX_SERIES, Selection, View
from pressgauge.search.index import in_memory
from pressgauge.search.prominence import RULE
from pressgauge.settings.topics import Topic
from pressgauge.snapshot import take
from pressgauge.validation.check import Records


def labels(state: State) -> list[str]:
    return [series.label for series in state.series]


def test_both_sides_of_the_debate_are_compared_when_nothing_is_chosen(state: State) -> None:
    assert labels(state) == ["Open-source AI", "Proprietary AI"]


def test_any_query_becomes_a_line_beside_the_topics(state: State) -> None:
    state.go(topics=("rules",), terms=("loi",))
    assert labels(state) == ["Regulation", "loi"]
    assert state.membership["loi"].sum() == 1


def test_lines_keep_apart_by_colour(state: State) -> None:
    state.go(topics=("open_side", "closed_side", "rules"), terms=("loi", "wired", "grows", "see", "date"))
    assert len(set(state.colors.values())) == MAX_SERIES


def test_more_lines_than_can_be_told_apart_are_refused_with_a_message(state: State) -> None:
    state.go(terms=tuple(f"word{n}" for n in range(MAX_SERIES + 2)))
    assert len(state.series) == MAX_SERIES
    assert state.problems == ("Only the first 8 of 10 lines are drawn.",)


def test_what_an_address_says_and_nobody_knows_is_told_until_something_else_is_counted(state: State) -> None:
    state.view = View.from_query("since=2025-13-01&unit=words")
    told = (
        "The address says 'since=2025-13-01', which is nothing known.",
        "The address says 'unit=words', which is nothing known.",
    )
    assert (state.problems, state.keep().all()) == (told, True)
    state.go(tab="volume")
    assert state.problems == told
    state.go(since=date(2025, 1, 20))
    assert state.problems == ()


def test_days_the_wrong_way_round_are_told_beside_the_nothing_that_they_leave(state: State) -> None:
    state.go(since=date(2025, 2, 1), until=date(2025, 1, 1))
    assert not state.keep().any()
    assert state.problems == (
        "No day is both since 1 Feb 2025 and until 1 Jan 2025: the days are the wrong way round.",
    )
    state.go(until=date(2025, 2, 1))
    assert state.problems == ()


def test_u06_monstrous_terms_are_refused_with_a_short_message(state: State) -> None:
    state.go(topics=("rules",), terms=("a" * 1_000_000, "(" * 10_000, "(a|a)*" * 100 + "b"))
    assert labels(state) == ["Regulation"]
    assert len(state.problems) == 3
    assert all(len(problem) < 500 for problem in state.problems)


def test_a_query_that_cannot_be_read_is_explained_and_the_rest_is_drawn(state: State) -> None:
    state.go(topics=("rules",), terms=('"open',), query="AND")
    assert labels(state) == ["Regulation"]
    assert len(state.problems) == 2
    assert all("is not a query" in problem for problem in state.problems)
    assert state.keep().all()


def test_a_topic_that_is_gone_is_named(state: State) -> None:
    state.go(topics=("rules", "vanished"))
    assert labels(state) == ["Regulation"]
    assert state.problems == ("There is no topic named 'vanished' (any more).",)


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({}, 8),
        ({"since": date(2025, 1, 28)}, 4),
        ({"until": date(2025, 1, 22)}, 3),
        ({"outlets": ("BBC", "Le Monde")}, 4),
        ({"languages": ("fr",)}, 2),
        ({"query": "law"}, 2),
        ({"query": "law", "outlets": ("BBC",)}, 1),
        ({"outlets": ("Nobody",)}, 0),
    ],
)
def test_filters_narrow_together(state: State, changes: dict, kept: int) -> None:
    state.go(**changes)
    assert state.keep().sum() == kept


def test_a_click_opens_the_articles_of_its_series_days_and_outlet(state: State) -> None:
    week = Selection("open_side", date(2025, 1, 20), date(2025, 1, 26))
    assert state.rows(week).tolist() == [1, 0]
    assert state.rows(Selection("closed_side", outlet="Wired")).tolist() == [6, 2]


def test_counting_stories_a_click_opens_one_article_of_each(state: State) -> None:
    state.go(unit="stories")
    assert state.rows(Selection("open_side")).tolist() == [3, 0]
    assert state.rows(Selection(story=1)).tolist() == [1, 0]


def test_a_clicked_outlet_opens_although_another_is_filtered(state: State) -> None:
    state.go(outlets=("BBC",))
    assert state.rows(Selection("closed_side", outlet="Wired")).tolist() == [6, 2]


def test_a_change_of_filters_drops_the_selected_number(state: State) -> None:
    state.go(tab="articles", selection=Selection("rules"))
    state.go(tab="volume")
    assert state.view.selection == Selection("rules")
    state.go(query="law")
    assert state.view.selection is None


def test_undo_goes_back_through_what_was_counted_and_not_through_tabs(state: State) -> None:
    state.go(query="law")
    state.go(tab="outlets")
    state.go(outlets=("BBC",))
    state.undo()
    assert (state.view.query, state.view.outlets, state.view.tab) == ("law", (), "outlets")
    state.undo()
    assert state.view.query == ""
    assert not state.can_undo


def test_every_restriction_is_a_chip_that_takes_it_away(state: State) -> None:
    state.go(since=date(2025, 1, 20), outlets=("BBC", "Wired"), query="law", unit="stories", share=True)
    assert [label for label, _ in removals(state)] == [
        "since 20 Jan 2025", "BBC", "Wired", "matches law", "stories, not articles", "shares, not numbers",
    ]  # fmt: skip
    _, change = removals(state)[1]
    state.go(**change)
    assert state.view.outlets == ("Wired",)
    state.go(**UNRESTRICTED)
    assert removals(state) == []


def test_the_queries_that_an_article_meets_are_those_to_mark_in_its_text(state: State) -> None:
    assert state.matching_queries(1) == ('"open weights"', "chatgpt")
    state.go(query="weights")
    assert state.matching_queries(0) == ('"open weights"', "weights")
    state.go(topics=("open_side", "gone"))
    assert state.matching_queries(0) == ('"open weights"', "weights"), "whatever else is wrong with the view"


def test_about_counts_the_articles_that_a_line_is_what_they_are_about() -> None:
    rest = " ".join(["word"] * 300)
    articles = pd.DataFrame(
        {
            "id": [1, 2],
            "outlet": pd.Categorical(["Wired", "BBC"]),
            "title": ["ChatGPT grows", "Other news"],
            "text": [rest, f"{rest} chatgpt {rest}"],
            "published": pd.to_datetime(["2025-01-20", "2025-01-21"], utc=True),
            "story": [1, 2],
        }
    )
    field = Topic("ai", "AI", None, "chatgpt OR word")
    closed = Topic("closed_side", "Closed", "proprietary", "chatgpt")
    snapshot = take(articles.drop(columns="text"), in_memory(articles), (field, closed))
    events = pd.DataFrame({"date": pd.to_datetime([], utc=True), "label": [], "topics": [], "url": []})
    dataset = SimpleNamespace(records=Records(None))
    state = State(loaded=LoadedVersion(Path("nowhere"), dataset, snapshot, events, False))  # type: ignore[arg-type]
    state.go(topics=("closed_side",))
    assert state.membership["Closed"].tolist() == [True, True]
    state.go(about=True)
    assert state.membership["Closed"].tolist() == [True, False]
    assert state.keep().tolist() == [True, True], "the field stays what is mentioned"
    assert state.rows(Selection(series="closed_side")).tolist() == [0]
    assert View.from_query(state.view.to_query()).about
    assert ("about, not only mentioned", {"about": False}) in removals(state)
    assert rule(state) == RULE
    assert "About, not only mentioned." in citation(state)
    state.go(about=False)
    assert "mention" in rule(state)


def test_a_random_order_is_that_of_its_seed_and_a_filter_leaves_it_as_it_is(state: State) -> None:
    state.go(order="random", seed=4)
    whole = state.list_rows().tolist()
    assert sorted(whole) == list(range(8))
    state.go(seed=5)
    assert state.list_rows().tolist() != whole
    state.go(seed=4, outlets=("Wired",))
    state.go(order="random")
    assert state.list_rows().tolist() == [row for row in whole if row in (0, 2, 6, 7)]


def test_a_sample_is_the_first_of_a_random_order(state: State) -> None:
    state.go(order="random", seed=4)
    whole = state.list_rows().tolist()
    state.view = replace(state.view, sample=3)
    assert state.list_rows().tolist() == whole[:3]
