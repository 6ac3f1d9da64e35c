"""Damaged feeds and pages, as many as fit in the time, through the very processes that a refresh uses."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bench import mutate
from collectors.sandbox.pool import CPU_SECONDS, RefusedError, Workers

NAME = "parsing"
WANTED = 100_000
_LONG = 1.0
"""Seconds after which a body is parsed again: the first time a worker may have had to start."""
_URL = "https://press.example/2025/01/27/story"


def run(
    budget_seconds: float, seed: int, before: dict[str, Any]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    pages = {"url": _URL, "backend": "auto", "hint_title": None, "hint_published": None}
    feeds = {"url": _URL, "limit": 300, "charset": None}
    rows, counts = [], dict(before)
    for what, seeds, parser, options in (
        ("mutated feeds", mutate.feeds, "feed", feeds),
        ("mutated pages", mutate.pages, "page", pages),
    ):
        known = before.get(what, {"outcomes": {}, "slowest": 0.0})
        found, slowest = asyncio.run(
            _shake(mutate.mutations(seeds(), seed), parser, options, budget_seconds / 2)
        )
        outcomes = Counter(known["outcomes"]) + found
        counts[what] = {"outcomes": dict(outcomes), "slowest": round(max(slowest, known["slowest"]), 2)}
        rows.append(_figure(what, outcomes, counts[what]["slowest"], found.total()))
    return rows, counts


def _figure(what: str, outcomes: Counter[str], slowest: float, now: int) -> dict[str, Any]:
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
        "events": f"{outcomes.total():,} parsed in all runs, {now:,} in the last",
        "note": f"each has one outcome: {by_reason}; the slowest took {slowest:.1f} s to parse",
    }


async def _shake(
    bodies: Iterator[bytes], parser: str, options: dict[str, Any], seconds: float
) -> tuple[Counter[str], float]:
    """The outcome of each body, until the time is over; and the longest time (s) that parsing one took."""
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
                continue
            took = time.monotonic() - started
            if took > _LONG:  # by the clock it may have been the start of a worker, or somebody else's work
                started = time.monotonic()
                with contextlib.suppress(RefusedError):
                    await workers.run(parser, body, **options)
                took = min(took, time.monotonic() - started)
            slowest = max(slowest, took)

    async with Workers(cores) as workers:
        until = time.monotonic() + seconds
        await asyncio.gather(*(one_after_another(workers, until) for _ in range(cores)))
    return outcomes, slowest
