"""Events: articles that tell of one thing that happened, each in its own words."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pandas.api.types import is_integer_dtype

from pressgauge.arguments import check_columns
from pressgauge.events.clustering import empty, update
from pressgauge.events.timeline import THRESHOLD
from pressgauge.schema import article_id

__all__ = ["cluster_events"]


def cluster_events(articles: pd.DataFrame, *, threshold: float = THRESHOLD) -> pd.Series:
    """The event of each article of a frame: an int64 that articles telling of one thing have in common.

    `articles` needs title; text, language (ISO 639-1), published (UTC), story (which copies of one text
    share) and id (int64, unique) are used where they are there. An event is named by the id of one of its
    articles. An article without a date shares an event with its copies only; where none has a date, all are
    taken to be of one day. What two articles have in common is weighed by how rare it is among all of
    `articles`. With a higher `threshold` (a cosine) there are more and smaller events.
    """
    check_columns("cluster_events", articles, ("title",))
    if "id" in articles and is_integer_dtype(articles["id"]):
        ids = articles["id"].to_numpy(np.int64)
    else:
        ids = np.array([article_id(f"row:{number}") for number in range(len(articles))], np.int64)
    nulls = pd.Series([None] * len(articles), articles.index, dtype=object)
    story = pd.factorize(articles["story"])[0] if "story" in articles else np.arange(len(articles))
    published = pd.to_datetime(articles.get("published", nulls), utc=True)
    frame = pd.DataFrame(
        {
            "id": ids,
            "title": articles["title"],
            "text": articles.get("text", nulls),
            "language": articles.get("language", nulls),
            "published": published.fillna(pd.Timestamp(0, tz="UTC")) if published.isna().all() else published,
            "story": story,
        }
    )
    clusters = update(empty(), np.zeros(0, np.int64), [frame], pd.Timestamp(0, tz="UTC"), threshold=threshold)
    label = pd.Series(clusters.event, clusters.id).reindex(ids).to_numpy()
    return pd.Series(label, articles.index, name="event")
