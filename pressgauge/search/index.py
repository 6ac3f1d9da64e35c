"""Which articles match a query, answered by Tantivy in milliseconds."""

from __future__ import annotations

import math
import os
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from operator import attrgetter, itemgetter
from typing import Any

import numpy as np
import pandas as pd
import tantivy
from tantivy import FieldType, Occur, Query

from pressgauge.errors import ArgumentError, QueryError
from pressgauge.search import frequency
from pressgauge.search.nodes import And, AtLeast, Everything, HasValue, Node, Not, Or, Published, Words
from pressgauge.search.query import VOICE_FIELDS, parse
from pressgauge.search.tokens import OF_SPACED, OPENING_LEAST, normal, opening, spaced, words
from pressgauge.settings.outlets import Outlet, Outlets, known_outlets
from pressgauge.store.memory import give_back

FIELDS: dict[str, tuple[str, str]] = {
    "title": ("title", "folded"),
    "text": ("text", "folded"),
    "title_cased": ("title", "cased"),
    "text_cased": ("text", "cased"),
    "lead": ("text", "folded"),
    "lead_cased": ("text", "cased"),
    "author": ("authors", "folded"),
    "outlet": ("outlet", "folded"),
    "source": ("source", "folded"),
    "domain": ("domain", "exact"),
    "country": ("country", "exact"),
    "language": ("language", "exact"),
}
"""Index field -> column of the article, and analyzer."""
COLUMNS = ("id", "published", *dict.fromkeys(column for column, _ in FIELDS.values()))
"""The columns of an article that an index holds."""
_OF_WHOLE = {"lead": "text", "lead_cased": "text_cased"}
"""Fields of an opening, and those of the whole text: of a text that is no longer than its opening the index
has none, which would be the text once more."""
_LENGTHS = {"title": "title_words", "text": "text_words"}
"""The columns whose words are counted, and the field with their number."""
_EVERY_ARTICLE = Query.exists_query("id")  # not all_query: the document that holds the state is no article
_PATTERN = frozenset(r"\.+*?()|[]{}^$#&-~")  # https://docs.rs/regex/latest/regex/#escape-sequences
_AT_ONCE, _CHARACTERS = 1_000, 600_000  # articles whose texts are in memory a second time, their words apart
_SHARE = 4_000  # articles that are worth another indexing thread, which makes a segment of its own

_address_of, _number_of = itemgetter(1), attrgetter("doc")

Voices = Callable[[Words | HasValue], np.ndarray]


def nobody(node: Words | HasValue) -> np.ndarray:
    """The voices of texts that are no articles: nobody speaks in them."""
    return np.empty(0, np.int64)


