"""Home pages and sections: the articles an outlet links from its front, found by newspaper3k's rules.

The pages are brought by our own fetcher and read in a child process without network
(`collectors/extraction/links.py`): newspaper3k's own `build` downloads on its own terms. It takes as a
section a path of one short word, and as an article an address with a long slug, a date, or a word such as
"story"; sites with other addresses need a sitemap.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import urljoin

from collectors.collector import Candidate, CollectError, Context, Rejected, Window
from collectors.extraction.links import Discovery, discover
from collectors.settings import Source
from collectors.shared.api import scrub
from collectors.shared.options import Options

_MAX_PAGE = 5 * 1024 * 1024


class Homepages:
    kind = "homepage"
    summary = "articles linked from an outlet's home page and sections, by newspaper3k's rules"
    limits = "what is on the pages today; no dates before the article is read; no back-fill"
    key: str | None = None

    async def collect(
        self, source: Source, window: Window, context: Context
    ) -> AsyncIterator[Candidate | Rejected]:
        options = Options(source, "sections", "max_sections")
        given = tuple(urljoin(source.url, section) for section in options.words("sections"))
        most = options.whole("max_sections", 10, 0, 100)
        front = await self._page(source, context, source.url)
        [home] = await discover([front])
        if isinstance(home, str):
            raise CollectError(home, scrub(f"{source.url} could not be read by newspaper3k."))
        seen: set[str] = set()
        for found in _articles(home, seen):
            yield found
        read = {url.rstrip("/") for url in (source.url, front[1])}
        sections = [url for url in given or home.sections if url.rstrip("/") not in read]
        pages: dict[str, tuple[bytes, str]] = {}
        for url in sections[:most]:
            try:
                pages[url] = await self._page(source, context, url)
            except CollectError as error:
                yield Rejected(url, error.reason)
        for url, section in zip(pages, await discover(list(pages.values())), strict=True):
            if isinstance(section, str):
                yield Rejected(url, section)
                continue
            for found in _articles(section, seen):
                yield found
        for url in sections[most:]:
            yield Rejected(url, "over_limit")
        if not seen:
            raise CollectError(
                "no_articles", scrub(f"newspaper3k found no article link on {source.url}; try a sitemap.")
            )

    @staticmethod
    async def _page(source: Source, context: Context, url: str) -> tuple[bytes, str]:
        """A page and its address behind all redirects, to which its links are relative."""
        from collectors.web.fetch import FetchError

        try:
            response = await context.fetch(
                url, source=source, accept="text/html", conditional=False, max_bytes=_MAX_PAGE
            )
        except FetchError as error:
            raise CollectError(error.reason, scrub(f"{url}: {error.detail}")) from None
        return response.body, response.url


def _articles(page: Discovery, seen: set[str]) -> list[Candidate]:
    fresh = {url: title for url, title in page.articles.items() if url not in seen}
    seen.update(fresh)
    return [Candidate(url, title=title or None) for url, title in fresh.items()]
