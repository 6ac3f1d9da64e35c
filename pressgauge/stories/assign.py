"""Stories: syndicated and near-identical copies of one article, found as they arrive.

Copies are looked up by MinHash and banding (Broder 1997; Leskovec, Rajaraman, Ullman, "Mining of Massive
Datasets", chapter 3) and accepted by their whole texts (`resemblance`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa

from pressgauge.stories.keys import BANDS, SHARED, WINDOW, StoredKeys, key_entries, key_hits
from pressgauge.stories.minhash import batches, mixed, shingles_of
from pressgauge.stories.resemblance import compare

ROWS = 2
"""Measured on copies edited by 10 to 20 % (resemblance 0.25 to 0.6): two rows a band let a pair at 0.3 share
5.8 of 64 bands on average. Articles that have nothing to do with each other resemble by 0.003 and share none;
so a candidate shares SHARED bands, which one pair in fifty misses at 0.3 and one in a thousand at 0.38."""
NEIGHBOURS = 8
"""Members of one bucket that an article is compared with on either side, by date: enough to tie any number of
copies together, and a notice that thousands share costs no more than that."""

_THREADS = 4
_UNDATED = 1 << 60  # seconds: after every date
_RANK_BITS = 26


def sketches(texts: Sequence[str | None] | pa.Array | pa.ChunkedArray | pd.Series) -> np.ndarray:
    """The band keys of each text's MinHash: uint32, shape (n, BANDS), the same everywhere.

    Texts that resemble each other by s share a key with probability s^ROWS in each column. A text that is
    null or shorter than about 30 words (60 characters in scripts without spaces) has zeros, which stand for
    no key: it is like nothing. No other key is zero.
    """
    given = texts.to_pylist() if isinstance(texts, pa.Array | pa.ChunkedArray) else np.asarray(texts, object)
    with ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1)) as pool:  # numpy lets go of the interpreter
        return np.concatenate(
            [np.zeros((0, BANDS), np.uint32), *pool.map(_sketches_of_batch, batches(given))]
        )


def _sketches_of_batch(texts: Sequence[str]) -> np.ndarray:
    hashes, starts = shingles_of(texts)
    keys = np.zeros((len(texts), BANDS), np.uint32)
    long = np.diff(starts) > 0
    if long.any():
        keys[long] = _band_keys(_least_hashes((hashes >> np.uint64(32)).astype(np.uint32), starts[:-1][long]))
    return keys


def assign(
    fresh: pd.DataFrame,
    sketch: np.ndarray,
    stored: Callable[[np.ndarray], pd.DataFrame],
    stored_sketch: Iterable[StoredKeys],
    read: Callable[[np.ndarray], pd.Series],
) -> np.ndarray:
    """The story of each fresh article: int64, in the order of the rows.

    `fresh` has id, text and published (UTC, NaT unknown), `stored` gives id, story and published of some of
    the others by their numbers, ascending; `sketch` and, in parts, `stored_sketch` are theirs. `read` gives
    the texts of some stored articles, indexed by id.
    Articles are joined from the most alike pair down, if they are copies (`resemblance`) and published within
    WINDOW days of each other (an undated one is compared with all), but never two stored stories. A story of
    fresh articles only has the id of the earliest, then of the smallest id; an article like no other its own.
    The order of the rows does not matter. A stored article that is among the fresh counts as fresh.
    """
    nearby, members, entries = _sharing_keys(fresh, sketch, stored, stored_sketch)
    everyone = np.concatenate([fresh["id"].to_numpy(np.int64), nearby["id"].to_numpy(np.int64)])
    day = np.concatenate([_to_seconds(fresh["published"]), _to_seconds(nearby["published"])])
    order = np.lexsort((everyone, day))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))

    first, second = (order[ranks] for ranks in _candidate_pairs(rank[members], entries, order < len(fresh)))
    del members, entries  # the texts take as much
    distance = np.abs(day[first] - day[second])
    close = (distance <= WINDOW * 86_400) | (np.maximum(day[first], day[second]) == _UNDATED)
    first, second = first[close], second[close]

    compared = np.unique(np.concatenate([first, second]))
    fresh_rows, stored_rows = compared[compared < len(fresh)], compared[compared >= len(fresh)]
    texts = list(fresh["text"].iloc[fresh_rows])
    if len(stored_rows):
        texts += read(everyone[stored_rows]).reindex(everyone[stored_rows]).tolist()
    resemblance, same = compare(texts, np.searchsorted(compared, first), np.searchsorted(compared, second))
    first, second, resemblance = first[same], second[same], resemblance[same]
    best = np.lexsort((rank[second], rank[first], -resemblance))
    return _join_pairs(
        everyone, rank, nearby["story"].to_numpy(np.int64), len(fresh), first[best], second[best]
    )


@cache
def _permutation_factors() -> list[np.uint32]:
    """One odd factor for each permutation of the 32-bit hashes."""
    seeds = mixed(np.arange(1, BANDS * ROWS + 1, dtype=np.uint64))
    return list((seeds >> np.uint64(32)).astype(np.uint32) | np.uint32(1))


def _least_hashes(hashes: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """The least value of each text's hashes under each permutation: uint32, shape (texts, BANDS * ROWS)."""
    least = np.empty((BANDS * ROWS, len(starts)), np.uint32)
    permuted = np.empty_like(hashes)
    for row, factor in zip(least, _permutation_factors(), strict=True):
        np.multiply(hashes, factor, out=permuted)
        np.minimum.reduceat(permuted, starts, out=row)
    return least.T


