"""Samples that tell how good a query is: of what it matches, of what it nearly matches, and of the rest.

In each of these strata articles are drawn systematically from a list in the order of outlet and month, with a
random start: every article of a stratum has the same chance, and outlets and months are in the sample in
proportion. What nearly matches is drawn more often than the rest, since there is what a query misses.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pressgauge.schema import NO_DAY
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
    is_match = snapshot.mask(query, about=about)
    near = snapshot.mask(query) if about else np.zeros(len(is_match), dtype=bool)
    if (wider := nearly(parse(query))) is not None:
        near |= snapshot.having(snapshot.index.ids(wider))
    story = snapshot.articles["story"].to_numpy()
    near |= np.isin(story, story[is_match])
    numbers = np.full(len(is_match), 2, dtype=np.int8)
    numbers[near] = 1
    numbers[is_match] = 0
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
            wider_parts = tuple(wider for part in parts if (wider := nearly(part)) is not None)
            return Or(wider_parts) if wider_parts else None
        case And(parts=parts):
            sought = [part for part in parts if not isinstance(part, Not)]
            wider_parts = tuple(wider for part in sought if (wider := nearly(part)) is not None)
            if len(wider_parts) < 2 or len(sought) < len(parts):
                return And(wider_parts) if len(wider_parts) > 1 else wider_parts[0] if wider_parts else None
            if len(wider_parts) == 2 or len(wider_parts) > _MOST_PARTS:
                return Or(wider_parts)
            return Or(
                tuple(And((*wider_parts[:at], *wider_parts[at + 1 :])) for at in range(len(wider_parts)))
            )
    return None


def allocation(sizes: np.ndarray, n: int) -> np.ndarray:
    """How many of `n` articles to draw in each stratum of these sizes: by SHARES, what one lacks from the
    others."""
    shares, counts = np.array(SHARES), np.zeros(len(sizes), dtype=np.int64)
    while (open_number := min(n, int(sizes.sum())) - int(counts.sum())) > 0:
        room = np.flatnonzero(counts < sizes)
        parts = open_number * shares[room] / shares[room].sum()
        more = np.floor(parts).astype(np.int64)
        more[np.argsort(more - parts, kind="stable")[: open_number - int(more.sum())]] += 1
        counts[room] = np.minimum(counts[room] + more, sizes[room])
    return counts


def draw(articles: pd.DataFrame, rows: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """`n` of the row numbers `rows` of `articles` (outlet, day), each with the same chance, in random
    order."""
    if n >= len(rows):
        return rng.permutation(rows)
    cells = _cells(articles, rows)
    step = len(rows) / n
    places = np.floor(rng.random() * step + step * np.arange(n)).astype(np.int64)
    counts = np.bincount(cells)
    wanted = np.bincount(np.searchsorted(np.cumsum(counts), places, side="right"), minlength=len(counts))
    # only what lies in a cell that is drawn from is put in order: of a million articles, few do
    some = np.flatnonzero(wanted[cells])
    some = some[np.lexsort((rng.random(len(some)), cells[some]))]
    ends = np.cumsum(np.where(wanted, counts, 0))
    rank = np.arange(len(some)) - (ends - counts)[cells[some]]
    return rng.permutation(rows[some[rank < wanted[cells[some]]]])


def _cells(articles: pd.DataFrame, rows: np.ndarray) -> np.ndarray:
    """The outlet and month of articles as one number, in their order (int64)."""
    outlet = articles["outlet"].cat.codes.to_numpy()[rows].astype(np.int64) + 1
    day = articles["day"].to_numpy()[rows].astype(np.int64)
    is_dated = day != NO_DAY
    month = (day - day[is_dated].min(initial=day.max())) // 30 + 1
    month[~is_dated] = 0
    cells = outlet * (month.max() + 1) + month
    return cells if cells.max() < 4 * len(cells) + 1_000_000 else np.unique(cells, return_inverse=True)[1]
