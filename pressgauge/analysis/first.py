"""Who was first: the outlet of the earliest article, as far as the dates tell it."""

from __future__ import annotations

import pandas as pd

_DAY = pd.Timedelta(days=1)


def first_outlet(articles: pd.DataFrame, by: str) -> pd.Series:
    """The outlet that was first in each group of articles, by the values of the column `by`.

    Null where that is not known: no article of a group is dated, or another outlet's may be as early. What is
    dated by the day only (`published_precision`; all is exact where that column is missing) may have appeared
    at any time of that day. Needs outlet and published.
    """
    dated = articles[articles["published"].notna()]
    latest = dated["published"]
    if "published_precision" in dated:
        by_day = (dated["published_precision"] == "day").to_numpy(dtype=bool)
        latest = latest.where(~by_day, dated["published"] + _DAY)
    bound = latest.groupby(dated[by], observed=True).transform("min")
    # by the day, and before the end of it: midnight of the next is another day
    early = dated[(dated["published"] < bound) | (latest == bound)]
    groups = early.groupby(by, sort=False, observed=True)["outlet"]
    names = groups.first().astype(object)
    names[groups.nunique(dropna=False) > 1] = None
    return names.reindex(articles[by].unique())
