"""Damaged feeds and pages, as many as fit in the time, through the very processes that a refresh uses."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import click

from bench import mutate
from collectors.sandbox.child import load
from collectors.sandbox.pool import CPU_SECONDS, RefusedError, Workers

NAME = "parsing"
WANTED = 100_000
CRASHES = ("parser_crashed", "parser_error", "parser_memory")
_LONG = 0.5
"""Seconds by the clock after which a body is parsed again, here: a worker may have had to start, or have
waited for a core, and CPU time tells neither."""
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
        counts[what] = of_part | {
            "outcomes": dict(Counter(of_part["outcomes"]) + outcomes),
            "slowest": round(max(slowest, of_part["slowest"]), 2),
        }
    return counts


def reached(counts: dict[str, Any]) -> bool:
    return all(_total(counts, what) >= WANTED for what in PARTS)


def rows(counts: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        _figure(what, Counter(of_part["outcomes"]), of_part["slowest"], of_part.get("mended", []))
        for what in PARTS
        if (of_part := counts.get(what))
    ]


def _total(counts: dict[str, Any], what: str) -> int:
    return sum(counts.get(what, {}).get("outcomes", {}).values())


def _figure(what: str, outcomes: Counter[str], slowest: float, mended: list[str]) -> dict[str, Any]:
    """The row of a part; `mended` are crashes of earlier runs, each of which has a test since."""
    crashes = sum(n for name, n in outcomes.items() if name.startswith(CRASHES))
    by_reason = ", ".join(f"{name} {n:,}" for name, n in outcomes.most_common())
    return {
        "figure": what,
        "wanted": f"{WANTED:,}: 0 crashes, 0 over {CPU_SECONDS:.0f} s",
        "got": f"{outcomes.total():,}: {crashes:,} crashes, "
        f"{outcomes['parser_timeout']:,} over {CPU_SECONDS:.0f} s",
        "events": f"{outcomes.total():,} parsed in all runs",
        "note": f"each has one outcome: {by_reason}; the slowest took "
        + (f"{slowest:.1f} s of CPU" if slowest else f"less than {_LONG} s")
        + "".join(f"; mended since: {crash}" for crash in mended),
    }


def _cpu_seconds(parser: str, body: bytes, options: dict[str, Any]) -> float:
    """CPU time (s) of parsing it in this process, which a worker has done before, within its limits."""
    parse, started = load(parser), time.process_time()
    with contextlib.suppress(Exception):  # it has its outcome
        parse(body, **options)
    return time.process_time() - started


async def _shake(
    bodies: Iterator[bytes], parser: str, options: dict[str, Any], seconds: float
) -> tuple[Counter[str], float]:
    """The outcome of each body, until the time is over; and the most CPU time (s) that parsing one took."""
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
                if refused.reason.startswith(CRASHES):
                    click.echo(f"{parser} {refused.reason}: {base64.b85encode(body).decode()}", err=True)
                continue
            if time.monotonic() - started > _LONG:
                slowest = max(slowest, _cpu_seconds(parser, body, options))

    async with Workers(cores) as workers:
        until = time.monotonic() + seconds
        await asyncio.gather(*(one_after_another(workers, until) for _ in range(cores)))
    return outcomes, slowest
