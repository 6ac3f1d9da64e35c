"""The worked examples of CONTRIBUTING.md work as they stand, and are as short as promised."""

from __future__ import annotations

import contextlib
import re
import socket
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

import pressgauge
from collectors.candidate import Candidate, Rejected, Window
from collectors.collector import Context
from collectors.cursor import Cursor
from collectors.errors import CollectError
from collectors.kinds.registry import COLLECTORS
from collectors.refresh.refresh import refresh
from collectors.source import Source
from collectors.state import State as CollectorState
from collectors.web.fetch import Fetcher
from dashboard.session.state import State
from dashboard.session.store import Store
from dashboard.session.view import Selection
from pressgauge.settings.topics import Topic, save_topic
from tests.loopback import Loopback

TEXT = (Path(__file__).resolve().parent.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"<!-- example: (\w+) -->\n```python\n(.*?)```", TEXT, flags=re.DOTALL))
DAYS = ("2025-01-20", "2025-01-21", "2025-01-27", "2025-02-01", None)


def module(example: str, name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The example as the module whose name CONTRIBUTING gives it."""
    made = ModuleType(name)
    monkeypatch.setitem(sys.modules, name, made)
    exec(compile(EXAMPLES[example], name, "exec"), made.__dict__)
    return made


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with one topic, and a dataset with an article on each of DAYS."""
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path))
    save_topic(tmp_path / "topics.toml", Topic("odd", "Odd <ones>", None, "odd"))
    (tmp_path / "events.toml").write_text("")
    titles = ["odd" if number % 2 else "even" for number in range(len(DAYS))]
    pressgauge.open(tmp_path / "coverage").append(
        pd.DataFrame({
            "url": [f"https://press.example/{number}" for number in range(len(DAYS))],
            "published": pd.to_datetime(pd.Series(DAYS), utc=True),
            "title": titles,
        })
    )  # fmt: skip
    return tmp_path


def test_there_is_an_example_of_each_under_60_lines():
    assert {name: len(code.splitlines()) < 60 for name, code in EXAMPLES.items()} == {
        "collector": True, "measure": True, "view": True,
    }  # fmt: skip


async def test_the_collector_gives_every_line_an_outcome(monkeypatch: pytest.MonkeyPatch):
    collector = module("collector", "collectors.kinds.linklist", monkeypatch).LinkLists()
    with Loopback() as web:
        web.page("/list", "# news\nhttps://a.example/1\n\n  https://a.example/2\nftp://a.example/3\n")
        web.page("/page", "<html>no list</html>")
        async with Fetcher() as fetch:

            async def collected(path: str) -> list[Candidate | Rejected]:
                source = Source("list", collector.kind, web.url(path), "The Outlet", local=True, delay=0.0)
                context = Context(fetch, Cursor(), workers=None)
                return [item async for item in collector.collect(source, Window(), context)]

            assert await collected("/list") == [
                Candidate("https://a.example/1"),
                Candidate("https://a.example/2"),
                Rejected(f"{web.url('/list')}#ftp://a.example/3", "no_url"),
            ]
            with pytest.raises(CollectError, match="not_a_list"):
                await collected("/page")


class NoNames(AbstractResolver):
    """What a machine without a network knows of hosts."""

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[ResolveResult]:
        raise OSError(socket.EAI_AGAIN, "Temporary failure in name resolution")

    async def close(self) -> None: ...


async def test_a_list_that_answers_404_is_recorded_as_that_and_left_alone_for_a_while(
    data: Path, monkeypatch: pytest.MonkeyPatch
):
    example = module("collector", "collectors.kinds.linklist", monkeypatch).LinkLists()
    monkeypatch.setitem(COLLECTORS, "linklist", example)
    dataset = pressgauge.open()
    with Loopback() as web:
        source = Source("list", "linklist", web.url("/gone"), "The Outlet", local=True, delay=0.0)
        errors = [(await refresh(dataset, [source], readers=1)).sources[0].error or "" for _ in range(2)]
        assert len(web.asked("/gone")) == 1
    assert [error.split(":")[0].split()[0] for error in errors] == ["http_404", "backing_off"]
    with contextlib.closing(CollectorState(data / "coverage" / "state.sqlite")) as state:
        assert state.backoff("list")[0] > 0


async def test_such_lists_on_a_machine_without_a_network_are_offline_and_not_charged(
    data: Path, monkeypatch: pytest.MonkeyPatch
):
    example = module("collector", "collectors.kinds.linklist", monkeypatch).LinkLists()
    monkeypatch.setitem(COLLECTORS, "linklist", example)
    sources = [
        Source(name, "linklist", f"http://{name}.example/list", name, local=True, delay=0.0)
        for name in ("one", "two", "three")
    ]
    report = await refresh(
        pressgauge.open(),
        sources,
        readers=1,
        fetcher=lambda state: Fetcher(state, resolver=NoNames(), deadline=5),
    )
    assert report.event == "offline"
    with contextlib.closing(CollectorState(data / "coverage" / "state.sqlite")) as state:
        assert [state.backoff(source.name) for source in sources] == [(0.0, None)] * 3


def test_the_measure_counts_as_a_naive_loop_does(data: Path, monkeypatch: pytest.MonkeyPatch):
    weekdays = module("measure", "pressgauge.analysis.weekdays", monkeypatch).weekdays
    table = pressgauge.open().search("odd").measure(weekdays)
    expected = Counter(f"{date.fromisoformat(day):%a}" for day in DAYS[1::2] if day)
    assert dict(zip(table["weekday"], table["n"], strict=True)) == {
        name: expected[name] for name in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    }
    assert table["collected"].sum() == 4


def test_the_view_shows_the_measure_and_opens_the_articles(data: Path, monkeypatch: pytest.MonkeyPatch):
    module("measure", "pressgauge.analysis.weekdays", monkeypatch)
    state = State(loaded=Store(data / "coverage").current)
    state.go(topics=("odd",))
    view = module("view", "dashboard.views.weekdays", monkeypatch).Weekdays(state)
    view.update()
    shown = view.panel[0]
    assert re.findall(r'<td class="n"[^>]*>(\d+)</td>', shown.html) == ["0", "1", "0", "0", "0", "1", "0"]
    assert "Odd &lt;ones&gt;" in shown.html
    shown._handle_msg('["series", "odd"]')
    assert state.view.selection == Selection(series="odd")
