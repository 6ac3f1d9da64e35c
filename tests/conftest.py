"""Fixtures every room shares."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collectors.demo.server import PressServer

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


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
