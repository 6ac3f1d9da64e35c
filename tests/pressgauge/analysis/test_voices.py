"""Measures of voices count what a naive loop over a handful of articles counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pressgauge.analysis import comentions, named_entities, quoted, sourcing, speakers, travelling, volume
from pressgauge.analysis.intervals import wilson

ARTICLES = pd.DataFrame(
    {
        "id": [10, 11, 12, 13],
        "story": [10, 10, 12, 13],
        "event": [10, 10, 10, 13],
        "outlet": pd.Categorical(["Post", "Echo", "Post", "Wire"]),
        "published": pd.to_datetime(["2025-01-02", "2025-01-01", "2025-01-03", None], utc=True),
    }
)
LONG = " nobody has ever seen a thing like it "


def table(rows: list[tuple]) -> pd.DataFrame:
    made = pd.DataFrame(
        rows, columns=["id", "start", "end", "name", "kind", "role", "source", "named_before", "words"]
    )
    return made.astype({"name": "category", "kind": "category", "role": "category", "named_before": "bool"})


QUOTATIONS = table(
    [
        (10, 0, 40, "Ann Lee", "person", "chemist", "Lee", True, LONG),
        (10, 50, 60, "Ann Lee", "person", None, "she", True, " yes it is "),
        (11, 5, 45, "Ann Lee", "person", "chemist", "Ann Lee", False, LONG),
        (11, 60, 70, "Acme", "organisation", None, "Acme", True, " no it is not "),
        (12, 0, 10, "Bob Ray", "person", None, "Ray", True, " so it goes "),
        (12, 20, 30, None, None, None, "a spokesman", False, " no comment at all "),
        (13, 0, 40, None, None, None, None, False, LONG),
        (99, 0, 40, "Gone", "person", None, "Gone", True, LONG),
    ]
)


def test_speakers_are_ranked_by_the_articles_that_quote_them():
    made = speakers(ARTICLES, QUOTATIONS)
    assert made[["speaker", "kind", "n", "quotations", "outlets"]].values.tolist() == [
        ["Ann Lee", "person", 2, 3, 2],
        ["Acme", "organisation", 1, 1, 1],
        ["Bob Ray", "person", 1, 1, 1],
    ]
    assert made["collected"].unique().tolist() == [3] and made["role"][0] == "chemist"
    low, high = wilson(2, 3)
    assert made.loc[0, ["share", "low", "high"]].tolist() == pytest.approx([2 / 3, float(low), float(high)])


def test_a_story_counts_once_and_filters_apply():
    by_story = speakers(ARTICLES, QUOTATIONS, unit="stories").set_index("speaker")
    assert by_story["n"].to_dict() == {"Ann Lee": 1, "Acme": 1, "Bob Ray": 1}
    assert by_story["collected"].unique().tolist() == [2]
    kept = speakers(ARTICLES, QUOTATIONS, keep=np.array([False, False, True, True]))
    assert kept["speaker"].tolist() == ["Bob Ray"]
    assert speakers(ARTICLES, QUOTATIONS, keep=np.zeros(4, dtype=bool)).empty


def test_names_are_ranked_alike():
    names = pd.DataFrame(
        {"id": [10, 11, 11], "name": ["Meta", "Meta", "Ann Lee"], "kind": ["organisation"] * 2 + ["person"],
         "role": [None] * 3, "times": [4, 2, 1]}
    ).astype({"name": "category", "kind": "category", "role": "category"})  # fmt: skip
    table = named_entities(ARTICLES, names)
    assert table[["speaker", "n", "times"]].values.tolist() == [["Meta", 2, 6], ["Ann Lee", 1, 1]]


def test_who_is_quoted_is_a_membership_for_every_other_measure():
    member = quoted(ARTICLES, QUOTATIONS, ["Ann Lee", "Acme"])
    assert member["Ann Lee"].tolist() == [True, True, False, False]
    pair = comentions(ARTICLES, member).iloc[0]
    assert (pair["n_first"], pair["n_second"], pair["together"]) == (2, 1, 1)
    assert volume(ARTICLES, member, freq="D").groupby("series", observed=True)["n"].sum()["Ann Lee"] == 2


def test_sourcing_tells_single_sources_unnamed_and_unintroduced_ones():
    made = sourcing(ARTICLES, QUOTATIONS).set_index("outlet")
    assert made.loc["Post", ["n", "single", "quotations"]].tolist() == [2, 1, 4]
    assert made.loc["Post", "unnamed"] == 1 / 4 and made.loc["Post", "unintroduced"] == 0
    assert made.loc["Echo", ["n", "single"]].tolist() == [1, 0]
    assert made.loc["Echo", "unintroduced"] == 1 / 2 and "Wire" not in made.index


def test_shares_of_sourcing_have_intervals_and_are_null_of_nothing():
    made = sourcing(ARTICLES, QUOTATIONS).set_index("outlet")
    low, high = wilson(1, 4)
    bounds = made.loc["Post", ["unnamed_low", "unnamed_high"]].tolist()
    assert bounds == pytest.approx([float(low), float(high)])
    nameless = QUOTATIONS[QUOTATIONS["name"].isna()]
    alone = sourcing(ARTICLES, nameless).iloc[0]
    assert alone["unnamed"] == 1 and np.isnan(alone[["unintroduced", "unintroduced_low"]].astype(float)).all()


def test_sourcing_counts_a_story_or_event_once():
    of_events = sourcing(ARTICLES, QUOTATIONS, unit="events").set_index("outlet")
    assert of_events.loc["Post", ["n", "single", "quotations"]].tolist() == [1, 0, 4]
    assert of_events["unit"].unique().tolist() == ["events"]


def test_travelling_quotations_are_those_of_several_outlets_with_the_first_to_have_them():
    made = travelling(ARTICLES, QUOTATIONS)
    assert len(made) == 1
    row = made.iloc[0]
    assert (row["words"], row["speaker"]) == (LONG.strip(), "Ann Lee")
    assert row[["outlets", "articles", "stories", "events"]].tolist() == [3, 3, 2, 2]
    assert (row["first_outlet"], row["id"], row["start"]) == ("Echo", 11, 5)
    assert row["first"] == pd.Timestamp("2025-01-01", tz="UTC")
    assert travelling(ARTICLES, QUOTATIONS, keep=np.array([True, False, True, False])).empty


def test_no_measure_changes_what_it_is_given():
    before = QUOTATIONS.copy(deep=True)
    for measure in (speakers, sourcing, travelling):
        measure(ARTICLES, QUOTATIONS)
    pd.testing.assert_frame_equal(QUOTATIONS, before)
