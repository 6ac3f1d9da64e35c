"""Which stored sketches share a key with fresh ones: a look at each stored key, or at each fresh one.

Few fresh articles are looked up among the marks of a file (Bloom, "Space/time trade-offs in hash coding with
allowable errors", 1970), so that an append costs what is new. Many, or those of which many keys are marked as
those of copies are, are put into a table by which the stored keys go, so that it costs what is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np

BANDS = 64
"""Keys of a sketch; what they are: `assign.sketches`."""
SHARED = 2
"""Keys that two articles have in common, at least, to be compared: see `assign.ROWS`."""
WINDOW = 30
"""Days between the publication of two copies, at most."""

_SPAN = np.timedelta64(WINDOW, "D") + np.timedelta64(1, "s")  # the distance is that of whole seconds
_NO_TIME = np.datetime64("NaT", "us")
_SEARCHED = 16_384  # articles whose sketches are searched at once: the keys of a band fit a core's cache
_MARK_BITS = 16
"""Places for each key's marks, or half as many at least: with three marks a key, one in 200 that is not there
passes, or one in 30."""
_FEW = 8
"""Of fewer fresh articles than one for so many stored it is quicker to look up the fresh ones."""
_MOST_COMPARED = 16 * BANDS
"""Keys that the marks let through which it is quicker to compare with all of their bands than to have all
stored keys go by a table: either takes longer in larger files by as much."""
_COMPARED = 64  # keys that are compared with all of a band at once: what stays in a core's cache


class StoredKeys(NamedTuple):
    """What is searched of a file's articles.

    When they were `published` (datetime64[us], UTC, NaT where unknown), `halves` of their sketches (uint16,
    shape (2, BANDS, n)), and the `marks` of these or of more (uint8, shape (BANDS, bytes)), None where they
    are not kept.
    """

    published: np.ndarray
    halves: np.ndarray
    marks: np.ndarray | None = None


def halves(sketch: np.ndarray) -> np.ndarray:
    """Sketches as they are kept to be searched: uint16, shape (2, BANDS, n), the lower halves of the keys and
    the upper, band by band."""
    return np.ascontiguousarray(np.stack(_halves_of(sketch)).transpose(0, 2, 1))


def marks(kept: np.ndarray) -> np.ndarray:
    """A bit for whether some article has a key of these marks, band by band: `mark_bytes` of each band."""
    lower, upper = kept
    bits = _bits_of(kept.shape[2])
    marked = np.empty((BANDS, mark_bytes(kept.shape[2])), np.uint8)
    for row, low, high in zip(marked, lower, upper, strict=True):
        table, keys = np.zeros(1 << bits, bool), _joined(low, high)
        for shift in _shifts(bits):
            table[_places(keys, shift, bits)] = True
        row[:] = np.packbits(table, bitorder="little")
    return marked


def mark_bytes(articles: int) -> int:
    """Bytes of the marks of a band of so many articles."""
    return 1 << (_bits_of(articles) - 3)


def key_hits(
    sketch: np.ndarray, published: np.ndarray, stored: Iterable[StoredKeys]
) -> tuple[np.ndarray, np.ndarray]:
    """Row and entry of each key of the stored sketches that a fresh article of about the same time has too,
    once, where the two share SHARED, and of some more; `published` as in StoredKeys.

    The rows of the parts of `stored` are counted through.
    """
    rows, entries, end = [np.zeros(0, np.int64)], [np.zeros(0, np.uint64)], 0
    fresh, table = _Fresh(sketch, published), _Table(sketch)
    batch, waiting = list[tuple[int, StoredKeys]](), 0

    def note(numbers: np.ndarray, band: np.ndarray, keys: np.ndarray) -> None:
        rows.append(numbers)
        entries.append(key_entries(band, keys))

    def scan() -> None:
        numbers = np.concatenate([np.arange(start, start + len(part.published)) for start, part in batch])
        is_near = fresh.about(np.concatenate([part.published for _, part in batch]))
        band, row, keys = table.hits(is_near, [part.halves for _, part in batch])
        note(numbers[row], band, keys)

    for part in stored:
        start, end = end, end + len(part.published)
        if part.marks is not None and (near := fresh.near(part.published)).articles * _FEW <= end - start:
            wanted = near.marked(part.marks)
            if len(wanted) <= _MOST_COMPARED:
                band, row, keys = _look_up(wanted, part.halves)
                note(row + start, band, keys)
                continue
        batch.append((start, part))
        waiting += end - start
        if waiting >= _SEARCHED:
            scan()
            batch, waiting = [], 0
    if batch:
        scan()
    return np.concatenate(rows), np.concatenate(entries)


def key_entries(bands: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Keys with their bands, as one number each."""
    return (bands.astype(np.uint64) << np.uint64(32)) | keys


