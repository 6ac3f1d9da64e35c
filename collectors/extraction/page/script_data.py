"""The article inside a script: pages that a browser draws from data (Next.js, Nuxt and their kind) carry
their text in a string literal, and their day of publication in the object that carries the headline.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from collectors.extraction.boilerplate import key, text_of_element
from collectors.extraction.page.page import Page

_LITERAL = re.compile(r'"((?:[^"\\]|\\.){500,500000})"', re.S)
_PARAGRAPH = re.compile(r"<p[\s>]", re.I)
_MAX_SCRIPT = 2_000_000
_MAX_NODES = 100_000
_ENOUGH = 12
"""Letters and digits that a headline must have: shorter ones are words that many objects hold."""
_AROUND = 3
"""How many objects around a headline may hold its date."""
_PUBLISHED = re.compile(
    r"(?:(?:first|date)_?)?(?:publish(?:ed)?|publication)_?(?:at|on|date|time|datetime)?|created_?at|date_?created",
    re.I,
)


def text(page: Page) -> str:
    """The paragraphs of the longest string in a script that holds some as HTML; empty when there is none."""
    strings = [
        decoded
        for script in page.tree.iter("script")
        for literal in _LITERAL.finditer(script.text or "")
        if len(_PARAGRAPH.findall(decoded := _decoded(literal[1]))) >= 3
    ]
    if not strings:
        return ""
    try:
        tree = lxml.html.fragment_fromstring(max(strings, key=len), create_parent="div")
    except (etree.LxmlError, ValueError):
        return ""
    paragraphs = tree.xpath(".//p[not(ancestor::figure or ancestor::*[contains(@class, 'caption')])]")
    return "\n".join(map(text_of_element, paragraphs))


def _decoded(literal: str) -> str:
    """A JavaScript string's value, and once more where it holds JSON in JSON."""
    for _ in range(2):
        if "\\" not in literal:
            break
        try:
            literal = json.loads(f'"{literal}"', strict=False)
        except ValueError:
            literal = literal.replace("\\u003c", "<").replace("\\u003e", ">").replace('\\"', '"')
    return literal


def dates(tree: HtmlElement, headlines: Collection[str]) -> Iterator[str]:
    """The dates of publication in the objects that hold one of these headlines (as keys)."""
    headline_keys = {name for name in headlines if len(name) >= _ENOUGH}
    for script in tree.iter("script"):
        text = script.text or ""
        if headline_keys and (script.get("type") or "").endswith("/json") and len(text) <= _MAX_SCRIPT:
            try:
                value = json.loads(text, strict=False, parse_int=str, parse_float=str)
            except (ValueError, RecursionError):
                continue
            yield from _beside(value, headline_keys)


def _beside(value: Any, headline_keys: Collection[str]) -> Iterator[str]:
    stack: list[tuple[Any, tuple[dict[str, Any], ...]]] = [(value, ())]
    budget = _MAX_NODES
    while stack and budget:
        budget -= 1
        value, around = stack.pop()
        if isinstance(value, dict):
            around = (value, *around[: _AROUND - 1])
            stack.extend((each, around) for each in reversed(value.values()))
        elif isinstance(value, list):
            # What stands in a list is one of several: what is around it does not speak of it alone.
            stack.extend((each, around if len(value) == 1 else ()) for each in reversed(value))
        elif isinstance(value, str) and len(value) <= 500 and key(value) in headline_keys:
            yield from islice(filter(None, map(_date, around)), 1)


def _date(holder: dict[str, Any]) -> str | None:
    """The first date of publication among an object's own values; one of its creation goes last."""
    names = [name for name, value in holder.items() if isinstance(value, str) and _PUBLISHED.fullmatch(name)]
    first = next((name for name in sorted(names, key=lambda name: "creat" in name.lower())), None)
    return holder[first] if first else None
