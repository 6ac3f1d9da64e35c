"""The article's own text, paragraphs separated by newlines."""

from __future__ import annotations

from copy import deepcopy

import trafilatura
from resiliparse.extract.html2text import extract_plain_text

from collectors.extraction.declared import Declared, text_of
from collectors.extraction.found import Found
from collectors.extraction.page import Page

MAX_CHARACTERS = 500_000


def body(page: Page, declared: Declared, backend: str) -> Found[str] | None:
    if page.large or backend == "resiliparse":
        return _found(by_resiliparse(page), "resiliparse", 0.5)
    if backend == "newspaper3k":
        return _found(by_newspaper(page), "newspaper3k", 0.5)
    return _found(by_trafilatura(page), "trafilatura", 0.8) or _found(
        text_of(declared.article.get("articleBody")), "json-ld", 0.6
    )


def by_trafilatura(page: Page) -> str:
    try:
        document = trafilatura.bare_extraction(deepcopy(page.tree), include_comments=False)
    except (ValueError, TypeError, AttributeError, RecursionError, AssertionError):
        return ""
    return (document.text or "") if document is not None else ""


def by_resiliparse(page: Page) -> str:
    return extract_plain_text(page.html, main_content=True, alt_texts=False, list_bullets=False)


def by_newspaper(page: Page) -> str:
    # Imported on demand: it is slow to import and seldom asked.
    from collectors.newspaper import read

    return read(page.html, page.url).text


def _found(text: str | None, source: str, confidence: float) -> Found[str] | None:
    text = "\n".join(line for raw in (text or "").splitlines() if (line := raw.strip()))[:MAX_CHARACTERS]
    return Found(text, source, confidence) if text else None
