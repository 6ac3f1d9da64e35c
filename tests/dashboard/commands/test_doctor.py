"""`pressgauge doctor`, about what lies beside the articles."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import pressgauge
from collectors.alerts.outbox import Outbox
from collectors.state import State
from dashboard.cli import cli


def dataset(folder: Path) -> None:
    """One of an article, with what lies beside it."""
    pressgauge.open(folder).append(
        pd.DataFrame({"url": ["https://a.example/1"], "title": ["T"], "text": ["x " * 50], "outlet": ["A"]})
    )
    State(folder / "state.sqlite").close()
    Outbox(folder).close()


def test_damaged_books_and_a_damaged_outbox_are_named_and_set_aside_when_asked_to(tmp_path: Path) -> None:
    dataset(tmp_path)
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


@pytest.mark.parametrize("options", [[], ["--repair"]])
def test_articles_are_examined_and_mended_while_another_program_keeps_what_lies_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    dataset(tmp_path)
    [file] = (tmp_path / "articles").rglob("*.parquet")
    file.write_bytes(file.read_bytes()[:-9])
    (tmp_path / "alerts.sqlite").write_bytes(b"no database " * 99)
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **named: connect(*given, **named | {"timeout": 0}))
    with contextlib.closing(connect(tmp_path / "state.sqlite", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=DELETE")
        other.execute("BEGIN EXCLUSIVE")
        look = CliRunner().invoke(cli, ["doctor", "--data", str(tmp_path), *options])
    assert look.exit_code == 1
    assert file.name in look.output
    assert "what alerts know and told is damaged" in look.output
    assert "another program keeps it" in look.output
    assert "well" not in look.output
    assert file.exists() is not bool(options)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can change user")
def test_in_a_folder_that_cannot_be_written_the_articles_are_examined_all_the_same() -> None:
    as_nobody = """if True:
        import os, sys
        from dashboard.cli import cli
        import dashboard.commands.doctor, pressgauge.store.doctor, collectors.database
        os.setuid(65_534)
        cli(["doctor", "--data", sys.argv[1]])
    """
    with tempfile.TemporaryDirectory() as name:  # pytest's own is closed to others
        Path(name).chmod(0o755)
        dataset(Path(name))
        look = subprocess.run([sys.executable, "-c", as_nobody, name], capture_output=True, text=True)
    assert "All else is well: version 0, 1 article." in look.stdout, look.stderr
    assert look.stdout.count("look whether the file and its folder can be written") == 2
    assert look.returncode == 1
