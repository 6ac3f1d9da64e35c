"""A page made of counts: nothing in it grows with the number of articles.

What it shows of articles is read from the months that a number comes from, when somebody asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import param

from dashboard.components import formats
from dashboard.session.scope import Scope
from dashboard.session.session import Session
from dashboard.session.store import Watched
from dashboard.session.view import Selection
from pressgauge.errors import PressgaugeError
from pressgauge.filters import Filters, let_through
from pressgauge.scale import counts
from pressgauge.schema import NO_DAY
from pressgauge.settings import paths
from pressgauge.settings.events import load_events
from pressgauge.settings.topics import Topic, load_topics

if TYPE_CHECKING:
    from pressgauge.store.dataset import Dataset


@dataclass(frozen=True, eq=False)
class Counted:
    """The counts of a dataset as sessions share them; `topics` are those that were counted."""

    dataset: Dataset
    counts: counts.Counts
    topics: tuple[Topic, ...]
    events: pd.DataFrame
    synthetic: bool
    articles: int
    """How many there were when this was loaded, counted or not."""
    changed: int
    """When the file of counts was written, in nanoseconds."""


class CountedStore(Watched):
    """Opens the counts that `pressgauge count` made, and notices newer ones; `late` says what they lack.

    It counts nothing but the demo by itself. Raises PressgaugeError when there are no counts.
    """

    current: Counted
    late: str = ""

    def check(self) -> bool:
        shown = self.current
        dataset = self._there(shown.synthetic)
        if shown.synthetic and (self._always_demo or not len(dataset)):
            return False
        newer = shown.synthetic or _changed(dataset) != shown.changed
        if newer:
            self.current = self._load()
        self.late = self._lacking(self.current)
        return newer

    def _load(self) -> Counted:
        topics = self._settings(load_topics, paths.topics_file())
        events = self._settings(load_events, paths.events_file())
        dataset, synthetic = self._opened()
        if synthetic:
            counts.counted(dataset, topics)
        changed, kept = _changed(dataset), counts.kept(dataset)
        if kept is None:
            raise PressgaugeError(
                f"{dataset.path} has {formats.counted(len(dataset), 'article')} and no counts of them; "
                "`pressgauge count` makes them"
            )
        loaded = Counted(dataset, kept, _of(kept, topics), events, synthetic, len(dataset), changed)
        self.late = self._lacking(loaded)
        return loaded

    def _lacking(self, loaded: Counted) -> str:
        kept, topics = loaded.counts, self._settings(load_topics, paths.topics_file())
        if tuple((topic.name, topic.query) for topic in topics) != kept.topics:
            return "The topics were edited since these counts were made."
        now = counts.months_of(loaded.dataset)
        if stale := sum(kept.months.get(month) != digest for month, digest in now.items()):
            return f"{formats.counted(stale, 'month')} of {len(now)} changed since these counts were made."
        return ""


class CountedSession(Session):
    """What a session shows of counts: articles of the saved topics, by day, outlet and language."""

    loaded: Counted = param.ClassSelector(class_=Counted, allow_refs=False)  # type: ignore[assignment]

    @property
    def topics(self) -> tuple[Topic, ...]:
        return self.loaded.topics

    @property
    def labels(self) -> pd.DataFrame:
        return self.table

    @property
    def table(self) -> pd.DataFrame:
        return self.loaded.counts.table

    @property
    def problems(self) -> tuple[str, ...]:
        view = self.view
        left_out = {
            "the query": view.query,
            "countries": view.countries,
            view.unit: view.unit != "articles",
            "what articles are about": view.about,
            "corrections": view.corrected,
            "whose text is there": view.with_text,
            "doubtful dates": view.sure_dates,
        }
        asked = [name for name, given in left_out.items() if given]
        said = (
            (f"Counts know nothing of {' and '.join(asked)}: this filter is not applied.",) if asked else ()
        )
        return (*super().problems, *said)

    @property
    def scope(self) -> Scope:
        return Scope("articles", None, self.applied)

    def filters(self, selection: Selection | None = None) -> Filters:
        """The filters that counts can keep, narrowed to what was clicked."""
        chosen, view = selection or Selection(), self.view
        since = [day for day in (view.since, chosen.since) if day is not None]
        until = [day for day in (view.until, chosen.until) if day is not None]
        outlets = view.outlets if chosen.outlet is None else (chosen.outlet,)
        return Filters(max(since, default=None), min(until, default=None), outlets, languages=view.languages)

    @property
    def applied(self) -> Filters:
        return self.filters()

    @property
    def keep(self) -> np.ndarray:
        """Bool array of the rows that the filters let through."""
        return self.remembered("keep", lambda: let_through(self.table, self.filters()))

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day with articles under the filters; None without any."""
        dated = self.table["day"].to_numpy()[self.keep & (self.table["day"].to_numpy() > NO_DAY)]
        if not len(dated):
            return None
        first, last = np.array([dated.min(), dated.max()], "datetime64[D]").tolist()
        return first, last

    def volume(self) -> pd.DataFrame:
        """`analysis.volume` of the compared topics under the filters."""
        freq, series = self.view.freq, self._numbers()
        return self.remembered(
            "volume", lambda: counts.volume(self.table, freq=freq, keep=self.keep, series=series)
        )

    def outlets(self) -> pd.DataFrame:
        """`analysis.outlets` of the same. A single outlet's own filter is ignored, or a click would leave one
        bar."""

        def make() -> pd.DataFrame:
            without = () if len(self.view.outlets) > 1 else ("outlets",)
            keep = let_through(self.table, self.filters().without(*without))
            return counts.outlets(self.table, keep=keep, series=self._numbers())

        return self.remembered("outlets", make)

    def months(self, selection: Selection) -> dict[str, int]:
        """The months that have articles behind a clicked number, the newest first: they add up to it. Empty
        for what is not counted, such as a story."""
        if selection != Selection(selection.series, selection.since, selection.until, selection.outlet):
            return {}
        keep = let_through(self.table, self.filters(selection))
        return counts.by_month(self.table, self._number(selection.series), keep)

    def query(self, selection: Selection) -> str | None:
        """What an article of the selection's topic matches; None when any article is meant."""
        return next((topic.query for topic in self.topics if topic.name == selection.series), None)

    def _numbers(self) -> dict[str, np.ndarray]:
        return {series.label: self._number(series.key) for series in self.series}

    def _number(self, topic: str | None) -> np.ndarray:
        """The articles of a topic, a row of the table; of all when it is None, none of a topic unknown."""
        if topic is None:
            return self.table["articles"].to_numpy()
        known = any(each.name == topic for each in self.topics)
        return self.table[topic].to_numpy() if known else np.zeros(len(self.table), np.int64)

    def _unreadable(self, query: str) -> str | None:
        return "only saved topics are counted here."


def _of(kept: counts.Counts, topics: Sequence[Topic]) -> tuple[Topic, ...]:
    """The topics that were counted, as they look now."""
    now = {topic.name: topic for topic in topics}
    return tuple(
        replace(now.get(name, Topic(name, name, None, query)), query=query) for name, query in kept.topics
    )


def _changed(dataset: Dataset) -> int:
    file = Path(dataset.path) / counts.FILE
    return file.stat().st_mtime_ns if file.exists() else 0
