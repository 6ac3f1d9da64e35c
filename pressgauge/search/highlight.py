"""Where a query is met inside one text: which sentences match, and which words to mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from pressgauge.search.index import in_memory
from pressgauge.search.query import And, Node, Or, Words, parse
from pressgauge.search.tokens import Place, places


def matches(query: str, texts: Sequence[str]) -> np.ndarray:
    """Which of the texts (sentences, say) match the query by themselves: a bool array. Raises QueryError.

    What a query asks of fields other than `text:` and `cased:` no such text can meet.
    """
    found = in_memory(
        pd.DataFrame({"id": range(len(texts)), "text": pd.Series(list(texts), dtype=object)})
    ).ids(query)
    return np.isin(np.arange(len(texts)), found)


def spans(query: str, text: str, field: Literal["title", "text"] = "text") -> list[tuple[int, int]]:
    """(start, end) of the words of a title or text that a query looks for, in order and without overlap.

    Words under NOT are not looked for. Raises QueryError.

    >>> spans('"open source" NOT meta', "Open-source models")
    [(0, 11)]
    """
    found = sorted({span for words in _wanted(parse(query), field) for span in _occurrences(words, text)})
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _wanted(node: Node, field: str) -> Iterator[Words]:
    match node:
        case Words(fields=fields) if field in fields or f"{field}_cased" in fields:
            yield node
        case And(parts) | Or(parts):
            for part in parts:
                yield from _wanted(part, field)


def _occurrences(wanted: Words, text: str) -> Iterator[tuple[int, int]]:
    cased = any(field.endswith("_cased") for field in wanted.fields)
    found = places(text, "cased" if cased else "folded")
    hits = [[_is(wanted, number, place) for place in found] for number in range(len(wanted.words))]
    length = len(wanted.words)
    if not wanted.slop:
        for at in range(len(found) - length + 1):
            if all(hits[number][at + number] for number in range(length)):
                yield found[at].start, found[at + length - 1].end
        return
    for at in range(len(found)):
        window = range(at, min(at + length + wanted.slop, len(found)))
        if all(any(row[near] for near in window) for row in hits):
            yield from (
                (found[near].start, found[near].end) for near in window if any(row[near] for row in hits)
            )


def _is(wanted: Words, number: int, place: Place) -> bool:
    word = wanted.words[number]
    if wanted.prefix and number == len(wanted.words) - 1:
        return place.word.startswith(word)
    return place.word == word
