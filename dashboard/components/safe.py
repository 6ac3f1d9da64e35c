"""The one place where text of an article becomes markup: everything is escaped, only web addresses become
links."""

from __future__ import annotations

import html
from collections.abc import Iterable
from urllib.parse import urlsplit

from pressgauge.unicode import STEERING

_UNSEEN: dict[int, str | None] = {ord(each): None for each in STEERING - {"\n"}} | {0x09: " "}


def text(value: object) -> str:
    """`value` as HTML text or attribute value, without control and direction-changing characters; missing is
    ''."""
    return "" if value is None or value != value else html.escape(str(value).translate(_UNSEEN), quote=True)


def bare(value: object) -> str:
    """`value` as text of a page that is no markup, without control and direction-changing characters."""
    return str(value).translate(_UNSEEN)


def plain(value: object) -> str:
    """`value` as a label of a Plotly figure, which would otherwise render <b>, <a> and the like."""
    return str(value).translate(_UNSEEN).replace("<", "‹").replace(">", "›")


def web_url(url: object) -> str | None:
    """`url` if it is an absolute http or https address that a browser reads as such, else None."""
    if not isinstance(url, str) or any(ord(c) <= 0x20 or ord(c) == 0x7F or c == "\\" for c in url):
        return None
    try:
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def link(url: object, label: object) -> str:
    """A link that opens elsewhere and tells nothing; without a usable address only the label."""
    if (address := web_url(url)) is None:
        return text(label)
    return f'<a href="{text(address)}" target="_blank" rel="noopener noreferrer nofollow">{text(label)}</a>'


def highlight(value: str, spans: Iterable[tuple[int, int]]) -> str:
    """`value` escaped, with the character ranges in `spans` (start, end) marked; overlapping ranges are
    merged."""
    out, at = [], 0
    for start, end in sorted(spans):
        start = max(start, at)
        if end > start:
            out += [text(value[at:start]), "<mark>", text(value[start:end]), "</mark>"]
            at = end
    return "".join([*out, text(value[at:])])
