"""What looks like one outlet is offered, and accepted by a click."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from playwright.sync_api import Page, expect

import pressgauge


def test_names_that_look_like_one_outlet_become_one_in_all_history_when_a_visitor_says_so(
    page: Page, serve: Callable[..., Any], fresh: Callable[[], Path]
) -> None:
    data = fresh()
    names = ["Harbour Gazette"] * 3 + ["harbourgazette.example"] * 2 + ["The Hill Echo"]
    number = range(len(names))
    pressgauge.open(data / "coverage").append(
        pd.DataFrame(
            {
                "url": [f"https://harbourgazette.example/{n}" for n in number[:-1]] + ["https://e.example/9"],
                "outlet": names,
                "title": [f"DeepSeek and open source AI, part {n}" for n in number],
                "published": pd.to_datetime([f"2025-01-0{n + 1}" for n in number], utc=True),
            }
        )
    )
    page.goto(f"{serve(data=data).url}?tab=outlets&everything=1")
    rows = page.get_by_role("table").locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(page.get_by_role("heading", name="These look like one outlet")).to_be_visible()
    page.get_by_role("button", name="Make one outlet of them: Harbour Gazette").click()
    expect(page.get_by_text("Harbour Gazette is one outlet now, in all history.")).to_be_visible()
    expect(rows).to_have_count(2)
    of_it = rows.filter(has_text="Harbour Gazette").get_by_role("button", name="5", exact=True)
    expect(of_it.last).to_be_visible()
    expect(page.get_by_role("heading", name="These look like one outlet")).to_have_count(0)
    written = (data / "outlets.toml").read_text(encoding="utf-8")
    assert "Harbour Gazette" in written
    assert "harbourgazette.example" in written
