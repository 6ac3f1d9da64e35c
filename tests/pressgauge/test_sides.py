"""Two sides of a search in Python: periods, outlets, queries, everything else."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

import pressgauge as pg
from pressgauge import Filters

JANUARY, FEBRUARY = Filters(date(2025, 1, 1), date(2025, 1, 31)), Filters(date(2025, 2, 1), date(2025, 2, 28))
TEXT = '"{}," said Ada Lovelace, a minister. Later {} was all that the ministry of the country spoke of.'
ARTICLES = [
    # outlet, day, title
    ("Post", "2025-01-10", "open weights"),
    ("Post", "2025-01-20", "open models"),
    ("Echo", "2025-01-21", "closed models"),
    ("Echo", "2025-02-03", "open letters"),
    ("Echo", "2025-02-04", "closed doors"),
    ("Post", "2025-02-10", "closed again"),
    ("Post", None, "open and undated"),
]


@pytest.fixture(scope="module")
def found() -> pg.Coverage:
    frame = pd.DataFrame(
        {
            "url": [f"https://press.example/{n}" for n in range(len(ARTICLES))],
            "outlet": [outlet for outlet, *_ in ARTICLES],
            "published": [day for _, day, _ in ARTICLES],
            "title": [title for *_, title in ARTICLES],
            "text": [TEXT.format(f"We will see what {t} can do", t) for *_, t in ARTICLES],
            "language": "en",
        }
    )
    return frame.coverage.compare("title:open", "title:closed")


def test_two_periods_are_held_against_each_other(found: pg.Coverage):
    made = found.contrast(JANUARY, FEBRUARY)
    assert made.names == ("2025-01-01 to 2025-01-31", "2025-02-01 to 2025-02-28")
    columns = ["series", "n_first", "collected_first", "n_second", "collected_second"]
    assert made.volume[columns].values.tolist() == [["title:open", 2, 3, 1, 3], ["title:closed", 1, 3, 2, 3]]
    # collected are 10 January to 10 February: the days of either period that are not in it are no zeros
    days = made.pace[["series", "n_first", "days_first", "n_second", "days_second"]].values.tolist()
    assert days[0] == ["", 3, 22, 3, 10]
    assert made.outlets[["outlet", "n_first", "n_second"]].values.tolist() == [["Echo", 1, 2], ["Post", 2, 1]]


def test_everything_else_of_a_period_are_the_other_days_without_what_has_no_date(found: pg.Coverage):
    made = found.contrast(None, FEBRUARY)
    assert made.names[0] == "everything else"
    assert made.volume["n_first"].tolist() == [2, 1]


def test_everything_else_of_an_outlet_are_the_others_undated_articles_among_them(found: pg.Coverage):
    made = found.contrast(Filters(outlets=("Echo",)))
    assert made.volume[["n_first", "n_second"]].values.tolist() == [[1, 3], [2, 1]]
    assert made.sides.steadiness is None
    assert len(made.sides.days[0]) == len(made.sides.days[1]) == 32


def test_an_article_on_both_sides_is_counted_as_shared(found: pg.Coverage):
    made = found.contrast(Filters(query="models"), Filters(query="open"))
    assert made.sides.shared == 1


def test_words_and_speakers_are_those_of_each_side(found: pg.Coverage):
    made = found.contrast(JANUARY, FEBRUARY)
    assert made.speakers()[["speaker", "n_first", "n_second"]].values.tolist() == [["Ada Lovelace", 3, 3]]
    words = made.terms().set_index("term")
    assert (words.loc["close", "n_first"], words.loc["close", "n_second"]) == (1, 2)
    assert words.loc["close", "low"] < words.loc["close", "log_odds"] < words.loc["close", "high"]


def test_the_lines_of_both_sides_are_drawn_over_each_other(found: pg.Coverage):
    made = found.contrast(JANUARY, FEBRUARY)
    lines = made.plot(share=True).data
    assert [line.name for line in lines if line.name] == [
        "title:open, 2025-01-01 to 2025-01-31",
        "title:open, 2025-02-01 to 2025-02-28",
        "title:closed, 2025-01-01 to 2025-01-31",
        "title:closed, 2025-02-01 to 2025-02-28",
    ]
    assert lines[1].customdata[0] == {
        "series": "title:open",
        "side": 0,
        "since": "2025-01-10",
        "until": "2025-01-10",
    }
    assert "2025-01-01" in made._repr_html_()


def test_everything_against_everything_is_refused(found: pg.Coverage):
    with pytest.raises(ValueError, match="at least one side"):
        found.contrast(None)
