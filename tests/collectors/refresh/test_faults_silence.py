"""A source that falls silent is told of in time, and one that is only quiet is left in peace."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from bench.outages import KINDS, drill
from collectors.refresh import health as module
from collectors.refresh.health import health
from collectors.state import State

NOW = pd.Timestamp("2025-03-31 12:00", tz="UTC")
RUN = {"seen": 3, "stored": 1, "duplicate": 2, "rejected": {}, "quarantined": {}, "failed": {}, "error": None}
DAY = pd.Timedelta(days=1)


def articles(every: pd.Timedelta, until: pd.Timestamp, source: str = "a", count: int = 200) -> pd.DataFrame:
    """`count` articles, the last at `until`, at even distances."""
    published = pd.DatetimeIndex([until - n * every for n in range(count)]).as_unit("us").sort_values()
    return pd.DataFrame({"source": source, "published": published, "collected": published})


def runs(*errors: str | None, source: str = "a", every: pd.Timedelta = DAY / 2) -> pd.DataFrame:
    """Refreshes of one source, the last one now."""
    at = pd.DatetimeIndex([NOW - n * every for n in range(len(errors))]).as_unit("us").sort_values()
    return pd.DataFrame(
        {
            "source": source,
            "at": at,
            "error": list(errors),
            "seen": 3,
            "stored": 1,
            "duplicate": 2,
            "reasons": "",
        }
    ).assign(rejected=0, quarantined=0, failed=0)


def only(table: pd.DataFrame) -> Any:
    assert len(table) == 1
    return table.iloc[0]


SOUND = (None,) * 60


def test_a_sound_source_has_no_warning() -> None:
    row = only(health(articles(DAY / 4, NOW - DAY / 8), runs(*SOUND)))
    assert pd.isna(row["warning"]) and pd.isna(row["silent_since"])
    assert (row["rhythm"], row["last_success"]) == (DAY, NOW)


@pytest.mark.parametrize(
    ("every", "silent", "told"),
    [
        (DAY / 4, 1.4 * DAY, False),
        (DAY / 4, 1.6 * DAY, True),
        (3 * DAY, 5.0 * DAY, False),
        (3 * DAY, 5.6 * DAY, True),
        (10 * DAY, 18 * DAY, False),
        (10 * DAY, 19.6 * DAY, True),
    ],
)
def test_o01_a_silence_is_told_by_its_own_rhythm_and_never_later_than_twice_that(
    every: pd.Timedelta, silent: pd.Timedelta, told: bool
) -> None:
    row = only(health(articles(every, NOW - silent), runs(*SOUND)))
    assert isinstance(row["warning"], str) is told
    assert (row["silent_since"] == NOW - silent) is told


def test_o01_a_pause_of_ours_is_no_silence_of_the_source() -> None:
    asked = runs(*SOUND).assign(at=lambda frame: frame["at"] - 20 * DAY)
    assert pd.isna(only(health(articles(DAY / 4, NOW - 20 * DAY), asked))["warning"])


def test_o01_a_failure_is_told_when_it_lasts_and_at_once_when_the_source_never_worked() -> None:
    fresh = articles(DAY / 4, NOW - DAY / 8)
    assert pd.isna(only(health(fresh, runs(*SOUND, "timeout: x")))["warning"])
    lasting = only(health(fresh, runs(*SOUND, *["http_404: gone"] * 3)))
    assert lasting["warning"] == "failed 3 times in a row: http_404: gone"
    assert lasting["failures"] == "http_404: gone"
    assert lasting["last_success"] == NOW - 1.5 * DAY
    assert only(health(fresh.iloc[:0], runs("dns: no such name")))["warning"].startswith("failed 1 times")


def test_o01_a_source_that_brings_half_of_the_usual_is_told_within_two_weeks() -> None:
    before = articles(DAY / 8, NOW - 14 * DAY, count=700)
    half = articles(DAY / 4, NOW, count=14 * 4)
    warning = only(health(pd.concat([before, half]), runs(*SOUND)))["warning"]
    assert warning == "57 articles in the last two weeks, usually 112"


def test_o01_a_week_of_holidays_like_one_before_is_not_told() -> None:
    before = articles(DAY / 8, NOW - 7 * DAY, count=700)
    before = before[~before["published"].between(NOW - 42 * DAY, NOW - 35 * DAY) | (before.index % 2 == 0)]
    half = articles(DAY / 4, NOW, count=7 * 4)
    assert pd.isna(only(health(pd.concat([before, half]), runs(*SOUND)))["warning"])


@pytest.mark.parametrize(
    "errors", [[None], [None, None], ["timeout: x"], ["timeout: x", None], [None, "dns: x"]]
)
def test_the_refreshes_that_the_state_keeps_are_judged_as_they_are(errors: list[str | None]) -> None:
    state = State()
    for error in errors:
        state.add_run("a", RUN | {"error": error})
    row = only(health(articles(DAY, pd.Timestamp.now(tz="UTC")), state.runs()))
    assert row["failures"] == (errors[-1] or "")
    state.close()


def test_before_the_first_refresh_there_is_nothing_to_tell() -> None:
    assert len(health(articles(DAY, NOW), State().runs())) == 0


def test_o01_of_seeded_silent_outages_of_every_kind_nearly_all_are_told_in_time_and_no_others() -> None:
    """A short form; `make torture` runs 200."""
    done = drill(len(KINDS), seed=5)
    assert done.missed == ()
    assert (done.outages, done.in_time) == (8, 8)
    assert done.source_days > 200
    assert done.false_alarms == 0


def test_o01_without_alarms_the_drill_counts_every_outage_as_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_warning", lambda *_: None)
    done = drill(2, seed=5)
    assert (done.outages, done.in_time, len(done.missed)) == (2, 0, 2)
