"""newspaper3k's discovery of sections and articles on one page, and the child process that runs it.

A hostile page may cost newspaper3k minutes or gigabytes, so `discover` hands pages to a child with limits
on memory and time and without network; a page that breaks it costs that page.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import resource
import sys
from asyncio.subprocess import DEVNULL, PIPE
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from collectors.collector import CollectError
from pressgauge.urls import registered_domain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement
    from newspaper.extractors import ContentExtractor

_MEMORY = 384 * 2**20
_CPU_SECONDS = 6
_PAGE_TIMEOUT = 8.0
_START_TIMEOUT = 60.0
_MOST = 2_000
_LINE = 16 * 2**20
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_JOINED = frozenset(
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


async def discover(pages: list[tuple[bytes, str]]) -> list[Discovery | str]:
    """For each (page, its URL): what newspaper3k finds, or the reason why not ('timeout', 'crashed').

    After a page that ended the child, a new one goes on. Raises CollectError('no_child') if none starts.
    """
    found: list[Discovery | str] = []
    while len(found) < len(pages):
        found += await _in_one_child(pages[len(found) :])
    return found


async def _in_one_child(pages: list[tuple[bytes, str]]) -> list[Discovery | str]:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, limit=_LINE
    )
    assert child.stdin and child.stdout
    found: list[Discovery | str] = []
    try:
        async with asyncio.timeout(_START_TIMEOUT):
            if await child.stdout.readline() != b"ready\n":
                raise CollectError("no_child", f"a child did not start; to see why: python -m {__name__}")
        for html, url in pages:
            try:
                async with asyncio.timeout(_PAGE_TIMEOUT):
                    child.stdin.write(json.dumps({"url": url, "length": len(html)}).encode() + b"\n" + html)
                    await child.stdin.drain()
                    answer = json.loads(await child.stdout.readline())
                found.append(Discovery(tuple(answer["sections"]), answer["articles"]))
            except (TimeoutError, ConnectionError, ValueError, KeyError, TypeError) as error:
                found.append("timeout" if isinstance(error, TimeoutError) else "crashed")
                break
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()
    return found


def read(html: str, url: str) -> Discovery:
    """newspaper3k's sections and articles of a page, those of its own site only, each once, in order.

    Raises whatever newspaper3k raises on the page: call `discover` for pages from the web.
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
        raise ValueError("newspaper3k could not parse the page")
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
            seen = node.tail if event != "start" else "" if tag in _UNSEEN else node.text
            pieces += ("" if tag in _JOINED or event in ("comment", "pi") else " ", seen or "")


def _sections(extractor: ContentExtractor, document: HtmlElement, url: str) -> tuple[str, ...]:
    """newspaper3k seeks sections among relative links, so links of the page's own host are made relative.

    It takes their query off: a section that is linked only with one gets its first one back.
    """
    host = urlsplit(url).netloc
    linked: dict[str, str] = {}
    for anchor in document.iter("a"):
        parts = urlsplit(anchor.get("href", ""))
        if parts.netloc != host or parts.path.startswith("//"):
            continue
        anchor.set("href", parts.path)
        path = parts.path.rstrip("/")
        if path.count("/") == 1:
            bare = urljoin(url, path)
            if parts.query:
                linked.setdefault(bare, parts._replace(fragment="").geturl())
            else:
                linked[bare] = bare
    categories = (urljoin(url, category) for category in sorted(extractor.get_category_urls(url, document)))
    absolute = dict.fromkeys(linked.get(category, category) for category in categories)
    return tuple(section for section in absolute if _same_site(section, url))[:_MOST]


def _same_site(address: str, url: str) -> bool:
    if not address.startswith(("http://", "https://")):
        return False
    try:
        return registered_domain(address) == registered_domain(url)
    except ValueError:
        return False


def main() -> None:
    """Pages on stdin (a line of JSON with the length, then the page), a line of JSON for each on stdout."""
    import tldextract.tldextract

    import collectors.extraction.newspaper  # noqa: F401 - loaded before the limits
    from collectors.extraction.charset import decode
    from collectors.sandbox.child import allow_cpu, forbid_network_and_programs, limit_memory

    # newspaper3k calls tldextract's shared instance, which would fetch a suffix list: the bundled one serves.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    read("<html><body><a href='/news'>News</a></body></html>", "https://example.org/")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    forbid_network_and_programs()
    limit_memory(_MEMORY)
    replies.write(b"ready\n")
    replies.flush()
    while line := sys.stdin.buffer.readline():
        header = json.loads(line)
        html = sys.stdin.buffer.read(header["length"])
        allow_cpu(_CPU_SECONDS)
        found = read(decode(html), header["url"])
        answer = {"sections": found.sections, "articles": found.articles}
        replies.write(json.dumps(answer).encode("utf-8", "replace") + b"\n")
        replies.flush()


if __name__ == "__main__":
    main()
