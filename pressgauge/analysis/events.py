"""Events: what happened, who told of it first, how it spread, in which words, and who did not report it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from pressgauge.analysis.first import first_outlet
from pressgauge.analysis.periods import kept_rows
from pressgauge.arguments import check_limit
from pressgauge.errors import MissingError
from pressgauge.events.vectors import vectors
from pressgauge.schema import NO_DAY

COLUMNS = (
    "event", "title", "first_outlet", "first", "last", "articles", "stories", "outlets", "countries",
    "languages", "series", "series_articles",
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+(?:[.,'’-][^\W_]+)*")
_OWN_SHARE = 0.25
"""A word is an outlet's own as long as no more than this share of the event's headlines have it."""
_SIMILAR = 0.5
"""Events are comparable with one that at least this share of its number of outlets reported."""
_COMPARABLE = 3
"""Of fewer comparable events nothing is said to be usual."""
_DAYS = 180
"""Days before and after an event in which comparable ones are looked for."""


def events(
    articles: pd.DataFrame,
    membership: pd.DataFrame,
    *,
    keep: np.ndarray | None = None,
    limit: int | None = None,
) -> pd.DataFrame:
    """The events that articles of any series tell of, those of most outlets first, then of most articles.

    A row an event: event (int64), title (the headline that has most in common with the others), first_outlet
    (of the earliest article, null where several may be that: `first.first_outlet`), first, last
    (datetime64[us, UTC], when it began and was last told of, NaT when unknown), articles, stories (int64,
    texts of their own), outlets, countries, languages (int64, how many), series (tuple of the names that any
    of its articles is in), series_articles (tuple of int: how many are in each of these; an article may be in
    several). Only kept articles of a series are counted. `articles` has the column `event`.
    """
    check_limit("limit", limit)
    member = membership.to_numpy(dtype=bool)
    rows = np.flatnonzero(kept_rows(articles, keep) & member.any(axis=1))
    columns = ["event", "story", "outlet", "country", "language", "published", "published_precision", "title"]
    some = articles[articles.columns.intersection(columns)].iloc[rows]
    some = some.assign(row=rows).sort_values("published", kind="stable", na_position="last")
    table = (
        some.groupby("event", sort=False)
        .agg(
            first=("published", "min"),
            last=("published", "max"),
            articles=("row", "size"),
            stories=("story", "nunique"),
            outlets=("outlet", "nunique"),
            countries=("country", "nunique"),
            languages=("language", "nunique"),
        )
        .reset_index()
        .sort_values(["outlets", "articles", "first"], ascending=[False, False, True], kind="stable")
        .head(len(some) if limit is None else limit)
        .reset_index(drop=True)
    )
    event_rows = some[some["event"].isin(table["event"])]
    table["first_outlet"] = table["event"].map(first_outlet(event_rows, "event"))
    groups = dict(list(event_rows.groupby("event", sort=False)))
    names = np.array(membership.columns, dtype=object)
    titles, series, sizes = [], [], []
    for event in table["event"].tolist():
        group = groups[event]
        titles.append(central(group["title"].tolist(), group["language"].astype(object).tolist()))
        of_each = member[group["row"].to_numpy()].sum(axis=0)
        series.append(tuple(names[of_each > 0]))
        sizes.append(tuple(of_each[of_each > 0].tolist()))
    table = table.assign(
        title=pd.Series(titles, dtype="str"),
        series=pd.Series(series, dtype=object),
        series_articles=pd.Series(sizes, dtype=object),
    )
    return table[list(COLUMNS)]


def event_sizes(
    articles: pd.DataFrame, membership: pd.DataFrame, *, keep: np.ndarray | None = None
) -> pd.Series:
    """How many kept articles of any series (int64) each event has, by its number; `articles` has `event`."""
    rows = kept_rows(articles, keep) & membership.to_numpy(dtype=bool).any(axis=1)
    numbers, size = np.unique(articles["event"].to_numpy()[rows], return_counts=True)
    return pd.Series(size, pd.Index(numbers, name="event"), name="articles")


def central(titles: Sequence[object], languages: Sequence[object]) -> str | None:
    """The headline that shares most with the others: the greatest cosine with the sum of all, the first of
    equals. None when there is none."""
    titled = [number for number, title in enumerate(titles) if isinstance(title, str) and title]
    if not titled:
        return None
    words = vectors(
        [titles[number] for number in titled], [None] * len(titled), [languages[number] for number in titled]
    )
    owner = np.repeat(np.arange(len(titled)), np.diff(words.starts))
    unique, column = np.unique(words.keys, return_inverse=True)
    length = np.sqrt(np.maximum(np.bincount(owner, minlength=len(titled)), 1))
    total = np.bincount(column, 1 / length[owner], minlength=len(unique))
    similarity = np.bincount(owner, total[column], minlength=len(titled)) / length
    return str(titles[titled[int(similarity.argmax())]])


def event_articles(articles: pd.DataFrame, event: int, *, keep: np.ndarray | None = None) -> pd.DataFrame:
    """The kept articles of one event in the order they appeared, undated ones last.

    id (int64), outlet, country, language (category), title, url (canonical_url), published (datetime64[us,
    UTC]), after (timedelta64, since the first, NaT when unknown), role ("first" the earliest article where it
    is known which is that, "copy" of another one's text, "own" a text of its own), words (tuple of the words
    of its headline that at most a quarter of the event's headlines have, the rarest first). Raises
    MissingError without such an event.
    """
    rows = articles["event"].to_numpy() == event
    if not rows.any():
        raise MissingError(f"there is no event {event}; expected a value of the column event")
    rows_of_event = articles[rows & kept_rows(articles, keep)]
    rows_of_event = rows_of_event.sort_values("published", kind="stable", na_position="last").reset_index(
        drop=True
    )
    role = np.where(rows_of_event["story"].duplicated(), "copy", "own").astype(object)
    if first_outlet(rows_of_event, "event").notna().any():
        role[:1] = "first"
    return pd.DataFrame(
        {
            "id": rows_of_event["id"],
            "outlet": rows_of_event["outlet"],
            "country": rows_of_event["country"],
            "language": rows_of_event["language"],
            "title": rows_of_event["title"],
            "url": rows_of_event["canonical_url"],
            "published": rows_of_event["published"],
            "after": rows_of_event["published"] - rows_of_event["published"].min(),
            "role": pd.Categorical(role, categories=["first", "own", "copy"]),
            "words": pd.Series(_own_words(rows_of_event), dtype=object),
        }
    )


def _own_words(event_rows: pd.DataFrame) -> list[tuple[str, ...]]:
    """The words of each headline that few of the others have; copies of one text count once."""
    title_words = [_WORD.findall(title) if isinstance(title, str) else [] for title in event_rows["title"]]
    telling = []
    for words, language in zip(title_words, event_rows["language"].astype(object), strict=True):
        keys = vectors(words, [None] * len(words), [language] * len(words))
        telling.append(
            [(word, key) for word, key in zip(words, np.diff(keys.starts), strict=True) if key > 0]
        )
    forms = [
        dict(reversed({word.casefold(): word for word, _ in reversed(each)}.items())) for each in telling
    ]
    once = [each for each, copied in zip(forms, event_rows["story"].duplicated(), strict=True) if not copied]
    uses = Counter(word for each in once for word in each)
    most = max(1.0, _OWN_SHARE * len(once))
    return [
        tuple(each[word] for word in sorted(each, key=lambda word: uses[word]) if uses[word] <= most)
        for each in forms
    ]


def spread(articles: pd.DataFrame, event: int, *, keep: np.ndarray | None = None) -> pd.DataFrame:
    """How an event spread by the hour: hour (datetime64[us, UTC]), articles, outlets (int64, of that hour,
    outlets that had not reported it before), all_articles, all_outlets (int64, until the hour's end).

    From the hour of the first dated article to that of the last, hours without any as zeros; articles that
    are dated by the day stand at its midnight.
    """
    table = event_articles(articles, event, keep=keep)
    table = table[table["published"].notna()]
    hour = table["published"].dt.floor("h")
    if not len(table):
        nothing = pd.DatetimeIndex([], dtype="datetime64[us, UTC]")
        return pd.DataFrame({"hour": nothing}).assign(articles=0, outlets=0, all_articles=0, all_outlets=0)
    hours = pd.date_range(hour.min(), hour.max(), freq="h", unit="us")
    at = hours.get_indexer(hour)
    counts = np.bincount(at, minlength=len(hours))
    fresh = np.bincount(at[~table["outlet"].duplicated().to_numpy()], minlength=len(hours))
    return pd.DataFrame(
        {
            "hour": hours,
            "articles": counts,
            "outlets": fresh,
            "all_articles": counts.cumsum(),
            "all_outlets": fresh.cumsum(),
        }
    )


def unreported(
    articles: pd.DataFrame,
    event: int,
    *,
    member: np.ndarray | None = None,
    keep: np.ndarray | None = None,
    least: float = 0.5,
) -> pd.DataFrame:
    """Outlets that could be expected to report an event and did not, those that usually do most often first.

    outlet (category), expected (float64, how many articles it had on average on each comparable event),
    reported, comparable (int64, on how many of the comparable events it had any). Comparable are the other
    events of the series (`member`, bool, aligned; None is all) that began within 180 days of it and that at
    least half as many outlets reported; to an outlet, those while it was collected. Only outlets are listed
    that were collected when the event happened and that reported at least the share `least` of three
    comparable events or more: many articles on one of them are no custom. That an outlet reported nothing is
    known as far as it was collected.
    """
    rows = kept_rows(articles, keep) & (articles["day"].to_numpy() > NO_DAY)
    within = rows if member is None else rows & member
    is_event = rows & (articles["event"].to_numpy() == event)
    empty = pd.DataFrame({"outlet": [], "expected": [], "reported": [], "comparable": []})
    if not is_event.any():
        return empty
    day = articles["day"].to_numpy()
    began, end = int(day[is_event].min()), int(day[is_event].max())
    code = articles["outlet"].cat.codes.to_numpy()
    size = len(articles["outlet"].cat.categories)
    first, last = np.full(size, 1 << 30), np.full(size, -1)
    has_outlet = rows & (code >= 0)
    np.minimum.at(first, code[has_outlet], day[has_outlet])
    np.maximum.at(last, code[has_outlet], day[has_outlet])
    other_rows = np.flatnonzero(within & (code >= 0) & (np.abs(day - began) <= _DAYS) & ~is_event)
    number, names = pd.factorize(articles["event"].to_numpy()[other_rows])
    pairs, counts = np.unique(number * size + code[other_rows], return_counts=True)
    reach = np.bincount(pairs // size, minlength=len(names))
    first_day = np.full(len(names), 1 << 30)
    np.minimum.at(first_day, number, day[other_rows])
    large = reach >= max(2, _SIMILAR * len(set(code[is_event].tolist())))
    comparable = np.array(
        [np.count_nonzero(large & (first_day >= first[of]) & (first_day <= last[of])) for of in range(size)]
    )
    is_large = large[pairs // size]
    outlet = pairs[is_large] % size
    total = np.bincount(outlet, counts[is_large], minlength=size)
    reported = np.bincount(outlet, minlength=size)
    expected = total / np.maximum(comparable, 1)
    usual = reported / np.maximum(comparable, 1)
    silent = (first <= began) & (last >= end) & (usual >= least) & (comparable >= _COMPARABLE)
    reported_it = kept_rows(articles, keep) & (articles["event"].to_numpy() == event) & (code >= 0)
    silent[code[reported_it]] = False  # undated articles, too
    silent_codes = np.flatnonzero(silent)
    silent_codes = silent_codes[np.lexsort((-expected[silent_codes], -usual[silent_codes]))]
    categories = articles["outlet"].cat.categories
    return pd.DataFrame(
        {
            "outlet": pd.Categorical.from_codes(silent_codes, categories=categories),
            "expected": expected[silent_codes],
            "reported": reported[silent_codes],
            "comparable": comparable[silent_codes],
        }
    )
