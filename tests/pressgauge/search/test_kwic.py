"""Keyword in context."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pressgauge.errors import QueryError
from pressgauge.search import kwic


def frame(*texts: str | None, title: str | None = None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": range(1, len(texts) + 1),
            "outlet": [f"Outlet {number}" for number in range(len(texts))],
            "published": pd.to_datetime(["2025-01-20"] * len(texts), utc=True),
            "title": [title] * len(texts),
            "text": list(texts),
        }
    )


def rows(table: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(table[["left", "match", "right"]].itertuples(index=False, name=None))


def test_each_occurrence_is_a_row_with_the_words_around_it() -> None:
    table = kwic.in_texts('"open source"', frame("The Open-Source model\nof Meta is open source indeed"), 14)
    assert rows(table) == [
        ("The ", "Open-Source", " model of Meta"),
        ("of Meta is ", "open source", " indeed"),
    ]
    assert tuple(table.columns) == kwic.COLUMNS
    assert table["id"].tolist() == [1, 1]
    assert table["outlet"].tolist() == ["Outlet 0", "Outlet 0"]


def test_contexts_are_cut_between_words_and_kept_where_there_is_no_space() -> None:
    assert rows(kwic.in_texts("meta", frame("unbelievable claims by Meta yesterday evening"), 12)) == [
        ("claims by ", "Meta", " yesterday")
    ]
    assert rows(kwic.in_texts("模型", frame("这是一个开源模型的新版本发布"), 3)) == [
        ("个开源", "模型", "的新版")
    ]


def test_titles_come_before_texts_and_say_so() -> None:
    table = kwic.in_texts("meta", frame("Meta again", None, title="Meta wins"))
    assert table["part"].tolist() == ["title", "text", "title"]
    assert table["start"].tolist() == [0, 0, 0]


def test_a_context_says_where_in_its_text_the_match_begins() -> None:
    text = "Der Brücke fehlt\n\nMeta. \U0001f600 Meta"
    table = kwic.in_texts("meta", frame(text))
    assert [text[at : at + 4] for at in table["start"]] == ["Meta", "Meta"]


def test_nothing_is_shown_for_words_under_not_or_in_other_fields() -> None:
    assert rows(kwic.in_texts("NOT meta outlet:wired", frame("Meta and more"))) == []
    assert kwic.in_texts("meta", frame()).columns.tolist() == list(kwic.COLUMNS)
    with pytest.raises(QueryError):
        kwic.in_texts("meta AND", frame("Meta"))


def test_only_as_many_texts_are_read_as_the_rows_need() -> None:
    articles, asked = frame(*["meta meta"] * 200), []

    def read(ids: np.ndarray) -> pd.DataFrame:
        asked.extend(ids.tolist())
        return articles.set_index("id").loc[ids].reset_index()

    table = kwic.first("meta", articles["id"].to_numpy(), read, limit=60)
    assert (len(table), asked, table.attrs["articles"]) == (60, list(range(1, 51)), 50)
    assert len(kwic.first("meta", articles["id"].to_numpy(), read, limit=None)) == 400


def test_rows_are_sorted_by_the_words_next_to_the_match_on_either_side() -> None:
    table = kwic.in_texts("meta", frame("the new Meta buys", "an old Meta asks", "a new Meta Asks again"))
    assert kwic.by_neighbour(table, "right")["id"].tolist() == [2, 3, 1]
    assert kwic.by_neighbour(table, "left")["id"].tolist() == [3, 1, 2]


def test_the_commonest_neighbours_are_counted() -> None:
    table = kwic.in_texts("meta", frame("the new Meta asks", "a new Meta", "old Meta Asks again"))
    assert kwic.neighbours(table, "right").values.tolist() == [["asks", 2]]
    assert kwic.neighbours(table, "left").values.tolist() == [["new", 2], ["old", 1]]
    assert kwic.neighbours(table, "left", 2).values.tolist() == [["a new", 1], ["the new", 1]]
