"""An outlet on the loopback web of `tests/loopback.py`: articles, and a feed that announces them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path

from collectors.ledger import Report, past_reports
from collectors.source import Source
from tests.loopback import Loopback

FIRST = datetime(2025, 1, 20, 9, 0, tzinfo=UTC)
"""When the article number 0 of every outlet appeared; the next ones follow an hour apart."""
_WORDS = (
    *(
        "weights",
        "licence",
        "model",
        "release",
        "open",
        "closed",
        "company",
        "research",
        "benchmark",
        "token",
    ),
    *(
        "training",
        "court",
        "minister",
        "startup",
        "laboratory",
        "engineer",
        "developer",
        "parliament",
        "chip",
    ),
)


def text_of(number: int, seed: str = "") -> str:
    """The paragraphs of an article; no two articles are alike."""
    draw = random.Random(f"{seed}{number}")
    sentences = [f"The {' '.join(draw.choices(_WORDS, k=12))} was reported." for _ in range(12)]
    return "\n".join(" ".join(sentences[n : n + 4]) for n in range(0, 12, 4))


def last_report(folder: Path) -> Report | None:
    """The newest report in `folder` that can be read."""
    return next(iter(past_reports(folder, 1)), None)


def article_page(number: int, published: datetime, seed: str = "", title: str | None = None) -> str:
    title = title or f"Report number {number} on models"
    paragraphs = "".join(f"<p>{line}</p>" for line in text_of(number, seed).splitlines())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta property="article:published_time" content="{published.isoformat()}">'
        f'<meta property="og:title" content="{escape(title)}"><meta name="author" content="Ada Marsh">'
        f"</head><body><article><h1>{escape(title)}</h1>{paragraphs}</article></body></html>"
    )


class Outlet:
    """`outlet.publish(3)` puts three more articles up; `outlet.source` collects them."""

    def __init__(self, web: Loopback, name: str = "The Outlet", host: str = "127.0.0.1") -> None:
        self.web, self.name, self.host = web, name, host
        self.paths: list[str] = []
        self._items: list[str] = []
        self.write_feed()

    def published(self, number: int) -> datetime:
        return FIRST + timedelta(hours=number)

    def url(self, number: int) -> str:
        return self.web.url(self.paths[number], self.host)

    def publish(self, count: int = 1) -> list[str]:
        """The URLs of `count` new articles, each served and announced."""
        for number in range(len(self.paths), len(self.paths) + count):
            path = f"/2025/01/report-number-{number}.html"
            self.web.page(path, article_page(number, self.published(number), self.host), host=self.host)
            self.paths.append(path)
            self.announce(self.url(number), f"Report number {number} on models", self.published(number))
        self.write_feed()
        return [self.url(number) for number in range(len(self.paths) - count, len(self.paths))]

    def announce(self, url: str, title: str, published: datetime | None, text: str = "") -> None:
        dated = f"<pubDate>{format_datetime(published)}</pubDate>" if published else ""
        whole = f"<description>{escape(text)}</description>" if text else ""
        link = f"<link>{escape(url)}</link>" if url else ""
        self._items.append(f"<item><title>{escape(title)}</title>{link}{dated}{whole}</item>")
        self.write_feed()

    def write_feed(self, headers: dict[str, str] | None = None) -> None:
        feed = f'<rss version="2.0"><channel><title>{self.name}</title>{"".join(self._items)}</channel></rss>'
        self.web.page("/feed", feed, "application/rss+xml", headers=headers, host=self.host)

    @property
    def source(self) -> Source:
        return Source(
            name=self.name,
            kind="feed",
            url=self.web.url("/feed", self.host),
            outlet=self.name,
            country="GB",
            language="en",
            local=True,
        )

    def asked_pages(self) -> int:
        """How many requests for its articles arrived."""
        return sum(request.path in self.paths and request.host == self.host for request in self.web.requests)
