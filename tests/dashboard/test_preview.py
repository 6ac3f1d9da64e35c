"""What a page shows before its scripts have run: what the live overview says, and nothing that could run."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pandas as pd
import panel as pn
import pytest

import pressgauge
from dashboard.preview import picture, preview
from dashboard.session.state import State
from dashboard.session.store import LoadedVersion, Store
from dashboard.session.view import View
from dashboard.views import overview
from dashboard.views.volume import table

HOSTILE = "<img src=x onerror=alert(1)>\"'"


def asked(loaded: LoadedVersion, **view: Any) -> State:
    state = State(loaded=loaded)
    state.view = View(everything=True, **view)
    return state


def test_it_says_what_the_live_overview_says(loaded: LoadedVersion) -> None:
    shown = preview(loaded, "everything=1", dark=False)
    live = overview.head(asked(loaded))
    without_buttons = re.sub(r"</?(?:button|a|span)\b[^>]*>", "", live)
    assert without_buttons in re.sub(r"</?(?:button|a|span)\b[^>]*>", "", shown)


def test_its_numbers_are_links_to_the_articles_they_count(loaded: LoadedVersion) -> None:
    shown = preview(loaded, "everything=1&topics=open_side", dark=False)
    links = re.findall(r'<a href="\?([^"]+)"', shown)
    views = [View.from_query(link.replace("&amp;", "&")) for link in links]
    assert [view.selection.series for view in views if view.selection] == [None, "open_side"]
    assert {view.tab for view in views} == {"articles"}
    assert {view.topics for view in views} == {("open_side",)}
    assert "<button" not in shown


@pytest.mark.parametrize(
    "address", ["tab=volume", "tab=articles", "query=%28open", "topics=nobody", "since=x"]
)
def test_other_views_and_addresses_with_a_problem_have_none(loaded: LoadedVersion, address: str) -> None:
    assert preview(loaded, address, dark=False) == ""


def test_its_picture_has_a_point_for_each_period_of_each_line(loaded: LoadedVersion) -> None:
    state = asked(loaded, freq="D")
    paths = re.findall(r'<path d="([^"]+)"', picture(state))
    lines = table(state)
    assert [len(re.findall("[ML]", path)) for path in paths] == [
        int(lines.loc[lines["series"] == series.label, "n"].notna().sum()) for series in state.series
    ]


def test_a_line_is_as_high_as_its_number_beside_the_greatest(loaded: LoadedVersion) -> None:
    state = asked(loaded, freq="D")
    lines = table(state)
    [path, *_] = re.findall(r'<path d="([^"]+)"', picture(state))
    heights = [float(each) for each in re.findall(r"[ML][\d.]+ ([\d.]+)", path)]
    numbers = lines.loc[lines["series"] == state.series[0].label, "n"].tolist()
    floor, ceiling = 292.0, 12.0  # where 0 and the greatest number stand in the picture
    expected = [floor - (floor - ceiling) * number / lines["n"].max() for number in numbers]
    assert heights == pytest.approx(expected, abs=0.06)


def test_what_an_address_carries_is_text(loaded: LoadedVersion) -> None:
    shown = preview(
        loaded, urlencode({"everything": 1, "query": f'"{HOSTILE[:10]}"', "terms": HOSTILE}), dark=True
    )
    assert "<img" not in shown
    form = preview(loaded, urlencode({"everything": 1, "query": "law", "outlets": HOSTILE}), dark=True)
    assert "<img" not in form


def test_its_filter_keeps_the_rest_of_the_view(loaded: LoadedVersion) -> None:
    shown = preview(loaded, "everything=1&query=law&unit=stories", dark=False)
    fields = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', shown))
    assert fields == {"everything": "1", "unit": "stories", "query": "law"}


def test_it_asks_for_nothing_from_anywhere(loaded: LoadedVersion) -> None:
    shown = preview(loaded, "everything=1", dark=False)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//|url\(|@import", shown)


def test_demo_articles_are_called_so(loaded: LoadedVersion) -> None:
    said = "Demo data (synthetic)."
    assert said in preview(replace(loaded, synthetic=True), "everything=1", dark=False)
    assert said not in preview(loaded, "everything=1", dark=False)


def test_it_stands_before_the_scripts_in_the_first_part_of_the_answer(
    served: Callable[..., Any],
) -> None:
    def shown(query: str, dark: bool, known: bool) -> str:
        return f"<p>shown for {query}</p>"

    with served(lambda: pn.pane.Str("the page"), preview=shown) as (url, _):
        urlopen(url).read()  # by which the server learns the page's head
        answer = urlopen(f"{url}?a=1").read().decode()
    order = [
        answer.index(each) for each in ("</head>", "<body", "shown for a=1", "bokeh.min.js", "docs_json")
    ]
    assert order == sorted(order)
    assert answer.count("<body") == answer.count("bokeh.min.js") == answer.count("</html>") == 1


def test_a_picture_that_cannot_be_made_leaves_the_page_as_it_is(
    served: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    def broken(query: str, dark: bool, known: bool) -> str:
        raise ValueError(query)

    with served(lambda: pn.pane.Str("the page"), preview=broken) as (url, _):
        urlopen(url).read()
        assert "docs_json" in urlopen(url).read().decode()
    assert "the picture of a page could not be made" in caplog.text


def test_a_page_asked_for_right_after_the_first_articles_were_stored_shows_no_demo(
    store: Store, served: Callable[..., Any], announced: Callable[..., pd.DataFrame], tmp_path: Path
) -> None:
    waiting = Store(tmp_path / "empty", demo=lambda: store.path)

    def shown(query: str, dark: bool, known: bool) -> str:
        return preview(waiting.current, query, dark=dark)

    with served(lambda: pn.pane.Str("the page"), preview=shown, before=waiting.before_page) as (url, _):
        assert "Demo data (synthetic)" in urlopen(url, timeout=60).read().decode()
        pressgauge.open(tmp_path / "empty").append(announced())
        assert "Demo data (synthetic)" not in urlopen(url, timeout=60).read().decode()
