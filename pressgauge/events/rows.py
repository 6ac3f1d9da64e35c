"""The articles of a clustering, a row each in the order of their days: some are taken out, others put in."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from pressgauge.stories.minhash import mixed


class Rows(NamedTuple):
    """Articles by `day` (int64 since 1970) and within a day by `shuffled` id.

    `is_first` (bool) marks the first article of each `story`. Before the change it was so of `was_first`
    (bool). The number of the `event` (int64, 0 where not `is_known`) is that of before, and so are, of a row
    that was first, `began` and `square` as in a Timeline; of others these are the row's own id and 1.
    """

    id: np.ndarray
    day: np.ndarray
    story: np.ndarray
    is_first: np.ndarray
    was_first: np.ndarray
    event: np.ndarray
    is_known: np.ndarray
    began: np.ndarray
    square: np.ndarray


def shuffled(ids: np.ndarray) -> np.ndarray:
    """A number for each id (uint64) whose order has nothing to do with the id's: the order within a day."""
    return mixed(ids.astype(np.int64).view(np.uint64))


def runs(day: np.ndarray) -> list[tuple[int, int]]:
    """First and end row of each day."""
    edges = np.flatnonzero(np.r_[True, day[1:] != day[:-1], True]) if len(day) else np.zeros(0, np.int64)
    return list(pairwise(edges.tolist()))


def is_among(values: np.ndarray, some: np.ndarray) -> np.ndarray:
    """Which of very many values are among some (bool). Only the few are put into a table."""
    return pd.Index(values).isin(some)


def without(rows: Rows, is_removed: np.ndarray) -> Rows:
    """The rows that stay, in the same order. Which is the first of a story is not asked again."""
    return Rows(*(column[~is_removed] for column in rows)) if is_removed.any() else rows


def with_fresh(rows: Rows, fresh: Rows) -> Rows:
    """Rows with others, in any order, put in their places."""
    order = np.lexsort((shuffled(fresh.id), fresh.day))
    is_old = np.ones(len(rows.id) + len(order), bool)
    is_old[_places(rows, fresh.id[order], fresh.day[order]) + np.arange(len(order))] = False
    columns = []
    for old, new in zip(rows, fresh, strict=True):
        column = np.empty(len(is_old), old.dtype)
        column[is_old], column[~is_old] = old, new[order]
        columns.append(column)
    return Rows(*columns)


def with_firsts(rows: Rows, stories: np.ndarray) -> Rows:
    """Rows with the first of each of these stories marked anew."""
    at = np.flatnonzero(is_among(rows.story, stories))
    is_first = rows.is_first.copy()
    is_first[at] = ~pd.Series(rows.story[at]).duplicated().to_numpy()
    return rows._replace(is_first=is_first)


def _places(rows: Rows, ids: np.ndarray, day: np.ndarray) -> np.ndarray:
    """The row before which each of the articles, in order, is put: only their days are looked through."""
    places = np.zeros(len(ids), np.int64)
    for begin, end in runs(day):
        first, last = np.searchsorted(rows.day, [day[begin], day[begin] + 1])
        same_day = shuffled(rows.id[first:last])
        places[begin:end] = first + np.searchsorted(same_day, shuffled(ids[begin:end]))
    return places
