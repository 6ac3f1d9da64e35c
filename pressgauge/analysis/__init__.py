"""The measures: pure functions from tables of articles to small tidy tables.

What most of them take: `articles`, a row an article with the columns of `pressgauge.schema.METADATA`
(`outlet`, `country` and `language` categories, `published` datetime64[us, UTC]); `membership`, a DataFrame of
bool columns, a series each, its rows those of `articles`; `keep`, a bool array of the rows to count (None is
all); `unit`, "articles", "stories" or "events"; `freq`, "D", "W" (ISO), "M" or "Y"; `tz`, the IANA name of
the reader's time zone. No measure changes what it is given. A snapshot has both tables:

    snapshot = pressgauge.open().snapshot()
    figures.volume(analysis.volume(snapshot.articles, snapshot.membership, freq="M"))

>>> import pandas as pd
>>> published = pd.to_datetime(["2025-01-20", "2025-01-27", "2025-01-27"], utc=True).as_unit("us")
>>> articles = pd.DataFrame({"published": published, "outlet": pd.Categorical(["Post", "Post", "Echo"])})
>>> membership = pd.DataFrame({"deepseek": [False, True, True]})
>>> volume(articles, membership)[["series", "n", "collected", "share"]].values.tolist()
[['deepseek', 0, 1, 0.0], ['deepseek', 2, 2, 1.0]]
"""

from pressgauge.analysis.bursts import Explanation, bursts, explain
from pressgauge.analysis.contrast import (
    aligned,
    compare,
    contrast,
    contrast_by,
    contrast_speakers,
    pace,
    steadiness,
)
from pressgauge.analysis.cooccurrence import comentions, comentions_over_time
from pressgauge.analysis.events import central, event_articles, event_sizes, events, spread, unreported
from pressgauge.analysis.framing import Framing, framing
from pressgauge.analysis.outlets import concentration, firsts, lean, outlets
from pressgauge.analysis.storyline import storyline
from pressgauge.analysis.terms import Terms, changing, distinctive, terms
from pressgauge.analysis.voices import named_entities, quoted, sourcing, speakers, travelling
from pressgauge.analysis.volume import presence, rolling, volume, volume_by

__all__ = [
    "Explanation",
    "Framing",
    "Terms",
    "aligned",
    "bursts",
    "central",
    "changing",
    "comentions",
    "comentions_over_time",
    "compare",
    "concentration",
    "contrast",
    "contrast_by",
    "contrast_speakers",
    "distinctive",
    "event_articles",
    "event_sizes",
    "events",
    "explain",
    "firsts",
    "framing",
    "lean",
    "named_entities",
    "outlets",
    "pace",
    "presence",
    "quoted",
    "rolling",
    "sourcing",
    "speakers",
    "spread",
    "steadiness",
    "storyline",
    "terms",
    "travelling",
    "unreported",
    "volume",
    "volume_by",
]
