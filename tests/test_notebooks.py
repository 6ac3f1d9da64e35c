"""Every notebook runs from top to bottom and is kept without outputs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))


def read(path: Path) -> Any:
    import nbformat  # here: it takes 3 CPU seconds, which each process would spend that collects the tests

    return nbformat.read(path, as_version=4)


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path: Path):
    cells = [cell for cell in read(path).cells if cell.cell_type == "code"]
    assert cells
    assert [cell.source for cell in cells if cell.outputs or cell.execution_count] == []


@pytest.fixture(scope="module")
def kernel(demo_data: Path) -> Iterator[Any]:
    """One for all notebooks: to start it and load the libraries takes 2 CPU seconds."""
    from nbclient import NotebookClient
    from nbformat.v4 import new_notebook

    client = NotebookClient(new_notebook(), kernel_name="python3")
    environ = {**os.environ, "PRESSGAUGE_DATA": str(demo_data)}
    with client.setup_kernel(cwd=str(NOTEBOOKS[0].parent), env=environ):
        yield client.km


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path: Path, kernel: Any):
    """In a kernel without any name of another notebook."""
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell

    notebook = read(path)
    notebook.cells.insert(0, new_code_cell("%reset -f"))
    NotebookClient(notebook, timeout=120, km=kernel).execute()
    assert any(cell.outputs for cell in notebook.cells if cell.cell_type == "code")
