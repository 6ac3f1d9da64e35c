"""The state of the debate in numbers: the latest days against as many days before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pandas as pd

from pressgauge.analysis.contrast import compare, days_of, steadiness
from pressgauge.analysis.intervals import is_reportable, wilson
from pressgauge.analysis.periods import Unit
from pressgauge.schema import EPOCH, NO_DAY

Comparison = Literal["all", "steady", "outside", "uncollected", "changed"]


@dataclass(frozen=True, slots=True)
class Summary:
    """The latest days, `since` to `until` (UTC, both included), and how they compare with as many before.

    `collected` is what they hold in all under the filters, `undated` how many kept articles have no date.
    `series`, indexed by series name: n, collected (int64), share, low, high (95 %, Wilson 1927), margin (half
    of high - low), reportable (bool, `intervals.is_reportable`).

    `comparison` is "all" when all kept articles of both windows are compared; "steady" when outlets came or
    went, so that only those of the `steady` outlets are that were collected throughout both. Otherwise there
    is nothing to compare with: the days before are "outside" the filter or were "uncollected", or the
    collection "changed" so far that too little is left. `change` has the columns of `compare` (first: before,
    second: latest) and reportable, indexed by series name, with a row "" for all; it is empty where nothing
    is compared. `started` and `stopped` are the outlets that came and went, those with most articles first.
    """

    since: date
    until: date
    collected: int
    undated: int
    series: pd.DataFrame
    comparison: Comparison
    change: pd.DataFrame
    steady: int = 0
    started: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1


def summarize(
    articles: pd.DataFrame,
    membership: pd.DataFrame,
    *,
    keep: np.ndarray,
    since: date | None = None,
    until: date | None = None,
    days: int = 30,
    unit: Unit = "articles",
) -> Summary | None:
    """Summarise the `days` days that end with the last day of all that was collected; None when no kept
    article has a date.

    `keep` are the rows that the filters let through, `since` and `until` the first and last day of the filter
    on dates, both included: they cut the window, no other filter moves it. Needs the columns that `compare`
    needs and `day`. With unit "stories" a story counts once in each window, with "events"
    an event.
    """
    day = articles["day"].to_numpy()
    if not (keep & (day > NO_DAY)).any():
        return None
    collected = day[day > NO_DAY]
    first, last = (EPOCH + timedelta(days=int(bound)) for bound in (collected.min(), collected.max()))
    end = last if until is None else min(last, until)
    begin = max(end - timedelta(days=days - 1), first, since or first)
    window = pd.DataFrame({"": True, **membership}, index=articles.index)
    before = begin - (end - begin) - timedelta(days=1), begin - timedelta(days=1)
    latest = compare(articles, window, before, (begin, end), unit=unit, keep=keep).set_index("series")
    comparison, rows, steady, changes = _compared_rows(articles, keep, before, (begin, end), since, first)
    change = latest.iloc[:0]
    if rows is not None:
        change = latest if rows is keep else compare(
            articles, window, before, (begin, end), unit=unit, keep=rows
        ).set_index("series")  # fmt: skip
        reportable = [
            is_reportable(change[f"n_{of}"], change[f"collected_{of}"]) for of in ("first", "second")
        ]
        change = change.assign(reportable=reportable[0] & reportable[1])
    return Summary(
        since=begin,
        until=end,
        collected=int(latest["n_second"].iloc[0]),
        undated=int(np.count_nonzero(keep & (day == NO_DAY))),
        series=_latest_shares(latest.drop(index="")),
        comparison=comparison,
        change=change,
        steady=steady,
        started=tuple(changes.loc[changes["starts"].astype(bool), "outlet"]),
        stopped=tuple(changes.loc[changes["stops"].astype(bool), "outlet"]),
    )


def _latest_shares(compared: pd.DataFrame) -> pd.DataFrame:
    n, of = compared["n_second"], compared["collected_second"]
    low, high = wilson(n, of)
    table = pd.DataFrame(
        {"n": n, "collected": of, "share": compared["share_second"], "low": low, "high": high}
    )
    return table.assign(margin=(high - low) / 2, reportable=is_reportable(n, of))


def _compared_rows(
    articles: pd.DataFrame,
    keep: np.ndarray,
    before: tuple[date, date],
    latest: tuple[date, date],
    since: date | None,
    first: date,
) -> tuple[Comparison, np.ndarray | None, int, pd.DataFrame]:
    """What of the two windows is compared: how it is called, its rows, the number of steady outlets, and the
    outlets that came or went."""
    nothing = pd.DataFrame({"outlet": [], "starts": [], "stops": []})
    if since is not None and before[0] < since:
        return "outside", None, 0, nothing
    if before[0] < first:
        return "uncollected", None, 0, nothing
    steady = steadiness(articles, keep, (days_of(*before), days_of(*latest)))
    return steady.comparison, steady.rows, steady.outlets, steady.moved
