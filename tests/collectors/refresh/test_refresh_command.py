"""`pressgauge refresh`, `why` and `sources` as a person or a program runs them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import pressgauge
from collectors.outcome import Outcome
from collectors.refresh.progress import Progress
from collectors.retries import LASTING, REMEMBERED
from collectors.settings import load_sources
from collectors.state import State
from dashboard.cli import cli
from dashboard.commands.refresh import _Job
from tests.collectors.newsroom import FIRST, Outlet
from tests.loopback import Loopback
from tests.waiting import until

pytestmark = pytest.mark.slow

ATTEMPTS = len(LASTING) + 1
"""Refreshes in which a page that seems to be gone is asked for."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own; the commands find their settings and dataset there."""
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path))
    return tmp_path


def settings(folder: Path, **urls: str) -> None:
    blocks = [f'[[source]]\nname = "{name}"\nurl = "{url}"\nlocal = true\n' for name, url in urls.items()]
    (folder / "sources.toml").write_text("\n".join(blocks))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, catch_exceptions=True)


def test_it_ends_with_0_when_anything_could_be_collected_also_when_nothing_was_new(
    web: Loopback, folder: Path
) -> None:
    outlet = Outlet(web)
    outlet.publish(2)
    settings(folder, Sound=outlet.source.url, Broken=web.url("/nothing"))
    first = run("refresh")
    assert first.exit_code == 0, first.output
    assert "Sound" in first.stdout and "http_404" in first.stdout
    again = run("refresh", "--source", "Sound", "--json")
    assert again.exit_code == 0
    [ledger] = json.loads(again.stdout)["sources"]
    assert (ledger["stored"], ledger["duplicate"]) == (0, 2)