class Index:
    """The articles of one dataset version, searchable from any number of threads.

    A later commit does not reach an Index that is open: it keeps answering for its own `version`. `voices`
    gives the ids of articles for what is asked of `speaker:` and `quote:`, which no index holds.
    """

    def __init__(self, index: tantivy.Index, voices: Voices | None = None) -> None:
        self.voices = voices
        index.reload()
        self._schema = index.schema
        self._owned: tuple[Outlets, dict[str, Outlet]] | None = None
        self._searcher = index.searcher()
        state_query = Query.exists_query("version")
        self.state: tuple[int, int] = next(
            zip(
                self._field_values(state_query, "version"),
                self._field_values(state_query, "files"),
                strict=True,
            ),
            (-1, 0),
        )

    @property
    def version(self) -> int:
        return self.state[0]

    def __len__(self) -> int:
        return self.count("*")

    def ids(self, query: str | Node) -> np.ndarray:
        """Ids (int64, ascending) of the articles that match. Raises QueryError."""
        node = parse(query) if isinstance(query, str) else query
        with _report_refusals(query):
            if isinstance(node, AtLeast):
                return self._frequent_ids(node)
            ids = self._field_values(self._compile(node), "id")
        # whoever looks them up among a million does so several times faster in order
        return np.sort(np.array(ids, dtype=np.int64))

    def documents(
        self, query: str | Node, first: int = 0, most: int | None = None
    ) -> Iterator[tuple[int, np.ndarray, list[Any]]]:
        """The articles that match, by segment of the index: its number, their numbers in it (int32,
        ascending, the same as long as this index is open), and their hits, for `ids_of`; `most` of them, all
        by default, from the number `first` on. Raises QueryError.

        The engine tells an id as a Python object, and this number as a smaller one.
        """
        node = parse(query) if isinstance(query, str) else query
        with _report_refusals(query):
            hits = self._hits(self._compile(node), first, most)
        start = 0
        while start < len(hits):  # hits of the same score come in the order of their addresses
            segment = _address_of(hits[start]).segment_ord
            end = bisect_right(hits, segment, start, key=lambda hit: _address_of(hit).segment_ord)
            part = hits[start:end]
            yield segment, np.fromiter(map(_number_of, map(_address_of, part)), np.int32, len(part)), part
            start = end

    def ids_of(self, hits: list[Any]) -> np.ndarray:
        """The ids (int64) of hits, in their order."""
        ids = self._searcher.fast_field_values("id", [address for _, address in hits])
        return np.array(ids, dtype=np.int64)

    def ids_among(self, query: str | Node, ids: np.ndarray) -> np.ndarray:
        """Which of the articles with these ids match (int64, ascending). Raises QueryError.

        For few articles this is faster than `ids`, however many match elsewhere.
        """
        with _report_refusals(query):
            node = parse(query) if isinstance(query, str) else query
            among = Query.term_set_query(self._schema, "id", ids.tolist())
            both = Query.boolean_query([(Occur.Must, among), (Occur.Must, self._compile(node))])
            return np.sort(np.array(self._field_values(both, "id"), dtype=np.int64))

    def count(self, query: str | Node) -> int:
        """How many articles match. Raises QueryError."""
        node = parse(query) if isinstance(query, str) else query
        with _report_refusals(query):
            result = self._searcher.search(self._compile(node), limit=1)
        return result.count  # type: ignore[attr-defined]  # missing in the stubs

    def occurrences(self, words: Words) -> frequency.Occurrences:
        """How often the words, or the phrase that they are, occur in the fields that they are looked for in.

        The engine keeps these numbers for its ranking, which is read backwards
        (`pressgauge.search.frequency`). Only fields of title and text are counted. Raises QueryError.
        """
        with _report_refusals(" ".join(words.words)):
            return frequency.combine(
                [
                    frequency.of_hits(
                        self._searcher, query, _LENGTHS[FIELDS[field][0]], in_opening=field in _OF_WHOLE
                    )
                    for field in words.fields
                    for query in self._ranked_queries(words, field)
                ]
            )

    def _ranked_queries(self, words: Words, field: str) -> list[Query]:
        """Queries that the engine ranks by how often they occur: a prefix alone it does not rank at all."""
        if field in _OF_WHOLE:
            of_whole = self._ranked_queries(words, _OF_WHOLE[field])
            unranked = (Occur.Must, Query.const_score_query(self._short, 0.0))
            in_short = [Query.boolean_query([(Occur.Must, query), unranked]) for query in of_whole]
        else:
            in_short = []
        if not words.prefix or len(words.words) > 1:
            return [*in_short, _in_field(words, field, self._schema)]
        terms = self._searcher.terms_with_prefix(field, words.words[0])
        return [*in_short, *(Query.term_query(self._schema, field, term) for term, _ in terms)]

    def _in_whole_openings(self, node: Words) -> Iterator[Query]:
        """What is looked for in openings is looked for in short texts, which are theirs."""
        whole = {_OF_WHOLE[field] for field in node.fields if field in _OF_WHOLE}
        for field in sorted(whole.difference(node.fields)):
            in_text = _in_field(node, field, self._schema)
            yield Query.boolean_query([(Occur.Must, in_text), (Occur.Must, self._short)])

    @property
    def _short(self) -> Query:
        """The articles whose opening is their whole text."""
        return Query.range_query(
            self._schema, "text_words", FieldType.Integer, None, OPENING_LEAST, include_upper=True
        )

    def _frequent_ids(self, node: AtLeast) -> np.ndarray:
        """Ids of the articles in which the alternatives occur often enough."""
        totals = frequency.combine([self.occurrences(words) for words in node.alternatives])
        return totals.ids[totals.times >= node.times]

    def _compile(self, node: Node) -> Query:
        """The engine's query for a parsed one. What the engine cannot ask for is looked up first."""
        match node:
            case Everything():
                return _EVERY_ARTICLE
            case Words(fields=fields) | HasValue(fields=fields) if not VOICE_FIELDS.isdisjoint(fields):
                return Query.term_set_query(self._schema, "id", self._ids_by_voices(node).tolist())
            case Words(fields=("outlet" | "country" | "language" as field,)):
                return _any_of([_in_field(node, field, self._schema), *self._of_outlets(node, field)])
            case Words(fields=fields):
                of_fields = [_in_field(node, field, self._schema) for field in fields]
                return _any_of([*of_fields, *self._in_whole_openings(node)])
            case AtLeast(times=1, alternatives=alternatives):
                return self._compile(Or(alternatives))
            case AtLeast():
                return Query.term_set_query(self._schema, "id", self._frequent_ids(node).tolist())
            case HasValue(fields):
                columns = dict.fromkeys(FIELDS[field][0] for field in fields)
                known = [Query.term_query(self._schema, "known", column) for column in columns]
                of_outlets = [self._with(column) for column in columns if column in ("country", "language")]
                return _any_of([*known, *chain.from_iterable(of_outlets)])
            case Published(None, None):
                return Query.exists_query("published")
            case Published(since, until):
                kind, open_end = FieldType.Integer, until is None  # the engine refuses an open end without
                return Query.range_query(
                    self._schema, "published", kind, since, until, include_upper=open_end
                )
            case Or(parts):
                return _any_of([self._compile(part) for part in parts])
            case And(parts):
                required = [(Occur.Must, self._compile(part)) for part in parts if not isinstance(part, Not)]
                excluded = [
                    (Occur.MustNot, self._compile(part.part)) for part in parts if isinstance(part, Not)
                ]
                return Query.boolean_query([*(required or [(Occur.Must, _EVERY_ARTICLE)]), *excluded])
            case Not():
                return self._compile(And((node,)))

    def _ids_by_voices(self, node: Words | HasValue) -> np.ndarray:
        if self.voices is None:
            raise ArgumentError("speaker: and quote: are asked of datasets; here nobody has read who speaks")
        return self.voices(node)

    def _of_outlets(self, node: Words, field: str) -> list[Query]:
        """What outlets.toml adds to the names and codes that the articles came with: whose outlet has this
        name, or this country or language where the article has none."""
        if field == "outlet":
            return self._by(lambda outlet: _has_in_a_row(words(outlet.name, "folded"), node))
        return self._with(field, node)

    def _with(self, column: str, node: Words | None = None) -> list[Query]:
        """The articles without a country or language whose outlet has one, that of `node` if it is given."""

        def is_meant(outlet: Outlet) -> bool:
            value = getattr(outlet, column)
            return value is not None and (node is None or _has_in_a_row([value.casefold()], node))

        return self._by(is_meant, without=column)

    def _by(self, is_meant: Callable[[Outlet], bool], without: str | None = None) -> list[Query]:
        """The articles of known outlets, as `Outlets.find` tells whose they are; `without` a column's value
        only."""
        those = {outlet for outlet in known_outlets().outlets if is_meant(outlet)}
        if not those:
            return []
        owners = self._owners()
        domains = [domain for domain, outlet in owners.items() if outlet in those]
        names = {name.casefold() for each in those for name in each.labels}
        nobodys = (Occur.MustNot, Query.term_set_query(self._schema, "domain", list(owners)))
        by_name = (Occur.Must, Query.term_set_query(self._schema, "outlet_name", sorted(names)))
        found = [
            Query.term_set_query(self._schema, "domain", domains),
            Query.boolean_query([by_name, nobodys]),
        ]
        if without is None:
            return found
        has_value = (Occur.MustNot, Query.term_query(self._schema, "known", without))
        return [Query.boolean_query([(Occur.Must, _any_of(found)), has_value])]

    def _owners(self) -> dict[str, Outlet]:
        """The domains of articles whose outlet is known by them."""
        outlets, owned = known_outlets(), self._owned
        if owned is None or owned[0] is not outlets:
            domains = self._searcher.terms_with_prefix("domain", "")
            pairs = [(domain, outlets.find(None, domain)) for domain, _ in domains]
            self._owned = owned = outlets, {domain: outlet for domain, outlet in pairs if outlet is not None}
        return owned[1]

    def _field_values(self, query: Query, field: str) -> list[Any]:
        return self._searcher.fast_field_values(field, [address for _, address in self._hits(query)])

    def _hits(self, query: Query, first: int = 0, most: int | None = None) -> list[Any]:
        # without scores, of which nothing is used, the engine is several times faster
        unscored = Query.const_score_query(query, 1.0)
        limit = max(self._searcher.num_docs, 1) if most is None else most
        return self._searcher.search(unscored, limit=limit, offset=first, count=False).hits


