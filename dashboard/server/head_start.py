"""A moment for the files that a page's head names, before the server is busy making the page."""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Collection

from dashboard.server.attempts import network_of

HEAD_START_S = 0.3
"""At most, and once for each address: whose browser has the files already does not ask for them."""
_REMEMBERED = 1_000


class HeadStart:
    """Lets browsers that come for the first time have stylesheets and scripts first. They would wait for the
    page's session else, and the browser with nothing to show and to compile."""

    def __init__(self) -> None:
        # of the latest addresses: the names of files that are still to be sent, and whether there are none
        self._coming: OrderedDict[str, tuple[set[str], asyncio.Event]] = OrderedDict()

    async def wait(self, address: str, files: Collection[str]) -> None:
        """Wait, the first time that an address comes, until it has been sent the files of these names, all of
        them: a browser asks for a few at once, and in an order of its own."""
        network = network_of(address)
        _, are_sent = self._coming.setdefault(network, (set(files), asyncio.Event()))
        self._coming.move_to_end(network)
        if len(self._coming) > _REMEMBERED:
            self._coming.popitem(last=False)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(are_sent.wait(), HEAD_START_S)
        are_sent.set()

    def sent(self, address: str, path: str) -> None:
        """A file was sent."""
        files, are_sent = self._coming.get(network_of(address), (set(), None))
        files.discard(path.rpartition("/")[2])
        if are_sent is not None and not files:
            are_sent.set()
