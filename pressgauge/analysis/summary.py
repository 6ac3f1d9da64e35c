"""The state of the debate in numbers: the latest days against as many days before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from pressgauge.analysis.intervals import wilson
from pressgauge.analysis.periods import Unit
from pressgauge.analysis.volume import compare
from pressgauge.schema import NO_DAY

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Summary:
    """The latest window, `since` to `until` (UTC days, both included), against the one of equal length before
    it.

    `collected` and `collected_before` are what the windows hold in all; `undated` how many kept articles
    have no date and are in neither. `series` has the columns of `compare` (first: before, second: latest) and
    margin, half the 95 % interval of share_second (Wilson 1927), indexed by series name.
    """

    since: date
    until: date
    collected: int
    collected_before: int
    undated: int
    series: pd.DataFrame


def summarize(
    articles: pd.DataFrame,
    membership: pd.DataFrame,
    *,
    keep: np.ndarray,
    days: int = 30,
    unit: Unit = "articles",
) -> Summary | None:
    """Summarise the `days` days that end with the last kept article; None when no kept article has a date.

    Needs the columns that `compare` needs and `day`. With unit "stories" a story counts once in each window.
    """
    day = articles["day"].to_numpy()
    dated = keep & (day > NO_DAY)
    if not dated.any():
        return None
    until = _EPOCH + timedelta(days=int(day[dated].max()))
    since = until - timedelta(days=days - 1)
    before = (since - timedelta(days=days), since - timedelta(days=1))
    everything = pd.DataFrame({"": np.ones(len(articles), dtype=bool)}, index=articles.index)
    total = compare(articles, everything, before, (since, until), unit=unit, keep=keep).iloc[0]
    series = compare(articles, membership, before, (since, until), unit=unit, keep=keep)
    low, high = wilson(series["n_second"], series["collected_second"])
    return Summary(
        since=since,
        until=until,
        collected=int(total["n_second"]),
        collected_before=int(total["n_first"]),
        undated=int(np.count_nonzero(keep & (day == NO_DAY))),
        series=series.assign(margin=(high - low) / 2).set_index("series"),
    )
