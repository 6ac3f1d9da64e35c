"""A story's path through the press: who published when, and who copied rather than reported."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pressgauge.errors import MissingError


def storyline(
    articles: pd.DataFrame, story: int, *, like: np.ndarray | None = None, keep: np.ndarray | None = None
) -> pd.DataFrame:
    """The kept articles of one story in the order they appeared, undated ones last.

    id (int64), outlet (category), title, url (canonical_url), published (datetime64[us, UTC]),
    published_precision, after (timedelta64, since the earliest dated one, NaT when unknown), order (int64
    from 1), role (category): "original" is the article that names the story, "copy" its near-duplicate (the
    story groups syndicated copies), "own" an article of `like`. `like` (bool, aligned) marks articles on the
    same subject with a text of their own, such as those that match a query; they are shown beside the copies,
    so that reach by syndication and by reporting can be told apart.
    """
    rows = articles["story"].to_numpy() == story
    if not rows.any():
        raise MissingError(f"no article belongs to the story {story}; expected a value of the column story")
    is_shown = rows if like is None else rows | np.asarray(like, dtype=bool)
    if keep is not None:
        is_shown = is_shown & keep
    at = np.flatnonzero(is_shown)
    shown_articles = articles.iloc[at]
    role = np.where(~rows[at], "own", np.where(shown_articles["id"].to_numpy() == story, "original", "copy"))
    table = pd.DataFrame(
        {
            "id": shown_articles["id"].to_numpy(),
            "outlet": shown_articles["outlet"].array,
            "title": shown_articles["title"].array,
            "url": shown_articles["canonical_url"].array,
            "published": shown_articles["published"].array,
            "published_precision": shown_articles["published_precision"].array,
            "after": (shown_articles["published"] - shown_articles["published"].min()).array,
            "role": pd.Categorical(role, categories=["original", "copy", "own"]),
        }
    )
    table = table.sort_values(["published", "role"], kind="stable", na_position="last", ignore_index=True)
    return table.assign(order=np.arange(1, len(table) + 1))
