"""Daily counts of the saved topics: all that charts of volume and outlets need of a dataset of any size.

One row a day, outlet and language; a month is counted by itself, and months, like any other parts without a
common article, add up. The table lies beside the dataset and is brought up to date month by month.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pressgauge.analysis.outlets import outlets_of
from pressgauge.analysis.periods import Freq, Periods, local_days
from pressgauge.analysis.volume import COLUMNS as VOLUME
from pressgauge.analysis.volume import volume_of
from pressgauge.search import COLUMNS as SEARCHED
from pressgauge.search import in_memory
from pressgauge.snapshot import take
from pressgauge.topic import Topic

if TYPE_CHECKING:
    from pressgauge.dataset import Dataset

KEYS = ["day", "outlet", "language"]
_FILE = "counts.parquet"
_SAID = b"pressgauge"
_NEEDED = tuple(dict.fromkeys((*SEARCHED, "published_precision", "collected")))

Run = Callable[..., Iterable[pd.DataFrame]]


def count(articles: pd.DataFrame, membership: pd.DataFrame) -> pd.DataFrame:
    """Count articles by day (UTC), outlet and language: those of each column of `membership`, and all.

    One row a combination that occurs: day (int32 days since 1970-01-01, -1 unknown), outlet, language
    (category), collected (datetime64[us, UTC], the newest), articles (int64), and int64 by topic.
    """
    frame = articles[["outlet", "language", "collected"]].assign(day=local_days(articles), articles=1)
    members = membership.set_axis(articles.index).astype("int64")
    return merge([pd.concat([frame[[*KEYS, "collected", "articles"]], members], axis=1)])


def merge(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The counts of several parts that have no article in common, as if they had been counted together."""
    table = pd.concat([part.astype({"outlet": "str", "language": "str"}) for part in parts])
    sums = dict.fromkeys([name for name in table if name not in (*KEYS, "collected")], "sum")
    merged = table.groupby(KEYS, dropna=False, sort=True).agg({"collected": "max", **sums}).reset_index()
    return merged.astype({"day": "int32", "outlet": "category", "language": "category"})


def count_month(month: str, dataset: Dataset, topics: Sequence[Topic]) -> pd.DataFrame:
    """`count` of the articles of one month of a dataset: exact, since a topic is asked of each by itself.

    Needs memory for the month's texts and their index, some 12 KB an article. Raises QueryError.
    """
    articles = dataset.of_month(month, _NEEDED)
    for name in ("outlet", "language"):
        articles[name] = articles[name].astype("category")
    return count(articles, take(articles, in_memory(articles), topics).membership)


def counted(dataset: Dataset, topics: Sequence[Topic], run: Run = map) -> pd.DataFrame:
    """The counts of the newest version, kept in the dataset's folder; only months that changed are counted.

    `run` is `map` or works as it does: `lambda f, items: client.gather(client.map(f, items))` has the workers
    of a Dask cluster do it. Raises QueryError, and DatasetError when the dataset cannot be read.
    """
    file, months = Path(dataset.path) / _FILE, dataset.months()
    said = {"topics": _digest(topics), "months": months}
    before, parts = _read(file)
    if before == said:
        return parts[0]
    same = before.get("months", {}) if before.get("topics") == said["topics"] else {}
    kept = [month for month, digest in months.items() if same.get(month) == digest]
    fresh = [month for month in months if month not in kept]
    parts = [part[_month_of(part).isin(kept)] for part in parts if kept]
    asked = partial(count_month, dataset=dataset, topics=tuple(topics))
    parts += run(asked, fresh) if months else [asked("none")]
    table, now = merge(parts), dataset.months()
    still = {month: digest for month, digest in months.items() if now.get(month) == digest}
    _write(file, table, said | {"months": still})
    # A month that a commit changed meanwhile is counted again.
    return table if still == now else counted(dataset, topics, run)


def volume(counts: pd.DataFrame, *, freq: Freq = "W") -> pd.DataFrame:
    """`analysis.volume` of the articles that were counted, by days of UTC; the same table."""
    periods = Periods(counts, freq=freq)
    dated = periods.code >= 0
    names = topics_of(counts)
    sums = {name: _sums(periods.code[dated], counts.loc[dated, name], len(periods)) for name in names}
    collected = _sums(periods.code[dated], counts.loc[dated, "articles"], len(periods))
    undated = [int(counts.loc[~dated, name].sum()) for name in names]
    return volume_of(periods, sums, collected, undated).assign(unit="articles")[list(VOLUME)]


def outlets(counts: pd.DataFrame, *, by: Literal["outlet", "language"] = "outlet") -> pd.DataFrame:
    """`analysis.outlets` of the articles that were counted; the same table."""
    code, names = counts[by].cat.codes.to_numpy(), counts[by].cat.categories
    known = code >= 0
    sums = {name: _sums(code[known], counts.loc[known, name], len(names)) for name in topics_of(counts)}
    collected = _sums(code[known], counts.loc[known, "articles"], len(names))
    return outlets_of(by, names, sums, collected).assign(unit="articles")


def topics_of(counts: pd.DataFrame) -> list[str]:
    """The topics that were counted."""
    return [str(name) for name in counts if name not in (*KEYS, "collected", "articles")]


def _sums(code: np.ndarray, n: pd.Series, size: int) -> np.ndarray:
    # as float64, which is exact to 2**53
    return np.bincount(code, weights=n.to_numpy(), minlength=size).astype(np.int64)


def _month_of(counts: pd.DataFrame) -> pd.Series:
    days = pd.to_datetime(counts["day"].where(counts["day"] >= 0), unit="D")
    return days.dt.strftime("%Y-%m").fillna("unknown")


def _digest(topics: Sequence[Topic]) -> str:
    asked = json.dumps([[topic.name, topic.query] for topic in topics])
    return hashlib.blake2b(asked.encode(), digest_size=8).hexdigest()


def _read(file: Path) -> tuple[dict[str, Any], list[pd.DataFrame]]:
    """What the kept table says of itself, and the table; nothing when it is not there whole."""
    try:
        table = pq.read_table(file, page_checksum_verification=True)
        said: dict[str, Any] = json.loads((table.schema.metadata or {})[_SAID])
        return said, [table.to_pandas().astype({"outlet": "category", "language": "category"})]
    except (OSError, pa.ArrowException, ValueError, KeyError):
        return {}, []


def _write(file: Path, counts: pd.DataFrame, said: dict[str, Any]) -> None:
    table = pa.Table.from_pandas(counts, preserve_index=False)
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), _SAID: json.dumps(said)})
    beside = file.with_name(f".{file.name}.{id(counts)}")
    pq.write_table(table, beside, compression="zstd", write_page_checksum=True)
    beside.replace(file)
