"""`pressgauge search` prints what matches, and what to do when nothing does."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from dashboard.commands.search import command
from dashboard.session.store import Store


@pytest.fixture
def search(store: Store):
    def run(*arguments: str) -> Result:
        return CliRunner().invoke(command, [*arguments, "--data", str(store.path)])

    return run


def test_the_newest_match_comes_first_and_undated_ones_last(search) -> None:
    result = search("chatgpt")
    lines = result.stdout.splitlines()
    assert [line[:10].strip() for line in lines] == ["2025-02-03", "2025-01-22", "2025-01-20", "no date"]
    assert "https://press.example/6" in lines[0]
    assert result.stderr == "4 of 8 articles match\n"


def test_a_limit_keeps_the_newest(search) -> None:
    assert len(search("chatgpt", "--limit", "2").stdout.splitlines()) == 2


def test_json_has_an_object_a_line(search) -> None:
    rows = [json.loads(line) for line in search("law", "--json").stdout.splitlines()]
    assert [row["outlet"] for row in rows] == ["Wired", "BBC"]
    assert set(rows[0]) == {"published", "outlet", "title", "url"}


def test_csv_has_a_header_and_a_line_a_match(search) -> None:
    assert search("law", "--csv").stdout.splitlines()[0] == '"published","outlet","title","url"'


def test_nothing_found_says_what_to_try(search) -> None:
    assert "Try fewer words" in search("zeppelin").stderr
