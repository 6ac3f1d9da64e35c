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
from dashboard.session.store import WatchedStore
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
class CountedVersion:
    """The counts of a dataset as sessions share them; `topics` are those that were counted."""

    dataset: Dataset
    counts: counts.Counts
    topics: tuple[Topic, ...]
    events: pd.DataFrame
    synthetic: bool
    articles: int
    """How many there were when this was loaded, counted or not."""
    file_time: int
    """When the file of counts was written, in nanoseconds."""


class CountedStore(WatchedStore):
    """Opens the counts that `pressgauge count` made, and notices newer ones; `late` says what they lack.

    It counts nothing but the demo by itself. Raises PressgaugeError when there are no counts.
    """

    current: CountedVersion
    late: str = ""

    def check(self) -> bool:
        current = self.current
        dataset = self._there(current.synthetic)
        if current.synthetic and (self._always_demo or not len(dataset)):
            return False
        newer = current.synthetic or _file_time(dataset) != current.file_time
        if newer:
            self.current = self._load()
        self.late = self._lacking(self.current)
        return newer

    def _load(self) -> CountedVersion:
        topics = self._settings(load_topics, paths.topics_file())
        events = self._settings(load_events, paths.events_file())
        dataset, synthetic = self._open_dataset()
        if synthetic:
            counts.count_dataset(dataset, topics)
        file_time, totals = _file_time(dataset), counts.stored_counts(dataset)
        if totals is None:
            raise PressgaugeError(
                f"{dataset.path} has {formats.quantity(len(dataset), 'article')} and no counts of them; "
                "`pressgauge count` makes them"
            )
        version = CountedVersion(
            dataset, totals, _of(totals, topics), events, synthetic, len(dataset), file_time
        )
        self.late = self._lacking(version)
        return version

    def _lacking(self, version: CountedVersion) -> str:
        totals, topics = version.counts, self._settings(load_topics, paths.topics_file())
        if tuple((topic.name, topic.query) for topic in topics) != totals.topics:
            return "The topics were edited since these counts were made."
        now = counts.months_of(version.dataset)
        if stale := sum(totals.months.get(month) != digest for month, digest in now.items()):
            return f"{formats.quantity(stale, 'month')} of {len(now)} changed since these counts were made."
        return ""


class CountedSession(Session):
    """What a session shows of counts: articles of the saved topics, by day, outlet and language."""

    loaded: CountedVersion = param.ClassSelector(class_=CountedVersion, allow_refs=False)  # type: ignore[assignment]

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
        names = [name for name, is_set in left_out.items() if is_set]
        notes = (
            (f"Counts know nothing of {' and '.join(names)}: this filter is not applied.",) if names else ()
        )
        return (*super().problems, *notes)

    @property
    def scope(self) -> Scope:
        return Scope("articles", None, self.applied)

    def filters(self, selection: Selection | None = None) -> Filters:
        """The filters that counts can keep, narrowed to what was clicked."""
        limits, view = selection or Selection(), self.view
        since = [day for day in (view.since, limits.since) if day is not None]
        until = [day for day in (view.until, limits.until) if day is not None]
        outlets = view.outlets if limits.outlet is None else (limits.outlet,)
        return Filters(max(since, default=None), min(until, default=None), outlets, languages=view.languages)

    @property
    def applied(self) -> Filters:
        return self.filters()

    @property
    def keep(self) -> np.ndarray:
        """Bool array of the rows that the filters let through."""
        return self.memo("keep", lambda: let_through(self.table, self.filters()))

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day with articles under the filters; None without any."""
        days = self.table["day"].to_numpy()[self.keep & (self.table["day"].to_numpy() > NO_DAY)]
        if not len(days):
            return None
        first, last = np.array([days.min(), days.max()], "datetime64[D]").tolist()
        return first, last

    def volume(self) -> pd.DataFrame:
        """`analysis.volume` of the compared topics under the filters."""
        freq, series = self.view.freq, self._numbers()
        return self.memo(
            "volume", lambda: counts.volume(self.table, freq=freq, keep=self.keep, series=series)
        )

    def outlets(self) -> pd.DataFrame:
        """`analysis.outlets` of the same. A single outlet's own filter is ignored, or a click would leave one
        bar."""

        def make() -> pd.DataFrame:
            without = () if len(self.view.outlets) > 1 else ("outlets",)
            keep = let_through(self.table, self.filters().without(*without))
            return counts.outlets(self.table, keep=keep, series=self._numbers())

        return self.memo("outlets", make)

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
        is_counted = any(each.name == topic for each in self.topics)
        return self.table[topic].to_numpy() if is_counted else np.zeros(len(self.table), np.int64)

    def _unreadable(self, query: str) -> str | None:
        return "only saved topics are counted here."


def _of(totals: counts.Counts, topics: Sequence[Topic]) -> tuple[Topic, ...]:
    """The topics that were counted, as they look now."""
    now = {topic.name: topic for topic in topics}
    return tuple(
        replace(now.get(name, Topic(name, name, None, query)), query=query) for name, query in totals.topics
    )


def _file_time(dataset: Dataset) -> int:
    file = Path(dataset.path) / counts.FILE
    return file.stat().st_mtime_ns if file.exists() else 0
