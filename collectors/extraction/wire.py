"""What goes between a worker and its parent: JSON, so that a subverted child can hand over nothing but
values.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from collectors.extract import Article, Confidence


def dump_request(html: bytes, url: str, backend: str, title: str | None, published: datetime | None) -> bytes:
    """A line of JSON that names the length of the page, then the page."""
    header = {
        "length": len(html),
        "url": url,
        "backend": backend,
        "hint_title": title,
        "hint_published": published.isoformat() if published else None,
    }
    return json.dumps(header).encode() + b"\n" + html


def load_request(line: bytes) -> tuple[int, str, dict[str, Any]]:
    """Length of the page that follows, its address, and the keyword arguments of `extract`."""
    header = json.loads(line)
    length, url = header.pop("length"), header.pop("url")
    header["hint_published"] = _moment(header["hint_published"])
    return length, url, header


def dump_article(article: Article) -> bytes:
    values = asdict(article)
    values["published"] = article.published.isoformat() if article.published else None
    return json.dumps(values).encode() + b"\n"


def load_article(line: bytes) -> Article:
    """Raises ValueError, TypeError or KeyError on anything but `dump_article`'s line."""
    values = json.loads(line)
    values["authors"] = tuple(values["authors"])
    values["published"] = _moment(values["published"])
    values["confidence"] = Confidence(**values["confidence"])
    return Article(**values)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
