"""Keyword in context on the page: a page of it, sorted, with the commonest neighbours."""

from __future__ import annotations

import pytest

from dashboard.session.state import State
from dashboard.session.store import Store
from dashboard.views.words import contexts
from dashboard.views.words.contexts import Contexts
from dashboard.views.words.editor import Editor


@pytest.fixture
def view(store: Store) -> Contexts:
    made = Contexts(State(loaded=store.current))
    made._state.go(topics=("closed_side", "rules"))
    made.update()
    return made


def test_every_occurrence_is_a_row_that_opens_its_article(view: Contexts) -> None:
    assert view._markup.html.count('data-go="[&quot;article&quot;') == len(view._contexts) == 8
    row = int(view._contexts["row"].iloc[0])
    view._go("article", row)
    assert "Read the original" in view._markup.html
    view._go("close", None)
    assert "Read the original" not in view._markup.html


def test_a_click_on_a_neighbour_shows_its_contexts_and_a_second_one_all(view: Contexts) -> None:
    view._go("neighbour", ["right", "grows"])
    assert view._markup.html.count("<mark>") == 2
    assert "2 contexts in articles 1 to 4 of 4" in view._markup.html
    view._go("neighbour", ["right", "grows"])
    assert view._markup.html.count("<mark>") == 8


def test_contexts_are_sorted_by_either_side_and_of_the_line_that_is_chosen(view: Contexts) -> None:
    view._go("sort", "right")
    html = view._markup.html
    assert html.index(" and the law") < html.index(" grows") < html.index(" sans date")
    view._go("series", "rules")
    assert len(view._contexts) == 4
    view._go("series", "nothing")
    view._go("page", 99)
    view._go("neighbour", 3)
    assert len(view._contexts) == 4


def test_contexts_of_all_articles_are_sorted_together_or_it_is_said_of_which(
    view: Contexts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contexts, "PAGE", 2)
    monkeypatch.setattr(contexts, "LINES", 3)
    view._go("page", 1)
    assert "4 contexts in articles 3 to 4 of 4, the newest first." in view._markup.html
    view._go("sort", "right")
    assert "8 contexts in all 4 articles, sorted by the word after." in view._markup.html
    pages = []
    for page in range(3):
        view._go("page", page)
        pages.append(view._markup.html.count('data-go="[&quot;article&quot;'))
        assert f"page {page + 1} of 3" in view._markup.html
    assert pages == [3, 3, 2]
    monkeypatch.setattr(contexts, "MAX_SORTED", 3)
    view._go("sort", "")
    view._go("sort", "left")
    said = "6 contexts in the newest 3 of 4 articles, older ones left out, sorted by the word before."
    assert said in view._markup.html


def test_nothing_under_the_filters_is_said(view: Contexts) -> None:
    view._state.go(outlets=("Nobody",))
    view.update()
    assert "No article is left" in view._markup.html
    assert view._markup.html.count("<mark>") == 0


def test_the_topic_editor_shows_what_a_query_matches_in_context(store: Store) -> None:
    state = State(loaded=store.current)
    editor = Editor(state, store, lambda _: None)
    editor._query.value_input = "law"
    assert "A <mark>law</mark> on open weights" in editor._result.html
