"""An event loop by whose clock nobody waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any


class Jumping(asyncio.SelectorEventLoop):
    """Its clock stands still while there is something to do, and jumps to what is due next: tests of times
    are quick and exact. What takes time adds it to `now`."""

    now = 0.0

    def time(self) -> float:
        return self.now

    def _run_once(self) -> None:
        loop: Any = self
        if not loop._ready and loop._scheduled:
            self.now = max(self.now, loop._scheduled[0].when())
        super()._run_once()  # type: ignore[misc]


def jumping(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Has a test run on such a loop."""

    @wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        with asyncio.Runner(loop_factory=Jumping) as runner:
            runner.run(test(*args, **kwargs))

    return run
