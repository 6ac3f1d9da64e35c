"""Where a query is met inside one text: which sentences match, and which words to mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from pressgauge.arguments import check_type
from pressgauge.search.index import in_memory, nobody
from pressgauge.search.nodes import And, AtLeast, Node, Or, Words
from pressgauge.search.query import parse
from pressgauge.search.tokens import Place, places


def matches(query: str, texts: Sequence[str]) -> np.ndarray:
    """Which of the texts (sentences, say) match the query by themselves: a bool array. Raises QueryError.

    What a query asks of fields other than `text:` and `cased:` no such text can meet.
    """
    ids = in_memory(
        pd.DataFrame({"id": range(len(texts)), "text": pd.Series(list(texts), dtype=object)}), voices=nobody
    ).ids(query)
    return np.isin(np.arange(len(texts)), ids)


def spans(query: str, text: str, field: Literal["title", "text"] = "text") -> list[tuple[int, int]]:
    """(start, end) of the words of a title or text that a query looks for, in order and without overlap.

    Words under NOT are not looked for. Raises QueryError.

    >>> spans('"open source" NOT meta', "Open-source models")
    [(0, 11)]
    """
    check_type("query", query, str, "write spans('\"open source\"', text)")
    check_type("text", text, str, "a title or text that is null has no words")
    word_index = _WordIndex(text)
    hits = sorted(
        {span for words in query_words(parse(query), field) for span in word_index.occurrences(words)}
    )
    ranges: list[tuple[int, int]] = []
    for start, end in hits:
        if ranges and start < ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(end, ranges[-1][1]))
        else:
            ranges.append((start, end))
    return ranges


_PARTS = {"lead": "text", "quote": "text"}


def query_words(node: Node, field: str | None = None) -> Iterator[Words]:
    """The words and phrases that a query looks for, those under NOT left out: in the title or text that
    `field` says, or in any field."""
    match node:
        case Words(fields=fields):
            columns = {_PARTS.get(part, part) for part in (each.removesuffix("_cased") for each in fields)}
            if field is None or field in columns:
                yield node
        case AtLeast(alternatives=parts) | And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from query_words(part, field)


class _WordIndex:
    """A text whose words are told apart once, however many phrases are looked for in it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._places: dict[str, list[Place]] = {}
        self._positions_of: dict[str, dict[str, list[int]]] = {}

    def occurrences(self, words: Words) -> Iterator[tuple[int, int]]:
        """Where a phrase stands; of words at a distance, each of them."""
        analyzer = "cased" if any(field.endswith("_cased") for field in words.fields) else "folded"
        self._tokenize(analyzer)
        places, length = self._places[analyzer], len(words.words)
        at = [self._positions_in(analyzer, words, number) for number in range(length)]
        if not words.slop:
            later_words = [set(positions) for positions in at[1:]]
            for first in at[0]:
                if all(first + number in positions for number, positions in enumerate(later_words, 1)):
                    yield places[first].start, places[first + length - 1].end
            return
        candidates = sorted(set().union(*at))
        for first in candidates:
            last = first + length + words.slop
            window = [near for near in candidates if first <= near < last]
            if all(any(first <= near < last for near in positions) for positions in at):
                yield from ((places[near].start, places[near].end) for near in window)

    def _positions_in(self, analyzer: str, words: Words, number: int) -> list[int]:
        """The places of one word of a phrase, in order."""
        at, word = self._positions_of[analyzer], words.words[number]
        if words.prefix and number == len(words.words) - 1:
            return sorted(place for form in at if form.startswith(word) for place in at[form])
        return at.get(word, [])

    def _tokenize(self, analyzer: str) -> None:
        if analyzer not in self._places:
            self._places[analyzer] = places(self._text, analyzer)
            at: dict[str, list[int]] = {}
            for number, place in enumerate(self._places[analyzer]):
                at.setdefault(place.word, []).append(number)
            self._positions_of[analyzer] = at
