"""The article schema: every column of the dataset, its dtype and its meaning. The only place that says so."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, Arrow type on disk, its meaning, whether pandas holds it as a categorical, and
    its `values` where there are no others."""

    name: str
    type: pa.DataType
    meaning: str
    categorical: bool = False
    nullable: bool = True
    values: tuple[str, ...] = ()


_UTC = pa.timestamp("us", tz="UTC")


def _text_column(name: str, meaning: str, *, nullable: bool = True) -> Column:
    return Column(name, pa.string(), meaning, nullable=nullable)


def _category_column(name: str, meaning: str, *, nullable: bool = True) -> Column:
    return Column(name, pa.string(), meaning, categorical=True, nullable=nullable)


def _one_of(name: str, meaning: str, *values: str) -> Column:
    return Column(name, pa.string(), meaning, categorical=True, values=values)


def _confidence_column(part: str) -> Column:
    meaning = f"how sure the reading of {part} is, in percent: an estimate; null when nothing tells"
    return Column(f"{part}_confidence", pa.int32(), meaning)


COLUMNS: tuple[Column, ...] = (
    Column("id", pa.int64(), "signed 64-bit hash of canonical_url; identifies the article", nullable=False),
    _text_column("canonical_url", "the one URL of the article after clean-up", nullable=False),
    _text_column("url", "the URL under which the article was found", nullable=False),
    _category_column(
        "outlet",
        "name of the outlet that published it, else its domain; `unknown`, which charts show as one outlet, "
        "where neither is known",
        nullable=False,
    ),
    _category_column("domain", "registered domain of the canonical URL"),
    _category_column("country", "outlet's country, ISO 3166-1 alpha-2"),
    _category_column("language", "language of the text, ISO 639-1"),
    _text_column("title", "headline as published"),
    Column("authors", pa.list_(pa.string()), "persons in the byline, in order; empty when none is named"),
    Column("published", _UTC, "first publication, UTC; null when unknown"),
    _one_of("published_precision", "'second' or 'day': how exactly the page dates itself", "second", "day"),
    Column("collected", _UTC, "when Pressgauge stored this version of the article, UTC", nullable=False),
    _text_column("text", "body text, paragraphs separated by newlines; null when not obtained"),
    Column("words", pa.int32(), "number of words in text; null when unknown"),
    _one_of(
        "partial",
        "why text is not all ('paywall', 'consent', 'feed', 'excerpt', 'title_only'); null when whole",
        *("paywall", "consent", "feed", "excerpt", "title_only"),
    ),
    _category_column("source", "name of the source (a section of sources.toml) that brought it"),
    _category_column("title_from", "where the title was read: 'json-ld', 'opengraph', 'feed', ..."),
    _category_column("authors_from", "where the byline was read"),
    _category_column("published_from", "where the publication date was read"),
    _category_column("text_from", "what extracted the text: 'trafilatura', 'newspaper3k', 'feed', ..."),
    _confidence_column("title"),
    _confidence_column("authors"),
    _confidence_column("published"),
    _confidence_column("text"),
    Column("reader_version", pa.int32(), "version of the reader that read its page; null when none did"),
    _category_column("credit", "agency or outlet that the article names as its origin; null when none"),
    _text_column(
        "details", "what print and databases add, a JSON object of texts: edition, section, page, ..."
    ),
    Column("story", pa.int64(), "id of the story's original; equals id without copies", nullable=False),
)

NAMES: tuple[str, ...] = tuple(column.name for column in COLUMNS)
METADATA: tuple[str, ...] = tuple(
    name
    for name in NAMES
    if name not in ("text", "url", "authors", "details", "reader_version")
    and (name == "published_confidence" or not name.endswith("_confidence"))
)
"""The columns an interactive view holds in memory: all but the long ones and those that one article shows.
Of a doubtful date more depends than its article: a day of every chart."""
CATEGORICAL: tuple[str, ...] = tuple(column.name for column in COLUMNS if column.categorical)
SKETCH = "sketch"
"""A column of the files that no reader is given: `stories.sketches` of the text, to find its copies."""
SCHEMA: pa.Schema = pa.schema(
    [*(pa.field(c.name, c.type, nullable=c.nullable) for c in COLUMNS), pa.field(SKETCH, pa.binary())]
)


EPOCH = date(1970, 1, 1)
"""The day 0 of `day`."""
NO_DAY = -(2**31)
"""The day of an article without a date. Days are int32 since 1970-01-01, and negative before that."""


def article_id(canonical_url: str) -> int:
    """Signed 64-bit identity of a canonical URL: BLAKE2b-64 (RFC 7693), little-endian.

    >>> article_id("https://example.org/a") == article_id("https://example.org/a")
    True
    """
    digest = hashlib.blake2b(canonical_url.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)
