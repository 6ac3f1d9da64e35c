"""The dataset: articles on disk, appended in atomic commits and loaded as pandas, any version of it."""

from __future__ import annotations

import contextlib
import difflib
import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pressgauge.arguments import check_query
from pressgauge.errors import DatasetError, quantity
from pressgauge.event_report import EventReport
from pressgauge.events.files import fingerprint
from pressgauge.events.sync import Events, open_events
from pressgauge.extras import Interactive
from pressgauge.schema import METADATA, NAMES
from pressgauge.search.index import Index
from pressgauge.search.sync import Changes, open_index
from pressgauge.settings import paths
from pressgauge.settings.outlets import Outlets, known_outlets
from pressgauge.settings.people import NameRule, load_people
from pressgauge.settings.topics import Topic, load_topics
from pressgauge.snapshot import Snapshot, in_order, of_columns
from pressgauge.store.append import Append, Appended, once_each
from pressgauge.store.cache import columns
from pressgauge.store.cache.arrays import LEAST
from pressgauge.store.cache.identities import Store
from pressgauge.store.cache.memberships import topic_masks
from pressgauge.store.cache.metadata import FORM, TEXTS, MetadataStore
from pressgauge.store.changes import changes_between, state_of
from pressgauge.store.export import export
from pressgauge.store.frames import frame_of, relabel, with_names
from pressgauge.store.lock import only_writer
from pressgauge.store.memory import give_back
from pressgauge.store.places import Places
from pressgauge.store.rows.clean import prepare
from pressgauge.store.table.delta import ConflictError, Storage
from pressgauge.store.table.listing import (
    NOTHING,
    File,
    Listing,
    Part,
    by_month,
    small_files,
)
from pressgauge.store.table.merging import merged
from pressgauge.stories.originals import originals
from pressgauge.voices.lookup import voices_from
from pressgauge.voices.people import bodies, resolve_names
from pressgauge.voices.readers import name_reader
from pressgauge.voices.store import behind, read, update
from pressgauge.voices.tables import Tables

log = logging.getLogger(__name__)

_ATTEMPTS = 10
_OF_STORIES = ("id", "story", "outlet", "published", "published_precision", "credit")
"""The columns that say which article of a story is its original."""


