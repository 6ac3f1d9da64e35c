"""Full-text engines that others would use, on the same articles."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import duckdb
import pandas as pd

from bench.timing import once


def sqlite(articles: pd.DataFrame) -> tuple[float, Callable[[str], int]]:
    """SQLite's FTS5 in memory: the seconds that its index takes, and what counts the articles of a phrase by
    day and outlet and gives their sum."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE articles (id INTEGER PRIMARY KEY, day INTEGER, outlet TEXT)")
    connection.execute("CREATE VIRTUAL TABLE texts USING fts5(title, text, content='')")
    days = articles["published"].dt.tz_localize(None).to_numpy().astype("datetime64[D]").astype("int64")
    outlets = articles["outlet"].astype(object)
    connection.executemany(
        "INSERT INTO articles VALUES (?, ?, ?)",
        zip(range(len(articles)), days.tolist(), outlets, strict=True),
    )
    texts = zip(range(len(articles)), articles["title"], articles["text"], strict=True)
    indexed, _ = once(
        lambda: connection.executemany("INSERT INTO texts (rowid, title, text) VALUES (?, ?, ?)", texts)
    )

    def count(phrase: str) -> int:
        found = connection.execute(
            "SELECT day, outlet, count(*) FROM texts JOIN articles ON articles.id = texts.rowid "
            "WHERE texts MATCH ? GROUP BY day, outlet",
            [f'"{phrase}"'],
        ).fetchall()
        return sum(n for _, _, n in found)

    return indexed, count


def duckdb_texts() -> str:
    """Why DuckDB's full-text extension is not compared, in words: it ranks articles by words."""
    try:
        duckdb.connect().execute("LOAD fts")
    except duckdb.Error:
        return "DuckDB's full-text extension is not there and nothing is fetched for it"
    return "DuckDB's full-text extension knows no phrases"
