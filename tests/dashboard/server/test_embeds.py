"""Charts for other people's pages: over real HTTP, what a CMS asks and what a frame gets."""

from __future__ import annotations

import asyncio
import html
import http.client
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import panel as pn
import pytest

from dashboard.server import server
from dashboard.server.drawings import FRESH_S, Drawings
from dashboard.server.log_in import Form
from dashboard.session import vocabulary
from dashboard.session.store import Store
from tests.waiting import wait_for

LINES = "terms=outlet:wired&terms=outlet:bbc"
"""Two lines whose queries look for no word: those that one looks for tell no lines apart."""


@pytest.fixture
def url(served: Callable[..., Any], store: Store) -> Iterator[str]:
    with served(lambda: pn.Column(), charts=store) as (address, _):
        yield address


class Answer:
    def __init__(self, url: str, **headers: str) -> None:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=30)
        connection.request("GET", f"{parts.path}?{parts.query}", headers=headers)
        answer = connection.getresponse()
        self.status, self.headers, self.text = answer.status, answer.headers, answer.read().decode()


def oembed(url: str, page: str, **options: Any) -> Answer:
    return Answer(f"{url}oembed?{urlencode({'url': page, **options})}")


def drawn(page: str) -> dict[str, Any]:
    return json.loads(re.search('"application/json">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]


def test_an_embed_is_the_chart_of_the_view_with_its_filter_base_dates_queries_and_dataset_version(url: str):
    answer = Answer(f"{url}embed?tab=volume&outlets=Wired&since=2025-01-20&topics=open_side&freq=D")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    caption = html.unescape(re.search("<figcaption>(.*)</figcaption>", answer.text)[1])  # type: ignore[index]
    assert "Counted: collected articles by Wired, since 20 Jan 2025 (UTC)." in caption
    assert 'Open-source AI: "open weights"' in caption
    assert "dataset version 0, 8 articles" in caption
    assert f'href="{url}?tab=volume&since=2025-01-20&outlets=Wired&topics=open_side&freq=D"' in caption
    assert drawn(answer.text)["data"][0]["name"] == "Open-source AI"


def test_any_page_may_frame_an_embed_and_nothing_of_the_server_is_within_its_reach(url: str):
    embed, page = Answer(f"{url}embed?tab=outlets"), Answer(url)
    policy = embed.headers["Content-Security-Policy"].split("; ")
    assert {"frame-ancestors *", "sandbox allow-scripts allow-popups", "default-src 'none'"} <= set(policy)
    assert embed.headers["X-Frame-Options"] is None
    assert embed.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_the_name_of_a_chart_chooses_among_those_of_a_view(url: str):
    leans = drawn(Answer(f"{url}embed?tab=outlets&chart=pressgauge-lean").text)
    outlets = drawn(Answer(f"{url}embed?tab=outlets&chart=pressgauge-outlets").text)
    assert leans["layout"]["title"] != outlets["layout"]["title"]
    assert drawn(Answer(f"{url}embed?tab=outlets").text) == outlets
    for address in ("embed?tab=outlets&chart=pressgauge-none", "embed?tab=articles", "embed?tab=sources"):
        assert Answer(url + address).status == 404


def test_oembed_gives_a_frame_of_the_page_that_was_linked(url: str):
    page = f"{url}?tab=volume&outlets=Wired"
    answer = oembed(url, page, maxwidth=600)
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    given = json.loads(answer.text)
    assert {name: given[name] for name in ("version", "type", "provider_name", "provider_url", "width")} == {
        "version": "1.0", "type": "rich", "provider_name": "Pressgauge", "provider_url": url, "width": 600,
    }  # fmt: skip
    assert given["title"] and 380 < given["height"] < 900
    frame = re.search('<iframe src="([^"]*)" title="[^"]*" width="600" height="(\\d+)"', given["html"])
    assert frame is not None
    assert int(frame[2]) == given["height"]
    address = html.unescape(frame[1])
    assert address == f"{url}embed?tab=volume&outlets=Wired&chart=pressgauge-volume"
    assert drawn(Answer(address).text)["data"]
    assert json.loads(oembed(url, address).text)["html"] == json.loads(oembed(url, page).text)["html"]


def test_oembed_keeps_within_the_width_and_height_that_are_asked_for(url: str):
    small = json.loads(oembed(url, f"{url}?tab=volume", maxwidth=300, maxheight=200).text)
    wide = json.loads(oembed(url, f"{url}?tab=volume", maxwidth=5000, maxheight=5000).text)
    assert (small["width"], small["height"]) == (300, 200)
    assert (wide["width"], wide["height"] < 900) == (900, True)


@pytest.mark.parametrize(
    ("page", "options", "status"),
    [
        ("", {}, 400),
        ("no address", {}, 400),
        ("http://[", {}, 400),
        ("{url}?tab=volume", {"maxwidth": "wide"}, 400),
        ("{url}?tab=volume", {"maxheight": "-1"}, 400),
        ("{url}?tab=volume", {"maxwidth": "9" * 40}, 400),
        ("{url}?tab=volume", {"format": "xml"}, 501),
        ("https://evil.example/?tab=volume", {}, 404),
        ("javascript://127.0.0.1/?tab=volume", {}, 404),
        ("http://ada@127.0.0.1/", {}, 404),
        ("{url}alerts.atom", {}, 404),
        ("{url}?tab=articles", {}, 404),
    ],
)
def test_what_oembed_cannot_answer_it_refuses_as_its_specification_says(
    url: str, page: str, options: dict[str, str], status: int
):
    assert oembed(url, page.replace("{url}", url), **options).status == status


def test_the_head_of_a_page_says_where_its_oembed_is_each_time(url: str):
    for query in ("tab=volume&everything=1&query=%22open%20weights%22&x=%3Cb%3E", "tab=outlets"):
        head = Answer(f"{url}?{query}").text.partition("</head>")[0]
        [href] = re.findall('<link rel="alternate" type="application/json\\+oembed" href="([^"<>]*)"', head)
        told = parse_qs(urlsplit(html.unescape(href)).query)
        assert told == {"format": ["json"], "url": [f"{url}?{query}"]}
        assert Answer(html.unescape(href)).status == 200


def test_behind_a_log_in_charts_stand_in_no_other_page(served: Callable[..., Any], store: Store):
    with served(lambda: pn.Column(), charts=store, log_in=Form()) as (url, _):
        for path in ("embed?tab=volume", f"oembed?url={quote(f'{url}?tab=volume')}"):
            answer = Answer(url + path)
            assert answer.status == 401
            assert "log-in" in answer.text
        assert "oembed" not in Answer(f"{url}login").text


def test_a_host_that_is_not_ours_gets_no_chart(url: str):
    assert Answer(f"{url}embed?tab=volume", Host="evil.example").status == 421


def test_no_chart_is_drawn_for_a_frame_that_has_gone_before_its_turn(
    served: Callable[..., Any], store: Store, monkeypatch: pytest.MonkeyPatch
):
    known: list[Drawings] = []

    class Busy(Drawings):
        def __init__(self, store: Store) -> None:
            super().__init__(store)
            self._turns._is_taken = True
            known.append(self)

    monkeypatch.setattr(server, "Drawings", Busy)
    with served(lambda: pn.Column(), charts=store) as (url, _):
        parts = urlsplit(url)
        frame = http.client.HTTPConnection(parts.netloc, timeout=30)
        frame.request("GET", "/embed?tab=volume")
        wait_for(lambda: known[0]._awaited)
        frame.close()
        wait_for(lambda: not known[0]._awaited)


def test_a_browser_keeps_a_chart_no_longer_than_it_is_fresh(url: str, store: Store):
    store.current.vocabulary.read(store.current.dataset, store.current.snapshot.articles)
    for path in ("embed?tab=volume", f"oembed?url={quote(f'{url}?tab=volume')}"):
        [seconds] = re.findall("^public, max-age=([0-9]+)$", Answer(url + path).headers["Cache-Control"])
        assert int(seconds) <= FRESH_S


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("overview", ["volume", "lean", "words"]),
        ("terms", ["volume", "words"]),
        ("together", ["together", "network"]),
        ("unknown", ["volume"]),
    ],
)
def test_each_chart_of_a_view_can_stand_alone(store: Store, address: str, names: list[str]):
    loaded = store.current
    loaded.vocabulary.read(loaded.dataset, loaded.snapshot.articles)
    for name in names:
        lines = f"&{LINES}" if name == "words" else ""
        query = f"tab={address}&everything=1{lines}"
        chart = asyncio.run(Drawings(store).get(query, f"pressgauge-{name}", "127.0.0.1"))
        assert chart is not None, name
        assert chart.description and "dataset version 0" in chart.caption


def test_what_is_still_being_read_is_to_be_asked_for_again_and_is_asked_by_a_frame_itself(
    url: str, store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(vocabulary, "_PAUSE", 600.0)
    answer = Answer(f"{url}embed?tab=terms&everything=1&{LINES}&chart=pressgauge-words")
    assert (answer.status, answer.headers["Retry-After"], answer.headers["Refresh"]) == (503, "10", "10")
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    loaded = store.current
    loaded.vocabulary.read(loaded.dataset, loaded.snapshot.articles)
    assert Answer(f"{url}embed?tab=terms&everything=1&{LINES}&chart=pressgauge-words").status == 200
