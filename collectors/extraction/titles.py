"""The headline: the first of JSON-LD, OpenGraph, h1, the feed, meta tags and the title element.

The page's declarations go first: where they differ from the heading on screen (a kicker, a headline changed
for the front page), judged pages side with them.
"""

from __future__ import annotations

import html
import re

from collectors.extraction.declared import Declared, text_of
from collectors.extraction.found import Found
from collectors.extraction.furniture import key
from collectors.extraction.page import Page

MAX_LENGTH = 500
_SEPARATOR = re.compile(r"\s+[|–—·•»«:/~-]+\s+|\s*[|｜ㅣ_»]\s*|:\s+")
_RUBRIC = re.compile(r"\s*[|｜ㅣ»]\s*")


def clean(text: str | None) -> str | None:
    """One line without markup entities, at most MAX_LENGTH characters; None if nothing is left."""
    if not text:
        return None
    return " ".join(html.unescape(html.unescape(text[: 4 * MAX_LENGTH])).split())[:MAX_LENGTH] or None


def title(page: Page, declared: Declared, hint: str | None) -> Found[str] | None:
    """The headline without the site's name and rubrics; its confidence grows with the share of sources that
    agree.
    """
    candidates = [(source, text) for source, raw in _candidates(page, declared, hint) if (text := clean(raw))]
    sites = _sites(page, declared)
    headings = _headings(page, sites)
    cut = [(source, _without_rubric(_without_site(text, sites), headings)) for source, text in candidates]
    cut = [(source, text) for source, text in cut if key(text) and key(text) not in sites]
    if not cut:
        return None
    best, text = cut[0]
    agreeing = [source for source, other in cut if key(other) == key(text)]
    return Found(text, best, round(0.4 + 0.59 * (len(agreeing) - 1) / max(1, len(cut) - 1), 2))


def all_titles(page: Page, declared: Declared, hint: str | None) -> list[str]:
    """Every form of the headline that the page or the feed has."""
    return [text for _, candidate in _candidates(page, declared, hint) if (text := clean(candidate))]


def _candidates(page: Page, declared: Declared, hint: str | None) -> list[tuple[str, str | None]]:
    headings = [element.text_content() for element in page.tree.iter("h1")]
    return [
        ("json-ld", text_of(declared.article.get("headline")) or text_of(declared.article.get("name"))),
        ("opengraph", declared.first("og:title")),
        ("h1", next(filter(str.strip, headings), None)),
        ("feed", hint),
        ("meta", declared.first("twitter:title", "parsely-title", "dc.title", "sailthru.title", "headline")),
        ("title", page.tree.findtext(".//title")),
    ]


def _without_site(text: str, sites: set[str]) -> str:
    """Cut ' | Outlet' at the end, or 'Outlet: ' at the start, where Outlet is a name of the site."""
    changed = True
    while changed:
        changed = False
        for separator in _SEPARATOR.finditer(text):
            before, after = text[: separator.start()], text[separator.end() :]
            if key(after) in sites and before.strip():
                text, changed = before, True
            elif key(before) in sites and after.strip() and separator[0].strip() != ":":
                text, changed = after, True
            if changed:
                break
    return text.strip()


def _without_rubric(text: str, headings: dict[str, str]) -> str:
    """The page's heading, where the text is that heading with a rubric or slogan before or behind a bar."""
    for separator in _RUBRIC.finditer(text):
        for part in (text[: separator.start()], text[separator.end() :]):
            if heading := headings.get(key(part)):
                return heading
    return text


def _headings(page: Page, sites: set[str]) -> dict[str, str]:
    """The headings that could be the headline, by their keys: long enough, and no name of the site."""
    headings = (clean(each.text_content()) for each in page.tree.iter("h1", "h2"))
    return {name: text for text in headings if text and len(name := key(text)) >= 8 and name not in sites}


def _sites(page: Page, declared: Declared) -> set[str]:
    """Names of the site, as keys: declared, its host's, and a heading that ends the title element behind a
    bar.
    """
    host = re.sub(r"^https?://(?:www\.)?([^/:?#]*).*$", r"\1", page.url, flags=re.S)
    publisher = declared.article.get("publisher")
    names = [declared.first("og:site_name"), declared.first("application-name"), text_of(publisher), host]
    names += host.split(".")[:-1]
    last = re.split(r"\s+[|»–—:-]\s+", clean(page.tree.findtext(".//title")) or "")
    if len(last) > 1 and any(
        key(element.text_content()) == key(last[-1]) for element in page.tree.iter("h1")
    ):
        names.append(last[-1])
    return {name for raw in names if raw and (name := key(raw))}
