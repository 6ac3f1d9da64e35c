"""`pressgauge sources add`: a source made of a site's address, over HTTP on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from collectors.settings import load_sources
from dashboard.cli import cli
from tests.collectors.newsroom import Outlet
from tests.loopback import Loopback


@pytest.fixture
def web() -> Iterator[Loopback]:
    with Loopback() as server:
        outlet = Outlet(server)
        outlet.publish(12)
        link = '<link rel="alternate" type="application/rss+xml" href="/feed">'
        named = '<meta property="og:site_name" content="The Example">'
        server.page("/", f'<!doctype html><html lang="en"><head>{named}{link}</head><body></body></html>')
        yield server


def add(file: Path, *arguments: str, said: str = "") -> Result:
    return CliRunner().invoke(cli, ["sources", "--sources", str(file), "add", *arguments], input=said)


def test_what_was_found_is_shown_and_written_when_it_is_confirmed(web: Loopback, tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    shown = add(file, web.url(), "--local", said="y\n")
    assert shown.exit_code == 0, shown.output
    assert f"1. feed  {web.url('/feed')} (The Outlet): the page announces it, 12 entries" in shown.stdout
    assert shown.stdout.count("Report number ") == 10 + 2
    assert "Report number 11 on models: 2025-01-20, by Ada Marsh," in shown.stdout
    assert "There is no robots.txt: everything may be read." in shown.stdout
    [source], _ = load_sources(file)
    assert (source.name, source.url, source.kind) == ("The Example", web.url("/feed"), "feed")
    assert (source.language, source.country, source.local) == ("en", None, True)
    again = add(file, web.url(), "--yes")  # the host is known to be local now
    assert (again.exit_code, len(load_sources(file)[0])) == (1, 1)
    assert "It is collected already, by the source The Example." in again.stdout


def test_nothing_is_written_without_a_yes(web: Loopback, tmp_path: Path) -> None:
    shown = add(tmp_path / "sources.toml", web.url(), "--local", said="n\n")
    assert "[[source]]" in shown.stdout
    assert list(tmp_path.iterdir()) == []


def test_what_was_learnt_can_be_told_better(web: Loopback, tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    add(file, web.url(), "--local", "--yes", "--name", "Mine", "--country", "GB", "--language", "de")
    [source], _ = load_sources(file)
    assert (source.name, source.country, source.language) == ("Mine", "GB", "de")


def test_as_json_it_is_only_said_what_there_is(web: Loopback, tmp_path: Path) -> None:
    said = add(tmp_path / "sources.toml", web.url(), "--local", "--json")
    assert [offer["url"] for offer in json.loads(said.stdout)["offers"]] == [web.url("/feed")]
    assert json.loads(said.stderr.splitlines()[0]) == {"source": web.url(), "doing": f"Reading {web.url()}"}
    assert list(tmp_path.iterdir()) == []


def test_a_site_without_anything_ends_with_1(tmp_path: Path) -> None:
    with Loopback() as web:
        web.page("/", "<!doctype html><html><body><p>News</p></body></html>")
        shown = add(tmp_path / "sources.toml", web.url(), "--local", "--yes")
    assert shown.exit_code == 1
    assert "Nothing was found to collect from" in shown.stdout
