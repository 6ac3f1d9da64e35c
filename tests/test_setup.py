"""The README's promises: a lock without hosts, a makefile and a command that explain themselves."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
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


FLOORS = ("pressgauge", "collectors", "dashboard")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# What is declared and imported by none of our files, and what our files import that is no dependency.
NEEDED_BY_OTHERS = {"lxml-html-clean"}  # newspaper3k imports it and does not declare it
NOT_OF_THE_PRODUCT = {"playwright": "dashboard/screenshots.py"}  # which makes the README's pictures


def names(requirements: list[str]) -> set[str]:
    """The distributions that requirements are of, in the form in which all are compared."""
    return {re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", each)[0]).lower() for each in requirements}


def imports() -> dict[str, set[str]]:
    """For each package that is neither Python's nor ours: the files of the product that import it."""
    files: dict[str, set[str]] = {}
    for floor in FLOORS:
        for path in (ROOT / floor).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    modules = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    modules = [node.module or ""]
                else:
                    continue
                for top in {module.partition(".")[0] for module in modules} - {*FLOORS}:
                    if top not in sys.stdlib_module_names:
                        files.setdefault(top, set()).add(path.relative_to(ROOT).as_posix())
    return files


def test_what_is_imported_is_declared_and_what_is_declared_is_imported():
    declared, extras = names(PROJECT["project"]["dependencies"]), PROJECT["project"]["optional-dependencies"]
    distributions = packages_distributions()
    needed, undeclared = set(), {}
    for package, files in imports().items():
        named = names(distributions.get(package, [package]))
        needed |= named
        allowed = declared | names([each for extra in extras.values() for each in extra])
        if not named & allowed and files != {NOT_OF_THE_PRODUCT.get(package)}:
            undeclared[package] = files
    assert undeclared == {}
    assert declared - needed == NEEDED_BY_OTHERS


def test_the_lock_holds_every_dependency_that_pyproject_declares():
    declared = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["cluster"]]
    for group in PROJECT["dependency-groups"].values():
        declared += [each for each in group if isinstance(each, str)]  # not a group that it includes
    lock = (ROOT / "requirements.lock").read_text()
    locked = set(re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==", lock, flags=re.MULTILINE))
    assert names(declared) - locked == set()


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
