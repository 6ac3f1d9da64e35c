"""The one read-only snapshot of a process, shared by all its sessions."""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, field, replace
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

import pressgauge
from dashboard.session.vocabulary import Vocabulary
from pressgauge.errors import ConfigError, PressgaugeError
from pressgauge.settings import paths
from pressgauge.settings.events import load_events
from pressgauge.settings.topics import Topic, load_topics, save_topic
from pressgauge.snapshot import Snapshot

if TYPE_CHECKING:
    from pressgauge.store.dataset import Dataset

log = logging.getLogger(__name__)
T = TypeVar("T")
_REMEMBERED_MASKS = 64
_REMEMBERED_VIEWS = 16
"""Views of which sessions share what they show: each holds some bool arrays of all rows."""


@dataclass(frozen=True, eq=False)
class Loaded:
    """One dataset version as sessions share it; `synthetic` marks the demo press."""

    path: Path
    dataset: Dataset
    snapshot: Snapshot
    events: pd.DataFrame
    synthetic: bool
    vocabulary: Vocabulary = field(default_factory=Vocabulary, repr=False)
    _masks: dict[tuple[str, bool], np.ndarray] = field(default_factory=dict, repr=False)
    _views: dict[Hashable, dict[Any, Any]] = field(default_factory=dict, repr=False)

    @property
    def words(self) -> Vocabulary | None:
        """The words of the articles; None while they are being read, which the first to ask begins."""
        if self.vocabulary.found is None:
            self.vocabulary.ask(self.dataset, self.snapshot.articles)
            return None
        return self.vocabulary

    def remembered(self, view: Hashable) -> dict[Any, Any]:
        """What sessions have made of a view, for all that show the same: of the latest views only."""
        made = self._views.pop(view, {})
        self._views[view] = made
        if len(self._views) > _REMEMBERED_VIEWS:
            self._views.pop(next(iter(self._views)))
        return made

    def mask(self, query: str, *, about: bool = False) -> np.ndarray:
        """`snapshot.mask`, remembered: sessions that compare the same query share one array. Raises
        QueryError."""
        if (query, about) not in self._masks:
            if len(self._masks) >= _REMEMBERED_MASKS:
                self._masks.pop(next(iter(self._masks)))
            self._masks[query, about] = self.snapshot.mask(query, about=about)
        return self._masks[query, about]


class Watched:
    """The real dataset, or the demo while the real one is empty, as all sessions share it.

    `current` is replaced, never changed: a session keeps what it draws until its visitor asks for the new
    one. A settings file with an error raises ConfigError; if `lenient` it is taken for empty, and `problem`
    says why.
    """

    def __init__(
        self,
        path: str | Path,
        demo: Callable[[], Path] | None = None,
        *,
        always_demo: bool = False,
        lenient: bool = False,
    ) -> None:
        self.path = path
        self.problem: str | None = None
        self._demo, self._always_demo, self._lenient = demo, always_demo, lenient
        self.current = self._load()

    def check(self) -> bool:
        """Load what is newer on disk, if anything; True when `current` was replaced. Blocks: call it in a
        thread."""
        raise NotImplementedError

    async def watch(self, every: float = 3.0) -> None:
        """Check for ever; a dataset that cannot be read is reported in `problem` and tried again."""
        while True:
            await asyncio.sleep(every)
            try:
                await asyncio.to_thread(self.check)
                self.problem = None
            except (PressgaugeError, OSError) as error:
                if str(error) != self.problem:
                    log.warning("cannot read %s: %s", self.path, error)
                self.problem = str(error)

    def _load(self) -> Any:
        raise NotImplementedError

    def _opened(self) -> tuple[Dataset, bool]:
        """The dataset to show, and whether it is the demo."""
        dataset = pressgauge.open(self.path)
        if self._demo is not None and (self._always_demo or not len(dataset)):
            return pressgauge.open(self._demo()), True
        return dataset, False

    def _settings(self, load: Callable[[str | Path], T], file: Path) -> T:
        try:
            return load(file)
        except ConfigError as error:
            if not self._lenient:
                raise
            self.problem = f"{error}. Nothing of this file is shown until it is mended."
            return load(os.devnull)


class Store(Watched):
    """Holds the newest version of the dataset in memory, and notices newer ones."""

    current: Loaded

    def check(self) -> bool:
        """Load what is newer on disk, if anything; True when `current` was replaced. Blocks: call it in a
        thread."""
        shown = self.current
        dataset = pressgauge.open(self.path)
        if shown.synthetic and (self._always_demo or not len(dataset)):
            return False
        if not shown.synthetic and dataset.version == shown.snapshot.version:
            return False
        self.current = self._load()
        return True

    def keep_topic(self, query: str) -> str:
        """Save `query` as a new topic of topics.toml and label all articles with it; its name.

        Raises QueryError, ConfigError, OSError.
        """
        taken = {topic.name for topic in load_topics(paths.topics_file())}
        name = topic_name(query, taken)
        self.save_topic(Topic(name, query, None, query))
        return name

    def save_topic(self, topic: Topic) -> None:
        """Write `topic` into topics.toml, in place of the one of its name, and label all articles with it.

        Raises QueryError, ConfigError, OSError.
        """
        path = paths.topics_file()
        save_topic(path, topic)
        topics = tuple(load_topics(path))
        self.current = replace(
            self.current, snapshot=self.current.snapshot.with_topics(topics), _masks={}, _views={}
        )

    def _load(self) -> Loaded:
        topics = self._settings(load_topics, paths.topics_file())
        events = self._settings(load_events, paths.events_file())
        dataset, synthetic = self._opened()
        return Loaded(dataset.path, dataset, dataset.snapshot(topics), events, synthetic)


def topic_name(query: str, taken: Collection[str] = ()) -> str:
    """A new topic name made from a query: '"Open weights" OR x' -> 'open_weights_or_x'."""
    name = "_".join(re.findall(r"[a-z0-9]+", query.lower()))[:40] or "topic"
    name = name if name[0].isalpha() else f"topic_{name}"
    return next(n for n in chain([name], (f"{name}_{i}" for i in count(2))) if n not in taken)
