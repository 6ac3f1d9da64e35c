"""The records of files as candidates of a source: what a refresh stores, or fetches for want of a text."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import quote

from collectors.candidate import Candidate, Rejected
from collectors.errors import CollectError
from collectors.extraction.article import Article
from collectors.formats.identity import Editions, address_of
from collectors.formats.importing import CPU_SECONDS, MEMORY, read_items
from collectors.formats.record import SURE, Notice, Record
from collectors.sandbox.pool import Workers

log = logging.getLogger(__name__)
_SMALL = 8 * 2**20
"""Bytes of a file that a worker with the limits of pages reads."""


async def candidates(
    path: Path, name: str, editions: Editions, pool: Workers | None = None
) -> AsyncIterator[Candidate | Rejected]:
    """The articles of a file in any known format, read in the sandbox; a small one by a process that is lent.

    One with an address and no text is left to be fetched. Raises CollectError, with what was recognised, for
    a file that gives nothing.
    """
    count = 0
    problem: Notice | None = None
    small = pool is not None and (await asyncio.to_thread(path.stat)).st_size < _SMALL
    own = Workers(1, cpu_seconds=CPU_SECONDS, memory=MEMORY, parsers=("export",))
    async with nullcontext(pool) if small and pool else own as workers:
        async for format_name, item in read_items(workers, str(path), name):
            if isinstance(item, Record):
                count += 1
                yield candidate_of(item, format_name, editions)
            elif item.counts:
                yield Rejected(f"file:///{quote(name)}", item.reason)
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
