"""Where a back-fill stands, and how a slice that is too full is halved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.collector import Window
from collectors.slices import Backfill, Span, halved, slices, whole_days

DAY = timedelta(days=1)
NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)


def day(n: int) -> datetime:
    return datetime(2025, 1, n, tzinfo=UTC)


class Kept(dict):
    def set(self, key, value):
        self[key] = value


def todo(cursor: Kept, window: Window, overlap: timedelta = timedelta(0)) -> tuple[datetime, datetime]:
    left = Backfill(cursor, "query").todo(window, NOW, default=7 * DAY, overlap=overlap)
    return left.since, left.until


def test_the_first_refresh_without_a_window_goes_back_by_the_default():
    assert todo(Kept(), Window()) == (NOW - 7 * DAY, NOW)


def test_the_next_refresh_goes_on_where_the_last_one_ended_less_the_overlap():
    cursor = Kept()
    Backfill(cursor, "query").finish(NOW - 7 * DAY, NOW - DAY)
    assert todo(cursor, Window(), overlap=timedelta(hours=1)) == (NOW - DAY - timedelta(hours=1), NOW)


def test_a_killed_backfill_goes_on_where_it_was():
    cursor = Kept()
    Backfill(cursor, "query").finish(day(1), day(2))
    Backfill(cursor, "query").finish(day(2), day(3))
    assert todo(cursor, Window(day(1), day(31))) == (day(3), day(31))


def test_an_older_start_is_collected_from_there():
    cursor = Kept()
    Backfill(cursor, "query").finish(day(10), day(20))
    assert todo(cursor, Window(day(5), day(31))) == (day(5), day(31))


def test_another_query_starts_anew():
    cursor = Kept()
    Backfill(cursor, "another query").finish(day(1), day(20))
    assert todo(cursor, Window(day(1), day(31))) == (day(1), day(31))


def test_nothing_beyond_now_is_asked_for_or_marked_as_done():
    assert todo(Kept(), Window(day(1), NOW + 30 * DAY)) == (day(1), NOW)


def test_slices_cover_the_window_without_gap_or_overlap():
    assert list(slices(Span(day(1), day(4) - timedelta(hours=6)), DAY)) == [
        (day(1), day(2)),
        (day(2), day(3)),
        (day(3), day(4) - timedelta(hours=6)),
    ]
    assert list(slices(Span(day(2), day(2)), DAY)) == []


def test_a_window_of_whole_days_starts_at_midnight():
    assert whole_days(Span(day(1) + timedelta(hours=9), day(3))) == Span(day(1), day(3))


@given(st.lists(st.integers(0, 3599), max_size=60), st.integers(1, 8))
async def test_halving_finds_every_row_once_unless_a_second_holds_more_than_the_cap(seconds, cap):
    start = day(1)

    async def page(since, until):
        inside = [s for s in sorted(seconds) if since <= start + timedelta(seconds=s) < until]
        return inside[:cap], len(inside) > cap

    found, gaps = [], []
    async for since, until, rows, capped in halved(
        start, start + timedelta(hours=1), page, timedelta(seconds=1)
    ):
        found += rows
        if capped:
            gaps.append((since, until))
    for since, until in gaps:
        assert until - since <= timedelta(seconds=2)
    missing = len(seconds) - len(found)
    assert missing == 0 or gaps
    assert found == sorted(found)
    assert len(found) <= len(seconds)


async def test_a_service_that_always_says_capped_is_asked_a_bounded_number_of_times():
    asked = 0

    async def page(since, until):
        nonlocal asked
        asked += 1
        return [], True

    async for _ in halved(day(1), day(2), page, timedelta(hours=1)):
        pass
    assert asked < 2 * 24


@pytest.mark.parametrize("key", ["query", "query "])
def test_the_interval_is_kept_as_json_values(key):
    cursor = Kept()
    Backfill(cursor, key).finish(day(1), day(2))
    assert cursor[key] == {"since": "2025-01-01T00:00:00+00:00", "done": "2025-01-02T00:00:00+00:00"}
