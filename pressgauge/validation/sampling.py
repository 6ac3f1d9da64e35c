"""Samples that tell how good a query is: of what it matches, of what it nearly matches, and of the rest.

In each of these strata articles are drawn systematically from a list in the order of outlet and month, with a
random start: every article of a stratum has the same chance, and outlets and months are in the sample in
proportion. What nearly matches is drawn more often than the rest, since there is what a query misses.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pressgauge.search.nodes import And, AtLeast, Node, Not, Or, Words
from pressgauge.search.query import parse
from pressgauge.snapshot import Snapshot

STRATA = ("matched", "near", "far")
SHARES = (0.5, 0.3, 0.2)
"""Of a sample, for each of STRATA."""
_MOST_PARTS = 8
_LONG_ENOUGH = 4  # letters of a word whose other endings are looked for


def strata(snapshot: Snapshot, query: str, inside: np.ndarray, *, about: bool = False) -> np.ndarray:
    """The stratum of each article: its number in STRATA, -1 outside (int8). Raises QueryError.

    Near are the articles that match but for one condition, have the words of a phrase apart or with another
    ending, only mention what the query with `about` wants, or are copies of a matched one.
    """
    matched = snapshot.mask(query, about=about)
    near = snapshot.mask(query) if about else np.zeros(len(matched), dtype=bool)
    if (wider := nearly(parse(query))) is not None:
        near |= snapshot.having(snapshot.index.ids(wider))
    story = snapshot.articles["story"].to_numpy()
    near |= np.isin(story, story[matched])
    numbers = np.full(len(matched), 2, dtype=np.int8)
    numbers[near] = 1
    numbers[matched] = 0
    numbers[~inside] = -1
    return numbers


def nearly(node: Node) -> Node | None:
    """A query that also matches what nearly matches; None where nothing can be said of that.

    >>> nearly(parse('"open weights" NOT meta'))
    And(parts=(Words(fields=('title', 'text'), words=('open',), slop=0, prefix=True), \
Words(fields=('title', 'text'), words=('weights',), slop=0, prefix=True)))
    """
    match node:
        case Words(fields=fields, words=words):
            if not {"title", "text", "lead", "title_cased", "text_cased", "lead_cased"}.issuperset(fields):
                return node
            each = [
                Words(("title", "text"), (word.lower(),), prefix=len(word) >= _LONG_ENOUGH) for word in words
            ]
            return each[0] if len(each) == 1 else And(tuple(each))
        case AtLeast(alternatives=parts) | Or(parts=parts):
            found = tuple(wider for part in parts if (wider := nearly(part)) is not None)
            return Or(found) if found else None
        case And(parts=parts):
            wanted = [part for part in parts if not isinstance(part, Not)]
            found = tuple(wider for part in wanted if (wider := nearly(part)) is not None)
            if len(found) < 2 or len(wanted) < len(parts):
                return And(found) if len(found) > 1 else found[0] if found else None
            if len(found) == 2 or len(found) > _MOST_PARTS:
                return Or(found)
            return Or(tuple(And((*found[:at], *found[at + 1 :])) for at in range(len(found))))
    return None


def allocation(sizes: np.ndarray, n: int) -> np.ndarray:
    """How many of `n` articles to draw in each stratum of these sizes: by SHARES, what one lacks from the
    others."""
    shares, chosen = np.array(SHARES), np.zeros(len(sizes), dtype=np.int64)
    while (left := min(n, int(sizes.sum())) - int(chosen.sum())) > 0:
        room = np.flatnonzero(chosen < sizes)
        parts = left * shares[room] / shares[room].sum()
        more = np.floor(parts).astype(np.int64)
        more[np.argsort(more - parts, kind="stable")[: left - int(more.sum())]] += 1
        chosen[room] = np.minimum(chosen[room] + more, sizes[room])
    return chosen


def draw(articles: pd.DataFrame, rows: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """`n` of the row numbers `rows` of `articles` (outlet, day), each with the same chance, in random
    order."""
    if n >= len(rows):
        return rng.permutation(rows)
    outlet = articles["outlet"].cat.codes.to_numpy()[rows]
    month = articles["day"].to_numpy()[rows] // 30
    ordered = rows[np.lexsort((rng.random(len(rows)), month, outlet))]
    step = len(ordered) / n
    return rng.permutation(ordered[np.floor(rng.random() * step + step * np.arange(n)).astype(np.int64)])
