"""How a bench module times its sides, and the line of the table that it makes of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def once(act: Callable[[], Any]) -> tuple[float, Any]:
    """(seconds that `act` takes, what it returns)."""
    start = time.perf_counter()
    result = act()
    return time.perf_counter() - start, result


def best(act: Callable[[], Any], tries: int = 5) -> tuple[float, Any]:
    """The quickest of some runs."""
    return min((once(act) for _ in range(tries)), key=lambda timed: timed[0])


def line(measure: str, ours: float, theirs: float | None, note: str) -> dict[str, str]:
    """A line of the bench's table, of seconds."""
    times = 0.0 if theirs is None else theirs / ours
    return {
        "measure": measure,
        "ours": _seconds(ours),
        "theirs": "" if theirs is None else _seconds(theirs),
        "ratio": "" if theirs is None else f"{times:,.0f}x" if times >= 10 else f"{times:.1f}x",
        "note": note,
    }


def _seconds(value: float) -> str:
    return f"{value * 1_000:.1f} ms" if value < 1 else f"{value:.2f} s"
