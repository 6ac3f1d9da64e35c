"""The chart over time says which outlets ended, so that nobody takes their silence for that of the press."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from dashboard.session.state import State
from dashboard.session.store import LoadedVersion
from dashboard.session.view import Selection, View
from dashboard.views.volume import Volume, VolumeChart, figure, panels_of
from pressgauge.search.index import in_memory
from pressgauge.snapshot import take


@pytest.fixture(scope="module")
def press(loaded: LoadedVersion) -> LoadedVersion:
    """100 days: the Post throughout, the Echo until day 50, the Times with a pause from day 30 to 79. On odd
    days they write of chips, on even days of weights; the Post writes nothing of weights after day 40."""
    days = {"Post": range(100), "Echo": range(50), "Times": [*range(30), *range(80, 100)]}
    rows = [
        (name, day, "chips" if day % 2 or (name == "Post" and day > 40) else "open weights")
        for name, of in days.items()
        for day in of
    ]
    outlets, at, texts = zip(*rows, strict=True)
    n = len(rows)
    published = pd.Timestamp("2025-01-01", tz="UTC") + pd.to_timedelta(pd.Series(at), unit="D")
    articles = pd.DataFrame({
        "id": range(n), "outlet": pd.Categorical(outlets), "country": pd.Categorical(["US"] * n),
        "language": pd.Categorical(["en"] * n), "title": texts, "text": texts,
        "published": published.astype("datetime64[us, UTC]"), "story": range(n),
        "published_precision": pd.Categorical(["day"] * n), "published_from": pd.Categorical(["feed"] * n),
        "collected": pd.to_datetime(["2026-01-01"] * n, utc=True).as_unit("us"),
        "partial": pd.Categorical([None] * n), "published_confidence": pd.array([None] * n, dtype="Int32"),
    })  # fmt: skip
    snapshot = take(articles, in_memory(articles, version=3), loaded.snapshot.topics)
    return replace(loaded, snapshot=snapshot, _members={}, _views={}, _lines={})


def marks(state: State) -> dict[str, tuple[str, str]]:
    notes = json.loads(figure(state))["layout"]["annotations"]
    return {note["name"]: (note["text"], note["x"]) for note in notes if note["name"].startswith("outlet")}


WHOLE = {
    "outlet:Echo": ("Echo stops", "2025-02-19"),
    "outlet:Times": ("Times pauses", "2025-01-31"),
}


def test_o01_outlets_that_stop_or_pause_are_marked_where_they_do(press: LoadedVersion) -> None:
    assert marks(State(loaded=press)) == WHOLE


@pytest.mark.parametrize("changes", [{"query": "weights"}, {"query": "chips"}, {"everything": True}], ids=str)
def test_an_outlet_that_goes_on_without_an_article_under_the_filters_has_not_stopped(
    press: LoadedVersion, changes: dict
) -> None:
    state = State(loaded=press)
    state.go(**changes)
    assert marks(state) == WHOLE


def test_an_outlet_that_goes_on_after_the_filtered_days_has_not_stopped(press: LoadedVersion) -> None:
    state = State(loaded=press)
    state.go(since=date(2025, 1, 1), until=date(2025, 1, 25))
    assert marks(state) == {}


def test_several_outlets_that_stop_at_once_have_one_mark_that_names_them(press: LoadedVersion) -> None:
    articles = press.snapshot.articles.copy()
    articles["outlet"] = pd.Categorical([
        f"Echo {row % 7}" if name == "Echo" else name for row, name in enumerate(articles["outlet"])
    ])  # fmt: skip
    frame = articles.assign(text=articles["title"])
    several = take(frame.drop(columns="text"), in_memory(frame, version=3), press.snapshot.topics)
    state = State(loaded=replace(press, snapshot=several, _members={}, _views={}, _lines={}, _selective={}))
    notes = json.loads(figure(state))["layout"]["annotations"]
    (mark,) = (note for note in notes if note["name"].startswith("outlets:"))
    assert mark["text"] == "7 outlets stop"
    assert all(f"Echo {n}," in mark["hovertext"] for n in range(7))


def test_the_mark_of_an_outlet_opens_its_articles(state: State) -> None:
    VolumeChart(state)._on_click({"kind": "annotation", "name": "outlet:BBC"})
    assert state.view.tab == "articles"
    assert state.view.selection is not None and state.view.selection.outlet == "BBC"


def test_a_week_without_an_article_under_a_query_is_a_zero_and_no_gap_in_collecting(
    press: LoadedVersion,
) -> None:
    state = State(loaded=press)
    state.go(query='"open weights"', outlets=("Post",))
    drawn = json.loads(figure(state))
    assert "nothing was collected" not in json.dumps(drawn["layout"])
    state.go(query="", outlets=("Times",), share=True)
    drawn = json.loads(figure(state))
    assert "nothing was collected" not in json.dumps(drawn["layout"]), "the Post and the Echo were"
    assert "none of these articles to take a share of" in json.dumps(drawn["layout"])


def test_the_axis_of_a_single_period_is_one_of_days(state: State) -> None:
    state.go(since=date(2025, 1, 20), until=date(2025, 1, 22))
    axis = json.loads(figure(state))["layout"]["xaxis"]
    assert axis["range"] == ["2025-01-10", "2025-02-05"]


def panels(view: Volume) -> dict[str, list[dict]]:
    """The points of each panel of the chart, by its title."""
    drawn = json.loads(view._volume.chart.figure)
    notes = drawn["layout"]["annotations"]
    axes = {note["xref"].split()[0]: note["text"] for note in notes if note["name"].startswith("panel:")}
    found: dict[str, list[dict]] = {title: [] for title in axes.values()}
    for trace in (trace for trace in drawn["data"] if "xaxis" in trace):
        found[axes[trace["xaxis"]]] += trace.get("customdata", [])
    return found


def test_more_than_four_lines_are_drawn_in_a_panel_each_unless_one_chart_is_asked_for(
    press: LoadedVersion,
) -> None:
    state = State(loaded=press, view=View(terms=("chips", "open", "weights", "law", "models")))
    view = Volume(state)
    view.update()
    assert list(panels(view)) == ["chips", "open", "weights", "law", "models"]
    view._drawn_in.value = "one"
    view.update()
    assert panels_of(state) == "one" and panels(view) == {}
    assert View.from_query(state.view.to_query()) == state.view


def test_a_point_of_an_outlet_s_panel_opens_the_articles_of_that_outlet(press: LoadedVersion) -> None:
    state = State(loaded=press, view=View(topics=("open_side",), panels="outlet", freq="M"))
    view = Volume(state)
    view.update()
    found = panels(view)
    assert list(found) == ["Echo", "Times", "Post"]  # those with most articles on it first
    point = next(point for point in found["Times"] if point["since"] == "2025-01-01")
    view._volume._on_click({"kind": "click", "customdata": point})
    assert state.view.selection == Selection("open_side", date(2025, 1, 1), date(2025, 1, 31), outlet="Times")
    assert len(state.list_rows()) == 15


def test_a_country_s_panel_is_named_in_words(press: LoadedVersion) -> None:
    state = State(loaded=press, view=View(panels="country", scale="own"))
    view = Volume(state)
    view.update()
    assert list(panels(view)) == ["United States"]
    assert view._scale.visible and view._scale.value == "own"
