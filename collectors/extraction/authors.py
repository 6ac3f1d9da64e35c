"""Who wrote the article: the persons (and news agencies) in the byline, in order.

A person whom any declaration or byline names goes before organisations and accounts, and these before the
outlet itself. Where the outlet is the only author that the page declares, it is kept with a low confidence:
that no person signed is then known, and not merely not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree
from lxml.html import HtmlElement
from trafilatura.metadata import extract_author

from collectors.extraction.declared import Declared, text_of, types
from collectors.extraction.found import Found
from collectors.extraction.names import distinct, is_agency, is_full, is_person, key, split
from collectors.extraction.page import Page

MAX_AUTHORS = 30
_META = (
    "author", "byl", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "article:author",
    "cxenseparse:author", "citation_author", "article.author", "authors", "dc.contributor",
)  # fmt: skip
# Many systems write a prefix of their own; with these two it is who made the site or its app.
_OTHER_META = re.compile(r"^(?!web|smartbanner).*(?:author|byline)(?:s|_name)?$", re.S)
_CONFIDENCE = {"json-ld": 0.95, "meta": 0.85, "microdata": 0.85, "byline": 0.75, "trafilatura": 0.4}
_NO_PERSON = 0.5
_OUTLET_ONLY = 0.3

_BY = re.compile(
    r"^(?:(?:[Bb]y|BY|[Vv]on|VON|Par|PAR|Por|POR|Di|Door|Oleh)\s*:?\s+[^\W\d_a-z]"
    r"|[(（【]?(?:Autor(?:in|en|es|a)?|Authors?|Auteurs?|Autore|Автор|作者|撰文|责编|責編|责任编辑|記者|记者)"
    r"\s*[:：]"
    r"|[가-힣]{2,4}\s?(?:기자|특파원)\b)"
)
_LABEL = re.compile(
    r"^(?:written by|text|autor(?:in|en|es|a)?|authors?|auteurs?|autore|verfasst von|geschrieben von"
    r"|(?:écrit|rédigé) par|escrito por|scritto da|geschreven door|skrivet av|skrevet av"
    r"|napisane przez)\s*:?$",
    re.I,
)
_LINES = (
    "p", "div", "span", "strong", "em", "b", "i", "h2", "h3", "h4", "h5", "h6", "cite", "address", "td", "li",
    "dt", "label", "small",
)  # fmt: skip
_HEADS = ("h2", "h3", "h4", "h5", "strong", "b")
_OUTSIDE = (
    "[not(ancestor::aside[not(ancestor::article)] or ancestor::footer[not(ancestor::article)]"
    " or ancestor::nav or ancestor::form)]"
    "[not(ancestor-or-self::*[contains(@class,'comment') or contains(@class,'related')"
    " or contains(@class,'teaser')])]"
)
_IS_INSIDE = etree.XPath("boolean(self::*" + _OUTSIDE + ")")
_BYLINE = etree.XPath(
    "(//byline | //*[@rel='author' or contains(@id,'author') or contains(@data-testid,'byline')"
    " or contains(@class,'byline')"
    " or contains(@class,'Byline') or contains(@class,'author') or contains(@class,'Author')"
    " or contains(@class,'autor') or contains(@class,'auteur') or contains(@class,'writer')"
    " or contains(@class,'reporter') or contains(@class,'journalist') or contains(@class,'contributor')"
    " or contains(@class,'verfasser')])" + _OUTSIDE
)
_ACCOUNT = etree.XPath(
    "//a[@rel='author' or contains(@href,'/author/') or contains(@href,'/autor/')"
    " or contains(@href,'/authors/') or contains(@href,'/autoren/') or contains(@href,'/auteur/')"
    " or contains(@href,'/autores/') or contains(@href,'/autore/') or contains(@href,'/reporter/')"
    " or contains(@href,'/journalist') or contains(@href,'/contributor')]" + _OUTSIDE
)
_SET_APART = etree.XPath(
    "//p[count(*)=1 and not(text()[normalize-space()]) and (strong or b or em or i)]" + _OUTSIDE
)
_MICRODATA = etree.XPath("//*[@itemprop='author' or @itemprop='creator']")


def authors(page: Page, declared: Declared) -> Found[tuple[str, ...]] | None:
    """The first of JSON-LD, meta tags, microdata and byline elements that names a person; else the first
    that names anybody but the outlet; else the outlet; trafilatura's search where nothing is declared.
    """
    outlet = _outlet_names(page, declared)
    second = third = None
    for source, texts in _sources(page, declared):
        if source == "trafilatura" and (second or third):
            break
        names = distinct(name for text in texts for name in split(text))
        others = tuple(name for name in names if not _is_outlet(name, outlet))[:MAX_AUTHORS]
        signed = tuple(
            name for name in others if is_agency(name) or (source != "organization" and is_person(name))
        )
        source = "json-ld" if source == "organization" else source
        if signed:
            return Found(signed, source, _CONFIDENCE[source])
        if others:
            second = second or Found(others, source, _NO_PERSON)
        elif names:
            third = third or Found(tuple(names[:1]), source, _OUTLET_ONLY)
    return second or third


def _sources(page: Page, declared: Declared) -> Iterator[tuple[str, list[str]]]:
    author = declared.linked("author", "creator")
    yield "json-ld", _names(author, declared, persons=True)
    for name in (*_META, *islice(filter(_OTHER_META.search, declared.meta), MAX_AUTHORS)):
        yield "meta", [value for value in declared.meta.get(name, ()) if "://" not in value]
    if _LABEL.match(declared.first("twitter:label1") or ""):
        yield "meta", declared.meta.get("twitter:data1", [])[:1]
    yield "microdata", [_text(element) for element in _MICRODATA(page.tree)[:10]]
    yield "byline", _bylines(page.tree)
    yield "byline", _signature(page.tree)
    yield "organization", _names(author, declared, persons=False)
    if not page.large:
        yield "trafilatura", [extract_author(page.tree) or ""]


def _bylines(tree: HtmlElement) -> list[str]:
    """The innermost short element named like a byline that holds a name with a surname: its links before its
    text, and the heading of a longer one. Then 'By Ann Lee' anywhere, then the name of an account.
    """
    for element in _BYLINE(tree)[:20]:
        links = [text for link in element.iter("a") if (text := _text(link))]
        heading = [text for head in element.iter(*_HEADS) if (text := _text(head))][:1]
        for texts in (links, [_text(element)], heading):
            if len(" ".join(texts)) <= 120 and _named(texts):
                return texts
    accounts = [text for link in _ACCOUNT(tree)[:1] if (text := _text(link))]
    return _written_by(tree) or accounts


def _written_by(tree: HtmlElement) -> list[str]:
    """The first element that says no more than 'By Ann Lee', or that says 'Author:' with what follows it."""
    for element in tree.iter(*_LINES):
        if len(element) > 2 or not (text := _short_text(element)):
            continue
        if _LABEL.match(text):
            text = f"{text.rstrip(' :')}: {_following(element)}"
        elif not _BY.match(text):
            continue
        if len(text) <= 100 and _named([text]) and _IS_INSIDE(element):
            return [text]
    return []


def _signature(tree: HtmlElement) -> list[str]:
    """The names that stand alone, set apart from the text, in the line before its first paragraph or after
    its last.
    """
    lines = _SET_APART(tree)
    for element in lines[:10] + lines[10:][-10:]:
        text = _short_text(element)
        if not text or not _only_names(text) or _written_small(text, tree):
            continue
        before = any(map(_is_long, element.itersiblings("p", preceding=True)))
        if before != any(map(_is_long, element.itersiblings("p"))):
            return [text]
    return []


def _only_names(text: str) -> bool:
    """Whether the text is of persons' full names and what joins them."""
    found = split(text)
    return (
        all(map(is_full, found))
        and not text.endswith(":")
        and sum(len(key(name)) for name in found) >= 0.9 * len(key(text)) > 0
    )


