"""What work costs, told so that a busy machine, a cold cache or a clock's grain fails no test."""

from __future__ import annotations

import time
from collections.abc import Callable

_TRIES = 5


def seconds(work: Callable[[], object]) -> float:
    """The CPU seconds that `work` takes once."""
    start = time.process_time()
    work()
    return time.process_time() - start


def least(work: Callable[[], object]) -> float:
    """The least CPU seconds that `work` takes in several tries: other work only ever adds to them."""
    return min(seconds(work) for _ in range(_TRIES))


def costs_at_most(limit: float, work: Callable[[], object]) -> bool:
    """Whether `work` once takes no more than `limit` CPU seconds; one slow try proves nothing."""
    return any(seconds(work) <= limit for _ in range(_TRIES))


def costs_linear_time(work: Callable[[int], object], size: int) -> bool:
    """Whether 16 times `size` costs less than 64 times as much: 16 is linear, 256 is quadratic.

    Each size is measured several times and its least cost counts. What takes under a millisecond counts as
    one, the grain below which the clock tells nothing.
    """
    small = large = float("inf")
    for _ in range(_TRIES):
        small = min(small, seconds(lambda: work(size)))
        large = min(large, seconds(lambda: work(16 * size)))
        if large < 64 * max(small, 0.001):
            return True
    return False
