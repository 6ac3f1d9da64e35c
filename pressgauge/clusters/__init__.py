"""Events: articles that tell of one thing that happened, each in its own words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pressgauge.article import article_id
from pressgauge.clusters.held import nothing, update

__all__ = ["cluster"]


def cluster(articles: pd.DataFrame) -> pd.Series:
    """The event of each article of a frame: an int64 that articles telling of one thing have in common.

    `articles` needs title; text, language (ISO 639-1), published (UTC) and story (copies of one text) are
    used where they are there. Articles without a date are of one day. What two articles have in common is
    weighed by how rare it is among all of `articles`.
    """
    ids = np.array([article_id(f"row:{number}") for number in range(len(articles))], np.int64)
    empty = pd.Series([None] * len(articles), articles.index, dtype=object)
    story = pd.factorize(articles["story"])[0] if "story" in articles else np.arange(len(articles))
    frame = pd.DataFrame(
        {
            "id": ids,
            "title": articles["title"],
            "text": articles.get("text", empty),
            "language": articles.get("language", empty),
            "published": pd.to_datetime(articles.get("published", empty), utc=True),
            "story": story,
        }
    )
    held = update(nothing(), np.zeros(0, np.int64), [frame], pd.Timestamp(0, tz="UTC"))
    label = pd.Series(held.event, held.id).reindex(ids).to_numpy()
    return pd.Series(label, articles.index, name="event")
