"""Daily counts of the saved topics: all that charts of volume and outlets need of a dataset of any size.

One row a day, outlet and language; a month is counted by itself, and months, like any other parts without a
common article, add up. The table lies beside the dataset and is brought up to date month by month.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pressgauge.analysis.outlets import outlets_of
from pressgauge.analysis.periods import Freq, Periods, kept_rows, local_days
from pressgauge.analysis.volume import volume_of
from pressgauge.errors import DatasetError, PressgaugeError
from pressgauge.schema import NO_DAY
from pressgauge.search.index import COLUMNS as SEARCHED
from pressgauge.search.index import in_memory
from pressgauge.settings.outlets import known_outlets
from pressgauge.settings.topics import Topic
from pressgauge.snapshot import take
from pressgauge.store import disk
from pressgauge.voices.lookup import voices_from

if TYPE_CHECKING:
    from pressgauge.store.dataset import Dataset

KEYS = ["day", "outlet", "language"]
FILE = "counts.parquet"
_HEADER = b"pressgauge"
_FORMAT = 2
"""Raised when the table changes: counts of another format are made anew."""
_LABELS = {"outlet": "category", "language": "category"}
COUNT_COLUMNS = ("id", "outlet", "language", "published", "published_precision", "collected")
"""The columns of articles that are counted."""
_READ_COLUMNS = tuple(dict.fromkeys((*SEARCHED, *COUNT_COLUMNS)))

Run = Callable[..., Iterable[pd.DataFrame]]
CountMonth = Callable[..., pd.DataFrame]


def count(articles: pd.DataFrame, membership: pd.DataFrame) -> pd.DataFrame:
    """Count articles by day (UTC), outlet and language: those of each column of `membership`, and all.

    One row a combination that occurs: day (int32 days since 1970-01-01, NO_DAY where unknown), outlet,
    language (category), collected (datetime64[us, UTC], the newest), articles (int64), and int64 by topic.
    """
    frame = articles[["outlet", "language", "collected"]].assign(day=local_days(articles), articles=1)
    members = membership.set_axis(articles.index).astype("int64")
    return merge([pd.concat([frame[[*KEYS, "collected", "articles"]], members], axis=1)])


def merge(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The counts of several parts that have no article in common, as if they had been counted together."""
    table = pd.concat([part.astype({"outlet": "str", "language": "str"}) for part in parts])
    sums = dict.fromkeys([name for name in table if name not in (*KEYS, "collected")], "sum")
    sums_table = table.groupby(KEYS, dropna=False, sort=True).agg({"collected": "max", **sums}).reset_index()
    return sums_table.astype({"day": "int32", **_LABELS})


def count_month(month: str, dataset: Dataset, topics: Sequence[Topic]) -> pd.DataFrame:
    """`count` of the articles of one month of a dataset: exact, since a topic is asked of each by itself.

    Needs memory for the month's texts and their index, some 12 KB an article. Raises QueryError.
    """
    articles = dataset.of_month(month, _READ_COLUMNS)
    for name in ("outlet", "language"):
        articles[name] = articles[name].astype("category")
    index = in_memory(articles, voices=voices_from(dataset.voices))
    return count(articles, take(articles, index, topics).membership)


@dataclass(frozen=True, eq=False)
class Counts:
    """A table of counts, and of what: the dataset's version, the (name, query) of each topic, and each month
    with the digest that `Dataset.months` gave it then; `at` is the moment it was made (aware, UTC). While not
    all months are counted, `version` is the last of which they were, or -1."""

    table: pd.DataFrame
    version: int
    at: datetime
    topics: tuple[tuple[str, str], ...]
    months: dict[str, int]


