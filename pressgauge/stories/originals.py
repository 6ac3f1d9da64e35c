"""The original among the copies of a story."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import pandas as pd

_UNDATED, _DAY = np.iinfo(np.int64).max, 86_400_000_000  # microseconds


def originals(articles: pd.DataFrame) -> np.ndarray:
    """The id of the original of each row's story: int64, in the order of the rows.

    Needs id, story, outlet (category), published (UTC, NaT unknown) and credit (str or category, null without
    one); published_precision, where there is one, says 'day' of copies dated by the day alone. The original
    is the member whose outlet most other members credit; among such, and where there is none, the earliest
    published; then the one with the smallest id. An article published after some other member is no
    original, whoever credits it: what was collected is then a later edition. A credit fits an outlet when
    either is the other without case and accents, or whole words of it, or its initials.
    """
    ids, story = articles["id"].to_numpy(np.int64), articles["story"].to_numpy(np.int64)
    result = ids.copy()
    # every story of two has a member of another id
    rows = np.flatnonzero(pd.Series(story).isin(story[story != ids]).to_numpy())
    if not len(rows):
        return result
    code = pd.factorize(story[rows])[0]
    copies = articles[["outlet", "credit", "published"]].iloc[rows]
    votes = _count_votes(code, copies["outlet"].astype("category"), copies["credit"].astype("category"))
    published = pd.DatetimeIndex(copies["published"]).as_unit("us")
    date = np.where(published.isna(), _UNDATED, published.asi8)
    latest = date.copy()
    if "published_precision" in articles:
        latest[(articles["published_precision"].iloc[rows] == "day").to_numpy() & (date < _UNDATED)] += _DAY
    first_of = pd.Series(latest).groupby(code).transform("min").to_numpy()
    votes[(date > first_of) & (date < _UNDATED)] = 0
    order = np.lexsort((ids[rows], date, -votes, code))
    first = order[np.r_[True, np.diff(code[order]) > 0]]
    result[rows] = ids[rows][first][code]
    return result


def _count_votes(story: np.ndarray, outlet: pd.Series, credit: pd.Series) -> np.ndarray:
    """How many other outlets' articles of its story credit the outlet of each row."""
    articles = pd.DataFrame(
        {"story": story, "outlet": outlet.cat.codes.to_numpy(), "credit": credit.cat.codes.to_numpy()}
    )
    members = articles[["story", "outlet"]].drop_duplicates()
    pairs = articles[articles["credit"] >= 0].merge(members, on="story", suffixes=("", "_of"))
    pairs = pairs[pairs["outlet"] != pairs["outlet_of"]]
    names_of_outlets = pairs[["credit", "outlet_of"]].drop_duplicates()
    names, outlets = (
        list(map(_plain_words, credit.cat.categories)),
        list(map(_plain_words, outlet.cat.categories)),
    )
    fits = [
        _is_name_of(names[c], outlets[o])
        for c, o in zip(names_of_outlets["credit"], names_of_outlets["outlet_of"], strict=True)
    ]
    votes = pairs.merge(names_of_outlets[np.array(fits, bool)], on=["credit", "outlet_of"])
    votes = votes.groupby(["story", "outlet_of"]).size().rename("votes").reset_index()
    table = articles.merge(votes, how="left", left_on=["story", "outlet"], right_on=["story", "outlet_of"])
    return table["votes"].fillna(0).to_numpy(np.int64, copy=True)


def _is_name_of(one: Sequence[str], other: Sequence[str]) -> bool:
    short, long = sorted((one, other), key=len)
    if not short:
        return False
    if any(long[at : at + len(short)] == short for at in range(len(long) - len(short) + 1)):
        return True
    initials = "".join(word[0] for word in long)
    return len(long) > 1 and short in ([initials], [initials.removeprefix("t")] if long[0] == "the" else [])


def _plain_words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", str(name)).casefold()
    return re.findall(r"[^\W_]+", re.sub(r"[\u0300-\u036f'’]", "", plain))
