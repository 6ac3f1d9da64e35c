"""One page of an app for many tests: it shows another view as the back button brings one.

To open a page anew takes five CPU seconds and more, most of them the browser's; another view takes one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, expect

from dashboard.session.view import View
from dashboard.views.registry import VIEWS
from tests.browser.live import live

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
_GO = """(query) => {
  history.pushState({}, "", location.pathname + "?" + query)
  dispatchEvent(new PopStateEvent("popstate"))
}"""
_BETWEEN = ("add", "outlets", "volume", "articles")
"""One of these is open between two addresses: nothing of the view before stays on the page."""


def tell_faults(page: Page, tell: Callable[[str], None]) -> None:
    """Have `tell` called with each error and dialog of a page."""
    page.on("console", lambda m: tell(f"console: {m.text}") if m.type == "error" else None)
    page.on("pageerror", lambda error: tell(f"page: {error}"))
    page.on("dialog", lambda dialog: (tell(f"dialog: {dialog.message}"), dialog.dismiss()))


class Visit:
    """`page = visit("tab=volume")` shows what the app at `url` shows there.

    For what follows from an address however one came there: a test of the coming itself opens a page of its
    own. `names` are the app's views; `faults` hears of each error on the page.
    """

    def __init__(
        self, context: BrowserContext, url: str, size: Any = DESKTOP, names: Sequence[str] = tuple(VIEWS)
    ) -> None:
        self.page: Page | None = None
        self.faults: list[str] = []
        self.url = url
        self._context, self._size, self._names = context, size, names
        self._numbers = count()
        self._is_sound = True

    def __call__(self, address: str = "", size: Any = None) -> Page:
        if not self._is_sound:
            self.close()
        page = self.page or self._open()
        self._is_sound = False
        page.set_viewport_size(size or self._size)
        page.emulate_media(media="screen", color_scheme="light")
        page.mouse.move(0, 0)
        others = {*self._names} - {self._name(address), self._name(urlsplit(page.url).query)}
        self._go(page, f"tab={next(name for name in _BETWEEN if name in others)}")
        self._go(page, address)
        self._is_sound = True
        return page

    def close(self) -> None:
        if self.page is not None:
            self.page.close()
            self.page = None

    def _open(self) -> Page:
        self.page = page = self._context.new_page()
        page.set_default_timeout(40_000)
        tell_faults(page, lambda fault: self.faults.append(fault))
        page.goto(self.url)
        page.wait_for_selector("a.skip", state="attached")  # which comes with what hears the back button
        return live(page)

    def _name(self, address: str) -> str:
        """The view at an address: the first where there is none of that name."""
        name = View.from_query(address).tab
        return name if name in self._names else self._names[0]

    def _go(self, page: Page, address: str) -> None:
        # The app takes away what it does not know: with that, the page is told what it shows now.
        mark = f"visit={next(self._numbers)}."
        page.evaluate(_GO, f"{address}&{mark}")
        page.wait_for_function("(mark) => !location.search.includes(mark)", arg=mark)
        title = VIEWS[self._name(address)].title
        expect(page).to_have_title(f"{title} · Pressgauge")
        expect(page.get_by_role("tab", name=title, exact=True)).to_have_attribute("aria-selected", "true")
