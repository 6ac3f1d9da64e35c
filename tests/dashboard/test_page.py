"""The page of a session: its views are made when they are opened, each once."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.app import App
from dashboard.session.refresh_job import RefreshJob
from dashboard.session.store import Store
from dashboard.views.registry import VIEWS


@pytest.fixture
def app(store: Store, tmp_path: Path) -> App:
    app = App(store, RefreshJob(tmp_path))
    app.page()
    return app


def test_only_the_view_that_is_shown_is_made(app: App) -> None:
    assert list(app._views) == ["overview"]
    assert [name for name, place in app._places.items() if len(place)] == ["overview"]


def test_a_view_is_made_when_it_is_opened_and_the_same_one_shown_again(app: App) -> None:
    app.state.go(tab="outlets")
    outlets = app._views["outlets"]
    app.state.go(tab="volume")
    app.state.go(tab="outlets")
    assert list(app._views) == ["overview", "outlets", "volume"]
    assert app._views["outlets"] is outlets
    assert list(app._places["outlets"]) == [outlets.panel]


def test_every_view_of_the_registry_opens(app: App) -> None:
    for name in VIEWS:
        app.state.go(tab=name)
        assert app._address.title == f"{VIEWS[name].title} · Pressgauge"
    assert set(app._views) == set(VIEWS)


def test_an_address_with_an_unknown_value_opens_with_a_notice_though_the_address_is_mended(app: App) -> None:
    app._address.query = "since=2025-13-01"
    assert "The address says &#x27;since=2025-13-01&#x27;, which is nothing known." in app._chips.html
    assert app._address.query == ""
    app.state.go(tab="volume")
    assert "since=2025-13-01" in app._chips.html


def test_a_view_that_could_not_be_drawn_is_drawn_again_when_it_is_next_shown(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.state.go(tab="outlets")
    app.state.go(tab="volume")
    view = app._views["outlets"]

    def fail() -> None:
        raise MemoryError

    with monkeypatch.context() as broken, pytest.raises(MemoryError):
        broken.setattr(view, "update", fail)
        app.state.go(tab="outlets", unit="stories")
    drawn: list[str] = []
    monkeypatch.setattr(view, "update", lambda: drawn.append("outlets"))
    app.state.go(tab="volume")
    app.state.go(tab="outlets")
    assert drawn == ["outlets"]
