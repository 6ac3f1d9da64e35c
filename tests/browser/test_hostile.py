"""Nothing that a press writes runs in a visitor's browser."""

from __future__ import annotations

import http.client
import json
import re
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import pressgauge
from dashboard.components import safe
from dashboard.components.markup import button, table
from dashboard.downloads.report import report
from dashboard.downloads.tables import FORMATS
from dashboard.session.state import State
from dashboard.session.store import LoadedVersion
from dashboard.views.article import article
from dashboard.views.events import event_list
from dashboard.views.registry import VIEWS
from pressgauge.settings.events import load_events
from pressgauge.settings.topics import load_topics
from tests.browser.firefox import PROGRAM, Firefox
from tests.browser.payloads import ADDRESSES, PAYLOADS
from tests.browser.tabs import open_view
from tests.browser.visit import Visit

ROOT = Path(__file__).resolve().parents[2]
FOREIGN = (
    "script, img, svg, iframe, object, embed, form, video, audio, style, base, math, marquee, meta, link"
)

SURFACES = tuple(tab for tab in VIEWS if tab != "overview")
REST = "new Promise((done) => setTimeout(done, 500))"
SELECTED = '[role="tab"][aria-selected="true"]'


@pytest.fixture(scope="session")
def attacks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset whose every article is an attack, in its title, text, byline, outlet and address."""
    several = [PAYLOADS[at : at + 8] for at in range(0, len(PAYLOADS), 8)]
    n = len(several)
    frame = pd.DataFrame({
        "url": [f"https://hostile.example/{i}?{quote(ADDRESSES[i % len(ADDRESSES)])}" for i in range(n)],
        "outlet": [f"{payloads[0]} Gazette" for payloads in several],
        "country": "US",
        "language": "en",
        "title": [f"{' '.join(payloads)} open source AI and ChatGPT" for payloads in several],
        "text": ["\n".join(f"{each} open source AI, DeepSeek and ChatGPT" for each in payloads)
                 for payloads in several],
        "authors": [list(payloads) for payloads in several],
        "published": pd.date_range("2025-01-01", periods=n, tz="UTC"),
        "published_from": [payloads[-1] for payloads in several],
        "source": "hostile",
    })  # fmt: skip
    path = tmp_path_factory.mktemp("hostile") / "coverage"
    pressgauge.open(path).append(frame)
    return path


@pytest.fixture(scope="session")
def hostile(attacks: Path, serve_all: Callable[..., Any]) -> str:
    """Address of an app on those articles."""
    return serve_all("--data", str(attacks)).url


@pytest.fixture(scope="session")
def hostile_visit(visits: Callable[..., Visit], hostile: str) -> Visit:
    return visits(hostile)


@pytest.fixture
def attacked(hostile_visit: Visit, watched: Callable[[Visit], Visit]) -> Visit:
    """As `visit`, of the app on those articles."""
    return watched(hostile_visit)


@pytest.fixture(scope="session")
def corpus(attacks: Path) -> State:
    """A session's state on those articles."""
    dataset = pressgauge.open(attacks)
    topics = load_topics(ROOT / "data" / "topics.toml")
    events = load_events(ROOT / "data" / "events.toml")
    loaded = LoadedVersion(attacks, dataset, dataset.snapshot(topics), events, synthetic=False)
    return State(loaded=loaded)


@pytest.fixture(scope="session")
def written(corpus: State) -> dict[str, str]:
    """The markup of each surface, with all articles on it."""
    rows = range(len(corpus.loaded.snapshot.articles))
    outlets = corpus.loaded.snapshot.articles["outlet"]
    made = {
        "articles": "".join(article(corpus, row) for row in rows),
        "events": event_list(corpus, len(rows)),
        "outlets": table(
            ("Outlet",), [(button(safe.text(o), "only", o, title=f"Show {o}"),) for o in outlets]
        ),
        "dots": "".join(safe.link(address, payload) for payload in PAYLOADS for address in ADDRESSES),
    }
    surfaces = {name: f'<div class="all">{markup}</div>' for name, markup in made.items()}
    return surfaces | {"report": report(corpus)}


def test_u01_no_title_outlet_or_byline_runs_in_any_view(attacked: Visit) -> None:
    page = attacked()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for tab in SURFACES:
        open_view(page, tab)
        page.wait_for_timeout(300)
        assert page.locator(f".markup :is({FOREIGN})").count() == 0


@pytest.mark.parametrize("surface", ["articles", "events", "outlets", "report", "dots"])
def test_u01_five_hundred_attacks_on_each_surface_run_nothing(
    page: Page, written: dict[str, str], surface: str
) -> None:
    """What the views write, for every article of the corpus at once, as the browser reads it."""
    assert len(PAYLOADS) >= 500
    page.set_content(written[surface], wait_until="load")
    page.wait_for_timeout(500)
    assert page.locator(f".all :is({FOREIGN})").count() == 0
    for href in page.locator("a[href]").evaluate_all("all => all.map((a) => a.getAttribute('href'))"):
        assert re.match(r"https?://", href)


# A second browser

