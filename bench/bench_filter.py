"""A change of filter to the tables of all charts, beside pandas, Polars and DuckDB on the same rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

from bench.corpus import DAYS, OUTLETS, START
from bench.timing import line
from pressgauge.analysis.periods import Unit
from pressgauge.bitmaps.index import BitmapIndex
from pressgauge.bitmaps.tables import Tally
from pressgauge.filters import Filters, kept_rows

_SHARES = (0.05, 0.03, 0.02, 0.02, 0.01)
_SERIES = [f"series{number}" for number in range(len(_SHARES))]
_OUTLETS = [f"Outlet {number}" for number in range(OUTLETS)]
_ASKED = 20
_TRIES = 3
_COLUMN: dict[Unit, str] = {"articles": "", "stories": "story", "events": "event"}

Answer = Callable[[int], tuple[dict[str, int], ...]]
"""From the number of a filter, each another, to the sums of the volume's and the outlets' series."""


def rows(n: int) -> list[dict[str, str]]:
    """Lines of the bench's table: measure, ours, theirs, ratio, note."""
    return [
        made for size in ((n, 10_000_000) if n >= 1_000_000 else (n,)) for made in _sized(_articles(size))
    ]


def _articles(n: int) -> pd.DataFrame:
    """Metadata alone, with a story of 1.4 articles and an event of 8 on average, and five series."""
    rng = np.random.default_rng(1)
    seconds = rng.integers(0, DAYS * 86_400, n)
    published = (START + pd.to_timedelta(seconds, unit="s")).as_unit("us")
    frame = pd.DataFrame(
        {
            "outlet": pd.Categorical.from_codes(np.minimum(rng.zipf(1.5, n) - 1, OUTLETS - 1), _OUTLETS),
            "day": (START.timestamp() // 86_400 + seconds // 86_400).astype(np.int32),
            "collected": published,
            "story": rng.integers(0, n, n),
            "event": rng.integers(0, n // 8 + 1, n),
        }
    )
    return frame.assign(**{name: rng.random(n) < share for name, share in zip(_SERIES, _SHARES, strict=True)})


def _sized(articles: pd.DataFrame) -> list[dict[str, str]]:
    table = pa.table(
        {
            **{name: pa.array(articles[name].to_numpy()) for name in ("story", "event", *_SERIES)},
            "outlet": pa.DictionaryArray.from_arrays(
                pa.array(articles["outlet"].cat.codes.to_numpy(np.int32)), pa.array(_OUTLETS)
            ),
            "day": pa.array(articles["day"].to_numpy().astype("datetime64[D]")),
        }
    )
    index = BitmapIndex(articles)
    made = []
    for unit in _COLUMN:
        ours = _ours(index, articles, unit)
        peers = {"Polars": _polars(table, unit), "DuckDB": _duckdb(table, unit)}
        if unit == "articles":
            peers["pandas"] = _pandas(articles)
        expected = ours(0)
        for answer in peers.values():
            assert answer(0) == expected
        took = _best(ours, 5 * _TRIES)
        theirs = {name: _best(answer, _TRIES) for name, answer in peers.items()}
        told = ", ".join(f"{name} {1_000 * seconds:.0f} ms" for name, seconds in theirs.items())
        measure = f"filter change to all chart tables, {unit}, {len(articles):,} rows"
        made.append(line(measure, took, min(theirs.values()), f"goal 10x the fastest of {told}"))
    return made


def _best(answer: Answer, tries: int) -> float:
    """The quickest of some filters, none of which was asked for before."""
    took = []
    for number in range(1, tries + 1):
        start = time.perf_counter()
        answer(number)
        took.append(time.perf_counter() - start)
    return min(took)


def _filter(number: int) -> tuple[date, list[str]]:
    return date(2024, 3, 1 + number), _OUTLETS[number : number + _ASKED]


def _ours(index: BitmapIndex, articles: pd.DataFrame, unit: Unit) -> Answer:
    series = {name: index.mask(articles[name].to_numpy()) for name in _SERIES}

    def answer(number: int) -> tuple[dict[str, int], ...]:
        since, outlets = _filter(number)
        tally = Tally(series, kept_rows(index, Filters(since=since, outlets=tuple(outlets))), unit)
        tables = tally.volume(), tally.outlets()
        return tuple(_sums(table["n"].to_numpy()) for table in tables)

    return answer


def _sums(n: np.ndarray) -> dict[str, int]:
    """The sum of each series of a long table."""
    return dict(zip(_SERIES, n.reshape(len(_SERIES), -1).sum(axis=1).tolist(), strict=True))


def _polars(table: pa.Table, unit: Unit) -> Answer:
    frame, column = pl.from_arrow(table), _COLUMN[unit]
    assert isinstance(frame, pl.DataFrame)
    counts = [
        pl.col(column).filter(pl.col(name)).n_unique().alias(name) if column else pl.col(name).sum()
        for name in _SERIES
    ]
    counts.append(pl.col(column).n_unique().alias("all") if column else pl.len().alias("all"))

    def answer(number: int) -> tuple[dict[str, int], ...]:
        since, outlets = _filter(number)
        kept = frame.lazy().filter(pl.col("outlet").is_in(outlets) & (pl.col("day") >= since))
        by = pl.col("day").dt.truncate("1w"), pl.col("outlet")
        found = pl.collect_all([kept.group_by(each).agg(counts) for each in by])
        return tuple({name: int(each[name].sum()) for name in _SERIES} for each in found)

    return answer


def _duckdb(table: pa.Table, unit: Unit) -> Answer:
    connection, column = duckdb.connect(), _COLUMN[unit]
    connection.register("given", table)
    connection.execute("CREATE TABLE articles AS SELECT * FROM given")
    counted = f"count(DISTINCT {column})" if column else "count(*)"
    counts = ", ".join(f"{counted} FILTER ({name}) AS {name}" for name in _SERIES)

    def answer(number: int) -> tuple[dict[str, int], ...]:
        since, outlets = _filter(number)
        found = [
            connection.execute(
                f"SELECT {by} AS by, {counts}, {counted} AS n FROM articles "
                "WHERE outlet IN (SELECT unnest(?)) AND day >= ? GROUP BY ALL",
                [outlets, since],
            ).fetchnumpy()
            for by in ("date_trunc('week', day)", "outlet")
        ]
        return tuple({name: int(each[name].sum()) for name in _SERIES} for each in found)

    return answer


def _pandas(articles: pd.DataFrame) -> Answer:
    day = pd.Series(articles["day"].to_numpy().astype("datetime64[D]").astype("datetime64[s]"))

    def answer(number: int) -> tuple[dict[str, int], ...]:
        since, outlets = _filter(number)
        kept = articles["outlet"].isin(outlets) & (day >= pd.Timestamp(since))
        week = day - pd.to_timedelta(day.dt.weekday, unit="D")
        found = []
        for column in (week, articles["outlet"]):
            counts: dict[str, Any] = {name: column[kept & articles[name]].value_counts() for name in _SERIES}
            found.append({name: int(counts[name].sum()) for name in _SERIES})
        return tuple(found)

    return answer
