"""How often a word or phrase occurs in each article, read from the scores that the engine ranks by.

Tantivy tells which documents match, and how they rank, but not how often a phrase stands in them; its ranking
knows. A score is Okapi BM25 (Robertson and Zaragoza 2009), `idf * (k1 + 1) * f / (f + K)`, where K follows
from the length of the field, which is kept to three bits after the leading one. The idf and the average
length are those of the query as a whole and stand in the explanation of any one hit, so f is solved for all
hits at once. An f that does not come out whole is asked of the engine, one document at a time.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import tantivy

from pressgauge.search.tokens import opening

_K1, _B = 1.2, 0.75
_INTEGER_TOLERANCE = 0.05
"""How far from a whole number a solution may lie; a length that is off by one step moves it further."""


class Occurrences(NamedTuple):
    """Articles by `ids` (int64, ascending) in which something occurs, how many `times` (int64), and the
    number of `words` (int64) of the field, the longest where it was looked for in several."""

    ids: np.ndarray
    times: np.ndarray
    words: np.ndarray


_NOWHERE = Occurrences(*(np.empty(0, np.int64) for _ in range(3)))


def of_hits(
    searcher: tantivy.Searcher, query: tantivy.Query, length: str, *, in_opening: bool = False
) -> Occurrences:
    """How often a term or phrase query occurs in each document; `length` is the fast field with the number of
    words of the field it looks in, or of the text whose opening that is."""
    hits: list[Any] = searcher.search(query, limit=max(searcher.num_docs, 1), count=False).hits
    if not hits:
        return _NOWHERE
    addresses = [address for _, address in hits]
    scores = np.fromiter((score for score, _ in hits), np.float64, len(hits))
    words = np.array(searcher.fast_field_values(length, addresses), dtype=np.int64)
    if in_opening:
        words = np.minimum(words, np.fromiter(map(opening, words.tolist()), np.int64, len(words)))
    ids = np.array(searcher.fast_field_values("id", addresses), dtype=np.int64)
    explanation = _explain_score(query, searcher, addresses[0])
    frequencies = _solve_frequencies(scores, kept_length(words), explanation["idf"], explanation["avgdl"])
    times = np.rint(frequencies)
    for at in np.flatnonzero(~(np.abs(frequencies - times) < _INTEGER_TOLERANCE) | (times < 1)):
        times[at] = _explain_score(query, searcher, addresses[at])["freq"]
    order = np.argsort(ids)
    return Occurrences(ids[order], times.astype(np.int64)[order], words[order])


def combine(parts: Sequence[Occurrences]) -> Occurrences:
    """The occurrences of several things together."""
    parts = [part for part in parts if len(part.ids)]
    if len(parts) < 2:
        return parts[0] if parts else _NOWHERE
    ids, at = np.unique(np.concatenate([part.ids for part in parts]), return_inverse=True)
    times = np.bincount(at, np.concatenate([part.times for part in parts])).astype(np.int64)
    words = np.zeros(len(ids), np.int64)
    np.maximum.at(words, at, np.concatenate([part.words for part in parts]))
    return Occurrences(ids, times, words)


def kept_length(words: np.ndarray) -> np.ndarray:
    """The number of words as the index keeps it: a whole number below 24, then 24 and a number with three
    bits after its leading one, rounded down (as Lucene's SmallFloat does)."""
    return _LENGTHS[np.searchsorted(_LENGTHS, words, side="right") - 1]


def _kept_lengths() -> np.ndarray:
    free = 24
    above = [bits if bits < 8 else (8 | bits & 7) << ((bits >> 3) - 1) for bits in range(256 - free)]
    return np.array([*range(free), *(free + value for value in above)], dtype=np.int64)


_LENGTHS = _kept_lengths()


def _solve_frequencies(scores: np.ndarray, length: np.ndarray, idf: float, average: float) -> np.ndarray:
    share = scores / ((_K1 + 1) * idf)
    with np.errstate(divide="ignore"):
        return _K1 * (1 - _B + _B * length / average) * share / (1 - share)


def _explain_score(
    query: tantivy.Query, searcher: tantivy.Searcher, address: tantivy.DocAddress
) -> dict[str, float]:
    """The numbers in the explanation of a document's score, by the first word of their description."""
    numbers: dict[str, float] = {}
    nodes = [json.loads(query.explain(searcher, address).to_json())]
    while nodes:
        node = nodes.pop()
        name = node["description"].split(",")[0].split()[0]
        if name in ("idf", "avgdl") or node["description"].startswith("freq, "):
            numbers[name] = node["value"]
        nodes += node.get("details", ())
    return numbers