def stored_counts(dataset: Dataset) -> Counts | None:
    """The counts that are kept in the dataset's folder, of whatever version; None when none are, whole."""
    try:
        table = pq.read_table(Path(dataset.path) / FILE, page_checksum_verification=True)
        header = json.loads((table.schema.metadata or {})[_HEADER])
        if header.get("format") != _FORMAT:
            return None
        topics = tuple((name, query) for name, query in header["topics"])
        at, frame = datetime.fromisoformat(header["at"]), table.to_pandas()
        return Counts(frame.astype(_LABELS), header["version"], at, topics, header["months"])
    except (OSError, pa.ArrowException, ValueError, KeyError):
        return None


def count_dataset(
    dataset: Dataset, topics: Sequence[Topic], run: Run = map, count_month: CountMonth = count_month
) -> pd.DataFrame:
    """The counts of the newest version, kept in the dataset's folder; only months that changed are counted.

    `run` is `map` or works as it does: `lambda f, items: client.gather(client.map(f, items))` has the workers
    of a Dask cluster do it. What is counted is kept, too, when it is interrupted. Raises QueryError,
    DatasetError when the disk refuses, PressgaugeError for a topic named as a column is.
    """
    topic_queries = tuple((topic.name, topic.query) for topic in topics)
    if clashes := {name for name, _ in topic_queries} & {*KEYS, "collected", "articles"}:
        raise PressgaugeError(
            f"a topic that is named {min(clashes)!r} cannot be counted; give it another name"
        )
    nothing = _empty_counts(dataset, topics)  # a query that cannot be read is told before hours of counting
    before, (version, months) = stored_counts(dataset), _version_and_months(dataset)
    if before is not None and (before.version, before.topics, before.months) == (
        version,
        topic_queries,
        months,
    ):
        return before.table
    same_topics = before is not None and before.topics == topic_queries
    base = (
        before
        if before is not None and same_topics
        else Counts(nothing, -1, datetime.now(UTC), topic_queries, {})
    )
    fresh = [month for month, digest in months.items() if base.months.get(month) != digest]
    parts: dict[str, pd.DataFrame] = {}
    of_month = partial(count_month, dataset=dataset, topics=tuple(topics))
    try:
        parts.update(zip(fresh, run(of_month, fresh), strict=True))  # one by one
    finally:
        months_now = months_of(dataset)
        unchanged = [month for month in months if month in base.months and month not in parts]
        table = merge([base.table[_month_of(base.table).isin(unchanged)], *parts.values()])
        # A month that a commit changed meanwhile is in no known state, and is counted again.
        of = {month: months[month] if months_now.get(month) == months[month] else 0 for month in parts}
        of |= {month: base.months[month] for month in unchanged}
        if same_topics or before is None or of.keys() == months.keys():
            counts = Counts(
                table, version if of == months_now else base.version, datetime.now(UTC), topic_queries, of
            )
            _write_counts(Path(dataset.path) / FILE, counts)
    return table if of == months_now else count_dataset(dataset, topics, run, count_month)


def volume(
    counts: pd.DataFrame,
    *,
    freq: Freq = "W",
    keep: np.ndarray | None = None,
    series: Mapping[str, np.ndarray] | None = None,
) -> pd.DataFrame:
    """`analysis.volume` of the articles that were counted, by days of UTC; the same table.

    `keep` is a bool array of the rows to count. `series` are the numbers (int64, a row) of each line by its
    name; all topics by default.
    """
    periods = Periods(counts, freq=freq, keep=keep)
    size, unknown = len(periods), np.where((periods.day == NO_DAY) & kept_rows(counts, keep), 0, -1)
    lines = _series_or_topics(counts, series)
    sums = {name: _sum_by_code(periods.code, n, size) for name, n in lines.items()}
    undated = [int(_sum_by_code(unknown, n, 1)[0]) for n in lines.values()]
    collected = _sum_by_code(periods.code, counts["articles"].to_numpy(), size)
    return volume_of(periods, sums, collected, undated, "articles")


