"""What a sitemap lists, without what reads it: the process that collects has no need of that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from collectors.shared.timestamps import parse_iso, plausible

MAX_BYTES = 50 * 1024 * 1024
MAX_ENTRIES = 50_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a sitemap; `index` when it is another sitemap."""

    url: str
    index: bool = False
    lastmod: str | None = None
    published: str | None = None
    title: str | None = None
    language: str | None = None
    outlet: str | None = None


def published(entry: Entry) -> tuple[datetime | None, str | None]:
    """When it says that it was published, and how precise that is: "second" or "day"."""
    moment, precision = parse_iso(entry.published)
    if moment is None or not plausible(moment):
        return None, None
    return moment, precision
