"""Where a query is met inside one text: which sentences match, and which words to mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from pressgauge.arguments import check_query, check_type
from pressgauge.search.index import in_memory, nobody
from pressgauge.search.nodes import And, AtLeast, Node, Or, Words
from pressgauge.search.query import parse
from pressgauge.search.tokens import Token, located


def matches(query: str, texts: Sequence[str]) -> np.ndarray:
    """Which of the texts (sentences, say) match the query by themselves: a bool array. Raises QueryError.

    What a query asks of fields other than `text:` and `cased:` no such text can meet.
    """
    ids = in_memory(
        pd.DataFrame({"id": range(len(texts)), "text": pd.Series(list(texts), dtype=object)}), voices=nobody
    ).ids(query)
    return np.isin(np.arange(len(texts)), ids)


def spans(query: str | Node, text: str, field: Literal["title", "text"] = "text") -> list[tuple[int, int]]:
    """(start, end) of the words of a title or text that a query looks for, in order and without overlap.

    Words under NOT are not looked for. Raises QueryError.

    >>> spans('"open source" NOT meta', "Open-source models")
    [(0, 11)]
    """
    node = _parsed(query, "spans('\"open source\"', text)")
    check_type("text", text, str, "a title or text that is null has no words")
    word_index = _WordIndex(text)
    hits = sorted({span for words in query_words(node, field) for span in word_index.occurrences(words)})
    ranges: list[tuple[int, int]] = []
    for start, end in hits:
        if ranges and start < ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(end, ranges[-1][1]))
        else:
            ranges.append((start, end))
    return ranges


def asked_words(query: str | Node) -> tuple[str, ...]:
    """The different words that a query looks for in title and text, those under NOT left out: in small
    letters and without accents, a * after one that stands for all that begin with it. Raises QueryError.

    >>> asked_words('"Open-source AI" OR (opens* NOT meta) OR outlet:verge')
    ('open', 'source', 'ai', 'opens*')
    """
    node = _parsed(query, "asked_words('\"open source\"')")
    return tuple(
        dict.fromkeys(
            word.lower() + "*" * (each.prefix and number == len(each.words))
            for field in ("title", "text")
            for each in query_words(node, field)
            for number, word in enumerate(each.words, 1)
        )
    )


def _parsed(query: str | Node, example: str) -> Node:
    if not isinstance(query, str) and isinstance(query, Node):
        return query
    check_query(query, example)
    return parse(query)


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
        self._located: dict[str, tuple[list[str], frozenset[str], Sequence[Token]]] = {}

    def occurrences(self, words: Words) -> Iterator[tuple[int, int]]:
        """Where a phrase stands; of words at a distance, each of them."""
        analyzer = "cased" if any(field.endswith("_cased") for field in words.fields) else "folded"
        tokens, length = self._tokenize(analyzer)[2], len(words.words)
        at = [self._positions_in(analyzer, words, number) for number in range(length)]
        if not words.slop:
            later_words = [set(positions) for positions in at[1:]]
            for first in at[0]:
                if all(first + number in positions for number, positions in enumerate(later_words, 1)):
                    yield tokens[first].char_offset_from, tokens[first + length - 1].char_offset_to
            return
        candidates = sorted(set().union(*at))
        for first in candidates:
            last = first + length + words.slop
            window = [near for near in candidates if first <= near < last]
            if all(any(first <= near < last for near in positions) for positions in at):
                yield from ((tokens[near].char_offset_from, tokens[near].char_offset_to) for near in window)

    def _positions_in(self, analyzer: str, words: Words, number: int) -> list[int]:
        """The places of one word of a phrase, in order. Most words that are looked for are not in a text."""
        forms, vocabulary, _ = self._tokenize(analyzer)
        word = words.words[number]
        if words.prefix and number == len(words.words) - 1:
            if not any(form.startswith(word) for form in vocabulary):
                return []
            return [at for at, form in enumerate(forms) if form.startswith(word)]
        return [at for at, form in enumerate(forms) if form == word] if word in vocabulary else []

    def _tokenize(self, analyzer: str) -> tuple[list[str], frozenset[str], Sequence[Token]]:
        """The words of the text in order, the different ones, and the token of each."""
        if analyzer not in self._located:
            forms, tokens = located(self._text, analyzer)
            self._located[analyzer] = forms, frozenset(forms), tokens
        return self._located[analyzer]
