"""The page's part in saved views: who may save, what a saved view opens, and what is not there any more."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.components.saved_views import SavedList, SaveView
from dashboard.session.saved import SavedViews
from dashboard.session.state import Services, State
from dashboard.session.store import Store
from dashboard.session.view import Selection, View


@pytest.fixture
def saved(tmp_path: Path) -> SavedViews:
    return SavedViews(tmp_path / "coverage")


def state(store: Store, saved: SavedViews, *, read_only: bool = False, user: str | None = None) -> State:
    return State(loaded=store.current, services=Services(store, None, read_only, saved, user))


def save(state: State, name: str, whom: str = "For everybody") -> SaveView:
    form = SaveView(state)
    form._for.value = whom
    form._name.value = form._name.value_input = name
    form._save()
    return form


def test_a_saved_view_opens_as_it_was_and_can_be_undone(store: Store, saved: SavedViews) -> None:
    ours = state(store, saved)
    there = SavedList(ours)
    view = View(tab="articles", topics=("rules",), theme="dark", selection=Selection("rules"), sample=20)
    ours.open(view)
    save(ours, "<i>Rules</i>")
    assert "&lt;i&gt;Rules" in there._list.html and there.panel.visible
    visitor = state(store, saved)
    visitor.go(selection=Selection("rules"), tab="articles")
    SavedList(visitor)._go("open", 1)
    assert visitor.view == View(tab="articles", topics=("rules",), selection=Selection("rules"), sample=20)
    visitor.undo()
    assert visitor.view.topics == ()


def test_a_view_of_a_topic_that_is_gone_still_opens_with_a_word(store: Store, saved: SavedViews) -> None:
    saved.save("Old", "tab=volume&topics=vanished&topics=rules&since=2025-01-20&newer_field=7")
    ours = state(store, saved)
    SavedList(ours)._go("open", 1)
    assert [series.key for series in ours.series] == ["rules"]
    assert ours.problems == ("There is no topic named 'vanished' (any more).",)


def test_a_visitor_who_only_looks_may_save_for_nobody_or_behind_a_log_in_for_themselves(
    store: Store, saved: SavedViews
) -> None:
    saved.save("All", "")
    stranger, ada = state(store, saved, read_only=True), state(store, saved, read_only=True, user="ada")
    assert SaveView(stranger).panel == []
    save(stranger, "Mine")
    save(ada, "For all", "For everybody")
    save(ada, "Mine", "Only for me")
    assert [view.name for view in saved.of("ada")] == ["All", "Mine"]
    listed = SavedList(ada)
    listed.update()
    assert listed._list.html.count(">Rename</button>") == 1
    listed._go("delete", 1)
    assert "not yours to change" in listed._list.html
    SavedList(stranger)._go("delete", 2)
    assert [view.name for view in saved.of("ada")] == ["All", "Mine"]


def test_a_view_is_renamed_and_deleted_after_a_second_press(store: Store, saved: SavedViews) -> None:
    ours = state(store, saved)
    save(ours, "One")
    listed = SavedList(ours)
    listed._go("rename", 1)
    assert listed._renaming in list(listed.panel)
    listed._name.value = listed._name.value_input = "Two"
    listed._rename()
    assert [view.name for view in saved.of(None)] == ["Two"] and listed._renaming not in list(listed.panel)
    listed._go("ask", 1)
    assert len(saved.of(None)) == 1 and "Yes, delete" in listed._list.html
    listed._go("delete", 1)
    assert saved.of(None) == [] and not listed.panel.visible


def test_a_name_that_is_taken_is_told(store: Store, saved: SavedViews) -> None:
    ours = state(store, saved)
    save(ours, "One")
    assert "already" in save(ours, "one")._message.html


@pytest.mark.parametrize("value", [None, True, "1", 7, [1]])
def test_what_no_button_sends_changes_nothing(store: Store, saved: SavedViews, value: object) -> None:
    ours = state(store, saved)
    save(ours, "One")
    before = ours.view
    for action in ("open", "rename", "delete", "ask"):
        SavedList(ours)._go(action, value)
    assert ours.view == before and len(saved.of(None)) == 1


def test_a_notebook_has_no_saved_views(store: Store) -> None:
    ours = State(loaded=store.current, services=Services(store))
    listed = SavedList(ours)
    listed.update()
    assert SaveView(ours).panel == [] and not listed.panel.visible
