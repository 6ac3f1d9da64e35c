"""The list of events: what several articles told of, or each article where none told of the same."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import pressgauge
from dashboard.session.state import State
from dashboard.session.store import Store
from dashboard.views.events import counted, event_list
from pressgauge.settings.topics import Topic, save_topic

FIRE = ("Fire destroys the harbour warehouse in Lisbon", "Lisbon harbour warehouse destroyed by a fire")
OTHER = ("Parliament votes on the pension bill",)


def state_of(titles: tuple[str, ...], folder: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    monkeypatch.setenv("PRESSGAUGE_DATA", str(folder))
    save_topic(folder / "topics.toml", Topic("news", "News", "open", "fire OR parliament", "#0072B2"))
    (folder / "events.toml").write_text("")
    articles = pd.DataFrame(
        {
            "url": [f"https://press.example/{number}" for number in range(len(titles))],
            "title": titles,
            "language": "en",
            "outlet": [f"Outlet {number}" for number in range(len(titles))],
            "published": pd.Timestamp("2025-01-20", tz="UTC"),
        }
    )
    pressgauge.open(folder / "coverage").append(articles)
    return State(loaded=Store(folder / "coverage").current)


def test_what_one_article_told_of_is_not_listed_beside_events_that_several_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = event_list(state_of((*FIRE, *OTHER), tmp_path, monkeypatch), 10)
    assert "Lisbon" in listed
    assert '"Countries">unknown<' in listed.replace("'", '"')
    assert OTHER[0] not in listed


def test_where_no_two_articles_told_of_one_event_each_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = event_list(state_of((FIRE[0], *OTHER), tmp_path, monkeypatch), 10)
    assert FIRE[0] in listed
    assert OTHER[0] in listed


def test_below_the_list_stands_how_many_events_there_are_and_which_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = state_of((*FIRE, *OTHER), tmp_path, monkeypatch)
    numbers = "2 events in 3 collected articles of the compared lines: 1 of several articles, 1 of one."
    assert f"{numbers} Listed are those of several." in counted(state, 10)


def test_where_each_event_has_one_article_all_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = state_of((FIRE[0], *OTHER), tmp_path, monkeypatch)
    assert (
        "2 events in 2 collected articles of the compared lines: 0 of several articles, 2 of one.</p>"
        in counted(state, 10)
    )


def test_of_more_events_than_are_listed_those_of_most_outlets_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles = (*FIRE, *OTHER, "Pension bill: parliament votes")
    sentence = counted(state_of(titles, tmp_path, monkeypatch), 1)
    assert "2 of several articles, 0 of one. Listed are the 1 that most outlets reported." in sentence
