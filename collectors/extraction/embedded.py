"""The article inside a script: pages that a browser draws from data carry their text in a string literal."""

from __future__ import annotations

import json
import re

import lxml.html
from lxml import etree

from collectors.extraction.boilerplate import text_of_element
from collectors.extraction.page import Page

_LITERAL = re.compile(r'"((?:[^"\\]|\\.){500,500000})"', re.S)
_PARAGRAPH = re.compile(r"<p[\s>]", re.I)


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
