"""A page -> what its site says of itself: name, language, the feeds it announces or links to.

Runs in a process of the sandbox.
"""

from __future__ import annotations

import contextlib
import re
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
from lxml import etree

from collectors.extraction.page.metadata import Metadata, read_metadata, text_of, types
from collectors.extraction.page.page import RefusedPageError, parse
from pressgauge.urls import is_web

_FEED_TYPES = (
    *("application/rss+xml", "application/atom+xml", "application/rdf+xml"),
    *("application/feed+json", "application/json", "application/xml", "text/xml"),
)
_FEED_LINK = re.compile(r"(?:^|[/._-])(?:rss|atom|feeds?|rdf)(?:$|[/._-])", re.I)
_MOST_LINKS = 20
_LONGEST = 200
_PUBLISHERS = ("NewsMediaOrganization", "Organization", "WebSite")


def parse_site(body: bytes, *, url: str, charset: str | None = None) -> dict[str, Any]:
    """`name` (or None), `tags` of language as they are written, `feeds` (pairs of address and title, as
    announced), `links` (addresses that look like a feed's); {} when the body is no web page."""
    try:
        page = parse(body, url, charset)
    except RefusedPageError:
        return {}
    metadata = read_metadata(page)
    tags = [page.language, metadata.first("content-language"), metadata.first("og:locale")]
    return {
        "name": _name(metadata),
        "tags": [tag.strip()[:20] for tag in tags if tag],
        "feeds": announced(page.tree, url),
        "links": _links(page.tree, url),
    }


def announced(tree: lxml.html.HtmlElement, url: str) -> list[tuple[str, str]]:
    """The (address, title) of each feed that a page announces by rel=alternate, those of comments last."""
    with contextlib.suppress(ValueError):
        url = urljoin(url, tree.xpath("string(//base/@href)").strip())
    feeds: dict[str, str] = {}
    for link in tree.xpath("//link[@rel][@href]"):
        kind = link.get("type", "").split(";")[0].strip().lower()
        address = _absolute(url, link.get("href"))
        if address and "alternate" in link.get("rel").lower().split() and kind in _FEED_TYPES:
            feeds.setdefault(address, " ".join(link.get("title", "").split())[:_LONGEST])
    return sorted(feeds.items(), key=lambda one: "comment" in f"{one[1]} {one[0]}".lower())


def announced_in(text: str, url: str) -> list[str] | None:
    """What `announced` finds in the text of a page; None where the text is no web page."""
    if not re.search(r"<(?:!doctype\s+html|html|head|body)[\s>]", text[:5_000], re.I):
        return None
    try:
        tree = lxml.html.document_fromstring(text.encode("utf-8", "replace"))
    except (etree.LxmlError, ValueError):
        return None
    return [address for address, _ in announced(tree, url)]


def _name(metadata: Metadata) -> str | None:
    """What the site calls itself, the most explicit first."""
    nodes = [node for kind in _PUBLISHERS for node in metadata.nodes if kind in types(node)]
    names = [metadata.first("og:site_name"), *(text_of(node.get("name")) for node in nodes)]
    for name in [*names, metadata.first("application-name")]:
        if label := " ".join((name or "").split()):
            return label[:_LONGEST]
    return None


def _links(tree: lxml.html.HtmlElement, url: str) -> list[str]:
    addresses: dict[str, None] = {}
    for anchor in tree.iter("a"):
        address = _absolute(url, anchor.get("href", ""))
        if is_web(address) and _FEED_LINK.search(urlsplit(address).path):
            addresses[address.partition("#")[0]] = None
            if len(addresses) == _MOST_LINKS:
                break
    return list(addresses)


def _absolute(base: str, link: str) -> str:
    """The address that a link leads to; as it is written where it is none."""
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return link.strip()
