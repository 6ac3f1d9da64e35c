"""What enters the dataset: a frame of articles, cleaned and completed to the schema, row by row."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pressgauge.errors import DatasetError
from pressgauge.schema import COLUMNS, NAMES, article_id
from pressgauge.stories.assign import credits
from pressgauge.stories.minhash import UNSPACED
from pressgauge.urls import canonicalize, registered_domain

FUTURE = timedelta(hours=48)
"""How far after its collection an article may date itself; beyond that its date is unknown."""
_DERIVED = ("id", "story")
_SIGN, _SPACE, _LETTER, _CHARACTER, _END = range(5)
"""What a code point is to who counts words: a _CHARACTER is a word by itself, an _END parts two texts."""
_AT_ONCE = 50
"""Texts whose words are counted at once: what stays in a core's cache."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Articles ready to be stored (all columns of NAMES but story), and the rows that cannot be, by the
    frame's own label, with the reason."""

    articles: pd.DataFrame
    rejected: tuple[tuple[Hashable, str], ...]


def prepare(frame: pd.DataFrame, now: datetime) -> Intake:
    """Clean a frame and complete it to the schema; the original is not changed.

    `url` must be there. canonical_url, domain, words, credit and collected (`now`) are filled where they
    are not given, outlet by the domain; id is always computed. A row without a usable URL is rejected, a
    date more than two days after its collection becomes unknown, NULs and lone surrogates leave a text.

    Raises DatasetError when a column is missing, unknown or of another type.
    """
    _check_columns(frame)
    urls = frame["url"]
    if "canonical_url" in frame:
        urls = frame["canonical_url"].where(frame["canonical_url"].notna(), urls)
    canonical = [_canonical(url) for url in urls]
    good = np.array([form is not None for form in canonical], dtype=bool)
    rejected = tuple((label, "bad_url") for label in frame.index[~good])
    given = frame[good]
    made = {"canonical_url": pd.Series([form for form in canonical if form is not None], dtype="str")}
    for column in COLUMNS:
        if column.name not in (*made, *_DERIVED):
            values = given[column.name].reset_index(drop=True) if column.name in given else None
            made[column.name] = _column(column.name, column.type, values, len(given))
    articles = pd.DataFrame(made)
    return Intake(_complete(articles, now), rejected)


def _check_columns(frame: pd.DataFrame) -> None:
    if "url" not in frame:
        raise DatasetError(f"articles need a column url; given were {', '.join(map(str, frame.columns))}")
    unknown = [str(name) for name in frame.columns if name not in NAMES]
    if unknown:
        raise DatasetError(
            f"no such column of an article: {', '.join(unknown)}; expected are {', '.join(NAMES)}"
        )


def _canonical(url: Any) -> str | None:
    try:
        return canonicalize(url) if isinstance(url, str) else None
    except ValueError:
        return None


def _column(name: str, kind: pa.DataType, values: pd.Series | None, n: int) -> pd.Series:
    """Values as the schema wants them; all null where there are none."""
    if pa.types.is_list(kind):
        return pd.Series(
            [_names(v) for v in values] if values is not None else [[] for _ in range(n)], dtype=object
        )
    if pa.types.is_timestamp(kind):
        return _moments(name, values, n)
    if pa.types.is_integer(kind):
        return pd.Series(pd.array([pd.NA] * n if values is None else list(values), dtype="Int32"))
    if values is None:
        return pd.Series(pd.array([None] * n, dtype="str"))
    texts = values.astype("object").map(_clean, na_action="ignore")
    return texts.where(texts.notna() & (texts != ""), None).astype("str")


