"""Sources that fall silent without an error: how many are told of in time, and how many alarms are false."""

from __future__ import annotations

import time
from typing import Any

from bench.outages import KINDS, Drill, drill

NAME = "operation"
WANTED = 200
_AT_ONCE = 40


def run(budget_seconds: float, seed: int) -> list[dict[str, Any]]:
    until = time.monotonic() + budget_seconds
    done, number = Drill(0, 0, 0, 0, ()), 0
    while done.outages < WANTED and time.monotonic() < until:
        done += drill(_AT_ONCE, 1_000 * seed + number)
        number += 1
    missed = ", ".join(f"{kind} at {a_day:g} a day" for kind, a_day in done.missed) or "none"
    rate = 1_000 * done.false_alarms / done.source_days
    return [
        {
            "figure": "silent outages",
            "wanted": f"{WANTED} seeded: 99 % told of within twice the source's rhythm",
            "got": f"{done.in_time} of {done.outages} ({done.in_time / done.outages:.1%})",
            "events": f"{done.outages} outages of {len(KINDS)} kinds",
            "note": f"late: {missed}; a halved volume has two weeks",
        },
        {
            "figure": "false alarms",
            "wanted": "at most 1 in 1,000 source-days",
            "got": f"{rate:.2f}",
            "events": f"{done.false_alarms} in {done.source_days:,} days of healthy sources",
            "note": "one refresh in a hundred of a healthy source fails by itself",
        },
    ]
