"""What a page declares about itself: JSON-LD, OpenGraph and other meta tags, microdata.

Vocabulary: schema.org Article and its subtypes; the Open Graph protocol; Dublin Core; Parse.ly and Sailthru
tags.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from collectors.extraction.page.page import Page

_MAX_SCRIPT = 2_000_000
_MAX_VALUE = 20_000
_MAX_NODES = 2_000
_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report|Review|SocialMediaPosting)$")
_WRAPPER = re.compile(r"^\s*(?:(?:<!--[^\[{]*?-->|/\*[^\[{]*?\*/|//[^\n\[{]*\n)\s*)+")
"""Comments before the first value; those without an end and after it do no harm."""
_FOUNDER = "enpproperty"
_LONGEST_COMMENT = 8_000
_CONTEXT = re.compile(r'\s*\[?\s*\{\s*"@context"')
_OPENING = re.compile(r"[\[{]")
_DECODER = json.JSONDecoder(strict=False, parse_int=str, parse_float=str)
"""Numbers stay text: a million digits would be refused, and no field here is a number."""
_REPAIRS = (
    (re.compile(r",(\s{0,50}[}\]])"), r"\1"),
    (re.compile(r"(?<!\\)((?:\\\\){0,20})\\'"), r"\1'"),
    (re.compile(r"(:\s{0,50})undefined(?=\s{0,50}[,}])"), r"\1null"),
    (re.compile(r"(?<=[,{\[])\s{0,50}(?:/\*[^*]{0,500}\*/|//[^\n\"]{0,500}\n)"), ""),
    (re.compile(r"(?<!\\)((?:\\\\){0,20})\\(?=[^\"\\/bfnrtu])"), r"\1"),
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """`article` is the JSON-LD node of the page's own article ({} if none), `webpage` that of the page, which
    WordPress sites write instead; `nodes` are all of them; `meta` maps lower-case names, properties and
    itemprops of meta tags to their values, in order.
    """

    article: dict[str, Any]
    webpage: dict[str, Any]
    nodes: list[dict[str, Any]]
    meta: dict[str, list[str]]

    def linked_data(self, *names: str) -> Any:
        """The first of these properties that the article's or else the page's JSON-LD node has."""
        nodes = (self.article, self.webpage)
        return next((node[name] for node in nodes for name in names if node.get(name)), None)

    def first(self, *names: str) -> str | None:
        for name in names:
            for value in self.meta.get(name, ()):
                return value
        return None


def read_metadata(page: Page) -> Metadata:
    nodes = list(_nodes(page.declarations))
    articles = [node for node in nodes if any(_ARTICLE.search(kind) for kind in types(node))]
    pages = [node for node in nodes if "WebPage" in types(node)]
    meta = _meta(page.declarations)
    for name, value in _founder_properties(page):
        meta.setdefault(name, []).append(value)
    return Metadata(_main_node(articles, page.url), _main_node(pages, page.url), nodes, meta)


def types(node: dict[str, Any]) -> list[str]:
    """The names in @type, without the vocabulary's address."""
    kinds = node.get("@type")
    return [
        kind.rsplit("/", 1)[-1]
        for kind in (kinds if isinstance(kinds, list) else [kinds])
        if isinstance(kind, str)
    ]


def text_of(value: Any) -> str | None:
    """The first string in a JSON-LD value: itself, an item of a list, or a node's @value or name."""
    if isinstance(value, str):
        return value.strip()[:_MAX_VALUE] or None
    if isinstance(value, list):
        return next((text for item in value[:20] if (text := text_of(item))), None)
    if isinstance(value, dict):
        return (
            next((value[key].strip() for key in ("@value", "name") if isinstance(value.get(key), str)), None)
            or None
        )
    return None


def _main_node(articles: list[dict[str, Any]], url: str) -> dict[str, Any]:
    """The node about this page: the one that names its address, else the first with a headline and a date."""

    def rank(node: dict[str, Any]) -> tuple[bool, bool, bool]:
        return (_is_about(node, url), "headline" in node or "name" in node, "datePublished" in node)

    return max(articles, key=rank, default={})


