"""Bitmaps: a bit a row in words of 64 (uint64), the lowest bit first, and how many are set in a range.

A bit beyond the last row is never set. Counts come from the number of bits before each word (`ranks`), so
that a range costs the same however long it is (rank and select of Jacobson 1989).
"""

from __future__ import annotations

import numpy as np

_WORD = np.uint64
_ALL = _WORD(0xFFFFFFFFFFFFFFFF)
_TOP = _WORD(1) << _WORD(63)
_PIECE = 65_536


def pack(mask: np.ndarray) -> np.ndarray:
    """The bitmap of a bool array."""
    words = np.zeros((len(mask) + 63) // 64, dtype="<u8")
    octets = np.packbits(mask, bitorder="little")
    words.view(np.uint8)[: len(octets)] = octets
    return words.astype(_WORD, copy=False)


def unpack(words: np.ndarray, size: int) -> np.ndarray:
    """The bool array of a bitmap of `size` rows."""
    octets = words.astype("<u8", copy=False).view(np.uint8)
    return np.unpackbits(octets, count=size, bitorder="little").view(bool)


def mask(rows: np.ndarray, size: int) -> np.ndarray:
    """The bool array of `size` rows in which these are set."""
    is_set = np.zeros(size, dtype=bool)
    is_set[rows] = True
    return is_set


def lookup(table: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """`table[codes]` of small codes, -1 being the last: numpy makes wide numbers of them first, which of many
    rows leave a core's cache, so that they are looked up piece by piece in half of the time."""
    values = np.empty(len(codes), dtype=table.dtype)
    for start in range(0, len(codes), _PIECE):
        piece = slice(start, start + _PIECE)
        np.take(table, codes[piece], out=values[piece], mode="wrap")
    return values


def spans(starts: np.ndarray, ends: np.ndarray, size: int) -> np.ndarray:
    """The bitmap with the rows from each of `starts` up to, without, its end (int64); spans share no row."""
    turns = np.concatenate([starts, ends]).astype(np.int64)
    word = turns >> 6
    count = (size + 63) // 64
    # Every bit from a turn on is flipped: in the words after its own all bits, in its own those from it on.
    flips = np.bincount(word, minlength=count + 1)
    before = (np.cumsum(flips) - flips) & 1
    words = np.where(before[:count] == 1, _ALL, _WORD(0))
    inside = word < count
    masks = _ALL << (turns[inside] & 63).astype(_WORD)
    np.bitwise_xor.at(words, word[inside], masks)
    return words


def ranks(words: np.ndarray) -> np.ndarray:
    """How many bits are set before each word, and at last in all of them (int64, one more than words)."""
    before = np.zeros(len(words) + 1, dtype=np.int64)
    np.cumsum(np.bitwise_count(words), out=before[1:])
    return before


def rank(words: np.ndarray, before: np.ndarray, places: np.ndarray) -> np.ndarray:
    """How many bits are set before each of `places` (int64, of any shape); `before` is `ranks`."""
    word, bit = places >> 6, (places & 63).astype(_WORD)
    # A place at the end of the last word has no word of its own, and none of its bits is asked for.
    own_words = words[np.minimum(word, len(words) - 1)] if len(words) else np.zeros(places.shape, _WORD)
    return before[word] + np.bitwise_count(own_words & ((_WORD(1) << bit) - _WORD(1)))


def select(words: np.ndarray, before: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Where the n-th set bits lie, for several n (int64, from 0); there must be so many set bits."""
    word = np.searchsorted(before, numbers, side="right") - 1
    bits = unpack(words[word], 64 * len(word)).reshape(-1, 64)
    nth = np.cumsum(bits, axis=1) > (numbers - before[word])[:, None]
    return word * 64 + np.argmax(nth, axis=1)


class Segments:
    """Consecutive rows that count once together, such as the copies of a story in a week.

    `last` (bool) is True for the last row of each. How many of them have a set bit is told for all 64 rows of
    a word at once: what is added to the bits below a segment's last row carries into it when one of them is
    set.
    """

    def __init__(self, last: np.ndarray) -> None:
        self._ends = pack(last) | _TOP  # what goes on in the next word is counted there again
        ends = np.flatnonzero(last)
        starts = np.concatenate([[0], ends[:-1] + 1])[: len(ends)]
        over = np.flatnonzero(starts >> 6 != ends >> 6)
        self._starts, pieces = starts[over], (ends[over] >> 6) - (starts[over] >> 6) + 1
        self._first = np.cumsum(pieces) - pieces
        number = np.arange(pieces.sum()) - np.repeat(self._first, pieces)
        self._words = np.repeat(self._starts >> 6, pieces) + number
        self._bits = np.full(len(number), _TOP)
        self._bits[self._first + pieces - 1] = _WORD(1) << (ends[over] & 63).astype(_WORD)

    def counts(self, words: np.ndarray, bounds: np.ndarray) -> np.ndarray:
        """How many segments with a set bit lie between each two neighbouring `bounds` (int64, ascending, at
        each of which a segment begins): int64, one fewer."""
        inside = ~self._ends
        some = (((words & inside) + inside) | words) & self._ends
        n = np.diff(rank(some, ranks(some), bounds))
        if len(self._starts):
            hit = (some[self._words] & self._bits) != 0
            repeats = np.maximum(np.add.reduceat(hit, self._first, dtype=np.int64) - 1, 0)
            at = np.searchsorted(bounds, self._starts, side="right") - 1
            within = (at >= 0) & (at < len(n))
            n -= np.bincount(at[within], repeats[within], minlength=len(n)).astype(np.int64)
        return n
