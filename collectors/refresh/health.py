"""How each source is doing, so that a dip in a chart can be told from a broken feed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from collectors.state import State

if TYPE_CHECKING:
    from pressgauge.store.dataset import Dataset

COLUMNS = (
    *("source", "last_asked", "last_success", "last_article", "found_per_day", "failures", "dates_missing"),
    *("rhythm", "silent_since", "warning"),
)
_MEMORY = pd.Timedelta(days=84)
_RECENT = pd.Timedelta(days=28)
_WEEK = pd.Timedelta(days=7)
_SHORTEST = pd.Timedelta(days=1)
_LATEST = 2.0
"""Times its own longest pause after which the silence of a source must have been told."""
_EARLIEST = 1.5
_OUTLASTS = pd.Timedelta(days=1)
"""A failure that lasts less is a hiccup, which most feeds have now and then; it is shown, not warned of."""
_FEWEST = 5
_FEWEST_A_WEEK = 20
_HALVED = 0.6
_UNLIKELY = 3.0
"""Standard deviations (of a Poisson count) below the usual."""


def health(articles: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """The health of every source that was ever asked, a row each, in the order of their names.

    `articles` needs source, published and collected (UTC); `runs` is `State.runs`. Columns: source;
    last_asked, last_success (UTC); last_article (UTC: the newest known date of an article);
    found_per_day (float64: new articles a day, from the first success of the last 28 days, whose own are a
    stock and not a rate, to the last refresh; null over less than a day);
    failures (text: those of the last refresh by reason); dates_missing (float64, share of its articles);
    rhythm (timedelta: its longest pause in the twelve weeks before its newest article, at least a day;
    null under 5 articles); silent_since (UTC; null unless it is silent); warning (text or null).

    An article without a date appeared when it was found; those that the first refresh found may be of any
    age and tell nothing.
    A source is silent when it has brought nothing for so long, by the time it was last asked (our own pauses
    are not its silence), that the next refresh would be later than twice its rhythm; never before 1.5 times.
    A failure is warned of when it has lasted for a day, or when the source has never worked. So is a week, or
    two, that brought less than 60 % of the usual, less than any of the eight weeks before, and less than
    chance explains (from 20 articles a week on).
    """
    by_source = dict(tuple(articles.groupby(articles["source"].astype("str"), observed=True)))
    rows = [_one(name, by_source.get(str(name)), own) for name, own in runs.groupby("source", sort=True)]
    # As objects: of a column of nothing but nulls pandas would guess the type.
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    for name in ("last_asked", "last_success", "last_article", "silent_since"):
        frame[name] = pd.to_datetime(frame[name], utc=True).dt.as_unit("us")
    frame["rhythm"] = pd.to_timedelta(frame["rhythm"]).dt.as_unit("us")
    return frame.astype({"found_per_day": "float64", "dates_missing": "float64"})


def dataset_health(dataset: Dataset) -> pd.DataFrame:
    """`health` of a dataset's sources; empty before its first refresh."""
    file = Path(dataset.path) / "state.sqlite"
    with State(file if file.exists() else None) as state:
        runs = state.runs()
    columns = ["source", "published", "collected"]
    return health(dataset.load(columns) if len(runs) else pd.DataFrame(columns=columns), runs)


def _one(name: object, articles: pd.DataFrame | None, runs: pd.DataFrame) -> tuple[object, ...]:
    last_run = runs["at"].iloc[-1]
    successes = runs.loc[runs["error"].isna(), "at"]
    recent = runs[runs["at"] > last_run - _RECENT]
    moments = _moments(articles, runs["at"].iloc[0])
    newest = moments[-1] if len(moments) else pd.NaT
    rhythm = _rhythm(moments)
    silent = rhythm is not pd.NaT and last_run - newest > _longest_silence(rhythm, recent)
    return (
        name,
        last_run,
        successes.iloc[-1] if len(successes) else pd.NaT,
        articles["published"].max() if articles is not None else pd.NaT,
        _found_per_day(recent),
        ", ".join(
            reason
            for reason in (runs["reasons"].iloc[-1], runs["error"].iloc[-1])
            if pd.notna(reason) and reason
        ),
        float(articles["published"].isna().mean()) if articles is not None else np.nan,
        rhythm,
        newest if silent else pd.NaT,
        _warning(runs, moments, newest, rhythm, last_run if not silent else None),
    )


