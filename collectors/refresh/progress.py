"""The progress of a refresh on stderr: a bar for people, lines of JSON for programs, or nothing."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from tqdm import tqdm

    from collectors.ledger import SourceLedger

_PAUSE = 0.2
"""Seconds between two lines about the same source; the second tells all that happened in between."""


class Progress:
    """`with Progress("bar") as progress:` and, in an event loop, `show` a source's ledger at each change."""

    def __init__(self, form: str) -> None:
        self._form = form
        self._ledgers: dict[str, SourceLedger] = {}
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        self._bar: tqdm | None = None

    def __enter__(self) -> Self:
        self._ledgers, self._waiting = {}, {}
        if self._form == "bar":
            from tqdm import tqdm

            self._bar = tqdm(unit=" entries", total=0, file=sys.stderr, leave=False, dynamic_ncols=True)
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()
        for waiting in self._waiting.values():
            waiting.cancel()
        if self._form == "jsonl":
            for ledger in self._ledgers.values():
                _say(ledger)

    def show(self, ledger: SourceLedger) -> None:
        self._ledgers[ledger.source] = ledger
        if self._form == "jsonl":
            if ledger.source not in self._waiting:
                later = asyncio.get_running_loop().call_later(_PAUSE, self._say, ledger)
                self._waiting[ledger.source] = later
        elif self._bar is not None:
            ledgers = self._ledgers.values()
            self._bar.total = sum(one.seen for one in ledgers)
            self._bar.n = sum(one.seen - one.open for one in ledgers)
            self._bar.set_postfix_str(f"{sum(one.stored for one in ledgers):,} new", refresh=False)
            self._bar.update(0)

    def _say(self, ledger: SourceLedger) -> None:
        del self._waiting[ledger.source]
        _say(ledger)


def _say(ledger: SourceLedger) -> None:
    print(json.dumps(ledger.to_dict(), ensure_ascii=False), file=sys.stderr, flush=True)
