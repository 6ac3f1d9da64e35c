"""How each source is doing, so that a dip in a chart can be told from a broken feed."""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from collectors.state import State

if TYPE_CHECKING:
    from pressgauge.dataset import Dataset

COLUMNS = (
    *("source", "last_asked", "last_success", "last_article", "found_per_day", "failures", "dates_missing"),
    *("rhythm", "silent_since", "warning"),
)
_MEMORY = pd.Timedelta(days=56)
_RECENT = pd.Timedelta(days=28)
_WEEK = pd.Timedelta(days=7)
_SHORTEST = pd.Timedelta(days=1)
_PATIENCE = 1.5
"""Times its own longest pause that a source may be silent; at 2 an alarm would be late."""
_FEWEST = 5
_FEWEST_A_WEEK = 20
_HALVED = 0.6


def health(articles: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """The health of every source that was ever asked, a row each, in the order of their names.

    `articles` needs source, published and collected (UTC); `runs` is `State.runs`. Columns: source;
    last_asked, last_success, last_article (UTC); found_per_day (float64, new articles a day over 28 days);
    failures (text: those of the last refresh by reason); dates_missing (float64, share of its articles);
    rhythm (timedelta: its longest pause in the eight weeks before its newest article, at least a day;
    null under 5 articles); silent_since (UTC; null unless it is silent); warning (text or null).

    A source is silent when it has brought nothing for 1.5 times its rhythm by the time it was last asked:
    our own pauses are not its silence. One that brings less than 60 % of its usual week, and less than in
    any of the eight weeks before, is warned of, too (from 20 articles a week on).
    """
    by_source = dict(tuple(articles.groupby(articles["source"].astype("str"), observed=True)))
    rows = [_one(name, by_source.get(str(name)), own) for name, own in runs.groupby("source", sort=True)]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(
        {"found_per_day": "float64", "dates_missing": "float64", "rhythm": "timedelta64[us]"}
        | dict.fromkeys(("last_asked", "last_success", "last_article", "silent_since"), "datetime64[us, UTC]")
    )


def dataset_health(dataset: Dataset) -> pd.DataFrame:
    """`health` of a dataset's sources; empty before its first refresh."""
    file = Path(dataset.path) / "state.sqlite"
    with contextlib.closing(State(file if file.exists() else None)) as state:
        runs = state.runs()
    return health(dataset.load(columns=["source", "published", "collected"]), runs)


def _one(name: object, articles: pd.DataFrame | None, runs: pd.DataFrame) -> tuple[object, ...]:
    asked = runs["at"].iloc[-1]
    good = runs.loc[runs["error"].isna(), "at"]
    recent = runs[runs["at"] > asked - _RECENT]
    days = max((asked - max(runs["at"].iloc[0], asked - _RECENT)) / pd.Timedelta(days=1), 1.0)
    moments = _moments(articles)
    newest = moments[-1] if len(moments) else pd.NaT
    rhythm = _rhythm(moments)
    silent = rhythm is not pd.NaT and asked - newest > _PATIENCE * rhythm
    return (
        name,
        asked,
        good.iloc[-1] if len(good) else pd.NaT,
        newest,
        recent["stored"].sum() / days,
        ", ".join(filter(None, [runs["reasons"].iloc[-1], runs["error"].iloc[-1]])),
        float(articles["published"].isna().mean()) if articles is not None else np.nan,
        rhythm,
        newest if silent else pd.NaT,
        _warning(runs, moments, newest, rhythm, asked if not silent else None),
    )


def _moments(articles: pd.DataFrame | None) -> pd.DatetimeIndex:
    """When its articles appeared (or, undated, were found), in order."""
    if articles is None:
        return pd.DatetimeIndex([], tz="UTC")
    return pd.DatetimeIndex(articles["published"].fillna(articles["collected"])).sort_values()


def _rhythm(moments: pd.DatetimeIndex) -> pd.Timedelta:
    if len(moments) < _FEWEST:
        return pd.NaT  # type: ignore[return-value]
    lately = moments[moments >= moments[-1] - _MEMORY]
    pauses = np.diff(lately.as_unit("us").asi8) if len(lately) > 1 else np.array([0])
    return max(pd.Timedelta(int(pauses.max()), unit="us"), _SHORTEST)


def _warning(
    runs: pd.DataFrame,
    moments: pd.DatetimeIndex,
    newest: pd.Timestamp,
    rhythm: pd.Timedelta,
    asked: datetime | None,
) -> str | None:
    failing = int(runs["error"].notna()[::-1].cumprod().sum())
    if asked is None:
        said = f"nothing new since {newest:%Y-%m-%d}; it used to pause {_days(rhythm)} at most"
        return f"{said} ({runs['error'].iloc[-1]})" if failing else said
    if failing:
        return f"failed {failing} times in a row: {runs['error'].iloc[-1]}"
    if len(moments) and moments[0] <= pd.Timestamp(asked) - 9 * _WEEK:
        edges = [pd.Timestamp(asked) - n * _WEEK for n in range(9, -1, -1)]
        weeks = np.diff(moments.searchsorted(edges))
        usual = float(np.median(weeks[:-1]))
        if usual >= _FEWEST_A_WEEK and weeks[-1] < min(_HALVED * usual, weeks[:-1].min()):
            return f"{weeks[-1]} articles in the last week, usually {usual:.0f}"
    return None


def _days(length: pd.Timedelta) -> str:
    days = length / pd.Timedelta(days=1)
    return f"{days:.0f} days" if days >= 2 else f"{days * 24:.0f} hours"
