"""Blocking work beside the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from itertools import islice
from typing import Any, TypeVar

Item = TypeVar("Item")


async def in_thread(items: Iterator[Item], batch: int = 64) -> AsyncIterator[Item]:
    """The items of a blocking iterator, drawn in a thread a batch at a time: the event loop goes on."""
    while portion := await asyncio.to_thread(lambda: list(islice(items, batch))):
        for item in portion:
            yield item


def run_to_its_end(work: Callable[[asyncio.Event], Awaitable[Item]]) -> Item:
    """Wait for asynchronous work, also where an event loop is already running: what `work` returns or raises.

    It is given an event that an interrupt sets, so that it can end soon and in order.
    """
    ready: dict[str, Any] = {}

    async def main() -> None:
        ready["loop"], ready["stop"] = asyncio.get_running_loop(), asyncio.Event()
        try:
            ready["result"] = await work(ready["stop"])
        except BaseException as error:  # noqa: BLE001 - raised again where it was asked for
            ready["error"] = error

    # A thread of its own: a notebook's loop is running, and only its own thread may be interrupted.
    thread = threading.Thread(target=lambda: asyncio.run(main()))
    thread.start()
    while thread.is_alive():
        try:
            thread.join()
        except KeyboardInterrupt:
            if "stop" in ready:
                ready["loop"].call_soon_threadsafe(ready["stop"].set)
    if "error" in ready:
        raise ready["error"]
    result: Item = ready["result"]
    return result
