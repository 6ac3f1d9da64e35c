"""The links of one page to sections and articles of its site, by newspaper3k's rules.

A hostile page may cost newspaper3k minutes or gigabytes: pages from the web are read in the sandbox.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from collectors.errors import CollectError
from collectors.extraction.page.charset import decode
from pressgauge.urls import domain_of, is_web

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement
    from newspaper.extractors import ContentExtractor

_MOST = 2_000
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_INLINE = frozenset(
    {"abbr", "b", "em", "font", "i", "mark", "q", "small", "strong", "sub", "sup", "u", "wbr"}
)
"""Elements that may begin or end within a word."""
_UNSEEN = frozenset({"script", "style", "title"})
_WITHOUT_BLANKS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a page links to on its own site: `sections`, and `articles` by URL with the headline or ''."""

    sections: tuple[str, ...]
    articles: dict[str, str]


def parse_links(html: bytes, *, url: str) -> dict[str, Any]:
    """`read` of a page's bytes, as values of JSON."""
    page = read(decode(html), url)
    return {"sections": page.sections, "articles": page.articles}


def read(html: str, url: str) -> Discovery:
    """newspaper3k's sections and articles of a page, those of its own site only, each once, in order.

    Raises whatever newspaper3k raises on the page.
    """
    from newspaper import urls
    from newspaper.extractors import ContentExtractor

    from collectors.extraction.newspaper import configuration

    config = configuration()
    extractor = ContentExtractor(config)
    if not html.strip():
        return Discovery((), {})
    document = config.get_parser().fromstring(html)
    if document is None:
        raise CollectError("parser_error", "newspaper3k could not parse the page")
    document.make_links_absolute(url, handle_failures="ignore")
    _drop_bad_links(document)
    texts: dict[str, _Text] = {}
    for link, text in _links(document):
        address = urls.prepare_url(link, url).partition("#")[0]
        if address in texts:
            texts[address] = max(texts[address], text)
        elif len(texts) < _MOST and _same_site(address, url) and urls.valid_url(address):
            texts[address] = text
    sections: tuple[str, ...] = ()
    # The articles are worth more than the sections: whatever newspaper3k raises there, they stay.
    with contextlib.suppress(Exception):
        sections = _sections(extractor, document, url)
    return Discovery(sections, {address: text.words for address, text in texts.items()})


@dataclass(frozen=True, slots=True, order=True)
class _Text:
    """A text of a link; the greatest is the likeliest headline."""

    heading: bool
    length: int
    words: str = field(compare=False)


def _text(pieces: list[str], heading: bool) -> _Text:
    """The first 500 characters; nothing ("12 comments", "Read more") if too short to be a headline."""
    words = " ".join("".join(pieces).split())[:500]
    long = len(words) >= 8 if _WITHOUT_BLANKS.search(words) else words.count(" ") >= 3
    return _Text(heading, len(words), words) if long else _Text(False, 0, "")


def _drop_bad_links(document: HtmlElement) -> None:
    """One address that Python refuses ("http://[bad/") would cost newspaper3k the whole page."""
    for anchor in document.iter("a"):
        try:
            urlsplit(anchor.get("href", ""))
        except ValueError:
            del anchor.attrib["href"]


def _links(document: HtmlElement) -> Iterator[tuple[str, _Text]]:
    """The links in order, each with its text, or with each heading inside it: the rest of a card is no title.

    One walk, in which a link ends where the next begins: a hostile page nests links in links.
    """
    from lxml.etree import iterwalk

    pieces: list[str] = []
    link, within, inside = "", False, False
    for event, node in iterwalk(document, events=("start", "end", "comment", "pi")):
        tag = node.tag
        if tag in _HEADINGS:
            if link and event == "end":
                yield link, _text(pieces, True)
            within, inside, pieces = event == "start", bool(link), []
        elif tag == "a":
            if link and not inside:
                yield link, _text(pieces, within)
            link, pieces, inside = node.get("href", "") if event == "start" else "", [], False
        if link:
            text = node.tail if event != "start" else "" if tag in _UNSEEN else node.text
            pieces += ("" if tag in _INLINE or event in ("comment", "pi") else " ", text or "")


def _sections(extractor: ContentExtractor, document: HtmlElement, url: str) -> tuple[str, ...]:
    """newspaper3k seeks sections among relative links, so links of the page's own host are made relative.

    It takes their query off: a section that is linked only with one gets its first one back.
    """
    host = urlsplit(url).netloc
    addresses: dict[str, str] = {}
    for anchor in document.iter("a"):
        parts = urlsplit(anchor.get("href", ""))
        if parts.netloc != host or parts.path.startswith("//"):
            continue
        anchor.set("href", parts.path)
        path = parts.path.rstrip("/")
        if path.count("/") == 1:
            bare = urljoin(url, path)
            if parts.query:
                addresses.setdefault(bare, parts._replace(fragment="").geturl())
            else:
                addresses[bare] = bare
    categories = (urljoin(url, category) for category in sorted(extractor.get_category_urls(url, document)))
    absolute = dict.fromkeys(addresses.get(category, category) for category in categories)
    return tuple(section for section in absolute if _same_site(section, url))[:_MOST]


def _same_site(address: str, url: str) -> bool:
    return is_web(address) and domain_of(address) == domain_of(url) is not None