def in_memory(articles: pd.DataFrame, version: int = -1, voices: Voices | None = None) -> Index:
    """An index of a frame with `id` and any other of COLUMNS; nothing is written to disk."""
    index = with_analyzers(tantivy.Index(schema()))
    with writer(index, len(articles)) as writing:
        write(writing, [articles], [], (version, 0))
    return Index(index, voices)


def schema() -> tantivy.Schema:
    """The fields of an index. `pressgauge.search.tokens.FORMAT` is raised when they change."""
    builder = tantivy.SchemaBuilder()
    for field, (_, analyzer) in FIELDS.items():
        builder.add_text_field(field, tokenizer_name=analyzer)
    builder.add_text_field("outlet_name", tokenizer_name="raw", index_option="basic")  # whole, in lower case
    builder.add_text_field("known", tokenizer_name="raw", index_option="basic")  # the columns with a value
    # published as whole microseconds: Tantivy's own dates are whole seconds
    for field in ("id", "published", "version", "files", *_LENGTHS.values()):
        builder.add_integer_field(field, indexed=True, fast=True)
    return builder.build()


def with_analyzers(index: tantivy.Index) -> tantivy.Index:
    """The index, knowing our analyzers; it does not keep them itself."""
    for name, analyzer in OF_SPACED.items():
        index.register_tokenizer(name, analyzer)
    return index