def _found_per_day(runs: pd.DataFrame) -> float:
    since_success = runs[runs["error"].isna().cummax()]
    if since_success.empty:
        return np.nan
    span = since_success["at"].iloc[-1] - since_success["at"].iloc[0]
    if span < _SHORTEST:
        return np.nan
    return float(since_success["stored"].iloc[1:].sum() / (span / pd.Timedelta(days=1)))


def _moments(articles: pd.DataFrame | None, first_run: pd.Timestamp) -> pd.DatetimeIndex:
    """When its articles appeared, in order: undated ones when they were found after its first refresh."""
    if articles is None:
        return pd.DatetimeIndex([], tz="UTC")
    found = articles["collected"].where(articles["collected"] > first_run)
    return pd.DatetimeIndex(articles["published"].fillna(found).dropna()).sort_values()


def _rhythm(moments: pd.DatetimeIndex) -> pd.Timedelta:
    if len(moments) < _FEWEST:
        return pd.NaT  # type: ignore[return-value]
    lately = moments[moments >= moments[-1] - _MEMORY]
    pauses = np.diff(lately.as_unit("us").asi8) if len(lately) > 1 else np.array([0])
    return max(pd.Timedelta(int(pauses.max()), unit="us"), _SHORTEST)


def _longest_silence(rhythm: pd.Timedelta, runs: pd.DataFrame) -> pd.Timedelta:
    """Beyond it a source is called silent: patient with chance, in time at the pace of its refreshes."""
    pace: Any = runs["at"].diff().median()
    return max(_EARLIEST * rhythm, _LATEST * rhythm - (rhythm if pd.isna(pace) else pace))


def _warning(
    runs: pd.DataFrame,
    moments: pd.DatetimeIndex,
    newest: pd.Timestamp | Any,
    rhythm: pd.Timedelta,
    last_run: datetime | None,
) -> str | None:
    failing = _failing(runs)
    if last_run is None:
        silence = f"nothing new since {newest:%Y-%m-%d}; it used to pause {_days(rhythm)} at most"
        return f"{silence} ({runs['error'].iloc[-1]})" if failing else silence
    lasts = runs["at"].iloc[-1] - runs["at"].iloc[-failing]
    if failing and (failing == len(runs) or lasts >= _OUTLASTS):
        return f"failed {failing} times in a row: {runs['error'].iloc[-1]}"
    return _fewer(moments, pd.Timestamp(last_run))


def _fewer(moments: pd.DatetimeIndex, last_run: pd.Timestamp) -> str | None:
    """A warning when the last week or two brought clearly less than usual, which chance hardly does."""
    for weeks, words in ((1, "the last week"), (2, "the last two weeks")):
        if not len(moments) or moments[0] > last_run - (8 + weeks) * _WEEK:
            return None
        edges = [last_run - n * _WEEK for n in range(8 + weeks, weeks - 1, -1)]
        before = np.diff(moments.searchsorted(edges))
        usual = weeks * float(np.median(before))
        count = len(moments) - int(moments.searchsorted(edges[-1]))
        least = min(_HALVED * usual, usual - _UNLIKELY * usual**0.5, weeks * float(before.min()))
        if usual >= weeks * _FEWEST_A_WEEK and count < least:
            return f"{count} articles in {words}, usually {usual:.0f}"
    return None


def _failing(runs: pd.DataFrame) -> int:
    """Refreshes in a row, up to the last, in which the source gave nothing."""
    return int(runs["error"].notna()[::-1].cumprod().sum())


def _days(length: pd.Timedelta) -> str:
    days = length / pd.Timedelta(days=1)
    return f"{days:.0f} days" if days >= 2 else f"{days * 24:.0f} hours"
