"""A back-fill that is killed or stopped, as a process of its own, goes on where it was."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import web as http

import pressgauge
from tests.collectors.newsroom import FIRST, Outlet, article_page, last_report
from tests.loopback import Loopback
from tests.waiting import wait_for

pytestmark = pytest.mark.slow

GROUP = 5
COMMAND = (
    "import sys, collectors.refresh.commit as commit; commit.GROUP = int(sys.argv.pop(1)); "
    "from dashboard.cli import main; main()"
)
MONTHS, A_MONTH = 8, 10


DEAF = "import asyncio; asyncio.SelectorEventLoop.add_signal_handler = lambda loop, number, call: None; "
"""No signal is listened to."""


def start(folder: Path, *options: str, group: int = GROUP, before: str = "") -> subprocess.Popen[str]:
    """`pressgauge refresh` that commits after `group` articles, in a program that does `before` first."""
    arguments = ("refresh", "--data", str(folder / "coverage"), "--sources", str(folder / "sources.toml"))
    return subprocess.Popen(
        [sys.executable, "-c", before + COMMAND, str(group), *arguments, "--json", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PRESSGAUGE_DATA": str(folder)},
    )


def write_sources(folder: Path, kind: str, url: str, more: str = "") -> None:
    (folder / "sources.toml").write_text(
        f'[[source]]\nname = "The Outlet"\nkind = "{kind}"\nurl = "{url}"\nlocal = true\n{more}\n'
    )


def serve_months(web: Loopback) -> set[str]:
    """A sitemap a month with its articles -> all their URLs."""
    urls, index = set(), ""
    for month in range(MONTHS):
        paths = [f"/2025/{month}/report-{n}.html" for n in range(A_MONTH)]
        for n, path in enumerate(paths):
            web.page(path, article_page(10 * month + n, FIRST))
        urls |= {web.url(path) for path in paths}
        entries = "".join(f"<url><loc>{web.url(path)}</loc></url>" for path in paths)
        web.page(f"/sitemap-{month}.xml", f"<urlset>{entries}</urlset>", "application/xml")
        dated = f"<lastmod>2025-0{month + 1}-28</lastmod>"
        index += f"<sitemap><loc>{web.url(f'/sitemap-{month}.xml')}</loc>{dated}</sitemap>"
    web.page("/sitemap.xml", f"<sitemapindex>{index}</sitemapindex>", "application/xml")
    return urls


def articles_asked(web: Loopback) -> int:
    return sum("report-" in request.path for request in web.requests)


def test_s01_a_back_fill_killed_again_and_again_loses_and_doubles_nothing_and_goes_on_where_it_was(
    web: Loopback, tmp_path: Path
) -> None:
    urls = serve_months(web)
    web.delay = 0.1
    write_sources(tmp_path, "sitemap", web.url("/sitemap.xml"), "concurrency = 2")
    dataset = pressgauge.open(tmp_path / "coverage")
    kept = [0]
    for enough in (1, 3 * A_MONTH):
        running = start(tmp_path)
        wait_for(lambda enough=enough: len(dataset) >= enough)
        running.kill()
        running.communicate()
        assert running.returncode == -signal.SIGKILL
        kept.append(len(dataset))
        assert set(dataset.load(["url"])["url"]) <= urls
    assert kept == sorted(kept), "what was committed stays"
    assert 0 < kept[-1] < len(urls), "the kills came in the middle"
    web.requests.clear()
    output, errors = start(tmp_path).communicate()
    [ledger] = json.loads(output)["sources"]
    assert ledger["error"] is None, errors
    stored = dataset.load(["url"])["url"]
    assert sorted(stored) == sorted(urls), ledger
    assert ledger["stored"] == len(urls) - kept[-1] == articles_asked(web), "nothing is read again"
    read_again = {request.path for request in web.requests if request.path.startswith("/sitemap-")}
    assert len(read_again) < MONTHS, "sitemaps that were finished are not even opened"


KILLED = (
    "import os; from pressgauge.store.dataset import Dataset; "
    "Dataset.compact = lambda self: os.kill(os.getpid(), 9); "
)
"""The process ends between its last commit and what is derived of it."""


def test_s01_a_refresh_killed_between_its_commit_and_the_index_loses_and_doubles_nothing(
    web: Loopback, tmp_path: Path
) -> None:
    outlet = Outlet(web)
    urls = outlet.publish(4)
    write_sources(tmp_path, "feed", outlet.source.url)
    killed = start(tmp_path, before=KILLED)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    dataset = pressgauge.open(tmp_path / "coverage")
    assert sorted(dataset.load(["url"])["url"]) == sorted(urls)
    assert dataset.index().count("*") == 4
    output, _ = start(tmp_path).communicate()
    [ledger] = json.loads(output)["sources"]
    assert (ledger["stored"], ledger["seen"] - ledger["duplicate"]) == (0, 0)
    assert len(dataset.load()) == dataset.index().count("*") == 4


async def _never(_: http.Request) -> http.Response:
    import asyncio

    await asyncio.sleep(60)
    return http.Response(text="late")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_o03_ctrl_c_and_sigterm_commit_what_is_complete_and_say_so(
    web: Loopback, tmp_path: Path, number: signal.Signals
) -> None:
    outlet = Outlet(web)
    outlet.publish(10)
    for path in outlet.paths[:6]:
        web.handle(path, _never, host=outlet.host)
    write_sources(tmp_path, "feed", outlet.source.url)
    running = start(tmp_path, "--progress", "jsonl", group=1_000)
    assert running.stderr
    for line in running.stderr:
        if json.loads(line)["stored"] >= 3:
            break
    running.send_signal(number)
    output, errors = running.communicate(timeout=30)
    report = json.loads(output)
    assert report["interrupted"]
    assert "what is complete is kept" in errors
    [ledger] = report["sources"]
    assert ledger["stored"] >= 3
    assert ledger["seen"] == ledger["stored"] + ledger["duplicate"] + sum(
        sum(ledger[column].values()) for column in ("rejected", "quarantined", "failed")
    )
    assert len(pressgauge.open(tmp_path / "coverage")) == ledger["stored"]
    kept = last_report(tmp_path / "coverage" / "reports")
    assert kept and kept.interrupted
    for n in range(6):
        web.page(outlet.paths[n], article_page(n, outlet.published(n)), host=outlet.host)
    output, _ = start(tmp_path).communicate()
    assert json.loads(output)["sources"][0]["stored"] == 10 - ledger["stored"]


def test_o03_without_the_handler_sigterm_loses_what_was_complete_and_leaves_no_report(
    web: Loopback, tmp_path: Path
) -> None:
    outlet = Outlet(web)
    outlet.publish(4)
    web.handle(outlet.paths[0], _never, host=outlet.host)
    write_sources(tmp_path, "feed", outlet.source.url)
    running = start(tmp_path, "--progress", "jsonl", group=1_000, before=DEAF)
    assert running.stderr
    for line in running.stderr:
        if json.loads(line)["stored"] >= 3:
            break
    running.terminate()
    output, _ = running.communicate(timeout=30)
    assert (running.returncode, output) == (-signal.SIGTERM, "")
    assert len(pressgauge.open(tmp_path / "coverage")) == 0
    assert last_report(tmp_path / "coverage" / "reports") is None


def held_up(web: Loopback, folder: Path, articles: int) -> tuple[Outlet, subprocess.Popen[str]]:
    """An outlet whose first page never comes, and a refresh in a process of its own that waits for it."""
    outlet = Outlet(web)
    outlet.publish(articles)
    web.handle(outlet.paths[0], _never, host=outlet.host)
    write_sources(folder, "feed", outlet.source.url)
    refreshing = start(folder)
    wait_for(lambda: web.asked(outlet.paths[0]))
    return outlet, refreshing


def test_s08_a_second_process_is_told_that_a_refresh_is_running_and_harms_nothing(
    web: Loopback, tmp_path: Path
) -> None:
    _, first = held_up(web, tmp_path, articles=3)
    output, errors = (second := start(tmp_path)).communicate()
    assert (second.returncode, output) == (1, "")
    assert "already running" in errors
    first.terminate()
    output, _ = first.communicate()
    assert json.loads(output)["sources"][0]["stored"] == len(pressgauge.open(tmp_path / "coverage")) == 2


def test_s10_the_lock_of_a_killed_refresh_holds_up_nobody(web: Loopback, tmp_path: Path) -> None:
    outlet, first = held_up(web, tmp_path, articles=1)
    first.kill()
    first.communicate()
    web.page(outlet.paths[0], article_page(0, FIRST), host=outlet.host)
    output, errors = start(tmp_path).communicate()
    assert json.loads(output)["sources"][0]["stored"] == 1, errors
