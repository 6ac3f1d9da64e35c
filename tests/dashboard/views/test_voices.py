"""Voices: every number opens as many articles as it says, and a quotation opens its article at the place."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import pressgauge
from dashboard.session.state import State
from dashboard.session.store import Store
from dashboard.session.view import Selection, View
from dashboard.session.voices import Voices as Reading
from dashboard.views.articles import Articles
from dashboard.views.voices import Voices
from pressgauge.settings.topics import Topic, save_topic

TEXTS = (
    "“We will publish our open weights soon,” said Ann Lee, a chemist. “It is time,” she added.",
    "“We will publish our open weights soon,” said Ann Lee, a chemist, of ChatGPT.",
    "ChatGPT grows. “Nobody asked <b>us</b> at all,” said Bob Ray, a baker. "
    "“It is a bad idea,” said Cy Fox, a lawyer.",
    "Officials of the law were brief: “No comment at all today.” Ann Lee, a chemist, left.",
)


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path))
    save_topic(tmp_path / "topics.toml", Topic("open_side", "Open", "open", '"open weights"', "#0072B2"))
    save_topic(tmp_path / "topics.toml", Topic("closed_side", "Closed", "proprietary", "chatgpt", "#E69F00"))
    (tmp_path / "events.toml").write_text("")
    count = len(TEXTS)
    articles = pd.DataFrame(
        {
            "url": [f"https://press.example/{number}" for number in range(count)],
            "title": [f"Title {number}" for number in range(count)],
            "text": TEXTS,
            "language": "en",
            "outlet": ["Wired", "BBC", "Wired", "Echo"],
            "published": pd.to_datetime([f"2025-01-0{1 + number}" for number in range(count)], utc=True),
        }
    )
    pressgauge.open(tmp_path / "coverage").append(articles)
    loaded = Store(tmp_path / "coverage").current
    loaded.voices.tables = loaded.dataset.voices()
    return State(loaded=loaded)


def plain(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", html).split())


@pytest.fixture
def view(state: State) -> Voices:
    made = Voices(state)
    made.update()
    return made


def test_the_most_quoted_come_first_with_role_share_and_both_sides(view: Voices) -> None:
    said = plain(view._list.html)
    assert "Ann Lee chemist 2 66.7%" in said.replace("67%", "66.7%")
    assert said.index("Ann Lee") < said.index("Cy Fox")
    assert "Share of the 3 articles that quote anybody by name" in said


def test_a_number_opens_as_many_articles_as_it_says(state: State, view: Voices) -> None:
    view._go("articles", "Ann Lee")
    assert state.view.selection == Selection(speaker="Ann Lee")
    assert len(state.rows(state.view.selection)) == 2
    assert View.from_query(state.view.to_query()).selection == state.view.selection
    view._go("named", True)
    view._go("articles", "Ann Lee")
    assert len(state.rows(state.view.selection)) == 3
    view._go("side", ["Ann Lee", "closed_side"])
    assert len(state.rows(state.view.selection)) == 1


def test_a_speaker_has_a_line_quotations_and_company(view: Voices) -> None:
    view._go("speaker", "Ann Lee")
    view.update()
    assert view._chart.visible
    assert view._volume()["n"].sum() == 2
    said = plain(view._detail.html)
    assert "3 quotations" in said and "Quoted in the same" not in said
    view._go("speaker", "Cy Fox")
    view.update()
    assert "Quoted in the same articles: Bob Ray (1)" in plain(view._detail.html)
    view._go("speaker", "")
    view.update()
    assert not view._chart.visible and view._detail.html == ""


def test_a_quotation_opens_its_article_with_its_words_marked(state: State, view: Voices) -> None:
    view._go("speaker", "Ann Lee")
    view.update()
    found = state.loaded.voices.tables
    assert found is not None
    quote = found.quotations[(found.quotations["name"] == "Ann Lee").to_numpy()].iloc[0]
    view._go("quote", [int(quote["id"]), "we will publish our open weights soon"])
    listed = Articles(state)
    listed.update()
    assert "<mark>We will publish our open weights soon</mark>" in listed._markup.html
    assert "data-at" in listed._markup.html and "2 articles" in plain(listed._markup.html)


def test_a_speaker_is_a_filter_and_a_line(state: State, view: Voices) -> None:
    view._go("filter", "Ann Lee")
    assert state.view.query == 'speaker:"ann lee"' and state.keep().sum() == 2
    view._go("line", "Ann Lee")
    assert state.view.tab == "volume" and 'speaker:"ann lee"' in state.view.terms and not state.problems


def test_kinds_narrow_the_list_and_filters_empty_it(state: State, view: Voices) -> None:
    view._go("kind", "organisation")
    assert "Nobody is left" in view._list.html
    view._go("kind", "person")
    assert "Ann Lee" in view._list.html
    state.go(query="nothingatall")
    view.update()
    assert "Nobody is left" in view._list.html


def test_sourcing_and_travelling_quotations_stand_below(view: Voices) -> None:
    below = plain(view._below.html)
    assert "How outlets source" in below and "Echo 1 100%" in below
    assert "we will publish our open weights soon Ann Lee Wired, 1 Jan 2025 2 2" in below


def test_what_an_article_says_is_text_on_the_page(view: Voices) -> None:
    view._go("speaker", "Bob Ray")
    view.update()
    assert "Nobody asked &lt;b&gt;us&lt;/b&gt; at all" in view._detail.html


@pytest.mark.parametrize(
    ("action", "value"),
    [("speaker", 3), ("articles", None), ("side", ["x"]), ("quote", [1, 2]), ("quote", "x"), ("kind", "firm"),
     ("named", "yes"), ("line", 1), ("filter", {}), ("other", "x")],
)  # fmt: skip
def test_messages_that_no_button_sends_do_nothing(state: State, view: Voices, action: str, value: object):
    before = state.view
    view._go(action, value)
    assert state.view == before


def test_until_the_articles_are_read_the_page_says_so(state: State) -> None:
    state.loaded.voices.tables = None
    state.loaded.voices._start.acquire()  # nobody reads here
    made = Voices(state)
    made.update()
    assert "Reading who speaks" in made._list.html
    state.loaded.voices.problem = "cannot write the voices"
    made.update()
    assert "cannot write the voices" in made._list.html


def test_what_has_not_been_read_is_read_by_a_process_of_its_own(state: State, tmp_path: Path) -> None:
    dataset = pressgauge.open(tmp_path / "coverage")
    (tmp_path / "coverage" / "voices" / "state.json").unlink()
    reading = Reading()
    reading._hear(dataset)
    assert reading.tables is not None and len(reading.ids("Ann Lee")) == 2
    assert dataset.voices_behind() == 0


def test_an_address_carries_who_is_open_and_a_stranger_opens_nobody(state: State, view: Voices) -> None:
    view._go("speaker", "Ann Lee")
    view._go("named", True)
    assert View.from_query(state.view.to_query()) == state.view
    state.undo()
    assert (state.view.speaker, state.view.named) == ("Ann Lee", False)
    state.view = View.from_query("speaker=<b>Nobody&named=1")
    view.update()
    assert not view._chart.visible and view._detail.html == ""


def test_the_picture_and_the_table_of_a_speaker_say_what_they_count(view: Voices) -> None:
    view._state.go(speaker="Ann Lee")
    view.update()
    caption = view._chart.caption.splitlines()
    assert caption[:2] == ["Counted: all collected articles, all dates.", "Articles that quote Ann Lee"]
    assert view._chart._table is not None
    made = view._chart._table()
    assert set(made["lines"]) == {"Articles that quote Ann Lee"}
    assert set(made["counted"]) == {"Counted: all collected articles, all dates."}
