"""The article schema: every column of the dataset, its dtype and what it means. The only place that says so."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


import pyarrow as pa



@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, Arrow type on disk, whether pandas holds it as a categorical, and its meaning."""

    name: str
    type: pa.DataType
    meaning: str
    categorical: bool = False
    nullable: bool = True


_UTC = pa.timestamp("us", tz="UTC")

COLUMNS: tuple[Column, ...] = (
    Column("id", pa.int64(), "signed 64-bit hash of canonical_url; identifies the article", nullable=False),
    Column("canonical_url", pa.string(), "the one URL of the article after clean-up", nullable=False),
    Column("url", pa.string(), "the URL under which the article was found", nullable=False),
    Column("outlet", pa.string(), "name of the outlet that published it", categorical=True, nullable=False),
    Column("domain", pa.string(), "registered domain of the canonical URL", categorical=True),
    Column("country", pa.string(), "outlet's country, ISO 3166-1 alpha-2", categorical=True),
    Column("language", pa.string(), "language of the text, ISO 639-1", categorical=True),
    Column("title", pa.string(), "headline as published"),
    Column("authors", pa.list_(pa.string()), "persons in the byline, in order; empty list when none is named"),
    Column("published", _UTC, "first publication, UTC; null when unknown"),
    Column("published_precision", pa.string(), "'second' or 'day': how exactly the page dates itself", categorical=True),
    Column("collected", _UTC, "when Pressgauge first stored this version, UTC", nullable=False),
    Column("text", pa.string(), "body text, paragraphs separated by newlines; null when not obtained"),
    Column("words", pa.int32(), "number of words in text; null when text is null"),
    Column("partial", pa.string(), "why text is not the whole article ('paywall', 'consent', 'feed', 'title_only'); "
           "null when whole", categorical=True),
    Column("source", pa.string(), "name of the source (a section of sources.toml) that brought it", categorical=True),
    Column("title_from", pa.string(), "where the title was read: 'json-ld', 'opengraph', 'feed', ...", categorical=True),
    Column("authors_from", pa.string(), "where the byline was read", categorical=True),
    Column("published_from", pa.string(), "where the publication date was read", categorical=True),
    Column("text_from", pa.string(), "what extracted the text: 'trafilatura', 'newspaper3k', 'feed', ...", categorical=True),
    Column("story", pa.int64(), "id of the story's original; equals id for an article without copies", nullable=False),
)

NAMES: tuple[str, ...] = tuple(column.name for column in COLUMNS)
METADATA: tuple[str, ...] = tuple(name for name in NAMES if name not in ("text", "url", "authors"))
"""The columns an interactive view holds in memory: all but the long ones."""
CATEGORICAL: tuple[str, ...] = tuple(column.name for column in COLUMNS if column.categorical)
SCHEMA: pa.Schema = pa.schema([pa.field(c.name, c.type, nullable=c.nullable) for c in COLUMNS])


def article_id(canonical_url: str) -> int:
    """Signed 64-bit identity of a canonical URL: BLAKE2b-64 (RFC 7693), little-endian.

    >>> article_id("https://example.org/a") == article_id("https://example.org/a")
    True
    """
    digest = hashlib.blake2b(canonical_url.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)
