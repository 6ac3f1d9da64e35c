"""Tabs in two rows: what is open, and what a press tells."""

from __future__ import annotations

import panel as pn
import pytest

from dashboard.components.tabs import GroupedTabs
from dashboard.views.registry import GROUPS, VIEWS, in_groups


@pytest.fixture
def pressed() -> list[str]:
    return []


@pytest.fixture
def tabs(pressed: list[str]) -> GroupedTabs:
    shown = {name: (name.title(), pn.Column()) for name in "abc"}
    return GroupedTabs(
        {"First": {"a": shown["a"], "b": shown["b"]}, "Second": {"c": shown["c"]}}, pressed.append
    )


def test_a_group_of_one_view_is_that_views_own_tab(tabs: GroupedTabs):
    assert tabs.panel._names == ["First", "C"]
    assert tabs.rows[1] is None


def test_to_show_a_view_opens_its_group_and_says_which_view_is_open(tabs: GroupedTabs, pressed: list[str]):
    assert tabs.show("c") == "c"
    assert tabs.panel.active == 1
    assert tabs.show("b") == "b"
    assert tabs.rows[0] is not None
    assert (tabs.panel.active, tabs.rows[0].active) == (0, 1)
    assert tabs.show("none of them") == "a"
    assert (tabs.panel.active, tabs.rows[0].active) == (0, 0)


def test_a_press_names_the_view_that_a_group_was_left_at(tabs: GroupedTabs, pressed: list[str]):
    tabs.show("b")
    pressed.clear()
    tabs.panel.active = 1
    tabs.panel.active = 0
    assert pressed == ["c", "b"]


def test_every_view_stands_in_one_group_of_which_there_are_five():
    names = [name for views in GROUPS.values() for name in views]
    assert len(GROUPS) == 5
    assert sorted(names) == sorted(VIEWS) and len(set(names)) == len(names)


def test_what_is_left_out_leaves_no_empty_group():
    assert in_groups({"terms": 1, "voices": 2}) == {"Words": {"terms": 1}, "Voices": {"voices": 2}}