class _Fresh:
    """Fresh articles, and those of them that may be copies of others, by when these were published."""

    def __init__(self, sketch: np.ndarray, published: np.ndarray) -> None:
        self._sketch, self._published = sketch, published
        self._near: tuple[tuple[np.datetime64, np.datetime64], _Near] | None = None

    def about(self, others: np.ndarray) -> np.ndarray:
        """Which articles may be copies of some others, by when they were published: bool, a few too many."""
        return self._between(*_days_of(others))

    def near(self, others: np.ndarray) -> _Near:
        """These articles; files of one month have the same."""
        days = _days_of(others)
        if self._near is None or self._near[0] != days:
            self._near = days, _Near(self, self._between(*days))
        return self._near[1]

    @cached_property
    def keys(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Article, band and value of each key, in the order of their first marks, which are then read one
        after the other."""
        article, band = np.nonzero(self._sketch)
        keys = self._sketch[article, band]
        order = np.argsort((band.astype(np.uint32) << np.uint32(16)) | (keys & np.uint32(0xFFFF)))
        return article[order], band[order], keys[order]

    def _between(self, first: np.datetime64, last: np.datetime64) -> np.ndarray:
        if np.isnat(first):
            return np.ones(len(self._published), bool)
        near = (self._published >= first - _SPAN) & (self._published <= last + _SPAN)
        return near | np.isnat(self._published)


class _Near:
    """Some fresh articles, so many `articles`, whose keys are looked up among marks."""

    def __init__(self, fresh: _Fresh, is_near: np.ndarray) -> None:
        self.articles = int(is_near.sum())
        self._fresh, self._is_near = fresh, is_near
        self._marks: dict[int, list[tuple[np.ndarray, np.ndarray]]] = {}

    def marked(self, marks: np.ndarray) -> np.ndarray:
        """The entries (unique, ascending) of the keys that the marks let through, of articles of which they
        let SHARED through."""
        article, band, keys = self._keys
        flat, size = marks.reshape(-1), marks.shape[1]
        if size not in self._marks:
            self._marks[size] = list(_marks_of(band, keys, size))
        (at, bit), *others = self._marks[size]
        rows = np.flatnonzero(flat.take(at) & bit)
        for at, bit in others:
            rows = rows[np.flatnonzero(flat.take(at[rows]) & bit[rows])]
        rows = rows[np.bincount(article[rows], minlength=1)[article[rows]] >= SHARED]
        return np.unique(key_entries(band[rows], keys[rows]))

    @cached_property
    def _keys(self) -> tuple[np.ndarray, ...]:
        rows = np.flatnonzero(self._is_near[self._fresh.keys[0]])
        return tuple(each[rows] for each in self._fresh.keys)


def _marks_of(band: np.ndarray, keys: np.ndarray, size: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Byte and bit of the first, second and third mark of each key, where a band has `size` bytes of them."""
    bits = (8 * size).bit_length() - 1
    for shift in _shifts(bits):
        place = _places(keys, shift, bits)
        yield band * size + (place >> np.uint32(3)), np.uint8(1) << (place & np.uint32(7)).astype(np.uint8)


def _look_up(wanted: np.ndarray, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Band, row and key of each kept key that is among the entries `wanted`, of which each is there once."""
    band, keys = (
        (wanted >> np.uint64(32)).astype(np.int64),
        (wanted & np.uint64(0xFFFFFFFF)).astype(np.uint32),
    )
    lower, upper = kept
    low, high = _halves_of(keys)
    found = [np.zeros((2, 0), np.int64)]
    for at in range(0, len(keys), _COMPARED):
        is_same = lower[band[at : at + _COMPARED]] == low[at : at + _COMPARED, None]
        each, row = np.divmod(np.flatnonzero(is_same), kept.shape[2])
        each += at
        is_whole = upper[band[each], row] == high[each]
        found.append(np.stack([each[is_whole], row[is_whole]]))
    each, row = np.concatenate(found, axis=1)
    return band[each], row, keys[each]


class _Table:
    """The halves of fresh keys as places of a table: either tells most stored keys from the fresh without a
    search."""

    def __init__(self, sketch: np.ndarray) -> None:
        self._sketch = sketch
        self._tables = np.zeros((0, BANDS, 1 << 16), bool)
        self._is_marked = np.zeros(len(sketch), bool)
        self._room = np.empty(0, np.uint16)

    def hits(self, is_near: np.ndarray, parts: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Band, row and key of the kept keys that one of some fresh articles has, and of a few more. `parts`
        are searched as one: a dataset that grows has many small files."""
        self._mark(is_near)
        low, high = self._tables
        size = 2 * BANDS * sum(part.shape[2] for part in parts)
        self._room = self._room if size <= len(self._room) else np.empty(size, np.uint16)
        lower, upper = np.concatenate(parts, axis=2, out=self._room[:size].reshape(2, BANDS, -1))
        # a band's keys lie together, and its table in a core's cache, which holds every half
        rows = [np.flatnonzero(table.take(keys, mode="wrap")) for table, keys in zip(low, lower, strict=True)]
        band, row = np.repeat(np.arange(BANDS), [len(each) for each in rows]), np.concatenate(rows)
        likely = high[band, upper[band, row]]
        band, row = band[likely], row[likely]
        return band, row, _joined(lower[band, row], upper[band, row])

    def _mark(self, is_near: np.ndarray) -> None:
        if not len(self._tables):
            self._tables = np.zeros((2, BANDS, 1 << 16), bool)
        if (is_near != self._is_marked).any():
            self._set_places(self._sketch[self._is_marked], False)
            self._set_places(self._sketch[is_near], True)
            self._is_marked = is_near

    def _set_places(self, sketch: np.ndarray, value: bool) -> None:
        row, band = np.nonzero(sketch)
        for half, table in zip(_halves_of(sketch[row, band]), self._tables, strict=True):
            table[band, half] = value


def _days_of(published: np.ndarray) -> tuple[np.datetime64, np.datetime64]:
    """The first day and the end of the last; NaT where there is none, or one of them is unknown."""
    first, last = (published.min(), published.max()) if len(published) else (_NO_TIME, _NO_TIME)
    return first.astype("<M8[D]"), last.astype("<M8[D]") + np.timedelta64(1, "D")


def _halves_of(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The lower and the upper half of each key (uint16)."""
    return (keys & np.uint32(0xFFFF)).astype(np.uint16), (keys >> np.uint32(16)).astype(np.uint16)


def _joined(lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    return (upper.astype(np.uint32) << np.uint32(16)) | lower


def _bits_of(articles: int) -> int:
    """Bits of the number of a mark's place, of so many articles."""
    return max((articles * _MARK_BITS).bit_length() - 1, 3)


def _shifts(bits: int) -> Iterator[np.uint32]:
    """Where a key has the three numbers that are its marks' places: lowest, highest and middle bits."""
    return map(np.uint32, (0, 32 - bits, (32 - bits) // 2))


def _places(keys: np.ndarray, shift: np.uint32, bits: int) -> np.ndarray:
    return (keys >> shift) & np.uint32((1 << bits) - 1)
