"""A moment for the files that a page's head names, before the server is busy making the page."""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict

from dashboard.components.charts.library import LIBRARY
from dashboard.server.attempts import network_of

HEAD_START_S = 0.3
"""At most, and once for each address: whose browser has the files already does not ask for them."""
_REMEMBERED = 1_000


class HeadStart:
    """Lets browsers that come for the first time have stylesheets and scripts first. They would wait for the
    page's session else, and the browser with nothing to show and to compile."""

    def __init__(self) -> None:
        self._has_come: OrderedDict[str, asyncio.Event] = OrderedDict()  # the latest addresses

    async def wait(self, address: str) -> None:
        """Wait, the first time that an address comes, until it has been sent the last and largest file."""
        is_sent = self._has_come.setdefault(network := network_of(address), asyncio.Event())
        self._has_come.move_to_end(network)
        if len(self._has_come) > _REMEMBERED:
            self._has_come.popitem(last=False)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(is_sent.wait(), HEAD_START_S)
        is_sent.set()

    def sent(self, address: str, path: str) -> None:
        """A file was sent."""
        if path.endswith(LIBRARY.name) and (is_sent := self._has_come.get(network_of(address))) is not None:
            is_sent.set()