ALL = """(function all(root, selector) {
    const inside = [...root.querySelectorAll("*")].filter((each) => each.shadowRoot);
    const deeper = inside.flatMap((each) => all(each.shadowRoot, selector));
    return [...root.querySelectorAll(selector), ...deeper];
})(document, SELECTOR)"""
"""Like Playwright's locators, it looks into shadow roots too."""


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    if PROGRAM is None:
        pytest.skip("NOT TESTED IN FIREFOX: it is not installed (Debian: apt-get install firefox-esr)")
    with Firefox(tmp_path_factory.mktemp("profile")) as running:
        yield running


def found(firefox: Firefox, selector: str, each: str) -> Any:
    """`each`, an expression of the element `e`, for all elements of the page."""
    every = ALL.replace("SELECTOR", json.dumps(selector))
    return firefox.evaluate(f"{every}.map((e) => {each})")


def test_u01_firefox_tells_of_a_script_that_runs(firefox: Firefox, tmp_path: Path) -> None:
    """The twin of the tests below."""
    page = tmp_path / "page.html"
    page.write_text(f'<div class="all">{PAYLOADS[0]}<img src=x onerror="alert(2)"></div>')
    firefox.goto(page.as_uri())
    firefox.evaluate(REST)
    assert firefox.prompts == ["1", "2"]
    assert len(found(firefox, f".all :is({FOREIGN})", "e.tagName")) == 2
    firefox.prompts.clear()


@pytest.mark.parametrize("surface", ["articles", "events", "outlets", "report", "dots"])
def test_u01_five_hundred_attacks_on_each_surface_run_nothing_in_firefox(
    firefox: Firefox, written: dict[str, str], tmp_path: Path, surface: str
) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><meta charset=utf-8>{written[surface]}")
    firefox.goto(page.as_uri())
    firefox.evaluate(REST)
    assert found(firefox, f".all :is({FOREIGN})", "e.outerHTML") == []
    assert all(re.match(r"https?://", href) for href in found(firefox, "a[href]", "e.getAttribute('href')"))
    assert firefox.prompts == []


def test_u01_u02_no_view_runs_what_articles_and_addresses_say_in_firefox(
    firefox: Firefox, hostile: str
) -> None:
    attack = quote("<img src=x onerror=alert(1)>")
    for tab in SURFACES:
        firefox.goto(f"{hostile}?tab={tab}&terms={attack}")
        deadline = time.monotonic() + 60
        while tab not in found(firefox, SELECTED, "e.innerText.toLowerCase()"):
            assert time.monotonic() < deadline, f"{tab} did not come"
        firefox.evaluate(REST)
        assert found(firefox, f".markup :is({FOREIGN})", "e.outerHTML") == []
        hrefs = found(firefox, "a[href]", "e.getAttribute('href')")
        assert all(re.match(r"https?://|/$", href) for href in hrefs)
    assert firefox.prompts == []


def test_u08_no_exported_cell_of_the_corpus_is_a_formula(corpus: State) -> None:
    lines = FORMATS["csv"](corpus.loaded.dataset.load()).decode().splitlines()
    cells = [cell for line in lines for cell in re.findall(r'"((?:[^"]|"")*)"', line)]
    assert len(cells) > len(PAYLOADS)
    assert not [cell for cell in cells if re.match(r"[=+\-@\t\r]", cell)]


def test_u01_u02_an_opened_article_shows_its_attack_as_text(attacked: Visit) -> None:
    page = attacked("tab=articles")
    for number in range(4):
        page.locator("button.headline").nth(number).click()
        expect(page.locator("aside")).to_contain_text("alert(1)")
    for href in page.locator("a[href]").evaluate_all("all => all.map((a) => a.getAttribute('href'))"):
        assert re.match(r"https?://|/$|#content$", href)


def test_u01_u07_hostile_queries_are_data(attacked: Visit) -> None:
    attack = "<img src=x onerror=alert(1)>"
    for query in (
        attack,
        "{{7*7}}",
        "@pd.io.common.os.system('true')",
        "'; drop table articles; --",
        '"' + attack + '"',
    ):
        page = attacked(f"tab=terms&terms={quote(query)}&query={quote(query)}")
        expect(page.get_by_role("tab", name="Terms")).to_have_attribute("aria-selected", "true")
        page.wait_for_timeout(300)


def test_u01_u07_a_page_opened_at_a_hostile_address_takes_it_for_data(page: Page, hostile: str) -> None:
    attack = "<img src=x onerror=alert(1)>"
    selection = quote(json.dumps({"series": attack, "outlet": attack}))
    page.goto(f"{hostile}?tab=articles&outlets={quote(attack)}&query={quote(attack)}&selection={selection}")
    expect(page.get_by_text("No article is left").or_(page.get_by_role("alert").first).first).to_be_visible()


def _status(url: str, **headers: str) -> int:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    connection.request("GET", parts.path, headers=headers)
    return connection.getresponse().status


def test_u03_a_foreign_host_or_origin_is_refused(demo: str) -> None:
    assert _status(demo) == 200
    assert _status(demo, Host="evil.example") == 421
    assert _status(demo, Host="localhost.evil.example") == 421
    upgrade = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }  # fmt: skip
    for origin in ("https://evil.example", "null", "http://localhost.evil.example"):
        assert _status(f"{demo}ws", Origin=origin, **upgrade) == 403


def test_u03_no_page_may_frame_the_app_or_load_from_elsewhere(demo: str) -> None:
    headers = urllib.request.urlopen(demo, timeout=10).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
