"""`pressgauge doctor`, about what lies beside the articles."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from click.testing import CliRunner

import pressgauge
from collectors.alerts.outbox import Outbox
from collectors.state import State
from dashboard.cli import cli


def test_damaged_books_and_a_damaged_outbox_are_named_and_set_aside_when_asked_to(tmp_path: Path) -> None:
    pressgauge.open(tmp_path).append(
        pd.DataFrame({"url": ["https://a.example/1"], "title": ["T"], "text": ["x " * 50], "outlet": ["A"]})
    )
    for name in ("state.sqlite", "alerts.sqlite"):
        (tmp_path / name).write_bytes(b"no database " * 99)
    look = CliRunner().invoke(cli, ["doctor", "--data", str(tmp_path)])
    assert look.exit_code == 1
    assert "what the collectors remember is damaged" in look.output
    assert "what alerts know and told is damaged" in look.output
    assert CliRunner().invoke(cli, ["doctor", "--data", str(tmp_path), "--repair"]).exit_code == 0
    State(tmp_path / "state.sqlite").close()
    Outbox(tmp_path).close()
    assert CliRunner().invoke(cli, ["doctor", "--data", str(tmp_path)]).exit_code == 0
    assert len(list(tmp_path.glob("*.damaged-*"))) == 2
