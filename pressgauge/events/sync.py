"""The events of a dataset's newest version: kept beside it, brought up to date, made anew when in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd

from pressgauge.errors import DatasetError, MissingError
from pressgauge.events import files
from pressgauge.events.clustering import COLUMNS, Clustering, Names, empty, update
from pressgauge.search.sync import NOTHING, Changes
from pressgauge.store.disk import is_writable
from pressgauge.store.lock import derived


class Dataset(Protocol):
    """The part of a dataset that events are made of and kept beside."""

    @property
    def state(self) -> tuple[int, int]:
        """The newest version and the digest of its files."""

    def changes(self, since: tuple[int, int], until: tuple[int, int], columns: Sequence[str]) -> Changes:
        """Raises DatasetError when it was never in that state, or what it held then is no more on disk."""


@dataclass(frozen=True)
class Events:
    """The events of one state of a dataset: which article belongs to which, and what became of the others."""

    state: tuple[int, int]
    clusters: Clustering

    def of(self, ids: np.ndarray) -> np.ndarray:
        """The event of each article (int64); one that is not there is an event of its own, by its id."""
        number, is_known = Names(self.clusters.id, self.clusters.event).of(ids)
        return np.where(is_known, number, ids)

    def current(self, event: int) -> int:
        """The number by which an event goes now: its own, or that of the event it was merged into.

        Raises MissingError when there never was such an event.
        """
        numbers = self.clusters.event
        mergers = self.clusters.history[self.clusters.history["kind"] == "merged"]
        into = dict(zip(mergers["event"].tolist(), mergers["other"].tolist(), strict=True))
        visited_events: set[int] = set()
        while not (numbers == event).any():
            if event in visited_events or event not in into:
                raise MissingError(f"there is no event {event}; expected a value of the column event")
            visited_events.add(event)
            event = into[event]
        return event

    def history(self) -> pd.DataFrame:
        """What was split and merged, oldest first: at (datetime64[us, UTC], when it was noticed), event
        (int64, the number that ceased or is new), kind ("merged" into the other, "split" from it), other
        (int64), articles (int64, how many changed from one to the other)."""
        return self.clusters.history.copy()


def open_events(dataset: Dataset, folder: Path | None, last: Events | None = None) -> Events:
    """The events of the dataset's current version, kept in `folder` and first brought up to date there.

    Missing, of another format or damaged, they are made anew, under the numbers that they had as far as those
    can be read. They live in memory when `folder` is None or cannot be written. `last` is what this returned
    before, which spares reading it. Raises DatasetError when the disk refuses, or another process does not
    let go of it.
    """
    if dataset.state == NOTHING:
        return Events(NOTHING, empty())
    if folder is None or not is_writable(folder):
        return _bring_up_to_date(dataset, last or Events(NOTHING, empty()), None)
    with derived(folder, "events"):
        if last is None or files.state(folder) != last.state:
            stored = files.load(folder)
            last = None if stored is None else Events(stored[1], stored[0])
        return _bring_up_to_date(dataset, last or Events(NOTHING, empty()), folder)


def _bring_up_to_date(dataset: Dataset, events: Events, folder: Path | None) -> Events:
    while events.state != (state := dataset.state):
        try:
            changes, clusters, names = dataset.changes(events.state, state, COLUMNS), events.clusters, None
            if events.state == NOTHING and folder is not None:
                clusters, names = _with_old_names(clusters, folder)
            clusters = update(
                clusters, changes.removed_ids, changes.frames, pd.Timestamp(datetime.now(UTC)), names
            )
        except DatasetError:
            if events.state == NOTHING:
                raise
            events = Events(NOTHING, empty())
            continue
        if folder is not None:
            files.save(folder, clusters, state)
        events = Events(state, clusters)
    return events


def _with_old_names(clusters: Clustering, folder: Path) -> tuple[Clustering, Names | None]:
    """An empty clustering with the history of what was there, and the numbers that articles had."""
    stored = files.names(folder)
    if stored is None:
        return clusters, None
    names, history = stored
    return Clustering(**{**vars(clusters), "history": history}), names
