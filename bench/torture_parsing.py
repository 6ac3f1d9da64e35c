"""Damaged feeds and pages, as many as fit in the time, through the very processes that a refresh uses."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from bench import mutate
from collectors.sandbox.pool import CPU_SECONDS, RefusedError, Workers

NAME = "parsing"
WANTED = 100_000
_LONG = 1.0
"""Seconds after which a body is parsed again: the first time a worker may have had to start."""
_URL = "https://press.example/2025/01/27/story"
_PAGE = {"url": _URL, "backend": "auto", "hint_title": None, "hint_published": None}
_FEED = {"url": _URL, "limit": 300, "charset": None}
PARTS: dict[str, tuple[Callable[[], list[bytes]], str, dict[str, Any]]] = {
    "mutated feeds": (mutate.feeds, "feed", _FEED),
    "mutated pages": (mutate.pages, "page", _PAGE),
}
"""By figure: what is damaged, the parser that reads it, and the parser's options."""


def run(budget_seconds: float, seed: int, before: dict[str, Any]) -> dict[str, Any]:
    counts = dict(before)
    lacking = [what for what in PARTS if _total(before, what) < WANTED]
    for what in lacking:
        seeds, parser, options = PARTS[what]
        of_part = before.get(what, {"outcomes": {}, "slowest": 0.0})
        outcomes, slowest = asyncio.run(
            _shake(mutate.mutations(seeds(), seed), parser, options, budget_seconds / len(lacking))
        )
        counts[what] = {
            "outcomes": dict(Counter(of_part["outcomes"]) + outcomes),
            "slowest": round(max(slowest, of_part["slowest"]), 2),
        }
    return counts


def reached(counts: dict[str, Any]) -> bool:
    return all(_total(counts, what) >= WANTED for what in PARTS)


def rows(counts: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        _figure(what, Counter(of_part["outcomes"]), of_part["slowest"])
        for what in PARTS
        if (of_part := counts.get(what))
    ]


def _total(counts: dict[str, Any], what: str) -> int:
    return sum(counts.get(what, {}).get("outcomes", {}).values())


def _figure(what: str, outcomes: Counter[str], slowest: float) -> dict[str, Any]:
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
        "events": f"{outcomes.total():,} parsed in all runs",
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