def _written_small(text: str, tree: HtmlElement) -> bool:
    """Whether the page writes one of these words with a small first letter, too: then it is no name."""
    words = {word.lower() for word in re.findall(r"[^\W\d_]{2,}", text) if not word.islower()}
    return any(not words.isdisjoint(element.text_content().split()) for element in tree.iter("p"))


def _is_long(element: HtmlElement) -> bool:
    return len(_text(element)) >= 80


def _following(element: HtmlElement) -> str:
    text = " ".join((element.tail or "").split())
    after = element.getnext()
    return text or (_text(after) if after is not None else "")


def _named(texts: list[str]) -> bool:
    return any(is_full(name) for text in texts for name in split(text))


def _names(value: Any, declared: Declared, *, persons: bool) -> list[str]:
    """The names in a JSON-LD author: of persons and nodes without type, or of the others."""
    if isinstance(value, list):
        return [name for item in value[:MAX_AUTHORS] for name in _names(item, declared, persons=persons)]
    if isinstance(value, dict):
        if "name" not in value and (reference := value.get("@id")):
            value = next(
                (node for node in declared.nodes if node.get("@id") == reference and "name" in node), value
            )
        if persons != (not (kinds := types(value)) or "Person" in kinds):
            return []
        return _names(value.get("name"), declared, persons=True)
    return [value] if persons and isinstance(value, str) else []


def _outlet_names(page: Page, declared: Declared) -> set[str]:
    host = re.sub(r"^https?://(?:www\.)?([^/:?#]*).*$", r"\1", page.url, flags=re.S)
    names = [declared.first("og:site_name"), text_of(declared.article.get("publisher"))]
    return {name for raw in (*names, host, *host.split(".")[:-1]) if raw and len(name := key(raw)) >= 2}


def _is_outlet(name: str, outlet: set[str]) -> bool:
    """Whether the name is the outlet's, or one of its capital-letter words is ('MDR Thüringen' on mdr.de)."""
    return key(name) in outlet or any(word.isupper() and key(word) in outlet for word in name.split())


def _text(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


def _short_text(element: HtmlElement) -> str:
    """Its text, or nothing if that is longer than a byline: most elements are, and need not be read whole."""
    pieces, length = [], 0
    for piece in element.itertext():
        pieces.append(piece)
        length += len(piece.strip())
        if length > 80:
            return ""
    return " ".join("".join(pieces).split())