def outlets(
    counts: pd.DataFrame,
    *,
    by: Literal["outlet", "language"] = "outlet",
    keep: np.ndarray | None = None,
    series: Mapping[str, np.ndarray] | None = None,
) -> pd.DataFrame:
    """`analysis.outlets` of the articles that were counted, with the arguments of `volume`; the same
    table."""
    names = counts[by].cat.categories
    code = np.where(kept_rows(counts, keep), counts[by].cat.codes.to_numpy(), -1)
    sums = {name: _sum_by_code(code, n, len(names)) for name, n in _series_or_topics(counts, series).items()}
    collected = _sum_by_code(code, counts["articles"].to_numpy(), len(names))
    return outlets_of(by, names, sums, collected, "articles")


def by_month(counts: pd.DataFrame, n: np.ndarray, keep: np.ndarray) -> dict[str, int]:
    """How many of the numbers `n` (int64, a row) each month has in the rows to `keep`: those that have any,
    the newest first and "unknown" last."""
    rows = np.flatnonzero(keep & (n > 0))
    months = _month_numbers(counts["day"].to_numpy()[rows])
    month_numbers, code = np.unique(months, return_inverse=True)
    numbers = dict(zip(month_numbers, _sum_by_code(code, n[rows], len(month_numbers)), strict=True))
    return {_month_name(month): int(numbers[month]) for month in sorted(numbers, reverse=True)}


def topics_of(counts: pd.DataFrame) -> list[str]:
    """The topics that were counted."""
    return [str(name) for name in counts if name not in (*KEYS, "collected", "articles")]


def _empty_counts(dataset: Dataset, topics: Sequence[Topic]) -> pd.DataFrame:
    return count_month("none", dataset, topics)


def _series_or_topics(
    counts: pd.DataFrame, series: Mapping[str, np.ndarray] | None
) -> Mapping[str, np.ndarray]:
    return {name: counts[name].to_numpy() for name in topics_of(counts)} if series is None else series


def _sum_by_code(code: np.ndarray, n: np.ndarray, size: int) -> np.ndarray:
    """The sum of `n` for each code from 0 to `size` - 1; as float64, which is exact to 2**53."""
    return np.bincount(code + 1, weights=n, minlength=size + 1)[1:].astype(np.int64)


def _month_numbers(days: np.ndarray) -> np.ndarray:
    """The month of each day, as months since 1970-01 (int64); NO_DAY where unknown."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return np.where(days == NO_DAY, NO_DAY, months)


def _month_name(month: int) -> str:
    return "unknown" if month == NO_DAY else str(np.datetime64(int(month), "M"))


def _month_of(counts: pd.DataFrame) -> pd.Series:
    months, code = np.unique(_month_numbers(counts["day"].to_numpy()), return_inverse=True)
    return pd.Series(np.array([_month_name(month) for month in months], dtype=object)[code], counts.index)


def _version_and_months(dataset: Dataset) -> tuple[int, dict[str, int]]:
    """The newest version and its months: read until no commit comes in between."""
    version, months = dataset.version, months_of(dataset)
    return (version, months) if dataset.version == version else _version_and_months(dataset)


def months_of(dataset: Dataset) -> dict[str, int]:
    """The months of a dataset with a digest of what is counted: `Dataset.months`, and the outlets' names."""
    names = zlib.crc32(repr(known_outlets().outlets).encode())
    return {month: digest ^ names for month, digest in dataset.months().items()}


def _write_counts(file: Path, counts: Counts) -> None:
    header = {field.name: getattr(counts, field.name) for field in fields(counts) if field.name != "table"}
    table = pa.Table.from_pandas(counts.table, preserve_index=False)
    header_text = json.dumps(header | {"at": counts.at.isoformat(), "format": _FORMAT})
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), _HEADER: header_text})
    try:
        disk.replace(
            file, lambda stream: pq.write_table(table, stream, compression="zstd", write_page_checksum=True)
        )
    except OSError as error:
        raise DatasetError(f"cannot write {file}: {error.strerror or error}") from error
