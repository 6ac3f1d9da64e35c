"""A dip in a chart is told from a broken feed: the health of each source, on simulated histories."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from collectors.refresh.health import COLUMNS, dataset_health, health
from collectors.state import State

NOW = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def articles(source: str, moments: list[datetime | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "source": source,
            "published": pd.to_datetime(pd.Series(moments, dtype=object), utc=True).dt.as_unit("us"),
            "collected": pd.Timestamp(NOW),
        }
    )


def runs(source: str, *outcomes: dict[str, Any], every: timedelta = DAY) -> pd.DataFrame:
    """A refresh `every` so often, the last one now; each with what is given of stored, reasons, error."""
    state = State()
    usual = {"seen": 0, "stored": 0, "duplicate": 0, "rejected": {}, "quarantined": {}, "failed": {}}
    for outcome in outcomes:
        state.add_run(source, usual | {"error": None} | outcome)
    table = state.runs()
    table["at"] = [pd.Timestamp(NOW - every * n) for n in range(len(outcomes) - 1, -1, -1)]
    return table


def steady(days: int, a_day: int, until: datetime = NOW) -> list[datetime]:
    step = DAY / a_day
    return [until - step * n for n in range(days * a_day)][::-1]


def one(frame: pd.DataFrame) -> pd.Series:
    assert len(frame) == 1 and tuple(frame.columns) == COLUMNS
    return frame.iloc[0]


def test_a_source_that_does_well_is_told_without_a_warning() -> None:
    history = runs("A", *[{"seen": 9, "stored": 4, "duplicate": 5}] * 29)
    row = one(health(articles("A", [*steady(28, 4), None]), history))
    assert row["last_asked"] == row["last_success"] == pd.Timestamp(NOW)
    assert row["found_per_day"] == pytest.approx(4, rel=0.05)
    assert row["dates_missing"] == pytest.approx(1 / 113)
    assert row["failures"] == ""
    assert pd.isna(row["warning"]) and pd.isna(row["silent_since"])


def test_the_newest_article_is_the_newest_of_a_known_date() -> None:
    dated = steady(20, 1, until=NOW - 19 * DAY)
    row = one(health(articles("A", [*dated, None]), runs("A", {"stored": 21})))
    assert row["last_article"] == pd.Timestamp(NOW - 19 * DAY)
    assert pd.isna(one(health(articles("A", [None, None]), runs("A", {"stored": 2})))["last_article"])


def test_an_undated_article_breaks_a_silence_unless_it_was_there_from_the_first_refresh_on() -> None:
    dated = steady(20, 1, until=NOW - 19 * DAY)
    first = runs("A", {"stored": 21})
    assert one(health(articles("A", [*dated, None]), first))["silent_since"] == dated[-1]
    later = runs("A", {"stored": 20}, {"stored": 1}, every=timedelta(days=19))
    assert pd.isna(one(health(articles("A", [*dated, None]), later))["silent_since"])


def test_articles_a_day_are_known_once_there_is_a_day_after_the_first_stock() -> None:
    backfill = [{"stored": 0, "error": "timeout: no answer"}, {"stored": 4000}, {"stored": 10}, {"stored": 2}]
    minutes = one(health(articles("A", []), runs("A", *backfill, every=timedelta(minutes=9))))
    assert pd.isna(minutes["found_per_day"])
    days = one(health(articles("A", []), runs("A", *backfill, every=2 * DAY)))
    assert days["found_per_day"] == pytest.approx(12 / 4)
    failed = one(health(articles("A", []), runs("A", backfill[0], backfill[0], every=2 * DAY)))
    assert pd.isna(failed["found_per_day"])


def test_failures_of_the_last_refresh_are_counted_by_reason() -> None:
    history = runs("A", {"failed": {"http_500": 9}}, {"seen": 5, "failed": {"timeout": 2, "http_404": 3}})
    assert one(health(articles("A", []), history))["failures"] == "http_404 3, timeout 2"


def test_a_source_that_fails_is_warned_of_with_its_last_success() -> None:
    history = runs("A", {"stored": 3}, {"error": "http_404: gone"}, {"error": "http_404: gone"})
    row = one(health(articles("A", steady(20, 3)), history))
    assert row["last_success"] == pd.Timestamp(NOW - 2 * DAY)
    assert row["warning"] == "failed 2 times in a row: http_404: gone"


def test_o01_a_feed_that_goes_silent_raises_an_alarm_within_twice_its_own_rhythm() -> None:
    ended = NOW - timedelta(days=40)
    moments = steady(28, 1, until=ended)
    for silence, alarm in ((1.0, False), (1.4, False), (2.0, True), (10.0, True)):
        history = runs("A", {"stored": 1}, {"seen": 30, "duplicate": 30})
        history["at"] = [pd.Timestamp(ended), pd.Timestamp(ended + silence * DAY)]
        row = one(health(articles("A", moments), history))
        assert bool(pd.notna(row["silent_since"])) == alarm
        assert (row["warning"] is not None and "nothing new since" in str(row["warning"])) == alarm
        if alarm:
            assert row["silent_since"] == pd.Timestamp(ended)


def test_o01_our_own_pause_is_not_the_source_s_silence() -> None:
    """Nobody refreshed for a month: the source is judged by when it was last asked."""
    ended = NOW - timedelta(days=30)
    history = runs("A", {"stored": 1})
    history["at"] = [pd.Timestamp(ended + timedelta(hours=1))]
    assert pd.isna(one(health(articles("A", steady(28, 2, until=ended)), history))["warning"])


def test_o01_a_weekly_column_is_not_silent_in_mid_week() -> None:
    moments = [NOW - timedelta(days=6 + 7 * n) for n in range(8)][::-1]
    history = runs("A", *[{"seen": 8}] * 8)
    assert pd.isna(one(health(articles("A", moments), history))["warning"])


def test_o01_an_outlet_that_brings_half_of_what_it_used_to_is_warned_of() -> None:
    usual = steady(77, 10, until=NOW - timedelta(days=7, hours=1))
    lately = steady(7, 4)
    history = runs("A", *[{"stored": 10}] * 77)
    row = one(health(articles("A", [*usual, *lately]), history))
    assert "28 articles in the last week, usually 70" in row["warning"]
    assert pd.isna(one(health(articles("A", steady(84, 10)), history))["warning"])


def test_o01_of_a_hundred_sources_with_ordinary_luck_at_most_one_raises_a_false_alarm() -> None:
    draw = np.random.default_rng(7)
    frames, histories = [], []
    for n in range(100):
        a_day = float(draw.uniform(1, 20))
        pauses = draw.exponential(1 / a_day, size=int(90 * a_day))
        moments = [NOW - timedelta(days=float(d)) for d in np.cumsum(pauses) if d < 90][::-1]
        frames.append(articles(f"source {n}", moments))
        histories.append(runs(f"source {n}", *[{"stored": 1}] * 30))
    table = health(pd.concat(frames, ignore_index=True), pd.concat(histories, ignore_index=True))
    assert len(table) == 100
    assert table["warning"].notna().sum() <= 1


def test_a_source_never_asked_has_no_health_and_a_new_dataset_none_at_all(tmp_path: Path) -> None:
    import pressgauge

    table = dataset_health(pressgauge.open(tmp_path / "new"))
    assert (len(table), tuple(table.columns)) == (0, COLUMNS)
    table = health(articles("B", steady(3, 1)), runs("A", {"stored": 0}))
    assert table["source"].tolist() == ["A"]
    assert table["dates_missing"].isna().all()
