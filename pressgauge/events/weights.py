"""How much a word tells: the rarer among events, the more; nothing where it was common shortly before."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from pressgauge.events.vectors import Vectors

COMMON, COMMON_SHARE = 500, 0.1
"""A word that more events use than this number, and than this share of them, tells nothing."""
LOCAL, OWN_SHARE = 10, 0.9
"""Nor does a word that is rare because its language is: the events told in that, less than half, are so few
that even a word of them all could not be common; of these more than this number and than COMMON_SHARE use the
word, and they are so great a part of all that use it."""
TOPICAL, TOPICAL_SHARE = 10, 0.02
"""Nor does a word that more of the events of the month before use than this number, and than this share of
them: it belongs to the subject, not to what happened (compare incremental tf-idf, Yang et al. 1998)."""
MONTH = 30
"""Days of that month."""
LAG = 5
"""Days between it and an article: an event that is still open is none of its."""


class Uses(NamedTuple):
    """When the words that many events use were used: `code` (int64, ascending) is the number of a word times
    SPAN and the `day` (int64 since 1970) of an event's first article, `total` (float64, one more entry) how
    many events used words up to there. `days` (int64, ascending) are the first days of all events, and
    `words` (int64) the place among the keys of Weights of each word that has a number."""

    words: np.ndarray
    code: np.ndarray
    total: np.ndarray
    days: np.ndarray

    def is_topical(self, days: np.ndarray) -> np.ndarray:
        """Which words (columns) belong to the subject on which of these days (rows; bool).

        Days after the last event are as its own: the sample may be older than the articles.
        """
        if not len(self.words):
            return np.zeros((len(days), 0), bool)
        until = np.minimum(days, self.days[-1] + LAG) - LAG
        events = np.searchsorted(self.days, until) - np.searchsorted(self.days, until - MONTH)
        word = np.arange(len(self.words)) * _SPAN
        last, first = (
            self.total[np.searchsorted(self.code, word + day[:, None])] for day in (until, until - MONTH)
        )
        return last - first > np.maximum(TOPICAL, TOPICAL_SHARE * events)[:, None]


NO_USES = Uses(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(1), np.zeros(0, np.int64))
_SPAN = 1 << 32
_AT_ONCE = 2_000
"""Articles whose words are weighed at once, which takes several times the memory of their weights."""
_LANGUAGES = 1 << 16
_RANGES = 8
"""Ranges of words whose uses are counted one after the other."""


class Weights(NamedTuple):
    """Among `events` of a sample, how many (float64) use each of `keys` (uint32, ascending), and when those
    were that many use. A word that is rare only because its language is passes for one of all events."""

    keys: np.ndarray
    frequencies: np.ndarray
    events: int
    uses: Uses

    def of(self, vectors: Vectors, day: np.ndarray) -> np.ndarray:
        """The weight of each word of each article (float32), of length 1 over all words of one article.

        Frequency grows by its logarithm, rarity is the logarithm of the inverse share of events (tf-idf,
        Salton and Buckley 1988). A word of the sample's every event weighs nothing, nor does one that was
        common in the month before the `day` of the article (int64 since 1970).
        """
        some = range(0, len(vectors), _AT_ONCE)
        parts = [self._of(vectors.part(at, at + _AT_ONCE), day[at : at + _AT_ONCE]) for at in some]
        return np.concatenate([np.zeros(0, np.float32), *parts])

    def _of(self, vectors: Vectors, day: np.ndarray) -> np.ndarray:
        code, keys = pd.factorize(vectors.keys)
        at = np.minimum(np.searchsorted(self.keys, keys), max(len(self.keys) - 1, 0))
        frequency = np.zeros(len(keys))
        if len(self.keys):
            frequency = np.where(self.keys[at] == keys, self.frequencies[at], 0.0)
        rarity = np.where(
            frequency > max(COMMON, COMMON_SHARE * self.events),
            0.0,
            np.log((1 + self.events) / (1 + frequency)),
        )
        weight = _FREQUENCY[vectors.counts] * rarity[code]
        owner = np.repeat(np.arange(len(vectors)), np.diff(vectors.starts))
        weight[self._is_topical(code, np.where(frequency > 0, at, -1), owner, day)] = 0.0
        norm = np.sqrt(np.bincount(owner, weight**2, minlength=len(vectors)))
        return (weight / np.maximum(norm, 1e-12)[owner]).astype(np.float32)

    def _is_topical(self, code: np.ndarray, at: np.ndarray, owner: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Which words of articles were common in the month before (bool): `code` numbers them, `at` is the
        place of each number among the keys, -1 for none."""
        days, day_code = np.unique(day, return_inverse=True)
        is_topical = np.append(self.uses.is_topical(days), np.zeros((len(days), 1), bool), axis=1)
        word = np.full(len(self.keys) + 1, -1)
        word[self.uses.words] = np.arange(len(self.uses.words))
        return is_topical[day_code[owner], word[at][code]]


