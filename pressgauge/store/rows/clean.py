"""What enters the dataset: a frame of articles, cleaned and completed to the schema, row by row."""

from __future__ import annotations

import difflib
import logging
import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache, partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pressgauge.errors import ArgumentError, DatasetError
from pressgauge.languages import stated_code
from pressgauge.schema import COLUMNS, NAMES, article_id
from pressgauge.store.rows import cells
from pressgauge.store.rows.moments import as_utc, day_of, moments
from pressgauge.stories.credits import credits
from pressgauge.stories.minhash import UNSPACED
from pressgauge.unicode import ByCharacter
from pressgauge.urls import canonicalize, registered_domain

log = logging.getLogger(__name__)

FUTURE = timedelta(hours=48)
"""How far after its collection an article may date itself; beyond that its date is unknown."""
EARLIEST = pd.Timestamp("1600-01-01", tz="UTC")
"""Before the first newspaper (1605); earlier dates are what software writes for none, such as 0001-01-01."""
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
    are not given, outlet by the domain; id is always computed, and words wherever there is a text. Languages
    and countries become codes (`pressgauge.languages`), texts, names and counts what `store.cells` makes of
    them, dates what `store.moments` does: a midnight in its own zone is a day unless published_precision says
    otherwise, and a day keeps its date. A date before 1600, or more than two days after its collection,
    becomes unknown, with a warning.

    A row without a usable URL is rejected ("bad_url"), and one with a cell that is no value of its column
    ("bad_title", "bad_published"). Raises DatasetError when the frame is none, a column is missing, unknown,
    there twice, or as a whole of another type.
    """
    _check_columns(frame)
    frame, labels = frame.reset_index(drop=True), frame.index
    urls = frame["url"]
    if "canonical_url" in frame:
        urls = frame["canonical_url"].where(frame["canonical_url"].notna(), urls)
    canonical = pd.Series([_canonical_url(url) for url in urls], dtype="str")
    reasons = np.full(len(frame), "", dtype=object)
    _refuse("url", urls, canonical.isna().to_numpy(), reasons)
    columns = {"canonical_url": canonical}
    clocks = {}
    blank = cache(partial(_empty_column, size=len(frame)))
    for column in COLUMNS:
        if column.name in (*columns, *_DERIVED):
            continue
        if column.name not in frame:
            columns[column.name] = blank(column.type)
            clocks[column.name] = np.full(len(frame), "NaT", "datetime64[us]")
            continue
        values = frame[column.name]
        if pa.types.is_timestamp(column.type):
            times = moments(column.name, values)
            columns[column.name], clocks[column.name], is_refused = (
                as_utc(times.utc),
                times.clock,
                times.is_refused,
            )
        else:
            columns[column.name], is_refused = _clean_column(column.name, column.type, values)
        _refuse(column.name, values, is_refused, reasons)
    good = reasons == ""
    rejected = tuple(zip(labels[~good], reasons[~good], strict=True))
    articles = pd.DataFrame(columns)
    if not good.all():
        articles = articles[good].reset_index(drop=True)
    return Intake(_complete_columns(articles, clocks["published"][good], now), rejected)


def _check_columns(frame: pd.DataFrame) -> None:
    if not isinstance(frame, pd.DataFrame):
        raise DatasetError(
            f"articles come as a pandas DataFrame with a row each, not as a {type(frame).__name__}; "
            "a list of dicts becomes one with pd.DataFrame(rows), a Series with series.to_frame().T"
        )
    if twice := sorted({str(name) for name in frame.columns[frame.columns.duplicated()]}):
        raise DatasetError(
            f"column {', '.join(twice)} is there twice; keep one, or give the other another name"
        )
    unknown = [name for name in frame.columns if name not in NAMES]
    if "url" in frame and not unknown:
        return
    problem = f"no such column of an article: {_comma_list(unknown)}"
    if "url" not in frame:
        problem = f"articles need a column url; given were {_comma_list(frame.columns) or 'no columns'}"
    raise DatasetError(f"{problem}; {_column_advice(frame, unknown)}")


_OTHER_NAMES = {
    name: column
    for column, names in {
        "url": ("link", "href", "uri", "permalink", "web_url", "webpage", "address"),
        "published": (
            "date",
            "datetime",
            "pubdate",
            "pub_date",
            "publish_date",
            "publication_date",
            "date_published",
            "published_at",
            "published_date",
            "time",
            "timestamp",
        ),
        "authors": ("byline", "creator", "journalist"),
        "title": ("headline", "header", "heading"),
        "text": (
            "content",
            "contents",
            "body",
            "article",
            "fulltext",
            "full_text",
            "article_text",
            "body_text",
        ),
        "outlet": ("publisher", "publication", "newspaper", "media", "media_name", "site", "website"),
        "language": ("lang", "locale"),
        "country": ("location",),
        "words": ("word_count", "wordcount"),
    }.items()
    for name in names
}
"""What tables of articles elsewhere call our columns."""


def _column_advice(frame: pd.DataFrame, unknown: list[Any]) -> str:
    """What to write for a frame whose columns are not those of articles."""
    if "url" in frame.index.names:
        return "the index is named so: write frame.reset_index()"
    if "url" not in frame and {"id", "canonical_url"} <= {*frame.columns}:
        return (
            'these are articles of a search, without their texts: take dataset.read(frame["id"]), or merge '
            "the other way round, found.merge(table)"
        )
    if frame.columns.nlevels > 1:
        return 'its columns have several levels: write frame.columns = frame.columns.map("".join)'
    similar = {str(name): name_of for name in unknown if (name_of := _similar_column(name, {*frame.columns}))}
    if similar:
        return f"write frame.rename(columns={similar})"
    if "url" in frame:
        return f"leave it out with frame.drop(columns={[*map(str, unknown)]}), or name it {', '.join(NAMES)}"
    return f"columns are {', '.join(NAMES)}"


def _similar_column(name: Any, present: set[Any]) -> str | None:
    """The column that a name is meant for, where that is not there: one that differs in case, spaces or a
    letter, or what others call it."""
    plain = re.sub(r"[\s-]+", "_", str(name).strip()).casefold()
    if (other := _OTHER_NAMES.get(plain)) and other not in present:
        return other
    near = difflib.get_close_matches(plain, [each for each in NAMES if each not in present], 1, 0.8)
    return near[0] if near else None


def _comma_list(names: Iterable[Any]) -> str:
    return ", ".join(map(str, names))


def _canonical_url(url: Any) -> str | None:
    try:
        text = cells.text(url)
        return None if text is None else canonicalize(text)
    except ValueError:
        return None


def _clean_column(name: str, kind: pa.DataType, values: pd.Series) -> tuple[pd.Series, np.ndarray]:
    """Values as the schema wants them, and which of them are refused."""
    rule: Callable[[Any], Any] = (
        cells.names
        if pa.types.is_list(kind)
        else cells.percent
        if name.endswith("_confidence")
        else cells.count
        if pa.types.is_integer(kind)
        else _RULES.get(name, cells.text)
    )
    is_refused = np.zeros(len(values), dtype=bool)
    given = values.to_numpy(object)
    try:
        results = list(map(rule, given))  # as nearly always; where one is refused, each is looked at
    except cells.CellError:
        results = []
        for at, value in enumerate(given):
            try:
                results.append(rule(value))
            except cells.CellError:
                is_refused[at] = True
                results.append([] if rule is cells.names else None)
    if rule is cells.names:
        return pd.Series(results, dtype=object), is_refused
    return pd.Series(pd.array(results, dtype=_dtype_of(kind))), is_refused


def _empty_column(kind: pa.DataType, size: int) -> pd.Series:
    """A column that was not given."""
    if pa.types.is_list(kind):
        return pd.Series([[] for _ in range(size)], dtype=object)
    if pa.types.is_timestamp(kind):
        return as_utc(np.full(size, "NaT", "datetime64[us]"))
    return pd.Series(None, range(size), dtype=_dtype_of(kind))


def _dtype_of(kind: pa.DataType) -> Any:
    return "Int32" if pa.types.is_integer(kind) else "str"


def _code_rule(name: str) -> Callable[[Any], str | None]:
    @lru_cache(maxsize=1_000)
    def code_of(label: str) -> str | None:
        try:
            return stated_code(name, label)
        except ArgumentError as error:
            log.warning("%s; it is left empty", error)
            return None

    def rule(value: Any) -> str | None:
        label = cells.text(value)
        return None if label is None or not label.strip() else code_of(label)

    return rule


_RULES: dict[str, Callable[[Any], str | None]] = {
    "title": cells.title,
    "details": cells.details,
    "language": _code_rule("language"),
    "country": _code_rule("country"),
    **{column.name: cells.one_of(*column.values) for column in COLUMNS if column.values},
}


def _refuse(name: str, values: pd.Series, is_refused: np.ndarray, reasons: np.ndarray) -> None:
    """Give rows that have no reason yet this one, and say once what is wrong with these values of a column;
    the rows are in `Appended.rejected`."""
    is_refused = is_refused & (reasons == "")
    if not is_refused.any():
        return
    reasons[is_refused] = f"bad_{name}"
    value = values.iloc[int(np.argmax(is_refused))]
    advice = _ADVICE.get(name, "a text, a number or nothing")
    example = repr(value)
    log.warning(
        "%s rows are refused for their %s, such as %s; expected %s",
        f"{int(is_refused.sum()):,}",
        name,
        example if len(example) <= 80 else example[:80] + "…",
        advice,
    )


_DATES = "a date that means one day, such as 2025-01-20 or 2025-01-20T09:30:00+01:00"
_ADVICE = {
    "url": "an address that begins with http:// or https://",
    "published": _DATES,
    "collected": _DATES,
    "authors": "a list of names, or one text with ; between them",
    "words": "a whole number",
    "reader_version": "a whole number",
    "details": "a JSON object, or a dict",
    **{
        column.name: "a percentage from 0 to 100" for column in COLUMNS if column.name.endswith("_confidence")
    },
    **{column.name: " or ".join(column.values) for column in COLUMNS if column.values},
}


def _complete_columns(articles: pd.DataFrame, clock: np.ndarray, now: datetime) -> pd.DataFrame:
    moment = pd.Timestamp(now).tz_convert("UTC").as_unit("us")
    forms = articles["canonical_url"].to_numpy(object)
    articles["id"] = np.fromiter(map(article_id, forms), np.int64, len(articles))
    articles["url"] = articles["url"].fillna(articles["canonical_url"])
    articles["domain"] = articles["domain"].fillna(by_host(articles["canonical_url"], registered_domain))
    articles["outlet"] = articles["outlet"].fillna(articles["domain"]).fillna("unknown")
    articles["collected"] = articles["collected"].fillna(moment)
    midnight = pd.Series(clock == day_of(clock), index=articles.index)
    precision = articles["published_precision"].fillna(midnight.map({True: "day", False: "second"}))
    day = (precision == "day").to_numpy() & ~np.isnat(clock)
    articles["published"] = articles["published"].where(~day, as_utc(day_of(clock)))
    impossible = articles["published"] > articles["collected"] + FUTURE
    impossible |= articles["published"] < EARLIEST
    if impossible.any():
        log.warning(
            "%s articles are dated before %s or more than two days after their collection, such as %s; the "
            "date is left empty",
            *(f"{int(impossible.sum()):,}", EARLIEST.year, articles.loc[impossible, "published"].iloc[0]),
        )
        articles.loc[impossible, "published"] = pd.NaT
    dated = articles["published"].notna()
    articles["published_precision"] = precision.where(dated, None).astype("str")
    articles["published_from"] = articles["published_from"].where(dated, None).astype("str")
    articles["published_confidence"] = articles["published_confidence"].where(dated)
    texts = articles["text"].to_numpy(object)
    articles["words"] = _count_words(texts).fillna(articles["words"])
    uncredited = articles["credit"].isna().to_numpy()
    names = credits(texts[uncredited], articles["authors"].to_numpy()[uncredited])
    articles.loc[uncredited, "credit"] = pd.array(names, dtype="str")
    return articles[[name for name in NAMES if name != "story"]]


def by_host(urls: pd.Series, of: Callable[[str], str | None]) -> pd.Series:
    """`of` each canonical URL, asked once for each host."""
    answer = lru_cache(maxsize=None)(lambda host: of(f"https://{host}/") if host else None)
    answers = [answer(url.split("/", 3)[2]) for url in urls.to_numpy(object)]
    return pd.Series(pd.array(answers, dtype="str"), index=urls.index)


def _count_words(texts: np.ndarray) -> pd.Series:
    """The number of words, as a reader counts them: between spaces, or letters in scripts without spaces;
    unknown for what is no text."""
    is_text, counts = np.array([isinstance(text, str) for text in texts], bool), [np.zeros(0, np.int64)]
    for at in range(0, len(texts), _AT_ONCE):
        some = np.where(is_text[at : at + _AT_ONCE], texts[at : at + _AT_ONCE], "").tolist()
        kinds = _character_kinds(np.frombuffer("\0".join([*some, ""]).encode("utf-32-le"), "<u4"))
        kinds = kinds[kinds != _SIGN]
        starts = kinds == _LETTER
        starts[1:] &= kinds[:-1] != _LETTER
        starts |= kinds == _CHARACTER
        ends = np.flatnonzero(kinds == _END)
        counts.append(np.diff(np.searchsorted(np.flatnonzero(starts), ends), prepend=0))
    return pd.Series(np.concatenate(counts), dtype="Int32").where(is_text)


def _kind_of(code: int) -> int:
    letter = chr(code)
    if code == 0:
        return _END
    if letter.isspace():
        return _SPACE
    if not letter.isalnum():
        return _SIGN
    return _CHARACTER if any(first <= code <= last for first, last in UNSPACED) else _LETTER


_character_kinds = ByCharacter(_kind_of, np.uint8)
