"""What a collector yields: a candidate, or what of its source can never become an article.

This is the border for all that a source says: its texts are valid from here on, whatever it sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from collectors.extraction.article import Article
from pressgauge.unicode import valid_text

_TEXTS = ("url", "title", "text", "outlet", "domain", "country", "language")


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

    def __post_init__(self) -> None:
        for name in _TEXTS:
            if (value := getattr(self, name)) is not None and not value.isascii():
                object.__setattr__(self, name, valid_text(value))
        object.__setattr__(self, "authors", tuple(map(valid_text, self.authors)))


@dataclass(frozen=True, slots=True)
class Rejected:
    """An entry that does not become an article (no link, outside the window), with its reason.

    `later` says that `url` is an article all the same, which a later refresh asks for by itself.
    """

    url: str
    reason: str
    later: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", valid_text(self.url))
