"""Going through a window of time slice by slice: where a back-fill stands, and halving a slice too full."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from collectors.candidate import Window
from collectors.retries import next_attempt

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


@dataclass(frozen=True, slots=True, order=True)
class _Retry:
    """A stretch put aside: when it is asked for again, how often it has failed, and why the last time."""

    due: datetime
    attempts: int
    reason: str


@dataclass(frozen=True, slots=True)
class Backfill:
    """The stretches of time of a source that have been collected, kept in its cursor under `key`.

    They are disjoint, oldest first. `key` names what was asked (the query): another question starts anew.
    """

    cursor: Cursor
    key: str

    def _covered(self) -> list[Span]:
        stored = self.cursor.get(self.key) or []
        # Pressgauge once kept a single interval.
        pairs = [(stored["since"], stored["done"])] if isinstance(stored, dict) else stored
        return [Span(datetime.fromisoformat(since), datetime.fromisoformat(done)) for since, done in pairs]

    def todo(self, window: Window, now: datetime, *, default: timedelta, overlap: timedelta) -> Span:
        """What is left of `window`, never beyond `now`.

        An open start is the latest end of what is covered, or `default` before `now`; `overlap`, the end of
        a covered stretch, is collected again each time, for services that list an article late.
        """
        covered = self._covered()
        until = min(window.until or now, now)
        since = window.since or (covered[-1].until - overlap if covered else until - default)
        rest = Span(since, until, tuple(Span(span.since, span.until - overlap) for span in covered))
        gaps = list(rest.gaps())
        if not gaps:
            return Span(max(since, until), until, rest.covered)
        return Span(gaps[0].since, gaps[-1].until, rest.covered)

    def due_stretches(self, now: datetime) -> list[tuple[datetime, datetime]]:
        """The stretches that `leave` put aside and that are due, oldest first."""
        return [(since, until) for since, until, one in self._stretches() if one.due <= now]

    def waiting(self, now: datetime) -> dict[datetime, str]:
        """By their beginning, the stretches put aside that are not yet due, with the reason of each."""
        return {since: one.reason for since, _, one in self._stretches() if one.due > now}

    def _stretches(self) -> list[tuple[datetime, datetime, _Retry]]:
        return sorted(
            (datetime.fromisoformat(since), datetime.fromisoformat(until), one)
            for (since, until), one in self._retries().items()
        )

    def _retries(self) -> dict[tuple[str, str], _Retry]:
        rows = self.cursor.get(f"{self.key}:left") or []
        # Pressgauge once kept no more than when a stretch was put aside first.
        return {
            (since, until): _Retry(datetime.fromisoformat(moment), *(more or (1, "http_503")))
            for since, until, moment, *more in rows
        }

    def leave(self, since: datetime, until: datetime, now: datetime, reason: str) -> bool:
        """Put aside what could not be had for the moment, for longer each time (`collectors.retries`); False
        after the last attempt, with which it is finished."""
        mine = (since.isoformat(), until.isoformat())
        retries = self._retries()
        attempts = retries[mine].attempts + 1 if mine in retries else 1
        moment = next_attempt("failed", None, attempts, now)
        if moment is None:
            self.finish(since, until)
            return False
        retries[mine] = _Retry(moment, attempts, reason)
        self._keep_retries(retries)
        return True

    def _keep_retries(self, retries: dict[tuple[str, str], _Retry]) -> None:
        rows = [
            [*span, one.due.isoformat(), one.attempts, one.reason] for span, one in sorted(retries.items())
        ]
        self.cursor.set(f"{self.key}:left", rows)

    def finish(self, since: datetime, until: datetime) -> None:
        """Record that [since, until) is collected, as one with the stretches that it touches or overlaps."""
        mine = (since.isoformat(), until.isoformat())
        retries = self._retries()
        if retries.pop(mine, None):
            self._keep_retries(retries)
        spans: list[Span] = []
        for span in sorted([*self._covered(), Span(since, until)], key=lambda span: span.since):
            if spans and span.since <= spans[-1].until:
                spans[-1] = Span(spans[-1].since, max(spans[-1].until, span.until))
            else:
                spans.append(span)
        self.cursor.set(self.key, [[span.since.isoformat(), span.until.isoformat()] for span in spans])


def whole_days(span: Span) -> Span:
    """The span from midnight (UTC) of the first day of each gap: what a service asked by days can answer."""
    return floored(span, lambda moment: moment.replace(hour=0, minute=0, second=0, microsecond=0))


def floored(span: Span, floor: Callable[[datetime], datetime]) -> Span:
    """The span, each gap of which starts as early as `floor` of its start."""
    covered = tuple(Span(stretch.since, floor(stretch.until)) for stretch in span.covered)
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
