"""The full-text index beside a dataset: which articles match a query, in milliseconds.

The index is derived. It says which dataset version it holds in the same atomic commit as its articles, so it either is
exactly that version or is brought up to it; missing, of another format or unreadable, it is built anew in a folder of
its own and swapped in. Where nothing can be written (a read-only folder, an object store) it lives in memory.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
import tantivy
from tantivy import FieldType, Occur, Query

from pressgauge.errors import DatasetError, QueryError
from pressgauge.query import And, Everything, Node, Not, Or, Published, Words, parse
from pressgauge.words import ANALYZERS, FORMAT, normal

_FIELDS: dict[str, tuple[str, str]] = {
    "title": ("title", "folded"),
    "text": ("text", "folded"),
    "title_cased": ("title", "cased"),
    "text_cased": ("text", "cased"),
    "author": ("authors", "folded"),
    "outlet": ("outlet", "folded"),
    "source": ("source", "folded"),
    "domain": ("domain", "exact"),
    "country": ("country", "exact"),
    "language": ("language", "exact"),
}
"""Index field -> column of the article, and analyzer."""
_STAMPS = ("published", "collected")  # held as microseconds: Tantivy's own dates are whole seconds
_COLUMNS = ("id", *_STAMPS, *dict.fromkeys(column for column, _ in _FIELDS.values()))
_EVERY_ARTICLE = Query.exists_query("id")  # not all_query: the document that holds the version is no article
_LOCK_WAIT = 60.0  # seconds that another process may take for its update
_FEW = 10_000  # articles that one thread indexes at once; more would leave many small segments


class Dataset(Protocol):
    """What the index asks of a dataset."""

    @property
    def version(self) -> int: ...
    def load(self, columns: Sequence[str] | None = None) -> pd.DataFrame: ...
    def read(self, ids: Iterable[int], columns: Sequence[str] | None = None) -> pd.DataFrame: ...


class Index:
    """The articles of one dataset version, searchable from any number of threads.

    A later commit does not reach an Index that is open: it keeps answering for its own `version`.
    """

    def __init__(self, index: tantivy.Index) -> None:
        index.reload()
        self._schema = index.schema
        self._searcher = index.searcher()
        self.version = max(self._values(Query.exists_query("version"), "version"), default=-1)

    def __len__(self) -> int:
        return self._searcher.search(_EVERY_ARTICLE, limit=1).count

    def ids(self, query: str) -> np.ndarray:
        """Ids (int64, in no order) of the articles that match. Raises QueryError when the query cannot be read."""
        try:
            return np.array(self._values(_compile(parse(query), self._schema), "id"), dtype=np.int64)
        except ValueError as error:
            raise _refused(query, error) from error

    def count(self, query: str) -> int:
        """How many articles match. Raises QueryError when the query cannot be read."""
        try:
            return self._searcher.search(_compile(parse(query), self._schema), limit=1).count
        except ValueError as error:
            raise _refused(query, error) from error

    def collected(self) -> pd.Series:
        """When each article was collected (int64 microseconds UTC), by id: what tells one state of an article from another."""
        values, ids = self._values(_EVERY_ARTICLE, "collected"), self._values(_EVERY_ARTICLE, "id")
        return pd.Series(np.array(values, dtype=np.int64), index=np.array(ids, dtype=np.int64))

    def _values(self, query: Query, field: str) -> list[Any]:
        # without scores, of which nothing is used, the engine is several times faster
        unscored = Query.const_score_query(query, 1.0)
        hits = self._searcher.search(unscored, limit=max(self._searcher.num_docs, 1), count=False).hits
        return self._searcher.fast_field_values(field, [address for _, address in hits])


def in_memory(articles: pd.DataFrame, version: int = -1) -> Index:
    """An index of a frame with `id` and any other columns of the schema; nothing is written to disk."""
    index = _registered(tantivy.Index(_schema()))
    with _writer(index, len(articles)) as writer:
        _write(writer, articles, [], version)
    return Index(index)


def open_index(dataset: Dataset, folder: Path | None) -> Index:
    """The index of the dataset's current version, kept in `folder` and first brought up to date there.

    It lives in memory when `folder` is None or cannot be written. Raises DatasetError when the disk refuses, or when
    another process holds the index for longer than a minute.
    """
    if folder is None or not _writable(folder):
        return in_memory(dataset.load(_COLUMNS), dataset.version)
    path = folder / f"format-{FORMAT}"
    try:
        index = _existing(path)
        return _rebuild(dataset, path) if index is None else _update(dataset, index)
    except (OSError, ValueError) as error:
        raise DatasetError(
            f"cannot write the search index {folder}: {error}. Make room, or delete that folder; it is built anew when next opened."
        ) from error


def _existing(path: Path) -> tantivy.Index | None:
    """The index in a folder, or None when there is none that can be read."""
    try:
        index = _registered(tantivy.Index.open(str(path)))
        Index(index)
    except ValueError:
        return None
    return index


def _update(dataset: Dataset, index: tantivy.Index) -> Index:
    """Compare (id, collected) of index and dataset: right whatever happened to either in between."""
    current = Index(index)
    if current.version == dataset.version:
        return current
    with _writer(index, _FEW) as writer:
        current = Index(index)  # the lock may have come after another process's update
        if current.version != dataset.version:
            known, target = current.collected(), dataset.load(["id", "collected"])
            held = known.reindex(target["id"]).to_numpy()
            fresh = target["id"].to_numpy()[held != _microseconds(target["collected"])]
            gone = known.index.difference(pd.Index(target["id"]))
            _write(writer, dataset.read(fresh, _COLUMNS), chain(gone, fresh), dataset.version)
    return Index(index)


def _rebuild(dataset: Dataset, path: Path) -> Index:
    """Build beside, then swap: a reader meets the old index, none, or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix="building-", dir=path.parent))
    try:
        index = _registered(tantivy.Index(_schema(), str(building)))
        articles = dataset.load(_COLUMNS)
        with _writer(index, len(articles)) as writer:
            _write(writer, articles, [], dataset.version)
        shutil.rmtree(path, ignore_errors=True)
        building.rename(path)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return Index(_registered(tantivy.Index.open(str(path))))


