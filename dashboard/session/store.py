"""The one read-only snapshot of a process, shared by all its sessions."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import re
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, count
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

import pressgauge
from dashboard.session.vocabulary import Vocabulary
from dashboard.session.voices import Voices
from pressgauge.bitmaps.index import Rows
from pressgauge.errors import ConfigError, DatasetError, PressgaugeError
from pressgauge.search.nodes import Node
from pressgauge.search.selective import selective
from pressgauge.settings import editing, paths
from pressgauge.settings.events import delete_event, load_events, save_event
from pressgauge.settings.outlets import Outlet, Outlets, known_outlets, save_outlet
from pressgauge.settings.topics import Topic, delete_topic, load_topics, save_topic
from pressgauge.snapshot import Snapshot
from pressgauge.voices.tables import Tables

if TYPE_CHECKING:
    from pressgauge.store.dataset import Dataset

log = logging.getLogger(__name__)
K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
_PATIENCE = 3.0
"""Seconds that a page waits for the articles that may have arrived in place of the demo."""
_LEARNT_AT_ONCE = 100_000
"""Articles that are looked up for queries to come with each look for newer ones: a tenth of a second."""
_REMEMBERED_MASKS = 64
_REMEMBERED_VIEWS = 16
"""Views of which sessions share what they show: each holds some bool arrays of all rows."""
_KEEPING = Lock()
"""Held while something is put among what sessions share: bursts are explained in a thread."""


@dataclass(frozen=True, eq=False)
class LoadedVersion:
    """One dataset version as sessions share it; `synthetic` marks the demo press."""

    path: Path
    dataset: Dataset
    snapshot: Snapshot
    events: pd.DataFrame
    synthetic: bool
    vocabulary: Vocabulary = field(default_factory=Vocabulary, repr=False)
    voices: Voices = field(default_factory=Voices, repr=False)
    _members: dict[tuple[str, str], Rows] = field(default_factory=dict, repr=False)
    _selective: dict[tuple[str, str], Node] = field(default_factory=dict, repr=False)
    _views: dict[Hashable, dict[Any, Any]] = field(default_factory=dict, repr=False)
    _lines: dict[Hashable, dict[Any, Any]] = field(default_factory=dict, repr=False)
    _pictures: dict[tuple[str, bool], str] = field(default_factory=dict, init=False, repr=False)

    @property
    def words(self) -> Vocabulary | None:
        """The words of the articles; None while they are being read, which the first to ask begins."""
        if self.vocabulary.terms is None:
            self.vocabulary.ask(self.dataset, self.snapshot.articles)
            return None
        return self.vocabulary

    @property
    def voice_tables(self) -> Tables | None:
        """Who is quoted and named; None while the articles are being read, which the first to ask begins."""
        if self.voices.tables is None:
            self.voices.ask(self.dataset)
        return self.voices.tables

    def memory(self, view: Hashable) -> dict[Any, Any]:
        """What sessions have made of a view, for all that show the same: of the latest views only."""
        return _latest(self._views, view)

    def of_lines(self, lines: Hashable) -> dict[Any, Any]:
        """What sessions have made of the compared lines in all coverage, which no filter changes.

        It is kept of the latest lines only.
        """
        return _latest(self._lines, lines)

    def picture(self, query: str, dark: bool, make: Callable[[], str]) -> str:
        """What an address shows before its page is there: made once for all who open the same."""
        return _remembered(self._pictures, (query, dark), make)

    def known_picture(self, query: str, dark: bool) -> str | None:
        """The same if it was made before."""
        return self._pictures.get((query, dark))

    def mask(self, query: str, *, about: bool = False) -> np.ndarray:
        """`snapshot.mask`, remembered. Raises QueryError."""
        return self.matches(query, about=about).mask

    def matches(self, query: str, *, about: bool = False) -> Rows:
        """What a query finds: sessions that ask the same share one set. Raises QueryError."""
        how = "about" if about else "mentioned"
        return self._member((how, query), lambda: self.snapshot.matches(query, about=about))

    def selective(self, query: str, within: str) -> Node:
        """What of a query selects articles from those within a field, remembered. Raises QueryError."""
        return _remembered(
            self._selective, (query, within), lambda: selective(query, self.snapshot.index, within)
        )

    def topic(self, name: str) -> Rows:
        """The articles that a topic matches."""
        snapshot = self.snapshot
        return self._member(
            ("topic", name), lambda: snapshot.bitmaps.mask(snapshot.membership[name].to_numpy())
        )

    def _member(self, key: tuple[str, str], make: Callable[[], Rows]) -> Rows:
        return _remembered(self._members, key, make)


def _remembered(memory: dict[K, T], key: K, make: Callable[[], T]) -> T:
    """What is kept under the key, made when it is missing; what was made first goes when it is too much."""
    kept = memory.get(key)
    if kept is not None:
        return kept
    made = make()
    with _KEEPING:
        if len(memory) >= _REMEMBERED_MASKS:
            memory.pop(next(iter(memory)))
        memory[key] = made
    return made


def _latest(memory: dict[Hashable, dict[Any, Any]], key: Hashable) -> dict[Any, Any]:
    """What is kept under the key, of the latest keys only."""
    with _KEEPING:
        memory[key] = entry = memory.pop(key, {})
        if len(memory) > _REMEMBERED_VIEWS:
            memory.pop(next(iter(memory)))
    return entry


class WatchedStore:
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
        self._look: asyncio.Task[None] | None = None
        self.current = self._load()

    def check(self) -> bool:
        """Load what is newer on disk, if anything; True when `current` was replaced. Blocks: call it in a
        thread."""
        raise NotImplementedError

    async def watch(self, every: float = 3.0) -> None:
        """Check for ever; a dataset that cannot be read is reported in `problem` and tried again."""
        while True:
            await asyncio.sleep(every)
            await self._current_look()

    async def before_page(self) -> None:
        """Where the demo stands in for the dataset, look first whether that has articles by now: whoever has
        just stored some must not be shown invented ones. A page of real articles need not wait, since it
        says by itself when newer ones have come."""
        if self.current.synthetic and not self._always_demo:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._current_look()), _PATIENCE)

    def _current_look(self) -> asyncio.Task[None]:
        """The look that is under way, or a new one: whoever loses patience leaves it to the others."""
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(self._check_once())
        return self._look

    async def _check_once(self) -> None:
        try:
            await asyncio.to_thread(self.check)
            self.problem = None
        except (PressgaugeError, OSError) as error:
            if str(error) != self.problem:
                log.warning("cannot read %s: %s", self.path, error)
            self.problem = str(error)

    def _load(self) -> Any:
        raise NotImplementedError

    def _there(self, synthetic: bool) -> Dataset:
        """The dataset as it is now. Raises DatasetError when what was shown is gone: a folder that was
        renamed or is not mounted must not become the demo, of invented articles, under its visitors' eyes."""
        dataset = pressgauge.open(self.path)
        if not synthetic and not len(dataset):
            raise DatasetError(
                f"{self.path} has no articles any more; what was read before is shown until they are back"
            )
        return dataset

    def _open_dataset(self) -> tuple[Dataset, bool]:
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


