"""Buttons in markup: what they are called for whoever hears or speaks them."""

from __future__ import annotations

import re

import pytest

from dashboard.components.markup import button


def name(markup: str) -> str:
    [found] = re.findall('aria-label="([^"]*)"', markup)
    return found


@pytest.mark.parametrize(
    ("label", "title", "heard"),
    [
        ("✕", "Remove the filter Outlet", "Remove the filter Outlet"),
        ("✕ End", "End the comparison", "End the comparison"),
        ("🔔 Ring", "Tell me of it", "Ring: Tell me of it"),
        ("<b>41 articles</b>", "Clear the filters", "41 articles: Clear the filters"),
        ("R&amp;D", "Read 3 articles", "R&amp;D: Read 3 articles"),
        ("Rename", "Rename Weekly", "Rename Weekly"),
    ],
)
def test_the_accessible_name_of_a_button_holds_the_words_that_it_shows(
    label: str, title: str, heard: str
) -> None:
    assert name(button(label, "go", title=title)) == heard


def test_a_button_without_a_title_is_called_what_it_shows() -> None:
    assert "aria-label" not in button("41 articles", "go")