def _writable(folder: Path) -> bool:
    """Whether the folder, or the first of its parents that exists, may be written."""
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return os.access(existing, os.W_OK)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for field, (_, analyzer) in _FIELDS.items():
        builder.add_text_field(field, tokenizer_name=analyzer)
    for field in ("id", "version", *_STAMPS):
        builder.add_integer_field(field, indexed=True, fast=True)
    return builder.build()


def _registered(index: tantivy.Index) -> tantivy.Index:
    for name, analyzer in ANALYZERS.items():
        index.register_tokenizer(name, analyzer)
    return index


@contextmanager
def _writer(index: tantivy.Index, articles: int) -> Iterator[tantivy.IndexWriter]:
    """The only writer of the index in any process; what it wrote is there as a whole after the block, or not at all."""
    threads = 1 if articles <= _FEW else os.cpu_count() or 1
    deadline = time.monotonic() + _LOCK_WAIT
    while True:
        try:
            writer = index.writer(heap_size=threads * 128_000_000, num_threads=threads)
            break
        except ValueError as error:
            if "LockBusy" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
    yield writer
    writer.commit()
    writer.wait_merging_threads()


def _write(writer: tantivy.IndexWriter, articles: pd.DataFrame, replaced: Iterable[int], version: int) -> None:
    for identity in replaced:
        writer.delete_documents_by_term("id", int(identity))
    writer.delete_documents_by_query(Query.exists_query("version"))
    columns: dict[str, list[Any]] = {"id": articles["id"].tolist()}
    for name in _STAMPS:
        if name in articles:
            known = articles[name].notna()
            columns[name] = np.where(known, _microseconds(articles[name]), None).tolist()
    for field, (column, _) in _FIELDS.items():
        if column in articles:
            columns[field] = [_indexable(value) for value in articles[column]]
    for row in zip(*columns.values(), strict=True):
        writer.add_document(tantivy.Document(**{name: value for name, value in zip(columns, row, strict=True) if value is not None}))
    writer.add_document(tantivy.Document(version=version))


def _indexable(value: Any) -> str | list[str] | None:
    if isinstance(value, str):
        return normal(value)
    return [normal(each) for each in value] if isinstance(value, (list, np.ndarray)) else None


def _microseconds(moments: pd.Series) -> np.ndarray:
    return moments.dt.as_unit("us").astype("int64").to_numpy()


def _compile(node: Node, schema: tantivy.Schema) -> Query:
    """The engine's query for a parsed one."""
    match node:
        case Everything():
            return _EVERY_ARTICLE
        case Words(fields=fields):
            return _any([_in_field(node, field, schema) for field in fields])
        case Published(since, until):
            return Query.range_query(schema, "published", FieldType.Integer, since, until, include_upper=False)
        case Or(parts):
            return _any([_compile(part, schema) for part in parts])
        case And(parts):
            wanted = [(Occur.Must, _compile(part, schema)) for part in parts if not isinstance(part, Not)]
            unwanted = [(Occur.MustNot, _compile(part.part, schema)) for part in parts if isinstance(part, Not)]
            return Query.boolean_query([*(wanted or [(Occur.Must, _EVERY_ARTICLE)]), *unwanted])
        case Not():
            return _compile(And((node,)), schema)


def _in_field(node: Words, field: str, schema: tantivy.Schema) -> Query:
    words = list(node.words)
    if node.prefix and len(words) > 1:
        # not phrase_prefix_query, which stops after fifty words; a word has no character special to a pattern
        return Query.regex_phrase_query(schema, field, [*words[:-1], words[-1] + ".*"])
    if node.prefix:
        return Query.phrase_prefix_query(schema, field, words)
    if len(words) > 1:
        return Query.phrase_query(schema, field, words, node.slop)
    return Query.term_query(schema, field, words[0])


def _any(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, query) for query in queries])


def _refused(query: str, error: ValueError) -> QueryError:
    return QueryError(query, 0, f"the search engine refuses this query: {error}", "Give more letters before each *.")
