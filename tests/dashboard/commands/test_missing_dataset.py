"""A command that reads needs a dataset: a mistyped one is no empty one."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import pressgauge
from dashboard.cli import cli
from pressgauge.errors import DatasetError


@pytest.mark.parametrize(
    "command",
    [
        ("search", "open"),
        ("export", "all.csv"),
        ("doctor",),
        ("versions",),
        ("why", "https://a.example/"),
        ("count",),
    ],
    ids=lambda command: command[0],
)
def test_a_mistyped_dataset_is_named_with_the_one_that_was_meant(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pressgauge.open(tmp_path / "coverage").append(pd.DataFrame({"url": ["https://a.example/"]}))
    result = CliRunner().invoke(cli, [*command, "--data", str(tmp_path / "coverge")])
    assert result.exit_code != 0
    assert isinstance(result.exception, DatasetError)
    assert f"did you mean {tmp_path / 'coverage'}?" in str(result.exception)
    assert not (tmp_path / "coverge").exists()
