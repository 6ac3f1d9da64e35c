"""What an article is recognised by: the words of its headline and lead, as hashes with counts.

A word is read without case and accents, and only by its first letters, which inflected forms share in most
languages; where words are not spaced, two neighbouring characters make one. Words with a capital or a digit
count more, since names and numbers tell one event from the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import stopwordsiso

from pressgauge.stories.minhash import LONE, folding, mixed, powers
from pressgauge.unicode import ByCharacter

LEAD = 600
"""Characters of the text that are read: the lead says what happened, the rest is background."""
STEM = 6
"""Letters of a word that count."""

_BATCH = 1 << 17  # characters at once: what stays in a core's cache
_TITLE = 1_000  # characters of a headline that are read


class Vectors(NamedTuple):
    """The words of consecutive articles: those of article i are at `starts[i]:starts[i + 1]`.

    `keys` (uint32) are their hashes, each once and ascending within an article; `counts` (uint8) how often
    they stand there, doubled, one more each time with a capital or a digit, 255 at most. `starts` (int64) has
    one more entry than there are articles. `language` (uint16) is a number for that of each, 0 if unknown.
    """

    keys: np.ndarray
    counts: np.ndarray
    starts: np.ndarray
    language: np.ndarray

    def __len__(self) -> int:
        return len(self.starts) - 1

    def part(self, begin: int, end: int) -> Vectors:
        """The words of a run of articles."""
        starts = self.starts[begin : end + 1]
        words = slice(starts[0], starts[-1])
        return Vectors(self.keys[words], self.counts[words], starts - starts[0], self.language[begin:end])

    def take(self, rows: np.ndarray) -> Vectors:
        """The words of these articles (row numbers), in this order."""
        sizes = np.diff(self.starts)[rows]
        starts = np.r_[0, np.cumsum(sizes)]
        at = np.arange(starts[-1]) + np.repeat(self.starts[rows] - starts[:-1], sizes)
        return Vectors(self.keys[at], self.counts[at], starts, self.language[rows])


def join(parts: Sequence[Vectors]) -> Vectors:
    """The vectors of several lists of articles, one list after the other."""
    if len(parts) == 1:
        return parts[0]
    keys = np.concatenate([np.zeros(0, np.uint32), *(part.keys for part in parts)])
    counts = np.concatenate([np.zeros(0, np.uint8), *(part.counts for part in parts)])
    sizes = np.concatenate([np.zeros(0, np.int64), *(np.diff(part.starts) for part in parts)])
    language = np.concatenate([np.zeros(0, np.uint16), *(part.language for part in parts)])
    return Vectors(keys, counts, np.r_[0, np.cumsum(sizes)], language)


def vectors(titles: Iterable[object], texts: Iterable[object], languages: Iterable[object]) -> Vectors:
    """The words of articles, given by headline, text and language (ISO 639-1, for its stop words).

    Whatever is no string is empty; an unknown language has no stop words.
    """
    parts: list[Vectors] = []
    batch: list[str] = []
    batch_languages: list[str] = []
    size = 0
    for title, text, language in zip(titles, texts, languages, strict=True):
        head = title[:_TITLE] if isinstance(title, str) else ""
        lead = text[:LEAD] if isinstance(text, str) else ""
        batch.append(f"{head}\n{lead}")
        batch_languages.append(language if isinstance(language, str) else "")
        size += len(batch[-1]) + 1
        if size > _BATCH:
            parts.append(_vectors_of(batch, batch_languages))
            batch, batch_languages, size = [], [], 0
    if batch:
        parts.append(_vectors_of(batch, batch_languages))
    return join(parts)


def _vectors_of(texts: Sequence[str], languages: Sequence[str]) -> Vectors:
    words = _split_words(texts)
    telling = ~words.short
    for language in set(languages):
        if len(stops := _stop_words(language)):
            speaks = np.fromiter((each == language for each in languages), bool, len(languages))
            telling &= ~(speaks[words.text] & np.isin(words.full_hash, stops))
    # text, word and whether it is marked in one number: sorting plain numbers is much quicker than an order
    occurrences = np.sort(
        (words.text[telling].astype(np.uint64) << np.uint64(33))
        | (words.stem[telling] >> np.uint64(31) & ~np.uint64(1))
        | words.is_marked[telling].astype(np.uint64)
    )
    pairs = occurrences >> np.uint64(1)
    edges = (
        np.flatnonzero(np.r_[True, pairs[1:] != pairs[:-1], True]) if len(pairs) else np.zeros(1, np.int64)
    )
    marked = np.r_[0, np.cumsum(occurrences & np.uint64(1), dtype=np.int64)]
    counts = 2 * np.diff(edges) + np.diff(marked[edges])
    pairs = pairs[edges[:-1]]
    starts = np.searchsorted(pairs, np.arange(len(texts) + 1, dtype=np.uint64) << np.uint64(32))
    numbers = np.array([_number_of(language) for language in languages], np.uint16)
    return Vectors(pairs.astype(np.uint32), np.minimum(counts, 255).astype(np.uint8), starts, numbers)


@cache
def _number_of(language: str) -> int:
    """The two letters of a code (ISO 639-1) as one number; 0 for anything else."""
    return int.from_bytes(language.encode()) if len(language.encode()) == 2 else 0


class _Words(NamedTuple):
    text: np.ndarray  # int64: number of the text
    full_hash: np.ndarray  # uint64: hash of the word, or of two characters in unspaced scripts
    stem: np.ndarray  # uint64: the same, of its first letters only
    is_marked: np.ndarray  # bool: begins with a capital or a digit
    short: np.ndarray  # bool: a single letter, which tells nothing


def _split_words(texts: Sequence[str]) -> _Words:
    codes = np.frombuffer("\n".join([*texts, ""]).encode("utf-32-le", "surrogatepass"), "<u4")
    letters = folding(codes)
    owner = np.repeat(np.arange(len(texts)), [len(text) + 1 for text in texts])
    if (dropped := letters == 1).any():
        codes, letters, owner = codes[~dropped], letters[~dropped], owner[~dropped]
    marks = _marks(codes)
    digit = (marks & _DIGIT) > 0
    joint = ((marks & _POINT) > 0) & np.r_[False, digit[:-1]] & np.r_[digit[1:], False]
    letters = np.where(joint, np.uint32(ord(".")), letters)

    letter, lone = letters != 0, letters >= LONE
    inside = letter[1:] & letter[:-1] & ~(lone[1:] | lone[:-1])
    first = np.flatnonzero(letter & ~np.r_[False, inside])
    last = np.flatnonzero(letter & ~np.r_[inside, False])
    is_pair = lone[first] & np.append(lone, False)[first + 1]
    end = np.where(is_pair, first + 1, np.minimum(last, first + STEM - 1))

    power, inverse = powers(len(letters))
    sums = np.zeros(len(letters) + 1, np.uint64)
    np.cumsum(letters * power, out=sums[1:])

    def hashes(until: np.ndarray) -> np.ndarray:
        return mixed((sums[until + 1] - sums[first]) * inverse[first])

    is_marked = (marks[first] & (_CAPITAL | _DIGIT)) > 0
    return _Words(owner[first], hashes(np.maximum(last, end)), hashes(end), is_marked, first == end)


_CAPITAL, _DIGIT, _POINT = 1, 2, 4


def _mark_of(code: int) -> int:
    """Whether a character is a capital, a digit, or a point or comma that may stand within a number."""
    letter = chr(code)
    if letter.isupper() or letter.istitle():
        return _CAPITAL
    if letter.isdecimal():
        return _DIGIT
    return _POINT if letter in ".," else 0


_marks = ByCharacter(_mark_of, np.uint8)


@cache
def _stop_words(language: str) -> np.ndarray:
    """Hashes (uint64) of the language's words that stand everywhere; none for a language not known."""
    if not stopwordsiso.has_lang(language):
        return np.zeros(0, np.uint64)
    words = sorted(word for word in stopwordsiso.stopwords(language) if word.isalpha())
    return np.unique(_split_words(words).full_hash)
