"""The documentation says what the code does: a test fails where one is changed without the other."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

import pressgauge
from dashboard.cli import COMMANDS, cli
from pressgauge.schema import COLUMNS

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
BY_NAME = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def first_cells(page: str, pattern: str) -> list[str]:
    """What the first cells of a page's tables name."""
    rows = re.findall(r"^\| (.*?) \|", page, flags=re.M)
    return [name for row in rows for name in re.findall(pattern, row)]


def test_the_site_builds_strictly_and_asks_no_other_host(tmp_path: Path):
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert built.returncode == 0, built.stderr
    pages = "".join(page.read_text(encoding="utf-8") for page in tmp_path.rglob("*.html"))
    assert "Herfindahl" in pages, "docstrings are missing"
    assert re.findall(r'<(?:script|img|link)[^>]* (?:src|href)="(?:https?:)?//[^"]+', pages) == []


def test_every_page_is_in_the_sites_menu():
    menu = text("mkdocs.yml").partition("nav:")[2]
    assert [page.name for page in (ROOT / "docs").glob("*.md") if page.name not in menu] == []


@BY_NAME
def test_every_relative_link_leads_to_a_file(page: Path):
    found = re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    relative = {link.partition("#")[0] for link in found if not link.startswith(("http", "#", "mailto:"))}
    assert sorted(link for link in relative if link and not (page.parent / link).exists()) == []


@BY_NAME
def test_every_python_block_compiles(page: Path):
    blocks = re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), flags=re.M | re.DOTALL)
    for block in blocks:
        if ">>> " not in block:  # those run in test_doctests
            compile(block, page.name, "exec", flags=0x2000)  # PyCF_ALLOW_TOP_LEVEL_AWAIT


@BY_NAME
def test_every_command_line_names_a_command_and_options_that_there_are(page: Path):
    joined = page.read_text(encoding="utf-8").replace("\\\n", " ")
    for line in re.findall(r"\.venv/bin/pressgauge (.*)$", joined, flags=re.M):
        name, *words = shlex.split(re.split(r"[`>|;&]|  +#", line)[0])
        command = (cli.get_command(click.Context(cli), name) if name in COMMANDS else None) or cli
        known = {"--help", "--version", *(option for each in command.params for option in each.opts)}
        assert [word for word in words if word.startswith("--") and word not in known] == [], line


def test_every_command_is_documented():
    documented = set(first_cells(text("docs/commands.md"), r"`pressgauge (\w+)"))
    assert documented == set(COMMANDS)


def test_every_public_name_has_an_example_in_the_reference():
    examples = "\n".join(re.findall(r"^(?:>>>|\.\.\.) (.*)$", text("docs/reference.md"), flags=re.M))
    assert [name for name in pressgauge.__all__ if f"pg.{name}" not in examples] == []


def test_every_public_name_can_be_imported():
    assert [name for name in pressgauge.__all__ if getattr(pressgauge, name, None) is None] == []
    assert set(pressgauge.__all__) <= set(dir(pressgauge))
    with pytest.raises(AttributeError, match="no attribute 'serach'"):
        _ = pressgauge.serach


def test_importing_pressgauge_alone_does_not_import_pandas():
    code = "import sys, pressgauge; print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    "code",
    [
        "import pandas, pressgauge; pandas.DataFrame.coverage",
        "import pressgauge; pressgauge.open('nowhere'); import pandas; pandas.DataFrame.coverage",
    ],
)
def test_frames_have_their_accessor_in_either_order(code: str, tmp_path: Path):
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path, env=environ)


def test_the_columns_are_documented_in_their_order_with_their_meaning():
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| (.*) \|$", text("docs/dataset.md"), flags=re.M)
    assert rows == [(column.name, column.meaning) for column in COLUMNS]


def test_every_make_target_is_documented():
    targets = re.search(r"^\.PHONY: (.*)$", text("Makefile"), flags=re.M)[1].split()
    assert set(first_cells(text("CONTRIBUTING.md"), r"`make ([\w-]+)`")) == set(targets)


def test_every_notebook_is_introduced():
    notebooks = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert set(first_cells(text("docs/notebooks.md"), r"`(\w+)`")) == notebooks


def test_the_citation_names_this_version():
    assert f"version: {pressgauge.__version__}\n" in text("CITATION.cff")


def steps() -> list[tuple[str, str]]:
    """The instructions of the Containerfile, as (name, arguments)."""
    joined = re.sub(r"\\\n\s*", " ", text("Containerfile"))
    lines = (line for line in joined.splitlines() if line and not line.startswith("#"))
    return [tuple(line.split(" ", 1)) for line in lines]  # type: ignore[misc]


def test_the_container_runs_without_rights_and_keeps_its_data_in_a_volume():
    names = [name for name, _ in steps()]
    assert ("USER", "pressgauge") in steps()
    assert names.index("USER") < names.index("COPY")
    assert ("VOLUME", "/data") in steps()


def test_the_container_has_all_that_its_set_up_and_command_need(tmp_path: Path):
    for name, arguments in steps():
        if name == "COPY":
            *sources, target = [word for word in arguments.split() if not word.startswith("--")]
            for source in [str(path.relative_to(ROOT)) for each in sources for path in ROOT.glob(each)]:
                into = tmp_path / target.strip("/") / (Path(source).name if target.endswith("/") else "")
                into.parent.mkdir(parents=True, exist_ok=True)
                copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
                copy(ROOT / source, into)
    project = tomllib.loads((tmp_path / "pyproject.toml").read_text())
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    needed = [*packages, project["project"]["readme"]]
    assert [name for name in needed if not (tmp_path / name).exists()] == []
    assert {"make runtime"} == {arguments for name, arguments in steps() if arguments.startswith("make")}
    run = json.loads(next(arguments for name, arguments in steps() if name == "CMD"))
    assert run[0] in project["project"]["scripts"]
    module = [sys.executable, "-P", "-m", "dashboard.cli", *run[1:], "--help"]
    environ = {**os.environ, "PYTHONPATH": str(tmp_path), "PRESSGAUGE_DATA": str(tmp_path / "data")}
    subprocess.run(module, check=True, cwd=tmp_path, env=environ, capture_output=True)
