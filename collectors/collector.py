"""What a collector is: given a source and a window of time, it yields candidates."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collectors.cluster.cluster import Cluster
    from collectors.extraction.extract import Article
    from collectors.sandbox.pool import Workers
    from collectors.settings import Source
    from collectors.state import Cursor
    from collectors.web.fetch import Fetcher


class CollectError(Exception):
    """A source as a whole gave nothing usable.

    `reason` is a short snake_case word that the ledger counts (`not_a_feed`, `http_404`, `timeout`,
    `missing_key`); `detail` one sentence for a person. Neither ever holds a key.
    """

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(f"{reason}: {detail}")


@dataclass(frozen=True, slots=True)
class Window:
    """The publication dates asked for: since <= published < until, both UTC-aware; None is open."""

    since: datetime | None = None
    until: datetime | None = None

    def contains(self, published: datetime | None) -> bool:
        """An unknown date is inside: it can only be judged when the page has been read."""
        if published is None:
            return True
        return (self.since is None or published >= self.since) and (
            self.until is None or published < self.until
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that a source announces. Only `url` is certain; what is given beside it is a hint.

    `html` saves the fetch of the page, and `charset` is what its HTTP header declared; `text` is stored,
    marked partial='feed', when the page cannot be read.
    `article` is what the page says, where it has been read already.
    `details` are what print and databases add. `outlet`, `domain`, `country` and `language` override the
    source's where one source brings many outlets.
    """

    url: str
    title: str | None = None
    published: datetime | None = None
    published_precision: str | None = None
    authors: tuple[str, ...] = ()
    text: str | None = None
    html: bytes | None = None
    charset: str | None = None
    article: Article | None = None
    outlet: str | None = None
    domain: str | None = None
    country: str | None = None
    language: str | None = None
    details: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """An entry that can never become an article (no link, outside the window), with its reason."""

    url: str
    reason: str


@dataclass(slots=True)
class Context:
    """What the refresh lends a collector: fetcher, worker processes, the source's cursor, and a limit.

    `reference` is the dataset folder, where a collector may keep a reference series
    (`pressgauge/store/reference.py`). Without `workers` a collector that needs some starts its own;
    with a `cluster`, archives are read there.
    """

    fetch: Fetcher
    cursor: Cursor
    limit: int | None = None
    environ: dict[str, str] = field(default_factory=dict)
    reference: Path | None = None
    workers: Workers | None = None
    cluster: Cluster | None = None


class Collector(Protocol):
    """One kind of source, in a file of its own, found by kind in `collectors.kinds.registry.COLLECTORS`."""

    kind: str
    summary: str
    """One line for `pressgauge sources`: what it reads."""
    limits: str
    """One line: what it cannot do."""
    key: str | None
    """Environment variable of the key it needs, or None."""

    def collect(
        self, source: Source, window: Window, context: Context
    ) -> AsyncIterator[Candidate | Rejected]: ...


def is_web(address: str) -> bool:
    """Whether an address begins with http:// or https://, in any case."""
    return address[:8].lower().startswith(("http://", "https://"))
