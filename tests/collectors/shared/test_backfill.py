"""Where a back-fill stands, and how a slice that is too full is halved."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.candidate import Window
from collectors.shared.backfill import Backfill, Span, halved, slices, whole_days
from collectors.state import State

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


def asked(cursor: Kept, window: Window, overlap: timedelta = timedelta(0)) -> list[tuple[datetime, datetime]]:
    left = Backfill(cursor, "query").todo(window, NOW, default=7 * DAY, overlap=overlap)
    return list(slices(left, timedelta(days=1000)))


def covering(*spans: tuple[datetime, datetime], cursor: Kept | None = None) -> Kept:
    cursor = Kept() if cursor is None else cursor
    for since, until in spans:
        Backfill(cursor, "query").finish(since, until)
    return cursor


def hours_of(since: datetime, until: datetime) -> set[datetime]:
    count = int((until - since) / timedelta(hours=1))
    return {since + timedelta(hours=n) for n in range(count)}


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


def test_a_backfill_of_older_days_leaves_where_the_regular_refresh_stands():
    cursor = covering((day(20), day(30)), (day(1), day(15)))
    assert todo(cursor, Window()) == (day(30), NOW)


def test_without_a_regular_refresh_an_open_start_goes_on_from_the_latest_day_collected():
    assert todo(covering((day(5), day(6)), (day(1), day(2))), Window()) == (day(6), NOW)


def test_a_window_asks_only_for_what_is_not_covered():
    cursor = covering((day(5), day(10)), (day(15), day(20)))
    assert asked(cursor, Window(day(1), day(31))) == [
        (day(1), day(5)),
        (day(10), day(15)),
        (day(20), day(31)),
    ]
    assert asked(cursor, Window(day(7), day(17))) == [(day(10), day(15))]
    assert asked(cursor, Window(day(16), day(19))) == []


def test_the_end_of_each_covered_stretch_is_asked_again_for_late_articles():
    cursor = covering((day(5), day(10)), (day(15), day(20)))
    assert asked(cursor, Window(day(5), day(31)), overlap=DAY) == [(day(9), day(15)), (day(19), day(31))]
    assert asked(cursor, Window(day(5), day(31)), overlap=9 * DAY) == [(day(5), day(31))]


def test_a_killed_backfill_goes_on_where_it_was_up_to_what_the_regular_refresh_has():
    cursor = covering((day(20), day(30)), (day(1), day(2)), (day(2), day(3)))
    assert asked(cursor, Window(day(1))) == [(day(3), day(20)), (day(30), NOW)]


def test_stretches_that_touch_or_overlap_become_one():
    cursor = covering((day(1), day(3)), (day(8), day(9)), (day(6), day(8)), (day(2), day(4)))
    assert len(cursor["query"]) == 2
    cursor = covering((day(3), day(7)), cursor=cursor)
    assert cursor["query"] == [[day(1).isoformat(), day(9).isoformat()]]


def test_the_single_interval_of_earlier_versions_is_a_list_of_one():
    cursor = Kept(query={"since": day(10).isoformat(), "done": day(20).isoformat()})
    assert todo(cursor, Window()) == (day(20), NOW)
    covering((day(1), day(2)), cursor=cursor)
    assert asked(cursor, Window(day(1), day(21))) == [(day(2), day(10)), (day(20), day(21))]


def test_a_state_file_of_an_earlier_version_is_read_and_carried_on(tmp_path):
    old = State(tmp_path / "state.sqlite")
    old.keep_cursor("GKG", {"query": json.dumps({"since": day(10).isoformat(), "done": day(20).isoformat()})})
    old.close()
    state = State(tmp_path / "state.sqlite")
    cursor = state.cursor("GKG")
    Backfill(cursor, "query").finish(day(1), day(5))
    state.keep_cursor("GKG", cursor.take_settled(0))
    left = Backfill(state.cursor("GKG"), "query").todo(Window(), NOW, default=DAY, overlap=timedelta(0))
    state.close()
    assert (left.since, left.until) == (day(20), NOW)


hours = st.integers(0, 96).map(lambda n: day(1) + timedelta(hours=n))
windows = st.builds(Window, st.none() | hours, st.none() | hours)


@given(st.lists(st.tuples(windows, hours, st.integers(0, 9)), max_size=8), st.integers(1, 30))
def test_any_refreshes_whole_or_killed_ask_all_of_their_windows_and_nothing_twice(refreshes, step):
    cursor, done = Kept(), set()
    for window, now, slices_before_it_is_killed in refreshes:
        left = Backfill(cursor, "query").todo(window, now, default=DAY, overlap=timedelta(0))
        until = min(window.until or now, now)
        since = window.since or (max(done) + timedelta(hours=1) if done else until - DAY)
        cut = list(slices(left, timedelta(hours=step)))
        assert {hour for part in cut for hour in hours_of(*part)} == hours_of(since, until) - done
        for part in cut[:slices_before_it_is_killed]:
            assert not done & hours_of(*part)
            done |= hours_of(*part)
            Backfill(cursor, "query").finish(*part)
    kept = [tuple(map(datetime.fromisoformat, pair)) for pair in cursor.get("query", [])]
    assert set().union(*(hours_of(*pair) for pair in kept)) == done
    assert all(one[1] < other[0] for one, other in pairwise(kept))


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


def test_each_gap_of_a_window_of_whole_days_starts_at_midnight():
    noon = timedelta(hours=12)
    cursor = covering((day(2), day(4) + noon), (day(6), day(6) + noon), (day(9), day(20)))
    left = Backfill(cursor, "query").todo(Window(day(3), day(10)), NOW, default=DAY, overlap=timedelta(0))
    assert list(slices(whole_days(left), 30 * DAY)) == [(day(4), day(9))]


def test_nothing_is_left_of_whole_days_that_are_covered():
    left = Backfill(covering((day(1), day(20))), "query").todo(
        Window(day(2), day(5) + timedelta(hours=9)), NOW, default=DAY, overlap=DAY
    )
    assert list(slices(whole_days(left), DAY)) == []


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
def test_what_is_covered_is_kept_as_json_values(key):
    cursor = Kept()
    Backfill(cursor, key).finish(day(1), day(2))
    assert cursor[key] == [["2025-01-01T00:00:00+00:00", "2025-01-02T00:00:00+00:00"]]
