"""Blocking work beside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


async def in_thread(items: Iterator[Item], batch: int = 64) -> AsyncIterator[Item]:
    """The items of a blocking iterator, drawn in a thread a batch at a time: the event loop goes on."""
    while drawn := await asyncio.to_thread(lambda: list(islice(items, batch))):
        for item in drawn:
            yield item
