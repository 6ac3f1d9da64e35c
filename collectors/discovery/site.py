"""An address -> what can be collected there: feeds its page announces, links to or usually has, and sitemaps.

Everything is asked for by the one fetcher, within robots.txt and the guard of addresses, and read in the
sandbox.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from collectors.discovery import identity
from collectors.discovery.offer import Offer, OfferedEntry, Sample, Site
from collectors.errors import CollectError, FetchError
from collectors.listings.entry import MAX_BYTES
from collectors.reasons import reason_of
from collectors.sandbox.pool import Workers
from collectors.source import Source
from collectors.web.fetch import AGENT, Fetcher, Response
from pressgauge.errors import PressgaugeError
from pressgauge.urls import canonicalize, host_of, is_web, registered_domain

_ACCEPT = "text/html, application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.1"
_ENTRIES_SHOWN = 10
_MOST_ANNOUNCED = 6
_MOST_LINKED = 3
_MOST_SITEMAPS = 3
_MOST_READ = 500
_FEEDS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml")
_NEWS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml")
_SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml")
_BEGINNING = 200
_GUESS = "a usual place"

Tell = Callable[[str], None]


async def find_site(
    address: str,
    fetch: Fetcher,
    workers: Workers,
    *,
    local: bool = False,
    choose: int = 1,
    sample_count: int = 2,
    tell: Tell = lambda _: None,
) -> Site:
    """What can be collected from the site at `address`; `local` allows a private address of it.

    The offer number `choose` (1 is the best) comes first, and `sample_count` of its articles are read. `tell`
    hears what is being done. A site that offers nothing has no offers and says so in its notes. Raises
    PressgaugeError for what is no address of the web and for a number that no offer has, FetchError when the
    host cannot be reached.
    """
    return await _Search(_web_address(address), fetch, workers, local, tell).site(choose, sample_count)


def _web_address(text: str) -> str:
    """What a person pasted as an address; https where no scheme is named."""
    address = text.strip()
    if "://" not in address:
        address = f"https://{address}"
    try:
        canonicalize(address)  # reads the host and the port
        sound = is_web(address) and bool(urlsplit(address).hostname)
    except ValueError:
        sound = False
    if not sound or any(each.isspace() for each in address):
        raise PressgaugeError(f"{text!r} is no address of the web; expected one such as https://example.org")
    return address if urlsplit(address).path else f"{address}/"


class _Search:
    """One search: what was learnt so far."""

    def __init__(self, address: str, fetch: Fetcher, workers: Workers, local: bool, tell: Tell) -> None:
        self._address, self._fetch, self._workers, self._tell = address, fetch, workers, tell
        self._source = Source("new source", "feed", address, "new source", local=local)
        self._page: dict[str, Any] = {}
        self._home = address
        self._offers: dict[str, Offer] = {}
        self._requests: set[str] = set()
        self._redirects: dict[str, str] = {}
        """The address asked for, by that which answered."""
        self._notes: list[str] = []

    async def site(self, choose: int, sample_count: int) -> Site:
        await self._front()
        async for offer in self._feeds():
            self._offers.setdefault(offer.url, offer)
        async for offer in self._sitemaps():
            self._offers.setdefault(offer.url, offer)
        offers = sorted(self._offers.values(), key=lambda offer: not offer.entries)  # a stable sort
        if not offers:
            self._notes.append(
                "Nothing was found to collect from: no feed is announced, linked or at a usual place, and "
                "there is no sitemap. The kind `homepage` reads the links of a page: see docs/collectors.md."
            )
        elif choose > len(offers):
            raise PressgaugeError(f"there are {len(offers)} offers, and none of the number {choose}")
        else:
            offers.insert(0, offers.pop(choose - 1))
        samples = await self._samples(offers[0], sample_count) if offers else ()
        first = offers[0] if offers else None
        tags = [*self._page.get("tags", ()), first.language if first else None]
        return Site(
            self._address,
            identity.name_of(self._home, self._page.get("name"), first.title if first else None),
            host_of(self._home) or "",
            identity.language_of(self._home, (sample.language for sample in samples), tags),
            identity.country_of(self._home, tags),
            self._source.local,
            tuple(offers),
            samples,
            await self._robots(first),
            tuple(self._notes),
        )

    # The page

    async def _front(self) -> None:
        """Read what stands at the address: a page, or already a feed or a sitemap."""
        self._tell(f"Reading {self._address}")
        try:
            response = await self._get(self._address)
        except FetchError as error:
            if reason_of(error.reason).fault == "network" or error.reason in ("blocked_address", "bad_url"):
                raise
            self._notes.append(f"The page itself could not be read: {_sentence(error)}")
            return
        self._home = response.url
        if offer := await self._feed_in(response, "the address is a feed"):
            self._offers[offer.url] = offer
            await self._home_of(offer)
        elif offer := await self._sitemap_in(response, "the address is a sitemap"):
            self._offers[offer.url] = offer
        else:
            self._page = await self._read_page(response)

    async def _home_of(self, feed: Offer) -> None:
        """Learn of the site of a feed, at the address that the feed gives, if that is the same site's."""
        site = feed.site or urljoin(self._home, "/")
        try:
            own = is_web(site) and registered_domain(site) == registered_domain(self._home)
        except ValueError:
            own = False
        if not own and not (is_web(site) and identity.outlet_of(site)):
            site = urljoin(self._home, "/")
        try:
            response = await self._get(site)
            self._page = await self._read_page(response)
            self._home = response.url
        except CollectError as error:
            self._notes.append(f"The site of the feed could not be read: {_sentence(error)}")

    async def _read_page(self, response: Response) -> dict[str, Any]:
        page: dict[str, Any] = await self._workers.run(
            "site", response.body, url=response.url, charset=response.charset
        )
        return page

    # Feeds

    async def _feeds(self) -> AsyncIterator[Offer]:
        """Those that are announced; without any, those that are linked; without any, at the usual places."""
        if self._offers:
            return
        urls = [url for url, _ in self._page.get("feeds", ()) if is_web(url)]
        titles = dict(self._page.get("feeds", ()))
        good = False
        for url in urls[:_MOST_ANNOUNCED]:
            if offer := await self._feed_at(url, "the page announces it"):
                yield replace(offer, title=offer.title or titles[url] or None)
                good = True
        if len(urls) > _MOST_ANNOUNCED:
            self._notes.append(
                f"The page announces {len(urls)} feeds, of which {_MOST_ANNOUNCED} were asked."
            )
        if good:
            return
        for url in self._page.get("links", [])[:_MOST_LINKED]:
            if offer := await self._feed_at(url, "the page links to it"):
                yield offer
                good = True
        if good:
            return
        for url in self._usual(_FEEDS):
            if offer := await self._feed_at(url, _GUESS):
                yield offer
                return

    def _usual(self, places: Iterable[str]) -> list[str]:
        return [urljoin(self._home, place) for place in places]

    async def _feed_at(self, url: str, where: str) -> Offer | None:
        """The feed at `url`, once; that there is none is noted where somebody said so."""
        if url in self._requests:
            return None
        self._requests.add(url)
        return await self._offer_at(url, where, self._feed_in, otherwise="not_a_feed")

    async def _offer_at(
        self,
        url: str,
        where: str,
        parse: Callable[[Response, str], Awaitable[Offer | None]],
        *,
        otherwise: str,
    ) -> Offer | None:
        """What `parse` makes of the answer at `url`; that it is nothing is noted where somebody said so."""
        self._tell(f"Reading {url}")
        try:
            offer = await parse(await self._get(url), where)
        except CollectError as error:
            if where != _GUESS:
                self._notes.append(f"{url} is no use ({where}): {_sentence(error)}")
            return None
        if offer is None and where != _GUESS:
            self._notes.append(f"{url} is no use ({where}): {reason_of(otherwise).sentence}")
        return offer

    async def _feed_in(self, response: Response, where: str) -> Offer | None:
        try:
            feed = await self._workers.run(
                "feed", response.body, url=response.url, limit=_MOST_READ, charset=response.charset
            )
        except CollectError:
            return None
        if feed["kind"] != "feed":
            return None
        url = self._lasting(response, where)
        entries = [
            OfferedEntry(entry["link"], entry["title"], entry["published"])
            for entry in feed["entries"]
            if entry["link"] and is_web(entry["link"])
        ]
        about = feed["about"]
        return Offer(
            "feed",
            url,
            where,
            about["title"],
            len(entries) + feed["over"],
            tuple(entries[:_ENTRIES_SHOWN]),
            about["language"],
            about["site"],
        )

    def _lasting(self, response: Response, where: str) -> str:
        """The address to keep: where it has moved for good; through a passing redirect, the one asked for."""
        requested = self._redirects.get(response.url, response.url)
        if response.moved:
            if where != _GUESS:
                self._notes.append(f"{requested} has moved for good to {response.moved}, which is kept.")
            return response.moved
        if requested != response.url:
            self._notes.append(
                f"{requested} redirects to {response.url} for now: the site's own address is kept."
            )
        return requested

    # Sitemaps

    async def _sitemaps(self) -> AsyncIterator[Offer]:
        """Those that robots.txt names, news first, else at the usual places; without a feed, any sitemap."""
        if any(offer.kind == "sitemap" for offer in self._offers.values()):
            return
        try:
            rules = await self._fetch.rules(self._home, self._source)
        except FetchError:
            return
        urls = [url for line in rules.sitemaps if is_web(url := _absolute(self._home, line))]
        news = [url for url in urls if "news" in url.lower()]
        others = [url for url in urls if url not in news]
        have = bool(self._offers)
        for url in [*news, *([] if have and news else others)][:_MOST_SITEMAPS]:
            if offer := await self._sitemap_at(url, "robots.txt names it"):
                yield offer
        if urls:
            return
        for url in self._usual((*_NEWS, *(() if have else _SITEMAPS))):
            if offer := await self._sitemap_at(url, _GUESS):
                yield offer
                return

    async def _sitemap_at(self, url: str, where: str) -> Offer | None:
        return await self._offer_at(url, where, self._sitemap_in, otherwise="not_a_sitemap")

    async def _sitemap_in(self, response: Response, where: str) -> Offer | None:
        """The sitemap that came; of an index the newest of its sitemaps is shown."""
        entries = await self._entries(response)
        if entries is None:
            return None
        url = self._lasting(response, where)
        parts = [entry for entry in entries if entry["index"]]
        if parts:
            where = f"{where}; an index of {len(parts)} sitemaps"
            newest = max(
                parts, key=lambda part: ("news" in part["url"].lower(), part["lastmod"] or "", part["url"])
            )
            try:
                entries = await self._entries(await self._get(newest["url"])) or []
            except CollectError as error:
                self._notes.append(f"{newest['url']} could not be read: {_sentence(error)}")
                entries = []
        pages = [entry for entry in entries if not entry["index"] and is_web(entry["url"])]
        pages.sort(key=lambda entry: entry["published"] or entry["lastmod"] or "", reverse=True)
        shown_entries = tuple(
            OfferedEntry(one["url"], one["title"], one["published"]) for one in pages[:_ENTRIES_SHOWN]
        )
        language = next((one["language"] for one in pages if one["language"]), None)
        title = next((one["outlet"] for one in pages if one["outlet"]), None)
        return Offer("sitemap", url, where, title, len(pages), shown_entries, language)

    async def _entries(self, response: Response) -> list[dict[str, Any]] | None:
        try:
            rows = await self._workers.run(
                "sitemap", response.body, url=response.url, charset=response.charset
            )
        except CollectError:
            return None
        usual = {"index": False, "lastmod": None, "published": None, "title": None}
        return [{**usual, "language": None, "outlet": None, **entry} for entry in rows]

    # Articles

    async def _samples(self, offer: Offer, number: int) -> tuple[Sample, ...]:
        """What extraction makes of the first articles of an offer."""
        return tuple([await self._sample(entry) for entry in offer.entries[:number]])

    async def _sample(self, entry: OfferedEntry) -> Sample:
        self._tell(f"Reading {entry.url}")
        try:
            response = await self._get(entry.url)
            article = await self._workers.extract(
                response.body, response.url, charset=response.charset, hint_title=entry.title
            )
        except CollectError as error:
            return Sample(entry.url, entry.title, entry.published, refused=error.reason)
        published = article.published.isoformat() if article.published else entry.published
        text = article.text or ""
        return Sample(
            entry.url,
            article.title or entry.title,
            published,
            article.authors,
            article.language,
            len(text),
            text[:_BEGINNING],
            article.partial,
            article.refused,
        )

    async def _robots(self, offer: Offer | None) -> str:
        """What robots.txt lets us do, in a sentence."""
        host = urlsplit(self._home).netloc
        try:
            rules = await self._fetch.rules(self._home, self._source)
            urls = [entry.url for entry in offer.entries] if offer else []
            readable = [
                url for url in urls if (await self._fetch.rules(url, self._source)).allows(url, AGENT)
            ]
        except FetchError as error:
            return f"The robots.txt of {host} could not be read: {reason_of(error.reason).sentence}"
        pause = rules.crawl_delay(AGENT)
        paced = f" It asks for {pause:g} seconds between two requests." if pause else ""
        if rules.rules is None:
            sentence = "There is no robots.txt: everything may be read."
            return (
                sentence
                if rules.allowed
                else f"The robots.txt of {host} fails: until it answers, nothing is read."
            )
        if not rules.allows(self._home, AGENT):
            return f"The robots.txt of {host} does not allow this page.{paced}"
        if len(readable) < len(urls):
            return (
                f"The robots.txt of {host} allows {len(readable)} of the {len(urls)} newest articles.{paced}"
            )
        what = "the page and its newest articles" if urls else "the page"
        return f"The robots.txt of {host} allows {what}.{paced}"

    async def _get(self, url: str) -> Response:
        response = await self._fetch(
            url, source=self._source, accept=_ACCEPT, conditional=False, max_bytes=MAX_BYTES
        )
        if response.url != url:
            self._redirects[response.url] = url
        return response


def _absolute(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:
        return ""


def _sentence(error: CollectError) -> str:
    return reason_of(error.reason).sentence
