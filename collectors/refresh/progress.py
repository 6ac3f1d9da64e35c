"""The progress of a refresh on stderr: a bar for people, lines of JSON for programs, or nothing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from typing import TYPE_CHECKING, Any, Self

from collectors.refresh.pace import Pace

if TYPE_CHECKING:
    from tqdm import tqdm

    from collectors.ledger import SourceLedger

_TICK = 1.0
"""Seconds after which the bar says anew what it waits for."""
_PAUSE = 0.2
"""Seconds between two lines about the same source; the second tells all that happened in between."""


class Progress:
    """`with Progress("bar") as progress:` and, in an event loop, `show` a source's ledger at each change."""

    def __init__(self, form: str) -> None:
        self._form = form
        self._ledgers: dict[str, SourceLedger] = {}
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        self._bar: tqdm | None = None
        self._pace = Pace(time.monotonic())
        self._ticking: asyncio.TimerHandle | None = None

    def __enter__(self) -> Self:
        self._ledgers, self._waiting, self._pace = {}, {}, Pace(time.monotonic())
        if self._form == "bar":
            from tqdm import tqdm

            self._bar = tqdm(
                total=0, file=sys.stderr, leave=False, dynamic_ncols=True, bar_format="{elapsed}  {desc}"
            )
            self._bar.set_description_str("Starting")
            with contextlib.suppress(RuntimeError):  # outside an event loop only changes are shown
                self._ticking = asyncio.get_running_loop().call_later(_TICK, self._tick)
        return self

    def __exit__(self, *_: object) -> None:
        if self._ticking is not None:
            self._ticking.cancel()
            self._ticking = None
        if self._bar is not None:
            self._bar.close()
            self._bar = None
        for waiting in self._waiting.values():
            waiting.cancel()
        if self._form == "jsonl":
            for ledger in self._ledgers.values():
                _say(ledger)

    def show(self, ledger: SourceLedger) -> None:
        is_first = ledger.source not in self._ledgers
        self._ledgers[ledger.source] = ledger
        if self._form == "jsonl":
            if is_first:  # at once: a quick refresh is over before a pause is
                _say(ledger)
            elif ledger.source not in self._waiting:
                later = asyncio.get_running_loop().call_later(_PAUSE, self._say, ledger)
                self._waiting[ledger.source] = later
        elif self._bar is not None:
            self._pace.observe(event_of(ledger), time.monotonic())
            self._bar.update(0)

    def _tick(self) -> None:
        if self._bar is not None:
            self._bar.set_description_str(self._pace.headline(time.monotonic()) or "Starting")
            self._ticking = asyncio.get_running_loop().call_later(_TICK, self._tick)

    def _say(self, ledger: SourceLedger) -> None:
        del self._waiting[ledger.source]
        _say(ledger)


def event_of(ledger: SourceLedger) -> dict[str, Any]:
    """One line of progress: what is counted of a source so far, and the stage that it is in."""
    return {**ledger.to_dict(), "stage": ledger.stage}


def _say(ledger: SourceLedger) -> None:
    print(json.dumps(event_of(ledger), ensure_ascii=False), file=sys.stderr, flush=True)
