"""The page of `pressgauge serve --counts`: volume and outlets of a dataset too large for memory."""

from __future__ import annotations

from typing import Any

import panel as pn

from dashboard.components import safe
from dashboard.components.chips import narrow
from dashboard.components.markup import Markup, button, copier
from dashboard.components.sidebar import Sidebar
from dashboard.counts.session import CountedSession, CountedStore
from dashboard.counts.views import Articles, Outlets, Volume
from dashboard.page import Frame
from dashboard.server.server import PREFERS

_FILTERS = ("topics", "since", "until", "outlets", "languages", "freq", "share")
_ASIDE = f"""<h2>Counts only</h2>
<p class="quiet">Of the saved topics. Stories, bursts, words and queries of your own need the articles: they
are in the dashboard without counts, queries also in Python.</p>
<h2>Take it with you</h2>
<p>{copier("Copy link to this view")}</p>"""


class CountedApp(Frame):
    """One session, and what it hears of newer counts."""

    state: CountedSession

    def __init__(self, store: CountedStore) -> None:
        self._store = store
        dark = pn.state.headers.get(PREFERS, "") == "dark"
        session = CountedSession(loaded=store.current, prefers_dark=dark)
        self._last_shared: tuple[Any, ...] = ()
        kinds = {"volume": Volume, "outlets": Outlets, "articles": Articles}
        groups = {name: {name: kind} for name, kind in kinds.items()}
        super().__init__(
            session, groups, [*Sidebar(session, *_FILTERS).panel, Markup(_ASIDE, margin=(10, 12, 20, 12))]
        )

    def _listen(self) -> None:
        store = self._store
        shared = (store.current, store.problem, store.late, self.state.loaded)
        if shared == self._last_shared:
            return
        self._last_shared = shared
        notices = []
        if self.state.loaded.synthetic:
            notices.append(
                "<span><b>Demo data (synthetic).</b> Nothing on this page is real coverage.</span>"
            )
        if store.current is not self.state.loaded:
            show = button("Show new counts", "reload", classes="act")
            notices.append(f"<span>New counts have arrived.</span> {show}")
        if store.late:
            notices.append(
                f"<span>{safe.text(store.late)} <code>pressgauge count</code> makes them anew.</span>"
            )
        if store.problem:
            notices.append(f"<span>{safe.text(store.problem)}</span>")
        self._banner.html = "".join(
            f'<div class="notice row" role="status">{notice}</div>' for notice in notices
        )

    def _go(self, action: str, value: Any) -> None:
        narrow(self.state, action, value)
        if action == "reload":
            self.state.loaded = self._store.current