def _band_keys(minima: np.ndarray) -> np.ndarray:
    """One key for the minima of each band: uint32, never zero."""
    rows = minima.astype(np.uint64).reshape(len(minima), BANDS, ROWS)
    keys = mixed((rows[..., 0] << np.uint64(32)) | rows[..., 1]) >> np.uint64(32)
    return np.maximum(keys, 1).astype(np.uint32)


def _sharing_keys(
    fresh: pd.DataFrame,
    sketch: np.ndarray,
    stored: Callable[[np.ndarray], pd.DataFrame],
    stored_sketch: Iterable[StoredKeys],
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Who shares band keys: the stored articles that share SHARED with fresh ones, and article and entry of
    each key. Articles are numbered: the fresh, then those stored."""
    published = pd.DatetimeIndex(fresh["published"]).tz_convert(None).to_numpy().astype("<M8[us]")
    rows, entries = key_hits(sketch, published, stored_sketch)
    near = np.flatnonzero(np.bincount(rows, minlength=1) >= SHARED)
    nearby = stored(near)
    is_other = ~np.isin(nearby["id"].to_numpy(np.int64), fresh["id"].to_numpy(np.int64))
    near, nearby = near[is_other], nearby[is_other]
    is_near = np.zeros(rows.max(initial=0) + 1, bool)
    is_near[near] = True
    useful = is_near[rows]
    row, band = np.nonzero(sketch)
    members = np.concatenate([row, np.searchsorted(near, rows[useful]) + len(fresh)])
    entries = np.concatenate([key_entries(band, sketch[row, band]), entries[useful]])
    return nearby, members, entries


def _candidate_pairs(
    ranks: np.ndarray, entries: np.ndarray, fresh: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Ranks of the pairs, at least one of them `fresh`, that share SHARED buckets among their neighbours."""
    both = np.sort((entries << np.uint64(_RANK_BITS)) | ranks.astype(np.uint64))
    bucket, rank = both >> np.uint64(_RANK_BITS), (both & np.uint64((1 << _RANK_BITS) - 1)).astype(np.int64)
    encoded = [np.zeros(0, np.int64)]
    for ahead in range(1, NEIGHBOURS + 1):
        at = np.flatnonzero(bucket[ahead:] == bucket[:-ahead])
        one, other = rank[at], rank[at + ahead]
        useful = fresh[one] | fresh[other]
        encoded.append(one[useful] * len(fresh) + other[useful])
    pairs, common = np.unique(np.concatenate(encoded), return_counts=True)
    return np.divmod(pairs[common >= SHARED], max(len(fresh), 1))


def _join_pairs(
    ids: np.ndarray, rank: np.ndarray, story: np.ndarray, fresh: int, first: np.ndarray, second: np.ndarray
) -> np.ndarray:
    """The story of the first `fresh` articles, when pairs are joined in this order (Kruskal), never two
    stories of the others."""
    result = ids[:fresh].copy()
    code, stories = pd.factorize(story)
    node = np.concatenate([np.arange(fresh), code + fresh])
    parent: dict[int, int] = {}

    def root(of: int) -> int:
        while (above := parent.setdefault(of, of)) != of:
            parent[of] = parent[above]
            of = above
        return of

    for one, other in zip(node[first].tolist(), node[second].tolist(), strict=True):
        low, high = sorted((root(one), root(other)))
        if low < fresh:
            parent[low] = high
    key: dict[int, int] = {}
    linked_rows = np.array([each for each in parent if each < fresh], np.int64)
    for each in linked_rows[np.argsort(rank[linked_rows])].tolist():
        top = root(each)
        result[each] = key.setdefault(top, int(ids[each])) if top < fresh else stories[top - fresh]
    return result


def _to_seconds(published: pd.Series) -> np.ndarray:
    """Seconds since 1970, _UNDATED where unknown (int64)."""
    seconds = pd.DatetimeIndex(published).as_unit("s")
    return np.where(seconds.isna(), _UNDATED, seconds.asi8)
