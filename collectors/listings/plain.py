"""The plain text of what a list says of an article: a title or summary that may hold markup.

Runs in a process of the sandbox.
"""

from __future__ import annotations

import html
import re
from typing import Any

import lxml.html
from lxml import etree

from pressgauge.unicode import without_controls

_BLOCKS = (
    *("p", "div", "br", "hr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "figure"),
    *("tr", "td", "th", "dt", "dd", "section", "article", "header", "footer", "aside"),
)
_UNSEEN = ("script", "style", "iframe", "object", "template", "noscript", "svg", "figcaption")


def plain(markup: Any, *, lines: bool = False) -> str | None:
    """Markup or text -> plain text, in one line or (`lines`) a line a block; None when nothing is left.

    >>> plain("&lt;b&gt;Open&lt;/b&gt; <i>weights</i><script>alert(1)</script>")
    'Open weights'
    """
    if not isinstance(markup, str):
        return None
    # A title may hold markup that was escaped once more on its way: two rounds, no more.
    for _ in range(2):
        if "<" in markup or "&" in markup:
            markup = _without_tags(markup, lines)
    parts = [" ".join(part.split()) for part in (markup.splitlines() if lines else [markup])]
    return "\n".join(part for part in parts if part) or None


def _without_tags(markup: str, lines: bool) -> str:
    try:
        root = lxml.html.fragment_fromstring(markup, create_parent="div")
    except (etree.LxmlError, ValueError):
        return html.unescape(re.sub(r"<[^<>]*>", " ", markup))
    gap = "\n" if lines else " "
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag in _UNSEEN:
            element.text = None
            for child in list(element):
                element.remove(child)
        elif element.tag in _BLOCKS:
            element.tail = gap + without_controls(element.tail or "")
            if element.tag not in ("br", "hr"):
                element.text = gap + without_controls(element.text or "")
    return str(root.text_content()) if root.tag else ""
