"""Which of two versions of an article is kept: the better one, completed by the other."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pressgauge.store.rows.clean import by_host
from pressgauge.urls import registered_domain

_SHRUNK = 0.5
"""A text that lost more than this share of its words is a damaged reading, not an edit."""
_CONTENT = (
    *("title", "text", "published", "published_precision", "outlet", "country", "language", "partial"),
    "details",
)
_TOGETHER = {
    "title": ("title", "title_from", "title_confidence"),
    "authors": ("authors", "authors_from", "authors_confidence"),
    "published": ("published", "published_precision", "published_from", "published_confidence"),
    "text": ("text", "text_from", "text_confidence", "partial", "words", "credit"),
}
"""Columns that come from one version together."""


def merge(old: pd.DataFrame, new: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """(the articles to keep, bool array: which of them differ from `old`), row by row.

    Both have the columns of an article, the same ids in the same order. The newer version wins unless it is
    worse: a text that is partial or missing where the older was whole, or that shrank to less than half; no
    date, or only a day, where the older had the second; no title or byline where it had one. Such a part is
    kept from the older version, the rest is the newer's. What the newer does not say (null, or an outlet or
    domain that only its address filled in) never replaces what the older says. `url` and `source` stay those
    of the first finding, and `collected` moves only with a change.
    """
    old, new = old.reset_index(drop=True), new.reset_index(drop=True)
    rows = new.copy()
    for part, columns in _TOGETHER.items():
        worse = _worth_of(old, part) > _worth_of(new, part)
        if part == "text":
            worse |= (_worth_of(old, part) == _worth_of(new, part)) & _is_shrunk(old, new)
        for column in columns:
            rows[column] = rows[column].where(~worse, old[column])
    for column in ("url", "source"):
        rows[column] = old[column].where(old[column].notna(), rows[column])
    for column in ("country", "language", "details", "words", "reader_version"):
        rows[column] = rows[column].where(rows[column].notna(), old[column])
    # what was filled in by the address says nothing new: a name or domain that was given stays
    is_default = (
        _equal_cells(new["domain"], by_host(new["canonical_url"], registered_domain)) | new["domain"].isna()
    )
    rows["domain"] = rows["domain"].where(~is_default | old["domain"].isna(), old["domain"])
    is_default = _equal_cells(new["outlet"], new["domain"]) | (new["outlet"] == "unknown")
    rows["outlet"] = rows["outlet"].where(~is_default, old["outlet"])
    for part in _TOGETHER:
        same = _same_part(old, rows, part)
        for fact in (f"{part}_from", f"{part}_confidence"):
            rows[fact] = rows[fact].where(rows[fact].notna() | ~same, old[fact])
    is_changed = np.zeros(len(old), dtype=bool)
    for column in _CONTENT:
        is_changed |= ~_equal_cells(old[column], rows[column])
    is_changed |= ~_same_part(old, rows, "authors")
    return rows, is_changed


def _worth_of(articles: pd.DataFrame, part: str) -> np.ndarray:
    """How much of a part is there, a number that only compares."""
    if part == "authors":
        return articles["authors"].map(len).to_numpy() > 0
    present = articles[part].notna().to_numpy()
    if part == "text":
        return present * (1 + articles["partial"].isna().to_numpy())
    if part == "published":
        return present * (1 + (articles["published_precision"] == "second").to_numpy(dtype=bool))
    return present


def _is_shrunk(old: pd.DataFrame, new: pd.DataFrame) -> np.ndarray:
    before, after = (frame["words"].astype("float64").fillna(0).to_numpy() for frame in (old, new))
    return after < _SHRUNK * before


def _equal_cells(first: pd.Series, second: pd.Series) -> np.ndarray:
    both_null = first.isna() & second.isna()
    same = (first == second).fillna(False).astype(bool)
    return (same | both_null).to_numpy()


def _same_part(old: pd.DataFrame, new: pd.DataFrame, part: str) -> np.ndarray:
    if part == "authors":
        return _name_lines(old[part]) == _name_lines(new[part])
    return _equal_cells(old[part], new[part])


def _name_lines(names: pd.Series) -> np.ndarray:
    return np.array(["\n".join(each) for each in names], dtype=object)