def _moments(name: str, values: pd.Series | None, n: int) -> pd.Series:
    if values is None or values.isna().all():
        return pd.Series(pd.array([pd.NaT] * n, dtype="datetime64[us, UTC]"))
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        return values.dt.tz_convert("UTC").dt.as_unit("us")
    known = values.dropna()
    aware = values.dtype == object and all(
        isinstance(value, datetime) and value.tzinfo is not None for value in known
    )
    if not aware:
        raise DatasetError(
            f"{name} must be dates with a time zone; make them so with "
            f'frame["{name}"] = pd.to_datetime(frame["{name}"], utc=True)'
        )
    return pd.to_datetime(values, utc=True).dt.as_unit("us")


def _complete(articles: pd.DataFrame, now: datetime) -> pd.DataFrame:
    moment = pd.Timestamp(now).tz_convert("UTC").as_unit("us")
    articles["id"] = np.fromiter(map(article_id, articles["canonical_url"]), np.int64, len(articles))
    articles["url"] = articles["url"].fillna(articles["canonical_url"])
    articles["domain"] = articles["domain"].fillna(_by_host(articles["canonical_url"], registered_domain))
    articles["outlet"] = articles["outlet"].fillna(articles["domain"]).fillna("unknown")
    articles["collected"] = articles["collected"].fillna(moment)
    future = articles["published"] > articles["collected"] + FUTURE
    articles.loc[future, "published"] = pd.NaT
    dated = articles["published"].notna()
    midnight = articles["published"].dt.normalize() == articles["published"]
    precision = articles["published_precision"].fillna(midnight.map({True: "day", False: "second"}))
    articles["published_precision"] = precision.where(dated, None).astype("str")
    articles["published_from"] = articles["published_from"].where(dated, None).astype("str")
    articles["words"] = _words(articles["text"])
    named = articles["credit"].isna()
    found = credits(articles.loc[named, "text"], articles.loc[named, "authors"])
    articles.loc[named, "credit"] = pd.array(list(found), dtype="str")
    return articles[[name for name in NAMES if name != "story"]]


def _by_host(urls: pd.Series, of: Callable[[str], str | None]) -> pd.Series:
    """`of` each canonical URL, asked once for each host."""
    asked = lru_cache(maxsize=None)(lambda host: of(f"https://{host}/") if host else None)
    return pd.Series(pd.array([asked(url.split("/", 3)[2]) for url in urls], dtype="str"), index=urls.index)


def _words(texts: pd.Series) -> pd.Series:
    """The number of words, as a reader counts them: between spaces, or letters in scripts without spaces."""
    counted = [np.zeros(0, np.int64)]
    for at in range(0, len(texts), _AT_ONCE):
        some = "\0".join(["" if pd.isna(text) else text for text in texts[at : at + _AT_ONCE]] + [""])
        kinds = _kinds()[np.frombuffer(some.encode("utf-32-le"), "<u4")]
        kinds = kinds[kinds != _SIGN]
        words = kinds == _CHARACTER
        words |= (kinds == _LETTER) & (np.r_[np.uint8(_END), kinds[:-1]] != _LETTER)
        counted.append(np.diff(np.cumsum(words)[kinds == _END], prepend=0))
    return pd.Series(np.concatenate(counted), dtype="Int32").where(texts.notna().to_numpy())


@cache
def _kinds() -> np.ndarray:
    """Code point -> its kind (uint8)."""
    every = np.arange(0x110000, dtype=np.uint32).view("U1")
    kinds = np.full(len(every), _SIGN, np.uint8)
    kinds[np.strings.isspace(every)] = _SPACE
    kinds[np.strings.isalnum(every)] = _LETTER
    for start, end in UNSPACED:
        span = kinds[start : end + 1]
        span[span == _LETTER] = _CHARACTER
    kinds[0] = _END
    return kinds


def _names(value: Any) -> list[str]:
    """A byline's persons; a single text is one person."""
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, (list, tuple, np.ndarray)):
        return []
    return [name for name in (_clean(each) for each in value if isinstance(each, str)) if name]


def _clean(value: Any) -> str:
    """Text that UTF-8 and every reader of the dataset can hold."""
    text = str(value).replace("\x00", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
