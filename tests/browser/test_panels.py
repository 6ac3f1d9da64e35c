"""Many lines stand in small panels, below each other on a phone; a point opens the articles of its panel."""

from __future__ import annotations

from itertools import pairwise

from playwright.sync_api import expect

from tests.browser.plots import click_point, count, redrawn
from tests.browser.visit import Visit

_PANELS = """(e) => e._fullLayout.annotations.filter((a) => a.name?.startsWith("panel:")).map((a) => {
  const id = a.xref.split(" ")[0].slice(1), x = e._fullLayout["xaxis" + id], y = e._fullLayout["yaxis" + id]
  return {title: a.text, left: x._offset, top: y._offset, height: y._length, highest: y.range[1]}
})"""


def test_small_multiples_by_outlet_open_their_articles_and_stand_below_each_other_on_a_phone(
    visit: Visit,
) -> None:
    page = visit("tab=volume&freq=M&topics=open_source_ai")
    chart = redrawn(page, lambda: page.get_by_role("button", name="By outlet").click())
    wide = chart.evaluate(_PANELS)
    assert len(wide) == 12 and len({panel["left"] for panel in wide}) == 3
    assert len({panel["highest"] for panel in wide}) == 1
    redrawn(page, lambda: page.get_by_role("button", name="Each its own").click())
    assert len({panel["highest"] for panel in chart.evaluate(_PANELS)}) > 1
    page.set_viewport_size({"width": 390, "height": 800})
    expect(chart).to_have_js_property("clientHeight", chart.evaluate("(e) => e._fullLayout.height"))
    page.wait_for_function(
        "(e) => e._fullLayout.xaxis2._offset === e._fullLayout.xaxis._offset", arg=chart.element_handle()
    )
    narrow = chart.evaluate(_PANELS)
    assert all(a["top"] + a["height"] < b["top"] for a, b in pairwise(narrow))
    page.set_viewport_size({"width": 1440, "height": 900})
    page.wait_for_function(
        "(e) => e._fullLayout.xaxis2._offset > e._fullLayout.xaxis._offset + 100", arg=chart.element_handle()
    )
    number, _ = click_point(page, chart, None, 16)
    assert count(page) == number > 0
    expect(page.locator(".chip", has_text=wide[0]["title"]).first).to_be_visible()
