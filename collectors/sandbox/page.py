"""The parser of pages, as a process of the sandbox runs it."""

from __future__ import annotations

from typing import Any

from collectors.extraction.extract import extract
from collectors.sandbox.protocol import dump_article, moment


def parse_page(html: bytes, *, hint_published: str | None, **options: Any) -> dict[str, Any]:
    """`extract` from and to values of JSON."""
    return dump_article(extract(html, hint_published=moment(hint_published), **options))


def warm() -> None:
    """Load what is loaded at first use, so that the first page is not charged with it; but not the model of
    languages and the libraries that few pages need: they take two thirds of the time and half of the memory
    of a start.
    """
    paragraph = (
        "<p>The committee met on Tuesday and decided that the old bridge would stay open for walkers.</p>"
    )
    article = f"<article><h1>Bridge stays open</h1>{paragraph * 8}</article>"
    page = f"<html lang='en'><body>{article}</body></html>".encode()
    extract(page, "https://example.org/2020/01/02/bridge")
