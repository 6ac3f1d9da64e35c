"""Compares what was collected from the served press with what the press knows to be true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise

import pandas as pd

from collectors.demo.press import Piece

COLUMNS = ("title", "published", "authors", "language", "partial", "text", "story")


def compare(articles: pd.DataFrame, truth: Mapping[str, Piece]) -> pd.DataFrame:
    """How right each stored article is; `truth` has the pieces by the URL under which they are served.

    Needs the columns url, title, authors, published, language, partial, text and story. Gives a row an
    article: url, template, and whether title, published (the instant; the day where the page has no more;
    null where it has none), authors, language and partial are right, all bool; text (float64, F1 of the two
    texts' pairs of characters); story (bool: grouped with the stored copies of the same agency article and
    nothing else). Raises KeyError at a URL that the press does not have.
    """
    pieces = [truth[url] for url in articles["url"]]
    family = pd.Series([piece.original or piece.number for piece in pieces], index=articles.index)
    table = pd.DataFrame(
        {
            "url": articles["url"],
            "template": [piece.outlet.template for piece in pieces],
            "title": [title == p.title for title, p in zip(articles["title"], pieces, strict=True)],
            "published": [_is_right_date(at, p) for at, p in zip(articles["published"], pieces, strict=True)],
            "authors": [
                tuple(names) == p.authors for names, p in zip(articles["authors"], pieces, strict=True)
            ],
            "language": [
                is_ == p.outlet.language for is_, p in zip(articles["language"], pieces, strict=True)
            ],
            "partial": [
                (why == "paywall") == (p.free is not None)
                for why, p in zip(articles["partial"], pieces, strict=True)
            ],
            "text": [overlap(text, p.text) for text, p in zip(articles["text"], pieces, strict=True)],
        }
    )
    both = pd.DataFrame({"story": articles["story"], "family": family})
    together = both.groupby(["story", "family"])["story"].transform("size")
    table["story"] = (together == both.groupby("story")["story"].transform("size")) & (
        together == both.groupby("family")["story"].transform("size")
    )
    return table


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """The share that is right by page template, and `all`: one row each, with the number of articles."""
    right = table.groupby("template")[list(COLUMNS)].mean()
    right.loc["all"] = table[list(COLUMNS)].mean()
    counts = table["template"].value_counts()
    right.insert(0, "articles", counts.reindex(right.index).fillna(len(table)).astype("int64"))
    return right


def overlap(extracted: str | None, expected: str) -> float:
    """F1 of the two texts' characters in pairs, which fits every script; 0 when nothing was found."""
    if not isinstance(extracted, str) or not extracted:
        return 0.0
    first, second = Counter(pairwise(extracted)), Counter(pairwise(expected))
    return 2 * sum((first & second).values()) / (first.total() + second.total())


def _is_right_date(moment: pd.Timestamp | None, piece: Piece) -> bool:
    true = piece.stamp
    if true is None or pd.isna(moment):
        return true is None and bool(pd.isna(moment))
    return moment.date() == true.date() if piece.precision == "day" else moment.to_pydatetime() == true