def test_it_ends_with_1_when_nothing_could_be_collected(web: Loopback, folder: Path) -> None:
    settings(folder, Broken=web.url("/nothing"))
    assert run("refresh").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--source", "Nobody"), "no source 'Nobody'"),
        (("--since", "yesterday"), "yesterday"),
        (("--since", "2025-02-01", "--until", "2025-01-01"), "--since must be before --until"),
        (("--limit", "0"), "0"),
        (("--every", "10s"), "10s"),
        (("--sauce", "x"), "No such option"),
    ],
)
def test_it_ends_with_2_for_wrong_usage_and_asks_nobody(
    web: Loopback, folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    settings(folder, Sound=web.url("/feed"))
    result = run("refresh", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert web.requests == []


def test_since_until_limit_and_dry_run_reach_the_refresh(web: Loopback, folder: Path) -> None:
    outlet = Outlet(web)
    outlet.publish(4)
    settings(folder, Sound=outlet.source.url)
    day, next_day = FIRST.date().isoformat(), FIRST.replace(day=FIRST.day + 1).date().isoformat()

    def ledger(*arguments: str) -> dict[str, Any]:
        result = run("refresh", "--json", *arguments)
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)["sources"][0]

    assert ledger("--dry-run")["rejected"] == {"dry_run": 4}
    assert ledger("--since", next_day)["rejected"] == {"outside_window": 4}
    assert ledger("--until", day)["rejected"] == {"outside_window": 4}
    assert ledger("--since", day, "--until", next_day, "--limit", "3")["stored"] == 3
    assert len(pressgauge.open(folder / "coverage")) == 3


def test_a_bad_line_of_the_settings_is_named_and_the_others_work(web: Loopback, folder: Path) -> None:
    outlet = Outlet(web)
    outlet.publish(1)
    settings(folder, Bad="no address", Sound=outlet.source.url)
    result = run("refresh")
    assert result.exit_code == 0
    assert f"{folder / 'sources.toml'}:3" in result.stderr
    assert "1" in result.stdout


def test_settings_whose_only_entry_is_wrong_are_to_be_mended_not_added_to(folder: Path) -> None:
    (folder / "sources.toml").write_text('[[source]]\nname = "A"\nurl = "a.example/feed"\n')
    result = run("refresh")
    assert result.exit_code == 1
    assert "sources.toml:3" in result.stderr
    assert str(result.exception).endswith("no source to collect from; mend the entries named above")


def test_a_refused_address_says_what_would_allow_it_however_long_it_is(web: Loopback, folder: Path) -> None:
    address = web.url(f"/{'long/' * 20}feed")
    (folder / "sources.toml").write_text(f'[[source]]\nname = "A"\nurl = "{address}"\n')
    assert "only `local = true` in the settings allows it" in run("refresh").stdout


def test_progress_for_programs_is_a_line_of_json_for_each_change_on_stderr(
    web: Loopback, folder: Path
) -> None:
    outlet = Outlet(web)
    outlet.publish(2)
    settings(folder, Sound=outlet.source.url)
    result = run("refresh", "--progress", "jsonl", "--json")
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert lines[-1] == json.loads(result.stdout)["sources"][0] | {"stage": "done"}
    assert lines[-1]["stored"] == 2
    assert (lines[0]["stage"], lines[0]["seen"]) == ("waiting", 0), "before the dataset is read"


async def test_as_a_service_it_refreshes_again_reads_the_settings_anew_and_ends_at_sigterm(
    web: Loopback, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outlet, late = Outlet(web), Outlet(web, "Late", "127.0.0.2")
    outlet.publish(1)
    late.publish(1)
    settings(folder, Sound=outlet.source.url)
    file = folder / "sources.toml"
    dataset = pressgauge.open(folder / "coverage")
    job = _Job(dataset, lambda: load_sources(file)[0], {}, True, Progress("none"))
    service = asyncio.create_task(job.run(load_sources(file)[0], 0.3))
    async with asyncio.timeout(60):
        await until(lambda: len(dataset) >= 1, 60)
        outlet.publish(1)
        settings(folder, Sound=outlet.source.url, Late=late.source.url)
        await until(lambda: len(dataset) >= 3, 60)
        os.kill(os.getpid(), signal.SIGTERM)
        assert await service is True
    reports = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(reports) >= 2
    assert sum(ledger["stored"] for report in reports for ledger in report["sources"]) == 3


async def test_a_service_outlives_a_refresh_that_could_not_be(
    web: Loopback, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    outlet = Outlet(web)
    outlet.publish(1)
    settings(folder, Sound=outlet.source.url)
    sources = load_sources(folder / "sources.toml")[0]
    dataset = pressgauge.open(folder / "coverage")
    append, failures = type(dataset).append, [OSError(28, "No space left on device")]

    def full_at_first(self: Any, frame: Any) -> Any:
        if failures:
            raise failures.pop()
        return append(self, frame)

    monkeypatch.setattr(type(dataset), "append", full_at_first)
    service = asyncio.create_task(
        _Job(dataset, lambda: sources, {}, True, Progress("none")).run(sources, 0.3)
    )
    async with asyncio.timeout(60):
        await until(lambda: len(dataset) >= 1, 60)
        os.kill(os.getpid(), signal.SIGINT)
        await service
    assert "No space left on device" in capsys.readouterr().err


def test_why_tells_what_became_of_an_address(web: Loopback, folder: Path) -> None:
    outlet = Outlet(web)
    [stored] = outlet.publish(1)
    outlet.announce(web.page("/gone", "gone", status=410), "Gone", FIRST)
    outlet.announce(web.page("/pdf", b"%PDF-1.7", "application/pdf"), "A PDF", FIRST)
    outlet.announce(f"{stored}?utm_source=feed", "Again", FIRST)
    outlet.announce(f"{web.url('/lost')}?utm_campaign=x", "Lost", FIRST)
    settings(folder, Sound=outlet.source.url)
    run("refresh")
    there = run("why", stored)
    assert (there.exit_code, "It is in the dataset." in there.output) == (0, True)
    assert "Sound  stored" in there.output
    assert "it is not read again, even if it is corrected" in there.output
    assert run("why", f"{stored}?utm_source=newsletter").exit_code == 0
    for path, said in (("/gone", "http_410"), ("/pdf", "not_html"), ("/lost", "http_404")):
        result = run("why", web.url(path))
        assert result.exit_code == 1
        assert "It is not in the dataset." in result.output
        assert ("the next refreshes try again, in case it was a mistake" in result.output) == (path != "/pdf")
        assert said in result.output, path
    outlet.announce("mailto:desk@a.example", "Mail", FIRST)
    run("refresh")
    assert "bad_url" in run("why", "mailto:desk@a.example").output
    unknown = run("why", web.url("/never-seen"))
    assert (unknown.exit_code, "No source has announced" in unknown.output) == (1, True)


def test_why_says_that_a_page_is_given_up_after_the_last_attempt_and_until_when(
    web: Loopback, folder: Path
) -> None:
    outlet = Outlet(web)
    lost = web.url("/lost")
    outlet.announce(lost, "Lost", FIRST)
    settings(folder, Sound=outlet.source.url)
    for _ in range(ATTEMPTS):
        run("refresh")
        said = run("why", lost).output
        assert ("the next refreshes try again" in said) != ("given up" in said)
    assert re.search(
        rf"given up after {ATTEMPTS} attempts, left alone until 20[-\d]+ [\d:]+ UTC \(http_404\)", said
    )


def test_why_promises_no_retry_of_a_failure_that_is_out_of_mind(folder: Path) -> None:
    address = "https://a.example/lost"
    file = folder / "coverage" / "state.sqlite"
    file.parent.mkdir()
    with contextlib.closing(State(file)) as state:
        state.keep_outcomes([Outcome(address, "Sound", "failed", "http_404", attempts=ATTEMPTS)])
    with contextlib.closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE outcomes SET at = at - ?", (REMEMBERED.total_seconds() + 1,))
    said = run("why", address).output
    assert "it is asked for again when a source announces it (http_404)" in said
    assert "try again" not in said and "given up" not in said


@pytest.mark.parametrize("address", ["not an address", "http://[bad", "javascript:alert(1)", ""])
def test_why_asks_for_an_address(folder: Path, address: str) -> None:
    result = run("why", address)
    assert result.exit_code == 2
    assert "address" in result.stderr


def test_why_before_the_first_refresh(folder: Path) -> None:
    result = run("why", "https://a.example/x")
    assert (result.exit_code, "No source has announced" in result.output) == (1, True)


def test_sources_are_listed_with_how_they_are_doing(web: Loopback, folder: Path) -> None:
    outlet = Outlet(web)
    outlet.publish(2)
    settings(folder, Sound=outlet.source.url, Broken=web.url("/nothing"))
    before = run("sources")
    assert before.exit_code == 0
    assert before.stdout.count("not asked yet") == 2
    run("refresh")
    lines = {line.split()[0]: line for line in run("sources").stdout.splitlines()}
    assert "last success 20" in lines["Sound"]
    assert "new a day" not in lines["Sound"], "a rate over no time"
    assert "last success never" in lines["Broken"]
    assert "failed 1 times in a row: http_404" in lines["Broken"]


def test_what_is_noted_of_a_source_is_listed_before_and_after_it_is_asked(
    web: Loopback, folder: Path
) -> None:
    outlet = Outlet(web)
    outlet.publish(1)
    settings(folder, Noted=outlet.source.url)
    with (folder / "sources.toml").open("a") as file:
        file.write('note = "Valid on 2026-02-23."\n')
    assert "not asked yet. Valid on 2026-02-23." in run("sources").stdout
    run("refresh")
    line = run("sources").stdout
    assert "last success 20" in line and "Valid on 2026-02-23." in line


def test_a_source_that_has_just_broken_says_why_and_until_when_it_is_left_alone(
    web: Loopback, folder: Path
) -> None:
    outlet, sound = Outlet(web), Outlet(web, "Sound", "127.0.0.2")
    for each in (outlet, sound):
        each.publish(1)
    settings(folder, Fallen=outlet.source.url, Sound=sound.source.url)
    run("refresh")
    web.page("/feed", "gone", status=404, host=outlet.host)
    run("refresh")
    listed = run("sources")
    assert listed.exit_code == 0
    fallen, fine = listed.stdout.splitlines()
    assert re.search(
        r"; failed 20\d\d-\d\d-\d\d \d\d:\d\d: http_404.*; left alone until 20[-\d]+ [\d:]+ UTC$", fallen
    )
    assert "last success 20" in fallen
    assert "failed" not in fine and "left alone" not in fine
    outlet.write_feed()
    run("refresh", "--source", "Fallen")
    assert "failed" not in run("sources").stdout and "left alone" not in run("sources").stdout


def test_a_failure_that_is_warned_of_is_told_once(web: Loopback, folder: Path) -> None:
    settings(folder, Broken=web.url("/nothing"))
    run("refresh")
    line = run("sources").stdout
    assert (line.count("failed"), line.count("http_404"), line.count("left alone until")) == (1, 1, 1)


@pytest.mark.parametrize("what", [(), ("export",)])
@pytest.mark.parametrize("broken", [None, "[[source]\n", '[[source]]\nname = "A"\n'])
def test_settings_without_a_source_that_can_be_used_end_the_command_with_1(
    folder: Path, what: tuple[str, ...], broken: str | None
) -> None:
    file = folder / "sources.toml"
    if broken is not None:
        file.write_text(broken)
    result = run("sources", *what)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"pressgauge: {file}")


@pytest.mark.parametrize(("what", "said"), [((), "Sound"), (("export",), 'text="Sound"')])
def test_a_bad_entry_is_named_and_the_other_sources_are_given(
    folder: Path, what: tuple[str, ...], said: str
) -> None:
    settings(folder, Bad="no address", Sound="https://a.example/feed")
    result = run("sources", *what)
    assert result.exit_code == 0
    assert f"{folder / 'sources.toml'}:3" in result.stderr
    assert said in result.stdout and "Bad" not in result.stdout


@pytest.mark.parametrize("name", ["import", "export"])
def test_the_commands_below_sources_explain_themselves_with_an_example(name: str) -> None:
    shown = run("sources", name, "--help")
    assert shown.exit_code == 0
    assert f"\n    pressgauge sources {name} " in shown.stdout


def test_every_kind_says_what_it_reads_cannot_do_and_needs(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from collectors.kinds.registry import COLLECTORS

    monkeypatch.setenv("GUARDIAN_API_KEY", "secret-of-mine")
    monkeypatch.delenv("MEDIACLOUD_API_KEY", raising=False)
    result = run("sources", "--kinds")
    assert all(kind in result.stdout for kind in COLLECTORS)
    assert "GUARDIAN_API_KEY: set" in result.stdout
    assert "MEDIACLOUD_API_KEY: not set" in result.stdout
    assert "secret-of-mine" not in result.output


def test_a_feed_reader_s_list_is_imported_into_the_settings_and_exported_again(
    web: Loopback, folder: Path
) -> None:
    outlet = Outlet(web)
    outlet.publish(1)
    settings(folder, Known="https://known.example/feed")
    opml = folder / "feeds.opml"
    opml.write_text(
        '<opml version="2.0"><body><outline text="Tech">'
        '<outline type="rss" text="The Verge" xmlUrl="https://www.theverge.com/rss/index.xml"/>'
        '<outline type="rss" text="Known too" xmlUrl="https://known.example/feed"/>'
        '<outline type="rss" text="Bad" xmlUrl="ftp://bad.example/feed"/></outline></body></opml>'
    )
    imported = run("sources", "import", str(opml))
    assert imported.exit_code == 0
    assert "added  The Verge" in imported.stdout
    assert "left out (bad_url)" in imported.stderr
    assert "1 added, 1 known, 1 left out" in imported.stderr
    sources, errors = load_sources(folder / "sources.toml")
    assert [source.name for source in sources] == ["Known", "The Verge"]
    assert errors == []
    assert run("sources", "import", str(opml)).stdout == ""
    exported = run("sources", "export").stdout
    assert exported.count("xmlUrl=") == 2


def test_of_an_import_every_entry_that_no_source_can_be_is_named_and_the_settings_stay_sound(
    folder: Path,
) -> None:
    opml = folder / "feeds.opml"
    opml.write_text(
        '<opml version="2.0"><body><outline text="Foo&#x200b;Bar" xmlUrl="https://a.example/feed"/>'
        '<outline text="  " xmlUrl="HTTPS://Example.org/feed"/>'
        '<outline text="Bad" xmlUrl="https://bad host.example/feed"/></body></opml>'
    )
    imported = run("sources", "import", str(opml))
    assert imported.exit_code == 0
    assert "left out (bad_url)  https://bad host.example/feed" in imported.stderr
    assert "2 added, 0 known, 1 left out" in imported.stderr
    listed = run("sources")
    assert (listed.exit_code, listed.stderr) == (0, "")
    assert [line.split()[0] for line in listed.stdout.splitlines()] == ["FooBar", "example.org"]


def test_an_import_into_settings_with_a_mistake_names_its_line_and_ends_with_1(folder: Path) -> None:
    file, opml = folder / "sources.toml", folder / "feeds.opml"
    file.write_text('[[source]]\nname = "A\n')
    opml.write_text('<opml version="2.0"><body><outline xmlUrl="https://a.example/feed"/></body></opml>')
    command = [sys.executable, "-m", "dashboard.cli", "sources", "import", str(opml)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert result.returncode == 1
    assert result.stderr.startswith(f"pressgauge: {file}:2: this is not TOML")
    assert file.read_text() == '[[source]]\nname = "A\n'


def test_with_alerts_it_tells_what_is_new_and_a_broken_channel_is_no_failure(
    web: Loopback, folder: Path
) -> None:
    outlet = Outlet(web)
    outlet.publish(2)
    settings(folder, Sound=outlet.source.url)
    (folder / "topics.toml").write_text("")
    (folder / "alerts.toml").write_text(
        '[[alert]]\nname = "models"\nkind = "articles"\nquery = "models"\n'
        'deliver = ["file:told.jsonl", "webhook:NOWHERE"]\n'
    )
    first = run("refresh", "--alerts")
    assert (first.exit_code, "Alerts" in first.stderr) == (0, False)
    outlet.publish(1)
    again = run("refresh", "--alerts")
    assert again.exit_code == 0, again.output
    assert "Alerts: 1 new, 1 delivered." in again.stderr
    assert "The channel webhook:NOWHERE failed" in again.stderr
    [line] = (folder / "told.jsonl").read_text().splitlines()
    assert json.loads(line)["title"] == "1 new article that mentions “models”"


def test_a_mistake_in_the_alerts_is_told_with_its_line_and_is_no_failure_of_the_refresh(
    web: Loopback, folder: Path
) -> None:
    outlet = Outlet(web)
    outlet.publish(1)
    settings(folder, Sound=outlet.source.url)
    (folder / "alerts.toml").write_text('[[alert]]\nname = "models"\nkind = "flood"\n')
    done = run("refresh", "--alerts")
    assert done.exit_code == 0
    assert "no alert was evaluated" in done.stderr and "alerts.toml:3: kind = 'flood'" in done.stderr
