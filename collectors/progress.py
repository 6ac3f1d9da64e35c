"""The progress of a refresh on stderr: a bar for people, lines of JSON for programs, or nothing."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from tqdm import tqdm

    from collectors.ledger import SourceLedger

_PAUSE = 0.2
"""Seconds between two lines about the same source."""


class Progress:
    """`with Progress("bar") as progress:` and `show` a source's ledger whenever it has changed."""

    def __init__(self, form: str) -> None:
        self._form = form
        self._ledgers: dict[str, SourceLedger] = {}
        self._said: dict[str, float] = {}
        self._bar: tqdm | None = None

    def __enter__(self) -> Self:
        self._ledgers, self._said = {}, {}
        if self._form == "bar":
            from tqdm import tqdm

            self._bar = tqdm(unit=" entries", total=0, file=sys.stderr, leave=False, dynamic_ncols=True)
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()
        if self._form == "jsonl":
            for ledger in self._ledgers.values():
                _say(ledger)

    def show(self, ledger: SourceLedger) -> None:
        self._ledgers[ledger.source] = ledger
        now = time.monotonic()
        if self._form == "jsonl" and now - self._said.get(ledger.source, 0.0) >= _PAUSE:
            self._said[ledger.source] = now
            _say(ledger)
        elif self._bar is not None:
            ledgers = self._ledgers.values()
            self._bar.total = sum(one.seen for one in ledgers)
            self._bar.n = sum(one.seen - one.open for one in ledgers)
            self._bar.set_postfix_str(f"{sum(one.stored for one in ledgers):,} new", refresh=False)
            self._bar.update(0)


def _say(ledger: SourceLedger) -> None:
    print(json.dumps(ledger.to_dict(), ensure_ascii=False), file=sys.stderr, flush=True)
