"""The app's page: all views of one dataset, and what its visitor hears of new data and of the refresh."""

from __future__ import annotations

from typing import Any

import panel as pn

from dashboard.components import safe
from dashboard.components.chips import narrow
from dashboard.components.markup import button
from dashboard.components.saved_views import SaveView
from dashboard.components.sidebar import Sidebar
from dashboard.downloads.citation import caption
from dashboard.downloads.menu import Takeaway
from dashboard.page import Frame
from dashboard.server.server import PREFERS
from dashboard.session.refresh_job import RefreshJob
from dashboard.session.saved import SavedViews
from dashboard.session.state import Services, State
from dashboard.session.store import LoadedVersion, Store
from dashboard.views.registry import GROUPS


class App(Frame):
    """One session: its state, its views, and what it hears from the store and the refresh that all sessions
    share."""

    state: State

    def __init__(
        self, store: Store, job: RefreshJob, *, read_only: bool = False, user: str | None = None
    ) -> None:
        self._store, self._job, self._read_only = store, job, read_only
        # A first guess, too: the browser says it when the page is there.
        dark = pn.state.headers.get(PREFERS, "") == "dark"
        # beside the dataset that is served, also while the demo stands in for it
        saved_views = None if "://" in str(store.path) else SavedViews(store.path)
        services = Services(store, job, read_only, saved_views, user)
        state = State(loaded=store.current, prefers_dark=dark, services=services)
        self._takeaway = Takeaway(state)
        self._last_shared: tuple[Any, ...] = ()
        side = [*Sidebar(state).panel, *SaveView(state).panel, *self._takeaway.panel]
        super().__init__(state, GROUPS, side)

    def _update(self) -> None:
        super()._update()
        self._takeaway.update()
        paragraphs = "".join(f"<p>{safe.text(line)}</p>" for line in caption(self.state).split("\n"))
        self._on_paper.html = f'<div class="paper quiet">{paragraphs}</div>'

    def _listen(self) -> None:
        """Compare what all sessions share with what this page last heard of it."""
        current = self._store.current
        loaded = self.state.loaded
        complete = loaded.vocabulary.terms is not None, loaded.voices.tables is not None
        shared = (self._job.serial, current, self._store.problem, self.state.loaded, complete)
        if shared == self._last_shared:
            return
        if self._last_shared and self._last_shared[-1] != complete:
            self._drawn_states.clear()
            self._draw()
        self._last_shared = shared
        if self.state.loaded.synthetic and not current.synthetic:
            self.state.loaded = current
        self._banner.html = self._notices()
        if (sources := self._views.get("sources")) is not None:
            sources.hear()

    def _notices(self) -> str:
        loaded, notices = self.state.loaded, []
        if loaded.synthetic:
            collect = (
                ""
                if self._read_only or self._job.running
                else button("Collect real coverage", "collect", classes="act")
            )
            notices.append(
                f"<span><b>Demo data (synthetic).</b> Nothing on this page is real coverage.</span> {collect}"
            )
        if self._store.current is not loaded:
            notices.append(
                f"<span>{_news(self._store.current, loaded)}</span> "
                f"{button('Show new data', 'reload', classes='act')}"
            )
        if self._job.running:
            notices.append(
                f"<span>Refreshing: {safe.text(self._job.message)}</span> {button('Progress', 'sources')}"
            )
        if self._store.problem:
            notices.append(f"<span>{safe.text(self._store.problem)}</span>")
        return "".join(f'<div class="notice row" role="status">{notice}</div>' for notice in notices)

    def _go(self, action: str, value: Any) -> None:
        narrow(self.state, action, value)
        if action == "reload":
            self.state.loaded = self._store.current
        elif action == "sources":
            self.state.go(tab="sources")
        elif action == "collect" and not self._read_only:
            self._job.start()
            self.state.go(tab="sources")


def _news(current: LoadedVersion, previous: LoadedVersion) -> str:
    """What is newer than what a page shows."""
    same = (current.path, current.snapshot.version) == (previous.path, previous.snapshot.version)
    return "Topics, events or outlets were edited." if same else "New data has arrived."
