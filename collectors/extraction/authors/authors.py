"""Who wrote the article: the persons (and news agencies) in the byline, in order.

A person whom any declaration or byline names goes before organisations and accounts, and these before the
outlet itself. Where the outlet is the only author that the page declares, it is kept with a low confidence:
that no person signed is then known, and not merely not found. A byline counts only near the headline or below
the text, not in comments, teasers and what else stands around an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from collectors.extraction.authors.bylines import Bylines
from collectors.extraction.authors.names import (
    distinct,
    ends_in_role,
    is_agency,
    is_full,
    is_person,
    key,
    person,
    split,
)
from collectors.extraction.authors.phrases import LABEL, is_plausible
from collectors.extraction.extracted import Extracted
from collectors.extraction.page.metadata import Metadata, text_of, types
from collectors.extraction.page.page import Page
from collectors.extraction.page.region import Region

MAX_AUTHORS = 30
_META = (
    "citation_author", "author", "byl", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator",
    "article:author", "cxenseparse:author", "article.author", "authors", "dc.contributor",
)  # fmt: skip
# Many systems write a prefix of their own; with these two it is who made the site or its app.
_OTHER_META = re.compile(r"^(?!web|smartbanner).*(?:author|byline)(?:s|_name)?$", re.S)
# Mean F1 on judged pages (bench/EXTRACTION.md).
_CONFIDENCE = {
    "json-ld": 0.95,
    "meta": 0.9,
    "microdata": 0.9,
    "byline": 0.85,
    "line": 0.7,
    "editor": 0.5,
    "organization": 0.95,
}
_NO_PERSON = 0.5
_OUTLET_ONLY = 0.3
_ELSEWHERE = 0.6

_TITLE = re.compile(r"^(?:(?:Dr|Prof|Professor)\b\.?\s+)+")
_RIGHTS = re.compile(r"copyright|©|\(c\)|\d{4}|all rights reserved|[-–.]", re.I)


def authors(page: Page, metadata: Metadata, region: Region) -> Extracted[tuple[str, ...]] | None:
    """The first of JSON-LD, meta tags and bylines that names a person; else the first that names anybody but
    the outlet; else the outlet; else whom all bylines elsewhere on the page name. `region` is where a byline
    may stand.
    """
    outlet = _outlet_names(page, metadata)
    bylines = Bylines(page, region)
    by_persons: Extracted[tuple[str, ...]] | None = None
    by_others = by_outlet = None
    earlier: set[tuple[str, ...]] = set()
    for source, texts in _sources(metadata, bylines):
        if source == "byline" and tuple(texts) in earlier:
            continue
        earlier.add(tuple(texts))
        names = distinct(
            name for text in texts for name in _persons(text, outlet, declared=source == "json-ld")
        )
        if source not in ("json-ld", "meta"):
            names = [name for name in names if " " not in name or not name.islower()]
        others = tuple(name for name in names if not _is_outlet(name, outlet))[:MAX_AUTHORS]
        persons = tuple(
            name for name in others if is_agency(name) or (source != "organization" and is_person(name))
        )
        if source in ("byline", "line") and all(map(ends_in_role, persons)):
            persons = ()  # what somebody is stands beside the name that another element holds
        sure = _CONFIDENCE.get(source, _NO_PERSON)
        label = {"organization": "json-ld", "line": "byline", "editor": "byline"}.get(source, source)
        if by_persons is not None:
            if source == by_persons.source == "meta" and _adds(persons, by_persons.value):
                by_persons = Extracted(_without_roles(persons), label, sure)
            if label == "byline" and persons and _improves(persons, by_persons, bylines):
                return Extracted(_without_roles(persons), label, sure)
            if source in ("line", "editor"):
                break  # what stands in lines without a 'by' says no more than a declaration
            continue
        if persons:
            by_persons = Extracted(_without_roles(persons) if label != "json-ld" else persons, label, sure)
            if label == "byline":
                return by_persons
        elif others:
            by_others = by_others or Extracted(others, label, _NO_PERSON)
        elif names:
            by_outlet = by_outlet or Extracted(tuple(names[:1]), label, _OUTLET_ONLY)
    if best := by_persons or by_others or by_outlet:
        return best
    elsewhere = bylines.elsewhere(partial(_is_outlet, outlet=outlet))
    return Extracted(elsewhere, "byline", _ELSEWHERE) if elsewhere else None


def _persons(text: str, outlet: set[str], *, declared: bool) -> list[str]:
    """Whom the text names; the outlet's own name is one also where words of it join names elsewhere, and with
    figures.
    """
    names = person(text) if declared else split(text)
    is_its_name = len(names) != 1 and key(text) in outlet and "." not in text
    return [text] if is_its_name and (text[0].isalpha() or " " in text) else names


def _without_roles(persons: tuple[str, ...]) -> tuple[str, ...]:
    """The names without what says of one of them what he is, where one remains."""
    names = tuple(name for name in persons if not ends_in_role(name))
    return names if any(map(is_full, names)) else persons


def _untitled(name: str) -> str:
    return key(_TITLE.sub("", name))


def _adds(names: tuple[str, ...], declared_names: tuple[str, ...]) -> bool:
    return set(map(key, declared_names)) < set(map(key, names)) and all(map(is_full, names))


def _improves(persons: tuple[str, ...], declaration: Extracted[tuple[str, ...]], bylines: Bylines) -> bool:
    """Whether a byline says more than a declaration: the same persons and others, or somebody where the page
    nowhere shows the name that a meta tag gives.
    """
    shown_keys, declared_keys = set(map(_untitled, persons)), set(map(_untitled, declaration.value))
    if declared_keys < shown_keys:
        others = [name for name in persons if _untitled(name) not in declared_keys]
        are_full_names = all(
            is_full(name) and not name[0].islower() and not is_agency(name) and is_plausible([name])
            for name in others
        )
        return (
            are_full_names
            and len(shown_keys) <= 2 * len(declared_keys) + 2
            and not any(map(ends_in_role, others))
        )
    are_names = all(map(is_full, persons)) and not any(map(ends_in_role, persons))
    is_hidden = shown_keys.isdisjoint(declared_keys) and not any(map(bylines.shows, declaration.value))
    return declaration.source == "meta" and are_names and is_hidden


def _sources(metadata: Metadata, bylines: Bylines) -> Iterator[tuple[str, list[str]]]:
    author = metadata.linked_data("author", "creator")
    yield "json-ld", _names(author, metadata, persons=True)
    for name in (*_META, *islice(filter(_OTHER_META.search, metadata.meta), MAX_AUTHORS)):
        yield "meta", [value for value in metadata.meta.get(name, ()) if not _is_no_list(value)]
    if LABEL.match(metadata.first("twitter:label1") or ""):
        yield "meta", metadata.meta.get("twitter:data1", [])[:1]
    yield "microdata", bylines.microdata()
    for texts in bylines.elements():
        yield "byline", texts
    yield "byline", bylines.reporters()
    yield "byline", bylines.labelled_names()
    yield "line", bylines.author_line()
    yield "editor", bylines.editors()
    yield "line", bylines.dated_name()
    yield "line", bylines.signature()
    yield "line", bylines.introduction()
    yield "line", bylines.author_line(accounts=True)
    yield "line", bylines.lone_names()
    yield "byline", bylines.account()
    yield "organization", _names(author, metadata, persons=False)


def _is_no_list(value: str) -> bool:
    """Whether a meta tag's value is an address, or says who did what ('text: Ann Lee, code: Bo Li')."""
    return "://" in value or value.count(": ") > 1