@contextmanager
def writer(index: tantivy.Index, articles: int) -> Iterator[tantivy.IndexWriter]:
    """What the block writes is there after it, whole, or not at all. Raises ValueError from the disk."""
    threads = min(1 + articles // _SHARE, os.cpu_count() or 1)
    writing = index.writer(heap_size=threads * 128_000_000, num_threads=threads)
    try:
        writing.garbage_collect_files()  # a killed commit may have left lists of deletions in our way
        yield writing
        writing.commit()
        give_back()  # what texts and their words took, before parts of the index are merged
    finally:
        writing.wait_merging_threads()  # gives up the lock, which an error's traceback would keep


def write(
    writing: tantivy.IndexWriter,
    frames: Iterable[pd.DataFrame],
    removed_ids: Iterable[int],
    state: tuple[int, int],
) -> None:
    """Take out the articles with `removed_ids`, put in those of `frames`, and write which state this is: the
    version of the dataset, and the digest of its files."""
    for identity in removed_ids:
        writing.delete_documents_by_term("id", int(identity))
    writing.delete_documents_by_query(Query.exists_query("version"))
    # by map, which lets go of a frame before it asks for the next: they hold texts
    for document in chain.from_iterable(map(_documents_of, frames)):
        writing.add_document(tantivy.Document(**document))
    writing.add_document(tantivy.Document(version=state[0], files=state[1]))


def _documents_of(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    return chain.from_iterable(map(_index_documents, _pieces(frame)))


def _pieces(frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The articles in parts that are about as long."""
    characters = sum(len(text) for text in frame["text"] if isinstance(text, str)) if "text" in frame else 0
    rows = min(_AT_ONCE, math.ceil(len(frame) * _CHARACTERS / max(characters, 1)))
    return (frame.iloc[start : start + rows] for start in range(0, len(frame), max(rows, 1)))


def _index_documents(articles: pd.DataFrame) -> Iterator[dict[str, Any]]:
    columns: dict[str, list[Any]] = {"id": articles["id"].tolist()}
    if "published" in articles:
        is_dated = articles["published"].notna()
        moments = articles["published"].dt.as_unit("us").astype("int64").astype(object)
        columns["published"] = moments.where(is_dated, None).tolist()
    texts = _column_texts(articles)
    columns |= {field: texts[column] for field, (column, _) in FIELDS.items() if column in texts}
    columns["known"] = [
        [column for column, value in zip(texts, row, strict=True) if value is not None]
        for row in zip(*texts.values(), strict=True)
    ] or [[]] * len(articles)
    if "outlet" in articles:
        names = articles["outlet"].astype(object)
        columns["outlet_name"] = [name.casefold() if isinstance(name, str) else None for name in names]
    for column, field in _LENGTHS.items():
        if column in texts:
            column_words = [value[0].split() if value else [] for value in texts[column]]
            columns[field] = [len(each) for each in column_words]
            if column == "text":
                columns["lead"] = columns["lead_cased"] = [_opening_words(each) for each in column_words]
    for row in zip(*columns.values(), strict=True):
        yield {name: value for name, value in zip(columns, row, strict=True) if value is not None}


def _column_texts(articles: pd.DataFrame) -> dict[str, list[list[str] | None]]:
    """The columns of text of each article: words apart, unless the whole value is one."""
    texts: dict[str, list[list[str] | None]] = {}
    for column, is_exact in {column: kind == "exact" for column, kind in FIELDS.values()}.items():
        if column not in articles:
            continue
        values = articles[column]
        if isinstance(values.dtype, pd.CategoricalDtype):  # each label once
            labels = values.cat.remove_unused_categories().cat
            of_label = [*_words_apart(labels.categories, is_exact), None]  # the last is that of none: -1
            texts[column] = [of_label[code] for code in labels.codes.tolist()]
        else:
            texts[column] = _words_apart(values, is_exact)
    return texts


def _words_apart(values: Iterable[Any], is_exact: bool) -> list[list[str] | None]:
    """Texts, or lists of them, with their words apart; None for what is neither or empty."""
    lists = [
        [value] if isinstance(value, str) else list(value) if isinstance(value, (list, np.ndarray)) else []
        for value in values
    ]
    flat = [normal(each) for value in lists for each in value]
    parts = iter(flat if is_exact else spaced(flat))
    return [list(islice(parts, len(value))) or None for value in lists]


def _opening_words(words: list[str]) -> list[str] | None:
    """The opening of a text; None where that is all of it."""
    return [" ".join(words[: opening(len(words))])] if len(words) > OPENING_LEAST else None


@contextmanager
def _report_refusals(query: str | Node) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        text = query if isinstance(query, str) else ""
        advice = "Give more letters before each *." if "*" in text else "Split the query."
        raise QueryError(text, 0, f"the search engine refuses this query: {error}", advice) from error


def _in_field(node: Words, field: str, schema: tantivy.Schema) -> Query:
    words, last = node.words, node.words[-1]
    if node.prefix:
        # not phrase_prefix_query, which silently stops after fifty words
        pattern = (
            "".join(f"\\{character}" if character in _PATTERN else character for character in last) + ".*"
        )
        if len(words) > 1:
            return Query.regex_phrase_query(schema, field, [*words[:-1], pattern])
        return Query.regex_query(schema, field, pattern)
    if len(words) > 1:
        return Query.phrase_query(schema, field, list(words), node.slop)
    return Query.term_query(schema, field, last)


def _has_in_a_row(name: Sequence[str], phrase: Words) -> bool:
    """Whether a name has the words as the index would find them in it."""
    *first, last = phrase.words
    return any(
        list(name[at : at + len(first)]) == first
        and (name[end].startswith(last) if phrase.prefix else name[end] == last)
        for at in range(len(name) - len(first))
        for end in (at + len(first),)
    )


def _any_of(queries: list[Query]) -> Query:
    return (
        queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, query) for query in queries])
    )
