"""The state of the debate in numbers: the latest days against the same number of days before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from pressgauge.analysis.intervals import wilson

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Summary:
    """`since`..`until` is the latest window (UTC days, both included), `collected` what it holds in all,
    `before` the same of the window before it, `undated` how many kept articles have no date and are in
    neither.

    `series` is indexed by series name: n (int64), share (float64, n/collected), margin (half the Wilson 95 %
    interval of share), n_before, share_before, change (share - share_before, NaN where either window is
    empty).
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
    unit: str = "articles",
) -> Summary | None:
    """Summarise the last `days` days that hold kept articles; None when no kept article has a date.

    Needs the columns `day` and `story`. With unit "stories" each story counts once in a window. The interval
    is Wilson's (1927), as in `volume`.
    """
    day = articles["day"].to_numpy()
    dated = keep & (day >= 0)
    if not dated.any():
        return None
    last = int(day[dated].max())
    story = articles["story"].to_numpy() if unit == "stories" else None

    def n(rows: np.ndarray) -> int:
        return int(np.count_nonzero(rows)) if story is None else len(np.unique(story[rows]))

    now = dated & (day > last - days)
    before = dated & (day > last - 2 * days) & (day <= last - days)
    collected, collected_before = n(now), n(before)
    series = pd.DataFrame(
        {
            "n": [n(now & membership[name].to_numpy()) for name in membership],
            "n_before": [n(before & membership[name].to_numpy()) for name in membership],
        },
        index=pd.Index(membership.columns, name="series"),
        dtype="int64",
    )
    series["share"] = series["n"] / (collected or np.nan)
    series["share_before"] = series["n_before"] / (collected_before or np.nan)
    series["change"] = series["share"] - series["share_before"]
    low, high = wilson(series["n"].to_numpy(), collected)
    series["margin"] = (high - low) / 2
    return Summary(
        since=_EPOCH + timedelta(days=last - days + 1),
        until=_EPOCH + timedelta(days=last),
        collected=collected,
        collected_before=collected_before,
        undated=int(np.count_nonzero(keep & (day < 0))),
        series=series,
    )
