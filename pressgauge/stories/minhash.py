"""The shingles of a text: hashes of its overlapping runs of words, what near-copies are recognised by.

Method: w-shingling, Broder, "On the resemblance and containment of documents", 1997. Words are read without
case, accents, punctuation and spacing; where words are not spaced, each character counts as one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from pressgauge.unicode import ByCharacter

WORDS, CHARACTERS = 3, 8
"""Length of a shingle in spaced scripts and in those without spaces."""
SHORTEST = 28, 60
"""With fewer shingles, in spaced and unspaced scripts, a text is too short to compare: about 30 words."""
LONGEST = 200_000
"""Characters of a text that are read; a book is recognised by its beginning."""

_BATCH = 1 << 17  # characters at once: what stays in a core's cache
_DROPPED = 1
LONE = 1 << 31
"""Marks a letter that is a word of its own, in scripts without spaces."""
_BASE = 0x9E3779B97F4A7C15
UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),  # Han
    (0xF900, 0xFAFF),
    (0x20000, 0x323AF),
)
"""First and last code points of the scripts without spaces."""


class Shingles(NamedTuple):
    """Shingles of consecutive texts: those of text i are `hashes[starts[i]:starts[i + 1]]`, in reading order.

    `hashes` is uint64, `starts` int64 with one more entry than there are texts. A text that is null or too
    short has none.
    """

    hashes: np.ndarray
    starts: np.ndarray


def shingles(texts: Iterable[object]) -> Iterator[Shingles]:
    """The shingles of texts, some hundred texts at a time, so that memory stays bounded.

    Whatever is no string has none.
    """
    return map(shingles_of, batches(texts))


def batches(texts: Iterable[object]) -> Iterator[list[str]]:
    """Texts as `shingles` reads them, as many at a time; an empty one for whatever is no string."""
    batch: list[str] = []
    size = 0
    for each in texts:
        text = each[:LONGEST] if isinstance(each, str) else ""
        if batch and size + len(text) > _BATCH:
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text) + 1
    if batch:
        yield batch


def mixed(values: np.ndarray) -> np.ndarray:
    """uint64 -> uint64, one to one, each bit depending on all bits (as in MurmurHash3)."""
    values = values ^ (values >> np.uint64(32))
    for _ in range(2):
        values *= np.uint64(0xD6E8FEB86659FD93)
        values ^= values >> np.uint64(32)
    return values


def shingles_of(texts: Sequence[str]) -> Shingles:
    """The shingles of a batch of texts."""
    words, lone, starts = _word_hashes(texts)
    number = np.diff(starts)
    unspaced = np.diff(np.r_[0, np.cumsum(lone)][starts]) * 2 > number
    spaced = _run_hashes(words, starts, WORDS, np.where(unspaced, 0, number), SHORTEST[0])
    if not unspaced.any():
        return spaced
    other = _run_hashes(words, starts, CHARACTERS, np.where(unspaced, number, 0), SHORTEST[1])
    # a text has shingles of one kind only, so the two sets are laid into each other
    at = np.concatenate([np.repeat(np.arange(len(texts)), np.diff(each.starts)) for each in (spaced, other)])
    order = np.argsort(at, kind="stable")
    return Shingles(np.concatenate([spaced.hashes, other.hashes])[order], spaced.starts + other.starts)


def _run_hashes(
    words: np.ndarray, starts: np.ndarray, length: int, number: np.ndarray, shortest: int
) -> Shingles:
    """Hashes of all runs of `length` words within the texts that have enough of them."""
    count = np.maximum(number - length + 1, 0)
    count[count < shortest] = 0
    ends = np.r_[0, np.cumsum(count)]
    first = np.arange(ends[-1]) + np.repeat(starts[:-1] - ends[:-1], count)
    hashes = np.zeros(len(words) + 1, np.uint64)
    for ahead in range(length):
        hashes *= np.uint64(_BASE)
        hashes[: max(len(words) - ahead, 0)] += words[ahead:]
    return Shingles(mixed(hashes[first]), ends)


def _word_hashes(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hash of each word (uint64), whether it is a lone character, and where the words of each text start."""
    codes = np.frombuffer("\n".join([*texts, ""]).encode("utf-32-le", "surrogatepass"), "<u4")
    ends = np.cumsum([len(text) + 1 for text in texts])
    letters = folding(codes)
    dropped = letters == _DROPPED
    if dropped.any():
        ends = ends - np.cumsum(dropped)[ends - 1]
        letters = letters[~dropped]
    letter, lone = letters != 0, letters >= LONE
    if lone.any():
        inside = letter[1:] & letter[:-1] & ~(lone[1:] | lone[:-1])
        first = np.flatnonzero(letter & ~np.r_[False, inside])
        last = np.flatnonzero(letter & ~np.r_[inside, False])
    else:  # a word begins and ends at every second change
        edges = np.flatnonzero(np.diff(letter, prepend=False))
        first, last = edges[::2], edges[1::2] - 1  # the last letter of all is none
    # a polynomial over the letters, from differences of one running sum; odd powers can be divided away
    power, inverse = powers(len(letters))
    sums = np.zeros(len(letters) + 1, np.uint64)
    np.multiply(letters, power, out=sums[1:])
    np.cumsum(sums, out=sums)
    words = mixed((sums[last + 1] - sums[first]) * inverse[first])
    return words, lone[first], np.searchsorted(first, np.array([0, *ends]))


def powers(size: int) -> tuple[np.ndarray, np.ndarray]:
    """The first `size` powers of the base modulo 2^64, and their inverses, at most those of a batch.

    The letters of a running sum are multiplied with them, so that any stretch of it is a hash (Karp and
    Rabin 1987).
    """
    rising, falling = _base_powers()
    return rising[:size], falling[:size]


@cache
def _base_powers() -> tuple[np.ndarray, np.ndarray]:
    size = _BATCH + LONGEST + 2

    def powers_of(base: int) -> np.ndarray:
        values = np.full(size, base, np.uint64)
        values[0] = 1
        return np.multiply.accumulate(values)

    return powers_of(_BASE), powers_of(pow(_BASE, -1, 1 << 64))


def _fold_character(code: int) -> int:
    """What a character is read as: 0 between words, 1 nothing at all, else a small letter without accents,
    marked when it is a word of its own."""
    if code > UNSPACED[-1][1]:
        return 0  # selectors, tags and private characters
    letter = chr(code)
    category = unicodedata.category(letter)
    if 0x300 <= code < 0x370 or category == "Cf":
        return _DROPPED
    if category[0] not in "LMN":
        return 0
    plain = unicodedata.normalize("NFKD", letter.lower())
    accented = all(0x300 <= ord(mark) < 0x370 for mark in plain[1:])
    lone_flag = LONE if any(first <= code <= last for first, last in UNSPACED) else 0
    return (ord(plain[0]) if accented else code) | lone_flag


folding = ByCharacter(_fold_character, np.uint32)
"""Code points -> what they are read as (`_fold_character`)."""