_FREQUENCY = 1 + np.log(np.maximum(np.arange(256) / 2, 1))  # of each count in Vectors


def weigh(vectors: Vectors, event: np.ndarray, day: np.ndarray | None = None) -> Weights:
    """The weights of a sample of articles, of which each belongs to an event (int64, from 0) and a day (int64
    since 1970); without days no word is common at a time.

    An event uses a word as far as its articles do, and wholly where half of them do: else the words of an
    event that many told of would pass for common ones.
    """
    code, keys = pd.factorize(vectors.keys)
    order = np.argsort(keys)
    place = np.empty(len(keys), np.int64)
    place[order] = np.arange(len(keys))
    code, size = place[code], np.bincount(event)
    is_local = _is_local(code, len(keys), event, vectors)
    first_day = np.full(len(size), np.iinfo(np.int64).max)
    if day is not None:
        np.minimum.at(first_day, event, day)
    frequencies, count = np.zeros(len(keys)), 0
    numbers, codes, shares = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(1)]
    for start, end, user, word, share in _used(code, len(keys), vectors, event):
        frequency = frequencies[start:end]
        frequency[:] = np.bincount(word, share, minlength=end - start)
        frequency[is_local[start:end]] = len(size)
        if day is not None:
            words = np.flatnonzero(frequency > TOPICAL)
            is_frequent = frequency[word] > TOPICAL
            uses = (count + np.searchsorted(words, word[is_frequent])) * _SPAN + first_day[user[is_frequent]]
            by_day = np.argsort(uses, kind="stable")
            numbers.append(start + words)
            codes.append(uses[by_day])
            shares.append(share[is_frequent][by_day])
            count += len(words)
    if day is None:
        return Weights(keys[order], frequencies, len(size), NO_USES)
    del code  # as large as the vectors, as each of what follows may be
    total = np.concatenate(shares)
    shares.clear()
    uses = Uses(
        np.concatenate(numbers), np.concatenate(codes), np.cumsum(total, out=total), np.sort(first_day)
    )
    return Weights(keys[order], frequencies, len(size), uses)


def _used(
    code: np.ndarray, size: int, vectors: Vectors, group: np.ndarray
) -> Iterator[tuple[int, int, np.ndarray, np.ndarray, np.ndarray]]:
    """Which group of articles (int64, from 0) uses which word and how far (float64), for the words of one
    range of `code`, of `size` in all, after the other: of all at once it is several times the vectors.

    Each time the first of the words and the one after the last, then for each use the group, the word's
    number among these, and the share.
    """
    owner = np.repeat(group.astype(np.int32), np.diff(vectors.starts))
    group_size = np.bincount(group)
    for start, end in pairwise(np.linspace(0, size, _RANGES + 1).astype(int).tolist()):
        some = np.flatnonzero((code >= start) & (code < end))
        pair, number = np.unique(
            owner[some].astype(np.int64) << 32 | (code[some] - start), return_counts=True
        )
        user = pair >> 32
        yield start, end, user, pair & 0xFFFFFFFF, np.minimum(1.0, 2 * number / group_size[user])


def _is_local(code: np.ndarray, size: int, event: np.ndarray, vectors: Vectors) -> np.ndarray:
    """Which words (bool) are rare only because the language is that they belong to; `code` numbers them."""
    is_local = np.zeros(size, bool)
    languages = np.unique(vectors.language)
    if len(languages) < 2:
        return is_local
    number, _ = pd.factorize(event * _LANGUAGES + vectors.language)  # an event in a language
    language = np.zeros(number.max() + 1, np.int64)
    language[number] = vectors.language
    numbers = {each: int((language == each).sum()) for each in languages[languages > 0].tolist()}
    most = min(len(language) / 2, max(COMMON, COMMON_SHARE * len(language)))
    for start, end, user, word, share in _used(code, size, vectors, number):
        spoken = language[user]
        total = np.bincount(word, share, minlength=end - start)
        for each, events in numbers.items():
            if events < most:
                is_own = spoken == each
                own = np.bincount(word[is_own], share[is_own], minlength=end - start)
                is_local[start:end] |= (own > max(LOCAL, COMMON_SHARE * events)) & (own >= OWN_SHARE * total)
    return is_local
