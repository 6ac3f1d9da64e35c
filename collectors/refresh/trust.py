"""What one source may say of another's articles: whose text, whose name, and which address is believed.

A feed can link to anybody's article, and a page can name any address of its site as its own. What follows
here keeps that from harming the article: an outlet's own source speaks first, a stranger's text is never an
article of it, and an address that different articles name as theirs is none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from collectors.candidate import Candidate
from collectors.source import Source
from pressgauge.urls import domain_of, is_web

SITE_WIDE = 3
"""Articles with titles of their own that name one address as theirs, after which it is not believed."""


class Domains:
    """Which of the sources of a refresh are an outlet's own, by registered domain."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._owner: dict[str, Source] = {}
        for source in sources:
            if source.domain:
                self._owner.setdefault(domain_of(f"https://{source.domain}/") or source.domain, source)

    def with_label(self, source: Source, candidate: Candidate) -> Source:
        """`source` as it labels a candidate: under the outlet, country and language of the outlet's own
        source where the article is another's."""
        if candidate.outlet or not self._owner or not is_web(source.url):
            return source
        owner = self._owner.get(domain_of(candidate.url) or "")
        if owner is None or speaks_for(source, candidate.url):
            return source
        return replace(source, outlet=owner.outlet, country=owner.country, language=owner.language)


def speaks_for(source: Source, url: str) -> bool:
    """Whether a text of `source` can be that of the article at `url`: it is the user's own file, or lies
    under the domain of the source or of its address."""
    if not is_web(source.url):
        return True
    theirs = {
        domain_of(source.url),
        source.domain and (domain_of(f"https://{source.domain}/") or source.domain),
    }
    return domain_of(url) in theirs - {None}


class SiteWide:
    """The addresses that pages named as their own in place of the one they were found at.

    `known` gives the titles of earlier refreshes by page, for an address.
    """

    def __init__(self) -> None:
        self._titles: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self.new: list[tuple[str, str, str]] = []
        """(address, page, title) that are not kept yet."""

    def knows(self, canonical: str) -> bool:
        return canonical in self._titles

    def learn(self, canonical: str, titles: dict[str, str]) -> None:
        """Take over what earlier refreshes saw: titles by page."""
        self._titles[canonical] = titles | self._titles[canonical]

    def is_believed(self, canonical: str, page: str, title: str) -> bool:
        """Whether `page` may name `canonical` as its address: few articles name it."""
        pages = self._titles[canonical]
        if page not in pages:
            self.new.append((canonical, page, title))
        pages[page] = title
        return len(set(pages.values())) < SITE_WIDE
