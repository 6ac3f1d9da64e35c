"""The README's promises: a lock without hosts, a makefile and a command that explain themselves."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from dashboard.cli import COMMANDS, cli

ROOT = Path(__file__).resolve().parent.parent


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_the_lock_names_no_host_and_hashes_every_package():
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    packages = re.split(r"^(?=\S+==)", lock, flags=re.MULTILINE)[1:]
    assert len(packages) > 80
    assert [p.split()[0] for p in packages if "--hash=sha256:" not in p] == []


def test_the_lock_holds_every_dependency_that_pyproject_declares():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    declared = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["cluster"]]
    for group in project["dependency-groups"].values():
        declared += [each for each in group if isinstance(each, str)]  # not a group that it includes
    normal = {re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", d)[0]).lower() for d in declared}
    lock = (ROOT / "requirements.lock").read_text()
    locked = set(re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==", lock, flags=re.MULTILINE))
    assert normal - locked == set()


def test_make_help_lists_the_targets_a_newcomer_needs():
    listed = run("make", "help").stdout
    for target in ("setup", "serve", "test", "demo", "refresh", "lab", "lint", "types", "bench"):
        assert f"make {target} " in listed


def test_help_answers_without_loading_pandas_or_panel():
    code = (
        "import sys; from dashboard.cli import cli\n"
        "try: cli(['--help'])\n"
        "except SystemExit as done: assert done.code == 0\n"
        "print(sorted({'pandas', 'panel', 'pyarrow', 'plotly', 'bokeh', 'numpy', 'lxml'} & set(sys.modules)))"
    )
    assert run(sys.executable, "-c", code).stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_with_an_example(name: str):
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.get_short_help_str()
    assert f"pressgauge {name}" in (command.help or ""), "the help text shows no example"
    undocumented = [p.name for p in command.params if isinstance(p, click.Option) and not p.help]
    assert undocumented == []


def test_wrong_usage_exits_with_2():
    assert run(sys.executable, "-m", "dashboard.cli", "refresh", "--no-such-option").returncode == 2
