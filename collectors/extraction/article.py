"""What one page says, without what reads it: the process that collects has no need of that."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

READER_VERSION = 12
"""Goes up with every change of what pages are read as; what an older version failed at is worth another
try.
"""

Backend = Literal["auto", "trafilatura", "newspaper3k", "resiliparse"]


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure each field is, a share between 0 and 1; 0 where nothing was found."""

    title: float = 0.0
    text: float = 0.0
    authors: float = 0.0
    published: float = 0.0
    language: float = 0.0


@dataclass(frozen=True, slots=True)
class Article:
    """What one page says.

    `published` is aware and in the page's own zone, so that its calendar day is the one that the page wrote;
    a page without zone counts as UTC, and one that gives only the day (`published_precision` 'day') as its
    midnight. `credit` is the agency or outlet that the page names as the origin of its text. `partial` says
    why the text is not whole: 'paywall', 'consent' or 'title_only'. `refused` says why the page holds no
    article: 'not_html', 'too_large', 'too_deep', 'soft_404', 'blocked' (the page asks for a human),
    'index_page', 'empty', 'parser_memory' or 'parser_error:NAME'; all other fields may then be empty.
    `reader_version` is the READER_VERSION of the reader of pages, None where it read none.
    """

    title: str | None = None
    text: str | None = None
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    published_precision: str | None = None
    language: str | None = None
    credit: str | None = None
    canonical_url: str | None = None
    partial: str | None = None
    title_from: str | None = None
    text_from: str | None = None
    authors_from: str | None = None
    published_from: str | None = None
    confidence: Confidence = field(default_factory=Confidence)
    refused: str | None = None
    reader_version: int | None = None
