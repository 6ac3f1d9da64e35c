"""The Sources view tells in sentences what became of sources and addresses."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner

import pressgauge
from collectors.ledger import Report, SourceLedger, past_reports
from collectors.outcome import Outcome
from collectors.refresh.notebook import past_refreshes
from collectors.source import Source
from collectors.state import State
from dashboard.cli import cli
from dashboard.views.sources import check_sources, sources

START = datetime(2026, 11, 20, 8, tzinfo=UTC)


def report(day: int, *, interrupted: bool = False) -> Report:
    wired = SourceLedger("Wired", seen=5, stored=2, duplicate=1)
    wired.count("failed", "http_503", by=2)
    gone = SourceLedger("Gone", error="http_404: https://gone.example/feed: gone.example answered 404")
    return Report(START.replace(day=day), [wired, gone], interrupted=interrupted)


def test_a_ledger_tells_each_reason_by_its_sentence() -> None:
    shown = sources._ledger([one.to_dict() for one in report(20).sources])
    assert "2 × The server is overloaded or under repair (503)." in shown
    assert "There is nothing at this address (404). (https://gone.example/feed" in shown


def test_addresses_without_an_article_are_named_and_what_was_not_wanted_is_not(tmp_path: Path) -> None:
    with contextlib.closing(State(tmp_path / "state.sqlite")) as state:
        state.keep_outcomes(
            [
                Outcome("https://a.example/1", "A", "failed", "http_503", at=START, attempts=1),
                Outcome(
                    "https://a.example/2", "A", "rejected", "robots", at=START.replace(day=21), attempts=1
                ),
                Outcome("https://a.example/3", "A", "rejected", "outside_window", at=START),
                Outcome("https://a.example/4", "A", "rejected", "over_limit", at=START),
                Outcome("https://a.example/5", "A", "stored", at=START),
                Outcome(
                    "https://a.example/<b>", "A", "quarantined", "parser_timeout", at=START.replace(day=19)
                ),
            ]
        )
        found = state.failing(10)
        assert [one.url[-1] for one in found] == ["2", "1", ">"]
        assert len(state.failing(1)) == 1
    shown = sources._failing(found)
    assert "The site's robots.txt does not allow it." in shown.replace("&#x27;", "'").replace("&#39;", "'")
    assert "<b>" not in shown


def test_the_ledgers_of_past_refreshes_are_kept_newest_first(tmp_path: Path) -> None:
    for day in (20, 22, 21):
        report(day, interrupted=day == 22).save(tmp_path / "reports")
    (tmp_path / "reports" / "2026-11-23T000000.000000Z.json").write_text("{")
    past = past_reports(tmp_path / "reports")
    assert [one.started.day for one in past] == [22, 21, 20]
    assert sources._summary(past[0]) == "2 new articles from 2 sources, 1 failed, stopped before its end"


def test_past_refreshes_are_browsed_by_command_and_in_a_notebook(tmp_path: Path) -> None:
    for day in (20, 21):
        report(day).save(tmp_path / "reports")

    def said(*arguments: str) -> str:
        return CliRunner().invoke(cli, ["sources", "history", *arguments, "--data", str(tmp_path)]).stdout

    assert said().splitlines() == [
        "  1  2026-11-21 08:00  2 new, 2 sources, 1 failed",
        "  2  2026-11-20 08:00  2 new, 2 sources, 1 failed",
    ]
    assert said("2") == report(20).table() + "\n"
    table = past_refreshes(pressgauge.open(tmp_path))
    assert (
        table[["source", "seen", "stored", "failed", "why"]].to_numpy().tolist()
        == [
            ["Wired", 5, 2, 2, "http_503 2"],
            ["Gone", 0, 0, 0, ""],
        ]
        * 2
    )


def test_sources_that_were_never_asked_are_named_with_their_notes() -> None:
    new = Source("<b>New", "feed", "https://new.example/feed", "New", note="Valid on 2026-02-23 <i>")
    off = Source("Off", "feed", "javascript:alert(1)", "Off", enabled=False)
    old = Source("Old", "feed", "https://old.example/feed", "Old", note="Asked")
    shown = sources._not_asked([new, off, old], {"Old"})
    assert "Valid on 2026-02-23 &lt;i&gt;" in shown and "disabled" in shown and "Old" not in shown
    assert "<b>" not in shown and 'href="javascript' not in shown
    assert sources._not_asked([old], {"Old"}) == ""


def test_a_check_names_those_that_fail_first_with_what_their_sites_offer() -> None:
    said = [
        {
            "source": "Fine",
            "reason": None,
            "detail": "",
            "newest": "2026-11-20T08:00:00+00:00",
            "proposed": [],
        },
        {
            "source": "<b>Gone",
            "reason": "http_404",
            "detail": "It answered 404.",
            "newest": None,
            "proposed": ["https://gone.example/new", "javascript:alert(1)"],
        },
    ]
    shown = check_sources.answers(said)
    assert shown.index("Gone") < shown.index("Fine")
    assert "There is nothing at this address (404). It answered 404." in shown
    assert 'href="https://gone.example/new"' in shown
    assert "<b>" not in shown and 'href="javascript' not in shown
    assert "2026-11-20" in shown