def _is_about(node: dict[str, Any], url: str) -> bool:
    page = node.get("mainEntityOfPage")
    addresses = [node.get("url"), node.get("@id"), page.get("@id") if isinstance(page, dict) else page]
    bare = _bare_address(url)
    return any(isinstance(name, str) and _bare_address(name) == bare for name in addresses)


def _bare_address(url: str) -> str:
    return re.sub(r"^https?://(?:www\.|m\.|amp\.)?", "", re.split(r"[?#]", url, maxsplit=1)[0]).rstrip("/")


def _nodes(declarations: list[HtmlElement]) -> Iterator[dict[str, Any]]:
    count = 0
    for text in _linked_data(declarations):
        stack = _json_values(text)[::-1]
        while stack and count < _MAX_NODES:
            value = stack.pop()
            if isinstance(value, list):
                stack.extend(reversed(value[:_MAX_NODES]))
            elif isinstance(value, dict):
                count += 1
                yield value
                stack.extend(
                    value[key]
                    for key in ("mainEntity", "mainEntityOfPage", "@graph")
                    if isinstance(value.get(key), dict | list)
                )


def _linked_data(declarations: list[HtmlElement]) -> Iterator[str]:
    """The JSON-LD of scripts, and that which a framework put into a meta tag by mistake."""
    for element in declarations:
        tag = element.tag
        if tag == "meta":
            if (element.get("name") or "").endswith("ld+json"):
                yield element.get("content") or ""
        elif tag == "script" and _is_linked_data(element):
            yield element.text or ""


def _is_linked_data(script: HtmlElement) -> bool:
    """Whether a script is declared as JSON-LD, or has no type and begins as only JSON-LD does."""
    kind = script.get("type")
    return "ld+json" in kind.lower() if kind else _CONTEXT.match(script.text or "") is not None


def _json_values(text: str) -> list[Any]:
    """The values in a script, read as leniently as search engines do.

    Pages wrap them in comments or CDATA, end them with a semicolon, put two into one script, write control
    characters, trailing commas, JavaScript's escapes and `undefined`, or escape the quotes as HTML.
    """
    if len(text) > _MAX_SCRIPT:
        return []
    text = _WRAPPER.sub("", text.replace("<![CDATA[", "").replace("]]>", ""))
    if '"' not in text and ("&quot;" in text or "&#34;" in text):
        text = html.unescape(text)
    if values := _values(text):
        return values
    for pattern, replacement in _REPAIRS:
        text = pattern.sub(replacement, text)
    return _values(text)


def _values(text: str) -> list[Any]:
    """The objects and lists that stand one after another in a text, up to the first that is broken."""
    values, at = [], 0
    while opening := _OPENING.search(text, at):
        try:
            value, at = _DECODER.raw_decode(text, opening.start())
        except (ValueError, RecursionError):
            break
        values.append(value)
    return values


def _founder_properties(page: Page) -> Iterator[tuple[str, str]]:
    """What Founder's publishing system, that of many Chinese papers, says of the article in a comment, by
    the names of meta tags. Only the first such comment counts, and only one that is no part of a script, an
    attribute or a form.
    """
    if f"<!--{_FOUNDER}".encode() not in page.markup:
        return
    text = next((comment for comment in page.comments if comment.startswith(_FOUNDER)), "")
    if len(text) > _LONGEST_COMMENT:
        return
    for name, tag in (("pubdate", "date"), ("author", "author"), ("title", "title")):
        value = re.search(rf"<{tag}>([^<>]{{1,300}})</{tag}>", text)
        if value and value[1].strip():
            # Its times end with a tenth of a second behind a point or a colon.
            yield name, value[1].strip()[: 19 if name == "pubdate" else None]


def _meta(declarations: list[HtmlElement]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for element in declarations:
        if element.tag != "meta":
            continue
        content = (element.get("content") or element.get("value") or "").strip()
        if not content or len(content) > _MAX_VALUE:
            continue
        for key in ("property", "name", "itemprop", "http-equiv"):
            if name := element.get(key):
                values.setdefault(name.strip().lower(), []).append(content)
    return values
