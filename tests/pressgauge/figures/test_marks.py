"""Marks along a time axis: no two labels cover each other, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressgauge.figures.marks import Marks
from pressgauge.palette import styles
from tests.examples import examples

FIRST, LAST = pd.Timestamp("2024-01-01"), pd.Timestamp("2025-12-31")
WIDTH, HEIGHT = 1000, 300
"""Of the plot on a desk, in pixels; a character of a label of 11 px is some 6 wide, one of 10 px some 5.5."""


def marks(days: Sequence[int], stops: Sequence[int] = ()) -> Marks:
    made = Marks(np.datetime64(FIRST, "D"), np.datetime64(LAST, "D"), dark=False)
    start = FIRST.tz_localize("UTC") + pd.to_timedelta(days, unit="D")
    bursts = pd.DataFrame({"series": "open", "start": start, "end": start + pd.Timedelta(days=5)})
    bursts = bursts.assign(n=50, ratio=2.6, share=0.2, usual=0.08)
    made.bursts(bursts, styles(["open"]), "articles on AI")
    at = FIRST.tz_localize("UTC") + pd.to_timedelta(list(stops), unit="D")
    presence = pd.DataFrame({"outlet": [f"The Outlet {n}" for n in range(len(stops))], "n": 100})
    presence = presence.assign(first=at, last=at, gap_since=pd.NaT, gap_until=pd.NaT)
    presence = presence.assign(starts=False, gap=False, stops=True)
    lines = pd.date_range(FIRST, LAST, freq="7D")
    made.presence(presence, lines.to_numpy(), np.linspace(0, 0.9, len(lines)))
    return made


def box(label: dict[str, Any]) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of a label in pixels of the plot."""
    at = (pd.Timestamp(label["x"]) - FIRST) / (LAST - FIRST) * WIDTH
    if label.get("textangle"):
        tall, low = 5.5 * len(label["text"]), label["y"] * HEIGHT
        return (
            (at, at + 12, low, low + tall) if label["xanchor"] == "left" else (at - 12, at, low, low + tall)
        )
    width, top = 6 * len(label["text"]), HEIGHT + label["yshift"]
    left = at if label["xanchor"] == "left" else at - width
    return left, left + width, top - 13, top


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    (a, b, c, d), (e, f, g, h) = box(one), box(other)
    return a < f and e < b and c < h and g < d


@pytest.mark.parametrize("step", [1, 3, 10, 40])
def test_labels_of_neighbouring_bursts_lie_in_rows_of_their_own(step: int) -> None:
    drawn = marks([100 + step * n for n in range(5)]).annotations
    assert [label["text"] for label in drawn] == ["×2.6 share"] * 5
    assert not any(overlap(*pair) for pair in combinations(drawn, 2))


@given(st.lists(st.integers(0, 720), max_size=40))
@settings(max_examples=examples(60))
def test_no_label_of_a_burst_covers_another_s_however_many_there_are(days: list[int]) -> None:
    drawn = marks(days).annotations
    assert len(drawn) == len(days)  # each burst can be clicked
    told = [label for label in drawn if label["text"] != "▾"]
    assert not any(overlap(*pair) for pair in combinations(told, 2))


@given(st.lists(st.integers(0, 720), max_size=6), st.integers(20, 700))
@settings(max_examples=examples(60))
def test_the_name_of_an_outlet_that_stops_keeps_clear_of_the_labels_of_bursts(
    days: list[int], stop: int
) -> None:
    drawn = marks(days, [stop]).annotations
    (outlet,) = (label for label in drawn if label["name"].startswith("outlet:"))
    assert not any(overlap(outlet, label) for label in drawn if label is not outlet)


def test_labels_of_outlets_that_start_and_stop_at_one_time_lie_above_each_other() -> None:
    at = FIRST.tz_localize("UTC") + pd.to_timedelta([300, 302], unit="D")
    presence = pd.DataFrame({"outlet": ["Old", "New"], "n": 100, "first": at, "last": at, "gap": False})
    presence = presence.assign(gap_since=pd.NaT, gap_until=pd.NaT, starts=[False, True], stops=[True, False])
    drawn = Marks(np.datetime64(FIRST, "D"), np.datetime64(LAST, "D"), dark=False)
    drawn.presence(presence, pd.date_range(FIRST, periods=4, freq="100D").to_numpy(), np.full(4, 0.1))
    old, new = drawn.annotations
    assert {old["text"], new["text"]} == {"Old stops", "New starts"}
    assert not overlap(old, new)


def test_a_label_at_the_right_edge_stays_in_the_plot() -> None:
    (label,) = marks([728]).annotations
    assert box(label)[1] <= WIDTH


def test_labels_within_the_plot_stand_before_the_lines_of_their_neighbours() -> None:
    labels = [*marks([100]).annotations, *marks([], [100]).annotations]
    assert {label.get("bgcolor") for label in labels} == {"rgba(255,255,255,0.6)"}


def test_the_label_of_an_event_is_one_line_whatever_a_person_pasted_into_the_file() -> None:
    made = Marks(np.datetime64(FIRST, "D"), np.datetime64(LAST, "D"), dark=False)
    events = pd.DataFrame({"date": [FIRST.tz_localize("UTC")], "label": ["\u2066שלום\u2069\n a  b"]})
    made.events(events, None)
    assert [label["text"] for label in made.annotations] == ["שלום a b"]
