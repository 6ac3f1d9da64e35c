"""newspaper3k's discovery of sections and articles on one page, and the child process that runs it.

A hostile page may cost newspaper3k minutes or gigabytes, so `discover` hands pages to a child with limits
on memory and time and without network; a page that breaks it costs that page.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import resource
import sys
from asyncio.subprocess import DEVNULL, PIPE
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from collectors.collector import CollectError
from pressgauge.urls import registered_domain

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from newspaper.extractors import ContentExtractor

_MEMORY = 384 * 2**20
_CPU_SECONDS = 6
_PAGE_TIMEOUT = 8.0
_START_TIMEOUT = 60.0
_MOST = 2_000
_LINE = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a page links to on its own site: `sections`, and `articles` by URL with the link's text or ''."""

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

    from collectors.newspaper import configuration

    config = configuration()
    extractor = ContentExtractor(config)
    if not html.strip():
        return Discovery((), {})
    document = config.get_parser().fromstring(html)
    if document is None:
        raise ValueError("newspaper3k could not parse the page")
    document.make_links_absolute(url, handle_failures="ignore")
    articles: dict[str, str] = {}
    for link, title in extractor.get_urls(document, titles=True):
        address = urls.prepare_url(link, url).partition("#")[0]
        if address not in articles and _same_site(address, url) and urls.valid_url(address):
            articles[address] = " ".join((title or "").split())[:500]
        if len(articles) == _MOST:
            break
    return Discovery(_sections(extractor, document, url), articles)


def _sections(extractor: ContentExtractor, document: HtmlElement, url: str) -> tuple[str, ...]:
    """newspaper3k seeks sections among relative links, so links of the page's own host are made relative."""
    host = urlsplit(url).netloc
    for anchor in document.iter("a"):
        with contextlib.suppress(ValueError):
            parts = urlsplit(anchor.get("href", ""))
            if parts.netloc == host:
                anchor.set("href", parts.path)
    categories = sorted(extractor.get_category_urls(url, document))
    absolute = dict.fromkeys(urljoin(url, category) for category in categories)
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

    import collectors.newspaper  # noqa: F401 - loaded before the limits
    from collectors.extraction.charset import decode
    from collectors.extraction.child import allow_cpu, forbid_network_and_programs, limit_memory

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
