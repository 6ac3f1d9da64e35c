"""Waiting for what another thread, process or task will have done."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_for(condition: Callable[[], object], seconds: float = 60.0, pause: float = 0.02) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come so far"
        time.sleep(pause)


async def until(condition: Callable[[], T], seconds: float = 30.0) -> T:
    """The first value of `condition` that is true; it is asked in a thread."""
    async with asyncio.timeout(seconds):
        while not (value := await asyncio.to_thread(condition)):  # noqa: ASYNC110 - what is waited for rings no bell
            await asyncio.sleep(0.05)
    return value
