"""What a topic, a query and `within` ask of a snapshot."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

import numpy as np

from pressgauge.arguments import check_query
from pressgauge.errors import PressgaugeError
from pressgauge.settings.topics import query_of
from pressgauge.snapshot import Snapshot


def mask_of(snapshot: Snapshot, key: str, *, about: bool = False) -> np.ndarray:
    """Bool array of the articles that a topic (by name) or query finds. Raises QueryError, and
    PressgaugeError for a misspelt topic."""
    if about:
        return snapshot.mask(query_of(snapshot.topics, key), about=True)
    if key in snapshot.membership:
        return snapshot.membership[key].to_numpy()
    check_topic(key, snapshot, [topic.name for topic in snapshot.topics])
    return snapshot.mask(key)


def as_query(words: str, topics: Iterable[str]) -> str:
    """A query of the same words that names none of these topics, where a topic's name would mean the topic.

    >>> as_query("regulation", ["regulation"]), as_query("law", ["regulation"])
    ('"regulation"', 'law')
    """
    return f'"{words}"' if words in topics else words


def rows_within(snapshot: Snapshot, within: str | None) -> np.ndarray:
    """Bool array of the articles inside `within`, a topic or a query: all where it is None."""
    if within is None:
        return np.ones(len(snapshot.articles), dtype=bool)
    check_query(within, 'within="ai", a topic or a query')
    return mask_of(snapshot, within)


def check_topic(key: str, snapshot: Snapshot, names: Iterable[str]) -> None:
    """Raises PressgaugeError for a query that is one of the names of topics but for a mistake: with "_" in
    it, or finding nothing."""
    if not re.fullmatch(r"[\w-]+", key) or ("_" not in key and snapshot.index.count(key)):
        return
    if close := difflib.get_close_matches(key.casefold(), names, 1, 0.75):
        raise PressgaugeError(
            f"no topic is named {key!r}; did you mean {close[0]!r}? To search for the words instead, write "
            f"{key.replace('_', ' ')!r}"
        )
