"""Prominence: whether a query is what an article is about, or only mentioned in it.

One rule for all queries. An article is *about* a query when it matches it, and

- its headline and the opening of its text alone match it: the opening is the first tenth of the words, at
  least 60 and at most 550 (`tokens.opening`); or
- it is there often for the article's length: three times or more, and at least once in 150 words of the text.

Where a query wants several things (AND), each of them has to be there, or be there often; of alternatives
(OR) the occurrences add up. What is under NOT, and what is asked of other fields, stays a matter of the whole
article. Of an article without text the headline decides.

Headline and lead paragraph are where press databases let people search for what an article is about
(Factiva's "hlp", LexisNexis' HLEAD), since news is written as an inverted pyramid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pressgauge.search.frequency import Occurrences, combine
from pressgauge.search.highlight import spans
from pressgauge.search.index import in_memory, nobody
from pressgauge.search.nodes import And, AtLeast, Node, Or, Words
from pressgauge.search.query import parse
from pressgauge.search.tokens import opening, places

if TYPE_CHECKING:
    from pressgauge.search.index import Index

OFTEN, EVERY = 3, 150
"""How many times, and once in how many words, is often."""
RULE = (
    "About: headline and opening (the first tenth, 60 to 550 words) match, "
    "or it is there 3 times or more and at least once in 150 words."
)
"""The rule as one sentence, to be said beside what it counts."""
_IN_OPENING = {"text": "lead", "text_cased": "lead_cased"}


def about(index: Index, query: str) -> np.ndarray:
    """Ids (int64, ascending) of the articles that a query is what they are about. Raises QueryError."""
    node = parse(query)
    in_opening, matching = index.ids(_in_opening(node)), index.ids(query)
    if len(in_opening) == len(matching):  # nothing is left to decide by counting
        return in_opening
    return np.union1d(in_opening, np.intersect1d(_frequent_ids(index, node), matching, assume_unique=True))


def prominence(query: str, articles: pd.DataFrame, others: Sequence[str] = ()) -> pd.DataFrame:
    """How prominent a query is in each article, part by part; `articles` has `title` and `text`.

    title, lead (bool: a wanted word is in the headline, in the opening of the text), times (int64:
    occurrences in the text), per_100 (float64: the same for 100 words), first (float64: the share of the text
    before the first one, 0 is its first word, null without one), spread (float64: the share of the text's
    tenths that have one), others (int64: how many of the queries `others` the article matches as well), about
    (bool: by the rule of this module). The index is that of `articles`. Raises QueryError.
    """
    frame = articles[["title", "text"]].reset_index(drop=True).assign(id=range(len(articles)))
    index = in_memory(frame, voices=nobody)
    rows = [
        _measure_parts(query, title, text) for title, text in zip(frame["title"], frame["text"], strict=True)
    ]
    table = pd.DataFrame(rows, columns=["title", "lead", "times", "per_100", "first", "spread"])
    also = np.zeros(len(frame), dtype=np.int64)
    for other in others:
        also[index.ids(other)] += 1
    decided = np.isin(np.arange(len(frame)), about(index, query))
    return table.assign(others=also, about=decided).set_axis(articles.index)


def _in_opening(node: Node) -> Node:
    """What a query asks, asked of headline and opening."""
    match node:
        case Words(fields=fields):
            return replace(node, fields=tuple(_IN_OPENING.get(field, field) for field in fields))
        case Or(parts):
            return Or(tuple(map(_in_opening, parts)))
        case And(parts):
            return And(tuple(map(_in_opening, parts)))
        case AtLeast(alternatives=alternatives):
            return And((node, Or(tuple(map(_in_opening, alternatives)))))
    return node


def _frequent_ids(index: Index, node: Node) -> np.ndarray:
    """Ids of the articles in whose text a query is often, for the length of the text."""
    totals = _occurrences(index, node)
    if totals is None:
        return np.empty(0, np.int64)
    return totals.ids[(totals.times >= OFTEN) & (totals.times * EVERY >= totals.words)]


def _occurrences(index: Index, node: Node) -> Occurrences | None:
    """How often what a query wants occurs in the texts; None where it wants nothing of them."""
    match node:
        case Words(fields=fields):
            of_text = tuple(field for field in fields if field in _IN_OPENING)
            return index.occurrences(replace(node, fields=of_text)) if of_text else None
        case AtLeast(alternatives=parts) | Or(parts=parts):
            occurrences = [each for part in parts if (each := _occurrences(index, part)) is not None]
            return combine(occurrences) if occurrences else None
        case And(parts=parts):
            occurrences = [each for part in parts if (each := _occurrences(index, part)) is not None]
            return reduce(_common_minimum, occurrences) if occurrences else None
    return None


def _common_minimum(one: Occurrences, other: Occurrences) -> Occurrences:
    """The articles that both are of, with the smaller number of each."""
    ids, first, second = np.intersect1d(one.ids, other.ids, assume_unique=True, return_indices=True)
    return Occurrences(ids, np.minimum(one.times[first], other.times[second]), one.words[first])


def _measure_parts(query: str, title: object, text: object) -> tuple[bool, bool, int, float, float, float]:
    """title, lead, times, per_100, first and spread of one article."""
    headed = isinstance(title, str) and bool(spans(query, title, "title"))
    words = places(text, "folded") if isinstance(text, str) else []
    if not words:
        return headed, False, 0, np.nan, np.nan, np.nan
    starts = [word.start for word in words]
    at = np.searchsorted(starts, [start for start, _ in spans(query, str(text))])
    if not len(at):
        return headed, False, 0, 0.0, np.nan, 0.0
    tenths = len(np.unique(at * 10 // len(words))) / min(10, len(words))
    first = int(at[0])
    early, total = first < opening(len(words)), len(words)
    return headed, early, len(at), 100 * len(at) / total, first / total, tenths
