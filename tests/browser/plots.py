"""What a chart on the page shows, and clicking into it where it is drawn."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

_LINES = """(e) => Object.fromEntries(e.calcdata
  .filter((c) => c[0].trace.name && c[0].trace.visible === true)
  .map((c) => [c[0].trace.name, c.map((p) => (c[0].trace.type === 'bar' ? p.s : p.y) ?? 0)]))"""
# Where a point, or the middle of a bar, is on the page, and the number written in its customdata or drawn.
_PLACE = """(e, [name, i]) => {
  const c = e.calcdata.find((c) => c[0].trace.customdata && (name === null || c[0].trace.name === name))
  const t = c[0].trace, p = c[i], box = e.getBoundingClientRect()
  const axis = (id) => e._fullLayout[id.slice(0, 1) + 'axis' + id.slice(1)]
  const xa = axis(t.xaxis), ya = axis(t.yaxis), h = t.orientation === 'h'
  const middle = (p.p0 + p.p1) / 2
  const px = t.type === 'bar' ? (h ? xa.c2p(p.s) / 2 + xa.c2p(0) / 2 : xa.c2p(middle)) : xa.c2p(p.x)
  const py = t.type === 'bar' ? (h ? ya.c2p(middle) : ya.c2p(p.s / 2)) : ya.c2p(p.y)
  return [box.left + xa._offset + px, box.top + ya._offset + py, t.type === 'bar' ? p.s : p.y,
    t.text?.[i] ?? t.hovertext?.[i] ?? '']
}"""


READ = 180_000
"""Milliseconds that reading the articles for words or speakers may take: it goes behind all else that the
machine does."""


def drawn(page: Page, number: int = 0, timeout: float = 30_000) -> Locator:
    """A chart of the page, once it is on screen."""
    chart = page.locator(".plot").nth(number)
    expect(chart).to_have_attribute("data-drawn", re.compile(r"\d+"), timeout=timeout)
    return chart


def redrawn(page: Page, act: Any, number: int = 0) -> Locator:
    """A chart after `act` has changed what it shows."""
    chart = drawn(page, number)
    before = chart.get_attribute("data-drawn")
    act()
    expect(chart).not_to_have_attribute("data-drawn", str(before))
    return chart


def lines(chart: Locator) -> dict[str, list[float]]:
    """The numbers that a chart draws, by name of its traces."""
    return chart.evaluate(_LINES)


def count(page: Page) -> int:
    """How many articles the Articles view says it holds."""
    heading = page.locator("[data-count]")
    expect(heading).to_be_visible()
    return int(heading.get_attribute("data-count") or -1)


def click_point(page: Page, chart: Locator, trace: str | None, point: int) -> tuple[float, str]:
    """Click a point or bar of a trace (None: the first that can be clicked) where it is drawn; the number
    that is drawn there and the text beside it."""
    chart.scroll_into_view_if_needed()
    _, y, _, _ = _at_rest(page, chart, trace, point)
    if not 0 < y < (page.viewport_size or {"height": 0})["height"]:
        page.mouse.wheel(0, y - 400)
        page.wait_for_timeout(200)
    x, y, number, text = _at_rest(page, chart, trace, point)
    press(page, x, y)
    return number, text


def _at_rest(page: Page, chart: Locator, trace: str | None, point: int) -> Any:
    """Where a point is, its number and its text, once the page no longer moves it."""
    now = chart.evaluate(_PLACE, [trace, point])
    while True:
        before = now
        page.wait_for_timeout(100)
        now = chart.evaluate(_PLACE, [trace, point])
        if now == before:
            return now


def press(page: Page, x: float, y: float) -> None:
    """Click as a hand does: plotly needs to see the pointer come."""
    page.mouse.move(x - 3, y)
    page.mouse.move(x, y)
    page.wait_for_timeout(120)
    page.mouse.click(x, y)


def number_in(text: str) -> int:
    """The first number of a text, thousands separators and all."""
    found = re.search(r"\d[\d,]*", text)
    assert found is not None, text
    return int(found[0].replace(",", ""))


def drag_box(page: Page, chart: Locator, first: int, last: int, below: int) -> None:
    """Draw a box in time around these points of the first trace that can be clicked, from `below` pixels
    under the upper edge of the plot 130 pixels down."""
    left, right, top = chart.evaluate(
        """(e, [first, last]) => {
          const xa = e._fullLayout.xaxis, ya = e._fullLayout.yaxis, box = e.getBoundingClientRect()
          const c = e.calcdata.find((c) => c[0].trace.customdata)
          const at = (point) => box.left + xa._offset + xa.c2p(c[point].x)
          return [at(first) - 2, at(last) + 2, box.top + ya._offset] }""",
        [first, last],
    )
    page.mouse.move(left, top + below)
    page.mouse.down()
    page.mouse.move((left + right) / 2, top + below + 130)
    page.mouse.move(right, top + below + 130)
    page.mouse.up()
