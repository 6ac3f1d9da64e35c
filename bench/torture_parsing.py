"""Damaged feeds and pages, as many as fit in the time, through the very processes that a refresh uses."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from bench import mutate
from collectors.sandbox.pool import CPU_SECONDS, RefusedError, Workers

NAME = "parsing"
WANTED = 1_000_000
_URL = "https://press.example/2025/01/27/story"


def run(budget_seconds: float, seed: int) -> list[dict[str, Any]]:
    pages = {"url": _URL, "backend": "auto", "hint_title": None, "hint_published": None}
    feeds = {"url": _URL, "limit": 300, "charset": None}
    return [
        _figure("mutated feeds", mutate.feeds, "feed", feeds, budget_seconds / 2, seed),
        _figure("mutated pages", mutate.pages, "page", pages, budget_seconds / 2, seed),
    ]


def _figure(
    what: str,
    seeds: Callable[[], list[bytes]],
    parser: str,
    options: dict[str, Any],
    seconds: float,
    seed: int,
) -> dict[str, Any]:
    outcomes, slowest = asyncio.run(_shake(mutate.mutations(seeds(), seed), parser, options, seconds))
    crashes = sum(
        n
        for name, n in outcomes.items()
        if name.startswith(("parser_crashed", "parser_error", "parser_memory"))
    )
    by_reason = ", ".join(f"{name} {n:,}" for name, n in outcomes.most_common())
    return {
        "figure": what,
        "wanted": f"{WANTED:,}: 0 crashes, 0 over {CPU_SECONDS:.0f} s",
        "got": f"{outcomes.total():,}: {crashes:,} crashes, "
        f"{outcomes['parser_timeout']:,} over {CPU_SECONDS:.0f} s",
        "events": f"{outcomes.total():,} parsed",
        "note": f"each has one outcome: {by_reason}; the slowest took {slowest:.1f} s, "
        "the start of a fresh worker included",
    }


async def _shake(
    bodies: Iterator[bytes], parser: str, options: dict[str, Any], seconds: float
) -> tuple[Counter[str], float]:
    """The outcome of each body, until the time is over; and the longest time (s) that one took."""
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    cores = os.cpu_count() or 1

    async def one_after_another(workers: Workers, until: float) -> None:
        nonlocal slowest
        while time.monotonic() < until:
            body, started = next(bodies), time.monotonic()
            try:
                found = await workers.run(parser, body, **options)
                outcomes[found.get("refused") or found.get("kind") or "read"] += 1
            except RefusedError as refused:
                outcomes[refused.reason] += 1
            slowest = max(slowest, time.monotonic() - started)

    async with Workers(cores) as workers:
        until = time.monotonic() + seconds
        await asyncio.gather(*(one_after_another(workers, until) for _ in range(cores)))
    return outcomes, slowest
