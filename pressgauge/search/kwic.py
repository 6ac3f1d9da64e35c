"""Keyword in context: each occurrence of what a query looks for, with the words around it, one a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

import numpy as np
import pandas as pd

from pressgauge.arguments import check_choice, check_limit, check_number
from pressgauge.search.highlight import spans
from pressgauge.search.nodes import Node
from pressgauge.search.tokens import words

Side = Literal["left", "right"]
COLUMNS = ("left", "match", "right", "outlet", "published", "id", "part", "start")
WIDTH = 60
_LEAST, _MOST = 25, 1_000  # articles read together


def in_texts(query: str | Node, articles: pd.DataFrame, width: int = WIDTH) -> pd.DataFrame:
    """Keyword in context of articles with `id`, `outlet`, `published`, `title` and `text`, in their order.

    left, match, right (str: at most `width` characters before, the words themselves, at most `width`
    characters after, line breaks as spaces), outlet, published, id, part ("title" or "text"), start (int64:
    characters of that part before the match). An article has a row for each occurrence, none where only
    words under NOT or other fields are asked for. Raises QueryError.
    """
    rows: list[tuple[Any, ...]] = []
    columns = [articles[name] for name in ("title", "text", "outlet", "published", "id")]
    for title, text, *facts in zip(*columns, strict=True):
        parts: tuple[tuple[Literal["title", "text"], Any], ...] = (("title", title), ("text", text))
        for part, content in parts:
            if isinstance(content, str):
                flat = content.replace("\n", " ")
                rows += [
                    (*_cut_context(flat, start, end, width), *facts, part, start)
                    for start, end in spans(query, content, part)
                ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"id": "int64", "start": "int64"})


def first(
    query: str | Node,
    ids: np.ndarray,
    read: Callable[[np.ndarray], pd.DataFrame],
    *,
    width: int = WIDTH,
    limit: int | None = 100,
) -> pd.DataFrame:
    """The first `limit` contexts (all where it is None) in the articles with these ids, as `in_texts` gives
    them. No more articles are read than are needed for so many contexts.

    `read` gives the articles of some ids, in their order, with the columns that `in_texts` needs.
    `attrs["articles"]` of the table is how many were read.
    """
    check_number("width", width)
    check_limit("limit", limit)
    pages, rows, at = [in_texts(query, read(ids[:0]), width)], 0, 0
    while at < len(ids) and (limit is None or rows < limit):
        some = ids[at : at + _articles_for(rows, at, limit)]
        pages.append(in_texts(query, read(some), width))
        rows, at = rows + len(pages[-1]), at + len(some)
    table = pd.concat([page for page in pages if len(page)] or pages, ignore_index=True)[:limit]
    table.attrs["articles"] = at
    return table


def _articles_for(rows: int, articles: int, limit: int | None) -> int:
    """How many more articles to read for `limit` rows, by how many rows those before had: what lies together
    in a file is unpacked once where it is read at once."""
    if limit is None:
        return _MOST
    expected = (limit - rows) * articles // max(rows, 1) if articles else limit // 4
    return min(max(expected, _LEAST), _MOST)


def by_neighbour(contexts: pd.DataFrame, side: Side) -> pd.DataFrame:
    """The rows sorted by the words next to the match: those after it ("right"), or before it, read from the
    match outwards ("left"), as a concordance is."""
    check_choice("sort", side, ("left", "right"))
    order = sorted(range(len(contexts)), key=_neighbour_words(contexts, side).__getitem__)
    return contexts.iloc[order].reset_index(drop=True)


def beside(contexts: pd.DataFrame, side: Side, length: int = 1) -> pd.Series:
    """The `length` words next to each match, as read, without case; null at the end of a title or text."""
    keys = [key[:length] for key in _neighbour_words(contexts, side)]
    labels = [" ".join(key if side == "right" else key[::-1]) if len(key) == length else None for key in keys]
    return pd.Series(labels, index=contexts.index, dtype=object)


def neighbours(contexts: pd.DataFrame, side: Side, length: int = 1) -> pd.DataFrame:
    """The commonest `length` words next to the match: context (str, as read), n (int64), commonest first.

    Case makes no difference; what stands at the end of a title or text has no neighbour and is not counted.
    """
    counts = beside(contexts, side, length).dropna().value_counts()
    table = counts.rename_axis("context").reset_index(name="n")
    return table.sort_values(["n", "context"], ascending=[False, True], ignore_index=True)


def _neighbour_words(contexts: pd.DataFrame, side: Side) -> list[tuple[str, ...]]:
    """The words beside each match, from the match outwards."""
    word_lists = [words(text, "folded") for text in contexts[side]]
    return word_lists if side == "right" else [each[::-1] for each in word_lists]


def _cut_context(text: str, start: int, end: int, width: int) -> Iterator[str]:
    """What is left, the match, and what is right: cut between words where there is a space to cut at."""
    left, right = text[max(0, start - width) : start], text[end : end + width]
    if start > width and not text[start - width - 1].isspace() and " " in left.strip():
        left = left[left.index(" ") + 1 :]
    if end + width < len(text) and not text[end + width].isspace() and " " in right.strip():
        right = right[: right.rindex(" ")]
    yield from (left, text[start:end], right)
