"""Going through a window of time slice by slice: where a back-fill stands, and halving a slice too full."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from collectors.collector import Window

if TYPE_CHECKING:
    from collectors.state import Cursor


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time [since, until), UTC; empty when since >= until."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Backfill:
    """The interval [since, done) of a source that has been collected, kept in its cursor under `key`.

    `key` names what was asked (the query): another question starts anew.
    """

    cursor: Cursor
    key: str

    def _interval(self) -> tuple[datetime, datetime] | None:
        kept = self.cursor.get(self.key)
        return (datetime.fromisoformat(kept["since"]), datetime.fromisoformat(kept["done"])) if kept else None

    def todo(self, window: Window, now: datetime, *, default: timedelta, overlap: timedelta) -> Span:
        """What is left of `window`, never beyond `now`.

        An open start is where the last refresh ended, or `default` before `now`; `overlap` is collected again
        each time, for services that list an article late.
        """
        interval = self._interval()
        until = min(window.until or now, now)
        since = window.since or (interval[1] - overlap if interval else until - default)
        if interval and interval[0] <= since <= interval[1]:
            since = max(since, interval[1] - overlap)
        return Span(since, until)

    def finish(self, since: datetime, until: datetime) -> None:
        """Record that [since, until) is collected; it prolongs the interval it touches, or replaces it."""
        interval = self._interval()
        if interval and interval[0] <= since <= interval[1]:
            since, until = interval[0], max(interval[1], until)
        self.cursor.set(self.key, {"since": since.isoformat(), "done": until.isoformat()})


def whole_days(span: Span) -> Span:
    """The span from midnight (UTC) of its first day: what a service asked by days can answer."""
    return Span(span.since.replace(hour=0, minute=0, second=0, microsecond=0), span.until)


def slices(span: Span, step: timedelta) -> Iterator[tuple[datetime, datetime]]:
    """The slices [a, b) of a span, oldest first, each at most `step` long."""
    start = span.since
    while start < span.until:
        end = min(start + step, span.until)
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