class Store(WatchedStore):
    """Holds the newest version of the dataset in memory, and notices newer ones."""

    current: LoadedVersion
    _times: tuple[Any, ...] = ()
    _outlets: Outlets | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        self._saving = Lock()
        super().__init__(*args, **options)

    def check(self) -> bool:
        """Load what is newer on disk, if anything; True when `current` was replaced. Blocks: call it in a
        thread."""
        current = self.current
        dataset = self._there(current.synthetic)
        same = self._always_demo or not len(dataset) if current.synthetic else (
            dataset.version == current.snapshot.version
        )  # fmt: skip
        if same and _settings_times() == self._times:
            current.snapshot.learn(_LEARNT_AT_ONCE)
            return False
        if same:
            self._relabel()
        else:
            self._renew()
        return True

    def keep_topic(self, query: str) -> str:
        """Save `query` as a new topic of topics.toml and label all articles with it; its name, or that of the
        topic that asks for the same already.

        Raises QueryError, ConfigError, OSError.
        """
        with self._saving, editing.locked(paths.topics_file()):
            topics = load_topics(paths.topics_file())
            same = next((topic.name for topic in topics if topic.query == query), None)
            if same is not None:
                return same
            name = topic_name(query, {topic.name for topic in topics})
            save_topic(paths.topics_file(), Topic(name, query, None, query))
            self._relabel()
            return name

    def save_topic(self, topic: Topic, previous: Topic | None = None) -> None:
        """Write `topic` into topics.toml and label all articles with it: as a new topic, or in place of
        `known`, which is how its editor last saw it.

        Raises QueryError, ConfigError, OSError, and PressgaugeError when that topic has been changed
        meanwhile, or a new one is there already.
        """
        with self._saving, editing.locked(paths.topics_file()):
            self._unchanged(topic, previous)
            save_topic(paths.topics_file(), topic)
            self._relabel()

    def delete_topic(self, previous: Topic) -> None:
        """Take a topic out of topics.toml. Raises what `save_topic` raises."""
        with self._saving, editing.locked(paths.topics_file()):
            self._unchanged(previous, previous)
            delete_topic(paths.topics_file(), previous.name)
            self._relabel()

    @staticmethod
    def _unchanged(topic: Topic, previous: Topic | None) -> None:
        """Raise PressgaugeError unless the file still has what the editor saw."""
        now = {each.name: each for each in load_topics(paths.topics_file())}
        if previous is not None and now.get(previous.name) != previous:
            raise PressgaugeError(
                f"{previous.label} has been changed or deleted by somebody else meanwhile; reload the page "
                "and choose it again"
            )
        if previous is None:
            label = topic.label.casefold()
            for each in now.values():
                if each.label.casefold() == label or each.query == topic.query or each.name == topic.name:
                    raise PressgaugeError(f"the topic {each.label} is there already; choose it to change it")

    def save_outlet(self, outlet: Outlet) -> None:
        """Write an outlet into outlets.toml and show all articles under its name.

        Raises ConfigError and OSError.
        """
        with self._saving:
            save_outlet(paths.outlets_file(), outlet)
            self._renew()

    def add_event(self, day: date, label: str, topics: Sequence[str] = ()) -> None:
        """Write an event into events.toml and mark it on all charts.

        Raises what `save_event` raises.
        """
        with self._saving:
            save_event(paths.events_file(), day, label, topics)
            self._relabel()

    def delete_event(self, day: date, label: str) -> None:
        """Take an event out of events.toml. Raises what `pressgauge.settings.events.delete_event` raises."""
        with self._saving:
            delete_event(paths.events_file(), day, label)
            self._relabel()

    def _relabel(self) -> None:
        """Read the settings again and label all articles with the topics; load them where outlets changed."""
        if self._outlets is not known_outlets():
            self._renew()
            return
        times = _settings_times()
        topics = tuple(self._settings(load_topics, paths.topics_file()))
        events = self._settings(load_events, paths.events_file())
        snapshot = self.current.snapshot.with_topics(topics)
        self.current = replace(
            self.current, snapshot=snapshot, events=events, _members={}, _views={}, _lines={}
        )
        self._times = times

    def _renew(self) -> None:
        """Load again, and first let go of versions that no session holds any more: the parts of one refer to
        each other, and a server looks for garbage among what is old so seldom that each would stay."""
        gc.collect()
        self.current = self._load()

    def _load(self) -> LoadedVersion:
        self._times, self._outlets = _settings_times(), known_outlets()
        topics = self._settings(load_topics, paths.topics_file())
        events = self._settings(load_events, paths.events_file())
        dataset, synthetic = self._open_dataset()
        return LoadedVersion(dataset.path, dataset, dataset.snapshot(topics), events, synthetic)


def _settings_times() -> tuple[Any, ...]:
    """When the files of topics, events and outlets were last written: an edit by hand is seen by it."""
    files = (paths.topics_file(), paths.events_file(), paths.outlets_file())
    return tuple((stat.st_mtime_ns, stat.st_size) for file in files if (stat := _stat(file)) is not None)


def _stat(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except OSError:
        return None


def topic_name(query: str, names: Collection[str] = ()) -> str:
    """A new topic name made from a query: '"Open weights" OR x' -> 'open_weights_or_x'."""
    name = "_".join(re.findall(r"[a-z0-9]+", query.lower()))[:40] or "topic"
    name = name if name[0].isalpha() else f"topic_{name}"
    return next(n for n in chain([name], (f"{name}_{i}" for i in count(2))) if n not in names)
