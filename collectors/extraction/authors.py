"""Who wrote the article: the persons (and news agencies) in the byline, in order, without roles and
addresses.

The outlet's own name is dropped beside anybody else's. Where it is the only author that the page declares, it
is kept with a low confidence: that no person signed is then known, and not merely not found.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml.html import HtmlElement
from trafilatura.metadata import extract_author

from collectors.extraction.declared import Declared, text_of, types
from collectors.extraction.found import Found
from collectors.extraction.page import Page

MAX_AUTHORS = 30
_META = (
    "author", "byl", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "article:author",
    "cxenseparse:author", "citation_author", "article.author", "authors", "dc.contributor",
)  # fmt: skip
_CONFIDENCE = {"json-ld": 0.95, "meta": 0.85, "microdata": 0.85, "byline": 0.75, "trafilatura": 0.6}

_LEAD = re.compile(
    r"^(?:(?:story|words|written|text|posted|reported|published|article|interview|analysis|opinion"
    r"|geschrieben|eingestellt|erstellt|verfasst|publi(?:ziert|ished|é|cado)|veröffentlicht|beitrag|artikel"
    r"|écrit|escrito|scritto|skrevet|ein \w+)\s+)?"
    r"(?:by|vom?|von|par|de|por|from|di|av|af|door|od|przez|text|autor(?:in|en|es|a)?|authors?|auteurs?"
    r"|redactor|작성자|作者|文|責編|责编|記者|记者|来源)"
    r"(?:\s*[:：]\s*|\s+)",
    re.I,
)
_SPLIT = re.compile(
    r"\s*[;|/•·、，；]\s*|\s*,\s+|\s+[-–—]\s+|\s+(?:and|und|y|et|og|och|en|&|e|with|mit|con|avec)\s+", re.I
)
_TITLE = re.compile(
    r"\s*(?:기자|특파원|記者|记者|編集委員|論説委員)$|^(?:dr|prof|mr|mrs|ms|herr|frau)\.?\s+(?=\w+\s)", re.I
)
_NOT_A_NAME = re.compile(
    r"https?:|www\.|@|[<>{}\[\]=#]|\d{2}|^\W*$"
    r"|\b(?:staff|editors?|editorial|redaktions?\w*|redactie|redazione|rédaction|redacc?i[oó]n?|redação"
    r"|redakcja|redaksjon|toimitus"
    r"|newsroom|news ?desk|desk|team|admin(?:istrator)?|contributors?|correspondents?|reporters?|columnist"
    r"|producer|writer"
    r"|redakteur(?:in)?|rédact(?:eur|rice)|redactora?|giornalista"
    r"|journalist[ae]?(?:in)?|korrespondent(?:in)?|reportrar?"
    r"|special to|for the|guest|unknown|anonymous"
    r"|webmaster|online|facebook|twitter"
    r"|read(?:ing)? time|min(?:utes?)? read|updated|published|follow|share|subscribe|getty|shutterstock"
    r"|photos?|fotos?|video|contact"
    r"|publi(?:ziert|cado|é)|veröffentlicht|profil|name|stand|wordpressadmin|chief|senior|director"
    r"|professor|nachrichten|aktualisiert|uhr|press ?release|all rights|email|more)\b",
    re.I,
)
_BY = re.compile(r"^(?:[Bb]y|BY|Von|VON|Par|PAR|Por|POR|Di|Door)\s*:?\s+[^\W\d_a-z]")
_CJK = re.compile(r"^[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3・ ]{2,12}$")
_BYLINE = etree.XPath(
    "//*[@rel='author' or contains(@id,'author') or contains(@data-testid,'byline')"
    " or contains(@class,'byline')"
    " or contains(@class,'Byline') or contains(@class,'author') or contains(@class,'Author')"
    " or contains(@class,'autor') or contains(@class,'writer')]"
    "[not(ancestor::aside or ancestor::footer or ancestor::nav or ancestor::form)]"
    "[not(ancestor-or-self::*[contains(@class,'comment') or contains(@class,'related')"
    " or contains(@class,'teaser')])]"
)
_MICRODATA = etree.XPath("//*[@itemprop='author' or @itemprop='creator']")


def authors(page: Page, declared: Declared) -> Found[tuple[str, ...]] | None:
    """The first of JSON-LD, meta tags, microdata and byline elements that names somebody other than the
    outlet; then the outlet, if one of them names it; then trafilatura's search.
    """
    outlet = _outlet_names(page, declared)
    outlet_only = None
    for source, texts in _sources(page, declared):
        names = tuple(dict.fromkeys(name for text in texts for name in split(text)))
        if source == "trafilatura" and outlet_only is not None:
            break
        if others := tuple(name for name in names if not _is_outlet(name, outlet)):
            return Found(others[:MAX_AUTHORS], source, _CONFIDENCE[source])
        if names and outlet_only is None and source != "trafilatura":
            outlet_only = Found(names[:1], source, 0.3)
    return outlet_only


def split(text: str) -> list[str]:
    """The names in a byline.

    >>> split("By Ann Lee and Bo Li, Senior Editor")
    ['Ann Lee', 'Bo Li']
    """
    text = " ".join(html.unescape(re.sub(r"<[^>]{0,300}>", " ", text[:1000])).split())
    names = (
        _TITLE.sub("", _LEAD.sub("", part).strip(" .,:;-–—()（）\"'")).strip()
        for part in _SPLIT.split(_LEAD.sub("", text))
    )
    return [name for name in names if is_name(name)]


def is_name(text: str) -> bool:
    """Whether the text could name a person or an agency: short, no address, no digits, no role."""
    if _CJK.match(text):
        return True
    return (
        2 <= len(text) <= 60 and len(text.split()) <= 6 and text[0].isalpha() and not _NOT_A_NAME.search(text)
    )


def _sources(page: Page, declared: Declared) -> Iterator[tuple[str, list[str]]]:
    author = declared.article.get("author") or declared.article.get("creator")
    yield "json-ld", _names(author, declared, persons=True) or _names(author, declared, persons=False)
    for key in _META:
        yield "meta", [value for value in declared.meta.get(key, ()) if "://" not in value]
    yield "microdata", [_text(element) for element in _MICRODATA(page.tree)[:10]]
    yield "byline", _bylines(page.tree)
    if not page.large:
        yield "trafilatura", [extract_author(page.tree) or ""]


def _bylines(tree: HtmlElement) -> list[str]:
    """The innermost short element named like a byline that holds a name with a surname; its links before its
    text.
    """
    for element in _BYLINE(tree)[:20]:
        links = [text for link in element.iter("a") if (text := _text(link))]
        for texts in (links, [_text(element)]):
            if (
                texts
                and len(" ".join(texts)) <= 120
                and any(" " in name or _CJK.match(name) for text in texts for name in split(text))
            ):
                return texts
    return _written_by(tree)


def _written_by(tree: HtmlElement) -> list[str]:
    """The first element that says no more than 'By Ann Lee'."""
    for element in tree.iter("p", "div", "span", "strong", "em", "b", "h4", "h5"):
        if len(element) > 2 or len(text := _text(element)) > 80 or not _BY.match(text):
            continue
        if any(" " in name for name in split(text)):
            return [text]
    return []


def _names(value: Any, declared: Declared, *, persons: bool) -> list[str]:
    if isinstance(value, list):
        return [name for item in value[:MAX_AUTHORS] for name in _names(item, declared, persons=persons)]
    if isinstance(value, dict):
        if "name" not in value and (reference := value.get("@id")):
            value = next(
                (node for node in declared.nodes if node.get("@id") == reference and "name" in node), value
            )
        if persons and (kinds := types(value)) and "Person" not in kinds:
            return []
        return _names(value.get("name"), declared, persons=persons)
    return [value] if isinstance(value, str) else []


def _outlet_names(page: Page, declared: Declared) -> set[str]:
    host = re.sub(r"^https?://(?:www\.)?([^/:?#]*).*$", r"\1", page.url, flags=re.S)
    names = [declared.first("og:site_name"), text_of(declared.article.get("publisher"))]
    return {key for name in (*names, host, *host.split(".")[:-1]) if name and len(key := _key(name)) >= 2}


def _is_outlet(name: str, outlet: set[str]) -> bool:
    """Whether the name is the outlet's, or one of its capital-letter words is ('MDR Thüringen' on mdr.de)."""
    return _key(name) in outlet or any(word.isupper() and _key(word) in outlet for word in name.split())


def _key(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if char.isalnum())


def _text(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())
