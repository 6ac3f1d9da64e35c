"""The article pane says where each part was read, and how sure that is."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.views.article import reader_details

PARTS = ("title", "authors", "published", "text")


def told(**columns: object) -> str:
    nothing = {f"{part}_{what}": None for part in PARTS for what in ("from", "confidence")}
    nothing["reader_version"] = None
    article = pd.Series({**nothing, **columns}, dtype=object)
    return reader_details(article, article)


def test_a_date_is_told_with_its_place_and_how_sure_it_is() -> None:
    shown = told(published_from="json-ld", published_confidence=97)
    assert "<li>Date: from the page&#x27;s structured data, 97 % sure</li>" in shown
    assert "uncertain" not in shown


def test_doubtful_parts_are_named_before_it_is_opened() -> None:
    shown = told(published_from="url", published_confidence=55, authors_from="meta", authors_confidence=30)
    assert "<summary>How this was read: byline and date uncertain</summary>" in shown


def test_the_version_of_the_reader_is_told_where_it_read_something() -> None:
    line = "<li>By version 5 of the page reader</li>"
    assert line in told(published_from="data", published_confidence=75, reader_version=5)
    assert line not in told(published_from="feed", published_confidence=75)
    assert told(reader_version=5) == ""


def test_what_is_not_known_is_not_said() -> None:
    assert told() == ""
    assert told(title_from="feed") == (
        "<details><summary>How this was read</summary><ul>"
        "<li>Title: from the outlet&#x27;s feed</li></ul></details>"
    )


@pytest.mark.parametrize("source", ["<b>x</b>", "Nexis & Co"])
def test_a_place_that_a_frame_names_is_plain_text(source: str) -> None:
    assert f"from {source}" not in told(title_from=source)
    assert "<b>" not in told(title_from=source)
