"""The judged pages beside the checkout, and the readers that are compared on them."""

from __future__ import annotations

import gzip
import importlib.util
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
NEUTRAL = ("fundus", "aeb", "fundus-eval")
"""The sources of judged pages that no compared library was tuned on."""
PROGRAMS = ("readability",)
"""Sources whose text is what a program read."""

Prediction = dict[str, Any]
Reader = Callable[[bytes, str], Prediction]


def records(sources: Iterable[str] | None = None, *, name: str = "gold") -> list[dict[str, Any]]:
    """The judged pages' records of the set `name`, of these sources only, each with its "set".

    Raises FileNotFoundError where they are absent.
    """
    with (SHARED / name / "dev" / "gold.jsonl").open(encoding="utf-8") as lines:
        every = [json.loads(line) | {"set": name} for line in lines]
    return [record for record in every if sources is None or record["source"] in set(sources)]


def every_record() -> list[dict[str, Any]]:
    """The records of both sets of judged pages."""
    return [*records(), *records(name="gold2")]


def html(record: dict[str, Any]) -> bytes:
    return gzip.decompress(
        (SHARED / record["set"] / "dev" / "pages" / f"{record['id']}.html.gz").read_bytes()
    )


def scorer() -> ModuleType:
    """The scoring program beside the gold, as a module."""
    spec = importlib.util.spec_from_file_location("score", SHARED / "score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ours(page: bytes, url: str) -> Prediction:
    from collectors.extraction.extract import extract

    article = extract(page, url)
    return {
        "title": article.title,
        "text": article.text,
        "authors": list(article.authors),
        "published": article.published.isoformat() if article.published else None,
        "language": article.language,
    }


def trafilatura(page: bytes, url: str) -> Prediction:
    from trafilatura import bare_extraction

    document = bare_extraction(page, url=url, include_comments=False, with_metadata=True)
    if document is None:
        return {}
    authors = (document.author or "").split("; ") if document.author else []
    return {"title": document.title, "text": document.text, "authors": authors, "published": document.date}


def newspaper3k(page: bytes, url: str) -> Prediction:
    from collectors.extraction.newspaper import read_article
    from collectors.extraction.page.charset import decode

    article = read_article(decode(page), url)
    published = article.publish_date.isoformat() if article.publish_date else None
    return {"title": article.title, "text": article.text, "authors": article.authors, "published": published}


def readability(page: bytes, url: str) -> Prediction:
    from lxml.html import fromstring
    from readability import Document

    document = Document(page)
    return {"title": document.short_title(), "text": fromstring(document.summary()).text_content()}


def resiliparse(page: bytes, url: str) -> Prediction:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse(bytes_to_str(page, detect_encoding(page)))
    return {"title": tree.title, "text": extract_plain_text(tree, main_content=True)}


def goose3(page: bytes, url: str) -> Prediction:
    from goose3 import Goose

    with Goose({"enable_image_fetching": False}) as goose:
        article = goose.extract(url=url, raw_html=page)
    published = article.publish_datetime_utc.isoformat() if article.publish_datetime_utc else None
    return {
        "title": article.title,
        "text": article.cleaned_text,
        "authors": article.authors,
        "published": published,
    }


READERS: dict[str, Reader] = {
    "pressgauge": ours,
    "trafilatura": trafilatura,
    "newspaper3k": newspaper3k,
    "readability-lxml": readability,
    "resiliparse": resiliparse,
    "goose3": goose3,
}
