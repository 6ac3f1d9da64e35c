"""The stories that most outlets carried."""

from __future__ import annotations

import numpy as np
import pandas as pd

COLUMNS = ("story", "title", "first_outlet", "first", "outlets", "articles", "series")


def top_stories(
    articles: pd.DataFrame, membership: pd.DataFrame, *, keep: np.ndarray, limit: int = 20
) -> pd.DataFrame:
    """The `limit` stories of any series with most outlets, then most articles, then the earliest.

    One row a story: story (int64), title and first_outlet (of its earliest kept article), first (datetime64
    UTC, its date, NaT when unknown), outlets (int64), articles (int64), series (tuple of the names its first
    article belongs to).
    """
    rows = np.flatnonzero(keep & membership.to_numpy(dtype=bool).any(axis=1))
    if not len(rows):
        return pd.DataFrame(columns=list(COLUMNS))
    found = pd.DataFrame(
        {
            "story": articles["story"].to_numpy()[rows],
            "outlet": articles["outlet"].cat.codes.to_numpy()[rows],
            "published": articles["published"].iloc[rows].to_numpy("datetime64[us]"),
            "row": rows,
        }
    ).sort_values("published", kind="stable", na_position="last")
    stories = found.groupby("story", sort=False).agg(
        articles=("row", "size"), outlets=("outlet", "nunique"), row=("row", "first")
    )
    top = (
        stories.sort_values(["outlets", "articles"], ascending=False, kind="stable").head(limit).reset_index()
    )
    first = articles.iloc[top["row"].to_numpy()]
    names = np.array(membership.columns, dtype=object)
    member = membership.to_numpy(dtype=bool)[top["row"].to_numpy()]
    return top.assign(
        title=first["title"].to_numpy(),
        first_outlet=first["outlet"].astype(object).to_numpy(),
        first=first["published"].array,
        series=pd.Series([tuple(names[of]) for of in member], index=top.index, dtype=object),
    )[list(COLUMNS)]
