"""Going through a window of time slice by slice: where a back-fill stands, and halving a slice too full."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from collectors.candidate import Window

if TYPE_CHECKING:
    from collectors.cursor import Cursor


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time [since, until), UTC, less the stretches `covered`, oldest first.

    It is empty when since >= until.
    """

    since: datetime
    until: datetime
    covered: tuple[Span, ...] = ()

    def gaps(self) -> Iterator[Span]:
        """The stretches that are not covered, oldest first."""
        start = self.since
        for span in self.covered:
            if span.since < span.until:
                if start < span.since:
                    yield Span(start, min(span.since, self.until))
                start = max(start, span.until)
            if start >= self.until:
                return
        if start < self.until:
            yield Span(start, self.until)


_PATIENCE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Backfill:
    """The stretches of time of a source that have been collected, kept in its cursor under `key`.

    They are disjoint, oldest first. `key` names what was asked (the query): another question starts anew.
    """

    cursor: Cursor
    key: str

    def _covered(self) -> list[Span]:
        kept = self.cursor.get(self.key) or []
        # Pressgauge once kept a single interval.
        pairs = [(kept["since"], kept["done"])] if isinstance(kept, dict) else kept
        return [Span(datetime.fromisoformat(since), datetime.fromisoformat(done)) for since, done in pairs]

    def todo(self, window: Window, now: datetime, *, default: timedelta, overlap: timedelta) -> Span:
        """What is left of `window`, never beyond `now`.

        An open start is the latest end of what is covered, or `default` before `now`; `overlap`, the end of
        a covered stretch, is collected again each time, for services that list an article late.
        """
        covered = self._covered()
        until = min(window.until or now, now)
        since = window.since or (covered[-1].until - overlap if covered else until - default)
        left = Span(since, until, tuple(Span(span.since, span.until - overlap) for span in covered))
        gaps = list(left.gaps())
        if not gaps:
            return Span(max(since, until), until, left.covered)
        return Span(gaps[0].since, gaps[-1].until, left.covered)

    def left(self) -> list[tuple[datetime, datetime]]:
        """The stretches that `leave` put aside, oldest first: they are to be asked for again."""
        return sorted(
            (datetime.fromisoformat(since), datetime.fromisoformat(until)) for since, until, _ in self._left()
        )

    def _left(self) -> list[tuple[str, str, str]]:
        return [(since, until, first) for since, until, first in self.cursor.get(f"{self.key}:left") or []]

    def leave(self, since: datetime, until: datetime, now: datetime) -> bool:
        """Put aside what could not be had for the moment; False once it was put aside for two weeks, after
        which it is finished."""
        mine = (since.isoformat(), until.isoformat())
        before = {(start, end): first for start, end, first in self._left()}
        first = before.get(mine, now.isoformat())
        if now - datetime.fromisoformat(first) >= _PATIENCE:
            self.finish(since, until)
            return False
        before[mine] = first
        self._keep_left(before)
        return True

    def _keep_left(self, left: dict[tuple[str, str], str]) -> None:
        self.cursor.set(f"{self.key}:left", [[*span, first] for span, first in sorted(left.items())])

    def finish(self, since: datetime, until: datetime) -> None:
        """Record that [since, until) is collected, as one with the stretches that it touches or overlaps."""
        mine = (since.isoformat(), until.isoformat())
        left = {(start, end): first for start, end, first in self._left()}
        if left.pop(mine, None):
            self._keep_left(left)
        merged: list[Span] = []
        for span in sorted([*self._covered(), Span(since, until)], key=lambda span: span.since):
            if merged and span.since <= merged[-1].until:
                merged[-1] = Span(merged[-1].since, max(merged[-1].until, span.until))
            else:
                merged.append(span)
        self.cursor.set(self.key, [[span.since.isoformat(), span.until.isoformat()] for span in merged])


def whole_days(span: Span) -> Span:
    """The span from midnight (UTC) of the first day of each gap: what a service asked by days can answer."""
    return floored(span, lambda moment: moment.replace(hour=0, minute=0, second=0, microsecond=0))


def floored(span: Span, floor: Callable[[datetime], datetime]) -> Span:
    """The span, each gap of which starts as early as `floor` of its start."""
    covered = tuple(Span(done.since, floor(done.until)) for done in span.covered)
    return Span(floor(span.since), span.until, covered)


def slices(span: Span, step: timedelta) -> Iterator[tuple[datetime, datetime]]:
    """The slices [a, b) of the gaps of a span, oldest first, each at most `step` long."""
    for gap in span.gaps():
        start = gap.since
        while start < gap.until:
            end = min(start + step, gap.until)
            yield start, end
            start = end


Page = Callable[[datetime, datetime], Awaitable[tuple[list[Any], bool]]]


async def halved(since: datetime, until: datetime, page: Page, smallest: timedelta) -> AsyncIterator[tuple]:
    """Yield (since, until, rows, capped), oldest first; a slice that `page` reports as capped is halved.

    A slice under twice `smallest` is yielded as it is, still marked capped: the caller records the gap.
    """
    todo = [(since, until)]
    while todo:
        start, end = todo.pop()
        rows, capped = await page(start, end)
        middle = (start + (end - start) / 2).replace(microsecond=0)
        if capped and end - start >= 2 * smallest and start < middle < end:
            todo += [(middle, end), (start, middle)]
        else:
            yield start, end, rows, capped
