"""The persons in the byline, in order."""

from __future__ import annotations

import html
import re
from typing import Any

from collectors.extraction.declared import Declared, text_of
from collectors.extraction.found import Found
from collectors.extraction.page import Page

_LEAD = re.compile(
    r"^(?:(?:story|words|written|text|posted|reported)\s+)?(?:by|von|par|de|por|from|di|av|af|text|autor|author)\s*:?\s+",
    re.I,
)
_SPLIT = re.compile(r"\s*[;|/•·]\s*|\s*,\s+|\s+(?:and|und|y|et|og|och|&|e)\s+", re.I)
_NOT_A_PERSON = re.compile(
    r"https?:|www\.|@|\.com\b|\d{2}|\b(?:staff|editor|editors|redaktion|redaction|rédaction|redacción|newsroom|desk|team|agency|"
    r"agencies|press|news|reuters|afp|dpa|efe|ansa|admin|contributor|correspondent|service|magazine|online|guest|unknown)\b",
    re.I,
)
_MAX = 30


def authors(page: Page, declared: Declared) -> Found[tuple[str, ...]] | None:
    sites = {declared.first("og:site_name") or "", text_of(declared.article.get("publisher")) or ""}
    for source, names in _sources(page, declared):
        persons = list(dict.fromkeys(person for name in names for person in split(name)))
        persons = [person for person in persons if person not in sites][:_MAX]
        if persons:
            return Found(tuple(persons), source, 0.9 if source == "json-ld" else 0.7)
    return None


def split(text: str) -> list[str]:
    """'By Ann Lee and Bo Li, Reuters' -> ['Ann Lee', 'Bo Li']."""
    text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]{0,300}>", " ", text[:1000]))).strip()
    text = _LEAD.sub("", text)
    return [name for part in _SPLIT.split(text) if (name := part.strip(" .,:-–—")) and is_person(name)]


def is_person(name: str) -> bool:
    return 3 <= len(name) <= 60 and " " in name and len(name.split()) <= 6 and not _NOT_A_PERSON.search(name)


def _sources(page: Page, declared: Declared) -> list[tuple[str, list[str]]]:
    return [
        ("json-ld", _names(declared.article.get("author")) or _names(declared.article.get("creator"))),
        (
            "meta",
            [
                name
                for key in (
                    "author",
                    "article:author",
                    "byl",
                    "parsely-author",
                    "sailthru.author",
                    "dc.creator",
                    "dcterms.creator",
                )
                for name in declared.meta.get(key, ())
            ],
        ),
        ("microdata", [e.text_content() for e in page.tree.xpath("//*[@itemprop='author']")[:10]]),
        ("byline", [e.text_content() for e in page.tree.xpath("//a[@rel='author']")[:10]]),
    ]


def _names(value: Any) -> list[str]:
    if isinstance(value, list):
        return [name for item in value[:_MAX] for name in _names(item)]
    if isinstance(value, dict):
        kind = value.get("@type")
        if isinstance(kind, str) and "Person" not in kind:
            return []
        return _names(value.get("name"))
    return [value] if isinstance(value, str) else []