def _names(value: Any, metadata: Metadata, *, persons: bool) -> list[str]:
    """The names in a JSON-LD author: of persons and nodes without type, or of the others."""
    if isinstance(value, dict):
        value = value.get("@list", value)
    if isinstance(value, list):
        return [name for item in value[:MAX_AUTHORS] for name in _names(item, metadata, persons=persons)]
    reference = value.get("@id") if isinstance(value, dict) and "name" not in value else value
    if isinstance(reference, str):
        nodes = (node for node in metadata.nodes if node.get("@id") == reference and "name" in node)
        value = next(nodes, value)
    if isinstance(value, dict):
        if persons != (not (kinds := types(value)) or "Person" in kinds):
            return []
        parts = (text_of(value.get(part)) for part in ("givenName", "additionalName", "familyName"))
        name = value.get("name") or " ".join(filter(None, parts))
        return [text_of(name) or ""] if isinstance(name, dict) else _names(name, metadata, persons=True)
    return [value] if persons and isinstance(value, str) else []


def _outlet_names(page: Page, metadata: Metadata) -> set[str]:
    host = re.sub(r"^https?://(?:www\.)?([^/:?#]*).*$", r"\1", page.url, flags=re.S)
    rights = metadata.first("copyright", "dc.rights", "dcterms.rights") or ""
    names = [
        metadata.first("og:site_name"),
        text_of(metadata.article.get("publisher")),
        *re.split(r"[|,]", _RIGHTS.sub("", rights)),
    ]
    return {name for raw in (*names, host, *host.split(".")[:-1]) if raw and len(name := key(raw)) >= 2}


def _is_outlet(name: str, outlet: set[str]) -> bool:
    """Whether the name is the outlet's, or one of its capital-letter words is ('MDR Thüringen' on mdr.de)."""
    return key(name) in outlet or any(word.isupper() and key(word) in outlet for word in name.split())
