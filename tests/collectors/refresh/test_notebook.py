"""A refresh from a notebook: waits, shows the ledger, can be awaited, and names what it does not know."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import pressgauge
from collectors.demo.server import PressServer
from collectors.ledger import SourceLedger
from collectors.refresh.notebook import Refreshed
from pressgauge.errors import ArgumentError, PressgaugeError


async def test_a_dataset_refreshes_itself_also_where_a_loop_is_running(
    press_server: PressServer, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    cov = pressgauge.open(tmp_path)
    source = press_server.sources("feed")[0]
    report = await cov.refresh(source, limit=3)
    assert report.stored == len(cov) == 3
    assert source.name in report._repr_html_()
    # the clock of the bar: a quick refresh may be over before the first count is drawn
    assert re.search(r"\d\d:\d\d", capfd.readouterr().err), "no progress bar was shown"


def test_a_source_that_is_not_enabled_is_named_with_those_that_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path))
    (tmp_path / "sources.toml").write_text('[[source]]\nname = "Wired"\nurl = "https://wired.example/feed"\n')
    with pytest.raises(PressgaugeError, match="no enabled source is named Wierd; expected one of Wired"):
        pressgauge.open(tmp_path / "coverage").refresh("Wierd")
    with pytest.raises(ArgumentError, match=r"a source is no list; of several write refresh\(\*names\)"):
        pressgauge.open(tmp_path / "coverage").refresh(["Wired"])


def test_the_ledger_in_a_notebook_is_text_whatever_a_source_is_called():
    ledger = SourceLedger("<script>alert(1)</script>", error="offline: <b>no</b> network")
    shown = Refreshed(datetime(2025, 1, 1, tzinfo=UTC), [ledger], problem="<i>disk full</i>")._repr_html_()
    assert "<script" not in shown
    assert "<b>no" not in shown
    assert "&lt;i&gt;disk full" in shown
