"""`DataFrame.coverage`: searches and measures for articles that are in no dataset."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from pressgauge.coverage import Coverage, Searchable
from pressgauge.events import cluster_events
from pressgauge.schema import METADATA
from pressgauge.search.index import Index, in_memory
from pressgauge.settings import paths
from pressgauge.settings.outlets import known_outlets
from pressgauge.settings.people import load_people
from pressgauge.settings.topics import Topic, load_topics
from pressgauge.snapshot import Snapshot, take
from pressgauge.validation.check import Records
from pressgauge.voices.lookup import voices_from
from pressgauge.voices.people import bodies, resolve_names
from pressgauge.voices.readers import name_reader
from pressgauge.voices.tables import Tables, voices_of


@pd.api.extensions.register_dataframe_accessor("coverage")
class FrameCoverage(Searchable):
    """`frame.coverage.search(...)` and `.compare(...)` for a frame that has `url` and any other columns of an
    article (`pressgauge.COLUMNS`); known to pandas when `pressgauge` is imported after it, or has opened a
    dataset.

    Of what a search found, also merged with a table of one's own, the articles themselves are searched again.
    Any other frame is read as `Dataset.append` reads it, and again when a value has changed; rows that are no
    articles are left out with a warning that names them. Raises DatasetError when a column is missing,
    unknown or of another type.

    >>> import pandas as pd
    >>> import pressgauge
    >>> frame = pd.DataFrame({"url": ["https://example.org/a"], "title": ["Open weights for all"]})
    >>> frame.coverage.search("open").title.tolist()
    ['Open weights for all']
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame
        self._articles = pd.DataFrame()
        self._voices: Tables | None = None

    @property
    def records(self) -> Records:
        """The samples and codes of this frame, which live as long as it does."""
        # since pandas 3 an accessor is made anew each time it is asked for, so they are the frame's own
        records: Records = self._frame.__dict__.setdefault("_pressgauge_records", Records(None))
        return records

    def snapshot(self, topics: Sequence[Topic] | None = None) -> Snapshot:
        """The frame's articles, with the membership of `topics` (those of topics.toml by default)."""
        self._articles, index = self._read_once()
        self._voices = None
        topics = load_topics(paths.topics_file()) if topics is None else topics
        return take(self._articles[[*METADATA, "event"]], index, topics)

    def _read_once(self) -> tuple[pd.DataFrame, Index]:
        """The articles and their index, kept with the frame until its values change."""
        from pressgauge.store.dataset import Dataset

        state = _fingerprint_of(self._frame), known_outlets()
        cached = self._frame.__dict__.get("_pressgauge_read")
        if cached is not None and cached[0] == state:
            return cached[1:]
        with TemporaryDirectory(prefix="pressgauge-") as folder:
            dataset = Dataset(Path(folder))
            rejected = dataset.append(_whole_articles(self._frame)).rejected
            articles = dataset.load()
        articles = articles.assign(event=cluster_events(articles))
        if rejected:
            labels = ", ".join(f"{label!r} ({reason})" for label, reason in rejected[:5])
            warnings.warn(f"{len(rejected)} rows are no articles and left out: {labels}", stacklevel=4)
        result = articles, in_memory(articles, voices=voices_from(self.voices))
        self._frame.__dict__["_pressgauge_read"] = (state, *result)
        return result

    def voices(self) -> Tables:
        """Who is quoted and who is named in the articles, as the last question read them."""
        if self._voices is None:
            rules = load_people(paths.people_file())
            reader = name_reader(paths.names_file())
            self._voices = resolve_names(voices_of(self._articles, bodies(rules), reader), rules)
        return self._voices

    def read(self, ids: Iterable[int], columns: Sequence[str] | None = None) -> pd.DataFrame:
        """The articles with these ids, in their order, as the last question read them."""
        articles = self._articles if columns is None else self._articles[list(columns)]
        return articles.set_axis(self._articles["id"]).loc[list(ids)].reset_index(drop=True)


def _whole_articles(frame: pd.DataFrame) -> pd.DataFrame:
    """The articles of a frame; what a search found holds neither texts nor addresses, its source does."""
    if isinstance(frame, Coverage):
        return frame._source.read(frame["id"].drop_duplicates())
    return frame


def _fingerprint_of(frame: pd.DataFrame) -> tuple[Any, ...]:
    """Changes with the frame's labels and values: a second reading takes many times as long."""
    parts = []
    for at in range(frame.shape[1]):
        column = frame.iloc[:, at]
        try:
            hashed = pd.util.hash_pandas_object(column)
        except TypeError:  # lists of authors
            hashed = pd.util.hash_pandas_object(column.map(repr))
        parts.append((str(frame.columns[at]), str(column.dtype), hash(hashed.to_numpy().tobytes())))
    return tuple(parts)
