"""Names that last: an event keeps its number while it grows, and what was split or merged is written down."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pressgauge.events.rows import is_among
from pressgauge.stories.minhash import mixed

HISTORY = ("at", "event", "kind", "other", "articles")
"""Columns of the history: at (datetime64[us, UTC], when it was noticed), event (int64, the number that ceased
or that is new), kind ("merged" into the other, "split" from it), other (int64), articles (int64, how many
changed hands)."""


def no_history() -> pd.DataFrame:
    """An empty history."""
    types = {"at": "datetime64[us, UTC]", "event": "int64", "kind": "str", "other": "int64"}
    return pd.DataFrame(columns=list(HISTORY)).astype(types | {"articles": "int64"})


def rename(
    label: np.ndarray,
    before: np.ndarray,
    is_known: np.ndarray,
    ids: np.ndarray,
    at: pd.Timestamp,
    *,
    taken: np.ndarray,
) -> tuple[np.ndarray, pd.DataFrame]:
    """The event number of each article (int64), and the history of what changed.

    `label` says which articles are one event now, `before` gives their numbers until now, where `is_known`
    (bool). A number goes to the event that has most of its articles, and an event takes the number of which
    it has most, then the older one in these rows. A new event has the id of its first article as its number,
    or, where an event of old goes by that (its number is among the `taken` ones), the next article's.
    """
    event = before.copy()
    group, names = pd.factorize(label)
    is_unchanged = _unchanged_groups(group, before, is_known, len(names))
    rows = np.flatnonzero(~is_unchanged[group])
    if not len(rows):
        return event, no_history()
    pairs = pd.DataFrame({"group": group[rows], "number": before[rows], "known": is_known[rows], "row": rows})
    counts = (
        pairs[pairs["known"]]
        .groupby(["group", "number"], sort=False)
        .agg(articles=("row", "size"), first=("row", "min"))
        .reset_index()
        .sort_values(["articles", "first"], ascending=[False, True], kind="stable")
    )
    number: dict[Any, int] = {}
    owner: dict[int, int] = {}
    for of, old in zip(counts["group"].tolist(), counts["number"].tolist(), strict=True):
        if of not in number and old not in owner:
            number[of], owner[old] = old, of
    numbers = np.zeros(len(names), np.int64)
    numbers[list(number)] = list(number.values())
    unnamed = rows[~np.isin(group[rows], list(number))]
    if len(unnamed):
        of, first = np.unique(group[unnamed], return_index=True)
        numbers[of] = ids[unnamed[first]]
        is_taken = np.isin(numbers[of], taken[is_among(taken, numbers[of])])
        taken_numbers = {*taken.tolist(), *numbers[of[~is_taken]].tolist()} if is_taken.any() else set()
        for each in of[is_taken].tolist():
            numbers[each] = _free_number(ids[unnamed[group[unnamed] == each]], taken_numbers)
            taken_numbers.add(int(numbers[each]))
    event[rows] = numbers[group[rows]]
    return event, _history_rows(counts, numbers.tolist(), owner, at)


def _free_number(ids: np.ndarray, taken_numbers: set[int]) -> int:
    """The first of these ids that is no event's number, or a number made of them."""
    candidates = ids
    while True:
        for each in candidates.tolist():
            if each not in taken_numbers:
                return int(each)
        candidates = mixed(candidates.view(np.uint64)).view(np.int64)


def _unchanged_groups(group: np.ndarray, before: np.ndarray, is_known: np.ndarray, size: int) -> np.ndarray:
    """Which groups are an event of before, neither more nor less (bool)."""
    code, numbers = pd.factorize(np.where(is_known, before, 0))
    code[~is_known] = len(numbers)
    number, is_single = _common_value(group, code, size)
    _, undivided = _common_value(code, group, len(numbers) + 1)
    undivided[len(numbers)] = False
    return is_single & undivided[number]


def _common_value(of: np.ndarray, value: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """A value of each of `size` groups, and whether all of its rows have that one."""
    some = np.zeros(size, np.int64)
    some[of] = value
    same = np.ones(size, bool)
    same[of[value != some[of]]] = False
    return some, same


def _history_rows(
    counts: pd.DataFrame, number: list[int], owner: dict[int, int], at: pd.Timestamp
) -> pd.DataFrame:
    """A row for each number that ceased and each that is new, from the counts of articles in common."""
    rows = []
    events: set[int] = set()
    for of, old, articles in zip(counts["group"], counts["number"], counts["articles"], strict=True):
        if old not in owner and old not in events:
            rows.append((at, old, "merged", number[of], articles))
            events.add(old)
        elif (
            number[of] != old
            and owner.get(old) != of
            and number[of] not in owner
            and number[of] not in events
        ):
            rows.append((at, number[of], "split", old, articles))
            events.add(number[of])
    empty = no_history()
    return pd.DataFrame(rows, columns=list(HISTORY)).astype(empty.dtypes.to_dict()) if rows else empty
