"""A real JupyterLab on the notebooks: the dashboard in a cell is alive, and no other host is asked."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

ROOT = Path(__file__).resolve().parents[2]
CELLS = 60_000


@contextmanager
def running(module: str, options: list[str], home: Path, data: Path, probe: str) -> Iterator[str]:
    """Address of `python -m module ... --port=PORT` in `home`, from when `probe` below it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    private = {"JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_DATA_DIR": str(home / "data")}
    environ = {**os.environ, "PRESSGAUGE_DATA": str(data), "PYTHONPATH": str(ROOT), **private}
    command = [sys.executable, "-m", module, *options, f"--port={port}"]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=home, env=environ, stdout=log, stderr=subprocess.STDOUT)
    url = f"http://localhost:{port}/"
    deadline = time.monotonic() + 180
    try:
        while True:
            try:
                urllib.request.urlopen(url + probe, timeout=60).read()
                break
            except OSError:
                if server.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((home / "log").read_text()) from None
                time.sleep(0.2)
        yield url
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    return folder


@pytest.fixture(scope="module")
def lab(demo_data: Path, home: Path) -> Iterator[str]:
    """Address of the server that `make lab` starts, on a copy of the notebooks."""
    recipe = re.search(r"jupyter (lab (?:.|\\\n)*?)\$\(LAB\)", (ROOT / "Makefile").read_text())[1]
    options = [*recipe.replace("\\\n", " ").split(), "--no-browser", "--allow-root"]
    with running("jupyter", [*options, "--IdentityProvider.token="], home, demo_data, "api") as url:
        yield url


def kernel_ready(page: Page) -> None:
    expect(page.locator(".jp-CodeCell:visible").first).to_be_visible(timeout=CELLS)
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=CELLS)


def shares(chart: Locator) -> str:
    """What the chart draws, as plotly.js has it."""
    return chart.evaluate("div => JSON.stringify(div.data.map(line => line.y))")


def only_deepseek(page: Page) -> None:
    box = page.get_by_label("Only articles that match")
    box.fill("deepseek")
    box.press("Enter")  # of the box itself: a page that is still being laid out can take the focus from it
    expect(page.get_by_text("matches deepseek")).to_be_visible()


def test_the_dashboard_notebook_lives_in_jupyterlab(page: Page, lab: str):
    page.goto(f"{lab}lab/tree/dashboard.ipynb")
    kernel_ready(page)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    chart = page.locator(".jp-OutputArea .js-plotly-plot")
    count = page.locator(".jp-OutputArea h2[data-count]")
    expect(chart).to_be_visible(timeout=CELLS)
    expect(count).to_be_visible()
    everything = count.inner_text()

    chart.scroll_into_view_if_needed()
    drawn = shares(chart)
    box = chart.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.click(*middle)
    expect(count).not_to_have_text(everything)

    only_deepseek(page)
    deadline = time.monotonic() + 15
    while shares(chart) == drawn and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    assert shares(chart) != drawn


def test_jupyterlab_opens_on_the_first_notebook(page: Page, lab: str):
    page.goto(lab)
    expect(page.get_by_role("tab", name="explore.ipynb")).to_be_visible(timeout=CELLS)
    kernel_ready(page)


def test_jupyterlab_previews_the_dashboard_notebook(page: Page, lab: str):
    page.goto(f"{lab}panel-preview/render/dashboard.ipynb", timeout=CELLS)  # which runs it first
    expect(page.locator(".js-plotly-plot")).to_be_visible(timeout=CELLS)
    expect(page.locator("h2[data-count]")).to_be_visible()


def test_panel_serves_the_dashboard_notebook_as_it_stands(page: Page, demo_data: Path, home: Path):
    options = ["serve", "notebooks/dashboard.ipynb"]
    with running("panel", options, home, demo_data, "") as url:
        page.goto(f"{url}dashboard", timeout=CELLS)
        expect(page.locator(".js-plotly-plot")).to_be_visible(timeout=CELLS)
        only_deepseek(page)
        page.goto("about:blank")
