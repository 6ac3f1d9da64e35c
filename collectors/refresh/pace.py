"""Where a refresh stands, in one sentence: sources, entries, articles, the rate, and what it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_LONG = 10.0
"""Seconds without a change after which a source under way is named as slow."""
_MOST_SLOW = 3
_RATED = 5.0
"""Seconds before a rate says anything."""

_AT_THE_END = {
    "storing": "storing the articles",
    "indexing": "bringing the search index, events and quotations up to date",
}


class Pace:
    """`observe` takes the progress of a source as it comes; `headline` says where all of them stand.

    Moments are seconds of one clock that only goes forward, such as `time.monotonic`.
    """

    def __init__(self, started: float) -> None:
        self._start = started
        self._sources: dict[str, Mapping[str, Any]] = {}
        self._last_change: dict[str, float] = {}

    def observe(self, event: Mapping[str, Any], now: float) -> None:
        """The ledger of one source, as `SourceLedger.to_dict` gives it, with its `stage`."""
        name = str(event["source"])
        if self._sources.get(name) != event:
            self._sources[name], self._last_change[name] = dict(event), now

    def headline(self, now: float) -> str:
        """One sentence; "" before anything was heard.

        >>> pace = Pace(0.0)
        >>> pace.observe({"source": "Wired", "seen": 30, "stored": 10, "duplicate": 5, "stage": "done"}, 1.0)
        >>> pace.headline(60.0)
        '1 of 1 source done; 30 entries seen, 15 dealt with; 10 new articles, 10 a minute'
        """
        sources = self._sources.values()
        if not sources:
            return ""
        stages = {str(one.get("stage")) for one in sources}
        done_count = sum(one.get("stage") in ("done", *_AT_THE_END) for one in sources)
        entries, articles = (sum(int(one.get(name, 0)) for one in sources) for name in ("seen", "stored"))
        outcomes = sum(_outcome_count(one) for one in sources)
        parts = [f"{done_count:,} of {_number_of(len(self._sources), 'source', 'sources')} done"]
        parts.append(f"{_number_of(entries, 'entry', 'entries')} seen, {outcomes:,} dealt with")
        rate = (
            f", {60 * articles / (now - self._start):,.0f} a minute" if self._lasts(now) and articles else ""
        )
        parts.append(f"{_number_of(articles, 'new article', 'new articles')}{rate}")
        if slow := self.slow(now):
            slowest = ", ".join(f"{name} ({seconds:.0f} s)" for name, seconds in slow[:_MOST_SLOW])
            more = f" and {len(slow) - _MOST_SLOW:,} more" if len(slow) > _MOST_SLOW else ""
            parts.append(f"waiting for {slowest}{more}")
        parts += [words for stage, words in _AT_THE_END.items() if stage in stages]
        return "; ".join(parts)

    def slow(self, now: float) -> list[tuple[str, float]]:
        """The sources under way that have told nothing new for long, with the seconds, the slowest first."""
        waits = [
            (name, now - self._last_change[name])
            for name, one in self._sources.items()
            if one.get("stage") in ("asking", "reading") and now - self._last_change[name] >= _LONG
        ]
        return sorted(waits, key=lambda one: -one[1])

    def _lasts(self, now: float) -> bool:
        return now - self._start >= _RATED


def _outcome_count(one: Mapping[str, Any]) -> int:
    """How many entries of a source have their outcome."""
    reasons = (one.get(name) or {} for name in ("rejected", "quarantined", "failed"))
    by_reason = sum(sum(each.values()) for each in reasons if isinstance(each, Mapping))
    return int(one.get("stored", 0)) + int(one.get("duplicate", 0)) + by_reason


def _number_of(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"
