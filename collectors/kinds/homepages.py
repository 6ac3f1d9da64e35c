"""Home pages and sections: the articles an outlet links from its front, found by newspaper3k's rules.

The pages are brought by our own fetcher and read in the sandbox
(`collectors/listings/links.py`): newspaper3k's own `build` downloads on its own terms. It takes as a
section a path of one short word, and as an article an address with a long slug, a date, or a word such as
"story"; sites with other addresses need a sitemap.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urljoin

from collectors.candidate import Candidate, Rejected, Window
from collectors.collector import Context
from collectors.errors import CollectError, scrub
from collectors.shared.options import Options
from collectors.source import Source

_MAX_PAGE = 5 * 1024 * 1024


class Homepages:
    kind = "homepage"
    summary = "articles linked from an outlet's home page and sections, by newspaper3k's rules"
    limits = "what is on the pages today; no dates before the article is read; no back-fill"
    key: str | None = None
    takes_path = False

    async def collect(
        self, source: Source, window: Window, context: Context
    ) -> AsyncIterator[Candidate | Rejected]:
        options = Options(source, "sections", "max_sections")
        addresses = tuple(urljoin(source.url, section) for section in options.words("sections"))
        most = options.whole("max_sections", 10, 0, 100)
        front = await self._page(source, context, source.url)
        home = await context.workers.run("links", front[0], url=front[1])
        urls: set[str] = set()
        for candidate in _articles(home, urls):
            yield candidate
        pages_read = {url.rstrip("/") for url in (source.url, front[1])}
        sections = [url for url in addresses or home["sections"] if url.rstrip("/") not in pages_read]
        for url in sections[:most]:
            try:
                page, address = await self._page(source, context, url)
                section = await context.workers.run("links", page, url=address)
            except CollectError as error:
                yield Rejected(url, error.reason)
                continue
            for candidate in _articles(section, urls):
                yield candidate
        for url in sections[most:]:
            yield Rejected(url, "over_limit")
        if not urls:
            raise CollectError(
                "no_articles", scrub(f"newspaper3k found no article link on {source.url}; try a sitemap.")
            )

    @staticmethod
    async def _page(source: Source, context: Context, url: str) -> tuple[bytes, str]:
        """A page and its address behind all redirects, to which its links are relative."""
        response = await context.fetch(
            url, source=source, accept="text/html", conditional=False, max_bytes=_MAX_PAGE
        )
        return response.body, response.url


def _articles(page: dict[str, Any], urls: set[str]) -> list[Candidate]:
    fresh = {url: title for url, title in page["articles"].items() if url not in urls}
    urls.update(fresh)
    return [Candidate(url, title=title or None) for url, title in fresh.items()]
