"""The records of files as candidates of a source: what a refresh stores, or fetches for want of a text."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import quote

from collectors.candidate import Candidate, Rejected
from collectors.errors import CollectError
from collectors.extraction.article import Article, Confidence
from collectors.formats.identity import Editions, address_of
from collectors.formats.importing import CPU_SECONDS, MEMORY, read_items
from collectors.formats.record import Notice, Record
from collectors.formats.tables.named_tables import COLUMNS
from collectors.sandbox.pool import Workers

log = logging.getLogger(__name__)
_SMALL = 8 * 2**20
"""Bytes of a file that a worker with the limits of pages reads."""
SURE = Confidence(title=0.9, text=0.9, authors=0.9, published=0.9, language=0.9)
"""Of what a file says in so many words."""


def readers_of(path: Path, pool: Workers | None) -> AbstractAsyncContextManager[Workers]:
    """Processes that read a file: those of the pool that is lent for a small one, else one of its own."""
    if pool is not None and path.stat().st_size < _SMALL:
        return nullcontext(pool)
    return Workers(1, cpu_seconds=CPU_SECONDS, memory=MEMORY, parsers=("export",))


async def candidates(
    readers: Workers, path: Path, name: str, editions: Editions, table: dict[str, Any] | None = None
) -> AsyncIterator[Candidate | Rejected]:
    """The articles of a file in any known format, or of a `table` as `read_batch` takes it, read in the
    sandbox.

    One with an address and no text is left to be fetched. Raises CollectError, with what was recognised, for
    a file that gives nothing.
    """
    count = 0
    problem: Notice | None = None
    async for format_name, item in read_items(readers, str(path), name, table=table):
        if isinstance(item, Record):
            count += 1
            yield candidate_of(item, format_name, editions)
        elif item.counts:
            yield Rejected(item.address or f"file:///{quote(name)}", item.reason)
        elif item.reason == COLUMNS:
            log.info("%s", item.detail)
        else:
            problem = problem or item
            log.warning("%s", item.detail)
    if not count and problem is not None:
        raise CollectError(problem.reason, problem.detail)


def candidate_of(record: Record, format_name: str, editions: Editions) -> Candidate:
    """A record as a candidate, under the address by which it is known."""
    address = record.url or editions.find(record) or address_of(record)
    if record.url is None:
        editions.add(record, address)
    is_whole = record.text is not None or record.url is None
    article = Article(
        title=record.title,
        text=record.text,
        authors=record.authors,
        published=record.published,
        published_precision=record.published_precision,
        language=record.language,
        partial=record.partial,
        title_from=format_name,
        text_from=format_name,
        authors_from=format_name if record.authors else None,
        published_from=format_name if record.published else None,
        confidence=SURE,
    )
    return Candidate(
        address,
        title=record.title,
        published=record.published,
        published_precision=record.published_precision,
        authors=record.authors,
        html=b"" if is_whole else None,
        article=article if is_whole else None,
        outlet=record.outlet,
        domain=record.domain,
        country=record.country,
        language=record.language,
        details=record.all_details or None,
    )
