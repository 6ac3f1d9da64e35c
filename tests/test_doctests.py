"""Every example in a docstring or on a page of the documentation runs and prints what it says."""

from __future__ import annotations

import doctest
import importlib
import shutil
from pathlib import Path

import pytest

FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
ROOT = Path(__file__).resolve().parent.parent
WITH_EXAMPLES = [
    path.relative_to(ROOT)
    for folder, kind in (("pressgauge", "*.py"), ("collectors", "*.py"), ("docs", "*.md"))
    for path in sorted((ROOT / folder).rglob(kind))
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in (ROOT / "data").glob("*.toml"):
        shutil.copy(file, tmp_path)
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path))


def test_there_are_examples_in_code_and_on_pages():
    assert {path.suffix for path in WITH_EXAMPLES} == {".py", ".md"}


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=str)
@pytest.mark.usefixtures("settings")
def test_the_examples_run_as_written(path: Path):
    if path.suffix == ".md":
        # A fence is no output: an example ends where its block does.
        text = (ROOT / path).read_text(encoding="utf-8").replace("```", "")
        runner = doctest.DocTestRunner(optionflags=FLAGS)
        runner.run(doctest.DocTestParser().get_doctest(text, {}, str(path), str(path), 0))
        failed, tried = runner.failures, runner.tries
    else:
        name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        failed, tried = doctest.testmod(importlib.import_module(name), optionflags=FLAGS)
    assert failed == 0
    assert tried > 0
