"""The dashboard's views in a notebook: one state, the app's figures, no page around them."""

from __future__ import annotations

import json
from typing import Any

import plotly.graph_objects as go
import pytest

import pressgauge
from dashboard.notebook_app import NotebookDashboard
from dashboard.session.store import Store
from dashboard.session.view import Selection, View
from dashboard.views import volume
from dashboard.views.registry import IN_A_NOTEBOOK
from pressgauge.errors import ConfigError, PressgaugeError


def of_plotly(figure: str) -> Any:
    """What plotly makes of a figure's JSON."""
    return json.loads(go.Figure(json.loads(figure), _validate=False).to_json())


@pytest.mark.parametrize("within", [None, "law"])
def test_plot_gives_the_figure_of_the_dashboard(store: Store, within: str | None):
    cov = pressgauge.open(store.path)
    desk = NotebookDashboard(cov, terms=("chatgpt",), share=True, query="" if within is None else "law")
    drawn = cov.search("chatgpt", within=within).volume("W", share=True).plot()
    assert json.loads(drawn.to_json()) == of_plotly(volume.figure(desk.state))


def test_compared_topics_are_drawn_as_the_dashboard_draws_them(store: Store):
    cov = pressgauge.open(store.path)
    desk = NotebookDashboard(cov, topics=("open_side", "closed_side"))
    drawn = cov.compare("open_side", "closed_side").volume("W").plot()
    assert json.loads(drawn.to_json()) == of_plotly(volume.figure(desk.state))


def test_a_filter_reaches_every_view(store: Store):
    desk = NotebookDashboard(pressgauge.open(store.path))
    chart, articles = desk["volume"][0], desk["articles"]
    before = json.loads(chart.figure)
    desk.state.go(outlets=("Wired",))
    assert json.loads(chart.figure) != before
    assert 'data-count="4"' in articles[1].html


def test_a_clicked_number_fills_the_articles(store: Store):
    desk = NotebookDashboard(pressgauge.open(store.path))
    articles = desk["articles"]
    desk.state.go(tab="articles", selection=Selection(series="closed_side"))
    assert 'data-count="4"' in articles[1].html


def test_all_views_stand_as_tabs_in_groups_that_follow_a_click(store: Store):
    desk = NotebookDashboard(pressgauge.open(store.path))
    groups = desk.app()[1][1]
    assert groups._names == ["Coverage", "Words", "Voices", "Articles", "Check"]
    desk.state.go(tab="events")
    coverage = groups[0]
    assert (groups.active, coverage._names[coverage.active]) == (0, "Events")
    coverage.active = coverage._names.index("Outlets")
    assert desk.state.view == View(tab="outlets")
    groups.active = 3
    assert desk.state.view == View(tab="articles")
    groups.active = 0  # a group opens where it was left
    assert desk.state.view == View(tab="outlets")


def test_the_demo_is_labelled(store: Store, monkeypatch: pytest.MonkeyPatch):
    assert "synthetic" not in NotebookDashboard(pressgauge.open(store.path)).chips.html
    store.path.rename(store.path.with_name("demo"))
    assert (
        "Demo data (synthetic)" in NotebookDashboard(pressgauge.open(store.path.with_name("demo"))).chips.html
    )


def test_a_view_that_there_is_not_is_named_with_those_there_are(store: Store):
    with pytest.raises(PressgaugeError, match="no view 'volumes'; expected one of overview, volume"):
        _ = NotebookDashboard(pressgauge.open(store.path))["volumes"]


@pytest.mark.parametrize("name", ["topics", "events"])
def test_a_settings_file_with_an_error_is_a_notice_with_file_and_line_and_the_rest_is_shown(
    store: Store, name: str
):
    file = store.path.with_name(f"{name}.toml")
    file.write_text(f"[[{name.removesuffix('s')}]]\nlabel = '<b>3</b>'\nodd = 1\n")
    desk = NotebookDashboard(pressgauge.open(store.path))
    assert f"{file}:3: " in desk.chips.html and "<b>" not in desk.chips.html
    assert all(len(desk[view]) for view in IN_A_NOTEBOOK)
    assert 'data-count="8"' in desk["articles"][1].html
    with pytest.raises(ConfigError):
        Store(store.path)  # as the app opens it, which says so and does not start
