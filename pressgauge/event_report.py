"""What a dataset knows of one event, at a glance and in tables."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pressgauge import analysis, figures

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True, eq=False)
class EventReport:
    """One event: its number, its `headline` (the most central), and three tables.

    `articles` is `analysis.event_articles`: who published when, and the words that are each headline's own.
    `spread` is `analysis.spread`: articles and outlets by the hour. `unreported` is `analysis.unreported`:
    the outlets that could be expected to report it and did not.
    """

    event: int
    headline: str | None
    articles: pd.DataFrame
    spread: pd.DataFrame
    unreported: pd.DataFrame

    @property
    def first(self) -> pd.Timestamp:
        """When the earliest dated article appeared (UTC), NaT when none is dated."""
        return self.articles["published"].min()

    @property
    def outlets(self) -> int:
        """How many outlets reported it."""
        return int(self.articles["outlet"].nunique())

    def plot(self, **options: Any) -> go.Figure:
        """The spread by the hour; `options` are those of `figures.spread`."""
        return figures.spread(self.spread, **options)

    def _repr_html_(self) -> str:
        began = "" if pd.isna(self.first) else f", since {self.first:%d %b %Y %H:%M} UTC"
        head = f"<p><b>{escape(self.headline or '(no headline)')}</b></p>"
        count = f"<p>{len(self.articles):,} articles of {self.outlets:,} outlets{began}</p>"
        table = self.articles[["published", "outlet", "title", "words", "role"]]
        with pd.option_context("display.max_colwidth", 100):
            return head + count + table.to_html(max_rows=10, border=0)


def report(
    articles: pd.DataFrame,
    event: int,
    *,
    member: np.ndarray | None = None,
    keep: np.ndarray | None = None,
) -> EventReport:
    """All there is about an event; `member` and `keep` say which others it is held against.

    Raises MissingError when there is no such event."""
    table = analysis.event_articles(articles, event)
    return EventReport(
        event,
        analysis.central(table["title"].tolist(), table["language"].astype(object).tolist()),
        table,
        analysis.spread(articles, event),
        analysis.unreported(articles, event, member=member, keep=keep),
    )
