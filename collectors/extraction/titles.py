"""The headline: chosen among JSON-LD, OpenGraph, h1, the title element and the feed's own."""

from __future__ import annotations

import html
import re

from collectors.extraction.declared import Declared, text_of
from collectors.extraction.found import Found
from collectors.extraction.page import Page

_MAX = 500
_SPACE = re.compile(r"\s+")
_SUFFIX = re.compile(r"\s+[|–—·•»\-:]\s+(?=[^|–—·•»]{2,60}$)")


def clean(text: str | None) -> str | None:
    if not text:
        return None
    return _SPACE.sub(" ", html.unescape(html.unescape(text))).strip()[:_MAX] or None


def title(page: Page, declared: Declared, hint: str | None) -> Found[str] | None:
    sites = {_key(name) for name in _sites(page, declared) if name}
    candidates = []
    for source, text in _candidates(page, declared, hint):
        if (cleaned := clean(text)) and _key(cleaned) not in sites:
            candidates.append((source, without_site(cleaned, sites)))
    if not candidates:
        return None
    source, best = candidates[0]
    others = [text for other, text in candidates[1:] if other != source]
    agree = sum(_key(text) == _key(best) for text in others)
    return Found(best, source, round(0.6 + 0.39 * agree / len(others), 2) if others else 0.6)


def all_titles(page: Page, declared: Declared, hint: str | None) -> list[str]:
    """Every form of the headline that the page or the feed has."""
    return [text for _, candidate in _candidates(page, declared, hint) if (text := clean(candidate))]


def without_site(text: str, sites: set[str]) -> str:
    """Cut ' | Outlet' at the end where Outlet is a name of the site."""
    while (match := list(_SUFFIX.finditer(text))) and _key(text[match[-1].end() :]) in sites:
        text = text[: match[-1].start()]
    return text


def _candidates(page: Page, declared: Declared, hint: str | None) -> list[tuple[str, str | None]]:
    h1 = [element.text_content() for element in page.tree.iter("h1")]
    return [
        ("json-ld", text_of(declared.article.get("headline"))),
        ("opengraph", declared.first("og:title")),
        ("feed", hint),
        ("meta", declared.first("twitter:title", "parsely-title", "dc.title", "sailthru.title", "headline")),
        ("h1", h1[0] if len(h1) == 1 else None),
        ("title", page.tree.findtext(".//title")),
        ("h1", h1[0] if h1 else None),
    ]


def _sites(page: Page, declared: Declared) -> list[str | None]:
    host = re.sub(r"^https?://(?:www\.)?([^/:]+).*$", r"\1", page.url)
    publisher = declared.article.get("publisher")
    return [
        declared.first("og:site_name"),
        declared.first("application-name"),
        text_of(publisher),
        host,
        host.split(".")[0],
    ]


def _key(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
