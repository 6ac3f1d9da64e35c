"""Every source is asked once: which fail is said, why, and what their sites announce instead."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from click.testing import CliRunner

from collectors.discovery.check import SourceCheck, check_sources
from collectors.source import Source
from collectors.sources_file import Additions
from dashboard.cli import cli
from tests.loopback import Loopback

NOW = datetime.now(UTC)


def rss(*days_ago: int) -> str:
    items = "".join(
        f"<item><title>A</title><link>http://127.0.0.1/{n}</link>"
        f"<pubDate>{format_datetime(NOW - timedelta(days=n))}</pubDate></item>"
        for n in days_ago
    )
    return f'<rss version="2.0"><channel><title>The feed</title>{items}</channel></rss>'


def feed(web: Loopback, host: str, path: str, *days_ago: int) -> str:
    return web.page(path, rss(*days_ago), "application/rss+xml", host=host)


def front(web: Loopback, host: str, announced: str) -> None:
    link = f'<link rel="alternate" type="application/rss+xml" href="{announced}">'
    web.page("/", f"<!doctype html><html><head>{link}</head><body></body></html>", host=host)


def source(name: str, url: str, **settings: object) -> Source:
    return Source(**{"name": name, "kind": "feed", "outlet": name, "local": True, "url": url} | settings)  # type: ignore[arg-type]


async def checked(*sources: Source) -> dict[str, SourceCheck]:
    return {one.source: one async for one in check_sources(sources, environ={})}


async def test_all_are_asked_and_each_answer_is_told(web: Loopback) -> None:
    web.page("/gone", "gone", status=404, host="127.0.0.2")
    front(web, "127.0.0.2", "/new")
    found = await checked(
        source("Fine", feed(web, "127.0.0.1", "/feed", 3, 1, 2)),
        source("Moved", web.url("/gone", "127.0.0.2")),
        source("Private", web.url("/feed", "127.0.0.3"), local=False),
        source("No key", web.url("/search"), kind="guardian"),
        source("Stale", feed(web, "127.0.0.4", "/feed", 400, 300)),
        source("Empty", feed(web, "127.0.0.1", "/empty")),
    )
    assert {name: one.reason for name, one in found.items()} == {
        "Fine": None,
        "Moved": "http_404",
        "Private": "blocked_address",
        "No key": "missing_key",
        "Stale": None,
        "Empty": "no_entries",
    }
    assert (found["Fine"].articles, found["Fine"].newest) == (
        3,
        (NOW - timedelta(days=1)).replace(microsecond=0),
    )
    assert found["Stale"].detail == f"its newest article is of {NOW - timedelta(days=300):%Y-%m-%d}"
    assert found["Private"].proposed == found["No key"].proposed == ()
    assert {request.path for request in web.requests if request.host == "127.0.0.3"} == set()


async def test_where_one_fails_what_its_site_announces_is_proposed(web: Loopback) -> None:
    front(web, "127.0.0.1", "/new")
    new = feed(web, "127.0.0.1", "/new", 1)
    found = await checked(source("Moved", web.url("/gone")))
    assert found["Moved"].proposed == (new,)


def test_the_command_says_it_in_sentences_and_ends_with_1(web: Loopback, tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    additions = Additions(file)
    for name, url in (("Fine", feed(web, "127.0.0.1", "/feed", 1)), ("Gone", web.url("/gone", "127.0.0.2"))):
        additions.add({"name": name, "url": url, "local": True, "enabled": name == "Fine"})
    additions.write()

    def check(*arguments: str):
        return CliRunner().invoke(cli, ["sources", "--sources", str(file), "check", *arguments])

    fine = check()
    assert (fine.exit_code, fine.stdout) == (
        0,
        f"ok     Fine: 1 article, the newest of {NOW - timedelta(days=1):%Y-%m-%d}\n",
    )
    both = check("--all")
    assert both.exit_code == 1
    assert "FAILS  Gone: There is nothing at this address (404)." in both.stdout
    assert "1 of 2 sources answer" in both.stderr
    assert json.loads(check("Gone", "--json").stdout)["reason"] == "http_404"
    assert check("Nobody").exit_code == 2
