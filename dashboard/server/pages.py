"""What makes pages, and what they show first. A third of a server's start is to load this, with all views and
widgets: it is loaded behind the server, when that listens already."""

from __future__ import annotations

from typing import Any

import panel as pn
import panel_material_ui as pmui
from panel.io.resources import LOCAL_DIST

from dashboard.app import App
from dashboard.components.markup import Markup
from dashboard.counts.app import CountedApp
from dashboard.counts.session import CountedStore
from dashboard.preview import preview
from dashboard.session.refresh_job import RefreshJob
from dashboard.session.store import Store

__all__ = ["no_page", "open_counts", "open_page", "preview"]


def open_page(store: Store, job: RefreshJob, *, read_only: bool, user: str | None = None) -> Any:
    """The page of a new session, of a visitor who has logged in under a name, if any."""
    _name_no_foreign_host()
    return _freed(App(store, job, read_only=read_only, user=user).page())


def no_page() -> Any:
    """A page that could not be opened, as one: the server may send its head to all who come later."""
    sorry = "<h1>This page could not be opened.</h1><p>The server's log says why.</p>"
    return _freed(pmui.Page(title="Pressgauge", site_url=pn.state.base_url, main=[Markup(sorry)]))


def open_counts(store: CountedStore) -> Any:
    """The page of a new session on counts."""
    _name_no_foreign_host()
    return _freed(CountedApp(store).page())


def _name_no_foreign_host() -> None:
    # Panel says where its stylesheets lie when it writes a page. The session of a visitor who comes after his
    # own has ended is made without that, by the websocket, and would name Panel's public host. What is said
    # before holds a dot, since Panel takes its own words for another path and sets / before them (1.9.4).
    if pn.state.curdoc is not None:
        own = LOCAL_DIST.replace("/panel/", "/./panel/")
        own = f"{pn.state.rel_path}/{own}" if pn.state.rel_path else own
        pn.state.curdoc._template_variables.setdefault("dist_url", own)


def _freed(page: Any) -> Any:
    # Page follows Panel's global busy flag, which each callback of any session switches: every open page
    # would be updated each time, and live as long as the process. Its busy bar is hidden anyway.
    pn.state.param.unwatch(pn.state.param.watchers["busy"]["value"][-1])
    return page
