"""Fixtures every room shares."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import threading
from collections.abc import Generator, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collectors.demo.server import PressServer

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

# How much a property is tried (`--hypothesis-profile=deep`), in per cent of what its test asks for. How long
# an example takes says more of the machine than of the code: `tests/cost.py` is for that.
for _name, _per_cent in {"quick": 15, "usual": 30, "deep": 2000}.items():
    settings.register_profile(
        _name, max_examples=_per_cent, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
settings.load_profile("usual")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Have the garbage collector leave what collecting makes: a million objects that stay to the end.

    To look through all of them takes half a CPU second each time, and without them a fifth of one.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real pages, feeds and answers beside the checkout; without them a test skips visibly."""
    if not SHARED.is_dir():
        pytest.skip("the shared folder with real pages is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def press_server() -> Iterator[PressServer]:
    """Two weeks of the demo press (January 2025, 30 outlets), served on loopback by a thread of its own."""
    from collectors.demo.press import press
    from collectors.demo.server import PressServer

    server = PressServer(press(date(2025, 1, 20), date(2025, 2, 3)))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(30)
    yield server
    asyncio.run_coroutine_threadsafe(server.__aexit__(), loop).result(30)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as `make setup` leaves it, with the built demo press; to be read only.

    Built once a test run and shared by all its processes.
    """
    from collectors.demo.build import ensure_demo

    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demo-data"
    with FileLock(f"{folder}.lock"):
        if not folder.is_dir():
            folder.mkdir()
            for file in (ROOT / "data").glob("*.toml"):
                shutil.copy(file, folder)
    ensure_demo(folder / "demo")  # which waits for the process that builds it
    return folder