class Dataset(Interactive):
    """Articles in a Delta table, a search index beside it, and every version it ever had.

    Made by `pressgauge.open`. `path` is the folder of the index and of what the collectors remember;
    `location` where the table lies: below that folder, or at an object store's URL, with `options`. Every
    method raises DatasetError when the table or the disk refuses, with what to do.
    """

    def __init__(self, location: str | Path, options: dict[str, str] | None = None) -> None:
        if not isinstance(location, (str, PathLike)):
            kind = type(location).__name__
            raise DatasetError(
                f"a dataset is named by its folder or URL, not by a {kind}; articles of a frame "
                "come into one with open(folder).append(frame), or ask frame.coverage"
            )
        if "://" in str(location):
            self.location = f"{str(location).rstrip('/')}/articles"
            name = hashlib.sha256(self.location.encode()).hexdigest()[:16]
            self.path = paths.data_dir() / "remote" / name
            self._storage = Storage(self.location, options)
        else:
            self.path = Path(location).expanduser().absolute()
            if self.path.exists() and not self.path.is_dir():
                raise DatasetError(f"{self.path} is a file; expected the folder of a dataset")
            self.location = str(self.path / "articles")
            self._storage = Storage(self.path / "articles")
        self.options = options
        self._open_caches()
        self._index: Index | None = None
        self._events: Events | None = None
        self._snapshot: Snapshot | None = None
        self._voices: tuple[tuple[tuple[int, int], tuple[NameRule, ...], str | None], Tables] | None = None
        self._outlets: Outlets | None = None

    def _open_caches(self) -> None:
        identities = Store(self.path / "known")
        self._places = Places(self._storage, identities)
        self._append = Append(self._storage, self._places, identities)
        self._metadata_store = MetadataStore(self.path / "metadata")

    def __repr__(self) -> str:
        return f"<Dataset {self.location}: version {self.version}, {quantity(len(self), 'article')}>"

    def __reduce__(self) -> tuple[Any, ...]:
        """A worker of a cluster opens it for itself."""
        return Dataset, (self.location.removesuffix("/articles"), self.options)

    def __len__(self) -> int:
        """Number of articles in the newest version."""
        return self._storage.latest().rows

    @property
    def version(self) -> int:
        """The newest version on disk, -1 before the first commit."""
        return self._storage.latest().version

    @property
    def state(self) -> tuple[int, int]:
        """The newest version, and the digest of its files: of two states one may have the other's number."""
        return state_of(self._storage.latest())

    # Reading

    def load(
        self, columns: Sequence[str] | None = None, as_of: int | str | date | None = None
    ) -> pd.DataFrame:
        """The articles, in no particular order: all columns of `pressgauge.schema.NAMES`, or those named.

        Labels are categoricals, moments datetime64[us, UTC], whole numbers Int32, ids int64, authors lists,
        other texts str; unknown is null. `story` is the id of the story's original. `as_of` is a version, or
        a day or moment (UTC): the newest version committed by its end.
        """
        listing = self._storage.latest() if as_of is None else self._storage.at(self._version_of(as_of))
        if not listing.files and as_of is None:
            self._need_folder()
        requested = _names_of(columns)
        stored_names = with_names([*requested, *(_OF_STORIES if "story" in requested else ())])
        frame = relabel(frame_of(self._storage.read(listing.files, stored_names)))
        if "story" in requested:
            frame["story"] = originals(frame)
        return frame[requested]

    def read(self, ids: Iterable[int], columns: Sequence[str] | None = None) -> pd.DataFrame:
        """The articles with these ids, in their order; an id that is not there is left out.

        `story` is the key that the story's articles share, as in the files.
        """
        listing = self._storage.latest()
        if not listing.files:
            self._need_folder()
        requested, names = _ids_of(ids), _names_of(columns)
        frame = relabel(frame_of(self._places.rows(listing, requested, with_names([*names, "id"]))))
        at = pd.Index(frame["id"]).get_indexer(requested)
        return frame.iloc[at[at >= 0]].reset_index(drop=True)[names]

    def months(self) -> dict[str, int]:
        """The months ('2025-01', 'unknown') that have articles in the newest version, each with a digest of
        the files that hold them: another state of a month has another."""
        return {month: Listing(0, tuple(files), {}).digest for month, files in self._by_month().items()}

    def of_month(self, month: str, columns: Sequence[str]) -> pd.DataFrame:
        """The articles published in a month of `months`; `story` is the key that a story's articles share."""
        files = self._by_month().get(month, [])
        return relabel(frame_of(self._storage.read(files, with_names(columns))))[list(columns)]

    def has(self, ids: Iterable[int]) -> np.ndarray:
        """Which of these ids are in the newest version: a bool array."""
        requested = pd.Index(_ids_of(ids))
        return requested.isin(self._places.among(self._storage.latest(), requested))

    def changes(self, since: tuple[int, int], until: tuple[int, int], columns: Sequence[str]) -> Changes:
        """What changed from one state to a later one; only the files that differ are read.

        Raises DatasetError when the dataset was never in these states, or lacks files of theirs.
        """
        old, new = (
            self._storage.at(state[0]) if state != state_of(NOTHING) else NOTHING for state in (since, until)
        )
        if (state_of(old), state_of(new)) != (since, until):
            raise DatasetError(f"{self.location} is not the dataset that it was at version {since[0]}")
        return changes_between(self._storage, self._places, old, new, columns)

    def versions(self) -> pd.DataFrame:
        """A row a version, oldest first: version (int64), at (datetime64[us, UTC]), operation (text),
        articles (Int64, in that version), added, updated (Int64, by its commit); null where another program
        committed, or the record was damaged."""
        numbers = ("articles", "added", "updated")
        rows = [
            (
                version,
                None if commit is None or commit.at is None else pd.Timestamp(commit.at, unit="ms", tz="UTC"),
                "unreadable" if commit is None else commit.facts.get("operation", commit.operation),
                *(None if commit is None else commit.facts.get(name) for name in numbers),
            )
            for version, commit in enumerate(self._storage.commits())
        ]
        table = pd.DataFrame(rows, columns=["version", "at", "operation", *numbers])
        types = {"version": "int64", "at": "datetime64[us, UTC]"} | dict.fromkeys(numbers, "Int64")
        return table.astype(types)

    def require(self) -> Dataset:
        """The dataset itself, if there is one on disk. Raises DatasetError, with one of a similar name."""
        if self.version < 0:
            raise DatasetError(self._missing_message())
        return self

    def _missing_message(self) -> str:
        near = [each.parents[1].name for each in self.path.parent.glob("*/articles/_delta_log")]
        close = difflib.get_close_matches(self.path.name, near, 1) if "://" not in self.location else []
        advice = (
            f"did you mean {self.path.with_name(close[0])}?"
            if close
            else "`pressgauge refresh` makes one, as does append(frame)"
        )
        return f"there is no dataset at {self.location.removesuffix('/articles')}; {advice}"

    def _need_folder(self) -> None:
        """A folder without a table is a dataset that is empty yet; one that is not there was mistyped."""
        if "://" not in self.location and not self.path.exists():
            raise DatasetError(self._missing_message())

    # Searching

    def index(self) -> Index:
        """The search index of the newest version, first brought up to date on disk."""
        if self.version < 0:
            self._need_folder()
        if self._index is None or self._index.state != self.state:
            self._index = open_index(self, self.path / "index" if self.version >= 0 else None)
            self._index.voices = voices_from(self.voices)
        return self._index

    def events(self) -> Events:
        """Which articles of the newest version tell of one event, first brought up to date on disk."""
        if self._events is None or self._events.state != self.state:
            self._events = open_events(self, self.path / "events", self._events)
        return self._events

    def voices(self, progress: Callable[[int, int], None] | None = None) -> Tables:
        """Who is quoted and who is named in the newest version: `voices.tables.Tables`, with names as all
        articles call them.

        They are kept beside the dataset; articles that changed are read first, some 750 a second, of
        which `progress` is told (read, of how many). Raises ConfigError when people.toml or names.toml
        cannot be used.
        """
        rules = load_people(paths.people_file())
        reader = name_reader(paths.names_file())
        state = (self.state, tuple(rules), reader.version if reader else None)
        if self._voices is None or self._voices[0] != state:
            tables = update(self, bodies(rules), progress, reader)
            self._voices = state, resolve_names(tables, rules)
        return self._voices[1]

    def read_voices(self) -> None:
        """Bring what is kept of `voices` up to date, without loading it."""
        read(self, bodies(load_people(paths.people_file())), name_reader(paths.names_file()))

    def voices_behind(self) -> int | None:
        """How many articles `voices` would read first; None where it would read all of them."""
        return behind(self, bodies(load_people(paths.people_file())), name_reader(paths.names_file()))

    def event(self, number: int) -> EventReport:
        """One event, by its number now or by one that was merged into it: see `Searchable.event`."""
        return super().event(self.require().events().current(number))

    def snapshot(self, topics: Sequence[Topic] | None = None) -> Snapshot:
        """The newest version in memory, with the membership of `topics` (those of topics.toml by default).

        Raises ConfigError when that file cannot be used, QueryError when a topic's query cannot be read.
        """
        index = self.index()
        outlets = known_outlets()
        # one version may have two states, and the outlets be edited meanwhile
        if self._snapshot is None or self._snapshot.index is not index or self._outlets is not outlets:
            self._snapshot, self._outlets = self._take(index), outlets
            give_back()
        topics = load_topics(paths.topics_file()) if topics is None else topics
        queries = [topic.query for topic in topics]
        return self._snapshot.with_topics(topics, topic_masks(self.path / "topics", self._snapshot, queries))

    def _take(self, index: Index) -> Snapshot:
        """The articles of the index's version, without topics."""
        if index.version < 0 or len(self) < LEAST:
            return of_columns(*self._made(index), index)
        if self._state_of_columns(index) is None:
            self.events()
        state = self._state_of_columns(index)
        if (kept := self._kept(index, state)) is not None:
            return kept
        made = self._made(index)
        # The outlets' names may have been edited meanwhile: what was made is then of neither state.
        if state is not None and state == self._state_of_columns(index):
            columns.save(self.path / "columns", state, *made)
            return self._kept(index, state) or of_columns(*made, index)
        return of_columns(*made, index)

    def _kept(self, index: Index, state: str | None) -> Snapshot | None:
        """The same from what is kept beside the dataset, where that is of this state."""
        if state is None:
            return None
        texts = frame_of(self._metadata_table(self._storage.at(index.version), TEXTS))
        return columns.load(self.path / "columns", state, texts, index)

    def _state_of_columns(self, index: Index) -> str | None:
        events = fingerprint(self.path / "events", index.state)
        return events and columns.state_of(self._storage.at(index.version).files, events)

    def _made(self, index: Index) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
        articles = self._metadata(index.version)
        event = self.events().of(articles["id"].to_numpy())
        return in_order(articles.assign(event=event))

    def _metadata(self, version: int) -> pd.DataFrame:
        """`load(METADATA)` of a version, from what is kept beside the dataset, which is first made."""
        if version < 0:
            return self.load(METADATA)
        frame = relabel(frame_of(self._metadata_table(self._storage.at(version), FORM.names)))
        frame["story"] = originals(frame)
        return frame[list(METADATA)]

    def _metadata_table(self, listing: Listing, names: Sequence[str]) -> pa.Table:
        if listing.version == self._storage.latest().version:
            self._metadata_store.keep_only(file.path for file in listing.files)
        tables = [self._metadata_in(file).select(names) for file in listing.files]
        return pa.concat_tables([FORM.empty_table().select(names), *tables])

    def _metadata_in(self, file: File) -> pa.Table:
        full_file = File(file.path, file.physical_rows)
        table = self._metadata_store.table(
            file.path, file.physical_rows, lambda: self._storage.read([full_file], FORM.names)
        )
        return table.take(pa.array(file.numbers)) if file.deleted else table

    def export(self, path: str | Path, query: str | None = None) -> dict[str, Any]:
        """Write the articles (those that match `query`, if given) to a .csv, .jsonl or .parquet file.

        Returns the description that is kept beside it, see `store.export.export`. Raises QueryError.
        """
        if query is not None:
            check_query(query, 'export(path, "open source")')
        index = self.require().index()
        listing = self._storage.at(index.version) if index.version >= 0 else self._storage.latest()
        matches = None if query is None else pd.Index(index.ids(query))
        story = self.load(["id", "story"], as_of=listing.version if listing.files else None).set_index("id")[
            "story"
        ]

        def frames() -> Iterator[pd.DataFrame]:
            for file in listing.files:
                frame = relabel(frame_of(self._storage.read([file], NAMES)))
                frame = frame if matches is None else frame[frame["id"].isin(matches)]
                yield frame.assign(story=story.reindex(frame["id"]).to_numpy())

        return export(frames() if listing.files else [self.load()], Path(path), version=listing.version)

    # Writing

    def append(self, frame: pd.DataFrame) -> Appended:
        """Store articles in one commit; those whose canonical URL is there are updated if this is better.

        See `rows.clean.prepare` for what the frame needs, `rows.merge.merge` for what is better. While
        another process writes, this one waits. Afterwards all of the frame is stored, or nothing.
        """
        intake = prepare(frame, datetime.now(UTC))
        with self._write_lock():
            for attempt in range(_ATTEMPTS):
                try:
                    result = self._append.upsert(self._storage.latest(), once_each(intake.articles))
                    break
                except ConflictError:  # only where no lock can be had: on an object store
                    if attempt == _ATTEMPTS - 1:
                        raise
        twice = len(intake.articles) - result.added - result.updated - result.unchanged
        return Appended(
            result.version, result.added, result.updated, result.unchanged + twice, intake.rejected
        )

    def restore(self, version: int) -> int:
        """Make the dataset what it was at a version (-1: empty), in a new commit; the number of that commit.

        What came after stays in the versions, and `restore` brings it back; `compact(forget=...)` ends that.
        """
        with self._write_lock():
            latest = self._storage.latest()
            target = NOTHING if version == -1 else self._storage.at(version)
            if target.files == latest.files:
                return latest.version
            facts = {"operation": f"restore {version}", "added": 0, "updated": 0}
            return self._storage.restore(latest, target, facts).version

    def compact(self, forget: timedelta | None = None) -> int:
        """Merge the small files of each month, in one commit; how many files there are afterwards.

        With `forget`, what only versions older than that need is deleted, and they can be opened no more.
        """
        with self._write_lock():
            listing = self._storage.latest()
            if small := small_files(listing.files):
                parts = (Part(files[0].month, merged(self._storage, files)) for files in small)
                merged_files = [file for files in small for file in files]
                listing = self._storage.commit(listing, parts, merged_files, {"operation": "compact"})
            if forget is not None:
                self._storage.forget(forget.days)
            return len(listing.files)

    @contextlib.contextmanager
    def _write_lock(self) -> Iterator[None]:
        """Be the only writer of this machine; the lock ends with its process, however that ends.

        Raises DatasetError where the table is gone that was read before: a folder that was renamed, or is not
        mounted, gets no second dataset in its place.
        """
        if self._storage.has_existed and self.version < 0:
            raise DatasetError(
                f"{self.location} is gone: renamed, deleted or not mounted; to begin another, open it anew"
            )
        with only_writer(self.path, self.location):
            yield

    def _reopen(self) -> Storage:
        """Forget what was read, after files were changed by other means than a commit."""
        self._storage = Storage(self.path / "articles")
        self._open_caches()
        self._index, self._events, self._snapshot = None, None, None
        return self._storage

    def _by_month(self) -> dict[str, list[File]]:
        return by_month(self._storage.latest().files)

    def _version_of(self, as_of: int | str | date) -> int:
        if isinstance(as_of, (int, np.integer)):
            return int(as_of)
        try:
            moment = pd.Timestamp(as_of)
        except ValueError:
            raise DatasetError(f"as_of={as_of!r}: expected a version, or a day such as 2025-01-31") from None
        moment = moment.tz_localize("UTC") if moment.tzinfo is None else moment.tz_convert("UTC")
        whole_day = not isinstance(as_of, datetime) and moment == moment.normalize()
        end = moment + timedelta(days=1) if whole_day else moment
        table = self.versions()
        earlier = table.loc[table["at"] < end if whole_day else table["at"] <= end, "version"]
        if earlier.empty:
            raise DatasetError(f"{self.location} has no version as old as {as_of}")
        return int(earlier.iloc[-1])


def _names_of(columns: Sequence[str] | None) -> list[str]:
    """The columns that are asked for, all where none is named."""
    if isinstance(columns, str):
        raise DatasetError(f"columns are a list of names; write columns=[{columns!r}]")
    names = list(NAMES if columns is None else columns)
    if unknown := [str(name) for name in names if name not in NAMES]:
        raise DatasetError(f"no such column: {', '.join(unknown)}; expected are {', '.join(NAMES)}")
    return names


def _ids_of(ids: Iterable[int]) -> np.ndarray:
    try:
        return np.fromiter(ids, np.int64)
    except (TypeError, ValueError):
        raise DatasetError("articles are asked for by whole numbers: those of the column id") from None
